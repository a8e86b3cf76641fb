//! Names of the types of nodes, also of those that this crate has no constant for.

use super::NodeKind;

/// The names beyond [`NodeKind::KNOWN`], in the order in which a file gave them.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct KindNames {
    more: Vec<Box<str>>,
}

impl KindNames {
    /// The type called so, which has no constant; `None` when there are too many.
    pub(crate) fn unnamed(&mut self, name: &str) -> Option<NodeKind> {
        let known = self.more.iter().position(|kind| **kind == *name);
        let place = known.unwrap_or(self.more.len());
        let number = u8::try_from(place).ok()?.checked_add(NodeKind::KNOWN)?;
        if number >= NodeKind::LIMIT {
            return None;
        }
        if known.is_none() {
            self.more.push(name.into());
        }
        Some(NodeKind::unnamed(number))
    }

    pub(crate) fn name(&self, kind: NodeKind) -> &str {
        match kind.name() {
            Some(name) => name,
            None => {
                let more = self.more.get(kind.number() - usize::from(NodeKind::KNOWN));
                more.map_or("unknown", |name| name)
            }
        }
    }
}
