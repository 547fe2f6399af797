//! Slots: what has become of those that were, and which come next.

use rpa_engine::trigger::{Fate, How, Missed, Passed, Skipped, Slot, WaitsFor};
use rpa_ipc::fault::{Arg, Said};
use rpa_ipc::said;
use rpa_ipc::service::Reply;
use rpa_ipc::triggers::{
    ComingSlot, MOST_SLOTS, Preview, PreviewQuery, SlotPage, SlotView, SlotsQuery,
};

use super::found::{Found, find, not_declared, one};
use super::view::view;
use crate::rpc::{Office, bug, views};
use crate::store::SlotRow;

pub async fn slots(office: &Office, query: SlotsQuery) -> Reply<SlotPage> {
    let (of, own) = (query.of.clone(), office.clone());
    views::read(office, move |reader| {
        let found = match find(reader, &of)? {
            Ok(found) => found,
            Err(fault) => return Ok(Err(fault)),
        };
        let most = query.limit.clamp(1, MOST_SLOTS) as usize;
        let rows = reader.slots(&found.key, query.before_ms.unwrap_or(u64::MAX), most + 1)?;
        let next_ms = rows.get(most).and_then(|_| rows.get(most - 1)).map(|(at_ms, _)| *at_ms);
        let slots = rows.into_iter().take(most).map(|(at_ms, row)| slot_view(at_ms, row));
        let slots = slots.collect();
        Ok(Ok(SlotPage { trigger: view(reader, &own, &found)?, slots, next_ms }))
    })
    .await?
}

pub async fn preview(office: &Office, query: PreviewQuery) -> Reply<Preview> {
    let (found, trigger) = one(office, &query.of).await?;
    let most = query.limit.clamp(1, MOST_SLOTS) as usize;
    let name = (found.workflow.to_string(), found.key.trigger.to_string());
    let slots = planned(office, &found, query.after_ms, u64::MAX, most).await?;
    Ok(Preview { trigger, slots: slots.into_iter().map(|slot| coming(&name, slot)).collect() })
}

/// Slots of a trigger from one moment to another, reckoned off the runtime: a schedule may
/// have much to look through before it comes to one.
pub(super) async fn planned(
    office: &Office,
    found: &Found,
    after_ms: u64,
    until_ms: u64,
    most: usize,
) -> Reply<Vec<Slot>> {
    let Some(plan) = found.plan(office)? else { return Err(not_declared(found)) };
    let slots = tokio::task::spawn_blocking(move || {
        let slots = plan.after(after_ms).take_while(|slot| slot.at_ms < until_ms);
        slots.take(most).collect()
    });
    slots.await.map_err(|e| bug(&e.to_string()))
}

pub(super) fn coming((workflow, trigger): &(String, String), slot: Slot) -> ComingSlot {
    ComingSlot {
        workflow: workflow.clone(),
        trigger: trigger.clone(),
        slot_ms: slot.at_ms,
        due_ms: slot.due_ms,
        passed: slot.passed.map(passed),
        folded: None,
        more: None,
    }
}

pub(in crate::rpc) fn slot_view(at_ms: u64, row: SlotRow) -> SlotView {
    let SlotRow { fate, decided_ms } = row;
    let (word, run, reason, by_ms) = match fate {
        Fate::Waiting { due_ms, why } => {
            ("waiting", None, Some(waits(due_ms, why)), due_ms.saturating_sub(at_ms))
        }
        Fate::Fired { run, how, by_ms } => {
            let word = match how {
                How::InTime => "fired",
                How::Late => "late",
                How::CaughtUp => "caught_up",
                How::Backfilled => "backfilled",
                How::ByHand => "by_hand",
            };
            (word, Some(run), None, by_ms)
        }
        Fate::PassedOver(why @ (Passed::Gap | Passed::Fold)) => {
            ("suppressed", None, Some(passed(why)), 0)
        }
        Fate::PassedOver(why @ (Passed::Calendar | Passed::Merged)) => {
            ("skipped", None, Some(passed(why)), 0)
        }
        Fate::Skipped(why) => ("skipped", None, Some(skipped(&why)), 0),
        Fate::Refused { code, message } => {
            let reason = said!("slot-refused", code = code, message = message);
            ("refused", None, Some(reason), 0)
        }
        Fate::Missed(why) => ("missed", None, Some(missed(why)), 0),
    };
    SlotView { slot_ms: at_ms, fate: word.into(), run, reason, by_ms, decided_ms }
}

fn waits(due_ms: u64, why: WaitsFor) -> Said {
    match why {
        WaitsFor::Time => said!("slot-waits-time", at = Arg::Moment(due_ms)),
        WaitsFor::CatchUp => said!("slot-waits-catch-up"),
        WaitsFor::Run => said!("slot-waits-run"),
    }
}

pub(in crate::rpc) fn passed(why: Passed) -> Said {
    match why {
        Passed::Gap => said!("slot-in-gap"),
        Passed::Fold => said!("slot-in-fold"),
        Passed::Calendar => said!("slot-off-calendar"),
        Passed::Merged => said!("slot-merged"),
    }
}

fn skipped(why: &Skipped) -> Said {
    match why {
        Skipped::Overlap { run } => said!("slot-overlap", run = run.short()),
        Skipped::Superseded => said!("slot-superseded"),
        Skipped::QueueFull => said!("slot-queue-full"),
        Skipped::Paused => said!("slot-paused"),
        Skipped::Condition => said!("slot-condition"),
        Skipped::Disarmed => said!("slot-disarmed"),
    }
}

pub(in crate::rpc) fn missed(why: Missed) -> Said {
    match why {
        Missed::Down => said!("slot-missed-down"),
        Missed::Clock => said!("slot-missed-clock"),
        Missed::Restore => said!("slot-missed-restore"),
    }
}
