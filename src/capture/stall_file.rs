//! The file of a stall's profile.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::path::PathBuf;
use std::time::SystemTime;

use rs_profiler_core::format::cpuprofile::{inspector, FileUrlStyle};
use rs_profiler_core::model::CpuProfileSource;

use super::cpu::{ProfileData, ReadProfile};
use super::stall::StallOptions;
use super::stall_finding::{FindStalled, StallFinding};
use crate::error::Result;
use crate::sink::write_file_blocking;

/// The profile.
pub struct WrittenStall {
    pub path: Option<PathBuf>,
    pub bytes: u64,
    pub finding: StallFinding,
}

struct WriteInspector<W>(FileUrlStyle, W);

impl<W: std::io::Write> ReadProfile for WriteInspector<W> {
    type Output = std::io::Result<()>;
    fn read(self, source: &impl CpuProfileSource) -> Self::Output {
        let options = inspector::Options::with_file_urls(self.0);
        let written = inspector::write(source, options, self.1);
        written.map(drop).map_err(std::io::Error::other)
    }
}

/// Reads the finding and writes the file. Any thread.
pub(super) fn write(data: &ProfileData, options: &StallOptions) -> Result<WrittenStall> {
    let finding = data.read(FindStalled)??;
    let Some(folder) = &options.folder else {
        return Ok(WrittenStall {
            path: None,
            bytes: 0,
            finding,
        });
    };
    let path = folder.join(file_name());
    write_file_blocking(&path, |file| {
        let mut out = std::io::BufWriter::new(&mut *file);
        data.read(WriteInspector(options.file_urls, &mut out))
            .map_err(std::io::Error::other)??;
        std::io::Write::flush(&mut out)
    })?;
    let bytes = std::fs::metadata(&path).map_or(0, |found| found.len());
    Ok(WrittenStall {
        path: Some(path),
        bytes,
        finding,
    })
}

/// As `lib/retention.js` names captures: kind, time in UTC, process, chance.
fn file_name() -> String {
    let time: String = humantime::format_rfc3339_seconds(SystemTime::now())
        .to_string()
        .chars()
        .filter(|c| !matches!(c, '-' | ':'))
        .collect();
    let chance = RandomState::new().build_hasher().finish() & 0xffff_ffff_ffff;
    format!("cpu-profile-{time}-{}-{chance:012x}.cpuprofile", std::process::id())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_has_kind_time_process_and_chance() {
        let name = super::file_name();
        let parts: Vec<&str> = name.trim_end_matches(".cpuprofile").split('-').collect();
        assert_eq!(parts[..2], ["cpu", "profile"]);
        assert!(parts[2].len() == 16 && parts[2].ends_with('Z') && parts[2].contains('T'));
        assert_eq!(parts[3], std::process::id().to_string());
        assert!(parts[4].len() == 12 && parts[4].bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(name, super::file_name());
    }
}
