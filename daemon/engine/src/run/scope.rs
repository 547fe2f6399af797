//! Where steps stand: lists within lists, found by path.
//!
//! A *scope* is a list of steps under way: the workflow's own (""), the body of a group
//! or of the chosen case (`kind`), one turn of a loop (`each[3]`), a handler
//! (`@failure`), what undoes a step (`pay/@undo`).

use crate::name::{Ident, StepPath};
use crate::workflow::{Action, OnError, Step, Workflow};

impl Workflow {
    /// The definition of the step at `path`; of a turn, the loop's.
    pub fn step_at(&self, path: &StepPath) -> Option<&Step> {
        let mut found = None::<&Step>;
        let mut undo = false;
        for segment in path.as_str().split('/') {
            if segment == "@undo" {
                undo = true;
                continue;
            }
            if let Some(steps) = self.handler(segment) {
                // a handler's list is no step: the next segment is looked up in it
                let rest = path.as_str().split_once('/')?.1;
                return find_below(steps, rest);
            }
            let id = segment.split('[').next()?;
            found = Some(match found {
                None => find(&self.steps, id)?,
                Some(step) if undo => find(&step.compensate, id)?,
                Some(step) => step.action.body().find(|s| s.id.as_str() == id)?,
            });
            undo = false;
        }
        found.filter(|_| !undo)
    }

    /// The list that is under way at `scope`. `case` tells which case of a switch.
    pub fn list_at(
        &self,
        scope: &str,
        case: impl FnOnce(&StepPath) -> Option<Option<u32>>,
    ) -> Option<&[Step]> {
        if scope.is_empty() {
            return Some(&self.steps);
        }
        if let Some(steps) = self.handler(scope) {
            return Some(steps);
        }
        if let Some(undone) = scope.strip_suffix("/@undo") {
            return Some(&self.step_at(&undone.parse().ok()?)?.compensate);
        }
        let path: StepPath = scope.parse().ok()?;
        match &self.step_at(&path)?.action {
            Action::Group(steps) => Some(steps),
            Action::ForEach(each) => Some(&each.steps),
            Action::While(repeated) => Some(&repeated.steps),
            Action::Repeat(repeated) => Some(&repeated.steps),
            Action::Switch(switch) => Some(match case(&path)? {
                Some(case) => &switch.cases.get(case as usize)?.steps,
                None => &switch.default,
            }),
            Action::Task { .. }
            | Action::Set(_)
            | Action::Wait(_)
            | Action::Call(_)
            | Action::Approval(_) => None,
        }
    }

    fn handler(&self, name: &str) -> Option<&[Step]> {
        Some(match name {
            "@success" => &self.handlers.success,
            "@failure" => &self.handlers.failure,
            "@cancel" => &self.handlers.cancel,
            "@finally" => &self.handlers.finally,
            _ => return None,
        })
    }
}

fn find<'d>(steps: &'d [Step], id: &str) -> Option<&'d Step> {
    steps.iter().find(|s| s.id.as_str() == id)
}

/// As [`Workflow::step_at`], in the list of a handler.
fn find_below<'d>(steps: &'d [Step], path: &str) -> Option<&'d Step> {
    let mut segments = path.split('/');
    let first = segments.next()?.split('[').next()?;
    let mut found = find(steps, first)?;
    for segment in segments {
        let id = segment.split('[').next()?;
        found = found.action.body().find(|s| s.id.as_str() == id)?;
    }
    Some(found)
}

/// The step of `list` for which `id` is the fallback.
pub(super) fn owner_of_fallback<'d>(list: &'d [Step], id: &Ident) -> Option<&'d Step> {
    list.iter().find(|s| matches!(&s.on_error, OnError::Fallback(target) if target == id))
}

/// The scopes around `path`, the innermost first; the workflow's own is the last.
pub fn scopes_around(path: &StepPath) -> impl Iterator<Item = &str> {
    let mut rest = Some(path.as_str());
    std::iter::from_fn(move || {
        let scope = rest?.rsplit_once('/').map_or("", |(scope, _)| scope);
        rest = (!scope.is_empty()).then_some(scope);
        Some(scope)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_named_from_the_inside_out() {
        let around = |path: &str| -> Vec<String> {
            scopes_around(&path.parse().unwrap()).map(str::to_owned).collect()
        };
        assert_eq!(around("a"), [""]);
        assert_eq!(around("each[3]"), [""]);
        assert_eq!(around("each[3]/b/c[0]/d"), ["each[3]/b/c[0]", "each[3]/b", "each[3]", ""]);
        assert_eq!(around("@failure/tell"), ["@failure", ""]);
        assert_eq!(around("pay/@undo/refund"), ["pay/@undo", "pay", ""]);
    }
}
