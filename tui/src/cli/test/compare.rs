//! Expected against got: maps as subsets, lists and all else exactly.

use rpa_engine::{Map, Value};

/// One place at which something else came than was expected.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mismatch {
    /// `outputs.mounts[2].name`
    pub(super) at: String,
    pub(super) expected: Value,
    /// `None` when there is nothing at this place.
    pub(super) got: Option<Value>,
}

/// Everything in which `got` is not what is `expected`.
pub(super) fn compare(at: &str, expected: &Value, got: Option<&Value>) -> Vec<Mismatch> {
    let mut found = Vec::new();
    look(at, expected, got, &mut found);
    found
}

/// As [`compare`], for maps.
pub(super) fn compare_map(at: &str, expected: &Map, got: &Map) -> Vec<Mismatch> {
    let mut found = Vec::new();
    look_at_fields(at, expected, got, &mut found);
    found
}

/// Recursive as documents are, whose depth is bounded where they are read.
fn look(at: &str, expected: &Value, got: Option<&Value>, found: &mut Vec<Mismatch>) {
    match (expected, got) {
        (Value::Map(expected), Some(Value::Map(got))) => look_at_fields(at, expected, got, found),
        (Value::List(wanted), Some(Value::List(items))) if wanted.len() == items.len() => {
            for (index, (wanted, item)) in wanted.iter().zip(items).enumerate() {
                look(&format!("{at}[{index}]"), wanted, Some(item), found);
            }
        }
        (expected, Some(got)) if is_same(expected, got) => {}
        (expected, got) => found.push(Mismatch {
            at: at.to_owned(),
            expected: expected.clone(),
            got: got.cloned(),
        }),
    }
}

fn look_at_fields(at: &str, expected: &Map, got: &Map, found: &mut Vec<Mismatch>) {
    for (key, expected) in expected {
        let inner = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
        look(&inner, expected, got.get(key), found);
    }
}

/// Two of 2 and 2.0 are one number; what is sealed shows as stars.
fn is_same(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        #[expect(clippy::cast_precision_loss, reason = "a float is no more exact")]
        (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => *a as f64 == *b,
        (Value::Text(text), Value::Sealed(_)) => text == super::play::STAND_IN,
        (expected, got) => expected == got,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differs(expected: impl Into<Value>, got: impl Into<Value>) -> Vec<String> {
        compare("o", &expected.into(), Some(&got.into())).into_iter().map(|m| m.at).collect()
    }

    #[test]
    fn maps_are_subsets_and_lists_are_not() {
        let row = |n: i64| Value::from([("n", Value::Int(n)), ("more", Value::from("x"))]);
        let only = |n: i64| Value::from([("n", Value::Int(n))]);
        assert_eq!(differs(only(1), row(1)), [""; 0]);
        assert_eq!(differs(only(1), row(2)), ["o.n"]);
        assert_eq!(differs(row(1), only(1)), ["o.more"]);
        assert_eq!(differs(vec![only(1), only(2)], vec![row(1), row(3)]), ["o[1].n"]);
        assert_eq!(differs(vec![only(1)], vec![row(1), row(2)]), ["o"]);
        assert_eq!(differs(Value::Null, ""), ["o"]);
        assert_eq!(differs(Value::Int(2), Value::Float(2.0)), [""; 0]);
        assert_eq!(differs(Value::Int(2), "2"), ["o"]);
        assert_eq!(compare("o", &Value::Null, None).len(), 1, "nothing is not null");
    }
}
