//! The task of `npm run bench:analysis` with v8-heap-parser: `PROGRAM FILE BEGIN`, where BEGIN is when the process was
//! started, in ms since 1970. Prints one line of JSON.

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(begin)) = (arguments.next(), arguments.next()) else {
        return Err("usage: PROGRAM FILE BEGIN".into());
    };
    let begin: u64 = begin.parse()?;
    // Faster than its `decode_reader`, and with less than half of the memory that its graph takes later.
    let text = std::fs::read(path)?;
    let graph = v8_heap_parser::decode_slice(&text)?;
    drop(text);
    let groups = graph.get_class_groups(false);
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as u64;
    let (nodes, classes) = (graph.nodes().len(), groups.len());
    let total: u64 = groups.iter().map(|group| group.self_size).sum();
    println!(
        r#"{{"wallMs":{},"cpuMs":{},"peakBytes":{},"nodes":{nodes},"classes":{classes},"shallowBytes":{total}}}"#,
        now - begin,
        cpu_ms()?,
        peak_bytes()?
    );
    Ok(())
}

/// User and system time of the process.
fn cpu_ms() -> Result<u64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the program, in parentheses, may hold spaces.
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks: Vec<u64> = fields.skip(11).take(2).flat_map(str::parse).collect();
    Ok(ticks.iter().sum::<u64>() * 10)
}

/// The most memory that was resident.
fn peak_bytes() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: u64 = line.unwrap_or_default().trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024)
}
