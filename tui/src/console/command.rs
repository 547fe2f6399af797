//! The `rpa` command that does what the console does: shown with every action, and
//! ready to be pasted into a shell.

use rpa_engine::{Label, RunId, StepPath};
use rpa_ipc::notifications::NotificationFilter;
use rpa_ipc::triggers::{TriggerView, TriggerWish};

use super::state::{Again, Asking, Ballot, Hold, MOST_BACKFILLED, TriggerName, has_deliveries};
use crate::text::{moment, quoted};

/// Runs for which the same is asked that a command names.
const NAMED: usize = 20;
/// Digits of a digest that are shown, as `rpa approvals` does.
pub const DIGEST: usize = 12;

/// `rpa`, with the namespace where it is not the usual one.
fn rpa(namespace: &Label) -> String {
    match namespace.as_str() {
        "default" => "rpa".to_owned(),
        other => format!("rpa -n {other}"),
    }
}

/// A command with its words as they would be typed.
pub fn typed(namespace: &Label, path: &str, args: &[String]) -> String {
    let args: String = args.iter().map(|arg| format!(" {}", quoted(arg))).collect();
    format!("{} {path}{args}", rpa(namespace))
}

pub fn overview(namespace: &Label) -> String {
    format!("{} overview", rpa(namespace))
}

/// Makes the example known to the daemon.
pub fn example(namespace: &Label) -> String {
    format!("rpa example | {} apply -", rpa(namespace))
}

pub fn workflows(namespace: &Label) -> String {
    format!("{} workflows", rpa(namespace))
}

/// Begins a workflow, as a file.
pub fn init(namespace: &Label, workflow: &str) -> String {
    format!("{} init {}", rpa(namespace), quoted(local(namespace, workflow)))
}

pub fn history(namespace: &Label, workflow: &str) -> String {
    format!("{} history {}", rpa(namespace), quoted(local(namespace, workflow)))
}

pub fn source(namespace: &Label, workflow: &str, revision: u32) -> String {
    format!("{} source {} {revision}", rpa(namespace), quoted(local(namespace, workflow)))
}

pub fn diff(namespace: &Label, workflow: &str, from: u32, to: u32) -> String {
    format!("{} diff {} {from} {to}", rpa(namespace), quoted(local(namespace, workflow)))
}

pub fn publish(namespace: &Label, workflow: &str, revision: u32) -> String {
    format!("{} publish {} {revision}", rpa(namespace), quoted(local(namespace, workflow)))
}

pub fn rollback(namespace: &Label, workflow: &str, revision: u32) -> String {
    format!("{} rollback {} {revision}", rpa(namespace), quoted(local(namespace, workflow)))
}

pub fn check(namespace: &Label, file: &str) -> String {
    format!("{} check {}", rpa(namespace), quoted(file))
}

pub fn plan(namespace: &Label, file: &str) -> String {
    format!("{} plan {}", rpa(namespace), quoted(file))
}

/// In place of revision `base`, or of nothing.
pub fn apply(namespace: &Label, file: &str, base: Option<u32>, draft: bool) -> String {
    let draft = if draft { " --draft" } else { "" };
    let base = base.unwrap_or(0);
    format!("{} apply{draft} --base {base} {}", rpa(namespace), quoted(file))
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

/// All that has happened.
pub fn events(namespace: &Label, run: RunId) -> String {
    format!("{} --all", why(namespace, run, None))
}

pub fn logs(namespace: &Label, run: RunId, step: Option<&StepPath>, follow: bool) -> String {
    let step = step.map(|s| format!(" --step {}", quoted(s.as_str()))).unwrap_or_default();
    let follow = if follow { " -f" } else { "" };
    format!("{} logs {}{step}{follow}", rpa(namespace), run.short())
}

pub fn cancel(namespace: &Label, runs: &[RunId]) -> String {
    each(namespace, "cancel", runs)
}

pub fn resume(namespace: &Label, runs: &[RunId]) -> String {
    each(namespace, "resume", runs)
}

/// One command a run; of many the first ones.
pub fn each(namespace: &Label, verb: &str, runs: &[RunId]) -> String {
    let one = |run: &RunId| format!("{} {verb} {}", rpa(namespace), run.short());
    let more = if runs.len() > NAMED { "; ..." } else { "" };
    runs.iter().take(NAMED).map(one).collect::<Vec<_>>().join("; ") + more
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

pub fn approvals(namespace: &Label) -> String {
    format!("{} approvals", rpa(namespace))
}

/// `rpa approve` or `rpa reject`; `fields` as a command may show them.
pub fn vote(namespace: &Label, ballot: &Ballot, fields: &[(String, String)]) -> String {
    let verb = if ballot.approves { "approve" } else { "reject" };
    let (run, path) = (ballot.run.short(), quoted(ballot.path.as_str()));
    let one = |(name, value): &(String, String)| quoted(&format!("{name}={value}"));
    let fields: String = fields.iter().map(|field| format!(" --field {}", one(field))).collect();
    let comment = match ballot.comment.is_empty() {
        true => String::new(),
        false => format!(" --comment {}", quoted(&ballot.comment)),
    };
    let digest = ballot.digest.get(..DIGEST).unwrap_or(&ballot.digest);
    format!("{} {verb} {run} {path} --digest {digest}{fields}{comment}", rpa(namespace))
}

/// The same of runs that run again.
pub fn each_again(namespace: &Label, all: &[Again]) -> String {
    let one = |asked: &Again| again(namespace, asked);
    let more = if all.len() > NAMED { "; ..." } else { "" };
    all.iter().take(NAMED).map(one).collect::<Vec<_>>().join("; ") + more
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
    let name = quoted(local(namespace, workflow));
    format!("{} run {name}{}", rpa(namespace), given(variables))
}

fn local<'a>(namespace: &Label, workflow: &'a str) -> &'a str {
    workflow.strip_prefix(&format!("{namespace}/")).unwrap_or(workflow)
}

