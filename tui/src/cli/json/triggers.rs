//! Triggers, what has become of their slots, and what comes next.

use std::collections::BTreeMap;

use rpa_ipc::Fault;
use rpa_ipc::triggers::{
    Backfilled, ComingSlot, DeliveryPage, DeliveryView, LedgerView, Reached, SlotPage, SlotView,
    Tested, TriggerView,
};
use rpa_ipc::view::Page;
use serde::Serialize;
use serde_json::Value;

use super::super::triggers::would_start;
use super::time;
use super::why::sentence;

#[derive(Debug, Serialize)]
pub struct TriggersDocument<'a> {
    pub triggers: Vec<TriggerObject<'a>>,
}

#[derive(Debug, Serialize)]
pub struct TriggerObject<'a> {
    pub workflow: &'a str,
    pub trigger: &'a str,
    pub kind: &'a str,
    /// `armed`, `paused`, `disabled`, `held`, `gone`, `broken`, `failing`.
    pub status: &'a str,
    /// Why it is not armed, in English.
    pub why: Option<Value>,
    /// The daemon has paused it, since its runs failed.
    pub paused_by_itself: bool,
    pub description: &'a str,
    pub what: &'a str,
    pub timezone: &'a str,
    /// The revision that declares it.
    pub revision: Option<u32>,
    pub next: Option<ComingObject<'a>>,
    pub last: Option<PastObject<'a>>,
    /// Of the last 24 hours, missed or refused.
    pub missed: u32,
    /// Runs that have failed one after the other.
    pub failures: u32,
    /// Its runs that go on.
    pub open: Vec<String>,
    /// Slots that wait for their time or for a run, or deliveries that are held.
    pub waiting: u32,
    /// What was delivered to it so far.
    pub deliveries: u64,
    pub failing: Option<FailingObject>,
    pub rejected: Option<RejectedObject>,
    /// How it fires less often, or later, than it is written to.
    pub cadence: Option<Value>,
}

/// A source that hears nothing for now.
#[derive(Debug, Serialize)]
pub struct FailingObject {
    pub since: Option<String>,
    pub attempts: u32,
    /// When it tries again.
    pub next: Option<String>,
}

/// What a source has turned away since the daemon started.
#[derive(Debug, Serialize)]
pub struct RejectedObject {
    pub count: u64,
    pub last: Option<String>,
    pub why: Value,
}

#[derive(Debug, Serialize)]
pub struct DeliveriesDocument<'a> {
    pub trigger: TriggerObject<'a>,
    /// The newest first.
    pub deliveries: Vec<DeliveryObject<'a>>,
    /// For `--before`: there are earlier ones.
    pub next: Option<u64>,
}

/// What has become of a delivery.
#[derive(Debug, Serialize)]
pub struct DeliveryObject<'a> {
    pub number: u64,
    pub at: Option<String>,
    pub what: &'a str,
    pub outcome: &'a str,
    pub run: Option<String>,
    pub reason: Option<Value>,
    pub decided: Option<String>,
}

/// What a trigger would do.
#[derive(Debug, Serialize)]
pub struct TestedDocument<'a> {
    pub workflow: &'a str,
    pub trigger: &'a str,
    pub starts: bool,
    pub r#match: Option<Asked>,
    pub r#if: Option<Asked>,
    /// By name; null when they cannot be had.
    pub variables: Option<BTreeMap<&'a str, Value>>,
    /// Why they cannot.
    pub error: Option<&'a str>,
    /// What its expressions read as `trigger`.
    pub facts: Value,
}

/// What an expression gave.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Asked {
    Told(bool),
    Failed { error: String },
}

/// A slot that is still to come.
#[derive(Debug, Serialize)]
pub struct ComingObject<'a> {
    pub workflow: &'a str,
    pub trigger: &'a str,
    pub slot: Option<String>,
    pub due: Option<String>,
    /// Why it will not be fired.
    pub passed: Option<Value>,
    /// So many more of this trigger are left out behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<u64>,
    /// As far as they were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_until: Option<String>,
}

