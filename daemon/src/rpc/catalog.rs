//! Workflows and their revisions: from requests to the driver, from rows to views.

use rpa_config::rename::{RenameError, rename};
use rpa_config::workflow::{Checked, Problem};
use rpa_engine::catalog::{Cause, Entry, Input, Mark, Refusal, Shelf, Stage, Switch};
use rpa_engine::{Label, WorkflowRef};
use rpa_ipc::catalog::{
    ApplyRequest, CauseView, Changed, CloneRequest, HistoryQuery, MAX_NOTE, RevisionName,
    RevisionView, RollbackRequest, SourceView, Trace, WorkflowName, WorkflowState,
};
use rpa_ipc::service::Reply;
use rpa_ipc::view::{Applied, Page, ProblemView};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::Office;
use super::authorize::Allowed;
use super::service::bug;
use super::submit::{find, no_workflow};
use super::views;
use crate::driver::catalog::refused;
use crate::driver::{Answer, Application, Change, Message};
use crate::store::{Reader, RevisionHead, RevisionRow, StoreError};

pub async fn apply(office: &Office, allowed: &Allowed, request: ApplyRequest) -> Reply<Applied> {
    let ApplyRequest { namespace, file, source, note, draft, base } = request;
    let note = checked_note(&note)?;
    let (checked, source, file) = check(source, file, namespace).await?;
    let warnings: Vec<ProblemView> = checked.problems.into_iter().map(problem_view).collect();
    let Some(workflow) = checked.workflow else {
        return Ok(Applied::Refused { problems: warnings });
    };
    let stage = if draft { Stage::Draft } else { Stage::Live };
    let actor = allowed.actor().clone();
    let cause = Cause::Apply;
    let application = Application { workflow, source, file, note, cause, stage, base, actor };
    put(office, application, warnings).await
}

/// Reads and checks a file, off the runtime.
pub async fn check(
    source: String,
    file: String,
    namespace: Label,
) -> Reply<(Checked, String, String)> {
    let checked = tokio::task::spawn_blocking(move || {
        let checked = rpa_config::workflow::check(&source, &file, &namespace);
        (checked, source, file)
    });
    checked.await.map_err(|e| bug(&e.to_string()))
}

/// Makes a revision of one file.
async fn put(
    office: &Office,
    application: Application,
    warnings: Vec<ProblemView>,
) -> Reply<Applied> {
    let workflow = application.workflow.name.to_string();
    match office.inbox.ask(Message::Apply(vec![application])).await? {
        Answer::Applied(applied) if applied.len() == 1 => {
            let crate::driver::Applied { revision, changed, draft } = applied[0];
            Ok(Applied::Accepted { workflow, revision, changed, draft, warnings })
        }
        other => Err(bug(&format!("{other:?}"))),
    }
}

/// Publishes, enables, disables, archives, restores.
pub async fn change(
    office: &Office,
    allowed: &Allowed,
    name: &WorkflowName,
    input: Input,
) -> Reply<Changed> {
    let workflow = parsed(name)?;
    let actor = allowed.actor().clone();
    let change = Change { workflow: workflow.clone(), input, actor };
    match office.inbox.ask(Message::Change(Box::new(change))).await {
        Ok(Answer::Changed { entry, changed }) => {
            Ok(Changed { workflow: workflow.to_string(), state: state(&entry), changed })
        }
        Ok(other) => Err(bug(&format!("{other:?}"))),
        Err(fault) if fault.code == FaultCode::NoWorkflow => {
            Err(no_workflow(office, &workflow).await)
        }
        Err(fault) => Err(fault),
    }
}

pub async fn history(office: &Office, query: HistoryQuery) -> Reply<Page<RevisionView>> {
    let most = views::page_size(query.limit);
    let before = query.cursor.map(|c| c.parse::<u32>().map_err(|_| views::bad_cursor()));
    let before = before.transpose()?;
    let workflow = parsed(&query.workflow)?;
    let name = workflow.clone();
    let page = views::read(office, move |reader| {
        let Some((row, namespace)) = find(reader, &name)? else { return Ok(None) };
        let heads = reader.history(namespace, &name.name, before, most + 1)?;
        let next = (heads.len() > most).then(|| heads[most - 1].0.to_string());
        let view = |(number, head)| revision_view(&name, number, head, &row.entry);
        Ok(Some(Page { items: heads.into_iter().take(most).map(view).collect(), next }))
    });
    match page.await? {
        Some(page) => Ok(page),
        None => Err(no_workflow(office, &workflow).await),
    }
}

pub async fn source(office: &Office, wanted: RevisionName) -> Reply<SourceView> {
    let (workflow, entry, number, row) = stored(office, &wanted).await?;
    let revision = revision_view(&workflow, number, row.head, &entry);
    Ok(SourceView { revision, source: row.source, state: state(&entry) })
}

pub async fn rollback(
    office: &Office,
    allowed: &Allowed,
    request: RollbackRequest,
) -> Reply<Applied> {
    let note = checked_note(&request.note)?;
    let wanted = RevisionName { workflow: request.workflow, revision: Some(request.revision) };
    let (name, _, of, row) = stored(office, &wanted).await?;
    if row.head.published.is_none() {
        let fault =
            fault!(FaultCode::NotPublished, "rollback-to-draft", workflow = name, revision = of);
        return Err(fault.hint(said!("hint-publish-revision", workflow = name, revision = of)));
    }
    let application = Application {
        workflow: row.definition,
        source: row.source,
        file: row.head.file,
        note,
        cause: Cause::Rollback { of },
        stage: Stage::Live,
        base: None,
        actor: allowed.actor().clone(),
    };
    put(office, application, Vec::new()).await
}

