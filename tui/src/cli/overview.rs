//! `rpa overview`: what wants a person, what is under way, what comes next.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use rpa_engine::Label;
use rpa_ipc::asking::{ApprovalView, ApprovalsQuery};
use rpa_ipc::fault::error_in;
use rpa_ipc::overview::{FailureView, HourView, Overview, OverviewQuery};
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{ComingSlot, MOST_SLOTS, TriggerView, TriggersQuery, UpcomingQuery};
use rpa_ipc::view::RunSummary;

use super::exit::{Exit, Failure};
use super::json::OverviewDocument;
use super::runs::local_name;
use super::session::{Session, now_ms};
use super::text::{Column, Line, Look, Style, Table, ago, number, status, took};
use super::upcoming;
use crate::text::bars;
use crate::trouble::Trouble;

/// Approvals that are asked for, and triggers of which the next slot is shown.
const APPROVALS: u32 = 50;
const COMING: usize = 10;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Show what wants a person, what is under way and what comes next
#[derive(Debug, clap::Args)]
#[command(after_help = "\
What has failed within a day stands once for each workflow, step and error, with
how often and the newest run of it. Triggers are those that want a person.

Examples:
  rpa overview
  rpa -n ops overview
  rpa overview --json | jq '.failures[] | [.workflow, .count]'")]
pub struct Args {}

/// All that is shown.
#[derive(Debug)]
pub struct Seen {
    pub overview: Overview,
    pub approvals: Vec<ApprovalView>,
    /// There are more approvals.
    pub more: bool,
    /// Those that want a person.
    pub triggers: Vec<TriggerView>,
    pub upcoming: Vec<ComingSlot>,
}

pub async fn run(_args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let seen = ask(session).await?;
    if session.json {
        session.out.document(&OverviewDocument::of(&seen))?;
        return Ok(Exit::OK);
    }
    let zone = TimeZone::system();
    session.out.lines(lines(&seen, &session.namespace, &session.out.look, &zone, now_ms()))?;
    Ok(Exit::OK)
}

async fn ask(session: &Session) -> Result<Seen, Failure> {
    let namespace = || session.namespace.clone();
    let mut link = session.link()?;
    let query = OverviewQuery { namespace: namespace() };
    let call = async |rpc: &RpadClient, context| rpc.overview(context, query.clone()).await;
    let overview = link.call(call).await?;
    let query = ApprovalsQuery { namespace: namespace(), limit: APPROVALS, cursor: None };
    let call = async |rpc: &RpadClient, context| rpc.approvals(context, query.clone()).await;
    let page = link.call(call).await?;
    let query = TriggersQuery { namespace: namespace() };
    let call = async |rpc: &RpadClient, context| rpc.triggers(context, query.clone()).await;
    let mut triggers = link.call(call).await?;
    triggers.retain(|view| Trouble::of(view).is_some());
    triggers.sort_by_key(Trouble::of);
    let until_ms = now_ms() + DAY_MS;
    let query = UpcomingQuery { namespace: namespace(), until_ms, fold: None, limit: MOST_SLOTS };
    let call = async |rpc: &RpadClient, context| rpc.upcoming(context, query.clone()).await;
    let mut upcoming = link.call(call).await?;
    // the next one of each trigger: rpa upcoming has the others
    let mut known = BTreeSet::new();
    upcoming.retain(|slot| known.insert((slot.workflow.clone(), slot.trigger.clone())));
    upcoming.truncate(COMING);
    Ok(Seen { overview, approvals: page.items, more: page.next.is_some(), triggers, upcoming })
}

fn lines(seen: &Seen, namespace: &Label, look: &Look, zone: &TimeZone, now_ms: u64) -> Vec<Line> {
    let mut lines = counts(&seen.overview, look);
    lines.push(Line::new());
    lines.extend(attention(seen, namespace, look, now_ms));
    lines.push(Line::new());
    lines.extend(under_way(&seen.overview.open, namespace, look, now_ms));
    if !seen.upcoming.is_empty() {
        lines.push(Line::new());
        lines.extend(coming(&seen.upcoming, namespace, look, zone, now_ms));
    }
    lines
}

