//! `rpa fmt`: workflow files in their canonical form, comments kept.
//!
//! A file is written whole or not at all, and only when it says the same as before:
//! `rpa_config::format` holds that, here are files, differences and exit codes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rpa_config::format::{Refusal, format_bytes};
use rpa_ipc::{Fault, FaultCode, fault};
use serde::Serialize;

use super::checking::{ProblemObject, Report, not_read, view};
use super::diff;
use super::exit::{Exit, Failure};
use super::input;
use super::json::FaultObject;
use super::problems::{self, After};
use super::report;
use super::session::Session;
use super::text::{Line, Style};
use crate::replace::replace;
use crate::unified::unified;

/// Put workflow files into their canonical form, comments kept
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa fmt disk-report.yaml
  rpa fmt jobs/*.yaml                 also files of tests
  rpa fmt --check jobs/*.yaml         name those that differ, write nothing
  rpa fmt --diff disk-report.yaml     show what would change, write nothing
  rpa fmt - < a.yaml > b.yaml

Keys get the order of rpa-workflow(5), two blanks a level, an empty line between
sections and steps. Values and comments stay as they are: what is about to be
written is read again and compared, and nothing is written when it differs.

Exits with 1 when --check finds a file that differs, with 2 when one cannot be
read or formatted; the others are formatted all the same.")]
pub struct Args {
    /// Workflow files, files of tests; - is standard input, formatted to standard output
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub files: Vec<String>,

    /// Write nothing; name the files that differ and exit with 1
    #[arg(long)]
    pub check: bool,

    /// Write nothing; show what would change
    #[arg(long)]
    pub diff: bool,
}

/// What became of one file.
#[derive(Debug)]
struct Done {
    file: String,
    state: State,
}

#[derive(Debug)]
enum State {
    /// It is canonical.
    Same(String),
    Differs {
        old: String,
        new: String,
        written: bool,
    },
    /// It cannot be read: as `rpa check` says it.
    Unread(Report),
    Refused(Fault),
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FaultObject<'a>>,
    files: Vec<FileObject<'a>>,
}

#[derive(Serialize)]
struct FileObject<'a> {
    file: &'a str,
    ok: bool,
    differs: bool,
    written: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
    /// Of standard input, which is written nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    problems: Vec<ProblemObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FaultObject<'a>>,
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let writes = !args.check && !args.diff;
    let mut done = Vec::new();
    for file in &args.files {
        let state = state(file, writes)?;
        let one = Done { file: file.clone(), state };
        if !session.json {
            text(&one, args, session)?;
        }
        done.push(one);
    }
    if session.json {
        document(&done, args, session)?;
    }
    let bad = done.iter().any(|one| one.fault().is_some());
    let differs = done.iter().any(|one| matches!(one.state, State::Differs { .. }));
    Ok(match (bad, differs && args.check) {
        (true, _) => Exit::INVALID,
        (false, true) => Exit::DIFFERS,
        (false, false) => Exit::OK,
    })
}

fn state(file: &str, writes: bool) -> Result<State, Failure> {
    let bytes = match input::read(file) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(State::Unread(not_read(file, &error.to_string()))),
    };
    let new = match format_bytes(&bytes, file) {
        Ok(new) => new,
        Err(refusal) => return Ok(refused(refusal, file, &bytes)),
    };
    // it was read as text
    let old = String::from_utf8_lossy(&bytes).into_owned();
    if old == new {
        return Ok(State::Same(old));
    }
    let written = writes && file != "-";
    if written {
        write(file, &bytes, &new)
            .map_err(|e| fault!(FaultCode::Io, "file-unwritten", path = file, error = e))?;
    }
    Ok(State::Differs { old, new, written })
}

/// The file behind links is written, unless somebody has just changed it.
fn write(file: &str, read: &[u8], new: &str) -> io::Result<()> {
    let path: PathBuf = fs::canonicalize(Path::new(file))?;
    if !path.is_file() {
        return Err(io::Error::other("not an ordinary file"));
    }
    if fs::read(&path)? != read {
        return Err(io::Error::other("it was changed meanwhile"));
    }
    replace(&path, new.as_bytes())
}

fn refused(refusal: Refusal, file: &str, bytes: &[u8]) -> State {
    match refusal {
        Refusal::Unread(problems) => State::Unread(Report {
            file: file.to_owned(),
            source: String::from_utf8_lossy(bytes).into_owned(),
            valid: None,
            problems: problems.into_iter().map(view).collect(),
        }),
        Refusal::Unkept(unkept) => {
            let line = unkept.line;
            let code = FaultCode::Unformatted;
            State::Refused(fault!(code, "unformatted-line", file = file, line = line))
        }
        Refusal::Changed(_) => {
            State::Refused(fault!(FaultCode::Unformatted, "unformatted-changed", file = file))
        }
    }
}

impl Done {
    /// What kept the file from being formatted.
    fn fault(&self) -> Option<Fault> {
        match &self.state {
            State::Same(_) | State::Differs { .. } => None,
            State::Unread(report) => Some(problems::fault([report], After::Check)),
            State::Refused(fault) => Some(fault.clone()),
        }
    }

    fn difference(&self) -> Option<String> {
        match &self.state {
            State::Differs { old, new, .. } => {
                let formatted = format!("{} (formatted)", self.file);
                Some(unified((&self.file, old), (&formatted, new)))
            }
            State::Same(_) | State::Unread(_) | State::Refused(_) => None,
        }
    }
}

fn text(done: &Done, args: &Args, session: &mut Session) -> Result<(), Failure> {
    let language = session.out.look.language;
    match &done.state {
        State::Unread(found) => {
            for problem in &found.problems {
                session.out.lines(problems::lines(problem, &found.source, language))?;
            }
        }
        State::Refused(fault) => {
            for line in report::lines(fault, &session.err.look) {
                session.note(line)?;
            }
        }
        State::Same(_) | State::Differs { .. } if args.diff => {
            let text = done.difference().unwrap_or_default();
            session.out.lines(text.lines().map(diff::line))?;
        }
        State::Differs { .. } if args.check => session.out.line(done.file.as_str())?,
        State::Same(text) | State::Differs { new: text, written: false, .. }
            if done.file == "-" && !args.check =>
        {
            session.out.text(text)?;
        }
        State::Differs { .. } => {
            let line = Line::of(format!("{}: ", done.file)).push(Style::Good, "formatted");
            session.out.line(line)?;
        }
        State::Same(_) => {}
    }
    Ok(())
}

fn document(done: &[Done], args: &Args, session: &mut Session) -> Result<(), Failure> {
    let faults: Vec<Option<Fault>> = done.iter().map(Done::fault).collect();
    let error = faults.iter().flatten().next().map(FaultObject::of);
    let files = done.iter().map(|one| {
        let (text, written) = match &one.state {
            State::Same(text) => (Some(text.as_str()), false),
            State::Differs { new, written, .. } => (Some(new.as_str()), *written),
            State::Unread(_) | State::Refused(_) => (None, false),
        };
        let problems = match &one.state {
            State::Unread(report) => report.problems.iter().map(ProblemObject::of).collect(),
            _ => Vec::new(),
        };
        FileObject {
            file: &one.file,
            ok: text.is_some(),
            differs: matches!(one.state, State::Differs { .. }),
            written,
            diff: one.difference().filter(|_| args.diff),
            text: text.filter(|_| one.file == "-"),
            problems,
            error: match &one.state {
                State::Refused(fault) => Some(FaultObject::of(fault)),
                _ => None,
            },
        }
    });
    session.out.document(&Document { error, files: files.collect() })
}
