//! `rpa example`: a workflow to begin with, without the daemon.

use rpa_config::examples::{Example, WELCOME};
use rpa_ipc::{Fault, FaultCode, fault, said};
use serde::Serialize;

use super::exit::{Exit, Failure};
use super::session::Session;
use super::text::Line;

/// Print an example of a workflow: how full the disks are, or the one that is named
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without a name it is disk-report, which only looks and takes some seconds. All
of them are listed by `rpa init --list`; what a file may say: rpa-workflow(5).

Examples:
  rpa example | rpa apply -
  rpa example site-check > site-check.yaml
  rpa run disk-report --follow        once it is applied")]
pub struct Args {
    /// Which one
    #[arg(default_value = WELCOME, hide_default_value = true)]
    pub name: String,
}

#[derive(Serialize)]
struct Document {
    name: &'static str,
    file: String,
    source: &'static str,
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let example = find(&args.name)?;
    if session.json {
        let Example { name, source, .. } = *example;
        session.out.document(&Document { name, file: example.file(), source })?;
        return Ok(Exit::OK);
    }
    session.out.lines(example.source.lines().map(Line::of))?;
    Ok(Exit::OK)
}

/// The example of this name.
pub fn find(name: &str) -> Result<&'static Example, Fault> {
    Example::find(name).ok_or_else(|| {
        fault!(FaultCode::Usage, "init-no-example", name = name).hint(said!("hint-init-list"))
    })
}
