//! Clicks and the wheel.

use rpa_ipc::Language;

use super::home::with_home;
use super::paper::{paint, text};
use super::sample::{NOW, log, press, runs, with_run, with_runs, with_trigger};
use super::workflow_sample::with_workflow;
use crate::console::keys::Key;
use crate::console::state::{Effect, Focus, Msg, Overlay, Root, State, update};

const SIZE: (u16, u16) = (80, 24);

fn with_mouse(make: impl Fn((u16, u16), Language) -> State) -> State {
    let mut state = make(SIZE, Language::English);
    assert!(press(&mut state, Key::F(9)).contains(&Effect::Mouse(true)));
    state
}

/// Where a text stands on the screen.
fn place(state: &State, wanted: &str) -> (u16, u16) {
    let shown = text(state);
    let (y, line) =
        shown.lines().enumerate().find(|(_, line)| line.contains(wanted)).expect(wanted);
    let x = line[..line.find(wanted).expect("it is there")].chars().count();
    (u16::try_from(x).unwrap(), u16::try_from(y).unwrap())
}

fn click(state: &mut State, wanted: &str) -> Vec<Effect> {
    let (x, y) = place(state, wanted);
    update(state, NOW, Msg::Click(x, y))
}

#[test]
fn without_the_setting_nothing_is_done() {
    let mut state = with_runs(SIZE, Language::English);
    click(&mut state, &runs()[2].run.short());
    update(&mut state, NOW, Msg::Wheel(5));
    assert_eq!(state.runs.cursor.index, 0);
}

#[test]
fn a_click_selects_and_a_second_one_opens() {
    let mut state = with_mouse(with_runs);
    click(&mut state, &runs()[2].run.short());
    assert_eq!(state.runs.cursor.index, 2);
    let (x, y) = place(&state, &runs()[3].run.short());
    update(&mut state, NOW + 3_000, Msg::Click(x, y));
    update(&mut state, NOW + 4_000, Msg::Click(x, y));
    assert!(state.run.is_none(), "too slow for one act");
    update(&mut state, NOW + 4_300, Msg::Click(x, y));
    assert_eq!(state.run.as_ref().map(|open| open.run), Some(runs()[3].run));
}

#[test]
fn hints_and_tabs_are_their_keys() {
    let mut state = with_mouse(with_runs);
    click(&mut state, "1 workflows");
    assert_eq!(state.root, Root::Workflows);
    click(&mut state, "/ filter");
    assert!(matches!(state.overlay, Some(Overlay::Prompt(_))));
    press(&mut state, Key::Esc);
    assert!(state.overlay.is_none());
    // a tab beneath a dialog is none of its keys
    press(&mut state, Key::F(2));
    click(&mut state, "2 runs");
    let Some(Overlay::Palette(open)) = &state.overlay else { panic!("{:?}", state.overlay) };
    assert_eq!((state.root, open.input.text()), (Root::Workflows, ""));
}

#[test]
fn a_pane_gets_the_focus() {
    let mut state = with_mouse(with_run);
    log(&mut state, 40, 40);
    let lower = crate::console::view::layout::run(&state).lower;
    update(&mut state, NOW, Msg::Click(lower.x + 5, lower.y + 3));
    assert_eq!(state.run.as_ref().unwrap().focus, Focus::Lower);
    click(&mut state, "> ");
    assert_eq!(state.run.as_ref().unwrap().focus, Focus::Steps);
}

#[test]
fn the_wheel_moves_what_has_the_focus() {
    let mut state = with_mouse(with_runs);
    update(&mut state, NOW, Msg::Wheel(1));
    assert_eq!(state.runs.cursor.index, 3);
    press(&mut state, Key::F(2));
    update(&mut state, NOW, Msg::Wheel(2));
    let Some(Overlay::Palette(open)) = &state.overlay else { panic!("{:?}", state.overlay) };
    assert_eq!(open.at, 6);
}

#[test]
fn any_row_of_any_list_is_hit_where_it_is_seen() {
    for make in [with_runs, with_workflow, with_trigger, with_home, with_run] {
        for size in [(60, 15), SIZE, (160, 45)] {
            let mut state = make(size, Language::Bulgarian);
            press(&mut state, Key::F(9));
            for (x, y) in (0..size.1).flat_map(|y| [3, size.0 / 2, size.0 - 3].map(|x| (x, y))) {
                state.clicked = None;
                update(&mut state, NOW, Msg::Click(x, y));
                paint(&state);
                for _ in 0..4 {
                    press(&mut state, Key::Esc);
                }
            }
        }
    }
}
