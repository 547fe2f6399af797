//! What has happened to a run, in order, and what happens to it from now on.
//!
//! Of all events there is a telling each: the cursor of what comes next is reckoned from
//! their number. Of a history longer than the console keeps only its end is asked for.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::service::{RpadClient, RunRef};
use rpa_ipc::why::{Why, WhyQuery};

use super::desk::{Desk, End, Pace};
use super::lists::{changed, changes};
use crate::console::state::{MOST_EVENTS, News};

/// Between two looks at what has come: faster it cannot be read.
const LEAST: Duration = Duration::from_millis(200);
/// The most that the daemon gives at once.
const PAGE: u32 = 1_000;

pub(super) async fn tell(desk: Desk, run: RunRef) {
    loop {
        let ended = keep(&desk, &run).await;
        let refusal: fn(Fault) -> News = News::EventsRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep(desk: &Desk, run: &RunRef) -> Result<(), End> {
    let mut pace = Pace::new(LEAST);
    let asked = run.clone();
    let detail =
        desk.ask(|rpc: RpadClient, context| async move { rpc.show(context, asked).await }).await?;
    let mut next = detail.seq.saturating_sub(MOST_EVENTS as u64);
    let left_out = next;
    let mut first = true;
    if next == 0 {
        // who began it stands before the first event: a page of one has that and no event
        let why = page(desk, run, None, 1).await?;
        send(desk, why, &mut first, left_out).await;
    }
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let ended = loop {
            let why = page(desk, run, Some(next), PAGE).await?;
            let (ended, last) = (why.ended, why.next.is_none());
            next += why.tellings.len() as u64;
            if !why.tellings.is_empty() || first {
                send(desk, why, &mut first, left_out).await;
            }
            if last {
                break ended;
            }
        };
        if ended {
            return Ok(());
        }
        pace.pause().await;
        seen = changed(desk, seen).await?;
    }
}

async fn page(desk: &Desk, run: &RunRef, from: Option<u64>, limit: u32) -> Result<Why, End> {
    let query = WhyQuery {
        run: run.clone(),
        path: None,
        all: true,
        limit,
        cursor: from.map(|from| from.to_string()),
    };
    desk.ask(|rpc: RpadClient, context| async move { rpc.why(context, query).await }).await
}

async fn send(desk: &Desk, why: Why, first: &mut bool, left_out: u64) {
    let news = News::Events { run: why.run, first: *first, left_out, tellings: why.tellings };
    *first = false;
    desk.tell(news).await;
}
