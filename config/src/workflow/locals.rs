//! `vars` of a step: names for expressions, known in the step and inside of it.
//!
//! They are no state: what reads one reads what its expression reads. So they need no
//! order among themselves, see none of their own step, and nothing can `set` them.

use std::collections::BTreeMap;

use rpa_engine::{Ident, Template};

use super::node::{Data, Node};
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::{Reader, Use, Write};
use super::templates::Slot;
use super::world::World;
use crate::suggest;

impl<'a> Reader<'a> {
    pub(crate) fn locals(&mut self, node: &'a Node, step: usize) -> BTreeMap<Ident, Template> {
        let entries = match &node.data {
            Data::Map(entries) if !entries.is_empty() => entries,
            _ => {
                let message = "the `vars` of a step are a map of at least one name";
                let hint = "write for example `vars: {net: \"{{ vars.total / 1.2 }}\"}`";
                self.wrong_type(node.at, message, hint);
                return BTreeMap::new();
            }
        };
        let slot = Slot::new(Some(step), Place::Local);
        let mut locals = BTreeMap::new();
        for entry in entries {
            let name = self.name::<Ident>(&entry.key, entry.key_at, "variable");
            let template = self.template(&entry.node, slot);
            locals.extend(name.map(|name| (name, template)));
        }
        locals
    }

    /// Whether a `set` writes what is only a name there; reports it.
    pub(crate) fn writes_local(&mut self, write: &Write<'a>, world: &World<'_, 'a>) -> bool {
        let Write { variable, step, at, .. } = write;
        let Some(owner) = world.outline.local(variable, Some(*step), Place::Set) else {
            return false;
        };
        let owner = world.id(owner);
        let message = format!(
            "`set` cannot write `{variable}`: here it is a name that the `vars` of step `{owner}` give an expression"
        );
        let hint = "set a variable of another name, or rename the one in `vars`";
        self.problems.error(ProblemCode::BadName, *at, message, hint);
        true
    }

    /// What neither the file nor a step around has.
    pub(crate) fn unknown_variable(&mut self, used: &Use<'a>, name: &Ident, world: &World<'_, 'a>) {
        let (message, hint) = match elsewhere(used, name, world) {
            Some(owner) if used.place == Place::Local && used.step == Some(owner) => (
                format!(
                    "`vars.{name}` stands in the same `vars`, whose values do not see each other"
                ),
                "write its expression out here, or put a group with `vars` around the step"
                    .to_owned(),
            ),
            Some(owner) => {
                let id = world.id(owner);
                let hint = match used.place {
                    Place::RunOutput => {
                        format!("give {id} `outputs` with it, and read steps.{id}.output.{name}")
                    }
                    Place::ConcurrencyKey => format!("declare {name} in `variables`"),
                    _ => format!(
                        "write it in the `vars` of a step around both, or declare {name} in `variables`"
                    ),
                };
                (format!("`vars.{name}` is known only in step `{id}`, whose `vars` have it"), hint)
            }
            None => {
                let around = world.outline.owners(used.step, used.place);
                let local = around.flat_map(|owner| world.draft(owner).vars.keys());
                let known = local.chain(world.variables.keys()).chain(world.writers.keys());
                let known: Vec<&str> = known.map(Ident::as_str).collect();
                let hint = match suggest::nearest(name.as_str(), known) {
                    Some(near) => format!("did you mean vars.{near}?"),
                    None => {
                        format!("declare {name} in `variables`, or `set` it in an earlier step")
                    }
                };
                (format!("there is no variable `{name}`"), hint)
            }
        };
        self.undefined(used.node, &format!("vars.{name}"), &message, &hint);
    }
}

/// A step that has the name in its `vars` all the same: the one where it is read, or else
/// the last of the file.
fn elsewhere(used: &Use<'_>, name: &Ident, world: &World<'_, '_>) -> Option<usize> {
    let has = |step: &usize| world.draft(*step).vars.contains_key(name);
    used.step.filter(has).or_else(|| (0..world.outline.drafts.len()).rev().find(has))
}
