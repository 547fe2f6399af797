//! What keys do to triggers, and what is asked of the daemon for them.

use rpa_ipc::triggers::{Backfilled, Folded, TriggerView, TriggerWish};
use rpa_ipc::{FaultCode, Language, fault};

use super::paper::text;
use super::sample::{
    NOW, answer_deliveries, answer_trigger, away, connected, press, select, show_backfill, tell,
    triggers, type_text, upcoming, with_deliveries, with_trigger, with_trigger_of, with_triggers,
    with_upcoming,
};
use crate::cli::sample as cli;
use crate::console::keys::Key;
use crate::console::state::{
    Asking, BackfillStop, Call, Done, Effect, Msg, News, Overlay, Past, Root, Stage, State,
    TriggerName, TriggersWant, Trouble, update,
};

const SIZE: (u16, u16) = (80, 24);
const EN: Language = Language::English;

fn all(state: &mut State, keys: &[Key]) -> Vec<Effect> {
    keys.iter().flat_map(|key| press(state, *key)).collect()
}

fn name(workflow: &str, trigger: &str) -> TriggerName {
    TriggerName { workflow: format!("default/{workflow}"), trigger: trigger.into() }
}

fn nightly() -> TriggerName {
    name("disk-report", "nightly")
}

fn shown_command(state: &State) -> &str {
    state.notice.as_ref().map_or("", |notice| notice.command.as_str())
}

#[test]
fn what_wants_a_person_comes_first_and_is_counted_everywhere() {
    let state = with_triggers(SIZE, EN);
    let order: Vec<_> = state.triggers.rows.iter().map(Trouble::of).collect();
    let wanted =
        [Trouble::Failing, Trouble::Broken, Trouble::PausedItself, Trouble::Missed].map(Some);
    assert_eq!(order[..4], wanted);
    assert!(order[4..].iter().all(Option::is_none), "also one that a person has paused: {order:?}");
    let paused: Vec<_> = state.triggers.rows.iter().filter(|t| t.status == "paused").collect();
    assert_eq!(paused.len(), 2);
    for keys in [&[][..], &[Key::Char('1')], &[Key::Char('2')], &[Key::Char('6')], &[Key::Enter]] {
        let mut state = with_triggers(SIZE, EN);
        all(&mut state, keys);
        assert!(text(&state).contains("5 triggers !4"), "{keys:?}: {}", text(&state));
    }
}

#[test]
fn what_has_had_no_run_is_wanted_until_a_person_has_switched_it_off() {
    let fate = |fate: &str| cli::slots().slots.into_iter().find(|slot| slot.fate == fate);
    let table = [
        ("armed", "fired", 0, None),
        // those before the newest
        ("armed", "fired", 2, Some(Trouble::Missed)),
        // however long ago: it is of once a month
        ("armed", "missed", 0, Some(Trouble::Missed)),
        ("armed", "refused", 1, Some(Trouble::Refused)),
        ("failing", "fired", 2, Some(Trouble::Failing)),
        ("paused", "missed", 2, None),
        ("disabled", "refused", 2, None),
    ];
    for (status, last, missed, wanted) in table {
        let mut view = cli::trigger(status);
        (view.last, view.missed) = (fate(last), missed);
        assert_eq!(Trouble::of(&view), wanted, "{status} {last} {missed}");
    }
    let mut view = cli::trigger("paused");
    view.paused_by_itself = true;
    assert_eq!(Trouble::of(&view), Some(Trouble::PausedItself));
    let mut state = with_triggers(SIZE, EN);
    assert!(text(&state).contains("● armed !7"), "{}", text(&state));
    select(&mut state, "hourly");
    let shown = text(&state);
    assert!(shown.contains("7 slots were missed or refused within a day"), "{shown}");
}

