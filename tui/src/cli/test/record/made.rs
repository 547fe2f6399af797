//! A test that says what a run has shown.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rpa_config::testfile::{At, Ending, Expect, Given, Pattern, Resolve, Test, Try, class_of};
use rpa_config::workflow::{Pos, unfit};
use rpa_engine::run::RunStatus;
use rpa_engine::{
    Action, Call, EffectClass, ErrorClass, Ident, Map, Step, StepPath, TaskError, Value, Variable,
    VariableKind, Wait, Workflow,
};
use rpa_ipc::recording::{Recording, TryEnd, TryView};

use super::super::answer::{filled, inward};
use super::super::compare::compare_map;
use super::super::play::{Played, STAND_IN};
use super::said;

/// Shorter attempts are written without their time.
pub(super) const LONG_MS: u64 = 1000;

/// Where nothing stands yet.
pub(super) const AT: Pos = Pos { line: 1, column: 1 };

pub(super) fn at<T>(value: T) -> At<T> {
    At { at: AT, value }
}

/// Everything but what is expected.
pub(super) fn test(recording: &Recording, workflow: &Workflow, warnings: &mut Vec<String>) -> Test {
    let mut variables = BTreeMap::new();
    for (name, value) in &recording.inputs {
        let Ok(name) = name.parse::<Ident>() else { continue };
        let Some(variable) = workflow.variables.get(&name) else { continue };
        let masked = recording.masked.contains(&name.to_string());
        let value = match value {
            Value::Null => continue,
            _ if masked => stand_in(&name, variable, warnings),
            Value::Sealed(sealed) => match sealed.template.reads().secrets.first() {
                Some(secret) => Value::text(secret.as_str()),
                None => continue,
            },
            value => value.clone(),
        };
        variables.insert(name, at(value));
    }
    if recording.cut {
        warnings.push("variables or outputs are large and were cut".to_owned());
    }
    Test {
        name: at(format!("as in run {}", recording.run.short())),
        run: Some(recording.run),
        now_ms: recording.started_ms,
        variables,
        secrets: BTreeMap::new(),
        cancel_ms: recording.cancelled_after_ms,
        steps: steps(recording, workflow, warnings),
        expect: Expect::completed(),
    }
}

/// A value of the type of a variable whose own is not told.
pub(super) fn stand_in(name: &Ident, variable: &Variable, warnings: &mut Vec<String>) -> Value {
    let simple = match variable.kind {
        VariableKind::String | VariableKind::Json | VariableKind::Secret => Value::text(STAND_IN),
        VariableKind::Number => Value::Int(0),
        VariableKind::Boolean => Value::Bool(false),
        VariableKind::List => Value::List(Vec::new()),
    };
    let candidates = variable.choices.first().into_iter().chain(&variable.default).chain([&simple]);
    let fitting = candidates.into_iter().find(|value| unfit(variable, value).is_none()).cloned();
    match fitting {
        Some(value) => value,
        None => {
            let why = unfit(variable, &simple).unwrap_or_default();
            warnings.push(format!("{name} is masked, and its stand-in {why}: write one that fits"));
            simple
        }
    }
}

/// The results of all steps, those of many turns that are alike as one.
fn steps(
    recording: &Recording,
    workflow: &Workflow,
    warnings: &mut Vec<String>,
) -> Vec<(At<Pattern>, Given)> {
    let mut of_steps: BTreeMap<&StepPath, Vec<&TryView>> = BTreeMap::new();
    let mut order: Vec<&StepPath> = Vec::new();
    for this in &recording.tries {
        let tries = of_steps.entry(&this.path).or_insert_with(|| {
            order.push(&this.path);
            Vec::new()
        });
        tries.push(this);
        if this.cut {
            let (path, attempt) = (&this.path, this.attempt);
            warnings
                .push(format!("the output of attempt {attempt} of {path} is large and was cut"));
        }
    }
    match recording.tries.iter().map(|this| u64::from(this.passed)).sum() {
        0 => {}
        1 => warnings.push(
            "one event that a step passed over is left out: what was in it is not kept".to_owned(),
        ),
        many => warnings.push(format!(
            "{many} events that steps passed over are left out: what was in them is not kept"
        )),
    }
    let mut found: Vec<(StepPath, Given)> = Vec::new();
    for path in order {
        let tries: Vec<Try> =
            of_steps[path].iter().flat_map(|this| results(this, workflow, warnings)).collect();
        if tries.is_empty() || needs_no_result(path, &tries, workflow) {
            continue;
        }
        found.push((
            path.clone(),
            match <[Try; 1]>::try_from(tries) {
                Ok([only]) => Given::Always(only),
                Err(tries) => Given::InTurn(tries),
            },
        ));
    }
    let mut alike: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (place, (path, _)) in found.iter().enumerate() {
        alike.entry(Pattern::of_all_turns(path).to_string()).or_default().insert(place);
    }
    let mut written = Vec::new();
    let mut done = BTreeSet::new();
    for (path, given) in &found {
        let all = Pattern::of_all_turns(path);
        let places = &alike[&all.to_string()];
        let same = places.len() > 1 && places.iter().all(|place| found[*place].1 == *given);
        let pattern = if same { all } else { Pattern::of(path) };
        if done.insert(pattern.to_string()) {
            written.push((at(pattern), given.clone()));
        }
    }
    written
}

