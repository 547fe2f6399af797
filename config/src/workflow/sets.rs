//! What `set` steps write: of the declared type, and never two at once.

use std::collections::BTreeMap;

use rpa_engine::workflow::ForEach;
use rpa_engine::{Action, Ident, Template, VariableKind};

use super::outline::Part;
use super::place::Place;
use super::problem::ProblemCode;
use super::reader::{Reader, Write};
use super::world::World;

impl<'a> Reader<'a> {
    pub(crate) fn written_variables(&mut self, world: &World<'_, 'a>, writes: &[Write<'a>]) {
        let mut by_variable: BTreeMap<&Ident, Vec<&Write<'a>>> = BTreeMap::new();
        for write in writes {
            if self.writes_local(write, world) {
                continue;
            }
            self.written_type(write, world);
            self.parallel_write(write, world);
            by_variable.entry(&write.variable).or_default().push(write);
        }
        for (variable, writes) in by_variable {
            self.conflicts(variable, &writes, world);
        }
    }

    fn written_type(&mut self, write: &Write<'a>, world: &World<'_, 'a>) {
        let Some(declared) = world.variables.get(&write.variable) else { return };
        let Write { variable, node, template, .. } = write;
        let kind = declared.kind;
        if kind == VariableKind::Secret {
            if !world.may_be_secret(&template.reads(), write.step, Place::Set) {
                self.problems.error(
                    ProblemCode::LiteralSecret,
                    node.at,
                    format!("`{variable}` is of type secret, and this is none"),
                    "write \"{{ secrets.NAME }}\", or set another variable",
                );
            }
            return;
        }
        let fits = match template {
            Template::Expr(_) => true,
            Template::Text(_) => kind == VariableKind::String || kind == VariableKind::Json,
            _ => kind.accepts(&node.literal()),
        };
        if !fits {
            let word = kind.word();
            let message = format!("`{variable}` is a {word}; here is {}", node.described());
            self.wrong_type(node.at, message, format!("write a {word}, or declare another type"));
        }
    }

    /// Items that are under way at once would write over each other.
    fn parallel_write(&mut self, write: &Write<'a>, world: &World<'_, 'a>) {
        let mut inside = false;
        for rung in world.chain(write.step).iter().rev() {
            if let Some(Action::ForEach(ForEach { max_parallel: 2.., .. })) =
                &world.draft(rung.step).action
                && inside
            {
                let (variable, each) = (&write.variable, world.id(rung.step));
                let message =
                    format!("`{variable}` is set for each item of `{each}`, and items run at once");
                let hint = format!(
                    "give {each} `outputs` and `set` from steps.{each}.output after it, or take \
                     `max_parallel` out"
                );
                self.problems.error(ProblemCode::SetConflict, write.at, message, hint);
                return;
            }
            // what undoes steps is run one after the other
            inside = match world.part(rung.list) {
                Part::Body(_) => true,
                Part::Compensate(_) => return,
                Part::Top | Part::Handler(_) => false,
            };
        }
    }

    /// Two steps that write one variable must stand in an order.
    fn conflicts(&mut self, variable: &Ident, writes: &[&Write<'a>], world: &World<'_, 'a>) {
        // as a rule each comes after the one before: that spares two million pairs
        if writes.windows(2).all(|two| world.may_precede(two[0].step, two[1].step)) {
            return;
        }
        for (place, later) in writes.iter().enumerate() {
            if self.problems.is_full() {
                return;
            }
            if let Some(earlier) =
                writes[..place].iter().find(|w| !world.are_apart(w.step, later.step))
            {
                let first = world.id(earlier.step);
                let (before, after) = world.parting_steps(earlier.step, later.step);
                let (before, after) = (world.id(before), world.id(after));
                self.problems.error(
                    ProblemCode::SetConflict,
                    later.at,
                    format!("`{variable}` is also set by step `{first}`, maybe at the same time"),
                    format!("add {before} to `needs` of step {after}, or set another variable"),
                );
            }
        }
    }
}
