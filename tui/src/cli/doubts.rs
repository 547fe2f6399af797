//! `rpa doubts`: the steps that wait for a person.

use rpa_ipc::fault::reason_in;
use rpa_ipc::service::{DoubtsQuery, RpadClient};
use rpa_ipc::view::{Page, StepDoubt};

use super::exit::{Exit, Failure};
use super::output::{self, Form, gather};
use super::paging::{Paging, more};
use super::runs::local_name;
use super::session::{Session, now_ms};
use super::text::{Column, Line, Style, Table, ago};

/// List the steps that wait for a person to say how they ended
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa doubts
  rpa doubts --json
  rpa explain RPA0413                 what a doubt is, and how to resolve it")]
pub struct Args {
    #[command(flatten)]
    pub paging: Paging,

    #[command(flatten)]
    pub form: Form,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::DOUBTS, session)?;
    let namespace = session.namespace.clone();
    let query = DoubtsQuery { namespace, limit: args.paging.limit, cursor: None };
    let mut link = session.link()?;
    let ask = async |limit, cursor| {
        let query = DoubtsQuery { limit, cursor, ..query.clone() };
        let call = async |rpc: &RpadClient, context| rpc.doubts(context, query.clone()).await;
        link.call(call).await
    };
    let Some(page) = gather(&args.paging, &mut sheet, session, ask).await? else {
        return Ok(Exit::OK);
    };
    if page.items.is_empty() {
        session.note("nothing waits for a person here")?;
    } else {
        let table = table(&page, session, now_ms());
        session.out.lines(table.lines(&session.out.look))?;
        let hint = "resolve with: rpa resolve RUN STEP done|retry|fail";
        let hint = session.err.look.calls.prose(hint);
        session.note(Line::new().push(Style::Dim, hint))?;
    }
    more(page.next.as_deref(), session)?;
    Ok(Exit::OK)
}

fn table(page: &Page<StepDoubt>, session: &Session, now_ms: u64) -> Table {
    let mut table = Table::new(&[
        Column::fixed("RUN"),
        Column::flexible("WORKFLOW", 12),
        Column::fixed("STEP"),
        Column::right("TRY"),
        Column::fixed("EFFECT"),
        Column::fixed("SINCE"),
        Column::flexible("WHY", 12),
    ]);
    for doubt in &page.items {
        table.row(vec![
            doubt.run.short().into(),
            local_name(&doubt.workflow, &session.namespace).into(),
            doubt.path.as_str().into(),
            doubt.attempt.to_string().into(),
            doubt.effect.as_str().into(),
            ago(doubt.since_ms, now_ms).into(),
            reason_in(session.out.look.language, &doubt.reason).as_ref().into(),
        ]);
    }
    table
}
