//! What is too large for a row: which documents are put aside, and how they come back.

use std::collections::BTreeMap;
use std::io;

use rpa_engine::{BlobRef, Map, Value};

/// A document above this many bytes does not travel through rows and the journal.
pub const INLINE: usize = 64 * 1024;
/// Fields above this many bytes leave a map that is too large as a whole.
const SMALL: usize = 1024;
/// Most bytes of all variables, or of all outputs of a step, without what lies in
/// files: they are one event of the journal.
const TOTAL: usize = 1024 * 1024;

/// Puts a document aside and gives the reference.
pub type Put<'a> = dyn Fn(&Value) -> io::Result<Value> + 'a;
/// Gives what was put aside.
pub type Get<'a> = dyn Fn(&BlobRef) -> io::Result<Value> + 'a;

/// Replaces what is too large by references: first large fields of a map, then
/// the whole if it still is.
pub fn spill(value: Value, put: &Put<'_>) -> io::Result<Value> {
    if size(&value) <= INLINE {
        return Ok(value);
    }
    let Value::Map(fields) = value else { return put(&value) };
    let mut small = Map::new();
    for (key, field) in fields {
        let field = if size(&field) > INLINE { spill(field, put)? } else { field };
        small.insert(key, field);
    }
    let map = Value::Map(small);
    if size(&map) > INLINE { put(&map) } else { Ok(map) }
}

/// As [`spill`] for named fields, whose sum is bounded as well.
pub fn spill_map<K: Ord + AsRef<str>>(
    map: BTreeMap<K, Value>,
    put: &Put<'_>,
) -> io::Result<BTreeMap<K, Value>> {
    let mut spilled = BTreeMap::new();
    let crowded = map.values().map(size).sum::<usize>() > INLINE;
    for (name, value) in map {
        let value = match size(&value) {
            n if n > INLINE => spill(value, put)?,
            n if crowded && n > SMALL => put(&value)?,
            _ => value,
        };
        spilled.insert(name, value);
    }
    check_total(spilled.iter().map(|(k, v)| k.as_ref().len() + size(v)).sum())?;
    Ok(spilled)
}

/// Puts referred documents back in their places.
pub fn load(value: Value, get: &Get<'_>) -> io::Result<Value> {
    Ok(match value {
        Value::Blob(blob) => load(get(&blob)?, get)?,
        Value::List(items) => {
            Value::List(items.into_iter().map(|v| load(v, get)).collect::<io::Result<_>>()?)
        }
        Value::Map(map) => Value::Map(
            map.into_iter().map(|(k, v)| Ok((k, load(v, get)?))).collect::<io::Result<_>>()?,
        ),
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::Sealed(_)) => other,
    })
}

/// Refuses what would make one row or event too large.
pub fn check_total(bytes: usize) -> io::Result<()> {
    if bytes <= TOTAL {
        return Ok(());
    }
    let message = format!("together they take {bytes} bytes; at most {TOTAL} are allowed");
    Err(io::Error::new(io::ErrorKind::FileTooLarge, message))
}

/// Roughly the encoded size of a document in bytes.
pub fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Int(_) | Value::Float(_) => 9,
        Value::Text(s) => s.len() + 3,
        Value::List(items) => 3 + items.iter().map(size).sum::<usize>(),
        Value::Map(map) => 3 + map.iter().map(|(k, v)| k.len() + 3 + size(v)).sum::<usize>(),
        Value::Blob(_) => 80,
        Value::Sealed(sealed) => {
            256 + sealed.scope.iter().map(|(k, v)| k.len() + size(v)).sum::<usize>()
        }
    }
}
