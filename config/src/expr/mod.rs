//! Expressions: reading templates, and evaluating them within limits.

mod env;
mod error;
mod guard;
mod limits;
mod names;
mod parse;
mod reads;
mod role;
mod token;

pub use error::{EvalError, ParseError, ParseErrorKind};
pub use limits::{MAX_EXPRESSIONS, MAX_ITEMS, MAX_NESTING, MAX_SOURCE, MAX_TOKENS};
pub use names::{FILTERS, FUNCTIONS, TESTS};
pub use parse::{parse_condition, parse_condition_with, parse_template, parse_template_with};

#[cfg(test)]
mod tests;

use rpa_engine::{Expr, Ident, Map, Template, Value};

/// Where secrets come from, for one attempt.
pub trait SecretSource: Send + Sync {
    /// The value of secret `name`; `Ok(None)` when there is none.
    fn get(&self, name: &Ident) -> Result<Option<String>, String>;
}

/// A value with its secrets in it, and the texts that must not be shown.
#[derive(Clone, PartialEq)]
pub struct Unsealed {
    pub value: Value,
    pub tainted: Vec<String>,
}

/// Evaluates templates. Cheap to share: build one per process.
#[derive(Debug, Default)]
pub struct Evaluator {}

impl Evaluator {
    /// The value of `template` in `scope` (a map of namespaces: `vars`, `steps`,
    /// `run`, `workflow`, `item`, `loop`, `output`). What reads a secret, or a
    /// sealed value in the scope, comes out as [`Value::Sealed`].
    pub fn eval(&self, _template: &Template, _scope: &Map) -> Result<Value, EvalError> {
        unimplemented!()
    }

    /// The truth of an `if`. Anything but a boolean is an error.
    pub fn condition(&self, _expr: &Expr, _scope: &Map) -> Result<bool, EvalError> {
        unimplemented!()
    }

    /// The `with:` of a task whose contract has per-item fields (`data.transform`).
    pub fn eval_with(
        &self,
        _contract: &rpa_engine::contract::TaskContract,
        _with: &Template,
        _scope: &Map,
    ) -> Result<Value, EvalError> {
        unimplemented!()
    }

    /// Replaces every sealed part of `value` by what it evaluates to.
    pub fn unseal(
        &self,
        _value: &Value,
        _secrets: &dyn SecretSource,
    ) -> Result<Unsealed, EvalError> {
        unimplemented!()
    }
}
