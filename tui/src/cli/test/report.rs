//! What came of the tests, for people and for scripts.

use std::time::Duration;

use rpa_config::json::to_json;
use rpa_engine::{StepPath, Value};
use rpa_ipc::Language;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::asked::NoApprover;
use super::compare::Mismatch;
use super::play::Stuck;
use super::{Ran, Tested, Verdict};
use crate::cli::checking::{ProblemObject, Report};
use crate::cli::exit::Failure;
use crate::cli::json::FaultObject;
use crate::cli::problems::{self, After};
use crate::cli::session::Session;
use crate::cli::text::{Line, Style};
use crate::text::count;

/// Lines of one difference that are shown, and characters of one of them.
const MOST_LINES: usize = 24;
const MOST_CHARS: usize = 200;
/// Lines that are alike around those that differ.
const CONTEXT: usize = 1;

pub(super) fn tell(all: &[Ran], took: Duration, session: &mut Session) -> Result<(), Failure> {
    if session.json {
        return document(all, session);
    }
    let language = session.out.look.language;
    for ran in all {
        session.out.lines(file(ran, language))?;
    }
    let count = |ok: bool| {
        let tests = all.iter().flat_map(|ran| &ran.tests);
        tests.filter(|test| (test.verdict == Verdict::Ok) == ok).count()
    };
    let bad = all.iter().filter(|ran| ran.file.workflow.is_none()).count();
    session.out.line(summary(count(true), count(false), bad, took))
}

fn summary(passed: usize, failed: usize, bad: usize, took: Duration) -> Line {
    let mut line = Line::new();
    line = match failed + bad {
        0 => line.push(Style::Good, "ok"),
        _ => line.push(Style::Bad, "FAILED"),
    };
    let files = match bad {
        0 => String::new(),
        1 => ", 1 file could not be used".to_owned(),
        n => format!(", {n} files could not be used"),
    };
    line.plain(format!(": {passed} passed, {failed} failed{files} ({} ms)", took.as_millis()))
}

fn file(ran: &Ran, language: Language) -> Vec<Line> {
    let mut lines = Vec::new();
    for report in &ran.file.reports {
        for problem in &report.problems {
            lines.extend(problems::lines(problem, &report.source, language));
        }
    }
    if ran.tests.is_empty() {
        return lines;
    }
    lines.push(Line::new().push(Style::Bold, &ran.file.file));
    for test in &ran.tests {
        lines.extend(of_test(test, &ran.file.file));
    }
    lines
}

pub(super) fn of_test(test: &Tested, file: &str) -> Vec<Line> {
    let head = Line::of("  ");
    match &test.verdict {
        Verdict::Ok => vec![head.push(Style::Good, "ok").plain("      ").plain(&test.name)],
        verdict => {
            let head = head.push(Style::Bad, "FAILED").plain("  ").plain(&test.name);
            let mut lines = vec![head.push(Style::Dim, format!("  {file}:{}", test.line))];
            match verdict {
                Verdict::Ok => {}
                Verdict::Differs(found) => lines.extend(found.iter().flat_map(difference)),
                Verdict::Stuck(stuck) => lines.extend(why(stuck)),
            }
            lines
        }
    }
}

/// Why a test could not go on, and what to write.
fn why(stuck: &Stuck) -> Vec<Line> {
    let indented = |text: &str| Line::of("    ").plain(text);
    let mut lines = vec![indented(&message(stuck))];
    if let Stuck::NoResult(missing) = stuck {
        let place = match missing.given {
            0 => "write below `steps:` what it gives, for example",
            _ => "write one result more, or one for all attempts, for example",
        };
        lines.push(indented("").push(Style::Dim, "hint: ").plain(place));
        lines.push(indented("  ").plain(missing.example()));
    }
    lines
}

pub(super) fn message(stuck: &Stuck) -> String {
    match stuck {
        Stuck::NoResult(missing) => {
            let (path, kind, attempt) = (&missing.path, &missing.need, missing.attempt);
            match missing.given {
                0 => format!("the step {path} ({kind}) runs, and the test gives no result for it"),
                1 => format!("attempt {attempt} of {path} ({kind}) begins; 1 result is given"),
                n => format!("attempt {attempt} of {path} ({kind}) begins; {n} results are given"),
            }
        }
        Stuck::Refused(why) => format!("what a person says is not taken: {why}"),
        Stuck::NoApprover(NoApprover { path, who, approvers }) => {
            let approvers = approvers.join(", ");
            format!(
                "{who} is not asked by {path}, and cannot decide: its approvers are {approvers}"
            )
        }
        Stuck::Waits(steps) => {
            let steps: Vec<&str> = steps.iter().map(StepPath::as_str).collect();
            let steps = steps.join(", ");
            format!("nothing more happens: {steps} waits, and no time-out ends that")
        }
        Stuck::Endless => "the run does not come to an end".to_owned(),
        Stuck::Document(why) => format!("a document cannot be held: {why}"),
    }
}

