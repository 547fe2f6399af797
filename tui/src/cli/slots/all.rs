//! The slots of all triggers, or of some of them.

use jiff::tz::TimeZone;
use rpa_engine::Label;
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{LedgerQuery, LedgerView, MOST_SLOTS, Reached, SlotView};
use rpa_ipc::view::Page;

use super::super::exit::{Exit, Failure};
use super::super::json::SlotsDocument;
use super::super::moment;
use super::super::output;
use super::super::paging::more;
use super::super::runs::local_name;
use super::super::session::{Session, now_ms};
use super::super::text::{Column, Line, Look, Table, status};
use super::{Args, outcome};

/// Pages that are asked for until there are rows enough: of a long ledger the daemon looks
/// through a piece for each.
const MOST_PAGES: usize = 20;

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::SLOTS, session)?;
    let since_ms = args
        .since
        .map(|since| now_ms().saturating_sub(u64::try_from(since.as_millis()).unwrap_or(u64::MAX)));
    let mut query = LedgerQuery {
        workflow: args.workflow,
        trigger: args.trigger,
        became: args.fate,
        since_ms,
        contains: args.contains,
        deliveries: false,
        cursor: args.cursor,
        ..LedgerQuery::of(session.namespace.clone())
    };
    let mut page = Page { items: Vec::new(), next: None };
    let mut link = session.link()?;
    for _ in 0..MOST_PAGES {
        let had = u32::try_from(page.items.len()).unwrap_or(MOST_SLOTS);
        query.limit = args.limit.saturating_sub(had).max(1);
        let call = async |rpc: &RpadClient, context| rpc.ledger(context, query.clone()).await;
        let found = link.call(call).await?;
        page.items.extend(found.items);
        page.next = found.next;
        if page.next.is_none() || page.items.len() >= args.limit as usize {
            break;
        }
        query.cursor.clone_from(&page.next);
    }
    if session.json {
        session.out.document(&SlotsDocument::of_all(&page))?;
        return Ok(Exit::OK);
    }
    if sheet.streams() {
        sheet.rows(&SlotsDocument::of_all(&page).slots, session)?;
    } else if page.items.is_empty() {
        let searched = page.next.is_some();
        session.note(if searched { "no slots in this part" } else { "no slots here" })?;
    } else {
        let zone = TimeZone::system();
        session.out.lines(lines(&page.items, &session.namespace, &session.out.look, &zone))?;
    }
    more(page.next.as_deref(), session)?;
    Ok(Exit::OK)
}

/// The slot of a row; the daemon was asked for nothing else.
pub fn slot(view: &LedgerView) -> Option<&SlotView> {
    match &view.reached {
        Reached::Slot(slot) => Some(slot),
        Reached::Delivery(_) => None,
    }
}

fn lines(views: &[LedgerView], namespace: &Label, look: &Look, zone: &TimeZone) -> Vec<Line> {
    let mut table = Table::new(&[
        Column::fixed("SLOT"),
        Column::flexible("WORKFLOW", 8),
        Column::flexible("TRIGGER", 7),
        Column::fixed("FATE"),
        Column::wrapped("RUN OR REASON", 14),
    ]);
    let slots: Vec<(&LedgerView, &SlotView)> =
        views.iter().filter_map(|view| Some((view, slot(view)?))).collect();
    let at: Vec<u64> = slots.iter().map(|(_, slot)| slot.slot_ms).collect();
    for ((view, slot), at) in slots.into_iter().zip(moment::column(&at, zone)) {
        table.row(vec![
            at.into(),
            local_name(&view.workflow, namespace).into(),
            view.trigger.as_str().into(),
            status(&slot.fate, look),
            outcome(slot, look).into(),
        ]);
    }
    table.lines(look)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn slots_of_all_triggers_fit_eighty_columns() {
        let look = Look { width: Some(80), ..Look::PLAIN };
        let zone = TimeZone::get("Europe/Sofia").unwrap();
        let lines = lines(&sample::ledger(), &"default".parse().unwrap(), &look, &zone);
        let lines: Vec<String> =
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        insta::assert_snapshot!(lines.join("\n"));
    }
}
