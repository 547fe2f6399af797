//! The program that reaches the other machine.

use std::env;
use std::process::Command;

use rpa_ipc::{Fault, FaultCode, fault, said};

use super::{Host, quote};

/// The program and its options: `ssh -p 2222 -i KEY`.
pub const SSH_ENV: &str = "RPA_SSH";

/// Whether the command over there gets a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terminal {
    /// Bytes go through as they are.
    Without,
    With,
}

/// `ssh OPTIONS -T -- HOST LINE`, not started.
pub fn command(host: &Host, terminal: Terminal, line: &str) -> Result<Command, Fault> {
    let mut words = program()?.into_iter();
    let mut command = Command::new(words.next().unwrap_or_else(|| "ssh".to_owned()));
    command.args(words);
    // said in both cases: ssh's own settings may ask for a terminal
    command.arg(match terminal {
        Terminal::Without => "-T",
        Terminal::With => "-t",
    });
    command.arg("--").arg(host.as_str()).arg(line);
    Ok(command)
}

/// The program could not be started at all.
pub fn not_started(command: &Command, error: &std::io::Error) -> Fault {
    let program = command.get_program().to_string_lossy().into_owned();
    fault!(FaultCode::NoHost, "host-no-ssh", program = program, error = error)
}

/// Words as one line for the shell over there.
pub fn line<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    let quoted = words.into_iter().map(|word| quote::quoted(word.as_ref()));
    quoted.collect::<Vec<_>>().join(" ")
}

fn program() -> Result<Vec<String>, Fault> {
    let text = env::var(SSH_ENV).unwrap_or_default();
    quote::words(&text)
        .ok_or_else(|| fault!(FaultCode::Usage, "host-words").hint(said!("hint-host-words")))
}
