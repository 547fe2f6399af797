//! Templates made ready to be evaluated, as often as needed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use minijinja::value::Value as Jinja;
use minijinja::{Error, ErrorKind, Expression};
use rpa_engine::{Expr, Piece, Reads, Template, Value};

use super::error::EvalError;
use super::filters::environment;
use super::guard;
use super::limits::MAX_SOURCE;
use super::path::{self, Found, Names, Path};
use super::role::Tokens;

/// A template with its expressions compiled.
#[derive(Debug)]
pub(super) enum Plan<'a> {
    Literal(&'a Value),
    Expr(&'a Template, Compiled<'a>),
    Text(&'a Template, Vec<Part<'a>>),
    List(Vec<Plan<'a>>),
    Map(Vec<(&'a str, Plan<'a>)>),
}

#[derive(Debug)]
pub(super) enum Part<'a> {
    Text(&'a str),
    Expr(Compiled<'a>),
}

impl<'a> Plan<'a> {
    pub(super) fn new(template: &'a Template) -> Result<Plan<'a>, EvalError> {
        Ok(match template {
            Template::Literal(value) => Plan::Literal(value),
            Template::Expr(expr) => Plan::Expr(template, Compiled::new(expr)?),
            Template::Text(pieces) => {
                let parts: Result<Vec<_>, _> = pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Text(text) => Ok(Part::Text(text)),
                        Piece::Expr(expr) => Compiled::new(expr).map(Part::Expr),
                    })
                    .collect();
                Plan::Text(template, parts?)
            }
            Template::List(items) => {
                Plan::List(items.iter().map(Plan::new).collect::<Result<_, _>>()?)
            }
            Template::Map(fields) => Plan::Map(
                fields
                    .iter()
                    .map(|(key, field)| Ok((key.as_str(), Plan::new(field)?)))
                    .collect::<Result<_, EvalError>>()?,
            ),
        })
    }
}

impl Plan<'_> {
    /// What must be converted for minijinja; plain references are not.
    pub(super) fn computed_reads(&self, reads: &mut Reads) {
        let mut add = |compiled: &Compiled<'_>| {
            if compiled.whole_path().is_none() {
                reads.merge(&compiled.expr.reads);
            }
        };
        match self {
            Plan::Literal(_) => {}
            Plan::Expr(_, compiled) => add(compiled),
            Plan::Text(_, parts) => parts.iter().for_each(|part| match part {
                Part::Text(_) => {}
                Part::Expr(compiled) => add(compiled),
            }),
            Plan::List(items) => items.iter().for_each(|item| item.computed_reads(reads)),
            Plan::Map(fields) => fields.iter().for_each(|(_, field)| field.computed_reads(reads)),
        }
    }
}

/// One expression.
#[derive(Debug)]
pub(super) struct Compiled<'a> {
    pub(super) expr: &'a Expr,
    expression: Expression<'static, 'static>,
    paths: Vec<Path>,
}

impl<'a> Compiled<'a> {
    /// Checks the syntax again: a stored expression was read by an older version.
    pub(super) fn new(expr: &'a Expr) -> Result<Compiled<'a>, EvalError> {
        let failed = |why: String| EvalError::Failed(format!("{why} in `{}`", expr.source));
        if expr.source.len() > MAX_SOURCE {
            return Err(EvalError::Limit("the expression is too long".to_owned()));
        }
        let (tokens, _) =
            Tokens::read(&expr.source, 0, false).map_err(|error| failed(error.message))?;
        guard::check(&tokens).map_err(|error| failed(error.message))?;
        let in_words = |error: &Error| error.detail().unwrap_or_default().to_owned();
        environment()
            .compile_expression(&guard::plain(&tokens).text)
            .map_err(|error| failed(in_words(&error)))?;
        let source = guard::guarded(&tokens).map_err(|error| failed(error.message))?;
        let expression = environment()
            .compile_expression_owned(source)
            .map_err(|error| failed(in_words(&error)))?;
        Ok(Compiled { expr, expression, paths: path::paths(&tokens) })
    }

    /// Whether evaluating it needs a secret: it names one, or what it names is
    /// or holds something sealed.
    pub(super) fn is_secret(&self, names: Names<'_>) -> bool {
        !self.expr.reads.secrets.is_empty()
            || self.paths.iter().any(|path| match path.find(names) {
                Found::Sealed => true,
                Found::Value(value) | Found::Inside(value) => path::has_sealed(value),
                Found::Missing(_) => false,
            })
    }

    /// The path that is all of this expression.
    pub(super) fn whole_path(&self) -> Option<&Path> {
        self.paths.first().filter(|path| path.whole)
    }

    /// Evaluates it. A panic inside minijinja is an error, not our end.
    pub(super) fn eval(&self, context: Jinja) -> Result<Jinja, Error> {
        catch_unwind(AssertUnwindSafe(|| self.expression.eval(context))).unwrap_or_else(|_| {
            Err(Error::new(ErrorKind::InvalidOperation, "the expression evaluator failed"))
        })
    }

    /// The error in our words. With secrets in play the message has no values.
    pub(super) fn explain(&self, error: &Error, names: Names<'_>, secret: bool) -> EvalError {
        let source = &self.expr.source;
        match error.kind() {
            ErrorKind::OutOfFuel => {
                let detail = error.detail().unwrap_or("the expression takes too long");
                EvalError::Limit(format!("{detail}, in `{source}`"))
            }
            ErrorKind::UndefinedError => EvalError::Failed(match self.missing(names) {
                Some(missing) => missing,
                None => format!("something is undefined in `{source}`"),
            }),
            kind if secret => EvalError::Failed(format!("{kind}, in `{source}` with a secret")),
            kind => {
                let words = kind.to_string();
                let detail = error.detail().unwrap_or(&words);
                EvalError::Failed(format!("{detail}, in `{source}`"))
            }
        }
    }

    /// What is undefined: the first name that is missing and was not asked for.
    fn missing(&self, names: Names<'_>) -> Option<String> {
        let missing = |path: &Path| match path.find(names) {
            Found::Missing(what) => Some(what),
            _ => None,
        };
        let (optional, needed): (Vec<_>, Vec<_>) = self.paths.iter().partition(|p| p.optional);
        needed.into_iter().chain(optional).find_map(missing)
    }
}
