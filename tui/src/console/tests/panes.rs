//! What keys do in the panes of a run: its graph, its timeline, what has happened to it.

use rpa_ipc::Language;

use super::paper::text;
use super::sample::{
    NOW, detail, history, nested, press, tell, timed, told, type_text, with_timed, with_timed_loops,
};
use crate::console::graph::Placed;
use crate::console::keys::{Key, Scope};
use crate::console::state::{Effect, Lower, Msg, News, State, seen_span, update, whole_span};

const SIZE: (u16, u16) = (80, 24);

fn selected(state: &State) -> String {
    state.run.as_ref().unwrap().selected().unwrap().path.to_string()
}

fn placed(state: &State) -> Placed {
    state.run.as_ref().unwrap().graph.as_ref().unwrap().pane.placed.clone()
}

#[test]
fn boxes_stay_where_they_are_while_a_run_goes_on() {
    let mut state = with_timed(SIZE, Language::English);
    press(&mut state, Key::Char('v'));
    assert!(text(&state).contains("retrying"), "{}", text(&state));
    let before = placed(&state);
    press(&mut state, Key::ShiftDown);
    let seen = state.run.as_ref().unwrap().graph.as_ref().unwrap().pane.top;
    tell(&mut state, News::Run(detail("in_doubt")));
    let shown = text(&state);
    assert!(!shown.contains("retrying") && shown.contains("completed"), "{shown}");
    assert_eq!(placed(&state), before);
    let pane = &state.run.as_ref().unwrap().graph.as_ref().unwrap().pane;
    assert_eq!(pane.top, seen, "nor is the picture moved");
    // one step more
    let mut more = timed();
    let mut added = more.steps[3].clone();
    (added.id, added.path) = ("tell".into(), "tell".parse().unwrap());
    more.steps.push(added);
    tell(&mut state, News::Run(more));
    assert_eq!(placed(&state).spots.len(), before.spots.len() + 1);
}

#[test]
fn lanes_and_boxes_have_one_selection() {
    let mut state = with_timed(SIZE, Language::English);
    press(&mut state, Key::Home);
    press(&mut state, Key::Char('v'));
    assert_eq!(selected(&state), "usage");
    press(&mut state, Key::Down);
    let below = selected(&state);
    assert!(["parse", "biggest"].contains(&below.as_str()), "{below}");
    press(&mut state, Key::Char('v'));
    assert_eq!((selected(&state), state.scopes()[0]), (below, Scope::Run));
    press(&mut state, Key::End);
    press(&mut state, Key::Char('v'));
    assert_eq!(selected(&state), "send");
    press(&mut state, Key::Esc);
    assert!(state.run.as_ref().unwrap().graph.is_none(), "Esc leads back to the lanes");
}

#[test]
fn into_a_loop_and_out_of_it() {
    let mut state = with_timed_loops((100, 30), Language::English);
    press(&mut state, Key::Home);
    press(&mut state, Key::Char('v'));
    press(&mut state, Key::Down);
    let around = selected(&state);
    press(&mut state, Key::Enter);
    let pane = &state.run.as_ref().unwrap().graph.as_ref().unwrap().pane;
    assert_eq!(pane.of.as_deref(), Some(around.as_str()));
    assert!(selected(&state).starts_with(&around) && selected(&state) != around);
    press(&mut state, Key::Esc);
    assert_eq!(selected(&state), around);
    // of one that has vanished the whole is shown
    press(&mut state, Key::Enter);
    tell(&mut state, News::Run(timed()));
    let pane = &state.run.as_ref().unwrap().graph.as_ref().unwrap().pane;
    assert_eq!((pane.of.clone(), pane.steps.len()), (None, 4));
    // what has nothing inside shows its log
    press(&mut state, Key::Enter);
    assert_eq!(state.scopes()[0], Scope::Log);
    assert!(!state.run.as_ref().unwrap().all_steps);
}

