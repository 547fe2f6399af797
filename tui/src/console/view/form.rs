//! The form that begins a run, or runs one again.

use ratatui::layout::Rect;

use super::dialog::{self, Rows};
use super::pen::{Pen, piece};
use super::{layout, names};
use crate::console::state::{Field, Form, Given, Source, State};
use crate::console::theme::Tone;
use crate::say;
use crate::text::cells;

pub fn draw(pen: &mut Pen<'_>, state: &State, form: &Form) {
    let words = &state.words;
    let choice = u16::from(form.choice().is_some());
    let wanted = u16::try_from(form.fields.len()).unwrap_or(u16::MAX).saturating_add(10 + choice);
    let area = layout::dialog(state, 76, wanted);
    let inner = dialog::open(pen, area, &title(state, form));
    // below the fields: the revision, what is wrong or meant, the button, the command
    let below = (6 + choice).min(inner.height);
    let fields = Rect { height: inner.height - below, ..inner };
    let shown = usize::from(fields.height);
    let top = (form.at.min(form.fields.len().saturating_sub(1)) + 1).saturating_sub(shown);
    let label = form.fields.iter().map(|f| cells(&f.name)).max().unwrap_or(0).min(24);
    let mut rows = Rows::new(fields);
    for (i, field) in form.fields.iter().enumerate().skip(top).take(shown) {
        let row = rows.next();
        draw_field(pen, state, field, label, i == form.at, row);
    }
    let y = inner.y + fields.height;
    let mut rows = Rows::new(Rect { y, height: below, ..inner });
    draw_choice(pen, state, form, &mut rows);
    about(pen, state, form, &mut rows);
    let row = rows.next();
    let button = match form.source {
        Source::New => say!(words, "form-start"),
        Source::Again(_) => say!(words, "form-again"),
    };
    let used = pen.line(row, &[piece(Tone::Good, format!("[ {button} ]"))]);
    if form.at == form.button() {
        pen.reverse(Rect { width: used, ..row });
    }
    let command = form.command(&state.namespace);
    rows.paragraph(pen, Tone::Faint, &format!("$ {command}"));
}

fn title(state: &State, form: &Form) -> String {
    let words = &state.words;
    let name = names::workflow(state, &form.workflow);
    match &form.source {
        Source::New => say!(words, "form-title", name = name, revision = form.revision),
        Source::Again(earlier) => {
            let (run, step) = (earlier.run.short(), earlier.from.as_str());
            say!(words, "form-title-again", run = run, step = step)
        }
    }
}

/// Which revision the run again is of; nothing where there is no choice.
fn draw_choice(pen: &mut Pen<'_>, state: &State, form: &Form, rows: &mut Rows) {
    let Some((pinned, newest)) = form.choice() else { return };
    let words = &state.words;
    let focus = form.at == form.fields.len();
    let is_newest = form.is_newest();
    let option = |chosen: bool, text: String| {
        let mark = if chosen { "(x)" } else { "( )" };
        piece(if chosen { Tone::Strong } else { Tone::Plain }, format!("{mark} {text}  "))
    };
    let label = format!("{} {} ", if focus { ">" } else { " " }, say!(words, "form-revision"));
    let pieces = [
        piece(if focus { Tone::Strong } else { Tone::Plain }, label),
        option(!is_newest, say!(words, "form-pinned", revision = pinned.number)),
        option(is_newest, say!(words, "form-newest", revision = newest.number)),
    ];
    rows.line(pen, &pieces);
}

