//! One run: its steps in lanes, and below them its log or its data.

use ratatui::layout::Rect;
use rpa_ipc::view::{RunDetail, StepView};

use super::layout::RunAreas;
use super::pen::{Pen, piece};
use super::table::{self, Column, Row};
use super::{banner, data, events, lanes, layout, log, names, run_graph, timeline};
use crate::console::state::{
    Focus, Lower, RunScreen, State, error_text, fault_hint, fault_text, has_inside, have,
    late_text, reason_text, turns_text,
};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;
use crate::steps::{self, Progress};

/// What each level inside of a step is indented by.
const INDENT: &str = "  ";
/// Columns of the table of steps.
const COLUMNS: usize = 7;

pub fn draw(pen: &mut Pen<'_>, state: &State, run: &RunScreen) {
    let areas = layout::run(state);
    let Some(detail) = &run.detail else {
        return unknown(pen, state, run, layout::body(state));
    };
    title(pen, state, detail, areas.title);
    match &run.graph {
        Some(graph) => run_graph::draw(pen, state, run, detail, graph, areas.steps),
        None => tree(pen, state, run, detail, areas.steps),
    }
    match areas.steps.is_empty() {
        true => timeline::draw(pen, state, run, detail, areas.timeline),
        false => timeline::bars(pen, state, run, detail, areas.timeline),
    }
    tabs(pen, state, run, &areas);
    match run.lower {
        Lower::Log => log::draw(pen, state, run, areas.lower),
        Lower::Data => data::draw(pen, state, run, areas.lower),
        Lower::Events => events::draw(pen, state, run, areas.lower),
        Lower::Timeline => {}
    }
}

/// Nothing is known of it yet, or nothing can be.
fn unknown(pen: &mut Pen<'_>, state: &State, run: &RunScreen, area: Rect) {
    let mut area =
        Rect { x: area.x + 2.min(area.width), width: area.width.saturating_sub(4), ..area };
    match &run.fault {
        Some(fault) => {
            let rows = pen.paragraph(area, Tone::Bad, &fault_text(state, fault));
            area.y += rows;
            area.height -= rows;
            pen.paragraph(area, Tone::Plain, &fault_hint(state, fault));
        }
        None => {
            let text = match state.link.is_up() {
                true => say!(state.words, "list-asking"),
                false => banner::unknown(state),
            };
            pen.paragraph(area, Tone::Plain, &text);
        }
    }
}

/// Which run, how it stands, since when, who began it; what went wrong.
fn title(pen: &mut Pen<'_>, state: &State, detail: &RunDetail, area: Rect) {
    let words = &state.words;
    let summary = &detail.summary;
    let took = time::took(words, summary.started_ms, summary.ended_ms, state.now_ms);
    let mut pieces = vec![
        piece(Tone::Strong, format!(" {}", names::workflow(state, &summary.workflow))),
        piece(Tone::Faint, format!(" r{}  ", summary.revision)),
        names::status(state, &summary.status),
        piece(Tone::Plain, format!("  {took}  ")),
        piece(Tone::Plain, format!("{}/{}", summary.steps_done, summary.steps_total)),
    ];
    if !detail.gate.is_empty() {
        let gate = reason_text(state, &detail.gate).replace('\n', " ");
        pieces.push(piece(Tone::Warn, format!("  {gate}")));
    }
    for late in &summary.broken {
        pieces.push(piece(Tone::Warn, format!("  {}", late_text(state, late))));
    }
    if summary.held {
        pieces.push(piece(Tone::Warn, format!("  {}", say!(words, "run-restored"))));
    } else if summary.needs_person && summary.status != "in_doubt" {
        let asks = detail.steps.iter().any(|step| step.approval.is_some());
        let id = if asks { "run-asks" } else { "run-asks-called" };
        pieces.push(piece(Tone::Warn, format!("  {}", say!(words, id))));
    }
    if let Some(held_ms) = detail.held_ms {
        let held = say!(words, "run-held", left = time::elapsed(words, held_ms));
        pieces.push(piece(Tone::Warn, format!("  {held}")));
    }
    match &summary.error {
        Some(error) => pieces.push(piece(
            Tone::Bad,
            format!("  {} {}", error.code, error_text(state, error).replace('\n', " ")),
        )),
        None => {
            let who = say!(
                words,
                "run-by",
                who = summary.actor.as_str(),
                via = summary.origin.as_str(),
                moment = time::moment(state, summary.accepted_ms)
            );
            pieces.push(piece(Tone::Faint, format!("  {who}")));
        }
    }
    pen.line(area, &pieces);
}

