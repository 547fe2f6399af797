//! The words of faults against the source: what is said exists in the catalogue
//! with just these arguments, what is in the catalogue is said, and a person reads
//! it in their language.

use std::collections::{BTreeMap, BTreeSet};

use rpa_config::settings::{Settings, SettingsProblem};
use rpa_config::testfile;
use rpa_config::workflow::{Problem, check};
use rpa_ipc::fault::{messages, problem_in, reason_in, say, setting_said, source};
use rpa_ipc::view::ProblemView;
use rpa_ipc::{FaultCode, Language};
use rpa_tests::World;

use crate::tidy::product_files;

type Args = BTreeSet<String>;

/// Files that define what is looked for here.
const MACROS: [&str; 2] = ["ipc/src/fault/said.rs", "config/src/said.rs"];

/// The sources of the product without comments.
fn sources() -> BTreeMap<String, String> {
    let comment = |line: &&str| !line.trim_start().starts_with("//");
    let bare = |text: &str| text.lines().filter(comment).collect::<Vec<_>>().join("\n");
    product_files().into_iter().map(|(file, text)| (file, bare(&text))).collect()
}

/// The arguments of the macro call whose parenthesis was just opened.
fn arguments(text: &str) -> Vec<String> {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    let mut found = vec![String::new()];
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = quoted,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        found.last_mut().unwrap().push(c);
    }
    let found = found.into_iter().map(|argument| argument.trim().to_owned());
    found.filter(|argument| !argument.is_empty()).collect()
}

/// Every message that the source says: its id and the names of its arguments.
fn said() -> Vec<(String, String, Args)> {
    let mut found = Vec::new();
    for (file, text) in sources().iter().filter(|(file, _)| !MACROS.contains(&file.as_str())) {
        for (name, before_id) in [("said!(", 0), ("fault!(", 1)] {
            for (at, _) in text.match_indices(name) {
                let arguments = arguments(&text[at + name.len()..]);
                let id = arguments.get(before_id).and_then(|id| id.strip_prefix('"'));
                let id = id.and_then(|id| id.strip_suffix('"'));
                let id =
                    id.unwrap_or_else(|| panic!("{file}: {name} without an id: {arguments:?}"));
                let names = arguments[before_id + 1..]
                    .iter()
                    .map(|argument| argument.split(" = ").next().unwrap_or_default().to_owned());
                found.push((file.clone(), id.to_owned(), names.collect()));
            }
        }
    }
    // of names, and of what daemon, client and command line say
    assert!(found.len() > 100, "{found:?}");
    found
}

#[test]
fn what_is_said_is_in_the_catalogue_with_these_arguments() {
    let catalogue = messages(Language::English);
    for (file, id, args) in said() {
        let wanted = catalogue.get(&id).unwrap_or_else(|| panic!("{file}: there is no {id}"));
        assert_eq!(&args, wanted, "{file}: the arguments of {id}");
    }
}

#[test]
fn what_is_in_the_catalogue_is_said() {
    let text: String = sources().into_values().collect();
    let codes = |prefix| FaultCode::ALL.iter().map(move |code| format!("{prefix}-{code}"));
    let of_codes: BTreeSet<String> = codes("title").chain(codes("hint")).collect();
    for id in messages(Language::English).into_keys() {
        let said = match id.split_once('-') {
            _ if of_codes.contains(&id) => true,
            // what is read backwards is checked below
            Some(("error" | "reason" | "problem" | "advice" | "word" | "config", _)) => true,
            Some(("fact", name)) => [name.replace('-', "_"), name.replace('-', " ")]
                .iter()
                .any(|name| text.contains(&format!(".with({name:?}, "))),
            _ => text.contains(&format!("{id:?}")),
        };
        assert!(said, "{id} is said nowhere");
    }
}

#[test]
fn every_fact_of_a_fault_has_a_name_in_each_language() {
    let catalogue = messages(Language::English);
    for (file, text) in sources() {
        for (at, call) in text.match_indices(".with(\"") {
            let name = text[at + call.len()..].split('"').next().unwrap();
            let id = format!("fact-{}", name.replace([' ', '_'], "-"));
            assert!(catalogue.contains_key(&id), "{file}: there is no {id}");
        }
    }
}

#[test]
fn faults_say_what_is_in_the_catalogue_and_nothing_else() {
    // what checks files has hints of its own: see `problem_in`
    let faults = sources().into_iter().filter(|(file, _)| !file.starts_with("config/"));
    for (file, text) in faults {
        let defines = file == "ipc/src/fault.rs";
        assert!(defines || !text.contains("Fault::new("), "{file}: use fault!");
        assert!(!text.contains(".hint(\""), "{file}: a hint that has no id");
        assert!(!text.contains(".hint(format!"), "{file}: a hint that has no id");
    }
}

