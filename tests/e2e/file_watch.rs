//! Watched directories under the real daemon, with real files: each change is one run,
//! whoever is killed; what cannot be watched says so, and goes on by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rpa_tests::{Options, World, eventually};
use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
use serde_json::Value;

const ALL: &str = ", changes: [created, modified, deleted]";

/// Writes a line for each run: what has become of which file.
fn watching(world: &World, rest: &str) -> String {
    let (directory, lines) = (directory(world), world.path().join("lines"));
    let (directory, lines) = (directory.display(), lines.display());
    format!(
        "version: 1\nname: drop\nconcurrency: {{limit: 4}}\n\
         variables:\n  change: {{type: string, default: \"\"}}\n  \
         path: {{type: string, default: \"\"}}\n  size: {{type: string, default: \"\"}}\n\
         triggers:\n  - id: dropped\n    vars: {{change: \"{{{{ trigger.change }}}}\", \
         path: \"{{{{ trigger.path }}}}\", size: \"{{{{ trigger.size | string }}}}\"}}\n    \
         file_watch: {{directory: {directory}, stable_for: 200ms{rest}}}\n\
         steps:\n  - id: say\n    effect: idempotent\n    \
         env: {{RUN: \"{{{{ run.id }}}}\", CHANGE: \"{{{{ vars.change }}}}\", \
         FILE: \"{{{{ vars.path }}}}\", SIZE: \"{{{{ vars.size }}}}\"}}\n    \
         run: echo \"$RUN|$CHANGE|$FILE|$SIZE\" >> {lines}\n"
    )
}

fn directory(world: &World) -> PathBuf {
    world.path().join("in")
}

/// A directory, and a workflow that watches it. What is there then is not told of.
fn watch(world: &World, rest: &str) {
    let _ = fs::create_dir(directory(world));
    let before = begun(world);
    world.apply("drop", &watching(world, rest));
    eventually("the directory is watched", || (begun(world) > before).then_some(()));
}

/// How often a directory has begun to be watched.
fn begun(world: &World) -> usize {
    world.read("rpad.log").matches("watching").count()
}

fn put(world: &World, name: &str, text: &str) {
    let path = directory(world).join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// What each run was started for, as `created a.csv 3`, but for those that were counted. A
/// step that is killed may say it again.
fn by_run(world: &World) -> BTreeMap<String, String> {
    let counted = world.read("counted");
    let below = format!("{}/", directory(world).display());
    let mut told = BTreeMap::new();
    let lines = world.read("lines");
    // the last one may be under way
    for line in lines.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
        let parts: Vec<&str> = line.split('|').collect();
        let [run, change, path, size] = parts[..] else { panic!("{line}") };
        if counted.contains(run) {
            continue;
        }
        let text = format!("{change} {} {size}", path.strip_prefix(&below).expect("a path"));
        let before = told.insert(run.to_owned(), text.clone());
        assert!(before.is_none_or(|before| before == text), "one run, one file: {line}");
    }
    told
}

fn told(world: &World) -> Vec<String> {
    let mut told: Vec<String> = by_run(world).into_values().collect();
    told.sort();
    told
}

/// Waits until these are told of, and nothing else before a last file: what is told of
/// goes in the order in which it came to rest.
fn until_told(world: &World, mark: &str, wanted: &[&str]) {
    eventually("changes are told of", || {
        let told = told(world);
        wanted.iter().all(|one| told.iter().any(|other| other == one)).then_some(())
    });
    put(world, mark, "");
    let last = format!("created {mark} 0");
    eventually("the mark is told of", || told(world).contains(&last).then_some(()));
    let mut wanted: Vec<String> = wanted.iter().map(|&one| one.to_owned()).collect();
    wanted.push(last);
    wanted.sort();
    assert_eq!(told(world), wanted);
    // the next ones are counted from here
    let runs: String = by_run(world).into_keys().collect();
    world.file("counted", &format!("{}{runs}", world.read("counted")));
}

fn trigger(world: &World) -> Value {
    world.json(["triggers"])["triggers"][0].clone()
}

fn set_modified(path: &Path, seconds: u64) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
}

