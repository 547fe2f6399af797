//! The panes of one run at the usual sizes, in both languages.

use super::sample::{history, press, with_timed, with_timed_loops};
use crate::console::keys::Key;
use crate::console::state::State;

fn keys(mut state: State, keys: &[Key]) -> State {
    for key in keys {
        press(&mut state, *key);
    }
    history(&mut state, 0);
    state.notice = None;
    state
}

#[test]
fn a_run_as_a_graph() {
    check!("run-graph", |size, language| keys(with_timed(size, language), &[Key::Char('v')]));
}

#[test]
fn loops_as_a_graph_of_names() {
    check!("run-graph-names", |size, language| {
        keys(with_timed_loops(size, language), &[Key::Char('v'), Key::Char('+')])
    });
}

#[test]
fn the_timeline_of_a_run() {
    check!("timeline", |size, language| keys(with_timed(size, language), &[Key::Char('z')]));
}

#[test]
fn a_part_of_a_timeline_with_loops() {
    check!("timeline-closer", |size, language| {
        keys(with_timed_loops(size, language), &[Key::Char('z'), Key::Home, Key::Char('+')])
    });
}

#[test]
fn what_has_happened_to_a_run() {
    check!("events", |size, language| keys(with_timed(size, language), &[Key::Char('H')]));
}
