//! What is on the screen stands still for as long as somebody reads it.
//!
//! What the daemon tells meanwhile is let go, and asked for again afterwards. It lasts until
//! it is undone, or until something else is looked at: nobody shall take old news of another
//! screen for new. A log has a way of its own to stand still, and is not held.

use super::{Effect, News, RunsWant, State, Wants};
use crate::console::theme::Tone;
use crate::say;

/// What was looked at when everything was told to stand still.
#[derive(Clone, Debug)]
pub struct Frozen(Wants);

impl State {
    pub fn is_frozen(&self) -> bool {
        self.frozen.is_some()
    }
}

/// Still, or live again.
pub fn toggle(state: &mut State) -> Vec<Effect> {
    if state.is_frozen() {
        return thaw(state);
    }
    state.frozen = Some(Frozen(held(state)));
    let text = say!(state.words, "frozen");
    state.tell(Tone::Plain, text, String::new());
    Vec::new()
}

/// Ends it when something else is looked at by now.
pub fn watch(state: &mut State) -> Vec<Effect> {
    let moved = state.frozen.as_ref().is_some_and(|Frozen(wants)| *wants != held(state));
    if moved { thaw(state) } else { Vec::new() }
}

/// Whether this is let go: it would change what stands still.
pub fn lets_go(state: &State, news: &News) -> bool {
    state.is_frozen()
        && !matches!(
            news,
            News::Up
                | News::Lost(_)
                | News::Log { .. }
                | News::LogGrew { .. }
                | News::LogRefused(_)
                | News::Found { .. }
                | News::FoundRuns { .. }
                | News::Why { .. }
                | News::WhyRefused(_)
                | News::Done(_)
        )
}

fn thaw(state: &mut State) -> Vec<Effect> {
    state.frozen = None;
    let text = say!(state.words, "thawed");
    state.tell(Tone::Plain, text, String::new());
    vec![Effect::Refetch]
}

/// What the screen shows, without what moves by itself or over it.
fn held(state: &State) -> Wants {
    let still = |want: RunsWant| RunsWant { since_ms: want.since_ms.map(|_| 0), ..want };
    let wants = state.wants();
    Wants { runs: wants.runs.map(still), log: None, find: None, search: None, why: None, ..wants }
}
