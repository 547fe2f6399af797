//! Filters between documents and their texts: JSON, CSV, base64.

#![expect(clippy::needless_pass_by_value, reason = "minijinja gives arguments by value")]

use minijinja::value::{Kwargs, Value};
use minijinja::{Error, State};

use super::{Named, as_text, failed};
use crate::expr::base64;
use crate::expr::convert::{Inward, Outward, text_of};
use crate::expr::csv_text;
use crate::expr::limits::NODE;
use crate::expr::meter::Meter;
use rpa_engine::Value as Document;
use rpa_engine::value::MAX_DEPTH;

pub(super) fn all() -> Vec<Named> {
    vec![
        ("b64decode", Value::from_function(b64decode)),
        ("b64encode", Value::from_function(b64encode)),
        ("fromcsv", Value::from_function(fromcsv)),
        ("fromjson", Value::from_function(fromjson)),
        ("tocsv", Value::from_function(tocsv)),
        ("tojson", Value::from_function(tojson)),
    ]
}

fn b64encode(value: &Value) -> Result<String, Error> {
    Ok(base64::encode(text_of(value)?.as_bytes()))
}

/// Bytes that are no UTF-8 come out as U+FFFD: a document holds text.
fn b64decode(value: &Value) -> Result<String, Error> {
    let bytes = base64::decode(as_text("b64decode", value)?)
        .ok_or_else(|| failed("`b64decode` was given no base64"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn tojson(value: &Value, kwargs: Kwargs) -> Result<String, Error> {
    let indent = kwargs.get::<Option<bool>>("indent")?.unwrap_or(false);
    kwargs.assert_all_used()?;
    let document = Outward::new().convert(value, 0)?;
    // the document of a text is displayed bare; as an item it is JSON
    let listed = Document::List(vec![document]).to_string();
    let json = &listed[1..listed.len() - 1];
    if !indent {
        return Ok(json.to_owned());
    }
    let value: serde_json::Value = serde_json::from_str(json).map_err(json_error)?;
    serde_json::to_string_pretty(&value).map_err(json_error)
}

fn fromjson(state: &State<'_, '_>, value: &Value) -> Result<Value, Error> {
    let text = as_text("fromjson", value)?;
    let meter = Meter::of(state)?;
    // no document has more nodes than its text has such signs
    let nodes = text.bytes().filter(|b| matches!(b, b',' | b'[' | b'{')).count() + 1;
    meter.make(text.len().saturating_add(nodes.saturating_mul(NODE)))?;
    let json: serde_json::Value = serde_json::from_str(text).map_err(json_error)?;
    Inward::new().convert(&document(json, 0)?)
}

fn json_error(error: serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    failed(format!("no valid JSON at line {line}, column {column}"))
}

fn document(json: serde_json::Value, depth: usize) -> Result<Document, Error> {
    use serde_json::Value as Json;
    if depth == MAX_DEPTH {
        return Err(failed(format!("the JSON nests deeper than {MAX_DEPTH} levels")));
    }
    Ok(match json {
        Json::Null => Document::Null,
        Json::Bool(b) => Document::Bool(b),
        Json::Number(n) => match n.as_i64() {
            Some(i) => Document::Int(i),
            None => Document::Float(n.as_f64().unwrap_or_default()),
        },
        Json::String(s) => Document::Text(s),
        Json::Array(items) => {
            let items: Result<Vec<_>, _> =
                items.into_iter().map(|item| document(item, depth + 1)).collect();
            Document::List(items?)
        }
        Json::Object(map) => {
            let fields: Result<_, _> = map
                .into_iter()
                .map(|(k, v)| Ok::<_, Error>((k, document(v, depth + 1)?)))
                .collect();
            Document::Map(fields?)
        }
    })
}

fn tocsv(value: &Value, kwargs: Kwargs) -> Result<String, Error> {
    let columns = kwargs.get::<Option<Vec<String>>>("columns")?;
    let delimiter = delimiter(&kwargs)?;
    kwargs.assert_all_used()?;
    let Document::List(rows) = Outward::new().convert(value, 0)? else {
        return Err(failed("`tocsv` takes a list of maps or lists"));
    };
    csv_text::write(&rows, columns, delimiter).map_err(failed)
}

fn fromcsv(state: &State<'_, '_>, value: &Value, kwargs: Kwargs) -> Result<Value, Error> {
    let header = kwargs.get::<Option<bool>>("header")?.unwrap_or(true);
    let delimiter = delimiter(&kwargs)?;
    kwargs.assert_all_used()?;
    let text = as_text("fromcsv", value)?;
    let meter = Meter::of(state)?;
    meter.read(text.len())?;
    let rows = csv_text::read(text, delimiter, header, &mut |bytes| meter.make(bytes))?;
    Inward::new().convert(&Document::List(rows))
}

fn delimiter(kwargs: &Kwargs) -> Result<u8, Error> {
    match kwargs.get::<Option<&str>>("delimiter")?.unwrap_or(",").as_bytes() {
        [byte] => Ok(*byte),
        _ => Err(failed("the delimiter is one character, such as ';'")),
    }
}
