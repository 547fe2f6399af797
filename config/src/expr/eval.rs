//! Evaluating templates in a scope, and sealing what reads a secret.

use std::sync::Arc;

use minijinja::Error;
use minijinja::value::Value as Jinja;
use rpa_engine::value::Sealed;
use rpa_engine::{Map, Reads, Template, Value};

use super::compiled::{Compiled, Part, Plan};
use super::convert::{Inward, Outward};
use super::error::EvalError;
use super::meter::{METER, Meter};
use super::path::{Found, Names};

/// What becomes of an expression that reads a secret.
#[derive(Clone, Copy)]
pub(super) enum Mode<'a> {
    Seal,
    /// It is evaluated; this is the scope in which it was sealed.
    Reveal(&'a Map),
}

/// One call of the evaluator, and what is left of its limits.
pub(super) struct Call<'a> {
    meter: Arc<Meter>,
    pub(super) out: Outward,
    mode: Mode<'a>,
    /// The scope as minijinja has it.
    context: Vec<(String, Jinja)>,
    /// What came of the pieces of texts that have a secret in them.
    pub(super) revealed: Vec<Value>,
}

/// A scope in both forms.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) names: Names<'a>,
    pub(super) context: &'a Jinja,
}

impl<'a> Call<'a> {
    /// A call in `scope`, of which `reads` is converted.
    pub(super) fn new(scope: &Map, reads: &Reads, mode: Mode<'a>) -> Result<Call<'a>, EvalError> {
        Call::metered(scope, reads, mode, Meter::new(false))
    }

    /// A call for many items, which share what they may read.
    pub(super) fn for_items(scope: &Map, reads: &Reads) -> Result<Call<'a>, EvalError> {
        Call::metered(scope, reads, Mode::Seal, Meter::new(true))
    }

