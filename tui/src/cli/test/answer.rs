//! What an attempt comes to: what the test gives, or what needs no world.

use std::fmt;

use rpa_config::catalogue;
use rpa_config::testfile::{Ending, Given, Pattern, Resolve, Test, Try};
use rpa_engine::contract::{Field, FieldKind};
use rpa_engine::run::Resolution;
use rpa_engine::{Ident, Map, Outcome, StepPath, Value, VariableKind, WorkflowRef};

/// The end of one attempt, and when it comes.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) takes_ms: u64,
    /// What a person says if the step is in doubt by it.
    pub(super) resolution: Option<Resolution>,
}

/// No result is given for a step that would reach into the world.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NoResult {
    pub(super) path: StepPath,
    pub(super) need: Need,
    pub(super) attempt: u32,
    /// Results that were given for earlier attempts.
    pub(super) given: usize,
}

/// What a step wants to hear of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Need {
    Task(String),
    /// The outputs of that workflow, as far as it is known.
    Call {
        workflow: WorkflowRef,
        outputs: Vec<String>,
    },
    Approval {
        quorum: u32,
        form: Vec<(Ident, VariableKind)>,
    },
    Event,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Need::Task(kind) => f.write_str(kind),
            Need::Call { workflow, .. } => write!(f, "workflow {workflow}"),
            Need::Approval { .. } => f.write_str("an approval"),
            Need::Event => f.write_str("a wait for an event"),
        }
    }
}

impl NoResult {
    /// What to write, as lines of the file.
    pub(super) fn example(&self) -> String {
        let path = Pattern::of_all_turns(&self.path).to_string();
        let path = if path.contains('[') { format!("\"{path}\"") } else { path };
        format!("{path}: {{{}}}", self.need.example())
    }
}

impl Need {
    fn example(&self) -> String {
        match self {
            Need::Task(kind) => of_task(kind),
            Need::Call { outputs, .. } => {
                let fields: Vec<String> =
                    outputs.iter().map(|name| format!("{name}: null")).collect();
                format!("output: {{{}}}", fields.join(", "))
            }
            Need::Approval { quorum, form } => {
                let names = ["ann", "bob", "eve", "joe", "kim"];
                let by = match (*quorum as usize, names.get(..*quorum as usize)) {
                    (0 | 1, _) => Some("by: ann".to_owned()),
                    (_, Some(names)) => Some(format!("by: [{}]", names.join(", "))),
                    // the test does not depend on who they are
                    (_, None) => None,
                };
                let zero = |kind: VariableKind| match kind {
                    VariableKind::String | VariableKind::Secret => "\"\"",
                    VariableKind::Number => "0",
                    VariableKind::Boolean => "false",
                    VariableKind::List => "[]",
                    VariableKind::Json => "null",
                };
                let fields: Vec<String> =
                    form.iter().map(|(name, kind)| format!("{name}: {}", zero(*kind))).collect();
                let fields =
                    (!fields.is_empty()).then(|| format!("fields: {{{}}}", fields.join(", ")));
                let parts: Vec<String> = by.into_iter().chain(fields).collect();
                match parts.is_empty() {
                    true => "approve: true".to_owned(),
                    false => format!("approve: {{{}}}", parts.join(", ")),
                }
            }
            Need::Event => "event: {data: {}}".to_owned(),
        }
    }
}

fn of_task(kind: &str) -> String {
    let outputs = catalogue::find(kind).map_or(&[][..], |contract| contract.outputs);
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
    format!("output: {{{}}}", fields.join(", "))
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
    let given = given(test, path).map(|(_, given)| given);
    if given.is_none()
        && let Some(output) = inward(kind, with)
    {
        return Ok(at_once(Outcome::Succeeded { output }));
    }
    let Some(this) = given.and_then(|given| nth(given, number)) else {
        let given = given.map_or(0, |given| results(given).len());
        let (path, need) = (path.clone(), Need::Task(kind.to_owned()));
        return Err(NoResult { path, need, attempt: number, given });
    };
    Ok(of_try(this, kind, timeout_ms))
}

/// What the test gives for the step, and which of its entries that is; a path without
/// stars stands over one with.
pub(super) fn given<'t>(test: &'t Test, path: &StepPath) -> Option<(usize, &'t Given)> {
    let entries = test.steps.iter().enumerate();
    let fitting = entries.filter(|(_, (pattern, _))| pattern.value.matches(path));
    let (place, (_, given)) = fitting.min_by_key(|(_, (pattern, _))| pattern.value.stars())?;
    Some((place, given))
}

pub(super) fn results(given: &Given) -> &[Try] {
    match given {
        Given::Always(this) => std::slice::from_ref(this),
        Given::InTurn(tries) => tries,
    }
}

/// The result of attempt `number`.
pub(super) fn nth(given: &Given, number: u32) -> Option<&Try> {
    match given {
        Given::Always(this) => Some(this),
        Given::InTurn(tries) => tries.get(number.saturating_sub(1) as usize),
    }
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
        // what no task comes to is not given for one: `fit`
        Ending::Lost
        | Ending::Cancelled
        | Ending::Approved(_)
        | Ending::Rejected(_)
        | Ending::Event(_) => Outcome::Orphaned { why: "nobody saw how it ended".into() },
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
