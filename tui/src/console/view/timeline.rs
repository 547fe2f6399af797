//! When each step did what: a bar a step, beside its lane.

use ratatui::layout::Rect;
use rpa_ipc::view::{RunDetail, StepView};

use super::pen::{Pen, Piece, piece};
use super::{lanes, layout, run};
use crate::console::state::{Bar, Part, RunScreen, Span, State, bar, seen_span, whole_span};
use crate::console::theme::{Look, Tone};
use crate::console::time;
use crate::say;
use crate::steps::{self, Row};
use crate::text::{cells, fit};

/// Cells of a duration, as `23h59m`, with a blank.
const TOOK: usize = 8;
/// Cells that the names get at most, and what is left for the bars at least.
const NAMES: usize = 36;

/// The bars alone, in the rows in which the steps stand beside them.
pub fn bars(pen: &mut Pen<'_>, state: &State, run: &RunScreen, detail: &RunDetail, area: Rect) {
    let Some(seen) = seen_span(state, run) else { return };
    if area.is_empty() {
        return;
    }
    axis(pen, state, run, seen, Rect { height: 1, ..area });
    for (y, (at, row)) in shown(state, run, area) {
        let line = Rect { y, height: 1, ..area };
        if let Row::Step(index) = row {
            pen.line(line, &painted(state, run, &detail.steps[index], seen, area.width));
        }
        if at == run.steps.index {
            pen.strong(line);
        }
    }
}

/// Names, durations and bars: the timeline alone.
pub fn draw(pen: &mut Pen<'_>, state: &State, run: &RunScreen, detail: &RunDetail, area: Rect) {
    let Some(seen) = seen_span(state, run) else { return };
    if area.is_empty() {
        return;
    }
    let graph = lanes::beside(&detail.steps, state.look);
    let fold = run::fold_signs(state, run, detail);
    let names: Vec<(usize, Vec<Piece>)> = shown(state, run, area)
        .map(|(_, (at, row))| {
            let name = match row {
                Row::Step(index) => {
                    run::name(state, &detail.steps[index], &graph[index].at, fold(index))
                }
                Row::More { of, turns } => {
                    run::left_out_name(state, &detail.steps[of], turns, &graph[of].below)
                }
            };
            (at, name)
        })
        .collect();
    let widest = names.iter().map(|(_, name)| width(name)).max().unwrap_or(0);
    let room = usize::from(area.width);
    let wide = widest.min(NAMES).min(room / 3).max(8).min(room);
    let left = u16::try_from((wide + TOOK + 3).min(room)).unwrap_or(0);
    let bars = Rect { x: area.x + left, width: area.width - left, ..area };
    axis(pen, state, run, seen, Rect { height: 1, ..bars });
    pen.text(
        Rect { height: 1, width: left, ..area },
        Tone::Faint,
        &format!("  {}", say!(state.words, "col-step")),
    );
    for ((y, (at, row)), (_, name)) in shown(state, run, area).zip(&names) {
        let line = Rect { y, height: 1, ..area };
        let sign = if at == run.steps.index { "> " } else { "  " };
        let mut pieces = vec![piece(Tone::Strong, sign)];
        pieces.extend(cut(name, wide, state.look));
        if let Row::Step(index) = row {
            let step = &detail.steps[index];
            let took = time::took(&state.words, step.started_ms, step.ended_ms, state.now_ms);
            let pad = TOOK.saturating_sub(cells(&took));
            pieces.push(piece(Tone::Plain, format!("{}{took} ", " ".repeat(pad))));
            pieces.extend(painted(state, run, step, seen, bars.width));
        }
        pen.line(line, &pieces);
        if at == run.steps.index {
            // the bar stays as it is: its colours say something
            pen.reverse(Rect { width: left.min(line.width), ..line });
        }
    }
}

/// The rows that are in sight, each with the line that it stands on.
fn shown<'a>(
    state: &State,
    run: &'a RunScreen,
    area: Rect,
) -> impl Iterator<Item = (u16, (usize, Row))> + use<'a> {
    let rows = run.rows.iter().copied().enumerate().skip(run.steps.top);
    (area.y + 1..area.bottom()).zip(rows.take(layout::step_rows(state)))
}

