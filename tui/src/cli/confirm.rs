//! A question to the person at the terminal, where there is one.

use std::io::{BufRead, IsTerminal};

use super::exit::Failure;
use super::session::Session;
use super::text::Line;

/// Whether somebody is there who can be asked.
pub fn is_somebody_there(session: &Session) -> bool {
    !session.json && session.out.look.terminal() && std::io::stdin().is_terminal()
}

/// Asks. What cannot be read is no yes.
pub fn agreed(question: &str, session: &mut Session) -> Result<bool, Failure> {
    session.out.lines(format!("{question} [y/N]").lines().map(Line::of))?;
    session.out.flush()?;
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer).is_ok();
    Ok(read && is_yes(&answer))
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim(), "y" | "Y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        for yes in ["y\n", "Y\n", " yes \n"] {
            assert!(is_yes(yes), "{yes:?}");
        }
        for no in ["", "\n", "n\n", "yess\n", "approve\n"] {
            assert!(!is_yes(no), "{no:?}");
        }
    }
}
