//! The first minutes: no workflow is there, and somebody looks.
//!
//! Three steps lead to an example that has run: apply it, run it, watch it. Which of them
//! is next is seen from what the daemon tells; nothing is remembered.

use rpa_config::examples::WELCOME;
use rpa_engine::RunId;

use super::{Call, Effect, State, act, is_over};
use crate::console::command;
use crate::console::keys::Action;
use crate::console::theme::Tone;
use crate::say;

/// The step that is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Welcome {
    Apply,
    Run,
    Watch,
}

impl Welcome {
    pub const ALL: [Welcome; 3] = [Welcome::Apply, Welcome::Run, Welcome::Watch];

    pub fn action(self) -> Action {
        match self {
            Welcome::Apply => Action::ApplyExample,
            Welcome::Run => Action::RunWorkflow,
            Welcome::Watch => Action::Log,
        }
    }

    /// What does the same in a shell.
    pub fn command(self, state: &State) -> String {
        let namespace = &state.namespace;
        match self {
            Welcome::Apply => command::example(namespace),
            Welcome::Run => command::run(namespace, &workflow(state), &[]),
            Welcome::Watch => match run(state) {
                Some(run) => command::logs(namespace, run, None, true),
                None => command::runs(namespace, ""),
            },
        }
    }
}

/// The example with its namespace.
pub fn workflow(state: &State) -> String {
    format!("{}/{}", state.namespace, WELCOME)
}

/// The run of the example that is under way.
pub fn run(state: &State) -> Option<RunId> {
    let last = state.workflows.named(&workflow(state))?.last_run.as_ref()?;
    Some(last.run)
}

/// `None` for whoever has workflows of their own, or has seen the example run.
pub fn stage(state: &State) -> Option<Welcome> {
    if !state.at_home() || !state.workflows.known {
        return None;
    }
    match state.workflows.rows.as_slice() {
        [] => Some(Welcome::Apply),
        [only] if only.workflow == workflow(state) => match &only.last_run {
            None => Some(Welcome::Run),
            Some(run) if !is_over(&run.status) => Some(Welcome::Watch),
            Some(_) => None,
        },
        _ => None,
    }
}

/// Enter does the step that is next.
pub fn go_on(state: &mut State, stage: Welcome) -> Vec<Effect> {
    act::perform(state, stage.action())
}

pub fn apply(state: &mut State) -> Vec<Effect> {
    let text = say!(state.words, "welcome-applying", name = WELCOME);
    state.tell(Tone::Busy, text, command::example(&state.namespace));
    state.calls += 1;
    vec![Effect::Call(Call::ApplyExample)]
}
