//! Which variables may hold a secret: declared so, or set from one.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::{Ident, Reads, VariableKind};

use super::reader::Write;
use super::variables::Variables;

#[derive(Debug)]
pub(crate) struct Taint(BTreeSet<Ident>);

impl Taint {
    /// Follows secrets through `set`, from each variable to those set from it.
    pub(crate) fn of(variables: &Variables, writes: &[Write<'_>]) -> Taint {
        let declared = variables.iter().filter(|(_, v)| v.kind == VariableKind::Secret);
        let mut todo: Vec<Ident> = declared.map(|(name, _)| name.clone()).collect();
        let mut set_from: BTreeMap<Ident, Vec<&Ident>> = BTreeMap::new();
        for Write { variable, template, .. } in writes {
            let Reads { vars, secrets, .. } = template.reads();
            if !secrets.is_empty() {
                todo.push(variable.clone());
            }
            for read in vars {
                set_from.entry(read).or_default().push(variable);
            }
        }
        let mut taint = Taint(BTreeSet::new());
        while let Some(name) = todo.pop() {
            if taint.0.insert(name.clone()) {
                todo.extend(set_from.get(&name).into_iter().flatten().copied().cloned());
            }
        }
        taint
    }

    pub(crate) fn holds_secret(&self, name: &Ident) -> bool {
        self.0.contains(name)
    }

    /// Whether something with these references may come out secret.
    pub(crate) fn reaches(&self, reads: &Reads) -> bool {
        !reads.secrets.is_empty() || reads.vars.iter().any(|name| self.holds_secret(name))
    }
}
