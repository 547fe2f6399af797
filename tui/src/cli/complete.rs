//! Names that only the daemon knows, for the completion of a shell.
//!
//! The shell calls `rpa` for each press of the key, see [`super::completions`]. Whoever
//! presses it waits: a daemon that does not answer at once is not waited for, and
//! nothing is ever said. The daemon of another machine is not asked, as ssh may want a
//! password.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Command, CommandFactory};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use rpa_config::catalogue::CATALOGUE;
use rpa_engine::Label;
use rpa_ipc::asking::LocksQuery;
use rpa_ipc::client::{Client, flatten, within};
use rpa_ipc::hello::Via;
use rpa_ipc::notifications::{NotificationFilter, NotificationsQuery};
use rpa_ipc::service::{RpadClient, RunRef, RunsQuery, WorkflowsQuery};
use rpa_ipc::triggers::TriggersQuery;
use rpa_ipc::{FaultCode, Language};
use tarpc::context::Context;

use super::args::{Cli, namespace};
use super::help::TOPICS;
use super::session::socket;
use super::text::sanitize;
use crate::remote::HOST_ENV;

/// Names the shell for whose completion the program is called.
pub const ENV: &str = "RPA_COMPLETE";
/// How long the daemon may take for everything; a key that takes longer feels stuck.
const PATIENCE: Duration = Duration::from_millis(90);
/// Most names that are offered.
const MOST: u32 = 500;
/// Newest runs that are offered.
const RUNS: u32 = 50;

/// The names that an argument takes.
type Names = fn(&OsStr) -> Vec<CompletionCandidate>;

/// The command line, with what gives the names of its arguments.
pub fn command() -> Command {
    with_names(Cli::command())
}

fn with_names(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_args(|arg| match names(&name, arg.get_id().as_str()) {
        Some(names) => arg.add(ArgValueCompleter::new(names)),
        None => arg,
    });
    command.mut_subcommands(with_names)
}

/// By the command and the argument's id.
fn names(command: &str, id: &str) -> Option<Names> {
    Some(match (command, id) {
        ("rpa", "namespace") => namespaces,
        (_, "workflow" | "workflows") if command != "rpa" => workflows,
        (_, "run") if command != "rpa" => runs,
        (_, "trigger") => triggers,
        // of no run in particular
        ("runs", "step") => return None,
        ("rerun", "from") | (_, "step" | "path") => steps,
        ("set" | "drop" | "release", "name") => locks,
        ("ack", "ids") => notifications,
        ("tasks", "name") => tasks,
        ("explain", "code") => codes,
        ("help", "words") => topics,
        _ => return None,
    })
}

/// Workflows of the namespace.
pub fn workflows(current: &OsStr) -> Vec<CompletionCandidate> {
    let archived = has("restore");
    offered(current, async |rpc: &RpadClient, context, namespace| {
        let (tag, category, cursor) = (None, None, None);
        let query = WorkflowsQuery { namespace, tag, category, archived, limit: MOST, cursor };
        let page = flatten(rpc.workflows(context, query).await).ok()?;
        let of = |workflow: &str| workflow.rsplit('/').next().unwrap_or_default().to_owned();
        Some(page.items.into_iter().map(|w| (of(&w.workflow), w.description)).collect())
    })
}

/// Namespaces, whichever the command line names so far.
pub fn namespaces(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, async |rpc: &RpadClient, context, _| {
        let names = flatten(rpc.namespaces(context).await).ok()?;
        Some(names.into_iter().map(|name| (name, String::new())).collect())
    })
}

/// Triggers of the workflow that stands before the word.
pub fn triggers(current: &OsStr) -> Vec<CompletionCandidate> {
    let workflow = before();
    offered(current, async |rpc: &RpadClient, context, namespace| {
        let views = flatten(rpc.triggers(context, TriggersQuery { namespace }).await).ok()?;
        let its = |of: &str| {
            workflow
                .as_ref()
                .is_some_and(|name| of == name || of.rsplit('/').next() == Some(name.as_str()))
        };
        let its = views.into_iter().filter(|view| its(&view.workflow));
        Some(its.map(|view| (view.trigger, view.what)).collect())
    })
}

