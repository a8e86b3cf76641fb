//! Where V8's heap lies.

use std::io;
use std::path::Path;

use crate::capture::memory_map::read_smaps;

/// V8's pages begin at multiples of this.
pub(super) const PAGE: u64 = 256 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) begin: u64,
    pub(super) end: u64,
}

impl Region {
    pub(super) fn length(&self) -> u64 {
        self.end - self.begin
    }
}

/// The mappings, readable and writable, that are marked `dc`: not copied by fork.
pub(super) fn heap_regions(smaps: &Path) -> io::Result<Vec<Region>> {
    let mut regions = Vec::new();
    read_smaps(smaps, |mapping, flags| {
        if mapping.allows("rw") && flags.has("dc") {
            regions.push(Region {
                begin: mapping.pages.start as u64,
                end: mapping.pages.end as u64,
            });
        }
    })?;
    Ok(regions)
}

/// Whether an address is in one of the regions, which are in order.
pub(super) fn is_within(regions: &[Region], address: u64) -> bool {
    let at = regions.partition_point(|region| region.end <= address);
    regions.get(at).is_some_and(|region| region.begin <= address)
}
