//! The log stream: pages as lines appear, until the run has ended.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use rpa_ipc::codec::{self, Frames};
use rpa_ipc::logs::LogFrame;
use rpa_ipc::service::FollowRequest;
use tokio::net::UnixStream;
use tokio::sync::watch;

use super::Office;
use super::authorize::{Action, authorize};
use super::peer::Peer;
use super::server::GREETING;
use super::views;

/// Lines are gathered for so long before they are sent, so that a fast step makes
/// large pages rather than many.
const GATHER: Duration = Duration::from_millis(20);
/// How often a run that writes nothing is looked at all the same.
const LOOK: Duration = Duration::from_secs(2);
/// The same for a run whose log nobody has begun to write.
const LOOK_FOR_FIRST: Duration = Duration::from_millis(100);

pub async fn serve(
    stream: UnixStream,
    office: Office,
    peer: Peer,
    mut stop: watch::Receiver<bool>,
) {
    let mut frames = codec::frames(stream);
    let first = tokio::select! {
        first = tokio::time::timeout(GREETING, frames.next()) => first,
        _ = stop.wait_for(|stop| *stop) => return,
    };
    let Ok(Some(Ok(first))) = first else { return };
    let Ok(request) = codec::decode::<FollowRequest>(&first) else {
        tracing::info!(user = peer.name, "a log stream asked for nothing readable");
        return;
    };
    tokio::select! {
        () = send_all(&mut frames, &office, &peer, request) => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
}

async fn send_all(
    frames: &mut Frames<UnixStream>,
    office: &Office,
    peer: &Peer,
    request: FollowRequest,
) {
    let mut query = request.query;
    let found = match authorize(&office.members, peer, Action::ReadLogs) {
        Ok(_) => views::find_run(office, &query.run).await,
        Err(fault) => Err(fault),
    };
    let run = match found {
        Ok(run) => run,
        Err(fault) => {
            let _ = send(frames, &Err(fault)).await;
            return;
        }
    };
    let watcher = office.changes.watch(run);
    let mut first = true;
    loop {
        let changed = watcher.changed();
        let lines = office.logs.follow(run);
        let page = views::log_page(office, run, &query).await;
        let (empty, ended) = match &page {
            Ok(page) => (page.lines.is_empty(), page.ended),
            Err(_) => (false, true),
        };
        if let Ok(page) = &page {
            query.from = page.next;
        }
        // the first page goes out even when it is empty: it carries the status
        if (!empty || ended || first) && send(frames, &page).await.is_err() {
            return;
        }
        first = false;
        if ended {
            return;
        }
        if !empty {
            tokio::time::sleep(GATHER).await;
            continue;
        }
        let look = if lines.is_some() { LOOK } else { LOOK_FOR_FIRST };
        tokio::select! {
            () = changed => {}
            () = more(lines, query.from) => {}
            () = tokio::time::sleep(look) => {}
        }
    }
}

/// Resolves when the log has grown past `from`.
async fn more(lines: Option<watch::Receiver<u64>>, from: u64) {
    let grown = match lines {
        Some(mut lines) => lines.wait_for(|n| *n > from).await.is_ok(),
        None => false,
    };
    if !grown {
        // nobody writes: the run's end, or the next look, tells
        std::future::pending::<()>().await;
    }
}

async fn send(frames: &mut Frames<UnixStream>, frame: &LogFrame) -> std::io::Result<()> {
    frames.send(codec::encode(frame)?).await
}
