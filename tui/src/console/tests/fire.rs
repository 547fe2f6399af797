//! What keys do in the dialog that fires a trigger, or shows what would come of it.

use rpa_engine::Value;
use rpa_ipc::triggers::Tested;
use rpa_ipc::view::Started;
use rpa_ipc::{Fault, FaultCode, Language, fault};

use super::paper::text;
use super::sample::{NOW, press, select, tell, type_text, with_deliveries, with_trigger};
use super::sample::{with_triggers, with_upcoming};
use crate::cli::sample as cli;
use crate::console::keys::Key;
use crate::console::state::{
    Call, Done, Effect, FireStage, Msg, News, Overlay, State, TriggerName, Trying, update,
};

const SIZE: (u16, u16) = (80, 24);
const EN: Language = Language::English;

fn all(state: &mut State, keys: &[Key]) -> Vec<Effect> {
    keys.iter().flat_map(|key| press(state, *key)).collect()
}

fn trying(fields: &[(&str, Value)]) -> Trying {
    let name = TriggerName { workflow: "default/disk-report".into(), trigger: "nightly".into() };
    let data = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Trying { name, data }
}

fn started() -> Started {
    let run = cli::failed().summary.run;
    let workflow = "default/disk-report".to_owned();
    Started { run, workflow, status: "queued".into(), repeated: false }
}

fn answer(state: &mut State, done: Done) {
    tell(state, News::Done(Box::new(done)));
}

/// Takes away what stands in the field and types something else.
fn retype(state: &mut State, text: &str) {
    all(state, &[Key::End, Key::Ctrl('u')]);
    type_text(state, text);
}

