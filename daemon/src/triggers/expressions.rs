//! What the expressions of a trigger give: whether it wants what it was told of, and the
//! variables of its run. For the driver, and for who only tries a trigger.

use std::collections::BTreeMap;

use rpa_config::expr::Evaluator;
use rpa_engine::trigger::Trigger;
use rpa_engine::{Expr, Ident, Template, Value, Workflow};
use rpa_ipc::fault::remarks;
use rpa_ipc::service::GivenValue;
use rpa_ipc::{Fault, FaultCode, fault};

use super::facts::Facts;
use crate::secrets::SecretDir;
use crate::variables;

/// What expressions of a trigger are evaluated with.
pub struct Expressions<'a> {
    pub evaluator: &'a Evaluator,
    pub secrets: &'a SecretDir,
}

impl Expressions<'_> {
    /// Whether a condition of the trigger is true; none is. `facts` is what they read as
    /// `trigger`.
    pub fn is_true(
        &self,
        trigger: &Trigger,
        condition: Option<&Expr>,
        facts: &Facts,
    ) -> Result<bool, Fault> {
        let Some(condition) = condition else { return Ok(true) };
        self.evaluator.condition(condition, facts.scope()).map_err(|error| {
            let trigger = trigger.id.as_str();
            fault!(FaultCode::BadTrigger, "trigger-condition", trigger = trigger, error = error)
        })
    }

    /// What a template of the trigger gives, which is called `name`. A document that was too
    /// large to be loaded is an error: a reference to it means nothing in another run.
    pub fn value(
        &self,
        trigger: &Trigger,
        name: &str,
        template: &Template,
        facts: &Facts,
    ) -> Result<Value, Fault> {
        let given = self.evaluator.eval(template, facts.scope());
        let given = given.map_err(|error| error.to_string()).and_then(|value| match value.blob() {
            Some(blob) => Err(format!("a document of {} bytes is not loaded", blob.bytes)),
            None => Ok(value),
        });
        given.map_err(|error| {
            let (code, trigger) = (FaultCode::BadTrigger, trigger.id.as_str());
            fault!(code, "trigger-variable", trigger = trigger, name = name, error = error)
        })
    }

    /// Values for all variables of the run.
    pub fn variables(
        &self,
        definition: &Workflow,
        trigger: &Trigger,
        facts: &Facts,
    ) -> Result<BTreeMap<Ident, Value>, Fault> {
        let mut given = Vec::new();
        for (name, template) in &trigger.vars {
            let value = self.value(trigger, name.as_str(), template, facts)?;
            given.push((name.to_string(), GivenValue::Typed(value)));
        }
        let wrong = |wrong: variables::Wrong| {
            let (name, problems) = (&definition.name, remarks(wrong.problems));
            fault!(wrong.code, "variables-wrong", workflow = name, problems = problems)
        };
        variables::values(&definition.variables, given, self.secrets).map_err(wrong)
    }
}
