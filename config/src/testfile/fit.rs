//! Whether a file of tests fits its workflow: the steps and variables that it names.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::{Action, Ident, Step, StepPath, Value, Variable, VariableKind, Wait, Workflow};

use super::{At, Pattern, Test, TestFile};
use crate::expr::secret_reference;
use crate::suggest;
use crate::workflow::problem::Problems;
use crate::workflow::{Pos, Problem, ProblemCode, unfit};

/// Everything in `tests` that the workflow has not. `file` is named in the problems.
pub fn fit(tests: &TestFile, workflow: &Workflow, file: &str) -> Vec<Problem> {
    let mut fitting = Fitting { workflow, problems: Problems::new(file), known: steps(workflow) };
    for test in &tests.tests {
        fitting.variables(test);
        fitting.steps(test);
    }
    fitting.problems.into_sorted()
}

/// The variables of a run of `test`, which fits: given ones, and the others by default.
pub fn variables(test: &Test, workflow: &Workflow) -> BTreeMap<Ident, Value> {
    let value = |(name, variable): (&Ident, &Variable)| {
        let value = match test.variables.get(name) {
            Some(given) => read(variable, &given.value).unwrap_or_default(),
            None => variable.default.clone().unwrap_or_default(),
        };
        (name.clone(), value)
    };
    workflow.variables.iter().map(value).collect()
}

/// A variable of type secret is given by the name of one.
fn read(variable: &Variable, given: &Value) -> Option<Value> {
    match (variable.kind, given) {
        (VariableKind::Secret, Value::Text(name)) => Some(secret_reference(&name.parse().ok()?)),
        (VariableKind::Secret, _) => None,
        (_, given) => Some(given.clone()),
    }
}

struct Fitting<'w> {
    workflow: &'w Workflow,
    problems: Problems,
    /// Every step of the workflow, with a star for every turn.
    known: BTreeSet<String>,
}

impl Fitting<'_> {
    fn variables(&mut self, test: &Test) {
        let declared = &self.workflow.variables;
        for (name, given) in &test.variables {
            match declared.get(name) {
                Some(variable) => self.variable(name, variable, given),
                None => {
                    let hint = suggest::hint(
                        name.as_str(),
                        "variables",
                        declared.keys().map(Ident::as_str),
                    );
                    let message = format!("the workflow has no variable {:?}", name.as_str());
                    let code = ProblemCode::UndefinedReference;
                    self.problems.error(code, given.at, message, hint);
                }
            }
        }
        for (name, variable) in declared {
            let needed = variable.required && variable.default.is_none();
            if needed && !test.variables.contains_key(name) {
                let kind = variable.kind.word();
                let message = format!("the test gives no value for the variable {name} ({kind})");
                let hint = format!("write `variables: {{{name}: …}}`");
                self.problems.error(ProblemCode::MissingKey, test.name.at, message, hint);
            }
        }
    }

    fn variable(&mut self, name: &Ident, variable: &Variable, given: &At<Value>) {
        let (expected, got) = (variable.kind.word(), given.value.type_name());
        let Some(value) = read(variable, &given.value) else {
            let message = format!("the variable {name} is given the name of a secret");
            let hint = "write the name; `secrets` has what stands in for it";
            self.problems.error(ProblemCode::WrongType, given.at, message, hint);
            return;
        };
        // null is the absence of a value
        if value == Value::Null && !variable.required {
            return;
        }
        if !variable.kind.accepts(&value) {
            let message = format!("the variable {name} is a {expected}; here is a {got}");
            let hint = format!("write a {expected}");
            self.problems.error(ProblemCode::WrongType, given.at, message, hint);
        } else if let Some(why) = unfit(variable, &value) {
            let message = format!("the value of {name} {why}");
            let hint = "a run with this value would be refused";
            self.problems.error(ProblemCode::WrongType, given.at, message, hint);
        }
    }

    fn steps(&mut self, test: &Test) {
        for (pattern, _) in &test.steps {
            let text = pattern.value.to_string();
            let Some(step) = self.step(&pattern.value.example(), &text, pattern.at) else {
                continue;
            };
            let why = match &step.action {
                Action::Task { .. }
                | Action::Call(_)
                | Action::Approval(_)
                | Action::Wait(Wait::Event(_)) => continue,
                Action::Set(_) => "its values are computed in the test as well",
                Action::Wait(_) => "the clock of the test passes by itself",
                Action::Group(_)
                | Action::ForEach(_)
                | Action::While(_)
                | Action::Repeat(_)
                | Action::Switch(_) => "write results for the steps inside of it",
            };
            let message = format!("the step {text} is no task, and is given no result");
            self.problems.error(ProblemCode::StepForm, pattern.at, message, why);
        }
        let expect = &test.expect;
        for path in expect.path.iter().flatten() {
            let Some(step) = self.step(&path.value, path.value.as_str(), path.at) else {
                continue;
            };
            if step.action.body().next().is_some() {
                let message = format!("{} does nothing itself", path.value);
                let hint = "`path` has the steps inside of it that ran";
                self.problems.error(ProblemCode::StepForm, path.at, message, hint);
            }
        }
        let steps = expect.steps.iter().map(|(path, step)| (path, step.at));
        let inputs = expect.inputs.iter().map(|(path, input)| (path, input.at));
        for (path, at) in steps.chain(inputs) {
            self.step(path, path.as_str(), at);
        }
    }

    /// The step at `path`, which the file wrote as `text`.
    fn step(&mut self, path: &StepPath, text: &str, at: Pos) -> Option<&Step> {
        let workflow = self.workflow;
        let all = Pattern::of_all_turns(path).to_string();
        // a turn of a loop is written as one, and only of a loop
        let turn = all.strip_suffix("[*]").is_some_and(|of| self.known.contains(of));
        let found = workflow
            .step_at(path)
            .filter(|step| self.known.contains(&all) || (turn && step.action.is_loop()));
        if found.is_none() {
            let known = self.known.iter().map(String::as_str);
            let hint = suggest::hint(text, "steps", known);
            let message = format!("there is no step {text:?}");
            self.problems.error(ProblemCode::StepReference, at, message, hint);
        }
        found
    }
}

/// The paths of all steps, `each[*]/biggest`.
fn steps(workflow: &Workflow) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let handlers = &workflow.handlers;
    let lists = [
        ("", &workflow.steps),
        ("@success/", &handlers.success),
        ("@failure/", &handlers.failure),
        ("@cancel/", &handlers.cancel),
        ("@finally/", &handlers.finally),
    ];
    for (scope, list) in lists {
        for step in list {
            add(scope, step, &mut found);
        }
    }
    found
}

/// Recursive as steps are, whose nesting is bounded.
fn add(scope: &str, step: &Step, found: &mut BTreeSet<String>) {
    let path = format!("{scope}{}", step.id);
    let turn = if step.action.is_loop() { "[*]" } else { "" };
    for inner in step.action.body() {
        add(&format!("{path}{turn}/"), inner, found);
    }
    for undo in &step.compensate {
        add(&format!("{path}/@undo/"), undo, found);
    }
    found.insert(path);
}
