//! The catalogue: the engine decides about its entries, the tables are changed.

use jiff::Timestamp;
use rpa_config::calendar::Calendars;
use rpa_engine::catalog::{Cause, Entry, Event, Input, Mark, Refusal, Stage};
use rpa_engine::run::Cx;
use rpa_engine::{Label, Workflow, WorkflowRef};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::message::{Answer, Application, Applied, Change};
use super::take::Taken;
use super::{Outbox, circles, paths, triggers};
use crate::store::{NamespaceId, RevisionHead, RevisionRow, StoreError, Tables, WorkflowRow};

/// Makes revisions of files: of all of them, or of none. No two are of one workflow.
pub(super) fn apply(
    tables: &mut Tables<'_>,
    cx: Cx,
    applications: &[Application],
    calendars: &Calendars,
    out: &mut Outbox,
) -> Taken {
    let mut decided = Vec::with_capacity(applications.len());
    for application in applications {
        let row = find(tables, &application.workflow.name)?.map(|(_, row)| row);
        let mut row = row.unwrap_or_else(|| new_row(&application.workflow.name.name));
        let input = input(tables, application, &row.entry)?;
        // nothing is written before the last of them is decided
        match row.entry.step(&mark(cx, application), &input) {
            Ok(events) => decided.push((application, row, events)),
            Err(refusal) => return Ok(Err(refused(&application.workflow.name, &refusal))),
        }
    }
    let live = decided.iter().filter(|(application, ..)| application.stage == Stage::Live);
    let live: Vec<&Workflow> = live.map(|(application, ..)| &application.workflow).collect();
    if let Some(fault) = triggers::refuse(calendars, &live) {
        return Ok(Err(fault));
    }
    if let Some(fault) = circles::refuse(tables, &live)? {
        return Ok(Err(fault));
    }
    if let Some(fault) = paths::refuse(tables, &live)? {
        return Ok(Err(fault));
    }
    let mut applied = Vec::with_capacity(decided.len());
    for (application, row, events) in decided {
        let stage = application.stage;
        let stands = row.entry.stands_against(stage).unwrap_or(row.entry.newest);
        let revision = if events.is_empty() { stands } else { row.entry.newest };
        applied.push(Applied {
            revision,
            changed: !events.is_empty(),
            draft: row.entry.live != Some(revision),
        });
        if events.is_empty() {
            continue;
        }
        let name = &application.workflow.name;
        let namespace = tables.namespace(&name.namespace)?;
        tables.put_revision(namespace, &name.name, revision, &revision_row(cx, application))?;
        tables.put_workflow(namespace, &row)?;
        declare_live(tables, cx, namespace, &row, out)?;
        out.touch(&name.namespace);
    }
    Ok(Ok(Answer::Applied(applied)))
}

/// Any other change of one entry.
pub(super) fn change(
    tables: &mut Tables<'_>,
    cx: Cx,
    change: &Change,
    calendars: &Calendars,
    out: &mut Outbox,
) -> Taken {
    let name = &change.workflow;
    let Some((namespace, mut row)) = find(tables, name)? else {
        return Ok(Err(refused(name, &Refusal::Absent)));
    };
    let mark = Mark { at_ms: cx.now_ms, by: change.actor.clone() };
    let events = match row.entry.step(&mark, &change.input) {
        Ok(events) => events,
        Err(refusal) => return Ok(Err(refused(name, &refusal))),
    };
    for event in &events {
        if let Event::Published { revision } = event {
            let missing = || StoreError::corrupt(format!("{name} has no revision {revision}"));
            let stored = tables.revision(namespace, &name.name, *revision)?;
            let mut stored = stored.ok_or_else(missing)?;
            if let Some(fault) = triggers::refuse(calendars, &[&stored.definition]) {
                return Ok(Err(fault));
            }
            if let Some(fault) = circles::refuse(tables, &[&stored.definition])? {
                return Ok(Err(fault));
            }
            if let Some(fault) = paths::refuse(tables, &[&stored.definition])? {
                return Ok(Err(fault));
            }
            stored.head.published = Some(mark.clone());
            tables.put_revision(namespace, &name.name, *revision, &stored)?;
        }
    }
    let changed = !events.is_empty();
    if changed {
        tables.put_workflow(namespace, &row)?;
        declare_live(tables, cx, namespace, &row, out)?;
        out.touch(&name.namespace);
    }
    Ok(Ok(Answer::Changed { entry: Box::new(row.entry), changed }))
}

/// The triggers of the live revision are those that are armed.
fn declare_live(
    tables: &mut Tables<'_>,
    cx: Cx,
    namespace: NamespaceId,
    row: &WorkflowRow,
    out: &mut Outbox,
) -> Result<(), StoreError> {
    let live = match row.entry.live {
        Some(revision) => {
            tables.revision(namespace, &row.name, revision)?.map(|row| (revision, row.definition))
        }
        None => None,
    };
    let live = live.as_ref().map(|(revision, definition)| (*revision, definition));
    triggers::declare(tables, cx.now_ms, namespace, &row.name, live, out)
}

