//! A run as lists show it: from its head, its row and the states of its steps.

use std::collections::HashMap;

use rpa_engine::run::{Gate, Phase, RunEnd, RunStatus, Stands, StepState};
use rpa_engine::{ErrorClass, Ident, Label, RunId, Step, StepPath, TaskError};
use rpa_ipc::view::{ErrorView, RunSummary};

use super::alike;
use super::views::error_view;
use crate::store::{NamespaceId, Reader, RunHead, RunRow, StoreError, run_damaged};

/// Makes the summaries of one list. A revision is read once, however many of its
/// runs there are.
#[derive(Debug)]
pub struct Summaries<'r> {
    reader: &'r Reader,
    revisions: HashMap<(NamespaceId, Label, u32), Known>,
}

/// What lists need of a revision.
#[derive(Debug)]
struct Known {
    order: Order,
    /// In lower case.
    tags: Vec<String>,
}

/// The steps of a workflow as its file has them.
#[derive(Debug)]
pub struct Order(Vec<Ident>);

impl Order {
    pub fn of(steps: &[Step]) -> Order {
        Order(steps.iter().map(|step| step.id.clone()).collect())
    }

    /// The place of the step at `path`, or of the one that it is inside of.
    fn place(&self, path: &StepPath) -> usize {
        let top = path.as_str().split(['[', '/']).next().unwrap_or_default();
        self.0.iter().position(|id| id.as_str() == top).unwrap_or(usize::MAX)
    }
}

