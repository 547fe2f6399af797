//! `rpa schedule preview`: the slots of a schedule, without the daemon.

use std::collections::BTreeSet;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use rpa_config::calendar::Calendars;
use rpa_config::schedule::{Change, Plan, PlanError, describe};
use rpa_engine::trigger::{
    CatchUp, CatchUpPolicy, DstGap, DstOverlap, Moments, Outside, Overlap, Passed, Schedule, Slot,
};
use rpa_ipc::fault::problem_fault;
use rpa_ipc::{Fault, FaultCode};

use super::super::exit::{Exit, Failure};
use super::super::input::stretch;
use super::super::json::{ChangeObject, PreviewDocument, SlotObject};
use super::super::session::{Session, now_ms};
use super::super::text::{Column, Line, Look, Style, Table, duration};
use super::window::Window;

const DAY_MS: u64 = 86_400_000;

const CODE: FaultCode = FaultCode::Schedule;

/// Show when a cron expression fires, and what clock changes do to it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Five fields: minute, hour, day of the month, month, day of the week; with six the
first is the second. Or @hourly, @daily, @weekly, @monthly, @yearly.

Examples:
  rpa schedule preview --cron '0 7 * * MON-FRI' --timezone Europe/Sofia
  rpa schedule preview --cron '30 3 * * *' --timezone Europe/Sofia \\
      --around 2027-03-28 --dst-gap skip
  rpa schedule preview --cron '*/15 * * * *' --limit 100 --json")]
pub struct Args {
    /// The cron expression
    #[arg(long, value_name = "EXPR")]
    pub cron: String,

    /// The time zone in which it is meant, by its IANA name
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub timezone: String,

    /// Show what is before and after this day, as 2027-03-28, rather than what comes next
    #[arg(long, value_name = "DATE")]
    pub around: Option<Date>,

    /// How many
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,

    /// What becomes of a time that the clock leaps over
    #[arg(long, value_name = "RULE", default_value = DstGap::RunAfter.word(), value_parser = gap())]
    pub dst_gap: DstGap,

    /// Which of two is meant where the clock shows a time twice
    #[arg(long, value_name = "RULE", default_value = DstOverlap::First.word(), value_parser = overlap())]
    pub dst_overlap: DstOverlap,

    /// Each is fired so much later at most
    #[arg(long, value_name = "DURATION", value_parser = stretch)]
    pub jitter: Option<Duration>,
}

fn gap() -> impl TypedValueParser<Value = DstGap> {
    let known = |word: &String| DstGap::ALL.into_iter().find(|gap| gap.word() == word);
    PossibleValuesParser::new(DstGap::ALL.map(DstGap::word))
        .map(move |word| known(&word).unwrap_or_default())
}

fn overlap() -> impl TypedValueParser<Value = DstOverlap> {
    let known = |word: &String| DstOverlap::ALL.into_iter().find(|rule| rule.word() == word);
    PossibleValuesParser::new(DstOverlap::ALL.map(DstOverlap::word))
        .map(move |word| known(&word).unwrap_or_default())
}

pub fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let preview = Preview::of(&schedule(args), args, now_ms()).map_err(|e| refused(&e))?;
    if session.json {
        session.out.document(&preview.document(args))?;
    } else {
        session.out.lines(preview.lines(&session.out.look))?;
    }
    Ok(Exit::OK)
}

fn refused(error: &PlanError) -> Fault {
    problem_fault(CODE, &error.to_string(), &error.hint())
}

fn schedule(args: &Args) -> Schedule {
    Schedule {
        moments: Moments::Cron(args.cron.clone()),
        timezone: args.timezone.clone(),
        gap: args.dst_gap,
        fold: args.dst_overlap,
        // how much later a slot is fired depends on whose it is
        jitter_ms: 0,
        start: None,
        end: None,
        days: None,
        outside: Outside::default(),
        catch_up: CatchUp {
            policy: CatchUpPolicy::default(),
            window_ms: None,
            max: 1,
            spread_ms: 0,
        },
        overlap: Overlap::default(),
        pause_on_failure: None,
    }
}

