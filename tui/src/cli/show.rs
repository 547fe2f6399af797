//! `rpa show`: one run, readable at 03:10. What is wrong comes first, what can
//! be done comes last, where the eye ends up.

use rpa_ipc::fault::{error_in, reason_in};
use rpa_ipc::service::RpadClient;
use rpa_ipc::view::{RunDetail, StepView, TurnsView};

use super::exit::{Exit, Failure};
use super::json::RunDocument;
use super::outcome::Extent;
use super::session::{Session, now_ms};
use super::text::{Column, Line, Look, Style, Table, ago, duration, local, number, status, took};
use super::{asked, change, next, outcome};
use crate::steps::{Progress, Row, is_container, label, level, progress, rows};

/// What each level of nested steps is indented by.
const INDENT: &str = "  ";

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
        outcome::approvals(detail, look, now_ms),
        outcome::fields("variables", &detail.variables, Extent::Screen, look),
        outcome::fields("outputs", &detail.outputs, Extent::Screen, look),
        log(detail),
        next::lines(detail, look, now_ms),
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
    if let Some(earlier) = detail.rerun_of {
        lines.push(label("again").plain(format!("of run {}", earlier.short())));
    }
    if let Some(held_ms) = detail.held_ms {
        let left = duration(held_ms);
        let text = format!("stands still until the doubt is decided; {left} of it are left");
        lines.push(label("time-out").plain(text));
    }
    if let Some((parent, step)) = &detail.parent {
        // that run may lie in another namespace, where only its full id finds it
        lines.push(label("called").plain(format!("by step {step} of run {parent}")));
    }
    if !detail.gate.is_empty() {
        let gate = reason_in(look.language, &detail.gate);
        lines.push(label("gate").push(Style::Warn, gate));
    }
    let promise = |word: &str| match word {
        "start" => "did not start in time".to_owned(),
        "finish" => "did not finish in time".to_owned(),
        newer => newer.to_owned(),
    };
    if !run.broken.is_empty() {
        let broken: Vec<String> = run.broken.iter().map(|word| promise(word)).collect();
        lines.push(label("late").push(Style::Warn, broken.join(", ")));
    }
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
    for row in rows(&detail.steps, |_| false) {
        let step = &detail.steps[row.index()];
        table.row(match row {
            Row::Step(_) => cells(step, look, now_ms),
            Row::More { turns, .. } => left_out(step, turns, look),
        });
    }
    if table.is_empty() { Vec::new() } else { table.lines(look) }
}

fn cells(step: &StepView, look: &Look, now_ms: u64) -> Vec<Line> {
    let tries = if is_container(step) { String::new() } else { step.attempts.to_string() };
    vec![
        Line::of(INDENT.repeat(level(step))).plain(label(step)),
        status(&step.status, look),
        tries.into(),
        took(step.started_ms, step.ended_ms, now_ms).into(),
        why(step, look, now_ms),
    ]
}

/// Turns of a loop that are not among the steps.
fn left_out(of: &StepView, turns: u32, look: &Look) -> Vec<Line> {
    let sign = format!("{}{}", INDENT.repeat(level(of) + 1), look.ellipsis());
    let word = if turns == 1 { "turn" } else { "turns" };
    let text = format!("{} more {word}", number(turns.into()));
    let dim = |text: String| Line::new().push(Style::Dim, text);
    vec![dim(sign), Line::new(), Line::new(), Line::new(), dim(text)]
}

/// How far a loop is, the error, the reason, when something is due: whatever explains
/// the status.
pub fn why(step: &StepView, look: &Look, now_ms: u64) -> Line {
    let mut parts: Vec<String> = step.turns.iter().map(|turns| counts(step, turns)).collect();
    if let Some(error) = &step.error {
        parts.push(error_in(look.language, error));
    }
    if let Some(asked) = &step.approval {
        // the message stands whole below the steps
        parts.push(format!("waits for approval, {}", asked::count(asked)));
    } else if !step.reason.is_empty() {
        parts.push(reason_in(look.language, &step.reason).into_owned());
    }
    // an error of that run names it
    let called = step.called.map(|called| format!("run {}", called.short()));
    parts.extend(called.filter(|run| parts.iter().all(|part| !part.contains(run))));
    if !step.holds.is_empty() {
        parts.push(format!("holds {}", step.holds.join(", ")));
    }
    if let Some(due) = step.due_ms {
        parts.push(format!("due {}", ago(due, now_ms)));
    }
    Line::of(parts.join("; "))
}

/// `5 of 10 done, 2 under way, 1 failed`
fn counts(step: &StepView, turns: &TurnsView) -> String {
    let count = |n: u32| number(n.into());
    let progress = progress(step, turns);
    let mut parts = vec![match progress {
        Progress::Ended(turns) => crate::text::count(turns.into(), "turn"),
        Progress::Done { done, total } => format!("{} of {} done", count(done), count(total)),
        Progress::Turn { begun, most } => {
            format!("turn {} of at most {}", count(begun), count(most))
        }
    }];
    // of a loop that goes turn by turn there is never more than one
    if turns.open > 0 && matches!(progress, Progress::Done { .. }) {
        parts.push(format!("{} under way", count(turns.open)));
    }
    if turns.failed > 0 {
        parts.push(format!("{} failed", count(turns.failed)));
    }
    parts.join(", ")
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
    fn a_run_that_asks_people_holds_a_lock_and_has_called_another() {
        insta::assert_snapshot!(shown(&sample::asking()));
    }

    #[test]
    fn a_completed_run() {
        insta::assert_snapshot!(shown(&sample::completed()));
    }

    #[test]
    fn a_run_with_steps_in_steps() {
        insta::assert_snapshot!(shown(&sample::nested()));
    }

    #[test]
    fn a_loop_says_how_far_it_is() {
        let steps = sample::nested().steps;
        let mut each = steps[1].clone();
        let mut said = |kind: &str, (total, begun, open, failed), ended: Option<u64>| {
            each.kind = kind.into();
            each.ended_ms = ended;
            counts(&each, &TurnsView { total, begun, open, failed, shown: 0 })
        };
        assert_eq!(said("for_each", (10, 7, 2, 1), None), "5 of 10 done, 2 under way, 1 failed");
        assert_eq!(said("for_each", (10, 10, 0, 0), Some(1)), "10 turns");
        assert_eq!(said("repeat", (20, 3, 1, 0), None), "turn 3 of at most 20");
        assert_eq!(said("while", (1, 1, 0, 0), Some(1)), "1 turn");
    }
}