#[test]
fn triggers_are_asked_for_as_long_as_they_are_wanted() {
    let mut state = connected(SIZE, EN);
    assert_eq!(state.wants().triggers, Some(TriggersWant::Counted));
    press(&mut state, Key::Char('5'));
    assert_eq!(state.wants().triggers, Some(TriggersWant::Shown));
    assert_eq!(shown_command(&state), "rpa triggers");
    press(&mut state, Key::Char('6'));
    assert!(state.wants().upcoming.is_some() && state.wants().trigger.is_none());
    assert_eq!(shown_command(&state), "rpa upcoming");
    let mut state = with_trigger(SIZE, EN);
    let wants = state.wants();
    assert_eq!(wants.triggers, Some(TriggersWant::Counted));
    assert_eq!(wants.trigger.map(|want| want.name), Some(nightly()));
    assert_eq!(wants.upcoming, None);
    // the run above it is what is looked at
    press(&mut state, Key::Enter);
    assert!(state.run.is_some() && state.wants().trigger.is_none());
    tell(&mut state, News::Lost(away()));
    assert_eq!(state.wants().triggers, None);
}

#[test]
fn a_slot_leads_to_its_run_and_back() {
    let mut state = with_trigger(SIZE, EN);
    let run = state.trigger.as_ref().and_then(|open| open.past.slots()[0].run).expect("a run");
    press(&mut state, Key::Enter);
    assert_eq!(state.run.as_ref().map(|open| open.run), Some(run));
    press(&mut state, Key::Esc);
    assert!(state.run.is_none() && state.trigger.is_some(), "back at the trigger");
    // the one that waits has none yet
    all(&mut state, &[Key::Down, Key::Down, Key::Enter]);
    assert!(state.run.is_none());
    let shown = text(&state);
    assert!(shown.contains("no run: the run of an earlier slot goes on"), "{shown}");
    // slots to come have no runs
    all(&mut state, &[Key::Home, Key::Tab, Key::Enter]);
    assert!(state.run.is_none());
    press(&mut state, Key::Esc);
    assert!(state.trigger.is_none());
    assert_eq!(state.root, Root::Triggers);
    press(&mut state, Key::Esc);
    assert_eq!(state.root, Root::Workflows);
}

#[test]
fn every_fate_is_counted_also_one_that_a_newer_daemon_has_made_up() {
    let mut state = with_trigger((160, 45), EN);
    let open = state.trigger.clone().expect("a trigger");
    let (want, view) = (open.want(), open.view.expect("known"));
    let mut slots = cli::slots().slots;
    (slots[0].fate, slots[4].fate) = ("struck".into(), "struck".into());
    let past = Past::Slots(slots);
    tell(&mut state, News::Trigger { want, view, past, more: false, coming: None });
    let shown = text(&state);
    assert!(shown.contains(" ✗ refused 1  ! missed 1  ◑ late 1"), "what is bad first: {shown}");
    assert!(shown.contains("· struck 2"), "{shown}");
}

#[test]
fn older_slots_are_asked_for_when_the_end_comes_near() {
    let mut state = with_trigger(SIZE, EN);
    let slots = |state: &State| state.wants().trigger.expect("wanted").rows;
    assert_eq!(slots(&state), 200);
    answer_trigger(&mut state, 200, true);
    press(&mut state, Key::End);
    assert_eq!(slots(&state), 400);
    assert!(text(&state).contains("200/200+"), "{}", text(&state));
    answer_trigger(&mut state, 400, false);
    assert!(text(&state).contains("200/400 "), "the same slot: {}", text(&state));
}

#[test]
fn what_comes_late_of_another_trigger_is_not_taken() {
    let mut state = with_trigger_of("nightly", SIZE, EN);
    let want = state.wants().trigger.expect("wanted");
    all(&mut state, &[Key::Esc, Key::Home, Key::Enter]);
    let past = Past::Slots(cli::slots().slots);
    let view = cli::trigger("armed");
    tell(&mut state, News::Trigger { want, view, past, more: false, coming: None });
    let open = state.trigger.as_ref().expect("a trigger");
    assert_eq!((open.name.workflow.as_str(), open.past.len()), ("default/deploys", 0));
}