pub fn notifications(namespace: &Label, filter: NotificationFilter) -> String {
    let option = match filter {
        NotificationFilter::Unread => " --unread",
        NotificationFilter::Open => "",
        NotificationFilter::All => " --all",
    };
    format!("{} notifications{option}", rpa(namespace))
}

/// Without ids all that there are; what has happened after `upto` stays unread.
pub fn acknowledge(namespace: &Label, ids: Option<&[u64]>, upto: Option<u64>) -> String {
    let meant = match ids {
        Some(ids) => ids.iter().map(|id| format!(" {id}")).collect(),
        None => " --all".to_owned(),
    };
    let upto = upto.map(|upto| format!(" --upto {upto}")).unwrap_or_default();
    format!("{} notifications ack{meant}{upto}", rpa(namespace))
}

pub fn locks(namespace: &Label) -> String {
    format!("{} locks", rpa(namespace))
}

pub fn release(namespace: &Label, hold: &Hold) -> String {
    let (lock, run, path) = (quoted(&hold.lock), hold.run.short(), quoted(hold.path.as_str()));
    format!("{} locks release {lock} {run} {path} --yes", rpa(namespace))
}

/// Without a size the pool is taken away.
pub fn size_pool(namespace: &Label, name: &str, size: Option<u32>) -> String {
    match size {
        Some(size) => set_pool(namespace, name, &size.to_string()),
        None => format!("{} locks drop {}", rpa(namespace), quoted(name)),
    }
}

/// As it is being typed.
pub fn set_pool(namespace: &Label, name: &str, size: &str) -> String {
    let word = |text: &str, what: &str| match text.trim() {
        "" => what.to_owned(),
        text => quoted(text),
    };
    format!("{} locks set {} {}", rpa(namespace), word(name, "NAME"), word(size, "SIZE"))
}

pub fn triggers(namespace: &Label) -> String {
    format!("{} triggers", rpa(namespace))
}

pub fn upcoming(namespace: &Label) -> String {
    format!("{} upcoming", rpa(namespace))
}

/// What shows what has become of what reached a trigger: its slots, unless something is
/// delivered to it.
pub fn past(namespace: &Label, name: &TriggerName, view: Option<&TriggerView>) -> String {
    match view.is_some_and(has_deliveries) {
        false => slots(namespace, name),
        true => format!("{} deliveries {}", rpa(namespace), which(namespace, name)),
    }
}

/// Slots of all triggers; `options` begin with a blank, or are empty.
pub fn ledger(namespace: &Label, options: &str) -> String {
    format!("{} slots{options}", rpa(namespace))
}

pub fn slots(namespace: &Label, name: &TriggerName) -> String {
    format!("{} slots {}", rpa(namespace), which(namespace, name))
}

/// `rpa triggers enable`, `disable`, `pause`, `resume`.
pub fn trigger(namespace: &Label, name: &TriggerName, wish: &TriggerWish) -> String {
    let (verb, note) = match wish {
        TriggerWish::Enable => ("enable", ""),
        TriggerWish::Disable { note } => ("disable", note.as_str()),
        TriggerWish::Pause { note } => ("pause", note.as_str()),
        TriggerWish::Resume => ("resume", ""),
    };
    let note = match note {
        "" => String::new(),
        note => format!(" --note {}", quoted(note)),
    };
    format!("{} {verb} {}{note}", triggers(namespace), which(namespace, name))
}

/// `rpa triggers fire` or `test`, with data where it is not the usual one.
pub fn fire(namespace: &Label, name: &TriggerName, verb: &str, data: Option<&str>) -> String {
    let data = data.map(|data| format!(" --data {}", quoted(data))).unwrap_or_default();
    format!("{} {verb} {}{data}", triggers(namespace), which(namespace, name))
}

pub fn trigger_enable(namespace: &Label, name: &TriggerName) -> String {
    trigger(namespace, name, &TriggerWish::Enable)
}

pub fn trigger_resume(namespace: &Label, name: &TriggerName) -> String {
    trigger(namespace, name, &TriggerWish::Resume)
}

/// With instants: what a clock on the wall shows may come twice.
pub fn backfill(namespace: &Label, asking: &Asking) -> String {
    let (from, to) = (moment::typed(asking.from_ms), moment::typed(asking.to_ms));
    let which = which(namespace, &asking.name);
    let rpa = rpa(namespace);
    format!("{rpa} schedule backfill {which} --from {from} --to {to} --max {MOST_BACKFILLED}")
}

fn which(namespace: &Label, name: &TriggerName) -> String {
    format!("{} {}", quoted(local(namespace, &name.workflow)), quoted(&name.trigger))
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