#[test]
fn what_appears_changes_and_goes_is_told_of_once() {
    let world = World::new();
    let daemon = world.start();
    fs::create_dir(directory(&world)).unwrap();
    put(&world, "old.csv", "was there");
    watch(&world, &format!(", include: \"*.csv\", exclude: \"tmp*\"{ALL}"));
    put(&world, "a.csv", "abc");
    put(&world, "a.txt", "none of its");
    put(&world, "tmp.csv", "none of its");
    put(&world, "below/a.csv", "none of its");
    symlink(directory(&world).join("a.csv"), directory(&world).join("link.csv")).unwrap();
    until_told(&world, "1.csv", &["created a.csv 3"]);
    put(&world, "a.csv", "abcd");
    put(&world, "old.csv", "is longer now");
    until_told(&world, "2.csv", &["modified a.csv 4", "modified old.csv 13"]);
    // renamed into it, within it, and out of it
    let outside = world.file("outside", "12345");
    fs::rename(&outside, directory(&world).join("b.csv")).unwrap();
    fs::rename(directory(&world).join("a.csv"), directory(&world).join("c.csv")).unwrap();
    fs::rename(directory(&world).join("old.csv"), outside).unwrap();
    let moved = ["created b.csv 5", "created c.csv 4", "deleted a.csv ", "deleted old.csv "];
    until_told(&world, "3.csv", &moved);
    // replaced in one
    let next = world.file("next", "replaced");
    fs::rename(next, directory(&world).join("b.csv")).unwrap();
    fs::remove_file(directory(&world).join("c.csv")).unwrap();
    put(&world, "c.csv", "again");
    // it came and went
    put(&world, "short.csv", "");
    fs::remove_file(directory(&world).join("short.csv")).unwrap();
    until_told(&world, "4.csv", &["modified b.csv 8", "modified c.csv 5"]);
    assert!(daemon.stop().success());
}

#[test]
fn a_file_that_is_written_slowly_is_one_run() {
    let world = World::new();
    let daemon = world.start();
    watch(&world, "");
    let mut file = File::create(directory(&world).join("slow")).unwrap();
    // it never rests for as long as it has to, and others that do are told of meanwhile
    for n in 0..8 {
        let mark = format!("mark-{n}");
        put(&world, &mark, "");
        let last = format!("created {mark} 0");
        eventually("a mark is told of", || {
            file.write_all(b"x").unwrap();
            told(&world).contains(&last).then_some(())
        });
    }
    drop(file);
    let size = fs::metadata(directory(&world).join("slow")).unwrap().len();
    let last = format!("created slow {size}");
    eventually("it is told of", || told(&world).contains(&last).then_some(()));
    assert_eq!(told(&world).len(), 9, "{:?}", told(&world));
    assert!(daemon.stop().success());
}

#[test]
fn directories_below_come_and_go() {
    let world = World::new();
    let daemon = world.start();
    watch(&world, &format!(", recursive: true, include: [\"*.csv\", \"**/*.csv\"]{ALL}"));
    put(&world, "2026/12/a.csv", "1");
    put(&world, "2026/b.csv", "22");
    until_told(&world, "1.csv", &["created 2026/12/a.csv 1", "created 2026/b.csv 2"]);
    fs::rename(directory(&world).join("2026"), directory(&world).join("2027")).unwrap();
    put(&world, "2027/12/c.csv", "333");
    let moved = [
        "created 2027/12/a.csv 1",
        "created 2027/12/c.csv 3",
        "created 2027/b.csv 2",
        "deleted 2026/12/a.csv ",
        "deleted 2026/b.csv ",
    ];
    until_told(&world, "2.csv", &moved);
    // what was renamed is watched under its new name
    put(&world, "2027/12/d.csv", "4444");
    fs::remove_file(directory(&world).join("2027/b.csv")).unwrap();
    until_told(&world, "3.csv", &["created 2027/12/d.csv 4", "deleted 2027/b.csv "]);
    fs::remove_dir_all(directory(&world).join("2027")).unwrap();
    let gone = ["deleted 2027/12/a.csv ", "deleted 2027/12/c.csv ", "deleted 2027/12/d.csv "];
    until_told(&world, "4.csv", &gone);
    assert!(daemon.stop().success());
}

#[test]
fn files_of_the_same_content_are_the_same() {
    let world = World::new();
    let daemon = world.start();
    fs::create_dir(directory(&world)).unwrap();
    put(&world, "old", "was there");
    watch(&world, ", dedupe: content");
    put(&world, "a", "abc");
    until_told(&world, "1", &["created a 3"]);
    set_modified(&directory(&world).join("a"), 1_000_000);
    set_modified(&directory(&world).join("old"), 1_000_000);
    until_told(&world, "2", &[]);
    // the cursor has moved, also over a kill
    daemon.kill();
    let daemon = world.start();
    put(&world, "a", "xyz");
    until_told(&world, "3", &["modified a 3"]);
    assert!(daemon.stop().success());
}

