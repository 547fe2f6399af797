//! The list of runs, and the selected one in a few lines.

use ratatui::layout::Rect;
use rpa_ipc::view::RunSummary;

use super::pen::{Pen, piece};
use super::table::{self, Column, Row};
use super::{banner, groups, layout, names, nothing};
use crate::console::command;
use crate::console::state::{MOST_RUNS, State, error_text, late_text};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

/// From so many columns on, progress is a bar too.
const BARS: u16 = 100;

pub fn draw(pen: &mut Pen<'_>, state: &State) {
    let (list, preview) = layout::list(state);
    let screen = &state.runs;
    if let Some(fault) = &screen.fault {
        return nothing::refused(pen, state, layout::body(state), fault);
    }
    if let Some(groups) = &screen.groups {
        return groups::draw(pen, state, groups);
    }
    if screen.rows.is_empty() {
        return empty(pen, state, layout::body(state));
    }
    let words = &state.words;
    let columns = [
        Column::new(say!(words, "col-run")),
        Column::new(say!(words, "col-workflow")).least(16),
        Column::new(say!(words, "col-status")),
        Column::new(say!(words, "col-step")).least(8).spare(3),
        Column::new(say!(words, "col-done")).right().spare(1),
        Column::new(say!(words, "col-took")).right(),
        Column::new(say!(words, "col-started")).spare(2),
        Column::new(say!(words, "col-by")).least(4).spare(4),
        Column::new(say!(words, "col-via")).spare(5),
    ];
    let cursor = &screen.cursor;
    let height = layout::list_rows(state);
    let window = screen.rows.iter().enumerate().skip(cursor.top).take(height);
    let rows: Vec<Row> = window
        .map(|(i, run)| Row {
            cells: cells(state, run),
            marked: cursor.marks.contains(&run.run.to_string()),
            selected: i == cursor.index,
        })
        .collect();
    table::draw(pen, list, &columns, &rows, true);
    if let Some(run) = screen.selected() {
        detail(pen, state, preview, run);
    }
}

fn cells(state: &State, run: &RunSummary) -> Vec<table::Cell> {
    let words = &state.words;
    let plain = |text: String| vec![piece(Tone::Plain, text)];
    let took = time::took(words, run.started_ms, run.ended_ms, state.now_ms);
    vec![
        plain(run.run.short()),
        name(state, run),
        standing(state, run),
        plain(if run.at_step.is_empty() { "-".into() } else { run.at_step.clone() }),
        progress(state, run),
        plain(took),
        plain(time::moment(state, run.started_ms.unwrap_or(run.accepted_ms))),
        vec![piece(Tone::Faint, run.actor.clone())],
        vec![piece(Tone::Faint, run.origin.clone())],
    ]
}

/// Cells of the bar that shows how much of it is done.
const BAR: usize = 6;

/// `████░░ 4/6`: the steps that are over, however they ended.
fn progress(state: &State, run: &RunSummary) -> table::Cell {
    let far = format!("{}/{}", run.steps_done, run.steps_total);
    if state.size.0 < BARS {
        return vec![piece(Tone::Plain, far)];
    }
    let (done, all) = (run.steps_done as usize, run.steps_total.max(1) as usize);
    let full = (done * BAR).div_ceil(all).min(BAR);
    let tone = state.look.mark(&run.status).tone;
    vec![
        piece(tone, state.look.glyph("█", "#").repeat(full)),
        piece(Tone::Faint, state.look.glyph("░", ".").repeat(BAR - full)),
        piece(Tone::Plain, format!(" {far:>5}")),
    ]
}

/// The name of its workflow, after a sign where another run has called it.
fn name(state: &State, run: &RunSummary) -> table::Cell {
    let name = piece(Tone::Strong, names::workflow(state, &run.workflow));
    match run.called {
        true => vec![piece(Tone::Faint, state.look.glyph("↳ ", "> ")), name],
        false => vec![name],
    }
}

/// Its status, and what a list should not hide: people are asked, it is late.
fn standing(state: &State, run: &RunSummary) -> table::Cell {
    let mut pieces = vec![names::status(state, &run.status)];
    if run.held {
        pieces.push(piece(Tone::Warn, format!(" {}", say!(state.words, "runs-held"))));
    }
    if is_asking(run) {
        pieces.push(piece(Tone::Warn, format!(" {}", say!(state.words, "runs-asks"))));
    }
    if !run.broken.is_empty() {
        pieces.push(piece(Tone::Warn, format!(" {}", say!(state.words, "runs-late"))));
    }
    pieces
}

/// Whether it waits for people to approve; a doubt has a status of its own.
fn is_asking(run: &RunSummary) -> bool {
    run.needs_person && run.status != "in_doubt" && !run.held
}

fn empty(pen: &mut Pen<'_>, state: &State, area: Rect) {
    let words = &state.words;
    let text = match (&state.runs, state.link.is_up()) {
        (screen, _) if screen.known && screen.filter.text == "status:in_doubt" => {
            say!(words, "doubts-none")
        }
        (screen, _) if screen.known && !screen.filter.is_empty() => {
            say!(words, "runs-no-match", filter = &*screen.filter.text)
        }
        (screen, _) if screen.known => say!(words, "runs-none"),
        (_, true) => say!(words, "list-asking"),
        (_, false) => banner::unknown(state),
    };
    nothing::text(pen, area, &text);
}

fn detail(pen: &mut Pen<'_>, state: &State, area: Rect, run: &RunSummary) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    let screen = &state.runs;
    let mut title = Vec::new();
    if !screen.cursor.marks.is_empty() {
        let marked = say!(words, "runs-marked", count = screen.cursor.marks.len());
        title.push(piece(Tone::Warn, format!("{marked}  ")));
    }
    let more = if screen.more { "+" } else { "" };
    let place = format!("{}/{}{more}", screen.cursor.index + 1, screen.rows.len());
    title.push(piece(Tone::Strong, run.run.short()));
    title.push(piece(Tone::Faint, format!("  {place}")));
    if screen.rows.len() >= MOST_RUNS && screen.more {
        title.push(piece(Tone::Faint, format!("  {}", say!(words, "runs-older"))));
    }
    pen.rule(area, &title);
    let mut inner = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height - 1,
    };
    let accepted = say!(
        words,
        "run-accepted",
        moment = time::moment(state, run.accepted_ms),
        who = run.actor.as_str(),
        via = run.origin.as_str(),
        revision = run.revision
    );
    let mut put = |pen: &mut Pen<'_>, tone: Tone, text: &str| {
        let rows = pen.paragraph(inner, tone, text);
        inner.y += rows;
        inner.height -= rows;
    };
    put(pen, Tone::Plain, &accepted);
    if let Some(error) = &run.error {
        put(pen, Tone::Bad, &format!("{} {}", error.code, error_text(state, error)));
    }
    if run.status == "in_doubt" {
        put(pen, Tone::Warn, &say!(words, "run-needs-decision", step = run.at_step.as_str()));
    }
    if is_asking(run) {
        put(pen, Tone::Warn, &say!(words, "run-needs-approval"));
    }
    for late in &run.broken {
        put(pen, Tone::Warn, &late_text(state, late));
    }
    if run.called {
        put(pen, Tone::Plain, &say!(words, "run-called"));
    }
    put(pen, Tone::Faint, &format!("$ {}", command::show(&state.namespace, run.run)));
}
