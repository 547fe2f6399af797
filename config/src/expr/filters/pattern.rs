//! Filters with regular expressions.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use minijinja::value::Value;
use minijinja::{Error, State};
use regex::{Captures, Regex, RegexBuilder};

use super::text::counted;
use super::{Named, as_text, failed};
use crate::expr::limits::{MAX_REGEX, NODE, REGEX_CACHE};
use crate::expr::meter::Meter;

pub(super) fn all() -> Vec<Named> {
    vec![
        ("regex_captures", Value::from_function(captures)),
        ("regex_find", Value::from_function(find)),
        ("regex_replace", Value::from_function(replace)),
        ("regex_split", Value::from_function(split)),
        ("regex_test", Value::from_function(is_match)),
    ]
}

/// Program sizes in bytes, and how many bytes of work a byte of text is then: a
/// search can visit each state of the program at each byte.
const WEIGHTS: [(usize, usize); 3] = [(16 << 10, 4), (128 << 10, 16), (MAX_REGEX, 64)];

#[derive(Clone)]
struct Pattern {
    regex: Arc<Regex>,
    weight: usize,
}

/// The compiled `pattern`; the last few are kept.
fn compile(pattern: &str) -> Result<Pattern, Error> {
    static CACHE: LazyLock<Mutex<HashMap<String, Pattern>>> = LazyLock::new(Mutex::default);
    let cache = || CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = cache().get(pattern) {
        return Ok(known.clone());
    }
    let compiled = build(pattern)?;
    let mut cache = cache();
    if cache.len() >= REGEX_CACHE {
        cache.clear();
    }
    cache.insert(pattern.to_owned(), compiled.clone());
    Ok(compiled)
}

fn build(pattern: &str) -> Result<Pattern, Error> {
    for (size, weight) in WEIGHTS {
        match RegexBuilder::new(pattern).size_limit(size).build() {
            Ok(regex) => return Ok(Pattern { regex: Arc::new(regex), weight }),
            Err(regex::Error::CompiledTooBig(_)) => {}
            Err(error) => {
                let why = error.to_string();
                let why = why.lines().last().unwrap_or_default().trim();
                return Err(failed(format!("no valid regular expression: {why}")));
            }
        }
    }
    Err(failed("the regular expression is too large; write [0-9] for \\d, [A-Za-z0-9_] for \\w"))
}

/// The compiled pattern, once searching `text` with it is counted.
fn prepare(state: &State<'_, '_>, text: &str, pattern: &str) -> Result<Arc<Regex>, Error> {
    let Pattern { regex, weight } = compile(pattern)?;
    Meter::of(state)?.read(text.len().saturating_mul(weight))?;
    Ok(regex)
}

pub(super) fn is_match(state: &State<'_, '_>, value: &Value, pattern: &str) -> Result<bool, Error> {
    let text = as_text("regex_test", value)?;
    Ok(prepare(state, text, pattern)?.is_match(text))
}

fn find(state: &State<'_, '_>, value: &Value, pattern: &str) -> Result<Value, Error> {
    let text = as_text("regex_find", value)?;
    let found = prepare(state, text, pattern)?.find(text).map(|m| m.as_str());
    Ok(Value::from(found))
}

/// Named groups as a map, or all groups after the whole match as a list.
fn captures(state: &State<'_, '_>, value: &Value, pattern: &str) -> Result<Value, Error> {
    let text = as_text("regex_captures", value)?;
    let regex = prepare(state, text, pattern)?;
    let Some(found) = regex.captures(text) else { return Ok(Value::from(())) };
    let meter = Meter::of(state)?;
    let group = |m: Option<regex::Match<'_>>| {
        meter.make(NODE + m.map_or(0, |m| m.len()))?;
        Ok::<_, Error>(Value::from(m.map(|m| m.as_str())))
    };
    let names: Vec<_> = regex.capture_names().flatten().collect();
    if names.is_empty() {
        return Ok(Value::from(found.iter().map(group).collect::<Result<Vec<_>, _>>()?));
    }
    let groups: Result<Vec<_>, Error> =
        names.into_iter().map(|name| Ok((name, group(found.name(name))?))).collect();
    Ok(Value::from_pairs(groups?))
}

fn replace(
    state: &State<'_, '_>,
    value: &Value,
    pattern: &str,
    with: &str,
) -> Result<String, Error> {
    let text = as_text("regex_replace", value)?;
    let regex = prepare(state, text, pattern)?;
    let meter = Meter::of(state)?;
    let mut made = String::new();
    let mut end = 0;
    for found in regex.captures_iter(text) {
        let (start, stop) = found.get(0).map_or((end, end), |m| (m.start(), m.end()));
        // a group is no longer than the match, and each $ takes one
        let groups = with.matches('$').count();
        meter.make(start - end + with.len() + groups.saturating_mul(stop - start))?;
        made.push_str(&text[end..start]);
        Captures::expand(&found, with, &mut made);
        end = stop;
    }
    meter.make(text.len() - end)?;
    made.push_str(&text[end..]);
    Ok(made)
}

fn split(state: &State<'_, '_>, value: &Value, pattern: &str) -> Result<Vec<Value>, Error> {
    let text = as_text("regex_split", value)?;
    let regex = prepare(state, text, pattern)?;
    counted(state, regex.split(text))
}
