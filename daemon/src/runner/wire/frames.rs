//! Messages in frames. An output may be larger than a frame: a message is sent in as
//! many as it takes, each with a byte before it that says whether more follow.

use std::io;

use futures::{SinkExt, StreamExt};
use rpa_ipc::codec::{MAX_FRAME, decode_within, encode_within};
use serde::{Serialize, de::DeserializeOwned};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::bytes::{Bytes, BytesMut};
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

/// Largest message in bytes: both streams of a command at the largest
/// `runs.output_limit`, with room.
pub const MAX_MESSAGE: usize = 256 * 1024 * 1024;
/// Bytes of a message in one frame.
const PIECE: usize = 1024 * 1024;
/// What is gathered before it is written: many small messages are one system call.
const GATHERED: usize = 256 * 1024;

const LAST: u8 = 0;
const MORE: u8 = 1;

#[derive(Debug)]
pub struct Sender<W> {
    frames: FramedWrite<W, LengthDelimitedCodec>,
}

#[derive(Debug)]
pub struct Receiver<R> {
    frames: FramedRead<R, LengthDelimitedCodec>,
    whole: BytesMut,
}

fn codec() -> LengthDelimitedCodec {
    LengthDelimitedCodec::builder().max_frame_length(MAX_FRAME).new_codec()
}

impl<W: AsyncWrite + Unpin> Sender<W> {
    pub fn new(stream: W) -> Sender<W> {
        let mut frames = FramedWrite::new(stream, codec());
        frames.set_backpressure_boundary(GATHERED);
        Sender { frames }
    }

    /// Puts a message among those that are sent together.
    pub async fn feed<T: Serialize>(&mut self, message: &T) -> io::Result<()> {
        let bytes = encode_within::<MAX_MESSAGE, T>(message)?;
        let pieces = bytes.len().div_ceil(PIECE);
        for (i, piece) in bytes.chunks(PIECE).enumerate() {
            let mut frame = BytesMut::with_capacity(piece.len() + 1);
            frame.extend_from_slice(&[if i + 1 < pieces { MORE } else { LAST }]);
            frame.extend_from_slice(piece);
            self.frames.feed(frame.freeze()).await?;
        }
        Ok(())
    }

    pub async fn flush(&mut self) -> io::Result<()> {
        SinkExt::<Bytes>::flush(&mut self.frames).await
    }
}

impl<R: AsyncRead + Unpin> Receiver<R> {
    pub fn new(stream: R) -> Receiver<R> {
        Receiver { frames: FramedRead::new(stream, codec()), whole: BytesMut::new() }
    }

    /// The next message; `None` when the other end has hung up between two. May be
    /// dropped while it waits: what has come of a message is kept.
    pub async fn next<T: DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        while let Some(frame) = self.frames.next().await {
            let frame = frame?;
            let invalid = |why| io::Error::new(io::ErrorKind::InvalidData, why);
            let (flag, piece) = frame.split_first().ok_or_else(|| invalid("an empty frame"))?;
            if *flag == LAST && self.whole.is_empty() {
                return decode_within::<MAX_MESSAGE, T>(piece).map(Some);
            }
            if self.whole.len() + piece.len() > MAX_MESSAGE {
                return Err(invalid("a message that is too large"));
            }
            self.whole.extend_from_slice(piece);
            if *flag == LAST {
                let whole = std::mem::take(&mut self.whole);
                return decode_within::<MAX_MESSAGE, T>(&whole).map(Some);
            }
        }
        Ok(None)
    }
}
