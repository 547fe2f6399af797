//! `rpa schedule backfill`: runs for slots of the past that had none.

use jiff::tz::TimeZone;
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{BackfillRequest, Backfilled, ComingSlot, MOST_SLOTS};
use rpa_ipc::{FaultCode, fault, said};

use super::super::confirm::{agreed, is_somebody_there};
use super::super::exit::{Exit, Failure};
use super::super::json::BackfillDocument;
use super::super::moment::{self, Moment};
use super::super::output::{self, Form, Output};
use super::super::session::Session;
use super::super::slots::trigger;
use super::super::text::{Line, Style};
use super::super::triggers::{Which, count};

/// Start runs for slots of the past that had none: missed, skipped, or before the trigger
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Slots that had a run, or wait for one, are left alone: said twice, it does nothing
more. So are slots that are older than all that is remembered, which may have had
one. What is still to come fires by itself. The runs begin one after the other,
whatever the trigger's `overlap` says; the trigger must be armed.

Examples:
  rpa schedule backfill disk-report --from 2026-11-19 --to 2026-11-20 --dry-run
  rpa schedule backfill disk-report nightly \\
      --from 2026-11-19T00:00 --to 2026-11-20T12:00 --yes")]
pub struct Args {
    #[command(flatten)]
    pub which: Which,

    /// The first moment: 2026-11-19, 2026-11-19T03:30 in the trigger's time zone, or with
    /// an offset
    #[arg(long, value_name = "TIME")]
    pub from: Moment,

    /// The moment before which it ends
    #[arg(long, value_name = "TIME")]
    pub to: Moment,

    /// Start nothing when there are more slots than this
    #[arg(
        long,
        value_name = "N",
        default_value_t = 100,
        value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_SLOTS))
    )]
    pub max: u32,

    /// Show the slots, and start nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask
    #[arg(long)]
    pub yes: bool,

    #[command(flatten)]
    pub form: Form,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::BACKFILL, session)?;
    let mut link = session.link()?;
    let of = args.which.of(session);
    let trigger = trigger(&of, &mut link).await?;
    let zone = moment::zone(&trigger);
    let (from_ms, to_ms) = (args.from.ms(&zone), args.to.ms(&zone));
    if from_ms >= to_ms {
        let fault = fault!(
            FaultCode::Usage,
            "backfill-backwards",
            from = moment::in_zone(from_ms, &zone),
            to = moment::in_zone(to_ms, &zone)
        );
        return Err(fault.hint(said!("hint-backfill-backwards")).into());
    }
    // a program that reads the list answers nothing
    let asks = !args.yes && !args.dry_run && !sheet.streams() && is_somebody_there(session);
    let request =
        |dry_run| BackfillRequest { of: of.clone(), from_ms, to_ms, max: args.max, dry_run };
    let mut filled = {
        let request = request(args.dry_run || asks);
        let call = async |rpc: &RpadClient, context| rpc.backfill(context, request.clone()).await;
        link.call(call).await?
    };
    if asks && !filled.slots.is_empty() {
        session.out.lines(lines(&filled.slots, &zone))?;
        if !agreed(&format!("start {}?", runs(&filled)), session)? {
            session.note("nothing was started")?;
            return Ok(Exit::DETACHED);
        }
        let request = request(false);
        let call = async |rpc: &RpadClient, context| rpc.backfill(context, request.clone()).await;
        filled = link.call(call).await?;
    } else if sheet.output() == Output::Table {
        session.out.lines(lines(&filled.slots, &zone))?;
    }
    let document = BackfillDocument::of(&trigger, (from_ms, to_ms), &filled, args.dry_run);
    if session.json {
        session.out.document(&document)?;
        return Ok(Exit::OK);
    }
    if sheet.streams() {
        sheet.rows(&document.slots, session)?;
        session.note(summary(&filled, args.dry_run))?;
        for line in left_out(&filled) {
            session.note(line)?;
        }
        return Ok(Exit::OK);
    }
    session.out.line(summary(&filled, args.dry_run))?;
    session.out.lines(left_out(&filled))?;
    Ok(Exit::OK)
}

fn lines(slots: &[ComingSlot], zone: &TimeZone) -> Vec<Line> {
    let at: Vec<u64> = slots.iter().map(|slot| slot.slot_ms).collect();
    moment::column(&at, zone).into_iter().map(|at| Line::of("  ").plain(at)).collect()
}

fn runs(filled: &Backfilled) -> String {
    count(u64::try_from(filled.slots.len()).unwrap_or(u64::MAX), "run")
}

fn summary(filled: &Backfilled, dry_run: bool) -> Line {
    let line = match (filled.slots.is_empty(), dry_run) {
        (true, _) => Line::of("no slot of that time is without a run"),
        (false, true) => Line::of(format!("{} would start", runs(filled))),
        (false, false) => Line::new()
            .push(Style::Good, runs(filled))
            .plain(" asked for; how they get on: rpa slots"),
    };
    match filled.had {
        0 => line,
        had => line.push(Style::Dim, format!(" ({} had one)", count(had.into(), "slot"))),
    }
}

/// Slots that get no run, and why.
fn left_out(filled: &Backfilled) -> Vec<Line> {
    let line = |slots: u32, text: &str| {
        let slots = Some(slots).filter(|slots| *slots > 0)?;
        Some(Line::new().push(Style::Dim, format!("{} {text}", count(slots.into(), "slot"))))
    };
    let forgotten = "older than all that is remembered: a run is not ruled out";
    let to_come = "not taken yet: what is to come fires by itself";
    line(filled.forgotten, forgotten).into_iter().chain(line(filled.to_come, to_come)).collect()
}
