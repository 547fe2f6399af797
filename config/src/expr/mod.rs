//! Expressions: reading templates, and evaluating them within limits.
//!
//! A field of a workflow file is text with `{{ }}` in it. [`parse_template`]
//! reads it once, when the file is checked, and finds every name that it uses;
//! [`Evaluator`] gives it a value when a step runs. The language is that of
//! minijinja without statements: no loops, no assignments, no host objects, and
//! an undefined name is an error.
//!
//! # What an expression cannot do
//!
//! Whatever is written and whatever data it is given, an expression ends soon,
//! allocates little and never aborts the process:
//!
//! * Its source, tokens and nesting are limited before minijinja sees them, so
//!   that no recursion over its syntax overflows a stack (`role`, `limits`).
//! * The operators that make much of little are put under guards (`guard`), and
//!   every filter, test and function is one of ours that counts what it reads
//!   and makes before it does (`filters`, `meter`). Without loops an expression
//!   has at most [`MAX_TOKENS`] operations, so these counts bound the whole.
//! * What goes in and comes out is limited in size and depth (`convert`).
//! * It sees only what it names: `vars`, `steps` and `secrets` have no dynamic
//!   access, so what must be fetched, and what is secret, is known before
//!   (`reads`).
//!
//! # Secrets
//!
//! A secret never enters an evaluation here. A leaf that names one, or reads
//! something sealed, comes out as [`Value::Sealed`] with the parts of the scope
//! that it reads; [`Evaluator::unseal`] evaluates it for one attempt and says
//! which texts must be masked.
//!
//! # As text
//!
//! In a text with other text around, strings are bare, null is empty, and all
//! else is compact JSON: `true`, `1.5`, `["a"]`. The operator `~` does the same.

pub mod base64;
mod compiled;
mod convert;
mod csv_text;
mod edits;
mod error;
mod eval;
mod filters;
mod guard;
mod items;
mod limits;
mod meter;
mod names;
mod operand;
mod parse;
mod path;
mod reads;
mod role;
#[cfg(test)]
mod tests;
mod token;
mod unseal;

pub use convert::weight;
pub use error::{EvalError, ParseError, ParseErrorKind};
pub use limits::{
    MAX_EXPRESSIONS, MAX_ITEMS, MAX_NESTING, MAX_SOURCE, MAX_TOKENS, MIN_TAINTED, MIN_TAINTED_LINE,
};
pub use names::{FILTERS, FUNCTIONS, TESTS, is_reserved};
pub use parse::{
    parse_condition, parse_condition_with, parse_template, parse_template_with, parse_test_with,
};
pub use path::{members, parts_of_outputs};

use rpa_engine::contract::TaskContract;
use rpa_engine::value::Sealed;
use rpa_engine::{Expr, Ident, Map, Reads, Template, Value};

use compiled::{Compiled, Plan};
use eval::{Call, Mode, Scope};
use path::Names;

/// Where secrets come from, for one attempt.
pub trait SecretSource: Send + Sync {
    /// The value of secret `name`; `Ok(None)` when there is none.
    fn get(&self, name: &Ident) -> Result<Option<String>, String>;
}

/// A value with its secrets in it, and the texts that must not be shown.
///
/// It can be neither printed nor logged, on purpose.
#[derive(Clone, PartialEq)]
#[expect(missing_debug_implementations, reason = "it holds secrets")]
pub struct Unsealed {
    pub value: Value,
    /// Sorted, without repetition: the secrets, and every text that was derived
    /// from one. None is shorter than [`MIN_TAINTED`] bytes.
    pub tainted: Vec<String>,
}

/// What stands for secret `name` in a variable of type secret.
pub fn secret_reference(name: &Ident) -> Value {
    let reads = Reads { secrets: [name.clone()].into(), ..Reads::default() };
    let expr = Expr { source: format!("secrets.{name}"), reads };
    Value::Sealed(Box::new(Sealed { template: Template::Expr(expr), scope: Map::new() }))
}

/// Evaluates templates. Cheap to share: build one per process.
#[derive(Debug, Default)]
pub struct Evaluator {}

impl Evaluator {
    /// The value of `template` in `scope` (a map of namespaces: `vars`, `steps`,
    /// `run`, `workflow`, `loop`, `output`, and the names of items). What reads a secret, or a
    /// sealed value in the scope, comes out as [`Value::Sealed`].
    ///
    /// A plain reference such as `{{ vars.x }}` passes on what it finds, and with
    /// it what is sealed inside.
    pub fn eval(&self, template: &Template, scope: &Map) -> Result<Value, EvalError> {
        eval_plain(template, scope)
    }

    /// The truth of an `if`, `while` or `until`. Anything but a boolean is an error, and so is a
    /// secret. `failed()` is the boolean `_failed` of the scope.
    pub fn condition(&self, expr: &Expr, scope: &Map) -> Result<bool, EvalError> {
        let compiled = Compiled::new(expr)?;
        let names = Names::of(scope);
        if compiled.is_secret(names) {
            return Err(EvalError::Failed("a condition cannot read a secret".to_owned()));
        }
        let mut reads = expr.reads.clone();
        if reads.status {
            reads.roots.insert(filters::FAILED.to_owned());
        }
        let mut call = Call::new(scope, &reads, Mode::Seal)?;
        let context = call.context(Vec::new());
        match call.value(&compiled, Scope { names, context: &context }, 0)? {
            Value::Bool(truth) => Ok(truth),
            other => Err(EvalError::Failed(format!(
                "a condition must be true or false; `{}` is a {}",
                expr.source,
                other.type_name()
            ))),
        }
    }

    /// The `with:` of a task whose contract has per-item fields (`data.transform`).
    ///
    /// With a field `each`, which must be a list, `value` is evaluated for each
    /// item for which `where` is true, with `item` and `loop` in scope; the
    /// result has the list of them as `value`, without `each` and `where`.
    /// Without `each`, and for other contracts, it is evaluated as it stands.
    pub fn eval_with(
        &self,
        contract: &TaskContract,
        with: &Template,
        scope: &Map,
    ) -> Result<Value, EvalError> {
        items::eval_with(contract, with, scope)
    }

    /// Replaces every sealed part of `value` by what it evaluates to.
    pub fn unseal(&self, value: &Value, secrets: &dyn SecretSource) -> Result<Unsealed, EvalError> {
        unseal::unseal(value, secrets)
    }
}

fn eval_plain(template: &Template, scope: &Map) -> Result<Value, EvalError> {
    let plan = Plan::new(template)?;
    let mut reads = Reads::default();
    plan.computed_reads(&mut reads);
    let mut call = Call::new(scope, &reads, Mode::Seal)?;
    let context = call.context(Vec::new());
    call.run(&plan, Scope { names: Names::of(scope), context: &context }, 0)
}
