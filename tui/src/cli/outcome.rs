//! How a run stands, in a few lines: what `--wait` ends with and `show` begins
//! with.

use rpa_engine::Value;
use rpa_ipc::fault::{error_in, reason_in};
use rpa_ipc::view::RunDetail;
use rpa_ipc::{FaultCode, fault};

use super::text::{Line, Look, Style, status, took};
use super::{asked, next, report};

/// Screen lines that one line of a value may wrap into.
const MOST_WRAPPED: usize = 4;
/// Most lines of one value; `--json` has them all.
const MOST_LINES: usize = 20;

/// How much of a text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What leaves room for the rest.
    Screen,
    /// Whatever it is, for who decides about it.
    All,
}

impl Extent {
    /// Most lines of one text.
    pub fn lines(self) -> usize {
        match self {
            Extent::Screen => MOST_LINES,
            Extent::All => usize::MAX,
        }
    }
}

/// Headline, error, outputs and what to do next.
pub fn lines(detail: &RunDetail, look: &Look, now_ms: u64) -> Vec<Line> {
    let mut lines = vec![headline(detail, look, now_ms)];
    lines.extend(error(detail, look));
    lines.extend(doubts(detail, look));
    lines.extend(approvals(detail, look, now_ms));
    lines.extend(fields("outputs", &detail.outputs, Extent::Screen, look));
    if detail.summary.status != "completed" {
        lines.extend(next::lines(detail, look, now_ms));
    }
    lines
}

/// What people are asked here.
pub fn approvals(detail: &RunDetail, look: &Look, now_ms: u64) -> Vec<Line> {
    let asked = detail.steps.iter().filter_map(|step| step.approval.as_deref());
    asked.flat_map(|asked| asked::lines(asked, Extent::Screen, look, now_ms)).collect()
}

/// `✓ completed  default/disk-report  run 444455556666  1.2 s`
pub fn headline(detail: &RunDetail, look: &Look, now_ms: u64) -> Line {
    let run = &detail.summary;
    let line = status(&run.status, look)
        .push(Style::Bold, format!("  {}", run.workflow))
        .plain(format!("  run {}", run.run.short()));
    let took = took(run.started_ms, run.ended_ms, now_ms);
    if took.is_empty() { line } else { line.plain(format!("  {took}")) }
}

/// Why the run did not complete, with the remedy; nothing when it did, or still may.
pub fn error(detail: &RunDetail, look: &Look) -> Vec<Line> {
    let language = look.language;
    let (code, said) = match &detail.summary.error {
        Some(error) => (error.code.clone(), error_in(language, error)),
        None if detail.summary.status == "cancelled" => {
            let fault = fault!(FaultCode::Cancelled, "run-cancelled");
            (fault.code.to_string(), fault.message_in(language).into_owned())
        }
        None => return Vec::new(),
    };
    let mut lines = vec![report::headline(language, &code, said)];
    if let Ok(code) = code.parse::<FaultCode>() {
        lines.push(report::remark(language, "label-hint", look.calls.prose(&code.hint(language))));
        lines.push(report::remark(language, "label-see", format!("rpa explain {code}")));
    }
    lines
}

/// The steps that wait for a person, and why.
fn doubts(detail: &RunDetail, look: &Look) -> Vec<Line> {
    let doubted = detail.steps.iter().filter(|step| step.status == "in_doubt");
    let line = |step: &rpa_ipc::view::StepView| {
        let reason = reason_in(look.language, &step.reason);
        Line::of("  ").push(Style::Warn, step.path.as_str()).plain(format!(": {reason}"))
    };
    doubted.map(line).collect()
}

/// Names and values under a title; nothing when there are none.
pub fn fields(title: &str, fields: &[(String, Value)], extent: Extent, look: &Look) -> Vec<Line> {
    if fields.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::new().push(Style::Dim, title)];
    lines.extend(fields.iter().flat_map(|(name, value)| field(name, value, extent, look)));
    lines
}

fn field(name: &str, value: &Value, extent: Extent, look: &Look) -> Vec<Line> {
    let text = value.to_string();
    // a result is there to be copied: only what fills the screen is cut
    let fit = |line: Line| match (look.width, extent) {
        (Some(width), Extent::Screen) => line.fit(width * MOST_WRAPPED, look.ellipsis()),
        (None, _) | (_, Extent::All) => line,
    };
    let count = text.lines().count();
    if count <= 1 {
        return vec![fit(Line::of(format!("  {name} = ")).plain(text.trim_end_matches('\n')))];
    }
    let mut lines = vec![Line::of(format!("  {name} ="))];
    lines.extend(text.lines().take(extent.lines()).map(|line| fit(Line::of("    ").plain(line))));
    if count > extent.lines() {
        let left = count - extent.lines();
        let more = format!("    {} {left} more lines, see --json", look.ellipsis());
        lines.push(Line::new().push(Style::Dim, more));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn a_value_of_many_lines_is_cut_and_cannot_forge_a_headline() {
        let long = (0..30).map(|i| format!("line {i}\u{1b}[2J")).collect::<Vec<_>>().join("\n");
        let shown =
            fields("outputs", &[("text".into(), long.into())], Extent::Screen, &Look::PLAIN);
        assert_eq!(shown.len(), 1 + 1 + MOST_LINES + 1);
        assert_eq!(shown[2].text(), "    line 0");
        assert_eq!(shown.last().map(Line::text).unwrap(), "    … 10 more lines, see --json");
    }

    #[test]
    fn an_outcome_says_why_and_what_next() {
        let shown: Vec<String> =
            lines(&sample::failed(), &Look::PLAIN, sample::NOW).iter().map(Line::text).collect();
        insta::assert_snapshot!(shown.join("\n"));
        let shown: Vec<String> =
            lines(&sample::doubted(), &Look::PLAIN, sample::NOW).iter().map(Line::text).collect();
        insta::assert_snapshot!(shown.join("\n"));
    }
}