#[test]
fn a_bar_tells_of_tries_and_waits() {
    let mut state = with_timed(SIZE, Language::English);
    press(&mut state, Key::Char('z'));
    let before = text(&state);
    assert!(!before.contains('r') || !before.contains("r░"), "{before}");
    history(&mut state, 0).expect("the bars want what has happened");
    let shown = text(&state);
    let row = shown.lines().find(|line| line.contains("biggest")).unwrap();
    assert_eq!(row.matches('r').count(), 3, "{row}");
    assert!(row.contains('█') && row.contains('░') && row.trim_end().ends_with('▶'), "{row}");
    let row = shown.lines().find(|line| line.contains("send")).unwrap();
    assert!(!row.contains('█'), "it has not begun: {row}");
}

#[test]
fn a_part_of_the_time_is_seen_closer() {
    let mut state = with_timed(SIZE, Language::English);
    press(&mut state, Key::Char('z'));
    press(&mut state, Key::Home);
    let spans = |state: &State| {
        let run = state.run.as_ref().unwrap();
        (whole_span(state, run).unwrap(), seen_span(state, run).unwrap())
    };
    let (whole, seen) = spans(&state);
    assert_eq!(whole, seen);
    (0..2).for_each(|_| drop(press(&mut state, Key::Char('+'))));
    let (whole, seen) = spans(&state);
    assert_eq!((seen.from_ms, seen.length()), (whole.from_ms, whole.length() / 4));
    press(&mut state, Key::Right);
    let (_, later) = spans(&state);
    assert_eq!(later.from_ms, seen.from_ms + seen.length() / 4);
    (0..90).for_each(|_| drop(press(&mut state, Key::Right)));
    let (whole, last) = spans(&state);
    assert_eq!(last.to_ms, whole.to_ms);
    // at the end of a run that goes on, the end is followed
    update(&mut state, NOW + 8_000, Msg::Tick);
    let (whole, last) = spans(&state);
    assert_eq!((whole.to_ms, last.to_ms), (NOW + 8_000, NOW + 8_000));
    (0..90).for_each(|_| drop(press(&mut state, Key::Char('-'))));
    let (whole, all) = spans(&state);
    assert_eq!(whole, all);
    (0..90).for_each(|_| drop(press(&mut state, Key::Char('+'))));
    assert!(spans(&state).1.length() >= 20);
}

#[test]
fn the_newest_event_stays_selected_until_one_goes_up() {
    let mut state = with_timed(SIZE, Language::English);
    press(&mut state, Key::Char('H'));
    assert!(text(&state).contains("asking the daemon"), "{}", text(&state));
    let run = state.run.as_ref().unwrap().run;
    history(&mut state, 20);
    assert!(text(&state).contains("ann (cli)"), "{}", text(&state));
    let more = |state: &mut State| {
        let tellings = told(0).split_off(7);
        tell(state, News::Events { run, first: false, left_out: 0, tellings });
    };
    let at = |state: &State| {
        let pane = &state.run.as_ref().unwrap().events;
        (pane.at, pane.rows.len())
    };
    assert_eq!(at(&state), (53, 54));
    more(&mut state);
    assert_eq!(at(&state), (60, 61));
    press(&mut state, Key::Up);
    more(&mut state);
    assert_eq!(at(&state), (59, 68));
    press(&mut state, Key::End);
    more(&mut state);
    assert_eq!(at(&state), (74, 75));
    // another run's are not taken for this one's
    let other = super::sample::runs()[0].run;
    tell(&mut state, News::Events { run: other, first: true, left_out: 0, tellings: told(0) });
    assert_eq!(at(&state), (74, 75));
}

#[test]
fn events_are_filtered_and_lead_to_their_step() {
    let mut state = with_timed(SIZE, Language::English);
    press(&mut state, Key::Char('H'));
    history(&mut state, 0);
    press(&mut state, Key::Char('/'));
    type_text(&mut state, "usage");
    press(&mut state, Key::Enter);
    let rows = |state: &State| state.run.as_ref().unwrap().events.rows.len();
    assert_eq!(rows(&state), 2);
    press(&mut state, Key::Enter);
    assert_eq!((selected(&state).as_str(), state.scopes()[0]), ("usage", Scope::Run));
    press(&mut state, Key::Char('H'));
    press(&mut state, Key::Char('/'));
    (0..9).for_each(|_| drop(press(&mut state, Key::Backspace)));
    type_text(&mut state, "ann (cli)");
    press(&mut state, Key::Enter);
    assert_eq!(rows(&state), 2, "who is found too");
    press(&mut state, Key::Char('/'));
    (0..9).for_each(|_| drop(press(&mut state, Key::Backspace)));
    press(&mut state, Key::Enter);
    // of the selected step alone
    press(&mut state, Key::Char('a'));
    assert_eq!(rows(&state), 2);
}

