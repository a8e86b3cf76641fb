//! A graph, and what was found out about it, as sections of a file: columns as they lie in memory, the rest as JSON.
//!
//! Only the sections; how they lie in a file is not known here. What comes back is not trusted: a column may hold any
//! values, and whoever reads one asks with `get`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use bytemuck::Pod;
use serde::de::DeserializeOwned;
use serde::Serialize;

use super::{Column, SharedBytes};

/// What a section is called, in eight characters at most.
pub(crate) type SectionName = &'static str;

/// A section on its way into a file.
pub(crate) struct Section<'a> {
    pub(crate) name: SectionName,
    /// Bytes of a value.
    pub(crate) width: u32,
    pub(crate) bytes: Cow<'a, [u8]>,
}

/// Takes sections.
#[derive(Default)]
pub(crate) struct Store<'a> {
    pub(crate) sections: Vec<Section<'a>>,
}

impl<'a> Store<'a> {
    /// Adds a column.
    pub(crate) fn column<T: Pod>(&mut self, name: SectionName, column: &'a [T]) {
        self.sections.push(Section {
            name,
            width: size_of::<T>() as u32,
            bytes: Cow::Borrowed(bytemuck::must_cast_slice(column)),
        });
    }

    /// Adds a column that was made for the purpose.
    pub(crate) fn made<T: Pod>(&mut self, name: SectionName, column: &[T]) {
        self.sections.push(Section {
            name,
            width: size_of::<T>() as u32,
            bytes: Cow::Owned(bytemuck::must_cast_slice(column).to_vec()),
        });
    }

    /// Adds what is small.
    pub(crate) fn value(&mut self, name: SectionName, value: &impl Serialize) -> serde_json::Result<()> {
        self.sections.push(Section {
            name,
            width: 1,
            bytes: Cow::Owned(serde_json::to_vec(value)?),
        });
        Ok(())
    }
}

/// Gives sections back.
pub(crate) struct Load {
    pub(crate) bytes: SharedBytes,
    /// Where each section lies, and how many bytes its values have.
    pub(crate) sections: HashMap<Box<[u8]>, (Range<usize>, u32)>,
}

impl Load {
    /// A column, `None` when there is none of this type.
    pub(crate) fn column<T: Pod>(&self, name: SectionName) -> Option<Column<T>> {
        let (range, width) = self.sections.get(name.as_bytes())?;
        match *width as usize == size_of::<T>() {
            true => Column::shared(&self.bytes, range.clone()),
            false => None,
        }
    }

    /// A column of `length` values.
    pub(crate) fn column_of<T: Pod>(&self, name: SectionName, length: usize) -> Option<Column<T>> {
        self.column(name).filter(|column: &Column<T>| column.len() == length)
    }

    /// What is small.
    pub(crate) fn value<T: DeserializeOwned>(&self, name: SectionName) -> Option<T> {
        let bytes = self.column::<u8>(name)?;
        serde_json::from_slice(&bytes).ok()
    }
}
