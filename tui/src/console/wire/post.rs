//! Where news are handed in, and what is known of the connection.

use rpa_engine::Label;
use rpa_ipc::client::Client;
use rpa_ipc::{Fault, FaultCode};
use tokio::sync::{mpsc, watch};

use super::scrub;
use crate::console::state::News;

/// News on its way to the loop.
#[derive(Debug)]
pub(super) struct Item {
    /// Of the slot that tells it; `None`: it counts in any case.
    pub(super) ticket: Option<u64>,
    pub(super) news: News,
}

/// A connection that works, as far as is known.
#[derive(Clone, Debug)]
pub(super) struct Live {
    pub(super) client: Client,
    /// Of two connections the later one has the higher number.
    pub(super) number: u64,
}

/// Shared by everything that talks with the daemon.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub(super) namespace: Label,
    news: mpsc::Sender<Item>,
    line: watch::Sender<Line>,
}

#[derive(Clone, Debug, Default)]
struct Line {
    live: Option<Live>,
    /// Connections so far.
    count: u64,
}

impl Post {
    pub(super) fn new(namespace: Label, news: mpsc::Sender<Item>) -> Post {
        Post { namespace, news, line: watch::Sender::default() }
    }

    pub(super) async fn tell(&self, news: News) {
        self.send(None, news).await;
    }

    pub(super) async fn send(&self, ticket: Option<u64>, mut news: News) {
        scrub::news(&mut news);
        // fails only while the loop is ending
        let _ = self.news.send(Item { ticket, news }).await;
    }

    pub(super) fn live(&self) -> Option<Live> {
        self.line.borrow().live.clone()
    }

    /// A new connection. It is told before anybody can use it, and so before
    /// anybody can lose it.
    pub(super) async fn up(&self, client: Client) {
        let Ok(permit) = self.news.reserve().await else { return };
        self.line.send_modify(|line| {
            line.count += 1;
            line.live = Some(Live { client, number: line.count });
            permit.send(Item { ticket: None, news: News::Up });
        });
    }

    /// Ends a connection; told once, whoever finds out how often. There is no point
    /// at which it could be interrupted between the end and the telling.
    pub(super) async fn lose(&self, lost: &Live, fault: Fault) {
        let Ok(permit) = self.news.reserve().await else { return };
        let is_current = |line: &mut Line| {
            let current = line.live.as_ref().is_some_and(|live| live.number == lost.number);
            if current {
                line.live = None;
            }
            current
        };
        if self.line.send_if_modified(is_current) {
            let mut news = News::Lost(fault);
            scrub::news(&mut news);
            permit.send(Item { ticket: None, news });
        }
    }

    /// Waits for a connection later than the one with this number.
    pub(super) async fn live_after(&self, number: u64) -> Live {
        let mut line = self.line.subscribe();
        loop {
            let live = line.borrow_and_update().live.clone();
            if let Some(live) = live.filter(|live| live.number > number) {
                return live;
            }
            // the sender is our own
            let _ = line.changed().await;
        }
    }
}

/// Whether a fault says that the connection is of no use any more.
pub(super) fn is_transport(fault: &Fault) -> bool {
    matches!(fault.code, FaultCode::Unreachable | FaultCode::Deadline)
}
