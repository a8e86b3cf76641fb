//! Tests of the pipeline at each of its ends: all give the same report, or the same cause.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rs_profiler_core::format::heapsnapshot::{read, Header, ReadOptions};
use tokio::sync::mpsc;

use super::pipeline::{run, Counts, End, Produce, Report};
use super::text_writer::{Message, TextWriter};
use super::{spawn_text, spool_text, Mark, Target};
use crate::error::{Error, Result};

const TEXT: &[u8] = br#"{"nodes":[1,2,3]}"#;
const COUNTS: Counts = Counts {
    nodes: Some(3),
    edges: None,
    samples: None,
};

/// Writes pieces. Like V8 it goes on when nobody takes them, and says nothing that is of use.
fn pieces(text: &'static [u8]) -> Produce {
    Box::new(move |out| {
        let refused = text.chunks(3).filter(|piece| out.write_all(piece).is_err()).count();
        if refused > 0 {
            Err(Error::WalkFailed)
        } else {
            Ok(COUNTS)
        }
    })
}

fn panicking() -> Produce {
    Box::new(|out| {
        let _ = out.write_all(TEXT);
        panic!("of a test")
    })
}

/// It cannot write, and does not say so.
fn careless() -> Produce {
    Box::new(|out| {
        let _ = out.write_all(TEXT);
        Ok(COUNTS)
    })
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("rs-profiler-{}-pipeline-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes to a file in a folder of its own. Returns the result, and what stands in the folder then.
fn at_a_file(name: &str, produce: Produce, stop: bool) -> (Result<Report>, Vec<Vec<u8>>) {
    let folder = folder(name);
    let target = Target::open(&folder.join("a.json")).unwrap();
    let result = target.fill(produce, &AtomicBool::new(stop), &|_| {});
    let files = fs::read_dir(&folder).unwrap();
    let left = files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    fs::remove_dir_all(folder).unwrap();
    (result, left)
}

/// Reads what comes through the channel until its end, or the error.
fn at_the_channel(produce: Produce) -> Result<Vec<u8>> {
    let stream = spawn_text(4, produce)?;
    let mut text = Vec::new();
    while let Some(chunk) = stream.next_blocking()? {
        text.extend(chunk);
    }
    Ok(text)
}

fn into_memory(produce: Produce) -> Result<Vec<u8>> {
    let stream = spool_text(4, produce)?;
    Ok(std::iter::from_fn(|| stream.next_blocking().unwrap())
        .flatten()
        .collect())
}

fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().to_string()
}

/// The causes that a producer gives, at each end. Nothing stands in the folder of the file.
fn causes(name: &str, produce: fn() -> Produce) -> [String; 3] {
    let (file, left) = at_a_file(name, produce(), false);
    assert_eq!(left.len(), 0);
    [
        message(file),
        message(at_the_channel(produce())),
        message(into_memory(produce())),
    ]
}

#[test]
fn a_whole_text_comes_to_each_end_with_the_same_report() {
    let report = Report {
        bytes: TEXT.len() as u64,
        counts: COUNTS,
    };
    let (file, left) = at_a_file("whole", pieces(TEXT), false);
    assert_eq!((file.unwrap(), left), (report, vec![TEXT.to_vec()]));
    assert_eq!(at_the_channel(pieces(TEXT)).unwrap(), TEXT);
    assert_eq!(into_memory(pieces(TEXT)).unwrap(), TEXT);

    let stop = AtomicBool::new(false);
    let mut memory = Vec::new();
    assert_eq!(run(pieces(TEXT), &mut memory, &stop, &|_| {}).unwrap(), report);
    let (sender, mut receiver) = mpsc::channel(100);
    let mut channel = TextWriter::new(sender, 4);
    assert_eq!(run(pieces(TEXT), &mut channel, &stop, &|_| {}).unwrap(), report);
    drop(channel);
    let mut last = None;
    while let Some(message) = receiver.blocking_recv() {
        last = Some(message);
    }
    assert!(matches!(last, Some(Message::End)));
}

#[test]
fn progress_tells_of_the_bytes_so_far() {
    let heard = std::cell::RefCell::new(Vec::new());
    let progress = |bytes| heard.borrow_mut().push(bytes);
    run(pieces(b"123456}"), &mut Vec::new(), &AtomicBool::new(false), &progress).unwrap();
    assert_eq!(*heard.borrow(), [3, 6, 7]);
}

#[test]
fn a_panic_is_told_at_each_end() {
    for cause in causes("panic", panicking) {
        assert!(cause.contains("a writer panicked: of a test"), "{cause}");
    }
}

#[test]
fn a_text_that_ends_too_early_is_told_at_each_end() {
    for cause in causes("early", || pieces(&TEXT[..TEXT.len() - 1])) {
        assert!(cause.contains("a writer ended its text too early"), "{cause}");
    }
    assert!(causes("empty", || pieces(b""))
        .iter()
        .all(|cause| cause.contains("too early")));
}

#[test]
fn a_fault_that_the_producer_names_is_told_at_each_end() {
    let of_v8 = Error::TrackingStarted.to_string();
    let failing: fn() -> Produce = || {
        Box::new(|out| {
            let _ = out.write_all(TEXT);
            Err(Error::TrackingStarted)
        })
    };
    assert_eq!(causes("named", failing), [of_v8.clone(), of_v8.clone(), of_v8]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_whatever_the_producer_says_then() {
    for produce in [pieces(TEXT), panicking(), careless()] {
        let target = Target::open(Path::new("/dev/full")).unwrap();
        let result = target.fill(produce, &AtomicBool::new(false), &|_| {});
        let Err(Error::Io { syscall, path, source }) = result else {
            panic!("{result:?}")
        };
        let told = (syscall, path.as_path(), source.raw_os_error());
        assert_eq!(told, ("write", Path::new("/dev/full"), Some(libc::ENOSPC)));
    }
}

#[test]
fn an_abort_is_told_at_each_end_whatever_the_producer_says_then() {
    for produce in [|| pieces(TEXT), panicking, careless] as [fn() -> Produce; 3] {
        let (file, left) = at_a_file("abort", produce(), true);
        assert!(matches!(file, Err(Error::Aborted)));
        assert_eq!(left.len(), 0);
        let stop = AtomicBool::new(true);
        let mut memory = Vec::new();
        let kept = run(produce(), &mut memory, &stop, &|_| {});
        assert!(matches!(kept, Err(Error::Aborted)) && memory.is_empty());
        let (sender, _receiver) = mpsc::channel(100);
        let sent = run(produce(), &mut TextWriter::new(sender, 4), &stop, &|_| {});
        assert!(matches!(sent, Err(Error::Aborted)));
    }
}

#[test]
fn a_reader_that_is_gone_is_an_abort() {
    let (sender, receiver) = mpsc::channel(1);
    drop(receiver);
    let sent = run(
        pieces(TEXT),
        &mut TextWriter::new(sender, 4),
        &AtomicBool::new(false),
        &|_| {},
    );
    assert!(matches!(sent, Err(Error::Aborted)));
}

#[test]
fn a_whole_text_that_nobody_wants_any_more_gets_no_name() {
    static STOP: AtomicBool = AtomicBool::new(false);
    let folder = folder("late");
    let path = folder.join("a.json");
    let produce: Produce = Box::new(|out| {
        let counts = pieces(TEXT)(out);
        STOP.store(true, Ordering::Relaxed);
        counts
    });
    let result = Target::open(&path).unwrap().fill(produce, &STOP, &|_| {});
    assert!(matches!(result, Err(Error::Aborted)));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_panic_before_the_abort_stays_the_cause() {
    static STOP: AtomicBool = AtomicBool::new(false);
    let produce: Produce = Box::new(|_| {
        STOP.store(true, Ordering::Relaxed);
        panic!("of a test")
    });
    let result = run(produce, &mut Vec::new(), &STOP, &|_| {});
    assert!(message(result).contains("of a test"));
}

#[test]
fn a_file_that_cannot_get_its_name_is_told() {
    let folder = folder("rename");
    let path = folder.join("a.json");
    let target = Target::open(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let result = target.fill(pieces(TEXT), &AtomicBool::new(false), &|_| {});
    assert!(matches!(result, Err(Error::Io { syscall: "rename", .. })));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_end_says_why_it_failed_once() {
    let (sender, receiver) = mpsc::channel(1);
    drop(receiver);
    let mut writer = TextWriter::new(sender, 1);
    assert!(writer.take_failure().is_none());
    assert!(writer.write_all(b"x").is_err());
    assert!(matches!(writer.take_failure(), Some(Error::Aborted)));
    assert!(writer.take_failure().is_none());
}

#[test]
fn the_mark_is_understood_however_the_text_comes() {
    let text = concat!(
        r#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["object"]],"#,
        r#""edge_fields":["type","name_or_index","to_node"],"edge_types":[["context"]]},"node_count":1,"edge_count":0},"#,
        r#""nodes":[0,0,1,0,0],"edges":[],"strings":["a"]}"#
    );
    let read_back = |text: &[u8]| read(text, ReadOptions::default()).unwrap().graph;
    assert!(!read_back(text.as_bytes()).has_passing_ids());
    for piece in [1, 5, 12, 13, 14, text.len()] {
        let mut marked = Vec::new();
        let mut mark = Mark::new(&mut marked);
        for piece in text.as_bytes().chunks(piece) {
            mark.write_all(piece).unwrap();
        }
        assert!(read_back(&marked).has_passing_ids());
        assert_eq!(Header::parse(&marked).unwrap(), Header::parse(text.as_bytes()).unwrap());
        let added = marked.len() - text.len();
        let mut without = marked;
        without.drain(13..13 + added);
        assert_eq!(without, text.as_bytes());
    }
}

#[test]
fn a_text_that_begins_otherwise_gets_no_mark() {
    let mut out = Vec::new();
    assert!(Mark::new(&mut out).write_all(br#"{"snapshot": {}}"#).is_err());
    assert!(out.is_empty());
}
