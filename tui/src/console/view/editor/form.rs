//! The form of the selected step, and what is typed into it.

use ratatui::layout::Rect;
use rpa_config::edit::{Field, Form, Kind, Source};
use rpa_ipc::fault::problem_in;

use super::super::dialog::{self, Rows};
use super::super::layout::{self, EditorAreas};
use super::super::nothing;
use super::super::pen::{Pen, Piece, piece};
use super::{dialogs, on_form};
use crate::console::state::{
    Editor, EditorDialog, Overlay, State, Typed, Typing, TypingPurpose, TypingStop, WorkflowScreen,
    field_summary, kind_summary,
};
use crate::console::theme::Tone;
use crate::say;
use crate::text::{cells, fit, sanitize};

/// Cells of a field's name at most.
const NAME: usize = 24;

pub fn draw(
    pen: &mut Pen<'_>,
    state: &State,
    open: &WorkflowScreen,
    editor: &Editor,
    areas: &EditorAreas,
) {
    rule(pen, state, open, editor, areas.rule);
    let area = areas.form;
    if area.is_empty() {
        return;
    }
    let fields = editor.fields();
    if fields.is_empty() {
        let id = match state.selected_step() {
            Some(_) => "form-of-heading",
            None if editor.errors() > 0 => "editor-unread",
            None => "editor-no-steps",
        };
        return nothing::text(pen, area, &state.words.say(id, &[]));
    }
    let name = fields.iter().map(|field| cells(&field.key)).max().unwrap_or(0).min(NAME);
    let shown = fields.iter().enumerate().skip(editor.top);
    for (y, (at, field)) in (area.y..area.bottom()).zip(shown) {
        let row = Rect { y, height: 1, ..area };
        let focus = on_form(open) && at == editor.at;
        draw_field(pen, state, editor, (at, field), name, focus, row);
    }
    about(pen, state, open, editor, areas.about);
}

/// Whose form it is.
fn rule(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, editor: &Editor, area: Rect) {
    if area.is_empty() {
        return;
    }
    let label = say!(state.words, "pane-step");
    let label = if on_form(open) { format!("[{label}]") } else { format!(" {label} ") };
    let tone = if on_form(open) { Tone::Strong } else { Tone::Faint };
    let mut pieces = vec![piece(tone, label)];
    if let Some(step) = state.selected_step() {
        pieces.push(piece(Tone::Strong, format!(" {}", step.path)));
        pieces.push(piece(Tone::Faint, format!("  {}", step.kind)));
    }
    if on_form(open) {
        // the same keys do something else in the steps
        pieces.push(piece(Tone::Key, format!("  {}", say!(state.words, "form-keys"))));
    }
    pen.rule(area, &[]);
    pen.title(area, &pieces);
    let count = editor.fields().len();
    let shown = layout::form_rows(state);
    if count > shown {
        let last = (editor.top + shown).min(count);
        pen.right(area, &[piece(Tone::Faint, format!(" {last}/{count} "))]);
    }
}

fn draw_field(
    pen: &mut Pen<'_>,
    state: &State,
    editor: &Editor,
    (at, field): (usize, &Field),
    width: usize,
    focus: bool,
    row: Rect,
) {
    let problem = editor.problem_at(at);
    let sign = match problem {
        Some(problem) if problem.warning => piece(Tone::Warn, "!"),
        Some(_) => piece(Tone::Bad, "!"),
        None if field.required => piece(Tone::Warn, "*"),
        None => piece(Tone::Plain, " "),
    };
    let key = fit(&clean(&field.key), width, pen.look.ellipsis());
    let pad = " ".repeat(width.saturating_sub(cells(&key)));
    let tone = match (focus, field.source) {
        (true, _) => Tone::Strong,
        (false, Source::Task | Source::Action) => Tone::Plain,
        (false, Source::Step) => Tone::Faint,
    };
    let cursor = if focus { ">" } else { " " };
    let head = [piece(Tone::Strong, cursor), sign, piece(tone, format!("{key}{pad}  "))];
    let used = pen.line(row, &head);
    let value = Rect { x: row.x + used, width: row.width - used, ..row };
    let typed = match &state.overlay {
        Some(Overlay::Editor(dialog)) => match dialog.as_ref() {
            EditorDialog::Typing(typing) if focus => Some(typing),
            _ => None,
        },
        _ => None,
    };
    if let Some(Typing { purpose: TypingPurpose::Field(key), text: Typed::Line(input), .. }) = typed
        && *key == field.key
    {
        let (text, at) = input.visible(usize::from(value.width));
        pen.text(value, Tone::Strong, text);
        if !value.is_empty() {
            pen.cursor = Some((value.x + u16::try_from(at).unwrap_or(0), value.y));
        }
        return;
    }
    pen.line(value, &shown_value(state, field, problem.is_some_and(|p| !p.warning)));
    if focus {
        let head = Rect { width: used.saturating_sub(2), ..row };
        pen.reverse(head);
    }
}