/// How many runs there are now, and what has become of those of a day, hour by hour.
fn counts(overview: &Overview, look: &Look) -> Vec<Line> {
    let label = |name: &str| Line::new().push(Style::Dim, format!("{name:<10}"));
    let now = overview.counts.iter().filter(|(word, _)| !is_over(word));
    let now: Vec<String> = now.map(|(word, n)| format!("{} {word}", number(*n))).collect();
    let now = if now.is_empty() { "nothing under way".to_owned() } else { now.join(", ") };
    let sum = |of: fn(&HourView) -> u64| overview.hours.iter().map(of).sum();
    let (completed, cancelled): (u64, u64) = (sum(|h| h.completed), sum(|h| h.cancelled));
    let failed: u64 = sum(|h| h.failed);
    let least = if overview.counted_from_ms > overview.since_ms { "at least " } else { "" };
    let day = format!(
        "{least}{} completed, {} failed, {} cancelled",
        number(completed),
        number(failed),
        number(cancelled)
    );
    let mut lines = vec![label("now").plain(now), label("24 hours").plain(day)];
    if completed + failed > 0 {
        let top = overview.hours.iter().map(|h| h.completed.max(h.failed)).max().unwrap_or(0);
        let good: Vec<u64> = overview.hours.iter().map(|h| h.completed).collect();
        let bad: Vec<u64> = overview.hours.iter().map(|h| h.failed).collect();
        let strip = |of: &[u64]| bars(of, top, look.utf8);
        lines.push(label("  ok").push(Style::Good, strip(&good)));
        lines.push(label("  failed").push(Style::Bad, strip(&bad)));
    }
    lines
}

fn is_over(status: &str) -> bool {
    matches!(status, "completed" | "failed" | "cancelled")
}

fn title(text: &str) -> Line {
    Line::new().push(Style::Bold, text)
}

/// First what nobody else will settle.
fn attention(seen: &Seen, namespace: &Label, look: &Look, now_ms: u64) -> Vec<Line> {
    let mut table = Table::new(&[
        Column::fixed("WHAT"),
        Column::fixed("RUN"),
        Column::flexible("WORKFLOW", 8),
        Column::flexible("WHY", 12),
        Column::fixed("WHEN"),
    ]);
    let local = |name: &str| Line::of(local_name(name, namespace));
    for run in &seen.overview.doubts {
        let step = Line::of(&run.at_step);
        let when = ago(run.accepted_ms, now_ms).into();
        let what = status("in_doubt", look);
        table.row(vec![what, run.run.short().into(), local(&run.workflow), step, when]);
    }
    for asked in &seen.approvals {
        let message = asked.message.lines().next().unwrap_or_default();
        let why = Line::of(format!("{}: {message}", asked.path));
        let when = ago(asked.since_ms, now_ms).into();
        let what = Line::new().push(Style::Warn, "approval");
        table.row(vec![what, asked.run.short().into(), local(&asked.workflow), why, when]);
    }
    for view in &seen.triggers {
        let why = Line::of(format!("trigger {}: {}", view.trigger, trouble(view)));
        let when = view.last.as_ref().map_or_else(Line::new, |s| ago(s.slot_ms, now_ms).into());
        let what = status(&view.status, look);
        table.row(vec![what, Line::new(), local(&view.workflow), why, when]);
    }
    for failure in &seen.overview.failures {
        let times = match failure.count {
            1 => String::new(),
            many => format!(" ×{}", number(many)),
        };
        let times = if look.utf8 { times } else { times.replace('×', "x") };
        let what = status("failed", look).plain(times);
        let when = ago(failure.newest_ms, now_ms).into();
        let why = Line::of(why(failure, look));
        table.row(vec![what, failure.newest.short().into(), local(&failure.workflow), why, when]);
    }
    if table.is_empty() {
        return vec![title("Nothing wants a person")];
    }
    let mut lines = vec![title("Wants a person")];
    lines.extend(table.lines(look));
    let dim = |text: &str| Line::new().push(Style::Dim, look.calls.prose(text));
    if seen.more {
        lines.push(dim("more approvals: rpa approvals"));
    }
    if seen.overview.failures_cut {
        lines.push(dim("more failures: rpa runs --status failed --since 24h"));
    }
    lines
}

