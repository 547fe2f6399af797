//! `rpa history`: the revisions of a workflow.

use rpa_ipc::catalog::{CauseView, HistoryQuery, RevisionView};
use rpa_ipc::service::RpadClient;
use rpa_ipc::view::Page;

use super::exit::{Exit, Failure};
use super::output::{self, Form, gather};
use super::paging::{Paging, more};
use super::session::{Session, now_ms};
use super::text::{Column, Line, Style, Table, ago};

/// List the revisions of a workflow, the newest first
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa history disk-report
  rpa history disk-report --json      with when each was published, and by whom
  rpa diff disk-report 3 4            what changed between two of them")]
pub struct Args {
    /// The workflow: NAME or NAMESPACE/NAME
    #[arg(value_name = "NAME")]
    pub workflow: String,

    #[command(flatten)]
    pub paging: Paging,

    #[command(flatten)]
    pub form: Form,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::HISTORY, session)?;
    let workflow = session.workflow_name(&args.workflow);
    let query = HistoryQuery { workflow, limit: args.paging.limit, cursor: None };
    let mut link = session.link()?;
    let ask = async |limit, cursor| {
        let query = HistoryQuery { limit, cursor, ..query.clone() };
        let call = async |rpc: &RpadClient, context| rpc.history(context, query.clone()).await;
        link.call(call).await
    };
    let Some(page) = gather(&args.paging, &mut sheet, session, ask).await? else {
        return Ok(Exit::OK);
    };
    let table = table(&page, now_ms());
    session.out.lines(table.lines(&session.out.look))?;
    more(page.next.as_deref(), session)?;
    Ok(Exit::OK)
}

fn table(page: &Page<RevisionView>, now_ms: u64) -> Table {
    let mut table = Table::new(&[
        Column::right("REV"),
        Column::fixed("STATE"),
        Column::fixed("WHEN"),
        Column::flexible("WHO", 8),
        Column::flexible("FROM", 10),
        Column::flexible("NOTE", 12),
    ]);
    for revision in &page.items {
        let state = match revision.state.as_str() {
            "live" => Line::new().push(Style::Good, "live"),
            "draft" => Line::new().push(Style::Warn, "draft"),
            other => Line::of(other),
        };
        table.row(vec![
            revision.revision.to_string().into(),
            state,
            ago(revision.made.at_ms, now_ms).into(),
            revision.made.who.as_str().into(),
            from(&revision.cause).into(),
            revision.note.as_str().into(),
        ]);
    }
    table
}

/// What a revision came from; nothing for the usual.
fn from(cause: &CauseView) -> String {
    let revision = cause.revision.unwrap_or_default();
    match (cause.word.as_str(), &cause.workflow) {
        ("apply", _) => String::new(),
        (word, Some(workflow)) => format!("{word} of {workflow} {revision}"),
        (word, None) if revision > 0 => format!("{word} of {revision}"),
        (word, None) => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn where_a_revision_comes_from() {
        let cause = |word: &str, workflow: Option<&str>, revision| CauseView {
            word: word.into(),
            workflow: workflow.map(str::to_owned),
            revision,
        };
        let table = [
            (cause("apply", None, None), ""),
            (cause("import", None, None), "import"),
            (cause("rollback", None, Some(3)), "rollback of 3"),
            (cause("clone", Some("ops/x"), Some(2)), "clone of ops/x 2"),
        ];
        for (cause, wanted) in table {
            assert_eq!(from(&cause), wanted);
        }
    }

    #[test]
    fn a_history_in_words() {
        let items = vec![sample::revision(4, "draft"), sample::revision(3, "live")];
        let table = table(&Page { items, next: None }, sample::NOW);
        let look = crate::cli::text::Look { width: Some(80), ..crate::cli::text::Look::PLAIN };
        let lines: Vec<String> =
            table.lines(&look).iter().map(|line| line.text().trim_end().to_owned()).collect();
        insta::assert_snapshot!(lines.join("\n"));
    }
}
