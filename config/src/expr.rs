//! Expressions: reading templates, and evaluating them within limits.

use rpa_engine::{Expr, Ident, Map, Template, Value};

/// Why a template cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    pub kind: ParseErrorKind,
    /// Byte range in the given text.
    pub start: usize,
    pub end: usize,
    pub message: String,
    /// What to do; may be empty.
    pub hint: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseErrorKind {
    Syntax,
    /// Longer, deeper or larger than allowed.
    Limit,
    /// A root that is no namespace, or an unknown filter or function.
    Undefined,
    /// A namespace of a later version.
    NotSupported,
}

/// Why an evaluation failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EvalError {
    #[error("{0}")]
    Failed(String),
    #[error("{0}")]
    Limit(String),
    #[error("secret {0:?} is not there")]
    NoSecret(String),
    #[error("secret {name:?} cannot be read: {why}")]
    Secret { name: String, why: String },
}

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

/// Reads one string of a workflow file.
pub fn parse_template(_text: &str) -> Result<Template, ParseError> {
    unimplemented!()
}

/// Reads the expression of an `if`, bare or in `{{ }}`.
pub fn parse_condition(_text: &str) -> Result<Expr, ParseError> {
    unimplemented!()
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
