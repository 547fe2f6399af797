//! `/proc/PID/stat`, the four fields that tell whose process it is.

use std::fs;
use std::io;
use std::path::PathBuf;

use rustix::io::Errno;

/// One process or thread, as proc_pid_stat(5) describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    /// Field 3: `R`, `S`, `D`, `T`, `Z`, `X` and others.
    pub(super) state: u8,
    /// Field 5.
    pub(super) pgrp: i32,
    /// Field 22: clock ticks from boot to its start.
    pub(super) start: u64,
}

/// The process `pid`; `None` when there is none.
pub(super) fn read(pid: i32) -> io::Result<Option<Stat>> {
    read_file(PathBuf::from(format!("/proc/{pid}/stat")))
}

/// Whether any thread of process `pid` still runs.
///
/// A process whose first thread has ended shows as a zombie while others go on.
pub(super) fn runs(pid: i32, stat: &Stat) -> bool {
    if !ended(stat.state) {
        return true;
    }
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return false };
    threads
        .flatten()
        .filter_map(|thread| read_file(thread.path().join("stat")).ok().flatten())
        .any(|thread| !ended(thread.state))
}

/// The ids of all processes that can be seen.
pub(super) fn pids() -> io::Result<impl Iterator<Item = i32>> {
    let entries = fs::read_dir("/proc")?;
    Ok(entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()))
}

fn ended(state: u8) -> bool {
    matches!(state, b'Z' | b'X' | b'x')
}

fn read_file(path: PathBuf) -> io::Result<Option<Stat>> {
    match fs::read(path) {
        Ok(line) => match parse(&line) {
            Some(stat) => Ok(Some(stat)),
            None => Err(io::Error::new(io::ErrorKind::InvalidData, "unknown form of stat")),
        },
        // gone before the open, or between open and read
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) if Errno::from_io_error(&e) == Some(Errno::SRCH) => Ok(None),
        Err(e) => Err(e),
    }
}

/// The second field is the command in parentheses, and may hold any bytes itself,
/// spaces and parentheses included: what counts stands behind the last `)`.
fn parse(line: &[u8]) -> Option<Stat> {
    let close = line.iter().rposition(|b| *b == b')')?;
    let rest = std::str::from_utf8(&line[close + 1..]).ok()?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    // fields[0] is the third
    Some(Stat {
        state: *fields.first()?.as_bytes().first()?,
        pgrp: fields.get(2)?.parse().ok()?,
        start: fields.get(19)?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_may_look_like_fields() {
        let tail = "7 42 1 0 -1 4194304 93 0 0 0 0 0 0 0 20 0 1 0 8765432 2621440 200";
        for comm in ["sh", "a b", "x) R 1 2 3", "((", "\u{e9})"] {
            let line = format!("123 ({comm}) S {tail}");
            let stat = parse(line.as_bytes()).unwrap();
            assert_eq!(stat, Stat { state: b'S', pgrp: 42, start: 8_765_432 }, "{comm}");
        }
        assert_eq!(parse(b"123 (\xff) Z 1 2 3"), None);
        assert_eq!(parse(b""), None);
    }

    #[test]
    fn this_process_is_there_and_runs() {
        let pid = std::process::id() as i32;
        let stat = read(pid).unwrap().unwrap();
        assert!(runs(pid, &stat));
        assert!(pids().unwrap().any(|p| p == pid));
        assert_eq!(read(i32::MAX).unwrap(), None);
    }
}
