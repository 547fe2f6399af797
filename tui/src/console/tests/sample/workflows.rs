//! Workflows, as the list has them.

use rpa_engine::Value;
use rpa_ipc::catalog::{Trace, WorkflowState};
use rpa_ipc::view::{StepOutline, VariableView, WorkflowView};

use super::{HOUR, NOW, runs};

fn outline(id: &str, kind: &str, needs: &[&str]) -> StepOutline {
    let needs = needs.iter().map(|n| (*n).to_owned()).collect();
    StepOutline { id: id.into(), name: String::new(), kind: kind.into(), needs }
}

pub(super) fn variable(
    name: &str,
    kind: &str,
    required: bool,
    default: Option<Value>,
) -> VariableView {
    let description = format!("what {name} is for");
    VariableView {
        name: name.into(),
        kind: kind.into(),
        required,
        default,
        description,
        sensitive: false,
    }
}

pub fn variables() -> Vec<VariableView> {
    vec![
        variable("limit", "number", false, Some(Value::Int(80))),
        variable("mounts", "list", false, None),
        variable("mail", "string", true, None),
        variable("dry", "boolean", false, Some(Value::Bool(true))),
        variable("token", "secret", false, None),
    ]
}

pub fn state(word: &str) -> WorkflowState {
    let live = (word != "draft").then_some(3);
    let change = Trace { at_ms: NOW - HOUR, who: "ann".into(), origin: "cli".into() };
    let change = (word != "live").then_some(change);
    let draft = (word == "draft").then_some(3);
    WorkflowState { word: word.into(), change, live, draft }
}

pub fn workflows() -> Vec<WorkflowView> {
    let report = WorkflowView {
        workflow: "default/disk-report".into(),
        revision: 3,
        state: state("live"),
        description: "Which file systems are nearly full, and what fills them".into(),
        tags: vec!["ops".into(), "disk".into()],
        category: "operations".into(),
        applied_ms: NOW - 30 * HOUR,
        applied_by: "tihomir".into(),
        variables: variables(),
        steps: vec![
            outline("usage", "shell", &[]),
            outline("parse", "data.transform", &["usage"]),
            outline("biggest", "shell", &["usage"]),
            outline("send", "http.request", &["parse", "biggest"]),
        ],
        last_run: Some(runs().remove(1)),
    };
    let plain = |name: &str, description: &str| WorkflowView {
        workflow: format!("default/{name}"),
        revision: 12,
        description: description.into(),
        tags: Vec::new(),
        variables: Vec::new(),
        steps: vec![outline("only", "noop", &[])],
        last_run: None,
        ..report.clone()
    };
    vec![
        plain("backup-rotate", "Нощно копие на базата и изтриване на старите"),
        report.clone(),
        plain("log-digest", ""),
    ]
}
