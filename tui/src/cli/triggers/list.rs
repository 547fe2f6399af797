//! `rpa triggers`: a row for each, then why some of them do not fire.

use rpa_engine::Label;
use rpa_ipc::service::RpadClient;
use rpa_ipc::triggers::{SlotView, TriggerView, TriggersQuery};

use super::super::exit::{Exit, Failure};
use super::super::json::TriggersDocument;
use super::super::output::{self, Form};
use super::super::runs::local_name;
use super::super::session::{Session, now_ms};
use super::super::text::{Column, Line, Look, Table, ago, status};
use super::standing::notes;

pub async fn run(form: Form, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = form.sheet(&output::TRIGGERS, session)?;
    let query = TriggersQuery { namespace: session.namespace.clone() };
    let call = async |rpc: &RpadClient, context| rpc.triggers(context, query.clone()).await;
    let triggers = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&TriggersDocument::of(&triggers))?;
        return Ok(Exit::OK);
    }
    if sheet.streams() {
        sheet.rows(&TriggersDocument::of(&triggers).triggers, session)?;
        return Ok(Exit::OK);
    }
    if triggers.is_empty() {
        session.note("no workflow here has triggers: see rpa-workflow(5)")?;
        return Ok(Exit::OK);
    }
    let lines = lines(&triggers, &session.namespace, &session.out.look, now_ms());
    session.out.lines(lines)?;
    Ok(Exit::OK)
}

fn lines(triggers: &[TriggerView], namespace: &Label, look: &Look, now_ms: u64) -> Vec<Line> {
    let mut table = Table::new(&[
        Column::flexible("WORKFLOW", 8),
        Column::flexible("TRIGGER", 7),
        Column::fixed("STATUS"),
        Column::flexible("WHAT", 8),
        Column::fixed("NEXT"),
        Column::fixed("LAST"),
    ]);
    for view in triggers {
        let next = view.next.as_ref();
        table.row(vec![
            local_name(&view.workflow, namespace).into(),
            view.trigger.as_str().into(),
            status(&view.status, look),
            view.what.as_str().into(),
            next.map_or_else(Line::new, |next| ago(next.due_ms, now_ms).into()),
            view.last.as_ref().map_or_else(Line::new, |slot| last(slot, look, now_ms)),
        ]);
    }
    let mut lines = table.lines(look);
    let notes: Vec<Line> =
        triggers.iter().flat_map(|view| notes(view, namespace, look, now_ms)).collect();
    if !notes.is_empty() {
        lines.push(Line::new());
    }
    lines.extend(notes);
    lines
}

/// `✓ fired 3 h ago`
fn last(slot: &SlotView, look: &Look, now_ms: u64) -> Line {
    status(&slot.fate, look).plain(format!(" {}", ago(slot.slot_ms, now_ms)))
}

#[cfg(test)]
mod tests {
    use rpa_ipc::Language;

    use super::*;
    use crate::cli::sample;

    fn shown(language: Language) -> String {
        let look = Look { width: Some(80), language, ..Look::PLAIN };
        let namespace = "default".parse().unwrap();
        let lines = lines(&sample::triggers(), &namespace, &look, sample::NOW);
        let lines: Vec<String> =
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        lines.join("\n")
    }

    #[test]
    fn how_each_stands_and_why_fits_eighty_columns() {
        insta::assert_snapshot!(shown(Language::English));
    }

    #[test]
    fn why_is_said_in_bulgarian() {
        insta::assert_snapshot!(shown(Language::Bulgarian));
    }
}
