//! One run, as long as anything can happen to it.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::service::{RpadClient, RunRef};

use super::desk::{Desk, End, POLL_MS, Pace};
use crate::console::state::{News, is_over};

/// A burst of quick steps is one answer and not many.
const LEAST: Duration = Duration::from_millis(50);

pub(super) async fn watch(desk: Desk, run: RunRef) {
    loop {
        let ended = keep(&desk, &run).await;
        let refusal: fn(Fault) -> News = News::RunRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep(desk: &Desk, run: &RunRef) -> Result<(), End> {
    let mut pace = Pace::new(LEAST);
    let asked = run.clone();
    let mut detail =
        desk.ask(|rpc: RpadClient, context| async move { rpc.show(context, asked).await }).await?;
    loop {
        let (seen, over) = (detail.seq, is_over(&detail.summary.status));
        desk.tell(News::Run(detail)).await;
        if over {
            return Ok(());
        }
        pace.begin();
        pace.pause().await;
        detail = loop {
            let asked = run.clone();
            let call = |rpc: RpadClient, context| async move {
                rpc.watch(context, asked, seen, POLL_MS).await
            };
            let detail = desk.poll(call).await?;
            if detail.seq != seen {
                break detail;
            }
        };
    }
}