/// What the test gives by itself: a log line, a document that expressions have computed.
fn needs_no_result(path: &StepPath, tries: &[Try], workflow: &Workflow) -> bool {
    let Some(Action::Task { kind, .. }) = workflow.step_at(path).map(|step| &step.action) else {
        return false;
    };
    let plain = |this: &Try| matches!(this.ending, Ending::Output(_)) && this.resolve.is_none();
    inward(kind, &Value::Null).is_some() && tries.iter().all(plain)
}

/// What an attempt becomes: as a rule one result, of a step that waits one for each word.
fn results(this: &TryView, workflow: &Workflow, warnings: &mut Vec<String>) -> Vec<Try> {
    let Some(step) = workflow.step_at(&this.path) else { return Vec::new() };
    match &step.action {
        Action::Call(Call { detached: true, .. }) => Vec::new(),
        Action::Call(_) => vec![said::called(this)],
        Action::Approval(approval) => said::decided(this, approval, warnings),
        Action::Wait(Wait::Event(_)) => said::events(this),
        Action::Task { .. }
        | Action::Set(_)
        | Action::Wait(_)
        | Action::Group(_)
        | Action::ForEach(_)
        | Action::While(_)
        | Action::Repeat(_)
        | Action::Switch(_) => vec![attempt(this, step)],
    }
}

fn attempt(this: &TryView, step: &Step) -> Try {
    let took_ms = this.ended_ms.unwrap_or(this.began_ms).saturating_sub(this.began_ms);
    let takes_ms = if took_ms < LONG_MS { 0 } else { took_ms };
    let retried = this.resolved.is_none() && matches!(this.end, TryEnd::Failed { .. });
    let resolve = this.resolved.as_deref().map(|decision| match decision {
        "done" => Resolve::Done(match &this.declared {
            Some(Value::Map(output)) => output.clone(),
            _ => Map::new(),
        }),
        "retry" => Resolve::Retry,
        _ => Resolve::Fail,
    });
    let (ending, takes_ms) = match &this.end {
        TryEnd::Output(output) => (Ending::Output(brief(output, step)), takes_ms),
        TryEnd::Failed { error, output } => {
            let class = class_of(&error.class).unwrap_or(ErrorClass::System);
            let (code, message) = (error.code.clone(), error.message.clone());
            let error = TaskError { class, code, message };
            // only such a failure of a step that must not be repeated may be retried
            let started = !(retried
                && step.effect == EffectClass::Once
                && !step.retry.declared_on_step
                && *output == Value::Null);
            (Ending::Failed { error, output: output.clone(), started }, takes_ms)
        }
        TryEnd::TimedOut => match step.timeout_ms {
            Some(_) => (Ending::TimedOut, 0),
            None => (Ending::TimedOut, took_ms),
        },
        // no task has called a run
        TryEnd::Lost | TryEnd::Cancelled => (Ending::Lost, takes_ms),
        // it is under way when what ended it comes
        TryEnd::Stopped | TryEnd::Open => {
            (Ending::Output(Value::Map(Map::new())), took_ms.saturating_add(LONG_MS))
        }
    };
    Try { at: AT, ending, takes_ms, resolve }
}

