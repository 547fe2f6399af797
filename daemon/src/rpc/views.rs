//! From stored rows to what is shown. Each list or detail is one snapshot.

use rpa_engine::run::{Phase, RunEnd, RunStatus, StepState};
use rpa_engine::{Action, Ident, Label, RunId, Step, StepPath, TaskError, Value, WorkflowRef};
use rpa_ipc::service::{DoubtsQuery, LogQuery, Reply, RunRef, RunsQuery, WorkflowsQuery};
use rpa_ipc::view::{
    ErrorView, LogLine, LogPage, Page, RUN_STATUSES, RunDetail, RunSummary, StatusView, StepDoubt,
    StepView, VariableView, WorkflowView,
};
use rpa_ipc::{Fault, FaultCode};

use super::Office;
use super::service::bug;
use crate::blobs;
use crate::reserve;
use crate::runlog::{self, Range};
use crate::store::{Reader, RunFilter, RunHead, RunRow, StepRow, StoreError};

/// Rows of one page.
const MOST: u32 = 1000;
/// Bytes of step outputs in one answer: it must fit a frame.
const MOST_OUTPUT: usize = 4 * 1024 * 1024;
/// Log lines of one page.
const MOST_LINES: u32 = 10_000;

/// Runs `work` on a snapshot, off the runtime.
pub async fn read<T: Send + 'static>(
    office: &Office,
    work: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
) -> Reply<T> {
    let store = office.store.clone();
    let result = tokio::task::spawn_blocking(move || {
        store.read().and_then(|reader| work(&reader)).map_err(|e| e.fault(store.path()))
    });
    result.await.map_err(|e| bug(&e.to_string()))?
}

pub async fn status(office: &Office) -> Reply<StatusView> {
    let (counts, workflows, instance) =
        read(office, |r| Ok((r.counts()?, r.workflow_count()?, r.instance()?))).await?;
    let (state, reason) = office.health.get();
    let store_bytes = std::fs::metadata(office.store.path()).map_or(0, |m| m.len());
    let runs = counts
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(status, n)| (status.word().to_owned(), n))
        .collect();
    Ok(StatusView {
        version: env!("CARGO_PKG_VERSION").into(),
        pid: std::process::id(),
        instance: uuid::Uuid::from_bytes(instance).to_string(),
        state_dir: office.state_dir.display().to_string(),
        socket: office.socket.display().to_string(),
        started_ms: office.started_ms,
        state: state.word().into(),
        reason,
        runs,
        workflows,
        store_bytes,
        disk_free_bytes: reserve::free_bytes(&office.state_dir).unwrap_or(0),
        attempts_running: office.runner.running() as u64,
    })
}

pub async fn workflows(office: &Office, query: WorkflowsQuery) -> Reply<Page<WorkflowView>> {
    let most = page_size(query.limit);
    let after = query.cursor.map(|c| c.parse::<Label>().map_err(|_| bad_cursor())).transpose()?;
    read(office, move |reader| {
        let Some(namespace) = reader.namespace(&query.namespace)? else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let rows = reader.workflows(namespace, after.as_ref(), most + 1)?;
        let next = (rows.len() > most).then(|| rows[most - 1].name.to_string());
        let mut items = Vec::with_capacity(rows.len());
        for row in rows.into_iter().take(most) {
            let revision = reader.revision(namespace, &row.name, row.revision)?;
            let last_run = match row.last_run {
                Some(run) => summary_of(reader, run)?,
                None => None,
            };
            let definition = revision.definition;
            items.push(WorkflowView {
                workflow: definition.name.to_string(),
                revision: row.revision,
                description: definition.description,
                tags: definition.tags,
                applied_ms: revision.applied_ms,
                applied_by: revision.actor.who,
                variables: definition
                    .variables
                    .iter()
                    .map(|(name, v)| VariableView {
                        name: name.to_string(),
                        kind: v.kind.word().into(),
                        required: v.required,
                        default: v.default.clone(),
                        description: v.description.clone(),
                    })
                    .collect(),
                steps: definition.steps.iter().map(|s| s.id.to_string()).collect(),
                last_run,
            });
        }
        Ok(Page { items, next })
    })
    .await
}

/// A workflow whose name resembles the one that is not there.
pub async fn nearest_workflow(office: &Office, wanted: &WorkflowRef) -> Option<String> {
    let (namespace, name) = (wanted.namespace.clone(), wanted.name.to_string());
    let names = read(office, move |reader| {
        let Some(id) = reader.namespace(&namespace)? else { return Ok(Vec::new()) };
        Ok(reader.workflows(id, None, MOST as usize)?.into_iter().map(|r| r.name).collect())
    });
    let names: Vec<Label> = names.await.ok()?;
    rpa_config::suggest::nearest(&name, names.iter().map(Label::as_str)).map(str::to_owned)
}

