//! The dashboard.

use ratatui::layout::Rect;
use rpa_ipc::notifications::NotificationView;
use rpa_ipc::overview::{HourView, Overview};

use super::pen::{Pen, Piece, piece};
use super::table::{self, Cell, Column, Row};
use super::{banner, layout, names, nothing, notifications, welcome};
use crate::console::state::{
    Health, HomeRow, Section, State, fault_text, health_text, notification_source, welcome_stage,
};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;
use crate::text::bars;
use crate::trouble::status_of;

pub fn draw(pen: &mut Pen<'_>, state: &State) {
    let body = layout::body(state);
    if let Some(stage) = welcome_stage(state) {
        return welcome::draw(pen, state, body, stage);
    }
    if let Some(fault) = state.home.fault.as_ref().filter(|_| state.home.overview.is_none()) {
        return nothing::refused(pen, state, body, fault);
    }
    let Some(overview) = &state.home.overview else {
        let text = match state.link.is_up() {
            true => say!(state.words, "list-asking"),
            false => format!("{}\n\n{}", banner::unknown(state), say!(state.words, "home-away")),
        };
        return nothing::text(pen, body, &text);
    };
    let areas = layout::home(state);
    day(pen, state, areas.day, overview);
    for section in Section::ALL {
        self::section(pen, state, areas.of(section), section);
    }
}

/// What has become of the runs of a day, hour by hour.
fn day(pen: &mut Pen<'_>, state: &State, area: Rect, overview: &Overview) {
    let words = &state.words;
    let sum = |of: fn(&HourView) -> u64| overview.hours.iter().map(of).sum::<u64>();
    let sums = [
        ("completed", sum(|hour| hour.completed)),
        ("failed", sum(|hour| hour.failed)),
        ("cancelled", sum(|hour| hour.cancelled)),
    ];
    let title = match overview.counted_from_ms > overview.since_ms {
        false => say!(words, "home-day"),
        true => {
            let moment = time::moment(state, overview.counted_from_ms);
            say!(words, "home-day-from", moment = moment)
        }
    };
    let mut pieces = vec![piece(Tone::Strong, format!(" {title}"))];
    for (status, count) in sums {
        let mark = state.look.mark(status);
        let tone = if count == 0 { Tone::Faint } else { mark.tone };
        let text = format!("{} {}", names::number(count), names::status_word(state, status));
        pieces.push(piece(tone, format!("   {} ", mark.glyph)));
        pieces.push(piece(if count == 0 { Tone::Faint } else { Tone::Plain }, text));
    }
    pen.line(area, &pieces);
    let top = overview.hours.iter().map(|hour| hour.completed.max(hour.failed)).max();
    let strip = |of: fn(&HourView) -> u64| {
        let all: Vec<u64> = overview.hours.iter().map(of).collect();
        bars(&all, top.unwrap_or(0), state.look.unicode)
    };
    let edge = |text: String| piece(Tone::Faint, text);
    let rule = || edge(state.look.glyph("│", "|").to_owned());
    let row = |y: u16| match y < area.height {
        true => Rect { y: area.y + y, height: 1, ..area },
        false => Rect::default(),
    };
    let good = [rule(), piece(Tone::Good, strip(|hour| hour.completed)), rule()];
    let bad = [rule(), piece(Tone::Bad, strip(|hour| hour.failed)), rule()];
    let labels = (say!(words, "home-ok"), say!(words, "home-failed"));
    if area.height == 2 {
        let mut pieces = vec![edge(format!(" {} ", labels.0))];
        pieces.extend(good);
        pieces.push(edge(format!("  {} ", labels.1)));
        pieces.extend(bad);
        pen.line(row(1), &pieces);
        return;
    }
    let width = crate::text::cells(&labels.0).max(crate::text::cells(&labels.1));
    let pad = |label: &str| " ".repeat(width - crate::text::cells(label));
    let since = time::hour(state, overview.since_ms);
    let line = |label: &str, strip: [Piece; 3], note: String| {
        let mut pieces = vec![edge(format!(" {label}{} ", pad(label)))];
        pieces.extend(strip);
        pieces.push(edge(note));
        pieces
    };
    pen.line(row(1), &line(&labels.0, good, String::new()));
    let note = format!("  {}", say!(words, "home-since", moment = since));
    pen.line(row(2), &line(&labels.1, bad, note));
}

