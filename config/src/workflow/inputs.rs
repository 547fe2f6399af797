//! `with` and `env`: what a task is given.

use std::collections::BTreeMap;

use rpa_engine::contract::{EffectRule, Field, TaskContract};
use rpa_engine::{EffectClass, Template};

use super::fields::{Fields, shown};
use super::node::{Data, Entry};
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::Reader;
use super::templates::Slot;
use crate::{catalogue, suggest};

impl<'a> Reader<'a> {
    /// The input document of a step that uses `contract`.
    pub(crate) fn inputs(
        &mut self,
        contract: &'static TaskContract,
        fields: &Fields<'a>,
        step: usize,
    ) -> Option<Template> {
        let (at, entries) = match fields.entry("with") {
            None => (fields.entry("uses").map_or(fields.at, |e| e.node.at), &[][..]),
            Some(Entry { node, .. }) => match &node.data {
                Data::Map(entries) => (node.at, &entries[..]),
                _ => {
                    let message = format!("`with` is a map; here is {}", node.described());
                    let names = input_names(contract).collect::<Vec<_>>().join(", ");
                    self.wrong_type(node.at, message, format!("inputs: {names}"));
                    return None;
                }
            },
        };
        let given = |name: &str| entries.iter().find(|e| e.key == name);
        for field in contract.inputs.iter().filter(|f| f.required && given(f.name).is_none()) {
            let message = format!("{} needs the input `{}`", contract.kind, field.name);
            let hint = format!("add `{}` under `with`: {}", field.name, field.summary);
            self.problems.error(ProblemCode::MissingKey, at, message, hint);
        }
        self.combination(contract, &given);
        let each = given("each").is_some();
        let mut with = BTreeMap::new();
        for entry in entries {
            let Some(field) = contract.inputs.iter().find(|f| f.name == entry.key) else {
                self.unknown_input(contract, entry);
                continue;
            };
            let slot = Slot::new(Some(step), place(contract, field, each));
            let value = match contract.kind {
                "shell" => self.shell_input(field.name, &entry.node),
                _ => self.input(field, &entry.node, slot),
            };
            with.insert(entry.key.clone(), value);
        }
        Some(Template::Map(with))
    }

    /// The environment added by a step.
    pub(crate) fn env(&mut self, fields: &Fields<'a>, step: usize) -> BTreeMap<String, Template> {
        let Some(node) = fields.get("env") else { return BTreeMap::new() };
        let Data::Map(entries) = &node.data else {
            let message = format!("`env` is a map; here is {}", node.described());
            self.wrong_type(
                node.at,
                message,
                "write for example `env: {LIMIT: \"{{ vars.limit }}\"}`",
            );
            return BTreeMap::new();
        };
        let slot = Slot::new(Some(step), Place::Env);
        let mut env = BTreeMap::new();
        for entry in entries {
            self.env_name(entry);
            let value = self.text_template(&entry.node, "an environment variable", slot);
            env.insert(entry.key.clone(), value);
        }
        env
    }

    fn env_name(&mut self, entry: &Entry) {
        let mut bytes = entry.key.bytes();
        let head = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
        let (why, hint) = if !(head && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')) {
            ("must match [A-Za-z_][A-Za-z0-9_]*", "use letters, digits and _")
        } else if entry.key.starts_with("RPA_") {
            ("begins with RPA_, which rpad keeps for its own", "choose another name")
        } else {
            return;
        };
        let message = format!("the environment variable {:?} {why}", shown(&entry.key));
        self.problems.error(ProblemCode::BadName, entry.key_at, message, hint);
    }

    fn unknown_input(&mut self, contract: &TaskContract, entry: &Entry) {
        let message = format!("{} has no input {:?}", contract.kind, shown(&entry.key));
        let hint = if contract.inputs.is_empty() {
            "it takes none".to_owned()
        } else {
            suggest::hint(&entry.key, "inputs", contract.inputs.iter().map(|f| f.name))
        };
        self.problems.error(ProblemCode::UnknownKey, entry.key_at, message, hint);
    }

    /// Inputs that exclude or need each other.
    fn combination<'n>(
        &mut self,
        contract: &TaskContract,
        given: &impl Fn(&str) -> Option<&'n Entry>,
    ) {
        let exclusive = catalogue::exclusive_inputs(contract.kind);
        let mut present = exclusive.iter().filter_map(|name| given(name));
        if let (Some(_), Some(second)) = (present.next(), present.next()) {
            let message = format!("only one of {} can be given", exclusive.join(", "));
            self.wrong_type(second.key_at, message, "keep one of them");
        }
        for (name, needed) in catalogue::dependent_inputs(contract.kind) {
            if let (Some(entry), None) = (given(name), given(needed)) {
                let message = format!("`{name}` means nothing without `{needed}`");
                let hint = format!("add `{needed}`, or take `{name}` out");
                self.problems.error(ProblemCode::MissingKey, entry.key_at, message, hint);
            }
        }
    }
}

fn input_names(contract: &TaskContract) -> impl Iterator<Item = &'static str> {
    contract.inputs.iter().map(|f| f.name)
}

/// Where the expressions of an input stand.
fn place(contract: &TaskContract, field: &Field, each: bool) -> Place {
    match contract.effect {
        _ if field.per_item && each => Place::PerItem,
        EffectRule::Always(EffectClass::Pure) => Place::PureInput,
        _ if catalogue::keeps_inputs(contract.kind) => Place::KeptInput,
        _ => Place::Input,
    }
}
