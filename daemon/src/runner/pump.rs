//! From a task's log channel, through the mask, to where its lines go.

use std::io;
use std::sync::Arc;

use rpa_engine::AttemptId;
use rpa_tasks::LogLine;
use tokio::sync::mpsc;

use super::mask::Mask;
use super::process::Outlet;
use super::wire::{Batch, Line};
use crate::driver::now_ms;
use crate::runlog::Logs;

/// Lines on their way to the log; a task that writes faster waits.
pub const CHANNEL: usize = 1024;
/// Lines in one write.
const AT_ONCE: usize = 512;

/// Where the lines of an attempt go.
#[derive(Clone, Debug)]
pub enum Sink {
    /// Into the run's log: the daemon carries the attempt out itself.
    Log(Arc<Logs>, AttemptId),
    /// To the daemon, when there is one.
    Outlet(Arc<Outlet>),
}

/// Writes until the task drops its end. The first error ends it, which closes the
/// channel: the attempt then fails with a named fault.
pub async fn pump(
    mut lines: mpsc::Receiver<LogLine>,
    sink: Sink,
    mask: Arc<Mask>,
) -> io::Result<()> {
    let mut batch = Vec::with_capacity(AT_ONCE);
    while lines.recv_many(&mut batch, AT_ONCE).await > 0 {
        let masked = |line: LogLine| LogLine { text: mask.text(line.text), ..line }.into();
        let lines: Vec<Line> = batch.drain(..).map(masked).collect();
        match &sink {
            Sink::Outlet(outlet) => outlet.put(now_ms(), lines).await?,
            Sink::Log(logs, attempt) => {
                let batch = Batch { attempt: attempt.clone(), first: 1, time_ms: now_ms(), lines };
                write(logs.clone(), vec![batch]).await?;
            }
        }
    }
    Ok(())
}

/// Appends batches of one attempt to the log of its run; how long it is then.
pub async fn write(logs: Arc<Logs>, batches: Vec<Batch>) -> io::Result<u64> {
    let written = tokio::task::spawn_blocking(move || {
        let mut bytes = 0;
        for batch in batches {
            let (run, time_ms) = (batch.attempt.run, batch.time_ms);
            bytes = logs.append_of(run, &batch.entries(), time_ms)?;
        }
        Ok(bytes)
    });
    written.await.map_err(io::Error::other)?
}
