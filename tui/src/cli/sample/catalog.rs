//! Workflows, their revisions and plans.

use rpa_engine::Value;
use rpa_ipc::catalog::{
    CauseView, FireTimes, Fires, ItemChange, PlanView, RevisionView, SecretNeed, Trace,
    WorkflowState,
};
use rpa_ipc::view::{StepOutline, VariableView, WorkflowView};

use super::{ACCEPTED, DAY, SLOT, failed};

pub(crate) fn workflow() -> WorkflowView {
    WorkflowView {
        workflow: "default/disk-report".into(),
        revision: 3,
        state: state("live"),
        description: "Which mounts are full".into(),
        tags: vec!["disk".into()],
        category: String::new(),
        applied_ms: ACCEPTED,
        applied_by: "tihomir".into(),
        variables: vec![VariableView {
            name: "limit".into(),
            kind: "number".into(),
            required: false,
            default: Some(Value::Int(80)),
            description: "percent used that counts as full".into(),
            sensitive: false,
        }],
        steps: vec![outline("usage", "shell", &[]), outline("parse", "data.transform", &["usage"])],
        last_run: Some(failed().summary),
    }
}

pub(crate) fn outline(id: &str, kind: &str, needs: &[&str]) -> StepOutline {
    let needs = needs.iter().map(|&need| need.to_owned()).collect();
    StepOutline { id: id.into(), name: String::new(), kind: kind.into(), needs }
}

pub(crate) fn state(word: &str) -> WorkflowState {
    let live = (word != "draft").then_some(3);
    let change = Trace { at_ms: ACCEPTED, who: "ann".into(), origin: "cli".into() };
    let change = (word != "live").then_some(change);
    let draft = (word == "draft").then_some(3);
    WorkflowState { word: word.into(), change, live, draft }
}

pub(crate) fn revision(revision: u32, state: &str) -> RevisionView {
    let made = Trace { at_ms: ACCEPTED, who: "ann".into(), origin: "cli".into() };
    let published = (state != "draft").then(|| made.clone());
    RevisionView {
        workflow: "default/disk-report".into(),
        revision,
        state: state.into(),
        made,
        published,
        file: "disk-report.yaml".into(),
        note: "a higher limit".into(),
        cause: CauseView { word: "rollback".into(), workflow: None, revision: Some(1) },
    }
}

pub(crate) fn plan() -> PlanView {
    let item = |name: &str, word: &str, keys: &[&str]| ItemChange {
        name: name.into(),
        word: word.into(),
        keys: keys.iter().map(|&key| key.to_owned()).collect(),
    };
    PlanView {
        workflow: "default/disk-report".into(),
        word: "changed".into(),
        state: Some(state("disabled")),
        keys: vec!["description".into()],
        steps: vec![
            item("send", "added", &[]),
            item("usage", "changed", &["action", "timeout"]),
            item("parse", "removed", &[]),
        ],
        variables: vec![item("mail", "added", &["newly required"])],
        triggers: vec![item("weekdays", "changed", &["cron", "timezone"])],
        fires: vec![FireTimes {
            trigger: "weekdays".into(),
            before: Fires {
                timezone: "Europe/Sofia".into(),
                slots_ms: vec![SLOT, SLOT + DAY, SLOT + 4 * DAY],
            },
            after: Fires { timezone: "UTC".into(), slots_ms: vec![SLOT + DAY, SLOT + 2 * DAY] },
        }],
        secrets: vec![
            SecretNeed { name: "key".into(), there: true },
            SecretNeed { name: "token".into(), there: false },
        ],
        runs: vec![("queued".into(), 5), ("running".into(), 1)],
        dependents: Vec::new(),
        warnings: Vec::new(),
    }
}
