//! A backup on its way over the socket: pieces of the file, back-pressure by the socket.
//!
//! ```text
//! client: BackupRequest                       daemon: 0 | bytes of the file, again and again
//!                                                     1 | Frame::End, or a fault, ends it
//! client: Kept, once it has checked the file
//! ```

use std::io;

use futures::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::net::UnixStream;
use tokio_util::bytes::{BufMut, Bytes, BytesMut};

use crate::codec::{self, Frames};
use crate::fault;
use crate::fault::{Fault, FaultCode};

const DATA: u8 = 0;
const SAID: u8 = 1;

/// What is to be backed up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BackupRequest {
    /// Logs of ended runs and archives as well.
    pub history: bool,
}

/// What the daemon says beside the bytes of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Frame {
    /// About so many bytes will come.
    Begin { bytes: u64 },
    /// All of it was sent.
    End,
}

/// What the client says at the end: the file is checked and has its name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub file: String,
    pub taken_ms: u64,
}

/// A frame with bytes of the file.
pub fn frame_of_data(bytes: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(bytes.len() + 1);
    frame.put_u8(DATA);
    frame.put_slice(bytes);
    frame.freeze()
}

/// A frame with what the daemon says.
pub fn frame_of_end(said: &Result<Frame, Fault>) -> io::Result<Bytes> {
    let said = codec::encode(said)?;
    let mut frame = BytesMut::with_capacity(said.len() + 1);
    frame.put_u8(SAID);
    frame.put_slice(&said);
    Ok(frame.freeze())
}

/// The client's end.
#[derive(Debug)]
pub struct BackupStream {
    frames: Frames<UnixStream>,
}

/// What comes over it.
#[derive(Debug)]
pub enum Part {
    Begin { bytes: u64 },
    Data(Bytes),
    End,
}

impl BackupStream {
    /// `stream` has been greeted with [`crate::hello::Mode::Backup`].
    pub async fn start(stream: UnixStream, request: &BackupRequest) -> Result<Self, Fault> {
        let mut frames = codec::frames(stream);
        let request = codec::encode(request).map_err(|e| broken(&e))?;
        frames.send(request).await.map_err(|e| broken(&e))?;
        Ok(BackupStream { frames })
    }

    /// The next part; after the end, or a fault, there is none.
    pub async fn next(&mut self) -> Result<Part, Fault> {
        let frame = match self.frames.next().await {
            Some(frame) => frame.map_err(|e| broken(&e))?.freeze(),
            None => return Err(fault!(FaultCode::Unreachable, "backup-stream-closed")),
        };
        match frame.first() {
            Some(&DATA) => Ok(Part::Data(frame.slice(1..))),
            Some(&SAID) => match codec::decode::<Result<Frame, Fault>>(&frame[1..]) {
                Ok(Ok(Frame::Begin { bytes })) => Ok(Part::Begin { bytes }),
                Ok(Ok(Frame::End)) => Ok(Part::End),
                Ok(Err(fault)) => Err(fault),
                Err(e) => Err(broken(&e)),
            },
            _ => Err(broken(&io::Error::from(io::ErrorKind::InvalidData))),
        }
    }

    /// Tells that the file is good and has its name. That it was told is not waited for.
    pub async fn kept(mut self, kept: &Kept) {
        if let Ok(frame) = codec::encode(kept) {
            let _ = self.frames.send(frame).await;
            let _ = SinkExt::<Bytes>::close(&mut self.frames).await;
        }
    }
}

fn broken(error: &io::Error) -> Fault {
    fault!(FaultCode::Unreachable, "backup-stream-broken", error = error)
}