pub async fn runs(office: &Office, query: RunsQuery) -> Reply<Page<RunSummary>> {
    let most = page_size(query.limit);
    let status = query.status.map(|word| parse_status(&word)).transpose()?;
    let (namespace, workflow) = match query.workflow {
        None => (query.namespace, None),
        Some(name) => {
            let workflow = WorkflowRef::parse(&name, &query.namespace)
                .map_err(|e| Fault::new(FaultCode::NoWorkflow, format!("{name:?} {e}")))?;
            (workflow.namespace, Some(workflow.name))
        }
    };
    let before = query.cursor.map(|c| c.parse::<RunId>().map_err(|_| bad_cursor())).transpose()?;
    let filter = RunFilter { workflow, status, before };
    read(office, move |reader| {
        let Some(namespace) = reader.namespace(&namespace)? else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let ids = reader.runs(namespace, &filter, most + 1)?;
        let next = (ids.len() > most).then(|| ids[most - 1].to_string());
        let mut items = Vec::with_capacity(ids.len());
        for id in ids.into_iter().take(most) {
            items.extend(summary_of(reader, id)?);
        }
        Ok(Page { items, next })
    })
    .await
}

fn parse_status(word: &str) -> Result<RunStatus, Fault> {
    RunStatus::from_word(word).ok_or_else(|| {
        Fault::new(FaultCode::Usage, format!("{word:?} is no run status"))
            .hint(format!("one of {}", RUN_STATUSES.join(", ")))
    })
}

/// The run that a person means: a full id, or a suffix that only one run has.
pub async fn find_run(office: &Office, wanted: &RunRef) -> Reply<RunId> {
    let suffix: String = wanted.id.chars().filter(|c| *c != '-').collect();
    let suffix = suffix.to_ascii_lowercase();
    if suffix.is_empty() || suffix.len() > 32 || !suffix.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Fault::new(FaultCode::NoRun, format!("{:?} is not a run id", wanted.id))
            .hint("give the id that `rpa runs` shows, or the end of it"));
    }
    let namespace = wanted.namespace.clone();
    let found = read(office, move |reader| {
        let Some(namespace) = reader.namespace(&namespace)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for run in reader.runs_ending(&suffix, MOST as usize)? {
            if reader.head(run)?.is_some_and(|head| head.namespace == namespace) {
                found.push(run);
            }
        }
        Ok(found)
    })
    .await?;
    match found.as_slice() {
        [run] => Ok(*run),
        [] => Err(Fault::new(
            FaultCode::NoRun,
            format!("there is no run {:?} in namespace {}", wanted.id, wanted.namespace),
        )),
        many => Err(Fault::new(
            FaultCode::AmbiguousRun,
            format!("{} runs end with {:?}", many.len(), wanted.id),
        )),
    }
}

pub async fn detail(office: &Office, run: RunId) -> Reply<RunDetail> {
    let (log_bytes_lines, log_path) = (office.logs.length(run), office.logs.path(run));
    let log_lines = log_bytes_lines.map_or(0, |(_, lines)| lines);
    read(office, move |reader| {
        let missing = || StoreError::corrupt(format!("run {run} has no head"));
        let head = reader.head(run)?.ok_or_else(missing)?;
        let row = reader.row(run)?;
        let revision = reader.revision(head.namespace, &head.workflow.name, head.revision)?;
        let mut budget = MOST_OUTPUT;
        let mut steps = Vec::with_capacity(revision.definition.steps.len());
        for step in &revision.definition.steps {
            let path = StepPath::top(&step.id);
            let stored = reader.step(run, &path)?;
            let mut view = step_view(step, path, stored, &row.phase);
            budget = budget.saturating_sub(view.output.as_ref().map_or(0, blobs::size));
            if budget == 0 && view.output.take().is_some() {
                view.reason = "its output is left out: the answer would be too large".into();
            }
            steps.push(view);
        }
        let outputs = match &row.phase {
            Phase::Ended { end: RunEnd::Completed { outputs }, .. } => {
                outputs.iter().map(|(k, v)| (k.clone(), v.clone())).collect()
            }
            _ => Vec::new(),
        };
        let named = |(k, v): (Ident, Value)| (k.to_string(), v);
        let inputs = reader.inputs(run)?.into_iter().map(named).collect();
        let variables = reader.variables(run)?.into_iter().map(named).collect();
        Ok(RunDetail {
            summary: summary(run, &head, &row, reader.status(&row)?),
            seq: row.seq,
            inputs,
            variables,
            outputs,
            steps,
            log_lines,
            log_path: log_path.display().to_string(),
        })
    })
    .await
}