#[test]
fn a_trigger_is_fired_with_data_and_leads_to_its_run() {
    let mut state = with_trigger(SIZE, EN);
    assert_eq!(press(&mut state, Key::Char('S')), []);
    let shown = text(&state);
    assert!(shown.contains("data, as JSON > {}"), "{shown}");
    assert!(shown.contains("$ rpa triggers fire disk-report nightly "), "{shown}");
    retype(&mut state, r#"{"id": 1}"#);
    let shown = text(&state);
    assert!(shown.contains(r#"fire disk-report nightly --data '{"id": 1}'"#), "{shown}");
    // one Enter leaves the field, another one fires
    assert_eq!(press(&mut state, Key::Enter), []);
    let asked = trying(&[("id", Value::Int(1))]);
    let effects = press(&mut state, Key::Enter);
    assert_eq!(effects, [Effect::Call(Call::Fire(asked.clone()))]);
    // said once
    assert_eq!(all(&mut state, &[Key::F(8), Key::BackTab, Key::Enter]), []);
    assert_eq!(state.calls, 1);
    answer(&mut state, Done::Fired(asked, Ok(started())));
    assert!(state.overlay.is_none());
    assert_eq!(state.run.as_ref().map(|open| open.run), Some(started().run));
    let command = state.notice.as_ref().map(|notice| notice.command.as_str());
    assert_eq!(command, Some("rpa logs 444455556666 -f"));
    press(&mut state, Key::Esc);
    assert!(state.trigger.is_some(), "back at the trigger");
}

#[test]
fn what_cannot_be_given_is_told_where_it_was_typed() {
    let mut state = with_trigger(SIZE, EN);
    press(&mut state, Key::Char('S'));
    for (typed, wanted) in [
        ("{", "not valid JSON"),
        ("[1]", "an object with fields"),
        // no file is read for who types
        ("@/etc/hostname", "not valid JSON"),
    ] {
        retype(&mut state, typed);
        assert_eq!(press(&mut state, Key::F(8)), [], "{typed}");
        let shown = text(&state);
        assert!(shown.contains(wanted) && !shown.contains("--help"), "{shown}");
        assert_eq!(state.calls, 0);
    }
    // nothing is as good as no fields
    retype(&mut state, "");
    assert!(!text(&state).contains("--data"), "{}", text(&state));
    assert_eq!(press(&mut state, Key::F(8)), [Effect::Call(Call::Fire(trying(&[])))]);
}

#[test]
fn a_test_is_asked_at_once_starts_nothing_and_leads_on_to_the_run() {
    let mut state = with_trigger(SIZE, EN);
    let asked = trying(&[]);
    assert_eq!(press(&mut state, Key::Char('s')), [Effect::Call(Call::Test(asked.clone()))]);
    answer(&mut state, Done::Tested(asked.clone(), Ok(Box::new(cli::tested()))));
    let shown = text(&state);
    for wanted in ["A run would start.", "match: true", "if: true", "limit = 80", "\"nightly\""] {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
    assert!(shown.contains("$ rpa triggers test disk-report nightly "), "{shown}");
    // other data, another answer
    type_text(&mut state, " ");
    assert!(!text(&state).contains("match: true"), "{}", text(&state));
    assert_eq!(press(&mut state, Key::Enter), [Effect::Call(Call::Test(asked.clone()))]);
    let refused = Tested { wanted: Some(Ok(false)), ..cli::tested() };
    answer(&mut state, Done::Tested(asked.clone(), Ok(Box::new(refused))));
    let shown = text(&state);
    assert!(shown.contains("No run would start by itself.") && shown.contains("if: false"));
    // a person may nevertheless
    all(&mut state, &[Key::Tab, Key::Tab]);
    assert!(text(&state).contains("$ rpa triggers fire disk-report nightly "), "{}", text(&state));
    assert_eq!(press(&mut state, Key::Enter), [Effect::Call(Call::Fire(asked))]);
}

#[test]
fn an_answer_to_other_data_or_to_a_closed_dialog_is_not_shown() {
    let mut state = with_trigger(SIZE, EN);
    press(&mut state, Key::Char('s'));
    let other = trying(&[("id", Value::Int(2))]);
    answer(&mut state, Done::Tested(other, Ok(Box::new(cli::tested()))));
    assert!(!text(&state).contains("match: true"), "{}", text(&state));
    press(&mut state, Key::Esc);
    let refusal = || Fault::new(FaultCode::BadTrigger, "cannot be");
    answer(&mut state, Done::Tested(trying(&[]), Err(refusal())));
    assert!(state.overlay.is_none());
    // of a run that was asked for somebody wants to know
    all(&mut state, &[Key::Char('S'), Key::F(8), Key::Esc]);
    answer(&mut state, Done::Fired(trying(&[]), Err(refusal())));
    assert!(matches!(state.overlay, Some(Overlay::Refusal(_))));
}

#[test]
fn a_refusal_is_read_in_the_dialog_which_keeps_what_was_typed() {
    let mut state = with_trigger(SIZE, EN);
    press(&mut state, Key::Char('S'));
    retype(&mut state, r#"{"id": 1}"#);
    press(&mut state, Key::F(8));
    let fault = fault!(FaultCode::NoTrigger, "no-triggers", workflow = "default/disk-report");
    answer(&mut state, Done::Fired(trying(&[("id", Value::Int(1))]), Err(fault)));
    let shown = text(&state);
    assert!(shown.contains("default/disk-report") && shown.contains(r#"{"id": 1}"#), "{shown}");
    let Some(Overlay::Fire(dialog)) = &state.overlay else { panic!("no dialog") };
    assert!(matches!(dialog.stage, FireStage::Typing));
    assert_eq!((state.calls, state.run.is_none()), (0, true));
}

#[test]
fn the_keys_mean_the_same_on_every_screen_with_a_trigger() {
    let screens = [with_triggers(SIZE, EN), with_upcoming(SIZE, EN), with_deliveries(SIZE, EN)];
    for mut state in screens {
        // of the first one that fires next only the workflow is known
        press(&mut state, Key::Down);
        press(&mut state, Key::Char('S'));
        assert!(matches!(state.overlay, Some(Overlay::Fire(_))), "{}", text(&state));
        press(&mut state, Key::Esc);
        assert_eq!(press(&mut state, Key::Char('s')).len(), 1, "{}", text(&state));
    }
    // what nothing declares any more has no run
    let mut state = with_triggers(SIZE, EN);
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "gone");
    press(&mut state, Key::Enter);
    for key in ['s', 'S'] {
        assert_eq!(press(&mut state, Key::Char(key)), []);
        assert!(state.overlay.is_none(), "{}", text(&state));
    }
    // and from the palette
    let mut state = with_triggers(SIZE, EN);
    select(&mut state, "nightly");
    press(&mut state, Key::Char(':'));
    type_text(&mut state, "test");
    assert_eq!(press(&mut state, Key::Enter), [Effect::Call(Call::Test(trying(&[])))]);
}

#[test]
fn a_paste_fires_nothing() {
    let mut state = with_trigger(SIZE, EN);
    press(&mut state, Key::Char('S'));
    retype(&mut state, "");
    let effects = update(&mut state, NOW, Msg::Paste("{\"a\":\n1}\u{1b}[2J".into()));
    assert_eq!(effects, []);
    let Some(Overlay::Fire(dialog)) = &state.overlay else { panic!("no dialog") };
    assert_eq!(dialog.data.text(), r#"{"a": 1}[2J"#);
}

#[test]
fn what_was_told_is_read_page_by_page() {
    let mut state = with_trigger((60, 15), EN);
    press(&mut state, Key::Char('s'));
    answer(&mut state, Done::Tested(trying(&[]), Ok(Box::new(cli::tested()))));
    assert!(text(&state).contains("below"), "{}", text(&state));
    all(&mut state, &[Key::PageDown, Key::PageDown, Key::PageDown]);
    let shown = text(&state);
    assert!(shown.contains("above") && !shown.contains("below"), "{shown}");
    assert!(shown.contains("\"kind\": \"schedule\""), "the last of it: {shown}");
}
