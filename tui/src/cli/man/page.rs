//! One page: name, synopsis, description, options, exit status, examples, see also.

use clap::{Arg, ArgAction, Command};

use super::codes;
use super::roff::{Roff, bold, escaped, italic};

/// The day of the manual, which all its pages carry.
pub const DATE: &str = "2026-11-22";

/// What stands below the pages of all commands.
const MORE: &str = "\\fBrpa\\fR(1), \\fBrpad\\fR(8), \\fBrpa\\-workflow\\fR(5)";

/// The commands of a command that have a page.
pub fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help")
}

/// The page of the command that is called with these words.
pub fn page(command: &Command, path: &[&str]) -> String {
    let mut roff = Roff::default();
    let name = path.join("-");
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    roff.request(&format!(".\\\" Made by rpa man of version {}.", env!("CARGO_PKG_VERSION")));
    let title = escaped(&name.to_uppercase());
    roff.request(&format!(".TH {title} 1 {DATE} rpad \"User Commands\""));
    roff.request(".nr HY 0\n.nh\n.ad l\n.SH NAME");
    roff.request(&format!("{} \\- {}", escaped(&name), escaped(&about)));
    synopsis(command, path, &mut roff);
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let notes = Notes::of(&after);
    roff.request(".SH DESCRIPTION");
    roff.text(&format!("{about}."));
    for paragraph in notes.prose {
        roff.request(".PP");
        roff.text(paragraph);
    }
    commands(command, path, &mut roff);
    options(command, &mut roff);
    exit_status(command, path, &mut roff);
    if !notes.examples.is_empty() {
        roff.request(".SH EXAMPLES");
        roff.verbatim(notes.examples.iter().map(|line| line.strip_prefix("  ").unwrap_or(line)));
    }
    roff.request(".SH SEE ALSO");
    roff.request(&see_also(command, path));
    roff.finish()
}

/// What stands after the help: prose, and examples. Exit codes have a section of their
/// own, with all of them.
struct Notes<'a> {
    prose: Vec<&'a str>,
    examples: Vec<&'a str>,
}

impl<'a> Notes<'a> {
    fn of(after: &'a str) -> Self {
        let mut notes = Notes { prose: Vec::new(), examples: Vec::new() };
        for paragraph in after.split("\n\n") {
            match paragraph.strip_prefix("Examples:\n") {
                Some(examples) => notes.examples.extend(examples.lines()),
                None if paragraph.starts_with("Exit codes:\n") || paragraph.is_empty() => {}
                None => notes.prose.push(paragraph.trim_end()),
            }
        }
        notes
    }
}

/// The options of this command alone, then what it needs; those of all are below.
fn synopsis(command: &Command, path: &[&str], roff: &mut Roff) {
    roff.request(".SH SYNOPSIS");
    let options = named(command).filter(|arg| !arg.is_global_set() && arg.get_id() != "help");
    let places = command.get_positionals();
    let words: Vec<String> = options.map(in_synopsis).chain(places.map(in_synopsis)).collect();
    roff.request(&format!(".HP\n{}", bold(&path.join(" "))));
    for word in words {
        roff.request(&word);
    }
    if shown(command).next().is_some() {
        roff.request(&format!(
            ".HP\n{}\n{} [{}]",
            bold(&path.join(" ")),
            italic("COMMAND"),
            italic("ARGUMENTS")
        ));
    }
}

fn in_synopsis(arg: &Arg) -> String {
    let many = match arg.get_action() {
        ArgAction::Append => "...",
        _ => "",
    };
    let value = values(arg).join(" ");
    let word = match arg.get_long() {
        Some(long) if value.is_empty() => bold(&format!("--{long}")),
        Some(long) => format!("{} {value}", bold(&format!("--{long}"))),
        None => value,
    };
    match arg.is_required_set() {
        true => format!("{word}{many}"),
        false => format!("[{word}]{many}"),
    }
}

/// What stands for the values of an argument; nothing for a switch.
fn values(arg: &Arg) -> Vec<String> {
    if !arg.get_action().takes_values() {
        return Vec::new();
    }
    let id = arg.get_id().as_str().to_uppercase();
    match arg.get_value_names() {
        Some(names) => names.iter().map(|name| italic(name)).collect(),
        None => vec![italic(&id)],
    }
}

