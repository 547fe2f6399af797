//! `rpa backup`: everything that the daemon has, in one file.

mod taken;

use std::path::{Path, PathBuf};

use rpa_ipc::backup::{self, Checked};
use serde::Serialize;

use super::exit::{Exit, Failure};
use super::json::time;
use super::session::Session;
use super::text::{Line, Style, size};
use crate::text::count;

/// Write all runs and workflows into one file while work goes on, or check such a file
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa backup rpad.tar
  rpa backup rpad.tar --history     logs of ended runs and archives as well
  rpa backup rpad.tar --force       in the place of the file that is there
  rpa backup --check rpad.tar       look at every byte of it, without a daemon

It is for root and the daemon's own user: variables whose values are masked are
in it as they are. Secrets are not. The file is a tar file, closed to others;
rpad restore makes a state directory of it.")]
pub struct Args {
    /// The file to write, or with --check to look at
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub file: PathBuf,

    /// Look whether the file is a good backup; nothing is written
    #[arg(long, conflicts_with_all = ["force", "history"])]
    pub check: bool,

    /// Replace the file if it is there
    #[arg(long)]
    pub force: bool,

    /// Logs of runs that have ended, and archives, as well
    #[arg(long)]
    pub history: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    file: String,
    bytes: u64,
    format: u32,
    store_format: u32,
    version: &'a str,
    instance: &'a str,
    taken: Option<String>,
    runs: u64,
    open_runs: u64,
    history: bool,
    members: usize,
    tables: &'a std::collections::BTreeMap<String, u64>,
    damaged_rows: u64,
    gone: u64,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let checked = match args.check {
        true => backup::check(&args.file).map_err(|bad| bad.fault(&args.file))?,
        false => taken::take(args, session).await?,
    };
    show(&args.file, &checked, session)?;
    Ok(Exit::OK)
}

fn show(file: &Path, checked: &Checked, session: &mut Session) -> Result<(), Failure> {
    let Checked { head, manifest, bytes } = checked;
    if session.json {
        return session.out.document(&Document {
            file: file.display().to_string(),
            bytes: *bytes,
            format: head.format,
            store_format: head.store_format,
            version: &head.version,
            instance: &head.instance,
            taken: time(head.taken_ms),
            runs: head.runs,
            open_runs: head.open_runs,
            history: head.history,
            members: manifest.members.len(),
            tables: &manifest.tables,
            damaged_rows: manifest.damaged_rows,
            gone: manifest.gone,
        });
    }
    let taken = time(head.taken_ms).unwrap_or_default();
    session.out.line(
        Line::of(file.display().to_string())
            .plain(" ")
            .push(Style::Good, "is a good backup")
            .plain(format!(
                ": {}, {} of them open, {}",
                count(head.runs, "run"),
                head.open_runs,
                size(*bytes)
            )),
    )?;
    let of = format!("  taken {taken} of instance {} by rpad {}", head.instance, head.version);
    session.out.line(Line::new().push(Style::Dim, of))?;
    if manifest.damaged_rows > 0 {
        let rows =
            format!("  damaged in the store itself: {}", count(manifest.damaged_rows, "row"));
        session.out.line(Line::new().push(Style::Warn, rows).plain("; see rpa doctor"))?;
    }
    Ok(())
}
