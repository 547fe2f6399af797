//! Where one has been: back and forth, and the place before.

use rpa_engine::RunId;

use super::{LedgerFilter, Root, RunsFilter, State, TriggerName, places, triggers, workflow};
use crate::console::theme::Tone;
use crate::say;

/// Places that are remembered.
const MOST: usize = 100;

/// A list with its filter, and what was opened from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    root: Root,
    filter: String,
    workflow: Option<String>,
    trigger: Option<TriggerName>,
    run: Option<RunId>,
}

impl Spot {
    pub(super) fn is_at(&self, other: &Spot) -> bool {
        // a filter that is typed is no way
        let Spot { root, filter: _, workflow, trigger, run } = other;
        (&self.root, &self.workflow, &self.trigger, &self.run) == (root, workflow, trigger, run)
    }
}

#[derive(Clone, Debug, Default)]
pub struct Trail {
    spots: Vec<Spot>,
    at: usize,
}

impl State {
    /// The text of the filter of a list.
    pub fn filter_text(&self) -> &str {
        match self.root {
            Root::Workflows => &self.workflows.filter,
            Root::Runs => &self.runs.filter.text,
            Root::Triggers => &self.triggers.filter,
            Root::Slots => &self.ledger.filter.text,
            Root::Notifications => &self.notifications.words,
            Root::Home | Root::Upcoming | Root::Locks | Root::Approvals => "",
        }
    }

    pub(super) fn spot(&self) -> Spot {
        Spot {
            root: self.root,
            filter: self.filter_text().to_owned(),
            workflow: self.workflow.as_ref().map(|open| open.name.clone()),
            trigger: self.trigger.as_ref().map(|open| open.name.clone()),
            run: self.run.as_ref().map(|open| open.run),
        }
    }
}

/// Remembers where one is, if that is another place than before.
pub fn record(state: &mut State) {
    let now = state.spot();
    let Trail { spots, at } = &mut state.trail;
    match spots.get_mut(*at) {
        Some(here) if here.is_at(&now) => here.filter = now.filter,
        Some(_) => {
            spots.truncate(*at + 1);
            spots.push(now);
            let excess = spots.len().saturating_sub(MOST);
            spots.drain(..excess);
            *at = spots.len() - 1;
        }
        None => (*spots, *at) = (vec![now], 0),
    }
}

/// One place back on the way, or on again.
pub fn step(state: &mut State, on: bool) {
    let Trail { spots, at } = &state.trail;
    let to = if on { Some(at + 1) } else { at.checked_sub(1) };
    match to.and_then(|to| Some((to, spots.get(to)?.clone()))) {
        Some((to, spot)) => {
            state.trail.at = to;
            go(state, spot);
        }
        None => {
            let text = say!(state.words, "trail-ends");
            state.tell(Tone::Faint, text, String::new());
        }
    }
}

/// The place before this one: twice is here again.
pub fn last(state: &mut State) {
    let Trail { spots, at } = &state.trail;
    match at.checked_sub(1).and_then(|before| spots.get(before).cloned()) {
        // a new step of the way, so that the same key leads back
        Some(spot) => go(state, spot),
        None => step(state, false),
    }
}

fn go(state: &mut State, spot: Spot) {
    state.overlay = None;
    show(state, spot.root, &spot.filter);
    if let Some(name) = &spot.workflow {
        workflow::open(state, name);
    }
    if let Some(name) = spot.trigger {
        triggers::open(state, name);
    }
    if let Some(run) = spot.run {
        places::open_run(state, run);
    }
}

/// A list with a filter; whether it is one that it can have.
pub fn show(state: &mut State, root: Root, filter: &str) -> bool {
    let mut fits = true;
    match root {
        Root::Workflows => state.workflows.filter = filter.to_owned(),
        Root::Triggers => state.triggers.filter = filter.to_owned(),
        Root::Notifications => state.notifications.words = filter.to_owned(),
        Root::Runs => match RunsFilter::parse(filter, &state.words) {
            Ok(filter) => state.runs.set_filter(filter),
            Err(_) => fits = false,
        },
        Root::Slots => match LedgerFilter::parse(filter, &state.words) {
            Ok(filter) => state.ledger.filter = filter,
            Err(_) => fits = false,
        },
        Root::Home | Root::Upcoming | Root::Locks | Root::Approvals => {}
    }
    places::go(state, root);
    fits
}
