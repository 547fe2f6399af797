//! How the commands that are shown begin, so that each can be pasted as it stands: a
//! command that was given `--host` or `--socket` shows others with them.

use std::borrow::Cow;
use std::path::Path;

use rpa_engine::Label;

use crate::cli::help::GROUPS;
use crate::remote::Host;
use crate::text::quoted;

/// Commands that ask no daemon, or that of their own machine.
pub const ALONE: &[&str] = &[
    "check",
    "fmt",
    "test",
    "schema",
    "example",
    "tasks",
    "explain",
    "help",
    "completions",
    "init",
    "man",
];

/// The options that belong between `rpa` and what comes after it. Made once, and as long
/// there as the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calls {
    reach: &'static str,
    /// Where a command names no namespace itself.
    namespace: &'static str,
}

impl Calls {
    /// Nothing was given.
    pub const NONE: Calls = Calls { reach: "", namespace: "" };

    /// Of what was given on the command line: a variable is there for the next one too.
    pub fn of(host: Option<&Host>, socket: Option<&Path>, namespace: &Label) -> Calls {
        let host = host.map(|host| format!(" --host {}", quoted(&host.to_string())));
        let socket = socket.map(|path| format!(" --socket {}", quoted(&path.to_string_lossy())));
        let reach: String = host.into_iter().chain(socket).collect();
        let namespace = match namespace.as_str() {
            "default" => String::new(),
            name => format!(" -n {}", quoted(name)),
        };
        Calls { reach: reach.leak(), namespace: namespace.leak() }
    }

    /// A command that names its namespace where it has to.
    pub fn command<'a>(&self, command: &'a str) -> Cow<'a, str> {
        match command.strip_prefix("rpa ") {
            Some(rest) if self.asks(rest) => Cow::Owned(format!("rpa{} {rest}", self.reach)),
            _ => Cow::Borrowed(command),
        }
    }

    /// Prose that names commands as they are without options.
    pub fn prose<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.reach.is_empty() && self.namespace.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len() + 32);
        let mut rest = text;
        while let Some(at) = rest.find("rpa ") {
            let (before, found) = rest.split_at(at);
            let begins = !before.ends_with(|c: char| c.is_alphanumeric() || "-_/.".contains(c));
            let after = &found["rpa ".len()..];
            out.push_str(before);
            out.push_str("rpa");
            if begins && self.asks(after) {
                out.push_str(self.reach);
                out.push_str(if after.starts_with("-n ") { "" } else { self.namespace });
            }
            out.push(' ');
            rest = after;
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    /// Whether what stands after `rpa` is a command that asks a daemon.
    fn asks(&self, rest: &str) -> bool {
        let rest = match rest.strip_prefix("-n ") {
            Some(rest) => rest.split_once(' ').map_or("", |(_, rest)| rest),
            None => rest,
        };
        let verb = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let local = ALONE.contains(&verb) || rest.starts_with("backup --check");
        // "the rpa of that machine" is none
        !local && GROUPS.iter().any(|group| group.commands.contains(&verb))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(host: &str, socket: Option<&str>, namespace: &str) -> Calls {
        let host = (!host.is_empty()).then(|| host.parse::<Host>().unwrap());
        Calls::of(host.as_ref(), socket.map(Path::new), &namespace.parse().unwrap())
    }

    #[test]
    fn a_command_is_sent_where_this_one_was() {
        let there = calls("root@ops1", None, "ops");
        let table = [
            ("rpa show 4444", "rpa --host root@ops1 show 4444"),
            ("rpa -n ops logs 4444", "rpa --host root@ops1 -n ops logs 4444"),
            ("rpa explain RPA0101", "rpa explain RPA0101"),
            ("rpad install", "rpad install"),
        ];
        for (command, wanted) in table {
            assert_eq!(there.command(command), wanted);
            assert_eq!(calls("", None, "default").command(command), command);
        }
        let beside = calls("", Some("/tmp/a b"), "default");
        assert_eq!(beside.command("rpa runs"), "rpa --socket '/tmp/a b' runs");
    }

    #[test]
    fn prose_names_commands_that_can_be_pasted() {
        let there = calls("ops1", None, "ops");
        let table = [
            ("look with `rpa doubts`", "look with `rpa --host ops1 -n ops doubts`"),
            (
                "rpa show A; rpa logs A",
                "rpa --host ops1 -n ops show A; rpa --host ops1 -n ops logs A",
            ),
            ("give it to rpa -n x approve 4", "give it to rpa --host ops1 -n x approve 4"),
            ("rpa explain RPA0101", "rpa explain RPA0101"),
            (
                "the rpa of that machine, not /bin/rpa runs",
                "the rpa of that machine, not /bin/rpa runs",
            ),
        ];
        for (text, wanted) in table {
            assert_eq!(there.prose(text), wanted);
        }
        assert_eq!(calls("", None, "default").prose(table[0].0), table[0].0);
    }
}
