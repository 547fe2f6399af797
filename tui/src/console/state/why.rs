//! Why a run, or the selected step of it, stands where it stands.

use rpa_engine::{Label, RunId, StepPath};
use rpa_ipc::Fault;
use rpa_ipc::service::run_ref;
use rpa_ipc::why::{Telling, Why, WhyQuery};

use super::{DataLine, Effect, Overlay, State, act};
use crate::console::command;
use crate::console::keys::{Action, Key};
use crate::console::theme::Tone;
use crate::console::time;
use crate::console::view::layout;
use crate::say;
use crate::text::wrapped;

/// Tellings that are asked for at first, and by how many more when the end is reached.
const PIECE: u32 = 200;
/// Tellings that are shown: the rest is for the command.
const MOST: u32 = 1_000;

#[derive(Clone, Debug)]
pub struct WhyPane {
    pub run: RunId,
    /// The step that was selected.
    pub step: Option<StepPath>,
    /// The run is told of, although a step was selected.
    pub whole: bool,
    /// What was told last, of the one or the other.
    pub why: Option<Why>,
    pub fault: Option<Fault>,
    /// First line that is shown.
    pub top: usize,
    limit: u32,
}

impl WhyPane {
    fn new(run: RunId, step: Option<StepPath>) -> WhyPane {
        WhyPane { run, step, whole: false, why: None, fault: None, top: 0, limit: PIECE }
    }

    /// The step that is told of; none for the run.
    pub fn path(&self) -> Option<&StepPath> {
        self.step.as_ref().filter(|_| !self.whole)
    }

    /// A refusal is final.
    pub fn want(&self, namespace: &Label) -> Option<WhyQuery> {
        self.fault.is_none().then(|| WhyQuery {
            run: run_ref(namespace, self.run),
            path: self.path().cloned(),
            all: false,
            limit: self.limit,
            cursor: None,
        })
    }

    /// There is more, and it is not asked for by itself.
    pub fn has_more(&self) -> bool {
        self.limit >= MOST && self.why.as_ref().is_some_and(|why| why.next.is_some())
    }
}

pub fn open(state: &mut State) {
    let meant = match &state.run {
        Some(run) => Some((run.run, run.selected().map(|step| step.path.clone()))),
        None => state.runs.selected().map(|run| (run.run, None)),
    };
    let Some((run, step)) = meant else { return };
    let command = command::why(&state.namespace, run, step.as_ref());
    state.tell(Tone::Faint, String::new(), command);
    state.overlay = Some(Overlay::Why(Box::new(WhyPane::new(run, step))));
}

pub fn key(state: &mut State, mut pane: Box<WhyPane>, key: Key) -> Vec<Effect> {
    let height = usize::from(layout::why(state).height).max(1);
    let lines = why_lines(state, &pane).len();
    let last = lines.saturating_sub(height);
    match state.settings.keyboard.latin(key) {
        Key::Enter if nexts(state, &pane).iter().any(|next| next.0 == Action::Open) => {
            return act::perform(state, Action::Open);
        }
        Key::Esc | Key::Backspace | Key::Enter | Key::Char('W' | 'q') => return Vec::new(),
        Key::Up | Key::Char('k') => pane.top = pane.top.saturating_sub(1),
        Key::Down | Key::Char('j') => pane.top = (pane.top + 1).min(last),
        Key::PageUp | Key::Ctrl('u') => pane.top = pane.top.saturating_sub(height),
        Key::PageDown | Key::Ctrl('d') | Key::Char(' ') => {
            pane.top = (pane.top + height).min(last);
        }
        Key::Home | Key::Char('g') => pane.top = 0,
        Key::End | Key::Char('G') => pane.top = last,
        Key::Tab | Key::BackTab if pane.step.is_some() => {
            let whole = !pane.whole;
            *pane = WhyPane { whole, ..WhyPane::new(pane.run, pane.step.clone()) };
            let command = command::why(&state.namespace, pane.run, pane.path());
            state.tell(Tone::Faint, String::new(), command);
        }
        key => {
            // what can be done about it is done from here
            let action = state.keys.lookup(key, &state.scopes());
            let is_next = |action: &Action| nexts(state, &pane).iter().any(|n| n.0 == *action);
            if let Some(action) = action.filter(is_next) {
                return act::perform(state, action);
            }
        }
    }
    let has_next = pane.why.as_ref().is_some_and(|why| why.next.is_some());
    if has_next && pane.top == last && last > 0 {
        pane.limit = (pane.limit + PIECE).min(MOST);
    }
    state.overlay = Some(Overlay::Why(pane));
    Vec::new()
}

pub fn got(state: &mut State, query: &WhyQuery, why: Why) {
    if let Some(Overlay::Why(pane)) = &mut state.overlay
        && pane.run == why.run
        && pane.path() == query.path.as_ref()
    {
        pane.why = Some(why);
        pane.fault = None;
    }
}