/// Sources and messages alike: what stands for an argument, quotation marks and line
/// breaks inside a text are left out.
fn bare(text: &str) -> String {
    let text = text.replace("\\\n", "\n").replace("\\\"", "").replace('"', "");
    let mut bare = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('{') {
        bare += &rest[..at];
        // `{name:?}`, `{ $name }`; other braces are text, or blocks of the source
        let inside = |c: char| c.is_alphanumeric() || "_ :?$#.".contains(c);
        rest = &rest[at + 1..];
        let end = rest.find(|c| !inside(c)).unwrap_or(rest.len());
        if rest[end..].starts_with('}') {
            rest = &rest[end + 1..];
        }
    }
    bare += rest;
    bare.replace('}', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Messages of which the source has the pieces in several places.
const COMPOSED: [&str; 111] = [
    "error-still-true",
    "error-still-false",
    "error-still-true-once",
    "error-still-false-once",
    "advice-near-presets",
    "advice-presets",
    "advice-near-it-has",
    "advice-it-has",
    "advice-near-it-gives",
    "advice-it-gives",
    "advice-near-fields",
    "advice-fields",
    "advice-near-variables",
    "advice-variables",
    "advice-inside-of-it",
    "advice-until",
    "word-approval-step",
    "word-of-form-field",
    "word-detached-step",
    "advice-for-string",
    "advice-for-bounded",
    "advice-for-no-secret",
    "error-turns",
    "error-rejected-comment",
    "error-rejected-votes",
    "error-approvals",
    "error-lock-circle",
    "error-lock-empty",
    "error-lock-long",
    "error-lock-match",
    "error-gate-queue",
    "word-below",
    "word-above",
    "word-few-characters",
    "word-many-characters",
    "word-few-items",
    "word-many-items",
    "problem-id-outside",
    "error-exit-line",
    "error-signal-line",
    "error-no-program",
    "error-not-executable",
    "error-command-large",
    "error-answered-redirect",
    "error-body-file",
    "error-read",
    "error-write",
    "error-with-type",
    "error-with-required",
    "error-with-one-of",
    "error-with-number",
    "error-directory",
    "error-input",
    "error-log",
    "error-output",
    "problem-file-nodes",
    "problem-file-text",
    "problem-the-string",
    "problem-no-unit",
    "problem-no-duration",
    "problem-duration-long",
    "problem-size-unit",
    "problem-no-size",
    "problem-name-hyphen",
    "problem-name-empty",
    "problem-name-long",
    "problem-name-match",
    "problem-env-kept",
    "advice-near-allowed",
    "advice-allowed",
    "advice-near-inputs",
    "advice-near-steps",
    "advice-steps",
    "problem-test-no-path",
    "advice-near-filters",
    "advice-near-task",
    "advice-unit",
    "advice-roots",
    "advice-near-root",
    "config-say-unit",
    "config-say-size-unit",
    "config-near-sections",
    "config-sections",
    "config-near-keys",
    "config-keys",
    "config-near-settings",
    "config-settings",
    "word-of-step",
    "word-of-variable",
    "word-of-run",
    "word-run-step",
    "word-and",
    "problem-path-slash",
    "problem-path-part",
    "problem-path-plain",
    "problem-path-dots",
    "problem-body-large",
    "problem-directory-expression",
    "problem-directory-absolute",
    "problem-directory-up",
    "problem-directory-odd",
    "problem-directory-long",
    "problem-glob-unread",
    "problem-glob-long",
    "problem-glob-below",
    "problem-glob-directory",
    "advice-kinds",
    "advice-verify",
    "advice-body-large",
    "advice-flow-key",
    "word-entry-of",
];

/// Where pieces meet in the text of such a message.
const SEAMS: [(&str, &str); 3] = [
    ("approvals within", "approvals; within"),
    ("is less than", "is; less than"),
    ("is more than", "is; more than"),
];

/// What is read backwards has to be worded as where it is made.
fn worded_as_in_the_source(prefixes: &[&str], of: impl Fn(&str) -> bool) {
    let sources = sources();
    let text: Vec<&str> =
        sources.iter().filter(|(file, _)| of(file)).map(|(_, text)| text.as_str()).collect();
    let text = bare(&text.join("\n"));
    let messages = source(Language::English).lines().filter_map(|line| line.split_once(" = "));
    let messages = messages.filter(|(id, _)| prefixes.iter().any(|prefix| id.starts_with(prefix)));
    let mut missing = Vec::new();
    for (id, said) in messages {
        let said = said.replace("{\"{\"}", "").replace("{\"}\"}", "");
        let whole = bare(&said);
        let seamed = |said: String, (whole, cut): &(&str, &str)| said.replace(whole, cut);
        let said = SEAMS.iter().fold(said, seamed);
        let between = said.split(['{', '}']).step_by(2).map(bare);
        let pieces: Vec<String> = match COMPOSED.contains(&id) {
            true => between
                .flat_map(|p| p.split([':', ';', '?', ',', '`']).map(bare).collect::<Vec<_>>())
                .collect(),
            false => vec![whole],
        };
        for piece in pieces.into_iter().filter(|piece| !text.contains(piece.as_str())) {
            missing.push(format!("{id}: no source says {piece:?}"));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn stored_errors_are_worded_as_in_the_source() {
    worded_as_in_the_source(&["error-"], |file| {
        let of_config = ["config/src/expr/", "config/src/catalogue/", "config/src/evaluate/"];
        file.starts_with("tasks/")
            || file.starts_with("daemon/")
            || of_config.iter().any(|folder| file.starts_with(folder))
    });
}

#[test]
fn reasons_are_worded_as_in_the_source() {
    worded_as_in_the_source(&["reason-"], is_of_the_daemon);
}

fn is_of_the_daemon(file: &str) -> bool {
    file.starts_with("tasks/") || file.starts_with("daemon/")
}

/// What a reason, or what becomes one, stands behind in the source.
const REASONS: [&str; 20] = [
    "before(",
    "reason: ",
    "reason = ",
    "why: ",
    "why = ",
    "lost(",
    "Lost(",
    "health.set(State::Draining, ",
    "health.set(State::Degraded, ",
    "run_again(",
    "SkipReason::Condition => ",
    "SkipReason::Needs { step, was } => ",
    "SkipReason::NotInvoked { step } => ",
    "fn survived(group: &Group) -> String { ",
    "String::new, |(lock, _)| ",
    "Stands::Asks => ",
    "Stands::Doubts => ",
    "Gate::Waiting { key } if key.is_empty() => { ",
    "Gate::Waiting { key } => ",
    "Gate::TurnedAway { reason } => ",
];

/// What stands behind those and is a part of a reason: it is known with the rest of it.
const PARTS: [&str; 3] = ["{limit}, and {} wait, as many as may", "asks", "doubts"];

#[test]
fn every_reason_is_said_in_bulgarian() {
    let mut unknown = Vec::new();
    let mut known = 0;
    for (file, text) in sources().iter().filter(|(file, _)| is_of_the_daemon(file)) {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for (at, before) in REASONS.iter().flat_map(|before| text.match_indices(before)) {
            let rest = text[at + before.len()..].trim_start_matches(['&', ' ']);
            let rest = rest.strip_prefix("format!(").unwrap_or(rest).trim_start();
            let Some(literal) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            // why a lint is not heeded is nothing that a person reads
            let in_attribute = text[..at].rsplit_once("#[").is_some_and(|(_, a)| !a.contains(']'));
            if in_attribute || PARTS.contains(&literal) {
                continue;
            }
            let mut pieces = literal.split(['{', '}']).enumerate();
            let reason: String =
                pieces.by_ref().map(|(i, piece)| if i % 2 == 0 { piece } else { "7" }).collect();
            match reason_in(Language::Bulgarian, &reason) {
                said if reason.is_empty() || said != reason => known += 1,
                _ => unknown.push(format!("{file}: {literal}")),
            }
        }
    }
    assert!(known >= 20, "{known}");
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn problems_of_files_are_worded_as_in_the_source() {
    worded_as_in_the_source(&["problem-", "advice-", "word-"], |file| {
        let other = ["config/src/settings/", "config/src/calendar/"];
        let other = other.iter().any(|folder| file.starts_with(folder));
        (file.starts_with("config/") && !other) || file == "tui/src/cli/checking.rs"
    });
}

#[test]
fn problems_of_settings_are_worded_as_in_the_source() {
    worded_as_in_the_source(&["config-"], |file| {
        let shared = ["config/src/units.rs", "config/src/suggest.rs"];
        file.starts_with("config/src/settings/")
            || file == "tui/src/console/settings/file.rs"
            || file.starts_with("config/src/calendar/")
            || shared.contains(&file)
    });
}

/// Settings with every kind of mistake.
const BAD_SETTINGS: &str = "max_active = 1\nruns = 1\n\
     [daemon]\ndrain_timeout = 30\nlog = \"\"\npassword = \"x\"\nlog_files = true\nlog_file = \"a\"\n\
     [store]\ncache = \"64\"\nfree_reserve = \"99999999999TiB\"\n\
     [secrets]\ndirectroy = \"/a\"\n[shell]\ninherit_env = [\"A=B\"]\n[stor]\ncache = true\n\
     [calendars.Holidays]\n[calendars.weekends]\n[calendars.empty]\n[calendars]\nflat = 5\n\
     [calendars.a-1]\ndays = ['monday']\ndates = ['x', '2026-12-31..2026-12-30', 5]\nfile = 'x'\ndate = 1\n";

#[test]
fn problems_of_settings_are_said_in_bulgarian() {
    let world = World::new();
    let file = world.file("bad.toml", BAD_SETTINGS);
    let env = [
        ("RPAD_DEAMON_LOG", "info"),
        ("RPAD_RUNS_MAX_ACTIV", "1"),
        ("RPAD_RUNS_MAX_ACTIVE", "0"),
        ("RPAD_RUNS_MAX_ATTEMPTS", "many"),
        ("RPAD_RUNS_CANCEL_GRACE", "9999d"),
        ("RPAD_STORE_CACHE", "lots"),
        ("RPAD_SHELL_INHERIT_ENV", "A B,=x"),
        ("RPAD_CALENDARS_HOLIDAYS", "x"),
    ];
    let env = env.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let problems = Settings::load(Some(&file), env).unwrap_err();
    assert!(problems.len() > 20, "{problems:#?}");
    said_in_both(&problems);
}

fn said_in_both(problems: &[SettingsProblem]) {
    for problem in problems {
        let place = problem.origin.to_string();
        let said = setting_said(&place, &problem.message, &problem.hint);
        let english = say(Language::English, &said).unwrap();
        assert_eq!(english, format!("{problem} ({})", problem.hint));
        let bulgarian = say(Language::Bulgarian, &said).unwrap();
        for known in [problem.message.as_str(), &problem.hint] {
            // a hint may stand in parentheses
            let left = bulgarian.contains(&format!(" {known}"));
            assert!(!left && !bulgarian.contains(&format!("({known})")), "{bulgarian}");
        }
    }
}

/// Events with every kind of mistake, and a line that is none.
const BAD_EVENTS: [&str; 14] = [
    "DTSTART:tomorrow",
    "SUMMARY:x",
    "DTSTART:20261224\nRRULE:FREQ=WEEKLY",
    "DTSTART:20261224\nRRULE:INTERVAL=2",
    "DTSTART:20261224\nRRULE:FREQ=YEARLY;BYDAY=1MO",
    "DTSTART:20261224\nRRULE:FREQ=YEARLY;BYMONTH=11",
    "DTSTART:20261224\nEXDATE:20271224",
    "DTSTART:20261224\nDTEND:20261223",
    "DTSTART:20261224\nDURATION:1 day",
    "DTSTART:20261224\nDURATION:P4000000000W",
    "what is this",
    "END:VJOURNAL",
    "X:END",
    "BEGIN:VALARM",
];

#[test]
fn problems_of_calendars_are_said_in_bulgarian() {
    let world = World::new();
    let events = BAD_EVENTS.map(|event| format!("BEGIN:VEVENT\n{event}\nEND:VEVENT\n"));
    let long = format!("X:{}\n", "x".repeat(65_536));
    let calendar = format!("BEGIN:VCALENDAR\n{}{long}", events.concat());
    let files = [
        ("bad.ics", calendar.into_bytes()),
        ("bad.txt", b"x\n2026-12-24..2026-12-23\n".to_vec()),
        ("large.txt", vec![b'#'; (1_usize << 20) + 1]),
        ("many.txt", b"2026-12-24\n".repeat(10_001)),
        ("latin.txt", vec![0xe9]),
    ];
    let mut settings = String::new();
    for (name, bytes) in files {
        let path = world.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let section = name.split('.').next().unwrap();
        let section = if name.ends_with("ics") { "events" } else { section };
        settings += &format!("[calendars.{section}]\nfile = '{}'\n", path.display());
    }
    settings += &format!("[calendars.folder]\nfile = '{}'\n", world.path().display());
    let file = world.file("rpad.toml", &settings);
    let problems = Settings::load(Some(&file), std::iter::empty()).unwrap_err();
    assert!(problems.len() > 18, "{problems:#?}");
    said_in_both(&problems);
}

/// Files with most kinds of mistakes.
const MISTAKES: [&str; 21] = [
    "",
    "version: 2\nname: x\nsteps: [{id: a, run: x}]\n",
    "name: No-Name\nnmae: x\nsteps: {}\n",
    "version: 1\nname: x\ndescription: [a]\ntags: a\nvariables: []\nsteps: []\n",
    "version: 1\nname: x\nsteps:\n  - {id: a-b, run: x, uses: noop}\n  - {id: c}\n  - {id: c, run: ''}\n\
     \x20 - {id: d, uses: nop}\n  - {id: e, uses: http.request, with: {ulr: x}}\n",
    "version: 1\nname: x\nsteps:\n  - {id: a, run: x, timeout: 5, retry: 3, needs: [b, z]}\n\
     \x20 - {id: b, run: 'echo {{ vars.x }}', needs: [a], wait: 5s, effect: sometimes}\n",
    "version: 1\nname: x\nvariables:\n  a: {type: text}\n  b: {type: number, default: x}\n\
     \x20 c: {required: maybe}\n  d: 5\nsteps:\n  - {id: s, switch: x, with: {a: 1}}\n",
    "version: 1\nname: x\nsteps:\n  - {id: a, set: {x: '{{ vars.nope }}', y: '{{ (1 }}'}}\n\
     \x20 - {id: b, if: 'nope > 1', set: {z: \"{{ 'a' | uper }}\", w: '{{ steps.q.output }}'}}\n",
    "version: 1\nname: x\nname: y\nsteps:\n  - {id: a, run: !!x ls, retry: {attempts: 0}}\n\
     \x20 - {id: b, wait: 0s}\n  - {id: c, env: {RPA_X: 1, 'a b': x}, run: x}\n",
    "version: 1\nname: x\nsteps:\n  - {id: a, steps: [], retry: none}\n  - {id: b, for_each: 5, steps: x}\n\
     \x20 - {id: c, while: 'true', steps: [{id: c, run: x}]}\n  - {id: d, repeat: 3, steps: [{id: e, run: x}]}\n\
     \x20 - {id: f, repeat: {}, run: x, on_error: maybe}\n  - {id: g, switch: '{{ vars.q }}', cases: 3}\n\
     \x20 - {id: h, for_each: [1], as: vars, on_item_error: some, max_parallel: 0, steps: [{id: i, run: x}]}\n",
    "version: 1\nname: x\nsteps:\n  - {id: a, run: x, on_error: {fallback: a}}\n  - {id: b, run: x, on_error: {fallback: q}}\n\
     \x20 - {id: c, wait: {until: tomorrow}}\n  - {id: d, wait: {until: '2026-12-01T09:00'}}\n\
     \x20 - {id: e, run: x, retry: {attempts: 3, on: [never], jitter: 200%}}\n  - {id: f, run: x, retry: often}\n\
     \x20 - {id: g, set: {x: '{{ loop.index }} {{ run.error }}'}}\nhandlers: {}\n",
    "version: 1\nname: x\nvariables:\n  a: {type: number, min: 5, max: 1}\n  b: {type: boolean, pattern: x, min: 1}\n\
     \x20 c: {type: string, pattern: '(', enum: 5}\n  d: {type: string, default: x, enum: [y]}\nsteps:\n\
     \x20 - {id: a, steps: [{id: b, run: x}]}\n  - {id: c, set: {y: '{{ steps.b.output }}'}}\n\
     \x20 - {id: d, for_each: [1], max_parallel: 2, steps: [{id: e, set: {z: '{{ loop.parent }}'}}]}\n",
    "version: 1\nname: x\ncategory: A b\nconcurrency: {limit: 1, key: x, on_limit: skip, max_queue: 1}\nsla: {}\nsteps:\n\
     \x20 - {id: a, workflow: '{{ vars.w }}'}\n  - {id: b, workflow: x}\n  - {id: c, workflow: a/b/c, with: [x], detached: 1}\n\
     \x20 - {id: d, workflow: B, effect: pure}\n  - {id: e, workflow: y, detached: true, timeout: 1h, outputs: {a: '{{ output.b }}'}}\n\
     \x20 - {id: f, uses: approval}\n  - {id: g, mutex: x, run: x}\n  - {id: h, lock: [a], run: x}\n  - {id: i, lock: A, tokens: {B: x}, run: x}\n\
     \x20 - {id: j, lock: l, tokens: {t: 1, l: 1}, steps: [{id: k, run: x, lock: l, tokens: {t: 1}}]}\n\
     \x20 - {id: l, lock: 'a b {{ run.id }}', run: x}\n  - {id: m, lock: '{{ secrets.s }}', tokens: 1, run: x}\n",
    "version: 1\nname: x\nconcurrency: {limit: 1, key: '{{ steps.a.output }} {{ vars.later }} {{ run.started_at }}'}\n\
     sla: {start_within: 2h, finish_within: 1h}\nsteps:\n  - {id: a, approval: [x]}\n  - {id: b, approval: x, timeout: 1h, retry: none}\n\
     \x20 - {id: c, approval: {message: x, approvers: []}}\n  - {id: d, approval: {message: x, approvers: [a, a, 'b c'], form: {p: {type: secret}, q: 5, R: {type: x}}}}\n\
     \x20 - {id: e, approval: {message: '{{ secrets.s }}', approvers: [a], quorum: 2, on_timeout: no, show: {A: 1}}}\n\
     \x20 - {id: f, approval: {message: x, form: {a: {type: string}}}}\n  - {id: g, set: {later: '{{ steps.f.output.desision }} {{ steps.f.output.fields.b }} {{ steps.b.output.fields.c }}'}}\n\
     \x20 - {id: h, approval: {message: x, approvers: [5]}}\n",
    "version: 1\nname: x\nconcurrency: x\nsteps:\n  - {id: a, wait: {event: A B}}\n  - {id: b, wait: {event: '{{ vars.x }}', match: 'true', on_timeout: reject}}\n\
     \x20 - {id: c, wait: {event: e, until: x}}\n  - {id: d, wait: {event: e, match: event.payload}, timeout: 1h}\n\
     \x20 - {id: e, set: {x: '{{ event.data }}'}}\n  - {id: f, wait: {match: event.data}}\n  - {id: g, wait: {}}\n",
    "version: 1\nname: x\nvariables: {n: {type: number, max: 5}, s: {type: string}, k: {type: secret}}\nsteps: [{id: a, uses: noop}]\ntriggers:\n\
     \x20 - 5\n  - {}\n  - {id: a, after: x, webhook: x}\n  - {schedule: {}}\n  - {id: b-c, schedule: {cron: '@daily', every: 1h}, cron: x}\n  - {id: a, schedule: x}\n\
     \x20 - {id: c, vars: [x], schedule: {every: 1h}}\n  - {id: c, if: 'vars.x and trigger.late and secrets.k', vars: {n: 7, s: 1, k: x, m: 1}, schedule: {every: 1h}}\n\
     \x20 - {id: d, if: 5, vars: {n: 'a {{ trigger.id }}', s: '{{ steps.a.output }} {{ secrets.k }}'}, schedule: {every: 1h}}\n",
    "version: 1\nname: x\nsteps: [{id: a, uses: noop}]\ntriggers:\n\
     \x20 - {id: a, schedule: {cron: '0 0 31 2 *', start: 2027-01-01, end: 2026-01-01, days: weekdays holidays, outside: skip}}\n\
     \x20 - {id: b, schedule: {cron: '* * *', timezone: Europe/Sophia, days: weekdays - all, dst: {gap: x}}}\n\
     \x20 - {id: c, schedule: {cron: '{{ x }}', timezone: Nowhere, days: weekdays-fairs, jitter: 1}}\n\
     \x20 - {id: d, schedule: {cron: '@reboot', catch_up: {policy: none, max: 1}, overlap: queue}}\n\
     \x20 - {id: e, schedule: {cron: '@dayly', catch_up: [x], outside: skip, pause_on_failure: 0}}\n\
     \x20 - {id: f, schedule: {every: 1ms, jitter: 1h, dst: {}}}\n  - {id: g, schedule: {every: 1s, jitter: 1h, from: noon}}\n\
     \x20 - {id: h, schedule: {at: [2026-12-01, 1969-01-01T09:00, '{{ x }}', 2026-03-29T03:30, 2026-10-25T03:30], timezone: Europe/Sofia}}\n\
     \x20 - {id: i, schedule: {at: [2026-12-01T09:00, 2026-12-01T09:00Z], from: x}}\n  - {id: j, schedule: {at: []}}\n",
    "version: 1\nname: x\nsteps: [{id: a, uses: noop}]\ntriggers:\n\
     \x20 - {id: a, schedule: {cron: 'x 0 0 * * *'}}\n  - {id: b, schedule: {cron: 'x 0 * * *'}}\n  - {id: c, schedule: {cron: '0 25 * * *'}}\n\
     \x20 - {id: d, schedule: {cron: '0 0 32 * *'}}\n  - {id: e, schedule: {cron: '0 0 * X *'}}\n  - {id: f, schedule: {cron: '0 0 * * 9'}}\n\
     \x20 - {id: g, schedule: {cron: '0 22-2 * * *'}}\n  - {id: h, schedule: {cron: '@never'}}\n",
    "version: 1\nname: x\nvariables: {v: {type: json, default: 1}}\nsteps: [{id: a, set: {y: '{{ trigger.data }}'}}]\ntriggers:\n\
     \x20 - {id: a, webhook: {path: a, verify: none}, if: \"trigger.bdy and trigger.headers['X-Event']\"}\n\
     \x20 - {id: b, file_watch: {directory: /in}, vars: {v: '{{ trigger.pth }} {{ trigger.events }}'}}\n\
     \x20 - {id: c, event: {name: e, match: trigger.slot and vars.x}, batch: {size: 5, wait: 1s}, if: trigger.events}\n\
     \x20 - {id: d, after: {workflow: z, match: 'true'}, debounce: {wait: 1s, key: '{{ secrets.k }} {{ run.id }}'}}\n\
     \x20 - {id: e, event: {name: '{{ x }}', match: 5}}\n\
     \x20 - {id: f, event: 5}\n\
     \x20 - {id: g, after: x}\n\
     \x20 - {id: h, after: a/b/c}\n\
     \x20 - {id: i, after: {workflow: '{{ vars.x }}', status: ended}}\n\
     \x20 - {id: j, after: {workflow: Z, status: []}}\n\
     \x20 - {id: k, after: {status: [failed, failed], match: failed()}}\n\
     \x20 - {id: l, after: 5}\n\
     \x20 - {id: m, event: A}\n",
    "version: 1\nname: x\nvariables: {n: {type: number}, s: {type: string, default: x}}\nsteps: [{id: a, set: {y: '{{ trigger.data }}'}}]\ntriggers:\n\
     \x20 - {id: a, webhook: {path: /a/, verify: github}, vars: {n: 1}}\n\
     \x20 - {id: b, webhook: {path: a//b, verify: maybe}, vars: {n: 1}}\n\
     \x20 - {id: c, webhook: {path: '{id}', verify: {scheme: md5}}, vars: {n: 1}}\n\
     \x20 - {id: d, webhook: {path: a/.., verify: {secrets: []}}, vars: {n: 1}}\n\
     \x20 - {id: e, webhook: {path: 'a b', verify: {scheme: none, secrets: [k], tolerance: 8d}}, vars: {n: 1}}\n\
     \x20 - {id: f, webhook: {path: f, verify: {scheme: github, tolerance: 1m}}, vars: {n: 1}}\n\
     \x20 - {id: g, webhook: {path: g, verify: {secrets: [X, k, k]}, max_body: 0B, rate: {limit: 0}}, vars: {n: 1}}\n\
     \x20 - {id: h, webhook: {path: g, verify: {secrets: [a, b, c, d, e, f, g, h, i]}, max_body: 2MiB, respond: 6m}, vars: {n: 1}}\n\
     \x20 - {id: i, webhook: {path: i, verify: none}, vars: {n: 1}}\n\
     \x20 - {id: j, webhook: {path: i, verify: none}, vars: {n: 1}}\n\
     \x20 - {id: k, manual: {variables: [s, s, q]}, vars: {s: x}}\n\
     \x20 - {id: l, manual: {who: [], variables: n}}\n\
     \x20 - {id: m, manual: {who: [a, a, 'b c', 5]}, batch: {size: 1, wait: 1s}}\n\
     \x20 - {id: n, manual: {variables: [n, 5]}}\n",
    "version: 1\nname: x\nvariables: {}\nsteps: [{id: a, set: {y: '{{ trigger.data }}'}}]\ntriggers:\n\
     \x20 - {id: a, file_watch: {directory: in, include: [], changes: [created, created], poll: 1ms}}\n\
     \x20 - {id: b, file_watch: {directory: /in/.., include: '[a', exclude: [/x, a/, 5], changes: []}}\n\
     \x20 - {id: c, file_watch: {directory: '/{{ x }}', include: a/b, changes: modified, existing: fire}}\n\
     \x20 - {id: d, file_watch: {directory: \"/in\\n\", exclude: '', dedupe: x}}\n\
     \x20 - {id: e, event: e, debounce: {wait: 1m, max: 1s, key: x}, batch: {size: 5, wait: 1s}}\n\
     \x20 - {id: f, event: e, debounce: [x], throttle: {limit: 1, per: 8d, excess: x}}\n\
     \x20 - {id: g, event: e, debounce: {max: 1s}, batch: {}}\n\
     \x20 - {id: h, schedule: {every: 1h}, debounce: 5s, pause_on_failure: 3}\n",
];

/// Every kind of mistake in a file of tests of the workflow below.
const TEST_MISTAKES: &[&str] = &[
    "tests: [{name: x}, 5]\nverson: 2\n",
    "version: 2\ntests: []\n",
    "version: x\n",
    "version: 1\nworkflow: 5\ntests: []\n",
    "version: 1\ntests: 5\n",
    "version: 1\ntests:\n  - {name: '', run: x, now: x, variables: 5, secrets: {a: 1}, steps: 5, expect: 5, stpes: {}}\n\
     \x20 - {name: b, cancel_after: 5, variables: {A: 1}, steps: {A: {}, a: {}, b: [], c: {exit: 0}, d: {exit: x}}}\n\
     \x20 - {name: b, steps: {a: {exit: 1, http: 500}, b: {fail: {}}, c: {fail: {class: odd}}, d: {fail: {class: system, \
     message: 1, cde: 2, started: x}}, e: {lost: false}, f: {resolve: maybe, lost: true}}}\n\
     \x20 - {name: c, expect: {status: done, error: {code: 1, cod: 1}, path: 5, steps: {a: {stat: x}}, inputs: {a: {w: 1}}, within: 5, outputs: 5}}\n\
     \x20 - {name: d, expect: {path: [5, A], steps: {a: maybe, b: {attempts: -1}}, outpus: {}}}\n",
    "version: 1\ntests:\n  - {name: a, variables: {k: 5, limt: 1}, steps: {x: {exit: 1}, s: {exit: 1}, w: {exit: 1}, g: {exit: 1}}, \
     expect: {path: [g], steps: {aa: failed}}}\n  - {name: b, variables: {n: x, k: t}}\n  - {name: c, variables: {n: 200, k: t}}\n",
    "version: 1\nworkflows: 5\ntests:\n  - {name: a, steps: {ok: {approve: 5}, e: {event: 5}, p: {reject: {by: [a]}}}, expect: {late: 5}}\n\
     \x20 - {name: b, steps: {ok: {approve: {by: [], fields: 5, comment: 1, at: '', x: 1}}, e: {event: {id: x, by: 5}}}, expect: {late: [soon]}}\n\
     \x20 - {name: c, steps: {ok: {approve: false}, p: {cancelled: false}, e: {reject: {by: '', y: 1}}}}\nworkflow: ''\n",
    "version: 1\nworkflows: ['']\ntests: []\n",
    "version: 1\ntests:\n  - {name: a, variables: {n: 1, k: t}, steps: {ok: {approve: {by: [a, a], fields: {reason: 5, raeson: x}}}, \
     p: {output: {ib: 1}}, d: {output: {}}, e: {exit: 1}, a: {event: {}}}, expect: {inputs: {ok: {with: {}}}}}\n\
     \x20 - {name: b, variables: {n: 1, k: t}, steps: {ok: {approve: {by: a}}, p: {output: 5}, e: {lost: true, resolve: done}}}\n\
     \x20 - {name: c, variables: {n: 1, k: t}, steps: {ok: [{reject: true}, {timeout: true}], p: {lost: true}}}\n\
     \x20 - {name: d, variables: {n: 1, k: t}, steps: {ok: {approve: {by: [a, b, c], fields: {reason: toolong}}}}}\n\
     \x20 - {name: e, variables: {n: 1, k: t}, steps: {ok: {output: {}}}}\n",
];

const TESTED: &str = "version: 1\nname: x\nvariables: {n: {type: number, max: 100}, k: {type: secret}}\nsteps:\n\
     \x20 - {id: a, run: x}\n  - {id: s, set: {n: 1}}\n  - {id: w, wait: 1s}\n  - {id: g, steps: [{id: h, run: x}]}\n\
     \x20 - {id: ok, approval: {message: x, form: {reason: {type: string, max: 3}}, approvers: [a, b, '@c'], quorum: 2}}\n\
     \x20 - {id: p, workflow: other}\n  - {id: d, workflow: other, detached: true}\n  - {id: e, wait: {event: paid}}\n";

const CALLED: &str = "version: 1\nname: other\nsteps: [{id: a, run: x}]\noutputs: {id: 1}\n";

/// The problems of a file of tests, those with its workflow included.
fn of_tests(file: &str) -> Vec<Problem> {
    let checked = testfile::check_bytes(file.as_bytes(), "a.test.yaml");
    let mut problems = checked.problems;
    if let Some(tests) = checked.file {
        let workflow = check(TESTED, "a.yaml", &"default".parse().unwrap()).workflow.unwrap();
        let other = check(CALLED, "b.yaml", &"default".parse().unwrap()).workflow.unwrap();
        let called = testfile::Called::from([(other.name.clone(), other)]);
        problems.extend(testfile::fit(&tests, &workflow, &called, "a.test.yaml"));
    }
    problems
}

#[test]
fn problems_of_files_are_said_in_bulgarian() {
    let mut known = 0;
    let mut unknown = Vec::new();
    let of_workflow = |file: &&str| check(file, "a.yaml", &"default".parse().unwrap()).problems;
    let files = MISTAKES.iter().map(of_workflow);
    for problems in files.chain(TEST_MISTAKES.iter().map(|file| of_tests(file))) {
        assert!(!problems.is_empty());
        for problem in problems {
            let view = ProblemView {
                code: problem.code.as_str().to_owned(),
                warning: problem.warning,
                file: problem.file,
                line: problem.line,
                column: problem.column,
                message: problem.message,
                hint: problem.hint,
            };
            let (message, hint) = problem_in(Language::Bulgarian, &view);
            for (said, english) in [(message, &view.message), (hint, &view.hint)] {
                if !english.is_empty() && said.contains(english.as_str()) {
                    unknown.push(english.clone());
                } else {
                    known += 1;
                }
            }
        }
    }
    assert!(known > 60, "{known}");
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn a_person_reads_faults_in_their_language() {
    let world = World::new();
    let rpa = |locale: &str, args: &[&str]| {
        let mut command = world.rpa_command(args.iter().copied());
        let output = command.env("LC_ALL", locale).output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (_, away) = rpa("bg_BG.UTF-8", &["status"]);
    assert!(away.starts_with("грешка[RPA0101]: няма демон: на "), "{away}");
    assert!(away.contains("\n  съвет: пуснете го с `rpad`"), "{away}");
    let daemon = world.start();
    let bulgarian = "грешка[RPA0502]: няма изпълнение „ffff“ в пространство default\n  \
                     съвет: вижте `rpa runs`\n  вижте: rpa explain RPA0502\n";
    let english = "error[RPA0502]: there is no run \"ffff\" in namespace default\n  \
                   hint: see `rpa runs`\n  see: rpa explain RPA0502\n";
    assert_eq!(rpa("bg_BG.UTF-8", &["show", "ffff"]).1, bulgarian);
    assert_eq!(rpa("C.UTF-8", &["show", "ffff"]).1, english);
    assert_eq!(rpa("C.UTF-8", &["show", "ffff", "--lang", "bg"]).1, bulgarian);
    assert_eq!(rpa("bg_BG.UTF-8", &["show", "ffff", "--lang", "en"]).1, english);
    assert_eq!(rpa("bg_BG", &["show", "ffff"]).1, english, "that locale has no such letters");
    let (document, _) = rpa("bg_BG.UTF-8", &["show", "ffff", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let message = "there is no run \"ffff\" in namespace default";
    assert_eq!(document["error"]["message"], message, "programs read English");

    world.apply("two", "version: 1\nname: two\nsteps:\n  - {id: s, run: 'echo no >&2; exit 2'}\n");
    let (outcome, _) = rpa("bg_BG.UTF-8", &["run", "two", "--wait"]);
    let failed = "грешка[RPA0401]: стъпка s: командата завърши с код 2: no\n  съвет: ";
    assert!(outcome.contains(failed), "{outcome}");
    let (page, _) = rpa("bg_BG.UTF-8", &["explain", "RPA0401"]);
    assert!(page.starts_with("RPA0401: команда завърши с грешка\n"), "{page}");
    assert!(page.contains("Какво да направите") && page.ends_with("изходен код 3\n"), "{page}");
    assert!(daemon.stop().success());
}
