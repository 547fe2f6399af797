//! `rpa runs --group`: failed runs, a line for all that have failed alike.

use rpa_engine::Label;
use rpa_ipc::fault::error_in;
use rpa_ipc::overview::{FailureView, FailuresView};

use super::exit::{Exit, Failure};
use super::json::FailuresDocument;
use super::runs::local_name;
use super::session::{Session, now_ms};
use super::text::{Column, Line, Look, Style, Table, ago, number};

pub fn print(found: &FailuresView, session: &mut Session) -> Result<Exit, Failure> {
    if session.json {
        session.out.document(&FailuresDocument::of(found))?;
        return Ok(Exit::OK);
    }
    if found.groups.is_empty() {
        session.note("no failed runs here")?;
        return Ok(Exit::OK);
    }
    let look = &session.out.look;
    session.out.lines(table(&found.groups, &session.namespace, look, now_ms()).lines(look))?;
    if found.cut {
        session.note(Line::new().push(Style::Dim, "older failures were not looked at"))?;
    }
    Ok(Exit::OK)
}

fn table(groups: &[FailureView], namespace: &Label, look: &Look, now_ms: u64) -> Table {
    let mut table = Table::new(&[
        Column::right("RUNS"),
        Column::fixed("ALIKE"),
        Column::flexible("WORKFLOW", 8),
        Column::flexible("STEP", 6),
        Column::flexible("WHY", 12),
        Column::fixed("NEWEST"),
        Column::fixed("OLDEST"),
    ]);
    for group in groups {
        table.row(vec![
            number(group.count).into(),
            group.alike.as_str().into(),
            local_name(&group.workflow, namespace).into(),
            group.step.as_str().into(),
            error_in(look.language, &group.error).into(),
            ago(group.newest_ms, now_ms).into(),
            ago(group.oldest_ms, now_ms).into(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn groups_fit_eighty_columns() {
        let look = Look { width: Some(80), ..Look::PLAIN };
        let groups = sample::overview().failures;
        let table = table(&groups, &"default".parse().unwrap(), &look, sample::NOW);
        let lines: Vec<String> =
            table.lines(&look).iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        insta::assert_snapshot!(lines.join("\n"));
    }
}
