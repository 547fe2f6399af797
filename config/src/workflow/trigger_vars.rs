//! `vars` of a trigger: what its runs are given.

use std::collections::BTreeMap;

use rpa_engine::trigger::{Manual, Source};
use rpa_engine::{Ident, Template, Value, Variable, VariableKind};

use super::constraints::unfit;
use super::fields::{Fields, shown};
use super::node::{Data, Entry, Node};
use super::problem::{Pos, ProblemCode};
use super::reader::Reader;
use super::sees::{Kind, Sees};
use super::templates::Slot;
use super::variables::Variables;
use crate::suggest;

impl<'a> Reader<'a> {
    /// Every run of the trigger is given the same variables, so one that is required and
    /// missing would have each of them refused; only a person may give more.
    pub(crate) fn trigger_vars(
        &mut self,
        fields: &Fields<'a>,
        variables: &Variables,
        sees: Sees,
        source: Option<&Source>,
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
        let read = entries.iter().filter_map(|entry| self.trigger_var(entry, variables, sees));
        let vars = read.collect();
        match source {
            Some(Source::Manual(manual)) => {
                self.given_by_hand(fields, entries, variables, manual);
            }
            // nobody knows who may give what, and that has been said
            None if sees.kind == Some(Kind::Manual) => {}
            _ => {
                let is_given = |name: &Ident| entries.iter().any(|e| e.key == name.as_str());
                for (name, declared) in variables.iter().filter(|(_, d)| must_be_given(d)) {
                    if !is_given(name) {
                        self.not_given(fields, name, declared);
                    }
                }
            }
        }
        vars
    }

    fn not_given(&mut self, fields: &Fields<'a>, name: &Ident, declared: &Variable) {
        let message = format!("the trigger gives no value for the required variable `{name}`");
        let hint = match declared.kind {
            VariableKind::Secret => {
                format!("give the variable {name} a `default`: the name of a secret")
            }
            _ => format!("add `{name}` under `vars`, or give the variable a `default`"),
        };
        self.problems.error(ProblemCode::MissingKey, fields.at, message, hint);
    }

    /// A person gives what `vars` does not, if it may.
    fn given_by_hand(
        &mut self,
        fields: &Fields<'a>,
        entries: &[Entry],
        variables: &Variables,
        manual: &Manual,
    ) {
        let Some(may_give) = &manual.variables else { return };
        for (name, declared) in variables {
            let entry = entries.iter().find(|entry| entry.key == name.as_str());
            match (entry, may_give.contains(name)) {
                (Some(entry), true) => {
                    let message = format!("`{name}` is in `variables` of `manual` as well");
                    let hint = "a run has one value for it: take it out of one of the two";
                    self.problems.error(ProblemCode::Duplicate, entry.key_at, message, hint);
                }
                (None, false) if must_be_given(declared) => {
                    let message = format!("nobody may give the required variable `{name}` by hand");
                    let hint = "add it to `variables` of `manual`, or give it a `default`";
                    self.problems.error(ProblemCode::MissingKey, fields.at, message, hint);
                }
                (Some(_), false) | (None, _) => {}
            }
        }
    }

    fn trigger_var(
        &mut self,
        entry: &'a Entry,
        variables: &Variables,
        sees: Sees,
    ) -> Option<(Ident, Template)> {
        let node = &entry.node;
        let slot = Slot::of_trigger(sees);
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
            self.no_variable(&name, entry.key_at, variables);
            return None;
        };
        self.fits_variable(&name, declared, node, &template);
        Some((name, template))
    }

    /// A variable that the workflow does not declare.
    pub(crate) fn no_variable(&mut self, name: &Ident, at: Pos, variables: &Variables) {
        let hint = match variables.is_empty() {
            true => format!("declare {name} in `variables`"),
            false => {
                let known = variables.keys().map(Ident::as_str);
                suggest::hint(name.as_str(), "variables", known)
            }
        };
        let message = format!("there is no variable `{name}`");
        self.problems.error(ProblemCode::UnknownKey, at, message, hint);
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
}

/// Without it a run is refused.
fn must_be_given(declared: &Variable) -> bool {
    declared.required && declared.default.is_none()
}
