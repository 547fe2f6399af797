//! The log stream: pages as lines appear, until the run has ended.

use futures::SinkExt;
use rpa_ipc::codec::{self, Frames};
use rpa_ipc::logs::LogFrame;
use rpa_ipc::service::FollowRequest;
use tokio::net::UnixStream;
use tokio::sync::watch;

use super::Office;
use super::asked::asked;
use super::authorize::{Action, authorize};
use super::growth::{GATHER, news};
use super::patient::Patient;
use super::peer::Peer;
use super::{logs, views};

pub async fn serve(
    stream: Patient<UnixStream>,
    office: Office,
    peer: Peer,
    mut stop: watch::Receiver<bool>,
) {
    let mut frames = codec::frames(stream);
    let Some(request) = asked::<FollowRequest>(&mut frames, &peer, &mut stop).await else {
        return;
    };
    tokio::select! {
        () = send_all(&mut frames, &office, &peer, request) => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
}

async fn send_all(
    frames: &mut Frames<Patient<UnixStream>>,
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
        let page = logs::log_page(office, run, &query).await;
        let (empty, ended) = match &page {
            Ok(page) => (page.lines.is_empty(), page.ended),
            Err(_) => (false, true),
        };
        let next = page.as_ref().map_or(query.from, |page| page.next);
        // lines of other steps were passed over: there may be more of them
        let further = next > query.from;
        query.from = next;
        // the first page goes out even when it is empty: it carries the status
        if (!empty || ended || first) && send(frames, &page).await.is_err() {
            return;
        }
        first = false;
        if ended {
            return;
        }
        if !empty || further {
            tokio::time::sleep(GATHER).await;
            continue;
        }
        news(lines, query.from, changed).await;
    }
}

async fn send(frames: &mut Frames<Patient<UnixStream>>, frame: &LogFrame) -> std::io::Result<()> {
    frames.send(codec::encode(frame)?).await
}
