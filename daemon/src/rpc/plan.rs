//! What an apply of a file would change: the file's meaning against the live one.

use std::collections::BTreeSet;

use rpa_engine::catalog::{Entry, Refusal, Shelf};
use rpa_engine::difference::{Change, Difference};
use rpa_engine::run::RunStatus;
use rpa_engine::{Ident, Variable, Workflow, WorkflowRef};
use rpa_ipc::Fault;
use rpa_ipc::catalog::{ItemChange, PlanRequest, PlanView, Planned, SecretNeed};
use rpa_ipc::service::Reply;
use rpa_ipc::view::ProblemView;

use super::Office;
use super::catalog::{check, problem_view, state};
use super::submit::find;
use super::views;
use crate::driver::catalog::refused;
use crate::driver::circles;
use crate::secrets::SecretDir;
use crate::store::{NamespaceId, Reader, RevisionRow, RunFilter, StoreError};

/// Runs that have not ended are counted up to here: more than this is "many".
const MOST_RUNS: usize = 100_000;
/// Workflows of a namespace that are looked at for calls.
const MOST_WORKFLOWS: usize = 10_000;

pub async fn plan(office: &Office, request: PlanRequest) -> Reply<Planned> {
    let PlanRequest { namespace, file, source } = request;
    let file_name = file.clone();
    let (checked, source, _) = check(source, file, namespace).await?;
    let warnings: Vec<ProblemView> = checked.problems.into_iter().map(problem_view).collect();
    let Some(workflow) = checked.workflow else {
        return Ok(Planned::Refused { problems: warnings });
    };
    let secrets = office.secrets.clone();
    let name = workflow.name.clone();
    let planned = views::read(office, move |reader| {
        let found = stands(reader, &workflow)?;
        if let Some(Shelf::Archived(mark)) = found.as_ref().map(|found| &found.entry.shelf) {
            return Ok(Err(Refusal::Archived(mark.clone())));
        }
        let mut view = view(&workflow, &source, found.as_ref(), &secrets);
        if let Some(found) = &found {
            view.runs = runs(reader, found.namespace, &workflow)?;
        }
        view.dependents = dependents(reader, &workflow.name)?;
        view.warnings = warnings;
        // no refusal: another file of the same apply may be what ends the circle
        view.warnings.extend(circle(reader, &[&workflow])?.map(|fault| warning(&file_name, fault)));
        Ok(Ok(view))
    });
    match planned.await? {
        Ok(view) => Ok(Planned::Plan(Box::new(view))),
        Err(refusal) => Err(refused(&name, &refusal)),
    }
}

/// The fault of a circle of calls or of triggers that would be there with `new` live.
pub fn circle(reader: &Reader, new: &[&Workflow]) -> Result<Option<Fault>, StoreError> {
    circles::circle(new, |link, name| {
        let live = find(reader, name)?.and_then(|(row, at)| Some((row.entry.live?, at)));
        Ok(match live {
            Some((live, at)) => link.of(&reader.revision(at, &name.name, live)?.definition),
            None => BTreeSet::new(),
        })
    })
}

/// What the daemon has of a workflow.
struct Stands {
    namespace: NamespaceId,
    entry: Entry,
    live: Option<RevisionRow>,
}

fn stands(reader: &Reader, workflow: &Workflow) -> Result<Option<Stands>, StoreError> {
    let Some((row, namespace)) = find(reader, &workflow.name)? else { return Ok(None) };
    let name = &workflow.name.name;
    let live = row.entry.live.map(|number| reader.revision(namespace, name, number)).transpose()?;
    Ok(Some(Stands { namespace, entry: row.entry, live }))
}

fn view(
    workflow: &Workflow,
    source: &str,
    found: Option<&Stands>,
    secrets: &SecretDir,
) -> PlanView {
    let live = found.and_then(|found| found.live.as_ref());
    let old = live.map(|row| &row.definition);
    let difference = Difference::between(old, workflow);
    let word = match live {
        None => "new",
        // as an apply decides it: a comment is no other meaning, but another revision
        Some(row) if row.source == source && row.definition == *workflow => "unchanged",
        Some(_) => "changed",
    };
    let variables = difference.variables.into_iter().map(|(name, change)| {
        let must = |w: &Workflow| w.variables.get(&name).is_some_and(must_be_given);
        let newly = must(workflow) && !old.is_some_and(must);
        let mut item = item(&name, change);
        if newly {
            item.keys.push("newly required".into());
        }
        item
    });
    PlanView {
        workflow: workflow.name.to_string(),
        word: word.into(),
        state: found.map(|found| state(&found.entry)),
        keys: difference.keys.into_iter().map(str::to_owned).collect(),
        variables: variables.collect(),
        steps: difference.steps.into_iter().map(|(id, change)| item(&id, change)).collect(),
        triggers: difference.triggers.into_iter().map(|(id, change)| item(&id, change)).collect(),
        secrets: difference
            .secrets
            .iter()
            .map(|name| SecretNeed { name: name.to_string(), there: secrets.has(name) })
            .collect(),
        runs: Vec::new(),
        dependents: Vec::new(),
        warnings: Vec::new(),
    }
}

/// What an apply would refuse, of the whole file.
fn warning(file: &str, fault: Fault) -> ProblemView {
    ProblemView {
        code: fault.code.to_string(),
        warning: true,
        file: file.to_owned(),
        line: 0,
        column: 0,
        message: fault.message,
        hint: fault.hint,
    }
}

fn must_be_given(variable: &Variable) -> bool {
    variable.required && variable.default.is_none()
}

fn item(name: &Ident, change: Change) -> ItemChange {
    let (word, keys) = match change {
        Change::Added => ("added", Vec::new()),
        Change::Removed => ("removed", Vec::new()),
        Change::Changed(keys) => ("changed", keys),
    };
    let keys = keys.into_iter().map(str::to_owned).collect();
    ItemChange { name: name.to_string(), word: word.into(), keys }
}

/// The workflows whose live revision calls `name`.
fn dependents(reader: &Reader, name: &WorkflowRef) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for namespace in reader.namespaces()? {
        for row in reader.workflows(namespace, None, MOST_WORKFLOWS)? {
            let Some(live) = row.entry.live else { continue };
            let definition = reader.revision(namespace, &row.name, live)?.definition;
            if definition.calls().contains(name) {
                found.push(definition.name.to_string());
            }
        }
    }
    Ok(found)
}

/// Runs that have not ended, by status.
fn runs(
    reader: &Reader,
    namespace: NamespaceId,
    workflow: &Workflow,
) -> Result<Vec<(String, u64)>, StoreError> {
    let mut counts = Vec::new();
    for status in RunStatus::ALL.into_iter().filter(|status| !status.ended()) {
        let (name, statuses) = (Some(workflow.name.name.clone()), [status].into());
        let filter = RunFilter { workflow: name, statuses, ..RunFilter::default() };
        let mut count = 0;
        for run in reader.runs(namespace, &filter)?.take(MOST_RUNS) {
            run?;
            count += 1;
        }
        if count > 0 {
            counts.push((status.word().to_owned(), count));
        }
    }
    Ok(counts)
}
