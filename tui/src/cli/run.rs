//! `rpa run`: starts a run, and stays with it when asked to.

use std::time::Duration;

use clap::ArgGroup;
use rpa_ipc::service::{LogQuery, RunRef, run_ref};
use rpa_ipc::view::{RunDetail, Started};
use serde::Serialize;

use super::attend::{PAGE_LINES, Show, attend, detached};
use super::exit::{Exit, Failure};
use super::json::RunDocument;
use super::next::Named;
use super::printer::{Form, Printer};
use super::session::{Session, now_ms};
use super::submit::submit;
use super::text::{Line, Style, status};
use super::wire::Link;
use super::{each, input, outcome};

const HELP: &str = "\
Examples:
  rpa run disk-report
  rpa run disk-report --var limit=90 --var note=@note.txt --follow
  rpa run disk-report --follow --plain                the log alone
  rpa run invoices --vars-file day.json --wait --timeout 10m --json
  rpa run invoices --request-id invoices-2026-11-20   never twice that day
  rpa run invoice --each invoices.csv --wait          a run for each row

With --each the first row of a CSV names the variables; JSON and YAML hold a
list of objects. All rows are checked before the first is submitted; --var holds
for all, a row's own value stands over it. Each row's request id is --request-id
with the row's number: given again with the same id and file, nothing starts
twice. With --json one object a row is printed, a line each.

Exit codes:
  0    accepted; with --wait or --follow: completed; with --each: all rows, or
       else the highest of the codes of its rows
  2    the command line, a variable or a name is not valid
  3    the run failed              (with --wait or --follow)
  4    the run was cancelled       (with --wait or --follow)
  5    the run waits for a person  (with --wait or --follow)
  69   the daemon cannot be reached
  70   a bug
  74   reading or writing failed
  75   try again in a moment
  77   not permitted
  78   settings, or a store of a newer version
  124  no answer in time, or --timeout ran out; the run goes on
  130  interrupted; the run goes on";

/// Start a run of a workflow
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// NAME or NAMESPACE/NAME
    #[arg(value_name = "NAME")]
    pub workflow: String,

    /// A variable; K=@FILE takes the content of a file
    #[arg(long = "var", value_name = "K=V")]
    pub vars: Vec<String>,

    /// A JSON object of variables; --var stands over it
    #[arg(long, value_name = "FILE.json", value_hint = clap::ValueHint::FilePath)]
    pub vars_file: Option<String>,

    /// Makes repeats of this command the same run, for 7 days
    #[arg(long, value_name = "ID")]
    pub request_id: Option<String>,

    #[command(flatten)]
    pub each: each::Each,

    #[command(flatten)]
    pub stay: Stay,
}

/// Whether the command stays with the run that it has started.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("attended").multiple(true)))]
pub struct Stay {
    /// Wait until the run has ended, or waits for a person
    #[arg(long, group = "attended")]
    pub wait: bool,

    /// Show the run's log until then; on a terminal, its steps as they go on below it
    #[arg(long, group = "attended")]
    pub follow: bool,

    /// With --follow, only the log on a terminal too, as it is in a pipe
    #[arg(long, requires = "follow")]
    pub plain: bool,

    /// Stop waiting after this long, like 90s or 1h30m; the run goes on
    #[arg(long, value_name = "DURATION", value_parser = input::duration, requires = "attended")]
    pub timeout: Option<Duration>,
}

/// The acceptance as `--json` prints it.
#[derive(Serialize)]
struct Document<'a> {
    run: String,
    workflow: &'a str,
    status: &'a str,
    #[serde(skip_serializing_if = "is_false")]
    repeated: bool,
    #[serde(skip_serializing_if = "is_false")]
    detached: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    if let Some(file) = &args.each.each {
        return each::run(&args, file, session).await;
    }
    let mut link = session.link()?;
    let started = submit(&args, session, &mut link).await?;
    stay(&started, &args.stay, session, &mut link).await
}

/// Says what has been accepted, and stays with it as asked.
pub async fn stay(
    started: &Started,
    args: &Stay,
    session: &mut Session,
    link: &mut Link,
) -> Result<Exit, Failure> {
    let attended = args.wait || args.follow;
    if !session.json {
        announce(started, attended, session)?;
    }
    if !attended {
        if session.json {
            session.out.document(&acceptance(started, false))?;
        }
        return Ok(Exit::OK);
    }
    let run = full_ref(started, session);
    let mut printer = Printer::new(if session.json { Form::Err } else { Form::Out });
    let query = LogQuery { run: run.clone(), from: 0, max: PAGE_LINES, step: None };
    let live = !args.plain && !session.json && session.out.look.is_live();
    let show = match (args.follow, live) {
        (false, _) => Show::Nothing,
        (true, true) => Show::Steps(query),
        (true, false) => Show::Log(query, &mut printer),
    };
    let ended = attend(session, link, &run, show, args.timeout).await;
    match ended.map_err(|failure| named(failure, &run))? {
        Some(detail) => settled(&detail, session),
        None => interrupted(started, session),
    }
}

fn named(failure: Failure, run: &RunRef) -> Failure {
    match failure {
        Failure::Fault(fault) if !fault.context.iter().any(|(name, _)| name == "run") => {
            fault.with("run", &run.id).into()
        }
        other => other,
    }
}

/// The run lies in its workflow's namespace, which need not be the session's.
fn full_ref(started: &Started, session: &Session) -> RunRef {
    let namespace = started.workflow.split_once('/').and_then(|(ns, _)| ns.parse().ok());
    run_ref(namespace.as_ref().unwrap_or(&session.namespace), started.run)
}

fn announce(started: &Started, attended: bool, session: &mut Session) -> Result<(), Failure> {
    let id = started.run.short();
    let head = status(&started.status, &session.out.look)
        .push(Style::Bold, format!("  {}", started.workflow))
        .plain(format!("  run {id}"));
    let seen = if started.repeated { "  (this request started it before)" } else { "" };
    session.out.line(head.push(Style::Dim, seen))?;
    if !attended && session.out.look.terminal() {
        let command = Named { id: &id, workflow: &started.workflow }.command("logs", "-f");
        let command = session.out.look.calls.command(&command);
        session.out.line(Line::new().push(Style::Dim, format!("  {command}")))?;
    }
    session.out.flush()
}

fn settled(detail: &RunDetail, session: &mut Session) -> Result<Exit, Failure> {
    if session.json {
        session.out.document(&RunDocument::of(detail))?;
    } else {
        let lines = outcome::lines(detail, &session.out.look, now_ms());
        session.out.lines(lines)?;
    }
    Ok(Exit::of(&detail.summary))
}

fn interrupted(started: &Started, session: &mut Session) -> Result<Exit, Failure> {
    if session.json {
        session.out.document(&acceptance(started, true))?;
    }
    detached(Named { id: &started.run.short(), workflow: &started.workflow }, session)?;
    Ok(Exit::DETACHED)
}

fn acceptance(started: &Started, detached: bool) -> Document<'_> {
    let Started { run, workflow, status, repeated } = started;
    Document { run: run.to_string(), workflow, status, repeated: *repeated, detached }
}