fn tree(pen: &mut Pen<'_>, state: &State, run: &RunScreen, detail: &RunDetail, area: Rect) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    let columns: [Column; COLUMNS] = [
        Column::new(say!(words, "col-step")).least(24),
        Column::new(say!(words, "col-kind")).least(6).spare(3),
        Column::new(say!(words, "col-status")),
        Column::new(say!(words, "col-attempts")).right().spare(2),
        Column::new(say!(words, "col-took")).right(),
        Column::new(say!(words, "col-started")).spare(4),
        Column::new(say!(words, "col-note")).least(8).spare(1),
    ];
    let graph = lanes::beside(&detail.steps, state.look);
    let fold = fold_signs(state, run, detail);
    let height = layout::step_rows(state);
    let shown = run.rows.iter().enumerate().skip(run.steps.top).take(height);
    let rows: Vec<Row> = shown
        .map(|(i, row)| Row {
            cells: match *row {
                steps::Row::Step(at) => cells(state, &detail.steps[at], &graph[at].at, fold(at)),
                steps::Row::More { of, turns } => {
                    left_out(state, &detail.steps[of], turns, &graph[of].below)
                }
            },
            selected: i == run.steps.index,
            marked: false,
        })
        .collect();
    table::draw(pen, area, &columns, &rows, run.focus == Focus::Steps);
}

/// The sign of a step that hides what is inside of it, or shows it.
pub fn fold_signs(
    state: &State,
    run: &RunScreen,
    detail: &RunDetail,
) -> impl Fn(usize) -> &'static str + use<> {
    let is_folded = run.folds.of(&detail.steps);
    let inside = has_inside(&detail.steps);
    let look = state.look;
    move |at: usize| match (inside[at], is_folded(at)) {
        (false, _) => "",
        (true, true) => look.glyph(" ▸", " +"),
        (true, false) => look.glyph(" ▾", " -"),
    }
}

fn cells(state: &State, step: &StepView, lane: &str, fold: &str) -> Vec<table::Cell> {
    let words = &state.words;
    let mark = state.look.mark(&step.status);
    let plain = |text: String| vec![piece(Tone::Plain, text)];
    let took = time::took(words, step.started_ms, step.ended_ms, state.now_ms);
    let started = step.started_ms.map_or_else(|| "-".to_owned(), |ms| time::moment(state, ms));
    let tries = match step.attempts {
        _ if steps::is_container(step) => String::new(),
        0 => "-".to_owned(),
        tries => tries.to_string(),
    };
    vec![
        name(state, step, lane, fold),
        vec![piece(Tone::Faint, step.kind.clone())],
        vec![piece(mark.tone, names::status_word(state, &step.status))],
        plain(tries),
        plain(took),
        plain(started),
        vec![note(state, step)],
    ]
}

/// Lane or indentation, what it is called, and of a loop how far it is.
pub fn name(state: &State, step: &StepView, lane: &str, fold: &str) -> table::Cell {
    let mark = state.look.mark(&step.status);
    let mut pieces = match steps::level(step) {
        0 => vec![piece(mark.tone, format!("{lane} "))],
        level => vec![
            piece(Tone::Faint, format!("{lane} {}", INDENT.repeat(level - 1))),
            piece(mark.tone, format!("{} ", mark.glyph)),
        ],
    };
    pieces.push(piece(Tone::Plain, steps::label(step)));
    let count = |n: u32| names::number(n.into());
    let far = step.turns.map(|turns| match steps::progress(step, &turns) {
        Progress::Ended(turns) => format!(" {}", count(turns)),
        Progress::Done { done, total } => format!(" {}/{}", count(done), count(total)),
        Progress::Turn { begun, .. } => format!(" {}", count(begun)),
    });
    pieces.push(piece(Tone::Faint, format!("{fold}{}", far.unwrap_or_default())));
    pieces
}

