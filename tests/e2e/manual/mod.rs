//! The manual against the program, both ways: what there is stands where a reader looks
//! for it, and nothing stands there that does not exist.
//!
//! The pages are read as they are written: a name is documented where it stands in bold
//! on the line after `.TP`, in its section.

mod environment;
mod format;
mod pages;
mod programs;
mod settings;

use crate::tidy::{Names, names, read};

/// The pages that are written by hand, below `man/`.
const PAGES: [&str; 6] =
    ["rpa.1", "rpa-tui.1", "rpa-test.5", "rpa-workflow.5", "rpad.toml.5", "rpad.8"];

/// Roff as a reader sees it, and bold text in backticks.
pub fn rendered(roff: &str) -> String {
    let mut text = String::new();
    let mut bold = false;
    let mut rest = roff;
    while let Some(at) = rest.find('\\') {
        text += &rest[..at];
        rest = &rest[at + 1..];
        let (length, shown) = match rest.get(..3) {
            Some("(aq") => (3, "'"),
            Some("(ga") => (3, "`"),
            Some("(ha") => (3, "^"),
            Some("(ti") => (3, "~"),
            _ => match rest.get(..2) {
                Some("fB") => (2, "`"),
                Some("fR") if bold => (2, "`"),
                Some("fR" | "fI") => (2, ""),
                _ => match rest.get(..1) {
                    Some("-") => (1, "-"),
                    Some("e") => (1, "\\"),
                    Some("&") => (1, ""),
                    other => panic!("\\{} is not read by this test: {roff}", other.unwrap_or("")),
                },
            },
        };
        bold = match &rest[..length] {
            "fB" => true,
            "fR" | "fI" => false,
            _ => bold,
        };
        text += shown;
        rest = &rest[length..];
    }
    text + rest
}

/// The lines of a page below the heading `title`, up to the next one.
pub fn section(page: &str, title: &str) -> Vec<String> {
    let text = read(&format!("man/{page}"));
    let heading = |line: &&str| line.starts_with(".SH ") || line.starts_with(".SS ");
    let mut lines =
        text.lines().skip_while(|line| !(heading(line) && rendered(&line[4..]) == title));
    assert!(lines.next().is_some(), "{page} has no section {title}");
    lines.take_while(|line| !heading(line)).map(str::to_owned).collect()
}

/// What is in bold on the line after each `.TP`: the names that are defined.
pub fn tags(lines: &[String]) -> Names {
    let tags = lines.windows(2).filter(|pair| pair[0].starts_with(".TP"));
    let tags: Vec<String> = tags.map(|pair| rendered(&pair[1])).collect();
    names(tags.iter().flat_map(|tag| tag.split('`').skip(1).step_by(2)))
}

/// The paragraph that defines `name`.
pub fn definition(lines: &[String], name: &str) -> String {
    let is_tag =
        |line: &&String| line.starts_with(&format!("\\fB{}\\fR", name.replace('-', "\\-")));
    let after = lines.iter().skip_while(|line| !is_tag(line)).skip(1);
    let text = after.take_while(|line| !line.starts_with('.'));
    text.map(|line| rendered(line) + " ").collect()
}

/// The first column of the table of a section.
pub fn rows(lines: &[String]) -> Names {
    let table = lines.iter().skip_while(|line| *line != ".TS").take_while(|line| *line != ".TE");
    names(table.filter_map(|line| line.split_once('|').map(|(first, _)| rendered(first))))
        .into_iter()
        .filter(|first| !first.starts_with("tab("))
        .collect()
}
