//! The two catalogues of words against each other and against the source.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_bundle::FluentResource;
use rpa_engine::notification::Settled;
use rpa_ipc::Language;
use rpa_ipc::notifications::{NOTIFICATION_STATES, SEVERITIES};
use rpa_ipc::view::{RUN_STATUSES, STEP_STATUSES};

use crate::console::keys::{Action, Scope};
use crate::console::state::Verb;
use crate::text::{FATES, OUTCOMES, TRIGGER_STATUSES, cells};
use crate::words::Words;

const FILES: [(&str, &str); 2] = [
    (
        "en",
        concat!(
            include_str!("../../words/en.ftl"),
            "\n",
            include_str!("../../words/commands-en.ftl"),
            "\n",
            include_str!("../../words/args-en.ftl")
        ),
    ),
    (
        "bg",
        concat!(
            include_str!("../../words/bg.ftl"),
            "\n",
            include_str!("../../words/commands-bg.ftl"),
            "\n",
            include_str!("../../words/args-bg.ftl")
        ),
    ),
];

const SETTLED: [Settled; 7] = [
    Settled::Decided,
    Settled::TimedOut,
    Settled::Ended,
    Settled::Rerun,
    Settled::Resumed,
    Settled::Released,
    Settled::Over,
];

/// Messages with the names of their arguments.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut last = String::new();
    for line in source.lines() {
        let begins = line.chars().next().is_some_and(|c| c.is_ascii_lowercase());
        if let Some((id, _)) = line.split_once(" =").filter(|_| begins) {
            last = id.to_owned();
            assert!(found.insert(last.clone(), BTreeSet::new()).is_none(), "{id} twice");
        }
        let names = line.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
        if let Some(args) = found.get_mut(&last) {
            args.extend(names.map(str::to_owned));
        } else if line.trim() == format!("{last} =") {
            found.insert(last.clone(), BTreeSet::new());
        }
    }
    found
}

/// Of runs and steps, of triggers, and what can become of a slot.
fn statuses() -> impl Iterator<Item = &'static str> {
    let of_runs = RUN_STATUSES.iter().chain(&STEP_STATUSES);
    of_runs.chain(&TRIGGER_STATUSES).chain(&FATES).chain(&OUTCOMES).copied()
}

#[test]
fn both_languages_say_the_same_things_about_the_same_arguments() {
    for (name, source) in FILES {
        let parsed = FluentResource::try_new(source.to_owned());
        assert!(parsed.is_ok(), "{name}: {:?}", parsed.err().map(|(_, errors)| errors));
    }
    let [(_, english), (_, bulgarian)] = FILES;
    let (english, bulgarian) = (messages(english), messages(bulgarian));
    for (id, args) in &english {
        assert_eq!(bulgarian.get(id), Some(args), "{id}");
    }
    for id in bulgarian.keys() {
        assert!(english.contains_key(id), "{id} is in bg.ftl alone");
    }
}

#[test]
fn bulgarian_is_bulgarian() {
    // what is the same in both: patterns of numbers and what is typed as it stands
    let same = [
        "date-short",
        "search-seeking",
        "form-boolean",
        "form-about-boolean",
        "form-default",
        "trigger-stands",
        "notification-new",
        "setting-set",
    ];
    for line in FILES[1].1.lines() {
        let Some((id, text)) = line.split_once(" = ") else { continue };
        let cyrillic = text.chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c));
        assert!(cyrillic || same.contains(&id) || text.ends_with("->"), "{line}");
    }
}

