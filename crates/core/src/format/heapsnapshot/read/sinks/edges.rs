//! The section `edges`.

use super::super::header::{required, Header, Meta};
use super::super::numbers::Sink;
use super::super::target::Target;
use super::records::{each_record, Partial};
use crate::model::heap::EdgeKind;

pub(in super::super) struct EdgeSink<'a, T> {
    target: &'a mut T,
    kind: usize,
    name: usize,
    to: usize,
    /// The file's type codes, translated; `None` for types that are not known.
    kinds: Vec<Option<EdgeKind>>,
    stride: Stride,
    partial: Partial,
}

/// Division of the file's flat node indexes by the number of fields of a node.
#[derive(Debug, Clone, Copy)]
struct Stride {
    divisor: u32,
    /// 2^64 / divisor, rounded up (Lemire, Kaser, Kurz: Faster remainder by direct computation, 2019).
    reciprocal: u64,
}

impl Stride {
    fn new(divisor: u32) -> Stride {
        Stride {
            divisor,
            reciprocal: (u64::MAX / u64::from(divisor)).wrapping_add(1),
        }
    }

    /// The quotient if there is no remainder.
    #[inline(always)]
    fn divide(self, number: u32) -> Option<u32> {
        if self.divisor == 1 {
            return Some(number);
        }
        let exact = self.reciprocal.wrapping_mul(u64::from(number)) < self.reciprocal;
        let quotient = (u128::from(self.reciprocal) * u128::from(number)) >> 64;
        exact.then_some(quotient as u32)
    }
}

impl<'a, T: Target> EdgeSink<'a, T> {
    pub(in super::super) fn new(header: &Header, target: &'a mut T) -> Result<Self, String> {
        let names = &header.meta.edge_fields;
        let place = |name| required(names, name, "edge_fields");
        let kind = place("type")?;
        let types = Meta::type_names(&header.meta.edge_types, kind);
        let types = types.ok_or("meta.edge_types does not name the types of edges")?;
        let node_fields = u32::try_from(header.meta.node_fields.len()).unwrap_or(0);
        if node_fields == 0 {
            return Err("meta.node_fields is empty".to_owned());
        }
        Ok(EdgeSink {
            target,
            kind,
            name: place("name_or_index")?,
            to: place("to_node")?,
            kinds: types.iter().map(|name| EdgeKind::from_name(name)).collect(),
            stride: Stride::new(node_fields),
            partial: Partial::new(names.len()),
        })
    }
}

impl<T: Target> Sink for EdgeSink<'_, T> {
    fn take(&mut self, numbers: &[u32]) -> Result<(), (usize, String)> {
        let (kinds, target, stride) = (&self.kinds[..], &mut *self.target, self.stride);
        let (kind, name, to) = (self.kind, self.name, self.to);
        each_record(&mut self.partial, numbers, |record| {
            let code = record[kind];
            let Some(&Some(kind)) = kinds.get(code as usize) else {
                return Err(format!("an edge has the type {code}, which is none that is known"));
            };
            let Some(to) = stride.divide(record[to]) else {
                return Err(format!("an edge leads to {}, where no node begins", record[to]));
            };
            target
                .push_edge(kind, record[name], to)
                .map_err(|fault| fault.to_string())
        })
    }

    fn take_wide(&mut self, number: i64) -> Result<(), String> {
        let field = self.partial.next_field();
        if [self.kind, self.name, self.to].contains(&field) {
            return Err(format!("{number} is out of range for a field of an edge"));
        }
        self.take(&[0]).map_err(|(_, reason)| reason)
    }

    fn is_between_records(&self) -> bool {
        self.partial.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divides_as_division_does() {
        for divisor in [1, 2, 3, 5, 6, 7, 8, 31] {
            let stride = Stride::new(divisor);
            for number in (0..1000).chain(u32::MAX - 1000..=u32::MAX) {
                let expected = number.is_multiple_of(divisor).then_some(number / divisor);
                assert_eq!(stride.divide(number), expected, "{number} / {divisor}");
            }
        }
    }
}
