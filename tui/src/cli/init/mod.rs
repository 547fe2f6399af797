//! `rpa init`: a first workflow, or an example, in a file of its own, and a daemon to run
//! it when none is there.
//!
//! Nothing that exists is ever written over.

mod start;
mod target;

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rpa_config::examples::{EXAMPLES, Example, first};
use rpa_config::workflow::schema;
use rpa_ipc::client::Client;
use rpa_ipc::hello::Via;
use rpa_ipc::{Fault, FaultCode, fault, said};
use serde::Serialize;

use super::confirm::{agreed, is_somebody_there};
use super::example::find;
use super::exit::{Exit, Failure};
use super::session::Session;
use super::text::{Column, Line, Style, Table};
use crate::text::quoted;
use start::Started;
use target::Target;

/// The schema that editors are pointed to, beside the workflow.
const SCHEMA: &str = "workflow.schema.json";

/// Write a first workflow, or an example, and start a daemon for it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa init                            hello.yaml, a small workflow with comments
  rpa init disk-check                 disk-check.yaml; or name a directory
  rpa init --list                     the examples
  rpa init --example site-check       one of them, with its tests if it has any
  rpa init --schema                   with a schema for editors
  rpa init --start                    and a daemon of yours if none answers

No file is ever written over; with --start one that is there is left as it is.
The daemon that --start starts is yours: by the user unit rpad of systemd where
there is one, else in the background, with its log in the state directory. How
to stop it is said when it is started.")]
pub struct Args {
    /// The workflow's name, a directory to write to, or the file
    #[arg(value_name = "DIR|NAME", value_hint = clap::ValueHint::AnyPath)]
    pub target: Option<String>,

    /// Write this example instead of the first workflow
    #[arg(long, value_name = "NAME")]
    pub example: Option<String>,

    /// List the examples and write nothing
    #[arg(long, conflicts_with_all = ["target", "example", "schema", "start"])]
    pub list: bool,

    /// Write the schema of workflows beside it, and a line that points editors to it
    #[arg(long)]
    pub schema: bool,

    /// Start a daemon of this user's if none answers
    #[arg(long)]
    pub start: bool,
}

#[derive(Serialize)]
struct ListDocument {
    examples: Vec<ExampleObject>,
}

#[derive(Serialize)]
struct ExampleObject {
    name: &'static str,
    description: String,
    tests: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    workflow: &'a str,
    /// What was written; with `--start` nothing, where a file is there.
    files: Vec<String>,
    /// Commands to go on with.
    next: &'a [String],
    /// `answers`, `started` or `none`.
    daemon: &'static str,
    pid: Option<u32>,
    log: Option<String>,
    /// The command that stops what was started.
    stop: Option<String>,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    if args.list {
        return list(session);
    }
    let example = args.example.as_deref().map(find).transpose()?;
    let target = Target::of(args.target.as_deref(), example)?;
    let files = match write(&target, example, args.schema) {
        // who asks for a daemon has begun before, and needs no second beginning
        Err(fault) if args.start && fault.code == FaultCode::FileThere => Vec::new(),
        written => written?,
    };
    let next = next(&target, example);
    if !session.json {
        if files.is_empty() {
            let there = Line::of(target.file.display().to_string());
            session.out.line(there.plain(": there already, left as it is"))?;
        }
        for file in &files {
            let line = Line::of(file.display().to_string()).plain(": ");
            session.out.line(line.push(Style::Good, "written"))?;
        }
        session.out.flush()?;
    }
    let missing = Client::connect(&session.socket()?, Via::Cli).await.err().map(|it| lack(&it));
    let started = match missing {
        Some(lack) if args.start || asks(lack, session)? => Some(start::start(session).await?),
        _ => None,
    };
    if session.json {
        document(&target, &files, &next, missing.is_none(), started.as_ref(), session)?;
        return Ok(Exit::OK);
    }
    if let Some(started) = &started {
        session.out.lines(started.lines())?;
    } else if let Some(lack) = missing {
        session.out.line(format!("{lack}: rpa init --start starts one of yours, or run rpad"))?;
    }
    session.out.line(Line::new().push(Style::Dim, "next"))?;
    session.out.lines(next.iter().map(|command| Line::of("  ").plain(command)))?;
    Ok(Exit::OK)
}

