//! What the fuzz targets begin with, and what they have found (`fixtures/fuzz`), read as they read it.

use std::path::{Path, PathBuf};

#[path = "../../fuzz/analysed.rs"]
mod analysed;

use analysed::{analysed, ask, classes, index_of, open_index};

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/fuzz")
        .join(folder);
    let files = std::fs::read_dir(folder).unwrap();
    files.map(|file| file.unwrap().path()).collect()
}

#[test]
fn seeds_are_whole_and_everything_may_be_asked_of_them() {
    for path in [files("plain"), files("compressed")].concat() {
        let bytes = std::fs::read(&path).unwrap();
        ask(&analysed(&*bytes, false).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
        assert_eq!(classes(&*bytes).unwrap(), analysed(&*bytes, false).unwrap().classes());
    }
}

#[test]
fn seeds_cut_anywhere_are_analysed_as_far_as_they_go() {
    for path in files("plain") {
        let bytes = std::fs::read(&path).unwrap();
        for end in 0..bytes.len() {
            if let Ok(analysis) = analysed(&bytes[..end], true) {
                ask(&analysis);
            }
        }
    }
}

#[test]
fn an_index_with_a_byte_changed_is_refused_or_gives_wrong_answers() {
    for path in files("plain") {
        let whole = index_of(&std::fs::read(path).unwrap());
        ask(&open_index(&whole).unwrap());
        for place in 0..whole.len() {
            for byte in [0, 0x7F, 0xFF] {
                let mut damaged = whole.clone();
                damaged[place] = byte;
                if let Some(analysis) = open_index(&damaged) {
                    ask(&analysis);
                }
            }
        }
    }
}
