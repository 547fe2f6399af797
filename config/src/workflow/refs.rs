//! Whether what an expression names will be there when it is evaluated.

use std::collections::BTreeMap;

use rpa_engine::Ident;

use super::graph::Graph;
use super::node::Node;
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::{Reader, Use};
use super::step::Draft;
use super::taint::Taint;
use super::variables::Variables;
use crate::suggest;

/// What references are checked against.
#[derive(Debug)]
pub(crate) struct World<'w, 'a> {
    pub(crate) drafts: &'w [Draft<'a>],
    pub(crate) variables: &'w Variables,
    pub(crate) graph: &'w Graph<'a>,
    pub(crate) taint: &'w Taint,
    /// The steps that `set` each variable.
    pub(crate) writers: &'w BTreeMap<Ident, Vec<usize>>,
}

impl<'a> Reader<'a> {
    /// Checks every expression that was read.
    pub(crate) fn references(&mut self, world: &World<'_, 'a>) {
        for used in std::mem::take(&mut self.uses) {
            if self.problems.is_full() {
                return;
            }
            used.reads.steps.iter().for_each(|id| self.step_reference(&used, id, world));
            used.reads.vars.iter().for_each(|name| self.variable_reference(&used, name, world));
            used.reads.secrets.iter().for_each(|name| self.secret_reference(&used, name));
            used.reads.roots.iter().for_each(|root| self.root(&used, root));
        }
    }

    fn step_reference(&mut self, used: &Use<'a>, id: &Ident, world: &World<'_, 'a>) {
        let needle = format!("steps.{id}");
        let (message, hint) = match (world.graph.find(id.as_str()), used.step) {
            (None, _) => {
                let hint = match suggest::nearest(id.as_str(), world.graph.ids()) {
                    Some(near) => format!("did you mean steps.{near}?"),
                    None => "an expression can name the steps of this file".to_owned(),
                };
                (format!("there is no step `{id}`"), hint)
            }
            (Some(found), Some(step)) if found == step => {
                let hint = "in a step's `outputs`, write `output` for what it gave";
                (format!("step `{id}` names itself"), hint.to_owned())
            }
            (Some(found), Some(step)) if !world.graph.may_be_upstream(found, step) => (
                format!("step `{id}` need not have ended when this is read"),
                earlier(id, step, world),
            ),
            (Some(_), _) => return,
        };
        let at = self.place_of(used.node, &needle);
        self.problems.error(ProblemCode::StepReference, at, message, hint);
    }

    fn variable_reference(&mut self, used: &Use<'a>, name: &Ident, world: &World<'_, 'a>) {
        let needle = format!("vars.{name}");
        if world.taint.holds_secret(name) && !used.place.takes_secrets() {
            self.misplaced_secret(used, &needle);
        }
        if world.variables.contains_key(name) {
            return;
        }
        let writers = world.writers.get(name).map_or(&[][..], Vec::as_slice);
        let upstream = |step: usize| writers.iter().any(|w| world.graph.may_be_upstream(*w, step));
        match (writers.first(), used.step) {
            (Some(_), None) => {}
            (Some(_), Some(step)) if upstream(step) => {}
            (Some(writer), Some(step)) => {
                let writer = world.drafts.get(*writer).map_or("", |d| d.id_text);
                let reader = world.drafts[step].id_text;
                let message = format!(
                    "`vars.{name}` is set by step `{writer}`, which need not have ended when this is read"
                );
                let hint = format!(
                    "add {writer} to `needs` of step {reader}, or declare {name} in `variables`"
                );
                self.undefined(used.node, &needle, &message, &hint);
            }
            (None, _) => {
                let known = world.variables.keys().chain(world.writers.keys()).map(Ident::as_str);
                let hint = match suggest::nearest(name.as_str(), known) {
                    Some(near) => format!("did you mean vars.{near}?"),
                    None => {
                        format!("declare {name} in `variables`, or `set` it in an earlier step")
                    }
                };
                self.undefined(
                    used.node,
                    &needle,
                    &format!("there is no variable `{name}`"),
                    &hint,
                );
            }
        }
    }

    fn secret_reference(&mut self, used: &Use<'a>, name: &Ident) {
        if !used.place.takes_secrets() {
            self.misplaced_secret(used, &format!("secrets.{name}"));
        }
    }

    fn root(&mut self, used: &Use<'a>, root: &str) {
        let (message, hint) = match root {
            "item" | "loop" if used.place != Place::PerItem => (
                format!("`{root}` is known only where something is computed for each item"),
                "data.transform with `each` has it in `value` and `where`",
            ),
            "output" if used.place != Place::StepOutput => (
                "`output` is known only in the `outputs` of a step".to_owned(),
                "elsewhere, write steps.ID.output",
            ),
            _ => return,
        };
        self.undefined(used.node, root, &message, hint);
    }

    fn misplaced_secret(&mut self, used: &Use<'a>, needle: &str) {
        let at = self.place_of(used.node, needle);
        let message = format!("`{needle}` is secret and cannot be used in {}", used.place.words());
        let hint = "a secret goes to `env`, to the `with` of a task that acts outside, or to `set`";
        self.problems.error(ProblemCode::SecretPlace, at, message, hint);
    }

    fn undefined(&mut self, node: &Node, needle: &str, message: &str, hint: &str) {
        let at = self.place_of(node, needle);
        self.problems.error(ProblemCode::UndefinedReference, at, message, hint);
    }
}

/// How step `id` comes to end before step number `step`. Where no step has `needs`
/// the order of the file counts, and one `needs` would make all others start at once.
fn earlier(id: &Ident, step: usize, world: &World<'_, '_>) -> String {
    let reader = world.drafts[step].id_text;
    if world.drafts.iter().all(|draft| draft.needs.is_none()) {
        format!("move step {id} above step {reader}")
    } else {
        format!("add {id} to `needs` of step {reader}")
    }
}
