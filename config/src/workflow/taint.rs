//! Which variables may hold a secret: declared so, set from one, or a name for one.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::{Ident, Reads, Template, VariableKind};

use super::outline::Outline;
use super::place::Place;
use super::reader::Write;
use super::variables::Variables;

/// A variable of the run, or one of the `vars` of a step.
type Named = (Option<usize>, Ident);

#[derive(Debug)]
pub(crate) struct Taint(BTreeSet<Named>);

impl Taint {
    /// Follows secrets through `set` and `vars`, from each name to those that read it.
    pub(crate) fn of(variables: &Variables, writes: &[Write<'_>], outline: &Outline<'_>) -> Taint {
        let declared = variables.iter().filter(|(_, v)| v.kind == VariableKind::Secret);
        let mut todo: Vec<Named> = declared.map(|(name, _)| (None, name.clone())).collect();
        let mut read_by: BTreeMap<Named, Vec<Named>> = BTreeMap::new();
        let mut follow = |named: Named, template: &Template, step: usize, place: Place| {
            let Reads { vars, secrets, .. } = template.reads();
            if !secrets.is_empty() {
                todo.push(named.clone());
            }
            for read in vars {
                let owner = outline.local(&read, Some(step), place);
                read_by.entry((owner, read)).or_default().push(named.clone());
            }
        };
        for Write { step, variable, template, .. } in writes {
            follow((None, variable.clone()), template, *step, Place::Set);
        }
        for (step, draft) in outline.drafts.iter().enumerate() {
            for (name, template) in &draft.vars {
                follow((Some(step), name.clone()), template, step, Place::Local);
            }
        }
        let mut taint = Taint(BTreeSet::new());
        while let Some(named) = todo.pop() {
            if taint.0.insert(named.clone()) {
                todo.extend(read_by.get(&named).into_iter().flatten().cloned());
            }
        }
        taint
    }

    /// `owner` is the step whose `vars` have the name; none for a variable of the run.
    pub(crate) fn holds_secret(&self, owner: Option<usize>, name: &Ident) -> bool {
        self.0.contains(&(owner, name.clone()))
    }
}
