//! Triggers, their slots and deliveries, and the dialogs about them.

use rpa_ipc::triggers::{Backfilled, ComingSlot, DeliveryView, FailingView, SlotView, TriggerView};
use rpa_ipc::{FaultCode, Language, fault, said};

use super::{HOUR, NOW, connected, press, tell};
use crate::cli::sample as cli;
use crate::console::keys::Key;
use crate::console::state::{
    Call, Done, Effect, FireStage, News, Overlay, Past, State, has_deliveries,
};

/// One of each kind; of those that are armed the next slot is to come.
pub fn triggers() -> Vec<TriggerView> {
    let mut rows = cli::triggers();
    for (view, hours) in rows.iter_mut().filter(|view| view.next.is_some()).zip(1..) {
        let at = NOW + hours * HOUR;
        view.next = view.next.take().map(|next| coming(&next.workflow, &next.trigger, at));
    }
    let mut itself = cli::trigger("paused");
    (itself.workflow, itself.trigger) = ("default/vat-export".into(), "quarter".into());
    itself.why = Some(said!(
        "trigger-paused-by",
        by = "rpad (daemon)",
        at = "2026-11-20T16:04:11Z",
        note = "3 runs failed one after the other"
    ));
    (itself.failures, itself.paused_by_itself) = (3, true);
    // the newest was fired: those before it were not
    let mut missed = cli::trigger("armed");
    (missed.workflow, missed.trigger) = ("default/zip".into(), "hourly".into());
    missed.missed = 7;
    let mut hook = cli::trigger("armed");
    (hook.workflow, hook.trigger, hook.kind) =
        ("default/zip".into(), "hook".into(), "webhook".into());
    (hook.what, hook.next, hook.timezone) = ("POST /h/zip, signed".into(), None, String::new());
    let mut failing = cli::deliveries().trigger;
    (failing.workflow, failing.trigger) = ("default/deploys".into(), "pushed".into());
    (failing.next, failing.last) = (None, None);
    failing.failing = failing.failing.map(|failing| FailingView {
        since_ms: NOW - 90 * 60_000,
        next_ms: Some(NOW + 42_000),
        ..failing
    });
    failing.rejected.iter_mut().for_each(|rejected| rejected.last_ms = NOW - 60_000);
    rows.extend([itself, missed, hook, failing]);
    rows
}

fn coming(workflow: &str, trigger: &str, at_ms: u64) -> ComingSlot {
    ComingSlot {
        workflow: workflow.into(),
        trigger: trigger.into(),
        slot_ms: at_ms,
        due_ms: at_ms,
        passed: None,
        folded: None,
        more: None,
    }
}

/// What fires next: one each ten seconds, some each hour, one that has jitter.
pub fn upcoming() -> Vec<ComingSlot> {
    let of = |workflow: &str, trigger: &str, after: u64| {
        coming(&format!("default/{workflow}"), trigger, NOW + after)
    };
    let mut slots: Vec<ComingSlot> =
        (1..=20).map(|n| of("heartbeat", "ten-seconds", n * 10_000)).collect();
    let mut nightly = of("disk-report", "nightly", 20 * 60_000);
    nightly.due_ms += 42_000;
    slots.push(nightly);
    slots.extend((1..23).map(|n| of("zip", "hourly", n * HOUR - 600_000)));
    slots.push(of("a-workflow-with-a-long-name", "every-quarter-of-an-hour", HOUR));
    slots.sort_by_key(|slot| slot.due_ms);
    slots
}

/// One that shows the list of triggers.
pub fn with_triggers(size: (u16, u16), language: Language) -> State {
    let mut state = connected(size, language);
    press(&mut state, Key::Char('5'));
    tell(&mut state, News::Triggers(triggers()));
    state.notice = None;
    state
}

/// One that shows what fires next.
pub fn with_upcoming(size: (u16, u16), language: Language) -> State {
    let mut state = with_triggers(size, language);
    press(&mut state, Key::Char('6'));
    tell(&mut state, News::Upcoming(upcoming()));
    state.notice = None;
    state
}

/// One that has the trigger of that name open, with slots of each fate, or deliveries.
pub fn with_trigger_of(name: &str, size: (u16, u16), language: Language) -> State {
    let mut state = with_triggers(size, language);
    select(&mut state, name);
    press(&mut state, Key::Enter);
    match state.meant_trigger().is_some_and(has_deliveries) {
        true => answer_deliveries(&mut state, 40, false),
        false => answer_trigger(&mut state, 40, false),
    }
    state.notice = None;
    state
}

