//! CSV texts (RFC 4180) and the lists that they hold.

use std::collections::BTreeSet;

use rpa_engine::{Map, Value};

use super::limits::NODE;

/// The text of `rows`, all maps or all lists. Maps get a header: `columns`, or
/// else every key that occurs, sorted. A missing field is empty.
pub(super) fn write(
    rows: &[Value],
    columns: Option<Vec<String>>,
    delimiter: u8,
) -> Result<String, String> {
    let mut writer =
        csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
    let maps: Vec<&Map> = rows.iter().filter_map(Value::as_map).collect();
    let as_error = |error: csv::Error| error.to_string();
    if maps.len() == rows.len() {
        let columns = columns.unwrap_or_else(|| {
            maps.iter()
                .flat_map(|map| map.keys())
                .collect::<BTreeSet<_>>()
                .into_iter()
                .cloned()
                .collect()
        });
        if !columns.is_empty() {
            writer.write_record(&columns).map_err(as_error)?;
        }
        for map in maps {
            let row = columns.iter().map(|column| map.get(column).map_or_else(String::new, field));
            writer.write_record(row).map_err(as_error)?;
        }
    } else {
        if let Some(columns) = columns {
            writer.write_record(&columns).map_err(as_error)?;
        }
        for row in rows {
            let row = row.as_list().ok_or("`tocsv` takes a list of maps or a list of lists")?;
            writer.write_record(row.iter().map(field)).map_err(as_error)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The rows of `text`: maps by its first row when `header`, or else lists. What
/// they take is given to `count` before it is made.
pub(super) fn read<E: From<minijinja::Error>>(
    text: &str,
    delimiter: u8,
    header: bool,
    count: &mut dyn FnMut(usize) -> Result<(), E>,
) -> Result<Vec<Value>, E> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(header)
        .flexible(!header)
        .from_reader(text.as_bytes());
    let names = match header {
        true => reader.headers().map_err(no_csv)?.clone(),
        false => csv::StringRecord::new(),
    };
    let keys: usize = names.iter().map(str::len).sum();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(no_csv)?;
        count(record.as_slice().len() + keys + (2 * record.len() + 1) * NODE)?;
        let fields = record.iter().map(Value::from);
        rows.push(match header {
            true => Value::Map(names.iter().map(str::to_owned).zip(fields).collect()),
            false => Value::List(fields.collect()),
        });
    }
    Ok(rows)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn no_csv(error: csv::Error) -> minijinja::Error {
    let line = error.position().map_or(0, csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("line {line} of the CSV has {len} fields, the header has {expected_len}")
        }
        _ => format!("no valid CSV at line {line}"),
    };
    minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, message)
}
