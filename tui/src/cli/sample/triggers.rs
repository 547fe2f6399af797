//! Triggers, their slots and what reached them.

use rpa_ipc::fault::{Arg, remarks};
use rpa_ipc::said;
use rpa_ipc::triggers::{
    Backfilled, ComingSlot, DeliveryPage, DeliveryView, FailingView, LedgerView, Preview, Reached,
    RejectedView, SlotPage, SlotView, Tested, TriggerView,
};
use rpa_ipc::why::{Telling, WhySlot};

use super::{DAY, NOW, SLOT, failed};

/// A trigger that stands so, as the daemon would say it.
pub(crate) fn trigger(status: &str) -> TriggerView {
    let by = "ann (cli)";
    let at = "2026-11-19T16:04:11Z";
    let note = "the disks are being replaced, ask the people of the second floor";
    let why = match status {
        "paused" => Some(said!("trigger-paused-by", by = by, at = at, note = note)),
        "disabled" => Some(said!("trigger-disabled-by", by = by, at = at, note = "-")),
        "held" => Some(said!("trigger-held")),
        "gone" => Some(said!("trigger-gone")),
        "broken" => Some(said!("trigger-broken", problem = "there is no calendar \u{1b}[2J\"bg\"")),
        _ => None,
    };
    let is_there = status != "gone";
    TriggerView {
        workflow: "default/disk-report".into(),
        trigger: "nightly".into(),
        description: "Before people come".into(),
        kind: "schedule".into(),
        what: if is_there { "At 03:30, Monday through Friday (Europe/Sofia)" } else { "" }.into(),
        cron: is_there.then(|| "30 3 * * MON-FRI".to_owned()),
        timezone: if is_there { "Europe/Sofia" } else { "" }.into(),
        status: status.into(),
        why,
        paused_by_itself: false,
        revision: is_there.then_some(3),
        next: (status == "armed").then(|| coming(SLOT, SLOT)),
        last: Some(slots_of().swap_remove(0)),
        missed: 0,
        failures: 2,
        open: vec![failed().summary.run],
        waiting: 0,
        deliveries: 0,
        failing: None,
        rejected: None,
        cadence: None,
    }
}

/// One of each kind.
pub(crate) fn triggers() -> Vec<TriggerView> {
    let named = |workflow: &str, trigger_name: &str, status: &str| TriggerView {
        workflow: format!("default/{workflow}"),
        trigger: trigger_name.into(),
        ..trigger(status)
    };
    let mut never = named("backup", "schedule", "disabled");
    never.why = Some(said!("trigger-disabled-in-file"));
    never.last = None;
    let mut caught_up = named("a-workflow-with-a-long-name", "every-quarter-of-an-hour", "armed");
    caught_up.last = slots_of().into_iter().find(|slot| slot.fate == "backfilled");
    let why = remarks(vec![said!("cadence-overlapped", slots = 6)]);
    caught_up.cadence = Some(said!(
        "cadence-slower",
        effective = "30m",
        written = "15m",
        lost = 6,
        all = 12,
        why = why
    ));
    vec![
        caught_up,
        never,
        named("disk-report", "nightly", "armed"),
        named("disk-report", "on-sundays", "paused"),
        named("invoices", "schedule", "broken"),
        named("mail", "schedule", "held"),
        named("old", "schedule", "gone"),
    ]
}

pub(crate) fn coming(slot_ms: u64, due_ms: u64) -> ComingSlot {
    let (workflow, trigger) = ("default/disk-report".into(), "nightly".into());
    ComingSlot { workflow, trigger, slot_ms, due_ms, passed: None, folded: None, more: None }
}

pub(crate) fn upcoming() -> Vec<ComingSlot> {
    let mut elsewhere = coming(SLOT + 3_600_000, SLOT + 3_600_000);
    elsewhere.workflow = "ops/a-workflow-with-a-long-name".into();
    elsewhere.trigger = "every-quarter-of-an-hour".into();
    vec![coming(SLOT, SLOT + 42_000), elsewhere, coming(SLOT + DAY, SLOT + DAY)]
}

/// One of each fate, the newest first.
pub(crate) fn slots_of() -> Vec<SlotView> {
    let run = failed().summary.run;
    let slot = |days: u64, fate: &str, has_run: bool, reason, by_ms| {
        let slot_ms = SLOT - days * DAY;
        let run = has_run.then_some(run);
        SlotView { slot_ms, fate: fate.into(), run, reason, by_ms, decided_ms: slot_ms + by_ms }
    };
    let refused = said!(
        "slot-refused",
        code = "RPA0502",
        message = "the workflow default/disk-report\u{1b}[2J is disabled since yesterday by ann"
    );
    vec![
        slot(1, "fired", true, None, 20),
        slot(2, "late", true, None, 184_000),
        slot(3, "waiting", false, Some(said!("slot-waits-run")), 0),
        slot(4, "skipped", false, Some(said!("slot-overlap", run = "444455556666")), 0),
        slot(5, "suppressed", false, Some(said!("slot-in-gap")), 0),
        slot(6, "refused", false, Some(refused), 0),
        slot(7, "missed", false, Some(said!("slot-missed-down")), 0),
        slot(8, "caught_up", true, None, 7_500_000),
        slot(9, "backfilled", true, None, 12 * DAY),
    ]
}