fn named(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| !arg.is_positional() && !arg.is_hide_set())
}

/// The commands of a command, each with its own page.
fn commands(command: &Command, path: &[&str], roff: &mut Roff) {
    let mut heading = Some(".SH COMMANDS");
    for inner in shown(command) {
        if let Some(heading) = heading.take() {
            roff.request(heading);
        }
        let page = format!("{}-{}", path.join("-"), inner.get_name());
        roff.term(&format!("{}(1)", bold(&page)));
        roff.text(&inner.get_about().map(ToString::to_string).unwrap_or_default());
    }
}

fn options(command: &Command, roff: &mut Roff) {
    roff.request(".SH OPTIONS");
    let own = command.get_positionals().chain(named(command).filter(|arg| !arg.is_global_set()));
    own.for_each(|arg| option(arg, roff));
    roff.request(".SS For every command");
    named(command).filter(|arg| arg.is_global_set()).for_each(|arg| option(arg, roff));
}

fn option(arg: &Arg, roff: &mut Roff) {
    let short = arg.get_short().map(|short| bold(&format!("-{short}")));
    let long = arg.get_long().map(|long| bold(&format!("--{long}")));
    let names: Vec<String> = short.into_iter().chain(long).collect();
    let words = [names.join(", "), values(arg).join(" ")];
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|w| !w.is_empty()).collect();
    roff.term(&words.join(" "));
    let help = match arg.get_id() == "help" {
        true => "Print help".to_owned(),
        false => arg.get_help().map(ToString::to_string).unwrap_or_default(),
    };
    // some are read by the program itself, so that an empty one counts as absent
    let (help, named) = match help.split_once("[env: ") {
        Some((help, rest)) => (help.trim_end().to_owned(), rest.split(']').next()),
        None => (help, None),
    };
    let variable = arg.get_env().and_then(|name| name.to_str()).or(named);
    let help = help.replace("[default:", "(default:").replace(']', ")");
    roff.text(&sentence(&help));
    let possible = arg.get_possible_values();
    // a switch takes no word, although clap has two for it
    if arg.get_action().takes_values() && !possible.is_empty() {
        let word = |value: &clap::builder::PossibleValue| match value.get_help() {
            Some(help) => format!("`{}` ({help})", value.get_name()),
            None => format!("`{}`", value.get_name()),
        };
        let words: Vec<String> = possible.iter().map(word).collect();
        roff.text(&format!("One of {}.", words.join(", ")));
    }
    let defaults = arg.get_default_values();
    let defaults: Vec<&str> = defaults.iter().filter_map(|value| value.to_str()).collect();
    if arg.get_action().takes_values() && !defaults.is_empty() && !arg.is_hide_default_value_set() {
        roff.text(&format!("Default: `{}`.", defaults.join(" ")));
    }
    if let Some(variable) = variable {
        roff.text(&format!("When it is not given, `{variable}` says it."));
    }
}

/// What is said in the help, where no full stop stands at its end.
fn sentence(help: &str) -> String {
    let help = help.trim_end();
    match help.is_empty() || help.ends_with(['.', '?', ':']) {
        true => help.to_owned(),
        false => format!("{help}."),
    }
}

fn exit_status(command: &Command, path: &[&str], roff: &mut Roff) {
    roff.request(".SH EXIT STATUS");
    for (code, text) in codes::of(command, path) {
        roff.request(".PD 0");
        roff.request(&format!(".TP 6\n{}", bold(&code.to_string())));
        roff.text(&text);
    }
    roff.request(".PD\n.PP");
    roff.text("Errors have codes of their own, told by `rpa explain`.");
}

/// The page above, those below, and those of everything.
fn see_also(command: &Command, path: &[&str]) -> String {
    let page = |name: String| format!("{}(1)", bold(&name));
    let above = (path.len() > 2).then(|| page(path[..path.len() - 1].join("-")));
    let below = shown(command).map(|c| page(format!("{}-{}", path.join("-"), c.get_name())));
    let pages: Vec<String> = above.into_iter().chain(below).collect();
    pages.into_iter().chain([MORE.to_owned()]).collect::<Vec<_>>().join(",\n")
}
