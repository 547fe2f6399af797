//! The layer of the file, `tui.toml`: flat keys, each problem with its place.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use rpa_config::suggest::nearest;
use rpa_ipc::fault::{Said, lines, quoted, setting_remark};
use rpa_ipc::{Fault, FaultCode, fault, said};
use toml::de::{DeTable, DeValue};

use super::define::{self, DEFINITIONS, Definition, Kind};
use super::views;

/// A file of settings has some lines; this is for what nobody meant to be one.
pub(super) const MAX_FILE_BYTES: u64 = 1 << 20;

/// The settings of the file as texts, or everything that is wrong with it.
pub(super) fn read(path: &Path) -> Result<(Values, Views), Fault> {
    let shown = path.display();
    let source = source(path).map_err(|error| {
        let error = setting_remark(&error);
        fault!(FaultCode::Settings, "console-settings-file", path = shown, error = error)
            .hint(said!("hint-console-settings-file"))
    })?;
    let (values, views, problems) = parse(&source, &|at| {
        let (line, column) = place(&source, at);
        format!("{shown}:{line}:{column}")
    });
    if problems.is_empty() {
        return Ok((values, views));
    }
    let problems = lines(problems.into_iter().map(|(_, problem)| problem).collect());
    Err(fault!(FaultCode::Settings, "console-settings", problems = problems)
        .hint(said!("hint-console-settings")))
}

pub(in crate::console) fn source(path: &Path) -> Result<String, String> {
    let meta = fs::metadata(path).map_err(|e| e.to_string())?;
    // a pipe would be waited for, a device has no end
    if !meta.is_file() {
        return Err("is not a file".to_owned());
    }
    let size = meta.len();
    if size > MAX_FILE_BYTES {
        return Err(format!("has {size} bytes; at most {MAX_FILE_BYTES} are read"));
    }
    let mut text = String::new();
    let file = fs::File::open(path).map_err(|e| e.to_string())?;
    file.take(MAX_FILE_BYTES).read_to_string(&mut text).map_err(|e| e.to_string())?;
    Ok(text)
}

/// Each with its line.
type Values = Vec<(&'static str, String, usize)>;
/// Names of views with what they show.
type Views = Vec<(String, String)>;
/// Where each stands in the file, in bytes, and what it is.
type Problems = Vec<(usize, Said)>;

/// `place` tells the place of a byte as people count.
fn parse(source: &str, place: &dyn Fn(usize) -> String) -> (Values, Views, Problems) {
    let (root, errors) = DeTable::parse_recoverable(source);
    let mut values = Values::new();
    let mut views = Views::new();
    let mut problems = Problems::new();
    for error in &errors {
        let at = error.span().unwrap_or_default().start;
        problems.push((at, said!("setting-syntax", place = place(at), error = error.message())));
    }
    // what recovery makes of a broken file is not what was meant
    for (key, value) in root.get_ref().iter().filter(|_| errors.is_empty()) {
        if key.get_ref() == views::TABLE {
            let (read, wrong) = views::read(value, place);
            views = read;
            problems.extend(wrong);
            continue;
        }
        let Some(definition) = define::find(key.get_ref()) else {
            let at = key.span().start;
            problems.push((at, unknown(key.get_ref(), &place(at))));
            continue;
        };
        let at = value.span().start;
        match text(definition, value.get_ref(), &place(at)) {
            Ok(text) => values.push((definition.name, text, self::place(source, at).0)),
            Err(problem) => problems.push((at, problem)),
        }
    }
    problems.sort_by_key(|(at, _)| *at);
    (values, views, problems)
}

fn unknown(key: &str, place: &str) -> Said {
    let names = DEFINITIONS.iter().map(|definition| definition.name);
    let known = names.clone().collect::<Vec<_>>().join(", ");
    match nearest(key, names) {
        Some(near) => {
            said!("setting-meant", place = place, key = quoted(key), near = near, known = known)
        }
        None => said!("setting-unknown", place = place, key = quoted(key), known = known),
    }
}

fn text(definition: &Definition, value: &DeValue<'_>, place: &str) -> Result<String, Said> {
    let Definition { name: key, kind, .. } = definition;
    let range = kind.range();
    let text = match (kind, value) {
        (Kind::Words(_) | Kind::Zone, DeValue::String(text)) => text.to_string(),
        (Kind::Number { .. }, DeValue::Integer(number)) => number.to_string(),
        (_, other) => {
            let is = other.type_str();
            return Err(said!("setting-type", place = place, key = key, type = is, range = range));
        }
    };
    if kind.holds(&text) {
        return Ok(text);
    }
    Err(said!("setting-value", place = place, key = key, text = quoted(&text), range = range))
}

/// Line and column from 1.
pub(in crate::console) fn place(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at).unwrap_or(source);
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    (1 + before.matches('\n').count(), 1 + before[line..].chars().count())
}