#[test]
fn what_changed_while_nobody_looked_is_found() {
    let world = World::new();
    let daemon = world.start();
    watch(&world, ALL);
    for name in ["a", "b", "c"] {
        put(&world, name, "1");
    }
    until_told(&world, "1", &["created a 1", "created b 1", "created c 1"]);
    assert!(daemon.stop().success());
    put(&world, "a", "22");
    fs::remove_file(directory(&world).join("b")).unwrap();
    put(&world, "d", "4444");
    let daemon = world.start();
    until_told(&world, "2", &["created d 4", "deleted b ", "modified a 2"]);
    // also by a person's wish
    world.json(["triggers", "disable", "drop", "--note", "a moment"]);
    put(&world, "e", "55555");
    world.json(["triggers", "enable", "drop"]);
    until_told(&world, "3", &["created e 5"]);
    assert!(daemon.stop().success());
}

#[test]
fn what_is_there_already_is_told_of_when_it_is_asked_for() {
    let world = World::new();
    let daemon = world.start();
    fs::create_dir(directory(&world)).unwrap();
    put(&world, "a.csv", "1");
    put(&world, "a.txt", "1");
    watch(&world, ", include: \"*.csv\", existing: fire");
    until_told(&world, "1.csv", &["created a.csv 1"]);
    // a wider declaration: what it means beside those of the one before was there before it
    watch(&world, ", include: [\"*.csv\", \"*.txt\"]");
    put(&world, "b.txt", "22");
    until_told(&world, "2.csv", &["created b.txt 2"]);
    assert!(daemon.stop().success());
}

#[test]
fn each_file_of_a_burst_is_one_run_whoever_is_killed() {
    let world = World::new();
    let daemon = world.start();
    watch(&world, "");
    for n in 0..200 {
        put(&world, &format!("file-{n:03}"), "x");
    }
    // in the middle of it, and once more
    eventually("some are told of", || (!told(&world).is_empty()).then_some(()));
    daemon.kill_alone();
    let daemon = world.start();
    let count = told(&world).len();
    eventually("more are told of", || (told(&world).len() > count).then_some(()));
    daemon.kill();
    let daemon = world.start();
    let wanted: BTreeSet<String> = (0..200).map(|n| format!("created file-{n:03} 1")).collect();
    eventually("all are told of", || {
        let told: BTreeSet<String> = by_run(&world).into_values().collect();
        (told.len() == wanted.len()).then_some(())
    });
    put(&world, "mark", "");
    eventually("the mark is told of", || (told(&world).len() > 200).then_some(()));
    let told = told(&world);
    assert_eq!(told.len(), 201, "a file has two runs: {told:?}");
    assert!(wanted.iter().all(|one| told.contains(one)), "{told:?}");
    assert!(daemon.stop().success());
}

#[test]
fn a_directory_that_is_not_there_is_told_and_waited_for() {
    let world = World::new();
    let daemon = world.start();
    world.apply("drop", &watching(&world, ALL));
    let failing = eventually("it fails", || {
        Some(trigger(&world)).filter(|trigger| trigger["status"] == "failing")
    });
    assert!(failing["why"].to_string().contains("is not there"), "{failing:#}");
    let shown = world.rpa(["triggers"]);
    assert!(shown.stdout.contains("rpa doctor"), "{shown:?}");
    let shown = world.rpa(["--lang", "bg", "doctor"]);
    assert!(shown.stdout.contains("я няма"), "{shown:?}");
    let found = world.json(["doctor"])["findings"].as_array().unwrap().clone();
    let found = found.iter().find(|f| f["check"] == "schedules" && f["severity"] == "error");
    assert!(found.expect("a finding").to_string().contains("is not there"), "{found:?}");
    let log = world.read("rpad.log");
    assert!(log.contains("RPA0547"), "the log has the code: {log}");
    // the first look that succeeds is where it begins
    fs::create_dir(directory(&world)).unwrap();
    eventually("it is watched", || (begun(&world) == 1).then_some(()));
    assert_eq!(trigger(&world)["status"], "armed");
    put(&world, "a", "1");
    put(&world, "b", "1");
    until_told(&world, "1", &["created a 1", "created b 1"]);
    // away and back: nothing has changed, and nothing of it is deleted
    let aside = world.path().join("aside");
    fs::rename(directory(&world), &aside).unwrap();
    fs::create_dir(directory(&world)).unwrap();
    let failing = eventually("it fails", || {
        Some(trigger(&world)).filter(|trigger| trigger["status"] == "failing")
    });
    assert!(failing["why"].to_string().contains("not mounted"), "{failing:#}");
    fs::remove_dir(directory(&world)).unwrap();
    fs::rename(&aside, directory(&world)).unwrap();
    put(&world, "a", "22");
    until_told(&world, "2", &["modified a 2"]);
    // another one, and files in it
    fs::remove_dir_all(directory(&world)).unwrap();
    fs::create_dir(directory(&world)).unwrap();
    put(&world, "c", "333");
    let last = "created c 3".to_owned();
    eventually("it goes on", || told(&world).contains(&last).then_some(()));
    assert!(daemon.stop().success());
}

