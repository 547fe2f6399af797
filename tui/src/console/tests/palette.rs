//! The palette, the forms of commands, and what commands print.

use rpa_engine::Value;
use rpa_ipc::Language;
use rpa_ipc::service::GivenValue;

use super::paper::text;
use super::sample::{
    connected, press, runs, tell, type_text, with_asking, with_runs, with_trigger, with_triggers,
};
use super::workflow_sample::with_workflow;
use crate::console::commands;
use crate::console::keys::Key;
use crate::console::state::{Call, Effect, Msg, Overlay, Printed, Root, State, Told, update};

const SIZE: (u16, u16) = (80, 24);

/// Enters a line into the palette.
fn enter(state: &mut State, line: &str) -> Vec<Effect> {
    press(state, Key::F(2));
    type_text(state, line);
    press(state, Key::Enter)
}

/// The words of the command that was asked for.
fn asked(effects: &[Effect]) -> Option<(Vec<&str>, bool)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Command(asked) => {
            Some((asked.words.iter().map(String::as_str).collect(), asked.changes))
        }
        _ => None,
    })
}

fn print(state: &mut State, number: u64, told: Told) -> Vec<Effect> {
    update(state, super::sample::NOW, Msg::Printed(Printed { number, told }))
}

#[test]
fn every_command_of_rpa_is_found_and_does_something() {
    for make in [with_runs, with_workflow, with_trigger] {
        for leaf in commands::all() {
            for line in [leaf.path.clone(), format!("rpa {}", leaf.path)] {
                let mut state = make(SIZE, Language::English);
                let before = (state.root, state.is_open());
                press(&mut state, Key::F(2));
                type_text(&mut state, &line);
                let Some(Overlay::Palette(open)) = &state.overlay else { panic!("{line}") };
                let first = open.rows(&state).first().map(|entry| entry.word(&state));
                assert_eq!(first.as_deref(), Some(leaf.path.as_str()), "{line}");
                state.notice = None;
                let effects = press(&mut state, Key::Enter);
                let moved = (state.root, state.is_open()) != before;
                let told = state.notice.is_some();
                let does = !effects.is_empty() || state.overlay.is_some() || moved || told;
                assert!(does, "{line} does nothing");
            }
        }
    }
}

#[test]
fn a_command_with_other_words_is_found_in_the_readers_language() {
    let mut state = with_runs(SIZE, Language::Bulgarian);
    enter(&mut state, "изпълнения status:failed");
    assert_eq!((state.root, state.runs.filter.text.as_str()), (Root::Runs, "status:failed"));
    let mut state = with_runs(SIZE, Language::Bulgarian);
    let effects = enter(&mut state, "доктор");
    assert_eq!(asked(&effects), Some((vec!["doctor"], false)));
}

#[test]
fn what_the_console_can_do_itself_it_does() {
    let english = |make: fn((u16, u16), Language) -> State| make(SIZE, Language::English);
    let mut state = english(with_runs);
    assert_eq!(enter(&mut state, "runs status:failed wf:report"), []);
    assert_eq!(state.runs.filter.text, "status:failed wf:report");
    enter(&mut state, "runs status:nonsense");
    assert!(text(&state).contains("nonsense"), "what is wrong is said");

    let mut state = english(with_runs);
    let id = runs()[1].run.short();
    enter(&mut state, &format!("show {}", &id[4..]));
    assert_eq!(state.run.as_ref().map(|open| open.run), Some(runs()[1].run));
    let mut state = english(with_runs);
    enter(&mut state, &format!("cancel {id}"));
    let told = state.notice.is_some() || matches!(state.overlay, Some(Overlay::Confirm(_)));
    assert!(told && state.runs.selected().map(|r| r.run) == Some(runs()[1].run));

    let mut state = english(connected);
    enter(&mut state, "run disk-report limit=90");
    let Some(Overlay::Form(form)) = &state.overlay else { panic!("{:?}", state.overlay) };
    assert_eq!(form.workflow, "default/disk-report");
    assert!(form.command(&state.namespace).contains("limit=90"), "{form:?}");

    let mut state = english(with_asking);
    let run = state.asked.rows.first().map(|asked| asked.run.short());
    if let Some(run) = run {
        enter(&mut state, &format!("approve {run}"));
        assert!(matches!(state.overlay, Some(Overlay::Vote(_))), "{:?}", state.overlay);
    }
    let mut state = english(with_triggers);
    let view = state.triggers.rows[0].clone();
    let workflow = view.workflow.trim_start_matches("default/").to_owned();
    enter(&mut state, &format!("slots {workflow} {}", view.trigger));
    assert_eq!(state.trigger.as_ref().map(|open| open.name.trigger.clone()), Some(view.trigger));
}