/// What has become of a slot.
#[derive(Debug, Serialize)]
pub struct PastObject<'a> {
    pub slot: Option<String>,
    pub fate: &'a str,
    pub run: Option<String>,
    pub reason: Option<Value>,
    pub late_ms: u64,
    pub decided: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct SlotsDocument<'a> {
    /// Of one trigger, if one was asked for.
    pub trigger: Option<TriggerObject<'a>>,
    /// The newest first.
    pub slots: Vec<SlotObject<'a>>,
    /// There are earlier ones: a time for `--before`, of all triggers a `--cursor`.
    pub next: Option<String>,
}

/// What has become of a slot, and whose it is.
#[derive(Debug, Serialize)]
pub struct SlotObject<'a> {
    #[serde(flatten)]
    pub past: PastObject<'a>,
    pub workflow: &'a str,
    pub trigger: &'a str,
}

#[derive(Debug, Serialize)]
pub struct UpcomingDocument<'a> {
    pub upcoming: Vec<ComingObject<'a>>,
    pub until: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct BackfillDocument<'a> {
    pub workflow: &'a str,
    pub trigger: &'a str,
    pub from: Option<String>,
    pub to: Option<String>,
    /// The oldest first.
    pub slots: Vec<ComingObject<'a>>,
    /// Slots that had a run, or wait for it.
    pub had: u32,
    /// Slots older than all that is remembered, which may have had one, and are given none.
    pub forgotten: u32,
    /// Slots that were not taken yet, and come by themselves.
    pub to_come: u32,
    pub dry_run: bool,
}

