//! Made-up heaps, in a file that stands for the memory of a process.

use super::regions::PAGE;
use super::*;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

const BEGIN: u64 = 0x40_0000;
const META: u64 = BEGIN + 0x40;
const MAP: u64 = BEGIN + 0x80;

/// A made-up process: `/proc/PID` with the two files that are read.
struct Process {
    folder: PathBuf,
    mem: File,
}

impl Process {
    fn new(name: &str, megabytes: u64) -> Process {
        let folder = std::env::temp_dir().join(format!("rs-profiler-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let end = BEGIN + (megabytes << 20);
        let smaps = format!(
            "1000-2000 r--p 00000000 00:00 0 /bin/node\nRss: 4 kB\nVmFlags: rd mr mw me \n\
             {BEGIN:x}-{end:x} rw-p 00000000 00:00 0 \nRss: 4 kB\nVmFlags: rd wr mr mw me dc \n\
             70000000-80000000 rw-p 00000000 00:00 0 [heap]\nVmFlags: rd wr mr mw me ac \n"
        );
        fs::write(folder.join("smaps"), smaps).unwrap();
        let mem = File::create(folder.join("mem")).unwrap();
        mem.set_len(end).unwrap();
        let process = Process { folder, mem };
        process.write(META, &[META + 1]);
        process.write(MAP, &[META + 1]);
        process
    }

    fn write(&self, address: u64, words: &[u64]) {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.mem.write_all_at(&bytes, address).unwrap();
    }

    /// Objects of four words, of which one refers to `target`.
    fn fill(&self, begin: u64, bytes: u64, target: u64) {
        let object = [MAP + 1, target + 1, 7 << 32, 0x1234_5678];
        let words = object.repeat((bytes / 32) as usize);
        self.write(begin, &words);
    }

    fn sample(&self, used: u64) -> Option<HeapSample> {
        sample_heap(&self.folder, used).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).unwrap();
    }
}

fn is_near(estimate: f64, truth: f64) -> bool {
    (estimate / truth - 1.0).abs() < 0.1
}

#[test]
fn objects_and_references_are_counted() {
    let process = Process::new("objects", 8);
    let (begin, bytes) = (BEGIN + PAGE, 8 << 20 >> 1);
    process.fill(begin, bytes, begin);
    let sample = process.sample(bytes).unwrap();
    let objects = (bytes / 32) as f64;
    assert!(is_near(sample.nodes, objects), "{sample:?}");
    assert!(is_near(sample.edges, 2.0 * objects), "{sample:?}");
    assert_eq!(sample.longest, 0.0);
}

#[test]
fn what_is_free_again_does_not_count() {
    let process = Process::new("free", 8);
    process.fill(BEGIN + PAGE, 6 << 20, BEGIN + PAGE);
    let sample = process.sample(3 << 20).unwrap();
    assert!(is_near(sample.nodes, f64::from(3 << 20) / 32.0), "{sample:?}");
}

#[test]
fn large_arrays_count_their_references_twice() {
    let process = Process::new("array", 8);
    let (length, first) = (400_000, BEGIN + PAGE + 0x1148);
    process.fill(BEGIN + 0x1000, 0x1000, BEGIN + 0x1000);
    process.write(first, &[MAP + 1, length << 32]);
    process.write(first + 16, &vec![BEGIN + 0x1001; length as usize]);
    let sample = process.sample(length * 8 + 0x1000).unwrap();
    assert!(is_near(sample.longest, length as f64), "{sample:?}");
    assert!(is_near(sample.edges, 2.0 * length as f64), "{sample:?}");
    assert!(sample.nodes < 0.01 * length as f64, "{sample:?}");
}

#[test]
fn large_arrays_of_numbers_or_holes_have_no_references() {
    let process = Process::new("numbers", 8);
    let (length, first) = (400_000, BEGIN + PAGE + 0x1148);
    process.fill(BEGIN + 0x1000, 0x1_0000, BEGIN + 0x1000);
    process.write(first, &[MAP + 1, length << 32]);
    process.write(first + 16, &vec![7 << 32; length as usize]);
    assert_eq!(process.sample(1 << 20).unwrap().longest, 0.0);
    // An object outside of what can be written: read-only space.
    process.write(0x1100, &[MAP + 1]);
    process.write(first + 16, &vec![0x1101; length as usize]);
    assert_eq!(process.sample(1 << 20).unwrap().longest, 0.0);
}

#[test]
fn a_length_that_leads_out_of_the_heap_is_none() {
    let process = Process::new("length", 2);
    process.fill(BEGIN + 0x1000, 0x1000, BEGIN + 0x1000);
    process.write(BEGIN + PAGE + 0x1148, &[MAP + 1, u64::MAX << 32]);
    assert_eq!(process.sample(1 << 20).unwrap().longest, 0.0);
}

#[test]
fn text_is_not_taken_for_references() {
    let process = Process::new("text", 4);
    process.fill(BEGIN + 0x1000, 0x4000, BEGIN + 0x1000);
    let letters = vec![u64::from_le_bytes(*b"aaaaaaaa"); 3 << 17];
    process.write(BEGIN + PAGE, &letters);
    let sample = process.sample(3 << 20).unwrap();
    assert!(sample.nodes < 4000.0 && sample.edges < 8000.0, "{sample:?}");
}

#[test]
fn without_a_heap_there_is_no_sample() {
    let process = Process::new("empty", 1);
    process.write(META, &[0]);
    assert_eq!(process.sample(1 << 20), None);
    fs::write(process.folder.join("smaps"), "").unwrap();
    assert_eq!(process.sample(1 << 20), None);
    fs::remove_file(process.folder.join("smaps")).unwrap();
    assert!(sample_heap(&process.folder, 1).is_err());
}

#[test]
#[cfg(target_os = "linux")]
fn this_process_can_be_read_and_has_no_heap_of_v8() {
    assert_eq!(sample_heap(Path::new("/proc/self"), 1 << 20).unwrap(), None);
}