#[test]
fn everything_else_is_run_and_read() {
    let mut state = with_runs(SIZE, Language::English);
    let effects = enter(&mut state, "explain RPA0214");
    assert_eq!(asked(&effects), Some((vec!["explain", "RPA0214"], false)));
    assert!(text(&state).contains("$ rpa explain RPA0214"), "{}", text(&state));
    print(&mut state, 1, Told::Out("one\n\u{1b}[31mtwo\u{1b}]52;c;aGk=\u{7}\n".to_owned()));
    print(&mut state, 1, Told::Err("a note\n".to_owned()));
    print(&mut state, 99, Told::Out("of another\n".to_owned()));
    print(&mut state, 1, Told::Ended(Some(4)));
    let shown = text(&state);
    assert!(shown.contains("two") && shown.contains("a note") && shown.contains("exit 4"));
    assert!(!shown.contains("of another") && !shown.contains('\u{1b}'), "{shown}");
    // options make it a command, also where there is a screen
    let mut state = with_runs(SIZE, Language::English);
    let effects = enter(&mut state, "runs --limit 3");
    assert_eq!(asked(&effects), Some((vec!["runs", "--limit", "3"], false)));
}

#[test]
fn what_changes_something_shows_its_form_first() {
    let mut state = with_runs(SIZE, Language::English);
    assert_eq!(enter(&mut state, "disable report"), []);
    let Some(Overlay::Composer(form)) = &state.overlay else { panic!("{:?}", state.overlay) };
    assert_eq!((form.args(), form.at), (vec!["report".to_owned()], form.button()));
    let effects = press(&mut state, Key::Enter);
    assert_eq!(asked(&effects), Some((vec!["disable", "report"], true)));

    // what is missing is asked for, and clap has the last word
    let mut state = with_runs(SIZE, Language::English);
    enter(&mut state, "event publish");
    assert_eq!(press(&mut state, Key::F(8)), []);
    let Some(Overlay::Composer(form)) = &state.overlay else { panic!("{:?}", state.overlay) };
    assert!(form.problem.is_some());
    type_text(&mut state, "order.paid");
    let effects = press(&mut state, Key::F(8));
    assert_eq!(asked(&effects), Some((vec!["event", "publish", "order.paid"], true)));
}

#[test]
fn options_find_their_fields() {
    let mut state = with_runs(SIZE, Language::English);
    enter(&mut state, "event publish order.paid --field 'a=b c' --field d=e");
    let Some(Overlay::Composer(form)) = &state.overlay else { panic!("{:?}", state.overlay) };
    assert_eq!(form.args(), ["order.paid", "--field", "a=b c", "--field", "d=e"]);
    assert_eq!(form.command(&state), "rpa event publish order.paid --field 'a=b c' --field d=e");
}

#[test]
fn what_is_for_a_shell_is_copied() {
    let mut state = with_runs(SIZE, Language::English);
    enter(&mut state, "completions bash");
    let effects = press(&mut state, Key::F(8));
    assert_eq!(effects, [Effect::Copy("rpa completions bash".to_owned())]);
}

#[test]
fn a_console_that_changes_nothing_runs_no_command_that_does() {
    let mut state = with_runs(SIZE, Language::English);
    state.settings.read_only = true;
    for leaf in commands::all().iter().filter(|leaf| leaf.changes) {
        let effects = enter(&mut state, &format!("{} x y", leaf.path));
        assert_eq!(asked(&effects), None, "{}", leaf.path);
        let effects = press(&mut state, Key::F(8));
        assert_eq!(asked(&effects), None, "{}", leaf.path);
        let calls = effects.iter().any(|e| matches!(e, Effect::Call(Call::Cancel { .. })));
        assert!(!calls);
        for _ in 0..3 {
            press(&mut state, Key::Esc);
        }
    }
    let effects = enter(&mut state, "doctor");
    assert!(asked(&effects).is_some(), "what only looks is run");
}

