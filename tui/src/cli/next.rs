//! What a person can do next with a run: whole commands, ready to be pasted.

use rpa_engine::{Sealed, Template, Value};
use rpa_ipc::asking::ApprovalView;
use rpa_ipc::fault::reason_in;
use rpa_ipc::view::{RunDetail, StepView};

use super::asked;
use super::text::{Line, Look, Style};
use super::wire::is_over;
use crate::steps::{is_task, parents};
use crate::text::{ago, quoted};

/// Most steps that get commands of their own.
const MOST_STEPS: usize = 3;
/// Longest value of a variable that a command repeats, in bytes.
const MOST_VALUE: usize = 200;

pub fn lines(detail: &RunDetail, look: &Look, now_ms: u64) -> Vec<Line> {
    let shown = |(command, why): (String, _)| (look.calls.command(&command).into_owned(), why);
    let commands: Vec<(String, &str)> = commands(detail).into_iter().map(shown).collect();
    let width = commands.iter().map(|(command, _)| command.len()).max().unwrap_or(0);
    let line = |(command, why): &(String, &str)| {
        Line::of("  ").append(Line::of(command).pad(width)).push(Style::Dim, format!("  # {why}"))
    };
    awaited(detail, look, now_ms).into_iter().chain(commands.iter().map(line)).collect()
}

/// What a waiting run waits for, the soonest first; of one that goes on, nothing. What
/// people are asked is told at length elsewhere.
fn awaited(detail: &RunDetail, look: &Look, now_ms: u64) -> Vec<Line> {
    if detail.summary.status != "waiting" {
        return Vec::new();
    }
    // of a loop between two turns the end of its pause is due, of others a time-out
    let pauses = |step: &StepView| step.turns.is_some_and(|turns| turns.open == 0);
    let waits = |step: &&StepView| match step.status.as_str() {
        "waiting" | "retrying" => step.approval.is_none(),
        "running" => pauses(step),
        _ => false,
    };
    let waiting = detail.steps.iter().filter(waits);
    let mut steps: Vec<&StepView> =
        waiting.filter(|step| step.due_ms.is_some() || !step.reason.is_empty()).collect();
    steps.sort_by_key(|step| step.due_ms.unwrap_or(u64::MAX));
    let line = |step: &&StepView| {
        let line = Line::of("  waits for ").push(Style::Bold, step.path.as_str());
        let why = reason_in(look.language, &step.reason);
        let line = if why.is_empty() { line } else { line.plain(format!(": {why}")) };
        match step.due_ms {
            Some(due) => line.plain(format!(", due {}", ago(due, now_ms))),
            None => line,
        }
    };
    steps.iter().take(MOST_STEPS).map(line).collect()
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
    if detail.summary.held {
        let id = detail.summary.run.short();
        let run = Named { id: &id, workflow: &detail.summary.workflow };
        return vec![
            (
                "rpa resume --restored --dry-run".into(),
                "it is held since a restore: what would go on",
            ),
            ("rpa resume --restored".into(), "let all that is held go on"),
            (run.command("cancel", ""), "not this one"),
        ];
    }
    let id = detail.summary.run.short();
    let run = Named { id: &id, workflow: &detail.summary.workflow };
    let again = || {
        let full = detail.summary.workflow.as_str();
        let name = full.strip_prefix("default/").unwrap_or(full);
        let given = |input: &(String, Value)| match detail.masked.contains(&input.0) {
            true => None,
            false => variable(input),
        };
        let variables: Vec<Option<String>> = detail.inputs.iter().map(given).collect();
        let why = match variables.iter().all(Option::is_some) {
            true => "run it anew",
            false => "run it anew; it also had variables that are not shown here",
        };
        let variables: String = variables.into_iter().flatten().collect();
        (format!("rpa run {}{variables}", quoted(name)), why)
    };
    let resolve = |step: &StepView| {
        let path = quoted(step.path.as_str());
        [
            (run.command("logs", &format!("--step {path}")), "what it printed before"),
            (run.command("resolve", &format!("{path} done")), "it was done: go on"),
            (run.command("resolve", &format!("{path} retry")), "it was not: run it again"),
            (run.command("resolve", &format!("{path} fail")), "treat it as failed"),
        ]
    };
    let in_doubt = |step: &&StepView| step.status == "in_doubt";
    let doubts = || detail.steps.iter().filter(in_doubt).take(MOST_STEPS).flat_map(resolve);
    let decide = |asked: &ApprovalView| {
        let path = quoted(asked.path.as_str());
        let seen = format!("{path} --digest {}", asked::digest(asked));
        [
            (run.command("approve", &seen), "approve just this"),
            (run.command("reject", &path), "reject it"),
        ]
    };
    let asked = || detail.steps.iter().filter_map(|step| step.approval.as_deref());
    let approvals = || asked().take(MOST_STEPS).flat_map(decide);
    // by the full id: it may lie in another namespace
    let called = || {
        let elsewhere = detail.summary.needs_person && doubts().chain(approvals()).next().is_none();
        let why = match elsewhere {
            true => "what it has called needs a person",
            false => "a run that it has called",
        };
        let open = detail.steps.iter().filter(|step| step.ended_ms.is_none());
        let called = open.filter_map(|step| step.called).take(MOST_STEPS);
        called.map(move |called| (format!("rpa show {called}"), why))
    };
    let person = || doubts().chain(approvals()).chain(called());
    let logs = || (run.command("logs", ""), "what it printed");
    match detail.summary.status.as_str() {
        "failed" => {
            let log = |step: &StepView| {
                if let Some(called) = step.called {
                    return (format!("rpa show {called}"), "what the run that it has called says");
                }
                let rest = format!("--step {} --tail 50", quoted(step.path.as_str()));
                (run.command("logs", &rest), "what the step printed")
            };
            let mut commands: Vec<_> = causes(detail).into_iter().map(log).collect();
            if commands.is_empty() {
                commands.push(logs());
            }
            commands.push((run.command("retry", ""), "run again the steps that failed, whole"));
            commands.push(again());
            commands
        }
        "in_doubt" => person().collect(),
        "cancelled" => {
            let on = (run.command("retry", ""), "go on where it was ended");
            vec![logs(), on, again()]
        }
        "paused" => {
            let on = (run.command("resume", ""), "let it go on");
            person().chain([on, logs(), (run.command("cancel", ""), "end it")]).collect()
        }
        status if is_over(status) => vec![logs()],
        // what waits for a person does so even while other branches go on
        _ => {
            let live =
                [(run.command("logs", "-f"), "watch it"), (run.command("cancel", ""), "end it")];
            person().chain(live).collect()
        }
    }
}