/// Without what a command has anyhow.
fn brief(output: &Value, step: &Step) -> Value {
    let (Value::Map(fields), Action::Task { kind, .. }) = (output, &step.action) else {
        return output.clone();
    };
    let usual = filled(kind, &Value::Map(Map::new()));
    let told = |(name, value): &(&String, &Value)| usual.get(name) != Some(value);
    let told = fields.iter().filter(told).map(|(name, value)| (name.clone(), value.clone()));
    Value::Map(told.collect())
}

/// What is expected: what came of the run, and the order in which steps begin in a test.
pub(super) fn expect(
    recording: &Recording,
    workflow: &Workflow,
    test: &mut Test,
    played: &Played,
    warnings: &mut Vec<String>,
) {
    test.secrets = played.secrets.iter().map(|name| (name.clone(), STAND_IN.to_owned())).collect();
    let status =
        [RunStatus::Completed, RunStatus::Failed, RunStatus::Cancelled, RunStatus::InDoubt];
    let status = status.into_iter().find(|status| status.word() == recording.status);
    test.expect.status = status.unwrap_or(RunStatus::Completed);
    test.expect.error = recording.error.as_ref().map(|error| {
        let mut fields = Map::from([
            ("code".to_owned(), Value::text(&error.code)),
            ("class".to_owned(), Value::text(&error.class)),
        ]);
        if let Some(step) = &recording.at_step {
            fields.insert("step".to_owned(), Value::text(step.as_str()));
        }
        fields
    });
    let real: BTreeSet<&StepPath> = recording.tries.iter().map(|this| &this.path).collect();
    let tries = |path: &&StepPath| {
        let action = workflow.step_at(path).map(|step| &step.action);
        !matches!(action, Some(Action::Set(_) | Action::Wait(Wait::For { .. } | Wait::Until(_))))
    };
    let here: BTreeSet<&StepPath> = played.path.iter().filter(tries).collect();
    match real == here {
        true => test.expect.path = Some(played.path.iter().cloned().map(at).collect()),
        false => {
            let other: Vec<&str> = real.symmetric_difference(&here).map(|p| p.as_str()).collect();
            let steps = other.join(", ");
            warnings.push(format!("other steps begin in the test than in the run: {steps}"));
        }
    }
    if recording.status != RunStatus::Completed.word() {
        return;
    }
    let real: Map = recording.outputs.iter().cloned().collect();
    let is_cut = recording.cut || recording.tries.iter().any(|this| this.cut);
    let calls = |this: &TryView| {
        let action = workflow.step_at(&this.path).map(|step| &step.action);
        matches!(action, Some(Action::Call(Call { detached: true, .. })))
    };
    let differs = !compare_map("", &real, &played.outputs).is_empty();
    test.expect.outputs = Some(match is_cut && differs {
        true => {
            let why = "the expected outputs are those of the test: the run's came of what was cut";
            warnings.push(why.to_owned());
            played.outputs.clone()
        }
        false if differs && recording.tries.iter().any(calls) => {
            let why = "the expected outputs are those of the test: a run that is called detached \
                       has another id there";
            warnings.push(why.to_owned());
            played.outputs.clone()
        }
        false => real,
    });
}

/// The workflow's file, by its name alone: the tests stand beside it.
pub(super) fn workflow_file(recording: &Recording) -> String {
    let named = Path::new(&recording.file).file_name().map(|name| name.to_string_lossy());
    match named {
        Some(name) if name.ends_with(".yaml") || name.ends_with(".yml") => name.into_owned(),
        _ => {
            let name = recording.workflow.rsplit('/').next().unwrap_or_default();
            format!("{name}.yaml")
        }
    }
}

/// The comments at the top.
pub(super) fn head(recording: &Recording, warnings: &[String]) -> Vec<String> {
    let mut lines = vec![
        format!(
            "Recorded from run {} of {}, revision {}.",
            recording.run, recording.workflow, recording.revision
        ),
        "Secrets and sensitive variables are masked: look through the rest before you share it."
            .to_owned(),
    ];
    if !warnings.is_empty() {
        lines.push(String::new());
        lines.extend(warnings.iter().map(|warning| format!("Note: {warning}.")));
    }
    lines
}
