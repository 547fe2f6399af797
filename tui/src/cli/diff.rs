//! `rpa diff`: two sources, line by line.

use rpa_ipc::catalog::SourceView;
use rpa_ipc::{FaultCode, fault};
use serde::Serialize;

use super::exit::{Exit, Failure};
use super::input;
use super::session::Session;
use super::source::fetch;
use super::text::{Line, Style};
use crate::unified::{self, Mark};

/// Show what differs between two revisions, or between one and a file
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa diff disk-report                what the waiting draft changes; without
                                      one: what the live revision has changed
  rpa diff disk-report 3              from revision 3 to the live one
  rpa diff disk-report 3 4
  rpa diff disk-report --file new.yaml
  rpa diff disk-report --file new.yaml --exit-code

Exits with 0, and with --exit-code with 1 when something differs.")]
pub struct Args {
    /// The workflow: NAME or NAMESPACE/NAME
    #[arg(value_name = "NAME")]
    pub workflow: String,

    /// The older revision, then the newer one
    #[arg(value_name = "REV", num_args = 0..=2, value_parser = clap::value_parser!(u32).range(1..))]
    pub revisions: Vec<u32>,

    /// Compare with this file; - is standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub file: Option<String>,

    /// Exit with 1 when something differs
    #[arg(long)]
    pub exit_code: bool,
}

/// One of the two that are compared.
#[derive(Debug)]
struct Side {
    label: String,
    revision: Option<u32>,
    source: String,
}

#[derive(Serialize)]
struct Document<'a> {
    workflow: &'a str,
    from: Option<u32>,
    to: Option<u32>,
    differs: bool,
    diff: &'a str,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    if args.file.is_some() && args.revisions.len() > 1 {
        return Err(fault!(FaultCode::Usage, "diff-sides").into());
    }
    let (workflow, from, to) = sides(args, session).await?;
    let text = unified::unified((&from.label, &from.source), (&to.label, &to.source));
    let differs = !text.is_empty();
    if session.json {
        let (from, to) = (from.revision, to.revision);
        session.out.document(&Document { workflow: &workflow, from, to, differs, diff: &text })?;
    } else if differs {
        session.out.lines(text.lines().map(line))?;
    } else {
        session.note(format!("{} and {} are the same", from.label, to.label))?;
    }
    Ok(if differs && args.exit_code { Exit::DIFFERS } else { Exit::OK })
}

async fn sides(args: &Args, session: &Session) -> Result<(String, Side, Side), Failure> {
    let first = fetch(&args.workflow, args.revisions.first().copied(), session).await?;
    let workflow = first.revision.workflow.clone();
    let number = first.revision.revision;
    if let Some(file) = &args.file {
        let source = input::read_text(file)
            .map_err(|e| fault!(FaultCode::Io, "file-unread", path = file, error = e))?;
        let side = Side { label: file.clone(), revision: None, source };
        return Ok((workflow, of(first), side));
    }
    let other = match (&args.revisions[..], first.state.draft) {
        ([], Some(draft)) if draft != number => Some(draft),
        ([], _) if number > 1 => {
            let before = fetch(&args.workflow, Some(number - 1), session).await?;
            return Ok((workflow, of(before), of(first)));
        }
        ([], _) => {
            let fault = fault!(FaultCode::NoRevision, "only-revision", workflow = workflow);
            return Err(fault.into());
        }
        ([_, newer, ..], _) => Some(*newer),
        ([_], _) => None,
    };
    let second = fetch(&args.workflow, other, session).await?;
    Ok((workflow, of(first), of(second)))
}

fn of(view: SourceView) -> Side {
    let number = view.revision.revision;
    let label = format!("{} revision {number}", view.revision.workflow);
    Side { label, revision: Some(number), source: view.source }
}

/// A line of a difference as it is shown.
pub fn line(text: &str) -> Line {
    let style = match unified::mark(text) {
        Mark::Head => Style::Bold,
        Mark::Added => Style::Good,
        Mark::Removed => Style::Bad,
        Mark::Place => Style::Busy,
        Mark::Same => Style::Plain,
    };
    Line::new().push(style, text)
}
