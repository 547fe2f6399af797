//! Whether a file of tests fits its workflow: the steps and variables that it names, and
//! that each step is given what such a step can come to.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::{
    Action, Approval, Call, Ident, Step, StepPath, Value, Variable, VariableKind, Wait, Workflow,
    WorkflowRef,
};

use super::{At, Ending, Given, Pattern, Test, TestFile, Try, Votes};
use crate::expr::secret_reference;
use crate::suggest;
use crate::workflow::problem::Problems;
use crate::workflow::{Pos, Problem, ProblemCode, unfit};

/// The workflows that are called, as far as their files are known.
pub type Called = BTreeMap<WorkflowRef, Workflow>;

/// Everything in `tests` that the workflow has not. `file` is named in the problems.
pub fn fit(tests: &TestFile, workflow: &Workflow, called: &Called, file: &str) -> Vec<Problem> {
    let problems = Problems::new(file);
    let mut fitting = Fitting { workflow, called, problems, known: steps(workflow) };
    for test in &tests.tests {
        fitting.variables(test);
        fitting.steps(test);
        fitting.expected(test);
    }
    fitting.problems.into_sorted()
}

/// The variables of a run of `test`, which fits: given ones, and the others by default.
pub fn variables(test: &Test, workflow: &Workflow) -> BTreeMap<Ident, Value> {
    form_values(&workflow.variables, &test.variables)
}

/// Values of all that is `declared`, as [`variables`].
pub fn form_values(
    declared: &BTreeMap<Ident, Variable>,
    given: &BTreeMap<Ident, At<Value>>,
) -> BTreeMap<Ident, Value> {
    let value = |(name, variable): (&Ident, &Variable)| {
        let value = match given.get(name) {
            Some(given) => read(variable, &given.value).unwrap_or_default(),
            None => variable.default.clone().unwrap_or_default(),
        };
        (name.clone(), value)
    };
    declared.iter().map(value).collect()
}

/// A variable of type secret is given by the name of one.
fn read(variable: &Variable, given: &Value) -> Option<Value> {
    match (variable.kind, given) {
        (VariableKind::Secret, Value::Text(name)) => Some(secret_reference(&name.parse().ok()?)),
        (VariableKind::Secret, _) => None,
        (_, given) => Some(given.clone()),
    }
}

/// What a value is given for, in messages.
#[derive(Clone, Copy)]
enum Taker {
    Variable,
    Field,
}

struct Fitting<'w> {
    workflow: &'w Workflow,
    called: &'w Called,
    problems: Problems,
    /// Every step of the workflow, with a star for every turn.
    known: BTreeSet<String>,
}

