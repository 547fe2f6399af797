//! What a step does: exactly one of `run`, `uses`, `set` and `wait`.

use std::collections::BTreeMap;

use rpa_engine::contract::TaskContract;
use rpa_engine::{Action, EffectClass, Ident, Map, Template};

use super::fields::{Fields, shown};
use super::node::{Data, Entry, Node};
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::{Reader, Write};
use super::step::Defaults;
use super::templates::{Slot, evaluator};
use crate::{catalogue, suggest};

const FORMS: [&str; 4] = ["run", "uses", "set", "wait"];
/// Forms of a later version: already refused by name.
const LATER: [&str; 4] = ["steps", "switch", "workflow", "approval"];
/// Keys that only some forms have a use for.
const PARTICULAR: [&str; 7] = ["env", "effect", "timeout", "retry", "outputs", "with", "shell"];

/// The form of a step and its value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form<'a> {
    Run(&'a Node),
    Uses(&'a Node, &'a str),
    Set(&'a Node),
    Wait(&'a Node),
}

impl<'a> Form<'a> {
    /// The task type of a step that a runner runs.
    pub(crate) fn task_kind(&self) -> Option<&'a str> {
        match self {
            Form::Run(_) => Some("shell"),
            Form::Uses(_, kind) => Some(kind),
            Form::Set(_) | Form::Wait(_) => None,
        }
    }

    fn described(&self) -> String {
        match self {
            Form::Run(_) => "a `run` step".to_owned(),
            Form::Uses(_, kind) => format!("a step that uses {}", shown(kind)),
            Form::Set(_) => "a `set` step".to_owned(),
            Form::Wait(_) => "a `wait` step".to_owned(),
        }
    }

    fn has_use_for(&self, key: &str) -> bool {
        match self {
            Form::Run(_) => key != "with",
            Form::Uses(_, kind) => match key {
                "shell" => false,
                // an unknown task type is a problem of its own
                "env" => *kind == "shell" || catalogue::find(kind).is_none(),
                _ => true,
            },
            Form::Set(_) | Form::Wait(_) => false,
        }
    }
}

/// An action and the effect class it has unless the step says another.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) action: Action,
    pub(crate) effect: EffectClass,
}

