//! The log stream of the test daemon: two lines a page, so that tests see many.

use futures::{SinkExt, StreamExt};
use rpa_ipc::codec;
use rpa_ipc::logs::LogFrame;
use rpa_ipc::service::{FollowRequest, LogQuery};
use rpa_ipc::view::LogPage;
use tokio::net::UnixStream;

use super::{Daemon, State};

const PAGE: u32 = 2;

pub(super) async fn follow(stream: UnixStream, daemon: &Daemon) {
    let mut frames = codec::frames(stream);
    let Some(Ok(bytes)) = frames.next().await else { return };
    let mut query = codec::decode::<FollowRequest>(&bytes).expect("a request").query;
    query.max = PAGE;
    daemon.state().follows += 1;
    let mut changes = daemon.changes.subscribe();
    loop {
        let page = page(&daemon.state(), &query);
        if page.next > query.from || page.ended {
            if cut(&mut daemon.state()) {
                return;
            }
            query.from = page.next;
            let ended = page.ended;
            let frame: LogFrame = Ok(page);
            let sent = frames.send(codec::encode(&frame).expect("encodable")).await;
            if ended || sent.is_err() {
                return;
            }
        } else if changes.changed().await.is_err() {
            return;
        }
    }
}

fn cut(state: &mut State) -> bool {
    match &mut state.pages_before_cut {
        None => false,
        Some(0) => {
            state.pages_before_cut = None;
            true
        }
        Some(left) => {
            *left -= 1;
            false
        }
    }
}

pub(super) fn is_over(status: &str) -> bool {
    matches!(status, "completed" | "failed" | "cancelled")
}

/// As the daemon pages: by line numbers, whether a step is asked for or not.
pub(super) fn page(state: &State, query: &LogQuery) -> LogPage {
    let from = usize::try_from(query.from).expect("small");
    let taken: Vec<_> = state.log.iter().skip(from).take(query.max as usize).collect();
    let next = query.from + taken.len() as u64;
    let of_step = |path: &str| query.step.as_ref().is_none_or(|step| path == step.as_str());
    let lines = taken.into_iter().filter(|line| of_step(&line.path)).cloned().collect();
    let status = state.detail.summary.status.clone();
    let over = is_over(&status);
    LogPage { lines, next, ended: over && next == state.log.len() as u64, status }
}
