//! From stored rows to what is shown. Each list or detail is one snapshot.

use std::collections::BTreeMap;

use rpa_engine::catalog::Shelf;
use rpa_engine::run::{Gate, Phase, RunEnd, StepState};
use rpa_engine::{
    Ident, Label, NameError, RunId, StepPath, TaskError, Value, Variable, WorkflowRef,
};
use rpa_ipc::catalog::WorkflowState;
use rpa_ipc::fault::{Said, count, quoted};
use rpa_ipc::service::{DoubtsQuery, Reply, RunRef, WorkflowsQuery};
use rpa_ipc::view::{
    ErrorView, KeptView, Page, RunDetail, RunnerView, StatusView, StepDoubt, VariableView,
    WorkflowView,
};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::service::bug;
use super::summary::{Order, Summaries, summary};
use super::{Office, catalog, restored, steps};
use crate::health::State;
use crate::reserve;
use crate::runlog::Logs;
use crate::runner::{self, Which};
use crate::store::{Archives, Reader, RunHead, RunRow, StoreError};

/// Rows of one page.
const MOST: u32 = 1000;
/// What is shown of a sensitive variable.
/// Events of a run that is looked at in place.
const SHORT: u64 = 200;
const MASKED: &str = "***";
/// Digits of a whole run id.
const FULL_ID: usize = 32;
/// Workflows that one page looks at for those that are wanted.
const LOOKED_AT: usize = 2000;

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

/// As [`read`], for a few rows: in place, as a switch of threads costs more than they do.
/// They are in memory nearly always, and one page of a disk away otherwise. `None` where
/// [`read`] is to be asked: it waits for a store that is being opened anew, and says what is
/// wrong with one that fails.
pub fn glance<T>(
    office: &Office,
    work: impl FnOnce(&Reader) -> Result<T, StoreError>,
) -> Option<T> {
    let reader = office.store.try_read()?.ok()?;
    work(&reader).ok()
}

pub async fn status(office: &Office) -> Reply<StatusView> {
    let store = office.store.clone();
    let (counts, workflows, instance, restored, backed_up, kept) = read(office, move |r| {
        let (restored, backed_up) = (restored::view(r)?, r.backed_up()?);
        let kept = kept(r, store.archives())?;
        Ok((r.counts()?, r.workflow_count()?, r.instance()?, restored, backed_up, kept))
    })
    .await?;
    let (mut state, mut reason) = match (office.health.get(), &restored) {
        // the driver may not have come so far: the store knows it from the first moment
        ((State::Ready, _), Some(_)) => (State::Held, String::new()),
        (known, _) => known,
    };
    let runner = office.runner.view();
    if state == State::Ready
        && let Some(fault) = runner.as_ref().and_then(|view| view.fault.as_ref())
    {
        (state, reason) = (State::Degraded, fault.to_string());
    }
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
        http: office.http.to_vec(),
        started_ms: office.started_ms,
        state: state.word().into(),
        reason,
        runs,
        workflows,
        store_bytes,
        disk_free_bytes: reserve::free_bytes(&office.state_dir).unwrap_or(0),
        attempts_running: office.runner.running(Which::All) as u64,
        runner: runner.map(runner_view),
        restored,
        backup: office.backups.view(backed_up.map(|row| (row.taken_ms, row.file))),
        kept: KeptView { next_look_ms: office.next_look.at_ms(), ..kept },
    })
}

/// What is kept of runs: where, how many, how large.
fn kept(reader: &Reader, files: &Archives) -> Result<KeptView, StoreError> {
    let archives = reader.archives()?.iter().filter(|(_, row)| !row.dropping);
    let mut kept = KeptView { live_ended: reader.live_ended()?, ..KeptView::default() };
    for (day, row) in archives {
        kept.archives += 1;
        kept.archived += row.runs();
        kept.archive_bytes += row.file_bytes + files.bytes(*day);
        kept.oldest_ms = kept.oldest_ms.or(Some(day.ids().start().accepted_ms()));
    }
    let live = reader.oldest_live()?.map(RunId::accepted_ms);
    kept.oldest_ms = kept.oldest_ms.into_iter().chain(live).min();
    Ok(kept)
}

fn runner_view(view: runner::View) -> RunnerView {
    let state = match (&view.present, view.takes_offers) {
        (None, _) => "gone",
        (Some(_), true) => "ready",
        (Some(_), false) => "retiring",
    };
    RunnerView {
        pid: view.present.as_ref().map_or(0, |present| present.pid),
        version: view.present.map_or_else(String::new, |present| present.release),
        state: state.into(),
        reason: view.fault.map_or_else(String::new, |fault| fault.to_string()),
        attempts: view.held as u64,
    }
}

