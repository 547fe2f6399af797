//! Triggers: all of them, one with its slots or deliveries, what fires next.
//!
//! Each is asked for again when the namespace changes, and also when a slot comes: one
//! that is skipped or missed has no run, and so makes no change. When something is delivered
//! nobody knows before, nor does that change anything unless it starts a run: then it is
//! looked for again soon.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rpa_ipc::Fault;
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{
    ComingSlot, DeliveriesQuery, DeliveryPage, MOST_SLOTS, PreviewQuery, SlotPage, SlotsQuery,
    Stretches, TriggerView, TriggersQuery, UpcomingQuery,
};

use super::desk::{Desk, End, POLL_MS, Pace};
use super::lists::changes;
use crate::console::state::{AHEAD_MS, News, Past, TriggerWant, TriggersWant, has_deliveries};

/// Between two rounds: faster changes of a list cannot be read.
const SHOWN: Duration = Duration::from_millis(150);
/// The same where triggers are only counted: for all of them the daemon reckons which slot
/// comes next.
const COUNTED: Duration = Duration::from_secs(5);
/// Until what was delivered, and has started nothing, is seen.
const HEARD_MS: u64 = 2_000;
/// Slots to come that are shown of one trigger.
const COMING: u32 = 10;
/// After a slot's moment, until the daemon has said what becomes of it.
const DECIDED_MS: u64 = 250;
/// A slot that is long due may wait for a run to end.
const LEAST_WAIT_MS: u64 = 1_000;

