//! What has reached all triggers: the newest slots and deliveries of each, in one list.

use std::time::Duration;

use rpa_ipc::Fault;
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{
    DeliveriesQuery, DeliveryPage, DeliveryView, SlotPage, SlotView, SlotsQuery, TriggerView,
    TriggersQuery,
};

use super::desk::{Desk, End, Pace};
use super::lists::changes;
use super::triggers::{changed_or_due, next_ms};
use crate::console::state::{LedgerRow, News, TriggerName, has_deliveries};

/// Between two rounds: each asks for every trigger.
const SHOWN: Duration = Duration::from_millis(500);
/// Until what was delivered, and has started nothing, is seen.
const HEARD_MS: u64 = 5_000;
/// Triggers that are asked for: the rest is for the command.
const MOST_TRIGGERS: usize = 200;
/// The newest of each.
const OF_EACH: u32 = 50;
/// Rows in all.
const MOST: usize = 1_000;

pub(super) async fn ledger(desk: Desk, _: bool) {
    loop {
        let ended = keep(&desk).await;
        let refusal: fn(Fault) -> News = News::LedgerRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep(desk: &Desk) -> Result<(), End> {
    let mut pace = Pace::new(SHOWN);
    let mut shown = None;
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let query = TriggersQuery { namespace: desk.post.namespace.clone() };
        let call = |rpc: RpadClient, context| async move { rpc.triggers(context, query).await };
        let triggers: Vec<TriggerView> = desk.ask(call).await?;
        let due_ms = triggers.iter().filter_map(next_ms).min();
        let told = gather(desk, &triggers).await?;
        if shown.as_ref() != Some(&told) {
            let (rows, more) = told.clone();
            desk.tell(News::Ledger { rows, more }).await;
            shown = Some(told);
        }
        pace.pause().await;
        seen = changed_or_due(desk, seen, due_ms, HEARD_MS).await?;
    }
}

/// The newest of all, and whether there is something older.
async fn gather(desk: &Desk, triggers: &[TriggerView]) -> Result<(Vec<LedgerRow>, bool), End> {
    let mut rows = Vec::new();
    let mut more = triggers.len() > MOST_TRIGGERS;
    for view in triggers.iter().take(MOST_TRIGGERS) {
        let found = match has_deliveries(view) {
            false => slots(desk, view).await,
            true => deliveries(desk, view).await,
        };
        match found {
            Ok((found, has_more)) => {
                rows.extend(found);
                more |= has_more;
            }
            // it may have gone since they were listed
            Err(End::Refused(_)) => {}
            Err(End::Lost) => return Err(End::Lost),
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.at_ms));
    more |= rows.len() > MOST;
    rows.truncate(MOST);
    Ok((rows, more))
}

async fn slots(desk: &Desk, view: &TriggerView) -> Result<(Vec<LedgerRow>, bool), End> {
    let name = TriggerName::of(view);
    let of = name.to_ref(&desk.post.namespace);
    let query = SlotsQuery { of, before_ms: None, limit: OF_EACH };
    let call = |rpc: RpadClient, context| async move { rpc.slots(context, query).await };
    let page: SlotPage = desk.ask(call).await?;
    let row = |slot: SlotView| LedgerRow {
        name: name.clone(),
        at_ms: slot.slot_ms,
        number: None,
        what: String::new(),
        became: slot.fate,
        run: slot.run,
        reason: slot.reason,
        decided_ms: slot.decided_ms,
    };
    Ok((page.slots.into_iter().map(row).collect(), page.next_ms.is_some()))
}

async fn deliveries(desk: &Desk, view: &TriggerView) -> Result<(Vec<LedgerRow>, bool), End> {
    let name = TriggerName::of(view);
    let of = name.to_ref(&desk.post.namespace);
    let query = DeliveriesQuery { of, before: None, limit: OF_EACH };
    let call = |rpc: RpadClient, context| async move { rpc.deliveries(context, query).await };
    let page: DeliveryPage = desk.ask(call).await?;
    let row = |delivery: DeliveryView| LedgerRow {
        name: name.clone(),
        at_ms: delivery.at_ms,
        number: Some(delivery.number),
        what: delivery.what,
        became: delivery.outcome,
        run: delivery.run,
        reason: delivery.reason,
        decided_ms: delivery.decided_ms,
    };
    Ok((page.deliveries.into_iter().map(row).collect(), page.next.is_some()))
}
