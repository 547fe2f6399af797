//! Every command of `rpa`, and what the console makes of it.
//!
//! The commands come from clap's own tree, so that none is forgotten; [`ways`] says of
//! each what the console does instead of it, or that it runs it and shows what it prints.

mod split;
mod ways;

use std::sync::OnceLock;

use clap::{ArgAction, CommandFactory as _};

use crate::cli::args::Cli;

pub use split::split;
pub use ways::Way;

/// A command that does something: `runs`, `locks release`.
#[derive(Debug)]
pub struct Leaf {
    /// Its words, one blank between them.
    pub path: String,
    pub way: Way,
    /// Whether it changes something that others see.
    pub changes: bool,
    pub args: Vec<Arg>,
}

impl PartialEq for Leaf {
    fn eq(&self, other: &Leaf) -> bool {
        self.path == other.path
    }
}

/// One argument as clap declares it.
#[derive(Clone, Debug)]
pub struct Arg {
    /// What clap knows it by: `workflow`, `run`.
    pub id: String,
    /// What stands for it in the help: `WORKFLOW`, `TIME`; empty for a switch.
    pub value: String,
    /// `--note`; `None` where it is known by its place.
    pub option: Option<String>,
    pub required: bool,
    /// Any number of values.
    pub many: bool,
    /// What it can be, where that is one of some words.
    pub words: Vec<String>,
    /// As the help of the command says it.
    pub help: String,
}

impl Arg {
    /// It is there or not.
    pub fn is_switch(&self) -> bool {
        self.value.is_empty()
    }

    /// How it is named to people.
    pub fn label(&self) -> String {
        self.option.clone().unwrap_or_else(|| self.value.clone())
    }
}

impl Leaf {
    /// The message that says what it does.
    pub fn about(&self) -> String {
        format!("cmd-{}", self.path.replace(' ', "-"))
    }

    /// The message with other words for it.
    pub fn alias(&self) -> String {
        format!("{}-alias", self.about())
    }

    /// The messages that say what one of its arguments is, the first that there is: of this
    /// command, of every command that has an argument of the name.
    pub fn arg_about(&self, arg: &Arg) -> [String; 2] {
        let id = arg.id.replace('_', "-");
        [format!("arg-{}-{id}", self.path.replace(' ', "-")), format!("arg-{id}")]
    }

    /// Whether it does nothing without an argument.
    pub fn needs(&self) -> bool {
        self.args.iter().any(|arg| arg.required)
    }
}

/// All of them, in the order of `rpa --help`.
pub fn all() -> &'static [Leaf] {
    static ALL: OnceLock<Vec<Leaf>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Vec::new();
        for command in Cli::command().get_subcommands() {
            gather(command, "", &mut all);
        }
        all
    })
}

pub fn named(path: &str) -> Option<&'static Leaf> {
    all().iter().find(|leaf| leaf.path == path)
}

fn gather(command: &clap::Command, above: &str, all: &mut Vec<Leaf>) {
    let path = format!("{above}{}", command.get_name());
    let inner = command.get_subcommands().next().is_some();
    if !inner || !command.is_subcommand_required_set() {
        let (way, changes) = ways::of(&path);
        let args = command.get_arguments().filter(|arg| !arg.is_hide_set()).map(arg).collect();
        all.push(Leaf { path: path.clone(), way, changes, args });
    }
    for sub in command.get_subcommands() {
        gather(sub, &format!("{path} "), all);
    }
}

fn arg(arg: &clap::Arg) -> Arg {
    let switch = matches!(arg.get_action(), ArgAction::SetTrue | ArgAction::SetFalse);
    let value = match arg.get_value_names() {
        _ if switch => String::new(),
        Some([first, ..]) => first.to_string(),
        _ => arg.get_id().as_str().to_uppercase(),
    };
    let several = arg.get_num_args().is_some_and(|range| range.max_values() > 1);
    let words = arg.get_possible_values().iter().map(|v| v.get_name().to_owned()).collect();
    Arg {
        id: arg.get_id().as_str().to_owned(),
        value,
        option: arg.get_long().map(|long| format!("--{long}")),
        required: arg.is_required_set(),
        many: several || matches!(arg.get_action(), ArgAction::Append),
        words: if switch { Vec::new() } else { words },
        help: arg.get_help().map(ToString::to_string).unwrap_or_default(),
    }
}

/// The command that a typed line begins with, and the words after it. The longest counts:
/// `locks release` is not `locks`. `other` gives further words for a command, with blanks
/// between them.
pub fn typed(line: &str, other: &dyn Fn(&Leaf) -> String) -> Option<(&'static Leaf, Vec<String>)> {
    let words = split(line);
    let words = match words.first() {
        // as it stands in a shell
        Some(first) if first == "rpa" => &words[1..],
        _ => &words[..],
    };
    let begins = |leaf: &&Leaf| {
        let path: Vec<&str> = leaf.path.split(' ').collect();
        words.len() >= path.len() && path.iter().zip(words).all(|(a, b)| a == b)
    };
    let length = |leaf: &Leaf| leaf.path.split(' ').count();
    // an option may stand between the words of a command
    if let Some(leaf) = meant(words) {
        let mut rest = words.to_vec();
        for word in leaf.path.split(' ') {
            let at = rest.iter().position(|other| other == word)?;
            rest.remove(at);
        }
        return Some((leaf, rest));
    }
    if let Some(leaf) = all().iter().filter(begins).max_by_key(|leaf| length(leaf)) {
        return Some((leaf, words[length(leaf)..].to_vec()));
    }
    let first = words.first()?.to_lowercase();
    let leaf = all().iter().find(|leaf| other(leaf).split(' ').any(|word| word == first))?;
    Some((leaf, words[1..].to_vec()))
}