/// What is written, or else what holds.
fn shown_value(state: &State, field: &Field, bad: bool) -> Vec<Piece> {
    let words = &state.words;
    let Some(value) = &field.value else {
        return vec![match (field.default.as_str(), field.required) {
            ("", true) => piece(Tone::Warn, say!(words, "field-missing")),
            ("", false) => piece(Tone::Faint, "-"),
            (default, _) => piece(Tone::Faint, say!(words, "form-default", value = clean(default))),
        }];
    };
    let mut lines = value.lines();
    let first = clean(lines.next().unwrap_or_default());
    let more = lines.count();
    let tone = if bad { Tone::Bad } else { Tone::Strong };
    let mut pieces = vec![piece(tone, first)];
    if more > 0 {
        pieces.push(piece(Tone::Faint, format!("  {}", say!(words, "field-lines", count = more))));
    }
    if let Kind::Choice(_) | Kind::Boolean = field.kind {
        pieces.push(piece(Tone::Faint, state.look.glyph(" ▾", " v")));
    }
    pieces
}

/// What is wrong with the field that has the focus, or what it is for.
fn about(pen: &mut Pen<'_>, state: &State, open: &WorkflowScreen, editor: &Editor, area: Rect) {
    if area.is_empty() {
        return;
    }
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    let typing = match &state.overlay {
        Some(Overlay::Editor(dialog)) => match dialog.as_ref() {
            EditorDialog::Typing(Typing { purpose: TypingPurpose::Field(_), problem, .. }) => {
                problem.as_deref()
            }
            _ => None,
        },
        _ => None,
    };
    if let Some(problem) = typing {
        pen.paragraph(inner, Tone::Bad, problem);
        return;
    }
    if !on_form(open) {
        let said = |form: &Form| kind_summary(state, &form.kind, &form.summary);
        let summary = editor.form.as_ref().map(said).unwrap_or_default();
        pen.paragraph(inner, Tone::Faint, &clean(&summary));
        return;
    }
    if let Some(problem) = editor.problem_at(editor.at) {
        let (message, _) = problem_in(state.words.language(), problem);
        let tone = if problem.warning { Tone::Warn } else { Tone::Bad };
        pen.paragraph(inner, tone, &clean(&message));
        return;
    }
    let Some(field) = editor.field() else { return };
    let kind = kind_text(state, field);
    let form_kind = editor.form.as_ref().map_or("", |form| form.kind.as_str());
    let summary = clean(&field_summary(state, form_kind, field));
    let text = match (kind.as_str(), summary.as_str()) {
        (kind, "") => kind.to_owned(),
        ("", summary) => summary.to_owned(),
        (kind, summary) => format!("{kind}. {summary}"),
    };
    pen.paragraph(inner, Tone::Faint, &text);
}

/// What may stand in a field.
fn kind_text(state: &State, field: &Field) -> String {
    let words = &state.words;
    let text = match &field.kind {
        Kind::Id => say!(words, "field-kind-id"),
        Kind::Text => say!(words, "field-kind-text"),
        Kind::Lines => say!(words, "field-kind-lines"),
        Kind::Number => say!(words, "field-kind-number"),
        Kind::Boolean => say!(words, "field-kind-boolean"),
        Kind::Duration => say!(words, "field-kind-duration"),
        Kind::Size => say!(words, "field-kind-size"),
        Kind::Choice(choices) => say!(words, "field-kind-choice", words = choices.join(", ")),
        Kind::Condition => say!(words, "field-kind-condition"),
        Kind::Expression => say!(words, "field-kind-expression"),
        Kind::List => say!(words, "field-kind-list"),
        Kind::Map => say!(words, "field-kind-map"),
        Kind::Document => say!(words, "field-kind-document"),
        Kind::Needs => say!(words, "field-kind-needs"),
    };
    match field.takes_expressions && field.kind != Kind::Expression {
        true => format!("{text}, {}", say!(words, "field-expressions")),
        false => text,
    }
}