fn width(pieces: &[Piece]) -> usize {
    pieces.iter().map(|(_, text)| cells(text)).sum()
}

/// Exactly so many cells.
fn cut(pieces: &[Piece], width: usize, look: Look) -> Vec<Piece> {
    let mut room = width;
    let mut kept = Vec::with_capacity(pieces.len() + 1);
    for (tone, text) in pieces {
        let text = fit(text, room, look.ellipsis());
        room -= cells(&text).min(room);
        kept.push((*tone, text));
    }
    kept.push(piece(Tone::Plain, " ".repeat(room)));
    kept
}

/// When what is seen begins and ends.
fn axis(pen: &mut Pen<'_>, state: &State, run: &RunScreen, seen: Span, area: Rect) {
    let begins = time::moment(state, seen.from_ms);
    let is_now = run.is_live() && run.timeline.from_ms.is_none();
    let ends = match is_now {
        true => say!(state.words, "timeline-now", moment = time::moment(state, seen.to_ms)),
        false => time::moment(state, seen.to_ms),
    };
    let length = time::duration(&state.words, seen.length());
    let parts = cells(&begins) + cells(&ends) + cells(&length) + 4;
    pen.text(area, Tone::Faint, &begins);
    if usize::from(area.width) >= parts {
        let x = area.x + area.width / 2 - u16::try_from(cells(&length) / 2).unwrap_or(0);
        let whole = whole_span(state, run).is_some_and(|whole| whole == seen);
        let tone = if whole { Tone::Faint } else { Tone::Key };
        pen.text(Rect { x, width: area.right().saturating_sub(x), ..area }, tone, &length);
    }
    if usize::from(area.width) > cells(&begins) + cells(&ends) {
        pen.right(area, &[piece(Tone::Faint, ends)]);
    }
}

/// A bar, a cell for each part of the time that is seen.
fn painted(state: &State, run: &RunScreen, step: &StepView, seen: Span, width: u16) -> Vec<Piece> {
    let bar = bar(step, run.events.marks(step.path.as_str()), state.now_ms);
    let goes_on = step.started_ms.is_some() && step.ended_ms.is_none();
    let width = u64::from(width);
    let look = state.look;
    let mut pieces: Vec<Piece> = Vec::new();
    for cell in 0..width {
        let edge = |cell: u64| seen.from_ms + muldiv(seen.length(), cell, width);
        let time = Span { from_ms: edge(cell), to_ms: edge(cell + 1).max(edge(cell) + 1) };
        let is_last = cell + 1 == width;
        let (tone, sign) = sign(&bar, step, time, look);
        let sign = match sign {
            // the end of what is seen is now
            Some(_) if goes_on && is_last && seen.to_ms >= state.now_ms => look.glyph("▶", ">"),
            Some(sign) => sign,
            None => " ",
        };
        match pieces.last_mut() {
            Some((before, text)) if *before == tone => text.push_str(sign),
            _ => pieces.push(piece(tone, sign)),
        }
    }
    pieces
}

/// What the step did in that time; what says more covers what says less.
fn sign(bar: &Bar, step: &StepView, time: Span, look: Look) -> (Tone, Option<&'static str>) {
    let within = |ms: &u64| (time.from_ms..time.to_ms).contains(ms);
    if bar.retries.iter().any(within) {
        return (Tone::Warn, Some("r"));
    }
    let overlaps = |span: &Span| span.from_ms < time.to_ms && span.to_ms > time.from_ms;
    let part = bar.parts.iter().filter(|(span, _)| overlaps(span)).map(|(_, part)| *part).max();
    let tone = look.mark(&step.status).tone;
    match part {
        None => (Tone::Plain, None),
        Some(Part::Doubts) => (Tone::Warn, Some("?")),
        Some(Part::Waits) => (tone, Some(look.glyph("░", "."))),
        // what is made of other steps is a line above theirs
        Some(Part::Works) if steps::is_container(step) => (tone, Some(look.glyph("━", "="))),
        Some(Part::Works) => (tone, Some(look.glyph("█", "#"))),
    }
}

/// `a * b / c` without losing what does not fit.
fn muldiv(a: u64, b: u64, c: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b) / u128::from(c.max(1));
    u64::try_from(wide).unwrap_or(u64::MAX)
}
