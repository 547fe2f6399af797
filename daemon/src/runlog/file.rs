//! The writing end of one log.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rpa_config::units::stamp;

use super::line::{self, Entry};
use super::{STRIDE, read};
use crate::rundir;

#[derive(Debug)]
pub struct LogFile {
    log: File,
    index: File,
    bytes: u64,
    lines: u64,
    limit: u64,
    /// The limit was reached, and the log says so.
    full: bool,
    buffer: String,
}

impl LogFile {
    /// Opens the log in the run's directory, which is made at the first line. A
    /// last line without its end (the machine went down) is ended first.
    pub fn open(dir: &Path, limit: u64) -> io::Result<LogFile> {
        rundir::create(dir)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o600);
        let mut log = options.open(dir.join("log"))?;
        let index = options.open(dir.join("log.idx"))?;
        let mut bytes = log.seek(SeekFrom::End(0))?;
        read::within(bytes, limit)?;
        if bytes > 0 {
            log.seek(SeekFrom::End(-1))?;
            let mut last = [0];
            log.read_exact(&mut last)?;
            if last != *b"\n" {
                log.write_all(b"\n")?;
                bytes += 1;
            }
        }
        let lines = read::repair_index(&log, &index, bytes)?;
        Ok(LogFile { log, index, bytes, lines, limit, full: bytes > limit, buffer: String::new() })
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Appends all entries in one write; returns the number of lines now.
    pub fn append(&mut self, entries: &[Entry], now_ms: u64) -> io::Result<u64> {
        if self.full {
            return Ok(self.lines);
        }
        let time = stamp(now_ms);
        let mut marks = Vec::new();
        self.buffer.clear();
        let mut lines = self.lines;
        for entry in entries {
            let start = self.bytes + self.buffer.len() as u64;
            if start > self.limit {
                self.full = true;
            }
            if lines.is_multiple_of(STRIDE) {
                marks.extend_from_slice(&start.to_le_bytes());
            }
            lines += 1;
            if self.full {
                line::format(&limit_reached(self.limit), &time, &mut self.buffer);
                break;
            }
            line::format(entry, &time, &mut self.buffer);
        }
        if let Err(error) = self.log.write_all(self.buffer.as_bytes()) {
            // what was written in part must not run into the next line
            let _ = self.log.set_len(self.bytes);
            return Err(error);
        }
        self.bytes += self.buffer.len() as u64;
        self.lines = lines;
        if !marks.is_empty() {
            self.index.write_all(&marks)?;
        }
        Ok(self.lines)
    }
}

fn limit_reached(limit: u64) -> Entry {
    Entry {
        path: "-".into(),
        attempt: 0,
        stream: "rpad",
        level: "warn",
        text: format!(
            "the log has reached its limit of {limit} bytes (runs.log_limit): what follows is \
             not kept"
        ),
    }
}
