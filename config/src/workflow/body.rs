//! The action of a step, by its form.

use std::collections::BTreeMap;

use rpa_engine::contract::TaskContract;
use rpa_engine::{Action, EffectClass, Ident, Map, Template};

use super::fields::{Fields, shown};
use super::form::Form;
use super::node::{Data, Node};
use super::outline::Part;
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::{Reader, Write};
use super::templates::{Slot, evaluator};
use crate::{catalogue, suggest};

/// An action and the effect class it has unless the step says another.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) action: Action,
    pub(crate) effect: EffectClass,
}

impl Body {
    /// One without an outside effect of its own.
    pub(crate) fn pure(action: Action) -> Body {
        Body { action, effect: EffectClass::Pure }
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn body(
        &mut self,
        form: &Form<'a>,
        fields: &Fields<'a>,
        index: usize,
    ) -> Option<Body> {
        match *form {
            Form::Run(node) => {
                let env = self.env(fields, index);
                let default = self.defaults.shell.clone();
                let with = self.run(node, fields.get("shell"), default.as_ref());
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
            Form::Wait(node) => self.wait(node, index).map(Action::Wait).map(Body::pure),
            Form::Group(steps) => {
                self.inner_list(steps, index, "`steps`");
                Some(Body::pure(Action::Group(Vec::new())))
            }
            Form::ForEach(over, steps) => self.for_each(over, steps, fields, index),
            Form::While(condition, steps) => self.while_loop(condition, steps, fields, index),
            Form::Repeat(node, steps) => self.repeat(node, steps, index),
            Form::Switch(on) => self.switch(on, fields, index),
            Form::Workflow(node, _) => self.call(node, fields, index),
            Form::Approval(node) => self.approval(node, index),
        }
    }

    /// Reads a list of steps that is a body of step `index`.
    pub(crate) fn inner_list(&mut self, node: &'a Node, index: usize, key: &str) {
        let list = self.list(node, Part::Body(index), key);
        self.draft(index).bodies.push(list);
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
        if let Some(example) = suggest::key_for_task(kind) {
            hint = format!("it is a key of a step here: write `{example}` without `uses`");
        } else if let Some(near) =
            suggest::nearest(kind, catalogue::CATALOGUE.iter().map(|c| c.kind))
        {
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
        Some(Body::pure(Action::Set(values)))
    }
}