impl<'a> Reader<'a> {
    /// The form of a step; reports none, several, and keys it has no use for.
    pub(crate) fn form(&mut self, fields: &Fields<'a>) -> Option<Form<'a>> {
        let found: Vec<&Entry> = FORMS.iter().filter_map(|key| fields.entry(key)).collect();
        let entry = match found[..] {
            [entry] => entry,
            [] if LATER.iter().any(|key| fields.entry(key).is_some()) => return None,
            [] => {
                let hint = "say what it does with one of run, uses, set, wait";
                self.problems.error(
                    ProblemCode::StepForm,
                    fields.at,
                    "the step does nothing",
                    hint,
                );
                return None;
            }
            [first, ..] => {
                let keys: Vec<_> = found.iter().map(|e| format!("`{}`", e.key)).collect();
                let message = format!("the step has {}; it can have only one", keys.join(" and "));
                let hint = "make a step of each";
                let last = found.iter().map(|e| e.key_at).max().unwrap_or(first.key_at);
                self.problems.error(ProblemCode::StepForm, last, message, hint);
                return None;
            }
        };
        let node = &entry.node;
        let form = match entry.key.as_str() {
            "run" => Form::Run(node),
            "uses" => Form::Uses(node, self.filled_text(node, "`uses`")?),
            "set" => Form::Set(node),
            _ => Form::Wait(node),
        };
        for entry in PARTICULAR.iter().filter_map(|key| fields.entry(key)) {
            if !form.has_use_for(&entry.key) {
                let message = format!("`{}` has no meaning on {}", entry.key, form.described());
                self.problems.error(ProblemCode::StepForm, entry.key_at, message, "take it out");
            }
        }
        Some(form)
    }

    pub(crate) fn body(
        &mut self,
        form: &Form<'a>,
        fields: &Fields<'a>,
        index: usize,
        defaults: &Defaults,
    ) -> Option<Body> {
        match *form {
            Form::Run(node) => {
                let env = self.env(fields, index);
                let with = self.run(node, fields.get("shell"), defaults.shell.as_ref());
                let action = Action::Task { kind: "shell".to_owned(), with, env };
                Some(Body { action, effect: EffectClass::Unknown })
            }
            Form::Uses(node, kind) => {
                let env = self.env(fields, index);
                let contract = catalogue::find(kind);
                if contract.is_none() {
                    self.unknown_task(node, kind);
                    // its inputs are not known, but their references can be checked
                    if let Some(with) = fields.get("with") {
                        self.template(with, Slot::new(Some(index), Place::Input));
                    }
                }
                self.uses(contract?, fields, index, env)
            }
            Form::Set(node) => self.set(node, index),
            Form::Wait(node) => self.wait(node),
        }
    }

    /// A `with` of constants alone, whose items are made here: no run would
    /// evaluate it.
    fn folded(
        &mut self,
        contract: &'static TaskContract,
        fields: &Fields<'a>,
        with: Template,
    ) -> Template {
        let per_item = contract.inputs.iter().any(|f| f.per_item);
        if !per_item || with.as_literal().is_none() || self.problems.failed() {
            return with;
        }
        match evaluator().eval_with(contract, &with, &Map::new()) {
            Ok(value) => Template::Literal(value),
            Err(error) => {
                let at = fields.entry("with").map_or(fields.at, |e| e.node.at);
                let message = format!("the inputs fail each time: {error}");
                self.problems.error(ProblemCode::WrongType, at, message, "correct them");
                with
            }
        }
    }

    fn unknown_task(&mut self, node: &Node, kind: &str) {
        let mut hint = "`rpa tasks` lists what there is".to_owned();
        if let Some(near) = suggest::nearest(kind, catalogue::CATALOGUE.iter().map(|c| c.kind)) {
            hint = format!("did you mean {near}? {hint}");
        }
        let message = format!("there is no task type {:?}", shown(kind));
        self.problems.error(ProblemCode::UnknownTask, node.at, message, hint);
    }

    fn uses(
        &mut self,
        contract: &'static TaskContract,
        fields: &Fields<'a>,
        index: usize,
        env: BTreeMap<String, Template>,
    ) -> Option<Body> {
        let with = self.inputs(contract, fields, index)?;
        let with = self.folded(contract, fields, with);
        let effect = super::effect::of(contract, &with);
        Some(Body { action: Action::Task { kind: contract.kind.to_owned(), with, env }, effect })
    }

    fn set(&mut self, node: &'a Node, step: usize) -> Option<Body> {
        let entries = match &node.data {
            Data::Map(entries) if !entries.is_empty() => entries,
            _ => {
                let message = "`set` is a map of at least one variable";
                self.wrong_type(node.at, message, "write for example `set: {full: true}`");
                return None;
            }
        };
        let slot = Slot::new(Some(step), Place::Set);
        let mut values = BTreeMap::new();
        for entry in entries {
            let name = self.name::<Ident>(&entry.key, entry.key_at, "variable");
            let template = self.template(&entry.node, slot);
            let Some(variable) = name else { continue };
            values.insert(variable.clone(), template.clone());
            let (at, node) = (entry.key_at, &entry.node);
            self.writes.push(Write { step, variable, at, node, template });
        }
        Some(Body { action: Action::Set(values), effect: EffectClass::Pure })
    }

    fn wait(&mut self, node: &'a Node) -> Option<Body> {
        if let Data::Map(_) = node.data {
            self.problems.error(
                ProblemCode::NotSupported,
                node.at,
                "`wait` for a time or an event is not supported yet",
                "write a duration, for example `wait: 90s`",
            );
            return None;
        }
        let for_ms = self.duration_ms(node, "`wait`")?;
        Some(Body { action: Action::Wait { for_ms }, effect: EffectClass::Pure })
    }
}