#[test]
fn a_pause_wants_a_reason_and_says_how_to_take_it_back() {
    let mut state = with_trigger(SIZE, EN);
    assert_eq!(all(&mut state, &[Key::Char('p'), Key::Enter]), []);
    assert!(text(&state).contains("say why"), "{}", text(&state));
    type_text(&mut state, "it's me ");
    assert!(!text(&state).contains("say why"), "{}", text(&state));
    let effects = press(&mut state, Key::Enter);
    let wish = TriggerWish::Pause { note: "it's me".into() };
    assert_eq!(effects, [Effect::Call(Call::Order { name: nightly(), wish: wish.clone() })]);
    let command = r"rpa triggers pause disk-report nightly --note 'it'\''s me'";
    assert_eq!(shown_command(&state), command);
    assert_eq!((state.calls, state.overlay.is_none()), (1, true));
    let done = Done::Ordered(nightly(), wish, Ok(cli::trigger("paused")));
    tell(&mut state, News::Done(Box::new(done)));
    assert_eq!(shown_command(&state), "rpa triggers resume disk-report nightly");
    let status = |state: &State| state.meant_trigger().map(|view| view.status.clone());
    assert_eq!((status(&state).as_deref(), state.calls), (Some("paused"), 0));
    assert!(text(&state).contains("1 run of it goes on"), "{}", text(&state));
    // and back, which asks nothing
    let wish = TriggerWish::Resume;
    let effects = press(&mut state, Key::Char('P'));
    assert_eq!(effects, [Effect::Call(Call::Order { name: nightly(), wish })]);
    // it is paused already
    assert_eq!(press(&mut state, Key::Char('p')), []);
    assert!(state.overlay.is_none());
    assert!(text(&state).contains("disk-report nightly: paused"), "{}", text(&state));
}

#[test]
fn one_key_disables_with_a_word_and_enables_without() {
    let mut state = with_triggers(SIZE, EN);
    select(&mut state, "nightly");
    press(&mut state, Key::Char('o'));
    let effects = press(&mut state, Key::Enter);
    let wish = TriggerWish::Disable { note: String::new() };
    assert_eq!(effects, [Effect::Call(Call::Order { name: nightly(), wish: wish.clone() })]);
    // the list shows the answer
    let done = Done::Ordered(nightly(), wish, Ok(cli::trigger("disabled")));
    tell(&mut state, News::Done(Box::new(done)));
    let effects = press(&mut state, Key::Char('o'));
    let wish = TriggerWish::Enable;
    assert_eq!(effects, [Effect::Call(Call::Order { name: nightly(), wish: wish.clone() })]);
    // something else keeps it
    let done = Done::Ordered(nightly(), wish.clone(), Ok(cli::trigger("held")));
    tell(&mut state, News::Done(Box::new(done)));
    let notice = state.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
    assert!(notice.contains("restored from a backup"), "{notice}");
    // a refusal is read
    let fault = fault!(FaultCode::NoTrigger, "no-triggers", workflow = "default/disk-report");
    let done = Done::Ordered(nightly(), wish, Err(fault));
    tell(&mut state, News::Done(Box::new(done)));
    assert!(matches!(state.overlay, Some(Overlay::Refusal(_))));
    press(&mut state, Key::Esc);
    // what no revision declares cannot be switched
    all(&mut state, &[Key::Char('/')]);
    type_text(&mut state, "old");
    press(&mut state, Key::Enter);
    for key in ['o', 'p', 'P', 'b'] {
        assert_eq!(press(&mut state, Key::Char(key)), [], "{key}");
        assert!(state.overlay.is_none(), "{key}");
    }
}

#[test]
fn a_paste_into_the_note_is_no_yes() {
    let mut state = with_trigger(SIZE, EN);
    press(&mut state, Key::Char('p'));
    let effects = update(&mut state, NOW, Msg::Paste("disks\n\u{1b}[2J".into()));
    assert_eq!(effects, []);
    let Some(Overlay::Order(order)) = &state.overlay else { panic!("{:?}", state.overlay) };
    assert_eq!(order.note.text(), "disks [2J");
}

