//! `rpa slots`: what has become of the moments at which a trigger was to fire; without one,
//! of those of all triggers, see [`all`].

mod all;

use std::time::Duration;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser};
use rpa_engine::Label;
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{MOST_SLOTS, SlotPage, SlotView, SlotsQuery, TriggerRef, TriggerView};

use super::exit::{Exit, Failure};
use super::input;
use super::json::SlotsDocument;
use super::moment::{self, Moment};
use super::output::{self, Form};
use super::session::{Session, now_ms};
use super::text::{Column, Line, Look, Style, Table, duration, status};
use super::triggers::{Which, count, head, notes, reason};
use super::wire::Link;
use crate::text::{FATES, LATE_MS};

/// Show what became of slots: fired, skipped, missed, and why
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Slots are shown the newest first: those of a trigger in its time zone, those of
all triggers in your own. `suppressed` is what a change of the clock makes of a
slot; `missed` is one that had no run because nothing was there to start it:
rpa schedule backfill gives it one. With --fate, --since, --contains or --cursor
WORKFLOW and TRIGGER choose among the slots of all.

Examples:
  rpa slots
  rpa slots --fate missed,refused --since 7d
  rpa slots disk-report
  rpa slots disk-report nightly --limit 100
  rpa slots disk-report --before 2026-11-20T03:30
  rpa slots disk-report --json | jq '.slots[] | select(.fate == \"missed\")'")]
pub struct Args {
    /// The workflow: NAME or NAMESPACE/NAME; without it the slots of all triggers
    pub workflow: Option<String>,

    /// Its trigger; may be left out when it has only one
    pub trigger: Option<String>,

    /// Only slots that became this, or one of several: F,F
    #[arg(
        long,
        value_name = "F",
        value_delimiter = ',',
        value_parser = PossibleValuesParser::new(FATES)
    )]
    pub fate: Vec<String>,

    /// Only slots of this time until now, like 90m or 2d
    #[arg(long, value_name = "DURATION", value_parser = input::stretch)]
    pub since: Option<Duration>,

    /// Only slots with these words in their workflow, trigger, fate or run
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub contains: Option<String>,

    /// Most slots to show
    #[arg(
        long,
        value_name = "N",
        default_value_t = 20,
        value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_SLOTS))
    )]
    pub limit: u32,

    /// Only slots before this: 2026-11-20, 2026-11-20T03:30 in the trigger's time zone, or
    /// with an offset
    #[arg(
        long,
        value_name = "TIME",
        requires = "workflow",
        conflicts_with_all = ["fate", "since", "contains", "cursor"]
    )]
    pub before: Option<Moment>,

    /// Go on after an earlier page of all slots: the `next` that it ended with
    #[arg(long, value_name = "C")]
    pub cursor: Option<String>,

    #[command(flatten)]
    pub form: Form,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let chosen = !args.fate.is_empty() || args.since.is_some() || args.contains.is_some();
    match &args.workflow {
        Some(workflow) if !chosen && args.cursor.is_none() => {
            let which = Which { workflow: workflow.clone(), trigger: args.trigger.clone() };
            of_one(&args, &which, session).await
        }
        _ => all::run(args, session).await,
    }
}

async fn of_one(args: &Args, which: &Which, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::SLOTS, session)?;
    let mut link = session.link()?;
    let of = which.of(session);
    let before_ms = match args.before {
        Some(Moment::Instant(ms)) => Some(ms),
        Some(clock @ Moment::Clock(_)) => {
            Some(clock.ms(&moment::zone(&trigger(&of, &mut link).await?)))
        }
        None => None,
    };
    let query = SlotsQuery { of, before_ms, limit: args.limit };
    let call = async |rpc: &RpadClient, context| rpc.slots(context, query.clone()).await;
    let page = link.call(call).await?;
    if session.json {
        session.out.document(&SlotsDocument::of(&page))?;
        return Ok(Exit::OK);
    }
    if sheet.streams() {
        sheet.rows(&SlotsDocument::of(&page).slots, session)?;
        return further(page.next_ms, session);
    }
    session.out.lines(lines(&page, &session.namespace, &session.out.look, now_ms()))?;
    if page.slots.is_empty() {
        session.note(match before_ms {
            Some(_) => "it had no slots before that",
            None => "it has had no slots yet",
        })?;
    }
    further(page.next_ms, session)
}

/// Says on standard error that there are earlier ones.
fn further(next_ms: Option<u64>, session: &mut Session) -> Result<Exit, Failure> {
    if let Some(next_ms) = next_ms {
        let option = format!("--before {}", moment::typed(next_ms));
        session.note(Line::new().push(Style::Dim, "there is more: add ").plain(option))?;
    }
    Ok(Exit::OK)
}

