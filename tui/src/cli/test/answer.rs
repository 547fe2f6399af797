//! What an attempt comes to: what the test gives, or what needs no world.

use rpa_config::catalogue;
use rpa_config::testfile::{Ending, Given, Pattern, Resolve, Test, Try};
use rpa_engine::contract::{Field, FieldKind};
use rpa_engine::run::Resolution;
use rpa_engine::{Map, Outcome, StepPath, Value};

/// The end of one attempt, and when it comes.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) takes_ms: u64,
    /// What a person says if the step is in doubt by it.
    pub(super) resolution: Option<Resolution>,
}

/// No result is given for an attempt that would reach into the world.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NoResult {
    pub(super) path: StepPath,
    pub(super) kind: String,
    pub(super) attempt: u32,
    /// Results that were given for earlier attempts.
    pub(super) given: usize,
}

impl NoResult {
    /// What to write, as lines of the file.
    pub(super) fn example(&self) -> String {
        let path = Pattern::of_all_turns(&self.path).to_string();
        let path = if path.contains('[') { format!("\"{path}\"") } else { path };
        let outputs = catalogue::find(&self.kind).map_or(&[][..], |contract| contract.outputs);
        let zero = |kind: FieldKind| match kind {
            FieldKind::Text => "\"\"",
            FieldKind::Number | FieldKind::Duration | FieldKind::Size => "0",
            FieldKind::Boolean => "false",
            FieldKind::List => "[]",
            FieldKind::TextMap => "{}",
            FieldKind::Any => "null",
            FieldKind::Choice(words) => words.first().copied().unwrap_or("\"\""),
        };
        let example = |field: &Field| match field.name {
            "status" => "200",
            _ => zero(field.kind),
        };
        let fields: Vec<String> =
            outputs.iter().map(|field| format!("{}: {}", field.name, example(field))).collect();
        format!("{path}: {{output: {{{}}}}}", fields.join(", "))
    }
}

/// The answer to attempt `number` of the step at `path`, which is a task `kind` with this
/// input and time-out.
pub(super) fn answer(
    test: &Test,
    path: &StepPath,
    number: u32,
    kind: &str,
    with: &Value,
    timeout_ms: Option<u64>,
) -> Result<Answer, NoResult> {
    let given = given(test, path);
    let this = match given {
        None => match inward(kind, with) {
            Some(output) => return Ok(at_once(Outcome::Succeeded { output })),
            None => None,
        },
        Some(Given::Always(this)) => Some(this),
        Some(Given::InTurn(tries)) => tries.get(number.saturating_sub(1) as usize),
    };
    let Some(this) = this else {
        let given = match given {
            Some(Given::InTurn(tries)) => tries.len(),
            Some(Given::Always(_)) | None => 0,
        };
        let (path, kind) = (path.clone(), kind.to_owned());
        return Err(NoResult { path, kind, attempt: number, given });
    };
    Ok(of_try(this, kind, timeout_ms))
}

/// What the test gives for the step; a path without stars stands over one with.
fn given<'t>(test: &'t Test, path: &StepPath) -> Option<&'t Given> {
    let fitting = test.steps.iter().filter(|(pattern, _)| pattern.value.matches(path));
    fitting.min_by_key(|(pattern, _)| pattern.value.stars()).map(|(_, given)| given)
}

fn of_try(this: &Try, kind: &str, timeout_ms: Option<u64>) -> Answer {
    let resolution = this.resolve.as_ref().map(|resolve| match resolve {
        Resolve::Done(output) => Resolution::Done { output: output.clone() },
        Resolve::Retry => Resolution::Retry,
        Resolve::Fail => Resolution::Fail,
    });
    // the runner ends what takes longer than the step may
    if let Some(after_ms) = timeout_ms
        && (this.takes_ms > after_ms || this.ending == Ending::TimedOut)
    {
        let outcome = Outcome::TimedOut { after_ms };
        return Answer { outcome, takes_ms: after_ms, resolution };
    }
    let outcome = match &this.ending {
        Ending::Output(output) => Outcome::Succeeded { output: filled(kind, output) },
        Ending::Failed { error, output, started: true } => {
            Outcome::Failed { error: error.clone(), output: filled(kind, output) }
        }
        Ending::Failed { error, started: false, .. } => {
            Outcome::NeverStarted { error: error.clone() }
        }
        Ending::TimedOut => Outcome::TimedOut { after_ms: this.takes_ms },
        Ending::Lost => Outcome::Orphaned { why: "nobody saw how it ended".into() },
    };
    Answer { outcome, takes_ms: this.takes_ms, resolution }
}

fn at_once(outcome: Outcome) -> Answer {
    Answer { outcome, takes_ms: 0, resolution: None }
}

/// The output of a task that does nothing outside of the daemon. Expressions have done
/// the work of `data.transform` before it is asked.
pub(super) fn inward(kind: &str, with: &Value) -> Option<Value> {
    match kind {
        "log" | "noop" => Some(Value::Map(Map::new())),
        "data.transform" => {
            let value = with.get("value").cloned().unwrap_or_default();
            let mut output = value.as_map().cloned().unwrap_or_default();
            output.insert("value".to_owned(), value);
            Some(Value::Map(output))
        }
        _ => None,
    }
}

/// A command has all its outputs, whichever of them the test cares for.
pub(super) fn filled(kind: &str, output: &Value) -> Value {
    let Value::Map(fields) = output else { return output.clone() };
    let mut fields = fields.clone();
    if kind == "shell" {
        let text = || Value::text("");
        fields.entry("stdout".to_owned()).or_insert_with(text);
        fields.entry("stderr".to_owned()).or_insert_with(text);
        fields.entry("exit_code".to_owned()).or_insert(Value::Int(0));
        fields.entry("truncated".to_owned()).or_insert(Value::Bool(false));
    }
    Value::Map(fields)
}
