//! Staying with a run until it has settled: `--wait` and `--follow`.

use std::time::Duration;

use rpa_ipc::client::CALL_DEADLINE;
use rpa_ipc::service::{LogQuery, RpadClient, RunRef};
use rpa_ipc::view::{LogPage, RunDetail};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::exit::Failure;
use super::live;
use super::next::Named;
use super::printer::Printer;
use super::session::Session;
use super::text::{Line, duration};
use super::wire::{Link, Repeat, Tail, settle};

/// Most lines a page: small enough to show soon, large enough to be fast.
pub const PAGE_LINES: u32 = 2_000;

/// What is shown of a run meanwhile.
#[derive(Debug)]
pub enum Show<'p> {
    Nothing,
    /// Its log, line by line, from there on.
    Log(LogQuery, &'p mut Printer),
    /// Its steps as they stand, below its log from there on: for a terminal.
    Steps(LogQuery),
}

/// The run when it has settled; `None` when the user interrupted.
pub async fn attend(
    session: &mut Session,
    link: &mut Link,
    run: &RunRef,
    show: Show<'_>,
    timeout: Option<Duration>,
) -> Result<Option<RunDetail>, Failure> {
    let settled = async {
        match show {
            Show::Log(query, printer) => follow(session, link, run, query, printer).await,
            Show::Steps(query) => live::follow(session, link, run, query).await,
            Show::Nothing => Ok(settle(link, run).await?),
        }
    };
    tokio::select! {
        biased;
        detail = settled => detail.map(Some),
        signal = tokio::signal::ctrl_c() => match signal {
            Ok(()) => Ok(None),
            Err(e) => Err(Failure::internal(said!("cannot-wait", error = e))),
        },
        fault = expiry(run, timeout) => Err(fault.into()),
    }
}

/// Tells whoever pressed Ctrl-C that only the looking has ended.
pub fn detached(run: Named<'_>, session: &mut Session) -> Result<(), Failure> {
    session.note(Line::of(format!("the run {} goes on; look at it with", run.id)))?;
    for (verb, rest) in [("logs", "-f"), ("show", ""), ("cancel", "")] {
        let command = run.command(verb, rest);
        session.note(Line::of("  ").plain(session.err.look.calls.command(&command)))?;
    }
    Ok(())
}

async fn follow(
    session: &mut Session,
    link: &mut Link,
    run: &RunRef,
    query: LogQuery,
    printer: &mut Printer,
) -> Result<RunDetail, Failure> {
    let mut tail = Tail::new(link, query);
    let detail = {
        let mut settled = std::pin::pin!(settle(link, run));
        loop {
            tokio::select! {
                biased;
                page = tail.next() => match page? {
                    Some(page) => printer.page(&page, session)?,
                    None => break settled.await?,
                },
                detail = &mut settled => break detail?,
            }
        }
    };
    // the run may settle before its last lines came through the stream
    let print = |page: &LogPage| printer.page(page, session);
    pages(link, tail.rest(), detail.log_lines, print).await?;
    Ok(detail)
}

/// Hands out the log from `query.from` up to line `end`. It is asked for in any case:
/// a log that cannot be read counts no lines, and says why when it is read.
pub async fn pages(
    link: &mut Link,
    mut query: LogQuery,
    end: u64,
    mut take: impl FnMut(&LogPage) -> Result<(), Failure>,
) -> Result<(), Failure> {
    loop {
        let ask = async |rpc: &RpadClient, context| rpc.log_page(context, query.clone()).await;
        let page = link.repeat(Repeat::Away, CALL_DEADLINE, ask).await?;
        take(&page)?;
        let on = page.next > query.from && page.next < end;
        if !on {
            return Ok(());
        }
        query.from = page.next;
    }
}

async fn expiry(run: &RunRef, timeout: Option<Duration>) -> Fault {
    let Some(timeout) = timeout else { return std::future::pending().await };
    tokio::time::sleep(timeout).await;
    let after = duration(u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX));
    fault!(FaultCode::Deadline, "run-goes-on", after = after)
        .with("run", &run.id)
        .hint(said!("hint-run-goes-on"))
}
