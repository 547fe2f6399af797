//! `rpa upcoming`: what fires next, over all triggers.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rpa_engine::Label;
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{ComingSlot, Folded, LeftOut, MOST_SLOTS, Stretches, UpcomingQuery};

use super::exit::{Exit, Failure};
use super::input::stretch;
use super::json::UpcomingDocument;
use super::moment;
use super::output::{self, Form, Output};
use super::runs::local_name;
use super::session::{Session, now_ms};
use super::text::{Column, Line, Look, Style, Table, ago, number};

/// Show what fires next, over all triggers that are armed
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Times are those of your own time zone. A slot is fired later than its time by
jitter, or when its day is put off: it then has a column of its own. In the
table a trigger that fires often takes a row an hour, beyond two days one a day;
--every and the other forms have one for each slot.

Examples:
  rpa upcoming
  rpa upcoming --within 7d --limit 200
  rpa upcoming --within 1h --every
  rpa -n ops upcoming --json")]
pub struct Args {
    /// How far to look ahead
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = stretch)]
    pub within: Duration,

    /// Most slots to show
    #[arg(
        long,
        value_name = "N",
        default_value_t = 50,
        value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_SLOTS))
    )]
    pub limit: u32,

    /// A row for each slot, also of a trigger that fires often
    #[arg(long)]
    pub every: bool,

    #[command(flatten)]
    pub form: Form,
}

/// Up to here the hours are told, beyond it the days.
const HOURS: Duration = Duration::from_hours(48);
const HOUR_MS: u64 = 3_600_000;

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::UPCOMING, session)?;
    let within_ms = u64::try_from(args.within.as_millis()).unwrap_or(u64::MAX);
    let until_ms = now_ms().saturating_add(within_ms);
    let zone = TimeZone::system();
    let length_ms = if args.within <= HOURS { HOUR_MS } else { 24 * HOUR_MS };
    let fold = Stretches::of(length_ms, zone.to_offset(Timestamp::now()).seconds());
    let fold = (sheet.output() == Output::Table && !args.every).then_some(fold);
    let namespace = session.namespace.clone();
    let query = UpcomingQuery { namespace, until_ms, fold, limit: args.limit };
    let call = async |rpc: &RpadClient, context| rpc.upcoming(context, query.clone()).await;
    let slots = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&UpcomingDocument::of(&slots, until_ms))?;
        return Ok(Exit::OK);
    }
    if sheet.streams() {
        sheet.rows(&UpcomingDocument::of(&slots, until_ms).upcoming, session)?;
        return Ok(Exit::OK);
    }
    if slots.is_empty() {
        let until = moment::in_zone(until_ms, &zone);
        let how = session.err.look.calls.prose("how triggers stand: rpa triggers");
        session.note(format!("nothing fires here until {until}; {how}"))?;
        return Ok(Exit::OK);
    }
    session.out.lines(lines(&slots, &session.namespace, &session.out.look, &zone, now_ms()))?;
    let left_out = left_out(&slots, &session.namespace, &zone);
    session.out.lines(left_out)?;
    if slots.len() >= usize::try_from(args.limit).unwrap_or(usize::MAX) && args.limit < MOST_SLOTS {
        let hint = "there may be more: add --limit N";
        session.note(Line::new().push(Style::Dim, hint))?;
    }
    Ok(Exit::OK)
}

fn lines(
    slots: &[ComingSlot],
    namespace: &Label,
    look: &Look,
    zone: &TimeZone,
    now_ms: u64,
) -> Vec<Line> {
    let mut columns = COLUMNS.to_vec();
    columns.extend([Column::fixed("TIMES"), Column::fixed("SLOT")]);
    let mut table = Table::new(&columns);
    for (slot, mut row) in slots.iter().zip(rows(slots, namespace, zone, now_ms)) {
        row.push(times(slot, zone).into());
        row.push(moment::other(slot.slot_ms, slot.due_ms, zone).into());
        table.row(row);
    }
    table.lines(look)
}

/// `180, to 03:59`: how often it fires within its hour or day, where that is not once.
fn times(slot: &ComingSlot, zone: &TimeZone) -> String {
    let Some(Folded { count, last_due_ms, at_least }) = slot.folded else { return String::new() };
    match at_least {
        true => format!("{}+", number(count)),
        false => {
            let last = moment::other(last_due_ms, slot.due_ms, zone);
            // seconds say little of an hour
            let last: String = last.chars().take("03:59".len()).collect();
            format!("{}, to {last}", number(count))
        }
    }
}

/// What a slot that is to come is shown with wherever there is a list of them.
pub(super) const COLUMNS: [Column; 4] = [
    Column::fixed("WHEN"),
    Column::fixed("DUE"),
    Column::flexible("WORKFLOW", 8),
    Column::flexible("TRIGGER", 7),
];

/// A row of [`COLUMNS`] for each.
pub(super) fn rows(
    slots: &[ComingSlot],
    namespace: &Label,
    zone: &TimeZone,
    now_ms: u64,
) -> Vec<Vec<Line>> {
    let due: Vec<u64> = slots.iter().map(|slot| slot.due_ms).collect();
    let row = |(slot, due): (&ComingSlot, String)| {
        vec![
            ago(slot.due_ms, now_ms).into(),
            due.into(),
            local_name(&slot.workflow, namespace).into(),
            slot.trigger.as_str().into(),
        ]
    };
    slots.iter().zip(moment::column(&due, zone)).map(row).collect()
}

/// `tick often: and 3 598 more until 2026-11-20 17:00 +02:00`
fn left_out(slots: &[ComingSlot], namespace: &Label, zone: &TimeZone) -> Vec<Line> {
    let line = |slot: &ComingSlot| {
        let LeftOut { count, until_ms } = slot.more?;
        let until = moment::in_zone(until_ms / 60_000 * 60_000, zone);
        let (workflow, more) = (local_name(&slot.workflow, namespace), number(count));
        let text = format!("{workflow} {}: and {more} more until {until}", slot.trigger);
        Some(Line::new().push(Style::Dim, text))
    };
    slots.iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn what_comes_next_fits_eighty_columns() {
        let look = Look { width: Some(80), ..Look::PLAIN };
        let zone = TimeZone::get("Europe/Sofia").unwrap();
        let namespace = "default".parse().unwrap();
        let lines = lines(&sample::upcoming(), &namespace, &look, &zone, sample::NOW);
        let lines: Vec<String> =
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn what_fires_often_has_one_row_and_says_how_often() {
        let look = Look { width: Some(80), ..Look::PLAIN };
        let zone = TimeZone::get("Europe/Sofia").unwrap();
        let mut slots = sample::upcoming();
        let last_due_ms = slots[0].due_ms + 1_000_000;
        slots[0].folded = Some(Folded { count: 1_180, last_due_ms, at_least: false });
        let last_due_ms = slots[1].due_ms + 60_000;
        slots[1].folded = Some(Folded { count: 100, last_due_ms, at_least: true });
        let lines = lines(&slots, &"default".parse().unwrap(), &look, &zone, sample::NOW);
        let lines: Vec<String> =
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let mut slots = sample::upcoming();
        slots[0].more = Some(LeftOut { count: 3_598, until_ms: sample::NOW });
        let zone = TimeZone::get("Europe/Sofia").unwrap();
        let lines = left_out(&slots, &"default".parse().unwrap(), &zone);
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        let text = line.text();
        assert!(text.contains(&format!(": and {} more until 2026-", number(3_598))), "{text}");
    }
}
