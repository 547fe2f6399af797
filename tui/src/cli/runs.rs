//! `rpa runs`: the newest runs first.

use clap::builder::PossibleValuesParser;
use rpa_engine::Label;
use rpa_ipc::service::{RpadClient, RunsQuery};
use rpa_ipc::view::{Page, RUN_STATUSES, RunSummary};

use super::exit::{Exit, Failure};
use super::json::RunsDocument;
use super::outcome;
use super::paging::{Paging, more};
use super::session::{Session, now_ms};
use super::text::{Column, Look, Table, ago, status, took};

/// List the runs, the newest first
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa runs
  rpa runs --status failed --limit 10
  rpa runs --workflow disk-report --json
  rpa runs --status in_doubt          what waits for a person: see rpa doubts")]
pub struct Args {
    /// Only runs of this status
    #[arg(long, value_name = "S", value_parser = PossibleValuesParser::new(RUN_STATUSES))]
    pub status: Option<String>,

    /// Only runs of this workflow
    #[arg(long, value_name = "W")]
    pub workflow: Option<String>,

    #[command(flatten)]
    pub paging: Paging,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let query = RunsQuery {
        namespace: session.namespace.clone(),
        status: args.status,
        workflow: args.workflow,
        limit: args.paging.limit,
        cursor: args.paging.cursor,
    };
    let call = async |rpc: &RpadClient, context| rpc.runs(context, query.clone()).await;
    let page = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&RunsDocument::of(&page))?;
        return Ok(Exit::OK);
    }
    if page.items.is_empty() {
        session.note("no runs here")?;
    } else {
        let table = table(&page, &session.namespace, &session.out.look, now_ms());
        session.out.lines(table.lines(&session.out.look))?;
    }
    more(page.next.as_deref(), session)?;
    Ok(Exit::OK)
}

/// `name` for a workflow of the namespace that is being looked at.
pub fn local_name<'a>(workflow: &'a str, namespace: &Label) -> &'a str {
    match workflow.split_once('/') {
        Some((ns, name)) if ns == namespace.as_str() => name,
        _ => workflow,
    }
}

fn table(page: &Page<RunSummary>, namespace: &Label, look: &Look, now_ms: u64) -> Table {
    let mut table = Table::new(&[
        Column::fixed("RUN"),
        Column::fixed("STATUS"),
        Column::flexible("WORKFLOW", 12),
        Column::fixed("WHEN"),
        Column::right("TOOK"),
        Column::flexible("ERROR", 8),
    ]);
    for run in &page.items {
        table.row(vec![
            run.run.short().into(),
            status(&run.status, look),
            local_name(&run.workflow, namespace).into(),
            ago(run.accepted_ms, now_ms).into(),
            took(run.started_ms, run.ended_ms, now_ms).into(),
            run.error.as_ref().map(outcome::message).unwrap_or_default().into(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn a_list_fits_eighty_columns() {
        let mut other = sample::completed().summary;
        other.workflow = format!("default/{}", "long-name-".repeat(6));
        other.status = "in_doubt".into();
        other.ended_ms = None;
        let page = Page { items: vec![sample::failed().summary, other], next: None };
        let look = Look { width: Some(80), colour: false, utf8: true };
        let table = table(&page, &"default".parse().unwrap(), &look, sample::NOW);
        let lines: Vec<String> =
            table.lines(&look).iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        insta::assert_snapshot!(lines.join("\n"));
    }
}
