//! What has happened to a run, in order: the rows of its events pane, and what the bars of
//! the timeline are made of.
//!
//! Of a long history the newest are kept. A row is selected by its place among all that
//! the console knows; at the newest the selection follows what happens.

use std::collections::HashMap;

use rpa_engine::StepPath;
use rpa_ipc::Fault;
use rpa_ipc::fault::Arg;
use rpa_ipc::why::Telling;

use super::filter::matches_words;
use super::timeline::{Mark, Sort};
use super::{Focus, Lower, State, moving};
use crate::console::time;
use crate::console::view::layout;

/// Events that are kept: older ones are for `rpa why --all`.
pub const MOST_EVENTS: usize = 5_000;

#[derive(Clone, Debug)]
pub struct EventsPane {
    /// Whether the daemon has answered.
    pub known: bool,
    pub fault: Option<Fault>,
    /// The oldest first.
    pub all: Vec<Telling>,
    /// So many older ones are not kept.
    pub left_out: u64,
    /// As it was typed.
    pub filter: String,
    /// Which of `all` are shown, in order.
    pub rows: Vec<usize>,
    /// The newest row stays selected.
    pub follow: bool,
    /// The selected row, and the first that is shown.
    pub at: usize,
    pub top: usize,
    /// What the timeline tells of each step, by path: one for each of `all` that is told there.
    marks: HashMap<String, Vec<Mark>>,
}

impl EventsPane {
    pub fn new() -> EventsPane {
        EventsPane {
            known: false,
            fault: None,
            all: Vec::new(),
            left_out: 0,
            filter: String::new(),
            rows: Vec::new(),
            follow: true,
            at: 0,
            top: 0,
            marks: HashMap::new(),
        }
    }

    pub fn selected(&self) -> Option<&Telling> {
        self.all.get(*self.rows.get(self.at)?)
    }

    /// What has happened to the step at `path`, the oldest first.
    pub fn marks(&self, path: &str) -> &[Mark] {
        self.marks.get(path).map_or(&[], Vec::as_slice)
    }

    fn take(&mut self, tellings: Vec<Telling>) {
        for (path, mark) in tellings.iter().filter_map(marked) {
            self.marks.entry(path).or_default().push(mark);
        }
        self.all.extend(tellings);
        let over = self.all.len().saturating_sub(MOST_EVENTS);
        if over > 0 {
            self.left_out += over as u64;
            let gone: Vec<Telling> = self.all.drain(..over).collect();
            self.at = self.at.saturating_sub(over);
            self.forget(&gone);
        }
    }

    /// The marks of these are not kept either, but for the last of a step that goes on: its
    /// bar is in that part still.
    fn forget(&mut self, gone: &[Telling]) {
        let mut kept: HashMap<String, usize> =
            gone.iter().filter_map(marked).map(|(path, _)| (path, 0)).collect();
        for (path, _) in self.all.iter().filter_map(marked) {
            kept.entry(path).and_modify(|count| *count += 1);
        }
        for (path, kept) in kept {
            let Some(marks) = self.marks.get_mut(&path) else { continue };
            let over = marks.len().saturating_sub(kept);
            let goes_on = marks[..over].last().is_some_and(|mark| mark.sort != Sort::Ends);
            marks.drain(..over - usize::from(goes_on));
            if marks.is_empty() {
                self.marks.remove(&path);
            }
        }
    }

    fn go(&mut self, to: usize, height: usize) {
        let last = self.rows.len().saturating_sub(1);
        self.at = to.min(last);
        self.follow = self.at == last;
        self.show(height);
    }

    fn show(&mut self, height: usize) {
        let height = height.max(1);
        self.top = self.top.min(self.at).min(self.rows.len().saturating_sub(height));
        if self.at >= self.top + height {
            self.top = self.at + 1 - height;
        }
    }
}

/// What the timeline tells of it, and of which step.
fn marked(telling: &Telling) -> Option<(String, Mark)> {
    let (path, at_ms) = (telling.path.as_ref()?, telling.at_ms?);
    Some((path.to_string(), Mark { at_ms, sort: Sort::of(telling)? }))
}

impl Default for EventsPane {
    fn default() -> EventsPane {
        EventsPane::new()
    }
}

