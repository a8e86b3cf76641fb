//! Which class each object is of: DevTools' names and grouping.

use std::collections::HashMap;

use super::interfaces::Interfaces;
use super::known::Known;
use super::stop::AnalysisOptions;
use crate::model::heap::{Column, HeapGraph, NodeIndex, NodeKind, SourceLocation, StringIndex};
use crate::Result;

/// A class of objects, by its place in the list of classes.
///
/// ```
/// assert_eq!(rs_profiler_core::analyze::heap::ClassIndex(3).0, 3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct ClassIndex(pub u32);

/// What groups objects: their constructor's name, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub(super) struct ClassKey {
    pub(super) name: ClassName,
    /// Only for instances of classes.
    pub(super) location: Option<SourceLocation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub(super) enum ClassName {
    /// A text of the snapshot.
    Raw(StringIndex),
    /// A text made for the purpose, by its place in the list of those.
    Made(u32),
}

/// The classes of a snapshot.
#[derive(Debug, Default)]
pub(super) struct Classes {
    pub(super) keys: Vec<ClassKey>,
    pub(super) made: Vec<String>,
    /// The class of each node.
    pub(super) of_node: Column<u32>,
}

/// Stands for "not looked up yet".
const UNKNOWN: u32 = u32::MAX;

struct Numbering<'a> {
    graph: &'a HeapGraph,
    classes: Classes,
    numbers: HashMap<ClassKey, u32>,
    made: HashMap<String, u32>,
    /// Classes of unlocated objects by the number of their name.
    by_name: Vec<u32>,
    by_kind: [u32; NodeKind::LIMIT as usize],
    by_interface: Vec<u32>,
}

impl Classes {
    /// Gives each node its class. Linear in nodes.
    pub(super) fn find(
        graph: &HeapGraph,
        known: &Known,
        interfaces: &Interfaces,
        options: &AnalysisOptions<'_>,
    ) -> Result<Classes> {
        let mut numbering = Numbering {
            graph,
            classes: Classes::default(),
            numbers: HashMap::new(),
            made: HashMap::new(),
            by_name: vec![UNKNOWN; graph.strings().len()],
            by_kind: [UNKNOWN; NodeKind::LIMIT as usize],
            by_interface: vec![UNKNOWN; interfaces.definitions.len()],
        };
        let mut of_node = Vec::with_capacity(graph.node_count() as usize);
        let mut located = graph.locations().of_nodes().iter().peekable();
        let mut matching = interfaces.matching(graph, known);
        for node in graph.nodes() {
            options.check()?;
            let place = located.next_if(|[of, _]| *of == node.0).map(|&[_, place]| place);
            let interface = matching.next_class(node);
            of_node.push(numbering.class_of(node, place, interface, interfaces));
        }
        Ok(Classes {
            of_node: of_node.into(),
            ..numbering.classes
        })
    }

    pub(super) fn name<'a>(&'a self, graph: &'a HeapGraph, class: u32) -> std::borrow::Cow<'a, str> {
        match self.keys.get(class as usize).map(|key| key.name) {
            Some(ClassName::Raw(name)) => graph.strings().text(name),
            Some(ClassName::Made(made)) => self.made.get(made as usize).map_or("", String::as_str).into(),
            None => "".into(),
        }
    }
}

impl Numbering<'_> {
    fn class_of(&mut self, node: NodeIndex, place: Option<u32>, interface: Option<u32>, all: &Interfaces) -> u32 {
        let kind = self.graph.kind(node);
        if let Some(interface) = interface
            && place.is_none()
        {
            return self.interface_class(interface, all);
        }
        if kind != NodeKind::OBJECT && kind != NodeKind::NATIVE {
            return self.kind_class(kind);
        }
        let name = self.graph.name_index(node);
        let place = place.filter(|_| kind == NodeKind::OBJECT);
        if place.is_none()
            && let Some(&known) = self.by_name.get(name.0 as usize)
            && known != UNKNOWN
        {
            return known;
        }
        let class_name = match interface {
            Some(interface) => self.make(&all.definitions[interface as usize].name),
            None => self.object_name(name),
        };
        let location = place.and_then(|place| self.graph.locations().places().get(place as usize).copied());
        let class = self.number(ClassKey {
            name: class_name,
            location,
        });
        if location.is_none()
            && let Some(slot) = self.by_name.get_mut(name.0 as usize)
        {
            *slot = class;
        }
        class
    }

    fn interface_class(&mut self, interface: u32, all: &Interfaces) -> u32 {
        let known = self.by_interface[interface as usize];
        if known != UNKNOWN {
            return known;
        }
        let name = self.make(&all.definitions[interface as usize].name);
        let class = self.number(ClassKey { name, location: None });
        self.by_interface[interface as usize] = class;
        class
    }

    fn kind_class(&mut self, kind: NodeKind) -> u32 {
        let slot = kind.number();
        if self.by_kind[slot] == UNKNOWN {
            let name = self.make(&kind.group_name(self.graph.kind_name(kind)));
            self.by_kind[slot] = self.number(ClassKey { name, location: None });
        }
        self.by_kind[slot]
    }

    /// Names of elements, `<div id="a">`, lose their attributes.
    fn object_name(&mut self, name: StringIndex) -> ClassName {
        let text = self.graph.strings().text(name);
        let from = if text.starts_with('<') {
            0
        } else if text.starts_with("Detached <") {
            10
        } else {
            return ClassName::Raw(name);
        };
        match text[from..].find(' ') {
            Some(space) => self.make(&format!("{}>", &text[..from + space])),
            None => self.make(&text),
        }
    }

    fn make(&mut self, text: &str) -> ClassName {
        if let Some(&made) = self.made.get(text) {
            return ClassName::Made(made);
        }
        let number = self.classes.made.len() as u32;
        self.classes.made.push(text.to_owned());
        self.made.insert(text.to_owned(), number);
        ClassName::Made(number)
    }

    fn number(&mut self, key: ClassKey) -> u32 {
        let next = self.classes.keys.len() as u32;
        let number = *self.numbers.entry(key.clone()).or_insert(next);
        if number == next {
            self.classes.keys.push(key);
        }
        number
    }
}
