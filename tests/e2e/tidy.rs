//! What no single crate can hold: the arrows between crates, the manual against
//! the program, fault codes against their uses, and what no file may contain.
//!
//! The manual is read as it is written: a name is documented where it stands in
//! bold on the line after `.TP`, in the section where a reader looks for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use rpa_config::catalogue::CATALOGUE;
use rpa_config::expr::{FILTERS, FUNCTIONS, TESTS};
use rpa_config::settings::{CALENDAR_KEYS, CALENDARS, DEFINITIONS};
use rpa_config::workflow::ProblemCode;
use rpa_ipc::FaultCode;
use rpa_tests::{World, binary, root};
use rpa_tui::console::settings::{DEFINITIONS as CONSOLE_SETTINGS, Kind};
use serde_json::json;

type Names = BTreeSet<String>;

fn names<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> Names {
    items.into_iter().map(|item| item.as_ref().to_owned()).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The files of this project, those not yet committed included.
fn ours() -> Vec<String> {
    let mut git = Command::new("git");
    git.current_dir(root()).args(["ls-files", "-z", "-c", "-o", "--exclude-standard"]);
    let output = git.output().expect("git lists the files of the checkout");
    assert!(output.status.success(), "{output:?}");
    let list = String::from_utf8(output.stdout).unwrap();
    let files = list.split('\0').filter(|file| root().join(file).is_file());
    let files: Vec<String> = files.map(str::to_owned).collect();
    assert!(files.len() > 100, "git found only {files:?}");
    files
}

fn rust_files() -> Vec<String> {
    ours().into_iter().filter(|file| file.ends_with(".rs")).collect()
}

/// Package, folder, and which of our packages it may use.
const ARROWS: [(&str, &str, &[&str]); 7] = [
    ("rpa-engine", "daemon/engine", &[]),
    ("rpa-config", "config", &["rpa-engine"]),
    ("rpa-ipc", "ipc", &["rpa-engine"]),
    // against the design: the catalogue and the JSON converter, see ARCHITECTURE.md
    ("rpa-tasks", "tasks", &["rpa-config", "rpa-engine"]),
    ("rpa-tui", "tui", &["rpa-config", "rpa-engine", "rpa-ipc"]),
    ("rpad", "daemon", &["rpa-config", "rpa-engine", "rpa-ipc", "rpa-tasks"]),
    // it knows the product from outside; its tests read tables and codes
    ("rpa-tests", "tests", &[]),
];

/// The keys of one section of a manifest.
fn dependencies(manifest: &str, section: &str) -> Names {
    let lines = manifest.lines().skip_while(|line| line.trim() != section).skip(1);
    let entries = lines.take_while(|line| !line.starts_with('['));
    let entries = entries.filter(|line| !line.starts_with('#') && line.contains('='));
    names(entries.filter_map(|line| line.split(['.', '=', ' ']).next()))
}

#[test]
fn arrows_between_crates_are_those_of_the_design() {
    let workspace = read("Cargo.toml");
    let members = workspace.lines().find(|line| line.starts_with("members")).unwrap();
    let members = names(members.split('"').skip(1).step_by(2));
    assert_eq!(members, names(ARROWS.map(|(_, folder, _)| folder)), "each crate has its arrows");
    for (package, folder, allowed) in ARROWS {
        let manifest = read(&format!("{folder}/Cargo.toml"));
        assert!(manifest.contains(&format!("name = {package:?}")), "{folder} is {package}");
        let target = manifest.lines().find(|line| line.starts_with("[target"));
        assert_eq!(target, None, "{package}: that table is not looked at here");
        let used = dependencies(&manifest, "[dependencies]");
        let ours = names(used.iter().filter(|name| name.starts_with("rpa")));
        assert_eq!(ours, names(allowed), "{package} may use these of our crates");
        for section in ["[dev-dependencies]", "[build-dependencies]"] {
            assert!(!dependencies(&manifest, section).contains("rpad"), "{package} uses rpad");
        }
    }
}

#[test]
fn the_engine_is_pure() {
    let used = dependencies(&read("daemon/engine/Cargo.toml"), "[dependencies]");
    assert_eq!(used, names(["serde", "thiserror"]));
}

#[test]
fn no_end_to_end_test_file_is_forgotten() {
    let main = read("tests/e2e/main.rs");
    let modules = main.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
    let files = fs::read_dir(root().join("tests/e2e")).unwrap();
    let files = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    // a folder is a module as well
    let module = |file: String| match file.contains('.') {
        true => file.strip_suffix(".rs").map(str::to_owned),
        false => Some(file),
    };
    let files = files.filter_map(module);
    assert_eq!(names(modules), names(files.filter(|file| file != "main")));
}

/// The places at which tests kill the daemon are in debug builds alone.
#[test]
fn no_release_has_failpoints() {
    let manifest = read("daemon/Cargo.toml");
    assert!(manifest.contains("fail = { workspace = true, optional = true }"));
    let features = dependencies(&manifest, "[features]");
    assert_eq!(features, names(["failpoints"]), "and none of them is on by default");
    let source = read("daemon/src/failpoint.rs");
    let guard = "#[cfg(all(feature = \"failpoints\", not(debug_assertions)))]\ncompile_error!(";
    assert!(source.contains(guard), "a release with failpoints does not compile");
    for file in rust_files().iter().filter(|file| file.starts_with("daemon/src")) {
        let direct = read(file).contains("fail::") && !file.ends_with("failpoint.rs");
        assert!(!direct, "{file} goes around failpoint.rs");
    }
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let bare = rust_files().into_iter().filter(|file| !read(file).starts_with("//! "));
    assert_eq!(names(bare), names::<&str>([]), "files that do not open with `//!`");
}

/// What no file may contain, in two pieces so that this one does not.
const FORBIDDEN: [(&str, &str, &str); 9] = [
    ("TO", "DO", "do it, or write down why not"),
    ("FIX", "ME", "do it, or write down why not"),
    ("dbg", "!(", "left over from debugging"),
    ("crates", ".io", "a registry is the user's choice"),
    ("pypi", ".org", "a registry is the user's choice"),
    ("npmjs", ".org", "a registry is the user's choice"),
    ("proxy.golang", ".org", "a registry is the user's choice"),
    ("artifac", "tory", "a registry is the user's choice"),
    ("docker", ".io/", "a registry is the user's choice"),
];

/// Directories of a developer's machine.
const MACHINES: [(&str, &str); 2] = [("/wo", "rk/"), ("/ro", "ot/")];

#[test]
fn no_file_has_what_belongs_to_a_machine_or_a_draft() {
    let mut found = Vec::new();
    for file in ours() {
        let Ok(text) = fs::read_to_string(root().join(&file)) else { continue };
        for (number, line) in (1..).zip(text.lines()) {
            // the lock file has its own test
            let forbidden = FORBIDDEN.iter().filter(|_| file != "Cargo.lock");
            for (one, two, why) in forbidden {
                if line.contains(&format!("{one}{two}")) {
                    found.push(format!("{file}:{number}: {one}{two}: {why}"));
                }
            }
            for (one, two) in MACHINES {
                let path = format!("{one}{two}");
                if line.match_indices(&path).any(|(at, _)| begins_a_path(&line[..at])) {
                    found.push(format!("{file}:{number}: {one}{two}: a path of one machine"));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Whether a `/` after `before` is that of an absolute path.
fn begins_a_path(before: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || "_-.~*/>})]".contains(c);
    !before.chars().next_back().is_some_and(inside)
}

#[test]
fn the_lock_file_names_one_registry() {
    let lock = read("Cargo.lock");
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = "));
    let official = format!("\"registry+https://github.com/rust-lang/crates{}-index\"", ".io");
    assert_eq!(names(sources), names([official]));
}

/// The sources of the product, without tests and without the catalogue itself.
pub fn product_files() -> Vec<(String, String)> {
    let of_tests = |file: &str| {
        file.starts_with("tests/")
            || file.contains("/tests/")
            || file.contains("/simulation/")
            || file.ends_with("tests.rs")
            || file.ends_with("/sample.rs")
    };
    let sources = rust_files().into_iter().filter(|file| !of_tests(file));
    let sources = sources.filter(|file| file != "ipc/src/fault/catalogue.rs");
    let without_tests = |file: String| {
        let text = read(&file);
        let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        (file, product.to_owned())
    };
    sources.map(without_tests).collect()
}

#[test]
fn every_fault_code_is_raised() {
    let sources: String = product_files().into_iter().map(|(_, text)| text).collect();
    let sources = sources.split_whitespace().collect::<Vec<_>>().join(" ");
    for code in FaultCode::ALL {
        // as a fault, as what a fault is made with, as the code of a task or a check
        let forms = [
            format!("fault!(FaultCode::{code:?}, "),
            format!("fault!( FaultCode::{code:?}, "),
            format!("Fault::of(FaultCode::{code:?}, "),
            format!("= FaultCode::{code:?};"),
            format!("=> FaultCode::{code:?},"),
            format!("{{ FaultCode::{code:?} }}"),
            format!("\"{code}\""),
        ];
        assert!(forms.iter().any(|form| sources.contains(form)), "{code} is raised nowhere");
    }
}

#[test]
fn every_fault_code_that_is_written_exists() {
    let known: Names = names(FaultCode::ALL.iter().map(ToString::to_string));
    for file in ours() {
        let Ok(text) = fs::read_to_string(root().join(&file)) else { continue };
        for (at, _) in text.match_indices("RPA0") {
            let code = text.get(at..at + 7).unwrap_or_default();
            if code[4..].len() == 3 && code[4..].bytes().all(|b| b.is_ascii_digit()) {
                assert!(known.contains(code), "{file}: there is no {code}");
            }
        }
    }
}

#[test]
fn every_problem_of_a_file_is_a_fault_of_the_same_name() {
    for problem in ProblemCode::ALL {
        let fault: FaultCode =
            problem.as_str().parse().unwrap_or_else(|e| panic!("{problem}: {e}"));
        assert_eq!(format!("{fault:?}"), format!("{problem:?}"), "{problem}");
        assert_eq!(fault.exit(), 2, "{problem}: an invalid file");
    }
}

/// Roff as a reader sees it, and bold text in backticks.
fn rendered(roff: &str) -> String {
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
fn section(page: &str, title: &str) -> Vec<String> {
    let text = read(&format!("man/{page}"));
    let heading = |line: &&str| line.starts_with(".SH ") || line.starts_with(".SS ");
    let mut lines =
        text.lines().skip_while(|line| !(heading(line) && rendered(&line[4..]) == title));
    assert!(lines.next().is_some(), "{page} has no section {title}");
    lines.take_while(|line| !heading(line)).map(str::to_owned).collect()
}

/// What is in bold on the line after each `.TP`: the names that are defined.
fn tags(lines: &[String]) -> Names {
    let tags = lines.windows(2).filter(|pair| pair[0].starts_with(".TP"));
    let tags: Vec<String> = tags.map(|pair| rendered(&pair[1])).collect();
    names(tags.iter().flat_map(|tag| tag.split('`').skip(1).step_by(2)))
}

/// The paragraph that defines `name`.
fn definition(lines: &[String], name: &str) -> String {
    let is_tag =
        |line: &&String| line.starts_with(&format!("\\fB{}\\fR", name.replace('-', "\\-")));
    let after = lines.iter().skip_while(|line| !is_tag(line)).skip(1);
    let text = after.take_while(|line| !line.starts_with('.'));
    text.map(|line| rendered(line) + " ").collect()
}

/// The first column of the table of a section.
fn rows(lines: &[String]) -> Names {
    let table = lines.iter().skip_while(|line| *line != ".TS").take_while(|line| *line != ".TE");
    names(table.filter_map(|line| line.split_once('|').map(|(first, _)| rendered(first))))
        .into_iter()
        .filter(|first| !first.starts_with("tab("))
        .collect()
}

#[test]
fn every_setting_is_in_the_manual() {
    let mut documented = Names::new();
    for section_name in names(DEFINITIONS.iter().map(|d| d.section)) {
        documented.extend(tags(&section("rpad.toml.5", &format!("[{section_name}]"))));
    }
    assert_eq!(documented, names(DEFINITIONS.iter().map(|d| d.full_name())));
    for setting in DEFINITIONS {
        let name = setting.full_name();
        let text = definition(&section("rpad.toml.5", &format!("[{}]", setting.section)), &name);
        let default = match setting.default {
            "" => "default none".to_owned(),
            default => format!("default `{default}`"),
        };
        let range = setting.kind.range().replace(" to ", "` to `");
        let range = if range.is_empty() { range } else { format!("from `{range}`") };
        for fact in [default, range, format!("`{}`", setting.env_name())] {
            assert!(text.contains(&fact), "{name}: no {fact:?} in {text:?}");
        }
    }
}

#[test]
fn every_key_of_a_calendar_is_in_the_manual() {
    let documented = tags(&section("rpad.toml.5", &format!("[{CALENDARS}.NAME]")));
    assert!(CALENDAR_KEYS.iter().all(|(key, ..)| documented.contains(*key)), "{documented:?}");
}

#[test]
fn every_setting_of_the_console_is_in_the_manual() {
    let lines = section("rpa-tui.1", "SETTINGS");
    let tagged = lines.windows(2).filter(|pair| pair[0] == ".TP").map(|pair| rendered(&pair[1]));
    let tagged: Vec<String> = tagged.collect();
    let wanted = CONSOLE_SETTINGS.iter().map(|setting| {
        let default = match setting.default {
            "" => "none".to_owned(),
            default => format!("`{default}`"),
        };
        format!("`{}` (default {default})", setting.name)
    });
    assert_eq!(tagged, wanted.collect::<Vec<_>>());
    for setting in CONSOLE_SETTINGS {
        let text = definition(&lines, setting.name);
        let range = match setting.kind {
            Kind::Words(words) => format!("`{}`: ", words.join("`, `")),
            Kind::Number { min, max } => format!("`{min}` to `{max}`: "),
            Kind::Zone => "`auto`, or a name such as `Europe/Sofia`: ".to_owned(),
        };
        assert!(text.contains(&range), "{}: no {range} in {text}", setting.name);
    }
}

#[test]
fn every_key_of_the_console_is_in_its_manual() {
    let page = read("man/rpa-tui.1");
    let wanted = keys_of_the_console();
    assert!(page.contains(&wanted), "man/rpa-tui.1, section KEYS, should have:\n{wanted}");
}

/// The keys of each screen and what they do, as tables of the manual.
fn keys_of_the_console() -> String {
    use rpa_tui::console::keys::{Scope, TABLE};
    let words = rpa_tui::words::Words::new(rpa_ipc::Language::English);
    let escaped = |text: &str| {
        let text = text.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
        // what parts the columns
        text.replace('|', "\\(ba")
    };
    let scopes = [
        (Scope::Everywhere, "Everywhere"),
        (Scope::Moving, "In lists, logs and texts"),
        (Scope::Home, "Home"),
        (Scope::Welcome, "Home, before there is a workflow"),
        (Scope::Workflows, "Workflows"),
        (Scope::Workflow, "One workflow, its steps"),
        (Scope::Graph, "Its graph"),
        (Scope::Step, "Its selected step"),
        (Scope::ItsTriggers, "Its triggers"),
        (Scope::Revisions, "Its revisions"),
        (Scope::Text, "A source or a difference"),
        (Scope::Runs, "Runs"),
        (Scope::Triggers, "Triggers"),
        (Scope::Upcoming, "Upcoming"),
        (Scope::Locks, "Locks"),
        (Scope::Notifications, "Notifications"),
        (Scope::Trigger, "One trigger"),
        (Scope::Run, "One run"),
        (Scope::Log, "Its log"),
        (Scope::Data, "Its data"),
    ];
    let mut section = String::new();
    for (scope, title) in scopes {
        section.push_str(&format!(".SS {title}\n.TS\ntab(|);\nlb lx.\n"));
        for binding in TABLE.iter().filter(|b| b.scope == scope) {
            let keys: Vec<String> = binding.keys.iter().map(ToString::to_string).collect();
            let keys = if keys.is_empty() {
                format!(": {}", binding.action.word())
            } else {
                keys.join("  ")
            };
            let help = words.say(&binding.action.help(), &[]);
            section.push_str(&format!("{}|T{{\n{}\nT}}\n", escaped(&keys), escaped(&help)));
        }
        section.push_str(".TE\n");
    }
    section
}

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
            (".EX" | ".EE" | ".RE" | ".RS 4", Some(_)) => {}
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

fn help(program: &str) -> String {
    let output = Command::new(binary(program)).arg("--help").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The options that a help text lists, in their long form.
fn options(help: &str) -> Names {
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let words = lines.filter_map(|line| line.split_whitespace().find(|w| w.starts_with("--")));
    names(words)
}

#[test]
fn every_option_and_command_is_in_the_manual() {
    for (program, page) in [("rpad", "rpad.8"), ("rpa", "rpa.1"), ("rpa-tui", "rpa-tui.1")] {
        let documented = tags(&section(page, "OPTIONS"));
        let documented = documented.iter().filter(|tag| tag.starts_with("--"));
        assert_eq!(options(&help(program)), names(documented), "{page}");
    }
    let help = help("rpa");
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty());
    let mut commands = names(commands.filter_map(|line| line.split_whitespace().next()));
    // hidden: for whoever packages the product
    commands.insert("man".to_owned());
    assert_eq!(rows(&section("rpa.1", "COMMANDS")), commands);
}

/// Each list with its columns in their order, as CSV has them.
#[test]
fn every_column_of_a_list_is_in_the_manual() {
    let lines = section("rpa.1", "LISTS");
    let mut documented: Vec<(String, Vec<String>)> = Vec::new();
    for pair in lines.windows(2) {
        if pair[0] == ".TP" {
            documented.push((rendered(&pair[1]).replace('`', ""), Vec::new()));
        } else if let Some((_, columns)) = documented.last_mut().filter(|_| pair[1] != ".TP") {
            columns.extend(rendered(&pair[1]).split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    let owned = |fields: &[&str]| fields.iter().map(|field| (*field).to_owned()).collect();
    let wanted: Vec<(String, Vec<String>)> = rpa_tui::cli::output::ALL
        .iter()
        .map(|columns| (columns.command.to_owned(), owned(columns.fields)))
        .collect();
    assert_eq!(documented, wanted);
}

#[test]
fn every_exit_code_is_in_the_manual() {
    let documented = rows(&section("rpa.1", "EXIT STATUS"));
    let mut codes: BTreeMap<String, String> =
        FaultCode::ALL.iter().map(|code| (code.exit().to_string(), code.to_string())).collect();
    for (code, what) in
        [("0", "well"), ("1", "differs"), ("130", "interrupted"), ("141", "no reader")]
    {
        codes.insert(code.to_owned(), what.to_owned());
    }
    assert_eq!(documented, names(codes.keys()), "{codes:?}");
    let table = rpa_tui::cli::exit::CODES.iter().map(ToString::to_string);
    assert_eq!(documented, names(table), "and in the table of the program");
    // its own faults, and what a shell calls a program that a signal ended
    let of_console = rows(&section("rpa-tui.1", "EXIT STATUS"));
    let ends = ["0", "129", "130", "131", "143", "255"].map(str::to_owned);
    let faults = [
        FaultCode::Usage,
        FaultCode::NoHost,
        FaultCode::Internal,
        FaultCode::Io,
        FaultCode::Settings,
    ];
    let faults = faults.map(|code| code.exit().to_string());
    assert_eq!(of_console, names(ends.iter().chain(&faults)));
    let of_daemon = tags(&section("rpad.8", "EXIT STATUS"));
    for code in of_daemon {
        assert!(documented.contains(&code), "{code}");
    }
}