pub fn refused(state: &mut State, fault: Fault) {
    if let Some(Overlay::Why(pane)) = &mut state.overlay {
        pane.fault = Some(fault);
    }
}

/// All lines, as wide as there is room.
pub fn why_lines(state: &State, pane: &WhyPane) -> Vec<DataLine> {
    let width = usize::from(layout::why(state).width);
    let mut lines = Vec::new();
    if let Some(fault) = &pane.fault {
        put(&mut lines, width, Tone::Bad, "", &super::fault_text(state, fault));
        put(&mut lines, width, Tone::Plain, "", &super::fault_hint(state, fault));
        return lines;
    }
    let Some(why) = &pane.why else {
        put(&mut lines, width, Tone::Faint, "", &say!(state.words, "list-asking"));
        return lines;
    };
    for (place, telling) in why.now.iter().enumerate() {
        let (tone, head) = if place == 0 { (Tone::Strong, "") } else { (Tone::Plain, "  ") };
        put(&mut lines, width, tone, head, &sentence(state, telling));
    }
    let nexts = nexts(state, pane);
    if !nexts.is_empty() {
        put(&mut lines, width, Tone::Plain, "", "");
        put(&mut lines, width, Tone::Strong, "", &say!(state.words, "why-next"));
    }
    for (action, command) in nexts {
        let label = state.words.say(&action.label(), &[]);
        let binding = state.keys.binding(action, &state.scopes());
        let key = binding.and_then(|binding| binding.keys.first()).map(ToString::to_string);
        let head = format!("  {}  ", key.unwrap_or_else(|| ":".to_owned()));
        put(&mut lines, width, Tone::Key, &head, &format!("{label}  $ {command}"));
    }
    if !why.tellings.is_empty() {
        put(&mut lines, width, Tone::Plain, "", "");
    }
    for telling in &why.tellings {
        let moment = telling.at_ms.map_or_else(String::new, |ms| time::moment(state, ms));
        put(&mut lines, width, Tone::Plain, &format!("{moment}  "), &sentence(state, telling));
    }
    if pane.has_more() {
        let command = command::why(&state.namespace, pane.run, pane.path());
        put(&mut lines, width, Tone::Faint, "", &say!(state.words, "why-more", command = command));
    }
    lines
}

/// What a person can do about it, with the command that does the same; nothing where nobody
/// is wanted.
fn nexts(state: &State, pane: &WhyPane) -> Vec<(Action, String)> {
    let open = state.run.as_ref().filter(|open| open.run == pane.run);
    let known = open.and_then(|open| Some(&open.detail.as_ref()?.summary));
    let listed = || state.runs.rows.iter().find(|row| row.run == pane.run);
    let Some(summary) = known.or_else(listed) else { return Vec::new() };
    let command = |verb: &str, rest: &[&str]| {
        let args = std::iter::once(summary.run.short());
        let args: Vec<String> = args.chain(rest.iter().map(|&word| word.to_owned())).collect();
        command::typed(&state.namespace, verb, &args)
    };
    let step = |of: Option<&StepPath>| of.map_or(summary.at_step.clone(), StepPath::to_string);
    if summary.held {
        let args = ["--restored", "--dry-run"].map(str::to_owned);
        return vec![(Action::Resume, command::typed(&state.namespace, "resume", &args))];
    }
    // from a list the run is opened first
    let decide = if open.is_some() { Action::Resolve } else { Action::Open };
    match summary.status.as_str() {
        "in_doubt" => {
            let path = step(open.and_then(|open| open.doubt()).map(|step| &step.path));
            vec![(decide, format!("{} done|retry|fail", command("resolve", &[&path])))]
        }
        "paused" => vec![(Action::Resume, command("resume", &[]))],
        "failed" if summary.at_step.is_empty() => vec![(Action::Retry, command("retry", &[]))],
        "failed" => {
            let again = command("rerun", &["--from", &summary.at_step]);
            vec![(Action::Retry, command("retry", &[])), (Action::Rerun, again)]
        }
        // what a run that it has called asks is answered there
        _ if summary.needs_person => match open.map(|open| open.asking()) {
            Some(None) => Vec::new(),
            Some(Some(asked)) => vec![(decide, command("approve", &[asked.path.as_str()]))],
            None => vec![(decide, command("show", &[]))],
        },
        _ => Vec::new(),
    }
}

/// On one line, though errors may have several.
fn sentence(state: &State, telling: &Telling) -> String {
    let moment = |ms: u64| time::moment(state, ms);
    let said = telling.sentence(state.words.language(), &moment);
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn put(lines: &mut Vec<DataLine>, width: usize, tone: Tone, head: &str, text: &str) {
    let indent = crate::text::cells(head);
    let blank = " ".repeat(indent);
    for (row, piece) in wrapped(text, width.saturating_sub(indent)).into_iter().enumerate() {
        let head = if row == 0 { head } else { &blank };
        lines.push(DataLine { tone, text: format!("{head}{piece}") });
    }
}
