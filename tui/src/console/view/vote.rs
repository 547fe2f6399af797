//! The dialog that approves or rejects what a step asks.

use ratatui::layout::Rect;

use super::dialog::{self, Rows};
use super::form::draw_field;
use super::layout;
use super::pen::{Pen, piece};
use crate::console::state::{
    State, Stop, Vote, approval_lines, fault_hint, fault_text, have, vote_command,
};
use crate::console::theme::Tone;
use crate::say;
use crate::text::cells;

pub fn draw(pen: &mut Pen<'_>, state: &State, vote: &Vote) {
    let words = &state.words;
    let areas = layout::vote(state, vote);
    let (have, quorum) = (have(&vote.asked), vote.asked.quorum);
    let step = vote.asked.path.as_str();
    let title = say!(words, "vote-title", step = step, have = have, quorum = quorum);
    dialog::open(pen, areas.frame, &title);
    let lines = approval_lines(state, &vote.asked, usize::from(areas.text.width));
    let height = usize::from(areas.text.height);
    let top = vote.top.min(lines.len().saturating_sub(height));
    for (y, line) in (areas.text.y..areas.text.bottom()).zip(lines.iter().skip(top)) {
        pen.text(Rect { y, height: 1, ..areas.text }, line.tone, &line.text);
    }
    scrolled(pen, state, areas.rule, top, lines.len().saturating_sub(top + height));
    fields(pen, state, vote, areas.fields);
    let mut rows = Rows::new(areas.below);
    comment(pen, state, vote, rows.next());
    note(pen, state, vote, &mut rows, areas.note);
    buttons(pen, state, vote, rows.next());
    let command = vote_command(state, vote);
    rows.paragraph(pen, Tone::Faint, &format!("$ {command}"));
}

/// A rule, with how much lies above and below what is shown.
fn scrolled(pen: &mut Pen<'_>, state: &State, area: Rect, above: usize, below: usize) {
    let mut parts = Vec::new();
    if above > 0 {
        parts.push(say!(state.words, "vote-above", count = above));
    }
    if below > 0 {
        parts.push(say!(state.words, "vote-below", count = below));
    }
    let title = (!parts.is_empty()).then(|| piece(Tone::Warn, parts.join("  ")));
    pen.rule(area, title.as_slice());
}

fn fields(pen: &mut Pen<'_>, state: &State, vote: &Vote, area: Rect) {
    let focus = match vote.at {
        Stop::Field(at) => at,
        Stop::Comment | Stop::Approve | Stop::Reject | Stop::Close => 0,
    };
    let top = (focus + 1).saturating_sub(usize::from(area.height));
    let label = vote.fields.iter().map(|field| cells(&field.name)).max().unwrap_or(0).min(24);
    let shown = vote.fields.iter().enumerate().skip(top);
    for (y, (at, field)) in (area.y..area.bottom()).zip(shown) {
        let row = Rect { y, height: 1, ..area };
        draw_field(pen, state, field, label, vote.at == Stop::Field(at), row);
    }
}

fn comment(pen: &mut Pen<'_>, state: &State, vote: &Vote, row: Rect) {
    let focus = vote.at == Stop::Comment;
    let label = say!(state.words, "vote-comment");
    let sign = if focus { ">" } else { " " };
    let tone = if focus { Tone::Strong } else { Tone::Plain };
    let used = pen.line(row, &[piece(tone, format!(" {label} {sign} "))]);
    let field = Rect { x: row.x + used, width: row.width - used, ..row };
    let (text, at) = vote.comment.visible(usize::from(field.width));
    pen.text(field, Tone::Strong, text);
    if focus && !field.is_empty() {
        pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
    }
}

/// What was refused or has changed, or else what the field with the focus is for.
fn note(pen: &mut Pen<'_>, state: &State, vote: &Vote, rows: &mut Rows, height: u16) {
    let words = &state.words;
    let room = rows.rest();
    let area = Rect { height: height.min(room.height), ..room };
    (0..area.height).for_each(|_| rows.skip());
    let field = match vote.at {
        Stop::Field(at) => vote.fields.get(at),
        Stop::Comment | Stop::Approve | Stop::Reject | Stop::Close => None,
    };
    let (tone, text) = match (&vote.fault, field) {
        _ if vote.gone => (Tone::Warn, say!(words, "vote-gone")),
        _ if vote.sent => (Tone::Busy, say!(words, "list-asking")),
        (Some(fault), _) => {
            let (text, hint) = (fault_text(state, fault), fault_hint(state, fault));
            (Tone::Bad, format!("{text} {}", say!(words, "fault-hint", hint = hint)))
        }
        (None, Some(field)) if field.problem.is_some() => {
            (Tone::Bad, field.problem.clone().unwrap_or_default())
        }
        _ if vote.changed => (Tone::Warn, say!(words, "vote-changed")),
        (None, Some(field)) if !field.description.is_empty() => {
            (Tone::Plain, field.description.clone())
        }
        (None, Some(field)) => {
            let id = format!("form-about-{}", field.kind);
            (Tone::Faint, words.find(&id).unwrap_or_default())
        }
        (None, None) => (Tone::Faint, say!(words, "vote-counts")),
    };
    pen.paragraph(area, tone, &text);
}

fn buttons(pen: &mut Pen<'_>, state: &State, vote: &Vote, row: Rect) {
    let words = &state.words;
    let mut all = vec![(Stop::Close, Tone::Plain, say!(words, "vote-close"))];
    if !vote.gone {
        let approve = (Stop::Approve, Tone::Good, say!(words, "vote-approve"));
        all.insert(0, (Stop::Reject, Tone::Bad, say!(words, "vote-reject")));
        all.insert(0, approve);
    }
    let mut rest = row;
    for (stop, tone, text) in all {
        let used = pen.line(rest, &[piece(tone, format!("[ {text} ]"))]);
        if vote.at == stop {
            pen.reverse(Rect { width: used, ..rest });
        }
        let gap = (used + 2).min(rest.width);
        rest = Rect { x: rest.x + gap, width: rest.width - gap, ..rest };
    }
}
