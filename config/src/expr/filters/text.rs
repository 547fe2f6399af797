//! Filters on text.

#![expect(clippy::needless_pass_by_value, reason = "minijinja gives arguments by value")]

use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Error, State};

use super::{Named, as_text, failed, items_of};
use crate::expr::convert::text_of;
use crate::expr::limits::NODE;
use crate::expr::meter::Meter;

pub(super) fn all() -> Vec<Named> {
    vec![
        ("columns", Value::from_function(columns)),
        ("join", Value::from_function(join)),
        ("lines", Value::from_function(lines)),
        ("replace", Value::from_function(replace)),
        ("split", Value::from_function(split)),
        ("string", Value::from_function(string)),
    ]
}

/// A list of `parts`, each counted before it is made.
pub(super) fn counted<'a>(
    state: &State<'_, '_>,
    parts: impl Iterator<Item = &'a str>,
) -> Result<Vec<Value>, Error> {
    let meter = Meter::of(state)?;
    parts
        .map(|part| {
            meter.make(NODE + part.len())?;
            Ok(Value::from(part))
        })
        .collect()
}

fn columns(state: &State<'_, '_>, value: &Value) -> Result<Vec<Value>, Error> {
    counted(state, as_text("columns", value)?.split_whitespace())
}

fn lines(state: &State<'_, '_>, value: &Value) -> Result<Vec<Value>, Error> {
    counted(state, as_text("lines", value)?.lines())
}

/// `split()` at blanks, `split(',')`, `split(',', 1)` at most once.
fn split(
    state: &State<'_, '_>,
    value: &Value,
    separator: Option<&str>,
    most: Option<usize>,
) -> Result<Vec<Value>, Error> {
    let text = as_text("split", value)?;
    match (separator, most) {
        (Some(""), _) => Err(failed("`split` needs a separator; use `| list` for characters")),
        (Some(separator), Some(most)) => {
            counted(state, text.splitn(most.saturating_add(1), separator))
        }
        (Some(separator), None) => counted(state, text.split(separator)),
        (None, None) => columns(state, value),
        (None, Some(most)) => counted(state, blanks(text, most)),
    }
}

/// Splits at blanks, but at most `most` times.
fn blanks(text: &str, most: usize) -> impl Iterator<Item = &str> {
    let mut rest = text.trim_start();
    let mut left = most;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = match left {
            0 => rest.len(),
            _ => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        left = left.saturating_sub(1);
        let (part, tail) = rest.split_at(end);
        rest = tail.trim_start();
        Some(part)
    })
}

fn replace(
    state: &State<'_, '_>,
    value: &Value,
    from: &str,
    to: &str,
    most: Option<usize>,
) -> Result<String, Error> {
    let text = as_text("replace", value)?;
    let most = most.unwrap_or(usize::MAX);
    let found = text.matches(from).take(most).count();
    Meter::of(state)?.make(text.len().saturating_add(found.saturating_mul(to.len())))?;
    Ok(text.replacen(from, to, most))
}

fn join(
    state: &State<'_, '_>,
    value: &Value,
    separator: Option<&str>,
    kwargs: Kwargs,
) -> Result<String, Error> {
    let attribute = kwargs.get::<Option<&str>>("attribute")?;
    let separator = match separator {
        Some(separator) => separator,
        None => kwargs.get::<Option<&str>>("d")?.unwrap_or_default(),
    };
    kwargs.assert_all_used()?;
    let meter = Meter::of(state)?;
    let mut text = String::new();
    for (i, item) in items_of("join", value)?.iter().enumerate() {
        let item = match attribute {
            Some(attribute) => &super::list::field(item, attribute)?,
            None => item,
        };
        if i > 0 {
            meter.make(separator.len())?;
            text.push_str(separator);
        }
        match item.kind() {
            ValueKind::String => {
                let item = as_text("join", item)?;
                meter.make(item.len())?;
                text.push_str(item);
            }
            _ => {
                let item = text_of(item)?;
                meter.make(item.len())?;
                text.push_str(&item);
            }
        }
    }
    Ok(text)
}

fn string(value: &Value) -> Result<String, Error> {
    text_of(value)
}
