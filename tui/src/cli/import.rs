//! `rpa import`: the workflows of a bundle, all of them or none.

use std::time::Duration;

use rpa_ipc::catalog::{ImportFile, ImportRequest, Imported, ImportedFile};
use rpa_ipc::service::RpadClient;
use rpa_ipc::view::ProblemView;
use rpa_ipc::{FaultCode, fault};
use serde::Serialize;

use super::bundle;
use super::checking::{FileObject, Report};
use super::exit::{Exit, Failure};
use super::input;
use super::json::{FaultObject, ImportedObject};
use super::problems::{self, After};
use super::report;
use super::session::Session;
use super::text::{Line, Style};
use super::wire::Repeat;

/// The daemon checks every file of a bundle before it answers.
const DEADLINE: Duration = Duration::from_secs(60);

/// Apply all workflows of a bundle, or none of them
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa import workflows.tar --dry-run
  rpa import workflows.tar --note 'from the old server'
  rpa import workflows.tar --draft    checked and kept, not yet live
  ssh other rpa export --all -o - | rpa import -

Each workflow comes into the namespace that it was exported from. Secrets,
runs and earlier revisions are not in a bundle.")]
pub struct Args {
    /// A file that `rpa export` wrote; - is standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub file: String,

    /// Keep them as drafts: runs go on using what is published
    #[arg(long)]
    pub draft: bool,

    /// Check and compare everything, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Why, for the history of each: one line
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub note: String,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FaultObject<'a>>,
    imported: Vec<ImportedObject<'a>>,
    dry_run: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FileObject<'a>>,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let bytes = input::read(&args.file)
        .map_err(|e| fault!(FaultCode::Io, "file-unread", path = args.file, error = e))?;
    let files = bundle::read(&bytes).map_err(|why| {
        let why = why.said();
        fault!(FaultCode::BadBundle, "bundle-unusable", path = args.file, why = why)
    })?;
    let request = ImportRequest {
        files: files.clone(),
        note: args.note.clone(),
        draft: args.draft,
        dry_run: args.dry_run,
    };
    let call = async |rpc: &RpadClient, context| rpc.import(context, request.clone()).await;
    match session.link()?.repeat(Repeat::Never, DEADLINE, call).await? {
        Imported::Done { files } => accept(&files, args, session),
        Imported::Refused { problems } => refuse(&files, &problems, args, session),
    }
}

fn accept(imported: &[ImportedFile], args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    if session.json {
        let (imported, dry_run) = (imported.iter().map(ImportedObject::of).collect(), args.dry_run);
        session.out.document(&Document { error: None, imported, dry_run, files: Vec::new() })?;
        return Ok(Exit::OK);
    }
    for file in imported {
        let name = Line::of(&file.workflow);
        session.out.line(match file.changed {
            true => name.plain(format!(" revision {}", file.revision)),
            false => {
                name.push(Style::Dim, " unchanged").plain(format!(" (revision {})", file.revision))
            }
        })?;
    }
    if args.dry_run {
        session.note(Line::new().push(Style::Dim, "nothing was changed: this was a dry run"))?;
    }
    Ok(Exit::OK)
}

fn refuse(
    files: &[ImportFile],
    problems: &[ProblemView],
    args: &Args,
    session: &mut Session,
) -> Result<Exit, Failure> {
    let bad = files.iter().filter_map(|file| {
        let of_it = problems.iter().filter(|p| p.file == file.file).cloned();
        let problems: Vec<ProblemView> = of_it.collect();
        let (file, source) = (file.file.clone(), file.source.clone());
        (!problems.is_empty()).then_some(Report { file, source, valid: None, problems })
    });
    let reports: Vec<Report> = bad.collect();
    let fault = problems::fault(&reports, After::NothingApplied);
    if session.json {
        let files = reports.iter().map(FileObject::of).collect();
        let error = Some(FaultObject::of(&fault));
        let (imported, dry_run) = (Vec::new(), args.dry_run);
        session.out.document(&Document { error, imported, dry_run, files })?;
        return Ok(Exit::INVALID);
    }
    let language = session.err.look.language;
    for report in &reports {
        for problem in &report.problems {
            session.err.lines(problems::lines(problem, &report.source, language))?;
        }
    }
    session.err.lines(report::lines(&fault, &session.err.look))?;
    Ok(Exit::INVALID)
}
