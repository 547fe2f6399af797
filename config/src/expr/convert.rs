//! Between our documents and minijinja's values.
//!
//! Integers of 64 bits, floats, booleans, null, text, lists and maps survive
//! both ways unchanged. What only minijinja has is made to fit: larger integers
//! become floats, bytes text, and map keys text.

use minijinja::value::{Value as Jinja, ValueKind};
use minijinja::{Error, ErrorKind};
use rpa_engine::value::MAX_DEPTH;
use rpa_engine::{Map, Value};

use super::limits::{MAX_RESULT, MAX_SCOPE, NODE};
use super::meter::over;

/// What a document counts where the size of a scope is limited, in bytes: about what it
/// takes in memory.
pub fn weight(value: &Value) -> usize {
    let size = NODE + value.as_text().map_or(0, str::len);
    match value {
        Value::List(items) => size + items.iter().map(weight).sum::<usize>(),
        Value::Map(map) => {
            size + map.iter().map(|(key, item)| NODE + key.len() + weight(item)).sum::<usize>()
        }
        _ => size,
    }
}

/// Turns documents into values; `left` is how much more may be converted.
pub(super) struct Inward {
    left: usize,
}

impl Inward {
    pub(super) fn new() -> Inward {
        Inward { left: MAX_SCOPE }
    }

    /// A part that is sealed or on disk becomes an error for whoever touches it.
    pub(super) fn convert(&mut self, value: &Value) -> Result<Jinja, Error> {
        let size = NODE + value.as_text().map_or(0, str::len);
        self.left = self.left.checked_sub(size).ok_or_else(|| {
            over(format!("the expression reads more than {} MiB", MAX_SCOPE >> 20))
        })?;
        Ok(match value {
            Value::Null => Jinja::from(()),
            Value::Bool(b) => Jinja::from(*b),
            Value::Int(i) => Jinja::from(*i),
            Value::Float(x) => Jinja::from(*x),
            Value::Text(s) => Jinja::from(s.as_str()),
            Value::List(items) => {
                let items: Result<Vec<_>, _> = items.iter().map(|i| self.convert(i)).collect();
                Jinja::from(items?)
            }
            Value::Map(map) => self.convert_map(map)?,
            Value::Blob(blob) => {
                invalid(format!("a document of {} bytes is not loaded", blob.bytes))
            }
            Value::Sealed(_) => invalid("a secret cannot be read here".to_owned()),
        })
    }

    fn convert_map(&mut self, map: &Map) -> Result<Jinja, Error> {
        let mut pairs = Vec::with_capacity(map.len());
        for (key, item) in map {
            self.left = self.left.saturating_sub(NODE + key.len());
            pairs.push((key.as_str(), self.convert(item)?));
        }
        Ok(Jinja::from_pairs(pairs))
    }
}

fn invalid(message: String) -> Jinja {
    Jinja::from(Error::new(ErrorKind::InvalidOperation, message))
}

/// Turns values into documents; `left` is how much more may come out.
#[derive(Debug)]
pub(super) struct Outward {
    left: usize,
}

impl Outward {
    pub(super) fn new() -> Outward {
        Outward { left: MAX_RESULT }
    }

    /// Counts `bytes` of a result.
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), Error> {
        self.left = self
            .left
            .checked_sub(bytes)
            .ok_or_else(|| over(format!("the result is larger than {} MiB", MAX_RESULT >> 20)))?;
        Ok(())
    }

    /// Counts a document that is passed on as it is, at nesting `depth`.
    pub(super) fn take_document(&mut self, value: &Value, depth: usize) -> Result<(), Error> {
        check_depth(depth)?;
        self.take(NODE / 2 + value.as_text().map_or(0, str::len))?;
        match value {
            Value::List(items) => {
                items.iter().try_for_each(|item| self.take_document(item, depth + 1))
            }
            Value::Map(map) => map.iter().try_for_each(|(key, item)| {
                self.take(key.len())?;
                self.take_document(item, depth + 1)
            }),
            Value::Sealed(sealed) => self.take_scope(&sealed.scope, depth + 1),
            _ => Ok(()),
        }
    }

    /// Counts what a sealed document carries; each sealing of something sealed
    /// nests deeper.
    pub(super) fn take_scope(&mut self, scope: &Map, depth: usize) -> Result<(), Error> {
        scope.values().try_for_each(|value| self.take_document(value, depth))
    }

    /// The document of `value`, which lies at nesting `depth`.
    pub(super) fn convert(&mut self, value: &Jinja, depth: usize) -> Result<Value, Error> {
        check_depth(depth)?;
        self.take(NODE / 2)?;
        Ok(match value.kind() {
            ValueKind::Undefined => return Err(Error::from(ErrorKind::UndefinedError)),
            ValueKind::None => Value::Null,
            ValueKind::Bool => Value::Bool(value.is_true()),
            ValueKind::Number => number(value)?,
            ValueKind::String | ValueKind::Bytes => {
                let bytes = value.as_bytes().unwrap_or_default();
                self.take(bytes.len())?;
                Value::Text(String::from_utf8_lossy(bytes).into_owned())
            }
            ValueKind::Seq | ValueKind::Iterable => {
                let items = value.try_iter()?.checked();
                let items: Result<Vec<_>, _> =
                    items.map(|item| self.convert(&item?, depth + 1)).collect();
                Value::List(items?)
            }
            ValueKind::Map => self.convert_map(value, depth)?,
            _ => {
                // an invalid value says why as soon as it is iterated
                value.try_iter()?;
                let message = format!("a {} is no document", value.kind());
                return Err(Error::new(ErrorKind::InvalidOperation, message));
            }
        })
    }

    fn convert_map(&mut self, value: &Jinja, depth: usize) -> Result<Value, Error> {
        let mut map = Map::new();
        for key in value.try_iter()?.checked() {
            let key = key?;
            let item = self.convert(&value.get_item(&key)?, depth + 1)?;
            let name = match self.convert(&key, depth + 1)? {
                Value::Text(name) => name,
                other => other.to_string(),
            };
            map.insert(name, item);
        }
        Ok(Value::Map(map))
    }
}

fn check_depth(depth: usize) -> Result<(), Error> {
    if depth < MAX_DEPTH {
        return Ok(());
    }
    Err(over(format!("the result nests deeper than {MAX_DEPTH} levels")))
}

fn number(value: &Jinja) -> Result<Value, Error> {
    if value.is_integer()
        && let Some(i) = value.as_i64()
    {
        return Ok(Value::Int(i));
    }
    let x = f64::try_from(value.clone())?;
    if x.is_finite() {
        return Ok(Value::Float(x));
    }
    Err(Error::new(ErrorKind::InvalidOperation, "the result is not a finite number"))
}

/// The text of `value` as it stands in a template: null is empty, text bare,
/// everything else JSON.
pub(super) fn text_of(value: &Jinja) -> Result<String, Error> {
    match Outward::new().convert(value, 0)? {
        Value::Null => Ok(String::new()),
        other => Ok(other.to_string()),
    }
}
