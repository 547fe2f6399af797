//! Runs again: retries, from a step on, and what must not be repeated unasked.

use rpa_engine::{RunId, Value};
use rpa_ipc::fault;
use rpa_ipc::service::GivenValue;
use rpa_ipc::view::{RunDetail, Started};
use rpa_ipc::{Fault, FaultCode, Language};

use super::paper::text;
use super::sample::{
    connected, detail, nested, press, runs, state as standing, tell, type_text, with_run,
    with_runs, workflows,
};
use crate::console::keys::Key;
use crate::console::state::{Again, Call, Done, Effect, News, Overlay, State};

const SIZE: (u16, u16) = (80, 24);
const NEW: RunId = RunId(0x019d_b7b6_7a20_7222_8333_4444_5555_9999);

fn all(state: &mut State, keys: &[Key]) -> Vec<Effect> {
    keys.iter().flat_map(|key| press(state, *key)).collect()
}

fn retried() -> Again {
    let (variables, shown) = Default::default();
    let run = runs()[1].run;
    Again { run, from: None, newest: false, variables, shown, repeat_once: false }
}

fn started() -> Started {
    let workflow = "default/disk-report".into();
    Started { run: NEW, workflow, status: "queued".into(), repeated: false }
}

fn would_repeat() -> Fault {
    let run = runs()[1].run.short();
    fault!(FaultCode::WouldRepeat, "steps-would-repeat", run = run, steps = "send")
}

fn done(state: &mut State, again: Again, answer: Result<Started, Fault>) {
    tell(state, News::Done(Box::new(Done::Again(again, answer))));
}

/// The daemon asks whether steps shall be repeated.
pub fn refuse_to_repeat(state: &mut State) {
    done(state, retried(), Err(would_repeat()));
}

/// The new run, as the daemon tells of it.
fn taken_over(status: &str) -> RunDetail {
    let mut new = detail(status);
    new.summary.run = NEW;
    new.rerun_of = Some(runs()[1].run);
    new
}

/// The failed run with another revision live, and values that are not shown.
pub fn with_other_revision(size: (u16, u16), language: Language) -> State {
    let mut state = with_run(size, language);
    let mut rows = workflows();
    let report = rows.iter_mut().find(|row| row.workflow == "default/disk-report").unwrap();
    report.revision = 5;
    report.variables.retain(|variable| variable.name != "mounts");
    tell(&mut state, News::Workflows(rows));
    let mut run = detail("failed");
    run.inputs = vec![
        ("limit".into(), Value::Int(85)),
        ("mounts".into(), Value::Null),
        ("mail".into(), Value::from("***")),
        ("dry".into(), Value::Bool(false)),
    ];
    run.masked = vec!["mail".into()];
    run.declared.iter_mut().for_each(|v| v.sensitive = v.name == "mail");
    tell(&mut state, News::Run(run));
    state
}

#[test]
fn a_failed_run_is_retried_and_the_new_one_leads_back_to_it() {
    let mut state = with_run(SIZE, Language::English);
    assert_eq!(press(&mut state, Key::Char('T')), [Effect::Call(Call::Again(retried()))]);
    let old = runs()[1].run;
    assert!(text(&state).contains(&format!("$ rpa retry {}", old.short())), "{}", text(&state));
    done(&mut state, retried(), Ok(started()));
    assert_eq!((state.calls, state.run.as_ref().unwrap().run), (0, NEW));
    assert!(text(&state).contains(&format!("takes over from {}", old.short())), "{}", text(&state));
    tell(&mut state, News::Run(taken_over("running")));
    assert!(text(&state).contains(&format!("re-run of {}", old.short())), "{}", text(&state));
    all(&mut state, &[Key::Char('E')]);
    assert_eq!(state.run.as_ref().unwrap().run, old);
    tell(&mut state, News::Run(detail("failed")));
    all(&mut state, &[Key::Char('E')]);
    assert!(text(&state).contains("taken over from no other"), "{}", text(&state));
    press(&mut state, Key::Esc);
    assert_eq!(state.run.as_ref().unwrap().run, NEW, "Esc leads back");
    press(&mut state, Key::Esc);
    assert!(state.run.is_none());
}