impl<'w> Fitting<'w> {
    fn variables(&mut self, test: &Test) {
        let declared = &self.workflow.variables;
        for (name, given) in &test.variables {
            match declared.get(name) {
                Some(variable) => self.value(Taker::Variable, name, variable, given),
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

    fn value(&mut self, of: Taker, name: &Ident, variable: &Variable, given: &At<Value>) {
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
            let message = match of {
                Taker::Variable => {
                    format!("the variable {name} takes a {expected}; here is a {got}")
                }
                Taker::Field => format!("the field {name} takes a {expected}; here is a {got}"),
            };
            let hint = format!("write a {expected}");
            self.problems.error(ProblemCode::WrongType, given.at, message, hint);
        } else if let Some(why) = unfit(variable, &value) {
            let message = format!("the value of {name} {why}");
            let hint = match of {
                Taker::Variable => "a run with this value would be refused",
                Taker::Field => "an approval with this value would be refused",
            };
            self.problems.error(ProblemCode::WrongType, given.at, message, hint);
        }
    }

    fn steps(&mut self, test: &Test) {
        for (pattern, given) in &test.steps {
            let text = pattern.value.to_string();
            let Some(step) = self.step(&pattern.value.example(), &text, pattern.at) else {
                continue;
            };
            let why = match &step.action {
                Action::Task { .. } => {
                    self.takes(step, given, &TASK);
                    continue;
                }
                Action::Call(Call { detached: true, .. }) => {
                    "nobody waits for the run that it calls: its output is the id of that"
                }
                Action::Call(call) => {
                    self.takes(step, given, &CALL);
                    self.called_outputs(call, given);
                    continue;
                }
                Action::Approval(approval) => {
                    self.takes(step, given, &APPROVAL);
                    self.votes(step, approval, given);
                    continue;
                }
                Action::Wait(Wait::Event(_)) => {
                    self.takes(step, given, &EVENT);
                    continue;
                }
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
    }

    /// Only what such a step can come to.
    fn takes(&mut self, step: &Step, given: &Given, forms: &Forms) {
        for this in tries(given) {
            for key in keys(this).into_iter().filter(|key| !forms.keys.contains(key)) {
                self.meaningless(this.at, key, &step.action, forms.advice);
            }
        }
    }

    fn meaningless(&mut self, at: Pos, key: &str, action: &Action, hint: &str) {
        let message = format!("`{key}` has no meaning on {}", described(action));
        self.problems.error(ProblemCode::StepForm, at, message, hint);
    }

    /// Of the run that a step calls, where its workflow is known.
    fn called_outputs(&mut self, call: &Call, given: &Given) {
        for this in tries(given) {
            let Ending::Output(output) = &this.ending else { continue };
            let Value::Map(fields) = output else {
                let message = format!("`output` is a map; here is a {}", output.type_name());
                let hint = "write names and values, one on each line";
                self.problems.error(ProblemCode::WrongType, this.at, message, hint);
                continue;
            };
            let Some(workflow) = self.called.get(&call.workflow) else { continue };
            let known = workflow.outputs.keys().map(String::as_str);
            for name in fields.keys().filter(|name| !workflow.outputs.contains_key(*name)) {
                let message = format!("workflow `{}` gives no {name:?}", workflow.name);
                let hint = suggest::hint(name, "it gives", known.clone());
                self.problems.error(ProblemCode::UndefinedReference, this.at, message, hint);
            }
        }
    }

    /// Of an approval: as many as it takes, each by somebody else, with the form filled in.
    fn votes(&mut self, step: &Step, approval: &Approval, given: &Given) {
        let (id, quorum) = (&step.id, approval.quorum as usize);
        let mut people: BTreeSet<&str> = BTreeSet::new();
        let mut approvals = 0;
        let mut is_decided = false;
        let mut last = Pos { line: 1, column: 1 };
        for this in tries(given) {
            last = this.at;
            if is_decided {
                let message = format!("step `{id}` is decided before this");
                let hint = "take it out: nobody is asked any more";
                self.problems.error(ProblemCode::StepForm, this.at, message, hint);
                return;
            }
            let votes = match &this.ending {
                Ending::Approved(votes) => {
                    approvals += if votes.by.is_empty() { quorum } else { votes.by.len() };
                    is_decided = approvals >= quorum;
                    self.form(step, approval, votes, this.at);
                    votes
                }
                Ending::Rejected(votes) => {
                    is_decided = true;
                    votes
                }
                Ending::TimedOut => {
                    is_decided = true;
                    continue;
                }
                Ending::Output(_)
                | Ending::Failed { .. }
                | Ending::Lost
                | Ending::Cancelled
                | Ending::Event(_) => continue,
            };
            let twice = votes.by.iter().find(|name| !people.insert(name.as_str()));
            if let Some(name) = twice {
                let message = format!("{name:?} decides twice");
                let hint = "name another person: nobody counts for two";
                self.problems.error(ProblemCode::Duplicate, this.at, message, hint);
            }
        }
        if approvals > 0 && !is_decided {
            let message = format!("step `{id}` needs {quorum} approvals; here are {approvals}");
            let hint = "name more people in `by`, or let the list end with `timeout: true`";
            self.problems.error(ProblemCode::StepForm, last, message, hint);
        } else if approvals > quorum {
            let message = format!("step `{id}` needs {quorum} approvals; here are {approvals}");
            let hint = "take out who is not asked any more";
            self.problems.error(ProblemCode::StepForm, last, message, hint);
        }
    }

    fn form(&mut self, step: &Step, approval: &Approval, votes: &Votes, at: Pos) {
        let id = &step.id;
        for (name, given) in &votes.fields {
            if let Some(field) = approval.form.get(name) {
                self.value(Taker::Field, name, field, given);
                continue;
            }
            let message = format!("the form of step `{id}` has no field {:?}", name.as_str());
            let hint = match approval.form.is_empty() {
                true => format!("give {id} a `form`"),
                false => {
                    let known = approval.form.keys().map(Ident::as_str);
                    suggest::hint(name.as_str(), "fields", known)
                }
            };
            self.problems.error(ProblemCode::UndefinedReference, given.at, message, hint);
        }
        for (name, field) in &approval.form {
            let needed = field.required && field.default.is_none();
            if needed && !votes.fields.contains_key(name) {
                let kind = field.kind.word();
                let message = format!("the form of step `{id}` takes a value for {name} ({kind})");
                let hint = format!("write `approve: {{fields: {{{name}: …}}}}`");
                self.problems.error(ProblemCode::MissingKey, at, message, hint);
            }
        }
    }

    fn expected(&mut self, test: &Test) {
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
        for (path, step) in &expect.steps {
            self.step(path, path.as_str(), step.at);
        }
        for (path, input) in &expect.inputs {
            let Some(step) = self.step(path, path.as_str(), input.at) else { continue };
            let known = match &step.action {
                Action::Task { .. } => &["with", "env"][..],
                Action::Call(_) => &["with"],
                Action::Approval(_) => &["message", "show", "approvers"],
                Action::Set(_)
                | Action::Wait(_)
                | Action::Group(_)
                | Action::ForEach(_)
                | Action::While(_)
                | Action::Repeat(_)
                | Action::Switch(_) => &[],
            };
            let keys = input.value.as_map().into_iter().flat_map(|fields| fields.keys());
            for key in keys.filter(|key| !known.contains(&key.as_str())) {
                let hint = "expect `with` and `env` of a task, `with` of a workflow, `message`, \
                            `show` and `approvers` of an approval";
                self.meaningless(input.at, key, &step.action, hint);
            }
        }
    }

    /// The step at `path`, which the file wrote as `text`.
    fn step(&mut self, path: &StepPath, text: &str, at: Pos) -> Option<&'w Step> {
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

/// What a kind of step can be given.
struct Forms {
    keys: &'static [&'static str],
    advice: &'static str,
}

const TASK: Forms = Forms {
    keys: &["output", "fail", "started", "timeout", "lost", "resolve"],
    advice: "write `output: {…}`, or one of `fail`, `exit`, `http`, `business`, `timeout` and `lost`",
};

const CALL: Forms = Forms {
    keys: &["output", "fail", "timeout", "cancelled"],
    advice: "write `output: {…}` with the outputs of that run, or one of `fail`, `timeout` and `cancelled`",
};

const APPROVAL: Forms = Forms {
    keys: &["approve", "reject", "timeout"],
    advice: "write `approve: {by: …}`, `reject: {by: …}` or `timeout: true`",
};

const EVENT: Forms =
    Forms { keys: &["event", "timeout"], advice: "write `event: {data: …}` or `timeout: true`" };

fn tries(given: &Given) -> &[Try] {
    match given {
        Given::Always(this) => std::slice::from_ref(this),
        Given::InTurn(tries) => tries,
    }
}

/// The keys that a result is written with; one for all ways in which a task fails.
fn keys(this: &Try) -> Vec<&'static str> {
    let mut keys = match &this.ending {
        Ending::Output(_) => vec!["output"],
        Ending::Failed { output, started, .. } => {
            let (output, started) = (*output != Value::Null, *started);
            let more = [("output", output), ("started", !started)];
            let more = more.into_iter().filter(|(_, is)| *is).map(|(key, _)| key);
            std::iter::once("fail").chain(more).collect()
        }
        Ending::TimedOut => vec!["timeout"],
        Ending::Lost => vec!["lost"],
        Ending::Cancelled => vec!["cancelled"],
        Ending::Approved(_) => vec!["approve"],
        Ending::Rejected(_) => vec!["reject"],
        Ending::Event(_) => vec!["event"],
    };
    if this.resolve.is_some() {
        keys.push("resolve");
    }
    keys
}

/// What a step is called, with its article, as the reader of workflows says it.
fn described(action: &Action) -> String {
    match action {
        Action::Task { kind, .. } if kind == "shell" => "a `run` step".to_owned(),
        Action::Task { kind, .. } => format!("a step that uses {kind}"),
        Action::Set(_) => "a `set` step".to_owned(),
        Action::Wait(_) => "a `wait` step".to_owned(),
        Action::Group(_) => "a group of steps".to_owned(),
        Action::ForEach(_) => "a `for_each` loop".to_owned(),
        Action::While(_) => "a `while` loop".to_owned(),
        Action::Repeat(_) => "a `repeat` loop".to_owned(),
        Action::Switch(_) => "a `switch` step".to_owned(),
        Action::Call(_) => "a `workflow` step".to_owned(),
        Action::Approval(_) => "an `approval` step".to_owned(),
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
