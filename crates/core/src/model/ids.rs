//! Ids, indexes and places as types of their own, so that none is taken for another.
//!
//! An *id* is V8's: nothing is assumed about it. An *index* is ours: it counts from 0 within one profile and means nothing to
//! another. Numbers of things (hits, nodes, samples) stay plain integers: they are neither.

/// Declares a newtype with its two conversions.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident($type:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name($type);

        impl $name {
            /// The number as this type.
            pub const fn new(number: $type) -> Self {
                $name(number)
            }

            /// The plain number.
            pub const fn get(self) -> $type {
                self.0
            }
        }
    };
}

number! {
    /// V8's id of a node: what samples name.
    ///
    /// ```
    /// assert_eq!(rs_profiler_core::model::NodeId::new(7).get(), 7);
    /// ```
    NodeId(u32)
}
number! {
    /// V8's number of a script; 0 for frames that are not JavaScript.
    ScriptId(i32)
}
number! {
    /// V8's number of a sampled allocation, rising in the order of sampling.
    SampleId(u64)
}
number! {
    /// The place of a node in a tree of ours, level by level.
    NodeIndex(u32)
}
number! {
    /// The place of a child among its siblings.
    ChildIndex(usize)
}
number! {
    /// The place of a sample in its profile.
    SampleIndex(usize)
}

/// Declares a coordinate in a script.
macro_rules! coordinate {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(i32);

        impl $name {
            /// As V8's profilers count: from 1, and 0 is unknown. A script that was compiled with an offset may begin below.
            pub const fn from_one_based(number: i32) -> Self {
                $name(number)
            }

            /// From 1, and 0 is unknown: as V8's profilers and v8-profiler-next count.
            pub const fn one_based(self) -> i32 {
                self.0
            }

            /// From 0, and -1 is unknown: as the inspector counts.
            pub const fn zero_based(self) -> i32 {
                self.0.wrapping_sub(1)
            }
        }
    };
}

coordinate! {
    /// A line in a script. The default is unknown.
    ///
    /// ```
    /// use rs_profiler_core::model::Line;
    /// assert_eq!((Line::from_one_based(3).zero_based(), Line::default().zero_based()), (2, -1));
    /// ```
    Line
}
coordinate! {
    /// A column in a line of a script. The default is unknown.
    Column
}
