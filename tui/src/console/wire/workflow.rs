//! One workflow: its text and what that means, its revisions, its newest runs; asked again
//! when something in the namespace has changed.

use std::time::Duration;

use rpa_engine::Label;
use rpa_ipc::Fault;
use rpa_ipc::catalog::{HistoryQuery, RevisionName, RevisionView, WorkflowName};
use rpa_ipc::service::{RpadClient, RunsQuery};
use tokio::task::spawn_blocking;

use super::desk::{Desk, End, Pace};
use super::lists::{changed, changes};
use crate::console::state::{News, WorkflowTold, WorkflowWant};
use crate::definition::Definition;

/// Between two rounds: faster changes cannot be read.
const LEAST: Duration = Duration::from_millis(150);
/// Revisions that are listed: older ones are for `rpa history --cursor`.
const REVISIONS: u32 = 500;
/// Runs whose ends make the strip.
const RUNS: u32 = 120;

pub(super) fn name(namespace: &Label, workflow: &str) -> WorkflowName {
    WorkflowName { namespace: namespace.clone(), name: workflow.to_owned() }
}

pub(super) async fn one(desk: Desk, want: WorkflowWant) {
    loop {
        let ended = keep(&desk, &want).await;
        let refusal: fn(Fault) -> News = News::WorkflowRefused;
        if !desk.again(ended, refusal).await {
            return;
        }
    }
}

async fn keep(desk: &Desk, want: &WorkflowWant) -> Result<(), End> {
    let mut pace = Pace::new(LEAST);
    let mut shown: Option<WorkflowTold> = None;
    // before the answers: what changes while they are made is asked for again
    let mut seen = changes(desk, 0, 0).await?;
    loop {
        pace.begin();
        let told = tell(desk, want, shown.as_ref()).await?;
        if shown.as_ref() != Some(&told) {
            desk.tell(News::Workflow { want: want.clone(), told: told.clone() }).await;
            shown = Some(told);
        }
        pace.pause().await;
        seen = changed(desk, seen).await?;
    }
}

async fn tell(
    desk: &Desk,
    want: &WorkflowWant,
    before: Option<&WorkflowTold>,
) -> Result<WorkflowTold, End> {
    let wanted = name(&desk.post.namespace, &want.workflow);
    let revision = RevisionName { workflow: wanted.clone(), revision: None };
    let call = |rpc: RpadClient, context| async move { rpc.source(context, revision).await };
    let source = desk.ask(call).await?;
    let query = HistoryQuery { workflow: wanted, limit: REVISIONS, cursor: None };
    let call = |rpc: RpadClient, context| async move { rpc.history(context, query).await };
    let history = desk.ask(call).await?;
    let query = RunsQuery {
        workflow: Some(want.workflow.clone()),
        limit: RUNS,
        ..RunsQuery::of(desk.post.namespace.clone())
    };
    let call = |rpc: RpadClient, context| async move { rpc.runs(context, query).await };
    let runs = desk.ask(call).await?.items;
    let definition = match before.filter(|before| before.source.source == source.source) {
        Some(before) => before.definition.clone(),
        None => read(&source.revision, source.source.clone(), &desk.post.namespace).await,
    };
    let more = history.next.is_some();
    Ok(WorkflowTold { source, definition, history: history.items, more, runs })
}

/// A large file takes a while to be checked: not on the thread that paints.
async fn read(revision: &RevisionView, source: String, usual: &Label) -> Definition {
    let namespace = revision.workflow.split_once('/').and_then(|(n, _)| n.parse().ok());
    let namespace: Label = namespace.unwrap_or_else(|| usual.clone());
    let read = spawn_blocking(move || Definition::of(&source, &namespace));
    read.await.unwrap_or_default()
}
