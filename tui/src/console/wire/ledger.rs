//! What has reached all triggers, in one list.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{LedgerQuery, LedgerView, MOST_SLOTS, Reached};

use super::desk::{Desk, End, Pace};
use super::lists::changes;
use crate::console::state::{LedgerRow, LedgerWant, News, TriggerName};

/// Between two rounds: faster changes of a list cannot be read.
const LEAST: Duration = Duration::from_millis(150);
/// Until what has started nothing is seen: of that the daemon tells nobody.
const HEARD_MS: u64 = 5_000;
/// Pages of one round: the daemon looks through a piece of the ledgers for each, and a rare
/// word must not keep it at that for ever.
const MOST_PAGES: usize = 20;

pub(super) async fn ledger(desk: Desk, want: LedgerWant) {
    loop {
        let ended = keep(&desk, &want).await;
        let refusal: fn(Fault) -> News = News::LedgerRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep(desk: &Desk, want: &LedgerWant) -> Result<(), End> {
    let mut pace = Pace::new(LEAST);
    let mut shown = None;
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let told = newest(desk, want).await?;
        if shown.as_ref() != Some(&told) {
            let (rows, more) = told.clone();
            desk.tell(News::Ledger { want: want.clone(), rows, more }).await;
            shown = Some(told);
        }
        pace.pause().await;
        seen = changes(desk, seen, HEARD_MS).await?;
    }
}

/// The rows, and whether older ones follow.
async fn newest(desk: &Desk, want: &LedgerWant) -> Result<(Vec<LedgerRow>, bool), End> {
    let mut rows = Vec::new();
    let mut cursor = None;
    for _ in 0..MOST_PAGES {
        let missing = u32::try_from(want.rows - rows.len()).unwrap_or(MOST_SLOTS);
        let query = LedgerQuery {
            namespace: desk.post.namespace.clone(),
            workflow: want.workflow.clone(),
            trigger: want.trigger.clone(),
            became: want.became.clone(),
            since_ms: want.since_ms,
            contains: want.contains.clone(),
            deliveries: true,
            limit: missing.min(MOST_SLOTS),
            cursor: cursor.take(),
        };
        let call = |rpc: RpadClient, context| async move { rpc.ledger(context, query).await };
        let page = desk.ask(call).await?;
        rows.extend(page.items.into_iter().map(row));
        cursor = page.next;
        if cursor.is_none() || rows.len() >= want.rows {
            break;
        }
    }
    let more = cursor.is_some() || rows.len() > want.rows;
    rows.truncate(want.rows);
    Ok((rows, more))
}

fn row(view: LedgerView) -> LedgerRow {
    let name = TriggerName { workflow: view.workflow, trigger: view.trigger };
    match view.reached {
        Reached::Slot(slot) => LedgerRow {
            name,
            at_ms: slot.slot_ms,
            number: None,
            what: String::new(),
            became: slot.fate,
            run: slot.run,
            reason: slot.reason,
            decided_ms: slot.decided_ms,
        },
        Reached::Delivery(delivery) => LedgerRow {
            name,
            at_ms: delivery.at_ms,
            number: Some(delivery.number),
            what: delivery.what,
            became: delivery.outcome,
            run: delivery.run,
            reason: delivery.reason,
            decided_ms: delivery.decided_ms,
        },
    }
}
