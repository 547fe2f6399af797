//! What a slot's task works with: questions, answers, and pauses between them.

use std::future::Future;
use std::time::Duration;

use rpa_ipc::client::{self, CALL_DEADLINE};
use rpa_ipc::service::{Reply, RpadClient};
use rpa_ipc::{Fault, FaultCode};
use tarpc::client::RpcError;
use tarpc::context::Context;
use tokio::time::{Instant, sleep};

use super::post::{Live, Post, is_transport};
use crate::console::state::News;

/// How long the daemon holds one poll back when nothing happens.
pub(super) const POLL_MS: u64 = 25_000;
/// Beyond the poll itself: time for the daemon to answer.
const POLL_DEADLINE: Duration = Duration::from_millis(POLL_MS + 10_000);
/// Before a daemon that has too much to do, or is stopping, is asked again.
const NOT_NOW: Duration = Duration::from_secs(2);

/// Why a slot ended by itself.
#[derive(Debug)]
pub(super) enum End {
    /// The connection is gone, and that has been told.
    Lost,
    Refused(Fault),
}

#[derive(Debug)]
pub(super) struct Desk {
    pub(super) post: Post,
    live: Live,
    /// Under which the news of this slot are known.
    pub(super) ticket: u64,
}

impl Desk {
    pub(super) fn new(post: Post, live: Live, ticket: u64) -> Desk {
        Desk { post, live, ticket }
    }

    pub(super) async fn tell(&self, news: News) {
        self.post.send(Some(self.ticket), news).await;
    }

    /// An ordinary call.
    pub(super) async fn ask<T, F>(
        &self,
        call: impl FnOnce(RpadClient, Context) -> F,
    ) -> Result<T, End>
    where
        F: Future<Output = Result<Reply<T>, RpcError>>,
    {
        self.within(CALL_DEADLINE, call).await
    }

    /// A call that the daemon may hold back for [`POLL_MS`].
    pub(super) async fn poll<T, F>(
        &self,
        call: impl FnOnce(RpadClient, Context) -> F,
    ) -> Result<T, End>
    where
        F: Future<Output = Result<Reply<T>, RpcError>>,
    {
        self.within(POLL_DEADLINE, call).await
    }

    async fn within<T, F>(
        &self,
        deadline: Duration,
        call: impl FnOnce(RpadClient, Context) -> F,
    ) -> Result<T, End>
    where
        F: Future<Output = Result<Reply<T>, RpcError>>,
    {
        let answer = call(self.live.client.rpc.clone(), client::within(deadline)).await;
        match client::flatten(answer) {
            Ok(answer) => Ok(answer),
            Err(fault) => Err(self.ended(fault).await),
        }
    }

    async fn ended(&self, fault: Fault) -> End {
        if !is_transport(&fault) {
            return End::Refused(fault);
        }
        self.post.lose(&self.live, fault).await;
        End::Lost
    }

    /// What becomes of a slot that ended: whether to begin it again.
    pub(super) async fn again(&self, ended: Result<(), End>, refusal: fn(Fault) -> News) -> bool {
        let Err(End::Refused(fault)) = ended else { return false };
        let not_now = matches!(fault.code, FaultCode::Busy | FaultCode::Draining);
        self.tell(refusal(fault)).await;
        if not_now {
            sleep(NOT_NOW).await;
        }
        not_now
    }

    /// A daemon that does not let us see what it is: as good as none.
    pub(super) async fn give_up(&self, ended: Result<(), End>) {
        if let Err(End::Refused(fault)) = ended {
            self.post.lose(&self.live, fault).await;
        }
    }
}

/// Keeps the rounds of a slot apart.
#[derive(Debug)]
pub(super) struct Pace {
    least: Duration,
    began: Instant,
}

impl Pace {
    pub(super) fn new(least: Duration) -> Pace {
        Pace { least, began: Instant::now() }
    }

    /// The questions of a round begin.
    pub(super) fn begin(&mut self) {
        self.began = Instant::now();
    }

    /// They are answered. Four fifths of the time at least are pauses: a daemon that
    /// is slow, or has much to tell, is not asked for more of it.
    pub(super) async fn pause(&self) {
        sleep(self.least.max(self.began.elapsed() * 4)).await;
    }
}