/// The row of turns that are not among the steps.
fn left_out(state: &State, of: &StepView, turns: u32, lane: &str) -> Vec<table::Cell> {
    let mut cells = vec![left_out_name(state, of, turns, lane)];
    cells.resize(COLUMNS, Vec::new());
    cells
}

pub fn left_out_name(state: &State, of: &StepView, turns: u32, lane: &str) -> table::Cell {
    let indent = INDENT.repeat(steps::level(of));
    let number = names::number(turns.into());
    let more = say!(state.words, "turns-more", number = number);
    vec![piece(Tone::Faint, format!("{lane} {indent}{} {more}", state.look.ellipsis()))]
}

/// Why it stands as it does: the error, the reason, how far it is, or when it goes on.
fn note(state: &State, step: &StepView) -> super::pen::Piece {
    let words = &state.words;
    let flat = |text: &str| text.replace('\n', " ");
    let (tone, why) = match (&step.error, &step.approval) {
        (Some(error), _) => (Tone::Bad, Some(flat(&error_text(state, error)))),
        (None, Some(asked)) => {
            let (have, quorum) = (have(asked), asked.quorum);
            let asks = say!(words, "step-asks", have = have, quorum = quorum);
            (Tone::Warn, Some(format!("{asks}: {}", flat(&asked.message))))
        }
        (None, None) if !step.reason.is_empty() => {
            (Tone::Warn, Some(flat(&reason_text(state, &step.reason))))
        }
        (None, None) => (Tone::Plain, turns_text(state, step)),
    };
    let mut parts = Vec::new();
    // an error of that run names it
    let called = step.called.map(|called| called.short());
    let is_named = |run: &String| why.iter().any(|why| why.contains(run.as_str()));
    if let Some(run) = called.filter(|run| !is_named(run)) {
        parts.push(say!(words, "step-called", run = run));
    }
    parts.extend(why);
    if !step.holds.is_empty() {
        parts.push(say!(words, "step-holds", locks = step.holds.join(", ")));
    }
    if let Some(due) = step.due_ms.filter(|due| *due > state.now_ms && step.ended_ms.is_none()) {
        let pause = time::elapsed(words, (due - state.now_ms).next_multiple_of(1_000));
        parts.push(say!(words, "step-due", pause = pause));
    }
    piece(tone, parts.join("; "))
}

/// The names of the lower panes, and how the log stands.
fn tabs(pen: &mut Pen<'_>, state: &State, run: &RunScreen, areas: &RunAreas) {
    let words = &state.words;
    let mut pieces = Vec::new();
    for lower in Lower::ALL {
        let id = match lower {
            Lower::Log => "pane-log",
            Lower::Data => "pane-data",
            Lower::Timeline => "pane-timeline",
            Lower::Events => "pane-events",
        };
        let shown = run.lower == lower;
        let focus = shown && run.focus == Focus::Lower;
        let name = say!(words, id);
        let text = if focus { format!("[{name}]") } else { format!(" {name} ") };
        pieces.push(piece(if shown { Tone::Strong } else { Tone::Faint }, text));
    }
    if matches!(run.lower, Lower::Log | Lower::Events) {
        let what = match run.log_step() {
            Some(step) => step.to_string(),
            None => say!(words, "log-all-steps"),
        };
        pieces.push(piece(Tone::Plain, format!(" {what}")));
    }
    pen.rule(areas.tabs, &[]);
    let mut left = areas.tabs;
    let standing = match run.lower {
        Lower::Log => log::standing(state, run),
        Lower::Events => events::standing(state, run),
        Lower::Data => data::standing(state, run),
        Lower::Timeline => Vec::new(),
    };
    if !standing.is_empty() {
        let inner = Rect { width: areas.tabs.width.saturating_sub(2), ..areas.tabs };
        let mut standing: Vec<_> =
            std::iter::once(piece(Tone::Plain, " ")).chain(standing).collect();
        standing.push(piece(Tone::Plain, " "));
        left.width = pen.right(inner, &standing).saturating_sub(left.x);
    }
    pen.title(left, &pieces);
}