#[test]
fn lines_that_were_entered_come_back() {
    let mut state = with_runs(SIZE, Language::English);
    for line in ["explain RPA0101", "doctor", "explain RPA0101"] {
        enter(&mut state, line);
        press(&mut state, Key::Esc);
    }
    let line = |state: &State| match &state.overlay {
        Some(Overlay::Palette(open)) => open.input.text().to_owned(),
        other => panic!("{other:?}"),
    };
    press(&mut state, Key::F(2));
    press(&mut state, Key::Up);
    assert_eq!(line(&state), "explain RPA0101");
    press(&mut state, Key::Up);
    assert_eq!(line(&state), "doctor");
    press(&mut state, Key::Up);
    assert_eq!(line(&state), "doctor", "each once");
    press(&mut state, Key::Down);
    assert_eq!(line(&state), "explain RPA0101");
    press(&mut state, Key::Down);
    assert_eq!(line(&state), "");
}

#[test]
fn tab_completes_the_word_and_what_follows() {
    let mut state = connected(SIZE, Language::English);
    press(&mut state, Key::F(2));
    type_text(&mut state, "expla");
    press(&mut state, Key::Tab);
    type_text(&mut state, "RPA010");
    press(&mut state, Key::Tab);
    let Some(Overlay::Palette(open)) = &state.overlay else { panic!("{:?}", state.overlay) };
    assert_eq!(open.input.text(), "explain RPA0101 ");
    press(&mut state, Key::Ctrl('u'));
    type_text(&mut state, "disable disk");
    press(&mut state, Key::Tab);
    let Some(Overlay::Palette(open)) = &state.overlay else { panic!("{:?}", state.overlay) };
    assert_eq!(open.input.text(), "disable disk-report ");
}

#[test]
fn what_prints_without_end_is_cut_and_ended() {
    let mut state = with_runs(SIZE, Language::English);
    enter(&mut state, "doctor");
    let mut stopped = false;
    for _ in 0..60 {
        let effects = print(&mut state, 1, Told::Out("line\n".repeat(1_000)));
        stopped |= effects.contains(&Effect::StopCommand);
    }
    let Some(Overlay::Reader(open)) = &state.overlay else { panic!("{:?}", state.overlay) };
    assert!(stopped && open.pane.lines.len() == 50_000);
}

#[test]
fn closing_the_reader_ends_the_command() {
    let mut state = with_runs(SIZE, Language::English);
    enter(&mut state, "doctor");
    assert_eq!(press(&mut state, Key::Esc), [Effect::StopCommand]);
    enter(&mut state, "doctor");
    print(&mut state, 2, Told::Ended(Some(0)));
    assert_eq!(press(&mut state, Key::Esc), []);
}

#[test]
fn what_was_printed_is_searched_copied_and_handed_on() {
    let mut state = with_runs(SIZE, Language::English);
    enter(&mut state, "doctor");
    let lines: String = (0..100).map(|n| format!("line {n}\n")).collect();
    print(&mut state, 1, Told::Out(lines));
    print(&mut state, 1, Told::Ended(Some(0)));
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "line 77");
    press(&mut state, Key::Enter);
    assert_eq!(press(&mut state, Key::Char('y')), [Effect::Copy("line 77".to_owned())]);
    assert_eq!(press(&mut state, Key::Char('Y')), [Effect::Copy("rpa doctor".to_owned())]);
    let handed = press(&mut state, Key::Char('|'));
    assert!(matches!(&handed[..], [Effect::Hand(job)] if job.text.ends_with("line 99\n")));
    let again = press(&mut state, Key::Char('r'));
    assert_eq!(asked(&again), Some((vec!["doctor"], false)));
}

