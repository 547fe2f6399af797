//! Triggers, what has become of their slots, and what comes next.

use rpa_ipc::triggers::{Backfilled, ComingSlot, SlotPage, SlotView, TriggerView};
use serde::Serialize;
use serde_json::Value;

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
    /// `armed`, `paused`, `disabled`, `held`, `gone`, `broken`.
    pub status: &'a str,
    /// Why it is not armed, in English.
    pub why: Option<Value>,
    pub description: &'a str,
    pub what: &'a str,
    pub timezone: &'a str,
    /// The revision that declares it.
    pub revision: Option<u32>,
    pub next: Option<ComingObject<'a>>,
    pub last: Option<PastObject<'a>>,
    /// Runs that have failed one after the other.
    pub failures: u32,
    /// Its runs that go on.
    pub open: Vec<String>,
    /// Slots that wait for their time or for a run.
    pub waiting: u32,
    /// How it fires less often, or later, than it is written to.
    pub cadence: Option<Value>,
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
    pub trigger: TriggerObject<'a>,
    /// The newest first.
    pub slots: Vec<PastObject<'a>>,
    /// For `--before`: there are earlier ones.
    pub next: Option<String>,
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
            description: &view.description,
            what: &view.what,
            timezone: &view.timezone,
            revision: view.revision,
            next: view.next.as_ref().map(ComingObject::of),
            last: view.last.as_ref().map(PastObject::of),
            failures: view.failures,
            open: view.open.iter().map(ToString::to_string).collect(),
            waiting: view.waiting,
            cadence: view.cadence.as_ref().map(sentence),
        }
    }
}

impl<'a> ComingObject<'a> {
    fn of(slot: &'a ComingSlot) -> ComingObject<'a> {
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
        SlotsDocument {
            trigger: TriggerObject::of(&page.trigger),
            slots: page.slots.iter().map(PastObject::of).collect(),
            next: time(page.next_ms),
        }
    }
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
        let upcoming = sample::upcoming();
        let filled = sample::backfilled();
        let (from_ms, to_ms) = (sample::NOW - 172_800_000, sample::NOW);
        let backfill = BackfillDocument::of(&views[0], (from_ms, to_ms), &filled, true);
        let json = [
            serde_json::to_string_pretty(&TriggersDocument::of(&views)).unwrap(),
            serde_json::to_string_pretty(&SlotsDocument::of(&page)).unwrap(),
            serde_json::to_string_pretty(&UpcomingDocument::of(&upcoming, sample::NOW)).unwrap(),
            serde_json::to_string_pretty(&backfill).unwrap(),
        ];
        insta::assert_snapshot!(json.join("\n"));
    }
}
