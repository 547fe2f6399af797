//! `rpa schedule preview`: the slots of a trigger, or of a cron expression that is
//! nobody's yet.

mod named;
mod offline;
mod picture;

use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::civil::Date;
use picture::{Of, Picture};
use rpa_engine::trigger::{DstGap, DstOverlap};
use rpa_ipc::{FaultCode, fault};

use super::super::exit::{Exit, Failure};
use super::super::input::stretch;
use super::super::output::{self, Form, Output, Sheet};
use super::super::session::{Session, now_ms};
use super::super::triggers::Which;

/// Show when a trigger or a cron expression fires, and what clock changes do to it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Of a trigger the daemon knows the slots, with its calendars and its jitter. What is
given with --cron is reckoned without a daemon.

Five fields: minute, hour, day of the month, month, day of the week; with six the
first is the second. Or @hourly, @daily, @weekly, @monthly, @yearly.

Examples:
  rpa schedule preview disk-report
  rpa schedule preview disk-report nightly --around 2027-03-28 --limit 6
  rpa schedule preview --cron '0 7 * * MON-FRI' --timezone Europe/Sofia
  rpa schedule preview --cron '30 3 * * *' --timezone Europe/Sofia \\
      --around 2027-03-28 --dst-gap skip
  rpa schedule preview --cron '*/15 * * * *' --limit 100 --json")]
pub struct Args {
    /// The workflow of the trigger: NAME or NAMESPACE/NAME
    #[arg(required_unless_present = "cron")]
    pub workflow: Option<String>,

    /// Its trigger; may be left out when it has only one
    pub trigger: Option<String>,

    /// A cron expression, rather than a trigger
    #[arg(long, value_name = "EXPR", conflicts_with = "workflow")]
    pub cron: Option<String>,

    /// The time zone in which it is meant, by its IANA name
    #[arg(long, value_name = "ZONE", default_value = "UTC", conflicts_with = "workflow")]
    pub timezone: String,

    /// Show what is before and after this day, as 2027-03-28, rather than what comes next
    #[arg(long, value_name = "DATE")]
    pub around: Option<Date>,

    /// How many
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,

    /// What becomes of a time that the clock leaps over
    #[arg(long, value_name = "RULE", default_value = DstGap::RunAfter.word(), conflicts_with = "workflow", value_parser = gap())]
    pub dst_gap: DstGap,

    /// Which of two is meant where the clock shows a time twice
    #[arg(long, value_name = "RULE", default_value = DstOverlap::First.word(), conflicts_with = "workflow", value_parser = overlap())]
    pub dst_overlap: DstOverlap,

    /// Each is fired so much later at most
    #[arg(long, value_name = "DURATION", conflicts_with = "workflow", value_parser = stretch)]
    pub jitter: Option<Duration>,

    #[command(flatten)]
    pub form: Form,
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

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    match (&args.cron, &args.workflow) {
        (Some(cron), _) => of_cron(cron, args, session),
        (None, Some(workflow)) => {
            let which = Which { workflow: workflow.clone(), trigger: args.trigger.clone() };
            named::run(&which, args, session).await
        }
        // the parser refuses it
        (None, None) => Err(fault!(FaultCode::Usage, "preview-what").into()),
    }
}

fn of_cron(cron: &str, args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let sheet = args.form.sheet(&output::PREVIEW, session)?;
    let picture = offline::picture(cron, args, now_ms()).map_err(|e| offline::refused(&e))?;
    show(&picture, Of::Cron { cron, timezone: &args.timezone }, sheet, session)?;
    Ok(Exit::OK)
}

fn show(
    picture: &Picture,
    of: Of<'_>,
    mut sheet: Sheet,
    session: &mut Session,
) -> Result<(), Failure> {
    match sheet.output() {
        Output::Table => session.out.lines(picture.lines(&session.out.look)),
        Output::Json => session.out.document(&picture.document(of)),
        Output::Jsonl | Output::Csv => sheet.rows(&picture.document(of).slots, session),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Cli, Command};
    use crate::cli::text::Look;

    /// What the command line says on a terminal of 80 columns, on 2026-11-21.
    fn preview(line: &[&str]) -> String {
        let words = ["rpa", "schedule", "preview"].iter().chain(line);
        let Command::Schedule(args) = Cli::try_parse_from(words).unwrap().command else {
            panic!("another command")
        };
        let super::super::Command::Preview(args) = args.command else { panic!("another command") };
        let cron = args.cron.as_deref().unwrap();
        let picture = offline::picture(cron, &args, 1_795_219_200_000).unwrap();
        let lines = picture.lines(&Look { width: Some(80), ..Look::PLAIN });
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
