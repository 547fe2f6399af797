//! Typed access to a task's input document.
//!
//! `rpa check` has compared literals with the contract already; here are the
//! values that expressions gave. A null counts as absent.

use std::collections::BTreeMap;

use rpa_engine::{Map, TaskError, Value};

use crate::context::Ended;
use crate::fail;

/// The input of one attempt. Every error is an end by which nothing was begun.
#[derive(Debug)]
pub(crate) struct Input(Map);

impl Input {
    pub(crate) fn new(map: Map) -> Input {
        Input(map)
    }

    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| **value != Value::Null)
    }

    /// A document that must be given, and may be null.
    pub(crate) fn required_document(&self, name: &str) -> Result<&Value, Ended> {
        self.0.get(name).ok_or_else(|| refuse(name, "is required"))
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Ended> {
        self.read(name, "string", Value::as_text)
    }

    pub(crate) fn required_text(&self, name: &str) -> Result<&str, Ended> {
        self.text(name)?.ok_or_else(|| refuse(name, "is required"))
    }

    pub(crate) fn flag(&self, name: &str, default: bool) -> Result<bool, Ended> {
        Ok(self.read(name, "boolean", Value::as_bool)?.unwrap_or(default))
    }

    /// A whole number of 0 or more. Expressions may give `4096.0`.
    pub(crate) fn count(&self, name: &str, default: u64) -> Result<u64, Ended> {
        let Some(value) = self.value(name) else { return Ok(default) };
        let whole = match value {
            Value::Int(i) => u64::try_from(*i).ok(),
            // exact up to 2^53, far above any size or time
            Value::Float(x) if *x >= 0.0 && x.fract() == 0.0 && *x <= 9e15 => Some(*x as u64),
            Value::Float(_) => None,
            other => return Err(wrong_type(name, "number", other)),
        };
        whole.ok_or_else(|| refuse(name, "must be a whole number, not negative"))
    }

    /// A map whose values are text, numbers or booleans, all as text.
    pub(crate) fn text_map(&self, name: &str) -> Result<BTreeMap<String, String>, Ended> {
        let Some(map) = self.read(name, "map of strings", Value::as_map)? else {
            return Ok(BTreeMap::new());
        };
        map.iter()
            .map(|(key, value)| match value {
                Value::Text(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_) => {
                    Ok((key.clone(), value.to_string()))
                }
                other => Err(wrong_type(&format!("{name}.{key}"), "string", other)),
            })
            .collect()
    }

    /// One of `words`, the first of them when absent.
    pub(crate) fn choice<'w>(&self, name: &str, words: &[&'w str]) -> Result<&'w str, Ended> {
        let Some(given) = self.text(name)? else { return Ok(words[0]) };
        let known = words.iter().find(|word| **word == given);
        known.copied().ok_or_else(|| refuse(name, &format!("must be one of {}", words.join(", "))))
    }

    fn read<'a, T>(
        &'a self,
        name: &str,
        expected: &str,
        cast: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Ended> {
        let Some(value) = self.value(name) else { return Ok(None) };
        cast(value).map(Some).ok_or_else(|| wrong_type(name, expected, value))
    }
}

/// `with.NAME: WHY` as the end of an attempt that has not begun.
pub(crate) fn refuse(name: &str, why: &str) -> Ended {
    Ended::NeverStarted(refusal(name, why))
}

pub(crate) fn refusal(name: &str, why: &str) -> TaskError {
    fail::input(format!("with.{name}: {why}"))
}

pub(crate) fn wrong_type(name: &str, expected: &str, got: &Value) -> Ended {
    refuse(name, &format!("expected {expected}, got {}", got.type_name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<T: std::fmt::Debug>(result: Result<T, Ended>) -> String {
        match result.unwrap_err() {
            Ended::NeverStarted(error) => format!("{} {}", error.code, error.message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn says_what_is_wrong_where() {
        let Value::Map(map) = Value::from([
            ("url", Value::Int(1)),
            ("n", Value::Float(4096.0)),
            ("half", Value::Float(0.5)),
            ("minus", Value::Int(-1)),
            ("null", Value::Null),
            ("word", Value::from("c")),
            ("headers", Value::from([("a", Value::Int(1)), ("b", Value::from(true))])),
            ("nested", Value::from([("a", Value::from(vec![]))])),
        ]) else {
            unreachable!()
        };
        let input = Input::new(map);
        assert_eq!(message(input.text("url")), "RPA0409 with.url: expected string, got number");
        assert_eq!(message(input.required_text("null")), "RPA0409 with.null: is required");
        assert_eq!(input.text("absent").unwrap(), None);
        assert_eq!(input.count("n", 7).unwrap(), 4096);
        assert_eq!(input.count("absent", 7).unwrap(), 7);
        for bad in ["half", "minus"] {
            let expected = format!("RPA0409 with.{bad}: must be a whole number, not negative");
            assert_eq!(message(input.count(bad, 0)), expected);
        }
        assert_eq!(message(input.flag("n", true)), "RPA0409 with.n: expected boolean, got number");
        assert_eq!(
            message(input.choice("word", &["a", "b"])),
            "RPA0409 with.word: must be one of a, b"
        );
        assert_eq!(input.choice("absent", &["a", "b"]).unwrap(), "a");
        let headers = input.text_map("headers").unwrap();
        assert_eq!(
            headers.into_iter().collect::<Vec<_>>(),
            [("a".into(), "1".into()), ("b".into(), "true".into())]
        );
        assert_eq!(
            message(input.text_map("nested")),
            "RPA0409 with.nested.a: expected string, got list"
        );
    }
}