fn clean(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|l| sanitize(l).replace('\t', "    ")).collect();
    lines.join(" ")
}

/// What is typed where a row has no room for it: several lines, the id of a new step, or
/// a field of which the row is not to be seen.
pub fn typing(pen: &mut Pen<'_>, state: &State, typing: &Typing) {
    match (&typing.purpose, &typing.text) {
        (TypingPurpose::Id { kind, .. }, Typed::Line(input)) => {
            let title = say!(state.words, "type-id", kind = clean(kind));
            line_box(pen, state, &title, input, typing.problem.as_deref());
        }
        (TypingPurpose::Case { .. }, Typed::Line(input)) => {
            let title = say!(state.words, "type-case");
            line_box(pen, state, &title, input, typing.problem.as_deref());
        }
        (TypingPurpose::Field(key), Typed::Line(input)) => {
            if layout::editor(state).form.is_empty() {
                line_box(pen, state, &clean(key), input, typing.problem.as_deref());
            }
        }
        (_, Typed::Area(area)) => {
            let outer = layout::area_box(state);
            let key = match &typing.purpose {
                TypingPurpose::Field(key) => clean(key),
                TypingPurpose::Id { kind: word, .. } | TypingPurpose::Case { switch: word } => {
                    clean(word)
                }
            };
            let inner = dialog::open(pen, outer, &key);
            let text = layout::area(state).intersection(inner);
            let (lines, (x, y)) = area.visible(usize::from(text.width), usize::from(text.height));
            for (y, line) in (text.y..text.bottom()).zip(&lines) {
                pen.text(Rect { y, height: 1, ..text }, Tone::Plain, line);
            }
            if let (Ok(x), Ok(y)) = (u16::try_from(x), u16::try_from(y))
                && x < text.width
                && y < text.height
            {
                pen.cursor = Some((text.x + x, text.y + y));
            }
            let height = inner.height.saturating_sub(text.height);
            let below = Rect { y: text.bottom(), height, ..inner };
            let field = state.editor().and_then(Editor::field);
            let about = field.map(|field| kind_text(state, field)).unwrap_or_default();
            if let Some(stop) = typing.leaving {
                return leaving(pen, state, stop, below);
            }
            match &typing.problem {
                Some(problem) => pen.paragraph(below, Tone::Bad, problem),
                None => pen.paragraph(below, Tone::Faint, &about),
            };
        }
    }
}

/// What was typed was not taken over.
fn leaving(pen: &mut Pen<'_>, state: &State, at: TypingStop, area: Rect) {
    let words = &state.words;
    pen.cursor = None;
    let mut rows = Rows::new(area);
    rows.line(pen, &[piece(Tone::Warn, say!(words, "typing-leave"))]);
    let label = |stop: &TypingStop| {
        let (tone, id) = match stop {
            TypingStop::GoOn => (Tone::Plain, "typing-go-on"),
            TypingStop::TakeOver => (Tone::Good, "typing-take-over"),
            TypingStop::Drop => (Tone::Bad, "typing-drop"),
        };
        (*stop == at, tone, words.say(id, &[]))
    };
    let labels: Vec<_> = TypingStop::ALL.iter().map(label).collect();
    dialogs::buttons(pen, rows.next(), &labels);
}

/// One line in a box, and what is wrong with it.
fn line_box(
    pen: &mut Pen<'_>,
    state: &State,
    title: &str,
    input: &crate::console::state::Input,
    problem: Option<&str>,
) {
    let inner = dialog::open(pen, layout::dialog(state, 70, 6), title);
    let mut rows = Rows::new(inner);
    let field = rows.next();
    let used = pen.line(field, &[piece(Tone::Key, "> ")]);
    let field = Rect { x: field.x + used, width: field.width - used, ..field };
    let (text, at) = input.visible(usize::from(field.width));
    pen.text(field, Tone::Strong, text);
    if !field.is_empty() {
        pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
    }
    if let Some(problem) = problem {
        rows.paragraph(pen, Tone::Bad, problem);
    }
}
