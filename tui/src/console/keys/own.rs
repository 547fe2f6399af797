//! A person's own keys: `keys.toml`, beside the file of settings.
//!
//! ```toml
//! cancel = ["X", "Del"]     # wherever there is that action
//! [log]
//! follow = "Space"          # in the log alone
//! ```
//!
//! What is written there takes the place of the keys of that action. When anything in the
//! file is wrong, or a key would mean two things in one place, nothing of it holds: the
//! usual keys are what the manual and the help of a colleague say.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rpa_config::suggest::nearest;
use rpa_ipc::fault::{Said, lines, quoted, setting_remark};
use rpa_ipc::{Fault, FaultCode, Language, fault, said};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Action, Key, Keymap, Scope, TABLE};
use crate::console::settings;
use crate::words::Words;

/// What the file is called.
pub const FILE: &str = "keys.toml";

/// Never bound: they belong to multiplexers and to flow control, or are other names of Tab
/// and Enter; the last ones do the same whatever is written anywhere.
const RESERVED: &str = "abghijmnoqstczl";

/// The keys of the file beside the settings; the usual ones where there is none.
pub fn load(settings: Option<&Path>) -> Result<Keymap, Fault> {
    match place(settings).filter(|path| path.exists()) {
        Some(path) => read(&path),
        None => Ok(Keymap::default()),
    }
}

/// Where the file is looked for; `None` without a home directory.
pub fn place(settings: Option<&Path>) -> Option<PathBuf> {
    Some(settings?.parent()?.join(FILE))
}

fn read(path: &Path) -> Result<Keymap, Fault> {
    let shown = path.display();
    let source = settings::source(path).map_err(|error| {
        let error = setting_remark(&error);
        fault!(FaultCode::Settings, "console-settings-file", path = shown, error = error)
            .hint(said!("hint-console-keys"))
    })?;
    parse(&source, &|at| {
        let (line, column) = settings::place(&source, at);
        format!("{shown}:{line}:{column}")
    })
    .map_err(|problems| {
        fault!(FaultCode::Settings, "console-keys", problems = lines(problems))
            .hint(said!("hint-console-keys"))
    })
}

/// One line of the file, understood.
struct Own {
    /// `None`: wherever there is the action.
    scope: Option<Scope>,
    action: Action,
    keys: Vec<Key>,
    /// The byte at which it stands.
    at: usize,
}

/// Where each stands in the file, in bytes, and what it is.
type Problems = Vec<(usize, Said)>;
/// Tells the place of a byte as people count.
type Place<'a> = &'a dyn Fn(usize) -> String;

fn parse(source: &str, place: Place<'_>) -> Result<Keymap, Vec<Said>> {
    let (root, errors) = DeTable::parse_recoverable(source);
    if !errors.is_empty() {
        let told = errors.iter().map(|error| {
            let at = error.span().unwrap_or_default().start;
            said!("setting-syntax", place = place(at), error = error.message())
        });
        return Err(told.collect());
    }
    let mut own = Vec::new();
    let mut problems = Problems::new();
    for (key, value) in root.get_ref() {
        match value.get_ref() {
            DeValue::Table(inner) => match scope(key, place) {
                Ok(scope) => {
                    for (key, value) in inner {
                        take(Some(scope), key, value, place, &mut own, &mut problems);
                    }
                }
                Err(problem) => problems.push((key.span().start, problem)),
            },
            _ => take(None, key, value, place, &mut own, &mut problems),
        }
    }
    // what holds in one place wins over what holds everywhere
    own.sort_by_key(|line| line.scope.is_some());
    let keymap = problems.is_empty().then(|| bound(&own, place, &mut problems));
    match keymap {
        Some(keymap) if problems.is_empty() => Ok(keymap),
        _ => {
            problems.sort_by_key(|(at, _)| *at);
            Err(problems.into_iter().map(|(_, problem)| problem).collect())
        }
    }
}

type Name<'a> = Spanned<std::borrow::Cow<'a, str>>;

fn scope(name: &Name<'_>, place: Place<'_>) -> Result<Scope, Said> {
    let word = name.get_ref().as_ref();
    let found = Scope::ALL.iter().find(|scope| scope.word() == word).copied();
    found.ok_or_else(|| {
        let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.word()).collect();
        said!(
            "keys-no-scope",
            place = place(name.span().start),
            word = quoted(word),
            near = nearest(word, known.iter().copied()).unwrap_or("none"),
            known = known.join(", ")
        )
    })
}

