//! Looks at real directories: what strangers may have put there keeps nobody from the rest.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use rpa_config::file_watch::Globs;
use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
use rustix::io::Errno;
use tempfile::TempDir;

use super::super::below::Below;
use super::super::scan::{self, Content, MOST_SUMMED, Scope, Sight};

static GOES_ON: AtomicBool = AtomicBool::new(false);

/// A directory with the file `a`.
fn directory() -> (TempDir, Scope) {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a"), "1").unwrap();
    let globs = Globs::new(&["**"], &[] as &[&str]).unwrap();
    let scope = Scope { directory: directory.path().to_owned(), recursive: true, globs };
    (directory, scope)
}

fn names(content: &Content) -> Vec<&str> {
    content.files.keys().map(String::as_str).collect()
}

/// Directories in each other until no path reaches the last one; the names of the files
/// in them.
fn nest(root: &Path) {
    let name = "d".repeat(250);
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    let mut last = openat(CWD, root, flags, Mode::empty()).unwrap();
    for _ in 0..20 {
        mkdirat(&last, &name, Mode::RWXU).unwrap();
        last = openat(&last, &name, flags, Mode::empty()).unwrap();
        let create = OFlags::CREATE | OFlags::WRONLY;
        openat(&last, "f", create, Mode::RUSR | Mode::WUSR).unwrap();
    }
}

#[test]
fn a_path_that_nobody_can_name_is_passed_over() {
    let (directory, scope) = directory();
    nest(directory.path());
    let content = scan::all(&scope, &GOES_ON, |_, _| {}).unwrap();
    assert!(content.files.contains_key("a"), "{:?}", names(&content));
    // as many as a path has room for
    assert_eq!(content.files.len(), 1 + 4096 / 251, "{:?}", names(&content));
    assert_eq!(content.unread.len(), 1);
    let (below, error) = content.unread.first().unwrap();
    assert_eq!(error, Errno::NAMETOOLONG);
    assert!(content.unread.covers(&format!("{below}/f")));
    assert_eq!(scan::one(&scope, &format!("{below}/f")).unwrap(), Sight::Unread(error));
}

#[test]
fn nobody_is_led_out_of_a_directory() {
    let (directory, scope) = directory();
    let outside = tempfile::tempdir().unwrap();
    fs::create_dir_all(outside.path().join("sub")).unwrap();
    fs::write(outside.path().join("sub/secret"), "12345").unwrap();
    let inside = directory.path().join("in");
    fs::create_dir_all(inside.join("sub")).unwrap();
    fs::write(inside.join("sub/b"), "1").unwrap();
    // found as a directory, and a link when it is read
    let swap = |_: &Path, below: &str| {
        if below == "in/sub" {
            fs::rename(&inside, directory.path().join("aside")).unwrap();
            symlink(outside.path(), &inside).unwrap();
        }
    };
    let content = scan::all(&scope, &GOES_ON, swap).unwrap();
    assert_eq!(names(&content), ["a"]);
    assert_eq!(content.unread.len(), 0, "it has gone");
    let root = Below::of(directory.path()).unwrap();
    assert_eq!(root.directory("in").unwrap_err(), Errno::NOTDIR);
    assert_eq!(root.directory("in/sub").unwrap_err(), Errno::NOTDIR);
    assert_eq!(root.file("in/sub/secret").unwrap_err(), Errno::NOTDIR);
    assert_eq!(scan::one(&scope, "in/sub/secret").unwrap(), Sight::Nothing);
    assert!(matches!(scan::one(&scope, "aside/sub/b").unwrap(), Sight::File(_)));
    // the directory itself may be one
    let link = outside.path().join("link");
    symlink(directory.path(), &link).unwrap();
    let linked = Scope { directory: link, ..scope };
    let content = scan::all(&linked, &GOES_ON, |_, _| {}).unwrap();
    assert_eq!(names(&content), ["a", "aside/sub/b"]);
}

#[test]
fn the_directory_itself_has_to_be_one() {
    let (directory, scope) = directory();
    let file = Scope { directory: directory.path().join("a"), ..scope };
    let told = scan::all(&file, &GOES_ON, |_, _| {});
    assert!(matches!(told, Err(scan::ScanError::NoDirectory(_))), "{told:?}");
    let gone = Scope { directory: directory.path().join("gone"), ..file };
    assert!(matches!(scan::one(&gone, "a"), Err(scan::ScanError::Unreadable(..))));
}

#[test]
fn what_is_read_of_a_file_has_an_end() {
    let sum = |bytes| scan::sum(io::repeat(7), bytes, &GOES_ON);
    assert_eq!(sum(1_000_000), Some(*blake3::hash(&vec![7; 1_000_000]).as_bytes()));
    assert_eq!(scan::sum(io::repeat(7), 1, &AtomicBool::new(true)), None, "the daemon stops");

    let (directory, scope) = directory();
    let huge = File::create(directory.path().join("huge")).unwrap();
    huge.set_len(1 << 60).or_else(|_| huge.set_len(MOST_SUMMED + 1)).unwrap();
    let content = |name: &str| {
        let Sight::File(found) = scan::one(&scope, name).unwrap() else { panic!("{name}") };
        scan::content(&scope, name, found, &GOES_ON)
    };
    assert_eq!(content("huge"), None, "it is known by its metadata");
    assert_eq!(content("a"), Some(*blake3::hash(b"1").as_bytes()));
    let Sight::File(found) = scan::one(&scope, "a").unwrap() else { panic!() };
    fs::write(directory.path().join("a"), "12").unwrap();
    assert_eq!(scan::content(&scope, "a", found, &GOES_ON), None, "it has changed");
}
