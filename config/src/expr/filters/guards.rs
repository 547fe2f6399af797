//! The filters that `guard` puts behind operands; nobody can write them.

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};

use super::failed;
use crate::expr::convert::text_of;
use crate::expr::meter::{Meter, size};

pub(super) fn register(env: &mut Environment<'static>) {
    env.add_filter("_num", number);
    env.add_filter("_term", term);
    env.add_filter("_cat", concatenation);
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
fn concatenation(state: &State<'_, '_>, parts: Value) -> Result<String, Error> {
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
