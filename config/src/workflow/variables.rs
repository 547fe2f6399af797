//! `variables`: what a run takes from outside.

use std::collections::BTreeMap;

use rpa_engine::{Ident, Value, Variable, VariableKind};

use super::fields::{Fields, Keys};
use super::interpolation::{self, Found};
use super::node::{Data, Entry, Node};
use super::problem::ProblemCode;
use super::reader::Reader;
use crate::expr;

const KEYS: Keys = Keys {
    owner: "a variable",
    known: &["type", "required", "default", "description"],
    later: &["sensitive", "enum", "pattern", "min", "max"],
};

const EXAMPLE: &str = "write for example `limit: {type: number, default: 80}`";

pub(crate) type Variables = BTreeMap<Ident, Variable>;

impl<'a> Reader<'a> {
    pub(crate) fn variables(&mut self, node: &'a Node) -> Variables {
        let Data::Map(entries) = &node.data else {
            let message = format!("`variables` is a map; here is {}", node.described());
            self.wrong_type(node.at, message, EXAMPLE);
            return Variables::new();
        };
        entries.iter().filter_map(|entry| self.variable(entry)).collect()
    }

    fn variable(&mut self, entry: &'a Entry) -> Option<(Ident, Variable)> {
        let name = self.name::<Ident>(&entry.key, entry.key_at, "variable");
        if !matches!(entry.node.data, Data::Map(_)) {
            let message = format!("a variable is a map; here is {}", entry.node.described());
            self.wrong_type(entry.node.at, message, EXAMPLE);
            return None;
        }
        let fields = Fields::read(&entry.node, &KEYS, &mut self.problems)?;
        let description = fields.get("description");
        let description = description.and_then(|node| self.text(node, "`description`"));
        let kind = self.variable_kind(&fields);
        let default = fields.get("default");
        let required = self.required(&fields, default.is_some());
        // the name is worth having even when the rest is not: it may be read
        let kind_or_any = kind.unwrap_or(VariableKind::Json);
        let default = default.and_then(|node| self.default_value(node, kind_or_any));
        let description = description.unwrap_or_default().to_owned();
        let variable = Variable { required, default, description, ..Variable::of(kind_or_any) };
        Some((name?, variable))
    }

    fn variable_kind(&mut self, fields: &Fields<'a>) -> Option<VariableKind> {
        let words = VariableKind::ALL.map(|kind| (kind.word(), kind));
        let names = VariableKind::ALL.map(VariableKind::word).join(", ");
        let node = fields.require("type", &format!("say one of: {names}"), &mut self.problems)?;
        self.choice(node, "a variable's `type`", &words)
    }

    /// Without `required`, a variable is required when it has no default.
    fn required(&mut self, fields: &Fields<'a>, has_default: bool) -> bool {
        let Some(node) = fields.get("required") else { return !has_default };
        match node.literal() {
            Value::Bool(true) if has_default => {
                let hint = "a default makes a variable optional: keep one of the two";
                self.wrong_type(node.at, "`required: true` contradicts `default`", hint);
                true
            }
            Value::Bool(required) => required,
            _ => {
                let message = format!("`required` is a boolean; here is {}", node.described());
                self.wrong_type(node.at, message, "write true or false");
                false
            }
        }
    }

    fn default_value(&mut self, node: &'a Node, kind: VariableKind) -> Option<Value> {
        if kind == VariableKind::Secret {
            return self.secret_name(node);
        }
        let value = node.literal();
        if !kind.accepts(&value) {
            let message = format!("the default of a {} is {}", kind.word(), node.described());
            let hint = match (kind, node.scalar()) {
                (VariableKind::String, Some(s)) => format!("write it in quotes: {:?}", s.text),
                _ => format!("write a {}, or take the default out", kind.word()),
            };
            self.wrong_type(node.at, message, hint);
            return None;
        }
        if let Some(found) = reference_in(&value) {
            let message = format!("a default is literal, so `{}` would stay as it is", found.shown);
            self.wrong_type(node.at, message, "compute it with a `set` step");
            return None;
        }
        Some(value)
    }

    /// The name of a secret. What was written is not repeated in the message:
    /// it may be the secret itself.
    fn secret_name(&mut self, node: &'a Node) -> Option<Value> {
        let name = node.text().and_then(|text| text.parse::<Ident>().ok());
        if name.is_none() {
            self.problems.error(
                ProblemCode::LiteralSecret,
                node.at,
                "the default of a secret is the name of a secret, not its value",
                "store the value under a name such as api_token and write that name",
            );
        }
        name.map(|name| expr::secret_reference(&name))
    }
}

/// An expression somewhere in a literal document.
fn reference_in(value: &Value) -> Option<Found> {
    match value {
        Value::Text(text) => interpolation::find(text, &[]),
        Value::List(items) => items.iter().find_map(reference_in),
        Value::Map(fields) => fields.values().find_map(reference_in),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Blob(_)
        | Value::Sealed(_) => None,
    }
}
