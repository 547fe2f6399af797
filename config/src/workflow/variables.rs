//! `variables`: what a run takes from outside.

use std::collections::BTreeMap;

use rpa_engine::{Ident, Value, Variable, VariableKind};

use super::constraints::{self, unfit};
use super::fields::{Fields, Keys, shown};
use super::interpolation::{self, Found};
use super::limits::MAX_PATTERNS;
use super::node::{Data, Entry, Node};
use super::problem::ProblemCode;
use super::reader::Reader;
use crate::expr;

pub(crate) const KEYS: Keys = Keys {
    owner: "a variable",
    known: &[
        "type",
        "required",
        "default",
        "description",
        "sensitive",
        "enum",
        "pattern",
        "min",
        "max",
    ],
    later: &[],
};

/// A field of the form of an approval is declared as a variable is.
pub(crate) const FORM_KEYS: Keys =
    Keys { owner: "a form field", known: KEYS.known, later: KEYS.later };

/// What is declared with a type, for messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declared {
    /// The key of the map.
    key: &'static str,
    /// Without an article.
    noun: &'static str,
    keys: &'static Keys,
    takes_secrets: bool,
}

const VARIABLES: Declared =
    Declared { key: "`variables`", noun: "variable", keys: &KEYS, takes_secrets: true };

pub(crate) const FORM: Declared =
    Declared { key: "`form`", noun: "form field", keys: &FORM_KEYS, takes_secrets: false };

const EXAMPLE: &str = "write for example `limit: {type: number, default: 80}`";

pub(crate) type Variables = BTreeMap<Ident, Variable>;

impl<'a> Reader<'a> {
    pub(crate) fn variables(&mut self, node: &'a Node) -> Variables {
        self.declarations(node, &VARIABLES)
    }

    pub(crate) fn declarations(&mut self, node: &'a Node, of: &Declared) -> Variables {
        let Data::Map(entries) = &node.data else {
            let message = format!("{} is a map; here is {}", of.key, node.described());
            self.wrong_type(node.at, message, EXAMPLE);
            return Variables::new();
        };
        entries.iter().filter_map(|entry| self.declaration(entry, of)).collect()
    }

    fn declaration(&mut self, entry: &'a Entry, of: &Declared) -> Option<(Ident, Variable)> {
        let name = self.name::<Ident>(&entry.key, entry.key_at, of.noun);
        if !matches!(entry.node.data, Data::Map(_)) {
            let message = format!("a {} is a map; here is {}", of.noun, entry.node.described());
            self.wrong_type(entry.node.at, message, EXAMPLE);
            return None;
        }
        let fields = Fields::read(&entry.node, of.keys, &mut self.problems)?;
        let description = fields.get("description");
        let description = description.and_then(|node| self.text(node, "`description`"));
        let kind = self.variable_kind(&fields, of);
        let default = fields.get("default");
        let required = self.required(&fields, default.is_some());
        // the name is worth having even when the rest is not: it may be read
        let kind_or_any = kind.unwrap_or(VariableKind::Json);
        let literal = default.and_then(|node| self.default_value(node, kind_or_any));
        let description = description.unwrap_or_default().to_owned();
        let mut variable = Variable { required, description, ..Variable::of(kind_or_any) };
        if let Some(kind) = kind {
            self.constraints(&fields, kind, &mut variable);
        }
        if let (Some(node), Some(value)) = (default, &literal)
            && let Some(why) = unfit(&variable, value)
        {
            let hint = "write another default, or loosen what the variable takes";
            self.wrong_type(node.at, format!("the default {why}"), hint);
        }
        variable.default = literal;
        Some((name?, variable))
    }

    fn variable_kind(&mut self, fields: &Fields<'a>, of: &Declared) -> Option<VariableKind> {
        let kinds = VariableKind::ALL.into_iter();
        let kinds = kinds.filter(|kind| of.takes_secrets || *kind != VariableKind::Secret);
        let words: Vec<_> = kinds.map(|kind| (kind.word(), kind)).collect();
        let names = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        let node = fields.require("type", &format!("say one of: {names}"), &mut self.problems)?;
        if !of.takes_secrets && node.text() == Some(VariableKind::Secret.word()) {
            let message = format!("a {} cannot be a secret", of.noun);
            let hint =
                "what people enter is stored and shown: ask for the name of a secret, as a string";
            self.wrong_type(node.at, message, hint);
            return None;
        }
        self.choice(node, &format!("a {}'s `type`", of.noun), &words)
    }

