//! Problems of workflow files, as compilers show them.

use rpa_ipc::fault::{count, plain, problem_in};
use rpa_ipc::view::ProblemView;
use rpa_ipc::{Fault, FaultCode, Language, said};

use super::checking::Report;
use super::report;
use super::text::{Line, Style, cells};

/// How far into a long line the marked place may lie before the line is shown
/// from further on.
const LEAD: usize = 50;

/// Place, code, message; the line of the source with a mark; the hint.
pub fn lines(problem: &ProblemView, source: &str, language: Language) -> Vec<Line> {
    let (label, style) = match problem.warning {
        true => ("label-warning", Style::Warn),
        false => ("label-error", Style::Bad),
    };
    let word = plain(language, label).unwrap_or_default();
    let (message, hint) = problem_in(language, problem);
    let place = match (problem.line, problem.column) {
        (0, _) => format!("{}: ", problem.file),
        (line, 0) => format!("{}:{line}: ", problem.file),
        (line, column) => format!("{}:{line}:{column}: ", problem.file),
    };
    let head = Line::new()
        .push(Style::Bold, place)
        .push(style, format!("{word}[{}]", problem.code))
        .plain(": ")
        .plain(message);
    let mut lines = vec![head];
    lines.extend(excerpt(problem, source, style));
    if !hint.is_empty() {
        lines.push(report::remark(language, "label-hint", hint));
    }
    lines
}

/// What comes of the problems that were found.
#[derive(Clone, Copy, Debug)]
pub enum After {
    Check,
    /// An `apply` that was not begun.
    NothingApplied,
    /// The daemon, which was to apply them, found them.
    Daemon,
}

/// What went wrong with several files, for people and scripts alike.
pub fn fault<'r>(
    reports: impl IntoIterator<Item = &'r Report, IntoIter: Clone>,
    after: After,
) -> Fault {
    let reports = reports.into_iter();
    let bad = count(reports.clone().filter(|report| report.valid.is_none()).count());
    let errors = reports.flat_map(|r| &r.problems).filter(|p| !p.warning);
    let first = errors.clone().next().and_then(|p| p.code.parse().ok());
    let problems = count(errors.count());
    let said = match after {
        After::Check => said!("check-failed", problems = problems, files = bad),
        After::NothingApplied => {
            said!("check-failed-nothing-applied", problems = problems, files = bad)
        }
        After::Daemon => said!("check-failed-by-daemon", problems = problems, files = bad),
    };
    Fault::of(first.unwrap_or(FaultCode::Yaml), said).hint(said!("hint-check-again"))
}

fn excerpt(problem: &ProblemView, source: &str, style: Style) -> Vec<Line> {
    let index = usize::try_from(problem.line).unwrap_or(0).checked_sub(1);
    let Some(text) = index.and_then(|index| source.lines().nth(index)) else {
        return Vec::new();
    };
    let column = usize::try_from(problem.column).unwrap_or(0).saturating_sub(1);
    let skipped = if column > LEAD { column - LEAD / 2 } else { 0 };
    // tabs would put the mark under the wrong character
    let visible = |text: String| Line::of(text.replace('\t', " "));
    let before = visible(text.chars().take(column).skip(skipped).collect());
    let shown = visible(text.chars().skip(skipped).take(2 * LEAD).collect());
    let number = problem.line.to_string();
    let gutter = " ".repeat(cells(&number));
    let mut lines = vec![Line::new().push(Style::Dim, format!("  {number} | ")).append(shown)];
    if problem.column > 0 {
        let blank = " ".repeat(before.cells());
        lines.push(
            Line::new().push(Style::Dim, format!("  {gutter} | ")).plain(blank).push(style, "^"),
        );
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: u32, column: u32) -> ProblemView {
        ProblemView {
            code: "RPA0303".into(),
            warning: false,
            file: "a.yaml".into(),
            line,
            column,
            message: "unknown key `tiemout`".into(),
            hint: "did you mean `timeout`?".into(),
        }
    }

    fn shown(problem: &ProblemView, source: &str) -> Vec<String> {
        lines(problem, source, Language::English).iter().map(Line::text).collect()
    }

    #[test]
    fn the_mark_stands_under_the_place() {
        assert_eq!(
            shown(&problem(2, 5), "steps:\n\t име: x\n"),
            [
                "a.yaml:2:5: error[RPA0303]: unknown key `tiemout`",
                "  2 |   име: x",
                "    |     ^",
                "  hint: did you mean `timeout`?",
            ]
        );
        let hostile = shown(&problem(1, 6), "\u{1b}[2Jx: y\n");
        assert_eq!(hostile[1..3], ["  1 | x: y", "    |  ^"]);
    }

    #[test]
    fn a_place_far_to_the_right_is_still_seen() {
        let source = format!("{}tiemout: 1", "x".repeat(500));
        let lines = shown(&problem(1, 501), &source);
        assert!(lines[1].contains("tiemout"), "{lines:?}");
        assert_eq!(lines[1].find("tiemout"), lines[2].find('^'));
    }

    #[test]
    fn the_whole_file_and_places_that_are_not_there_have_no_excerpt() {
        assert_eq!(
            shown(&problem(0, 0), "a: b")[0],
            "a.yaml: error[RPA0303]: unknown key `tiemout`"
        );
        assert_eq!(shown(&problem(9, 1), "a: b").len(), 2);
    }
}
