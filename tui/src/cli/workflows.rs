//! `rpa workflows`: what can be run.

use rpa_ipc::catalog::WorkflowState;
use rpa_ipc::service::{RpadClient, WorkflowsQuery};
use rpa_ipc::view::{Page, WorkflowView};

use super::exit::{Exit, Failure};
use super::output::{self, Form, gather};
use super::paging::{Paging, more};
use super::runs::local_name;
use super::session::{Session, now_ms};
use super::text::{Column, Line, Style, Table, ago, status};

/// List the workflows, with the last run of each
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa workflows
  rpa -n ops workflows
  rpa workflows --tag disk
  rpa workflows --category finance
  rpa workflows --archived            the archived ones as well
  rpa workflows --json                with the variables of each")]
pub struct Args {
    /// Only those with this tag
    #[arg(long, value_name = "T")]
    pub tag: Option<String>,

    /// Only those of this category
    #[arg(long, value_name = "C")]
    pub category: Option<String>,

    /// The archived ones as well
    #[arg(long)]
    pub archived: bool,

    #[command(flatten)]
    pub paging: Paging,

    #[command(flatten)]
    pub form: Form,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::WORKFLOWS, session)?;
    let query = WorkflowsQuery {
        namespace: session.namespace.clone(),
        tag: args.tag,
        category: args.category,
        archived: args.archived,
        limit: args.paging.limit,
        cursor: None,
    };
    let mut link = session.link()?;
    let ask = async |limit, cursor| {
        let query = WorkflowsQuery { limit, cursor, ..query.clone() };
        let call = async |rpc: &RpadClient, context| rpc.workflows(context, query.clone()).await;
        link.call(call).await
    };
    let Some(page) = gather(&args.paging, &mut sheet, session, ask).await? else {
        return Ok(Exit::OK);
    };
    if page.items.is_empty() {
        let some = query.tag.is_some() || query.category.is_some() || page.next.is_some();
        let text = match some {
            true => "no such workflows in this part",
            false => "no workflows here; add one with `rpa apply FILE`",
        };
        session.note(&*session.err.look.calls.prose(text))?;
    } else {
        let table = table(&page, session, now_ms());
        session.out.lines(table.lines(&session.out.look))?;
    }
    more(page.next.as_deref(), session)?;
    Ok(Exit::OK)
}

fn table(page: &Page<WorkflowView>, session: &Session, now_ms: u64) -> Table {
    let mut table = Table::new(&[
        Column::flexible("WORKFLOW", 12),
        Column::right("REV"),
        Column::right("STEPS"),
        Column::fixed("STATE"),
        Column::fixed("LAST RUN"),
        Column::fixed("WHEN"),
        Column::flexible("CATEGORY", 8),
        Column::flexible("DESCRIPTION", 10),
    ]);
    for item in &page.items {
        let last = item.last_run.as_ref();
        let look = &session.out.look;
        table.row(vec![
            local_name(&item.workflow, &session.namespace).into(),
            item.revision.to_string().into(),
            item.steps.len().to_string().into(),
            state(&item.state),
            last.map_or_else(Line::new, |run| status(&run.status, look)),
            last.map_or_else(Line::new, |run| ago(run.accepted_ms, now_ms).into()),
            item.category.as_str().into(),
            item.description.as_str().into(),
        ]);
    }
    table
}

/// Nothing for one that just takes runs: the column is then left out.
fn state(state: &WorkflowState) -> Line {
    match state.word.as_str() {
        "live" => Line::new(),
        word => Line::new().push(Style::Warn, word),
    }
}
