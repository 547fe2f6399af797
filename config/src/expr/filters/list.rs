//! Filters on lists and maps.

#![expect(clippy::needless_pass_by_value, reason = "minijinja gives arguments by value")]

use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Error, ErrorKind, State, filters as jinja};

use super::{Named, as_text, failed, items_of};
use crate::expr::limits::{MAX_ITEMS, NODE};
use crate::expr::meter::Meter;

pub(super) fn all() -> Vec<Named> {
    vec![
        ("batch", Value::from_function(batch)),
        ("groupby", Value::from_function(groupby)),
        ("keys", Value::from_function(keys)),
        ("list", Value::from_function(list)),
        ("reverse", Value::from_function(reverse)),
        ("slice", Value::from_function(slice)),
        ("sum", Value::from_function(sum)),
        ("values", Value::from_function(values)),
        ("zip", Value::from_function(zip)),
    ]
}

/// The value at a dotted path in `item`; undefined is an error.
pub(super) fn field(item: &Value, path: &str) -> Result<Value, Error> {
    let mut value = item.clone();
    for part in path.split('.') {
        value = match part.parse::<usize>() {
            Ok(index) => value.get_item_by_index(index)?,
            Err(_) => value.get_attr(part)?,
        };
        if value.is_undefined() {
            let message = format!("an item has no field `{path}`");
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        }
    }
    Ok(value)
}

/// The fields at all of the comma-separated paths that are there.
pub(super) fn fields(items: &[Value], paths: &str) -> Vec<Value> {
    let of = |item| paths.split(',').filter_map(move |path| field(item, path.trim()).ok());
    items.iter().flat_map(of).collect()
}

fn bounded(name: &str, count: usize) -> Result<usize, Error> {
    match count {
        0 => Err(failed(format!("`{name}` takes a number from 1"))),
        1..=MAX_ITEMS => Ok(count),
        _ => Err(failed(format!("`{name}` takes a number up to {MAX_ITEMS}"))),
    }
}

fn batch(
    state: &State<'_, '_>,
    value: &Value,
    count: usize,
    fill: Option<Value>,
) -> Result<Vec<Value>, Error> {
    let count = bounded("batch", count)?;
    let meter = Meter::of(state)?;
    let items = items_of("batch", value)?;
    let lists = items.chunks(count).map(|items| {
        let mut items = items.to_vec();
        if let Some(fill) = &fill {
            items.resize(count, fill.clone());
        }
        meter.make(items.len() * NODE)?;
        Ok(Value::from(items))
    });
    lists.collect()
}

fn slice(
    state: &State<'_, '_>,
    value: &Value,
    count: usize,
    fill: Option<Value>,
) -> Result<Vec<Value>, Error> {
    let count = bounded("slice", count)?;
    let mut items = items_of("slice", value)?.into_iter();
    let (each, longer) = (items.len() / count, items.len() % count);
    Meter::of(state)?.make((items.len() + count) * NODE)?;
    let lists = (0..count).map(|i| {
        let mut list: Vec<_> = items.by_ref().take(each + usize::from(i < longer)).collect();
        if i >= longer && longer > 0 {
            list.extend(fill.clone());
        }
        Value::from(list)
    });
    Ok(lists.collect())
}

/// minijinja's groups, as maps: in a document they need names.
fn groupby(
    state: &State<'_, '_>,
    value: Value,
    attribute: Option<&str>,
    kwargs: Kwargs,
) -> Result<Vec<Value>, Error> {
    let meter = Meter::of(state)?;
    let items = items_of("groupby", &value)?;
    let path = match attribute {
        Some(path) => path.to_owned(),
        None => kwargs.get::<String>("attribute")?,
    };
    meter.sort(&fields(&items, &path))?;
    let groups = jinja::groupby(value, attribute, kwargs)?;
    let groups = groups.try_iter()?.checked().map(|group| {
        let group = group?;
        let list: Vec<Value> =
            group.get_item_by_index(1)?.try_iter()?.checked().collect::<Result<_, _>>()?;
        meter.make((list.len() + 2) * NODE)?;
        let grouper = group.get_item_by_index(0)?;
        if grouper.is_undefined() {
            return Err(failed(format!("an item has no field `{path}`")));
        }
        Ok(Value::from_pairs([("grouper", grouper), ("list", Value::from(list))]))
    });
    groups.collect()
}

fn keys(value: &Value) -> Result<Vec<Value>, Error> {
    map_of("keys", value)?;
    value.try_iter()?.checked().collect()
}

fn values(value: &Value) -> Result<Vec<Value>, Error> {
    map_of("values", value)?;
    value.try_iter()?.checked().map(|key| value.get_item(&key?)).collect()
}

fn map_of(name: &str, value: &Value) -> Result<(), Error> {
    match value.kind() {
        ValueKind::Map => Ok(()),
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        kind => Err(failed(format!("`{name}` takes a map, not a {kind}"))),
    }
}

fn list(state: &State<'_, '_>, value: &Value) -> Result<Vec<Value>, Error> {
    let Some(text) = value.as_str() else { return items_of("list", value) };
    let meter = Meter::of(state)?;
    let characters = text.chars().map(|c| {
        meter.make(NODE)?;
        Ok(Value::from(c))
    });
    characters.collect()
}

fn reverse(value: &Value) -> Result<Value, Error> {
    if value.kind() == ValueKind::String {
        return Ok(Value::from(as_text("reverse", value)?.chars().rev().collect::<String>()));
    }
    let mut items = items_of("reverse", value)?;
    items.reverse();
    Ok(Value::from(items))
}

/// Numbers only: texts are joined, lists chained with `+`.
fn sum(value: &Value, kwargs: Kwargs) -> Result<Value, Error> {
    let attribute = kwargs.get::<Option<&str>>("attribute")?;
    kwargs.assert_all_used()?;
    let mut whole: i128 = 0;
    let mut real: Option<f64> = None;
    for item in items_of("sum", value)? {
        let item = attribute.map_or(Ok(item.clone()), |attribute| field(&item, attribute))?;
        if !item.is_number() {
            return Err(failed(format!("`sum` adds numbers, not a {}", item.kind())));
        }
        match i128::try_from(item.clone()) {
            Ok(i) if item.is_integer() => {
                whole = whole.checked_add(i).ok_or_else(|| failed("the sum is too large"))?;
            }
            _ => real = Some(real.unwrap_or(0.0) + f64::try_from(item)?),
        }
    }
    Ok(match real {
        Some(real) => Value::from(real + whole as f64),
        None => i64::try_from(whole).map_or_else(|_| Value::from(whole), Value::from),
    })
}

fn zip(state: &State<'_, '_>, value: &Value, others: Rest<Value>) -> Result<Vec<Value>, Error> {
    let meter = Meter::of(state)?;
    let mut lists = vec![items_of("zip", value)?.into_iter()];
    for other in others.iter() {
        lists.push(items_of("zip", other)?.into_iter());
    }
    let shortest = lists.iter().map(std::vec::IntoIter::len).min().unwrap_or(0);
    let rows = (0..shortest).map(|_| {
        meter.make((lists.len() + 1) * NODE)?;
        Ok(Value::from(lists.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>()))
    });
    rows.collect()
}
