//! `rpa example`: a workflow to begin with, without the daemon.

use rpa_config::example::{FILE, NAME, SOURCE};
use serde::Serialize;

use super::exit::{Exit, Failure};
use super::session::Session;
use super::text::Line;

/// Print a small workflow to begin with: how full the disks are
#[derive(Debug, clap::Args)]
#[command(after_help = "\
It only looks, and takes some seconds. More of them are installed beside the
manual; what a file may say is in rpa-workflow(5).

Examples:
  rpa example | rpa apply -
  rpa example > disk-report.yaml
  rpa run disk-report --follow        once it is applied")]
pub struct Args {}

#[derive(Serialize)]
struct Document {
    name: &'static str,
    file: &'static str,
    source: &'static str,
}

pub fn run(_args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    if session.json {
        session.out.document(&Document { name: NAME, file: FILE, source: SOURCE })?;
        return Ok(Exit::OK);
    }
    session.out.lines(SOURCE.lines().map(Line::of))?;
    Ok(Exit::OK)
}
