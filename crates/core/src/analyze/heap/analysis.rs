//! The analysis of one snapshot: every number that DevTools shows, computed once, over two threads.
//!
//! ```text
//!   this thread:   depth-first tree ─► interfaces ─► dominators ─► tree order ─► by node ─► classes ─┐─► retained sizes ─► class table
//!   the other:     reverse edges ────────────────► ownership ─► distances ───────────────────────────┘
//! ```
//!
//! Classes come after the dominators although they need none: so fewer columns are held while dominators are sought.

use std::sync::mpsc;

use super::bits::Bits;
use super::class_names::{ClassIndex, Classes};
use super::classes::{self, ClassRow, Totals};
use super::depth_first::DepthFirst;
use super::dominators::{dominators, DominatorsByNumber};
use super::interfaces::Interfaces;
use super::known::Known;
use super::later::Later;
use super::predecessors::Predecessors;
use super::retained::{retained, TreeOrder};
use super::script_places::{ScriptPlace, ScriptPlaces};
use super::{distances, dom_state, ownership, roots, AnalysisOptions};
use crate::model::heap::{Column, HeapGraph, NodeIndex, SourceLocation};
use crate::{thread, Error, Result};

/// A snapshot with all that was found out about it. 20 bytes per node beside the graph.
#[derive(Debug)]
pub struct HeapAnalysis {
    pub(super) graph: HeapGraph,
    pub(super) known: Known,
    pub(super) dominators: Column<u32>,
    pub(super) retained: Column<u64>,
    pub(super) distances: Column<i32>,
    pub(super) detached: Bits,
    pub(super) interfaces: Interfaces,
    pub(super) classes: Classes,
    pub(super) rows: Vec<ClassRow>,
    pub(super) later: Later,
}

/// What the other thread finds out.
struct Aside {
    moves: Vec<(u32, u32)>,
    distances: Vec<i32>,
}

impl HeapAnalysis {
    /// Phases that [`AnalysisOptions::timing`] hears of, unless the graph is empty.
    pub const PHASES: u64 = 12;

    /// Analyses `graph`. Nearly linear in nodes and edges; two threads. Self sizes of `graph` become shallow sizes.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`], and [`Error::NoThread`] when the system gives none.
    ///
    /// ```
    /// use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};
    /// use rs_profiler_core::model::heap::{HeapGraphBuilder, HeapStrings};
    /// let graph = HeapGraphBuilder::default().finish(HeapStrings::default(), false).unwrap();
    /// let analysis = HeapAnalysis::new(graph, AnalysisOptions::default())?;
    /// assert!(analysis.classes().is_empty());
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn new(mut graph: HeapGraph, options: AnalysisOptions<'_>) -> Result<HeapAnalysis> {
        options.check()?;
        let detached = dom_state::spread(&mut graph);
        let known = options.timed("known texts", || Known::find(&graph));
        let nodes = graph.node_count() as usize;
        if nodes == 0 {
            return Ok(HeapAnalysis {
                graph,
                known,
                dominators: Column::default(),
                retained: Column::default(),
                distances: Column::default(),
                detached,
                interfaces: Interfaces::default(),
                classes: Classes::default(),
                rows: Vec::new(),
                later: Later::default(),
            });
        }
        let (here, aside) = two_threads(&graph, &known, &options)?;
        let Here {
            interfaces,
            classes,
            vertex,
            dominators,
            order,
        } = here;
        let Aside { moves, distances } = aside;
        ownership::apply(&mut graph, &moves);
        drop(moves);
        options.check()?;
        let retained = options.timed("retained sizes", || retained(&graph, &vertex, &dominators));
        let rows = options.timed("class table", || {
            let totals = class_totals(&graph, &vertex, &order, &retained, &distances, &classes);
            classes::rows(&graph, &classes, &totals)
        });
        Ok(HeapAnalysis {
            graph,
            known,
            dominators: dominators.into(),
            retained: retained.into(),
            distances: distances.into(),
            detached,
            interfaces,
            classes,
            rows,
            later: Later::default(),
        })
    }

    /// The graph, with shallow sizes for self sizes.
    pub fn graph(&self) -> &HeapGraph {
        &self.graph
    }

    /// A location as file, line and column. The first call takes time linear in the nodes that have one. Nothing when no function
    /// of the script is on the heap.
    pub fn place(&self, location: SourceLocation) -> Option<ScriptPlace> {
        self.places().place(&self.graph, location)
    }

    pub(super) fn places(&self) -> &ScriptPlaces {
        self.later.places.get_or_init(|| ScriptPlaces::find(&self.graph))
    }

    /// The class table, by retained size.
    pub fn classes(&self) -> &[ClassRow] {
        &self.rows
    }

    /// The immediate dominator of a node: the nearest object that every way to it leads through. The root's is itself.
    pub fn dominator(&self, node: NodeIndex) -> NodeIndex {
        NodeIndex(self.dominators.get(node.at()).copied().unwrap_or(0))
    }

    /// Bytes that would be freed with a node.
    pub fn retained_size(&self, node: NodeIndex) -> u64 {
        self.retained.get(node.at()).copied().unwrap_or(0)
    }