impl<'r> Summaries<'r> {
    pub fn new(reader: &'r Reader) -> Summaries<'r> {
        Summaries { reader, revisions: HashMap::new() }
    }

    /// `None` when there is no such run.
    pub fn of(&mut self, run: RunId) -> Result<Option<RunSummary>, StoreError> {
        let Some(head) = self.reader.head(run)? else { return Ok(None) };
        let row = self.reader.row(run)?;
        self.of_rows(run, &head, &row).map(Some)
    }

    pub fn of_rows(
        &mut self,
        run: RunId,
        head: &RunHead,
        row: &RunRow,
    ) -> Result<RunSummary, StoreError> {
        let reader = self.reader;
        summary(reader, run, head, row, &self.revision(head)?.order)
    }

    /// The tags of its workflow, as of its revision, in lower case.
    pub fn tags(&mut self, head: &RunHead) -> Result<&[String], StoreError> {
        Ok(&self.revision(head)?.tags)
    }

    fn revision(&mut self, head: &RunHead) -> Result<&Known, StoreError> {
        let name = &head.workflow.name;
        let key = (head.namespace, name.clone(), head.revision);
        if !self.revisions.contains_key(&key) {
            let definition = self.reader.revision(head.namespace, name, head.revision)?.definition;
            let order = Order::of(&definition.steps);
            let tags = definition.tags.iter().map(|tag| tag.to_lowercase()).collect();
            self.revisions.insert(key.clone(), Known { order, tags });
        }
        Ok(&self.revisions[&key])
    }
}

pub fn summary(
    reader: &Reader,
    run: RunId,
    head: &RunHead,
    row: &RunRow,
    order: &Order,
) -> Result<RunSummary, StoreError> {
    let (started_ms, ended_ms) = match &row.phase {
        Phase::Queued => (None, None),
        Phase::Active { started_ms }
        | Phase::Finishing { started_ms }
        | Phase::Closing { started_ms, .. } => (Some(*started_ms), None),
        Phase::Ended { started_ms, ended_ms, .. } => (*started_ms, Some(*ended_ms)),
    };
    let status = reader.status(row)?;
    let (steps_done, at_step) = progress(reader, run, &row.phase, status, order)?;
    let workflow = head.workflow.to_string();
    Ok(RunSummary {
        alike: alike_of(&workflow, row),
        run,
        workflow,
        revision: head.revision,
        status: status.word().into(),
        accepted_ms: head.accepted_ms,
        started_ms,
        ended_ms,
        actor: head.actor.who.clone(),
        origin: head.actor.origin.word().into(),
        error: error(&row.phase),
        steps_done: count(steps_done),
        steps_total: count(order.0.len()),
        at_step,
        needs_person: row.held || row.stands != Stands::Works,
        held: row.held,
        broken: row.time.broken.iter().map(|promise| promise.word().to_owned()).collect(),
        called: head.lineage.parent.is_some(),
        turned_away: match &row.gate {
            Gate::TurnedAway { reason } => Some(reason.clone()),
            Gate::Open | Gate::Asking | Gate::Waiting { .. } | Gate::Held { .. } => None,
        },
    })
}

/// The key of those that failed as this one did.
pub fn alike_of(workflow: &str, row: &RunRow) -> Option<String> {
    let Phase::Ended { end: RunEnd::Failed { step, error }, .. } = &row.phase else {
        return None;
    };
    let step = step.as_ref().map_or("", StepPath::as_str);
    Some(alike::key(workflow, step, &error_view(error)))
}

/// A run whose rows cannot be read: what its head and the lists say, and that it is so.
pub fn damaged(
    reader: &Reader,
    namespace: NamespaceId,
    run: RunId,
    error: &StoreError,
) -> Result<RunSummary, StoreError> {
    let head = reader.head(run).ok().flatten();
    let (workflow, revision) =
        head.as_ref().map_or(("?".into(), 0), |head| (head.workflow.to_string(), head.revision));
    let actor = head.as_ref().map(|head| &head.actor);
    let status = reader.listed_status(namespace, run)?.map_or("failed", RunStatus::word);
    let fault = run_damaged(&run.short(), error);
    let (code, class) = (fault.code.to_string(), ErrorClass::System.word());
    let error = ErrorView { code, class, message: fault.message };
    let alike = (status == "failed").then(|| alike::key(&workflow, "", &error));
    Ok(RunSummary {
        alike,
        run,
        workflow,
        revision,
        status: status.into(),
        accepted_ms: run.accepted_ms(),
        started_ms: None,
        ended_ms: None,
        actor: actor.map(|actor| actor.who.clone()).unwrap_or_default(),
        origin: actor.map(|actor| actor.origin.word().to_owned()).unwrap_or_default(),
        error: Some(error),
        steps_done: 0,
        steps_total: 0,
        at_step: String::new(),
        needs_person: true,
        broken: Vec::new(),
        called: head.is_some_and(|head| head.lineage.parent.is_some()),
        turned_away: None,
        held: false,
    })
}

/// The fault that ended a run, or is about to.
pub fn error(phase: &Phase) -> Option<ErrorView> {
    match phase {
        Phase::Ended { end: RunEnd::Failed { step, error }, .. } => {
            Some(run_error(step.as_ref(), error))
        }
        Phase::Closing { end: RunEnd::Failed { step, error }, .. } => {
            Some(run_error(step.as_ref(), error))
        }
        Phase::Queued
        | Phase::Active { .. }
        | Phase::Finishing { .. }
        | Phase::Closing { .. }
        | Phase::Ended { .. } => None,
    }
}

pub fn run_error(step: Option<&StepPath>, error: &TaskError) -> ErrorView {
    let view = error_view(error);
    match step {
        Some(step) => ErrorView { message: format!("step {step}: {}", view.message), ..view },
        None => view,
    }
}

/// How many steps are over, and the one that says most. Rows of steps are read only
/// where the run's own does not tell.
fn progress(
    reader: &Reader,
    run: RunId,
    phase: &Phase,
    status: RunStatus,
    order: &Order,
) -> Result<(usize, String), StoreError> {
    let all = order.0.len();
    match phase {
        Phase::Queued => return Ok((0, String::new())),
        Phase::Finishing { .. } | Phase::Ended { end: RunEnd::Completed { .. }, .. } => {
            return Ok((all, String::new()));
        }
        Phase::Ended { end: RunEnd::Failed { step, .. }, .. } => {
            return Ok((all, step.as_ref().map_or_else(String::new, StepPath::to_string)));
        }
        Phase::Closing { stage, end, .. } => {
            return Ok((all, stage.list(end).unwrap_or("@undo").to_owned()));
        }
        Phase::Active { .. } | Phase::Ended { end: RunEnd::Cancelled, .. } => {}
    }
    let states = reader.top_states(run, &order.0)?;
    let over = states.iter().filter(|(_, state)| state.ended()).count();
    let telling =
        states.iter().filter_map(|(path, state)| Some(((rank(state)?, order.place(path)), path)));
    let at = telling.min_by_key(|(rank, _)| *rank).map(|(_, path)| path.to_string());
    let done = if status.ended() { all } else { over };
    Ok((done, at.unwrap_or_default()))
}

/// How much a step's state says of where the run is: the lowest says most.
fn rank(state: &StepState) -> Option<u8> {
    match state {
        state if state.is_doubtful() => Some(0),
        // people are asked
        StepState::Asking(_) => Some(1),
        StepState::Failed { .. } => Some(1),
        StepState::Ready
        | StepState::Running { .. }
        | StepState::Retrying { .. }
        | StepState::Confirmed { .. }
        | StepState::Open { .. }
        | StepState::Closing { .. }
        | StepState::Looping(_)
        | StepState::Calling(_) => Some(2),
        StepState::Waiting { .. } | StepState::Awaiting(_) | StepState::Claiming(_) => Some(3),
        StepState::Pending
        | StepState::InDoubt { .. }
        | StepState::Completed { .. }
        | StepState::Skipped { .. }
        | StepState::Cancelled { .. } => None,
    }
}

fn count(steps: usize) -> u32 {
    u32::try_from(steps).unwrap_or(u32::MAX)
}
