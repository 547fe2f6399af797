//! What the bytes of a file mean.

use rpa_engine::{Map, Value};

use rpa_config::json::{self, JsonError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Csv,
    Lines,
}

/// Why a file's content cannot be read as asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum FormatError {
    #[error("is not UTF-8 text from byte {0}; convert it first, for example with iconv")]
    NotText(usize),
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("is not CSV: {0}")]
    Csv(#[from] csv::Error),
    #[error("has two columns named {0:?}")]
    SameColumn(String),
}

impl Format {
    pub(super) const WORDS: [&str; 4] = ["text", "json", "csv", "lines"];

    /// By one of [`Format::WORDS`].
    pub(super) fn named(word: &str) -> Format {
        match word {
            "json" => Format::Json,
            "csv" => Format::Csv,
            "lines" => Format::Lines,
            _ => Format::Text,
        }
    }

    pub(super) fn read(self, bytes: Vec<u8>) -> Result<Value, FormatError> {
        let text = String::from_utf8(bytes)
            .map_err(|e| FormatError::NotText(e.utf8_error().valid_up_to()))?;
        // a byte order mark belongs to the encoding, not to the first field
        let content = text.strip_prefix('\u{feff}').unwrap_or(&text);
        match self {
            Format::Text => Ok(Value::Text(text)),
            Format::Json => Ok(json::parse(content.as_bytes())?),
            Format::Csv => csv(content),
            Format::Lines => Ok(Value::List(content.lines().map(Value::from).collect())),
        }
    }
}

/// A list of maps, by the names in the first row. Every row has as many fields as
/// the first; all values are text.
fn csv(text: &str) -> Result<Value, FormatError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers()?.clone();
    for (i, column) in columns.iter().enumerate() {
        if columns.iter().take(i).any(|earlier| earlier == column) {
            return Err(FormatError::SameColumn(column.to_owned()));
        }
    }
    let rows = reader.records().map(|row| {
        let row = row?;
        let fields = columns.iter().zip(row.iter());
        let fields: Map = fields.map(|(name, field)| (name.to_owned(), field.into())).collect();
        Ok(Value::Map(fields))
    });
    rows.collect::<Result<_, FormatError>>().map(Value::List)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: Format, bytes: &[u8]) -> Result<String, String> {
        format.read(bytes.to_vec()).map(|v| v.to_string()).map_err(|e| e.to_string())
    }

    #[test]
    fn each_format_reads_what_it_should() {
        assert_eq!(read(Format::Text, b"a\r\n").unwrap(), "a\r\n");
        assert_eq!(read(Format::Lines, b"a\r\nb\n\nc").unwrap(), r#"["a","b","","c"]"#);
        assert_eq!(read(Format::Json, b"\xef\xbb\xbf{\"a\": 1}").unwrap(), r#"{"a":1}"#);
        let csv = b"\xef\xbb\xbfname,n\n\"a,\"\"b\",1\nc,\n";
        assert_eq!(
            read(Format::Csv, csv).unwrap(),
            r#"[{"n":"1","name":"a,\"b"},{"n":"","name":"c"}]"#
        );
        assert_eq!(read(Format::Csv, b"").unwrap(), "[]");
    }

    #[test]
    fn says_why_it_cannot() {
        assert!(
            read(Format::Text, b"ab\xff").unwrap_err().starts_with("is not UTF-8 text from byte 2")
        );
        assert!(read(Format::Json, b"{").unwrap_err().starts_with("is not JSON: EOF"));
        assert!(read(Format::Csv, b"a,b\n1\n").unwrap_err().contains("line: 2"));
        assert_eq!(read(Format::Csv, b"a,a\n").unwrap_err(), r#"has two columns named "a""#);
    }
}
