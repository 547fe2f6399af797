//! A search in a log, piece by piece.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::service::{LogFindQuery, RpadClient};
use rpa_ipc::view::LogFound;
use tokio::time::Instant;

use super::desk::{Desk, End};
use crate::console::state::News;

/// Progress is told four times a second.
const TOLD: Duration = Duration::from_millis(250);

pub(super) async fn seek(desk: Desk, query: LogFindQuery) {
    loop {
        let ended = look(&desk, &query).await;
        let refusal: fn(Fault) -> News = News::LogRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn look(desk: &Desk, query: &LogFindQuery) -> Result<(), End> {
    let mut told = Instant::now();
    let mut from = query.from;
    loop {
        let piece = LogFindQuery { from, ..query.clone() };
        let call = |rpc: RpadClient, context| async move { rpc.log_find(context, piece).await };
        let mut found: LogFound = desk.ask(call).await?;
        // a daemon that stays where it is would keep us here for ever
        found.done |= found.line.is_none() && found.next == from;
        from = found.next;
        let over = found.line.is_some() || found.done;
        if over || told.elapsed() >= TOLD {
            told = Instant::now();
            desk.tell(News::Found { query: query.clone(), found }).await;
        }
        if over {
            return Ok(());
        }
    }
}