/// The live revision of a workflow.
pub(super) fn live(
    tables: &Tables<'_>,
    name: &WorkflowRef,
) -> Result<Option<(NamespaceId, u32)>, StoreError> {
    let found = find(tables, name)?;
    Ok(found.and_then(|(namespace, row)| Some((namespace, row.entry.live?))))
}

/// Whether a run may be begun now.
pub(super) fn admit(
    tables: &Tables<'_>,
    name: &WorkflowRef,
) -> Result<Result<(), Fault>, StoreError> {
    let admitted = match find(tables, name)? {
        Some((_, row)) => row.entry.admit().map(|_| ()),
        None => Err(Refusal::Absent),
    };
    Ok(admitted.map_err(|refusal| refused(name, &refusal)))
}

fn find(
    tables: &Tables<'_>,
    name: &WorkflowRef,
) -> Result<Option<(NamespaceId, WorkflowRow)>, StoreError> {
    let Some(namespace) = tables.known_namespace(&name.namespace)? else { return Ok(None) };
    Ok(tables.workflow(namespace, &name.name)?.map(|row| (namespace, row)))
}

fn mark(cx: Cx, application: &Application) -> Mark {
    Mark { at_ms: cx.now_ms, by: application.actor.clone() }
}

fn new_row(name: &Label) -> WorkflowRow {
    WorkflowRow { name: name.clone(), entry: Entry::default(), last_left: None }
}

fn input(
    tables: &Tables<'_>,
    application: &Application,
    entry: &Entry,
) -> Result<Input, StoreError> {
    let stage = application.stage;
    match application.cause {
        Cause::Clone { .. } => return Ok(Input::Create),
        Cause::Apply | Cause::Rollback { .. } | Cause::Import => {}
    }
    let name = &application.workflow.name;
    let same = match (entry.stands_against(stage), tables.known_namespace(&name.namespace)?) {
        (Some(revision), Some(namespace)) => tables
            .revision(namespace, &name.name, revision)?
            .is_some_and(|row| application.is(&row)),
        (None, _) | (_, None) => false,
    };
    Ok(Input::Apply { stage, same, base: application.base })
}

fn revision_row(cx: Cx, application: &Application) -> RevisionRow {
    let made = mark(cx, application);
    let head = RevisionHead {
        file: application.file.clone(),
        note: application.note.clone(),
        cause: application.cause.clone(),
        made: made.clone(),
        published: match application.stage {
            Stage::Live => Some(made),
            Stage::Draft => None,
        },
    };
    let (source, definition) = (application.source.clone(), application.workflow.clone());
    RevisionRow { head, source, definition }
}

/// What the engine refused, said of this workflow.
pub fn refused(name: &WorkflowRef, refusal: &Refusal) -> Fault {
    match refusal {
        Refusal::Absent => fault!(FaultCode::NoWorkflow, "no-workflow", workflow = name),
        Refusal::Exists => fault!(FaultCode::WorkflowExists, "workflow-exists", workflow = name),
        Refusal::NoRevision(number) => {
            fault!(FaultCode::NoRevision, "no-revision", workflow = name, revision = number)
        }
        Refusal::Overtaken { base: 0, newest } => {
            fault!(FaultCode::Overtaken, "overtaken-new", workflow = name, newest = newest)
        }
        Refusal::Overtaken { base, newest: 0 } => {
            fault!(FaultCode::Overtaken, "overtaken-none", workflow = name, base = base)
        }
        Refusal::Overtaken { base, newest } => {
            let code = FaultCode::Overtaken;
            fault!(code, "overtaken", workflow = name, newest = newest, base = base)
        }
        Refusal::NoDraft => fault!(FaultCode::NoDraft, "no-draft", workflow = name),
        Refusal::NotPublished => {
            let fault = fault!(FaultCode::NotPublished, "not-published", workflow = name);
            fault.hint(said!("hint-publish", workflow = name))
        }
        Refusal::Disabled(mark) => {
            let (who, when) = (&mark.by.who, moment(mark.at_ms));
            let code = FaultCode::WorkflowDisabled;
            fault!(code, "workflow-disabled", workflow = name, who = who, when = when)
                .hint(said!("hint-enable", workflow = name))
        }
        Refusal::Archived(mark) => {
            let (who, when) = (&mark.by.who, moment(mark.at_ms));
            let code = FaultCode::WorkflowArchived;
            fault!(code, "workflow-archived", workflow = name, who = who, when = when)
                .hint(said!("hint-restore", workflow = name))
        }
    }
}

/// `2026-11-20T01:10:04Z`: the same for every reader, wherever they are.
fn moment(at_ms: u64) -> String {
    let instant = i64::try_from(at_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    instant.map_or_else(|| at_ms.to_string(), |instant| format!("{instant:.0}"))
}
