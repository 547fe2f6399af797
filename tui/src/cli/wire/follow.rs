//! A run's log as it grows, over as many connections as it takes.

use rpa_ipc::logs::LogStream;
use rpa_ipc::service::{FollowRequest, LogQuery};
use rpa_ipc::view::LogPage;
use rpa_ipc::{Fault, FaultCode, fault};

use super::Link;
use super::outage::Outage;
use crate::remote::Way;

/// A reader's place in a log.
#[derive(Debug)]
pub struct Tail {
    way: Way,
    /// `query.from` is the first line that was not handed out yet.
    request: FollowRequest,
    stream: Option<LogStream>,
    outage: Outage,
    ended: bool,
}

impl Tail {
    /// Starts at `query.from`. The link has reached the daemon before.
    pub fn new(link: &Link, query: LogQuery) -> Tail {
        Tail {
            way: link.way().clone(),
            request: FollowRequest { query },
            stream: None,
            outage: Outage::none(link.patience()),
            ended: false,
        }
    }

    /// The next page; `None` when no line will ever follow. May be dropped at
    /// any time: a page that was not returned is asked for again.
    pub async fn next(&mut self) -> Result<Option<LogPage>, Fault> {
        while !self.ended {
            match self.read().await {
                Ok(page) => {
                    self.outage.over();
                    self.request.query.from = page.next;
                    self.ended = page.ended;
                    return Ok(Some(page));
                }
                Err(fault) if is_loss(fault.code) => {
                    self.stream = None;
                    self.outage.pause(fault).await?;
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(None)
    }

    /// What is still to be read, as a query for single pages.
    pub fn rest(&self) -> LogQuery {
        self.request.query.clone()
    }

    async fn read(&mut self) -> Result<LogPage, Fault> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            None => self.stream.insert(self.way.follow(&self.request).await?),
        };
        stream
            .next()
            .await
            .unwrap_or_else(|| Err(fault!(FaultCode::Unreachable, "log-stream-closed")))
    }
}

fn is_loss(code: FaultCode) -> bool {
    matches!(
        code,
        FaultCode::Unreachable
            | FaultCode::NoHost
            | FaultCode::Deadline
            | FaultCode::Draining
            | FaultCode::Busy
    )
}
