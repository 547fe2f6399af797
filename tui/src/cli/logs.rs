//! `rpa logs`: what a run printed, and what it goes on printing.

use std::collections::VecDeque;

use rpa_engine::StepPath;
use rpa_ipc::client::CALL_DEADLINE;
use rpa_ipc::service::{LogQuery, RpadClient, RunRef};
use rpa_ipc::view::{LogPage, RunDetail};
use rpa_ipc::{Fault, FaultCode, fault};
use serde::Serialize;

use super::attend::{PAGE_LINES, Show, attend, detached, pages};
use super::exit::{Exit, Failure};
use super::json::FaultObject;
use super::next::{self, Named};
use super::outcome;
use super::printer::{Form, Printer, encoded};
use super::session::{Session, now_ms};
use super::wire::{Link, Repeat, is_over};

/// Show what a run printed
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa logs 444455556666
  rpa logs 6666 --step usage --tail 50
  rpa logs 6666 --step each           all turns of a loop; 'each[3]' is one
  rpa logs 6666 -f                    until the run ends; exits like run --wait

Lines are marked | for output, ! for error output, * for remarks of the daemon.")]
pub struct Args {
    /// A run's id, or a unique ending of it
    pub run: String,

    /// Only what this step printed, and what is inside it
    #[arg(long, value_name = "PATH")]
    pub step: Option<StepPath>,

    /// Go on until the run has ended, or waits for a person
    #[arg(short, long)]
    pub follow: bool,

    /// Begin with the last N lines
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub tail: Option<u32>,
}

/// The end of the document, after the lines.
#[derive(Serialize)]
struct Rest<'a> {
    /// Where a later call would go on.
    next: u64,
    ended: bool,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FaultObject<'a>>,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut link = session.link()?;
    let asked = session.run_ref(&args.run);
    let show = async |rpc: &RpadClient, context| rpc.show(context, asked.clone()).await;
    let detail = link.call(show).await?;
    if let Some(step) = args.step.as_ref().filter(|step| !has_step(&detail, step)) {
        let run = detail.summary.run.short();
        return Err(fault!(FaultCode::NoStep, "no-step", run = run, step = step).into());
    }
    // the full id: what is a unique ending now need not be one in a minute
    let run = RunRef { id: detail.summary.run.to_string(), ..asked };
    let query = LogQuery { run, from: 0, max: PAGE_LINES, step: args.step.clone() };
    if !session.json {
        let mut printer = Printer::new(Form::Out);
        let printed = print(&args, &detail, query, &mut link, &mut printer, session).await;
        return printed.map(|(exit, _)| exit);
    }
    let mut printer = Printer::new(Form::Document);
    let id = encoded(&detail.summary.run.to_string())?;
    session.out.raw(&[b"{\"run\":", id.as_slice(), b",\"lines\":["].concat())?;
    let printed = print(&args, &detail, query, &mut link, &mut printer, session).await;
    finish(printed, &detail, printer.next(), session)
}

/// Whether `path` can be a step of the run, or inside of one. Of handlers only those are
/// shown that have begun: the daemon knows them all.
fn has_step(detail: &RunDetail, path: &StepPath) -> bool {
    let top = path.as_str().split(['[', '/']).next().unwrap_or_default();
    top.starts_with('@') || detail.steps.iter().any(|step| step.path.as_str() == top)
}

/// Prints what was asked for. Gives the exit code, and the status of the run as
/// far as it was seen.
async fn print(
    args: &Args,
    detail: &RunDetail,
    mut query: LogQuery,
    link: &mut Link,
    printer: &mut Printer,
    session: &mut Session,
) -> Result<(Exit, String), Failure> {
    let end = detail.log_lines;
    match (args.tail, &query.step) {
        (None, _) => {}
        (Some(n), None) => query.from = end.saturating_sub(u64::from(n)),
        (Some(n), Some(_)) => {
            let page = last_of_step(n, &query, end, link).await?;
            printer.page(&page, session)?;
            query.from = page.next;
        }
    }
    printer.start_at(query.from);
    if !args.follow {
        pages(link, query, end, |page| printer.page(page, session)).await?;
        return Ok((Exit::OK, detail.summary.status.clone()));
    }
    let run = query.run.clone();
    let Some(detail) = attend(session, link, &run, Show::Log(query, printer), None).await? else {
        let run = Named { id: &detail.summary.run.short(), workflow: &detail.summary.workflow };
        detached(run, session)?;
        return Ok((Exit::DETACHED, detail.summary.status.clone()));
    };
    if !session.json {
        session.out.line(outcome::headline(&detail, &session.out.look, now_ms()))?;
        session.out.lines(outcome::error(&detail, &session.out.look))?;
        if detail.summary.needs_person {
            session.out.lines(next::lines(&detail, &session.out.look, now_ms()))?;
        }
    }
    Ok((Exit::of(&detail.summary), detail.summary.status))
}

/// The last `n` lines of one step before line `end`. They cannot be counted from
/// the end, as other steps' lines lie between them: the log is read through, and
/// no more than `n` lines and a page are kept.
async fn last_of_step(
    n: u32,
    query: &LogQuery,
    end: u64,
    link: &mut Link,
) -> Result<LogPage, Fault> {
    let keep = usize::try_from(n).unwrap_or(usize::MAX);
    let mut query = query.clone();
    let mut kept = VecDeque::new();
    while query.from < end {
        let ask = async |rpc: &RpadClient, context| rpc.log_page(context, query.clone()).await;
        let page = link.repeat(Repeat::Away, CALL_DEADLINE, ask).await?;
        kept.extend(page.lines);
        kept.drain(..kept.len().saturating_sub(keep));
        if page.next <= query.from {
            break;
        }
        query.from = page.next;
    }
    Ok(LogPage { lines: kept.into(), next: query.from, ended: false, status: String::new() })
}

/// Closes the document, whatever became of the lines.
fn finish(
    printed: Result<(Exit, String), Failure>,
    detail: &RunDetail,
    next: u64,
    session: &mut Session,
) -> Result<Exit, Failure> {
    let fault: Box<Fault>;
    let (rest, exit) = match &printed {
        Ok((exit, status)) => {
            let ended = is_over(status);
            (Rest { next, ended, status, error: None }, *exit)
        }
        Err(Failure::Fault(reason)) => {
            fault = reason.clone();
            let error = Some(FaultObject::of(&fault));
            let status = &detail.summary.status;
            (Rest { next, ended: false, status, error }, Exit(fault.code.exit()))
        }
        Err(Failure::Output(_)) => return printed.map(|(exit, _)| exit),
    };
    let rest = encoded(&rest)?;
    // the fields of `rest` go on where the list of lines ended
    session.out.raw(&[b"],", &rest[1..], b"\n"].concat())?;
    Ok(exit)
}