fn take(
    scope: Option<Scope>,
    name: &Name<'_>,
    value: &Spanned<DeValue<'_>>,
    place: Place<'_>,
    own: &mut Vec<Own>,
    problems: &mut Problems,
) {
    let (word, at) = (name.get_ref().as_ref(), name.span().start);
    let there = || TABLE.iter().filter(|b| scope.is_none_or(|scope| b.scope == scope));
    let Some(action) = there().map(|b| b.action).find(|action| action.word() == word) else {
        let mut known: Vec<&str> = there().map(|b| b.action.word()).collect();
        known.sort_unstable();
        known.dedup();
        let problem = said!(
            "keys-no-action",
            place = place(at),
            word = quoted(word),
            near = nearest(word, known.iter().copied()).unwrap_or("none"),
            known = known.join(", ")
        );
        problems.push((at, problem));
        return;
    };
    match keys(action, value, place) {
        Ok(keys) => own.push(Own { scope, action, keys, at }),
        Err(problem) => problems.push((value.span().start, problem)),
    }
}

fn keys(action: Action, value: &Spanned<DeValue<'_>>, place: Place<'_>) -> Result<Vec<Key>, Said> {
    // those that do one thing whatever is written are still its keys
    let has = |key: &Key| TABLE.iter().any(|b| b.action == action && b.keys.contains(key));
    let one = |value: &Spanned<DeValue<'_>>| {
        let at = place(value.span().start);
        let DeValue::String(text) = value.get_ref() else {
            return Err(said!("keys-type", place = at));
        };
        match Key::parse(text) {
            Some(key @ Key::Ctrl(c)) if RESERVED.contains(c) && !has(&key) => {
                Err(said!("keys-reserved", place = at, key = key.to_string()))
            }
            Some(key) => Ok(key),
            None => Err(said!("keys-no-key", place = at, word = quoted(text))),
        }
    };
    match value.get_ref() {
        DeValue::Array(list) => list.iter().map(one).collect(),
        _ => Ok(vec![one(value)?]),
    }
}

/// The table with what is written in the place of what it has; a key that would mean two
/// things is told with both.
fn bound(own: &[Own], place: Place<'_>, problems: &mut Problems) -> Keymap {
    let mut bindings = TABLE.to_vec();
    // the line that says so, for each binding
    let mut said_by: Vec<Option<&Own>> = vec![None; bindings.len()];
    for line in own {
        for (binding, said_by) in bindings.iter_mut().zip(&mut said_by) {
            let here = line.scope.is_none_or(|scope| scope == binding.scope);
            if here && binding.action == line.action {
                binding.keys = line.keys.clone().into();
                *said_by = Some(line);
            }
        }
    }
    for (at, (binding, line)) in bindings.iter().zip(&said_by).enumerate() {
        let Some(line) = line else { continue };
        for (other_at, other) in bindings.iter().enumerate() {
            // of two lines of the file, the later one is told
            let told = said_by[other_at].is_none() || other_at < at;
            if other_at == at || other.scope != binding.scope || !told {
                continue;
            }
            for key in binding.keys.iter().filter(|key| other.keys.contains(key)) {
                let problem = said!(
                    "keys-clash",
                    place = place(line.at),
                    key = key.to_string(),
                    action = binding.action.word(),
                    other = other.action.word(),
                    scope = binding.scope.word()
                );
                problems.push((line.at, problem));
            }
        }
    }
    Keymap::of(bindings)
}

/// A whole file with the keys in force, for a person to change: what is not their own is
/// behind a `#`.
pub fn file(keymap: &Keymap, language: Language) -> String {
    let words = Words::new(language);
    let mut text =
        words.say("keys-file-head", &[]).lines().fold(String::new(), |mut text, line| {
            let _ = writeln!(text, "# {line}");
            text
        });
    for scope in Scope::ALL {
        let _ = writeln!(text, "\n[{}]", scope.word());
        let here = keymap.bindings().iter().zip(TABLE).filter(|(b, _)| b.scope == *scope);
        for (binding, usual) in here {
            let keys: Vec<String> =
                binding.keys.iter().map(|key| toml_text(&key.to_string())).collect();
            let mark = if binding.keys == usual.keys { "#" } else { "" };
            let line = format!("{mark}{} = [{}]", binding.action.word(), keys.join(", "));
            let about = words.say(&binding.action.label(), &[]);
            let _ = writeln!(text, "{line:<40} # {about}");
        }
    }
    text
}