pub fn with_trigger(size: (u16, u16), language: Language) -> State {
    with_trigger_of("nightly", size, language)
}

/// Answers what is asked of the open trigger, with so many slots.
pub fn answer_trigger(state: &mut State, slots: usize, more: bool) {
    let Some(want) = state.wants().trigger else { return };
    // one that is asked for by its name alone is not known yet
    let view = state.trigger.as_ref().and_then(|open| open.view.clone());
    let Some(view) = view else { return };
    let preview = cli::preview(NOW, 10).slots;
    let coming = (view.kind == "schedule").then(|| {
        let mut slots = preview;
        slots[3].due_ms += 42_000;
        Ok(slots)
    });
    tell(state, News::Trigger { want, view, past: Past::Slots(slots_of(slots)), more, coming });
}

/// One that has a trigger open whose source fails, with deliveries of each outcome.
pub fn with_deliveries(size: (u16, u16), language: Language) -> State {
    with_trigger_of("pushed", size, language)
}

/// Answers what is asked of the open trigger, with so many deliveries.
pub fn answer_deliveries(state: &mut State, count: u64, more: bool) {
    let Some(want) = state.wants().trigger else { return };
    // of one that nobody has told of there is nothing to tell
    let Some(view) = state.trigger.as_ref().and_then(|open| open.view.clone()) else { return };
    let kinds = cli::deliveries().deliveries;
    let newest = kinds[0].number;
    let delivery = |n: u64| DeliveryView {
        number: newest - n,
        at_ms: NOW - (n + 1) * 60_000,
        ..kinds[n as usize % kinds.len()].clone()
    };
    let past = Past::Deliveries((0..count).map(delivery).collect());
    tell(state, News::Trigger { want, view, past, more, coming: None });
}

/// Selects the trigger of that name in the list.
pub fn select(state: &mut State, name: &str) {
    let at = state.triggers.shown().position(|view| view.trigger == name).expect("a trigger");
    press(state, Key::Home);
    (0..at).for_each(|_| {
        press(state, Key::Down);
    });
}

fn slots_of(count: usize) -> Vec<SlotView> {
    const DAY: u64 = 24 * HOUR;
    let kinds = cli::slots().slots;
    let newest = kinds[0].slot_ms;
    let slot =
        |n: usize| SlotView { slot_ms: newest - n as u64 * DAY, ..kinds[n % kinds.len()].clone() };
    (0..count).map(slot).collect()
}

/// Asks the open dialog's daemon which slots they are; there are so many.
pub fn show_backfill(state: &mut State, slots: u64) {
    let effects: Vec<Effect> =
        [Key::Tab, Key::Tab, Key::Enter].into_iter().flat_map(|key| press(state, key)).collect();
    let [Effect::Call(Call::Backfill { asking, dry_run: true })] = &effects[..] else {
        panic!("{effects:?}");
    };
    let slots = (0..slots).map(|n| coming("default/disk-report", "nightly", NOW - (n + 1) * HOUR));
    let filled = Backfilled { slots: slots.rev().collect(), had: 2, forgotten: 0, to_come: 0 };
    tell(state, News::Done(Box::new(Done::Backfilled(asking.clone(), true, Ok(filled)))));
}

/// A dialog that shows what would come of the trigger that is open; of one whose `match`
/// does not fit, or which cannot be.
pub fn with_tested(size: (u16, u16), language: Language, fits: bool) -> State {
    let mut state = with_deliveries(size, language);
    press(&mut state, Key::Char('s'));
    let Some(Overlay::Fire(dialog)) = &state.overlay else { panic!("no dialog") };
    let FireStage::Asked(trying) = dialog.stage.clone() else { panic!("nothing was asked") };
    let mut tested = cli::tested();
    tested.trigger.status = "failing".into();
    if !fits {
        tested.trigger.status = "armed".into();
        tested.fits = Some(Ok(false));
        let fault = fault!(FaultCode::BadTrigger, "no-triggers", workflow = "default/deploys");
        tested.variables = Err(fault);
    }
    tell(&mut state, News::Done(Box::new(Done::Tested(trying, Ok(Box::new(tested))))));
    state
}