/// The newest runs, by the ends of their ids.
pub fn runs(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, async |rpc: &RpadClient, context, namespace| {
        let query = RunsQuery { limit: RUNS, ..RunsQuery::of(namespace) };
        let page = flatten(rpc.runs(context, query).await).ok()?;
        let about = |status: &str, workflow: &str| format!("{status} {workflow}");
        let runs = page.items.into_iter();
        Some(runs.map(|r| (r.run.short(), about(&r.status, &r.workflow))).collect())
    })
}

/// Steps of the run that stands before the word.
pub fn steps(current: &OsStr) -> Vec<CompletionCandidate> {
    let run = before();
    offered(current, async |rpc: &RpadClient, context, namespace| {
        let detail = flatten(rpc.show(context, RunRef { namespace, id: run? }).await).ok()?;
        let steps = detail.steps.into_iter();
        Some(steps.map(|step| (step.path.to_string(), step.status)).collect())
    })
}

/// Locks and pools.
pub fn locks(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, async |rpc: &RpadClient, context, namespace| {
        let locks = flatten(rpc.locks(context, LocksQuery { namespace }).await).ok()?;
        let about = |size: Option<u32>| size.map_or("lock", |_| "pool").to_owned();
        Some(locks.into_iter().map(|lock| (lock.name, about(lock.size))).collect())
    })
}

/// Notifications that nobody has seen.
pub fn notifications(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, async |rpc: &RpadClient, context, namespace| {
        let filter = NotificationFilter::Unread;
        let (workflow, limit, cursor) = (None, MOST, None);
        let query = NotificationsQuery { namespace, filter, workflow, limit, cursor };
        let page = flatten(rpc.notifications(context, query).await).ok()?;
        let about = |kind: &str, workflow: &str| format!("{kind} {workflow}");
        let all = page.items.into_iter();
        Some(all.map(|view| (view.id.to_string(), about(&view.kind, &view.workflow))).collect())
    })
}

/// Task types.
pub fn tasks(current: &OsStr) -> Vec<CompletionCandidate> {
    let all = CATALOGUE.iter().map(|task| (task.kind.to_owned(), task.summary.to_owned()));
    candidates(current, all)
}

/// Codes of faults.
pub fn codes(current: &OsStr) -> Vec<CompletionCandidate> {
    let title = |code: &FaultCode| code.title(Language::English).into_owned();
    candidates(current, FaultCode::ALL.iter().map(|code| (code.to_string(), title(code))))
}

/// Topics of `rpa help`.
pub fn topics(current: &OsStr) -> Vec<CompletionCandidate> {
    let about = |topic: &super::help::Topic| topic.about(Language::English).to_owned();
    candidates(current, TOPICS.iter().map(|topic| (topic.name.to_owned(), about(topic))))
}

fn candidates(
    current: &OsStr,
    all: impl IntoIterator<Item = (String, String)>,
) -> Vec<CompletionCandidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    let fits = all.into_iter().filter(|(name, _)| name.starts_with(current) && is_bare(name));
    fits.map(|(name, about)| {
        let about: String = sanitize(&about).replace('\t', " ");
        CompletionCandidate::new(name).help((!about.is_empty()).then(|| about.into()))
    })
    .collect()
}

/// Whether a shell takes a name as it is: it is put into a command line unquoted. Ours
/// are of this form; a daemon that gives another one is not believed.
fn is_bare(name: &str) -> bool {
    let bare = |c: char| c.is_ascii_alphanumeric() || "-_./@[]".contains(c);
    !name.is_empty() && !name.starts_with('-') && name.chars().all(bare)
}

/// Asks the daemon in the time that there is.
fn offered<F>(current: &OsStr, ask: F) -> Vec<CompletionCandidate>
where
    F: AsyncFnOnce(&RpadClient, Context, Label) -> Option<Vec<(String, String)>>,
{
    let asked = async {
        let asked = Asked::of(words())?;
        let socket = socket(asked.socket.as_deref()).ok()?;
        let client = Client::connect(&socket, Via::Cli).await.ok()?;
        ask(&client.rpc, within(PATIENCE), asked.namespace).await
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let answer = runtime.ok().and_then(|runtime| {
        runtime.block_on(async { tokio::time::timeout(PATIENCE, asked).await.ok().flatten() })
    });
    candidates(current, answer.unwrap_or_default())
}

/// What the command line says about whom to ask.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    namespace: Label,
    socket: Option<PathBuf>,
}

