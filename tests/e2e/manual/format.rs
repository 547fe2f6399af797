//! What people write: workflows, tasks, expressions, files of tests; and the examples of
//! the manual, which have to be right.

use rpa_config::catalogue::CATALOGUE;
use rpa_config::expr::{FILTERS, FUNCTIONS, TESTS};
use rpa_tests::World;
use serde_json::json;

use super::{definition, rendered, section, tags};
use crate::tidy::{Names, names, read};

#[test]
fn every_task_type_is_in_the_manual() {
    for task in CATALOGUE {
        let lines = section("rpa-workflow.5", task.kind);
        let middle = lines.iter().position(|line| line.starts_with("Outputs:")).unwrap();
        let (inputs, outputs) = lines.split_at(middle);
        assert_eq!(tags(inputs), names(task.inputs.iter().map(|f| f.name)), "{}", task.kind);
        assert_eq!(tags(outputs), names(task.outputs.iter().map(|f| f.name)), "{}", task.kind);
        for (fields, lines) in [(task.inputs, inputs), (task.outputs, outputs)] {
            for field in fields {
                let text = definition(lines, field.name);
                let default = format!("default {}", field.default);
                let name = format!("{} {}", task.kind, field.name);
                assert!(field.default.is_empty() || text.contains(&default), "{name}: {text}");
                assert_eq!(field.required, text.contains("required)"), "{name}: {text}");
            }
        }
    }
}

#[test]
fn every_word_of_expressions_is_in_the_manual() {
    for (title, table) in [("Filters", FILTERS), ("Tests", TESTS), ("Functions", FUNCTIONS)] {
        let words = names(table.iter().map(|(name, _)| *name));
        assert_eq!(tags(&section("rpa-workflow.5", title)), words, "{title}");
    }
}

/// The tables of keys in a source of the reader, in order: `known` or `later`.
fn keys(file: &str, which: &str) -> Vec<Names> {
    if (file, which) == ("step", "known") {
        // one table, which others read as well
        let table = read("config/src/workflow/step_keys.rs");
        let rows = table.split("    key(\"").skip(1);
        return vec![names(rows.map(|row| row.split('"').next().unwrap()))];
    }
    let source = read(&format!("config/src/workflow/{file}.rs"));
    let head = format!("{which}: &[");
    let tables = source.split(head.as_str()).skip(1).map(|table| table.split(']').next().unwrap());
    tables.map(|table| names(table.split('"').skip(1).step_by(2))).collect()
}

#[test]
fn every_key_of_a_workflow_is_in_the_manual() {
    for (file, title) in [
        ("file", "TOP LEVEL"),
        ("step", "STEPS"),
        ("retry", "RETRY"),
        ("variables", "VARIABLES"),
        ("handlers", "HANDLERS"),
        ("concurrency", "RUNS AT ONCE"),
        ("sla", "PROMISED TIMES"),
        ("approval", "APPROVALS"),
        ("wait", "EVENTS"),
        ("claims", "LOCKS AND TOKENS"),
        ("triggers", "TRIGGERS"),
        ("schedules", "SCHEDULES"),
        ("catch_up", "Catching up"),
        ("webhook", "WEBHOOKS"),
        ("file_watch", "WATCHED FILES"),
        ("subscription", "EVENTS AND ENDS OF RUNS"),
        ("chain", "EVENTS AND ENDS OF RUNS"),
        ("manual", "STARTS BY HAND"),
    ] {
        let known = &keys(file, "known")[0];
        let documented = tags(&section("rpa-workflow.5", title));
        let missing: Vec<_> = known.difference(&documented).collect();
        assert!(!known.is_empty() && missing.is_empty(), "{title}: no {missing:?}");
    }
    let unsupported = section("rpa-workflow.5", "NOT SUPPORTED YET");
    for (file, place) in [
        ("step", "In a step"),
        ("wait", "In \\fBwait\\fR"),
        ("retry", "In \\fBretry\\fR"),
        ("variables", "In a variable"),
    ] {
        let lines = unsupported.iter().skip_while(|line| *line != place).skip(1);
        let text: String = lines.take_while(|line| *line != ".TP").map(|l| rendered(l)).collect();
        for key in &keys(file, "later")[0] {
            assert!(text.contains(&format!("`{key}`")), "{place}: no {key}");
        }
    }
}

#[test]
fn every_key_of_a_file_of_tests_is_in_the_manual() {
    let tables = [
        ("read", 0, "TOP LEVEL"),
        ("read", 1, "A TEST"),
        ("given", 0, "RESULTS"),
        ("expect", 0, "EXPECTATIONS"),
    ];
    for (file, table, title) in tables {
        let source = read(&format!("config/src/testfile/{file}.rs"));
        let known: Vec<&str> = source.split("known: &[").skip(1).collect();
        let known = known[table].split(']').next().unwrap();
        let known = names(known.split('"').skip(1).step_by(2));
        assert_eq!(tags(&section("rpa-test.5", title)), known, "{title}");
    }
}

#[test]
fn the_example_of_the_manual_of_tests_is_read() {
    let page = read("man/rpa-test.5");
    let (_, example) = page.split_once(".\\\" tests\n").unwrap();
    let (example, _) = example.split_once(".\\\" end").unwrap();
    let text: String = example.lines().map(|line| rendered(line) + "\n").collect();
    let checked = rpa_config::testfile::check_bytes(text.as_bytes(), "example");
    assert!(checked.file.is_some(), "{:?}\n{text}", checked.problems);
}

/// Blocks between `.\" yaml` or `.\" steps` and `.\" end`, as files with the line
/// of the page in their names.
fn examples(world: &World) -> Vec<String> {
    let page = read("man/rpa-workflow.5");
    let mut files = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in (1..).zip(page.lines()) {
        match (line, &mut open) {
            (".\\\" yaml", None) => open = Some((number, String::new())),
            (".\\\" steps", None) => {
                open = Some((number, "version: 1\nname: example\nsteps:\n".to_owned()));
            }
            (".\\\" end", Some((from, text))) => {
                let file = world.file(&format!("rpa-workflow.5-line-{from}.yaml"), text);
                files.push(file.display().to_string());
                open = None;
            }
            (".EX" | ".EE" | ".RE" | ".RS 2", Some(_)) => {}
            (line, Some((_, text))) => {
                assert!(!line.starts_with('.'), "line {number} is no YAML: {line}");
                *text += &rendered(line);
                text.push('\n');
            }
            (_, None) => {}
        }
    }
    assert!(open.is_none(), "the last example has no end");
    files
}

#[test]
fn every_example_of_the_manual_passes_the_check() {
    let world = World::new();
    let files = examples(&world);
    // each page block but those of shell commands is marked
    let page = read("man/rpa-workflow.5");
    assert_eq!(files.len() + 1, page.matches("\n.EX\n").count(), "an example without a marker");
    let checked = world.json(["check"].into_iter().chain(files.iter().map(String::as_str)));
    let checked = checked["files"].as_array().unwrap();
    assert_eq!(checked.len(), files.len());
    for file in checked {
        assert_eq!((&file["ok"], &file["problems"]), (&json!(true), &json!([])), "{file:#}");
    }
}
