//! What is on every screen: where one is, what was done, what can be done.

use ratatui::layout::Rect;
use rpa_ipc::notifications::NotificationFilter;
use rpa_ipc::view::StatusView;

use super::pen::{Pen, Piece, piece};
use super::{hints, layout, names};
use crate::console::keys::Key;
use crate::console::state::{Link, Prompt, Purpose, Root, SMALLEST, State, troubles};
use crate::console::theme::Tone;
use crate::say;

/// Columns from which on all lists stand in the second line.
const ROOMY: u16 = 100;

pub fn draw(pen: &mut Pen<'_>, state: &State) {
    let [top, crumbs] = layout::head(state);
    context(pen, state, top);
    breadcrumb(pen, state, crumbs);
    let [notice, hints] = layout::foot(state);
    said(pen, state, notice);
    hints::draw(pen, state, hints);
}

/// The daemon, the namespace, the runs by status; how fresh it all is.
fn context(pen: &mut Pen<'_>, state: &State, area: Rect) {
    let words = &state.words;
    let fresh = match &state.link {
        Link::Up if state.is_frozen() => (Tone::Warn, say!(words, "link-frozen")),
        Link::Up => (Tone::Good, say!(words, "link-live")),
        Link::Connecting { away: None } => (Tone::Busy, say!(words, "link-connecting")),
        Link::Connecting { .. } | Link::Away { .. } => (Tone::Bad, say!(words, "link-away")),
    };
    let mut right = Vec::new();
    if state.calls > 0 {
        right.push(piece(
            Tone::Busy,
            format!("{} ", say!(words, "calls-open", count = state.calls)),
        ));
    }
    if state.settings.read_only {
        right.push(piece(Tone::Warn, "[RO] "));
    }
    right.push(fresh);
    let edge = pen.right(area, &right);
    let mut left =
        vec![piece(Tone::Strong, " rpad"), piece(Tone::Faint, format!("  {}", state.namespace))];
    let unread = state.notifications.unread;
    if unread > 0 {
        let words = match area.width {
            ROOMY.. => format!(" {}", say!(words, "unread")),
            _ => String::new(),
        };
        left.push(piece(Tone::Key, "  8"));
        left.push(piece(Tone::Warn, format!(" ! {}{words}", names::number(unread))));
    }
    if let Some(status) = &state.status {
        if status.state != "ready" {
            let id = format!("daemon-{}", status.state);
            let word = words.find(&id).unwrap_or_else(|| status.state.clone());
            left.push(piece(Tone::Warn, format!("  {word}")));
        }
        let runner = status.runner.as_ref().filter(|runner| runner.state != "ready");
        if let Some(runner) = runner {
            let id = format!("runner-{}", runner.state);
            let word = words.find(&id).unwrap_or_else(|| runner.state.clone());
            left.push(piece(Tone::Warn, format!("  {word}")));
        }
        for shown in ["running", "waiting", "in_doubt", "queued", "failed"] {
            let Some((_, count)) = status.runs.iter().find(|(word, _)| word == shown) else {
                continue;
            };
            let mark = state.look.mark(shown);
            left.push(piece(mark.tone, format!("  {} ", mark.glyph)));
            let count = format!("{} {}", names::number(*count), names::status_word(state, shown));
            left.push(piece(Tone::Plain, count));
        }
    }
    pen.line(Rect { width: edge.saturating_sub(area.x + 1), ..area }, &left);
}

