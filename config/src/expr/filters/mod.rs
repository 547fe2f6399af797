//! The filters, tests and functions, each metered.
//!
//! What minijinja brings is taken where it is bounded by what it reads; what can
//! make more than it reads, or turns whole documents into text, is our own.

mod checks;
mod data;
mod guards;
mod list;
mod misc;
mod pattern;
mod text;

pub(super) use checks::FAILED;

use std::sync::LazyLock;

use minijinja::value::{Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, filters as jinja};

use super::convert::text_of;
use super::limits::{FUEL, NODE};
use super::meter::{Meter, size};

/// What a filter of minijinja is given as its first argument.
#[derive(Clone, Copy)]
enum Takes {
    Anything,
    /// Anything, as text; minijinja would write a list as Python does.
    Text,
    List,
    /// A list or map whose items are compared with each other.
    Comparable,
}

/// The environment of all expressions; it holds no templates and no state.
pub(super) fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(build);
    &ENVIRONMENT
}

fn build() -> Environment<'static> {
    let mut env = Environment::empty();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(FUEL));
    // debug builds would word errors otherwise
    env.set_debug(false);
    guards::register(&mut env);
    for (name, takes, filter) in of_minijinja() {
        add(&mut env, name, takes, filter);
    }
    for (name, filter) in
        [text::all(), list::all(), data::all(), pattern::all(), misc::all()].concat()
    {
        add(&mut env, name, Takes::Anything, filter);
    }
    checks::register(&mut env);
    env
}

type Named = (&'static str, Value);

fn of_minijinja() -> Vec<(&'static str, Takes, Value)> {
    use Takes::{Anything, Comparable, List, Text};
    let f = Value::from_function::<fn(&State<'_, '_>, &Value, Rest<Value>) -> _, _, _>;
    vec![
        ("abs", Anything, Value::from_function(jinja::abs)),
        ("attr", Anything, Value::from_function(jinja::attr)),
        ("bool", Anything, Value::from_function(jinja::bool)),
        ("count", Anything, Value::from_function(jinja::length)),
        ("d", Anything, f(jinja::default)),
        ("default", Anything, f(jinja::default)),
        ("dictsort", Comparable, Value::from_function(jinja::dictsort)),
        ("first", Anything, Value::from_function(jinja::first)),
        ("float", Anything, Value::from_function(jinja::float)),
        ("int", Anything, Value::from_function(jinja::int)),
        ("items", Anything, Value::from_function(jinja::items)),
        ("last", Anything, Value::from_function(jinja::last)),
        ("length", Anything, Value::from_function(jinja::length)),
        ("lower", Text, Value::from_function(jinja::lower)),
        ("map", List, Value::from_function(jinja::map)),
        ("max", Comparable, Value::from_function(jinja::max)),
        ("min", Comparable, Value::from_function(jinja::min)),
        ("reject", List, Value::from_function(jinja::reject)),
        ("rejectattr", List, Value::from_function(jinja::rejectattr)),
        ("round", Anything, Value::from_function(jinja::round)),
        ("select", List, Value::from_function(jinja::select)),
        ("selectattr", List, Value::from_function(jinja::selectattr)),
        ("sort", Comparable, Value::from_function(jinja::sort)),
        ("title", Text, Value::from_function(jinja::title)),
        ("trim", Text, Value::from_function(jinja::trim)),
        ("unique", Comparable, Value::from_function(jinja::unique)),
        ("upper", Text, Value::from_function(jinja::upper)),
        ("urlencode", Text, Value::from_function(jinja::urlencode)),
    ]
}

/// Registers `filter` so that what it reads and makes is counted.
fn add(env: &mut Environment<'static>, name: &'static str, takes: Takes, filter: Value) {
    let metered =
        move |state: &mut State<'_, '_>, args: Rest<ValueOrKwargs>| -> Result<Value, Error> {
            let meter = Meter::of(state)?;
            let args = prepare(&meter, name, takes, args.into_values())?;
            let made = settle(&meter, filter.call(state, &args)?)?;
            meter.make(size(&made))?;
            Ok(made)
        };
    env.add_filter(name, metered);
}

/// Counts the arguments, and makes lists of what is only iterable.
fn prepare(meter: &Meter, name: &str, takes: Takes, args: Vec<Value>) -> Result<Vec<Value>, Error> {
    let may_be_undefined = |i| i == 0 && matches!(name, "default" | "d");
    let mut args = args
        .into_iter()
        .enumerate()
        .map(|(i, arg)| {
            if arg.is_undefined() && !may_be_undefined(i) {
                return Err(Error::from(ErrorKind::UndefinedError));
            }
            meter.read(size(&arg))?;
            settle(meter, arg)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let Some(first) = args.first() else { return Ok(args) };
    match takes {
        Takes::Anything => {}
        Takes::Text => {
            for arg in args.iter_mut().filter(|arg| !arg.is_kwargs()) {
                if arg.kind() != ValueKind::String {
                    *arg = Value::from(text_of(arg)?);
                }
            }
        }
        Takes::List => expect_list(name, first)?,
        Takes::Comparable => meter.sort(&compared(name, first, args.last())?)?,
    }
    Ok(args)
}

/// What is compared when `value` is sorted: its items, their fields named by the
/// keyword argument `attribute`, or the keys and values of a map.
fn compared(name: &str, value: &Value, kwargs: Option<&Value>) -> Result<Vec<Value>, Error> {
    let items = items_of(name, value)?;
    if value.kind() == ValueKind::Map {
        let values: Result<Vec<_>, _> = items.iter().map(|key| value.get_item(key)).collect();
        return Ok([items, values?].concat());
    }
    let attribute = match kwargs.filter(|value| value.is_kwargs()) {
        Some(kwargs) => kwargs.get_attr("attribute")?,
        None => Value::UNDEFINED,
    };
    let Some(attribute) = attribute.as_str() else { return Ok(items) };
    Ok(list::fields(&items, attribute))
}

fn expect_list(name: &str, value: &Value) -> Result<(), Error> {
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => Ok(()),
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        kind => Err(failed(format!("`{name}` takes a list, not a {kind}"))),
    }
}

/// A list in place of a lazy sequence, which would be computed again and again.
fn settle(meter: &Meter, value: Value) -> Result<Value, Error> {
    if value.kind() != ValueKind::Iterable {
        return Ok(value);
    }
    let mut items = Vec::new();
    for item in value.try_iter()?.checked() {
        meter.make(NODE)?;
        items.push(item?);
    }
    Ok(Value::from(items))
}

/// The items of a list, or the keys of a map.
fn items_of(name: &str, value: &Value) -> Result<Vec<Value>, Error> {
    if value.kind() != ValueKind::Map {
        expect_list(name, value)?;
    }
    value.try_iter()?.checked().collect()
}

/// The text of an argument that must be one.
fn as_text<'a>(name: &str, value: &'a Value) -> Result<&'a str, Error> {
    match value.as_str() {
        Some(text) => Ok(text),
        None if value.is_undefined() => Err(Error::from(ErrorKind::UndefinedError)),
        None => Err(failed(format!("`{name}` takes a text, not a {}", value.kind()))),
    }
}

fn failed(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}
