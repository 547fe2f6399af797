//! The format as a person meets it: files in, problems or a workflow out.

mod accepts;
mod approvals;
mod calls;
mod claims;
mod events;
mod expressions;
mod failures;
mod forms;
mod graph;
mod habits;
mod limits;
mod locals;
mod loops;
mod random;
mod runs;
mod schema;
mod structure;
mod switch;
mod tasks;
mod together;
mod trigger_sources;
mod triggers;
mod unmeant;
mod variables;

use rpa_engine::{Label, Step, Workflow};

use super::{Checked, ProblemCode, check};

pub(super) const EVERY_FEATURE: &str = include_str!("every-feature.yaml");

fn namespace() -> Label {
    "default".parse().unwrap()
}

pub(super) fn checked(source: &str) -> Checked {
    let checked = check(source, "f.yaml", &namespace());
    let errors = checked.problems.iter().filter(|p| !p.warning).count();
    assert_eq!(checked.workflow.is_some(), errors == 0, "{source}\n{:?}", checked.problems);
    assert!(checked.problems.is_sorted_by_key(|p| (p.line, p.column)));
    checked
}

/// The problems, one per line, hints below.
pub(super) fn report(source: &str) -> String {
    let line = |p: &super::Problem| {
        assert!(!p.message.contains('\n') && !p.hint.contains('\n'), "one line each: {p:?}");
        let warning = if p.warning { "warning " } else { "" };
        let hint = if p.hint.is_empty() { String::new() } else { format!("\n    {}", p.hint) };
        format!("{}:{} {warning}{} {}{hint}\n", p.line, p.column, p.code, p.message)
    };
    checked(source).problems.iter().map(line).collect()
}

/// Line and code of each problem.
pub(super) fn found(source: &str) -> Vec<(u32, &'static str)> {
    checked(source).problems.iter().map(|p| (p.line, p.code.as_str())).collect()
}

/// The codes in a file that has only these steps, given as YAML list items.
pub(super) fn codes(steps: &str) -> Vec<&'static str> {
    checked(&file(steps)).problems.iter().map(|p| p.code.as_str()).collect()
}

/// A file with these steps; they begin on line 4.
pub(super) fn file(steps: &str) -> String {
    format!("version: 1\nname: w\nsteps:\n{steps}\n")
}

pub(super) fn workflow(source: &str) -> Workflow {
    let Checked { workflow, problems, .. } = checked(source);
    workflow.unwrap_or_else(|| panic!("{problems:#?}"))
}

pub(super) fn step(source: &str, id: &str) -> Step {
    let found = workflow(source).steps.into_iter().find(|step| step.id.as_str() == id);
    found.unwrap_or_else(|| panic!("no step {id}"))
}

#[test]
fn a_problem_is_displayed_with_its_place() {
    let problem = &checked("version: 1").problems[0];
    assert_eq!(problem.code, ProblemCode::MissingKey);
    assert_eq!(problem.to_string(), "f.yaml:1:1: RPA0316: the required key `name` is missing");
}
