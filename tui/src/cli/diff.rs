//! `rpa diff`: two sources, line by line.

use std::time::Duration;

use rpa_ipc::catalog::SourceView;
use rpa_ipc::{FaultCode, fault};
use serde::Serialize;
use similar::TextDiff;

use super::exit::{Exit, Failure};
use super::input;
use super::session::Session;
use super::source::fetch;
use super::text::{Line, Style};

/// Lines around each difference.
const CONTEXT: usize = 3;
/// After this the rest of a difference is told in larger pieces.
const PATIENCE: Duration = Duration::from_secs(2);

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
    #[arg(long, value_name = "FILE")]
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
    let text = unified(&from, &to);
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

fn unified(from: &Side, to: &Side) -> String {
    between((&from.label, &from.source), (&to.label, &to.source))
}

/// The difference of two texts, each with its name; empty when they are the same.
pub fn between((from, old): (&str, &str), (to, new): (&str, &str)) -> String {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    let mut text = diff.unified_diff();
    text.context_radius(CONTEXT).header(from, to).to_string()
}

/// A line of a difference as it is shown.
pub fn line(text: &str) -> Line {
    let style = match text.as_bytes().first() {
        _ if text.starts_with("--- ") || text.starts_with("+++ ") => Style::Bold,
        Some(b'+') => Style::Good,
        Some(b'-') => Style::Bad,
        Some(b'@') => Style::Busy,
        _ => Style::Plain,
    };
    Line::new().push(style, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown_with_what_stands_around_it() {
        let side = |label: &str, source: &str| Side {
            label: label.into(),
            revision: None,
            source: source.into(),
        };
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let new = old.replace('6', "six");
        let text = unified(&side("a", old), &side("b", &new));
        let wanted = "--- a\n+++ b\n@@ -3,7 +3,7 @@\n 3\n 4\n 5\n-6\n+six\n 7\n 8\n 9\n";
        assert_eq!(text, wanted);
        assert_eq!(unified(&side("a", old), &side("b", old)), "");
    }
}
