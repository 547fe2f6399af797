//! The exit codes that a command can end with.

use clap::Command;

use crate::cli::exit::MEANINGS;
use crate::cli::text::ALONE;

/// The codes and what they say, in the order of their numbers.
pub fn of(command: &Command, path: &[&str]) -> Vec<(u8, String)> {
    let name = path.get(1..).unwrap_or_default().join(" ");
    let has = |flag: &str| command.get_arguments().any(|arg| arg.get_long() == Some(flag));
    let waits = has("wait") || name == "logs";
    let asks = !ALONE.contains(&name.as_str());
    let own = |code: u8| match (code, name.as_str()) {
        (0, "doctor") => Some("nothing has to be done"),
        (3, "doctor") => Some("there are errors"),
        (5, "doctor") => Some("there are warnings"),
        (3, "test") => Some("a test failed"),
        (1, "fmt") => Some("a file differs (only with --check or --diff)"),
        (0, "triggers test") => Some("a run would start"),
        (2, "triggers test") => Some("none would, or the command line is not valid"),
        (0, _) if !waits => Some("done"),
        (3, _) if waits => Some("the run failed (only with --wait or --follow)"),
        (4, _) if waits => Some("the run was cancelled (likewise)"),
        (5, _) if waits => Some("the run waits for a person (likewise)"),
        _ => None,
    };
    let can = |code: u8| match code {
        1 => has("exit-code") || name == "fmt",
        3..=5 => waits || own(code).is_some(),
        65 | 69 | 75 | 77 | 78 | 124 => asks,
        130 => waits || has("yes") || has("each"),
        _ => true,
    };
    let known = MEANINGS.iter().filter(|(code, _)| can(*code));
    known.map(|(code, text)| (*code, own(*code).unwrap_or(text).to_owned())).collect()
}
