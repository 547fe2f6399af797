//! Evaluating what was sealed, once its secrets may be known.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::value::{MAX_DEPTH, Sealed};
use rpa_engine::{Ident, Map, Value};

use super::compiled::Plan;
use super::convert::Outward;
use super::error::EvalError;
use super::eval::{Call, Mode, Scope, limit};
use super::limits::{MIN_TAINTED, MIN_TAINTED_LINE};
use super::path::Names;
use super::{SecretSource, Unsealed};
use rpa_engine::Reads;

pub(super) fn unseal(value: &Value, secrets: &dyn SecretSource) -> Result<Unsealed, EvalError> {
    let mut unsealer =
        Unsealer { source: secrets, known: BTreeMap::new(), tainted: BTreeSet::new() };
    let value = unsealer.value(value, 0)?;
    Outward::new().take_document(&value, 0).map_err(limit)?;
    Ok(Unsealed { value, tainted: unsealer.tainted.into_iter().collect() })
}

struct Unsealer<'a> {
    source: &'a dyn SecretSource,
    /// Secrets that were fetched: one attempt sees one value of each.
    known: BTreeMap<Ident, String>,
    tainted: BTreeSet<String>,
}

impl Unsealer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<Value, EvalError> {
        // sealed documents nest by their scopes, two levels of maps each time
        if depth > 3 * MAX_DEPTH {
            return Err(EvalError::Limit("the document nests too deep".to_owned()));
        }
        match value {
            Value::Sealed(sealed) => self.sealed(sealed, depth + 1),
            Value::List(items) => {
                let items = items.iter().map(|item| self.value(item, depth + 1));
                Ok(Value::List(items.collect::<Result<_, _>>()?))
            }
            Value::Map(map) => self.map(map, depth).map(Value::Map),
            other => Ok(other.clone()),
        }
    }

    fn map(&mut self, map: &Map, depth: usize) -> Result<Map, EvalError> {
        map.iter().map(|(key, item)| Ok((key.clone(), self.value(item, depth + 1)?))).collect()
    }

    fn sealed(&mut self, sealed: &Sealed, depth: usize) -> Result<Value, EvalError> {
        let mut scope = self.map(&sealed.scope, depth)?;
        let mut secrets = Map::new();
        for name in sealed.template.reads().secrets {
            let secret = self.secret(&name)?;
            self.taint_text(&secret);
            secrets.insert(name.into(), Value::Text(secret));
        }
        scope.insert("secrets".to_owned(), Value::Map(secrets));
        let plan = Plan::new(&sealed.template)?;
        let mut reads = Reads::default();
        plan.computed_reads(&mut reads);
        let mut call = Call::new(&scope, &reads, Mode::Reveal(&sealed.scope))?;
        let context = call.context(Vec::new());
        let result = call.run(&plan, Scope { names: Names::of(&scope), context: &context }, 0)?;
        for piece in &call.revealed {
            self.taint(piece);
        }
        self.taint(&result);
        Ok(result)
    }

    fn secret(&mut self, name: &Ident) -> Result<String, EvalError> {
        if let Some(secret) = self.known.get(name) {
            return Ok(secret.clone());
        }
        let secret = self
            .source
            .get(name)
            .map_err(|why| EvalError::Secret { name: name.as_str().to_owned(), why })?;
        let secret = secret.ok_or_else(|| EvalError::NoSecret(name.as_str().to_owned()))?;
        self.known.insert(name.clone(), secret.clone());
        Ok(secret)
    }

    /// What came of a secret: its text, and every text and number in it. Keys of
    /// maps, `true` and `null` are words of every log.
    fn taint(&mut self, value: &Value) {
        match value {
            Value::Text(text) => self.taint_text(text),
            Value::Int(_) | Value::Float(_) => self.taint_text(&value.to_string()),
            Value::List(items) => items.iter().for_each(|item| self.taint(item)),
            Value::Map(map) => map.values().for_each(|item| self.taint(item)),
            Value::Null | Value::Bool(_) | Value::Blob(_) | Value::Sealed(_) => {}
        }
        if let Value::List(_) | Value::Map(_) = value {
            self.taint_text(&value.to_string());
        }
    }

    /// A text, its lines, and how it stands inside JSON.
    fn taint_text(&mut self, text: &str) {
        if text.len() < MIN_TAINTED {
            return;
        }
        let lines = text.lines().map(str::trim).filter(|line| line.len() >= MIN_TAINTED_LINE);
        self.tainted.extend(lines.map(str::to_owned));
        let listed = Value::List(vec![Value::from(text)]).to_string();
        self.tainted.insert(listed[2..listed.len() - 2].to_owned());
        self.tainted.insert(text.to_owned());
    }
}
