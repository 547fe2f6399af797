//! `rpa approvals`: what people are asked.

use rpa_ipc::asking::{ApprovalView, ApprovalsQuery};
use rpa_ipc::service::RpadClient;
use rpa_ipc::view::Page;

use super::exit::{Exit, Failure};
use super::output::{self, Form, gather};
use super::paging::{Paging, more};
use super::runs::local_name;
use super::session::{Session, now_ms};
use super::text::{Column, Line, Look, Style, Table, ago};
use super::{asked, outcome::Extent};

/// Most lines of one message in the list.
const MOST_LINES: usize = 3;

/// List what waits for people to approve
#[derive(Debug, clap::Args)]
#[command(after_help = "\
DIGEST stands for exactly what is asked: give it to rpa approve --digest, and
nothing else than what you have read is approved. HAVE counts the approvals.

Examples:
  rpa approvals
  rpa approvals -n ops
  rpa approvals --json                with all that is shown, and the forms")]
pub struct Args {
    #[command(flatten)]
    pub paging: Paging,

    #[command(flatten)]
    pub form: Form,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::APPROVALS, session)?;
    let namespace = session.namespace.clone();
    let query = ApprovalsQuery { namespace, limit: args.paging.limit, cursor: None };
    let mut link = session.link()?;
    let ask = async |limit, cursor| {
        let query = ApprovalsQuery { limit, cursor, ..query.clone() };
        let call = async |rpc: &RpadClient, context| rpc.approvals(context, query.clone()).await;
        link.call(call).await
    };
    let Some(page) = gather(&args.paging, &mut sheet, session, ask).await? else {
        return Ok(Exit::OK);
    };
    if page.items.is_empty() {
        session.note("nothing waits for an approval here")?;
    } else {
        let name = |approval| local_name(approval, &session.namespace);
        let lines = lines(&page, name, &session.out.look, now_ms());
        session.out.lines(lines)?;
        let hint = "look with: rpa show RUN; decide with: rpa approve|reject RUN STEP --digest D";
        let hint = session.err.look.calls.prose(hint);
        session.note(Line::new().push(Style::Dim, hint))?;
    }
    more(page.next.as_deref(), session)?;
    Ok(Exit::OK)
}

/// A row for each, with its message below.
fn lines<'a>(
    page: &'a Page<ApprovalView>,
    name: impl Fn(&'a str) -> &'a str,
    look: &Look,
    now_ms: u64,
) -> Vec<Line> {
    let mut table = Table::new(&[
        Column::fixed("RUN"),
        Column::flexible("WORKFLOW", 8),
        Column::fixed("STEP"),
        Column::fixed("SINCE"),
        Column::fixed("DUE"),
        Column::right("HAVE"),
        Column::fixed("DIGEST"),
    ]);
    for asked in &page.items {
        table.row(vec![
            asked.run.short().into(),
            name(&asked.workflow).into(),
            asked.path.as_str().into(),
            ago(asked.since_ms, now_ms).into(),
            asked.due_ms.map_or_else(Line::new, |due| ago(due, now_ms).into()),
            format!("{}/{}", asked.votes.len(), asked.quorum).into(),
            asked::digest(asked).into(),
        ]);
    }
    let mut rows = table.lines(look).into_iter();
    let mut lines: Vec<Line> = rows.next().into_iter().collect();
    for (row, asked) in rows.zip(&page.items) {
        lines.push(row);
        let message = asked::message(asked, Extent::All).into_iter().take(MOST_LINES);
        lines.extend(message.map(|line| match look.width {
            Some(width) => line.fit(width, look.ellipsis()),
            None => line,
        }));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn what_waits_fits_eighty_columns() {
        let mut other = sample::approval();
        other.workflow = format!("default/{}", "long-name-".repeat(6));
        other.message = format!("{}\nb\nc\nd", "long text ".repeat(20));
        (other.due_ms, other.quorum) = (None, 1);
        let page = Page { items: vec![sample::approval(), other], next: None };
        let look = Look { width: Some(80), ..Look::PLAIN };
        let lines = lines(&page, |name| name, &look, sample::NOW);
        let lines: Vec<String> =
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        insta::assert_snapshot!(lines.join("\n"));
    }
}
