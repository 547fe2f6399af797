//! Rows of values: a CSV with a header, or a JSON or YAML list of objects.
//!
//! All is read before anything is said, so that every problem is told at once, by the
//! number of its row: the first after the header is 1, as is the first of a list.

mod list;
mod sheet;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rpa_engine::{Ident, Map, NameError, Value};

/// Most rows of one text: the caller remembers something of each.
pub const MOST_ROWS: usize = 1_000_000;
/// Most problems that are told; who repairs them runs the check again.
const MOST_PROBLEMS: usize = 20;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
    Yaml,
}

/// Rows that are sound in their form. What their values mean is not looked at.
#[derive(Debug, Default)]
pub struct Rows {
    /// Every name that occurs, with the first row that has it; 0 is the header.
    pub names: BTreeMap<String, usize>,
    header: Vec<String>,
    rows: Vec<Row>,
}

/// One row as it is kept: there may be very many.
#[derive(Debug)]
enum Row {
    Record(csv::StringRecord),
    Object(Map),
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Of a CSV: its type is not known.
    Text(String),
    Typed(Value),
}

/// Why a text holds no rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// What the parser says, which names the line.
    Syntax {
        error: String,
    },
    NoText,
    NoHeader,
    NoList,
    TooMany,
    /// `row` is 0 for the header; then `column` counts from 1.
    Name {
        row: usize,
        column: Option<usize>,
        name: String,
        why: NameError,
    },
    NameTwice {
        column: usize,
        name: String,
    },
    Fields {
        row: usize,
        line: u64,
        fields: u64,
        columns: u64,
    },
    Encoding {
        row: usize,
        line: u64,
        column: String,
    },
    NoObject {
        row: usize,
    },
    Deep {
        row: usize,
        column: String,
    },
    /// So many more.
    Further(usize),
}

/// Reads all rows.
///
/// # Errors
/// All that is wrong, up to a limit: at least one.
pub fn read(bytes: &[u8], format: Format) -> Result<Rows, Vec<Problem>> {
    let mut found = Problems::default();
    let rows = match format {
        Format::Csv => sheet::read(bytes, &mut found),
        Format::Json | Format::Yaml => list::read(bytes, format, &mut found),
    };
    found.told(rows)
}

impl Rows {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows in order, each freed when the next is taken.
    pub fn into_cells(self) -> impl Iterator<Item = Vec<(String, Cell)>> {
        let Rows { header, rows, .. } = self;
        rows.into_iter().map(move |row| match row {
            Row::Record(record) => {
                let texts = record.iter().map(|text| Cell::Text(text.to_owned()));
                header.iter().cloned().zip(texts).collect()
            }
            Row::Object(map) => {
                map.into_iter().map(|(name, value)| (name, Cell::Typed(value))).collect()
            }
        })
    }

    /// Takes note of a name. Only one that is seen first needs a look.
    fn name(&mut self, name: &str, row: usize, column: Option<usize>, found: &mut Problems) {
        if self.names.contains_key(name) {
            return;
        }
        self.names.insert(name.to_owned(), row);
        if let Err(why) = name.parse::<Ident>() {
            found.push(Problem::Name { row, column, name: name.to_owned(), why });
        }
    }
}

/// The problems that were found, up to a limit.
#[derive(Debug, Default)]
struct Problems {
    told: Vec<Problem>,
    further: usize,
}

impl Problems {
    fn push(&mut self, problem: Problem) {
        if self.told.len() < MOST_PROBLEMS {
            self.told.push(problem);
        } else {
            self.further += 1;
        }
    }

    fn told(mut self, rows: Rows) -> Result<Rows, Vec<Problem>> {
        if self.told.is_empty() {
            return Ok(rows);
        }
        if self.further > 0 {
            self.told.push(Problem::Further(self.further));
        }
        Err(self.told)
    }
}
