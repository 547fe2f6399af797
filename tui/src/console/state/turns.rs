//! How far a loop is, in words.

use rpa_ipc::view::StepView;

use super::State;
use crate::say;
use crate::steps::{Progress, progress};
use crate::text::number;

/// `5 of 10 done, 2 under way, 1 failed`; nothing for what is no loop.
pub fn turns_text(state: &State, step: &StepView) -> Option<String> {
    let words = &state.words;
    let turns = step.turns?;
    let count = |n: u32| number(n.into());
    let progress = progress(step, &turns);
    let mut parts = vec![match progress {
        Progress::Ended(all) => say!(words, "turns-all", count = all, number = count(all)),
        Progress::Done { done, total } => {
            say!(words, "turns-done", done = count(done), total = count(total))
        }
        Progress::Turn { begun, most } => {
            say!(words, "turns-at", turn = count(begun), most = count(most))
        }
    }];
    // of a loop that goes turn by turn there is never more than one
    if turns.open > 0 && matches!(progress, Progress::Done { .. }) {
        parts.push(say!(words, "turns-open", number = count(turns.open)));
    }
    if turns.failed > 0 {
        parts.push(say!(words, "turns-failed", number = count(turns.failed)));
    }
    Some(parts.join(", "))
}
