//! `rpa run NAME --each FILE`: one run for each row.
//!
//! ```text
//!  file -> rows, all checked -> submit, a few at a time -> wait, a few at a time
//!              |                    |                         |
//!          one fault           a line each, unless it is waited for
//! ```
//!
//! The request id of a row is that of the command with the row's number, so the whole
//! command may be given again: a row that was accepted is not started twice. Of a row
//! that was submitted only its number and its run are kept.

mod hand_in;
mod pool;
mod report;
mod source;
mod tally;

use std::collections::BTreeMap;
use std::time::Duration;

use clap::ValueEnum;
use rpa_config::rows;
use rpa_engine::VariableKind;
use rpa_ipc::fault::count;
use rpa_ipc::service::GivenValue;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::exit::{Exit, Failure};
use super::run::Args as RunArgs;
use super::session::Session;
use super::text::duration;
use super::{submit, variables};
use hand_in::{Batch, await_all, hand_in};
use pool::Pool;
use report::Report;

/// How rows come from a file.
#[derive(Debug, clap::Args)]
pub struct Each {
    /// One run for each row of FILE (.csv, .json, .yaml); - is standard input
    #[arg(
        long,
        value_name = "FILE",
        value_hint = clap::ValueHint::FilePath,
        conflicts_with = "follow"
    )]
    pub each: Option<String>,

    /// How the rows are written, where the name of the file does not say it
    #[arg(long, value_name = "FORMAT", requires = "each")]
    pub each_format: Option<Format>,

    /// With --each: after a row that was refused submit no further one
    #[arg(long, requires = "each")]
    pub stop_on_error: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The first row has the names
    Csv,
    /// A list of objects
    Json,
    /// A list of objects
    Yaml,
}

/// Longest request id that the daemon takes, in bytes.
const REQUEST_ID: usize = 128;

/// Why the work ended before all was done.
enum Cut {
    Interrupted,
    TimedOut(Duration),
    Failed(Failure),
}

/// Submits a run for each row of `file`.
pub async fn run(args: &RunArgs, file: &str, session: &mut Session) -> Result<Exit, Failure> {
    let format = source::format(file, args.each.each_format)?;
    let common = variables::collect(&args.vars, args.vars_file.as_deref())?;
    let rows = source::read(file, format)?;
    let base = base_id(args.request_id.as_deref(), rows.len())?;
    let mut link = session.link()?;
    let kinds = source::kinds(&args.workflow, session, &mut link).await?;
    if let Some(kinds) = &kinds {
        source::known(&rows, kinds, &args.workflow)?;
    }
    if args.request_id.is_none() {
        session.note(format!("request id {base}: with --request-id {base} this command may be given again, and no row starts twice"))?;
    }
    let batch = Batch {
        namespace: session.namespace.clone(),
        workflow: args.workflow.clone(),
        base,
        common,
        kinds,
        stop_on_error: args.each.stop_on_error,
        wait: args.stay.wait,
    };
    let pool = Pool::new(link);
    let mut report = Report::new(rows.len(), args.stay.wait, session);
    let cut = {
        let work = work(&batch, rows, &pool, &mut report);
        tokio::select! {
            biased;
            done = work => done.err().map(Cut::Failed),
            signal = tokio::signal::ctrl_c() => Some(match signal {
                Ok(()) => Cut::Interrupted,
                Err(e) => Cut::Failed(Failure::internal(said!("cannot-wait", error = e))),
            }),
            after = expiry(args.stay.timeout) => Some(Cut::TimedOut(after)),
        }
    };
    report.summary()?;
    match cut {
        None => Ok(report.tally.exit()),
        Some(Cut::Failed(failure)) => {
            report.remark(&again(&batch.base))?;
            Err(failure)
        }
        Some(Cut::Interrupted) => {
            report.remark(&format!("accepted runs go on; {}", again(&batch.base)))?;
            Ok(Exit::DETACHED)
        }
        Some(Cut::TimedOut(after)) => {
            let after = duration(u64::try_from(after.as_millis()).unwrap_or(u64::MAX));
            let open = count(report.tally.open());
            let fault = fault!(FaultCode::Deadline, "rows-go-on", after = after, count = open);
            Err(fault.hint(said!("hint-rows-go-on", id = batch.base)).into())
        }
    }
}

