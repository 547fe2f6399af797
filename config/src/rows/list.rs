//! Rows of a JSON or YAML list of objects.
//!
//! The list is read an element at a time: a whole document of the parser's own would
//! take several times the memory of its rows.

use std::fmt;

use rpa_engine::Map;
use rpa_engine::value::MAX_DEPTH;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_saphyr::{budget, options};

use super::{Format, MOST_ROWS, Problem, Problems, Row, Rows};
use crate::json;

/// Most nodes of a YAML text, which counts those that aliases repeat: no more than a
/// text of `MOST_ROWS` rows with a few columns needs.
const MOST_NODES: usize = 16 * MOST_ROWS;

pub(super) fn read(bytes: &[u8], format: Format, found: &mut Problems) -> Rows {
    let mut rows = Rows::default();
    let Ok(text) = std::str::from_utf8(bytes) else {
        found.push(Problem::NoText);
        return rows;
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reading = Reading { rows: &mut rows, found, list: true };
    let read = match format {
        Format::Yaml => yaml(text, &mut reading),
        Format::Json | Format::Csv => json_text(text, &mut reading),
    };
    let list = reading.list;
    match read {
        _ if !list => found.push(Problem::NoList),
        Err(error) => found.push(Problem::Syntax { error }),
        Ok(()) => {}
    }
    rows
}

fn json_text(text: &str, reading: &mut Reading<'_>) -> Result<(), String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = reading.deserialize(&mut reader).and_then(|()| reader.end());
    read.map_err(|error| error.to_string())
}

fn yaml(text: &str, reading: &mut Reading<'_>) -> Result<(), String> {
    let options = options! {
        strict_booleans: true,
        with_snippet: false,
        budget: budget! {
            max_events: 2 * MOST_NODES,
            max_nodes: MOST_NODES,
            max_depth: MAX_DEPTH + 1,
            max_documents: 1,
        },
    };
    serde_saphyr::with_deserializer_from_str_with_options(text, options, |reader| {
        reading.deserialize(reader)
    })
    .map_err(|error| error.to_string())
}

/// Where the elements go as they are read.
struct Reading<'a> {
    rows: &'a mut Rows,
    found: &'a mut Problems,
    /// Whether the document is a list.
    list: bool,
}

impl<'de> DeserializeSeed<'de> for &mut Reading<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Reading<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut row = 0;
        while let Some(element) = list.next_element::<serde_json::Value>()? {
            row += 1;
            self.element(element, row);
            if row == MOST_ROWS && list.next_element::<IgnoredAny>()?.is_some() {
                self.found.push(Problem::TooMany);
                while list.next_element::<IgnoredAny>()?.is_some() {}
            }
        }
        Ok(())
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.list = false;
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.no_list()
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.no_list()
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.no_list()
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.no_list()
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.no_list()
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.no_list()
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.no_list()
    }
}

impl Reading<'_> {
    fn no_list<E>(&mut self) -> Result<(), E> {
        self.list = false;
        Ok(())
    }

    fn element(&mut self, element: serde_json::Value, row: usize) {
        let serde_json::Value::Object(fields) = element else {
            self.found.push(Problem::NoObject { row });
            return;
        };
        let mut map = Map::new();
        for (name, field) in fields {
            self.rows.name(&name, row, None, self.found);
            match json::from_json(field, 1) {
                Ok(value) => _ = map.insert(name, value),
                Err(_) => self.found.push(Problem::Deep { row, column: name }),
            }
        }
        self.rows.rows.push(Row::Object(map));
    }
}
