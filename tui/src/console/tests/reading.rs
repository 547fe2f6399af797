//! What is longer than its place can be read all the same.

use rpa_ipc::Language;
use rpa_ipc::view::{LogFound, LogWindow};

use super::notifications::with_notifications;
use super::paper::text;
use super::sample::{connected, detail, log, press, tell, type_text, with_run};
use crate::console::keys::Key;
use crate::console::state::{Effect, News, Overlay, State};
use crate::console::view::layout;

/// Words without their blanks: what is wrapped is compared so.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn every_word_of_the_help_is_seen_at_the_usual_size() {
    for language in Language::ALL {
        for make in [connected, with_run] {
            let mut state = make((80, 24), language);
            press(&mut state, Key::Char('?'));
            let Some(Overlay::Help(help)) = &state.overlay else { panic!("no help") };
            let count = help.rows(&state).len();
            let mut seen = vec![text(&state)];
            for _ in 0..count {
                press(&mut state, Key::Down);
                seen.push(text(&state));
            }
            // the last column, row by row
            let rows = seen.iter().flat_map(|screen| screen.lines());
            let column: String =
                rows.map(|row| row.chars().skip(37).take(40).collect::<String>()).collect();
            let column = squeezed(&column);
            state.overlay = None;
            let scopes = state.scopes();
            let bindings = state.keys.bindings().iter().filter(|b| scopes.contains(&b.scope));
            for binding in bindings {
                let help = state.words.say(&binding.action.help(), &[]);
                assert!(column.contains(&squeezed(&help)), "{language:?}: {help}");
            }
        }
    }
}

fn found(state: &mut State, line: u64) {
    let query = state.wants().find.expect("it is looked for");
    let found = LogFound { line: Some(line), next: line, done: true };
    tell(state, News::Found { query, found });
}

#[test]
fn what_a_search_finds_beyond_the_edge_is_moved_into_sight() {
    let mut state = with_run((80, 24), Language::English);
    press(&mut state, Key::Char('l'));
    log(&mut state, 200, 100);
    let window = state.run.as_mut().unwrap().log.window.as_mut().unwrap();
    let long = format!("{}needle{}", "x".repeat(300), "y".repeat(300));
    window.lines[90].text = long;
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "needle");
    press(&mut state, Key::Enter);
    found(&mut state, 90);
    let shown = text(&state);
    assert!(shown.contains("xneedley"), "{shown}");
    // whoever moves the lines then means it
    for _ in 0..30 {
        press(&mut state, Key::Left);
    }
    let line = state.run.as_ref().unwrap().log.line(5).cloned();
    assert_eq!(line.map(|line| line.number), Some(90));
    assert!(!text(&state).contains("needley"), "{}", text(&state));
}

#[test]
fn a_large_screen_gives_its_width_to_notes_and_to_the_log() {
    let mut state = with_run((200, 50), Language::English);
    let areas = layout::run(&state);
    assert_eq!(areas.lower.width, 200);
    assert!(areas.steps.width > 120 && !areas.timeline.is_empty(), "{areas:?}");
    assert_eq!(areas.lower.bottom(), 48, "all rows are used");
    // many steps stand beside it
    let run = state.run.as_mut().unwrap();
    run.rows = std::iter::repeat_n(run.rows[0], 40).collect();
    let areas = layout::run(&state);
    assert!(areas.lower.width < 120 && areas.steps.height > 40, "{areas:?}");
}

#[test]
fn the_least_screen_keeps_the_state_of_a_notification() {
    for (language, wanted) in [(Language::English, "unread"), (Language::Bulgarian, "ново")] {
        let state = with_notifications((60, 15), language);
        let shown = text(&state);
        assert!(shown.lines().any(|line| line.ends_with(wanted)), "{shown}");
    }
}

#[test]
fn why_says_what_can_be_done_and_does_it() {
    let mut state = with_run((100, 30), Language::English);
    tell(&mut state, News::Run(detail("in_doubt")));
    press(&mut state, Key::Char('W'));
    super::sample::why(&mut state, 2);
    let shown = text(&state);
    assert!(shown.contains("What can be done"), "{shown}");
    assert!(shown.contains("done|retry|fail"), "{shown}");
    press(&mut state, Key::Char('d'));
    assert!(matches!(state.overlay, Some(Overlay::Resolve(_))), "{:?}", state.overlay);
    // of what goes well nothing is to be done
    let mut state = with_run((100, 30), Language::English);
    tell(&mut state, News::Run(detail("completed")));
    press(&mut state, Key::Char('W'));
    super::sample::why(&mut state, 2);
    assert!(!text(&state).contains("What can be done"), "{}", text(&state));
    press(&mut state, Key::Char('T'));
    assert!(matches!(state.overlay, Some(Overlay::Why(_))), "and no key does it");
}

#[test]
fn empty_lists_say_what_would_stand_in_them() {
    for (language, doubt, asked) in [
        (Language::English, "nobody may know", "What a step of a workflow asks"),
        (Language::Bulgarian, "в съмнение", "Каквото стъпка на процес иска"),
    ] {
        let mut state = connected((80, 24), language);
        press(&mut state, Key::Char('3'));
        let want = state.wants().runs.expect("runs are wanted");
        tell(&mut state, News::Runs { want, rows: Vec::new(), more: false });
        assert!(text(&state).to_lowercase().contains(&doubt.to_lowercase()), "{}", text(&state));
        press(&mut state, Key::Char('4'));
        tell(&mut state, News::Asked { rows: Vec::new(), more: false });
        assert!(text(&state).contains(asked), "{}", text(&state));
    }
}

#[test]
fn a_new_workflow_has_no_history_and_says_so() {
    let mut state = connected((80, 24), Language::English);
    press(&mut state, Key::Char('n'));
    type_text(&mut state, "fresh");
    press(&mut state, Key::Enter);
    let shown = text(&state);
    assert!(shown.contains("nothing of it is saved yet"), "{shown}");
    assert!(shown.contains("$ rpa init fresh") && !shown.contains("history"), "{shown}");
    state.notice = None;
    let effects = press(&mut state, Key::Char('Y'));
    assert_eq!(effects, [Effect::Copy("rpa init fresh".to_owned())]);
}

#[test]
fn the_log_shows_what_tells_of_trouble_alone_until_something_else_is_looked_for() {
    let mut state = with_run((100, 30), Language::English);
    press(&mut state, Key::Char('l'));
    log(&mut state, 200, 1_000);
    let all = state.wants().log.expect("the log is wanted");
    press(&mut state, Key::Char('L'));
    let want = state.wants().log.expect("the log is wanted");
    assert!(want.troubles && want.is_sparse() && !all.troubles);
    // what was on its way is of other lines
    let (lines, from, to, total, bytes) = (Vec::new(), 0, 0, 0, 0);
    let window = LogWindow { lines, from, to, total, bytes, ended: true };
    tell(&mut state, News::Log { want: all, window: window.clone() });
    assert!(state.run.as_ref().unwrap().log.window.is_none());
    tell(&mut state, News::Log { want, window });
    let shown = text(&state);
    assert!(shown.contains("only trouble") && shown.contains("L shows all"), "{shown}");
    // a text may stand in any line
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "long log");
    press(&mut state, Key::Enter);
    found(&mut state, 501);
    let want = state.wants().log.expect("the log is wanted");
    assert!(!want.troubles);
    log(&mut state, 200, 1_000);
    assert!(text(&state).contains("line 501 of a long log"), "{}", text(&state));
}
