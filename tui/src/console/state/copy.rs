//! What is selected, or the command for it, to the clipboard of the terminal.

use super::{Effect, Focus, LedgerRow, Lower, Root, State, TriggerName, event_text, triggers};
use crate::console::command;
use crate::console::keys::Scope;
use crate::console::theme::Tone;
use crate::console::view::{layout, names};
use crate::say;
use crate::text::{cells, fit};

/// Bytes that a terminal takes surely: 74,994 of base64, of which four stand for three.
pub const MOST: usize = 74_994 / 4 * 3;
/// Cells of what was copied that are shown.
const SHOWN: usize = 40;

/// Sends the text to the terminal, or keeps in a file what no clipboard takes. Whether the
/// terminal has taken it nobody is told, so it is not said either.
pub fn text(state: &mut State, text: &str) -> Vec<Effect> {
    if text.is_empty() {
        let said = say!(state.words, "copy-nothing");
        state.tell(Tone::Warn, said, String::new());
        return Vec::new();
    }
    if text.len() > MOST {
        return vec![Effect::Keep(text.to_owned())];
    }
    let ellipsis = state.look.ellipsis();
    let shown = if cells(text) > SHOWN { fit(text, SHOWN, ellipsis) } else { text.to_owned() };
    let said = match state.in_tmux {
        true => say!(state.words, "copied-tmux", text = shown),
        false => say!(state.words, "copied", text = shown),
    };
    state.tell(Tone::Good, said, String::new());
    vec![Effect::Copy(text.to_owned())]
}

/// The same of a command.
pub fn command(state: &mut State, command: &str) -> Vec<Effect> {
    let effects = text(state, command);
    if effects.iter().any(|effect| matches!(effect, Effect::Copy(_))) {
        let said = match state.in_tmux {
            true => say!(state.words, "copied-command-tmux"),
            false => say!(state.words, "copied-command"),
        };
        state.tell(Tone::Good, said, command.to_owned());
    }
    effects
}

/// What names the selected thing to `rpa`: a run, a workflow, a step, a line.
pub fn id(state: &mut State) -> Vec<Effect> {
    let selected = selected(state).unwrap_or_default();
    text(state, &selected)
}

/// The command that was shown last, or the one that shows what is looked at.
pub fn shown_command(state: &mut State) -> Vec<Effect> {
    let told = state.notice.as_ref().map(|notice| notice.command.clone());
    let told = told.filter(|command| !command.is_empty());
    let command = told.unwrap_or_else(|| current(state));
    self::command(state, &command)
}

fn selected(state: &State) -> Option<String> {
    if let Some(run) = &state.run {
        return match (run.focus, run.lower, state.scopes()[0]) {
            (Focus::Lower, Lower::Log, _) => {
                Some(run.log.line(layout::log_rows(state))?.text.clone())
            }
            (Focus::Lower, Lower::Data, _) => {
                // the whole line that the first row is of
                let (line, _) = super::data_rows(state).into_iter().nth(run.data_top)?;
                Some(super::data_lines(state).get(line)?.text.trim().to_owned())
            }
            (Focus::Lower, Lower::Events, _) => Some(event_text(state, run.events.selected()?)),
            (Focus::Lower | Focus::Steps, ..) if run.all_steps => Some(run.run.short()),
            (Focus::Lower | Focus::Steps, ..) => match run.selected() {
                Some(step) => Some(step.path.to_string()),
                None => Some(run.run.short()),
            },
        };
    }
    if let Some(open) = &state.trigger {
        return Some(open.name.trigger.clone());
    }
    if let Some(open) = &state.workflow {
        if let Some(pane) = &open.text {
            let line = pane.lines.get(pane.hit.unwrap_or(pane.top))?;
            return Some(line.text.clone());
        }
        return match state.scopes()[0] {
            Scope::Revisions => Some(open.revision()?.revision.to_string()),
            Scope::ItsTriggers => Some(state.meant_trigger()?.trigger.clone()),
            _ => match open.selected() {
                Some(step) => Some(open.definition()?.steps.get(step)?.path.to_string()),
                None => Some(names::workflow(state, &open.name)),
            },
        };
    }
    match state.root {
        Root::Home => match state.home_run() {
            Some(run) => Some(run.short()),
            None => Some(names::workflow(state, &state.home_workflow()?)),
        },
        Root::Workflows => Some(names::workflow(state, &state.workflows.selected()?.workflow)),
        Root::Runs => Some(state.runs.selected()?.run.short()),
        Root::Triggers => Some(state.triggers.selected()?.trigger.clone()),
        Root::Upcoming => Some(state.upcoming.selected()?.name.trigger.clone()),
        Root::Slots => match state.ledger_selected()? {
            LedgerRow { run: Some(run), .. } => Some(run.short()),
            row => Some(row.name.trigger.clone()),
        },
        Root::Notifications => Some(state.notification()?.id.to_string()),
        Root::Approvals => Some(state.asked.selected()?.run.short()),
        Root::Locks => Some(state.locks.selected()?.lock().name.clone()),
    }
}

/// The command that shows what is looked at.
fn current(state: &State) -> String {
    let namespace = &state.namespace;
    if let Some(run) = &state.run {
        return match run.focus {
            Focus::Lower if run.lower == Lower::Log => {
                command::logs(namespace, run.run, run.log_step().as_ref(), run.is_live())
            }
            Focus::Lower | Focus::Steps => command::show(namespace, run.run),
        };
    }
    if let Some(open) = &state.trigger {
        return command::past(namespace, &open.name, open.view.as_ref());
    }
    if let Some(open) = &state.workflow {
        // of one that is new there is nothing to be shown
        if open.editor.as_ref().is_some_and(|editor| editor.base.is_none()) {
            return command::init(namespace, &open.name);
        }
        return command::history(namespace, &open.name);
    }
    match state.root {
        Root::Runs => match state.runs.selected() {
            Some(run) => command::show(namespace, run.run),
            None => command::runs(namespace, &state.runs.filter.options()),
        },
        Root::Triggers => match state.triggers.selected() {
            Some(view) => command::past(namespace, &TriggerName::of(view), Some(view)),
            None => command::triggers(namespace),
        },
        Root::Home => command::overview(namespace),
        Root::Workflows => command::workflows(namespace),
        Root::Upcoming => command::upcoming(namespace),
        Root::Notifications => command::notifications(namespace, state.notifications.filter),
        Root::Locks => command::locks(namespace),
        Root::Approvals => command::approvals(namespace),
        Root::Slots => triggers::ledger_shown(state),
    }
}
