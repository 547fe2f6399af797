//! What lies under the log's name when a step has been there.

use std::fs;

use proptest::prelude::*;

use super::*;

fn window(path: &std::path::Path, extent: (u64, u64), anchor: u64) -> io::Result<Window> {
    let wanted = Wanted { anchor, before: 50, after: 50, step: None, text: None };
    read_window(path, extent, &wanted, never())
}

fn search(path: &std::path::Path, extent: (u64, u64), text: &str) -> io::Result<Found> {
    let text = Text::new(text).unwrap();
    find(path, extent, &Search { text: &text, step: None, from: 0, backwards: false }, never())
}

#[test]
fn a_torn_last_line_is_not_yet_there() {
    let (_dir, logs, run) = long_log(3_000);
    logs.close(run);
    let path = logs.path(run);
    let log = fs::read(&path).unwrap();
    fs::write(&path, &log[..log.len() - 1]).unwrap();
    let extent = logs.length(run).unwrap();
    let seen = window(&path, extent, u64::MAX).unwrap();
    assert_eq!((seen.total, seen.to), (2_999, 2_999));
    assert_eq!(seen.lines.back().unwrap().1.text, "line 2998");
    assert_eq!(search(&path, extent, "line 2999").unwrap().line, None);
}

#[test]
fn lines_that_are_not_ours_are_text() {
    let (_dir, logs, run) = logs(u64::MAX);
    logs.append(run, &[entry("a", "ours")]).unwrap();
    logs.close(run);
    let path = logs.path(run);
    let mut log = fs::read(&path).unwrap();
    log.extend(b"what is \xff this\n\n");
    fs::write(&path, &log).unwrap();
    let extent = logs.length(run).unwrap();
    let seen = window(&path, extent, u64::MAX).unwrap();
    let texts: Vec<_> = seen.lines.iter().map(|(_, line)| line.text.as_str()).collect();
    assert_eq!(texts, ["ours", "what is \u{fffd} this", ""]);
    assert_eq!(search(&path, extent, "what").unwrap().line, Some(1));
}

#[test]
fn a_log_without_its_index_is_read_all_the_same() {
    let (_dir, logs, run) = long_log(3_000);
    logs.close(run);
    let path = logs.path(run);
    fs::remove_file(path.with_file_name("log.idx")).unwrap();
    let seen = window(&path, logs.length(run).unwrap(), 2_000).unwrap();
    assert_eq!((seen.from, seen.to, seen.total), (1_950, 2_050, 3_000));
}

#[test]
fn a_log_that_was_cut_while_it_is_written_has_its_own_length() {
    let (_dir, logs, run) = long_log(3_000);
    let path = logs.path(run);
    let log = fs::read(&path).unwrap();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(log.len() as u64 / 2).unwrap();
    let seen = window(&path, logs.length(run).unwrap(), u64::MAX).unwrap();
    assert!(seen.total < 3_000 && seen.to == seen.total && seen.lines.len() == 50, "{seen:?}");
}

#[test]
fn links_pipes_and_endless_lines_are_refused() {
    let (dir, logs, run) = logs(u64::MAX);
    let path = logs.path(run);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let other = dir.path().join("other");
    fs::write(&other, "secret\n").unwrap();
    std::os::unix::fs::symlink(&other, &path).unwrap();
    assert!(window(&path, (7, 1), 0).is_err());
    fs::remove_file(&path).unwrap();
    fs::write(&path, vec![b'x'; 3 << 20]).unwrap();
    assert!(window(&path, (3 << 20, 9), u64::MAX).is_err());
    fs::write(&path, [&vec![b'x'; 3 << 20][..], b"\n"].concat()).unwrap();
    assert!(logs.length(run).is_err());
    let extent = ((3 << 20) + 1, 1);
    assert!(window(&path, extent, u64::MAX).is_err());
    assert!(search(&path, extent, "y").is_err());
}

fn stretch(path: &std::path::Path, bytes: u64) {
    fs::OpenOptions::new().write(true).open(path).unwrap().set_len(bytes).unwrap();
}

/// What reads it comes to no end.
const HUGE: u64 = 1 << 40;

#[test]
fn a_log_that_was_stretched_is_refused_unread() {
    for limit in [1 << 20, u64::MAX] {
        let (_dir, logs, run) = logs(limit);
        logs.append(run, &[entry("a", "ours")]).unwrap();
        let path = logs.path(run);
        let written = logs.length(run).unwrap();
        stretch(&path, HUGE);
        assert_eq!(logs.length(run).unwrap(), written, "what was written is known");
        assert_eq!(window(&path, written, 0).unwrap().lines.len(), 1);
        logs.close(run);
        assert!(logs.length(run).is_err());
        assert!(logs.append(run, &[entry("a", "more")]).is_err());
        let unharmed = logs.bytes(run).unwrap() == HUGE;
        assert!(unharmed || limit == u64::MAX, "something was written");
        // whatever extent is believed
        for extent in [(HUGE, 2), (HUGE, HUGE), (HUGE + 1, 2)] {
            assert!(window(&path, extent, u64::MAX).is_err());
            assert!(search(&path, extent, "no such text").is_err());
        }
        let range = Range { from: 1, max: 9, step: None };
        assert!(read_range(&path, &range, never()).is_err());
    }
}

