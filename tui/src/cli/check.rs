//! `rpa check`: every problem of workflow files, without the daemon.
//!
//! What it finds is its result, so it goes to standard output.

use rpa_config::testfile::SUFFIX;
use serde::Serialize;

use super::checking::{self, FileObject, Report};
use super::exit::{Exit, Failure};
use super::json::FaultObject;
use super::output::{self, Form};
use super::problems::{self, After};
use super::session::Session;
use super::test;
use super::text::{Line, Style};
use crate::text::count;

/// Check workflow files and show every problem, without the daemon
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa check disk-report.yaml
  rpa check jobs/*.yaml && rpa apply jobs/*.yaml
  rpa check disk-report.test.yaml     its tests are held against the workflow
  git show HEAD:disk-report.yaml | rpa check -
  rpa check jobs/*.yaml -o csv        a line for each file

Files that are given together are also held against each other: the variables of
the workflows that they call, and workflows that call each other in a circle.

Exits with 2 when a file has an error; warnings alone are fine.")]
pub struct Args {
    /// Workflow files; - is standard input
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub files: Vec<String>,

    #[command(flatten)]
    pub form: Form,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FaultObject<'a>>,
    files: Vec<FileObject<'a>>,
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::CHECK, session)?;
    let is_test = |file: &&String| file.ends_with(SUFFIX);
    let (tests, workflows): (Vec<&String>, Vec<&String>) = args.files.iter().partition(is_test);
    let workflows: Vec<String> = workflows.into_iter().cloned().collect();
    let mut reports: Vec<Report> = checking::check(&workflows, &session.namespace);
    // a file of tests is held against its workflow, which is looked at as well
    reports.extend(tests.into_iter().flat_map(|file| test::check(file, &session.namespace)));
    let bad = reports.iter().any(|report| report.valid.is_none());
    let fault = bad.then(|| problems::fault(&reports, After::Check));
    if session.json {
        let files = reports.iter().map(FileObject::of).collect();
        let error = fault.as_ref().map(FaultObject::of);
        session.out.document(&Document { error, files })?;
    } else if sheet.streams() {
        let files: Vec<FileObject<'_>> = reports.iter().map(FileObject::of).collect();
        sheet.rows(&files, session)?;
    } else {
        for report in &reports {
            text(report, session)?;
        }
    }
    Ok(if bad { Exit::INVALID } else { Exit::OK })
}

fn text(report: &Report, session: &mut Session) -> Result<(), Failure> {
    let language = session.out.look.language;
    for problem in &report.problems {
        session.out.lines(problems::lines(problem, &report.source, language))?;
    }
    let Some((workflow, steps)) = &report.valid else { return Ok(()) };
    let steps = count(*steps as u64, "step");
    let line = Line::of(format!("{}: ", report.file)).push(Style::Good, "ok");
    session.out.line(line.plain(format!(" ({workflow}, {steps})")))
}