#[test]
fn every_word_is_used_and_every_used_one_is_there() {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console");
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the source") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "tests") {
                    folders.push(path);
                }
                continue;
            }
            let source = fs::read_to_string(path).expect("a source file");
            // every text in quotes: ids are told from others by being in the catalogue
            used.extend(source.split('"').skip(1).step_by(2).map(str::to_owned));
            for piece in source.split("say!(").skip(1) {
                let Some(id) = piece.split('"').nth(1) else { continue };
                let macro_end = piece.find(')').unwrap_or(piece.len());
                let in_macro = piece.find('"').is_some_and(|at| at < macro_end);
                let is_pattern = id.contains('{');
                if in_macro && !is_pattern {
                    assert!(messages(FILES[0].1).contains_key(id), "{id} is in no catalogue");
                }
            }
        }
    }
    used.extend(statuses().map(|s| format!("status-{s}")));
    let scopes = Scope::ALL.iter().map(|scope| format!("scope-{}", scope.word()));
    let scopes: Vec<String> = scopes.collect();
    for id in &scopes {
        assert!(messages(FILES[0].1).contains_key(id), "{id}");
    }
    used.extend(scopes);
    used.extend(Action::ALL.iter().flat_map(|a| [a.label(), a.help()]));
    used.extend(crate::console::commands::all().iter().flat_map(|l| [l.about(), l.alias()]));
    for leaf in crate::console::commands::all() {
        used.extend(leaf.args.iter().flat_map(|arg| leaf.arg_about(arg)));
    }
    let kinds = ["string", "number", "boolean", "json", "list", "secret"];
    used.extend(kinds.map(|kind| format!("form-about-{kind}")));
    let kinds = ["schedule", "webhook", "file_watch", "event", "after", "manual"];
    used.extend(kinds.map(|kind| format!("kind-{kind}")));
    let kinds = rpa_config::edit::kinds();
    used.extend(kinds.map(|kind| format!("step-kind-{}", kind.word.replace('.', "-"))));
    used.extend(super::field_words::all().into_keys());
    used.extend(crate::trouble::Trouble::ALL.map(|trouble| trouble.words().to_owned()));
    let settings = crate::console::settings::DEFINITIONS.iter().map(|d| d.name);
    used.extend(settings.flat_map(|name| [format!("set-{name}"), format!("set-{name}-help")]));
    used.extend(["done", "retry", "fail"].map(|choice| format!("resolve-{choice}")));
    used.extend(crate::console::keys::Layout::ALL.map(|l| format!("keyboard-{}", l.word())));
    let verbs = Verb::ALL.iter().map(|verb| verb.word());
    used.extend(verbs.flat_map(|verb| {
        ["asked", "done", "title", "consequence"].map(|part| format!("{verb}-{part}"))
    }));
    used.extend(SEVERITIES.map(|severity| format!("severity-{severity}")));
    used.extend(NOTIFICATION_STATES.map(|state| format!("standing-{state}")));
    used.extend(SETTLED.map(|how| format!("settled-{}", how.word())));
    used.extend(["draining", "degraded", "held"].map(|state| format!("daemon-{state}")));
    used.extend(["gone", "retiring"].map(|state| format!("runner-{state}")));
    for id in messages(FILES[0].1).keys() {
        assert!(used.contains(id), "{id} is used nowhere");
    }
    for status in statuses() {
        assert!(messages(FILES[0].1).contains_key(&format!("status-{status}")), "{status}");
    }
    for leaf in crate::console::commands::all() {
        for id in [leaf.about(), leaf.alias()] {
            assert!(messages(FILES[0].1).contains_key(&id), "{id}");
        }
    }
    for action in Action::ALL {
        for id in [action.label(), action.help()] {
            assert!(messages(FILES[0].1).contains_key(&id), "{id}");
        }
    }
}

/// There is one definition of what an argument is: in English the catalogue says what the help
/// of the command does.
#[test]
fn every_argument_in_a_form_is_said_as_the_help_has_it() {
    let words = Words::new(Language::English);
    let mut missing = Vec::new();
    for leaf in crate::console::commands::all() {
        for arg in &leaf.args {
            let ids = leaf.arg_about(arg);
            let said = ids.iter().find_map(|id| words.find(id));
            if said.as_ref() != Some(&arg.help) {
                missing.push(format!("{} = {}", ids[0], arg.help));
            }
        }
    }
    assert!(missing.is_empty(), "words/args-en.ftl lacks\n{}", missing.join("\n"));
}

#[test]
fn words_fit_their_places() {
    for language in Language::ALL {
        let words = Words::new(language);
        for status in statuses() {
            let word = words.say(&format!("status-{status}"), &[]);
            assert!(cells(&word) <= 11, "{language} {status}: {word}");
        }
        for action in Action::ALL {
            let label = words.say(&action.label(), &[]);
            assert!(cells(&label) <= 18, "{language}: {label}");
        }
    }
}
