//! Files that become revisions together: all of them or none.

use std::collections::BTreeSet;

use rpa_engine::catalog::{Cause, Entry, Input, Mark, Stage};
use rpa_engine::{Actor, Workflow, WorkflowRef};
use rpa_ipc::catalog::{
    ImportFile, ImportRequest, Imported, ImportedFile, MAX_BUNDLE_BYTES, MAX_BUNDLE_FILES,
};
use rpa_ipc::fault::{count, quoted};
use rpa_ipc::service::Reply;
use rpa_ipc::view::ProblemView;
use rpa_ipc::{Fault, FaultCode, fault};

use super::Office;
use super::authorize::Allowed;
use super::catalog::{checked_note, problem_view};
use super::plan::circle;
use super::service::bug;
use super::submit::find;
use super::views;
use crate::driver::catalog::refused;
use crate::driver::{Answer, Application, Applied, Message, now_ms};
use crate::store::{Reader, StoreError};

/// Problems of one answer: it must fit a frame, and nobody reads on past these.
const MOST_PROBLEMS: usize = 1_000;

pub async fn import(office: &Office, allowed: &Allowed, request: ImportRequest) -> Reply<Imported> {
    let note = checked_note(&request.note)?;
    let stage = if request.draft { Stage::Draft } else { Stage::Live };
    let bytes: usize = request.files.iter().map(|file| file.source.len()).sum();
    if request.files.len() > MAX_BUNDLE_FILES || bytes > MAX_BUNDLE_BYTES {
        let most = MAX_BUNDLE_BYTES >> 20;
        let code = FaultCode::BadBundle;
        return Err(fault!(code, "bundle-large", files = count(MAX_BUNDLE_FILES), most = most));
    }
    let actor = allowed.actor().clone();
    let files = request.files;
    let applications =
        tokio::task::spawn_blocking(move || applications(files, &note, stage, &actor));
    let applications = match applications.await.map_err(|e| bug(&e.to_string()))?? {
        Ok(applications) => applications,
        Err(problems) => return Ok(Imported::Refused { problems }),
    };
    let named = applications.iter().map(|a| (a.workflow.name.to_string(), a.file.clone()));
    let named: Vec<(String, String)> = named.collect();
    let applied = if request.dry_run {
        views::read(office, move |reader| tried(reader, &applications)).await??
    } else {
        match office.inbox.ask(Message::Apply(applications)).await? {
            Answer::Applied(applied) => applied,
            other => return Err(bug(&format!("{other:?}"))),
        }
    };
    let files = named.into_iter().zip(applied).map(|((workflow, file), applied)| ImportedFile {
        workflow,
        file,
        revision: applied.revision,
        changed: applied.changed,
    });
    Ok(Imported::Done { files: files.collect() })
}

/// The checked files, or the problems of those that are not valid.
fn applications(
    files: Vec<ImportFile>,
    note: &str,
    stage: Stage,
    actor: &Actor,
) -> Reply<Result<Vec<Application>, Vec<ProblemView>>> {
    let mut applications = Vec::with_capacity(files.len());
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files {
        let ImportFile { namespace, name, file, source } = file;
        let checked = rpa_config::workflow::check(&source, &file, &namespace);
        let Some(workflow) = checked.workflow else {
            problems.extend(checked.problems.into_iter().map(problem_view));
            continue;
        };
        let wanted = WorkflowRef { namespace, name };
        if workflow.name != wanted {
            return Err(other_name(&file, &wanted, &workflow.name));
        }
        if !seen.insert(wanted) {
            let (code, name) = (FaultCode::BadBundle, &workflow.name);
            return Err(fault!(code, "bundle-twice", workflow = name));
        }
        let (note, cause, actor) = (note.to_owned(), Cause::Import, actor.clone());
        let base = None;
        applications.push(Application { workflow, source, file, note, cause, stage, base, actor });
    }
    problems.truncate(MOST_PROBLEMS);
    Ok(if problems.is_empty() { Ok(applications) } else { Err(problems) })
}

fn other_name(file: &str, wanted: &WorkflowRef, found: &WorkflowRef) -> Fault {
    let (code, file) = (FaultCode::BadBundle, quoted(file));
    fault!(code, "bundle-other-name", file = file, wanted = wanted, found = found)
}

/// What the driver would answer now.
fn tried(reader: &Reader, applications: &[Application]) -> Result<Reply<Vec<Applied>>, StoreError> {
    let mut applied = Vec::with_capacity(applications.len());
    for application in applications {
        let (name, stage) = (&application.workflow.name, application.stage);
        let found = find(reader, name)?;
        let mut entry = found.as_ref().map_or_else(Entry::default, |(row, _)| row.entry.clone());
        let against = entry.stands_against(stage);
        let same = match (against, &found) {
            (Some(revision), Some((_, namespace))) => {
                application.is(&reader.revision(*namespace, &name.name, revision)?)
            }
            (None, _) | (_, None) => false,
        };
        let mark = Mark { at_ms: now_ms(), by: application.actor.clone() };
        let changed = match entry.step(&mark, &Input::Apply { stage, same, base: None }) {
            Ok(events) => !events.is_empty(),
            Err(refusal) => return Ok(Err(refused(name, &refusal))),
        };
        let revision = match against {
            Some(revision) if !changed => revision,
            Some(_) | None => entry.newest,
        };
        applied.push(Applied { revision, changed, draft: entry.live != Some(revision) });
    }
    let live = applications.iter().filter(|application| application.stage == Stage::Live);
    let live: Vec<&Workflow> = live.map(|application| &application.workflow).collect();
    if let Some(fault) = circle(reader, &live)? {
        return Ok(Err(fault));
    }
    Ok(Ok(applied))
}
