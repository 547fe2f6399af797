//! The list of what has reached all triggers.

use rpa_ipc::{Language, said};

use super::paper::text;
use super::sample::{NOW, press, runs, tell, type_text, with_triggers};
use crate::console::keys::Key;
use crate::console::state::{LedgerRow, LedgerWant, News, Overlay, Root, State, TriggerName};

const SIZE: (u16, u16) = (80, 24);

/// Slots and deliveries, one of them with what no terminal shall obey.
pub fn rows(count: u64) -> Vec<LedgerRow> {
    let fates = ["fired", "missed", "skipped", "late"];
    let row = |n: u64| {
        let delivered = n % 3 == 2;
        let became = if delivered { "refused" } else { fates[n as usize % fates.len()] };
        let has_run = matches!(became, "fired" | "late");
        LedgerRow {
            name: TriggerName {
                workflow: if delivered { "default/deploys" } else { "default/disk-report" }.into(),
                trigger: if delivered { "pushed" } else { "nightly" }.into(),
            },
            at_ms: NOW - n * 3_600_000,
            number: delivered.then_some(n),
            what: if delivered { "POST \u{202e}/hook\u{1b}[2J".into() } else { String::new() },
            became: became.into(),
            run: has_run.then(|| runs()[n as usize % 4].run),
            reason: (!has_run).then(|| said!("trigger-held")),
            decided_ms: NOW - n * 3_600_000 + 500,
        }
    };
    (0..count).map(row).collect()
}

fn answer(state: &mut State, rows: Vec<LedgerRow>) {
    let want = state.wants().ledger.expect("it is on the screen");
    tell(state, News::Ledger { want, rows, more: true });
}

pub fn with_ledger(size: (u16, u16), language: Language) -> State {
    let mut state = with_triggers(size, language);
    press(&mut state, Key::Char('9'));
    answer(&mut state, rows(40));
    state
}

#[test]
fn the_list_of_slots() {
    check!("slots", with_ledger);
}

#[test]
fn enter_opens_the_run_or_the_trigger() {
    let mut state = with_ledger(SIZE, Language::English);
    assert!(state.wants().ledger.is_some());
    press(&mut state, Key::Enter);
    assert_eq!(state.run.as_ref().map(|open| open.run), Some(runs()[0].run));
    press(&mut state, Key::Esc);
    assert_eq!(state.root, Root::Slots);
    press(&mut state, Key::Down);
    press(&mut state, Key::Enter);
    assert_eq!(state.trigger.as_ref().map(|open| open.name.trigger.as_str()), Some("nightly"));
    assert!(state.notice.as_ref().is_some_and(|n| n.command == "rpa slots disk-report nightly"));
}

#[test]
fn a_filter_narrows_it_and_esc_takes_it_back() {
    let mut state = with_ledger(SIZE, Language::English);
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "status:refused trigger:pushed since:10h");
    press(&mut state, Key::Enter);
    assert_eq!(state.ledger_rows().len(), 3, "until the daemon has answered");
    let want = state.wants().ledger.expect("it is on the screen");
    assert_eq!(
        (want.became, want.trigger.as_deref()),
        (vec!["refused".to_owned()], Some("pushed"))
    );
    let command = &state.notice.as_ref().expect("the command is shown").command;
    assert_eq!(command, "rpa slots --fate refused --since 10h --contains pushed");
    tell(&mut state, News::Ledger { want: LedgerWant::default(), rows: rows(9), more: false });
    assert_eq!(state.ledger_rows().len(), 3, "the answer to another filter is none");
    assert!(text(&state).contains("/status:refus"), "{}", text(&state));
    press(&mut state, Key::Esc);
    assert_eq!(state.ledger_rows().len(), 40);
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "status:nonsense");
    press(&mut state, Key::Enter);
    assert!(text(&state).contains("nonsense"), "what is wrong is said: {}", text(&state));
}

#[test]
fn a_filter_is_completed_as_that_of_runs() {
    let mut state = with_ledger(SIZE, Language::English);
    press(&mut state, Key::Char('/'));
    for (typed, filled) in [("tr", "trigger:"), ("ni", "trigger:nightly "), ("st", "status:")] {
        type_text(&mut state, typed);
        press(&mut state, Key::Tab);
        let Some(Overlay::Prompt(prompt)) = &state.overlay else { panic!("no prompt") };
        assert!(prompt.input.text().ends_with(filled), "{:?}", prompt.input);
    }
    type_text(&mut state, "m");
    press(&mut state, Key::Tab);
    let Some(Overlay::Prompt(prompt)) = &state.overlay else { panic!("no prompt") };
    assert_eq!(prompt.choice, ["merged", "missed"]);
}

#[test]
fn the_selection_stays_with_its_slot_when_newer_ones_come() {
    let mut state = with_ledger(SIZE, Language::English);
    press(&mut state, Key::Down);
    let before = state.ledger_selected().cloned();
    let mut newer = rows(40);
    newer.insert(0, LedgerRow { at_ms: NOW + 1, number: Some(99), ..newer[2].clone() });
    answer(&mut state, newer);
    assert_eq!(state.ledger_selected().cloned(), before);
    assert_eq!(state.ledger.cursor.index, 2);
}
