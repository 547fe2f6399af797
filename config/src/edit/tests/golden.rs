//! Each change as it is written: scripts of texts and changes, and what came of them.
//!
//! A script has texts behind `### NAME`, each with changes behind `>>> `. A change begins
//! with the text of its block, or with what the change before it made when that has a `+`.

use std::fmt::Write as _;

use super::super::{Field, form, rows};
use super::*;

fn place(text: &str) -> Place {
    let (word, of) = text.split_once(':').unwrap();
    match word {
        "after" => after(of),
        "before" => before(of),
        "beside" => beside(of),
        "first" => Place::First(list(of)),
        _ => Place::Last(list(of)),
    }
}

fn list(text: &str) -> ListOf {
    let (word, of) = text.split_once('=').unwrap_or((text, ""));
    let path = of.to_owned();
    match word {
        "top" => ListOf::Top,
        "body" => ListOf::Body(path),
        "default" => ListOf::Default(path),
        "undo" => ListOf::Undo(path),
        "handler" => ListOf::Handler(path),
        _ => {
            let (path, value) = of.split_once('=').unwrap();
            ListOf::Case(path.to_owned(), value.to_owned())
        }
    }
}

fn read(line: &str) -> Change {
    let mut words = line.splitn(4, ' ');
    let mut next = || words.next().unwrap_or_default();
    match next() {
        "add" => {
            let (place, id) = (place(next()), next());
            add(place, id, next())
        }
        "remove" => remove(next()),
        "move" => {
            let path = next();
            relocate(path, place(next()))
        }
        "case" => {
            let path = next().to_owned();
            let value = Some(next()).filter(|value| *value != "-").map(str::to_owned);
            Change::AddCase { path, value }
        }
        "removelist" => Change::RemoveList { list: list(next()) },
        "dup" => {
            let (path, id) = (next().to_owned(), next().to_owned());
            Change::Duplicate { path, id }
        }
        "link" => {
            let from = next();
            link(from, next())
        }
        "unlink" => {
            let from = next();
            unlink(from, next())
        }
        "rename" => {
            let path = next();
            rename(path, next())
        }
        "set" => {
            let (path, field) = (next(), next());
            set(path, field, &next().replace("\\n", "\n"))
        }
        other => panic!("{other}"),
    }
}

/// The lines that differ, with one before and behind.
fn difference(before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let mut longest = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i][j] = match old[i] == new[j] {
                true => longest[i + 1][j + 1] + 1,
                false => longest[i + 1][j].max(longest[i][j + 1]),
            };
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push((' ', old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && longest[i + 1][j] >= longest[i][j + 1] {
            lines.push(('-', old[i]));
            i += 1;
        } else {
            lines.push(('+', new[j]));
            j += 1;
        }
    }
    let near = |at: usize| {
        let from = at.saturating_sub(1);
        lines[from..(at + 2).min(lines.len())].iter().any(|(sign, _)| *sign != ' ')
    };
    let shown = (0..lines.len()).filter(|at| near(*at)).map(|at| lines[at]);
    shown.map(|(sign, line)| format!("    {sign}{line}\n")).collect()
}

fn problems(text: &str) -> String {
    let checked = crate::workflow::check(text, "w", &namespace());
    let errors = checked.problems.iter().filter(|problem| !problem.warning);
    errors.map(|problem| format!("    ! {problem}\n")).collect()
}

fn told(text: &str, line: &str) -> (String, String) {
    let mut out = format!("{line}\n");
    if line == "rows" {
        for row in rows(text, &namespace()).unwrap() {
            let needs: Vec<String> = row
                .needs
                .iter()
                .map(|need| format!("{} {}", need.path, need.when.word()))
                .collect();
            let (from, to) = (row.lines.start(), row.lines.end());
            let indent = "  ".repeat(row.depth as usize);
            let _ = writeln!(
                out,
                "    {indent}{} [{}] {} {from}..{to} needs [{}]{}",
                row.label,
                row.path,
                row.kind,
                needs.join(", "),
                row.fallback_of.map(|of| format!(" for {of}")).unwrap_or_default(),
            );
        }
        return (out, text.to_owned());
    }
    if let Some(path) = line.strip_prefix("form ") {
        let form = form(text, path, &namespace()).unwrap();
        let _ = writeln!(out, "    {}: {}", form.kind, form.summary);
        for Field { key, kind, source, required, default, value, shared, line, .. } in form.fields {
            let _ = write!(out, "    {key}{} {kind:?} {source:?}", if required { "*" } else { "" });
            if !default.is_empty() {
                let _ = write!(out, " default {default}");
            }
            if let Some(value) = value {
                let _ = write!(out, " = {value:?} on {line}");
            }
            out.push_str(if shared { " shared\n" } else { "\n" });
        }
        return (out, text.to_owned());
    }
    match change(text, &read(line.trim_start_matches('+'))) {
        Err(why) => {
            let _ = writeln!(out, "    refused: {why:?}");
            (out, text.to_owned())
        }
        Ok(changed) => {
            let _ = writeln!(out, "    -> {}", changed.path);
            out.push_str(&difference(text, &changed.text));
            out.push_str(&problems(&changed.text));
            (out, changed.text)
        }
    }
}

fn transcript(script: &str) -> String {
    let mut out = String::new();
    for block in script.split("### ").skip(1) {
        let (name, rest) = block.split_once('\n').unwrap();
        let lines = rest.split_inclusive('\n');
        let (orders, text): (Vec<&str>, Vec<&str>) = lines.partition(|l| l.starts_with(">>> "));
        let mut text = text.concat();
        let _ = writeln!(out, "### {name}");
        for order in orders {
            let order = order.trim_start_matches(">>> ").trim_end_matches('\n');
            let (told, after) = told(&text, order);
            out.push_str(&told);
            if order.starts_with('+') {
                text = after;
            }
        }
    }
    out
}

macro_rules! scripts {
    ($($name:ident,)+) => { $(
        #[test]
        fn $name() {
            let script = include_str!(concat!("scripts/", stringify!($name), ".txt"));
            insta::assert_snapshot!(stringify!($name), transcript(script));
        }
    )+ };
}

scripts! {
    plain,
    nested,
    cases,
    needs,
    anchors,
    broken,
    braces,
    fields,
    forms,
}
