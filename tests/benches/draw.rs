//! `console_draw_p99`: one frame of the console at 200x50, from its state to the
//! bytes for the terminal, in ms: a list of runs with a selection that moves, the
//! log of a run that scrolls, and the help over it, by turns.
//!
//! The limit is the same bytes' worth without a console: a screen of 200x50 cells
//! filled with text, compared with the one before and written out.

use std::hint::black_box;
use std::time::Instant;

use rpa_engine::RunId;
use rpa_ipc::catalog::WorkflowState;
use rpa_ipc::view::{LogLine, LogWindow, RunDetail, RunSummary, StepView};
use rpa_tui::console::keys::Key;
use rpa_tui::console::settings::Settings;
use rpa_tui::console::state::{Msg, News, State, update};
use rpa_tui::console::terminal::Screen;
use rpa_tui::console::theme::Look;
use rpa_tui::console::view;

use crate::statistics::{ms, percentile};
use crate::table::{Figure, Target};

const SIZE: (u16, u16) = (200, 50);
const FRAMES: usize = 600;
/// A moment in November 2026.
const NOW: u64 = 1_795_230_600_000;

pub fn draw() -> Vec<Figure> {
    let mut state = filled();
    let mut screen = Screen::new(SIZE);
    let mut times = Vec::with_capacity(FRAMES);
    let round =
        [Key::Char('2'), Key::Down, Key::Down, Key::Enter, Key::Char('l'), Key::Up, Key::PageUp];
    let back = [Key::Char('?'), Key::Esc, Key::Esc, Key::Esc];
    for key in round.into_iter().chain(back).cycle().take(FRAMES) {
        update(&mut state, NOW, Msg::Key(key));
        answer(&mut state);
        let start = Instant::now();
        black_box(screen.paint(|frame| view::draw(&state, frame)));
        times.push(ms(start.elapsed()));
    }
    assert!(state.runs.rows.len() == 200, "the runs are still there");
    let value = percentile(&mut times, 99);
    vec![Figure::new("console_draw_p99", value, "ms", plain(), Target::AtMost(5.0))]
}

/// A screen full of text, another one each time.
fn plain() -> f64 {
    let mut screen = Screen::new(SIZE);
    let mut times = Vec::with_capacity(FRAMES);
    for n in 0..FRAMES {
        let start = Instant::now();
        black_box(screen.paint(|frame| {
            for (i, cell) in frame.buffer_mut().content.iter_mut().enumerate() {
                cell.set_char(char::from(b'a' + u8::try_from((i + n) % 26).unwrap_or(0)));
            }
        }));
        times.push(ms(start.elapsed()));
    }
    percentile(&mut times, 99)
}

/// A console that is connected and shows 200 runs.
fn filled() -> State {
    let look = Look { unicode: true, colour: true, contrast: false };
    let mut state = State::new(NOW, SIZE, Settings::default(), look);
    tell(&mut state, News::Up);
    update(&mut state, NOW, Msg::Key(Key::Char('2')));
    let want = state.wants().runs.expect("the list of runs is on the screen");
    let rows = (0..200).map(|n| summary(RunId(NOW as u128 * 7_919 + n))).collect();
    tell(&mut state, News::Runs { want, rows, more: true });
    state
}

/// What the daemon would say to what is on the screen now.
fn answer(state: &mut State) {
    let wants = state.wants();
    let run = state.run.as_ref().map(|run| run.run);
    if let Some(run) = run.filter(|_| state.run.as_ref().is_some_and(|r| r.detail.is_none())) {
        tell(state, News::Run(detail(run)));
    }
    if let Some(want) = wants.log {
        let lines = (0..400).map(line).collect();
        let window = LogWindow { lines, from: 0, to: 400, total: 400, bytes: 40_000, ended: true };
        tell(state, News::Log { want, window });
    }
}

fn tell(state: &mut State, news: News) {
    update(state, NOW, Msg::News(Box::new(news)));
}

fn summary(run: RunId) -> RunSummary {
    RunSummary {
        run,
        workflow: "default/a-workflow-of-some-length".into(),
        revision: 7,
        status: "completed".into(),
        accepted_ms: NOW - 90_000,
        started_ms: Some(NOW - 89_000),
        ended_ms: Some(NOW - 1_000),
        actor: "somebody".into(),
        origin: "console".into(),
        error: None,
        steps_done: 30,
        steps_total: 30,
        at_step: String::new(),
        needs_person: false,
        broken: Vec::new(),
        called: false,
        turned_away: None,
        alike: None,
        held: false,
    }
}

fn detail(run: RunId) -> RunDetail {
    let step = |n: usize| StepView {
        id: format!("step_{n}"),
        path: format!("step_{n}").parse().expect("a path"),
        name: String::new(),
        kind: "shell".into(),
        effect: "unknown".into(),
        needs: (n > 0).then(|| format!("step_{}", n / 2)).into_iter().filter(|_| n > 1).collect(),
        status: "completed".into(),
        attempts: 1,
        started_ms: Some(NOW - 80_000),
        ended_ms: Some(NOW - 70_000),
        due_ms: None,
        reason: String::new(),
        error: None,
        output: None,
        depth: 0,
        turns: None,
        called: None,
        approval: None,
        holds: Vec::new(),
    };
    RunDetail {
        summary: summary(run),
        seq: 1,
        inputs: Vec::new(),
        variables: Vec::new(),
        outputs: Vec::new(),
        steps: (0..30).map(step).collect(),
        workflow_state: WorkflowState {
            word: "live".into(),
            change: None,
            live: Some(1),
            draft: None,
        },
        log_lines: 400,
        log_path: "log".into(),
        rerun_of: None,
        parent: None,
        gate: String::new(),
        masked: Vec::new(),
        declared: Vec::new(),
        held_ms: None,
    }
}

fn line(number: u64) -> LogLine {
    LogLine {
        number,
        time_ms: NOW - 80_000 + number,
        path: format!("step_{}", number % 30),
        attempt: 1,
        stream: "out".into(),
        level: "info".into(),
        text: format!(
            "line {number} with Кирилица and enough of text to fill a good part of a row"
        ),
    }
}
