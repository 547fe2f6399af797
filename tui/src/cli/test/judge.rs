//! Whether what came of a run is what the test expects.

use rpa_config::evaluate::StepRecord;
use rpa_config::testfile::{At, Expect, ExpectStep, Given, Pattern, Test};
use rpa_engine::run::{Promise, StepState};
use rpa_engine::{Map, StepPath, TaskError, Value};

use super::compare::{Mismatch, compare, compare_map};
use super::play::Played;
use crate::text::count;

/// Everything that is not as expected, the status first.
pub(super) fn judge(test: &Test, played: &Played) -> Vec<Mismatch> {
    let expect = &test.expect;
    let mut found = status(expect, played);
    if let Some(expected) = &expect.error {
        let got = played.error.as_ref().map(|(step, error)| run_error(step.as_ref(), error));
        found.extend(compare("error", &Value::Map(expected.clone()), got.as_ref()));
    }
    if let Some(path) = &expect.path {
        let text = |path: &StepPath| Value::text(path.as_str());
        let expected: Vec<Value> = path.iter().map(|step| text(&step.value)).collect();
        let got: Vec<Value> = played.path.iter().map(text).collect();
        if expected != got {
            let (expected, got) = (Value::List(expected), Some(Value::List(got)));
            found.push(Mismatch { at: "path".into(), expected, got });
        }
    }
    for (path, expected) in &expect.steps {
        let got = step(played.steps.get(path));
        found.extend(compare_map(&format!("steps.{path}"), &wanted(&expected.value), &got));
    }
    for (path, expected) in &expect.inputs {
        found.extend(compare(&format!("inputs.{path}"), &expected.value, played.inputs.get(path)));
    }
    if let Some(expected) = &expect.outputs {
        found.extend(compare_map("outputs", expected, &played.outputs));
    }
    if let Some(within_ms) = expect.within_ms
        && played.elapsed_ms > within_ms
    {
        found.push(Mismatch {
            at: "within".into(),
            expected: Value::text(time(within_ms)),
            got: Some(Value::text(time(played.elapsed_ms))),
        });
    }
    if let Some(late) = &expect.late
        && *late != played.late
    {
        let words = |late: &[Promise]| {
            Value::List(late.iter().map(|promise| Value::from(promise.word())).collect())
        };
        let (expected, got) = (words(late), Some(words(&played.late)));
        found.push(Mismatch { at: "late".into(), expected, got });
    }
    found.extend(unused(test, played));
    found
}

/// Results that nobody asked for: the run did not go as the file tells it.
fn unused(test: &Test, played: &Played) -> Vec<Mismatch> {
    let of_entry = |(place, (pattern, given)): (usize, &(At<Pattern>, Given))| {
        let (Given::InTurn(tries), Some(&used)) = (given, played.used.get(&place)) else {
            return None;
        };
        (used < tries.len()).then(|| Mismatch {
            at: format!("results of {}", pattern.value),
            expected: Value::text(count(tries.len() as u64, "result")),
            got: Some(Value::text(format!("{used} used"))),
        })
    };
    test.steps.iter().enumerate().filter_map(of_entry).collect()
}

/// A run that failed and should not have says why.
fn status(expect: &Expect, played: &Played) -> Vec<Mismatch> {
    if expect.status == played.status {
        return Vec::new();
    }
    let word = played.status.word();
    let got = match &played.error {
        None => word.to_owned(),
        Some((step, error)) => {
            let place = step.as_ref().map(|step| format!(" at {step}")).unwrap_or_default();
            format!("{word}{place}: {} [{}]", error.message, error.code)
        }
    };
    let expected = Value::from(expect.status.word());
    vec![Mismatch { at: "status".into(), expected, got: Some(Value::Text(got)) }]
}

fn error(error: &TaskError) -> Map {
    Map::from([
        ("code".to_owned(), Value::text(&error.code)),
        ("class".to_owned(), Value::text(error.class.word())),
        ("message".to_owned(), Value::text(&error.message)),
    ])
}

fn run_error(step: Option<&StepPath>, ended: &TaskError) -> Value {
    let mut fields = error(ended);
    if let Some(step) = step {
        fields.insert("step".to_owned(), Value::text(step.as_str()));
    }
    Value::Map(fields)
}

/// What is expected of a step, as [`step`] has what came.
fn wanted(expected: &ExpectStep) -> Map {
    let fields = [
        ("status", expected.status.map(|status| Value::from(status.word()))),
        ("attempts", expected.attempts.map(|n| Value::Int(n.into()))),
        ("output", expected.output.clone()),
        ("error", expected.error.clone().map(Value::Map)),
    ];
    let named = |(name, value): (&str, Option<Value>)| Some((name.to_owned(), value?));
    fields.into_iter().filter_map(named).collect()
}

fn step(record: Option<&StepRecord>) -> Map {
    let state = record.map_or(&StepState::Pending, |record| &record.state);
    let mut fields = Map::from([
        ("status".to_owned(), Value::from(state.status().word())),
        ("attempts".to_owned(), Value::Int(state.attempts().into())),
    ]);
    if let Some(output) = record.and_then(|record| record.output.clone()) {
        fields.insert("output".to_owned(), output);
    }
    if let StepState::Failed { error: failed, .. } = state {
        fields.insert("error".to_owned(), Value::Map(error(failed)));
    }
    fields
}

/// A duration as files write it: `1h30m`.
pub(super) fn time(ms: u64) -> String {
    let (seconds, rest) = (ms / 1000, ms % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let parts = [(hours, "h"), (minutes, "m"), (seconds, "s"), (rest, "ms")];
    let text: String =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{unit}")).collect();
    if text.is_empty() { "0s".to_owned() } else { text }
}
