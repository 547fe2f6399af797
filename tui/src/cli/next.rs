//! What a person can do next with a run: whole commands, ready to be pasted.

use rpa_engine::{Sealed, Template, Value};
use rpa_ipc::view::{RunDetail, StepView};

use super::text::{Line, Style};
use super::wire::is_settled;
use crate::text::quoted;

/// Most steps that get commands of their own.
const MOST_STEPS: usize = 3;
/// Longest value of a variable that a command repeats, in bytes.
const MOST_VALUE: usize = 200;

pub fn lines(detail: &RunDetail) -> Vec<Line> {
    let commands = commands(detail);
    let width = commands.iter().map(|(command, _)| command.len()).max().unwrap_or(0);
    let line = |(command, why): &(String, &str)| {
        Line::of("  ").append(Line::of(command).pad(width)).push(Style::Dim, format!("  # {why}"))
    };
    commands.iter().map(line).collect()
}

/// A run as commands name it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    pub id: &'a str,
    /// `namespace/name`
    pub workflow: &'a str,
}

impl Named<'_> {
    /// `rpa VERB ID REST`, with the namespace where it is not the usual one.
    pub fn command(&self, verb: &str, rest: &str) -> String {
        let namespace = match self.workflow.split_once('/') {
            Some((namespace, _)) if namespace != "default" => {
                format!(" -n {}", quoted(namespace))
            }
            _ => String::new(),
        };
        let rest = if rest.is_empty() { String::new() } else { format!(" {rest}") };
        format!("rpa{namespace} {verb} {}{rest}", self.id)
    }
}

fn commands(detail: &RunDetail) -> Vec<(String, &'static str)> {
    let id = detail.summary.run.short();
    let run = Named { id: &id, workflow: &detail.summary.workflow };
    let again = || {
        let full = detail.summary.workflow.as_str();
        let name = full.strip_prefix("default/").unwrap_or(full);
        let variables: Vec<Option<String>> = detail.inputs.iter().map(variable).collect();
        let why = match variables.iter().all(Option::is_some) {
            true => "run it anew",
            false => "run it anew; it also had variables that are not shown here",
        };
        let variables: String = variables.into_iter().flatten().collect();
        (format!("rpa run {}{variables}", quoted(name)), why)
    };
    let steps = |status| detail.steps.iter().filter(move |s| s.status == status).take(MOST_STEPS);
    let resolve = |step: &StepView| {
        let path = quoted(step.path.as_str());
        [
            (run.command("logs", &format!("--step {path}")), "what it printed before"),
            (run.command("resolve", &format!("{path} done")), "it was done: go on"),
            (run.command("resolve", &format!("{path} retry")), "it was not: run it again"),
            (run.command("resolve", &format!("{path} fail")), "treat it as failed"),
        ]
    };
    let doubts = || steps("in_doubt").flat_map(resolve);
    match detail.summary.status.as_str() {
        "failed" => {
            let log = |step: &StepView| {
                let rest = format!("--step {} --tail 50", quoted(step.path.as_str()));
                (run.command("logs", &rest), "what the step printed")
            };
            steps("failed").map(log).chain([again()]).collect()
        }
        "in_doubt" => doubts().collect(),
        "cancelled" => vec![(run.command("logs", ""), "what it printed"), again()],
        status if is_settled(status) => vec![(run.command("logs", ""), "what it printed")],
        // a doubt waits for a person even while other branches go on
        _ => {
            let live =
                [(run.command("logs", "-f"), "watch it"), (run.command("cancel", ""), "end it")];
            doubts().chain(live).collect()
        }
    }
}

/// ` --var NAME=VALUE` with the value of that run; a secret by its name. What is
/// large, or no line of text, is left to the person.
fn variable((name, value): &(String, Value)) -> Option<String> {
    let text = match value {
        Value::Null => return Some(String::new()),
        Value::Blob(_) => return None,
        Value::Sealed(sealed) => secret_name(sealed)?,
        other => other.to_string(),
    };
    // @ would name a file
    if text.len() > MOST_VALUE || text.starts_with('@') || text.chars().any(char::is_control) {
        return None;
    }
    Some(format!(" --var {}={}", quoted(name), quoted(&text)))
}

/// The name of the secret that a variable refers to.
pub fn secret_name(sealed: &Sealed) -> Option<String> {
    match &sealed.template {
        Template::Expr(expr) => expr.source.strip_prefix("secrets.").map(str::to_owned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    fn texts(detail: &RunDetail) -> Vec<String> {
        commands(detail).into_iter().map(|(command, _)| command).collect()
    }

    #[test]
    fn values_are_quoted_for_a_shell() {
        let shown = |value: Value| variable(&("v".to_owned(), value));
        assert_eq!(shown(Value::from("a b'c$d")).as_deref(), Some(r" --var v='a b'\''c$d'"));
        assert_eq!(shown(Value::from(vec![Value::Int(1)])).as_deref(), Some(" --var v='[1]'"));
        assert_eq!(shown(Value::Null).as_deref(), Some(""), "it was not given");
        for left_out in [Value::from("@file"), Value::from("a\u{1b}[2J"), Value::from("a\nb")] {
            assert_eq!(shown(left_out), None);
        }
    }

    #[test]
    fn commands_fit_the_state_of_the_run() {
        let mut detail = sample::failed();
        assert_eq!(
            texts(&detail),
            ["rpa logs 444455556666 --step usage --tail 50", "rpa run disk-report --var limit=80"]
        );
        detail.summary.status = "running".into();
        assert_eq!(texts(&detail), ["rpa logs 444455556666 -f", "rpa cancel 444455556666"]);
        detail.summary.status = "in_doubt".into();
        detail.summary.workflow = "ops/disk-report".into();
        detail.steps[0].status = "in_doubt".into();
        detail.steps[0].path = "each[3]/send".parse().unwrap();
        assert_eq!(
            texts(&detail),
            [
                "rpa -n ops logs 444455556666 --step 'each[3]/send'",
                "rpa -n ops resolve 444455556666 'each[3]/send' done",
                "rpa -n ops resolve 444455556666 'each[3]/send' retry",
                "rpa -n ops resolve 444455556666 'each[3]/send' fail",
            ]
        );
    }
}