/// Directories in each other, with a file in each, until no path reaches the last one.
fn nest(root: &Path) {
    let name = "d".repeat(250);
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    let mut last = openat(CWD, root, flags, Mode::empty()).unwrap();
    for _ in 0..20 {
        mkdirat(&last, &name, Mode::RWXU).unwrap();
        last = openat(&last, &name, flags, Mode::empty()).unwrap();
        openat(&last, "f.txt", OFlags::CREATE | OFlags::WRONLY, Mode::RUSR).unwrap();
    }
}

#[test]
fn what_cannot_be_read_below_a_directory_is_passed_over_and_told() {
    let world = World::new();
    let daemon = world.start();
    watch(&world, &format!(", recursive: true, include: \"**/*.csv\"{ALL}"));
    put(&world, "a.csv", "1");
    until_told(&world, "1.csv", &["created a.csv 1"]);
    nest(&directory(&world));
    let failing = eventually("it is told", || {
        Some(trigger(&world)).filter(|trigger| trigger["status"] == "failing")
    });
    let why = failing["why"].to_string();
    assert!(why.contains("passed over") && why.len() < 1_000, "{why}");
    // the rest goes on, also what comes later, and it stays told
    put(&world, "below/b.csv", "22");
    put(&world, "a.csv", "333");
    until_told(&world, "2.csv", &["created below/b.csv 2", "modified a.csv 3"]);
    assert_eq!(trigger(&world)["status"], "failing");
    fs::remove_dir_all(directory(&world).join("d".repeat(250))).unwrap();
    eventually("it is well", || (trigger(&world)["status"] == "armed").then_some(()));
    assert!(daemon.stop().success());
}

#[test]
fn a_file_without_an_end_is_known_by_its_metadata() {
    let world = World::new();
    let daemon = world.start();
    fs::create_dir(directory(&world)).unwrap();
    let sparse = |name: &str, bytes: u64| {
        let file = File::create(directory(&world).join(name)).unwrap();
        file.set_len(bytes).unwrap();
    };
    // to read one of them would take a day
    sparse("old", 1 << 43);
    watch(&world, ", dedupe: content");
    sparse("huge", 1 << 43);
    put(&world, "a", "abc");
    until_told(&world, "1", &["created a 3", &format!("created huge {}", 1u64 << 43)]);
    set_modified(&directory(&world).join("huge"), 1_000_000);
    set_modified(&directory(&world).join("a"), 1_000_000);
    until_told(&world, "2", &[&format!("modified huge {}", 1u64 << 43)]);
    assert!(daemon.stop().success());
}

#[test]
fn names_that_are_no_text_are_passed_over_and_told() {
    let world = World::new();
    let daemon = world.start();
    watch(&world, "");
    let odd = std::ffi::OsStr::from_bytes(b"\xff.csv");
    fs::write(directory(&world).join(odd), "x").unwrap();
    put(&world, "esc\u{1b}[2J", "1");
    until_told(&world, "1", &["created esc\u{1b}[2J 1"]);
    let found = world.json(["doctor"])["findings"].as_array().unwrap().clone();
    let found = found.iter().find(|f| f["severity"] == "note" && f["check"] == "schedules");
    assert!(found.expect("a finding").to_string().contains("is no UTF-8"), "{found:?}");
    assert!(daemon.stop().success());
}

#[test]
fn without_the_kernel_it_looks_by_itself() {
    let world = World::new();
    let daemon = world.start_with(&Options::default());
    watch(&world, &format!(", poll: 1s{ALL}"));
    put(&world, "a", "1");
    until_told(&world, "1", &["created a 1"]);
    put(&world, "a", "22");
    fs::remove_file(directory(&world).join("1")).unwrap();
    until_told(&world, "2", &["deleted 1 ", "modified a 2"]);
    assert!(daemon.stop().success());
}
