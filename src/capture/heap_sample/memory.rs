//! The memory of a process, and what its words are.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;

use super::regions::PAGE;
use super::WORD;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Leads to an object that is a map: the first word of an object, or an edge to a map.
    Map,
    /// Leads to another object.
    Object,
    /// Leads nowhere.
    Other,
}

/// The memory of a process.
pub(super) struct Memory {
    file: File,
    /// First words of objects that were asked for before: most lead to the same maps.
    seen: HashMap<u64, Option<u64>>,
}

impl Memory {
    pub(super) fn open(path: &Path) -> io::Result<Memory> {
        Ok(Memory {
            file: File::open(path)?,
            seen: HashMap::new(),
        })
    }

    /// Fills `bytes`; false when not all of it can be read.
    pub(super) fn read(&self, address: u64, bytes: &mut [u8]) -> bool {
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::read_exact_at(&self.file, bytes, address).is_ok();
        // There is no such file elsewhere, so nobody comes here.
        #[cfg(not(unix))]
        return false;
    }

    /// A word, remembered.
    pub(super) fn word(&mut self, address: u64) -> Option<u64> {
        if let Some(word) = self.seen.get(&address) {
            return *word;
        }
        let mut bytes = [0; WORD as usize];
        let word = self.read(address, &mut bytes).then(|| word_of(&bytes));
        self.seen.insert(address, word);
        word
    }

    /// The first word of the object that a word leads to, if it is tagged and leads to something.
    fn map_of(&mut self, word: u64) -> Option<u64> {
        let is_tagged = word % WORD == 1 && word > PAGE && word < 1 << 47;
        is_tagged.then(|| self.word(word - 1)).flatten()
    }

    /// Where a word leads.
    pub(super) fn kind(&mut self, word: u64) -> Kind {
        let Some(map) = self.map_of(word) else {
            return Kind::Other;
        };
        let Some(meta) = self.map_of(map) else {
            return Kind::Other;
        };
        // The map of a meta map is itself.
        match self.map_of(meta) == Some(meta) {
            true if map == meta => Kind::Map,
            true => Kind::Object,
            false => Kind::Other,
        }
    }
}

/// Eight bytes, the least significant first.
pub(super) fn word_of(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}