    /// Edges from the roots: 1 for the global object, 100 000 000 and more for what only V8 itself holds, -5 for what
    /// nothing leads to.
    pub fn distance(&self, node: NodeIndex) -> i32 {
        self.distances.get(node.at()).copied().unwrap_or(distances::NONE)
    }

    /// The class of a node.
    pub fn class(&self, node: NodeIndex) -> ClassIndex {
        ClassIndex(self.classes.of_node.get(node.at()).copied().unwrap_or(0))
    }

    /// The name of a class.
    pub fn class_name(&self, class: ClassIndex) -> std::borrow::Cow<'_, str> {
        self.classes.name(&self.graph, class.0)
    }

    /// Whether a node is an object of the embedder that only JavaScript still holds.
    pub fn is_detached(&self, node: NodeIndex) -> bool {
        self.detached.has(node.0)
    }

    /// The interfaces inferred for plain objects, the frequent first: name, how many objects gave rise to it, properties.
    pub fn interfaces(&self) -> impl Iterator<Item = (String, u64, Vec<String>)> + '_ {
        self.interfaces.definitions.iter().map(|definition| {
            let names = definition.properties.iter();
            let names = names
                .map(|&name| self.graph.strings().text(name).into_owned())
                .collect();
            (definition.name.clone(), definition.count, names)
        })
    }
}

/// What this thread finds out.
struct Here {
    interfaces: Interfaces,
    classes: Classes,
    /// Nodes by number in depth-first order.
    vertex: Vec<u32>,
    /// The dominator of each node.
    dominators: Vec<u32>,
    /// The dominator tree, in those numbers.
    order: TreeOrder,
}

fn two_threads(graph: &HeapGraph, known: &Known, options: &AnalysisOptions<'_>) -> Result<(Here, Aside)> {
    let user_roots = roots::user_roots(graph, known);
    let page_roots = roots::page_roots(graph, known);
    std::thread::scope(|scope| {
        let (found, predecessors) = mpsc::sync_channel(1);
        let user_roots = &user_roots;
        let aside = thread::spawn(scope, move || {
            let edges = options.timed("reverse edges", || Predecessors::find(graph, options))?;
            if found.send(edges).is_err() {
                return Err(Error::Cancelled);
            }
            let moves = options.timed("ownership", || match user_roots.is_empty() {
                true => Ok(Vec::new()),
                false => ownership::moves(graph, known, options),
            })?;
            let distances = options.timed("distances", || distances::distances(graph, known, user_roots, options))?;
            Ok(Aside { moves, distances })
        })?;
        let here = tree_and_classes(graph, known, &page_roots, predecessors, options);
        let aside = aside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // This thread gives up when the other one has failed, which knows why.
        aside.and_then(|aside| Ok((here?, aside)))
    })
}

/// What one of the two threads does. It owns its end of the channel: the other could wait for ever if that outlived it.
fn tree_and_classes(
    graph: &HeapGraph,
    known: &Known,
    page_roots: &[NodeIndex],
    predecessors: mpsc::Receiver<Predecessors>,
    options: &AnalysisOptions<'_>,
) -> Result<Here> {
    let tree = options.timed("depth-first tree", || DepthFirst::walk(graph, page_roots, options))?;
    let interfaces = options.timed("interfaces", || Interfaces::infer(graph, known));
    let predecessors = predecessors.recv().map_err(|_| Error::Cancelled)?;
    let by_number = options.timed("dominators", || dominators(graph, tree, predecessors, options))?;
    let order = options.timed("tree order", || TreeOrder::new(&by_number.dominator));
    let dominators = options.timed("by node", || by_node(&by_number));
    let DominatorsByNumber { vertex, dominator } = by_number;
    drop(dominator);
    let classes = options.timed("classes", || Classes::find(graph, known, &interfaces, options))?;
    Ok(Here {
        interfaces,
        classes,
        vertex,
        dominators,
        order,
    })
}

/// Dominators by node.
fn by_node(tree: &DominatorsByNumber) -> Vec<u32> {
    let DominatorsByNumber { vertex, dominator } = tree;
    let mut dominators = vec![0; vertex.len()];
    for (&node, &above) in vertex.iter().zip(dominator) {
        dominators[node as usize] = vertex[above as usize];
    }
    dominators
}

/// Sums by class, in one pass over the preorder of the dominator tree: there, what a node dominates follows it, so an
/// object is below another of its class exactly if it comes before that one's end.
fn class_totals(
    graph: &HeapGraph,
    vertex: &[u32],
    tree: &TreeOrder,
    retained: &[u64],
    distances: &[i32],
    classes: &Classes,
) -> Vec<Totals> {
    let mut totals = vec![Totals::EMPTY; classes.keys.len()];
    for (place, &number) in (0..).zip(&tree.order) {
        let number = number as usize;
        let node = vertex[number];
        if classes::is_counted(graph, NodeIndex(node)) {
            totals[classes.of_node[node as usize] as usize].add(
                place,
                tree.subtree[number],
                graph.self_size(NodeIndex(node)),
                retained[node as usize],
                distances[node as usize],
            );
        }
    }
    totals
}
