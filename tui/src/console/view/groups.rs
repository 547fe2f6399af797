//! Failed runs, a row for all that have failed alike.

use rpa_ipc::overview::FailureView;

use super::pen::{Pen, piece};
use super::table::{self, Column, Row};
use super::{banner, layout, names, nothing};
use crate::console::command;
use crate::console::state::{Groups, State, error_text};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State, groups: &Groups) {
    let (list, preview) = layout::list(state);
    let words = &state.words;
    if groups.view.groups.is_empty() {
        let text = match (groups.known, state.link.is_up()) {
            (true, _) if !state.runs.filter.is_empty() => {
                say!(words, "runs-no-match", filter = &*state.runs.filter.text)
            }
            (true, _) => say!(words, "groups-none"),
            (false, true) => say!(words, "list-asking"),
            (false, false) => banner::unknown(state),
        };
        return nothing::text(pen, layout::body(state), &text);
    }
    let columns = [
        Column::new(say!(words, "col-count")).right(),
        Column::new(say!(words, "col-workflow")).least(12),
        Column::new(say!(words, "col-step")).least(8).spare(3),
        Column::new(say!(words, "col-why")).least(12).spare(1),
        Column::new(say!(words, "col-newest")),
        Column::new(say!(words, "col-span")).right().spare(2),
    ];
    let cursor = &groups.cursor;
    let rows = groups.view.groups.iter().enumerate();
    let rows: Vec<Row> = rows
        .skip(cursor.top)
        .take(layout::list_rows(state))
        .map(|(i, group)| Row {
            cells: cells(state, group),
            selected: i == cursor.index,
            marked: false,
        })
        .collect();
    table::draw(pen, list, &columns, &rows, true);
    if let Some(group) = groups.selected() {
        told(pen, state, groups, group, preview);
    }
}

fn cells(state: &State, group: &FailureView) -> Vec<table::Cell> {
    let plain = |text: String| vec![piece(Tone::Plain, text)];
    let span = group.newest_ms.saturating_sub(group.oldest_ms);
    let step = if group.step.is_empty() { "-" } else { group.step.as_str() };
    vec![
        vec![piece(Tone::Bad, names::number(group.count))],
        vec![piece(Tone::Strong, names::workflow(state, &group.workflow))],
        plain(step.to_owned()),
        plain(error_text(state, &group.error).replace('\n', " ")),
        plain(time::moment(state, group.newest_ms)),
        plain(if group.count > 1 { time::elapsed(&state.words, span) } else { "-".into() }),
    ]
}

/// The selected group in full.
fn told(
    pen: &mut Pen<'_>,
    state: &State,
    groups: &Groups,
    group: &FailureView,
    area: ratatui::layout::Rect,
) {
    if area.is_empty() {
        return;
    }
    let words = &state.words;
    let view = &groups.view;
    let place = format!("{}/{}", groups.cursor.index + 1, view.groups.len());
    let mut title = vec![
        piece(Tone::Strong, say!(words, "groups-runs", count = view.failed)),
        piece(Tone::Faint, format!("  {place}")),
    ];
    if view.cut {
        title.push(piece(Tone::Warn, format!("  {}", say!(words, "groups-cut"))));
    }
    pen.rule(area, &title);
    let mut inner = ratatui::layout::Rect {
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
    let error = &group.error;
    put(pen, Tone::Bad, &format!("{} {}", error.code, error_text(state, error)));
    let (newest, oldest) =
        (time::moment(state, group.newest_ms), time::moment(state, group.oldest_ms));
    let when = say!(
        words,
        "groups-when",
        count = group.count,
        oldest = oldest,
        newest = newest,
        run = group.newest.short()
    );
    put(pen, Tone::Plain, &when);
    let options = format!(" --alike {}", group.alike);
    put(pen, Tone::Faint, &format!("$ {}", command::runs(&state.namespace, &options)));
}
