//! Workflows and their revisions.

use std::collections::BTreeMap;

use rpa_ipc::catalog::{
    Changed, FireTimes, ImportedFile, ItemChange, PlanView, RevisionView, SecretNeed, SourceView,
    Trace, WorkflowState,
};
use rpa_ipc::view::Page;
use serde::Serialize;

use super::time;
use crate::cli::checking::ProblemObject;

/// How a workflow stands, among the fields of what it is said of.
#[derive(Debug, Serialize)]
pub struct StateObject<'a> {
    pub state: &'a str,
    /// Who disabled or archived it, or took that back, and when.
    pub state_by: Option<TraceObject<'a>>,
    pub live: Option<u32>,
    pub draft: Option<u32>,
}

#[derive(Debug, Serialize)]
pub struct TraceObject<'a> {
    pub at: Option<String>,
    pub who: &'a str,
    pub origin: &'a str,
}

/// `publish`, `enable`, `disable`, `archive`, `restore`.
#[derive(Debug, Serialize)]
pub struct ChangedDocument<'a> {
    pub workflow: &'a str,
    pub changed: bool,
    #[serde(flatten)]
    pub state: StateObject<'a>,
}

#[derive(Debug, Serialize)]
pub struct HistoryDocument<'a> {
    pub revisions: Vec<RevisionObject<'a>>,
    pub next: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub struct RevisionObject<'a> {
    pub workflow: &'a str,
    pub revision: u32,
    /// Of the revision.
    pub state: &'a str,
    pub made: TraceObject<'a>,
    pub published: Option<TraceObject<'a>>,
    pub file: &'a str,
    pub note: Option<&'a str>,
    pub from: CauseObject<'a>,
}

#[derive(Debug, Serialize)]
pub struct CauseObject<'a> {
    pub kind: &'a str,
    pub workflow: Option<&'a str>,
    pub revision: Option<u32>,
}

#[derive(Debug, Serialize)]
pub struct SourceDocument<'a> {
    #[serde(flatten)]
    pub revision: RevisionObject<'a>,
    pub source: &'a str,
}

/// What one file would change.
#[derive(Debug, Serialize)]
pub struct PlanObject<'a> {
    pub file: &'a str,
    pub workflow: &'a str,
    /// `new`, `changed`, `unchanged`.
    pub plan: &'a str,
    #[serde(flatten)]
    pub state: Option<StateObject<'a>>,
    pub keys: &'a [String],
    pub steps: Vec<ItemObject<'a>>,
    pub variables: Vec<ItemObject<'a>>,
    pub triggers: Vec<ItemObject<'a>>,
    /// When schedules among them fire next, before and after.
    pub fires: Vec<FiresObject<'a>>,
    pub secrets: Vec<SecretObject<'a>>,
    pub runs: BTreeMap<&'a str, u64>,
    pub dependents: &'a [String],
    pub warnings: Vec<ProblemObject<'a>>,
}

#[derive(Debug, Serialize)]
pub struct FiresObject<'a> {
    pub trigger: &'a str,
    pub before: Vec<Option<String>>,
    pub after: Vec<Option<String>>,
}

#[derive(Debug, Serialize)]
pub struct ItemObject<'a> {
    pub name: &'a str,
    /// `added`, `removed`, `changed`.
    pub change: &'a str,
    pub keys: &'a [String],
}

#[derive(Debug, Serialize)]
pub struct SecretObject<'a> {
    pub name: &'a str,
    pub there: bool,
}

#[derive(Debug, Serialize)]
pub struct ImportedObject<'a> {
    pub file: &'a str,
    pub workflow: &'a str,
    pub revision: u32,
    pub changed: bool,
}