pub async fn clone_workflow(
    office: &Office,
    allowed: &Allowed,
    request: CloneRequest,
) -> Reply<Applied> {
    let note = checked_note(&request.note)?;
    let wanted = RevisionName { workflow: request.workflow, revision: None };
    let (from, _, revision, row) = stored(office, &wanted).await?;
    let to = WorkflowRef::parse(&request.new, &from.namespace)
        .map_err(|e| views::bad_name(&request.new, &e))?;
    let (file, source) = (row.head.file, row.source);
    let names = (from.clone(), to.clone());
    let renamed = tokio::task::spawn_blocking(move || {
        let renamed = rename(&source, &file, &names.0, &names.1);
        (renamed, file)
    });
    let (renamed, file) = renamed.await.map_err(|e| bug(&e.to_string()))?;
    let renamed = match renamed {
        Ok(renamed) => renamed,
        Err(RenameError::Invalid(problems)) => {
            let problems = problems.into_iter().map(problem_view).collect();
            return Ok(Applied::Refused { problems });
        }
        Err(RenameError::NoPlace { key }) => {
            return Err(fault!(
                FaultCode::CannotRename,
                "cannot-rename",
                key = key,
                workflow = from
            ));
        }
    };
    let application = Application {
        workflow: renamed.workflow,
        source: renamed.source,
        file,
        note,
        cause: Cause::Clone { of: from, revision },
        stage: Stage::Live,
        base: None,
        actor: allowed.actor().clone(),
    };
    put(office, application, renamed.problems.into_iter().map(problem_view).collect()).await
}

/// A revision, with the entry of its workflow; without a number the one that is shown.
async fn stored(
    office: &Office,
    wanted: &RevisionName,
) -> Reply<(WorkflowRef, Entry, u32, RevisionRow)> {
    let workflow = parsed(&wanted.workflow)?;
    let (name, revision) = (workflow.clone(), wanted.revision);
    let found = views::read(office, move |reader| found(reader, &name, revision)).await?;
    match found {
        Some(Ok((entry, number, row))) => Ok((workflow, entry, number, row)),
        Some(Err(refusal)) => Err(refused(&workflow, &refusal)),
        None => Err(no_workflow(office, &workflow).await),
    }
}

type Found = Result<(Entry, u32, RevisionRow), Refusal>;

fn found(
    reader: &Reader,
    workflow: &WorkflowRef,
    revision: Option<u32>,
) -> Result<Option<Found>, StoreError> {
    let Some((row, namespace)) = find(reader, workflow)? else { return Ok(None) };
    let number = revision.unwrap_or(row.entry.shown());
    if !row.entry.has(number) {
        return Ok(Some(Err(Refusal::NoRevision(number))));
    }
    let revision = reader.revision(namespace, &workflow.name, number)?;
    Ok(Some(Ok((row.entry, number, revision))))
}

fn parsed(name: &WorkflowName) -> Result<WorkflowRef, Fault> {
    WorkflowRef::parse(&name.name, &name.namespace).map_err(|e| views::bad_name(&name.name, &e))
}

/// A note as it is kept: one line, and not a long one.
pub fn checked_note(note: &str) -> Result<String, Fault> {
    let note = note.trim();
    if note.len() > MAX_NOTE || note.contains('\n') {
        return Err(fault!(FaultCode::Usage, "note-form", most = MAX_NOTE));
    }
    if note.chars().any(char::is_control) {
        return Err(fault!(FaultCode::Usage, "note-control"));
    }
    Ok(note.to_owned())
}

pub fn state(entry: &Entry) -> WorkflowState {
    let (word, mark) = match (&entry.shelf, &entry.switch) {
        (Shelf::Archived(mark), _) => ("archived", Some(mark)),
        (Shelf::Listed(_), Switch::Disabled(mark)) => ("disabled", Some(mark)),
        (Shelf::Listed(listed), Switch::Enabled(enabled)) => {
            let last = listed.iter().chain(enabled).max_by_key(|mark| mark.at_ms);
            (if entry.live.is_some() { "live" } else { "draft" }, last)
        }
    };
    WorkflowState {
        word: word.into(),
        change: mark.map(trace),
        live: entry.live,
        draft: entry.draft,
    }
}

fn trace(mark: &Mark) -> Trace {
    let (who, origin) = (mark.by.who.clone(), mark.by.origin.word().into());
    Trace { at_ms: mark.at_ms, who, origin }
}

fn revision_view(
    workflow: &WorkflowRef,
    revision: u32,
    head: RevisionHead,
    entry: &Entry,
) -> RevisionView {
    let state = match (entry.live == Some(revision), &head.published) {
        (true, _) => "live",
        (false, Some(_)) => "published",
        (false, None) => "draft",
    };
    let (of, of_revision) = match &head.cause {
        Cause::Apply | Cause::Import => (None, None),
        Cause::Rollback { of } => (None, Some(*of)),
        Cause::Clone { of, revision } => (Some(of.to_string()), Some(*revision)),
    };
    RevisionView {
        workflow: workflow.to_string(),
        revision,
        state: state.into(),
        made: trace(&head.made),
        published: head.published.as_ref().map(trace),
        cause: CauseView { word: head.cause.word().into(), workflow: of, revision: of_revision },
        file: head.file,
        note: head.note,
    }
}

pub fn problem_view(problem: Problem) -> ProblemView {
    ProblemView {
        code: problem.code.as_str().to_owned(),
        warning: problem.warning,
        file: problem.file,
        line: problem.line,
        column: problem.column,
        message: problem.message,
        hint: problem.hint,
    }
}
