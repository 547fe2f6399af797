//! What no single crate can hold: the arrows between crates, fault codes against their
//! uses, what no file may contain, and the console against its manual. The rest of the
//! manual is in `manual/`.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use rpa_config::workflow::ProblemCode;
use rpa_ipc::FaultCode;
use rpa_tests::root;
use rpa_tui::console::settings::{DEFINITIONS as CONSOLE_SETTINGS, Kind};

use crate::manual::{definition, rendered, section};

pub type Names = BTreeSet<String>;

pub fn names<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> Names {
    items.into_iter().map(|item| item.as_ref().to_owned()).collect()
}

pub fn read(path: &str) -> String {
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
            || file.contains("/sample/")
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
    let (before, rest) = page.split_once(".SS Everywhere\n").expect("the first screen");
    let (_, after) = rest.split_once(".SH SETTINGS\n").expect("what comes after the keys");
    if std::env::var_os("RPA_WRITE_KEYS").is_some() {
        let written = format!("{before}{wanted}.SH SETTINGS\n{after}");
        fs::write(root().join("man/rpa-tui.1"), written).unwrap();
        return;
    }
    assert!(
        page.contains(&wanted),
        "man/rpa-tui.1, section KEYS, should have what a call with \
         RPA_WRITE_KEYS=1 writes there:\n{wanted}"
    );
}

/// The keys of each screen and what they do, as the manual has them. No table: a page of
/// one is cut where a terminal has no pages.
fn keys_of_the_console() -> String {
    use rpa_tui::console::keys::{Scope, TABLE};
    let words = rpa_tui::words::Words::new(rpa_ipc::Language::English);
    let escaped = |text: &str| text.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
    let scopes = [
        (Scope::Everywhere, "Everywhere"),
        (Scope::Moving, "In lists, logs and texts"),
        (Scope::Home, "Home"),
        (Scope::Welcome, "Home, before there is a workflow"),
        (Scope::Workflows, "Workflows"),
        (Scope::Workflow, "One workflow, its steps"),
        (Scope::Graph, "Its graph"),
        (Scope::Step, "Its selected step"),
        (Scope::Editor, "The editor: steps"),
        (Scope::EditorGraph, "The editor: its graph"),
        (Scope::EditorForm, "The editor: the form of a step"),
        (Scope::ItsTriggers, "Its triggers"),
        (Scope::Revisions, "Its revisions"),
        (Scope::Text, "A source or a difference"),
        (Scope::Runs, "Runs"),
        (Scope::Groups, "Runs, failures by what and where"),
        (Scope::Triggers, "Triggers"),
        (Scope::Upcoming, "Upcoming"),
        (Scope::Approvals, "Approvals"),
        (Scope::Locks, "Locks"),
        (Scope::Slots, "Slots"),
        (Scope::Notifications, "Notifications"),
        (Scope::Trigger, "One trigger"),
        (Scope::Run, "One run"),
        (Scope::Log, "Its log"),
        (Scope::Data, "Its data"),
        (Scope::RunGraph, "The graph of a run"),
        (Scope::Timeline, "Its timeline"),
        (Scope::Events, "Its events"),
    ];
    let mut section = String::new();
    for (scope, title) in scopes {
        section.push_str(&format!(".SS {title}\n.PD 0\n"));
        for binding in TABLE.iter().filter(|b| b.scope == scope) {
            let keys: Vec<String> = binding.keys.iter().map(ToString::to_string).collect();
            let keys = if keys.is_empty() {
                format!(": {}", binding.action.word())
            } else {
                keys.join("  ")
            };
            let help = words.say(&binding.action.help(), &[]);
            section.push_str(&format!(".TP 22\n\\fB{}\\fR\n{}\n", escaped(&keys), escaped(&help)));
        }
        section.push_str(".PD\n");
    }
    section
}