pub async fn workflows(office: &Office, query: WorkflowsQuery) -> Reply<Page<WorkflowView>> {
    let most = page_size(query.limit);
    let after = query.cursor.map(|c| c.parse::<Label>().map_err(|_| bad_cursor())).transpose()?;
    read(office, move |reader| {
        let Some(namespace) = reader.namespace(&query.namespace)? else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let rows = reader.workflows(namespace, after.as_ref(), LOOKED_AT.max(most + 1))?;
        let mut summaries = Summaries::new(reader);
        let mut items = Vec::new();
        let mut last = None;
        let mut next = (rows.len() >= LOOKED_AT).then(|| rows[rows.len() - 1].name.to_string());
        for row in rows {
            if items.len() == most {
                next = last;
                break;
            }
            last = Some(row.name.to_string());
            if matches!(row.entry.shelf, Shelf::Archived(_)) && !query.archived {
                continue;
            }
            let number = row.entry.shown();
            let revision = reader.revision(namespace, &row.name, number)?;
            let (tags, category) = (&revision.definition.tags, &revision.definition.category);
            if query.tag.as_ref().is_some_and(|tag| !tags.contains(tag))
                || query.category.as_ref().is_some_and(|wanted| wanted != category)
            {
                continue;
            }
            let last_run = reader.last_run(namespace, &row)?;
            let last_run = last_run.map(|run| readable(summaries.of(run)));
            let last_run = last_run.transpose()?.flatten();
            let definition = revision.definition;
            items.push(WorkflowView {
                workflow: definition.name.to_string(),
                revision: number,
                state: catalog::state(&row.entry),
                description: definition.description,
                tags: definition.tags,
                category: definition.category,
                applied_ms: revision.head.made.at_ms,
                applied_by: revision.head.made.by.who,
                variables: declared(&definition.variables),
                steps: definition.steps.iter().map(steps::outline).collect(),
                last_run,
            });
        }
        Ok(Page { items, next })
    })
    .await
}

/// A variable of a workflow, or a field of a form.
pub fn variable(name: &Ident, variable: &Variable) -> VariableView {
    VariableView {
        name: name.to_string(),
        kind: variable.kind.word().into(),
        required: variable.required,
        default: variable.default.clone(),
        description: variable.description.clone(),
        sensitive: variable.sensitive,
    }
}