fn asking(state: &State) -> Asking {
    let Some(Overlay::Backfill(dialog)) = &state.overlay else { panic!("no dialog") };
    match &dialog.stage {
        Stage::Asked(asking) | Stage::Shown(asking, _) | Stage::Sent(asking, _) => asking.clone(),
        Stage::Typing => panic!("nothing was asked"),
    }
}

#[test]
fn slots_are_seen_before_their_runs_are_asked_for() {
    let mut state = with_trigger(SIZE, EN);
    press(&mut state, Key::Char('b'));
    let shown = text(&state);
    // from the oldest one that was missed, until now
    assert!(shown.contains("from         > 2026-10-17T04:30"), "{shown}");
    assert!(shown.contains("until before   2026-11-21T05:10"), "{shown}");
    press(&mut state, Key::Ctrl('u'));
    type_text(&mut state, "2026-11-19T03:30");
    show_backfill(&mut state, 2);
    let asked = asking(&state);
    assert_eq!((asked.from_ms, asked.to_ms), (cli::SLOT - 86_400_000, NOW));
    let shown = text(&state);
    assert!(shown.contains("2 runs would start") && shown.contains("Start 2 runs"), "{shown}");
    let command = "rpa schedule backfill disk-report nightly --from 2026-11-19T01:30:00Z";
    assert!(shown.contains(command), "{shown}");
    // Close has the focus, and Start is before it
    let effects = all(&mut state, &[Key::BackTab, Key::Enter]);
    let call = Call::Backfill { asking: asked.clone(), dry_run: false };
    assert_eq!(effects, [Effect::Call(call)]);
    // said once
    assert_eq!(all(&mut state, &[Key::BackTab, Key::BackTab, Key::Enter, Key::Char('1')]), []);
    let filled = cli::backfilled();
    tell(&mut state, News::Done(Box::new(Done::Backfilled(asked, false, Ok(filled)))));
    assert!(state.overlay.is_none());
    let notice = state.notice.as_ref().map(|notice| notice.text.as_str());
    assert_eq!((notice, state.calls), (Some("2 runs asked for"), 0));
}

#[test]
fn what_was_shown_is_of_what_was_typed() {
    let mut state = with_trigger(SIZE, EN);
    press(&mut state, Key::Char('b'));
    show_backfill(&mut state, 2);
    let first = asking(&state);
    // another time is typed: nothing of the first one can be started any more
    all(&mut state, &[Key::Tab, Key::Backspace, Key::Char('5')]);
    let shown = text(&state);
    assert!(!shown.contains("Start 2 runs"), "{shown}");
    all(&mut state, &[Key::Down, Key::Down, Key::Enter]);
    let second = asking(&state);
    assert_ne!(first, second);
    let late = Done::Backfilled(first, true, Ok(cli::backfilled()));
    tell(&mut state, News::Done(Box::new(late)));
    assert!(!text(&state).contains("Start 2 runs"), "{}", text(&state));
    // a refusal is read in the dialog, which keeps what was typed
    let fault = fault!(FaultCode::Usage, "backfill-too-many", count = 700, max = 500);
    let done = Done::Backfilled(second.clone(), true, Err(fault));
    tell(&mut state, News::Done(Box::new(done)));
    let shown = text(&state);
    assert!(shown.contains("700 slots have had no run"), "{shown}");
    let Some(Overlay::Backfill(dialog)) = &state.overlay else { panic!("no dialog") };
    assert_eq!(dialog.at, BackfillStop::Show);
    // nothing to start
    press(&mut state, Key::Enter);
    let none = Backfilled { slots: Vec::new(), had: 7, forgotten: 3, to_come: 1 };
    tell(&mut state, News::Done(Box::new(Done::Backfilled(second.clone(), true, Ok(none)))));
    let shown = text(&state);
    assert!(shown.contains("No slot of that time is without a run. 7 slots had one."), "{shown}");
    assert!(shown.contains("older than all that is remembered and get none."), "{shown}");
    assert!(shown.contains("1 slot is to come by"), "{shown}");
    assert_eq!(press(&mut state, Key::Enter), []);
    assert!(state.overlay.is_none(), "Close has the focus");
    // of a dialog that was closed nobody is told
    let fault = fault!(FaultCode::Usage, "backfill-too-many", count = 700, max = 500);
    tell(&mut state, News::Done(Box::new(Done::Backfilled(second, true, Err(fault)))));
    assert!(state.overlay.is_none());
}