    fn metered(
        scope: &Map,
        reads: &Reads,
        mode: Mode<'a>,
        meter: Meter,
    ) -> Result<Call<'a>, EvalError> {
        let meter = Arc::new(meter);
        let mut context = convert_scope(Names::of(scope), reads).map_err(limit)?;
        context.push((METER.to_owned(), Jinja::from_dyn_object(meter.clone())));
        Ok(Call { meter, out: Outward::new(), mode, context, revealed: Vec::new() })
    }

    /// The scope for minijinja, with `more` in it.
    pub(super) fn context(&self, more: Vec<(String, Jinja)>) -> Jinja {
        Jinja::from_pairs(self.context.iter().cloned().chain(more))
    }

    /// The value of `plan`, which stands at nesting `depth`.
    pub(super) fn run(
        &mut self,
        plan: &Plan<'_>,
        scope: Scope<'_>,
        depth: usize,
    ) -> Result<Value, EvalError> {
        match plan {
            Plan::Literal(value) => {
                self.out.take_document(value, depth).map_err(limit)?;
                Ok((*value).clone())
            }
            Plan::Expr(template, compiled) => self.run_expr(template, compiled, scope, depth),
            Plan::Text(template, parts) => self.run_text(template, parts, scope, depth),
            Plan::List(items) => {
                let items = items.iter().map(|item| self.run(item, scope, depth + 1));
                Ok(Value::List(items.collect::<Result<_, _>>()?))
            }
            Plan::Map(fields) => {
                let fields = fields.iter().map(|(key, field)| {
                    self.out.take(key.len()).map_err(limit)?;
                    Ok(((*key).to_owned(), self.run(field, scope, depth + 1)?))
                });
                Ok(Value::Map(fields.collect::<Result<_, EvalError>>()?))
            }
        }
    }

    fn run_expr(
        &mut self,
        template: &Template,
        compiled: &Compiled<'_>,
        scope: Scope<'_>,
        depth: usize,
    ) -> Result<Value, EvalError> {
        if let Mode::Seal = self.mode {
            // a plain reference passes on what it finds, and what is sealed in it
            let passes = compiled.expr.reads.secrets.is_empty()
                && compiled
                    .whole_path()
                    .is_some_and(|path| matches!(path.find(scope.names), Found::Value(_)));
            if !passes && compiled.is_secret(scope.names) {
                return self.seal(template, scope.names, depth);
            }
        }
        self.value(compiled, scope, depth)
    }

    fn run_text(
        &mut self,
        template: &Template,
        parts: &[Part<'_>],
        scope: Scope<'_>,
        depth: usize,
    ) -> Result<Value, EvalError> {
        let secret = |part: &Part<'_>, names| match part {
            Part::Text(_) => false,
            Part::Expr(compiled) => compiled.is_secret(names),
        };
        if let Mode::Seal = self.mode
            && parts.iter().any(|part| secret(part, scope.names))
        {
            return self.seal(template, scope.names, depth);
        }
        let mut text = String::new();
        for part in parts {
            let compiled = match part {
                Part::Text(part) => {
                    self.out.take(part.len()).map_err(limit)?;
                    text.push_str(part);
                    continue;
                }
                Part::Expr(compiled) => compiled,
            };
            let value = match self.value(compiled, scope, depth)? {
                Value::Null => continue,
                value => value,
            };
            // never what stands for it: that would look like a text
            if let Some(blob) = value.blob() {
                let source = &compiled.expr.source;
                return Err(EvalError::Failed(format!(
                    "a document of {} bytes is not loaded, in `{source}`",
                    blob.bytes
                )));
            }
            let piece = value.to_string();
            // numbers and brackets may be longer than what was counted for them
            self.out.take(piece.len()).map_err(limit)?;
            text.push_str(&piece);
            if let Mode::Reveal(sealed) = self.mode
                && secret(part, Names::of(sealed))
            {
                self.revealed.push(value);
            }
        }
        Ok(Value::Text(text))
    }

    /// The value of an expression that needs no secret, or whose secrets are here.
    pub(super) fn value(
        &mut self,
        compiled: &Compiled<'_>,
        scope: Scope<'_>,
        depth: usize,
    ) -> Result<Value, EvalError> {
        match compiled.whole_path().map(|path| path.find(scope.names)) {
            Some(Found::Value(value)) => {
                self.out.take_document(value, depth).map_err(limit)?;
                return Ok(value.clone());
            }
            Some(Found::Missing(what)) => return Err(EvalError::Failed(what)),
            _ => {}
        }
        self.meter.begin();
        let result = compiled.eval(scope.context.clone());
        result.and_then(|value| self.out.convert(&value, depth)).map_err(|error| {
            compiled.explain(&error, scope.names, matches!(self.mode, Mode::Reveal(_)))
        })
    }

    /// The leaf as it is, with the parts of the scope that it reads.
    fn seal(
        &mut self,
        template: &Template,
        names: Names<'_>,
        depth: usize,
    ) -> Result<Value, EvalError> {
        let scope = names.part(&template.reads());
        self.out.take_scope(&scope, depth + 1).map_err(limit)?;
        Ok(Value::Sealed(Box::new(Sealed { template: template.clone(), scope })))
    }
}

/// The parts of a scope that `reads` names, for minijinja.
pub(super) fn convert_scope(
    names: Names<'_>,
    reads: &Reads,
) -> Result<Vec<(String, Jinja)>, Error> {
    let mut inward = Inward::new();
    let mut context = Vec::new();
    let namespaces = [("vars", &reads.vars), ("steps", &reads.steps), ("secrets", &reads.secrets)];
    for (namespace, members) in namespaces {
        let values = names.get(namespace);
        let mut found = Vec::new();
        for id in members {
            if let Some(value) = values.and_then(|values| values.get(id.as_str())) {
                found.push((id.as_str(), inward.convert(value)?));
            }
        }
        context.push((namespace.to_owned(), Jinja::from_pairs(found)));
    }
    for root in &reads.roots {
        if let Some(value) = names.get(root) {
            context.push((root.clone(), inward.convert(value)?));
        }
    }
    Ok(context)
}

/// Only limits are reached where no expression is at fault.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(super) fn limit(error: Error) -> EvalError {
    EvalError::Limit(error.detail().unwrap_or("the document is too large").to_owned())
}