#[test]
fn what_is_selected_is_copied() {
    let copied = |state: &mut State, key: char| match &press(state, Key::Char(key))[..] {
        [Effect::Copy(text)] => text.clone(),
        other => panic!("{other:?}"),
    };
    let mut state = with_runs(SIZE, Language::English);
    assert_eq!(copied(&mut state, 'y'), runs()[0].run.short());
    let shown = text(&state);
    assert!(shown.contains(&format!("sent to the terminal: {}", runs()[0].run.short())), "{shown}");
    state.notice = None;
    assert_eq!(copied(&mut state, 'Y'), format!("rpa show {}", runs()[0].run.short()));
    // the command that was shown last
    press(&mut state, Key::Char('5'));
    assert_eq!(copied(&mut state, 'Y'), "rpa triggers");
    // tmux takes it only where it is set to
    state.in_tmux = true;
    assert_eq!(copied(&mut state, 'Y'), "rpa triggers");
    assert!(text(&state).contains("set-clipboard on"), "{}", text(&state));
    state.in_tmux = false;
    let mut state = connected(SIZE, Language::English);
    let first = state.workflows.selected().map(|w| w.workflow.replace("default/", ""));
    assert_eq!(Some(copied(&mut state, 'y')), first);
    let mut state = with_trigger(SIZE, Language::English);
    let name = state.trigger.as_ref().map(|open| open.name.trigger.clone()).unwrap();
    assert_eq!(copied(&mut state, 'y'), name);
    let mut state = super::workflow_sample::with_text(SIZE, Language::English, false);
    assert!(copied(&mut state, 'y').contains('1'), "the line");
}

#[test]
fn what_no_clipboard_takes_is_kept_in_a_file() {
    let mut state = with_runs(SIZE, Language::English);
    enter(&mut state, "doctor");
    print(&mut state, 1, Told::Out(format!("{}\n", "x".repeat(56_245))));
    let effects = press(&mut state, Key::Char('y'));
    assert!(matches!(&effects[..], [Effect::Keep(text)] if text.len() == 56_245), "{effects:?}");
    update(&mut state, super::sample::NOW, Msg::Kept(Ok("/tmp/x/copied.txt".into())));
    assert!(text(&state).contains("/tmp/x/copied.txt"));
    tell(&mut state, crate::console::state::News::Up);
}

/// What `rpa doctor` may print, with what no terminal shall obey.
pub fn with_reader(size: (u16, u16), language: Language) -> State {
    let mut state = with_runs(size, language);
    enter(&mut state, "doctor");
    let hostile = "host  \u{1b}]0;title\u{7}\u{202e}gnp.exe\u{9b}2J\tend";
    let lines =
        "ok    the store answers\nok    the disk has room: 81 %\nwarn  a clock that was set back\n";
    print(&mut state, 1, Told::Out(format!("{lines}{hostile}\n{}\n", "wide ".repeat(60))));
    print(&mut state, 1, Told::Err("1 remark\n".to_owned()));
    print(&mut state, 1, Told::Ended(Some(1)));
    state
}

pub fn with_composer(size: (u16, u16), language: Language) -> State {
    let mut state = with_runs(size, language);
    enter(&mut state, "event publish 'поръчка платена' --field a=1");
    state
}

#[test]
fn what_a_command_has_printed() {
    check!("reader", with_reader);
}

#[test]
fn the_form_of_a_command() {
    check!("composer", with_composer);
}

#[test]
fn the_form_of_a_command_for_shells() {
    check!("composer-shell", |size, language| {
        let mut state = with_runs(size, language);
        enter(&mut state, "completions");
        state
    });
}

#[test]
fn the_palette_with_a_command_typed() {
    check!("palette-command", |size, language| {
        let mut state = with_runs(size, language);
        press(&mut state, Key::F(2));
        type_text(&mut state, "explain RPA0101");
        state
    });
}

#[test]
fn variables_that_are_typed_have_the_types_of_the_workflow() {
    let mut state = with_runs(SIZE, Language::English);
    enter(&mut state, "run disk-report limit=90 mail=7 dry=false");
    let effects = press(&mut state, Key::F(8));
    let [Effect::Call(Call::Submit { variables, .. })] = effects.as_slice() else {
        panic!("{effects:?} {}", text(&state))
    };
    let typed = |value: Value| GivenValue::Typed(value);
    let wanted = [("limit", Value::Int(90)), ("mail", "7".into()), ("dry", Value::Bool(false))];
    let wanted = wanted.map(|(name, value)| (name.to_owned(), typed(value)));
    assert_eq!(variables, &wanted);
    // what is none is the command's to refuse, and is never left out
    for wrong in ["limit=many", "nothing=1", "dry=perhaps"] {
        let mut state = with_runs(SIZE, Language::English);
        enter(&mut state, &format!("run disk-report {wrong}"));
        assert!(matches!(state.overlay, Some(Overlay::Composer(_))), "{wrong}: {}", text(&state));
        assert!(text(&state).contains(wrong), "{}", text(&state));
    }
}