    /// Without `required`, a variable is required when it has no default.
    fn required(&mut self, fields: &Fields<'a>, has_default: bool) -> bool {
        let Some(node) = fields.get("required") else { return !has_default };
        let required = self.boolean(node, "`required`").unwrap_or_default();
        if required && has_default {
            let hint = "a default makes it optional: keep one of the two";
            self.wrong_type(node.at, "`required: true` contradicts `default`", hint);
        }
        required
    }

    /// What else is said about the values. `choices` comes last: they must be within
    /// the others.
    fn constraints(&mut self, fields: &Fields<'a>, kind: VariableKind, variable: &mut Variable) {
        let sensitive = fields.get("sensitive");
        let sensitive = sensitive.and_then(|node| self.boolean(node, "`sensitive`"));
        variable.sensitive = sensitive.unwrap_or_default();
        variable.pattern = fields.entry("pattern").and_then(|entry| self.pattern(entry, kind));
        variable.min = fields.entry("min").and_then(|entry| self.bound(entry, kind));
        variable.max = fields.entry("max").and_then(|entry| self.bound(entry, kind));
        if let (Some(min), Some(max), Some(entry)) =
            (variable.min, variable.max, fields.entry("max"))
            && max < min
        {
            self.wrong_type(entry.node.at, "`max` is less than `min`", "exchange them");
        }
        if let Some(entry) = fields.entry("enum") {
            variable.choices = self.choices(entry, kind, variable);
        }
    }

    fn pattern(&mut self, entry: &'a Entry, kind: VariableKind) -> Option<String> {
        if kind != VariableKind::String {
            self.no_constraint(entry, kind, "it is for a string");
            return None;
        }
        let pattern = self.text(&entry.node, "`pattern`")?;
        self.patterns += 1;
        if self.patterns > MAX_PATTERNS {
            let message = format!("more than {MAX_PATTERNS} variables have a `pattern`");
            let hint = "check some of the values in a step";
            self.problems.error(ProblemCode::FileLimit, entry.node.at, message, hint);
            return None;
        }
        if let Err(error) = constraints::compiled(pattern) {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").trim();
            let message = format!("no valid regular expression: {why}");
            let hint = "write for example '[a-z]+': it is held against the whole text";
            self.wrong_type(entry.node.at, message, hint);
            return None;
        }
        Some(pattern.to_owned())
    }

    /// `min` or `max`.
    fn bound(&mut self, entry: &'a Entry, kind: VariableKind) -> Option<f64> {
        let Some(bounded) = constraints::bounded(kind) else {
            self.no_constraint(entry, kind, "it is for a number, a string or a list");
            return None;
        };
        let bound = match entry.node.literal() {
            Value::Int(n) if n >= 0 || kind == VariableKind::Number => {
                #[expect(clippy::cast_precision_loss, reason = "bounds are floating point")]
                let bound = n as f64;
                Some(bound)
            }
            Value::Float(x) if kind == VariableKind::Number => Some(x),
            _ => None,
        };
        if bound.is_none() {
            let message = format!("`{}` bounds {bounded}", entry.key);
            let hint = match kind {
                VariableKind::Number => "write a number",
                _ => "write a whole number, at least 0",
            };
            self.wrong_type(entry.node.at, message, hint);
        }
        bound
    }

    fn choices(&mut self, entry: &'a Entry, kind: VariableKind, variable: &Variable) -> Vec<Value> {
        if kind == VariableKind::Secret {
            self.no_constraint(entry, kind, "a secret is given by name, and names are not chosen");
            return Vec::new();
        }
        let items = match &entry.node.data {
            Data::List(items) if !items.is_empty() => items,
            _ => {
                let message = "`enum` is a list of at least one value";
                self.wrong_type(entry.node.at, message, "write for example [small, large]");
                return Vec::new();
            }
        };
        let mut choices = Vec::new();
        for item in items {
            let value = item.literal();
            let why = match kind.accepts(&value) {
                true if choices.contains(&value) => Some("stands in `enum` already".to_owned()),
                true => unfit(variable, &value),
                false => Some(format!("is {}, not a {}", item.described(), kind.word())),
            };
            if let Some(why) = why {
                let message = format!("the value {} {why}", shown(&value.to_string()));
                self.wrong_type(item.at, message, "take it out, or correct it");
            }
            choices.push(value);
        }
        choices
    }

    fn no_constraint(&mut self, entry: &Entry, kind: VariableKind, hint: &str) {
        let message = format!("`{}` has no meaning for a {}", entry.key, kind.word());
        self.wrong_type(entry.key_at, message, format!("take it out: {hint}"));
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
