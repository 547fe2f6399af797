//! `rpa deliveries`: what has reached a trigger, and what became of it.

use rpa_engine::Label;
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{DeliveriesQuery, DeliveryPage, DeliveryView, MOST_SLOTS};

use super::exit::{Exit, Failure};
use super::json::DeliveriesDocument;
use super::output::{self, Form};
use super::session::{Session, now_ms};
use super::text::{Column, Line, Look, Style, Table, ago, number, status};
use super::triggers::{Which, head, notes, reason};

/// Show what reached a trigger: webhooks, files, events, ends of runs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The newest come first. Each has one outcome: it started a run, is held, was
merged into a newer one, was skipped, or was refused, and why. Of a schedule
there are slots instead: rpa slots.

Examples:
  rpa deliveries deploy
  rpa deliveries deploy pushed --limit 100
  rpa deliveries deploy --before 4711
  rpa deliveries deploy --json | jq '.deliveries[].outcome'")]
pub struct Args {
    #[command(flatten)]
    pub which: Which,

    /// Most deliveries to show
    #[arg(
        long,
        value_name = "N",
        default_value_t = 20,
        value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_SLOTS))
    )]
    pub limit: u32,

    /// Only those before this number
    #[arg(long, value_name = "NUMBER")]
    pub before: Option<u64>,

    #[command(flatten)]
    pub form: Form,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::DELIVERIES, session)?;
    let of = args.which.of(session);
    let query = DeliveriesQuery { of, before: args.before, limit: args.limit };
    let call = async |rpc: &RpadClient, context| rpc.deliveries(context, query.clone()).await;
    let page = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&DeliveriesDocument::of(&page))?;
        return Ok(Exit::OK);
    }
    if sheet.streams() {
        sheet.rows(&DeliveriesDocument::of(&page).deliveries, session)?;
        return further(page.next, session);
    }
    session.out.lines(lines(&page, &session.namespace, &session.out.look, now_ms()))?;
    if page.deliveries.is_empty() {
        session.note(match page.trigger.kind.as_str() {
            "schedule" => "it is a schedule, and has slots: rpa slots",
            _ => "nothing has reached it",
        })?;
    }
    further(page.next, session)
}

/// Says on standard error that there are earlier ones.
fn further(next: Option<u64>, session: &mut Session) -> Result<Exit, Failure> {
    if let Some(next) = next {
        let option = format!("--before {next}");
        session.note(Line::new().push(Style::Dim, "there is more: add ").plain(option))?;
    }
    Ok(Exit::OK)
}

fn lines(page: &DeliveryPage, namespace: &Label, look: &Look, now_ms: u64) -> Vec<Line> {
    let DeliveryPage { trigger, deliveries, .. } = page;
    let mut lines = vec![head(trigger, namespace, look, now_ms)];
    if !trigger.what.is_empty() {
        lines.push(Line::of("  ").push(Style::Dim, &trigger.what));
    }
    if let Some(rejected) = &trigger.rejected {
        let (count, when) = (number(rejected.count), ago(rejected.last_ms, now_ms));
        let why = reason(&rejected.why, look);
        let text = format!("  {count} turned away, the last {when}: {why}");
        lines.push(Line::new().push(Style::Warn, text));
    }
    lines.extend(notes(trigger, namespace, look, now_ms));
    if !deliveries.is_empty() {
        lines.push(Line::new());
    }
    lines.extend(table(deliveries, look, now_ms));
    lines
}

fn table(deliveries: &[DeliveryView], look: &Look, now_ms: u64) -> Vec<Line> {
    if deliveries.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new(&[
        Column::right("NUMBER"),
        Column::fixed("WHEN"),
        Column::flexible("WHAT", 10),
        Column::fixed("OUTCOME"),
        Column::wrapped("RUN OR REASON", 16),
    ]);
    for delivery in deliveries {
        let run = delivery.run.map(|run| run.short());
        let why = delivery.reason.as_ref().map(|why| reason(why, look));
        let outcome = run.into_iter().chain(why).collect::<Vec<_>>().join(": ");
        table.row(vec![
            delivery.number.to_string().into(),
            ago(delivery.at_ms, now_ms).into(),
            delivery.what.as_str().into(),
            status(&delivery.outcome, look),
            outcome.into(),
        ]);
    }
    table.lines(look)
}

#[cfg(test)]
mod tests {
    use rpa_ipc::Language;

    use super::*;
    use crate::cli::sample;

    fn shown(language: Language) -> String {
        let look = Look { width: Some(80), language, ..Look::PLAIN };
        let namespace = "default".parse().unwrap();
        let lines = lines(&sample::deliveries(), &namespace, &look, sample::NOW);
        let lines: Vec<String> =
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        lines.join("\n")
    }

    #[test]
    fn what_became_of_deliveries_fits_eighty_columns() {
        insta::assert_snapshot!(shown(Language::English));
    }

    #[test]
    fn why_is_said_in_bulgarian() {
        insta::assert_snapshot!(shown(Language::Bulgarian));
    }
}