impl<'a> TriggersDocument<'a> {
    pub fn of(views: &'a [TriggerView]) -> TriggersDocument<'a> {
        TriggersDocument { triggers: views.iter().map(TriggerObject::of).collect() }
    }
}

impl<'a> TriggerObject<'a> {
    pub fn of(view: &'a TriggerView) -> TriggerObject<'a> {
        TriggerObject {
            workflow: &view.workflow,
            trigger: &view.trigger,
            kind: &view.kind,
            status: &view.status,
            why: view.why.as_ref().map(sentence),
            paused_by_itself: view.paused_by_itself,
            description: &view.description,
            what: &view.what,
            timezone: &view.timezone,
            revision: view.revision,
            next: view.next.as_ref().map(ComingObject::of),
            last: view.last.as_ref().map(PastObject::of),
            missed: view.missed,
            failures: view.failures,
            open: view.open.iter().map(ToString::to_string).collect(),
            waiting: view.waiting,
            deliveries: view.deliveries,
            failing: view.failing.as_ref().map(|failing| FailingObject {
                since: time(failing.since_ms),
                attempts: failing.attempts,
                next: time(failing.next_ms),
            }),
            rejected: view.rejected.as_ref().map(|rejected| RejectedObject {
                count: rejected.count,
                last: time(rejected.last_ms),
                why: sentence(&rejected.why),
            }),
            cadence: view.cadence.as_ref().map(sentence),
        }
    }
}

impl<'a> ComingObject<'a> {
    pub fn of(slot: &'a ComingSlot) -> ComingObject<'a> {
        ComingObject {
            workflow: &slot.workflow,
            trigger: &slot.trigger,
            slot: time(slot.slot_ms),
            due: time(slot.due_ms),
            passed: slot.passed.as_ref().map(sentence),
            more: slot.more.map(|more| more.count),
            more_until: time(slot.more.map(|more| more.until_ms)),
        }
    }
}

impl<'a> PastObject<'a> {
    pub fn of(slot: &'a SlotView) -> PastObject<'a> {
        PastObject {
            slot: time(slot.slot_ms),
            fate: &slot.fate,
            run: slot.run.map(|run| run.to_string()),
            reason: slot.reason.as_ref().map(sentence),
            late_ms: slot.by_ms,
            decided: time(slot.decided_ms),
        }
    }
}

impl<'a> SlotsDocument<'a> {
    pub fn of(page: &'a SlotPage) -> SlotsDocument<'a> {
        let TriggerView { workflow, trigger, .. } = &page.trigger;
        let slot = |slot| SlotObject { past: PastObject::of(slot), workflow, trigger };
        SlotsDocument {
            trigger: Some(TriggerObject::of(&page.trigger)),
            slots: page.slots.iter().map(slot).collect(),
            next: time(page.next_ms),
        }
    }

    /// Those of all triggers.
    pub fn of_all(page: &'a Page<LedgerView>) -> SlotsDocument<'a> {
        let slot = |view: &'a LedgerView| {
            let LedgerView { workflow, trigger, reached } = view;
            match reached {
                Reached::Slot(slot) => {
                    Some(SlotObject { past: PastObject::of(slot), workflow, trigger })
                }
                Reached::Delivery(_) => None,
            }
        };
        let slots = page.items.iter().filter_map(slot).collect();
        SlotsDocument { trigger: None, slots, next: page.next.clone() }
    }
}

impl<'a> DeliveriesDocument<'a> {
    pub fn of(page: &'a DeliveryPage) -> DeliveriesDocument<'a> {
        let delivery = |view: &'a DeliveryView| DeliveryObject {
            number: view.number,
            at: time(view.at_ms),
            what: &view.what,
            outcome: &view.outcome,
            run: view.run.map(|run| run.to_string()),
            reason: view.reason.as_ref().map(sentence),
            decided: time(view.decided_ms),
        };
        DeliveriesDocument {
            trigger: TriggerObject::of(&page.trigger),
            deliveries: page.deliveries.iter().map(delivery).collect(),
            next: page.next,
        }
    }
}

impl<'a> TestedDocument<'a> {
    pub fn of(tested: &'a Tested) -> TestedDocument<'a> {
        let asked = |asked: &Option<Result<bool, Fault>>| {
            asked.as_ref().map(|asked| match asked {
                Ok(told) => Asked::Told(*told),
                Err(fault) => Asked::Failed { error: fault.message.clone() },
            })
        };
        let variables = tested.variables.as_ref().ok().map(|variables| {
            let named = variables.iter().map(|(name, value)| (name.as_str(), parsed(value)));
            named.collect()
        });
        TestedDocument {
            workflow: &tested.trigger.workflow,
            trigger: &tested.trigger.trigger,
            starts: would_start(tested),
            r#match: asked(&tested.fits),
            r#if: asked(&tested.wanted),
            variables,
            error: tested.variables.as_ref().err().map(|fault| fault.message.as_str()),
            facts: parsed(&tested.facts),
        }
    }
}

/// JSON as it came from the daemon.
fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| Value::from(json))
}

impl<'a> UpcomingDocument<'a> {
    pub fn of(slots: &'a [ComingSlot], until_ms: u64) -> UpcomingDocument<'a> {
        UpcomingDocument {
            upcoming: slots.iter().map(ComingObject::of).collect(),
            until: time(until_ms),
        }
    }
}

impl<'a> BackfillDocument<'a> {
    pub fn of(
        trigger: &'a TriggerView,
        (from_ms, to_ms): (u64, u64),
        filled: &'a Backfilled,
        dry_run: bool,
    ) -> BackfillDocument<'a> {
        BackfillDocument {
            workflow: &trigger.workflow,
            trigger: &trigger.trigger,
            from: time(from_ms),
            to: time(to_ms),
            slots: filled.slots.iter().map(ComingObject::of).collect(),
            had: filled.had,
            forgotten: filled.forgotten,
            to_come: filled.to_come,
            dry_run,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn the_shape_of_triggers_and_slots() {
        let views = [sample::trigger("armed"), sample::trigger("paused")];
        let page = sample::slots();
        let all = Page { items: sample::ledger(), next: Some("7:s7:disk-report:nightly".into()) };
        let upcoming = sample::upcoming();
        let filled = sample::backfilled();
        let (from_ms, to_ms) = (sample::NOW - 172_800_000, sample::NOW);
        let backfill = BackfillDocument::of(&views[0], (from_ms, to_ms), &filled, true);
        let json = [
            serde_json::to_string_pretty(&TriggersDocument::of(&views)).unwrap(),
            serde_json::to_string_pretty(&SlotsDocument::of(&page)).unwrap(),
            serde_json::to_string_pretty(&SlotsDocument::of_all(&all)).unwrap(),
            serde_json::to_string_pretty(&UpcomingDocument::of(&upcoming, sample::NOW)).unwrap(),
            serde_json::to_string_pretty(&backfill).unwrap(),
        ];
        insta::assert_snapshot!(json.join("\n"));
    }
}