#[test]
fn times_that_cannot_be_are_not_asked_about() {
    let mut state = with_trigger(SIZE, EN);
    press(&mut state, Key::Char('b'));
    let again = |state: &mut State, from: &str| {
        all(state, &[Key::Home, Key::Ctrl('u')]);
        press(state, Key::End);
        press(state, Key::Ctrl('u'));
        type_text(state, from);
        let effects = all(state, &[Key::Enter, Key::Enter, Key::Enter]);
        assert_eq!(effects, [], "{from}");
        text(state)
    };
    let shown = again(&mut state, "noon");
    assert!(shown.contains("write it like 2026-11-20"), "{shown}");
    let Some(Overlay::Backfill(dialog)) = &state.overlay else { panic!("no dialog") };
    assert_eq!(dialog.at, BackfillStop::From);
    let shown = again(&mut state, "2027-01-01");
    assert!(shown.contains("2027-01-01 00:00 +02:00 is not before 2026-11-21 05:10"), "{shown}");
}

#[test]
fn only_of_a_schedule_it_is_known_which_slots_there_were() {
    let mut state = with_trigger_of("hook", SIZE, EN);
    assert_eq!(press(&mut state, Key::Char('b')), []);
    assert!(state.overlay.is_none());
    assert!(text(&state).contains("hook has no times"), "{}", text(&state));
}

#[test]
fn what_comes_next_is_counted_down_to_only_while_it_is_shown() {
    let mut state = with_upcoming(SIZE, EN);
    // whole minutes are over at once, then the next one has nine seconds and some
    assert_eq!(state.wake_at(), Some(NOW + 1));
    update(&mut state, NOW + 1, Msg::Tick);
    assert_eq!(state.wake_at(), Some(NOW + 1_000));
    let before = text(&state);
    update(&mut state, NOW + 999, Msg::Tick);
    assert_eq!(text(&state), before);
    update(&mut state, NOW + 1_000, Msg::Tick);
    assert_ne!(text(&state), before);
    // within a minute nothing but that one changes
    let far: Vec<_> = upcoming().into_iter().filter(|slot| slot.due_ms > NOW + 600_000).collect();
    tell(&mut state, News::Upcoming(far));
    update(&mut state, NOW + 1, Msg::Tick);
    let wake = state.wake_at().expect("a minute passes");
    assert!(wake > NOW && wake <= NOW + 60_000, "{}", wake - NOW);
    press(&mut state, Key::Enter);
    state.notice = None;
    assert!(state.trigger.is_some());
    assert_eq!(state.wake_at(), None, "it is not on the screen");
    press(&mut state, Key::Esc);
    state.notice = None;
    assert_eq!(state.wake_at(), Some(wake));
    press(&mut state, Key::Char('1'));
    state.notice = None;
    assert_eq!(state.wake_at(), None);
}

