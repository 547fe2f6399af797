//! The layer of the file, `tui.toml`: flat keys, each problem with its place.

use std::fs;
use std::ops::Range;
use std::path::Path;

use rpa_config::suggest::nearest;
use rpa_ipc::{Fault, FaultCode};
use toml::de::{DeTable, DeValue};

use super::define::{self, DEFINITIONS, Kind};

/// A file of settings has some lines; this is for what nobody meant to be one.
pub(super) const MAX_FILE_BYTES: u64 = 1 << 20;

/// The settings of the file as texts, or everything that is wrong with it.
pub(super) fn read(path: &Path) -> Result<Vec<(&'static str, String)>, Fault> {
    let source = source(path).map_err(|why| {
        Fault::new(FaultCode::Settings, format!("{}: {why}", path.display()))
            .hint("repair the file, or name another one with --config or RPA_TUI_CONFIG")
    })?;
    let (values, problems) = parse(&source);
    if problems.is_empty() {
        return Ok(values);
    }
    let lines = problems.iter().map(|(at, what)| {
        let (line, column) = place(&source, *at);
        format!("{}:{line}:{column}: {what}", path.display())
    });
    let message = lines.collect::<Vec<_>>().join("\n");
    Err(Fault::new(FaultCode::Settings, message).hint("see rpa-tui(1)"))
}

pub(super) fn source(path: &Path) -> Result<String, String> {
    let size = fs::metadata(path).map_err(|e| e.to_string())?.len();
    if size > MAX_FILE_BYTES {
        return Err(format!("has {size} bytes; at most {MAX_FILE_BYTES} are read"));
    }
    fs::read_to_string(path).map_err(|e| e.to_string())
}

type Values = Vec<(&'static str, String)>;
/// Byte offsets and sentences.
type Problems = Vec<(usize, String)>;

fn parse(source: &str) -> (Values, Problems) {
    let (root, errors) = DeTable::parse_recoverable(source);
    let start = |span: Option<Range<usize>>| span.unwrap_or_default().start;
    let mut problems: Problems =
        errors.iter().map(|e| (start(e.span()), e.message().to_owned())).collect();
    let mut values = Values::new();
    // what recovery makes of a broken file is not what was meant
    for (key, value) in root.get_ref().iter().filter(|_| errors.is_empty()) {
        match setting(key.get_ref(), value.get_ref()) {
            Ok(setting) => values.push(setting),
            Err(Wrong::Key(what)) => problems.push((key.span().start, what)),
            Err(Wrong::Value(what)) => problems.push((value.span().start, what)),
        }
    }
    problems.sort();
    (values, problems)
}

enum Wrong {
    Key(String),
    Value(String),
}

fn setting(key: &str, value: &DeValue<'_>) -> Result<(&'static str, String), Wrong> {
    let Some(definition) = define::find(key) else {
        let names = DEFINITIONS.iter().map(|definition| definition.name);
        let list = names.clone().collect::<Vec<_>>().join(", ");
        let meant = nearest(key, names).map(|near| format!("did you mean {near:?}? "));
        let meant = meant.unwrap_or_default();
        return Err(Wrong::Key(format!("there is no setting {key:?}; {meant}settings: {list}")));
    };
    let text = match (definition.kind, value) {
        (Kind::Words(_), DeValue::String(text)) => text.to_string(),
        (Kind::Number { .. }, DeValue::Integer(number)) => number.to_string(),
        (kind, other) => {
            let range = kind.range();
            let what = format!("{key} cannot be a {}: write {range}", other.type_str());
            return Err(Wrong::Value(what));
        }
    };
    if definition.kind.holds(&text) {
        return Ok((definition.name, text));
    }
    let range = definition.kind.range();
    Err(Wrong::Value(format!("{key} cannot be {text:?}: write {range}")))
}

/// Line and column from 1.
fn place(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at).unwrap_or(source);
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    (1 + before.matches('\n').count(), 1 + before[line..].chars().count())
}