/// The command that these words are to clap; `None` where something is wrong with them.
pub fn meant(words: &[String]) -> Option<&'static Leaf> {
    let words = std::iter::once("rpa").chain(words.iter().map(String::as_str));
    let matches = Cli::command().try_get_matches_from(words).ok()?;
    let (mut path, mut at) = (Vec::new(), &matches);
    while let Some((name, inner)) = at.subcommand() {
        path.push(name.to_owned());
        at = inner;
    }
    named(&path.join(" "))
}

/// What clap says of the command with these words: nothing, or the first line of what is
/// wrong with it.
pub fn problem(path: &str, args: &[String]) -> Option<String> {
    let words = path.split(' ').map(str::to_owned).chain(args.iter().cloned());
    let words = std::iter::once("rpa".to_owned()).chain(words);
    let Err(error) = <Cli as clap::Parser>::try_parse_from(words) else { return None };
    // asked for, not wrong
    if error.exit_code() == 0 {
        return None;
    }
    let text = error.render().to_string();
    let text = text.split("\n\nUsage:").next().unwrap_or_default();
    let text = text.trim_start_matches("error: ").split_whitespace().collect::<Vec<_>>().join(" ");
    Some(crate::text::sanitize(&text).into_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn an_option_between_its_words_makes_no_other_command() {
        let cases = [
            ("locks -n ops drop api", "locks drop", "-n ops api"),
            ("triggers -n ops disable backup", "triggers disable", "-n ops backup"),
            ("locks --json set api 2", "locks set", "--json api 2"),
            ("locks", "locks", ""),
        ];
        for (line, path, rest) in cases {
            let (leaf, args) = typed(line, &|_| String::new()).unwrap();
            assert_eq!((leaf.path.as_str(), args.join(" ").as_str()), (path, rest), "{line}");
            assert_eq!(leaf.changes, path != "locks", "{line}");
        }
    }

    #[test]
    fn every_command_of_rpa_has_its_place() {
        let paths: BTreeSet<&str> = all().iter().map(|leaf| leaf.path.as_str()).collect();
        let known: BTreeSet<&str> = ways::known().collect();
        let forgotten: Vec<_> = paths.difference(&known).collect();
        assert!(forgotten.is_empty(), "console/commands/ways.rs lacks {forgotten:?}");
        let gone: Vec<_> = known.difference(&paths).collect();
        assert!(gone.is_empty(), "no such command of rpa any more: {gone:?}");
        assert_eq!(known.len(), ways::known().count(), "one is there twice");
    }

    #[test]
    fn the_longest_command_is_meant() {
        let none = |_: &Leaf| String::new();
        let read = |line: &str| {
            let (leaf, args) = typed(line, &none)?;
            Some((leaf.path.clone(), args))
        };
        let owned = |path: &str, args: &[&str]| {
            Some((path.to_owned(), args.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>()))
        };
        assert_eq!(read("locks"), owned("locks", &[]));
        assert_eq!(read("locks release a"), owned("locks release", &["a"]));
        assert_eq!(read("rpa run 'a b' x=1"), owned("run", &["a b", "x=1"]));
        assert_eq!(read("event"), None);
        assert_eq!(read("nothing"), None);
        let bulgarian = |leaf: &Leaf| match leaf.path.as_str() {
            "cancel" => "спри откажи".to_owned(),
            _ => String::new(),
        };
        let (leaf, args) = typed("Откажи 4f2a", &bulgarian).expect("an alias");
        assert_eq!((leaf.path.as_str(), args), ("cancel", vec!["4f2a".to_owned()]));
    }

    #[test]
    fn arguments_are_those_of_clap() {
        let run = named("run").expect("it is there");
        let workflow = &run.args[0];
        assert!(workflow.required && workflow.option.is_none(), "{workflow:?}");
        let each = run.args.iter().find(|arg| arg.label() == "--each-format").expect("an option");
        assert!(each.words.contains(&"csv".to_owned()), "{each:?}");
        let wait = run.args.iter().find(|arg| arg.label() == "--wait").expect("a switch");
        assert!(wait.is_switch() && !wait.required);
    }

    #[test]
    fn what_is_wrong_is_one_line() {
        assert_eq!(problem("doctor", &[]), None);
        let wrong = problem("cancel", &[]).expect("a run is missing");
        assert!(wrong.contains("required") && !wrong.contains('\n'), "{wrong}");
    }
}
