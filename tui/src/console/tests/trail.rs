//! The way back and forth, and saved views.

use rpa_ipc::Language;

use super::palette::check;
use super::paper::text;
use super::sample::{press, runs, type_text, with_runs, with_triggers};
use crate::console::keys::Key;
use crate::console::state::{Effect, Root, State};

const SIZE: (u16, u16) = (80, 24);

fn enter(state: &mut State, line: &str) -> Vec<Effect> {
    press(state, Key::F(2));
    type_text(state, line);
    press(state, Key::Enter)
}

#[test]
fn the_way_leads_back_and_on_again() {
    let mut state = with_runs(SIZE, Language::English);
    press(&mut state, Key::Enter);
    let run = state.run.as_ref().map(|open| open.run);
    assert!(run.is_some());
    press(&mut state, Key::Char('1'));
    press(&mut state, Key::Char('5'));
    press(&mut state, Key::Char('['));
    assert_eq!((state.root, state.run.is_some()), (Root::Workflows, false));
    press(&mut state, Key::AltLeft);
    assert_eq!(state.run.as_ref().map(|open| open.run), run);
    press(&mut state, Key::Char('['));
    assert_eq!((state.root, state.run.is_some()), (Root::Runs, false));
    for _ in 0..3 {
        press(&mut state, Key::Char(']'));
    }
    assert_eq!(state.root, Root::Triggers);
    press(&mut state, Key::Char(']'));
    assert!(text(&state).contains("the way ends here"), "{}", text(&state));
    // another place from the middle of the way: what lay before is forgotten
    press(&mut state, Key::Char('['));
    press(&mut state, Key::Char('7'));
    press(&mut state, Key::Char(']'));
    assert_eq!(state.root, Root::Locks);
}

#[test]
fn the_last_place_and_back_again() {
    let mut state = with_runs(SIZE, Language::English);
    press(&mut state, Key::Char('5'));
    for root in [Root::Runs, Root::Triggers, Root::Runs] {
        press(&mut state, Key::Char('-'));
        assert_eq!(state.root, root);
    }
}

#[test]
fn a_place_comes_back_with_its_filter() {
    let mut state = with_runs(SIZE, Language::English);
    enter(&mut state, "runs status:failed");
    press(&mut state, Key::Char('1'));
    press(&mut state, Key::Char('2'));
    press(&mut state, Key::Esc);
    assert_eq!(state.runs.filter.text, "");
    press(&mut state, Key::Char('['));
    press(&mut state, Key::Char('['));
    assert_eq!((state.root, state.runs.filter.text.as_str()), (Root::Runs, "status:failed"));
}

#[test]
fn a_view_is_saved_opened_and_deleted() {
    let mut state = with_runs(SIZE, Language::English);
    enter(&mut state, "runs status:failed");
    assert_eq!(enter(&mut state, "view save failed-ones"), [Effect::Save]);
    let saved = [("failed-ones".to_owned(), "runs status:failed".to_owned())];
    assert_eq!(state.settings.views, saved);
    press(&mut state, Key::Char('5'));
    enter(&mut state, "view failed");
    assert_eq!((state.root, state.runs.filter.text.as_str()), (Root::Runs, "status:failed"));
    // under the same name another one
    press(&mut state, Key::Char('7'));
    enter(&mut state, "view save failed-ones");
    assert_eq!(state.settings.views[0].1, "locks");
    assert_eq!(enter(&mut state, "view save a/b"), [], "no name");
    assert_eq!(enter(&mut state, "view save save"), [], "it would mean something else");
    assert_eq!(enter(&mut state, "view delete failed-ones"), [Effect::Save]);
    assert!(state.settings.views.is_empty());
}

#[test]
fn a_view_that_means_nothing_is_told() {
    let mut state = with_runs(SIZE, Language::English);
    state.settings.views = vec![("x".to_owned(), "runs status:nonsense".to_owned())];
    enter(&mut state, "view x");
    assert!(text(&state).contains("cannot be shown"), "{}", text(&state));
    assert!(!runs().is_empty());
}

#[test]
fn the_views_in_the_palette() {
    check("views", |size, language| {
        let mut state = with_triggers(size, language);
        state.settings.views = vec![
            ("нощни".to_owned(), "slots trigger:nightly since:24h".to_owned()),
            ("failed-ones".to_owned(), "runs status:failed".to_owned()),
        ];
        enter(&mut state, "view");
        state
    });
}