fn declared(variables: &BTreeMap<Ident, Variable>) -> Vec<VariableView> {
    variables.iter().map(|(name, declared)| variable(name, declared)).collect()
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

/// The run that a person means: a full id, or a suffix that only one run of the namespace
/// has. Runs call each other across namespaces, and then know nothing but ids.
pub async fn find_run(office: &Office, wanted: &RunRef) -> Reply<RunId> {
    let suffix: String = wanted.id.chars().filter(|c| *c != '-').collect();
    let suffix = suffix.to_ascii_lowercase();
    if suffix.is_empty() || suffix.len() > FULL_ID || !suffix.bytes().all(|b| b.is_ascii_hexdigit())
    {
        let fault = fault!(FaultCode::NoRun, "not-a-run-id", id = quoted(&wanted.id));
        return Err(fault.hint(said!("hint-run-id")));
    }
    if suffix.len() == FULL_ID
        && let Some(live) = glance(office, |reader| reader.live_ending(&suffix, 1))
        && let [run] = live.as_slice()
    {
        return Ok(*run);
    }
    let namespace = wanted.namespace.clone();
    let found = read(office, move |reader| {
        if suffix.len() == FULL_ID {
            return reader.runs_ending(&suffix, 1);
        }
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
        [] => {
            let (id, namespace) = (quoted(&wanted.id), &wanted.namespace);
            Err(fault!(FaultCode::NoRun, "no-run", id = id, namespace = namespace))
        }
        many => {
            let (id, number) = (quoted(&wanted.id), count(many.len()));
            Err(fault!(FaultCode::AmbiguousRun, "runs-alike", count = number, id = id))
        }
    }
}

pub async fn detail(office: &Office, run: RunId) -> Reply<RunDetail> {
    let short = glance(office, |reader| short_detail(reader, &office.logs, run));
    if let Some(detail) = short.flatten() {
        return Ok(detail);
    }
    let logs = office.logs.clone();
    read(office, move |reader| whole_detail(reader, &logs, run)).await
}

/// Of a run in the live store with few events, whose definition is known.
fn short_detail(reader: &Reader, logs: &Logs, run: RunId) -> Result<Option<RunDetail>, StoreError> {
    let Some(head) = reader.live_head(run)? else { return Ok(None) };
    let known = reader.known_definition(head.namespace, &head.workflow.name, head.revision);
    match known.is_some() && reader.seq(run)? <= SHORT {
        true => whole_detail(reader, logs, run).map(Some),
        false => Ok(None),
    }
}

fn whole_detail(reader: &Reader, logs: &Logs, run: RunId) -> Result<RunDetail, StoreError> {
    let head = reader.head(run)?.ok_or_else(|| StoreError::no_run(run))?;
    let row = reader.row(run)?;
    let definition = reader.definition(head.namespace, &head.workflow.name, head.revision)?;
    let steps = steps::steps(reader, run, &head, &row, &definition)?;
    let outputs = match &row.phase {
        Phase::Ended { end: RunEnd::Completed { outputs }, .. } => {
            outputs.iter().map(|(k, v)| (k.clone(), v.clone())).collect()
        }
        _ => Vec::new(),
    };
    // a step may have put there what is no log
    let log_lines = logs.length(run).map_or(0, |(_, lines)| lines);
    let variables = &definition.variables;
    let sensitive = variables.iter().filter(|(_, variable)| variable.sensitive);
    let masked = sensitive.map(|(name, _)| name.to_string()).collect();
    let named = |(name, value): (Ident, Value)| match variables.get(&name) {
        Some(variable) if variable.sensitive && value != Value::Null => {
            (name.to_string(), Value::text(MASKED))
        }
        _ => (name.to_string(), value),
    };
    let inputs = reader.inputs(run)?.into_iter().map(named).collect();
    let variables = reader.variables(run)?.into_iter().map(named).collect();
    Ok(RunDetail {
        summary: summary(reader, run, &head, &row, &Order::of(&definition.steps))?,
        seq: reader.seq(run)?,
        inputs,
        variables,
        outputs,
        steps,
        workflow_state: workflow_state(reader, &head)?,
        log_lines,
        log_path: logs.path(run).display().to_string(),
        rerun_of: head.rerun_of,
        parent: head.lineage.parent.map(|parent| (parent.run, parent.path)),
        gate: gate(&row.gate),
        masked,
        declared: declared(&definition.variables),
        held_ms: held_ms(&row, definition.timeout_ms),
    })
}

/// Why a run does not begin, in one sentence; empty when nothing limits it.
fn gate(gate: &Gate) -> String {
    match gate {
        Gate::Open | Gate::Asking | Gate::Held { .. } => String::new(),
        Gate::Waiting { key } if key.is_empty() => {
            "waits until other runs of its workflow have ended".into()
        }
        Gate::Waiting { key } => format!("waits until other runs with the key {key} have ended"),
        Gate::TurnedAway { reason } => format!("turned away: {reason}"),
    }
}

/// What is left of the run's time-out, if it stands still.
fn held_ms(row: &RunRow, timeout_ms: Option<u64>) -> Option<u64> {
    let Phase::Active { started_ms } = row.phase else { return None };
    let since_ms = row.time.in_doubt_since_ms?;
    if row.time.is_out || row.cancel.is_some() {
        return None;
    }
    let used_ms = since_ms.saturating_sub(started_ms).saturating_sub(row.time.doubted_ms);
    Some(timeout_ms?.saturating_sub(used_ms))
}

fn workflow_state(reader: &Reader, head: &RunHead) -> Result<WorkflowState, StoreError> {
    let row = reader.workflow(head.namespace, &head.workflow.name)?;
    let missing = || StoreError::corrupt(format!("there is no workflow {}", head.workflow));
    Ok(catalog::state(&row.ok_or_else(missing)?.entry))
}

pub async fn doubts(office: &Office, query: DoubtsQuery) -> Reply<Page<StepDoubt>> {
    let most = page_size(query.limit);
    let after = query.cursor.as_deref().map(step_cursor).transpose()?;
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
            items.extend(readable(doubt(reader, run, path))?);
        }
        Ok(Page { items, next })
    })
    .await
}

/// What belongs to a run whose rows cannot be read is left out: the state of the daemon
/// says so, and the list of runs.
pub fn readable<T>(read: Result<Option<T>, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Err(error) if error.run().is_some() => Ok(None),
        read => read,
    }
}

/// Where a list of steps goes on: `RUN/PATH`.
pub fn step_cursor(cursor: &str) -> Reply<(RunId, StepPath)> {
    let (run, path) = cursor.split_once('/').ok_or_else(bad_cursor)?;
    let run: RunId = run.parse().map_err(|_| bad_cursor())?;
    let path: StepPath = path.parse().map_err(|_| bad_cursor())?;
    Ok((run, path))
}

fn doubt(reader: &Reader, run: RunId, path: StepPath) -> Result<Option<StepDoubt>, StoreError> {
    let (Some(head), Some(row)) = (reader.head(run)?, reader.step(run, &path)?) else {
        return Ok(None);
    };
    let StepState::InDoubt { attempt, doubted_ms, reason, .. } = row.state else { return Ok(None) };
    let revision = reader.revision(head.namespace, &head.workflow.name, head.revision)?;
    let step = revision.definition.step_at(&path);
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

pub fn error_view(error: &TaskError) -> ErrorView {
    ErrorView {
        code: error.code.clone(),
        class: error.class.word(),
        message: error.message.clone(),
    }
}

pub fn page_size(limit: u32) -> usize {
    limit.clamp(1, MOST) as usize
}

pub fn bad_cursor() -> Fault {
    fault!(FaultCode::BadCursor, "foreign-cursor")
}

/// `name` is what a client gave for a workflow's.
pub fn bad_name(name: &str, error: &NameError) -> Fault {
    let (name, why) = (quoted(name), Said::of_name(error));
    fault!(FaultCode::NoWorkflow, "workflow-name", name = name, why = why)
}