/// What is shown.
struct Preview {
    said: String,
    plan: Plan,
    window: Window,
    /// Slots that stand for times that the clock leaps over.
    behind_gaps: BTreeSet<u64>,
    fold: DstOverlap,
    jitter_ms: u64,
}

impl Preview {
    fn of(schedule: &Schedule, args: &Args, now_ms: u64) -> Result<Preview, PlanError> {
        let plan = |gap| {
            let schedule = Schedule { gap, ..schedule.clone() };
            Plan::new(&schedule, "", &Calendars::default())
        };
        let shown = |plan: &Plan| match args.around {
            Some(date) => Window::around(plan, date, args.limit.into()),
            None => Window::after(plan, now_ms, args.limit.into()),
        };
        let (own, skipping) = (plan(schedule.gap)?, plan(DstGap::Skip)?);
        let leapt = shown(&skipping).slots.into_iter();
        let leapt = leapt.filter(|slot| slot.passed == Some(Passed::Gap)).map(|slot| slot.at_ms);
        let window = shown(&own);
        Ok(Preview {
            said: describe(schedule),
            plan: own,
            window,
            behind_gaps: leapt.collect(),
            fold: schedule.fold,
            jitter_ms: args.jitter.map_or(0, |jitter| jitter.as_millis().try_into().unwrap_or(0)),
        })
    }

    fn lines(&self, look: &Look) -> Vec<Line> {
        let mut table = Table::new(&[
            Column::fixed("LOCAL TIME"),
            Column::fixed("UTC"),
            Column::flexible("WHAT BECOMES OF IT", 12),
        ]);
        for slot in &self.window.slots {
            let utc = instant(slot.at_ms).strftime("%Y-%m-%d %H:%M:%S").to_string();
            let local = self.local(slot.at_ms, "%a %Y-%m-%d %H:%M:%S %:z");
            table.row(vec![local.into(), utc.into(), self.fate(slot)]);
        }
        let mut lines = vec![Line::new().push(Style::Bold, &self.said), Line::new()];
        lines.extend(table.lines(look));
        let changes: Vec<Line> = self.changes_near_by().map(told).collect();
        if !changes.is_empty() {
            lines.push(Line::new());
        }
        lines.extend(changes);
        lines
    }

    /// Changes of the clock within a day of a slot: those that may be why it is as it is.
    fn changes_near_by(&self) -> impl Iterator<Item = &Change> {
        let near = |change: &Change, slot: &Slot| slot.at_ms.abs_diff(change.at_ms) <= DAY_MS;
        let slots = &self.window.slots;
        self.window.changes.iter().filter(move |change| {
            let from = slots.partition_point(|slot| slot.at_ms + DAY_MS < change.at_ms);
            slots.get(from).is_some_and(|slot| near(change, slot))
        })
    }

    fn fate(&self, slot: &Slot) -> Line {
        let skipped = |why: &str| Line::new().push(Style::Warn, format!("skipped: {why}"));
        match slot.passed {
            Some(Passed::Gap) => skipped("in the clock's gap"),
            Some(Passed::Fold) => skipped(match self.fold {
                DstOverlap::Second => "shown again later",
                DstOverlap::First | DstOverlap::Both => "shown before",
            }),
            Some(Passed::Calendar) => skipped("not on that day"),
            Some(Passed::Merged) => skipped("another stands for it"),
            None => {
                let behind = match self.behind_gaps.contains(&slot.at_ms) {
                    true => " after the clock's gap",
                    false => "",
                };
                let late = match self.jitter_ms {
                    0 => String::new(),
                    ms => format!(", up to {} later", duration(ms)),
                };
                Line::new().push(Style::Good, "fires").plain(format!("{behind}{late}"))
            }
        }
    }

