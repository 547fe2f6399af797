//! `rpa show`: one run, readable at 03:10. What is wrong comes first, what can
//! be done comes last, where the eye ends up.

use rpa_ipc::fault::{error_in, reason_in};
use rpa_ipc::service::RpadClient;
use rpa_ipc::view::{RunDetail, StepView};

use super::exit::{Exit, Failure};
use super::json::RunDocument;
use super::session::{Session, now_ms};
use super::text::{Column, Line, Look, Style, Table, ago, local, status, took};
use super::{change, next, outcome};

/// Show one run: how it stands, why, and what to do next
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa show 444455556666
  rpa show 6666                       any unique ending will do
  rpa show 6666 --json | jq .outputs")]
pub struct Args {
    /// A run's id, or a unique ending of it
    pub run: String,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let run = session.run_ref(&args.run);
    let call = async |rpc: &RpadClient, context| rpc.show(context, run.clone()).await;
    let detail = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&RunDocument::of(&detail))?;
    } else {
        session.out.lines(lines(&detail, &session.out.look, now_ms()))?;
    }
    Ok(Exit::OK)
}

fn lines(detail: &RunDetail, look: &Look, now_ms: u64) -> Vec<Line> {
    let blocks = [
        header(detail, look, now_ms),
        outcome::error(detail, look),
        steps(detail, look, now_ms),
        outcome::fields("variables", &detail.variables, look),
        outcome::fields("outputs", &detail.outputs, look),
        log(detail),
        next::lines(detail),
    ];
    let filled = blocks.into_iter().filter(|block| !block.is_empty());
    // a blank line between blocks
    filled
        .reduce(|mut all, block| {
            all.push(Line::new());
            all.extend(block);
            all
        })
        .unwrap_or_default()
}

fn header(detail: &RunDetail, look: &Look, now_ms: u64) -> Vec<Line> {
    let run = &detail.summary;
    let label = |name: &str| Line::new().push(Style::Dim, format!("{name:<9}"));
    let accepted = format!("{} ({})", local(run.accepted_ms), ago(run.accepted_ms, now_ms));
    let mut lines = vec![
        outcome::headline(detail, look, now_ms),
        label("id").plain(run.run.to_string()),
        label("revision").plain(run.revision.to_string()),
        label("accepted").plain(accepted),
        label("by").plain(&run.actor).plain(format!(" via {}", run.origin)),
    ];
    let standing = change::standing(&detail.workflow_state, now_ms);
    if !standing.is_empty() {
        lines.push(label("workflow").append(standing));
    }
    if let Some(ended) = run.ended_ms {
        lines.push(label("ended").plain(format!("{} ({})", local(ended), ago(ended, now_ms))));
    }
    lines
}

fn steps(detail: &RunDetail, look: &Look, now_ms: u64) -> Vec<Line> {
    let mut table = Table::new(&[
        Column::flexible("STEP", 12),
        Column::fixed("STATUS"),
        Column::right("TRIES"),
        Column::right("TOOK"),
        Column::flexible("WHY", 16),
    ]);
    for step in &detail.steps {
        table.row(vec![
            step.path.as_str().into(),
            status(&step.status, look),
            step.attempts.to_string().into(),
            took(step.started_ms, step.ended_ms, now_ms).into(),
            why(step, look, now_ms),
        ]);
    }
    if table.is_empty() { Vec::new() } else { table.lines(look) }
}

/// The error, the reason, when something is due: whatever explains the status.
fn why(step: &StepView, look: &Look, now_ms: u64) -> Line {
    let mut parts = Vec::new();
    if let Some(error) = &step.error {
        parts.push(error_in(look.language, error));
    }
    if !step.reason.is_empty() {
        parts.push(reason_in(look.language, &step.reason).into_owned());
    }
    if let Some(due) = step.due_ms {
        parts.push(format!("due {}", ago(due, now_ms)));
    }
    Line::of(parts.join("; "))
}

fn log(detail: &RunDetail) -> Vec<Line> {
    let lines = if detail.log_lines == 1 { "line" } else { "lines" };
    let head = Line::new().push(Style::Dim, "log  ");
    vec![head.plain(format!("{} {lines} in {}", detail.log_lines, detail.log_path))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    const LOOK: Look = Look { width: Some(80), ..Look::PLAIN };

    /// Without the lines that depend on the time zone.
    fn shown(detail: &RunDetail) -> String {
        let lines = lines(detail, &LOOK, sample::NOW);
        for line in &lines {
            let command = line.text().starts_with("  rpa");
            assert!(command || line.cells() <= 80, "{}", line.text());
        }
        let zoned = |text: &String| text.starts_with("accepted") || text.starts_with("ended");
        let texts = lines.iter().map(|line| line.text().trim_end().to_owned());
        texts.filter(|text| !zoned(text)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_failed_run() {
        insta::assert_snapshot!(shown(&sample::failed()));
    }

    #[test]
    fn a_run_that_waits_for_a_person() {
        insta::assert_snapshot!(shown(&sample::doubted()));
    }

    #[test]
    fn a_completed_run() {
        insta::assert_snapshot!(shown(&sample::completed()));
    }
}
