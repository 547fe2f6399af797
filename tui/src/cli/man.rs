//! `rpa man`: the manual pages, from the same definition as the parser. Hidden:
//! for whoever packages the product.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap_mangen::Man;
use rpa_ipc::{FaultCode, fault};
use serde::Serialize;

use super::args::Cli;
use super::exit::{Exit, Failure};
use super::session::Session;

/// Write the manual pages into a directory
#[derive(Debug, clap::Args)]
#[command(hide = true)]
pub struct Args {
    pub dir: PathBuf,
}

#[derive(Serialize)]
struct Document {
    pages: Vec<String>,
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let pages = write_all(&args.dir).map_err(|e| {
        fault!(FaultCode::Io, "manual-failed", path = args.dir.display(), error = e)
    })?;
    if session.json {
        session.out.document(&Document { pages })?;
    } else {
        session.out.lines(pages.into_iter().map(Into::into))?;
    }
    Ok(Exit::OK)
}

/// One page for each command that is not hidden; `rpa.1` itself is written by hand.
fn write_all(dir: &Path) -> io::Result<Vec<String>> {
    fs::create_dir_all(dir)?;
    let mut root = Cli::command();
    // passes global options on to the commands, so that their pages have them
    root.build();
    let mut pages = Vec::new();
    write_below(&root, "rpa", dir, &mut pages)?;
    Ok(pages)
}

/// A page for each command of a command: `rpa-locks.1`, and below it `rpa-locks-set.1`.
fn write_below(
    command: &clap::Command,
    name: &str,
    dir: &Path,
    pages: &mut Vec<String>,
) -> io::Result<()> {
    let shown = |command: &&clap::Command| !command.is_hide_set() && command.get_name() != "help";
    for inner in command.get_subcommands().filter(shown) {
        let name = format!("{name}-{}", inner.get_name());
        pages.push(write(dir, name.clone(), inner.clone())?);
        write_below(inner, &name, dir, pages)?;
    }
    Ok(())
}

fn write(dir: &Path, name: String, command: clap::Command) -> io::Result<String> {
    let file = format!("{name}.1");
    let mut page = Vec::new();
    Man::new(command).title(name).manual("rpad").render(&mut page)?;
    fs::write(dir.join(&file), page)?;
    Ok(file)
}