/// The lists as numbered tabs, and what was opened from them.
fn breadcrumb(pen: &mut Pen<'_>, state: &State, area: Rect) {
    let words = &state.words;
    let mut pieces = Vec::new();
    for (number, root, word) in [
        ("0", Root::Home, "act-overview"),
        ("1", Root::Workflows, "act-workflows"),
        ("2", Root::Runs, "act-runs"),
    ] {
        let here = state.root == root;
        let tone = if here { Tone::Strong } else { Tone::Faint };
        pieces.push(piece(Tone::Key, format!(" {number}")));
        pieces.push(piece(tone, format!(" {}", words.say(word, &[]))));
        pieces.push(piece(Tone::Plain, " "));
    }
    // what waits for a person has a number of its own while there is any
    let count = |s: &StatusView| s.runs.iter().any(|(word, n)| word == "in_doubt" && *n > 0);
    if state.status.as_ref().is_some_and(count) {
        pieces.push(piece(Tone::Key, " 3"));
        pieces.push(piece(Tone::Warn, format!(" {} ", say!(words, "act-doubts"))));
    }
    let here = state.root == Root::Approvals;
    if (here && !state.is_open()) || !state.asked.rows.is_empty() {
        let more = if state.asked.more { "+" } else { "" };
        let count = match state.asked.rows.len() {
            0 => String::new(),
            count => format!(" {count}{more}"),
        };
        pieces.push(piece(Tone::Key, " 4"));
        let tone = if here { Tone::Strong } else { Tone::Warn };
        pieces.push(piece(tone, format!(" {}{count} ", say!(words, "act-approvals"))));
    }
    triggers(state, &mut pieces);
    notifications(state, &mut pieces);
    tabs(pen, state, area, &pieces);
    let filter = match state.root {
        Root::Workflows => state.workflows.filter.as_str(),
        Root::Runs => &state.runs.filter.text,
        Root::Triggers => &state.triggers.filter,
        Root::Slots => &state.ledger.filter.text,
        Root::Notifications => &state.notifications.words,
        Root::Home | Root::Upcoming | Root::Locks | Root::Approvals => "",
    };
    let arrow = format!(" {} ", state.look.glyph("›", ">"));
    if !filter.is_empty() {
        pieces.push(piece(Tone::Warn, format!(" /{filter}")));
    }
    if let Some(open) = &state.workflow {
        let here = if state.shown_workflow().is_some() { Tone::Strong } else { Tone::Plain };
        pieces.push(piece(Tone::Faint, arrow.clone()));
        pieces.push(piece(here, names::workflow(state, &open.name)));
        let inside = open.graph.as_ref().and_then(|graph| graph.of.clone());
        if let Some(step) = inside.filter(|_| state.shown_workflow().is_some()) {
            pieces.push(piece(Tone::Faint, arrow.clone()));
            pieces.push(piece(Tone::Plain, step));
        }
    }
    if let Some(trigger) = &state.trigger {
        let here = if state.run.is_some() { Tone::Plain } else { Tone::Strong };
        pieces.push(piece(Tone::Faint, arrow.clone()));
        pieces.push(piece(here, names::trigger(state, &trigger.name)));
    }
    if let Some(run) = &state.run {
        pieces.push(piece(Tone::Faint, arrow.clone()));
        pieces.push(piece(Tone::Strong, run.run.short()));
        if let Some(earlier) = run.earlier() {
            let text = say!(words, "run-again-of", run = earlier.short());
            pieces.push(piece(Tone::Faint, format!("  {text}")));
        }
        if let Some((caller, step)) = run.parent() {
            let step = step.as_str();
            let text = say!(words, "run-called-by", run = caller.short(), step = step);
            pieces.push(piece(Tone::Faint, format!("  {text}")));
        }
        if let Some(step) = run.selected().filter(|_| !run.all_steps) {
            pieces.push(piece(Tone::Faint, arrow));
            pieces.push(piece(Tone::Plain, step.path.to_string()));
        }
    }
    pen.line(area, &pieces);
}

/// A click on the number of a list, or on its name, is its key.
fn tabs(pen: &mut Pen<'_>, state: &State, area: Rect, pieces: &[Piece]) {
    if state.overlay.is_some() {
        return;
    }
    let mut x = area.x;
    let mut open: Option<(u16, Key)> = None;
    for (tone, text) in pieces {
        let wide = u16::try_from(crate::text::cells(text)).unwrap_or(u16::MAX);
        let number = text.trim().chars().next().filter(|_| *tone == Tone::Key);
        if let Some(number) = number {
            open = Some((x, Key::Char(number)));
        } else if let Some((from, key)) = open.take() {
            let width = (x - from).saturating_add(wide);
            pen.key(Rect { x: from, width, ..area }.intersection(area), key);
        }
        x = x.saturating_add(wide);
    }
}

/// The lists of triggers. Below them, and while something is open, only what matters
/// there: how many triggers want a person is said everywhere.
fn triggers(state: &State, pieces: &mut Vec<Piece>) {
    let wanting: usize = troubles(&state.triggers.rows).iter().map(|(_, count)| count).sum();
    let at_lists = !state.is_open();
    let lists = [
        ("5", Root::Triggers, "act-triggers"),
        ("6", Root::Upcoming, "act-upcoming"),
        ("7", Root::Locks, "act-locks"),
        ("9", Root::Slots, "act-slots"),
    ];
    for (number, root, word) in lists {
        let here = state.root == root;
        let wanting = if root == Root::Triggers { wanting } else { 0 };
        // where there is little room, what is looked at seldom is left to the help
        let filtered = state.root == Root::Runs && !state.runs.filter.is_empty();
        let seldom = match root {
            Root::Locks | Root::Slots => true,
            // which of the notifications are shown is said beside their name
            Root::Triggers => state.root == Root::Notifications,
            Root::Upcoming => {
                let wide = [Root::Locks, Root::Slots, Root::Notifications, Root::Approvals];
                wide.contains(&state.root) || filtered
            }
            _ => false,
        };
        let spare = seldom && state.size.0 < ROOMY;
        if !here && wanting == 0 && (!at_lists || spare) {
            continue;
        }
        let tone = if here { Tone::Strong } else { Tone::Faint };
        pieces.push(piece(Tone::Key, format!(" {number}")));
        pieces.push(piece(tone, format!(" {}", state.words.say(word, &[]))));
        if wanting > 0 {
            pieces.push(piece(Tone::Warn, format!(" !{wanting}")));
        }
        pieces.push(piece(Tone::Plain, " "));
    }
}