fn section(pen: &mut Pen<'_>, state: &State, area: Rect, section: Section) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    let (rows, selected) = state.home_section(section);
    let (title, none) = match section {
        Section::Attention => ("home-attention", "home-attention-none"),
        Section::Open => ("home-open", "home-open-none"),
        Section::Next => ("home-next", "home-next-none"),
    };
    let height = usize::from(area.height.saturating_sub(1));
    let top = selected.map_or(0, |at| (at + 1).saturating_sub(height));
    let wanted = section == Section::Attention && !rows.is_empty();
    let tone = if wanted { Tone::Warn } else { Tone::Strong };
    let mut head = vec![piece(tone, words.say(title, &[]))];
    if rows.len() > height {
        let last = (top + height).min(rows.len());
        head.push(piece(Tone::Faint, format!("  {}-{last}/{}", top + 1, rows.len())));
    } else if !rows.is_empty() {
        head.push(piece(Tone::Faint, format!("  {}", rows.len())));
    }
    pen.rule(Rect { height: 1, ..area }, &head);
    let list = Rect { y: area.y + 1, height: area.height - 1, ..area };
    if rows.is_empty() {
        let text = match (section, &state.home.told, &state.notifications.fault) {
            (Section::Attention, None, Some(fault)) => fault_text(state, fault),
            // that nobody is wanted is said when it is known
            (Section::Attention, None, None) => say!(words, "list-asking"),
            (Section::Attention | Section::Open | Section::Next, ..) => words.say(none, &[]),
        };
        pen.text(list, Tone::Faint, &format!("   {text}"));
        return;
    }
    let shown: Vec<Row> = rows
        .iter()
        .enumerate()
        .skip(top)
        .take(height)
        .map(|(i, row)| Row {
            cells: cells(state, row),
            selected: selected == Some(i),
            marked: false,
        })
        .collect();
    table::untitled(pen, list, &columns(section), &shown, true);
}

fn columns(section: Section) -> Vec<Column> {
    let column = || Column::new(String::new());
    match section {
        Section::Attention => {
            vec![column(), column().least(10), column().least(12), column().right().spare(1)]
        }
        Section::Open => vec![
            column(),
            column(),
            column().least(10),
            column().least(6).spare(2),
            column().right().spare(1),
            column().right(),
        ],
        Section::Next => {
            vec![column().right(), column(), column().least(10), column().least(8)]
        }
    }
}

fn cells(state: &State, row: &HomeRow<'_>) -> Vec<Cell> {
    let words = &state.words;
    let plain = |text: String| vec![piece(Tone::Plain, text)];
    let strong = |name: &str| vec![piece(Tone::Strong, names::workflow(state, name))];
    let when = |ms: u64| vec![piece(Tone::Faint, time::moment(state, ms))];
    match row {
        HomeRow::Health(health) => {
            let what = vec![piece(Tone::Bad, format!("! {}", say!(words, "home-what-daemon")))];
            vec![
                what,
                plain(String::new()),
                plain(health_text(state, *health)),
                health_when(state, *health),
            ]
        }
        HomeRow::Told(view) => {
            let why = names::said(state, &view.what);
            let source = vec![piece(Tone::Strong, notification_source(state, view))];
            vec![what(state, view), source, plain(why), when(view.last_ms)]
        }
        HomeRow::MoreTold => {
            let more = vec![piece(Tone::Warn, "! 8".to_owned())];
            vec![more, plain(String::new()), plain(say!(words, "home-more")), Vec::new()]
        }
        HomeRow::Broken(view) => {
            let why = format!("{}: {}", view.trigger, say!(words, "home-trouble-broken"));
            let at = view.last.as_ref().map_or_else(Vec::new, |slot| when(slot.slot_ms));
            vec![vec![names::status(state, &view.status)], strong(&view.workflow), plain(why), at]
        }
        HomeRow::Open(run) => {
            let took = time::took(words, run.started_ms, run.ended_ms, state.now_ms);
            vec![
                vec![names::status(state, &run.status)],
                plain(run.run.short()),
                strong(&run.workflow),
                plain(run.at_step.clone()),
                plain(progress(state, run.steps_done, run.steps_total)),
                plain(took),
            ]
        }
        HomeRow::Next(bunch) => {
            let left = time::countdown(words, bunch.due_ms, state.now_ms);
            vec![
                vec![piece(Tone::Busy, left)],
                plain(time::clock(state, bunch.due_ms)),
                strong(&bunch.name.workflow),
                plain(bunch.name.trigger.clone()),
            ]
        }
    }
}

/// What it is: the status that is known from lists and steps, or how much it wants; and how
/// many alike.
fn what(state: &State, view: &NotificationView) -> Cell {
    let status = status_of(&view.kind);
    let (glyph, asked) = (state.look.glyph("◆", "a"), say!(state.words, "home-what-asked"));
    let first = match (status, view.kind.as_str()) {
        (Some(status), _) => names::status(state, status),
        (None, "approval_waiting") => piece(Tone::Warn, format!("{glyph} {asked}")),
        (None, _) => notifications::level(state, view),
    };
    let tone = first.0;
    let mut cell = vec![first];
    if view.count > 1 {
        let times = state.look.glyph("×", "x");
        cell.push(piece(tone, format!(" {times}{}", names::number(view.count))));
    }
    cell
}

/// `▰▰▱▱ 2/9`
fn progress(state: &State, done: u32, total: u32) -> String {
    const CELLS: u64 = 5;
    let full = (u64::from(done) * CELLS).checked_div(u64::from(total)).unwrap_or(0).min(CELLS);
    let full = usize::try_from(full).unwrap_or(0);
    let (on, off) = (state.look.glyph("▰", "#"), state.look.glyph("▱", "."));
    let rest = usize::try_from(CELLS).unwrap_or(0) - full;
    format!("{}{} {done}/{total}", on.repeat(full), off.repeat(rest))
}

fn health_when(state: &State, health: Health) -> Cell {
    let failed = state.status.as_ref().and_then(|status| status.backup.failed.as_ref());
    match (health, failed) {
        (Health::Backup, Some((at, _))) => {
            vec![piece(Tone::Faint, time::moment(state, *at))]
        }
        _ => Vec::new(),
    }
}
