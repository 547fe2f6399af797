//! Lists: one page, and the cursor of the next.

use rpa_ipc::view::{Page, RunSummary, StepDoubt, VariableView, WorkflowView};
use serde::Serialize;
use serde_json::Value;

use super::{RunObject, StateObject, time, value};

#[derive(Debug, Serialize)]
pub struct RunsDocument<'a> {
    pub runs: Vec<RunObject<'a>>,
    pub next: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub struct WorkflowsDocument<'a> {
    pub workflows: Vec<WorkflowObject<'a>>,
    pub next: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub struct DoubtsDocument<'a> {
    pub doubts: Vec<DoubtObject<'a>>,
    pub next: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub struct WorkflowObject<'a> {
    pub workflow: &'a str,
    pub revision: u32,
    #[serde(flatten)]
    pub state: StateObject<'a>,
    pub description: &'a str,
    pub tags: &'a [String],
    pub category: Option<&'a str>,
    pub applied: Option<String>,
    pub applied_by: &'a str,
    pub variables: Vec<VariableObject<'a>>,
    pub steps: Vec<&'a str>,
    pub last_run: Option<RunObject<'a>>,
}

#[derive(Debug, Serialize)]
pub struct VariableObject<'a> {
    pub name: &'a str,
    pub kind: &'a str,
    pub required: bool,
    pub default: Option<Value>,
    pub description: &'a str,
}

#[derive(Debug, Serialize)]
pub struct DoubtObject<'a> {
    pub run: String,
    pub workflow: &'a str,
    pub path: &'a str,
    pub attempt: u32,
    pub effect: &'a str,
    pub since: Option<String>,
    pub reason: &'a str,
}

impl<'a> RunsDocument<'a> {
    pub fn of(page: &'a Page<RunSummary>) -> RunsDocument<'a> {
        let runs = page.items.iter().map(RunObject::of).collect();
        RunsDocument { runs, next: page.next.as_deref() }
    }
}

impl<'a> WorkflowsDocument<'a> {
    pub fn of(page: &'a Page<WorkflowView>) -> WorkflowsDocument<'a> {
        let workflows = page.items.iter().map(WorkflowObject::of).collect();
        WorkflowsDocument { workflows, next: page.next.as_deref() }
    }
}

impl<'a> DoubtsDocument<'a> {
    pub fn of(page: &'a Page<StepDoubt>) -> DoubtsDocument<'a> {
        let doubts = page.items.iter().map(DoubtObject::of).collect();
        DoubtsDocument { doubts, next: page.next.as_deref() }
    }
}

impl<'a> WorkflowObject<'a> {
    fn of(view: &'a WorkflowView) -> WorkflowObject<'a> {
        WorkflowObject {
            workflow: &view.workflow,
            revision: view.revision,
            state: StateObject::of(&view.state),
            description: &view.description,
            tags: &view.tags,
            category: Some(view.category.as_str()).filter(|category| !category.is_empty()),
            applied: time(view.applied_ms),
            applied_by: &view.applied_by,
            variables: view.variables.iter().map(VariableObject::of).collect(),
            steps: view.steps.iter().map(|step| step.id.as_str()).collect(),
            last_run: view.last_run.as_ref().map(RunObject::of),
        }
    }
}

impl<'a> VariableObject<'a> {
    pub fn of(view: &'a VariableView) -> VariableObject<'a> {
        VariableObject {
            name: &view.name,
            kind: &view.kind,
            required: view.required,
            default: view.default.as_ref().map(value),
            description: &view.description,
        }
    }
}

impl<'a> DoubtObject<'a> {
    fn of(doubt: &'a StepDoubt) -> DoubtObject<'a> {
        DoubtObject {
            run: doubt.run.to_string(),
            workflow: &doubt.workflow,
            path: doubt.path.as_str(),
            attempt: doubt.attempt,
            effect: &doubt.effect,
            since: time(doubt.since_ms),
            reason: &doubt.reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn the_shape_of_lists() {
        let runs = Page { items: vec![sample::failed().summary], next: Some("abc".into()) };
        let workflows = Page { items: vec![sample::workflow()], next: None };
        let doubts = Page { items: vec![sample::doubt()], next: None };
        let json = [
            serde_json::to_string_pretty(&RunsDocument::of(&runs)).unwrap(),
            serde_json::to_string_pretty(&WorkflowsDocument::of(&workflows)).unwrap(),
            serde_json::to_string_pretty(&DoubtsDocument::of(&doubts)).unwrap(),
        ];
        insta::assert_snapshot!(json.join("\n"));
    }
}