pub(super) async fn all(desk: Desk, want: TriggersWant) {
    loop {
        let ended = keep_all(&desk, want).await;
        let refusal: fn(Fault) -> News = News::TriggersRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep_all(desk: &Desk, want: TriggersWant) -> Result<(), End> {
    let least = match want {
        TriggersWant::Shown => SHOWN,
        TriggersWant::Counted => COUNTED,
    };
    let mut pace = Pace::new(least);
    let mut shown = None;
    // before the rows: what changes while they are read is read again
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let query = TriggersQuery { namespace: desk.post.namespace.clone() };
        let call = |rpc: RpadClient, context| async move { rpc.triggers(context, query).await };
        let rows: Vec<TriggerView> = desk.ask(call).await?;
        let next_ms = match want {
            TriggersWant::Shown => rows.iter().filter_map(next_ms).min(),
            TriggersWant::Counted => None,
        };
        if shown.as_ref() != Some(&rows) {
            desk.tell(News::Triggers(rows.clone())).await;
            shown = Some(rows);
        }
        pace.pause().await;
        seen = changed_or_due(desk, seen, next_ms, POLL_MS).await?;
    }
}

pub(super) async fn one(desk: Desk, want: TriggerWant) {
    loop {
        let ended = keep_one(&desk, &want).await;
        let refusal: fn(Fault) -> News = News::TriggerRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep_one(desk: &Desk, want: &TriggerWant) -> Result<(), End> {
    let mut pace = Pace::new(SHOWN);
    let mut shown = None;
    let mut delivers = false;
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let told = newest(desk, want, delivers).await?;
        let told = match has_deliveries(&told.view) {
            same if same == delivers => told,
            other => {
                delivers = other;
                newest(desk, want, delivers).await?
            }
        };
        let coming = match told.view.kind.as_str() {
            "schedule" => Some(preview(desk, want).await?),
            // what happens is not known before
            _ => None,
        };
        // also one that is paused skips the slots that come
        let to_come = coming.iter().flatten().flatten().map(|slot| slot.due_ms).min();
        let looks_ms = if delivers { HEARD_MS } else { POLL_MS };
        let due_ms = to_come.into_iter().chain(next_ms(&told.view)).min();
        let told = (told, coming);
        if shown.as_ref() != Some(&told) {
            let (Newest { view, past, more }, coming) = told.clone();
            let want = want.clone();
            desk.tell(News::Trigger { want, view, past, more, coming }).await;
            shown = Some(told);
        }
        pace.pause().await;
        seen = changed_or_due(desk, seen, due_ms, looks_ms).await?;
    }
}

/// A trigger with the newest that has reached it; whether there is something older.
#[derive(Clone, PartialEq)]
struct Newest {
    view: TriggerView,
    past: Past,
    more: bool,
}

async fn newest(desk: &Desk, want: &TriggerWant, delivers: bool) -> Result<Newest, End> {
    match delivers {
        false => newest_slots(desk, want).await,
        true => newest_deliveries(desk, want).await,
    }
}

/// As many slots as are wanted: the daemon gives some at a time.
async fn newest_slots(desk: &Desk, want: &TriggerWant) -> Result<Newest, End> {
    let (mut slots, mut before_ms) = (Vec::new(), None);
    loop {
        let of = want.name.to_ref(&desk.post.namespace);
        let query = SlotsQuery { of, before_ms, limit: limit(want, slots.len()) };
        let call = |rpc: RpadClient, context| async move { rpc.slots(context, query).await };
        let page: SlotPage = desk.ask(call).await?;
        // a daemon that gives nothing and says that more follows would keep us here
        let ends = page.slots.is_empty() || page.next_ms.is_none();
        slots.extend(page.slots);
        before_ms = page.next_ms;
        if ends || slots.len() >= want.rows {
            let (view, more) = (page.trigger, before_ms.is_some());
            return Ok(Newest { view, past: Past::Slots(slots), more });
        }
    }
}

/// As many deliveries as are wanted, likewise.
async fn newest_deliveries(desk: &Desk, want: &TriggerWant) -> Result<Newest, End> {
    let (mut deliveries, mut before) = (Vec::new(), None);
    loop {
        let of = want.name.to_ref(&desk.post.namespace);
        let query = DeliveriesQuery { of, before, limit: limit(want, deliveries.len()) };
        let call = |rpc: RpadClient, context| async move { rpc.deliveries(context, query).await };
        let page: DeliveryPage = desk.ask(call).await?;
        let ends = page.deliveries.is_empty() || page.next.is_none();
        deliveries.extend(page.deliveries);
        before = page.next;
        if ends || deliveries.len() >= want.rows {
            let (view, more) = (page.trigger, before.is_some());
            return Ok(Newest { view, past: Past::Deliveries(deliveries), more });
        }
    }
}

/// How many of them are asked for next.
fn limit(want: &TriggerWant, had: usize) -> u32 {
    u32::try_from(want.rows - had).unwrap_or(MOST_SLOTS).min(MOST_SLOTS)
}

/// What comes of it, or why nobody knows: the rest may still be shown.
async fn preview(desk: &Desk, want: &TriggerWant) -> Result<Result<Vec<ComingSlot>, Fault>, End> {
    let of = want.name.to_ref(&desk.post.namespace);
    let query = PreviewQuery { of, after_ms: now_ms(), limit: COMING };
    let call = |rpc: RpadClient, context| async move { rpc.preview(context, query).await };
    match desk.ask(call).await {
        Ok(preview) => Ok(Ok(preview.slots)),
        Err(End::Refused(fault)) => Ok(Err(fault)),
        Err(End::Lost) => Err(End::Lost),
    }
}

pub(super) async fn upcoming(desk: Desk, fold: Stretches) {
    loop {
        let ended = keep_upcoming(&desk, fold).await;
        let refusal: fn(Fault) -> News = News::UpcomingRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep_upcoming(desk: &Desk, fold: Stretches) -> Result<(), End> {
    let mut pace = Pace::new(SHOWN);
    let mut shown = None;
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let namespace = desk.post.namespace.clone();
        let until_ms = now_ms() + AHEAD_MS;
        let query = UpcomingQuery { namespace, until_ms, fold: Some(fold), limit: MOST_SLOTS };
        let call = |rpc: RpadClient, context| async move { rpc.upcoming(context, query).await };
        let slots: Vec<ComingSlot> = desk.ask(call).await?;
        let next_ms = slots.iter().map(|slot| slot.due_ms).min();
        if shown.as_ref() != Some(&slots) {
            desk.tell(News::Upcoming(slots.clone())).await;
            shown = Some(slots);
        }
        pace.pause().await;
        seen = changed_or_due(desk, seen, next_ms, POLL_MS).await?;
    }
}

/// When its next slot comes, or its source tries again.
pub(super) fn next_ms(view: &TriggerView) -> Option<u64> {
    let slot = view.next.as_ref().map(|next| next.due_ms);
    slot.or_else(|| view.failing.as_ref()?.next_ms)
}

/// Waits for the next change, until the next slot has come, or for so long at most: after
/// that the daemon is asked in any case.
pub(super) async fn changed_or_due(
    desk: &Desk,
    seen: u64,
    due_ms: Option<u64>,
    most_ms: u64,
) -> Result<u64, End> {
    let until_due = due_ms.map(|due| due.saturating_sub(now_ms()) + DECIDED_MS);
    let wait_ms = until_due.unwrap_or(most_ms).clamp(LEAST_WAIT_MS, most_ms);
    changes(desk, seen, wait_ms).await
}

pub(super) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