pub(super) fn draw_field(
    pen: &mut Pen<'_>,
    state: &State,
    field: &Field,
    label: usize,
    focus: bool,
    row: Rect,
) {
    let star = if field.required && field.default.is_none() { "*" } else { " " };
    let name = crate::text::fit(&field.name, label, state.look.ellipsis());
    let pad = " ".repeat(label - cells(&name));
    let used = pen.line(
        row,
        &[
            piece(Tone::Warn, star),
            piece(if focus { Tone::Strong } else { Tone::Plain }, format!("{name}{pad} ")),
            piece(Tone::Faint, format!("{:<8}", field.kind)),
        ],
    );
    let edge = Rect { x: row.x + used, width: row.width - used, ..row };
    let sign = if field.problem.is_some() {
        "!"
    } else if focus {
        ">"
    } else {
        " "
    };
    let tone = if field.problem.is_some() { Tone::Bad } else { Tone::Strong };
    let used = pen.line(edge, &[piece(tone, format!("{sign} "))]);
    let value = Rect { x: edge.x + used, width: edge.width - used, ..edge };
    if field.given == Given::Hidden {
        // at the end of the note, where what replaces it will begin
        let note = format!("{} ***", say!(state.words, "form-as-it-was"));
        let used = pen.text(value, Tone::Faint, &note);
        if focus && !value.is_empty() {
            pen.cursor = Some((value.x + used.min(value.width - 1), value.y));
        }
        return;
    }
    if field.kind == "boolean" {
        return draw_boolean(pen, state, field, value);
    }
    if matches!(&field.given, Given::No | Given::Earlier(rpa_engine::Value::Null)) {
        let text = match &field.default {
            Some(default) if !field.is_given() => {
                say!(state.words, "form-default", value = default.as_str())
            }
            _ => say!(state.words, "form-not-given"),
        };
        pen.text(value, Tone::Faint, &text);
        if focus && !value.is_empty() {
            pen.cursor = Some((value.x, value.y));
        }
        return;
    }
    let (text, at) = field.input.visible(usize::from(value.width));
    if !field.is_whole() {
        // as it was, which a line cannot show; typing replaces it
        let note = say!(state.words, "form-as-it-was");
        pen.line(value, &[piece(Tone::Faint, format!("{note} ")), piece(Tone::Plain, text)]);
    } else if field.sensitive && !focus {
        pen.text(value, Tone::Strong, &"*".repeat(cells(text)));
    } else {
        pen.text(value, Tone::Strong, text);
    }
    if focus && !value.is_empty() {
        pen.cursor = Some((value.x + u16::try_from(at).unwrap_or(0), value.y));
    }
}

fn draw_boolean(pen: &mut Pen<'_>, state: &State, field: &Field, area: Rect) {
    let value = if field.is_given() { Some(field.input.text()) } else { field.default.as_deref() };
    let on = value == Some("true");
    let off = value == Some("false");
    let mark = |chosen: bool| if chosen { "(x)" } else { "( )" };
    let tone = |chosen: bool| if chosen && field.is_given() { Tone::Strong } else { Tone::Plain };
    pen.line(
        area,
        &[
            piece(tone(on), format!("{} true  ", mark(on))),
            piece(tone(off), format!("{} false  ", mark(off))),
            piece(Tone::Faint, say!(state.words, "form-space")),
        ],
    );
}

/// What is wrong with the field that has the focus, or else what it is for.
fn about(pen: &mut Pen<'_>, state: &State, form: &Form, rows: &mut Rows) {
    let words = &state.words;
    rows.skip();
    let field = form.fields.get(form.at);
    let row = rows.next();
    match field {
        Some(Field { problem: Some(problem), .. }) => pen.text(row, Tone::Bad, problem),
        Some(field) if !field.description.is_empty() => {
            pen.text(row, Tone::Plain, &field.description)
        }
        Some(field) => {
            let id = format!("form-about-{}", field.kind);
            pen.text(row, Tone::Faint, &words.find(&id).unwrap_or_default())
        }
        None if form.at < form.button() => {
            pen.text(row, Tone::Faint, &say!(words, "form-about-revision"))
        }
        None if form.fields.is_empty() => {
            pen.text(row, Tone::Faint, &say!(words, "form-no-fields"))
        }
        None => pen.text(row, Tone::Faint, &say!(words, "form-ready")),
    };
    rows.skip();
}