fn again(base: &str) -> String {
    format!("give the command again with --request-id {base}: no row starts twice")
}

async fn work(
    batch: &Batch,
    rows: rows::Rows,
    pool: &Pool,
    report: &mut Report<'_>,
) -> Result<(), Failure> {
    let accepted = hand_in(batch, rows, pool, report).await?;
    await_all(batch, accepted, pool, report).await
}

async fn expiry(timeout: Option<Duration>) -> Duration {
    let Some(timeout) = timeout else { return std::future::pending().await };
    tokio::time::sleep(timeout).await;
    timeout
}

/// What the request ids of the rows begin with.
fn base_id(given: Option<&str>, rows: usize) -> Result<String, Fault> {
    let Some(id) = given else { return Ok(uuid::Uuid::now_v7().to_string()) };
    let most = REQUEST_ID - row_id("", rows).len();
    let id = submit::checked_id(id)?;
    if id.len() > most {
        return Err(fault!(FaultCode::Usage, "rows-request-id", most = most));
    }
    Ok(id)
}

/// The request id of one row.
fn row_id(base: &str, row: usize) -> String {
    format!("{base}-{row}")
}

/// The types of the workflow's variables, by name.
type Kinds = BTreeMap<String, VariableKind>;

/// What one row gives: the values for all, and its own over them. An empty field of a
/// CSV is an empty text where the variable is one, and nothing at all elsewhere.
fn values(
    common: &[(String, GivenValue)],
    cells: Vec<(String, rows::Cell)>,
    kinds: Option<&Kinds>,
) -> Vec<(String, GivenValue)> {
    let mut values: BTreeMap<_, _> = common.iter().cloned().collect();
    for (name, cell) in cells {
        let kind = kinds.and_then(|kinds| kinds.get(&name));
        let given = match cell {
            rows::Cell::Typed(value) => GivenValue::Typed(value),
            rows::Cell::Text(text) => {
                let is_text = kind.is_none_or(|kind| *kind == VariableKind::String);
                if text.is_empty() && !is_text {
                    continue;
                }
                GivenValue::Text(text)
            }
        };
        values.insert(name, given);
    }
    values.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use rpa_config::rows::Cell;
    use rpa_engine::Value;

    use super::*;

    fn text(name: &str, text: &str) -> (String, GivenValue) {
        (name.to_owned(), GivenValue::Text(text.to_owned()))
    }

    #[test]
    fn a_row_stands_over_what_all_have() {
        let common = [text("a", "all"), text("b", "all"), text("n", "7")];
        let kinds: Kinds =
            [("a", VariableKind::String), ("b", VariableKind::String), ("n", VariableKind::Number)]
                .map(|(name, kind)| (name.to_owned(), kind))
                .into();
        let cell = |name: &str, value: &str| (name.to_owned(), Cell::Text(value.to_owned()));
        let row = vec![cell("a", ""), cell("n", "")];
        let wanted = [text("a", ""), text("b", "all"), text("n", "7")];
        assert_eq!(values(&common, row, Some(&kinds)), wanted, "an empty number is none");
        let row = vec![("n".to_owned(), Cell::Typed(Value::Int(8)))];
        let wanted = ("n".to_owned(), GivenValue::Typed(Value::Int(8)));
        assert_eq!(values(&common, row, Some(&kinds))[2], wanted);
    }

    #[test]
    fn a_base_leaves_room_for_the_number_of_the_row() {
        assert_eq!(base_id(Some("day"), 3).as_deref(), Ok("day"));
        assert_eq!(row_id("day", 3), "day-3");
        assert!(base_id(Some(&"x".repeat(126)), 9).is_ok());
        assert_eq!(base_id(Some(&"x".repeat(126)), 10).unwrap_err().code, FaultCode::Usage);
        assert_ne!(base_id(None, 1), base_id(None, 1));
    }
}