/// The dialog that says which revision is live.
pub fn with_retry(size: (u16, u16), language: Language) -> State {
    let mut state = with_other_revision(size, language);
    assert!(press(&mut state, Key::Char('T')).is_empty());
    state
}

#[test]
fn a_retry_says_which_revision_is_live() {
    check!("retry", with_retry);
}

#[test]
fn where_another_revision_is_live_a_retry_asks_which() {
    let mut state = with_retry(SIZE, Language::English);
    let shown = text(&state);
    assert!(shown.contains("at revision 5 now; this run had revision 3"), "{shown}");
    assert!(shown.contains("(x) 3, of the run  ( ) 5, live now"), "{shown}");
    assert_eq!(press(&mut state, Key::Enter), [Effect::Call(Call::Again(retried()))]);
    press(&mut state, Key::Char('T'));
    press(&mut state, Key::Tab);
    assert!(text(&state).contains("--newest"), "{}", text(&state));
    let again = Again { newest: true, ..retried() };
    assert_eq!(press(&mut state, Key::Enter), [Effect::Call(Call::Again(again))]);
    press(&mut state, Key::Char('T'));
    assert!(press(&mut state, Key::Esc).is_empty());
    assert!(state.overlay.is_none());
    // a workflow that takes no runs has nothing to choose
    let mut rows = workflows();
    rows[1].revision = 5;
    rows[1].state = standing("disabled");
    tell(&mut state, News::Workflows(rows));
    assert_eq!(press(&mut state, Key::Char('T')), [Effect::Call(Call::Again(retried()))]);
}

#[test]
fn a_run_of_the_list_is_retried_and_from_a_step_one_at_a_time() {
    let mut state = with_runs(SIZE, Language::English);
    press(&mut state, Key::Down);
    assert_eq!(press(&mut state, Key::Char('T')), [Effect::Call(Call::Again(retried()))]);
    let two = [Key::Char(' '), Key::Char(' '), Key::Char('b')];
    assert!(all(&mut state, &two).is_empty());
    assert!(text(&state).contains("one run at a time"), "{}", text(&state));
}

#[test]
fn what_cannot_be_run_again_says_why_and_what_to_do_instead() {
    let mut state = with_run(SIZE, Language::English);
    let mut check = |detail: RunDetail, keys: &[Key], words: &str| {
        tell(&mut state, News::Run(detail));
        assert!(all(&mut state, keys).is_empty());
        assert!(state.overlay.is_none());
        assert!(text(&state).contains(words), "{words}\n{}", text(&state));
    };
    for key in [Key::Char('T'), Key::Char('b')] {
        check(nested("running"), &[key], "cancel it first (x), then it can be run again");
        check(nested("in_doubt"), &[key], "decide about it first (d), or cancel the run (x)");
    }
    check(detail("completed"), &[Key::Char('T')], "R starts a new one");
    let mut inside = vec![Key::Home, Key::Down, Key::Down, Key::Down];
    inside.push(Key::Char('b'));
    check(nested("failed"), &inside, "begun from: select each");
    check(nested("failed"), &[Key::End, Key::Char('b')], "select a step of the workflow itself");
}

#[test]
fn the_sentences_of_the_footer_fit_it_in_both_languages() {
    for language in Language::ALL {
        let state = connected(SIZE, language);
        for id in [
            "again-not-ended",
            "again-in-doubt",
            "again-one",
            "retry-completed",
            "rerun-select",
            "rerun-handler",
            "earlier-none",
        ] {
            let said = state.words.find(id).unwrap();
            assert!(crate::text::cells(&said) <= 78, "{language}: {said}");
        }
    }
}

#[test]
fn from_the_list_the_run_is_opened_to_select_a_step() {
    let mut state = with_runs(SIZE, Language::English);
    all(&mut state, &[Key::Down, Key::Char('b')]);
    assert_eq!(state.run.as_ref().unwrap().run, runs()[1].run);
    assert!(text(&state).contains("select the step to begin from"), "{}", text(&state));
    tell(&mut state, News::Run(detail("failed")));
    press(&mut state, Key::Char('b'));
    assert!(text(&state).contains("again from biggest"), "{}", text(&state));
}

