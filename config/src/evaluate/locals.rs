//! What `vars.NAME` is at a place: an expression in the `vars` of the step or of one
//! around it, or a variable of the run.

use std::collections::BTreeMap;

use rpa_engine::run::EvalJob;
use rpa_engine::run::scope::scopes_around;
use rpa_engine::{Ident, StepPath, TaskError, Template, Value};

use super::scope::At;
use super::{Expressions, Records, in_field};

/// What the `vars` of steps have come to for one answer, by step and name. Without it two
/// names in each of some steps in steps, each of which reads both outside of it, would be
/// evaluated without end.
#[derive(Debug, Default)]
pub(super) struct Locals(BTreeMap<(StepPath, Ident), Value>);

impl At<'_> {
    /// The steps whose `vars` can be read there, the innermost first; of a turn its loop.
    fn owners(self) -> Vec<StepPath> {
        let (own, path) = match self {
            At::Run => return Vec::new(),
            At::Step(path) | At::Behind(path) | At::Before(path, _) => (Some(path.as_str()), path),
            At::Vars(path) => (None, path),
        };
        let paths = own.into_iter().chain(scopes_around(path));
        let paths = paths.filter_map(|path| path.parse::<StepPath>().ok());
        paths.map(|path| path.as_turn().map_or(path, |(of, _)| of)).collect()
    }

    /// The nearest step that has `name` in its `vars`, and the expression there.
    fn local<'j>(self, job: &'j EvalJob, name: &Ident) -> Option<(StepPath, &'j Template)> {
        self.owners().into_iter().find_map(|path| {
            let template = job.definition.step_at(&path)?.vars.get(name)?;
            Some((path, template))
        })
    }
}

impl<R: Records> Expressions<R> {
    /// What stands for `vars.NAME`. Ends: what the `vars` of a step read is further out.
    pub(super) fn variable(
        &self,
        job: &EvalJob,
        at: At<'_>,
        name: &Ident,
        locals: &mut Locals,
    ) -> Result<Option<Value>, TaskError> {
        let Some((owner, template)) = at.local(job, name) else {
            let value = job.vars.get(name).cloned();
            return value.map(|value| self.load(job.run, value)).transpose();
        };
        let key = (owner, name.clone());
        if let Some(value) = locals.0.get(&key) {
            return Ok(Some(value.clone()));
        }
        let owner = &key.0;
        let scope = self.scope_with(job, At::Vars(owner), &template.reads(), locals)?;
        let value = self.evaluator.eval(template, &scope);
        let value = value.map_err(|e| in_field(&format!("vars.{name} of step {owner}"), &e))?;
        locals.0.insert(key, value.clone());
        Ok(Some(value))
    }
}
