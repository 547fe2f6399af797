//! Writing back what was changed in the console, and nothing else.

use std::fs;
use std::path::PathBuf;

use toml_edit::{DocumentMut, Item, Value};

use super::define::{DEFINITIONS, Kind};
use super::{Settings, file, views};
use crate::replace::replace;

const HEAD: &str = "# Settings of the console rpa-tui, see rpa-tui(1).\n";

/// What is to be written. Its writing may block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    file: PathBuf,
    /// Names and texts; an empty text takes the key out.
    values: Vec<(&'static str, String)>,
    /// Where they have changed.
    views: Option<Vec<(String, String)>>,
}

impl Settings {
    /// What has changed since the settings were read or this was called last; or
    /// why there is nowhere to write it.
    pub fn changes(&mut self) -> Result<Option<Changes>, String> {
        let now = self.texts();
        let before = self.settled.iter().map(Some).chain(std::iter::repeat(None));
        let changed = now.iter().zip(before).zip(DEFINITIONS);
        let changed = changed.filter(|((now, before), _)| Some(*now) != *before);
        let values: Vec<_> =
            changed.map(|((now, _), definition)| (definition.name, now.clone())).collect();
        self.settled = now;
        let views = (self.views != self.settled_views).then(|| self.views.clone());
        self.settled_views.clone_from(&self.views);
        if values.is_empty() && views.is_none() {
            return Ok(None);
        }
        let file = self.file.clone().ok_or("there is no home directory to keep settings in")?;
        Ok(Some(Changes { file, values, views }))
    }
}

impl Changes {
    /// Comments, order and everything else in the file stay. Whoever reads it sees
    /// the old file or the new one.
    pub fn write(&self) -> Result<(), String> {
        let place = self.file.display();
        // a link is kept: many people link their settings
        let path = fs::canonicalize(&self.file).unwrap_or_else(|_| self.file.clone());
        let source = match path.exists() {
            true => file::source(&path).map_err(|why| format!("{place}: {why}"))?,
            false => HEAD.to_owned(),
        };
        let document: Result<DocumentMut, _> = source.parse();
        let mut document = document.map_err(|_| format!("{place} is no longer valid TOML"))?;
        // where there is no key yet, comments stay above those that come
        let mut head = String::new();
        if document.is_empty() {
            (head, document) = (source, DocumentMut::new());
        }
        for (name, text) in &self.values {
            put(&mut document, name, text);
        }
        if let Some(views) = &self.views {
            views::put(&mut document, views);
        }
        let text = format!("{head}{document}");
        replace(&path, text.as_bytes()).map_err(|e| format!("{place}: {e}"))
    }
}

fn put(document: &mut DocumentMut, name: &str, text: &str) {
    if text.is_empty() {
        document.remove(name);
        return;
    }
    let number =
        DEFINITIONS.iter().any(|d| d.name == name && matches!(d.kind, Kind::Number { .. }));
    let mut value = match text.parse::<i64>() {
        Ok(whole) if number => Value::from(whole),
        _ => Value::from(text),
    };
    match document.get_mut(name) {
        Some(Item::Value(old)) => {
            // the decor holds the comment behind it
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        _ => {
            document.insert(name, Item::Value(value));
        }
    }
}
