//! The three programs: options, commands, lists and exit codes.

use std::collections::BTreeMap;
use std::process::Command;

use rpa_ipc::FaultCode;
use rpa_tests::binary;

use super::{rendered, rows, section, tags};
use crate::tidy::{Names, names};

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

/// The help of a command of a program.
fn help_of(program: &str, command: &str) -> String {
    let output = Command::new(binary(program)).args([command, "--help"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that a help text lists.
fn commands(help: &str) -> Names {
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty());
    names(commands.filter_map(|line| line.split_whitespace().next()))
}

fn long(tags: &Names) -> Names {
    names(tags.iter().filter(|tag| tag.starts_with("--")))
}

#[test]
fn every_option_and_command_is_in_the_manual() {
    for (program, page) in [("rpad", "rpad.8"), ("rpa", "rpa.1"), ("rpa-tui", "rpa-tui.1")] {
        let documented = long(&tags(&section(page, "OPTIONS")));
        assert_eq!(options(&help(program)), documented, "{page}");
    }
    let mut of_rpa = commands(&help("rpa"));
    // hidden: for whoever packages the product
    of_rpa.insert("man".to_owned());
    assert_eq!(rows(&section("rpa.1", "COMMANDS")), of_rpa);
}

/// Each command of the daemon's program has a part of its page, with its options; those
/// of every command are in OPTIONS.
#[test]
fn every_command_of_rpad_is_in_the_manual() {
    let general = options(&help("rpad"));
    let help = commands(&help("rpad"));
    for command in help.iter().filter(|command| *command != "help") {
        let own = options(&help_of("rpad", command));
        let own = names(own.difference(&general));
        let documented = long(&tags(&section("rpad.8", &format!("rpad {command}"))));
        assert_eq!(own, documented, "rpad {command}");
    }
    let page = crate::tidy::read("man/rpad.8");
    let parts = page.lines().filter_map(|line| line.strip_prefix(".SS rpad "));
    let parts = names(parts.chain(["help"]));
    assert_eq!(parts, help);
}

/// Options of programs that are not ours.
const FOREIGN: &[&str] = &[
    "--user",
    "--now",
    "--vacuum-time",
    "--unit",
    "--wait",
    "--no-pager",
    "--format",
    "--offline",
];

/// Whatever looks like an option on a page written by hand, in prose or in an example.
#[test]
fn every_option_that_the_manual_names_exists() {
    use clap::CommandFactory;
    let mut root = rpa_tui::cli::args::Cli::command();
    root.build();
    let mut known = names(FOREIGN);
    let mut open = vec![&root];
    while let Some(command) = open.pop() {
        known.extend(
            command.get_arguments().filter_map(|arg| Some(format!("--{}", arg.get_long()?))),
        );
        open.extend(command.get_subcommands());
    }
    known.extend(["--version".to_owned()]);
    known.extend(options(&help("rpa-tui")));
    known.extend(options(&help("rpad")));
    for command in commands(&help("rpad")).iter().filter(|command| *command != "help") {
        known.extend(options(&help_of("rpad", command)));
    }
    for page in super::PAGES {
        let text = crate::tidy::read(&format!("man/{page}"));
        let comment = |line: &str| line.starts_with(".\\\"") || line.starts_with("'\\\"");
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !comment(line)) {
            let plain = rendered(line).replace('`', " ");
            let parts = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
            for word in plain.split(parts).filter(|word| word.starts_with("--") && word.len() > 2) {
                assert!(known.contains(word), "man/{page}:{number}: no {word}: {line}");
            }
        }
    }
}

/// Each example of the page of `rpa` is understood by it.
#[test]
fn every_example_of_the_command_line_is_one() {
    use clap::Parser;
    let mut seen = 0;
    for page in super::PAGES {
        let text = crate::tidy::read(&format!("man/{page}"));
        let blocks = text.split(".EX\n").skip(1).filter_map(|rest| rest.split(".EE").next());
        let lines = blocks.flat_map(str::lines).filter(|line| !line.starts_with('.'));
        for line in lines.map(rendered) {
            let Some(words) = words(&line) else { continue };
            seen += 1;
            let read = rpa_tui::cli::args::Cli::try_parse_from(&words);
            assert!(read.is_ok(), "man/{page}: {line}\n{words:?}\n{}", read.unwrap_err());
        }
    }
    assert!(seen > 30, "{seen}");
}

/// The words of a line that calls `rpa` first of all, as a shell would split it, up to
/// what is no longer its own.
fn words(line: &str) -> Option<Vec<String>> {
    let line = line.strip_prefix("rpa ")?;
    // what stands beside it
    let line = line.split("  ").next().unwrap_or(line).replace(" PATH", " path");
    // what ends a command, or the line
    let ends = ["&&", "||", "|", ">", "#", ";", "&"];
    let mut words = vec!["rpa".to_owned()];
    let mut open: Option<char> = None;
    let mut word = String::new();
    for c in line.chars().chain([' ']) {
        match (open, c) {
            (Some(quote), _) if c == quote => open = None,
            (None, '\'' | '"') => open = Some(c),
            (None, ' ') if ends.contains(&&*word) => return Some(words),
            (None, ' ') if word.is_empty() => {}
            (None, ' ') => words.push(std::mem::take(&mut word)),
            _ => word.push(c),
        }
    }
    Some(words)
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
    let table = rpa_tui::cli::exit::codes().map(|code| code.to_string());
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