/// What the daemon tells: the first of it replaces what was known.
pub fn got(state: &mut State, first: bool, left_out: u64, tellings: Vec<Telling>) {
    let Some(run) = &mut state.run else { return };
    if first {
        let (filter, follow, at, top) =
            (run.events.filter.clone(), run.events.follow, run.events.at, run.events.top);
        run.events = EventsPane { filter, follow, at, top, left_out, ..EventsPane::new() };
    }
    run.events.known = true;
    run.events.fault = None;
    run.events.take(tellings);
    choose(state);
}

/// The selected row in sight, whatever has become of the room.
pub fn settle(state: &mut State) {
    let height = layout::event_rows(state);
    state.run.iter_mut().for_each(|run| run.events.show(height));
}

/// Which rows there are, after something has come or what is wanted has changed.
pub fn choose(state: &mut State) {
    let height = layout::event_rows(state);
    let Some(run) = &state.run else { return };
    let pane = &run.events;
    let step = run.log_step();
    let rows = pane.all.iter().enumerate();
    let rows: Vec<usize> = rows
        .filter(|(_, telling)| is_of(telling, step.as_ref()))
        .filter(|(_, telling)| {
            pane.filter.is_empty() || matches_words(&searched(state, telling), &pane.filter)
        })
        .map(|(at, _)| at)
        .collect();
    let Some(run) = &mut state.run else { return };
    let pane = &mut run.events;
    pane.rows = rows;
    let last = pane.rows.len().saturating_sub(1);
    pane.at = if pane.follow { last } else { pane.at.min(last) };
    pane.show(height);
}

fn is_of(telling: &Telling, step: Option<&StepPath>) -> bool {
    let Some(step) = step else { return true };
    telling.path.as_ref().is_some_and(|path| path == step || path.is_below(step.as_str()))
}

fn searched(state: &State, telling: &Telling) -> String {
    let path = telling.path.as_ref().map_or("", StepPath::as_str);
    format!("{path} {} {} {}", telling.kind, event_text(state, telling), event_who(telling))
}

/// What happened in a sentence, on one line.
pub fn event_text(state: &State, telling: &Telling) -> String {
    let said = telling.sentence(state.words.language(), &|ms| time::moment(state, ms));
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The person whose doing it was; empty of what the daemon did by itself.
pub fn event_who(telling: &Telling) -> &str {
    let by = telling.what.args.iter().find(|(name, _)| name == "by");
    match by {
        Some((_, Arg::Text(who))) => who,
        _ => "",
    }
}

pub fn scroll(state: &mut State, rows: isize) {
    let height = layout::event_rows(state);
    let Some(run) = &mut state.run else { return };
    let to = run.events.at.saturating_add_signed(rows);
    run.events.go(to, height);
}

pub fn filter(state: &mut State, text: &str) {
    let Some(run) = &mut state.run else { return };
    if run.events.filter != text {
        text.clone_into(&mut run.events.filter);
        run.events.follow = true;
        choose(state);
    }
}

/// The step that the selected event is about, selected above.
pub fn open_selected(state: &mut State) {
    let Some(run) = &mut state.run else { return };
    let Some(path) = run.events.selected().and_then(|telling| telling.path.clone()) else { return };
    run.steps.id = Some(path.to_string());
    run.refold();
    (run.focus, run.lower, run.zoom) = (Focus::Steps, Lower::Log, false);
    moving::settle(state);
}

#[cfg(test)]
mod tests {
    use rpa_ipc::said;

    use super::*;

    #[test]
    fn marks_go_with_the_events_that_made_them() {
        let telling = |n: usize| {
            let path: StepPath = format!("each[{}]/get", n / 10).parse().unwrap();
            let what = match n % 10 {
                9 => said!("why-step-completed", step = "get"),
                _ => said!("why-step-started", step = "get"),
            };
            Telling::new(Some(n as u64), Some(path), what)
        };
        let mut pane = EventsPane::new();
        for start in (0..3 * MOST_EVENTS).step_by(495) {
            pane.take((start..start + 495).map(telling).collect());
        }
        let made = pane.all.iter().filter_map(marked).count();
        let kept: usize = pane.marks.values().map(Vec::len).sum();
        assert_eq!(pane.all.len(), MOST_EVENTS);
        // one more of the step that was cut in two
        assert!((made..=made + 1).contains(&kept), "{kept} of {made}");
        assert!(made > 0 && pane.marks("each[0]/get").is_empty());
        let first = pane.all[0].at_ms.unwrap();
        let cut = pane.marks(&format!("each[{}]/get", first / 10));
        assert!(cut[0].at_ms < first, "what it was doing is known");
    }
}