#[test]
fn of_a_long_history_the_newest_is_kept() {
    let mut state = with_timed(SIZE, Language::English);
    press(&mut state, Key::Char('H'));
    history(&mut state, 4_000);
    let pane = &state.run.as_ref().unwrap().events;
    assert_eq!((pane.all.len(), pane.left_out), (5_000, 3_014));
    assert!(text(&state).contains("3 014 older"), "{}", text(&state));
}

#[test]
fn tab_goes_through_all_panes_and_the_history_is_wanted_only_where_it_shows() {
    let mut state = with_timed(SIZE, Language::English);
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push((state.scopes()[0], state.wants().events.is_some()));
        press(&mut state, Key::Tab);
    }
    let wanted = [
        (Scope::Run, false),
        (Scope::Log, false),
        (Scope::Data, false),
        (Scope::Timeline, true),
        (Scope::Events, true),
    ];
    assert_eq!(seen, wanted);
    assert_eq!(state.scopes()[0], Scope::Run);
    let wide = with_timed((160, 45), Language::English);
    assert!(wide.wants().events.is_some(), "the bars are beside the steps");
    assert_eq!(wide.run.as_ref().unwrap().lower, Lower::Log);
}

#[test]
fn a_timeline_of_anything_is_painted() {
    for size in [(60, 15), (80, 24), (161, 45)] {
        let mut state = with_timed_loops(size, Language::Bulgarian);
        press(&mut state, Key::Char('z'));
        for status in ["queued", "running", "in_doubt", "paused"] {
            let mut detail = nested(status);
            detail.summary.started_ms = (status != "queued").then_some(NOW + 5_000);
            tell(&mut state, News::Run(detail));
            history(&mut state, 3);
            for key in [Key::Char('+'), Key::Left, Key::End, Key::Char('-'), Key::Right] {
                press(&mut state, key);
                text(&state);
            }
        }
    }
}

#[test]
fn the_data_pane_wraps_what_is_long_and_is_scrolled_to_its_end() {
    let mut state = with_timed(SIZE, Language::English);
    let long: String = (0..40).map(|n| format!("word{n} ")).collect();
    let mut run = timed();
    run.inputs = vec![("about".into(), rpa_engine::Value::Text(long.trim_end().into()))];
    tell(&mut state, News::Run(run));
    press(&mut state, Key::Char('i'));
    let mut seen = String::new();
    for _ in 0..60 {
        let shown = text(&state);
        assert!(!shown.contains("word7…"), "{shown}");
        seen.push_str(&shown);
        press(&mut state, Key::Down);
    }
    for n in 0..40 {
        assert!(seen.contains(&format!("word{n}")), "word{n} is never seen");
    }
    let last = text(&state);
    assert!(last.lines().rev().take(4).any(|line| line.contains(": ")), "a full page: {last}");
    press(&mut state, Key::Home);
    assert!(text(&state).contains(" 1-"), "which rows are shown: {}", text(&state));
    // what is copied is the line, not the row
    for _ in 0..60 {
        let shown = text(&state);
        let first = shown.lines().skip_while(|l| !l.contains("[Data]")).nth(1).unwrap_or("");
        if first.contains("about:") {
            break;
        }
        press(&mut state, Key::Down);
    }
    press(&mut state, Key::Down);
    let effects = press(&mut state, Key::Char('y'));
    let whole = Effect::Copy(format!("about: \"{}\"", long.trim_end()));
    assert_eq!(effects, [whole]);
}
