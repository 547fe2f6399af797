//! A whole command over there, where the daemon speaks another protocol than this
//! `rpa`: its own `rpa` speaks the same as it.

use std::ffi::OsString;
use std::io::{IsTerminal, stderr, stdin, stdout};
use std::os::unix::process::CommandExt;

use clap::builder::ValueHint;
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory};
use jiff::tz::TimeZone;
use rpa_ipc::{Fault, FaultCode, Language, fault, said};

use super::Host;
use super::console::environment;
use super::ssh::{self, Terminal};
use crate::cli::args::Cli;

/// Becomes `ssh HOST rpa ARGUMENTS`, and so has its exit code; comes back only with a
/// fault. A command that reads or writes files of this machine is refused: over there
/// they would be others, or none. `words` are those of the command line, the program
/// first.
pub fn instead(host: &Host, language: Language, words: &[OsString]) -> Fault {
    let files = files(words);
    if !files.is_empty() {
        let files = files.join(", ");
        return fault!(FaultCode::Protocol, "host-files", host = host, files = files)
            .hint(said!("hint-host-version"));
    }
    let terminal = match stdin().is_terminal() && stdout().is_terminal() && stderr().is_terminal() {
        true => Terminal::With,
        false => Terminal::Without,
    };
    match ssh::command(host, terminal, &line(language, words)) {
        Ok(mut command) => {
            let error = command.exec();
            ssh::not_started(&command, &error)
        }
        Err(fault) => fault,
    }
}

/// The command for the shell over there, in the language and the time zone of here.
fn line(language: Language, words: &[OsString]) -> String {
    let mut line = environment();
    let zone = TimeZone::system();
    line.extend(zone.iana_name().map(|zone| format!("TZ={zone}")));
    line.push("rpa".to_owned());
    let matches = matches(words);
    let given = |id: &str| {
        matches.as_ref().is_some_and(|m| m.value_source(id) == Some(ValueSource::CommandLine))
    };
    let from_environment =
        matches.as_ref().filter(|m| m.value_source("namespace") == Some(ValueSource::EnvVariable));
    let namespace = from_environment.and_then(|m| m.get_raw("namespace")?.next());
    line.extend(namespace.map(|name| format!("--namespace={}", name.to_string_lossy())));
    if !given("lang") {
        line.push(format!("--lang={language}"));
    }
    line.extend(without_host(words));
    ssh::line(line)
}

/// The arguments without `--host` and its value.
fn without_host(words: &[OsString]) -> Vec<String> {
    let mut rest = Vec::new();
    let mut words = words.iter().skip(1).map(|word| word.to_string_lossy().into_owned());
    while let Some(word) = words.next() {
        match word.as_str() {
            "--" => {
                rest.push(word);
                rest.extend(words.by_ref());
            }
            "--host" => drop(words.next()),
            word if word.starts_with("--host=") => {}
            _ => rest.push(word),
        }
    }
    rest
}

fn matches(words: &[OsString]) -> Option<ArgMatches> {
    Cli::command().try_get_matches_from(words).ok()
}

/// What the command names of the files here: operands, options, `@FILE`, and standard
/// input as `-`.
fn files(words: &[OsString]) -> Vec<String> {
    let mut root = Cli::command();
    root.build();
    let mut found = Vec::new();
    let Some(matches) = matches(words) else { return found };
    let (mut command, mut matches) = (&root, &matches);
    loop {
        found.extend(files_of(command, matches));
        let Some((name, inner)) = matches.subcommand() else { return found };
        let Some(next) = command.find_subcommand(name) else { return found };
        (command, matches) = (next, inner);
    }
}

fn files_of(command: &Command, matches: &ArgMatches) -> Vec<String> {
    let mut found = Vec::new();
    for arg in command.get_arguments() {
        let id = arg.get_id().as_str();
        let given = matches.try_contains_id(id).is_ok()
            && matches.value_source(id) == Some(ValueSource::CommandLine);
        // the socket is one over there
        if !given || id == "socket" {
            continue;
        }
        let is_path = is_path(arg.get_value_hint());
        for value in matches.get_raw(id).into_iter().flatten() {
            let value = value.to_string_lossy();
            let at = value.strip_prefix('@').or_else(|| Some(value.split_once("=@")?.1));
            match (is_path, at) {
                (true, _) => found.push(value.into_owned()),
                (false, Some(file)) => found.push(file.to_owned()),
                (false, None) => {}
            }
        }
    }
    found
}

fn is_path(hint: ValueHint) -> bool {
    matches!(hint, ValueHint::AnyPath | ValueHint::FilePath | ValueHint::DirPath)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        std::iter::once("rpa").chain(line.split(' ')).map(OsString::from).collect()
    }

    #[test]
    fn the_line_has_everything_but_the_host() {
        let table = [
            ("--host ops1 runs -n ops", "runs -n ops"),
            ("runs --host=ops1 --json", "runs --json"),
            ("help --lang bg -- --host x", "help --lang bg -- --host x"),
        ];
        for (given, wanted) in table {
            let line = line(Language::Bulgarian, &words(given));
            let (before, after) = line.split_once(" rpa ").unwrap();
            assert!(before.starts_with("env RPA_HOST="), "{line}");
            let wanted = match given.contains("--lang") {
                true => wanted.to_owned(),
                false => format!("--lang=bg {wanted}"),
            };
            assert_eq!(after, wanted);
        }
        let hard = line(Language::English, &[words("run"), vec!["a=$(id)'".into()]].concat());
        assert!(hard.ends_with(r#"run 'a=$(id)'"'"''"#), "{hard}");
    }

    #[test]
    fn files_of_this_machine_are_found() {
        let table: [(&str, &[&str]); 9] = [
            ("runs --status failed", &[]),
            ("--socket /run/x status", &[]),
            (
                "run report --var day=monday --var text=@a.txt --vars-file v.json",
                &["a.txt", "v.json"],
            ),
            ("apply a.yaml -", &["a.yaml", "-"]),
            ("run report --each rows.csv", &["rows.csv"]),
            ("export --all -o a.tar", &["a.tar"]),
            ("event publish x --data @d.json", &["d.json"]),
            ("resolve 4444 send done --output body=@b.txt", &["b.txt"]),
            ("diff report --file a.yaml", &["a.yaml"]),
        ];
        for (line, wanted) in table {
            let mut found = files(&words(line));
            found.sort();
            let mut wanted: Vec<_> = wanted.iter().map(|file| (*file).to_owned()).collect();
            wanted.sort();
            assert_eq!(found, wanted, "{line}");
        }
    }

    /// An argument that is a file says so: completion and `--host` go by that.
    #[test]
    fn every_file_among_the_arguments_is_known_as_one() {
        fn look(command: &Command, path: &str, wrong: &mut Vec<String>) {
            for arg in command.get_arguments() {
                let names = arg.get_value_names().unwrap_or_default();
                let file =
                    names.iter().any(|name| name.starts_with("FILE") || name.starts_with("DIR"));
                if file && !is_path(arg.get_value_hint()) {
                    wrong.push(format!("{path} {}", arg.get_id()));
                }
            }
            for inner in command.get_subcommands() {
                look(inner, &format!("{path} {}", inner.get_name()), wrong);
            }
        }
        let mut root = Cli::command();
        root.build();
        let mut wrong = Vec::new();
        look(&root, "rpa", &mut wrong);
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
