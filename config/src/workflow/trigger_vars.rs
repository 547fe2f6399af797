//! `vars` of a trigger: what its runs are given; and what the expressions of a trigger see.

use std::collections::BTreeMap;

use rpa_engine::{Ident, Template, Value, Variable, VariableKind};

use super::constraints::unfit;
use super::fields::{Fields, shown};
use super::node::{Data, Entry, Node};
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::{Reader, Use};
use super::templates::Slot;
use super::variables::Variables;
use crate::suggest;

/// The name that stands bare in expressions of a trigger, and nowhere else.
pub(crate) const BARE: &[&str] = &["trigger"];

/// What `trigger` has: its `id` and `kind`; of a schedule `slot` (ms since 1970),
/// `scheduled_at` and `due_at` (RFC 3339, in the schedule's zone) and `caught_up`.
pub const TRIGGER: &[&str] = &["id", "kind", "slot", "scheduled_at", "due_at", "caught_up"];

impl<'a> Reader<'a> {
    /// Every run of the trigger is given the same variables, so one that is required and
    /// missing would have each of them refused.
    pub(crate) fn trigger_vars(
        &mut self,
        fields: &Fields<'a>,
        variables: &Variables,
    ) -> BTreeMap<Ident, Template> {
        let none: &[Entry] = &[];
        let entries = match fields.get("vars").map(|node| (node, &node.data)) {
            None => none,
            Some((_, Data::Map(entries))) => entries,
            Some((node, Data::Scalar(_) | Data::List(_))) => {
                let message = format!("`vars` is a map; here is {}", node.described());
                let hint = "write the variables of the workflow and their values";
                self.wrong_type(node.at, message, hint);
                return BTreeMap::new();
            }
        };
        let vars = entries.iter().filter_map(|entry| self.trigger_var(entry, variables)).collect();
        for (name, declared) in variables {
            let is_needed = declared.required && declared.default.is_none();
            if is_needed && !entries.iter().any(|entry| entry.key == name.as_str()) {
                let message =
                    format!("the trigger gives no value for the required variable `{name}`");
                let hint = match declared.kind {
                    VariableKind::Secret => {
                        format!("give the variable {name} a `default`: the name of a secret")
                    }
                    _ => format!("add `{name}` under `vars`, or give the variable a `default`"),
                };
                self.problems.error(ProblemCode::MissingKey, fields.at, message, hint);
            }
        }
        vars
    }

    fn trigger_var(
        &mut self,
        entry: &'a Entry,
        variables: &Variables,
    ) -> Option<(Ident, Template)> {
        let node = &entry.node;
        let slot = Slot { bare: BARE, ..Slot::new(None, Place::TriggerVars) };
        let name = self.name::<Ident>(&entry.key, entry.key_at, "variable");
        let declared = name.as_ref().and_then(|name| variables.get(name));
        if declared.is_some_and(|declared| declared.kind == VariableKind::Secret) {
            // what was written is not repeated: it may be the secret itself
            let message =
                format!("`{}` is of type secret, and a trigger gives no secrets", entry.key);
            let hint = format!("give the variable {} a `default`: the name of a secret", entry.key);
            self.problems.error(ProblemCode::LiteralSecret, entry.key_at, message, hint);
            return None;
        }
        let template = self.template(node, slot);
        let name = name?;
        let Some(declared) = declared else {
            let hint = match variables.is_empty() {
                true => format!("declare {name} in `variables`"),
                false => {
                    let known = variables.keys().map(Ident::as_str);
                    suggest::hint(name.as_str(), "variables", known)
                }
            };
            let message = format!("there is no variable `{name}`");
            self.problems.error(ProblemCode::UnknownKey, entry.key_at, message, hint);
            return None;
        };
        self.fits_variable(&name, declared, node, &template);
        Some((name, template))
    }

    /// As far as the value is known here.
    fn fits_variable(&mut self, name: &Ident, declared: &Variable, node: &Node, given: &Template) {
        let kind = declared.kind;
        let wrong =
            |got: &str| format!("the variable `{name}` is a {}; here is {got}", kind.word());
        match given.as_literal() {
            // an expression that cannot be read has been reported
            Some(value) if value != node.literal() => {}
            Some(value) if !kind.accepts(&value) => {
                let hint = match (kind, node.scalar()) {
                    (VariableKind::String, Some(scalar)) if !node.is_null() => {
                        format!("write it in quotes: {:?}", shown(&scalar.text))
                    }
                    _ => format!("write a {}", kind.word()),
                };
                self.wrong_type(node.at, wrong(node.described()), hint);
            }
            Some(value) => {
                if let Some(why) = unfit(declared, &value) {
                    let message = format!("the value of `{name}` {why}");
                    self.wrong_type(node.at, message, "write another value");
                }
            }
            None => {
                let (fits, got) = match given {
                    Template::Text(_) => (kind.accepts(&Value::from("")), "a string"),
                    Template::List(_) => (kind.accepts(&Value::List(Vec::new())), "a list"),
                    Template::Map(_) => (kind == VariableKind::Json, "a map"),
                    Template::Literal(_) | Template::Expr(_) => (true, ""),
                };
                if !fits {
                    let hint = "write one expression alone: \"{{ … }}\"";
                    self.wrong_type(node.at, wrong(got), hint);
                }
            }
        }
    }

    /// Names in the expressions of a trigger, which is asked before there is a run.
    pub(crate) fn trigger_names(&mut self, used: &Use<'a>) {
        let reads = &used.reads;
        reads.secrets.iter().for_each(|name| self.secret_reference(used, name));
        let vars = reads.vars.iter().map(|name| format!("vars.{name}"));
        let steps = reads.steps.iter().map(|name| format!("steps.{name}"));
        let roots = reads.roots.iter().filter(|root| !BARE.contains(&root.as_str())).cloned();
        let status = reads.status.then(|| "failed()".to_owned());
        let hint = "there is no run yet: it sees `trigger`, for example trigger.scheduled_at";
        for name in vars.chain(steps).chain(roots).chain(status) {
            let message = format!("`{name}` is not known in {}", used.place.words());
            self.undefined(used.node, &name, &message, hint);
        }
        let facts = used.facts.iter().filter(|fact| BARE.contains(&fact.root));
        let firsts = facts.filter_map(|fact| fact.path.first());
        for name in firsts.filter(|name| !TRIGGER.contains(&name.as_str())) {
            let message = format!("`trigger` has no {:?}", shown(name));
            let hint = suggest::hint(name, "it has", TRIGGER.iter().copied());
            self.undefined(used.node, &format!("trigger.{name}"), &message, &hint);
        }
    }
}
