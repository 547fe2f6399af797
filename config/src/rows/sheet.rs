//! Rows of a CSV (RFC 4180); the first one names the columns.

use csv::{ErrorKind, Position, ReaderBuilder, StringRecord, Trim};

use super::{MOST_ROWS, Problem, Problems, Row, Rows};

pub(super) fn read(bytes: &[u8], found: &mut Problems) -> Rows {
    let mut rows = Rows::default();
    // blanks around a name are not meant, those in a field may be
    let mut reader = ReaderBuilder::new().trim(Trim::Headers).from_reader(bytes);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            found.push(broken(&error, 0, &StringRecord::new(), bytes));
            return rows;
        }
    };
    if header.is_empty() {
        found.push(Problem::NoHeader);
        return rows;
    }
    for (at, name) in header.iter().enumerate() {
        if rows.names.contains_key(name) {
            found.push(Problem::NameTwice { column: at + 1, name: name.to_owned() });
        }
        rows.name(name, 0, Some(at + 1), found);
    }
    rows.header = header.iter().map(str::to_owned).collect();
    for (at, record) in reader.into_records().enumerate() {
        if at == MOST_ROWS {
            found.push(Problem::TooMany);
            break;
        }
        match record {
            Ok(record) => rows.rows.push(Row::Record(record)),
            Err(error) => found.push(broken(&error, at + 1, &header, bytes)),
        }
    }
    rows
}

fn broken(error: &csv::Error, row: usize, header: &StringRecord, bytes: &[u8]) -> Problem {
    let line = error.position().map_or(1, |position| line(position, bytes));
    match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            Problem::Fields { row, line, fields: *len, columns: *expected_len }
        }
        ErrorKind::Utf8 { err, .. } => {
            let column = header.get(err.field()).unwrap_or_default().to_owned();
            Problem::Encoding { row, line, column }
        }
        _ => Problem::Syntax { error: error.to_string() },
    }
}

/// The line on which a record begins: the reader counts the empty ones before it to it.
fn line(position: &Position, bytes: &[u8]) -> u64 {
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = bytes.get(from..).unwrap_or_default().iter();
    let empty = rest.take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + empty.map(|byte| u64::from(*byte == b'\n')).sum::<u64>()
}
