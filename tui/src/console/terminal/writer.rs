//! Frames on their way to the terminal, one at a time, off the loop's thread.

use std::future::pending;
use std::io;
use std::time::{Duration, Instant};

use rustix::stdio::stdout;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use crate::write_all::write_all;

/// How long the end of the program waits for the last frame.
const PATIENCE: Duration = Duration::from_millis(500);

#[derive(Debug, Default)]
pub struct Writer {
    writing: Option<JoinHandle<io::Result<Duration>>>,
}

impl Writer {
    pub fn is_busy(&self) -> bool {
        self.writing.is_some()
    }

    /// Only when it is not busy: frames are not queued, they are painted later.
    pub fn write(&mut self, frame: Vec<u8>) {
        self.writing = Some(spawn_blocking(move || {
            let began = Instant::now();
            write_all(stdout(), &frame)?;
            Ok(began.elapsed())
        }));
    }

    /// How long the frame took, when it is written. May be dropped while it waits.
    pub async fn written(&mut self) -> io::Result<Duration> {
        let Some(writing) = &mut self.writing else { return pending().await };
        let written = writing.await;
        self.writing = None;
        written.unwrap_or_else(|e| Err(io::Error::other(e)))
    }

    /// Waits for the frame that is being written, but not for ever.
    pub async fn finish(&mut self) {
        if self.is_busy() {
            // a terminal that takes nothing is left as it is
            let _ = timeout(PATIENCE, self.written()).await;
        }
    }
}
