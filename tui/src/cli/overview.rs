//! `rpa overview`: what wants a person, what is under way, what comes next.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use rpa_engine::Label;
use rpa_ipc::asking::{ApprovalView, ApprovalsQuery};
use rpa_ipc::notifications::{NotificationFilter, NotificationView, NotificationsQuery};
use rpa_ipc::overview::{HourView, Overview, OverviewQuery};
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{ComingSlot, MOST_SLOTS, TriggerView, TriggersQuery, UpcomingQuery};
use rpa_ipc::view::RunSummary;

use super::exit::{Exit, Failure};
use super::json::OverviewDocument;
use super::notifications::{level, source};
use super::runs::local_name;
use super::session::{Session, now_ms};
use super::text::{Column, Line, Look, Style, Table, ago, number, status, took};
use super::triggers::reason;
use super::upcoming;
use crate::text::bars;
use crate::trouble::{Trouble, status_of};

/// Notifications, approvals, and triggers of which the next slot is shown.
const TOLD: u32 = 50;
const APPROVALS: u32 = 50;
const COMING: usize = 10;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Show what wants a person, what is under way and what comes next
#[derive(Debug, clap::Args)]
#[command(after_help = "\
What wants a person are the notifications that are not done: what somebody has
seen, or a rerun has mended, is gone from here and from rpa notifications alike.
Besides, triggers whose schedule names no moments.

Examples:
  rpa overview
  rpa -n ops overview
  rpa overview --json | jq '.failures[] | [.workflow, .count]'")]
pub struct Args {}

/// All that is shown.
#[derive(Debug)]
pub struct Seen {
    pub overview: Overview,
    /// Notifications that are not done, what happened last first.
    pub told: Vec<NotificationView>,
    /// There are more of them.
    pub more: bool,
    pub approvals: Vec<ApprovalView>,
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
    let query = NotificationsQuery {
        namespace: namespace(),
        filter: NotificationFilter::Open,
        workflow: None,
        limit: TOLD,
        cursor: None,
    };
    let call = async |rpc: &RpadClient, context| rpc.notifications(context, query.clone()).await;
    let told = link.call(call).await?;
    let query = ApprovalsQuery { namespace: namespace(), limit: APPROVALS, cursor: None };
    let call = async |rpc: &RpadClient, context| rpc.approvals(context, query.clone()).await;
    let approvals = link.call(call).await?.items;
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
    let more = told.next.is_some();
    Ok(Seen { overview, told: told.items, more, approvals, triggers, upcoming })
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
    for view in &seen.told {
        let run = view.run.map(|run| run.short()).unwrap_or_default().into();
        let why = Line::of(reason(&view.what, look));
        let when = ago(view.last_ms, now_ms).into();
        table.row(vec![what(view, look), run, source(view, namespace).into(), why, when]);
    }
    let broken = |view: &&TriggerView| Trouble::of(view) == Some(Trouble::Broken);
    for view in seen.triggers.iter().filter(broken) {
        let why = Line::of(format!("trigger {}: it names no moments", view.trigger));
        let when = view.last.as_ref().map_or_else(Line::new, |s| ago(s.slot_ms, now_ms).into());
        table.row(vec![status(&view.status, look), Line::new(), local(&view.workflow), why, when]);
    }
    if table.is_empty() {
        return vec![title("Nothing wants a person")];
    }
    let mut lines = vec![title("Wants a person")];
    lines.extend(table.lines(look));
    if seen.more {
        let text = look.calls.prose("there are more: rpa notifications");
        lines.push(Line::new().push(Style::Dim, text));
    }
    lines
}

/// A status, or how much it wants, and how many alike.
fn what(view: &NotificationView, look: &Look) -> Line {
    let first = match (status_of(&view.kind), view.kind.as_str()) {
        (Some(known), _) => status(known, look),
        (None, "approval_waiting") => Line::new().push(Style::Warn, "approval"),
        (None, _) => level(view),
    };
    let times = if look.utf8 { '×' } else { 'x' };
    match view.count {
        1 => first,
        many => first.plain(format!(" {times}{}", number(many))),
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
    use super::{notifications, sample};
    let mut told = notifications::sample::notifications().items;
    told.retain(|view| view.state != "done");
    let mut triggers = sample::triggers();
    triggers.retain(|view| Trouble::of(view).is_some());
    let (approvals, upcoming) = (vec![sample::approval()], sample::upcoming());
    Seen { overview: sample::overview(), told, more: true, approvals, triggers, upcoming }
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
        (seen.told, seen.more) = (Vec::new(), false);
        (seen.approvals, seen.triggers, seen.upcoming) = (Vec::new(), Vec::new(), Vec::new());
        insta::assert_snapshot!(shown(&seen));
    }
}
