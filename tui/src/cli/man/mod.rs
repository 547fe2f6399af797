//! `rpa man`: a manual page for each command, from the same definition as the parser.
//! Hidden: for whoever packages the product.
//!
//! [`page`] says what stands on a page, [`roff`] how it is written, [`codes`] which exit
//! codes a command can end with.

mod codes;
mod page;
mod roff;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use rpa_ipc::{FaultCode, fault};
use serde::Serialize;

use super::args::Cli;
use super::exit::{Exit, Failure};
use super::session::Session;

/// Write the manual pages into a directory
#[derive(Debug, clap::Args)]
#[command(hide = true)]
pub struct Args {
    /// The directory, which is made if it is not there
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
    let mut names = Vec::new();
    for (name, text) in pages() {
        let file = format!("{name}.1");
        fs::write(dir.join(&file), text)?;
        names.push(file);
    }
    Ok(names)
}

/// The pages by their names, `rpa-locks` and then what is below it: `rpa-locks-set`.
pub fn pages() -> Vec<(String, String)> {
    let mut root = Cli::command();
    // passes global options on to the commands, so that their pages have them
    root.build();
    let mut pages = Vec::new();
    below(&root, &["rpa"], &mut pages);
    pages
}

fn below(command: &clap::Command, path: &[&str], pages: &mut Vec<(String, String)>) {
    for inner in page::shown(command) {
        let path = [path, &[inner.get_name()]].concat();
        pages.push((path.join("-"), page::page(inner, &path)));
        below(inner, &path, pages);
    }
}

#[cfg(test)]
mod tests;
