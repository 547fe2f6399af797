//! What `set` steps write: of the declared type, and never two at once.

use std::collections::BTreeMap;

use rpa_engine::{Ident, Template, VariableKind};

use super::problem::ProblemCode;
use super::reader::{Reader, Write};
use super::refs::World;

impl<'a> Reader<'a> {
    pub(crate) fn written_variables(&mut self, world: &World<'_, 'a>) {
        let writes = std::mem::take(&mut self.writes);
        let mut by_variable: BTreeMap<&Ident, Vec<&Write<'a>>> = BTreeMap::new();
        for write in &writes {
            self.written_type(write, world);
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
            if !world.taint.reaches(&template.reads()) {
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

    /// Two steps that write one variable must stand in an order.
    fn conflicts(&mut self, variable: &Ident, writes: &[&Write<'a>], world: &World<'_, 'a>) {
        for (place, later) in writes.iter().enumerate() {
            let ordered = |a: &Write<'_>, b: &Write<'_>| {
                world.graph.may_be_upstream(a.step, b.step)
                    || world.graph.may_be_upstream(b.step, a.step)
            };
            if self.problems.is_full() {
                return;
            }
            if let Some(earlier) = writes[..place].iter().find(|earlier| !ordered(earlier, later)) {
                let id = |write: &Write<'_>| world.drafts[write.step].id_text;
                let (first, second) = (id(earlier), id(later));
                self.problems.error(
                    ProblemCode::SetConflict,
                    later.at,
                    format!("`{variable}` is also set by step `{first}`, maybe at the same time"),
                    format!("add {first} to `needs` of step {second}, or set another variable"),
                );
            }
        }
    }
}