/// Why there is no daemon to work with: that of the machine is not everybody's.
fn lack(fault: &Fault) -> &'static str {
    match fault.code {
        FaultCode::Denied => {
            "the daemon of this machine serves the group rpad, and you are not in it"
        }
        _ => "no daemon answers",
    }
}

fn asks(lack: &str, session: &mut Session) -> Result<bool, Failure> {
    if !is_somebody_there(session) {
        return Ok(false);
    }
    agreed(&format!("{lack}; start one of yours now?"), session)
}

/// Writes all files or none of them.
fn write(
    target: &Target,
    example: Option<&Example>,
    with_schema: bool,
) -> Result<Vec<PathBuf>, Fault> {
    let source = example.map_or_else(|| first(&target.name), |e| e.source.to_owned());
    let mut files = Vec::new();
    if with_schema {
        let line = format!("# yaml-language-server: $schema={SCHEMA}\n");
        files.push((target.file.clone(), line + &source));
    } else {
        files.push((target.file.clone(), source));
    }
    if let Some(tests) = example.and_then(|example| example.tests) {
        files.push((target.beside(".test.yaml"), tests.to_owned()));
    }
    let schema_file = target.directory().join(SCHEMA);
    // one that is there is of this or another version, and serves several workflows
    if with_schema && !schema_file.exists() {
        let text = serde_json::to_string_pretty(&schema()).expect("a schema is JSON");
        files.push((schema_file, text + "\n"));
    }
    let mut written: Vec<PathBuf> = Vec::new();
    for (file, text) in &files {
        if let Err(error) = write_new(file, text) {
            for file in &written {
                let _ = std::fs::remove_file(file);
            }
            return Err(match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    fault!(FaultCode::FileThere, "init-there", path = file.display())
                        .hint(said!("hint-init-there"))
                }
                _ => {
                    let path = file.display();
                    fault!(FaultCode::Io, "file-unwritten", path = path, error = error)
                }
            });
        }
        written.push(file.clone());
    }
    Ok(written)
}

/// A file that was not there before; it is gone again when it cannot be written whole.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    written
}

/// The three commands to go on with. How an example is run stands at its top.
fn next(target: &Target, example: Option<&Example>) -> Vec<String> {
    let file = quoted(&target.file.display().to_string());
    let told = example.and_then(|example| {
        let lines = example.source.lines().take_while(|line| line.starts_with('#'));
        let mut commands = lines.map(|line| line.trim_start_matches(['#', ' ']));
        commands.find(|line| line.starts_with("rpa run ")).map(str::to_owned)
    });
    let run = told.unwrap_or_else(|| format!("rpa run {} --follow", target.name));
    vec![format!("rpa check {file}"), format!("rpa apply {file}"), run]
}

fn document(
    target: &Target,
    files: &[PathBuf],
    next: &[String],
    answers: bool,
    started: Option<&Started>,
    session: &mut Session,
) -> Result<(), Failure> {
    session.out.document(&Document {
        workflow: target.name.as_ref(),
        files: files.iter().map(|file| file.display().to_string()).collect(),
        next,
        daemon: match (started, answers) {
            (Some(_), _) => "started",
            (None, true) => "answers",
            (None, false) => "none",
        },
        pid: started.and_then(|started| started.pid),
        log: started.and_then(|started| started.log.as_ref()).map(|log| log.display().to_string()),
        stop: started.map(|started| started.stop.clone()),
    })
}

fn list(session: &mut Session) -> Result<Exit, Failure> {
    if session.json {
        let object = |example: &Example| ExampleObject {
            name: example.name,
            description: example.description(),
            tests: example.tests.is_some(),
        };
        let examples = EXAMPLES.iter().map(object).collect();
        session.out.document(&ListDocument { examples })?;
        return Ok(Exit::OK);
    }
    let mut table = Table::new(&[Column::fixed("EXAMPLE"), Column::flexible("WHAT IT DOES", 20)]);
    for example in EXAMPLES {
        table.row(vec![example.name.into(), example.description().into()]);
    }
    let lines = table.lines(&session.out.look);
    session.out.lines(lines)?;
    Ok(Exit::OK)
}
