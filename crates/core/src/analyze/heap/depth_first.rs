//! The depth-first tree over essential edges that dominators are computed on, and, on the way, which nodes the page owns.
//!
//! Which edges are essential depends on the page's nodes (rule 4b: an edge from outside into the page is not), and those
//! are what the page's roots reach. Any depth-first order gives the same dominators, so this one visits the page's roots
//! first: from within the page rule 4b says nothing, and when they are done, what was visited is the page but for the
//! little that only non-essential edges reach, which is followed up separately. One walk instead of two.

use super::bits::Bits;
use super::predecessors::is_essential;
use super::stop::AnalysisOptions;
use crate::model::heap::{HeapGraph, NodeIndex};
use crate::Result;

/// Stands for a node without a number.
const UNNUMBERED: u32 = u32::MAX;

pub(super) struct DepthFirst {
    /// Nodes by their number in preorder. The root has 0.
    pub(super) vertex: Vec<u32>,
    /// Numbers by node.
    pub(super) number: Vec<u32>,
    /// The number of the parent, by number.
    pub(super) parent: Vec<u32>,
    /// Nodes that the page owns.
    pub(super) page: Bits,
}

/// An edge to follow: those in `next..end` of the node with this number.
struct Frame {
    next: u32,
    end: u32,
    number: u32,
    node: u32,
}

struct Walk<'a> {
    graph: &'a HeapGraph,
    options: &'a AnalysisOptions<'a>,
    root: u32,
    visited: Bits,
    vertex: Vec<u32>,
    number: Vec<u32>,
    parent: Vec<u32>,
    stack: Vec<Frame>,
    /// Targets of edges that are not essential, met in the page.
    aside: Vec<u32>,
}

impl DepthFirst {
    /// Linear in nodes and edges.
    pub(super) fn walk(
        graph: &HeapGraph,
        page_roots: &[NodeIndex],
        options: &AnalysisOptions<'_>,
    ) -> Result<DepthFirst> {
        let nodes = graph.node_count() as usize;
        let root = graph.root().0;
        let mut walk = Walk {
            graph,
            options,
            root,
            visited: Bits::new(nodes),
            vertex: Vec::with_capacity(nodes),
            number: vec![UNNUMBERED; nodes],
            parent: Vec::with_capacity(nodes),
            stack: Vec::new(),
            aside: Vec::new(),
        };
        walk.give_number(root, 0);
        for page_root in page_roots {
            walk.start(page_root.0);
            walk.explore(None)?;
        }
        let page = walk.page();
        walk.visited.add(root);
        for edge in graph.edges_of(root as usize) {
            if is_essential(graph, root, root, *edge) {
                walk.start(edge.to);
                walk.explore(Some(&page))?;
            }
        }
        walk.left_over(&page)?;
        let Walk {
            vertex, number, parent, ..
        } = walk;
        Ok(DepthFirst {
            vertex,
            number,
            parent,
            page,
        })
    }
}

/// Whether rule 4b cuts the edge.
#[inline]
pub(super) fn is_cut(page: &Bits, root: u32, from: u32, to: u32) -> bool {
    page.has(to) && !page.has(from) && from != root
}

impl Walk<'_> {
    fn give_number(&mut self, node: u32, parent: u32) -> u32 {
        let number = self.vertex.len() as u32;
        self.vertex.push(node);
        self.parent.push(parent);
        self.number[node as usize] = number;
        number
    }

    /// Makes `node` a child of the root, if it was not visited, and puts it on the stack.
    fn start(&mut self, node: u32) {
        if node == self.root {
            self.aside.push(node);
        } else if self.visited.add(node) {
            self.enter(node, 0);
        }
    }

    #[inline]
    fn enter(&mut self, node: u32, parent: u32) {
        let number = self.give_number(node, parent);
        let range = self.graph.edge_range(node as usize);
        if range.is_empty() {
            return;
        }
        self.stack.push(Frame {
            next: range.start as u32,
            end: range.end as u32,
            number,
            node,
        });
    }

    /// Visits what the stack leads to. Without `page`, all of it is the page's.
    fn explore(&mut self, page: Option<&Bits>) -> Result<()> {
        let edges = self.graph.all_edges();
        let mut until_check = 0u32;
        while let Some(frame) = self.stack.last_mut() {
            until_check = until_check.wrapping_add(1);
            if until_check.is_multiple_of(1 << 20) {
                self.options.check()?;
            }
            let (number, from) = (frame.number, frame.node);
            let mut found = None;
            while frame.next < frame.end {
                let edge = edges[frame.next as usize];
                frame.next += 1;
                if self.visited.has(edge.to) {
                    continue;
                }
                if !is_essential(self.graph, self.root, from, edge) {
                    if page.is_none() && !edge.is_weak() {
                        self.aside.push(edge.to);
                    }
                    continue;
                }
                if page.is_some_and(|page| is_cut(page, self.root, from, edge.to)) {
                    continue;
                }
                if edge.to == self.root {
                    self.visited.add(edge.to);
                    self.aside.push(edge.to);
                    continue;
                }
                found = Some(edge.to);
                break;
            }
            if frame.next >= frame.end {
                self.stack.pop();
            }
            if let Some(node) = found {
                self.visited.add(node);
                self.enter(node, number);
            }
        }
        Ok(())
    }

    /// What was visited, and all that it reaches over edges that are not weak.
    fn page(&mut self) -> Bits {
        let mut page = self.visited.clone();
        if self.aside.contains(&self.root) {
            // The walk marked it without following its edges.
            page = Bits::new(self.graph.node_count() as usize);
            for &node in &self.vertex[1..] {
                page.add(node);
            }
        }
        let mut open = std::mem::take(&mut self.aside);
        open.retain(|&node| page.add(node));
        while let Some(node) = open.pop() {
            for edge in self.graph.edges_of(node as usize) {
                if !edge.is_weak() && page.add(edge.to) {
                    open.push(edge.to);
                }
            }
        }
        page
    }

    /// Nodes that the root does not reach: those that nothing essential leads to are its children, with all they reach;
    /// what then is left, its children one by one.
    fn left_over(&mut self, page: &Bits) -> Result<()> {
        let nodes = self.graph.node_count();
        if self.vertex.len() == nodes as usize {
            return Ok(());
        }
        let led = self.led_to(page)?;
        let cut_off: Vec<u32> = (0..nodes)
            .filter(|&node| !self.visited.has(node) && !led.has(node))
            .collect();
        for node in cut_off {
            self.start(node);
            self.explore(Some(page))?;
        }
        for node in 0..nodes {
            if self.visited.add(node) {
                self.give_number(node, 0);
            }
        }
        Ok(())
    }

    /// Nodes not visited to which an essential edge leads that rule 4b does not cut.
    fn led_to(&self, page: &Bits) -> Result<Bits> {
        let nodes = self.graph.node_count();
        let mut led = Bits::new(nodes as usize);
        for from in 0..nodes {
            if from.is_multiple_of(1 << 16) {
                self.options.check()?;
            }
            for &edge in self.graph.edges_of(from as usize) {
                let leads = !self.visited.has(edge.to)
                    && is_essential(self.graph, self.root, from, edge)
                    && !is_cut(page, self.root, from, edge.to);
                if leads {
                    led.add(edge.to);
                }
            }
        }
        Ok(led)
    }
}
