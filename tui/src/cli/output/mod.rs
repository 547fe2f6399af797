//! The forms in which a list is printed: `--output table|json|jsonl|csv`.
//!
//! A table is for people, and each command paints its own. `json` is the document of
//! `--json`; `jsonl` the elements of its list, one a line; `csv` some of their fields
//! under a header, see [`columns`]. The last two are printed as they come, so that a
//! list may be longer than memory.

mod columns;
mod csv;
mod listed;

pub use columns::*;
pub use listed::{Listed, gather};

use clap::ValueEnum;
use rpa_ipc::{FaultCode, fault};
use serde::Serialize;

use super::exit::Failure;
use super::printer::encoded;
use super::session::Session;

/// How a list is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// For people
    #[default]
    Table,
    /// One document, as with --json
    Json,
    /// One object a line
    Jsonl,
    /// Comma-separated, with a header
    Csv,
}

/// The option of every list.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Form {
    /// How the list is printed [default: table]
    #[arg(short, long, value_name = "FORM")]
    pub output: Option<Output>,
}

impl Form {
    /// A list with these columns. With `json`, errors are documents as well from here on.
    pub fn sheet(self, columns: &'static Columns, session: &mut Session) -> Result<Sheet, Failure> {
        let output = match (self.output, session.json) {
            (None, true) => Output::Json,
            (Some(output), true) if output != Output::Json => {
                return Err(fault!(FaultCode::Usage, "output-twice").into());
            }
            (output, _) => output.unwrap_or_default(),
        };
        session.json |= output == Output::Json;
        Ok(Sheet { output, columns, begun: false })
    }
}

/// A list that is being printed.
#[derive(Debug)]
pub struct Sheet {
    output: Output,
    columns: &'static Columns,
    /// Whether the header of a CSV was printed.
    begun: bool,
}

impl Sheet {
    pub fn output(&self) -> Output {
        self.output
    }

    /// Whether rows are printed as they come.
    pub fn streams(&self) -> bool {
        matches!(self.output, Output::Jsonl | Output::Csv)
    }

    /// Some more rows: elements of the list in the document. For forms that stream.
    pub fn rows<R: Serialize>(&mut self, rows: &[R], session: &mut Session) -> Result<(), Failure> {
        let header = !std::mem::replace(&mut self.begun, true);
        if self.output == Output::Csv {
            let text = csv::text(header.then_some(self.columns), self.columns, rows)?;
            session.out.raw(&text)?;
        } else {
            for row in rows {
                session.out.raw(&encoded(row)?)?;
                session.out.raw(b"\n")?;
            }
        }
        session.out.flush()
    }
}

/// Whether a command line that cannot be read asks for a list as one document.
pub fn asks_for_json(words: &[&str]) -> bool {
    // there `--output` is a file, or a value
    let other = ["export", "record", "resolve"];
    let json = |pair: &[&str]| matches!(pair, ["--output" | "-o", "json"]);
    let asked = words.contains(&"--output=json") || words.windows(2).any(json);
    asked && !words.iter().any(|word| other.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_for_a_document_gets_one_even_for_a_bad_command_line() {
        let table = [
            ("runs --nope --output json", true),
            ("runs --nope -o json", true),
            ("runs --output=json --nope", true),
            ("runs --output csv --nope", false),
            ("export --nope -o json", false),
        ];
        for (line, wanted) in table {
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(asks_for_json(&words), wanted, "{line}");
        }
    }
}