#[test]
fn what_fires_often_takes_a_row_an_hour() {
    let mut state = with_upcoming(SIZE, EN);
    let bunches = &state.upcoming.bunches;
    let often: Vec<_> = bunches.iter().filter(|b| b.name.trigger == "ten-seconds").collect();
    assert_eq!(often.len(), 1);
    assert_eq!((often[0].count, often[0].due_ms, often[0].cut), (20, NOW + 10_000, false));
    // behind the last one that the daemon tells there are others
    let first = &upcoming()[0];
    let left = rpa_ipc::triggers::LeftOut { count: 7, until_ms: NOW + 7_200_000 };
    let many = (0..200).map(|n| rpa_ipc::triggers::ComingSlot {
        due_ms: NOW + n * 30_000,
        slot_ms: NOW + n * 30_000,
        more: (n == 199).then_some(left),
        ..first.clone()
    });
    tell(&mut state, News::Upcoming(many.collect()));
    let bunches = &state.upcoming.bunches;
    // 03:10 to 04:50, in two hours
    assert_eq!(bunches.iter().map(|b| b.count).collect::<Vec<_>>(), [100, 100]);
    assert_eq!(bunches.iter().map(|b| b.cut).collect::<Vec<_>>(), [false, true]);
    assert!(text(&state).contains("100+, last 04:49:30"), "{}", text(&state));
}

#[test]
fn what_the_daemon_has_counted_is_one_row() {
    let mut state = with_upcoming(SIZE, EN);
    let fold = |count, at_least| Folded { count, last_due_ms: NOW + 2_990_000, at_least };
    let mut slots = vec![upcoming()[0].clone(), upcoming()[0].clone()];
    slots[0].folded = Some(fold(180, false));
    (slots[1].due_ms, slots[1].folded) = (NOW + 3_600_000, Some(fold(100, true)));
    slots[1].folded.iter_mut().for_each(|folded| folded.last_due_ms += 3_600_000);
    tell(&mut state, News::Upcoming(slots));
    let shown = text(&state);
    assert!(shown.contains("180, last 03:59:50") && shown.contains("100+, last"), "{shown}");
    let hours = state.wants().upcoming.expect("it is on the screen");
    assert_eq!(hours.end_ms(NOW), NOW + 3_000_000);
}

#[test]
fn a_zone_between_the_hours_has_hours_of_its_own() {
    let mut state = with_upcoming(SIZE, EN);
    state.zone = jiff::tz::TimeZone::get("Asia/Kolkata").expect("a zone");
    tell(&mut state, News::Upcoming(upcoming()));
    // 03:10 UTC is 08:40
    let shown = text(&state);
    assert!(shown.contains("> 08:00        08:40:10"), "{shown}");
    assert_eq!(state.upcoming.bunches[0].hour_ms, NOW - 40 * 60_000);
}

#[test]
fn a_row_of_what_comes_opens_its_trigger_and_its_workflow() {
    let mut state = with_upcoming(SIZE, EN);
    press(&mut state, Key::Down);
    assert_eq!(state.meant_trigger().map(TriggerName::of), Some(nightly()));
    press(&mut state, Key::Enter);
    assert_eq!(state.trigger.as_ref().map(|open| open.name.clone()), Some(nightly()));
    press(&mut state, Key::Char('R'));
    assert!(
        matches!(&state.overlay, Some(Overlay::Form(form)) if form.workflow.ends_with("disk-report"))
    );
    all(&mut state, &[Key::Esc, Key::Char('r')]);
    assert_eq!(
        (state.root, state.runs.filter.text.as_str()),
        (Root::Runs, "wf:default/disk-report")
    );
    assert!(state.trigger.is_none());
}

#[test]
fn triggers_are_found_by_typing() {
    let mut state = with_triggers(SIZE, EN);
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "webhook");
    press(&mut state, Key::Enter);
    assert_eq!(state.triggers.ids(), ["default/deploys pushed", "default/zip hook"]);
    press(&mut state, Key::Esc);
    assert_eq!(state.triggers.ids().len(), triggers().len());
    press(&mut state, Key::Char(':'));
    type_text(&mut state, "slots vat");
    press(&mut state, Key::Enter);
    let open = state.trigger.as_ref().map(|open| open.name.clone());
    assert_eq!(open, Some(name("vat-export", "quarter")));
    press(&mut state, Key::Char(':'));
    type_text(&mut state, "deliveries pushed");
    press(&mut state, Key::Enter);
    let open = state.trigger.as_ref().map(|open| open.name.clone());
    assert_eq!(open, Some(name("deploys", "pushed")));
    // the selection stays with its row when others want a person
    let mut state = with_triggers(SIZE, EN);
    select(&mut state, "nightly");
    let mut rows = triggers();
    rows.retain(|view| view.status == "armed");
    tell(&mut state, News::Triggers(rows));
    assert_eq!(state.triggers.selected().map(TriggerName::of), Some(nightly()));
}

