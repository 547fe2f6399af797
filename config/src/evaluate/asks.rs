//! What a step asks of others: of another workflow, of people, of locks, of events, and
//! by which key runs are limited together.

use std::collections::BTreeMap;

use rpa_engine::run::{ApprovalRequest, Asked, EvalJob, EventId, Published, Tokens};
use rpa_engine::{
    Action, Approval, Call, ErrorClass, Ident, Label, Map, StepPath, TaskError, Value, Wait,
    Workflow,
};

use super::large::size;
use super::records::{Callee, Records};
use super::scope::At;
use super::{Expressions, bug, in_field, step_of};

/// Longest message of an approval, in bytes: people are to read it.
const MOST_MESSAGE: usize = 4 * 1024;
/// Most bytes of what is shown with it.
const MOST_SHOWN: usize = 64 * 1024;
/// Longest key of `concurrency`, in bytes.
const MOST_KEY: usize = 256;

impl<R: Records> Expressions<R> {
    /// The condition of a step and, where it is true, what the step claims.
    pub(super) fn claims(
        &self,
        job: &EvalJob,
        path: &StepPath,
        failed: bool,
    ) -> Result<Option<Vec<(Label, Tokens)>>, TaskError> {
        let (step, at) = (step_of(job, path)?, At::Step(path));
        if !self.is_met(job, step, at, failed)? {
            return Ok(None);
        }
        let Some(claims) = &step.claims else { return Ok(Some(Vec::new())) };
        let lock = match &claims.lock {
            None => None,
            Some(template) => {
                let name = self.eval(job, at, "lock", template)?.to_string();
                let label = name.parse::<Label>().map_err(|error| {
                    invalid("RPA0409", format!("lock: the name {name:?} {error}"))
                })?;
                Some(label)
            }
        };
        Ok(Some(claims.wanted(lock)))
    }

    /// The revision that is called, and all variables of its run.
    pub(super) fn call(&self, job: &EvalJob, at: At<'_>, call: &Call) -> Result<Asked, TaskError> {
        let Callee { revision, definition } = self.records.callee(job.run, &call.workflow)?;
        let given = self.fields(job, at, "with", &call.with, &Map::new())?;
        let vars = match definition {
            None => given,
            Some(definition) => filled(&definition, given).map_err(|problems| {
                let (workflow, problems) = (&call.workflow, problems.join("; "));
                invalid("RPA0433", format!("the variables of {workflow}: {problems}"))
            })?,
        };
        Ok(Asked::Call { revision, vars: self.spill_map(job.run, vars)? })
    }

    pub(super) fn approval(
        &self,
        job: &EvalJob,
        at: At<'_>,
        path: &StepPath,
        approval: &Approval,
    ) -> Result<Asked, TaskError> {
        let message = self.eval(job, at, "approval.message", &approval.message)?.to_string();
        let shown = self.fields(job, at, "approval.show", &approval.show, &Map::new())?;
        let bytes = size(&Value::Map(shown.clone()));
        for (what, bytes, most) in
            [("message", message.len(), MOST_MESSAGE), ("show", bytes, MOST_SHOWN)]
        {
            if bytes > most {
                let message = format!("approval.{what}: it has {bytes} bytes; at most {most}");
                return Err(invalid("RPA0405", message));
            }
        }
        let mut approvers = Vec::new();
        for template in &approval.approvers {
            match self.eval(job, at, "approval.approvers", template)? {
                Value::List(names) => approvers.extend(names.iter().map(Value::to_string)),
                name => approvers.push(name.to_string()),
            }
        }
        if approval.approvers.is_empty() != approvers.is_empty() {
            // nobody in particular may mean everybody only where the file says so
            let message = "approval.approvers: the list is empty: nobody could approve";
            return Err(invalid("RPA0409", message.into()));
        }
        if let Some(odd) = approvers.iter().find(|name| !is_name(name)) {
            let message = format!("approval.approvers: {odd:?} is no name of a user or @group");
            return Err(invalid("RPA0409", message));
        }
        let digest = digest(job, path, &message, &shown);
        Ok(Asked::Approve(ApprovalRequest { message, shown, approvers, digest }))
    }

