//! Tests of the channel.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn read_all(stream: &TextStream) -> Vec<Vec<u8>> {
    std::iter::from_fn(|| stream.next_blocking().unwrap()).collect()
}

#[test]
fn chunks_are_of_equal_size_and_the_last_is_shorter() {
    let stream = spawn_text(4, |out| out.write_all(b"0123456789").map_err(unread)).unwrap();
    assert_eq!(read_all(&stream), [b"0123".to_vec(), b"4567".to_vec(), b"89".to_vec()]);
}

#[test]
fn a_producer_may_start_again_until_a_chunk_is_out() {
    let stream = spawn_text(4, |out| {
        out.write_all(b"abc").map_err(unread)?;
        assert!(out.restart());
        out.write_all(b"0123").map_err(unread)?;
        assert!(!out.restart());
        Ok(())
    })
    .unwrap();
    assert_eq!(read_all(&stream), [b"0123".to_vec()]);
}

#[test]
fn a_producer_that_fails_or_panics_cuts_the_stream_off() {
    let failing = spawn_text(4, |_| Err(Error::WalkFailed)).unwrap();
    assert!(matches!(failing.next_blocking(), Err(Error::WalkFailed)));
    let panicking = spawn_text(4, |_| panic!("test")).unwrap();
    assert!(matches!(panicking.next_blocking(), Err(Error::Aborted)));
}

#[test]
fn spooling_frees_a_waiting_producer_and_loses_nothing() {
    let stream = spawn_text(1, |out| out.write_all(&[7; 100]).map_err(unread)).unwrap();
    stream.spool();
    assert_eq!(read_all(&stream).concat(), [7; 100]);
}

#[test]
fn giving_up_during_a_read_ends_a_producer_that_waits_for_room() {
    let stream = spawn_text(1, |out| loop {
        out.write_all(b"x").map_err(unread)?;
    })
    .unwrap();
    let reading = stream.reader.blocking_lock();
    stream.give_up();
    drop(reading);
    stream.join();
}

#[test]
fn an_abort_ends_a_producer_that_is_busy() {
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let stream = spawn_text(1, move |out| {
        let _ = wait.recv();
        out.write_all(&[7; 100]).map_err(unread)
    })
    .unwrap();
    stream.aborted.store(true, Ordering::Relaxed);
    go.send(()).unwrap();
    stream.abort();
    assert!(matches!(stream.next_blocking(), Err(Error::Aborted)));
}

#[test]
fn an_abort_ends_a_producer_that_waits_for_room() {
    let stream = spawn_text(1, |out| loop {
        out.write_all(b"x").map_err(unread)?;
    })
    .unwrap();
    stream.abort();
    assert!(matches!(stream.next_blocking(), Err(Error::Aborted)));
}

#[test]
fn a_producer_is_never_more_than_a_chunk_ahead() {
    let written = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = Arc::clone(&written);
    let stream = spawn_text(4, move |out| {
        for _ in 0..40 {
            out.write_all(b"x").map_err(unread)?;
            count.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    })
    .unwrap();
    for taken in 1..=10 {
        assert_eq!(stream.next_blocking().unwrap().unwrap().len(), 4);
        thread::sleep(std::time::Duration::from_millis(5));
        assert!(written.load(Ordering::SeqCst) <= 4 * (taken + 1));
    }
    assert!(stream.next_blocking().unwrap().is_none());
}
