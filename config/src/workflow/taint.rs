//! Which variables may hold a secret: declared so, or set from one.

use std::collections::BTreeSet;

use rpa_engine::{Ident, Reads, VariableKind};

use super::reader::Write;
use super::variables::Variables;

#[derive(Debug)]
pub(crate) struct Taint(BTreeSet<Ident>);

impl Taint {
    /// Follows secrets through `set` until nothing new is found.
    pub(crate) fn of(variables: &Variables, writes: &[Write<'_>]) -> Taint {
        let declared = variables.iter().filter(|(_, v)| v.kind == VariableKind::Secret);
        let mut taint = Taint(declared.map(|(name, _)| name.clone()).collect());
        let writes: Vec<_> = writes.iter().map(|w| (&w.variable, w.template.reads())).collect();
        loop {
            let before = taint.0.len();
            for (variable, reads) in &writes {
                if !taint.0.contains(variable) && taint.reaches(reads) {
                    taint.0.insert((*variable).clone());
                }
            }
            if taint.0.len() == before {
                return taint;
            }
        }
    }

    pub(crate) fn holds_secret(&self, name: &Ident) -> bool {
        self.0.contains(name)
    }

    /// Whether something with these references may come out secret.
    pub(crate) fn reaches(&self, reads: &Reads) -> bool {
        !reads.secrets.is_empty() || reads.vars.iter().any(|name| self.holds_secret(name))
    }
}