#[test]
fn a_delivery_leads_to_its_run_and_back() {
    let mut state = with_deliveries(SIZE, EN);
    press(&mut state, Key::Enter);
    assert!(state.run.is_some());
    press(&mut state, Key::Esc);
    assert!(state.run.is_none() && state.trigger.is_some(), "back at the trigger");
    // the one that is held has none yet
    all(&mut state, &[Key::Down, Key::Enter]);
    assert!(state.run.is_none());
    let shown = text(&state);
    assert!(shown.contains("this delivery has no run: "), "{shown}");
    // nothing is to come
    press(&mut state, Key::Tab);
    assert!(!text(&state).contains("To come"), "{}", text(&state));
    all(&mut state, &[Key::Home, Key::Enter]);
    assert!(state.run.is_some(), "the list has kept the focus");
}

#[test]
fn a_trigger_opens_with_the_command_that_lists_what_reached_it() {
    for (name, wanted) in
        [("pushed", "rpa deliveries deploys pushed"), ("nightly", "rpa slots disk-report nightly")]
    {
        let mut state = with_triggers((160, 45), EN);
        select(&mut state, name);
        assert!(text(&state).contains(&format!("$ {wanted}")), "{}", text(&state));
        press(&mut state, Key::Enter);
        assert_eq!(shown_command(&state), wanted);
    }
}

#[test]
fn older_deliveries_are_asked_for_and_the_selection_stays_with_its_number() {
    let mut state = with_deliveries(SIZE, EN);
    answer_deliveries(&mut state, 200, true);
    press(&mut state, Key::End);
    assert_eq!(state.wants().trigger.expect("wanted").rows, 400);
    let shown = text(&state);
    assert!(shown.contains("Deliveries  200/200+") && shown.contains(">   4512"), "{shown}");
    answer_deliveries(&mut state, 400, false);
    let shown = text(&state);
    assert!(shown.contains("200/400 ") && shown.contains(">   4512"), "{shown}");
}

/// As a webhook of the same name stands.
fn hook() -> TriggerView {
    let mut view = cli::deliveries().trigger;
    (view.status, view.failing, view.rejected) = ("armed".into(), None, None);
    view
}

#[test]
fn what_is_told_of_one_that_has_deliveries_now_takes_the_focus_back() {
    // a schedule by name, until another revision has made a webhook of it
    let mut state = with_trigger(SIZE, EN);
    press(&mut state, Key::Tab);
    let (want, view) = (state.wants().trigger.expect("wanted"), hook());
    let past = Past::Deliveries(cli::deliveries().deliveries);
    tell(&mut state, News::Trigger { want, view, past, more: false, coming: None });
    let shown = text(&state);
    assert!(shown.contains(">   4711"), "{shown}");
}

#[test]
fn the_next_try_of_a_source_is_counted_down_to_while_it_is_shown() {
    let mut state = with_deliveries(SIZE, EN);
    assert!(text(&state).contains("tries again: 42s"), "{}", text(&state));
    assert_eq!(state.wake_at(), Some(NOW + 1_000));
    update(&mut state, NOW + 1_000, Msg::Tick);
    assert!(text(&state).contains("tries again: 41s"), "{}", text(&state));
    press(&mut state, Key::Esc);
    state.notice = None;
    assert_eq!(state.wake_at(), Some(NOW + 2_000), "in the list below as well");
    select(&mut state, "nightly");
    state.notice = None;
    assert_eq!(state.wake_at(), None);
    press(&mut state, Key::Char('1'));
    state.notice = None;
    assert_eq!(state.wake_at(), None);
}
