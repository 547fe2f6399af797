//! The `rpa` command that does what the console does: shown with every action, and
//! ready to be pasted into a shell.

use rpa_engine::{Label, RunId, StepPath};

use super::state::Again;
use crate::text::quoted;

/// `rpa`, with the namespace where it is not the usual one.
fn rpa(namespace: &Label) -> String {
    match namespace.as_str() {
        "default" => "rpa".to_owned(),
        other => format!("rpa -n {other}"),
    }
}

pub fn workflows(namespace: &Label) -> String {
    format!("{} workflows", rpa(namespace))
}

/// `options` begin with a blank, or are empty.
pub fn runs(namespace: &Label, options: &str) -> String {
    format!("{} runs{options}", rpa(namespace))
}

pub fn show(namespace: &Label, run: RunId) -> String {
    format!("{} show {}", rpa(namespace), run.short())
}

pub fn why(namespace: &Label, run: RunId, step: Option<&StepPath>) -> String {
    let step = step.map(|s| format!(" {}", quoted(s.as_str()))).unwrap_or_default();
    format!("{} why {}{step}", rpa(namespace), run.short())
}

pub fn logs(namespace: &Label, run: RunId, step: Option<&StepPath>, follow: bool) -> String {
    let step = step.map(|s| format!(" --step {}", quoted(s.as_str()))).unwrap_or_default();
    let follow = if follow { " -f" } else { "" };
    format!("{} logs {}{step}{follow}", rpa(namespace), run.short())
}

pub fn cancel(namespace: &Label, runs: &[RunId]) -> String {
    each(namespace, "cancel", runs)
}

pub fn pause(namespace: &Label, runs: &[RunId]) -> String {
    each(namespace, "pause", runs)
}

pub fn resume(namespace: &Label, runs: &[RunId]) -> String {
    each(namespace, "resume", runs)
}

/// One command a run.
fn each(namespace: &Label, verb: &str, runs: &[RunId]) -> String {
    let one = |run: &RunId| format!("{} {verb} {}", rpa(namespace), run.short());
    runs.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// `decision` is `done`, `retry` or `fail`; with `all` for all that is below `path`.
pub fn resolve(
    namespace: &Label,
    run: RunId,
    path: &StepPath,
    all: bool,
    decision: &str,
    output: &[(String, String)],
) -> String {
    let path = quoted(path.as_str());
    let output: String = output
        .iter()
        .map(|(name, value)| format!(" --output {}", quoted(&format!("{name}={value}"))))
        .collect();
    let all = if all { " --all" } else { "" };
    format!("{} resolve {} {path}{all} {decision}{output}", rpa(namespace), run.short())
}

/// `rpa retry`, or `rpa rerun` from a step.
pub fn again(namespace: &Label, again: &Again) -> String {
    let (verb, from) = match &again.from {
        None => ("retry", String::new()),
        Some(step) => ("rerun", format!(" --from {}", quoted(step))),
    };
    let newest = if again.newest { " --newest" } else { "" };
    let once = if again.repeat_once { " --repeat-once" } else { "" };
    let variables = given(&again.shown);
    format!("{} {verb} {}{from}{newest}{once}{variables}", rpa(namespace), again.run.short())
}

/// A workflow by its name in the namespace, with the variables that are given.
pub fn run(namespace: &Label, workflow: &str, variables: &[(String, String)]) -> String {
    let name = workflow.strip_prefix(&format!("{namespace}/")).unwrap_or(workflow);
    format!("{} run {}{}", rpa(namespace), quoted(name), given(variables))
}

fn given(variables: &[(String, String)]) -> String {
    let one = |(name, value): &(String, String)| quoted(&format!("{name}={value}"));
    variables.iter().map(|variable| format!(" --var {}", one(variable))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_can_be_pasted() {
        let ops: Label = "ops".parse().unwrap();
        let given = [("day".to_owned(), "it's; rm".to_owned())];
        assert_eq!(
            run(&ops, "ops/report", &given),
            r"rpa -n ops run report --var 'day=it'\''s; rm'"
        );
        let usual: Label = "default".parse().unwrap();
        assert_eq!(runs(&usual, " --status failed"), "rpa runs --status failed");
        let step: StepPath = "each[3]/send".parse().unwrap();
        let command = resolve(&usual, RunId(0xabc), &step, false, "done", &[]);
        assert!(command.ends_with(" 'each[3]/send' done"), "{command}");
        let command = resolve(&usual, RunId(0xabc), &step, true, "fail", &[]);
        assert!(command.ends_with(" 'each[3]/send' --all fail"), "{command}");
    }
}
