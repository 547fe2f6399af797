//! Pausing runs and letting them go on. Either can be taken back, so of one run nothing is
//! asked.

use rpa_engine::RunId;

use super::{Effect, State, Verb, confirm};
use crate::console::theme::Tone;
use crate::say;

pub fn pause(state: &mut State) -> Vec<Effect> {
    let runs = can_pause(state);
    if runs.is_empty() {
        let text = say!(state.words, "pause-nothing");
        state.tell(Tone::Warn, text, String::new());
        return Vec::new();
    }
    confirm::ask_for_several(state, Verb::Pause, &runs)
}

pub fn resume(state: &mut State) -> Vec<Effect> {
    let runs = can_resume(state);
    if runs.is_empty() {
        let text = say!(state.words, "resume-nothing");
        state.tell(Tone::Warn, text, String::new());
        return Vec::new();
    }
    confirm::ask_for_several(state, Verb::Resume, &runs)
}

/// The meant runs in which something may still begin.
pub fn can_pause(state: &State) -> Vec<RunId> {
    let may = |status: &str| !super::is_over(status) && status != "paused";
    meant(state).into_iter().filter(|(_, status)| may(status)).map(|(run, _)| run).collect()
}

/// The meant runs that are paused. A single one is asked for whenever it has not ended:
/// until its steps have ended, one that is paused goes on.
fn can_resume(state: &State) -> Vec<RunId> {
    let meant = meant(state);
    let single = meant.len() == 1;
    let may = |status: &str| status == "paused" || (single && !super::is_over(status));
    meant.into_iter().filter(|(_, status)| may(status)).map(|(run, _)| run).collect()
}

/// The open run, the marked ones, or the selected one, with their statuses.
fn meant(state: &State) -> Vec<(RunId, String)> {
    match &state.run {
        Some(screen) => {
            let status = screen.detail.as_ref().map(|detail| detail.summary.status.clone());
            status.map(|status| (screen.run, status)).into_iter().collect()
        }
        None => state.runs.meant().iter().map(|r| (r.run, r.status.clone())).collect(),
    }
}