/// The notifications, with which of them are shown; elsewhere while there is something that
/// nobody has seen, and room.
fn notifications(state: &State, pieces: &mut Vec<Piece>) {
    let here = state.root == Root::Notifications;
    // how many are unread stands in the first line, with the key
    let spare = state.size.0 < ROOMY || state.is_open();
    if !here && (state.notifications.unread == 0 || spare) {
        return;
    }
    let tone = if here { Tone::Strong } else { Tone::Warn };
    pieces.push(piece(Tone::Key, " 8"));
    pieces.push(piece(tone, format!(" {}", say!(state.words, "act-notifications"))));
    if here {
        let filter = match state.notifications.filter {
            NotificationFilter::Unread => "notifications-unread",
            NotificationFilter::Open => "notifications-open",
            NotificationFilter::All => "notifications-all",
        };
        pieces.push(piece(Tone::Warn, format!(": {}", say!(state.words, filter))));
    }
    pieces.push(piece(Tone::Plain, " "));
}

/// What the last action came to, and the command that does the same.
fn said(pen: &mut Pen<'_>, state: &State, area: Rect) {
    let Some(notice) = &state.notice else { return };
    let mut pieces = vec![piece(Tone::Plain, " ")];
    if !notice.text.is_empty() {
        pieces.push(piece(notice.tone, format!("{}  ", notice.text)));
    }
    if !notice.command.is_empty() {
        pieces.push(piece(Tone::Faint, "$ "));
        pieces.push(piece(Tone::Plain, notice.command.clone()));
    }
    pen.line(area, &pieces);
}

/// The line in which a filter or a search is typed.
pub fn prompt(pen: &mut Pen<'_>, state: &State, prompt: &Prompt) {
    let [area, _] = layout::foot(state);
    pen.clear(area);
    let label = match prompt.purpose {
        Purpose::Filter | Purpose::Events => say!(state.words, "prompt-filter"),
        Purpose::Search => say!(state.words, "prompt-search"),
        Purpose::Name => say!(state.words, "prompt-name"),
        Purpose::Save => say!(state.words, "prompt-save"),
    };
    let slash = if matches!(prompt.purpose, Purpose::Name | Purpose::Save) { "> " } else { "/" };
    let used = pen.line(area, &[piece(Tone::Key, format!(" {label} {slash}"))]);
    let rest = Rect { x: area.x + used, width: area.width - used, ..area };
    let half = match prompt.purpose {
        // a name is short, what is wrong with it is not
        Purpose::Name => 22,
        Purpose::Save => usize::from(rest.width.saturating_sub(2)),
        Purpose::Filter | Purpose::Events | Purpose::Search => usize::from(rest.width / 2).max(10),
    };
    let (text, cursor) = prompt.input.visible(half);
    pen.text(rest, Tone::Strong, text);
    pen.cursor = Some((rest.x + u16::try_from(cursor).unwrap_or(0), rest.y));
    let width = u16::try_from(half + 2).unwrap_or(0).min(rest.width);
    let side = Rect { x: rest.x + width, width: rest.width - width, ..rest };
    match (&prompt.problem, prompt.purpose, state.root) {
        (None, Purpose::Filter, _) if !prompt.choice.is_empty() => {
            pen.text(side, Tone::Key, &prompt.choice.join(" "))
        }
        (Some(problem), ..) => pen.text(side, Tone::Bad, problem),
        (None, Purpose::Filter, Root::Slots) => {
            pen.text(side, Tone::Faint, &say!(state.words, "prompt-slots-syntax"))
        }
        (None, Purpose::Filter, Root::Runs) => {
            pen.text(side, Tone::Faint, &say!(state.words, "prompt-runs-syntax"))
        }
        _ => 0,
    };
}

/// Said instead of everything else.
pub fn too_small(pen: &mut Pen<'_>, area: Rect) {
    // both languages: nobody can change it here
    let (width, height) = SMALLEST;
    let texts = [
        format!("{}x{} < {width}x{height}", area.width, area.height),
        "too small / малък екран".to_owned(),
        "q: quit / изход".to_owned(),
    ];
    for (i, text) in (0..).zip(texts.iter()) {
        if i < area.height {
            pen.text(Rect { y: area.y + i, height: 1, ..area }, Tone::Plain, text);
        }
    }
}
