//! The log stream: pages pushed as lines appear, back-pressure by the socket.
//!
//! A reader that was cut off connects again with the `next` of its last page.

use std::io;

use futures::{SinkExt, StreamExt};
use tokio::net::UnixStream;

use crate::codec::{self, Frames};
use crate::fault;
use crate::fault::{Fault, FaultCode};
use crate::service::FollowRequest;
use crate::view::LogPage;

/// One frame of the stream: a page, or the fault that ends it.
pub type LogFrame = Result<LogPage, Fault>;

/// The client's end: pages in, until one has `ended`.
#[derive(Debug)]
pub struct LogStream {
    frames: Frames<UnixStream>,
}

impl LogStream {
    /// `stream` has been greeted with [`crate::hello::Mode::Logs`].
    pub async fn start(stream: UnixStream, request: &FollowRequest) -> Result<LogStream, Fault> {
        let mut frames = codec::frames(stream);
        let request = codec::encode(request).map_err(|e| broken(&e))?;
        frames.send(request).await.map_err(|e| broken(&e))?;
        Ok(LogStream { frames })
    }

    /// The next page; `None` when the daemon closed the stream.
    pub async fn next(&mut self) -> Option<LogFrame> {
        let frame = self.frames.next().await?;
        let page = frame.and_then(|bytes| codec::decode::<LogFrame>(&bytes));
        Some(page.unwrap_or_else(|e| Err(broken(&e))))
    }
}

fn broken(error: &io::Error) -> Fault {
    fault!(FaultCode::Unreachable, "log-stream-broken", error = error)
}
