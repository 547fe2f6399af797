//! Several files at once: what one of them calls, and another one is.
//!
//! A file alone is checked without those that it calls, which may not be there yet. Where
//! they are given together, a call is held against what it calls.

use rpa_engine::calls::{self, Edges};
use rpa_engine::{Ident, Template, Value, Variable, VariableKind, Workflow, WorkflowRef};

use super::Checked;
use super::call::{Given, Site};
use super::constraints::unfit;
use super::fields::shown;
use super::place::Place;
use super::problem::{Pos, Problem, ProblemCode, Problems};
use super::world::World;
use crate::suggest;

/// A call of another workflow, as it stands in a file.
#[derive(Clone, Debug)]
pub struct CallSite {
    pub workflow: WorkflowRef,
    at: Pos,
    arguments: Vec<Argument>,
}

/// A variable of the called workflow, as the call gives it.
#[derive(Clone, Debug)]
struct Argument {
    name: Ident,
    key_at: Pos,
    at: Pos,
    value: Template,
    /// Whether it may come out secret.
    secret: bool,
}

impl CallSite {
    pub(crate) fn of(site: Site<'_>, world: &World<'_, '_>) -> CallSite {
        let argument = |given: Given<'_>| Argument {
            secret: world.may_be_secret(&given.template.reads(), site.step, Place::CallWith),
            name: given.name,
            key_at: given.key_at,
            at: given.node.at,
            value: given.template,
        };
        let arguments = site.with.into_iter().map(argument).collect();
        CallSite { workflow: site.workflow, at: site.at, arguments }
    }
}

/// What is wrong between files that have been checked one by one, each with the name that
/// problems shall have for it; the problems of each, in that order. Files that are not
/// valid take no part.
pub fn together(files: &[(&str, &Checked)]) -> Vec<Vec<Problem>> {
    let mut problems: Vec<Problems> = files.iter().map(|(file, _)| Problems::new(file)).collect();
    circles(files, &mut problems);
    for ((_, checked), problems) in files.iter().zip(&mut problems) {
        for site in checked.calls.iter().filter(|_| checked.workflow.is_some()) {
            if let Some(called) = workflow(files, &site.workflow) {
                site.check(called, problems);
            }
        }
    }
    problems.into_iter().map(Problems::into_sorted).collect()
}

/// Of two files of one name, the later one counts: it is applied last.
fn workflow<'c>(files: &[(&str, &'c Checked)], name: &WorkflowRef) -> Option<&'c Workflow> {
    let workflows = files.iter().rev().filter_map(|(_, checked)| checked.workflow.as_ref());
    workflows.into_iter().find(|workflow| workflow.name == *name)
}

/// Each circle is reported once, where its first workflow calls the next.
fn circles(files: &[(&str, &Checked)], problems: &mut [Problems]) {
    let mut edges = Edges::new();
    for workflow in files.iter().filter_map(|(_, checked)| checked.workflow.as_ref()) {
        edges.insert(workflow.name.clone(), workflow.calls().into_iter().cloned().collect());
    }
    for circle in calls::cycles(&edges) {
        let [first, second, ..] = &circle[..] else { continue };
        let is_first = |checked: &Checked| {
            checked.workflow.as_ref().is_some_and(|workflow| workflow.name == *first)
        };
        let Some(place) = files.iter().rposition(|(_, checked)| is_first(checked)) else {
            continue;
        };
        let site = files[place].1.calls.iter().find(|site| site.workflow == *second);
        let at = site.map_or(Pos::START, |site| site.at);
        let message = format!("these workflows call each other: {}", calls::shown(&circle));
        let hint = "their runs would never end: take one of these calls out";
        problems[place].error(ProblemCode::Cycle, at, message, hint);
    }
}

impl CallSite {
    fn check(&self, called: &Workflow, problems: &mut Problems) {
        let name = &called.name;
        for (variable, declared) in &called.variables {
            let given = self.arguments.iter().any(|argument| argument.name == *variable);
            if declared.required && !given {
                let message = format!("{name} needs the variable `{variable}`");
                let hint = match declared.description.as_str() {
                    "" => format!("add `{variable}` under `with`"),
                    text => format!("add `{variable}` under `with`: {}", shown(first_line(text))),
                };
                problems.error(ProblemCode::MissingKey, self.at, message, hint);
            }
        }
        for argument in &self.arguments {
            match called.variables.get(&argument.name) {
                Some(declared) => argument.check(declared, name, problems),
                None => {
                    let message = format!("{name} has no variable {:?}", argument.name.as_str());
                    let known = called.variables.keys().map(Ident::as_str);
                    let hint = match called.variables.is_empty() {
                        true => "it takes none".to_owned(),
                        false => suggest::hint(argument.name.as_str(), "variables", known),
                    };
                    problems.error(ProblemCode::UnknownKey, argument.key_at, message, hint);
                }
            }
        }
    }
}

impl Argument {
    /// What is evaluated in the run is known only there, but for whether it is a secret.
    fn check(&self, declared: &Variable, workflow: &WorkflowRef, problems: &mut Problems) {
        let (name, kind) = (&self.name, declared.kind);
        if kind == VariableKind::Secret {
            if !self.secret {
                let message = format!("`{name}` is of type secret, and this is none");
                let hint = "write \"{{ secrets.NAME }}\"";
                problems.error(ProblemCode::LiteralSecret, self.at, message, hint);
            }
            return;
        }
        if self.secret {
            let message = format!("`{name}` of {workflow} is not of type secret, and this is one");
            let hint = format!("declare {name} with `type: secret` there");
            problems.error(ProblemCode::SecretPlace, self.at, message, hint);
            return;
        }
        let word = kind.word();
        let Some(value) = self.value.as_literal() else {
            if matches!(self.value, Template::Text(_)) && !is_text(kind) {
                let message =
                    format!("the variable `{name}` of {workflow} is a {word}; here is a string");
                let hint = "write one expression alone: \"{{ … }}\"";
                problems.error(ProblemCode::WrongType, self.at, message, hint);
            }
            return;
        };
        if !kind.accepts(&value) {
            let got = match value {
                Value::Null => "nothing".to_owned(),
                value => format!("a {}", value.type_name()),
            };
            let message = format!("the variable `{name}` of {workflow} is a {word}; here is {got}");
            problems.error(ProblemCode::WrongType, self.at, message, format!("write a {word}"));
        } else if let Some(why) = unfit(declared, &value) {
            let message = format!("the value of `{name}` {why}, says {workflow}");
            let hint = "write another value";
            problems.error(ProblemCode::WrongType, self.at, message, hint);
        }
    }
}

fn is_text(kind: VariableKind) -> bool {
    matches!(kind, VariableKind::String | VariableKind::Json)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
