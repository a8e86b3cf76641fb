//! Tests of targets, in folders of their own.

#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("rs-profiler-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    // Links above it are not what is tested.
    fs::canonicalize(folder).unwrap()
}

fn write(path: &Path, text: &str) -> Result<()> {
    let mut target = Target::open(path)?;
    target.write_all(text.as_bytes()).unwrap();
    target.commit()
}

fn listed(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_file_has_its_name_only_after_commit() {
    let folder = folder("commit");
    let path = folder.join("a.json");
    let mut target = Target::open(&path).unwrap();
    target.write_all(b"{}").unwrap();
    assert!(!path.exists());
    target.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"{}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
#[cfg(unix)]
fn a_device_is_written_as_it_is_and_links_stay() {
    let folder = folder("special");
    let (target, link, dangling) = (folder.join("a.json"), folder.join("link.json"), folder.join("b"));
    fs::write(&target, "old").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    write(&link, "new").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&target).unwrap(), b"new");
    std::os::unix::fs::symlink("c", &dangling).unwrap();
    write(&dangling, "new").unwrap();
    assert!(fs::symlink_metadata(&dangling).unwrap().is_symlink());
    assert_eq!(fs::read(folder.join("c")).unwrap(), b"new");
    write(Path::new("/dev/null"), "new").unwrap();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn names_as_long_as_they_may_be_work_and_are_cut_between_characters() {
    let folder = folder("long");
    for name in ["x".repeat(255), "\u{e4}".repeat(127), "x".repeat(101)] {
        let path = folder.join(name);
        assert!(temporary(&path).file_name().unwrap().len() <= path.file_name().unwrap().len());
        write(&path, "new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }
    assert_eq!(listed(&folder), 3);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn two_captures_of_one_name_do_not_mix_and_a_dropped_one_leaves_nothing() {
    let folder = folder("drop");
    let path = folder.join("a.json");
    let (first, second) = (Target::open(&path).unwrap(), Target::open(&path).unwrap());
    assert_eq!(listed(&folder), 2);
    drop((first, second));
    assert_eq!(listed(&folder), 0);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_written_directly_is_kept_until_the_first_byte_and_emptied_on_failure() {
    let folder = folder("direct");
    let (path, new) = (folder.join("a.json"), folder.join("b.json"));
    let direct = |path: &Path| {
        let (file, place) = open_direct(path).unwrap();
        let path = path.to_path_buf();
        Target {
            file,
            path,
            place,
            failure: None,
        }
    };
    fs::write(&path, "old and longer").unwrap();
    drop(direct(&path));
    assert_eq!(fs::read(&path).unwrap(), b"old and longer");
    let mut target = direct(&path);
    assert!(open_direct(&path).is_err());
    target.write_all(b"new").unwrap();
    target.commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    let mut target = direct(&path);
    target.write_all(b"half").unwrap();
    drop(target);
    assert_eq!(fs::read(&path).unwrap(), b"");
    drop(direct(&new));
    assert_eq!(listed(&folder), 1);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_complete_file_is_copied_where_no_rename_can_be() {
    let folder = folder("copy");
    let (from, to) = (folder.join("a"), folder.join("b"));
    fs::write(&from, "new").unwrap();
    fs::write(&to, "old and longer").unwrap();
    direct::copy(&from, &to).unwrap();
    assert_eq!(fs::read(&to).unwrap(), b"new");
    fs::remove_dir_all(folder).unwrap();
}