pub async fn log_page(office: &Office, run: RunId, query: &LogQuery) -> Reply<LogPage> {
    // the status first: what is written after it is read on the next page. The
    // last remark of a run follows its end, and then the log is closed
    let wanted = query.step.clone();
    let (status, known) = read(office, move |reader| {
        let known = wanted.is_none_or(|path| has_step(reader, run, &path).unwrap_or(true));
        Ok((reader.status(&reader.row(run)?)?, known))
    })
    .await?;
    if let (false, Some(step)) = (known, &query.step) {
        let message = format!("run {} has no step {step}", run.short());
        return Err(Fault::new(FaultCode::NoStep, message));
    }
    let whole = status.ended() && !office.logs.is_open(run);
    let path = office.logs.path(run);
    let (from, max) = (query.from, query.max.clamp(1, MOST_LINES) as usize);
    let step = query.step.clone();
    let page = tokio::task::spawn_blocking(move || {
        let range = Range { from, max, step: step.as_ref().map(StepPath::as_str) };
        runlog::read_range(&path, &range)
    });
    let (lines, next) = page
        .await
        .map_err(|e| bug(&e.to_string()))?
        .map_err(|e| Fault::new(FaultCode::NoLog, format!("the log of run {run}: {e}")))?;
    let ended = whole && lines.len() < max && next == log_end(office, run).await?;
    let lines = lines
        .into_iter()
        .map(|(number, line)| LogLine {
            number,
            time_ms: line.time_ms,
            path: line.path,
            attempt: line.attempt,
            stream: line.stream,
            level: line.level,
            text: line.text,
        })
        .collect();
    Ok(LogPage { lines, next, ended, status: status.word().into() })
}

/// Whether the step at `path`, or the one that it is inside of, is in the run's file.
fn has_step(reader: &Reader, run: RunId, path: &StepPath) -> Result<bool, StoreError> {
    let Some(head) = reader.head(run)? else { return Ok(false) };
    let revision = reader.revision(head.namespace, &head.workflow.name, head.revision)?;
    let top = path.as_str().split(['[', '/']).next().unwrap_or_default();
    Ok(revision.definition.steps.iter().any(|step| step.id.as_str() == top))
}

async fn log_end(office: &Office, run: RunId) -> Reply<u64> {
    let logs = office.logs.clone();
    let length = tokio::task::spawn_blocking(move || logs.length(run));
    let (_, lines) = length
        .await
        .map_err(|e| bug(&e.to_string()))?
        .map_err(|e| Fault::new(FaultCode::NoLog, format!("the log of run {run}: {e}")))?;
    Ok(lines)
}

pub async fn doubts(office: &Office, query: DoubtsQuery) -> Reply<Page<StepDoubt>> {
    let most = page_size(query.limit);
    let after = match &query.cursor {
        None => None,
        Some(cursor) => {
            let (run, path) = cursor.split_once('/').ok_or_else(bad_cursor)?;
            let run: RunId = run.parse().map_err(|_| bad_cursor())?;
            let path: StepPath = path.parse().map_err(|_| bad_cursor())?;
            Some((run, path))
        }
    };
    read(office, move |reader| {
        let Some(namespace) = reader.namespace(&query.namespace)? else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let found = reader.doubts(namespace, after.as_ref(), most + 1)?;
        let next = (found.len() > most).then(|| {
            let (run, path) = &found[most - 1];
            format!("{run}/{path}")
        });
        let mut items = Vec::new();
        for (run, path) in found.into_iter().take(most) {
            items.extend(doubt(reader, run, path)?);
        }
        Ok(Page { items, next })
    })
    .await
}

fn doubt(reader: &Reader, run: RunId, path: StepPath) -> Result<Option<StepDoubt>, StoreError> {
    let (Some(head), Some(row)) = (reader.head(run)?, reader.step(run, &path)?) else {
        return Ok(None);
    };
    let StepState::InDoubt { attempt, doubted_ms, reason, .. } = row.state else { return Ok(None) };
    let revision = reader.revision(head.namespace, &head.workflow.name, head.revision)?;
    let step = revision.definition.steps.iter().find(|s| s.id.as_str() == path.as_str());
    Ok(Some(StepDoubt {
        run,
        workflow: head.workflow.to_string(),
        path,
        attempt,
        effect: step.map_or("unknown", |s| s.effect.word()).into(),
        since_ms: doubted_ms,
        reason,
    }))
}

