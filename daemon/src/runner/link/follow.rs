//! One attempt that is in the runner, from its offer to its end.
//!
//! Its lines are written into the run's log before they are acknowledged, and a line
//! that is there already is not written again.

use std::io;
use std::sync::Arc;

use rpa_engine::AttemptId;
use tokio::sync::mpsc;

use super::{Link, Piece, Taken};
use crate::runner::pump;
use crate::runner::wire::{Batch, Held, Order};
use crate::runner::work::Halt;

/// How far the run's log has got of an attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Lines that are in it.
    lines: u64,
    /// Bytes of it up to which they are counted.
    mark: u64,
}

impl Progress {
    /// Looks into the log, which nobody writes yet. Blocks.
    pub fn of(link: &Link, held: &Held) -> Progress {
        match link.shared.logs.resume(&held.attempt, held.mark) {
            Ok((lines, mark)) => Progress { lines: held.lines + lines, mark },
            Err(error) => {
                tracing::warn!(attempt = %held.attempt, %error, "the log does not tell which lines are in it: some may come twice");
                Progress { lines: held.lines, mark: held.mark }
            }
        }
    }
}

impl Link {
    pub(super) async fn follow(
        &self,
        id: &AttemptId,
        mut pieces: mpsc::UnboundedReceiver<Piece>,
        halt: &Halt,
        mut progress: Progress,
    ) -> Taken {
        let (mut told, mut deaf) = (false, None);
        let mut next = None;
        loop {
            let piece = match next.take() {
                Some(piece) => piece,
                None => tokio::select! {
                    biased;
                    why = halt.ordered(), if !told => {
                        told = true;
                        self.send(Order::Stop { attempt: id.clone(), why });
                        continue;
                    }
                    piece = pieces.recv() => piece.unwrap_or(Piece::Gone),
                },
            };
            match piece {
                Piece::Resumed => {
                    // whatever was said before may not have arrived
                    told = false;
                    self.ack(id, progress);
                    if let Some(error) = &deaf {
                        self.deafen(id, error);
                    }
                }
                Piece::Lines(first) => {
                    let mut batches = vec![first];
                    loop {
                        match pieces.try_recv() {
                            Ok(Piece::Lines(batch)) => batches.push(batch),
                            Ok(other) => {
                                next = Some(other);
                                break;
                            }
                            Err(_) => break,
                        }
                    }
                    if deaf.is_some() {
                        continue;
                    }
                    match self.write(batches, progress).await {
                        Ok(further) => {
                            progress = further;
                            self.ack(id, progress);
                        }
                        Err(error) => {
                            self.deafen(id, &error);
                            deaf = Some(error);
                        }
                    }
                }
                Piece::Ended(outcome) => return Taken::Ended(outcome),
                Piece::Gone => return Taken::Gone,
            }
        }
    }

    async fn write(&self, batches: Vec<Arc<Batch>>, progress: Progress) -> io::Result<Progress> {
        let mut lines = progress.lines;
        let mut new = Vec::with_capacity(batches.len());
        for batch in batches {
            let batch = Arc::unwrap_or_clone(batch).behind(lines);
            if !batch.lines.is_empty() {
                lines = batch.last();
                new.push(batch);
            }
        }
        if new.is_empty() {
            return Ok(progress);
        }
        let mark = pump::write(self.shared.logs.clone(), new).await?;
        Ok(Progress { lines, mark })
    }

    fn ack(&self, id: &AttemptId, progress: Progress) {
        let Progress { lines, mark } = progress;
        self.send(Order::Ack { attempt: id.clone(), lines, mark });
    }

    fn deafen(&self, id: &AttemptId, error: &io::Error) {
        let disk_full = crate::store::is_disk_full(error);
        let why = error.to_string();
        self.send(Order::Deaf { attempt: id.clone(), disk_full, why });
    }
}
