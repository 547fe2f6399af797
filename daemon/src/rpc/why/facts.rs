//! What is known of a run, and how a step is looked up.

use rpa_engine::run::{Phase, Stage, StepState};
use rpa_engine::{ErrorClass, Ident, OnError, RunId, Step, StepPath, TaskError, Workflow};
use rpa_ipc::fault::Arg;
use rpa_ipc::said;
use rpa_ipc::why::Telling;

use crate::rpc::summary::run_error;
use crate::rpc::views::error_view;
use crate::store::{Reader, RunHead, RunRow, StoreError};

/// What the daemon as a whole has to do with it.
#[derive(Clone, Debug, Default)]
pub struct Daemon {
    /// It is about to stop: nothing begins.
    pub draining: bool,
    /// Why it does not work as it should; empty when it does.
    pub trouble: String,
    /// Runs that may be active at once.
    pub max_active: u32,
    /// Attempts that the runner has, and how many it carries out at once.
    pub attempts: usize,
    pub max_attempts: usize,
}

#[derive(Debug)]
pub struct Facts<'r> {
    pub reader: &'r Reader,
    pub run: RunId,
    pub head: RunHead,
    pub row: RunRow,
    pub definition: Workflow,
    pub daemon: Daemon,
}

impl<'r> Facts<'r> {
    pub fn read(reader: &'r Reader, run: RunId, daemon: Daemon) -> Result<Self, StoreError> {
        let missing = || StoreError::no_run(run);
        Facts::find(reader, run, daemon)?.ok_or_else(missing)
    }

    /// Of a run that another one names: `None` when it is there no more.
    pub fn find(
        reader: &'r Reader,
        run: RunId,
        daemon: Daemon,
    ) -> Result<Option<Self>, StoreError> {
        let Some(head) = reader.head(run)? else { return Ok(None) };
        let row = reader.row(run)?;
        let name = &head.workflow.name;
        let definition = reader.revision(head.namespace, name, head.revision)?.definition;
        Ok(Some(Facts { reader, run, head, row, definition, daemon }))
    }

    /// Whether there can be such a step, or turn of a loop.
    pub fn has(&self, path: &StepPath) -> bool {
        let step = self.definition.step_at(path);
        step.is_some_and(|step| path.as_turn().is_none() || step.action.is_loop())
    }

    /// `None` as long as it is pending.
    pub fn state(&self, path: &StepPath) -> Result<Option<StepState>, StoreError> {
        Ok(self.reader.state(self.run, path)?.filter(|s| !matches!(s, StepState::Pending)))
    }

    /// As [`Facts::state`], for the step `id` of the list at `scope`.
    pub fn state_in(&self, scope: &str, id: &Ident) -> Result<Option<StepState>, StoreError> {
        self.state(&StepPath::within(scope, id))
    }

    /// The status word of a step, or of the run.
    pub fn status(&self, path: Option<&StepPath>) -> Result<String, StoreError> {
        let word = match path {
            None => self.reader.status(&self.row)?.word(),
            Some(path) => match self.state(path)? {
                Some(state) => state.status().word(),
                // a run that was cancelled while it queued never touched its steps
                None if self.ended() => "cancelled",
                None => "pending",
            },
        };
        Ok(word.to_owned())
    }

    pub fn ended(&self) -> bool {
        matches!(self.row.phase, Phase::Ended { .. })
    }

    /// The list of steps that the run closes with now, as `@failure`.
    pub fn closing_list(&self) -> Option<&'static str> {
        match &self.row.phase {
            Phase::Closing { stage, end, .. } => stage.list(end),
            Phase::Queued
            | Phase::Active { .. }
            | Phase::Finishing { .. }
            | Phase::Ended { .. } => None,
        }
    }

    pub fn stage(&self) -> Option<Stage> {
        match &self.row.phase {
            Phase::Closing { stage, .. } => Some(*stage),
            Phase::Queued
            | Phase::Active { .. }
            | Phase::Finishing { .. }
            | Phase::Ended { .. } => None,
        }
    }

    /// A command about this run, to be typed as it stands.
    pub fn command(&self, verb: &str, rest: &str) -> String {
        let namespace = match self.head.workflow.namespace.as_str() {
            "default" => String::new(),
            namespace => format!(" -n {namespace}"),
        };
        let rest = if rest.is_empty() { String::new() } else { format!(" {rest}") };
        format!("rpa{namespace} {verb} {}{rest}", self.run.short())
    }
}

/// The step around one that is inside of another, and which list of it that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Around {
    /// The workflow's own list.
    Top,
    /// `@failure` and the like.
    Handler(String),
    /// What undoes this step.
    Undo(StepPath),
    /// The body of this step, or of a turn.
    Body(StepPath),
    /// A turn of this loop.
    Loop(StepPath, u32),
}

impl Around {
    pub fn of(path: &StepPath) -> Around {
        if let Some((of, turn)) = path.as_turn() {
            return Around::Loop(of, turn);
        }
        let scope = path.scope();
        if let Some(undone) = scope.strip_suffix("/@undo")
            && let Ok(undone) = undone.parse()
        {
            return Around::Undo(undone);
        }
        match scope.parse() {
            Ok(_) if scope.starts_with('@') && !scope.contains('/') => {
                Around::Handler(scope.to_owned())
            }
            Ok(body) => Around::Body(body),
            Err(_) => Around::Top,
        }
    }
}

/// The step of `list` that falls back to `id`.
pub fn owner_of_fallback<'d>(list: &'d [Step], id: &Ident) -> Option<&'d Step> {
    list.iter().find(|step| matches!(&step.on_error, OnError::Fallback(to) if to == id))
}

pub fn error(error: &TaskError) -> Arg {
    Arg::Error(error_view(error))
}

/// Why the limit of its workflow turned a run away: the error that it has failed with, or
/// would have.
pub fn turned_away(reason: &str) -> Arg {
    let (class, code) = (ErrorClass::Business, "RPA0432".into());
    error(&TaskError { class, code, message: reason.into() })
}

/// The error of a run, which names the step.
pub fn error_of_run(step: Option<&StepPath>, error: &TaskError) -> Arg {
    Arg::Error(run_error(step, error))
}

pub fn reason(text: &str) -> Arg {
    Arg::Reason(text.to_owned())
}

pub fn at(ms: u64) -> Arg {
    Arg::Moment(ms)
}

/// A telling of a step.
pub fn of(path: &StepPath, at_ms: Option<u64>, what: rpa_ipc::fault::Said) -> Telling {
    Telling::new(at_ms, Some(path.clone()), what)
}

/// What is told of another run, with its name.
pub fn elsewhere(facts: &Facts<'_>, telling: Telling) -> Telling {
    let (run, workflow) = (facts.run.short(), &facts.head.workflow);
    let what = said!("why-in-run", run = run, workflow = workflow, what = telling.what);
    Telling { kind: telling.kind, ..Telling::new(telling.at_ms, None, what) }
}

/// More of them than are told one by one.
pub fn and_more(left_out: usize) -> Option<Telling> {
    let more = rpa_ipc::fault::count(left_out);
    (left_out > 0).then(|| Telling::new(None, None, said!("why-and-more", count = more)))
}
