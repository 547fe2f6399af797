//! A backup over the socket, to whoever asked for it.
//!
//! The daemon's user may not be able to write where the caller can, and what the caller
//! writes belongs to the caller: so the bytes of the file go over the wire.

use std::io::{self, Write};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use rpa_ipc::Fault;
use rpa_ipc::backup::{BackupRequest, Frame, Kept, frame_of_data, frame_of_end};
use rpa_ipc::codec::{self, Frames};
use tokio::net::UnixStream;
use tokio::sync::{mpsc, watch};
use tokio_util::bytes::Bytes;

use super::Office;
use super::asked::asked;
use super::authorize::{Action, authorize};
use super::patient::Patient;
use super::peer::Peer;
use super::service::bug;
use crate::backup::take::Source;
use crate::driver::Message;
use crate::failpoint::failpoint;
use crate::store::BackedUpRow;

/// Bytes of one frame.
const FRAME: usize = 256 << 10;
/// Frames that wait for the client to read.
const AHEAD: usize = 4;
/// How long a backup may take: for so long the store cannot reclaim what it frees.
const LONGEST: Duration = Duration::from_secs(6 * 3600);
/// How long the client has to check the file that it has written.
const CHECKING: Duration = Duration::from_secs(1800);

/// Characters of a file's name that are kept.
const LONGEST_NAME: usize = 1024;

pub async fn serve(
    stream: Patient<UnixStream>,
    office: Office,
    peer: Peer,
    mut stop: watch::Receiver<bool>,
) {
    let mut frames = codec::frames(stream);
    let Some(request) = asked::<BackupRequest>(&mut frames, &peer, &mut stop).await else {
        return;
    };
    let sent = tokio::select! {
        sent = tokio::time::timeout(LONGEST, send_all(&mut frames, &office, &peer, request)) => sent,
        _ = stop.wait_for(|stop| *stop) => return,
    };
    match sent {
        Ok(Ok(true)) => {
            failpoint!("backup-is-sent");
        }
        Ok(Ok(false)) => return,
        Ok(Err(error)) => {
            tracing::warn!(user = peer.name, %error, "a backup was not sent to its end");
            return;
        }
        Err(_) => {
            tracing::warn!(user = peer.name, limit = ?LONGEST, "a backup took too long");
            return;
        }
    }
    let kept = tokio::select! {
        kept = tokio::time::timeout(CHECKING, frames.next()) => kept,
        _ = stop.wait_for(|stop| *stop) => return,
    };
    if let Ok(Some(Ok(kept))) = kept
        && let Ok(Kept { file, taken_ms }) = codec::decode::<Kept>(&kept)
    {
        let file: String = file.chars().take(LONGEST_NAME).collect();
        tracing::info!(user = peer.name, file, "backup made");
        office.inbox.tell(Message::BackedUp(BackedUpRow { taken_ms, file })).await;
    }
}

/// Sends all of it, or the fault that ends it; whether it was all.
async fn send_all(
    frames: &mut Frames<Patient<UnixStream>>,
    office: &Office,
    peer: &Peer,
    request: BackupRequest,
) -> io::Result<bool> {
    let (pieces, mut coming) = mpsc::channel(AHEAD);
    let begun = match authorize(&office.members, peer, Action::BackUp) {
        Ok(_) => office.backups.begin(),
        Err(fault) => Err(fault),
    };
    let seat = match begun {
        Ok(seat) => seat,
        Err(fault) => return send(frames, frame_of_end(&Err(fault))?).await.map(|()| false),
    };
    let parts = (office.store.clone(), office.state_dir.clone(), office.backups.clone());
    let made = tokio::task::spawn_blocking(move || {
        let _seat = seat;
        let (store, state_dir, backups) = parts;
        let source = Source::open(&store, &state_dir, request.history)?;
        let mut to = Pieces { to: pieces, buffer: Vec::with_capacity(FRAME) };
        to.begin(source.bytes());
        failpoint!("backup-is-sending");
        source.write(&mut to, &backups)?;
        to.flush().map_err(|e| crate::backup::take::write_fault(&e))
    });
    while let Some(frame) = coming.recv().await {
        send(frames, frame?).await?;
    }
    let made: Result<(), Fault> = made.await.unwrap_or_else(|e| Err(bug(&e.to_string())));
    let whole = made.is_ok();
    send(frames, frame_of_end(&made.map(|()| Frame::End))?).await?;
    Ok(whole)
}

async fn send(frames: &mut Frames<Patient<UnixStream>>, frame: Bytes) -> io::Result<()> {
    frames.send(frame).await
}

/// The writing end: frames for the task that sends them.
struct Pieces {
    to: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
}

impl Pieces {
    fn begin(&self, bytes: u64) {
        // a client that is gone is noticed at the first bytes
        let _ = self.to.blocking_send(frame_of_end(&Ok(Frame::Begin { bytes })));
    }

    fn give(&mut self) -> io::Result<()> {
        let frame = frame_of_data(&self.buffer);
        self.buffer.clear();
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.to.blocking_send(Ok(frame)).map_err(gone)
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = bytes.len().min(FRAME - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..part]);
        if self.buffer.len() == FRAME {
            self.give()?;
        }
        Ok(part)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() { Ok(()) } else { self.give() }
    }
}
