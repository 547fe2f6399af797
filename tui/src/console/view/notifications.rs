//! The list of notifications, the selected one in full below it, and the dialog before all of
//! them count as seen.

use ratatui::layout::Rect;
use rpa_ipc::notifications::{NotificationFilter, NotificationView};

use super::dialog::{self, Rows};
use super::pen::{Pen, Piece, piece};
use super::table::{self, Column, Row};
use super::{banner, layout, names, nothing};
use crate::console::command;
use crate::console::state::{AckDialog, State, ack_command, notification_source};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

/// Below so many columns the level is a glyph alone.
const NARROW: u16 = 72;

pub fn draw(pen: &mut Pen<'_>, state: &State) {
    let screen = &state.notifications;
    let (list, preview) = layout::list(state);
    if let Some(fault) = &screen.fault {
        return nothing::refused(pen, state, layout::body(state), fault);
    }
    let shown = state.notification_rows();
    if shown.is_empty() {
        return nothing::text(pen, layout::body(state), &empty(state));
    }
    let words = &state.words;
    // in little room a glyph tells how much it wants: what is said of it matters more
    let narrow = list.width < NARROW;
    let title = if narrow { String::new() } else { say!(words, "col-level") };
    let columns = [
        Column::new(say!(words, "col-when")).spare(1),
        Column::new(title),
        Column::new(say!(words, "col-source")).least(10),
        Column::new(say!(words, "col-message")).least(if narrow { 14 } else { 20 }),
        Column::new(say!(words, "col-times")).right().spare(2),
        Column::new(say!(words, "col-state")),
    ];
    let cursor = &screen.cursor;
    let window = shown.iter().enumerate().skip(cursor.top).take(layout::list_rows(state));
    let rows: Vec<Row> = window
        .map(|(i, view)| Row {
            cells: cells(state, view, narrow),
            selected: i == cursor.index,
            marked: cursor.marks.contains(&view.id.to_string()),
        })
        .collect();
    table::draw(pen, list, &columns, &rows, true);
    if let Some(view) = state.notification() {
        detail(pen, state, preview, view, shown.len());
    }
}

fn empty(state: &State) -> String {
    let (words, screen) = (&state.words, &state.notifications);
    match (screen.known, state.link.is_up(), screen.filter) {
        (true, ..) if !screen.words.is_empty() => {
            say!(words, "notifications-no-match", filter = &*screen.words)
        }
        (true, _, NotificationFilter::Unread) => say!(words, "notifications-none-unread"),
        (true, _, NotificationFilter::Open) => say!(words, "notifications-none-open"),
        (true, _, NotificationFilter::All) => say!(words, "notifications-none"),
        (false, true, _) => say!(words, "list-asking"),
        (false, false, _) => banner::unknown(state),
    }
}

fn cells(state: &State, view: &NotificationView, narrow: bool) -> Vec<table::Cell> {
    let tone = if view.state == "done" { Tone::Faint } else { Tone::Plain };
    let source = notification_source(state, view);
    let strong = if view.state == "unread" { Tone::Strong } else { tone };
    let times = if view.count > 1 { names::number(view.count) } else { String::new() };
    let (level_tone, mut level) = level(state, view);
    if narrow {
        level.truncate(level.find(' ').unwrap_or(level.len()));
    }
    vec![
        vec![piece(tone, time::moment(state, view.last_ms))],
        vec![piece(level_tone, level)],
        vec![piece(strong, source)],
        vec![piece(tone, names::said(state, &view.what))],
        vec![piece(tone, times)],
        vec![standing(state, view)],
    ]
}

/// How much it wants, as a glyph and a word.
pub(super) fn level(state: &State, view: &NotificationView) -> Piece {
    let words = &state.words;
    let (glyph, tone) = match view.severity.as_str() {
        "error" => (state.look.glyph("✗", "x"), Tone::Bad),
        "warning" => ("!", Tone::Warn),
        "question" => ("?", Tone::Warn),
        _ => (state.look.glyph("·", "."), Tone::Plain),
    };
    let tone = if view.state == "done" { Tone::Faint } else { tone };
    let word = words.find(&format!("severity-{}", view.severity));
    piece(tone, format!("{glyph} {}", word.unwrap_or_else(|| view.severity.clone())))
}

fn standing(state: &State, view: &NotificationView) -> Piece {
    let tone = match view.state.as_str() {
        "unread" => Tone::Strong,
        "open" => Tone::Plain,
        _ => Tone::Faint,
    };
    let word = state.words.find(&format!("standing-{}", view.state));
    piece(tone, word.unwrap_or_else(|| view.state.clone()))
}

/// Who it is about, all that is said, how often, and who has seen it.
fn detail(pen: &mut Pen<'_>, state: &State, area: Rect, view: &NotificationView, shown: usize) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    let more = if state.notifications.more { "+" } else { "" };
    let place = format!("  {}/{shown}{more}", state.notifications.cursor.index + 1);
    let mut title = vec![piece(Tone::Strong, notification_source(state, view))];
    title.extend(view.run.map(|run| piece(Tone::Plain, format!("  {}", run.short()))));
    title.push(piece(Tone::Faint, place));
    pen.rule(area, &title);
    let mut inner = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height - 1,
    };
    let mut put = |pen: &mut Pen<'_>, tone: Tone, text: &str| {
        let rows = pen.paragraph(inner, tone, text);
        inner.y += rows;
        inner.height -= rows;
    };
    put(pen, Tone::Plain, &names::said(state, &view.what));
    if view.count > 1 {
        let (count, since) = (view.count, time::moment(state, view.first_ms));
        put(pen, Tone::Warn, &say!(words, "notification-times", count = count, since = since));
    }
    if let Some((at_ms, how)) = &view.settled {
        let how = words.find(&format!("settled-{how}")).unwrap_or_else(|| how.clone());
        let moment = time::moment(state, *at_ms);
        put(pen, Tone::Good, &say!(words, "notification-over", moment = moment, how = how));
    }
    if let Some((at_ms, who)) = &view.acknowledged {
        let moment = time::moment(state, *at_ms);
        let text = say!(words, "notification-seen", moment = moment, who = who.as_str());
        put(pen, Tone::Faint, &text);
    }
    let command = match (view.state.as_str(), view.run) {
        ("unread", _) => command::acknowledge(&state.namespace, Some(&[view.id]), None),
        (_, Some(run)) => command::show(&state.namespace, run),
        (_, None) => return,
    };
    put(pen, Tone::Faint, &format!("$ {command}"));
}

pub fn dialog(pen: &mut Pen<'_>, state: &State, open: &AckDialog) {
    let words = &state.words;
    let title = say!(words, "ack-title", count = open.seen.ids.len());
    let inner = dialog::open(pen, layout::dialog(state, 72, 9), &title);
    let mut rows = Rows::new(inner);
    rows.paragraph(pen, Tone::Plain, &say!(words, "ack-consequence"));
    rows.line(pen, &[piece(Tone::Faint, format!("$ {}", ack_command(state, &open.seen)))]);
    rows.skip();
    let (keep, go) = (say!(words, "ack-keep"), say!(words, "ack-do"));
    dialog::keep_or_do(pen, rows.next(), &keep, &go, open.yes);
}