/// The failed tasks and calls that are told of: a group or a turn prints nothing itself. What failed inside
/// of something that did not fail was dealt with there; what undoes is on its own.
fn causes(detail: &RunDetail) -> Vec<&StepView> {
    let parents = parents(&detail.steps);
    let failed = |at: usize| detail.steps[at].status == "failed";
    let counts = |at: &usize| {
        let around = std::iter::successors(parents[*at], |at| parents[*at]);
        let undoes = detail.steps[*at].path.as_str().contains("@undo/");
        let tells = is_task(&detail.steps[*at]) || detail.steps[*at].called.is_some();
        failed(*at) && tells && (undoes || around.into_iter().all(failed))
    };
    let mut found: Vec<&StepView> =
        (0..detail.steps.len()).filter(counts).map(|at| &detail.steps[at]).collect();
    // what the run's error names, before what failed beside it
    let at_step = detail.summary.at_step.as_str();
    found.sort_by_key(|step| step.path.as_str() != at_step);
    found.truncate(MOST_STEPS);
    found
}

/// ` --var NAME=VALUE` with the value of that run; a secret by its name. What is
/// large, or several lines, is left to the person.
fn variable((name, value): &(String, Value)) -> Option<String> {
    let text = match value {
        Value::Null => return Some(String::new()),
        Value::Blob(_) => return None,
        Value::Sealed(sealed) => secret_name(sealed)?,
        other => other.to_string(),
    };
    // @ would name a file; no argument of a command holds a zero
    let long = text.lines().count() > 1 || text.len() > MOST_VALUE;
    if long || text.starts_with('@') || text.contains('\0') {
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
        let backwards = shown(Value::from("\u{202e}x\u{1b}[2J"));
        assert_eq!(backwards.as_deref(), Some(r" --var v=$'\342\200\256x\033[2J'"));
        for left_out in [Value::from("@file"), Value::from("a\0"), Value::from("a\nb")] {
            assert_eq!(shown(left_out), None);
        }
    }

    #[test]
    fn of_nested_steps_only_tasks_that_failed_the_run_have_a_log_to_look_at() {
        let mut detail = sample::nested();
        detail.steps[1].status = "failed".into();
        let logs = |detail: &RunDetail| -> Vec<String> {
            texts(detail).into_iter().filter(|text| text.starts_with("rpa logs")).collect()
        };
        // pay/first failed as well, but the group around it did not
        let one = ["rpa logs 444455556666 --step 'each[17]/send' --tail 50"];
        assert_eq!(logs(&detail), one);
        for step in &mut detail.steps {
            step.status = "failed".into();
        }
        detail.summary.at_step = "@failure/tell".into();
        let logs_of_all = logs(&detail);
        assert_eq!(logs_of_all.len(), 3, "{logs_of_all:?}");
        assert!(logs_of_all[0].contains("--step @failure/tell"), "{logs_of_all:?}");
        detail.steps.retain(|step| !is_task(step));
        assert_eq!(logs(&detail), ["rpa logs 444455556666"]);
    }

    #[test]
    fn a_paused_run_can_go_on_and_a_waiting_one_says_what_for() {
        let mut detail = sample::nested();
        detail.summary.status = "paused".into();
        assert_eq!(texts(&detail)[0], "rpa resume 444455556666");
        detail.summary.status = "waiting".into();
        detail.steps[0].status = "waiting".into();
        detail.steps[0].due_ms = Some(sample::NOW + 90_000);
        let shown: Vec<String> =
            lines(&detail, &Look::PLAIN, sample::NOW).iter().map(Line::text).collect();
        assert_eq!(shown[0], "  waits for each[10001]/poll, due in 20 s");
        assert_eq!(shown[1], "  waits for list, due in 1 m");
        assert!(shown[2].starts_with("  rpa logs 444455556666 -f"), "{shown:?}");
    }

    #[test]
    fn what_needs_a_person_is_said_wherever_it_is() {
        let mut detail = sample::asking();
        let wanted = [
            "rpa approve 444455556666 sign_off --digest 0123456789ab",
            "rpa reject 444455556666 sign_off",
            "rpa show 019db7b6-7a20-7222-8333-444455557777",
            "rpa logs 444455556666 -f",
            "rpa cancel 444455556666",
        ];
        assert_eq!(texts(&detail), wanted);
        // what is told at length is not told twice
        assert_eq!(awaited(&detail, &Look::PLAIN, sample::NOW), []);
        detail.steps[0].approval = None;
        let called = "rpa show 019db7b6-7a20-7222-8333-444455557777";
        assert_eq!(texts(&detail)[0], called);
        detail.summary.status = "in_doubt".into();
        assert_eq!(texts(&detail), [called]);
        detail.summary.status = "failed".into();
        detail.steps[1].status = "failed".into();
        assert_eq!(texts(&detail)[0], called, "the called run says why");
    }

    #[test]
    fn what_others_hold_or_have_to_publish_is_waited_for_without_an_end() {
        let mut detail = sample::asking();
        detail.steps[0].approval = None;
        detail.steps[0].due_ms = None;
        detail.steps[0].reason = "waits for an event paid".into();
        let shown: Vec<String> =
            awaited(&detail, &Look::PLAIN, sample::NOW).iter().map(Line::text).collect();
        assert_eq!(shown, ["  waits for sign_off: waits for an event paid"]);
    }

    #[test]
    fn commands_fit_the_state_of_the_run() {
        let mut detail = sample::failed();
        assert_eq!(
            texts(&detail),
            [
                "rpa logs 444455556666 --step usage --tail 50",
                "rpa retry 444455556666",
                "rpa run disk-report --var limit=80",
            ]
        );
        detail.masked = vec!["limit".into()];
        assert_eq!(texts(&detail)[2], "rpa run disk-report", "what is masked is not repeated");
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
