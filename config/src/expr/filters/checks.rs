//! The tests, which also stand for the comparison operators, and the functions.

use std::cmp::Ordering;

use minijinja::value::{Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, State, functions, tests as jinja};

use super::{Named, as_text, failed, pattern, settle};
use crate::expr::limits::{MAX_ITEMS, NODE};
use crate::expr::meter::{Meter, size};

/// Where `failed()` finds its answer in the scope of a condition.
pub(in crate::expr) const FAILED: &str = "_failed";

pub(super) fn register(env: &mut Environment<'static>) {
    for (name, test) in of_minijinja() {
        add(env, name, test);
    }
    for (name, test) in comparisons() {
        add(env, name, test);
    }
    env.add_function("always", || true);
    env.add_function("dict", functions::dict);
    env.add_function("failed", has_failed);
    env.add_function("range", range);
}

fn of_minijinja() -> Vec<Named> {
    vec![
        ("boolean", Value::from_function(jinja::is_boolean)),
        ("defined", Value::from_function(jinja::is_defined)),
        ("divisibleby", Value::from_function(jinja::is_divisibleby)),
        ("even", Value::from_function(jinja::is_even)),
        ("false", Value::from_function(jinja::is_false)),
        ("float", Value::from_function(jinja::is_float)),
        ("integer", Value::from_function(jinja::is_integer)),
        ("iterable", Value::from_function(jinja::is_iterable)),
        ("mapping", Value::from_function(jinja::is_mapping)),
        ("none", Value::from_function(jinja::is_none)),
        ("number", Value::from_function(jinja::is_number)),
        ("odd", Value::from_function(jinja::is_odd)),
        ("sequence", Value::from_function(jinja::is_sequence)),
        ("string", Value::from_function(jinja::is_string)),
        ("true", Value::from_function(jinja::is_true)),
        ("undefined", Value::from_function(jinja::is_undefined)),
    ]
}

fn comparisons() -> Vec<Named> {
    let equal = |wanted: bool| {
        Value::from_function(move |state: &State<'_, '_>, a: &Value, b: &Value| {
            count_comparison(state, a, b)?;
            Ok::<_, Error>((a == b) == wanted)
        })
    };
    let ordered = |sign: &'static str, test: fn(Ordering) -> bool| {
        Value::from_function(move |state: &State<'_, '_>, a: &Value, b: &Value| {
            count_comparison(state, a, b)?;
            order(sign, a, b).map(test)
        })
    };
    vec![
        ("containing", Value::from_function(containing)),
        ("endingwith", Value::from_function(endingwith)),
        ("eq", equal(true)),
        ("ge", ordered(">=", Ordering::is_ge)),
        ("gt", ordered(">", Ordering::is_gt)),
        ("in", Value::from_function(is_in)),
        ("le", ordered("<=", Ordering::is_le)),
        ("lt", ordered("<", Ordering::is_lt)),
        ("matching", Value::from_function(pattern::is_match)),
        ("ne", equal(false)),
        ("startingwith", Value::from_function(startingwith)),
    ]
}

/// Registers `test` so that what it reads is counted.
fn add(env: &mut Environment<'static>, name: &'static str, test: Value) {
    let metered =
        move |state: &mut State<'_, '_>, args: Rest<ValueOrKwargs>| -> Result<bool, Error> {
            let meter = Meter::of(state)?;
            meter.read(NODE)?;
            let args: Result<Vec<_>, _> =
                args.into_values().into_iter().map(|arg| settle(&meter, arg)).collect();
            Ok(test.call(state, &args?)?.is_true())
        };
    env.add_test(name, metered);
}

/// Counts what comparing `a` with `b` may read: no more than one of them has.
fn count_comparison(state: &State<'_, '_>, a: &Value, b: &Value) -> Result<(), Error> {
    defined(a)?;
    defined(b)?;
    let meter = Meter::of(state)?;
    match is_container(a) && is_container(b) {
        true => meter.read_deep(a),
        false => meter.read(size(a).min(size(b))),
    }
}