    /// The event that the step is offered, when it is what the step waits for.
    pub(super) fn fits(
        &self,
        job: &EvalJob,
        path: &StepPath,
        id: EventId,
    ) -> Result<Option<Published>, TaskError> {
        let Action::Wait(Wait::Event(awaited)) = &step_of(job, path)?.action else {
            return Ok(None);
        };
        let Some(event) = self.records.event(job.run, id)? else {
            // the step has ended meanwhile, and this answer is not listened to
            return Err(bug(&format!("event {id} is not kept")));
        };
        let Some(fits) = &awaited.fits else { return Ok(Some(event)) };
        let mut scope = self.scope(job, At::Step(path), &fits.reads)?;
        scope.insert("event".into(), Value::Map(event.facts()));
        let fits = self.evaluator.condition(fits, &scope).map_err(|e| in_field("match", &e))?;
        Ok(fits.then_some(event))
    }

    pub(super) fn key(&self, job: &EvalJob) -> Result<String, TaskError> {
        let rule = job.definition.concurrency.as_ref();
        let Some(template) = rule.and_then(|rule| rule.key.as_ref()) else {
            return Ok(String::new());
        };
        let key = self.eval(job, At::Run, "concurrency.key", template)?.to_string();
        if key.len() > MOST_KEY {
            let message =
                format!("concurrency.key: it has {} bytes; at most {MOST_KEY}", key.len());
            return Err(invalid("RPA0405", message));
        }
        Ok(key)
    }
}

/// Binds an approval to the run, the step and all that is shown.
fn digest(job: &EvalJob, path: &StepPath, message: &str, shown: &Map) -> String {
    let mut hasher = blake3::Hasher::new();
    let shown = crate::json::to_json(&Value::Map(shown.clone())).to_string();
    let run = job.run.to_string();
    for part in [run.as_str(), path.as_str(), message, shown.as_str()] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// All variables of a run that is called: given ones, of their types, and defaults.
fn filled(definition: &Workflow, given: Map) -> Result<Map, Vec<String>> {
    let mut problems = Vec::new();
    let mut values: BTreeMap<Ident, Value> = BTreeMap::new();
    for (name, value) in given {
        let declared = name.parse::<Ident>().ok();
        let declared = declared.and_then(|id| definition.variables.get_key_value(&id));
        let Some((id, variable)) = declared else {
            problems.push(format!("there is no variable {name}"));
            continue;
        };
        let absent = value == Value::Null && (!variable.required || variable.default.is_some());
        if absent {
            continue;
        }
        if !variable.kind.accepts(&value) {
            let (expected, got) = (variable.kind.word(), value.type_name());
            problems.push(format!("{name}: expected {expected}, got {got}"));
        } else if let Some(why) = crate::workflow::unfit(variable, &value) {
            problems.push(format!("{name}: the value {why}"));
        }
        values.insert(id.clone(), value);
    }
    for (name, variable) in &definition.variables {
        if values.contains_key(name) {
            continue;
        }
        match &variable.default {
            Some(default) => _ = values.insert(name.clone(), default.clone()),
            None if variable.required => problems.push(format!("{name} is missing")),
            None => _ = values.insert(name.clone(), Value::Null),
        }
    }
    match problems.is_empty() {
        true => Ok(values.into_iter().map(|(name, value)| (name.into(), value)).collect()),
        false => Err(problems),
    }
}

/// Whether a user or a group can be called so.
fn is_name(approver: &str) -> bool {
    let name = approver.strip_prefix('@').unwrap_or(approver);
    !name.is_empty()
        && !name.chars().any(|c| c.is_whitespace() || c.is_control() || ",@".contains(c))
}

fn invalid(code: &str, message: String) -> TaskError {
    TaskError { class: ErrorClass::InvalidInput, code: code.into(), message }
}