fn summary_of(reader: &Reader, run: RunId) -> Result<Option<RunSummary>, StoreError> {
    let Some(head) = reader.head(run)? else { return Ok(None) };
    let row = reader.row(run)?;
    let status = reader.status(&row)?;
    Ok(Some(summary(run, &head, &row, status)))
}

fn summary(run: RunId, head: &RunHead, row: &RunRow, status: RunStatus) -> RunSummary {
    let (started_ms, ended_ms, error) = match &row.phase {
        Phase::Queued => (None, None, None),
        Phase::Active { started_ms } | Phase::Finishing { started_ms } => {
            (Some(*started_ms), None, None)
        }
        Phase::Ended { started_ms, ended_ms, end } => {
            let error = match end {
                RunEnd::Failed { step, error } => Some(run_error(step.as_ref(), error)),
                RunEnd::Completed { .. } | RunEnd::Cancelled => None,
            };
            (*started_ms, Some(*ended_ms), error)
        }
    };
    RunSummary {
        run,
        workflow: head.workflow.to_string(),
        revision: head.revision,
        status: status.word().into(),
        accepted_ms: head.accepted_ms,
        started_ms,
        ended_ms,
        actor: head.actor.who.clone(),
        origin: head.actor.origin.word().into(),
        error,
    }
}

fn run_error(step: Option<&StepPath>, error: &TaskError) -> ErrorView {
    let view = error_view(error);
    match step {
        Some(step) => ErrorView { message: format!("step {step}: {}", view.message), ..view },
        None => view,
    }
}

fn error_view(error: &TaskError) -> ErrorView {
    ErrorView {
        code: error.code.clone(),
        class: error.class.word(),
        message: error.message.clone(),
    }
}

fn step_view(step: &Step, path: StepPath, stored: Option<StepRow>, phase: &Phase) -> StepView {
    let (state, output) = match stored {
        Some(row) => (row.state, row.output),
        None => (StepState::Pending, None),
    };
    let mut view = StepView {
        id: step.id.to_string(),
        path,
        name: step.name.clone(),
        kind: match &step.action {
            Action::Task { kind, .. } => kind.clone(),
            Action::Set(_) => "set".into(),
            Action::Wait { .. } => "wait".into(),
        },
        effect: step.effect.word().into(),
        status: state.status().word().into(),
        attempts: state.attempts(),
        started_ms: None,
        ended_ms: None,
        due_ms: None,
        reason: String::new(),
        error: None,
        output: output.filter(|o| *o != Value::Null),
    };
    match state {
        // a run that was cancelled while it queued never touched its steps
        StepState::Pending if matches!(phase, Phase::Ended { .. }) => {
            view.status = "cancelled".into();
        }
        StepState::Pending | StepState::Ready => {}
        StepState::Running { since_ms, .. } | StepState::Confirmed { since_ms, .. } => {
            view.started_ms = Some(since_ms);
        }
        StepState::Waiting { since_ms, until_ms } => {
            view.started_ms = Some(since_ms);
            view.due_ms = Some(until_ms);
        }
        StepState::Retrying { since_ms, due_ms, error, .. } => {
            view.started_ms = Some(since_ms);
            view.due_ms = Some(due_ms);
            view.error = Some(error_view(&error));
        }
        StepState::InDoubt { since_ms, reason, .. } => {
            view.started_ms = Some(since_ms);
            view.reason = reason;
        }
        StepState::Completed { since_ms, ended_ms, .. } => {
            view.started_ms = Some(since_ms);
            view.ended_ms = Some(ended_ms);
        }
        StepState::Failed { since_ms, ended_ms, error, .. } => {
            view.started_ms = Some(since_ms);
            view.ended_ms = Some(ended_ms);
            view.error = Some(error_view(&error));
        }
        StepState::Skipped { reason, ended_ms } => {
            view.ended_ms = Some(ended_ms);
            view.reason = reason.text();
        }
        StepState::Cancelled { ended_ms, .. } => view.ended_ms = Some(ended_ms),
    }
    view
}

fn page_size(limit: u32) -> usize {
    limit.clamp(1, MOST) as usize
}

fn bad_cursor() -> Fault {
    Fault::new(FaultCode::BadCursor, "the cursor is not from this list")
}
