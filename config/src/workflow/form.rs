//! What a step does: exactly one of `run`, `uses`, `set`, `wait`, `steps`, `switch`,
//! `workflow`, `approval`.
//!
//! `steps` may stand under one of `for_each`, `while` and `repeat`.

use super::call;
use super::fields::{Fields, shown};
use super::node::{Entry, Node};
use super::problem::{ProblemCode, Problems};
use super::reader::Reader;
use super::step::KEYS;
use super::wait;
use crate::catalogue;

pub(crate) const FORMS: [&str; 8] =
    ["run", "uses", "set", "wait", "steps", "switch", "workflow", "approval"];
/// What repeats `steps`.
pub(crate) const LOOPS: [&str; 3] = ["for_each", "while", "repeat"];
/// Keys that only some forms have a use for.
const PARTICULAR: [&str; 15] = [
    "env",
    "effect",
    "timeout",
    "retry",
    "outputs",
    "with",
    "shell",
    "compensate",
    "detached",
    "as",
    "max_parallel",
    "on_item_error",
    "max_iterations",
    "cases",
    "default",
];

/// The form of a step and its value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form<'a> {
    Run(&'a Node),
    Uses(&'a Node, &'a str),
    Set(&'a Node),
    Wait(&'a Node),
    Group(&'a Node),
    /// What is repeated comes second.
    ForEach(&'a Node, &'a Node),
    While(&'a Node, &'a Node),
    Repeat(&'a Node, &'a Node),
    Switch(&'a Node),
    Workflow(&'a Node, Waited),
    Approval(&'a Node),
}

/// Whether a step that calls a workflow waits for its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waited {
    For,
    Not,
}

impl<'a> Form<'a> {
    /// The task type of a step that a runner runs.
    pub(crate) fn task_kind(&self) -> Option<&'a str> {
        match self {
            Form::Run(_) => Some("shell"),
            Form::Uses(_, kind) => Some(kind),
            _ => None,
        }
    }

    /// Whether there are steps in the step.
    pub(crate) fn has_steps(&self) -> bool {
        match self {
            Form::Run(_)
            | Form::Uses(..)
            | Form::Set(_)
            | Form::Wait(_)
            | Form::Workflow(..)
            | Form::Approval(_) => false,
            Form::Group(_)
            | Form::ForEach(..)
            | Form::While(..)
            | Form::Repeat(..)
            | Form::Switch(_) => true,
        }
    }

    pub(crate) fn is_for_each(&self) -> bool {
        matches!(self, Form::ForEach(..))
    }

    /// Whether it gives what somebody outside has said.
    fn waits_for_the_world(&self) -> bool {
        match self {
            Form::Approval(_) => true,
            Form::Wait(node) => wait::is_for_event(node),
            _ => false,
        }
    }

    fn described(&self) -> String {
        match self {
            Form::Run(_) => "a `run` step".to_owned(),
            Form::Uses(_, kind) => format!("a step that uses {}", shown(kind)),
            Form::Set(_) => "a `set` step".to_owned(),
            Form::Wait(_) => "a `wait` step".to_owned(),
            Form::Group(_) => "a group of steps".to_owned(),
            Form::ForEach(..) => "a `for_each` loop".to_owned(),
            Form::While(..) => "a `while` loop".to_owned(),
            Form::Repeat(..) => "a `repeat` loop".to_owned(),
            Form::Switch(_) => "a `switch` step".to_owned(),
            Form::Workflow(_, Waited::For) => "a `workflow` step".to_owned(),
            Form::Workflow(_, Waited::Not) => "a detached `workflow` step".to_owned(),
            Form::Approval(_) => "an `approval` step".to_owned(),
        }
    }

    fn has_use_for(&self, key: &str) -> bool {
        let is_task = self.task_kind().is_some();
        let is_call = matches!(self, Form::Workflow(..));
        match key {
            "with" => is_call || matches!(self, Form::Uses(..)),
            "detached" => is_call,
            "shell" => matches!(self, Form::Run(_)),
            // an unknown task type is a problem of its own
            "env" => match self {
                Form::Uses(_, kind) => *kind == "shell" || catalogue::find(kind).is_none(),
                _ => is_task,
            },
            "effect" => is_task,
            "retry" => is_task || is_call,
            // the step of a detached call has ended when its run begins
            "timeout" if matches!(self, Form::Workflow(_, Waited::Not)) => false,
            "timeout" | "compensate" => is_task || is_call || self.has_steps(),
            "outputs" => is_task || is_call || self.has_steps() || self.waits_for_the_world(),
            "as" | "max_parallel" | "on_item_error" => self.is_for_each(),
            "max_iterations" => matches!(self, Form::While(..)),
            "cases" | "default" => matches!(self, Form::Switch(_)),
            _ => true,
        }
    }

    /// Where a key belongs that this form has no use for.
    fn advice(&self, key: &str) -> &'static str {
        match key {
            "as" | "max_parallel" | "on_item_error" => "take it out: it belongs to `for_each`",
            "max_iterations" if matches!(self, Form::Repeat(..)) => {
                "take it out: the `count` of `repeat` is its limit"
            }
            "max_iterations" => "take it out: it belongs to `while`",
            "cases" | "default" => "take it out: it belongs to `switch`",
            "detached" => "take it out: it belongs to `workflow`",
            "timeout" => match self {
                Form::Approval(_) => {
                    "write it inside: `approval: {message: …, timeout: 4h, on_timeout: reject}`"
                }
                Form::Wait(node) if wait::is_for_event(node) => {
                    "write it inside: `wait: {event: …, timeout: 2h, on_timeout: continue}`"
                }
                Form::Workflow(..) => "give the workflow that is called a `timeout`",
                _ => "take it out",
            },
            "effect" if matches!(self, Form::Workflow(..)) => {
                "take it out: the steps of the workflow that is called have their own"
            }
            "retry" if self.has_steps() => {
                "write it at the steps inside, or put `repeat` around them"
            }
            "env" | "effect" | "shell" | "with" if self.has_steps() => {
                "write it at the steps inside"
            }
            _ => "take it out",
        }
    }
}

impl<'a> Reader<'a> {
    /// The form of a step; reports none, several, and keys it has no use for.
    pub(crate) fn form(&mut self, fields: &Fields<'a>) -> Option<Form<'a>> {
        let entry = self.main_key(fields)?;
        let form = self.form_of(entry, fields)?;
        for entry in PARTICULAR.iter().filter_map(|key| fields.entry(key)) {
            if !form.has_use_for(&entry.key) {
                let message = format!("`{}` has no meaning on {}", entry.key, form.described());
                let hint = form.advice(&entry.key);
                self.problems.error(ProblemCode::StepForm, entry.key_at, message, hint);
            }
        }
        Some(form)
    }

    /// The one key of [`FORMS`].
    fn main_key(&mut self, fields: &Fields<'a>) -> Option<&'a Entry> {
        let found: Vec<&Entry> = FORMS.iter().filter_map(|key| fields.entry(key)).collect();
        let repeats = LOOPS.iter().find_map(|key| fields.entry(key));
        match (&found[..], repeats) {
            ([entry], _) => Some(entry),
            // that key has been reported, with the right one
            ([], None) if fields.has_habit_for(&FORMS) => None,
            ([], None) => {
                let (last, others) = FORMS.split_last()?;
                let hint = format!("say what it does with one of {}, {last}", others.join(", "));
                let message = "the step does nothing";
                self.problems.error(ProblemCode::StepForm, fields.at, message, hint);
                None
            }
            ([], Some(entry)) => {
                let message = format!("`{}` has no `steps` to repeat", entry.key);
                let hint = "add `steps: [{id: each, run: …}]`";
                self.problems.error(ProblemCode::MissingKey, entry.key_at, message, hint);
                None
            }
            ([..], _) => {
                self.several(&found, "make a step of each");
                None
            }
        }
    }

    fn form_of(&mut self, entry: &'a Entry, fields: &Fields<'a>) -> Option<Form<'a>> {
        let node = &entry.node;
        let loops: Vec<&Entry> = LOOPS.iter().filter_map(|key| fields.entry(key)).collect();
        let over = match loops[..] {
            [] => None,
            [over] if entry.key == "steps" => Some(over),
            [over] => {
                let message = format!("`{}` repeats `steps`, not `{}`", over.key, entry.key);
                let hint =
                    format!("write it as a step inside: `steps: [{{id: …, {}: …}}]`", entry.key);
                self.problems.error(ProblemCode::StepForm, entry.key_at, message, hint);
                return None;
            }
            [..] => {
                self.several(&loops, "put one loop into the `steps` of the other");
                return None;
            }
        };
        Some(match (entry.key.as_str(), over.map(|over| (over.key.as_str(), &over.node))) {
            (_, Some(("for_each", over))) => Form::ForEach(over, node),
            (_, Some(("while", over))) => Form::While(over, node),
            (_, Some((_, over))) => Form::Repeat(over, node),
            ("run", None) => Form::Run(node),
            ("uses", None) => Form::Uses(node, self.filled_text(node, "`uses`")?),
            ("set", None) => Form::Set(node),
            ("wait", None) => Form::Wait(node),
            ("steps", None) => Form::Group(node),
            ("workflow", None) if call::is_detached(fields) => Form::Workflow(node, Waited::Not),
            ("workflow", None) => Form::Workflow(node, Waited::For),
            ("approval", None) => Form::Approval(node),
            (_, None) => Form::Switch(node),
        })
    }

    /// Keys of which a step can have only one, in the order of their table.
    fn several(&mut self, found: &[&Entry], hint: &str) {
        let keys: Vec<_> = found.iter().map(|e| format!("`{}`", e.key)).collect();
        let message = format!("the step has {}; it can have only one", keys.join(" and "));
        if let Some(last) = found.iter().map(|e| e.key_at).max() {
            self.problems.error(ProblemCode::StepForm, last, message, hint);
        }
    }
}

/// The keys that a step can have for what it does, of those of the format; none of a step
/// that does nothing, or several things.
pub(crate) fn useful_keys(step: &Node) -> Option<Vec<&'static str>> {
    let mut reader = Reader::new("", Problems::new(""));
    let fields = Fields::read(step, &KEYS, &mut reader.problems)?;
    let form = reader.form(&fields)?;
    let of_another =
        |key: &str| (FORMS.contains(&key) || LOOPS.contains(&key)) && fields.get(key).is_none();
    let known = KEYS.known.iter().copied();
    Some(known.filter(|key| form.has_use_for(key) && !of_another(key)).collect())
}
