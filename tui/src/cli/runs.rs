//! `rpa runs`: the newest runs first.

use std::time::Duration;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser};
use rpa_engine::Label;
use rpa_ipc::fault::error_in;
use rpa_ipc::service::{RpadClient, RunField, RunTerm, RunsQuery};
use rpa_ipc::view::{Page, RUN_STATUSES, RunSummary};

use super::exit::{Exit, Failure};
use super::grouped;
use super::input;
use super::output::{self, Form, gather};
use super::paging::{Paging, more};
use super::session::{Session, now_ms};
use super::text::{Column, Line, Look, Style, Table, ago, status, took};

/// List the runs, the newest first
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa runs
  rpa runs --status failed --limit 10
  rpa runs --workflow disk-report --json
  rpa runs --status failed,in_doubt --since 2d
  rpa runs --contains 'exit code 2'   in the id, workflow, actor or error
  rpa runs --tag billing --by trigger --without step:login
  rpa runs --group --since 7d         failures by what and where
  rpa runs --status in_doubt          what waits for a person: see rpa doubts
  rpa runs --status waiting           for time, others, or rpa approvals

Runs with > (or an arrow) before their workflow were called by other runs.")]
pub struct Args {
    /// Only runs of this status, or of several: S,S
    #[arg(
        long,
        value_name = "S",
        value_delimiter = ',',
        value_parser = PossibleValuesParser::new(RUN_STATUSES)
    )]
    pub status: Vec<String>,

    /// Only runs of this workflow
    #[arg(long, value_name = "W")]
    pub workflow: Option<String>,

    /// Only runs accepted in this time until now, like 90m or 2d
    #[arg(long, value_name = "DURATION", value_parser = input::stretch)]
    pub since: Option<Duration>,

    /// Only runs accepted before this time ago
    #[arg(long, value_name = "DURATION", value_parser = input::stretch)]
    pub before: Option<Duration>,

    /// Only runs that have ended in this time until now
    #[arg(long, value_name = "DURATION", value_parser = input::stretch)]
    pub ended: Option<Duration>,

    /// Only runs begun by this user, or from cli, console, http, trigger
    #[arg(long, value_name = "WHO")]
    pub by: Vec<String>,

    /// Only runs that are at this step, or failed there
    #[arg(long, value_name = "STEP")]
    pub step: Vec<String>,

    /// Only runs that this trigger of their workflow has fired
    #[arg(long, value_name = "NAME")]
    pub trigger: Vec<String>,

    /// Only runs whose workflow has this tag
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,

    /// Only runs that failed alike: a key of --group
    #[arg(long, value_name = "KEY")]
    pub alike: Option<String>,

    /// No runs with this text, or of workflow:, by:, step:, trigger:, tag:
    #[arg(long, value_name = "WORD:VALUE", value_parser = NonEmptyStringValueParser::new())]
    pub without: Vec<String>,

    /// The failed ones, a line for all that have failed alike
    #[arg(long, conflicts_with_all = ["limit", "cursor"])]
    pub group: bool,

    /// Only runs with this text in their id, workflow, actor or error
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub contains: Option<String>,

    #[command(flatten)]
    pub paging: Paging,

    #[command(flatten)]
    pub form: Form,
}

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::RUNS, session)?;
    let ago = |age: Option<Duration>| age.map(|age| since_ms(age, now_ms()));
    let query = RunsQuery {
        terms: terms(&args),
        until_ms: ago(args.before),
        ended_since_ms: ago(args.ended),
        since_ms: ago(args.since),
        statuses: args.status,
        workflow: args.workflow,
        contains: args.contains,
        alike: args.alike.map(|alike| alike.to_lowercase()),
        limit: args.paging.limit,
        ..RunsQuery::of(session.namespace.clone())
    };
    let mut link = session.link()?;
    if args.group {
        let call = async |rpc: &RpadClient, context| rpc.failures(context, query.clone()).await;
        let found = link.call(call).await?;
        return grouped::print(&found, session);
    }
    let ask = async |limit, cursor| {
        let query = RunsQuery { limit, cursor, ..query.clone() };
        let call = async |rpc: &RpadClient, context| rpc.runs(context, query.clone()).await;
        link.call(call).await
    };
    let Some(page) = gather(&args.paging, &mut sheet, session, ask).await? else {
        return Ok(Exit::OK);
    };
    if page.items.is_empty() {
        // a long history is searched a piece at a time
        let searched = page.next.is_some();
        session.note(if searched { "no runs in this part" } else { "no runs here" })?;
    } else {
        let table = table(&page, &session.namespace, &session.out.look, now_ms());
        session.out.lines(table.lines(&session.out.look))?;
    }
    more(page.next.as_deref(), session)?;
    Ok(Exit::OK)
}

