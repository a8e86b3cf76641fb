//! Samples, locations, functions and strings of a pprof profile, numbered as they are met.

use std::collections::HashMap;

use super::super::collapsed::DEEPEST;
use super::super::frame_label::name_of;
use super::proto::{Function, Line, Location, Sample};
use super::signed;
use crate::model::{weight_by_line, CallNode, CallTree, FunctionIndex, LineTick, MetaFilter};

/// Tables being filled from a tree.
pub(super) struct Stacks<'t> {
    tree: &'t CallTree,
    /// By what amounts are multiplied.
    factor: u64,
    pub(super) samples: Vec<Sample>,
    pub(super) locations: Vec<Location>,
    pub(super) functions: Vec<Function>,
    pub(super) strings: Vec<String>,
    string_numbers: HashMap<String, i64>,
    function_ids: HashMap<FunctionIndex, u64>,
    location_ids: HashMap<(FunctionIndex, i64), u64>,
}

impl<'t> Stacks<'t> {
    pub(super) fn new(tree: &'t CallTree, factor: u64) -> Self {
        let mut stacks = Stacks {
            tree,
            factor,
            samples: Vec::new(),
            locations: Vec::new(),
            functions: Vec::new(),
            strings: Vec::new(),
            string_numbers: HashMap::new(),
            function_ids: HashMap::new(),
            location_ids: HashMap::new(),
        };
        // The format wants the empty string to be number 0.
        stacks.string("");
        stacks
    }

    /// The number of `text`.
    pub(super) fn string(&mut self, text: &str) -> i64 {
        if let Some(&number) = self.string_numbers.get(text) {
            return number;
        }
        let number = self.strings.len() as i64;
        self.strings.push(text.to_owned());
        self.string_numbers.insert(text.to_owned(), number);
        number
    }

    /// Adds a sample for each node that has something itself.
    pub(super) fn add_all(&mut self, options: MetaFilter) {
        let tree = self.tree;
        // Of each open node, the end of its subtree and its location.
        let mut open: Vec<(usize, u64)> = Vec::new();
        let mut left_out = 0;
        for node in tree.nodes().skip(1) {
            while open.last().is_some_and(|&(end, _)| node.index() >= end) {
                open.pop();
            }
            if node.index() < left_out {
                continue;
            }
            let end = tree.subtree_end(node).index();
            if !options.keeps(tree, node) {
                left_out = end;
                continue;
            }
            let is_deepest = open.len() == DEEPEST;
            if !is_deepest {
                let function = tree.function(node);
                let location = self.location(function, tree.frame(function).line.into());
                open.push((end, location));
            }
            let ticks = if is_deepest { &[][..] } else { tree.line_ticks(node) };
            self.add_samples_of(node, ticks, &open);
        }
    }

    /// One sample per line that was hit, or one at the function's own line.
    fn add_samples_of(&mut self, node: CallNode, ticks: &[LineTick], open: &[(usize, u64)]) {
        let weight = self.tree.self_weight(node);
        if weight.is_zero() {
            return;
        }
        let stack: Vec<u64> = open.iter().rev().map(|&(_, location)| location).collect();
        let function = self.tree.function(node);
        for (line, part) in weight_by_line(weight, ticks) {
            let mut location_id = stack.clone();
            if let (Some(line), Some(innermost)) = (line, location_id.first_mut()) {
                *innermost = self.location(function, line.into());
            }
            self.samples.push(Sample {
                location_id,
                value: vec![signed(part.count), signed(part.amount.saturating_mul(self.factor))],
            });
        }
    }

    fn location(&mut self, function: FunctionIndex, line: i64) -> u64 {
        if let Some(&id) = self.location_ids.get(&(function, line)) {
            return id;
        }
        let function_id = self.function(function);
        let id = self.locations.len() as u64 + 1;
        let frame = self.tree.frame(function);
        self.locations.push(Location {
            id,
            line: vec![Line {
                function_id,
                line,
                column: if line == i64::from(frame.line) {
                    frame.column.into()
                } else {
                    0
                },
            }],
        });
        self.location_ids.insert((function, line), id);
        id
    }

    fn function(&mut self, function: FunctionIndex) -> u64 {
        if let Some(&id) = self.function_ids.get(&function) {
            return id;
        }
        let frame = self.tree.frame(function);
        let id = self.functions.len() as u64 + 1;
        let name = self.string(name_of(&frame));
        let filename = self.string(&frame.url);
        self.functions.push(Function {
            id,
            name,
            system_name: name,
            filename,
            start_line: frame.line.into(),
        });
        self.function_ids.insert(function, id);
        id
    }
}