#[test]
fn lines_that_no_log_has_room_for_are_not_counted() {
    let (_dir, logs, run) = logs(1000);
    logs.append(run, &[entry("a", "ours")]).unwrap();
    logs.close(run);
    let path = logs.path(run);
    fs::write(&path, vec![b'\n'; (2 << 20) + 1000]).unwrap();
    assert_eq!(logs.length(run).unwrap().1, (2 << 20) + 1000);
    fs::write(&path, vec![b'\n'; (2 << 20) + 1001]).unwrap();
    assert!(logs.length(run).unwrap_err().to_string().contains("runs.log_limit"));
    assert!(logs.append(run, &[entry("a", "more")]).is_err());
}

#[test]
fn lines_without_end_are_not_counted_to_the_end() {
    let (_dir, logs, run) = long_log(3_000);
    logs.close(run);
    let path = logs.path(run);
    stretch(&path, HUGE);
    fs::remove_file(path.with_file_name("log.idx")).unwrap();
    assert!(logs.length(run).is_err());
}

#[test]
fn an_index_that_was_stretched_is_cut() {
    let (_dir, logs, run) = long_log(3_000);
    logs.close(run);
    let path = logs.path(run);
    let index = path.with_file_name("log.idx");
    let entries = fs::metadata(&index).unwrap().len();
    stretch(&index, HUGE);
    assert_eq!(logs.length(run).unwrap().1, 3_000);
    let seen = window(&path, logs.length(run).unwrap(), 2_000).unwrap();
    assert_eq!((seen.from, seen.to, seen.total), (1_950, 2_050, 3_000));
    logs.append(run, &[entry("a", "more")]).unwrap();
    assert_eq!(logs.length(run).unwrap().1, 3_001);
    assert_eq!(fs::metadata(&index).unwrap().len(), entries);
}

#[test]
fn an_index_that_leads_astray_is_followed_until_the_deadline() {
    let (_dir, logs, run) = long_log(20_000);
    let path = logs.path(run);
    let extent = logs.length(run).unwrap();
    let index = path.with_file_name("log.idx");
    let sound = fs::read(&index).unwrap();
    let text = Text::new("line 19000").unwrap();
    let look = |from, deadline| {
        let search = Search { text: &text, step: None, from, backwards: false };
        let wanted = Wanted { anchor: from, before: 1, after: 1, step: None, text: None };
        let range = Range { from, max: 1, step: None };
        let texts = (
            find(&path, extent, &search, deadline).ok()?.line,
            read_window(&path, extent, &wanted, deadline).ok()?.lines.pop_back()?.1.text,
            read_range(&path, &range, deadline).ok()?.0.pop()?.1.text,
        );
        Some(texts)
    };
    let there = Some((Some(19_000), "line 19000".to_owned(), "line 19000".to_owned()));
    assert_eq!(look(19_000, Instant::now()), there);
    let zeros = vec![0; sound.len()];
    let first = sound[..8].to_vec();
    for wrong in [first, zeros, vec![0xff; sound.len()], Vec::new()] {
        fs::write(&index, wrong).unwrap();
        assert_eq!(look(19_000, never()), there);
        assert_eq!(look(19_000, Instant::now()), None);
    }
    fs::remove_file(&index).unwrap();
    assert_eq!(look(19_000, Instant::now()), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_lies_there_an_end_is_reached(
        log in prop::collection::vec(prop_oneof![3 => Just(b'\n'), 2 => Just(b' '), 5 => any::<u8>()], 0..2_000),
        index in prop::collection::vec(prop_oneof![0..2_000u64, any::<u64>()], 0..3),
        extent in (0..3_000u64, prop_oneof![0..100u64, 0..3_000u64]),
        from in 0..3_000u64,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        fs::write(&path, &log).unwrap();
        let index: Vec<u8> = index.into_iter().flat_map(u64::to_le_bytes).collect();
        fs::write(path.with_file_name("log.idx"), index).unwrap();
        for step in [None, Some("a")] {
            let wanted = Wanted { anchor: from, before: 9, after: 9, step, text: None };
            if let Ok(seen) = read_window(&path, extent, &wanted, Instant::now()) {
                prop_assert!(seen.from <= seen.to && seen.to <= seen.total, "{seen:?}");
            }
        }
        let text = Text::new("a").unwrap();
        for backwards in [false, true] {
            let mut next = from;
            for round in 0.. {
                prop_assert!(round < 3_001, "no end");
                let search = Search { text: &text, step: None, from: next, backwards };
                match find(&path, extent, &search, Instant::now()) {
                    Ok(found) if !found.done => next = found.next,
                    Ok(_) | Err(_) => break,
                }
            }
        }
    }
}