impl<'a> StateObject<'a> {
    pub fn of(state: &'a WorkflowState) -> StateObject<'a> {
        StateObject {
            state: &state.word,
            state_by: state.change.as_ref().map(TraceObject::of),
            live: state.live,
            draft: state.draft,
        }
    }
}

impl<'a> TraceObject<'a> {
    fn of(trace: &'a Trace) -> TraceObject<'a> {
        TraceObject { at: time(trace.at_ms), who: &trace.who, origin: &trace.origin }
    }
}

impl<'a> ChangedDocument<'a> {
    pub fn of(changed: &'a Changed) -> ChangedDocument<'a> {
        let state = StateObject::of(&changed.state);
        ChangedDocument { workflow: &changed.workflow, changed: changed.changed, state }
    }
}

impl<'a> HistoryDocument<'a> {
    pub fn of(page: &'a Page<RevisionView>) -> HistoryDocument<'a> {
        let revisions = page.items.iter().map(RevisionObject::of).collect();
        HistoryDocument { revisions, next: page.next.as_deref() }
    }
}

impl<'a> RevisionObject<'a> {
    fn of(view: &'a RevisionView) -> RevisionObject<'a> {
        RevisionObject {
            workflow: &view.workflow,
            revision: view.revision,
            state: &view.state,
            made: TraceObject::of(&view.made),
            published: view.published.as_ref().map(TraceObject::of),
            file: &view.file,
            note: Some(view.note.as_str()).filter(|note| !note.is_empty()),
            from: CauseObject {
                kind: &view.cause.word,
                workflow: view.cause.workflow.as_deref(),
                revision: view.cause.revision,
            },
        }
    }
}

impl<'a> SourceDocument<'a> {
    pub fn of(view: &'a SourceView) -> SourceDocument<'a> {
        SourceDocument { revision: RevisionObject::of(&view.revision), source: &view.source }
    }
}

impl<'a> FiresObject<'a> {
    fn of(fires: &'a FireTimes) -> FiresObject<'a> {
        let times = |all: &[u64]| all.iter().map(|ms| time(*ms)).collect();
        FiresObject {
            trigger: &fires.trigger,
            before: times(&fires.before.slots_ms),
            after: times(&fires.after.slots_ms),
        }
    }
}

impl<'a> PlanObject<'a> {
    pub fn of(file: &'a str, view: &'a PlanView) -> PlanObject<'a> {
        let items = |items: &'a [ItemChange]| items.iter().map(ItemObject::of).collect();
        PlanObject {
            file,
            workflow: &view.workflow,
            plan: &view.word,
            state: view.state.as_ref().map(StateObject::of),
            keys: &view.keys,
            steps: items(&view.steps),
            variables: items(&view.variables),
            triggers: items(&view.triggers),
            fires: view.fires.iter().map(FiresObject::of).collect(),
            secrets: view.secrets.iter().map(SecretObject::of).collect(),
            runs: view.runs.iter().map(|(status, count)| (status.as_str(), *count)).collect(),
            dependents: &view.dependents,
            warnings: view.warnings.iter().map(ProblemObject::of).collect(),
        }
    }
}

impl<'a> ItemObject<'a> {
    fn of(item: &'a ItemChange) -> ItemObject<'a> {
        ItemObject { name: &item.name, change: &item.word, keys: &item.keys }
    }
}

impl<'a> SecretObject<'a> {
    fn of(secret: &'a SecretNeed) -> SecretObject<'a> {
        SecretObject { name: &secret.name, there: secret.there }
    }
}

impl<'a> ImportedObject<'a> {
    pub fn of(file: &'a ImportedFile) -> ImportedObject<'a> {
        ImportedObject {
            file: &file.file,
            workflow: &file.workflow,
            revision: file.revision,
            changed: file.changed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn the_shape_of_revisions_and_states() {
        let changed = Changed {
            workflow: "default/disk-report".into(),
            state: sample::state("disabled"),
            changed: true,
        };
        let page = Page { items: vec![sample::revision(4, "draft")], next: Some("4".into()) };
        let source = SourceView {
            revision: sample::revision(3, "live"),
            source: "version: 1\n".into(),
            state: sample::state("live"),
        };
        let json = [
            serde_json::to_string_pretty(&ChangedDocument::of(&changed)).unwrap(),
            serde_json::to_string_pretty(&HistoryDocument::of(&page)).unwrap(),
            serde_json::to_string_pretty(&SourceDocument::of(&source)).unwrap(),
            serde_json::to_string_pretty(&PlanObject::of("a.yaml", &sample::plan())).unwrap(),
        ];
        insta::assert_snapshot!(json.join("\n"));
    }
}
