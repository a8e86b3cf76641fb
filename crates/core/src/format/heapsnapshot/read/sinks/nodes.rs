//! The section `nodes`.

use super::super::header::{field, required, Header, Meta};
use super::super::numbers::Sink;
use super::super::target::Target;
use super::records::{each_record, Partial, MOST_FIELDS};
use crate::model::heap::{Detachedness, NodeKind, NodeRecord};

/// Where the fields of a node are.
#[derive(Debug, Clone, Copy)]
struct Fields {
    kind: usize,
    name: usize,
    id: usize,
    self_size: usize,
    edge_count: usize,
    detachedness: Option<usize>,
    trace: Option<usize>,
}

pub(in super::super) struct NodeSink<'a, T> {
    target: &'a mut T,
    fields: Fields,
    /// The file's type codes, translated.
    kinds: Vec<NodeKind>,
    partial: Partial,
    /// The self size of the record at hand, when it needs more than 32 bits.
    wide_size: Option<u64>,
}

impl<'a, T: Target> NodeSink<'a, T> {
    pub(in super::super) fn new(header: &Header, target: &'a mut T) -> Result<Self, String> {
        let names = &header.meta.node_fields;
        let place = |name| required(names, name, "node_fields");
        let fields = Fields {
            kind: place("type")?,
            name: place("name")?,
            id: place("id")?,
            self_size: place("self_size")?,
            edge_count: place("edge_count")?,
            detachedness: field(names, "detachedness"),
            trace: field(names, "trace_node_id"),
        };
        if let Some(graph) = target.graph() {
            graph.set_has_detachedness(fields.detachedness.is_some());
        }
        let types = Meta::type_names(&header.meta.node_types, fields.kind);
        let types = types.ok_or("meta.node_types does not name the types of nodes")?;
        let mut kinds = Vec::with_capacity(types.len());
        for name in types {
            let kind = NodeKind::from_name(name).or_else(|| target.unnamed_kind(name));
            kinds.push(kind.ok_or("meta.node_types names more than 16 unknown types")?);
        }
        Ok(NodeSink {
            target,
            fields,
            kinds,
            partial: Partial::new(names.len()),
            wide_size: None,
        })
    }
}

#[inline(always)]
fn push<T: Target>(
    target: &mut T,
    fields: Fields,
    kinds: &[NodeKind],
    record: &[u32],
    wide_size: Option<u64>,
) -> Result<(), String> {
    let code = record[fields.kind];
    let Some(&kind) = kinds.get(code as usize) else {
        return Err(format!(
            "a node has the type {code}, which meta.node_types does not name"
        ));
    };
    let detachedness = match fields.detachedness.map_or(0, |field| record[field]) {
        1 => Detachedness::Attached,
        2 => Detachedness::Detached,
        _ => Detachedness::Unknown,
    };
    let node = NodeRecord {
        kind,
        name: record[fields.name],
        id: record[fields.id],
        self_size: wide_size.unwrap_or(u64::from(record[fields.self_size])),
        edge_count: record[fields.edge_count],
        detachedness,
    };
    target.push_node(node).map_err(|fault| fault.to_string())?;
    // 0 for most, or all.
    match fields.trace.map_or(0, |field| record[field]) {
        0 => {}
        call => {
            if let Some(graph) = target.graph() {
                graph.push_allocation(call);
            }
        }
    }
    Ok(())
}

impl<T: Target> Sink for NodeSink<'_, T> {
    fn take(&mut self, mut numbers: &[u32]) -> Result<(), (usize, String)> {
        let NodeSink {
            target,
            fields,
            kinds,
            partial,
            wide_size,
        } = self;
        let (fields, kinds) = (*fields, &kinds[..]);
        let mut skipped = 0;
        // A wide size concerns only the record at hand.
        while wide_size.is_some() && !numbers.is_empty() {
            if let Some(record) = partial.push(numbers[0]) {
                let pushed = push(*target, fields, kinds, &record, wide_size.take());
                pushed.map_err(|reason| (skipped, reason))?;
            }
            numbers = &numbers[1..];
            skipped += 1;
        }
        each_record(partial, numbers, |record| push(*target, fields, kinds, record, None))
            .map_err(|(index, reason)| (index + skipped, reason))
    }

    fn take_wide(&mut self, number: i64) -> Result<(), String> {
        let field = self.partial.next_field();
        if field == self.fields.self_size {
            let size = u64::try_from(number).map_err(|_| format!("a node has the self size {number}"))?;
            self.wide_size = Some(size);
        } else if [
            self.fields.kind,
            self.fields.name,
            self.fields.id,
            self.fields.edge_count,
        ]
        .contains(&field)
        {
            return Err(format!("{number} is out of range for a field of a node"));
        }
        match self.partial.push(0) {
            Some(record) => push(self.target, self.fields, &self.kinds, &record, self.wide_size.take()),
            None => Ok(()),
        }
    }

    fn is_between_records(&self) -> bool {
        self.partial.is_empty()
    }
}

const _: () = assert!(MOST_FIELDS >= 7, "V8's nodes have up to 7 fields");
