//! The text of the shipped `config/rpad.toml`.

use std::fmt::Write as _;

use super::calendars;
use super::{CALENDAR_KEYS, DEFINITIONS, Definition, SECTIONS};

const WIDTH: usize = 78;

const HEAD: &str = "\
Settings of rpad. Every key stands here with its default: take away the # to change it. \
Durations are written 500ms, 90s, 1h30m; sizes 64KiB, 10MB. An environment variable \
RPAD_SECTION_KEY comes before this file, a flag before both. \
Secrets do not belong here: see [secrets].";

/// Every setting with its documentation, commented out.
pub fn shipped_file() -> String {
    let mut text = comment(HEAD);
    for section in SECTIONS {
        let _ = write!(text, "\n{}[{}]\n", comment(section.doc), section.name);
        for definition in DEFINITIONS.iter().filter(|d| d.section == section.name) {
            let _ = write!(text, "\n{}{}", comment(definition.doc), line(definition));
        }
    }
    text + &calendars_example()
}

/// An example, as there is no default that could be commented out.
fn calendars_example() -> String {
    let mut text = format!("\n{}#\n# [{}.holidays]\n", comment(calendars::DOC), calendars::SECTION);
    for (key, example, doc) in CALENDAR_KEYS {
        let _ = write!(text, "#\n{}# {key} = {example}\n", comment(doc));
    }
    text
}

fn line(definition: &Definition) -> String {
    let value = definition.kind.to_toml(definition.default);
    let range = definition.kind.range();
    let range = if range.is_empty() { range } else { format!(" # {range}") };
    format!("#{} = {value}{range}\n", definition.name)
}

/// `text` in comment lines of at most [`WIDTH`].
fn comment(text: &str) -> String {
    let mut out = String::new();
    let mut line = String::from("#");
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            out += &line;
            out.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line += word;
    }
    out + &line + "\n"
}
