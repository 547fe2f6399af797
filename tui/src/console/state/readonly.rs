//! A console that changes nothing: whatever would is refused with a sentence.
//!
//! Actions are refused when they are asked for; and, whatever way it took, no call that
//! changes something leaves the state: it is answered with the refusal at once.

use rpa_ipc::{Fault, FaultCode, fault, said};

use super::{Call, Done, State};
use crate::console::keys::Action;
use crate::console::theme::Tone;
use crate::say;

/// Whether the action leads to a change of something that others see.
fn changes(action: Action) -> bool {
    matches!(
        action,
        Action::ApplyExample
            | Action::RunWorkflow
            | Action::Cancel
            | Action::Pause
            | Action::Resume
            | Action::Retry
            | Action::Rerun
            | Action::Resolve
            | Action::PauseTrigger
            | Action::ResumeTrigger
            | Action::OnOff
            | Action::FireTrigger
            | Action::Backfill
            | Action::Acknowledge
            | Action::AckAll
            | Action::Release
            | Action::Resize
            | Action::Edit
            | Action::EditText
            | Action::NewWorkflow
            | Action::Publish
            | Action::RollBack
    )
}

/// Whether it was refused, and that was said.
pub fn refuses(state: &mut State, action: Action) -> bool {
    changes(action) && refuses_to_change(state)
}

/// The same of what has no action.
pub fn refuses_to_change(state: &mut State) -> bool {
    let refused = state.settings.read_only;
    if refused {
        let text = say!(state.words, "read-only");
        state.tell(Tone::Warn, text, String::new());
    }
    refused
}

/// The answer to a call that is not made; `None` where it may be.
pub fn answer(state: &State, call: &Call) -> Option<Done> {
    if !state.settings.read_only {
        return None;
    }
    let no = || -> Fault {
        fault!(FaultCode::Denied, "console-read-only").hint(said!("hint-console-read-only"))
    };
    Some(match call.clone() {
        Call::Test(_)
        | Call::WriteLog(_)
        | Call::Backfill { dry_run: true, .. }
        | Call::Sources { .. }
        | Call::Newest { .. }
        | Call::Plan { .. } => return None,
        Call::Submit { .. } => Done::Started(Err(no())),
        Call::ApplyExample => Done::ExampleApplied(Err(no())),
        Call::Publish { .. } => Done::Published(Err(no())),
        Call::RollBack { revision, .. } => Done::RolledBack(revision, Err(no())),
        Call::Apply { file, .. } => Done::Applied(file, Err(no())),
        Call::Again(again) => Done::Again(again, Err(no())),
        Call::Cancel { run } => Done::Cancelled(run, Err(no())),
        Call::Pause { run } => Done::Paused(run, Err(no())),
        Call::Resume { run } => Done::Resumed(run, Err(no())),
        Call::Resolve { run, path, .. } => Done::Resolved(run, path, Err(no())),
        Call::Vote(ballot) => Done::Voted(ballot, Err(no())),
        Call::Order { name, wish } => Done::Ordered(name, wish, Err(no())),
        Call::Fire(trying) => Done::Fired(trying, Err(no())),
        Call::Backfill { asking, dry_run } => Done::Backfilled(asking, dry_run, Err(no())),
        Call::Acknowledge(seen) => Done::Acknowledged(seen, Err(no())),
        Call::Release(hold) => Done::Released(hold, Err(no())),
        Call::SizePool { name, size } => Done::PoolSized(name, size, Err(no())),
    })
}
