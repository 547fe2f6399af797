//! What a variable takes besides its type: `enum`, `pattern`, `min`, `max`.
//!
//! `rpa check` holds defaults against them, the daemon what a run is given.

use regex::{Regex, RegexBuilder};
use rpa_engine::{Value, Variable, VariableKind};

/// Largest compiled pattern in bytes, as for the filters of expressions.
const MAX_PATTERN: usize = 512 << 10;

/// Why `value`, which is of the right type, cannot be the value of `variable`; in
/// words that follow its name. Null is the absence of a value, and a sealed one is
/// not known here.
pub fn unfit(variable: &Variable, value: &Value) -> Option<String> {
    if matches!(value, Value::Null | Value::Sealed(_) | Value::Blob(_)) {
        return None;
    }
    let choices = &variable.choices;
    if !choices.is_empty() && !choices.iter().any(|choice| is_same(choice, value)) {
        let choices: Vec<_> = choices.iter().map(Value::to_string).collect();
        return Some(format!("is none of {}", choices.join(", ")));
    }
    if let (Some(pattern), Value::Text(text)) = (&variable.pattern, value)
        && !compiled(pattern).is_ok_and(|regex| regex.is_match(text))
    {
        return Some(format!("does not match {pattern}"));
    }
    let (size, of) = measured(value)?;
    match (variable.min, variable.max) {
        (Some(min), _) if size < min => Some(format!("has less than {min}{of}")),
        (_, Some(max)) if size > max => Some(format!("has more than {max}{of}")),
        _ => None,
    }
    .map(|why| if of.is_empty() { why.replacen("has", "is", 1) } else { why })
}

/// The expression that the whole of a text must match.
pub(crate) fn compiled(pattern: &str) -> Result<Regex, regex::Error> {
    let build = |text: &str| RegexBuilder::new(text).size_limit(MAX_PATTERN).build();
    // by itself first: `a)(b` is sound only in brackets
    build(pattern)?;
    build(&format!(r"\A(?:{pattern})\z"))
}

/// What `min` and `max` bound, if anything.
pub(crate) fn bounded(kind: VariableKind) -> Option<&'static str> {
    match kind {
        VariableKind::Number => Some("a number"),
        VariableKind::String => Some("the characters of a string"),
        VariableKind::List => Some("the items of a list"),
        VariableKind::Boolean | VariableKind::Json | VariableKind::Secret => None,
    }
}

fn measured(value: &Value) -> Option<(f64, &'static str)> {
    #[expect(clippy::cast_precision_loss, reason = "bounds are no larger than a file")]
    let count = |n: usize| n as f64;
    match value {
        Value::Int(_) | Value::Float(_) => number(value).map(|number| (number, "")),
        Value::Text(text) => Some((count(text.chars().count()), " characters")),
        Value::List(items) => Some((count(items.len()), " items")),
        Value::Null | Value::Bool(_) | Value::Map(_) | Value::Blob(_) | Value::Sealed(_) => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "bounds are floating point, too")]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(n) => Some(*n as f64),
        Value::Float(x) => Some(*x),
        _ => None,
    }
}

/// `1` and `1.0` are one number.
fn is_same(one: &Value, other: &Value) -> bool {
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}
