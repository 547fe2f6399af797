//! A validated workflow: names resolved, edges explicit, defaults applied.
//!
//! Only a checked file becomes one of these (`rpa-config`), and a revision
//! stores it, so a run never depends on how a later version reads the file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::name::{Ident, WorkflowRef};
use crate::template::{Expr, Template};
use crate::value::Value;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    pub name: WorkflowRef,
    pub description: String,
    pub tags: Vec<String>,
    pub variables: BTreeMap<Ident, Variable>,
    /// In the order of the file; `needs` says what waits for what.
    pub steps: Vec<Step>,
    /// Evaluated when all steps have ended and none failed.
    pub outputs: BTreeMap<String, Template>,
}

impl Workflow {
    pub fn step(&self, id: &Ident) -> Option<&Step> {
        self.steps.iter().find(|s| s.id == *id)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    pub kind: VariableKind,
    pub required: bool,
    /// Literal; already of the declared type.
    pub default: Option<Value>,
    pub description: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VariableKind {
    String,
    Number,
    Boolean,
    /// Any document.
    Json,
    List,
    /// Holds the name of a secret, never its value.
    Secret,
}

impl VariableKind {
    pub const ALL: [VariableKind; 6] = [
        VariableKind::String,
        VariableKind::Number,
        VariableKind::Boolean,
        VariableKind::Json,
        VariableKind::List,
        VariableKind::Secret,
    ];

    pub fn word(self) -> &'static str {
        match self {
            VariableKind::String => "string",
            VariableKind::Number => "number",
            VariableKind::Boolean => "boolean",
            VariableKind::Json => "json",
            VariableKind::List => "list",
            VariableKind::Secret => "secret",
        }
    }

    /// Whether `value` is of this type (a secret is given by name).
    pub fn accepts(self, value: &Value) -> bool {
        match self {
            VariableKind::String => matches!(value, Value::Text(_)),
            VariableKind::Number => matches!(value, Value::Int(_) | Value::Float(_)),
            VariableKind::Boolean => matches!(value, Value::Bool(_)),
            VariableKind::Json => true,
            VariableKind::List => matches!(value, Value::List(_)),
            VariableKind::Secret => matches!(value, Value::Sealed(_)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub id: Ident,
    /// For people; empty when the file gives none.
    pub name: String,
    /// Steps that must have ended before this one is asked. Sequential files
    /// are resolved to explicit edges.
    pub needs: BTreeSet<Ident>,
    pub condition: Option<Expr>,
    pub action: Action,
    pub effect: EffectClass,
    pub timeout_ms: Option<u64>,
    pub retry: Retry,
    /// Named fields added to the step's output, over `output`.
    pub outputs: BTreeMap<String, Template>,
}

impl Step {
    /// A step whose condition calls `always()` or `failed()` is asked even when
    /// something upstream failed or was skipped.
    pub fn asked_after_failure(&self) -> bool {
        self.condition.as_ref().is_some_and(|c| c.reads.status)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// `run:` and `uses:`: an attempt by the runner.
    Task {
        /// Task type, for example `shell` or `http.request`.
        kind: String,
        /// The task's input document.
        with: Template,
        /// Additional environment of child processes, text to text.
        env: BTreeMap<String, Template>,
    },
    /// `set:` writes run variables.
    Set(BTreeMap<Ident, Template>),
    /// `wait: 90s`
    Wait { for_ms: u64 },
}

/// What may be done with an attempt whose end nobody saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EffectClass {
    /// No outside effect: run again.
    Pure,
    /// Running again gives the same result: run again, same key.
    Idempotent,
    /// Must not be repeated: a person decides, even after a clean time-out.
    Once,
    /// Nobody declared it: a person decides when the end was not seen.
    Unknown,
}

impl EffectClass {
    pub const ALL: [EffectClass; 4] =
        [EffectClass::Pure, EffectClass::Idempotent, EffectClass::Once, EffectClass::Unknown];

    pub fn word(self) -> &'static str {
        match self {
            EffectClass::Pure => "pure",
            EffectClass::Idempotent => "idempotent",
            EffectClass::Once => "once",
            EffectClass::Unknown => "unknown",
        }
    }
}

/// When a failed attempt is tried again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retry {
    /// Tries in all, the first included; 1 means no retry.
    pub attempts: u32,
    pub backoff: Backoff,
    /// Delay before the second try, in milliseconds.
    pub delay_ms: u64,
    /// Upper bound of any delay, in milliseconds.
    pub max_delay_ms: u64,
    /// Whether the step itself declared this, rather than `defaults.retry`:
    /// only then does it apply to `once`, and to a time-out of `unknown`.
    pub declared_on_step: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Backoff {
    Fixed,
    /// Doubles each time.
    Exponential,
}

impl Retry {
    pub const NONE: Retry = Retry {
        attempts: 1,
        backoff: Backoff::Fixed,
        delay_ms: 0,
        max_delay_ms: 0,
        declared_on_step: false,
    };

    /// The pause after failed attempt `number` (from 1), or `None` when it was
    /// the last one.
    pub fn delay_after(&self, number: u32) -> Option<u64> {
        if number >= self.attempts {
            return None;
        }
        let factor = match self.backoff {
            Backoff::Fixed => 1,
            Backoff::Exponential => 1u64 << (number - 1).min(32),
        };
        Some(self.delay_ms.saturating_mul(factor).min(self.max_delay_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_is_capped_and_ends() {
        let retry = Retry {
            attempts: 5,
            backoff: Backoff::Exponential,
            delay_ms: 100,
            max_delay_ms: 500,
            declared_on_step: true,
        };
        let delays: Vec<_> = (1..=5).map(|n| retry.delay_after(n)).collect();
        assert_eq!(delays, [Some(100), Some(200), Some(400), Some(500), None]);
        assert_eq!(Retry::NONE.delay_after(1), None);
        let huge = Retry { attempts: u32::MAX, max_delay_ms: u64::MAX, ..retry };
        assert_eq!(huge.delay_after(u32::MAX - 1), Some(100u64 << 32));
    }
}