    fn document<'a>(&'a self, args: &'a Args) -> PreviewDocument<'a> {
        let slot = |slot: &Slot| SlotObject {
            at: slot.at_ms,
            local: self.local(slot.at_ms, "%Y-%m-%dT%H:%M:%S%:z"),
            due: slot.due_ms,
            due_latest: slot.due_ms + if slot.passed.is_none() { self.jitter_ms } else { 0 },
            passed: slot.passed.map(Passed::word),
            after_gap: self.behind_gaps.contains(&slot.at_ms),
        };
        let change = |change: &Change| ChangeObject {
            at: change.at_ms,
            before: shown(change.at_ms, change.before, "%Y-%m-%dT%H:%M:%S%:z"),
            after: shown(change.at_ms, change.after, "%Y-%m-%dT%H:%M:%S%:z"),
            forward: change.after > change.before,
        };
        PreviewDocument {
            cron: &args.cron,
            timezone: &args.timezone,
            description: &self.said,
            slots: self.window.slots.iter().map(slot).collect(),
            changes: self.window.changes.iter().map(change).collect(),
        }
    }

    fn local(&self, at_ms: u64, form: &str) -> String {
        instant(at_ms).to_zoned(self.plan.zone().clone()).strftime(form).to_string()
    }
}

/// A change of the clock in words.
fn told(change: &Change) -> Line {
    let from = shown(change.at_ms, change.before, "%Y-%m-%d %H:%M");
    let to = shown(change.at_ms, change.after, "%H:%M %:z");
    let line = Line::of(from);
    match change.after > change.before {
        true => line.plain(format!(": the clock goes on to {to}; times between do not come")),
        false => line.plain(format!(": the clock goes back to {to}; times between come twice")),
    }
}

/// An instant as a clock with that offset shows it.
fn shown(at_ms: u64, offset: i32, form: &str) -> String {
    let zone = Offset::from_seconds(offset).unwrap_or(Offset::UTC).to_time_zone();
    instant(at_ms).to_zoned(zone).strftime(form).to_string()
}

/// Of a slot: no plan has later ones than jiff knows.
fn instant(at_ms: u64) -> Timestamp {
    let at = i64::try_from(at_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    at.unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Cli, Command};

    /// What the command line says on a terminal of 80 columns, on 2026-11-21.
    fn preview(line: &[&str]) -> String {
        let words = ["rpa", "schedule", "preview"].iter().chain(line);
        let Command::Schedule(args) = Cli::try_parse_from(words).unwrap().command else {
            panic!("another command")
        };
        let super::super::Command::Preview(args) = args.command;
        let preview = Preview::of(&schedule(&args), &args, 1_795_219_200_000).unwrap();
        let lines = preview.lines(&Look { width: Some(80), ..Look::PLAIN });
        let lines: Vec<String> =
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        lines.join("\n")
    }

    #[test]
    fn what_comes_next() {
        let line = ["--cron", "0 7 * * MON-FRI", "--timezone", "Europe/Sofia", "--limit", "4"];
        insta::assert_snapshot!(preview(&line));
    }

    #[test]
    fn what_is_around_a_change_of_the_clock() {
        let sofia = ["--timezone", "Europe/Sofia", "--limit", "4"];
        let with = |more: &[&str]| preview(&[&sofia[..], more].concat());
        let all = [
            with(&["--cron", "30 3 * * *", "--around", "2027-03-28"]),
            with(&["--cron", "30 3 * * *", "--around", "2027-03-28", "--dst-gap", "skip"]),
            with(&["--cron", "30 3 * * *", "--around", "2027-10-31", "--jitter", "5m"]),
            with(&["--cron", "30 3 * * *", "--around", "2027-10-30", "--dst-overlap", "second"]),
            with(&["--cron", "0 * * * *", "--around", "2027-03-27"]),
            with(&["--cron", "@yearly", "--around", "2027-03-28"]),
        ];
        insta::assert_snapshot!(all.join("\n\n"));
    }
}
