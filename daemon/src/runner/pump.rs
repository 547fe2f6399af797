//! From a task's log channel to the run's log.

use std::io;
use std::sync::Arc;

use rpa_engine::AttemptId;
use rpa_tasks::{LogLevel, LogLine, LogStream};
use tokio::sync::mpsc;

use super::mask::Mask;
use crate::runlog::{Entry, Logs};

/// Lines on their way to the log; a task that writes faster waits.
pub const CHANNEL: usize = 1024;
/// Lines in one write.
const AT_ONCE: usize = 512;

/// Writes until the task drops its end. The first error ends it, which closes the
/// channel: the attempt then fails with a named fault.
pub async fn pump(
    mut lines: mpsc::Receiver<LogLine>,
    logs: Arc<Logs>,
    attempt: AttemptId,
    mask: Arc<Mask>,
) -> io::Result<()> {
    let mut batch = Vec::with_capacity(AT_ONCE);
    while lines.recv_many(&mut batch, AT_ONCE).await > 0 {
        let entries: Vec<Entry> = batch.drain(..).map(|l| entry(&attempt, l, &mask)).collect();
        let (logs, run) = (logs.clone(), attempt.run);
        tokio::task::spawn_blocking(move || logs.append(run, &entries))
            .await
            .map_err(io::Error::other)??;
    }
    Ok(())
}

fn entry(attempt: &AttemptId, line: LogLine, mask: &Mask) -> Entry {
    Entry {
        path: attempt.path.to_string(),
        attempt: attempt.number,
        stream: match line.stream {
            LogStream::Out => "out",
            LogStream::Err => "err",
            LogStream::Log => "log",
        },
        level: match line.level {
            LogLevel::Debug => "debug",
            LogLevel::Info => "info",
            LogLevel::Warn => "warn",
            LogLevel::Error => "error",
        },
        text: mask.text(line.text),
    }
}