/// A trigger alone.
pub async fn trigger(of: &TriggerRef, link: &mut Link) -> Result<TriggerView, Failure> {
    let query = SlotsQuery { of: of.clone(), before_ms: None, limit: 1 };
    let call = async |rpc: &RpadClient, context| rpc.slots(context, query.clone()).await;
    Ok(link.call(call).await?.trigger)
}

fn lines(page: &SlotPage, namespace: &Label, look: &Look, now_ms: u64) -> Vec<Line> {
    let SlotPage { trigger, slots, .. } = page;
    let mut lines = vec![head(trigger, namespace, look, now_ms)];
    if !trigger.what.is_empty() {
        lines.push(Line::of("  ").push(Style::Dim, &trigger.what));
    }
    let under_way = under_way(trigger);
    if !under_way.is_empty() {
        lines.push(Line::of("  ").plain(under_way));
    }
    lines.extend(notes(trigger, namespace, look, now_ms));
    if !slots.is_empty() {
        lines.push(Line::new());
    }
    lines.extend(table(trigger, slots, look));
    lines
}

/// `1 run of it goes on, 2 slots wait; the last 3 runs have failed`
fn under_way(trigger: &TriggerView) -> String {
    let open = u64::try_from(trigger.open.len()).unwrap_or(u64::MAX);
    let (waiting, failures) = (u64::from(trigger.waiting), u64::from(trigger.failures));
    let verb = |n: u64, one: &str, more: &str| format!(" {}", if n == 1 { one } else { more });
    let parts = [
        (open, count(open, "run") + " of it" + &verb(open, "goes on", "go on")),
        (waiting, count(waiting, "slot") + &verb(waiting, "waits", "wait")),
        (
            failures,
            match failures {
                1 => "the last run has failed".to_owned(),
                n => format!("the last {n} runs have failed"),
            },
        ),
    ];
    let parts = parts.into_iter().filter(|(n, _)| *n > 0).map(|(_, text)| text);
    parts.collect::<Vec<_>>().join(", ")
}

/// A slot has a run or a reason for having none, never both: they share a column, so that
/// reasons have room.
fn table(trigger: &TriggerView, slots: &[SlotView], look: &Look) -> Vec<Line> {
    if slots.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new(&[
        Column::fixed("SLOT"),
        Column::fixed("FATE"),
        Column::right("LATE"),
        Column::wrapped("RUN OR REASON", 16),
    ]);
    let at: Vec<u64> = slots.iter().map(|slot| slot.slot_ms).collect();
    for (slot, at) in slots.iter().zip(moment::column(&at, &moment::zone(trigger))) {
        let fate = status(&slot.fate, look);
        table.row(vec![at.into(), fate, late(slot).into(), outcome(slot, look).into()]);
    }
    table.lines(look)
}

/// By how much, where it is worth a word.
fn late(slot: &SlotView) -> String {
    if slot.by_ms < LATE_MS { String::new() } else { duration(slot.by_ms) }
}

fn outcome(slot: &SlotView, look: &Look) -> String {
    let run = slot.run.map(|run| run.short());
    let why = slot.reason.as_ref().map(|why| reason(why, look));
    run.into_iter().chain(why).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use rpa_ipc::Language;

    use super::*;
    use crate::cli::sample;

    fn shown(page: &SlotPage, language: Language) -> String {
        let look = Look { width: Some(80), language, ..Look::PLAIN };
        let lines = lines(page, &"default".parse().unwrap(), &look, sample::NOW);
        let lines: Vec<String> =
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        lines.join("\n")
    }

    #[test]
    fn what_became_of_slots_fits_eighty_columns() {
        insta::assert_snapshot!(shown(&sample::slots(), Language::English));
    }

    #[test]
    fn why_is_said_in_bulgarian() {
        insta::assert_snapshot!(shown(&sample::slots(), Language::Bulgarian));
    }

    #[test]
    fn a_pipe_gets_each_slot_on_one_line() {
        let page = sample::slots();
        let lines = table(&page.trigger, &page.slots, &Look::PLAIN);
        assert_eq!(lines.len(), page.slots.len() + 1, "{lines:#?}");
    }

    #[test]
    fn a_trigger_that_is_paused_says_so_above_its_slots() {
        let mut page = sample::slots();
        page.trigger = sample::trigger("paused");
        page.slots.clear();
        let shown = shown(&page, Language::English);
        assert!(shown.starts_with("disk-report nightly: = paused\n"), "{shown}");
        assert!(shown.ends_with("rpa triggers resume disk-report nightly"), "{shown}");
    }
}
