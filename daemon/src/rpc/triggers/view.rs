//! One trigger: how it stands and why, what was last and what is next.

use rpa_config::trigger::describe;
use rpa_engine::actor::Origin;
use rpa_engine::trigger::delivery::Outcome;
use rpa_engine::trigger::{Fate, Moments, Source};
use rpa_ipc::fault::{Arg, Said, count};
use rpa_ipc::triggers::{FailingView, MOST_MISSED, RejectedView, SlotView, TriggerView};
use rpa_ipc::{Fault, said};

use super::found::Found;
use super::slots::{coming, slot_view};
use super::upcoming::LOOKED_AT;
use crate::driver::now_ms;
use crate::rpc::{Office, deliveries};
use crate::store::{DeliveryRow, Reader, SlotRow, StoreError};
use crate::triggers::cadence::{cadence, sentence};
use crate::triggers::standing::Failing;

/// How far back slots count that were missed.
const MISSED_MS: u64 = 24 * 60 * 60 * 1_000;

pub(in crate::rpc) fn view(
    reader: &Reader,
    office: &Office,
    found: &Found,
) -> Result<TriggerView, StoreError> {
    let Found { workflow, key, row, declared, .. } = found;
    let standing = office.standings.of(key);
    let plan = found.plan(office);
    let (status, why) = status(found, plan.as_ref().err(), standing.failing.as_ref());
    let name = (workflow.to_string(), key.trigger.to_string());
    let next = match &plan {
        Ok(Some(plan)) if status == "armed" => {
            let upto_ms = row.state.schedule().map_or(0, |state| state.upto_ms);
            let mut to_come = plan.after(upto_ms).take(LOOKED_AT);
            to_come.find(|slot| slot.passed.is_none()).map(|slot| coming(&name, slot))
        }
        _ => None,
    };
    let last = last(reader, found)?;
    let source = declared.as_ref().map(|declared| &declared.trigger.source);
    let schedule = source.and_then(Source::schedule);
    let (state, deliveries) = (row.state.schedule(), row.state.deliveries());
    let waiting = state.map_or(0, |state| state.pending.len());
    let held = deliveries.map_or(0, |state| state.held.len());
    Ok(TriggerView {
        workflow: name.0,
        trigger: name.1,
        description: declared.as_ref().map(|d| d.trigger.description.clone()).unwrap_or_default(),
        kind: source.map_or_else(String::new, |source| source.word().to_owned()),
        what: source.map(|source| describe(source, &workflow.namespace)).unwrap_or_default(),
        cron: schedule.and_then(|schedule| match &schedule.moments {
            Moments::Cron(text) => Some(text.clone()),
            Moments::Every { .. } | Moments::At(_) => None,
        }),
        timezone: schedule.map(|schedule| schedule.timezone.clone()).unwrap_or_default(),
        status: status.into(),
        why,
        paused_by_itself: status == "paused" && is_by_itself(found),
        revision: declared.as_ref().map(|declared| declared.revision),
        next,
        last,
        missed: missed_lately(reader, found, now_ms())?,
        failures: row.state.failures(),
        open: state.map(|state| state.open.clone()).unwrap_or_default(),
        waiting: u32::try_from(waiting + held).unwrap_or(u32::MAX),
        deliveries: deliveries.map_or(0, |state| state.last),
        failing: standing.failing.map(|failing| FailingView {
            since_ms: failing.since_ms,
            attempts: failing.attempts,
            next_ms: failing.next_ms,
        }),
        rejected: standing.rejected.map(|(count, last_ms, why)| RejectedView {
            count,
            last_ms,
            why,
        }),
        cadence: (status == "armed")
            .then(|| cadence(reader, key))
            .transpose()?
            .flatten()
            .as_ref()
            .map(sentence),
    })
}

/// What has become of the last that reached it.
fn last(reader: &Reader, found: &Found) -> Result<Option<SlotView>, StoreError> {
    if found.row.state.schedule().is_some() {
        let last = reader.slots(&found.key, u64::MAX, 1)?.pop();
        return Ok(last.map(|(at_ms, row)| slot_view(at_ms, row)));
    }
    let last = reader.deliveries(&found.key, u64::MAX, 1)?.pop();
    Ok(last.map(|(number, row)| {
        let delivery = deliveries::view(number, row);
        SlotView {
            slot_ms: delivery.at_ms,
            fate: delivery.outcome,
            run: delivery.run,
            reason: delivery.reason,
            by_ms: 0,
            decided_ms: delivery.decided_ms,
        }
    }))
}

/// How many of its slots, or of what was delivered to it, should have had runs lately and
/// have none.
fn missed_lately(reader: &Reader, found: &Found, now_ms: u64) -> Result<u32, StoreError> {
    let since_ms = now_ms.saturating_sub(MISSED_MS);
    let count = if found.row.state.schedule().is_some() {
        let slots = reader.slots_since(&found.key, since_ms, MOST_MISSED)?.into_iter();
        let lost = |row: &SlotRow| matches!(row.fate, Fate::Refused { .. } | Fate::Missed(_));
        slots.filter(|(_, row)| lost(row)).count()
    } else {
        let deliveries = reader.deliveries(&found.key, u64::MAX, MOST_MISSED)?.into_iter();
        let lost = |row: &DeliveryRow| matches!(row.outcome, Outcome::Refused { .. });
        deliveries.filter(|(_, row)| row.at_ms >= since_ms && lost(row)).count()
    };
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// How a trigger stands, and why.
pub(super) fn status(
    found: &Found,
    broken: Option<&Fault>,
    failing: Option<&Failing>,
) -> (&'static str, Option<Said>) {
    let row = &found.row;
    if found.declared.is_none() {
        return ("gone", Some(said!("trigger-gone")));
    }
    if let Some(fault) = broken {
        return ("broken", Some(said!("trigger-broken", problem = fault.message)));
    }
    if let Some(order) = row.ordered.as_ref().filter(|order| !order.enabled) {
        let (by, at) = (&order.mark.by, Arg::Moment(order.mark.at_ms));
        let why = match order.note.as_str() {
            "" => said!("trigger-disabled", by = by, at = at),
            note => said!("trigger-disabled-by", by = by, at = at, note = note),
        };
        return ("disabled", Some(why));
    }
    if row.armed.is_none() {
        return ("disabled", Some(said!("trigger-disabled-in-file")));
    }
    if found.held {
        return ("held", Some(said!("trigger-held")));
    }
    if let Some(paused) = row.state.paused() {
        let (by, at) = (&paused.by, Arg::Moment(paused.since_ms));
        let why = match paused.note.as_str() {
            "" => said!("trigger-paused", by = by, at = at),
            // what the daemon itself has noted is said in the reader's language
            _ if is_by_itself(found) => {
                let failures = count(row.state.failures());
                let note = said!("trigger-paused-failures", failures = failures);
                said!("trigger-paused-by", by = by, at = at, note = note)
            }
            note => said!("trigger-paused-by", by = by, at = at, note = note),
        };
        return ("paused", Some(why));
    }
    if let Some(failing) = failing {
        let why = match &failing.fault.said {
            Some(problem) => said!("trigger-failing", problem = **problem),
            None => said!("trigger-failing", problem = failing.fault.message),
        };
        return ("failing", Some(why));
    }
    ("armed", None)
}

/// Whether the daemon has paused it itself.
pub(super) fn is_by_itself(found: &Found) -> bool {
    found.row.state.paused().is_some_and(|paused| paused.by.origin == Origin::Daemon)
}
