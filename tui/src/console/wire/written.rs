//! The log of a run written to a file, a page at a time: however long it is, no more than
//! a page of it is in memory.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rpa_ipc::service::{LogAnchor, LogQuery, LogWindowQuery, RpadClient, run_ref};
use rpa_ipc::view::LogLine;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio::time::Instant;

use super::calls::once;
use super::post::Post;
use crate::console::private;
use crate::console::state::{LogFile, Unwritten, Written};
use crate::text::sanitize;

/// Lines of a page: the most that the daemon gives.
const PAGE: u32 = 10_000;
/// Bytes of a file: more is not read in a pager, and is on the daemon's disk anyway.
const MOST: u64 = 1 << 30;

/// Writes what is in the log by now. A file that is there already is left alone; one that
/// could not be finished is removed.
pub(super) async fn write(
    post: &Post,
    wanted: &LogFile,
    deadline: Instant,
) -> Result<Written, Unwritten> {
    let asked = match &wanted.to {
        None => private::file(&wanted.name()).map(|(path, file)| (path, file, true)),
        Some(to) => {
            let path = expanded(to);
            // to be found again by who reads where it is
            let path = std::path::absolute(&path).unwrap_or(path);
            private::new(&path).map(|file| (path, file, false))
        }
    };
    let (path, file, is_private) = asked.map_err(|error| Unwritten::Io(error.to_string()))?;
    let written = fill(post, wanted, File::from_std(file), deadline).await;
    match written {
        Ok((lines, cut)) => Ok(Written { path, lines, cut }),
        Err(why) => {
            match is_private {
                true => private::discard(&path),
                false => {
                    // it was made a moment ago, and nobody has it
                    let _ = tokio::fs::remove_file(&path).await;
                }
            }
            Err(why)
        }
    }
}

/// How many lines were written, and whether some were left out.
async fn fill(
    post: &Post,
    wanted: &LogFile,
    mut file: File,
    deadline: Instant,
) -> Result<(u64, bool), Unwritten> {
    let run = run_ref(&post.namespace, wanted.run);
    let query = LogWindowQuery {
        run: run.clone(),
        step: None,
        troubles: false,
        anchor: LogAnchor::Tail,
        before: 0,
        after: 0,
        seen: None,
        wait_ms: 0,
    };
    let call = |rpc: RpadClient, context| async move { rpc.log_window(context, query).await };
    let total = once(post, deadline, call).await.map_err(Unwritten::Refused)?.total;
    let io = |error: io::Error| Unwritten::Io(error.to_string());
    let (mut from, mut lines, mut bytes) = (0, 0, 0);
    while from < total && bytes < MOST {
        let max = u32::try_from(total - from).unwrap_or(PAGE).min(PAGE);
        let query = LogQuery { run: run.clone(), from, max, step: wanted.step.clone() };
        let call = |rpc: RpadClient, context| async move { rpc.log_page(context, query).await };
        let page = once(post, deadline, call).await.map_err(Unwritten::Refused)?;
        let text: String = page.lines.iter().map(shown).collect();
        file.write_all(text.as_bytes()).await.map_err(io)?;
        lines += page.lines.len() as u64;
        bytes += text.len() as u64;
        // a daemon that stays where it is would keep us here for ever
        if page.next <= from {
            break;
        }
        from = page.next;
    }
    file.flush().await.map_err(io)?;
    Ok((lines, from < total))
}

/// As `rpa logs` has it, with what a terminal would obey made visible.
fn shown(line: &LogLine) -> String {
    let time = i64::try_from(line.time_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let time = time.map_or_else(|| "-".to_owned(), |time| format!("{time:.3}"));
    let LogLine { path, attempt, stream, level, text, .. } = line;
    let text = text.replace(['\n', '\r'], " ");
    sanitize(&format!("{time} {path}#{attempt} {stream} {level} {text}")).into_owned() + "\n"
}

/// `~/x` as in a shell.
fn expanded(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::var_os("HOME")) {
        (Ok(rest), Some(home)) => Path::new(&home).join(rest),
        _ => path.to_owned(),
    }
}