/// The conditions that are looked at row by row.
fn terms(args: &Args) -> Vec<RunTerm> {
    let of = |field: RunField, values: &[String]| -> Vec<RunTerm> {
        let term = |value: &String| RunTerm { field, value: value.clone(), not: false };
        values.iter().map(term).collect()
    };
    let without = args.without.iter().map(|typed| {
        let (field, value) = match typed.split_once(':') {
            Some(("workflow" | "wf", value)) => (RunField::Workflow, value),
            Some(("by", value)) => (RunField::By, value),
            Some(("step", value)) => (RunField::Step, value),
            Some(("trigger", value)) => (RunField::Trigger, value),
            Some(("tag", value)) => (RunField::Tag, value),
            _ => (RunField::Text, typed.as_str()),
        };
        RunTerm { field, value: value.to_owned(), not: true }
    });
    [
        of(RunField::By, &args.by),
        of(RunField::Step, &args.step),
        of(RunField::Trigger, &args.trigger),
        of(RunField::Tag, &args.tag),
    ]
    .concat()
    .into_iter()
    .chain(without)
    .collect()
}

/// `name` for a workflow of the namespace that is being looked at.
pub fn local_name<'a>(workflow: &'a str, namespace: &Label) -> &'a str {
    match workflow.split_once('/') {
        Some((ns, name)) if ns == namespace.as_str() => name,
        _ => workflow,
    }
}

fn since_ms(since: Duration, now_ms: u64) -> u64 {
    now_ms.saturating_sub(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

fn table(page: &Page<RunSummary>, namespace: &Label, look: &Look, now_ms: u64) -> Table {
    let mut table = Table::new(&[
        Column::fixed("RUN"),
        Column::fixed("STATUS"),
        Column::flexible("WORKFLOW", 12),
        Column::fixed("WHEN"),
        Column::right("TOOK"),
        Column::flexible("WHY", 8),
    ]);
    for run in &page.items {
        table.row(vec![
            run.run.short().into(),
            status(&run.status, look),
            workflow(run, namespace, look),
            ago(run.accepted_ms, now_ms).into(),
            took(run.started_ms, run.ended_ms, now_ms).into(),
            why(run, look),
        ]);
    }
    table
}

/// Its name, and whether another run has called it.
fn workflow(run: &RunSummary, namespace: &Label, look: &Look) -> Line {
    let name = local_name(&run.workflow, namespace);
    let sign = if look.utf8 { "↳ " } else { "> " };
    match run.called {
        true => Line::new().push(Style::Dim, sign).plain(name),
        false => name.into(),
    }
}

/// What a list should not hide: that a person has to act, a promise that was not kept, the
/// error.
fn why(run: &RunSummary, look: &Look) -> Line {
    let mut parts = Vec::new();
    if run.held {
        parts.push((Style::Warn, "held since a restore".into()));
    } else if run.needs_person {
        let doubt = run.status == "in_doubt";
        parts.push((Style::Warn, if doubt { "needs a person" } else { "needs approval" }.into()));
    }
    if !run.broken.is_empty() {
        parts.push((Style::Warn, "late".into()));
    }
    parts.extend(run.error.as_ref().map(|e| (Style::Plain, error_in(look.language, e))));
    // of one that failed by it, that is the error
    let skipped = run.turned_away.as_ref().filter(|_| run.error.is_none());
    parts.extend(skipped.map(|reason| (Style::Plain, format!("not begun: {reason}"))));
    let mut line = Line::new();
    for (index, (style, part)) in parts.into_iter().enumerate() {
        let between = if index > 0 { "; " } else { "" };
        line = line.plain(between).push(style, part);
    }
    line
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
        other.needs_person = true;
        let mut late = sample::failed().summary;
        (late.called, late.broken) = (true, vec!["finish".into()]);
        let asking = sample::asking().summary;
        let mut skipped = sample::completed().summary;
        skipped.status = "cancelled".into();
        skipped.turned_away = Some("its limit is reached: 1 of 1 runs go on".into());
        let items = vec![sample::failed().summary, other, late, asking, skipped];
        let page = Page { items, next: None };
        let look = Look { width: Some(80), ..Look::PLAIN };
        let table = table(&page, &"default".parse().unwrap(), &look, sample::NOW);
        let lines: Vec<String> =
            table.lines(&look).iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        insta::assert_snapshot!(lines.join("\n"));
    }
}
