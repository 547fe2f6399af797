//! `rpa completions`: a script for the shell.

use clap::CommandFactory;
use clap_complete::Shell;
use serde::Serialize;

use super::args::Cli;
use super::exit::{Exit, Failure};
use super::session::Session;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa completions bash > /etc/bash_completion.d/rpa
  rpa completions fish > ~/.config/fish/completions/rpa.fish")]
pub struct Args {
    pub shell: Shell,
}

#[derive(Serialize)]
struct Document {
    shell: String,
    script: String,
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "rpa", &mut script);
    if session.json {
        let script = String::from_utf8_lossy(&script).into_owned();
        session.out.document(&Document { shell: args.shell.to_string(), script })?;
    } else {
        session.out.raw(&script)?;
    }
    Ok(Exit::OK)
}