/// How `a` and `b`, which have been counted, are ordered.
///
/// minijinja orders values of different kinds by their kinds, so that each text is greater
/// than each number: a comparison would be true whatever is in them. In lists the items are
/// looked at one by one, up to the first that differs.
fn order(sign: &str, a: &Value, b: &Value) -> Result<Ordering, Error> {
    let is_list = |value: &Value| matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable);
    if is_list(a) && is_list(b) {
        let (mut left, mut right) = (a.try_iter()?.checked(), b.try_iter()?.checked());
        loop {
            let (a, b) = match (left.next(), right.next()) {
                (Some(a), Some(b)) => (a?, b?),
                (None, None) => return Ok(Ordering::Equal),
                (None, Some(_)) => return Ok(Ordering::Less),
                (Some(_), None) => return Ok(Ordering::Greater),
            };
            match order(sign, &a, &b)? {
                Ordering::Equal => {}
                other => return Ok(other),
            }
        }
    }
    if a.kind() != b.kind() {
        return Err(failed(format!(
            "`{sign}` compares numbers with numbers and texts with texts, not a {} with a {}; \
             `| int`, `| float` and `| string` make one of the other",
            a.kind(),
            b.kind()
        )));
    }
    Ok(a.cmp(b))
}

fn is_container(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable | ValueKind::Map)
}

fn defined(value: &Value) -> Result<(), Error> {
    match value.is_undefined() {
        true => Err(Error::from(ErrorKind::UndefinedError)),
        false => Ok(()),
    }
}

fn is_in(state: &State<'_, '_>, value: &Value, container: &Value) -> Result<bool, Error> {
    defined(value)?;
    defined(container)?;
    let meter = Meter::of(state)?;
    meter.read(size(container))?;
    match container.kind() {
        ValueKind::String => {
            let text = as_text("in", container)?;
            Ok(text.contains(as_text("in", value)?))
        }
        ValueKind::Map => Ok(container.get_item(value)?.kind() != ValueKind::Undefined),
        ValueKind::Seq | ValueKind::Iterable => {
            for item in container.try_iter()?.checked() {
                let item = item?;
                count_comparison(state, value, &item)?;
                if item == *value {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        kind => Err(failed(format!("nothing can be in a {kind}"))),
    }
}

fn containing(state: &State<'_, '_>, container: &Value, value: &Value) -> Result<bool, Error> {
    is_in(state, value, container)
}

fn startingwith(value: &Value, start: &str) -> Result<bool, Error> {
    Ok(as_text("startingwith", value)?.starts_with(start))
}

fn endingwith(value: &Value, end: &str) -> Result<bool, Error> {
    Ok(as_text("endingwith", value)?.ends_with(end))
}

/// What the scope of a condition says about the steps before it.
fn has_failed(state: &State<'_, '_>) -> Result<bool, Error> {
    match state.lookup(FAILED) {
        Some(value) if value.kind() == ValueKind::Bool => Ok(value.is_true()),
        _ => Err(failed("failed() is known only in the condition of a step")),
    }
}

/// `range(stop)`, `range(start, stop)`, `range(start, stop, step)`.
fn range(
    state: &State<'_, '_>,
    first: i64,
    stop: Option<i64>,
    step: Option<i64>,
) -> Result<Vec<Value>, Error> {
    let (start, stop) = stop.map_or((0, first), |stop| (first, stop));
    let step = i128::from(step.unwrap_or(1));
    if step == 0 {
        return Err(failed("the step of range() cannot be 0"));
    }
    let distance = i128::from(stop) - i128::from(start);
    let count = if distance.signum() == step.signum() {
        (distance.abs() + step.abs() - 1) / step.abs()
    } else {
        0
    };
    if count > MAX_ITEMS as i128 {
        return Err(crate::expr::meter::over(format!("range() makes at most {MAX_ITEMS} items")));
    }
    Meter::of(state)?.make(count as usize * NODE)?;
    Ok((0..count).map(|i| Value::from((i128::from(start) + i * step) as i64)).collect())
}