impl Asked {
    /// `None` when it is about another machine, or cannot be read.
    fn of(words: Vec<String>) -> Option<Asked> {
        let variable = |name: &str| std::env::var(name).unwrap_or_default();
        let (mut space, mut socket) = (variable("RPA_NAMESPACE"), None);
        let mut host = variable(HOST_ENV);
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let (name, mut value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let mut given = || value.take().or_else(|| words.next()).unwrap_or_default();
            match name {
                "-n" | "--namespace" => space = given(),
                "--socket" => socket = Some(PathBuf::from(given())),
                "--host" => host = given(),
                _ => {}
            }
        }
        let namespace = namespace(&space).ok()?;
        host.is_empty().then_some(Asked { namespace, socket })
    }
}

/// The words of the command line that is being completed, the program first.
fn words() -> Vec<String> {
    let words = std::env::args_os().skip_while(|word| word != "--").skip(1);
    words.map(|word: OsString| word.to_string_lossy().into_owned()).collect()
}

fn has(word: &str) -> bool {
    words().iter().any(|given| given == word)
}

/// The operand before the word at the cursor.
fn before() -> Option<String> {
    let mut words = words();
    let at = std::env::var("_CLAP_COMPLETE_INDEX").ok().and_then(|index| index.parse().ok());
    words.truncate(at.unwrap_or(words.len().saturating_sub(1)));
    words.into_iter().rev().find(|word| !word.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An argument that is none of the program takes no names, and the names of a
    /// command stand where the parser reads them.
    #[test]
    fn the_names_belong_to_arguments_that_there_are() {
        let root = command();
        let with = |path: &[&str]| -> Vec<String> {
            let command = path.iter().fold(&root, |c, name| c.find_subcommand(name).unwrap());
            let named = command.get_arguments().filter(|a| a.get::<ArgValueCompleter>().is_some());
            named.map(|arg| arg.get_id().to_string()).collect()
        };
        let table: [(&[&str], &[&str]); 13] = [
            (&[], &["namespace"]),
            (&["slots"], &["workflow", "trigger"]),
            (&["run"], &["workflow"]),
            (&["export"], &["workflows"]),
            (&["runs"], &["workflow", "trigger"]),
            (&["why"], &["run", "step"]),
            (&["rerun"], &["run", "from"]),
            (&["resolve"], &["run", "path"]),
            (&["triggers", "pause"], &["workflow", "trigger"]),
            (&["schedule", "backfill"], &["workflow", "trigger"]),
            (&["locks", "release"], &["name", "run", "step"]),
            (&["notifications"], &["workflow"]),
            (&["check"], &[]),
        ];
        for (path, wanted) in table {
            assert_eq!(with(path), wanted, "{path:?}");
        }
    }

    #[test]
    fn the_command_line_says_whom_to_ask() {
        let of = |line: &str| Asked::of(line.split(' ').map(str::to_owned).collect());
        let asked = |namespace: &str, socket: Option<&str>| {
            Some(Asked { namespace: namespace.parse().unwrap(), socket: socket.map(PathBuf::from) })
        };
        assert_eq!(of("rpa run x"), asked("default", None));
        assert_eq!(of("rpa -n ops run x --socket=/s"), asked("ops", Some("/s")));
        assert_eq!(of("rpa --namespace=ops --socket /s run"), asked("ops", Some("/s")));
        assert_eq!(of("rpa --host ops1 run"), None);
        assert_eq!(of("rpa -n UPPER run"), None);
    }

    #[test]
    fn names_that_a_shell_would_read_otherwise_are_not_offered() {
        let all = ["disk-report", "$(id)", "-rf", "a b", "each[3]/send", "a;b", "dis'k"];
        let all = all.map(|name| (name.to_owned(), "\u{1b}[2Jabout\u{7}".to_owned()));
        let offered = |current: &str| -> Vec<String> {
            let found = candidates(OsStr::new(current), all.clone());
            found.iter().map(|c| c.get_value().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(offered(""), ["disk-report", "each[3]/send"]);
        assert_eq!(offered("di"), ["disk-report"]);
        let help = candidates(OsStr::new("di"), all)[0].get_help().unwrap().to_string();
        assert_eq!(help, "about\\x07");
    }
}