/// Slots of several triggers, the newest first.
pub(crate) fn ledger() -> Vec<LedgerView> {
    let names = [
        ("default/disk-report", "nightly"),
        ("ops/a-workflow-with-a-long-name", "every-quarter-of-an-hour"),
    ];
    let view = |(slot, (workflow, trigger)): (SlotView, (&str, &str))| {
        let (workflow, trigger) = (workflow.into(), trigger.into());
        LedgerView { workflow, trigger, reached: Reached::Slot(slot) }
    };
    slots_of().into_iter().zip(names.into_iter().cycle()).map(view).collect()
}

pub(crate) fn slots() -> SlotPage {
    let slots = slots_of();
    let next_ms = slots.last().map(|slot| slot.slot_ms);
    SlotPage { trigger: trigger("armed"), slots, next_ms }
}

/// A trigger that is no schedule, with one delivery of each outcome.
pub(crate) fn deliveries() -> DeliveryPage {
    let mut trigger = trigger("failing");
    trigger.kind = "webhook".into();
    trigger.what = "POST /hooks/default/deploys (github)".into();
    trigger.timezone = String::new();
    trigger.why = Some(said!("trigger-failing", problem = "no secret \u{1b}[2Jdeploy_key"));
    trigger.deliveries = 4711;
    trigger.failing =
        Some(FailingView { since_ms: NOW - DAY, attempts: 3, next_ms: Some(NOW + 42_000) });
    let why = said!("slot-condition");
    trigger.rejected = Some(RejectedView { count: 1200, last_ms: NOW - 60_000, why });
    let run = failed().summary.run;
    let refused = said!("slot-refused", code = "RPA0203", message = "the disk is nearly full");
    let all = [
        ("started", true, None),
        ("held", false, Some(said!("delivery-gathers"))),
        ("merged", false, Some(said!("delivery-merged", into = 4710))),
        ("skipped", false, Some(said!("slot-condition"))),
        ("refused", false, Some(refused)),
    ];
    let deliveries = (0..).zip(all).map(|(n, (outcome, has_run, reason))| DeliveryView {
        number: 4711 - n,
        at_ms: NOW - (n + 1) * 60_000,
        what: "push \u{1b}[2Jto a-repository-with-a-long-name".into(),
        outcome: outcome.into(),
        run: has_run.then_some(run),
        reason,
        decided_ms: NOW - n * 60_000,
    });
    DeliveryPage { trigger, deliveries: deliveries.collect(), next: Some(4707) }
}

pub(crate) fn tested() -> Tested {
    Tested {
        trigger: trigger("armed"),
        fits: Some(Ok(true)),
        wanted: Some(Ok(true)),
        variables: Ok(vec![("limit".into(), "80".into()), ("text".into(), "\"a\"".into())]),
        facts: r#"{"id":"nightly","kind":"schedule"}"#.into(),
    }
}

pub(crate) fn backfilled() -> Backfilled {
    let slots = [2, 1].map(|days| coming(SLOT - days * DAY, SLOT - days * DAY));
    Backfilled { slots: slots.into(), had: 1, forgotten: 2, to_come: 3 }
}

/// The slots after a moment, one for each day.
pub(crate) fn preview(after_ms: u64, limit: u32) -> Preview {
    let days = (after_ms + DAY).saturating_sub(SLOT % DAY) / DAY;
    let slots = (0..u64::from(limit)).map(|n| (days + n) * DAY + SLOT % DAY);
    let mut slots: Vec<ComingSlot> = slots.map(|at| coming(at, at)).collect();
    if let Some(second) = slots.get_mut(1) {
        second.passed = Some(said!("slot-off-calendar"));
    }
    Preview { trigger: trigger("armed"), slots }
}

/// Why a slot had no run.
pub(crate) fn why_slot() -> WhySlot {
    let slot = slots_of().into_iter().find(|slot| slot.fate == "skipped");
    let slot = slot.expect("one of each fate");
    let reason = slot.reason.clone().expect("it was skipped for a reason");
    let (at, workflow, trigger) = (Arg::Moment(slot.decided_ms), "default/disk-report", "nightly");
    let all = [
        said!("why-slot-skipped", at = at, reason = reason),
        said!("why-slot-mend-overlap", rule = "skip"),
        said!("why-slot-backfill", workflow = workflow, trigger = trigger),
    ];
    WhySlot {
        trigger: self::trigger("armed"),
        at_ms: slot.slot_ms,
        slot: Some(slot),
        why: all.into_iter().map(|what| Telling::new(None, None, what)).collect(),
        before_ms: None,
        after_ms: None,
    }
}
