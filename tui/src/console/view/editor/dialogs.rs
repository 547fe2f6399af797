//! What the editor asks before something goes.

use super::super::dialog::{self, Rows};
use super::super::pen::{Pen, piece};
use super::super::{layout, names};
use crate::console::command;
use crate::console::state::{Found, Leave, LeaveStop, Removal, State};
use crate::console::theme::Tone;
use crate::console::time;
use crate::say;

use ratatui::layout::Rect;

/// There are changes that were not saved.
pub fn leave(pen: &mut Pen<'_>, state: &State, leave: &Leave) {
    let words = &state.words;
    let Some(editor) = state.editor() else { return };
    let name = names::workflow(state, &editor.name.workflow);
    let title = say!(words, "leave-title", name = name);
    let inner = dialog::open(pen, layout::dialog(state, 76, 11), &title);
    let mut rows = Rows::new(inner);
    let path = state.drafts.path(&editor.name).display().to_string();
    rows.paragraph(pen, Tone::Plain, &say!(words, "leave-about"));
    rows.skip();
    let label = |stop: &LeaveStop| {
        let (tone, id) = match stop {
            LeaveStop::Stay => (Tone::Plain, "leave-stay"),
            LeaveStop::Keep => (Tone::Plain, "leave-keep"),
            LeaveStop::Discard => (Tone::Bad, "edit-discard"),
        };
        (*stop == leave.at, tone, words.say(id, &[]))
    };
    let row = rows.next();
    let labels: Vec<_> = Leave::stops(state).iter().map(label).collect();
    buttons(pen, row, &labels);
    rows.skip();
    let command = command::apply(&state.namespace, &path, editor.base, false);
    rows.paragraph(pen, Tone::Faint, &format!("$ {command}"));
}

/// A draft was kept.
pub fn found(pen: &mut Pen<'_>, state: &State, found: &Found) {
    let words = &state.words;
    let name = names::workflow(state, &found.name.workflow);
    let title = say!(words, "found-title", name = name);
    let height = if found.held { 13 } else { 10 };
    let inner = dialog::open(pen, layout::dialog(state, 76, height), &title);
    let mut rows = Rows::new(inner);
    let moment = time::moment(state, found.at_ms);
    let text = match found.name.base {
        Some(base) => say!(words, "found-about", moment = moment, revision = base),
        None => say!(words, "found-about-new", moment = moment),
    };
    rows.paragraph(pen, Tone::Plain, &text);
    let path = state.drafts.path(&found.name).display().to_string();
    rows.paragraph(pen, Tone::Faint, &path);
    if found.held {
        rows.paragraph(pen, Tone::Warn, &say!(words, "found-held"));
    }
    rows.skip();
    let labels = match found.held {
        true => [
            (found.go_on, Tone::Good, say!(words, "found-copy")),
            (!found.go_on, Tone::Plain, say!(words, "found-anew")),
        ],
        false => [
            (found.go_on, Tone::Good, say!(words, "found-go-on")),
            (!found.go_on, Tone::Bad, say!(words, "edit-discard")),
        ],
    };
    buttons(pen, rows.next(), &labels);
}

/// A step is to go: what goes with it, and who needed it.
pub fn remove(pen: &mut Pen<'_>, state: &State, removal: &Removal) {
    let words = &state.words;
    let label = removal.label.as_str();
    let title = match (&removal.refused, removal.is_list) {
        (Some(_), _) => say!(words, "remove-refused", step = label),
        (None, true) => say!(words, "remove-list", list = label),
        (None, false) => say!(words, "remove-title", step = label),
    };
    let height = if removal.refused.is_some() { 8 } else { 11 };
    let inner = dialog::open(pen, layout::dialog(state, 76, height), &title);
    let mut rows = Rows::new(inner);
    if let Some(why) = &removal.refused {
        rows.paragraph(pen, Tone::Bad, why);
        rows.skip();
        buttons(pen, rows.next(), &[(true, Tone::Plain, say!(words, "remove-close"))]);
        return;
    }
    if removal.inside > 0 {
        let text = say!(words, "remove-inside", count = removal.inside);
        rows.paragraph(pen, Tone::Warn, &text);
    }
    let text = match removal.needed_by.is_empty() {
        _ if removal.is_list => say!(words, "remove-list-about"),
        true => say!(words, "remove-free"),
        false => say!(words, "remove-needed", steps = removal.needed_by.join(", ")),
    };
    rows.paragraph(pen, Tone::Plain, &text);
    rows.skip();
    let (keep, go) = (say!(words, "remove-keep"), say!(words, "remove-do"));
    dialog::keep_or_do(pen, rows.next(), &keep, &go, removal.yes);
}

/// Buttons beside one another; the first of each is whether it has the focus.
pub fn buttons(pen: &mut Pen<'_>, row: Rect, labels: &[(bool, Tone, String)]) {
    let mut left = row;
    for (focus, tone, label) in labels {
        let used = pen.line(left, &[piece(*tone, format!("[ {label} ]"))]);
        if *focus {
            pen.reverse(Rect { width: used, ..left });
        }
        let used = (used + 2).min(left.width);
        left = Rect { x: left.x + used, width: left.width - used, ..left };
    }
}
