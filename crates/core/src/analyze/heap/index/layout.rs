//! How an index lies in its file, all of it little-endian:
//!
//! | bytes | what |
//! | --- | --- |
//! | 0..8 | `RSPINDEX` |
//! | 8..12 | version of the format |
//! | 12..16 | number of sections |
//! | 16..32 | version of the crate, filled up with zeros |
//! | 32..48 | length of the snapshot, and when it was changed last |
//! | 48..56 | length of this file |
//! | 56..60 | CRC-32 of the 56 bytes before and of the table |
//! | 64.. | the table: name (8), place (8), length in bytes (8), bytes of a value (4), 4 zeros |
//!
//! Then the sections, each at a multiple of 64, so that a column of a mapped file lies as one in memory does.

use std::collections::HashMap;

use super::{IndexFault, SnapshotStamp};
use crate::model::heap::{Load, SharedBytes, Store};

const MAGIC: &[u8; 8] = b"RSPINDEX";
/// Counts up with every change of a section.
const FORMAT: u32 = 1;
const HEAD: usize = 64;
const ENTRY: usize = 32;
const ALIGNMENT: usize = 64;
/// Sections that a file may have. Ours have some 40.
const MOST_SECTIONS: usize = 1024;

/// The version of this crate, as it stands in the head.
fn release() -> [u8; 16] {
    let mut field = [0; 16];
    for (to, &from) in field.iter_mut().zip(env!("CARGO_PKG_VERSION").as_bytes()) {
        *to = from;
    }
    field
}

/// Head and table of a file with these sections, and how long it will be.
pub(super) fn head(store: &Store<'_>, stamp: SnapshotStamp) -> (Vec<u8>, u64) {
    let mut at = padded(HEAD + ENTRY * store.sections.len());
    let mut table = Vec::with_capacity(ENTRY * store.sections.len());
    for section in &store.sections {
        let mut name = [0; 8];
        for (to, &from) in name.iter_mut().zip(section.name.as_bytes()) {
            *to = from;
        }
        table.extend_from_slice(&name);
        table.extend_from_slice(&(at as u64).to_le_bytes());
        table.extend_from_slice(&(section.bytes.len() as u64).to_le_bytes());
        table.extend_from_slice(&section.width.to_le_bytes());
        table.extend_from_slice(&[0; 4]);
        at = padded(at + section.bytes.len());
    }
    let mut head = Vec::with_capacity(HEAD + table.len());
    head.extend_from_slice(MAGIC);
    head.extend_from_slice(&FORMAT.to_le_bytes());
    head.extend_from_slice(&(store.sections.len() as u32).to_le_bytes());
    head.extend_from_slice(&release());
    head.extend_from_slice(&stamp.length.to_le_bytes());
    head.extend_from_slice(&stamp.modified_ns.to_le_bytes());
    head.extend_from_slice(&(at as u64).to_le_bytes());
    let checksum = checksum(&head, &table);
    head.extend_from_slice(&checksum.to_le_bytes());
    head.resize(HEAD, 0);
    head.extend_from_slice(&table);
    (head, at as u64)
}

/// Where the next section may begin.
pub(super) fn padded(length: usize) -> usize {
    length.next_multiple_of(ALIGNMENT)
}

fn checksum(head: &[u8], table: &[u8]) -> u32 {
    let mut checksum = flate2::Crc::new();
    checksum.update(head);
    checksum.update(table);
    checksum.sum()
}

/// The sections of a file, once it is known to be an index of this snapshot. Linear in the table.
pub(super) fn sections(bytes: &SharedBytes, stamp: SnapshotStamp) -> Result<Load, IndexFault> {
    let file = (**bytes).as_ref();
    let read = |at: usize| file.get(at..at + 8).and_then(|field| field.try_into().ok());
    let number = |at: usize| read(at).map(u64::from_le_bytes);
    if file.get(..8) != Some(MAGIC) {
        return Err(IndexFault::NoIndex);
    }
    let cut = IndexFault::Damaged("it ends too early");
    let format_and_count = number(8).ok_or(cut)?;
    let (format, count) = (format_and_count as u32, (format_and_count >> 32) as usize);
    if format != FORMAT || file.get(16..32) != Some(&release()) || cfg!(target_endian = "big") {
        return Err(IndexFault::OtherVersion);
    }
    if count > MOST_SECTIONS {
        return Err(IndexFault::Damaged("its head is not what was written"));
    }
    let table = file.get(HEAD..HEAD + ENTRY * count).ok_or(cut)?;
    let written = number(56).ok_or(cut)? as u32;
    if checksum(file.get(..56).ok_or(cut)?, table) != written {
        return Err(IndexFault::Damaged("its head is not what was written"));
    }
    let found = SnapshotStamp {
        length: number(32).ok_or(cut)?,
        modified_ns: number(40).ok_or(cut)?.cast_signed(),
    };
    if found != stamp {
        return Err(IndexFault::OtherSnapshot);
    }
    if number(48) != Some(file.len() as u64) {
        return Err(IndexFault::Damaged("it is shorter or longer than it was written"));
    }
    let mut sections = HashMap::with_capacity(count);
    for entry in (HEAD..HEAD + ENTRY * count).step_by(ENTRY) {
        let name: [u8; 8] = read(entry).ok_or(cut)?;
        let name = name.split(|&byte| byte == 0).next().unwrap_or_default();
        let place = |at| number(at).and_then(|number| usize::try_from(number).ok());
        let start = place(entry + 8).ok_or(cut)?;
        let end = place(entry + 16)
            .and_then(|length| start.checked_add(length))
            .ok_or(cut)?;
        let width = number(entry + 24).ok_or(cut)? as u32;
        sections.insert(name.into(), (start..end, width));
    }
    Ok(Load {
        bytes: SharedBytes::clone(bytes),
        sections,
    })
}
