//! `rpa plan`: what an apply of files would change, without changing anything.

use jiff::tz::TimeZone;
use rpa_ipc::catalog::{FireTimes, Fires, ItemChange, PlanRequest, PlanView, Planned};
use rpa_ipc::service::RpadClient;
use serde::Serialize;

use super::change;
use super::checking::{self, FileObject, Report};
use super::exit::{Exit, Failure};
use super::json::{FaultObject, PlanObject};
use super::moment;
use super::problems::{self, After};
use super::report;
use super::session::{Session, now_ms};
use super::text::{Line, Style};

/// Show what an apply of files would change, and change nothing
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa plan disk-report.yaml
  rpa plan jobs/*.yaml --exit-code || echo 'there is something to apply'
  rpa plan disk-report.yaml --json | jq '.plans[].steps'

Exits with 0; with --exit-code with 1 when an apply would make a revision.
With 2 when a file is not valid.")]
pub struct Args {
    /// Workflow files; - is standard input
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub files: Vec<String>,

    /// Exit with 1 when something would change
    #[arg(long)]
    pub exit_code: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FaultObject<'a>>,
    plans: Vec<PlanObject<'a>>,
    changes: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<FileObject<'a>>,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let files: Vec<String> = checking::workflows(&args.files).cloned().collect();
    let mut reports: Vec<Report> = checking::check(&files, &session.namespace);
    if reports.iter().any(|report| report.valid.is_none()) {
        return refuse(&reports, After::Check, session);
    }
    let mut link = session.link()?;
    let mut plans = Vec::new();
    for i in 0..reports.len() {
        let request = PlanRequest {
            namespace: session.namespace.clone(),
            file: reports[i].file.clone(),
            source: reports[i].source.clone(),
        };
        let call = async |rpc: &RpadClient, context| rpc.plan(context, request.clone()).await;
        match link.call(call).await? {
            Planned::Plan(plan) => plans.push(*plan),
            Planned::Refused { problems } => {
                reports[i].valid = None;
                reports[i].problems = problems;
                return refuse(&reports[i..=i], After::Daemon, session);
            }
        }
    }
    let changes = plans.iter().any(|plan| plan.word != "unchanged");
    if session.json {
        let named = reports.iter().zip(&plans);
        let plans = named.map(|(report, plan)| PlanObject::of(&report.file, plan)).collect();
        session.out.document(&Document { error: None, plans, changes, files: Vec::new() })?;
    } else {
        let language = session.err.look.language;
        for (plan, report) in plans.iter().zip(&reports) {
            for warning in &plan.warnings {
                session.err.lines(problems::lines(warning, &report.source, language))?;
            }
            session.out.lines(lines(plan, now_ms()))?;
        }
    }
    Ok(if changes && args.exit_code { Exit::DIFFERS } else { Exit::OK })
}

fn refuse(reports: &[Report], after: After, session: &mut Session) -> Result<Exit, Failure> {
    let fault = problems::fault(reports, after);
    if session.json {
        let error = Some(FaultObject::of(&fault));
        let files = reports.iter().map(FileObject::of).collect();
        session.out.document(&Document { error, plans: Vec::new(), changes: false, files })?;
        return Ok(Exit::INVALID);
    }
    let language = session.err.look.language;
    for report in reports {
        for problem in &report.problems {
            session.err.lines(problems::lines(problem, &report.source, language))?;
        }
    }
    session.err.lines(report::lines(&fault, &session.err.look))?;
    Ok(Exit::INVALID)
}

fn lines(plan: &PlanView, now_ms: u64) -> Vec<Line> {
    let mut lines = vec![headline(plan)];
    if let Some(state) = &plan.state {
        let standing = change::standing(state, now_ms);
        if !standing.is_empty() {
            lines.push(Line::of("  the workflow is ").append(standing));
        }
    }
    if !plan.keys.is_empty() {
        let keys = format!("  ~ {}", plan.keys.join(", "));
        lines.push(Line::new().push(Style::Warn, keys));
    }
    lines.extend(plan.variables.iter().map(|item| changed("variable", item)));
    for item in &plan.triggers {
        lines.push(changed("trigger", item));
        let fires = plan.fires.iter().filter(|fires| fires.trigger == item.name);
        lines.extend(fires.flat_map(fire_times));
    }
    lines.extend(plan.steps.iter().map(|item| changed("step", item)));
    for secret in &plan.secrets {
        let line = Line::of(format!("  + secret {}", secret.name));
        lines.push(match secret.there {
            true => line.push(Style::Dim, " (the daemon has it)"),
            false => line.push(Style::Bad, " (the daemon does not have it)"),
        });
    }
    let items = [&plan.variables, &plan.triggers, &plan.steps];
    let nothing = plan.keys.is_empty() && items.iter().all(|items| items.is_empty());
    if plan.word == "changed" && nothing {
        lines.push(Line::new().push(Style::Dim, "  the text only: it means what it meant"));
    }
    if !plan.dependents.is_empty() {
        lines.push(Line::of(format!("  called by {}", plan.dependents.join(", "))));
    }
    if plan.word != "unchanged" && !plan.runs.is_empty() {
        let runs = plan.runs.iter().map(|(status, count)| format!("{count} {status}"));
        let runs: Vec<String> = runs.collect();
        let text = format!("  runs that keep their revision: {}", runs.join(", "));
        lines.push(Line::new().push(Style::Dim, text));
    }
    lines
}

fn headline(plan: &PlanView) -> Line {
    let style = if plan.word == "unchanged" { Style::Dim } else { Style::Bold };
    let line = Line::of(format!("{}: ", plan.workflow)).push(style, &plan.word);
    match plan.state.as_ref().and_then(|state| state.live) {
        Some(live) => line.push(Style::Dim, format!(" (revision {live} is live)")),
        None => line,
    }
}

fn changed(what: &str, item: &ItemChange) -> Line {
    let (sign, style) = match item.word.as_str() {
        "added" => ("+", Style::Good),
        "removed" => ("-", Style::Bad),
        _ => ("~", Style::Warn),
    };
    let line = Line::new().push(style, format!("  {sign} {what} {}", item.name));
    if item.keys.is_empty() { line } else { line.plain(format!(": {}", item.keys.join(", "))) }
}

/// When a trigger fires next, as it does now and as it will.
fn fire_times(fires: &FireTimes) -> Vec<Line> {
    let line = |what: &str, of: &Fires| {
        let zone = TimeZone::get(&of.timezone).unwrap_or(TimeZone::UTC);
        let slots = moment::column(&of.slots_ms, &zone);
        // the zone behind them says what they mean
        let slots: Vec<&str> =
            slots.iter().map(|slot| slot.rsplit_once(' ').map_or(slot.as_str(), |s| s.0)).collect();
        let (slots, zone) = (slots.join(", "), &of.timezone);
        Line::new().push(Style::Dim, format!("    {what} {slots} ({zone})"))
    };
    let never = |what: &str| Line::new().push(Style::Warn, format!("    {what} never"));
    match (fires.before.slots_ms.is_empty(), fires.after.slots_ms.is_empty()) {
        _ if fires.before.slots_ms == fires.after.slots_ms => Vec::new(),
        (false, false) => vec![line("fires", &fires.before), line("then ", &fires.after)],
        (true, false) => vec![line("fires", &fires.after)],
        (false, true) if fires.after.timezone.is_empty() => vec![line("fired", &fires.before)],
        (false, true) => vec![line("fires", &fires.before), never("then ")],
        (true, true) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn a_plan_in_words() {
        let text: Vec<String> =
            lines(&sample::plan(), sample::NOW).iter().map(Line::text).collect();
        insta::assert_snapshot!(text.join("\n"));
        let mut text_only = PlanView { secrets: Vec::new(), runs: Vec::new(), ..sample::plan() };
        (text_only.keys, text_only.steps, text_only.variables) = (vec![], vec![], vec![]);
        text_only.triggers = vec![];
        let last = lines(&text_only, sample::NOW).pop().expect("a line").text();
        assert_eq!(last, "  the text only: it means what it meant");
    }
}
