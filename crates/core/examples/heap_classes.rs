//! Prints the class table of a heap snapshot, how long each phase took, and the peak of the process's memory.
//!
//! `cargo run --release -p rs-profiler-core --example heap_classes -- FILE [ROWS]`; `FILE --json BEGIN` prints the figures
//! for `npm run bench:analysis` instead, with the time since BEGIN, in ms since 1970.
#![allow(clippy::print_stdout, reason = "it is there to print")]

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// What took how long. Phases of two threads overlap.
type Phases = Vec<(String, Duration)>;

fn main() -> Fallible<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments
        .next()
        .ok_or("usage: heap_classes FILE [ROWS | --json BEGIN]")?;
    let rows = arguments.next().unwrap_or_else(|| "10".to_owned());
    let file = std::fs::File::open(&path)?;
    let length = file.metadata()?.len();
    let start = Instant::now();
    let options = ReadOptions {
        text_length: Some(length),
        ..ReadOptions::default()
    };
    let graph = read(file, options)?.graph;
    let phases = Mutex::new(vec![("reading".to_owned(), start.elapsed())]);
    let graph_bytes = graph.heap_bytes() as u64;
    let read_peak = peak_bytes();
    let timing = |phase: &str, time: Duration| {
        if let Ok(mut phases) = phases.lock() {
            phases.push((phase.to_owned(), time));
        }
    };
    let options = AnalysisOptions {
        timing: Some(&timing),
        ..AnalysisOptions::default()
    };
    let analysis = HeapAnalysis::new(graph, options)?;
    let whole = start.elapsed();
    let phases = phases.lock().map_err(|_| "a phase failed")?;
    if rows == "--json" {
        let begin: u64 = arguments.next().ok_or("--json needs BEGIN")?.parse()?;
        return print_json(&analysis, &phases, begin, (graph_bytes, read_peak));
    }
    print_table(&analysis, rows.parse()?);
    for (phase, time) in phases.iter() {
        println!("{:>9.1} ms  {phase}", milliseconds(*time));
    }
    let (graph, millions) = (analysis.graph(), |bytes: u64| bytes as f64 / 1e6);
    println!(
        "{} nodes, {} edges, graph {:.0} MB of a file of {:.0} MB",
        graph.node_count(),
        graph.edge_count(),
        millions(graph_bytes),
        millions(length)
    );
    println!(
        "all {:.0} ms, CPU {} ms; peak {:.0} MB after reading, {:.0} MB in all: {:.2} x the file",
        milliseconds(whole),
        cpu_ms(),
        millions(read_peak),
        millions(peak_bytes()),
        peak_bytes() as f64 / length as f64
    );
    Ok(())
}

fn print_table(analysis: &HeapAnalysis, rows: usize) {
    println!(
        "{:>14} {:>9} {:>14} {:>10}  class",
        "retained", "count", "shallow", "distance"
    );
    for row in analysis.classes().iter().take(rows) {
        println!(
            "{:>14} {:>9} {:>14} {:>10}  {}",
            row.retained_size, row.count, row.shallow_size, row.distance, row.name
        );
    }
}

/// `read` is what reading took: bytes of the graph, and the peak of memory until then.
fn print_json(analysis: &HeapAnalysis, phases: &Phases, begin: u64, read: (u64, u64)) -> Fallible<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as u64;
    let phases: Vec<_> = phases
        .iter()
        .map(|(phase, time)| serde_json::json!([phase, milliseconds(*time)]))
        .collect();
    let figures = serde_json::json!({
        "classes": analysis.classes().len(),
        "cpuMs": cpu_ms(),
        "graphBytes": read.0,
        "peakBytes": peak_bytes(),
        "readPeakBytes": read.1,
        "phases": phases,
        "wallMs": now.saturating_sub(begin),
    });
    println!("{figures}");
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Peak resident memory so far, 0 where there is no /proc.
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

/// User and system time so far, 0 where there is no /proc.
fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in parentheses, may hold spaces; the times are in ticks of 10 ms.
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks = fields.skip(11).take(2).flat_map(str::parse::<u64>);
    ticks.sum::<u64>() * 10
}
