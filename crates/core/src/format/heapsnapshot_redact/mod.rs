//! Redaction of heap snapshots while they stream past: the contents of strings go, the graph stays.
//!
//! V8 keeps one table of strings for everything, at the end of the text, and nodes and edges name its entries by index.
//! So while nodes and edges go by, [`Redactor`] notes three bits per string: whether it names something, whether that is
//! a property, and whether it is the contents of a node. When the table comes, each string is judged by its bits.
//! **What nothing names is replaced**: a string that no rule knows is never passed on.
//!
//! | a string is | without keys | with keys |
//! | --- | --- | --- |
//! | the name of a class, function, file, hidden or native node, a variable, an internal, weak or shortcut edge | stays | stays |
//! | the name of a property, and none of the above | stays | a keyed hash; names of the language stay |
//! | anything else: text of strings, patterns of regular expressions, printed numbers | blanked | blanked |
//!
//! In detail:
//!
//! * *Both* value and name: the name wins, because V8 has one entry for both and analysis needs it. A text that is the
//!   value of a string and also the name of a property somewhere stays without keys, and is hashed with keys. A text that
//!   is also the name of a class, a function, a file or a variable stays in both; so does the `Symbol.toStringTag` of an
//!   object, which V8 takes for its class.
//!   One exception: V8 names the slots of its arrays by their numbers. Such a number of four digits or more is blanked when
//!   a string has that text, so these few slots lose their names.
//! * *Blanked* text keeps its length in UTF-16 units. It ends with the number of its entry in the table in base 36 where
//!   there is room, so that equal strings stay equal and different ones different, which the search for duplicates needs.
//! * Edges of WeakMaps are named after key and value, contents included. Both names in it become stars; the ids stay.
//! * The name of a script may be its source: names that begin with `data:` are blanked, as is every text of more than 65 536
//!   units.
//! * With keys, `get NAME`, `set NAME` and `<symbol NAME>` hash the NAME. An integer key of an object is the number of an
//!   element edge: numbers below 1000, and those that continue a count from there, stay; others become hashes of 2^31 and
//!   more. The hash is SipHash-2-4 with the caller's salt: equal in all files of one salt, and of no use to who tries
//!   words without it.
//! * *Kept* are strings that a pattern matches, the one way to see the names of some properties in the second mode. V8
//!   cuts strings at 1024 units and shows the parts of concatenated strings one by one: that is what patterns see.
//! * Types and fields are found by the names in the header. Types that this version does not know name nothing, so
//!   their strings are blanked. Sections that it does not know may hold numbers only.
//!
//! Not redacted: numbers of the graph (ids, sizes, counts), and lengths.
//!
//! What it may not do: pass on anything before it is judged. Whatever it does not understand is an error, and after an
//! error nothing is written any more.

mod body;
mod fate;
mod hash;
mod header;
mod keep;
mod keep_table;
mod marks;
mod numbers;
mod options;
mod redactor;
mod sections;
mod strings;
mod text;
mod weak_pair;

pub use keep::{Keep, KeepPattern};
pub use keep_table::{KeepTable, KeepTableFn, KEEP_TABLE_SYMBOL, KEEP_TABLE_VERSION};
pub use options::{KeySalt, RedactOptions, RedactReport};
pub use redactor::Redactor;

/// Why a text is refused. The redactor adds where.
type Step<T> = std::result::Result<T, &'static str>;