fn why(failure: &FailureView, look: &Look) -> String {
    let error = error_in(look.language, &failure.error);
    match failure.step.as_str() {
        "" => error,
        step => format!("{step}: {error}"),
    }
}

fn trouble(view: &TriggerView) -> String {
    match Trouble::of(view) {
        Some(Trouble::Failing) => "its source hears nothing".into(),
        Some(Trouble::Broken) => "it names no moments".into(),
        Some(Trouble::PausedItself) => {
            format!("paused after {} failed runs", number(view.failures.into()))
        }
        Some(Trouble::Refused) => "the last was refused".into(),
        Some(Trouble::Missed) => format!("{} missed or refused", number(view.missed.max(1).into())),
        None => String::new(),
    }
}

fn under_way(open: &[RunSummary], namespace: &Label, look: &Look, now_ms: u64) -> Vec<Line> {
    if open.is_empty() {
        return vec![title("Nothing is under way")];
    }
    let mut table = Table::new(&[
        Column::fixed("RUN"),
        Column::fixed("STATUS"),
        Column::flexible("WORKFLOW", 8),
        Column::flexible("STEP", 6),
        Column::right("STEPS"),
        Column::right("TOOK"),
    ]);
    for run in open {
        table.row(vec![
            run.run.short().into(),
            status(&run.status, look),
            local_name(&run.workflow, namespace).into(),
            run.at_step.as_str().into(),
            format!("{}/{}", run.steps_done, run.steps_total).into(),
            took(run.started_ms, run.ended_ms, now_ms).into(),
        ]);
    }
    let mut lines = vec![title("Under way")];
    lines.extend(table.lines(look));
    lines
}

fn coming(
    slots: &[ComingSlot],
    namespace: &Label,
    look: &Look,
    zone: &TimeZone,
    now_ms: u64,
) -> Vec<Line> {
    let mut table = Table::new(&upcoming::COLUMNS);
    upcoming::rows(slots, namespace, zone, now_ms).into_iter().for_each(|row| table.row(row));
    let mut lines = vec![title("Comes next")];
    lines.extend(table.lines(look));
    lines
}

/// With some of everything.
#[cfg(test)]
pub(crate) fn sample() -> Seen {
    use super::sample;
    let mut triggers = sample::triggers();
    triggers.retain(|view| Trouble::of(view).is_some());
    let (approvals, upcoming) = (vec![sample::approval()], sample::upcoming());
    Seen { overview: sample::overview(), approvals, more: false, triggers, upcoming }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    fn shown(seen: &Seen) -> String {
        let look = Look { width: Some(80), ..Look::PLAIN };
        let zone = TimeZone::get("Europe/Sofia").unwrap();
        let lines = lines(seen, &"default".parse().unwrap(), &look, &zone, sample::NOW);
        let lines: Vec<String> =
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        lines.join("\n")
    }

    #[test]
    fn all_of_it_fits_eighty_columns() {
        insta::assert_snapshot!(shown(&sample()));
    }

    #[test]
    fn where_there_is_nothing_that_is_said() {
        let mut seen = sample();
        seen.overview = Overview::default();
        (seen.approvals, seen.triggers, seen.upcoming) = (Vec::new(), Vec::new(), Vec::new());
        insta::assert_snapshot!(shown(&seen));
    }
}
