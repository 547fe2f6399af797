//! Locks and pools, and the dialogs about them.

use ratatui::layout::Rect;
use rpa_ipc::asking::{ClaimView, LockView};

use super::dialog::{self, Rows};
use super::pen::{Pen, piece};
use super::table::{self, Cell, Column, Row};
use super::{banner, layout, names, nothing};
use crate::console::state::{LockDialog, LockRow, State};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

pub fn draw(pen: &mut Pen<'_>, state: &State) {
    let screen = &state.locks;
    let (list, _) = layout::list(state);
    if let Some(fault) = &screen.fault {
        return nothing::refused(pen, state, list, fault);
    }
    let words = &state.words;
    let all = screen.rows();
    if all.is_empty() {
        let text = match (screen.known, state.link.is_up()) {
            (true, _) => say!(words, "locks-none"),
            (false, true) => say!(words, "list-asking"),
            (false, false) => banner::unknown(state),
        };
        return nothing::text(pen, list, &text);
    }
    let columns = [
        Column::new(say!(words, "col-lock")).least(12),
        Column::new(say!(words, "col-run")),
        Column::new(say!(words, "col-workflow")).least(10).spare(1),
        Column::new(say!(words, "col-step")).least(8),
        Column::new(say!(words, "col-since")).spare(2),
        Column::new(say!(words, "col-lease")).spare(3),
    ];
    let window = all.iter().enumerate().skip(screen.cursor.top).take(layout::list_rows(state));
    let rows: Vec<Row> = window
        .map(|(i, row)| Row {
            cells: cells(state, row),
            selected: i == screen.cursor.index,
            marked: false,
        })
        .collect();
    table::draw(pen, list, &columns, &rows, true);
}

fn cells(state: &State, row: &LockRow<'_>) -> Vec<Cell> {
    match row {
        LockRow::Lock(lock) => head(state, lock),
        LockRow::Holds(_, claim) => {
            let (tone, word) = match claim.status.as_str() {
                "in_doubt" => names::status(state, "in_doubt"),
                _ => (Tone::Good, say!(state.words, "lock-holds")),
            };
            claimed(state, tone, &word, claim.granted_ms.unwrap_or(claim.since_ms), claim)
        }
        LockRow::Waits(_, place, claim) => {
            let word = say!(state.words, "lock-waits", place = *place);
            claimed(state, Tone::Busy, &word, claim.since_ms, claim)
        }
    }
}

/// Its name, what it is, and how much of it is held.
fn head(state: &State, lock: &LockView) -> Vec<Cell> {
    let words = &state.words;
    let (taken, waits) = (names::number(lock.taken.into()), lock.waits);
    let held = match lock.size {
        Some(size) => say!(words, "pool-held", taken = taken, size = names::number(size.into())),
        None if lock.taken > 0 => say!(words, "lock-held"),
        None => say!(words, "lock-free"),
    };
    let mut name =
        vec![piece(Tone::Strong, lock.name.clone()), piece(Tone::Faint, format!("  {held}"))];
    if waits > 0 {
        let text = say!(words, "lock-wait-count", count = waits);
        name.push(piece(Tone::Warn, format!("  {text}")));
    }
    let mut cells = vec![name];
    cells.extend(std::iter::repeat_with(Vec::new).take(5));
    cells
}

fn claimed(state: &State, tone: Tone, word: &str, since_ms: u64, claim: &ClaimView) -> Vec<Cell> {
    let plain = |text: String| vec![piece(Tone::Plain, text)];
    let tokens =
        claim.tokens.map_or_else(String::new, |n| format!(" ({})", names::number(n.into())));
    let lease = match claim.until_ms {
        Some(until) => time::moment(state, until),
        None => "-".to_owned(),
    };
    vec![
        vec![piece(tone, format!("  {word}{tokens}"))],
        plain(claim.run.short()),
        plain(names::workflow(state, &claim.workflow)),
        plain(claim.path.to_string()),
        plain(time::moment(state, since_ms)),
        vec![piece(Tone::Faint, lease)],
    ]
}

pub fn dialog(pen: &mut Pen<'_>, state: &State, open: &LockDialog) {
    let words = &state.words;
    let title = match open {
        LockDialog::Release(hold, _) => say!(words, "release-title", lock = hold.lock.as_str()),
        LockDialog::Drop(name, _) => say!(words, "drop-title", name = name.as_str()),
        LockDialog::Size { .. } => say!(words, "pool-title"),
    };
    let inner = dialog::open(pen, layout::dialog(state, 72, 11), &title);
    let mut rows = Rows::new(inner);
    let keep = say!(words, "lock-keep");
    match open {
        LockDialog::Release(hold, yes) => {
            let (lock, step, run) = (hold.lock.as_str(), hold.path.as_str(), hold.run.short());
            let text = say!(words, "release-consequence", lock = lock, step = step, run = run);
            rows.paragraph(pen, Tone::Plain, &text);
            rows.skip();
            dialog::keep_or_do(pen, rows.next(), &keep, &say!(words, "release-do"), *yes);
        }
        LockDialog::Drop(name, yes) => {
            let text = say!(words, "drop-consequence", name = name.as_str());
            rows.paragraph(pen, Tone::Plain, &text);
            rows.skip();
            dialog::keep_or_do(pen, rows.next(), &keep, &say!(words, "drop-do"), *yes);
        }
        LockDialog::Size { name, size, at_size, wrong } => {
            rows.paragraph(pen, Tone::Plain, &say!(words, "pool-consequence"));
            rows.skip();
            for (label, input, focus) in
                [("pool-name", name, !at_size), ("pool-size", size, *at_size)]
            {
                let row = rows.next();
                let tone = if focus { Tone::Strong } else { Tone::Plain };
                let label = words.say(label, &[]);
                let used = pen.line(row, &[piece(tone, format!("{label} > "))]);
                let field = Rect { x: row.x + used, width: row.width - used, ..row };
                let (text, at) = input.visible(usize::from(field.width).max(1));
                pen.text(field, Tone::Strong, text);
                if focus && !field.is_empty() {
                    pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
                }
            }
            if *wrong {
                rows.paragraph(pen, Tone::Bad, &say!(words, "pool-wrong"));
            }
        }
    }
    rows.skip();
    rows.paragraph(pen, Tone::Faint, &format!("$ {}", open.command(state)));
}