/// Where, and what was expected (`-`) and came (`+`).
fn difference(mismatch: &Mismatch) -> Vec<Line> {
    let mut lines = vec![Line::of("    ").push(Style::Bold, &mismatch.at)];
    let Some(got) = &mismatch.got else {
        lines.extend(side('-', Style::Bad, &[shown(&mismatch.expected)]));
        lines.extend(side('+', Style::Good, &["nothing".to_owned()]));
        return lines;
    };
    let (expected, got) = match (pieces(&mismatch.expected), pieces(got)) {
        (Some(expected), Some(got)) => (expected, got),
        _ => (vec![shown(&mismatch.expected)], vec![shown(got)]),
    };
    let (old, new): (Vec<&str>, Vec<&str>) =
        (expected.iter().map(String::as_str).collect(), got.iter().map(String::as_str).collect());
    let diff = TextDiff::from_slices(&old, &new);
    let mut changes = Vec::new();
    for group in diff.grouped_ops(CONTEXT) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            changes.push(match change.tag() {
                ChangeTag::Delete => ('-', Style::Bad, change.value()),
                ChangeTag::Insert => ('+', Style::Good, change.value()),
                ChangeTag::Equal => (' ', Style::Dim, change.value()),
            });
        }
    }
    let more = changes.len().saturating_sub(MOST_LINES);
    for (sign, style, text) in changes.into_iter().take(MOST_LINES) {
        lines.extend(side(sign, style, &[text.to_owned()]));
    }
    if more > 0 {
        lines.push(
            Line::of("      ").push(Style::Dim, format!("and {}", count(more as u64, "more line"))),
        );
    }
    lines
}

/// The lines of a long text or the items of a list, when a difference of them says more.
fn pieces(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::List(items) => Some(items.iter().map(shown).collect()),
        Value::Text(text) if text.contains('\n') => Some(text.lines().map(short).collect()),
        _ => None,
    }
}

fn side(sign: char, style: Style, texts: &[String]) -> Vec<Line> {
    let line = |text: &String| Line::of("      ").push(style, format!("{sign} {text}"));
    texts.iter().map(line).collect()
}

/// A value on one line, as in JSON, so that the text "1" is not the number 1.
fn shown(value: &Value) -> String {
    short(&match value {
        Value::Text(_) => to_json(value).to_string(),
        other => other.to_string(),
    })
}

fn short(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", &text[..end]),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FaultObject<'a>>,
    passed: usize,
    failed: usize,
    files: Vec<FileObject<'a>>,
}

#[derive(Serialize)]
struct FileObject<'a> {
    file: &'a str,
    workflow: Option<String>,
    problems: Vec<ProblemObject<'a>>,
    tests: Vec<TestObject<'a>>,
}

#[derive(Serialize)]
struct TestObject<'a> {
    name: &'a str,
    line: u32,
    ok: bool,
    took_ms: u64,
    /// Why it could not be played to its end.
    stuck: Option<String>,
    mismatches: Vec<MismatchObject<'a>>,
}

#[derive(Serialize)]
struct MismatchObject<'a> {
    at: &'a str,
    expected: serde_json::Value,
    got: Option<serde_json::Value>,
}

fn document(all: &[Ran], session: &mut Session) -> Result<(), Failure> {
    let reports: Vec<&Report> = all.iter().flat_map(|ran| &ran.file.reports).collect();
    let fault = all
        .iter()
        .any(|ran| ran.file.workflow.is_none())
        .then(|| problems::fault(reports.iter().copied(), After::Check));
    let tests = || all.iter().flat_map(|ran| &ran.tests);
    let passed = tests().filter(|test| test.verdict == Verdict::Ok).count();
    session.out.document(&Document {
        error: fault.as_ref().map(FaultObject::of),
        passed,
        failed: tests().count() - passed,
        files: all.iter().map(FileObject::of).collect(),
    })
}

impl<'a> FileObject<'a> {
    fn of(ran: &'a Ran) -> FileObject<'a> {
        let problems = ran.file.reports.iter().flat_map(|report| &report.problems);
        FileObject {
            file: &ran.file.file,
            workflow: ran.file.workflow.as_ref().map(|workflow| workflow.name.to_string()),
            problems: problems.map(ProblemObject::of).collect(),
            tests: ran.tests.iter().map(TestObject::of).collect(),
        }
    }
}

impl<'a> TestObject<'a> {
    fn of(test: &'a Tested) -> TestObject<'a> {
        let (stuck, found) = match &test.verdict {
            Verdict::Ok => (None, &[][..]),
            Verdict::Differs(found) => (None, &found[..]),
            Verdict::Stuck(stuck) => (Some(message(stuck)), &[][..]),
        };
        TestObject {
            name: &test.name,
            line: test.line,
            ok: test.verdict == Verdict::Ok,
            took_ms: u64::try_from(test.took.as_millis()).unwrap_or(u64::MAX),
            stuck,
            mismatches: found
                .iter()
                .map(|mismatch| MismatchObject {
                    at: &mismatch.at,
                    expected: to_json(&mismatch.expected),
                    got: mismatch.got.as_ref().map(to_json),
                })
                .collect(),
        }
    }
}
