//! What a node or an edge is. V8's own codes differ between versions, so a file's codes are translated by name.

use std::borrow::Cow;

/// The type of a node: one of V8's, or one that this crate does not know by name (a newer V8), numbered after them.
///
/// ```
/// use rs_profiler_core::model::heap::NodeKind;
/// assert_eq!(NodeKind::from_name("concatenated string"), Some(NodeKind::CONS_STRING));
/// assert_eq!(NodeKind::OBJECT.name(), Some("object"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeKind(pub(super) u8);

/// V8's names, in the order of the constants below.
const NAMES: [&str; 16] = [
    "hidden",
    "array",
    "string",
    "object",
    "code",
    "closure",
    "regexp",
    "number",
    "native",
    "synthetic",
    "concatenated string",
    "sliced string",
    "symbol",
    "bigint",
    "object shape",
    "wasm object",
];

impl NodeKind {
    /// V8's internals.
    pub const HIDDEN: NodeKind = NodeKind(0);
    /// A backing store: elements, properties, a hash table. Not a JavaScript `Array`, which is an [`OBJECT`](Self::OBJECT).
    pub const ARRAY: NodeKind = NodeKind(1);
    /// A flat string.
    pub const STRING: NodeKind = NodeKind(2);
    /// A JavaScript object.
    pub const OBJECT: NodeKind = NodeKind(3);
    /// Code, bytecode, feedback and what describes functions.
    pub const CODE: NodeKind = NodeKind(4);
    /// A function.
    pub const CLOSURE: NodeKind = NodeKind(5);
    /// A regular expression.
    pub const REGEXP: NodeKind = NodeKind(6);
    /// A number on the heap.
    pub const NUMBER: NodeKind = NodeKind(7);
    /// Something of the embedder, off the JavaScript heap.
    pub const NATIVE: NodeKind = NodeKind(8);
    /// A node that stands for no object, such as `(GC roots)`.
    pub const SYNTHETIC: NodeKind = NodeKind(9);
    /// A string made of two others.
    pub const CONS_STRING: NodeKind = NodeKind(10);
    /// A string that is a part of another.
    pub const SLICED_STRING: NodeKind = NodeKind(11);
    /// A symbol.
    pub const SYMBOL: NodeKind = NodeKind(12);
    /// A bigint.
    pub const BIGINT: NodeKind = NodeKind(13);
    /// A hidden class and what belongs to it.
    pub const OBJECT_SHAPE: NodeKind = NodeKind(14);
    /// An object of WebAssembly (Node 20 only).
    pub const WASM_OBJECT: NodeKind = NodeKind(15);

    /// How many types have names here.
    pub(crate) const KNOWN: u8 = NAMES.len() as u8;
    /// How many types a graph can tell apart.
    pub(crate) const LIMIT: u8 = 32;

    /// The type that V8 calls so.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::NodeKind;
    /// assert_eq!(NodeKind::from_name("trombone"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<NodeKind> {
        let place = NAMES.iter().position(|known| *known == name)?;
        u8::try_from(place).ok().map(NodeKind)
    }

    /// V8's name, `None` for a type this crate does not know. [`HeapGraph::kind_name`](super::HeapGraph::kind_name)
    /// knows the names of those too.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::NodeKind;
    /// assert_eq!(NodeKind::CLOSURE.name(), Some("closure"));
    /// ```
    pub fn name(self) -> Option<&'static str> {
        NAMES.get(self.0 as usize).copied()
    }

    /// What DevTools groups objects of this type under that are not called by their constructor, when V8 calls the type
    /// `name`.
    pub(crate) fn group_name(self, name: &str) -> Cow<'static, str> {
        match self {
            NodeKind::HIDDEN => "(system)".into(),
            NodeKind::CODE => "(compiled code)".into(),
            NodeKind::CLOSURE => "Function".into(),
            NodeKind::REGEXP => "RegExp".into(),
            _ => format!("({name})").into(),
        }
    }

    /// A number below [`Self::LIMIT`].
    pub(crate) fn number(self) -> usize {
        usize::from(self.0 % Self::LIMIT)
    }

    /// The type with this number, for one that has no name here.
    pub(crate) fn unnamed(number: u8) -> NodeKind {
        NodeKind(number % Self::LIMIT)
    }
}

/// The type of an edge. All Nodes from 18 to 26 have these seven.
///
/// ```
/// use rs_profiler_core::model::heap::EdgeKind;
/// assert_eq!(EdgeKind::from_name("weak"), Some(EdgeKind::Weak));
/// assert!(EdgeKind::Element.is_numbered() && !EdgeKind::Property.is_numbered());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum EdgeKind {
    /// A captured variable.
    Context = 0,
    /// An array element; named by its index.
    Element = 1,
    /// A property.
    Property = 2,
    /// A reference of V8's own.
    Internal = 3,
    /// A reference of V8's own without a name; named by a number.
    Hidden = 4,
    /// A reference that exists only for the reader's convenience.
    Shortcut = 5,
    /// A reference that keeps nothing alive.
    Weak = 6,
}

impl EdgeKind {
    /// How many types there are.
    pub(super) const COUNT: usize = Self::ALL.len();

    /// All types, in V8's order.
    pub(super) fn all() -> impl Iterator<Item = EdgeKind> {
        Self::ALL.into_iter().map(|(kind, _)| kind)
    }

    /// All types, by their number.
    const ALL: [(EdgeKind, &'static str); 7] = [
        (EdgeKind::Context, "context"),
        (EdgeKind::Element, "element"),
        (EdgeKind::Property, "property"),
        (EdgeKind::Internal, "internal"),
        (EdgeKind::Hidden, "hidden"),
        (EdgeKind::Shortcut, "shortcut"),
        (EdgeKind::Weak, "weak"),
    ];

    /// The type that V8 calls so.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::EdgeKind;
    /// assert_eq!(EdgeKind::from_name("invisible"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<EdgeKind> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(kind, _)| *kind)
    }

    /// V8's name.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::EdgeKind;
    /// assert_eq!(EdgeKind::Hidden.name(), "hidden");
    /// ```
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Whether edges of this type are named by a number, not by a text.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::EdgeKind;
    /// assert!(EdgeKind::Hidden.is_numbered());
    /// ```
    pub fn is_numbered(self) -> bool {
        matches!(self, EdgeKind::Element | EdgeKind::Hidden)
    }

    /// The type with this number.
    pub(super) fn from_number(number: u32) -> Option<EdgeKind> {
        Self::ALL.get(number as usize).map(|(kind, _)| *kind)
    }
}
