//! Where objects were allocated, in snapshots of a heap whose allocations were tracked: a tree of calls, of which each tracked
//! object names a node.

use super::{Column, Load, NodeIndex, Store, StringIndex};

/// A function that allocated, or called one that did. Lines and columns count from 1, 0 is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AllocationFunction {
    pub(crate) name: StringIndex,
    pub(crate) script_name: StringIndex,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// A call on the stack of an allocation.
///
/// ```
/// use rs_profiler_core::model::heap::{HeapGraphBuilder, HeapStrings, NodeIndex};
/// let graph = HeapGraphBuilder::default().finish(HeapStrings::default(), false)?;
/// assert!(graph.allocation_stack(NodeIndex(0)).is_empty());
/// # Ok::<(), rs_profiler_core::model::heap::GraphFault>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AllocationFrame {
    /// The function's name.
    pub function: String,
    /// Its file.
    pub url: String,
    /// Line, from 1; 0 is unknown.
    pub line: u32,
    /// Column, from 1; 0 is unknown.
    pub column: u32,
}

/// Stands for "none": the root's parent.
const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Call {
    parent: u32,
    function: u32,
}

/// 16 bytes per node of the tree, 8 per tracked object.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allocations {
    functions: Vec<AllocationFunction>,
    /// A parent comes before its children.
    calls: Vec<Call>,
    /// (id, place in `calls`), by id once all are there.
    ids: Vec<(u32, u32)>,
    /// (node, id of its call), by node.
    of_nodes: Column<[u32; 2]>,
}

impl Allocations {
    pub(crate) fn push_function(&mut self, function: AllocationFunction) {
        self.functions.push(function);
    }

    /// Adds a call below `parent`, `None` for the root, and returns its place.
    pub(crate) fn push_call(&mut self, id: u32, function: u32, parent: Option<u32>) -> u32 {
        let place = self.calls.len() as u32;
        let parent = parent.filter(|&parent| parent < place).unwrap_or(NONE);
        self.calls.push(Call { parent, function });
        self.ids.push((id, place));
        place
    }

    pub(crate) fn clear_calls(&mut self) {
        self.calls.clear();
        self.ids.clear();
    }

    pub(super) fn push_node(&mut self, node: u32, id: u32) {
        self.of_nodes.to_mut().push([node, id]);
    }

    pub(super) fn finish(mut self) -> Allocations {
        self.ids.sort_unstable();
        self
    }

    /// The calls that led to the allocation of `node`, the innermost first; empty when that is not known.
    pub(super) fn stack(&self, node: NodeIndex) -> Vec<AllocationFunction> {
        let mut stack = Vec::new();
        let Ok(at) = self.of_nodes.binary_search_by_key(&node.0, |&[node, _]| node) else {
            return stack;
        };
        let id = self.of_nodes[at][1];
        let place = self.ids.binary_search_by_key(&id, |&(id, _)| id);
        let mut call = place.ok().and_then(|place| self.calls.get(self.ids[place].1 as usize));
        // The root stands for no call.
        while let Some(Call { parent, function }) = call.filter(|call| call.parent != NONE) {
            stack.extend(self.functions.get(*function as usize));
            call = self.calls.get(*parent as usize);
        }
        stack
    }

    pub(super) fn store<'a>(&'a self, store: &mut Store<'a>) {
        let functions = self.functions.iter();
        let functions: Vec<[u32; 4]> = functions
            .map(|function| [function.name.0, function.script_name.0, function.line, function.column])
            .collect();
        let calls: Vec<[u32; 2]> = self.calls.iter().map(|call| [call.parent, call.function]).collect();
        let ids: Vec<[u32; 2]> = self.ids.iter().map(|&(id, place)| [id, place]).collect();
        store.made("function", &functions);
        store.made("calls", &calls);
        store.made("callids", &ids);
        store.column("tracked", &self.of_nodes);
    }

    pub(super) fn load(load: &Load) -> Option<Allocations> {
        let functions = load.column::<[u32; 4]>("function")?;
        let calls = load.column::<[u32; 2]>("calls")?;
        let ids = load.column::<[u32; 2]>("callids")?;
        let function = |&[name, script_name, line, column]: &[u32; 4]| AllocationFunction {
            name: StringIndex(name),
            script_name: StringIndex(script_name),
            line,
            column,
        };
        let mut loaded = Allocations {
            functions: functions.iter().map(function).collect(),
            ids: ids.iter().map(|&[id, place]| (id, place)).collect(),
            of_nodes: load.column("tracked")?,
            ..Allocations::default()
        };
        // A parent comes before its children, whatever the file says: so stacks end.
        let calls = (0..).zip(calls.iter());
        loaded.calls = calls
            .map(|(place, &[parent, function])| Call {
                parent: if parent < place { parent } else { NONE },
                function,
            })
            .collect();
        Some(loaded)
    }

    pub(super) fn heap_bytes(&self) -> usize {
        std::mem::size_of_val(&*self.functions)
            + std::mem::size_of_val(&*self.calls)
            + std::mem::size_of_val(&*self.ids)
            + std::mem::size_of_val(&*self.of_nodes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_leads_from_the_innermost_call_outwards() {
        let function = |line| AllocationFunction {
            name: StringIndex(line),
            script_name: StringIndex(0),
            line,
            column: 1,
        };
        let mut allocations = Allocations::default();
        for line in 0..4 {
            allocations.push_function(function(line));
        }
        let root = allocations.push_call(1, 0, None);
        let outer = allocations.push_call(9, 1, Some(root));
        allocations.push_call(5, 2, Some(outer));
        allocations.push_call(7, 3, Some(root));
        for (node, id) in [(2, 5), (4, 7), (6, 1), (8, 77)] {
            allocations.push_node(node, id);
        }
        let allocations = allocations.finish();
        let lines = |node| -> Vec<u32> {
            let stack = allocations.stack(NodeIndex(node));
            stack.iter().map(|function| function.line).collect()
        };
        assert_eq!(lines(2), [2, 1]);
        assert_eq!(lines(4), [3]);
        assert!([3, 6, 8].iter().all(|&node| lines(node).is_empty()));
    }
}
