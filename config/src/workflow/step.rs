//! One step of the list, without its edges: those need all the steps.

use std::collections::BTreeMap;

use rpa_engine::{Action, EffectClass, Expr, Ident, Retry, Template, Value};

use super::fields::{Fields, Keys};
use super::form::Form;
use super::node::{Data, Node};
use super::place::Place;
use super::problem::{Pos, ProblemCode};
use super::reader::Reader;
use super::templates::Slot;
use crate::catalogue;

const KEYS: Keys = Keys {
    owner: "a step",
    known: &[
        "id", "name", "needs", "if", "env", "effect", "timeout", "retry", "outputs", "with",
        "shell", "run", "uses", "set", "wait",
    ],
    later: &[
        "steps",
        "switch",
        "workflow",
        "approval",
        "for_each",
        "while",
        "repeat",
        "as",
        "max_parallel",
        "on_item_error",
        "on_error",
        "lock",
        "tokens",
        "compensate",
        "cases",
        "default",
    ],
};

/// `defaults`, as steps take them over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defaults {
    pub(crate) timeout_ms: Option<u64>,
    pub(crate) retry: Option<Retry>,
    pub(crate) shell: Option<Value>,
}

/// A step as read. What could not be read has been reported and is empty here.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) at: Pos,
    /// The id as written, so that references to a bad one are no second problem.
    pub(crate) id_text: &'a str,
    pub(crate) id: Option<Ident>,
    pub(crate) name: &'a str,
    /// `None` without the key `needs`.
    pub(crate) needs: Option<Vec<Need<'a>>>,
    pub(crate) condition: Option<Expr>,
    pub(crate) action: Option<Action>,
    pub(crate) effect: EffectClass,
    pub(crate) timeout_ms: Option<u64>,
    pub(crate) retry: Retry,
    pub(crate) outputs: BTreeMap<String, Template>,
}

/// One entry of `needs`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need<'a> {
    /// `None` when it could not be read.
    pub(crate) id: Option<&'a str>,
    pub(crate) at: Pos,
}

impl<'a> Reader<'a> {
    pub(crate) fn step(
        &mut self,
        node: &'a Node,
        index: usize,
        defaults: &Defaults,
    ) -> Option<Draft<'a>> {
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let id_node =
            fields.require("id", "give each step an id, for example usage", &mut self.problems);
        let id_text = id_node.and_then(|node| self.text(node, "a step's `id`"));
        let id = id_text.and_then(|text| self.name(text, id_node?.at, "step id"));
        let name = fields.get("name").and_then(|node| self.text(node, "a step's `name`"));
        let needs = fields.get("needs").map(|node| self.needs(node));
        let condition = fields.get("if").and_then(|node| self.condition(node, index));
        let form = self.form(&fields);
        let body = form.as_ref().and_then(|form| self.body(form, &fields, index, defaults));
        let mut draft = Draft {
            at: id_node.map_or(fields.at, |node| node.at),
            id_text: id_text.unwrap_or_default(),
            id,
            name: name.unwrap_or_default(),
            needs,
            condition,
            action: None,
            effect: EffectClass::Pure,
            timeout_ms: None,
            retry: Retry::NONE,
            outputs: BTreeMap::new(),
        };
        if let Some(form) = &form {
            self.task_keys(
                form,
                &fields,
                index,
                defaults,
                body.as_ref().map(|b| b.effect),
                &mut draft,
            );
        }
        draft.action = body.map(|body| body.action);
        Some(draft)
    }

    /// The keys that only an attempt by a runner has a use for.
    fn task_keys(
        &mut self,
        form: &Form<'a>,
        fields: &Fields<'a>,
        index: usize,
        defaults: &Defaults,
        natural: Option<EffectClass>,
        draft: &mut Draft<'a>,
    ) {
        let Some(kind) = form.task_kind() else { return };
        let words = EffectClass::ALL.map(|class| (class.word(), class));
        let declared = fields.get("effect").and_then(|node| self.choice(node, "`effect`", &words));
        draft.effect = declared.or(natural).unwrap_or(EffectClass::Unknown);
        draft.timeout_ms = match fields.get("timeout") {
            Some(node) => self.timeout_ms(node, "`timeout`"),
            None => defaults.timeout_ms,
        };
        draft.retry = match fields.get("retry") {
            Some(node) => self.retry(node, true).unwrap_or(Retry::NONE),
            None if draft.effect == EffectClass::Once => Retry::NONE,
            None => defaults.retry.clone().unwrap_or(Retry::NONE),
        };
        if let Some(node) = fields.get("outputs") {
            let bare = catalogue::find(kind).map_or(&[][..], |contract| contract.outputs);
            let bare: Vec<&str> = bare.iter().map(|field| field.name).collect();
            let slot = Slot { step: Some(index), place: Place::StepOutput, bare: &bare };
            draft.outputs = self.outputs(node, slot);
        }
    }

    /// A map of names to expressions.
    pub(crate) fn outputs(&mut self, node: &'a Node, slot: Slot<'_>) -> BTreeMap<String, Template> {
        let Data::Map(entries) = &node.data else {
            let message = format!("`outputs` is a map; here is {}", node.described());
            self.wrong_type(node.at, message, "write names and expressions");
            return BTreeMap::new();
        };
        let mut outputs = BTreeMap::new();
        for entry in entries {
            let name = self.name::<Ident>(&entry.key, entry.key_at, "output");
            let template = self.template(&entry.node, slot);
            outputs.extend(name.map(|name| (name.into(), template)));
        }
        outputs
    }

    fn needs(&mut self, node: &'a Node) -> Vec<Need<'a>> {
        match &node.data {
            Data::List(items) => items.iter().map(|item| self.need(item)).collect(),
            Data::Scalar(_) | Data::Map(_) => vec![self.need(node)],
        }
    }

    fn need(&mut self, node: &'a Node) -> Need<'a> {
        let id = match node.data {
            Data::Map(_) => {
                self.problems.error(
                    ProblemCode::NotSupported,
                    node.at,
                    "`needs` with {step, when} is not supported yet",
                    "write the step's id alone; `if: always()` runs a step whatever came before it",
                );
                None
            }
            _ => self.filled_text(node, "an entry of `needs`"),
        };
        Need { id, at: node.at }
    }
}
