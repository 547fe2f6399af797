//! A screen that stands still.

use rpa_ipc::Language;

use super::paper::text;
use super::sample::{NOW, away, press, runs, tell, with_runs};
use crate::console::keys::Key;
use crate::console::state::{Effect, Msg, News, State, update};

const SIZE: (u16, u16) = (80, 24);

fn told_of_one(state: &mut State) {
    let want = state.runs.want(NOW);
    let rows = runs().into_iter().take(1).collect();
    tell(state, News::Runs { want, rows, more: false });
}

#[test]
fn what_is_told_meanwhile_is_let_go_and_asked_for_again() {
    let mut state = with_runs(SIZE, Language::English);
    let before = state.runs.rows.clone();
    assert!(press(&mut state, Key::F(7)).is_empty());
    assert!(text(&state).contains("STILL"), "{}", text(&state));
    told_of_one(&mut state);
    assert_eq!(state.runs.rows, before);
    // time passes, and one moves in what there is
    update(&mut state, NOW + 90_000, Msg::Tick);
    press(&mut state, Key::Down);
    assert!(state.is_frozen());
    assert_eq!(state.wake_at(), None, "and nothing moves by itself");
    assert_eq!(press(&mut state, Key::F(7)), [Effect::Refetch]);
    assert!(text(&state).contains("LIVE"), "{}", text(&state));
    told_of_one(&mut state);
    assert_eq!(state.runs.rows.len(), 1);
}

#[test]
fn whoever_looks_at_something_else_sees_it_live() {
    for key in [Key::Enter, Key::Char('1'), Key::Char('5')] {
        let mut state = with_runs(SIZE, Language::English);
        press(&mut state, Key::F(7));
        let effects = press(&mut state, key);
        assert!(!state.is_frozen() && effects.contains(&Effect::Refetch), "{key}: {effects:?}");
    }
}

#[test]
fn a_daemon_that_is_gone_is_told_of() {
    let mut state = with_runs(SIZE, Language::English);
    press(&mut state, Key::F(7));
    tell(&mut state, News::Lost(away()));
    assert!(!state.is_frozen() && !state.link.is_up());
}
