//! `rpa completions`: a script for the shell. It calls `rpa` at each press of the key,
//! which knows its own options, and asks the daemon for names: see [`super::complete`].

use clap_complete::Shell;
use clap_complete::env::{CompleteEnv, Shells};
use rpa_ipc::{FaultCode, fault};
use serde::Serialize;

use super::complete::{ENV, command};
use super::exit::{Exit, Failure};
use super::session::Session;

/// Print a completion script for a shell: options, files, and names of yours
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa completions bash > /etc/bash_completion.d/rpa
  rpa completions zsh > /usr/local/share/zsh/site-functions/_rpa
  rpa completions fish > ~/.config/fish/completions/rpa.fish")]
pub struct Args {
    /// For which shell
    pub shell: Shell,
}

#[derive(Serialize)]
struct Document {
    shell: String,
    script: String,
}

/// Answers a shell that asks what may stand at its cursor; false for any other call.
pub fn answered() -> bool {
    let words = std::env::args_os();
    let here = std::env::current_dir().ok();
    // a shell shows what is said in the middle of what is being typed: nothing is
    CompleteEnv::with_factory(command).var(ENV).try_complete(words, here.as_deref()).unwrap_or(true)
}

/// The name of the program, not its path: the script outlives an upgrade.
fn script(shell: Shell) -> Result<Vec<u8>, Failure> {
    let mut script = Vec::new();
    let name = shell.to_string();
    let shells = Shells::builtins();
    let failed = |e: &dyn std::fmt::Display| fault!(FaultCode::Io, "output-failed", error = e);
    let shell = shells.completer(&name).ok_or_else(|| failed(&name))?;
    shell.write_registration(ENV, "rpa", "rpa", "rpa", &mut script).map_err(|e| failed(&e))?;
    Ok(script)
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let script = script(args.shell)?;
    if session.json {
        let script = String::from_utf8_lossy(&script).into_owned();
        session.out.document(&Document { shell: args.shell.to_string(), script })?;
    } else {
        session.out.raw(&script)?;
    }
    Ok(Exit::OK)
}
