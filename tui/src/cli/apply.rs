//! `rpa apply`: makes files the newest revisions of their workflows.
//!
//! All files are checked first, and none is applied if any is bad: half a set of
//! workflows that belong together is worse than the old set.

use rpa_ipc::catalog::ApplyRequest;
use rpa_ipc::service::RpadClient;
use rpa_ipc::view::{Applied, ProblemView};
use rpa_ipc::{Fault, FaultCode, fault};
use serde::Serialize;

use super::checking::{self, FileObject, ProblemObject, Report};
use super::exit::{Exit, Failure};
use super::json::FaultObject;
use super::problems::{self, After};
use super::report;
use super::session::Session;
use super::text::{Line, Style};

/// Make workflow files the newest revisions of their workflows
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa apply disk-report.yaml
  rpa apply jobs/*.yaml               all of them, or none if one is bad
  rpa -n ops apply disk-report.yaml   for a file that names no namespace
  rpa apply --draft disk-report.yaml  checked and kept, not yet live
  rpa apply disk-report.yaml --note 'a higher limit'
  rpa apply --base 5 disk-report.yaml  not if a revision 6 has come since

Running runs keep the revision that they began with. Files of tests,
*.test.yaml, are left out.")]
pub struct Args {
    /// Workflow files; - is standard input
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub files: Vec<String>,

    /// Keep them as drafts: runs go on using what is published
    #[arg(long)]
    pub draft: bool,

    /// Why, for the history: one line
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub note: String,

    /// Only in place of this revision: refused when another is the newest; 0: when there is one
    #[arg(long, value_name = "REV")]
    pub base: Option<u32>,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FaultObject<'a>>,
    applied: Vec<AppliedObject<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FileObject<'a>>,
}

#[derive(Serialize)]
struct AppliedObject<'a> {
    file: &'a str,
    workflow: &'a str,
    revision: u32,
    changed: bool,
    draft: bool,
    warnings: Vec<ProblemObject<'a>>,
}

/// A file that the daemon took.
struct Done {
    file: String,
    workflow: String,
    revision: u32,
    changed: bool,
    draft: bool,
    warnings: Vec<ProblemView>,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let files: Vec<String> = checking::workflows(&args.files).cloned().collect();
    if args.base.is_some() && files.len() != 1 {
        // revisions are counted for each workflow
        return Err(fault!(FaultCode::Usage, "base-of-one", count = files.len()).into());
    }
    let mut reports: Vec<Report> = checking::check(&files, &session.namespace);
    if reports.iter().any(|report| report.valid.is_none()) {
        let fault = problems::fault(&reports, After::NothingApplied);
        return refuse(&fault, &[], &reports, session);
    }
    let mut link = session.link()?;
    let mut done = Vec::new();
    for i in 0..reports.len() {
        let request = ApplyRequest {
            namespace: session.namespace.clone(),
            file: reports[i].file.clone(),
            source: reports[i].source.clone(),
            note: args.note.clone(),
            draft: args.draft,
            base: args.base,
        };
        let file = request.file.clone();
        let call = async |rpc: &RpadClient, context| rpc.apply(context, request.clone()).await;
        match link.call(call).await.map_err(|fault| after(fault, &done))? {
            Applied::Accepted { workflow, revision, changed, draft, warnings } => {
                done.push(Done { file, workflow, revision, changed, draft, warnings });
            }
            // a daemon of another version, or with other secrets, may know better
            Applied::Refused { problems } => {
                reports[i].valid = None;
                reports[i].problems = problems;
                let fault = problems::fault(&reports[i..=i], After::Daemon);
                let fault = after(fault, &done);
                return refuse(&fault, &done, &reports[i..=i], session);
            }
        }
    }
    accept(&done, &reports, session)
}

/// What became of one file that the daemon had already: revision `file`.
pub fn answer(applied: Applied, file: &str, session: &mut Session) -> Result<Exit, Failure> {
    let (file, source) = (file.to_owned(), String::new());
    match applied {
        Applied::Accepted { workflow, revision, changed, draft, warnings } => {
            let report = Report { file: file.clone(), source, valid: None, problems: Vec::new() };
            let done = Done { file, workflow, revision, changed, draft, warnings };
            accept(&[done], &[report], session)
        }
        Applied::Refused { problems } => {
            let report = Report { file, source, valid: None, problems };
            let fault = problems::fault(std::slice::from_ref(&report), After::Daemon);
            refuse(&fault, &[], &[report], session)
        }
    }
}

/// Says what had been applied before a fault.
fn after(fault: Fault, done: &[Done]) -> Fault {
    let names: Vec<&str> = done.iter().map(|done| done.workflow.as_str()).collect();
    if names.is_empty() { fault } else { fault.with("applied before", names.join(", ")) }
}

fn accept(done: &[Done], reports: &[Report], session: &mut Session) -> Result<Exit, Failure> {
    if session.json {
        let applied = done.iter().map(AppliedObject::of).collect();
        session.out.document(&Document { error: None, applied, files: Vec::new() })?;
        return Ok(Exit::OK);
    }
    let language = session.err.look.language;
    for (done, report) in done.iter().zip(reports) {
        for warning in &done.warnings {
            session.err.lines(problems::lines(warning, &report.source, language))?;
        }
        session.out.line(done.line())?;
    }
    Ok(Exit::OK)
}

fn refuse(
    fault: &Fault,
    done: &[Done],
    reports: &[Report],
    session: &mut Session,
) -> Result<Exit, Failure> {
    if session.json {
        let applied = done.iter().map(AppliedObject::of).collect();
        let files = reports.iter().map(FileObject::of).collect();
        let error = Some(FaultObject::of(fault));
        session.out.document(&Document { error, applied, files })?;
        return Ok(Exit::INVALID);
    }
    for done in done {
        session.out.line(done.line())?;
    }
    session.out.flush()?;
    let language = session.err.look.language;
    for report in reports {
        for problem in &report.problems {
            session.err.lines(problems::lines(problem, &report.source, language))?;
        }
    }
    session.err.lines(report::lines(fault, &session.err.look))?;
    Ok(Exit::INVALID)
}

impl Done {
    fn line(&self) -> Line {
        let name = Line::of(&self.workflow);
        let draft = if self.draft { ", a draft" } else { "" };
        if self.changed {
            name.plain(format!(" revision {}{draft}", self.revision))
        } else {
            name.push(Style::Dim, " unchanged")
                .plain(format!(" (revision {}{draft})", self.revision))
        }
    }
}

impl<'a> AppliedObject<'a> {
    fn of(done: &'a Done) -> AppliedObject<'a> {
        AppliedObject {
            file: &done.file,
            workflow: &done.workflow,
            revision: done.revision,
            changed: done.changed,
            draft: done.draft,
            warnings: done.warnings.iter().map(ProblemObject::of).collect(),
        }
    }
}
