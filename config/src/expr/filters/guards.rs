//! The filters that `guard` puts behind operands; nobody can write them.

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};

use super::failed;
use crate::expr::convert::text_of;
use crate::expr::limits::NODE;
use crate::expr::meter::{Meter, size};

pub(super) fn register(env: &mut Environment<'static>) {
    env.add_filter("_num", number);
    env.add_filter("_term", term);
    env.add_filter("_cat", concatenation);
    env.add_filter("_slice", slice);
}

/// An operand of `*`.
fn number(value: Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Number | ValueKind::Bool => Ok(value),
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        kind => Err(failed(format!("`*` multiplies numbers, not a {kind}"))),
    }
}

/// An operand of `+`.
fn term(state: &State<'_, '_>, value: Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Number | ValueKind::Bool => {}
        ValueKind::Undefined => return Err(Error::from(ErrorKind::UndefinedError)),
        _ => Meter::of(state)?.add_term(size(&value))?,
    }
    Ok(value)
}

/// `a ~ b ~ c`, given as a list.
fn concatenation(state: &State<'_, '_>, parts: &Value) -> Result<String, Error> {
    let meter = Meter::of(state)?;
    let mut text = String::new();
    for part in parts.try_iter()?.checked() {
        let part = part?;
        match part.as_str() {
            Some(part) => {
                meter.make(part.len())?;
                text.push_str(part);
            }
            None => {
                let part = text_of(&part)?;
                meter.make(part.len())?;
                text.push_str(&part);
            }
        }
    }
    Ok(text)
}

/// `x[start:stop]` of a text, in characters, or of a list; as in Python, what is
/// beyond the end is left out and a negative number counts from there.
fn slice(
    state: &State<'_, '_>,
    value: &Value,
    start: Option<i64>,
    stop: Option<i64>,
) -> Result<Value, Error> {
    let meter = Meter::of(state)?;
    meter.read(size(value))?;
    let range = |length: usize| {
        let at = |i: i64| match usize::try_from(i) {
            Ok(i) => i.min(length),
            Err(_) => length.saturating_sub(usize::try_from(i.unsigned_abs()).unwrap_or(length)),
        };
        let (start, stop) = (start.map_or(0, at), stop.map_or(length, at));
        (start, stop.saturating_sub(start))
    };
    if let Some(text) = value.as_str() {
        // going through characters is slower than copying bytes
        meter.read(text.len().saturating_mul(4))?;
        let (start, length) = range(text.chars().count());
        let byte = |chars: &str, n| chars.char_indices().nth(n).map_or(chars.len(), |(at, _)| at);
        let rest = &text[byte(text, start)..];
        let part = &rest[..byte(rest, length)];
        meter.make(part.len())?;
        return Ok(Value::from(part));
    }
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => {
            let items: Vec<_> = value.try_iter()?.checked().collect::<Result<_, _>>()?;
            let (start, length) = range(items.len());
            meter.make(length * NODE)?;
            Ok(items.into_iter().skip(start).take(length).collect())
        }
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        kind => Err(failed(format!("a {kind} has no slices"))),
    }
}