#[test]
fn only_what_is_other_than_it_was_is_sent() {
    let mut state = with_other_revision(SIZE, Language::English);
    press(&mut state, Key::Char('b'));
    let shown = text(&state);
    assert!(shown.contains("as it was: ***"), "{shown}");
    assert!(shown.contains("$ rpa rerun 444455550001 --from biggest "), "{shown}");
    let effects = press(&mut state, Key::F(8));
    let from = Some("biggest".to_owned());
    assert_eq!(effects, [Effect::Call(Call::Again(Again { from, ..retried() }))]);

    press(&mut state, Key::Char('b'));
    all(&mut state, &[Key::Ctrl('u')]);
    assert!(press(&mut state, Key::F(8)).is_empty(), "an emptied number is none");
    assert!(text(&state).contains("a number, such as"), "{}", text(&state));
    type_text(&mut state, "95");
    all(&mut state, &[Key::Tab, Key::Tab]);
    type_text(&mut state, "me@x.bg");
    press(&mut state, Key::Tab);
    let shown = text(&state);
    assert!(shown.contains("--var limit=95 --var mail=@FILE"), "{shown}");
    assert!(!shown.contains("me@x.bg"), "{shown}");
    // as it was
    all(&mut state, &[Key::Up, Key::Ctrl('d')]);
    assert!(text(&state).contains("as it was: ***"), "{}", text(&state));
    let effects = press(&mut state, Key::F(8));
    let [Effect::Call(Call::Again(again))] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(again.variables, [("limit".to_owned(), GivenValue::Text("95".into()))]);
}

#[test]
fn the_live_revision_can_be_chosen_and_what_was_typed_stays() {
    let mut state = with_other_revision(SIZE, Language::English);
    press(&mut state, Key::Char('b'));
    all(&mut state, &[Key::Ctrl('u')]);
    type_text(&mut state, "95");
    assert!(text(&state).contains("mounts"), "{}", text(&state));
    all(&mut state, &[Key::Tab; 5]);
    assert!(text(&state).contains("(x) 3, of the run"), "{}", text(&state));
    press(&mut state, Key::Char(' '));
    let shown = text(&state);
    assert!(shown.contains("(x) 5, live now") && !shown.contains("mounts"), "{shown}");
    let effects = all(&mut state, &[Key::Tab, Key::Enter]);
    let [Effect::Call(Call::Again(again))] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(again.newest);
    assert_eq!(again.variables, [("limit".to_owned(), GivenValue::Text("95".into()))]);
    // without another one there is nothing to choose
    let mut state = with_run(SIZE, Language::English);
    press(&mut state, Key::Char('b'));
    assert!(!text(&state).contains("of the run"), "{}", text(&state));
    let mut rows = workflows();
    rows[1].revision = 5;
    rows[1].state = standing("disabled");
    let mut state = with_run(SIZE, Language::English);
    tell(&mut state, News::Workflows(rows));
    press(&mut state, Key::Char('b'));
    assert!(!text(&state).contains("of the run"), "it takes no runs\n{}", text(&state));
}

#[test]
fn once_steps_are_repeated_only_after_a_yes() {
    let mut state = with_run(SIZE, Language::English);
    press(&mut state, Key::Char('T'));
    done(&mut state, retried(), Err(would_repeat()));
    let shown = text(&state);
    assert!(shown.contains("again: send") && shown.contains("--repeat-once"), "{shown}");
    assert!(press(&mut state, Key::Enter).is_empty(), "no is the first answer");
    assert!(state.overlay.is_none());
    done(&mut state, retried(), Err(would_repeat()));
    let again = Again { repeat_once: true, ..retried() };
    assert_eq!(press(&mut state, Key::Char('y')), [Effect::Call(Call::Again(again))]);
    // nobody's typing is an answer to a question that has just come up
    all(&mut state, &[Key::Char(':')]);
    done(&mut state, retried(), Err(would_repeat()));
    assert!(matches!(state.overlay, Some(Overlay::Palette(_))));
    assert!(text(&state).contains("RPA0533"), "{}", text(&state));
}

#[test]
fn a_new_run_is_not_begun_with_the_mask_of_a_value() {
    let mut state = with_other_revision(SIZE, Language::English);
    press(&mut state, Key::Char('R'));
    assert!(!text(&state).contains("***"), "{}", text(&state));
    assert!(press(&mut state, Key::F(8)).is_empty());
    assert!(text(&state).contains("this must be given"), "{}", text(&state));
}