fn toml_text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use rpa_ipc::fault::say;

    use super::*;

    fn parsed(source: &str) -> Result<Keymap, Vec<String>> {
        let words = |problem: &Said| say(Language::English, problem).expect("words");
        parse(source, &|at| format!("@{at}")).map_err(|all| all.iter().map(words).collect())
    }

    #[test]
    fn what_is_written_takes_the_place_of_the_usual_keys() {
        let keys = parsed("cancel = [\"X\", \"Ctrl-X\"]\n[log]\nfollow = \"Space\"\n").unwrap();
        assert_eq!(keys.lookup(Key::Char('X'), &[Scope::Runs]), Some(Action::Cancel));
        assert_eq!(keys.lookup(Key::Ctrl('x'), &[Scope::Run]), Some(Action::Cancel));
        assert_eq!(keys.lookup(Key::Char('x'), &[Scope::Run]), None);
        assert_eq!(keys.lookup(Key::Char(' '), &[Scope::Log]), Some(Action::Follow));
        assert_eq!(keys.lookup(Key::Char(' '), &[Scope::Runs]), Some(Action::Mark), "not there");
        assert_eq!(keys.lookup(Key::Char('F'), &[Scope::Log]), None);
    }

    #[test]
    fn one_place_wins_over_everywhere_in_whatever_order() {
        for source in ["cancel = \"X\"\n[run]\ncancel = \"K\"", "[run]\ncancel = \"K\"\n"] {
            let keys = parsed(source).unwrap();
            assert_eq!(keys.lookup(Key::Char('K'), &[Scope::Run]), Some(Action::Cancel));
        }
    }

    #[test]
    fn a_key_that_would_mean_two_things_is_told_with_both() {
        let told = parsed("[runs]\ncancel = \"l\"\n").unwrap_err();
        assert_eq!(told.len(), 1);
        for part in ["@7", "\"l\"", "cancel", "log", "runs"] {
            assert!(told[0].contains(part.trim_matches('"')), "{part}: {told:?}");
        }
        // two lines of the file: told once
        assert_eq!(parsed("[runs]\ncancel = \"Z\"\nlog = \"Z\"\n").unwrap_err().len(), 1);
        // what has given its key away may lose it
        assert!(parsed("[runs]\ncancel = \"l\"\nlog = \"x\"\n").is_ok());
    }

    #[test]
    fn whatever_is_wrong_is_told_and_nothing_holds() {
        let cases = [
            ("cansel = \"X\"", "cancel"),
            ("[rums]\ncancel = \"X\"", "runs"),
            ("[locks]\ncancel = \"X\"", "cancel"),
            ("cancel = 3", "@9"),
            ("cancel = \"Hyper-X\"", "Hyper-X"),
            ("cancel = \"Ctrl-S\"", "Ctrl-S"),
            ("cancel = ", "@"),
        ];
        for (source, part) in cases {
            let told = parsed(source).unwrap_err();
            assert!(told[0].contains(part), "{source}: {told:?}");
        }
    }

    #[test]
    fn the_file_that_is_offered_is_one_that_can_be_read() {
        for language in Language::ALL {
            let usual = Keymap::default();
            let text = file(&usual, language);
            assert_eq!(parsed(&text).unwrap().bindings(), usual.bindings());
            // also with every line in force
            let forced: String = text
                .lines()
                .map(|line| match line.strip_prefix('#') {
                    Some(rest) if !rest.starts_with(' ') => format!("{rest}\n"),
                    _ => format!("{line}\n"),
                })
                .collect();
            assert_eq!(parsed(&forced).unwrap().bindings(), usual.bindings());
        }
    }

    #[test]
    fn own_keys_are_in_the_file_that_is_offered() {
        let own = parsed("[runs]\ncancel = [\"X\", \"\\\"\"]\n").unwrap();
        let text = file(&own, Language::English);
        assert!(text.contains("\ncancel = [\"X\", "), "{text}");
        assert_eq!(parsed(&text).unwrap().bindings(), own.bindings());
    }
}
