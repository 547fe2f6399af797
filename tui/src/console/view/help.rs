//! The help: every key of the screen beneath, from the table of keys.

use ratatui::layout::Rect;
use rpa_ipc::view::RUN_STATUSES;

use super::dialog::{self, Rows};
use super::pen::{Pen, Piece, piece};
use super::{layout, names};
use crate::console::keys::{Binding, Scope};
use crate::console::state::{FILTER_WORDS, Help, State};
use crate::console::theme::Tone;
use crate::say;
use crate::text::{FATES, OUTCOMES, TRIGGER_STATUSES, cells, wrapped};

pub fn draw(pen: &mut Pen<'_>, state: &State, help: &Help) {
    let words = &state.words;
    let screen = layout::screen(state);
    let area = layout::dialog(state, 110, screen.height);
    let name = scope_name(state, state.scopes()[0]);
    let inner = dialog::open(pen, area, &say!(words, "help-title", screen = name));
    let mut rows = Rows::new(inner);
    let field = rows.next();
    let used = pen.line(field, &[piece(Tone::Key, format!("{} ", say!(words, "help-filter")))]);
    let field = Rect { x: field.x + used, width: field.width - used, ..field };
    let (text, at) = help.input.visible(usize::from(field.width));
    pen.text(field, Tone::Strong, text);
    pen.cursor = Some((field.x + u16::try_from(at).unwrap_or(0), field.y));
    let legend = legend(state, usize::from(inner.width));
    let rest = rows.rest();
    let list = Rect {
        height: rest.height.saturating_sub(u16::try_from(legend.len()).unwrap_or(0)),
        ..rest
    };
    bindings(pen, state, help, list);
    let mut rows = Rows::new(Rect { y: list.bottom(), height: rest.height - list.height, ..rest });
    legend.iter().for_each(|line| rows.line(pen, line));
}

/// Cells of the columns of keys and of labels.
const KEYS: usize = 14;
const LABEL: usize = 18;

fn bindings(pen: &mut Pen<'_>, state: &State, help: &Help, area: Rect) {
    let found = help.rows(state);
    if found.is_empty() {
        pen.text(area, Tone::Faint, &say!(state.words, "help-nothing"));
        return;
    }
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let blocks: Vec<Vec<[Piece; 3]>> =
        found.iter().map(|binding| block(state, binding, width)).collect();
    // the selected one is in sight with all of its rows
    let at = help.at.min(blocks.len() - 1);
    let mut used = 0;
    let fits = |block: &&Vec<[Piece; 3]>| {
        used += block.len();
        used <= height
    };
    let shown = blocks[..=at].iter().rev().take_while(fits).count().max(1);
    let rows = blocks.iter().enumerate().skip(at + 1 - shown);
    let rows = rows.flat_map(|(i, block)| block.iter().map(move |row| (i, row)));
    for (y, (i, row)) in (area.y..area.bottom()).zip(rows) {
        let line = Rect { y, height: 1, ..area };
        pen.line(line, row);
        if i == at {
            pen.reverse(line);
        }
    }
}

/// The rows of one binding: each of the three texts goes on below itself.
fn block(state: &State, binding: &Binding, width: usize) -> Vec<[Piece; 3]> {
    let words = &state.words;
    let keys: Vec<String> = binding.keys.iter().map(ToString::to_string).collect();
    let keys = if keys.is_empty() { ":".to_owned() } else { keys.join(" ") };
    let rest = width.saturating_sub(KEYS + LABEL + 2);
    let columns = [
        wrapped(&keys, KEYS),
        wrapped(&words.say(&binding.action.label(), &[]), LABEL),
        wrapped(&words.say(&binding.action.help(), &[]), rest),
    ];
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |of: usize, row: usize| columns[of].get(row).map_or("", String::as_str);
    let of_row = |row: usize| {
        [
            piece(Tone::Key, column(cell(0, row), KEYS)),
            piece(Tone::Strong, column(cell(1, row), LABEL)),
            piece(Tone::Plain, cell(2, row)),
        ]
    };
    (0..rows).map(of_row).collect()
}

/// In exactly so many cells and a blank.
fn column(text: &str, width: usize) -> String {
    let pad = width.saturating_sub(cells(text));
    format!("{text}{} ", " ".repeat(pad))
}

/// The marks of the statuses that the screen shows, in as many rows as they need.
fn legend(state: &State, width: usize) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    if matches!(state.scopes()[0], Scope::Runs | Scope::Groups) {
        let conditions = FILTER_WORDS.map(|word| format!("{word}:")).join(" ");
        let text = say!(state.words, "help-conditions", words = conditions);
        let rows = wrapped(&text, width);
        lines.extend(rows.into_iter().map(|row| vec![piece(Tone::Plain, row)]));
    }
    lines.push(Vec::new());
    let mut used = 0;
    let statuses: Vec<&str> = match state.scopes()[0] {
        Scope::Trigger => {
            let past = state.trigger.as_ref().map_or(&FATES[..], |open| open.past.known_words());
            TRIGGER_STATUSES.into_iter().chain(past.iter().copied()).collect()
        }
        Scope::Triggers | Scope::Upcoming | Scope::Slots => {
            let outcomes = OUTCOMES.into_iter().filter(|word| !FATES.contains(word));
            let outcomes = outcomes.filter(|word| !TRIGGER_STATUSES.contains(word));
            TRIGGER_STATUSES.into_iter().chain(FATES).chain(outcomes).collect()
        }
        Scope::ItsTriggers => TRIGGER_STATUSES.to_vec(),
        Scope::Home
        | Scope::Welcome
        | Scope::Locks
        | Scope::Approvals
        | Scope::Notifications
        | Scope::Workflows
        | Scope::Workflow
        | Scope::Graph
        | Scope::Step
        | Scope::Editor
        | Scope::EditorGraph
        | Scope::EditorForm
        | Scope::Revisions
        | Scope::Text
        | Scope::Runs
        | Scope::Groups
        | Scope::Run
        | Scope::Log
        | Scope::Data
        | Scope::RunGraph
        | Scope::Timeline
        | Scope::Events
        | Scope::Moving
        | Scope::Everywhere => RUN_STATUSES.into_iter().chain(["retrying", "skipped"]).collect(),
    };
    for status in statuses {
        let mark = state.look.mark(status);
        let word = format!("{}  ", names::status_word(state, status));
        let size = cells(&word) + 2;
        if used + size > width {
            lines.push(Vec::new());
            used = 0;
        }
        used += size;
        if let Some(line) = lines.last_mut() {
            line.push(piece(mark.tone, format!("{} ", mark.glyph)));
            line.push(piece(Tone::Faint, word));
        }
    }
    lines
}

fn scope_name(state: &State, scope: Scope) -> String {
    state.words.say(&format!("scope-{}", scope.word()), &[])
}
