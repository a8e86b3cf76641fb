//! Tests of the channel.

#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::sink::pipeline::Counts;

fn read_all(stream: &TextStream) -> Vec<Vec<u8>> {
    std::iter::from_fn(|| stream.next_blocking().unwrap()).collect()
}

/// Writes a text, which ends with a brace as all of them do.
fn writing(bytes: &'static [u8]) -> Produce {
    Box::new(|out| {
        out.write_all(bytes).map_err(|_| Error::Aborted)?;
        Ok(Counts::default())
    })
}

#[test]
fn chunks_are_of_equal_size_and_the_last_is_shorter() {
    for make in [spawn_text, spool_text] {
        let stream = make(4, writing(b"012345678}")).unwrap();
        assert_eq!(read_all(&stream), [b"0123".to_vec(), b"4567".to_vec(), b"8}".to_vec()]);
        assert!(stream.next_blocking().unwrap().is_none());
    }
}

#[test]
fn no_chunk_ends_inside_a_character() {
    let text = "a\u{e4}\u{6f22}\u{1f600}".repeat(20);
    for (size, shift, make) in
        (4..32).flat_map(|size| (0..4).flat_map(move |shift| [(size, shift, true), (size, shift, false)]))
    {
        let text: &'static str = format!("{}{text}}}", "x".repeat(shift)).leak();
        let make = if make { spawn_text } else { spool_text };
        let chunks = read_all(&make(size, writing(text.as_bytes())).unwrap());
        for chunk in &chunks {
            assert!(std::str::from_utf8(chunk).is_ok(), "size {size}, shift {shift}");
            assert!(chunk.len() <= size);
        }
        for chunk in &chunks[..chunks.len() - 1] {
            assert!(chunk.len() + 3 >= size);
        }
        assert_eq!(chunks.concat(), text.as_bytes());
    }
}

fn broken(byte: u8) -> &'static [u8] {
    let mut text = vec![byte; 50];
    text.push(b'}');
    text.leak()
}

#[test]
fn bytes_that_are_no_utf8_and_chunks_of_a_byte_come_through() {
    for text in [broken(0x80), broken(0xF0), "\u{1f600}}".as_bytes()] as [&[u8]; 3] {
        for size in 1..6 {
            for make in [spawn_text, spool_text] {
                assert_eq!(read_all(&make(size, writing(text)).unwrap()).concat(), text);
            }
        }
    }
}

#[test]
fn what_waits_comes_at_once_and_then_the_end() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let stream = spawn_text(1, writing(b"012345678}")).unwrap();
    stream.settle();
    let chunks = runtime.block_on(stream.next(false)).unwrap().unwrap();
    assert_eq!((chunks.concat(), chunks.len()), (b"012345678}".to_vec(), 10));
    assert!(runtime.block_on(stream.next(false)).unwrap().is_none());
}

#[test]
fn who_waits_is_woken_by_settling_and_by_an_abort() {
    for abort in [false, true] {
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let stream = spawn_text(
            4,
            Box::new(move |out| {
                let _ = wait.recv();
                writing(b"012}")(out)
            }),
        )
        .unwrap();
        let reading = Arc::clone(&stream);
        let reader = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(reading.next(false))
        });
        while stream.reader().waiting.is_none() {
            std::thread::yield_now();
        }
        if abort {
            // Before the producer may go on: what it then wrote could be read first.
            stream.give_up();
            drop(go);
            stream.abort();
            assert!(matches!(reader.join().unwrap(), Err(Error::Aborted)));
        } else {
            go.send(()).unwrap();
            stream.settle();
            assert_eq!(reader.join().unwrap().unwrap().unwrap(), [b"012}".to_vec()]);
        }
    }
}

#[test]
fn a_producer_that_fails_or_panics_says_why() {
    let failing = spawn_text(4, Box::new(|_| Err(Error::WalkFailed))).unwrap();
    assert!(matches!(failing.next_blocking(), Err(Error::WalkFailed)));
    let panicking = spawn_text(4, Box::new(|_| panic!("of a test"))).unwrap();
    let Err(error) = panicking.next_blocking() else {
        panic!()
    };
    assert!(error.to_string().contains("of a test"));
    assert!(spool_text(4, Box::new(|_| panic!("of a test"))).is_err());
}

#[test]
fn settling_frees_a_waiting_producer_and_loses_nothing() {
    let stream = spawn_text(1, writing(&[b'}'; 100])).unwrap();
    stream.settle();
    assert_eq!(read_all(&stream).concat(), [b'}'; 100]);
}

#[test]
fn an_abort_ends_a_producer_that_is_busy() {
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let stream = spawn_text(
        1,
        Box::new(move |out| {
            let _ = wait.recv();
            writing(&[7; 100])(out)
        }),
    )
    .unwrap();
    stream.aborted.store(true, Ordering::Relaxed);
    go.send(()).unwrap();
    stream.abort();
    assert!(matches!(stream.next_blocking(), Err(Error::Aborted)));
}

#[test]
fn an_abort_ends_a_producer_that_waits_for_room() {
    let stream = spawn_text(
        1,
        Box::new(|out| loop {
            out.write_all(b"x").map_err(|_| Error::Aborted)?;
        }),
    )
    .unwrap();
    stream.abort();
    assert!(matches!(stream.next_blocking(), Err(Error::Aborted)));
}

#[test]
fn many_chunks_are_waited_for_until_the_end_or_a_failure() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let lengths = |stream: &TextStream| {
        let mut lengths = Vec::new();
        while let Ok(Some(chunks)) = runtime.block_on(stream.next(true)) {
            lengths.push(chunks.len());
        }
        lengths
    };
    let whole = spawn_text(1, writing(&[b'}'; MOST_CHUNKS + 3])).unwrap();
    assert_eq!(lengths(&whole), [MOST_CHUNKS, 3]);
    let cut = || {
        let failing: Produce = Box::new(|out| {
            writing(&[7; 3])(out)?;
            Err(Error::WalkFailed)
        });
        spawn_text(1, failing).unwrap()
    };
    assert_eq!(lengths(&cut()), [3]);
    let cut = cut();
    assert_eq!(runtime.block_on(cut.next(true)).unwrap().unwrap().len(), 3);
    assert!(matches!(runtime.block_on(cut.next(true)), Err(Error::WalkFailed)));
}
