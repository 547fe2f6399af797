//! Approvals, locks, events and what a run is in full, asked over the wire as the
//! command line asks it, also by other users of the machine.

use std::path::{Path, PathBuf};
use std::thread;

use rpa_ipc::Fault;
use rpa_ipc::asking::{
    ApprovalView, ApprovalsQuery, BreakRequest, EventPublished, EventRequest, LockView, LocksQuery,
    PoolRequest, VoteRequest,
};
use rpa_ipc::client::{CALL_DEADLINE, Client, flatten, within};
use rpa_ipc::hello::Via;
use rpa_ipc::service::{GivenValue, LogQuery, RunRef};
use rpa_ipc::view::{LogPage, RunDetail, StepView};
use rpa_tests::{World, eventually};
use rustix::process::{Gid, Uid};
use rustix::thread::{set_thread_gid, set_thread_groups, set_thread_uid};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// A user that every machine has, who is not root and not nobody: `daemon`, in the group
/// `daemon`.
pub const DAEMON: u32 = 1;

/// A connection to the daemon of a world.
pub struct Asker {
    runtime: Runtime,
    client: Client,
}

impl Asker {
    pub fn of(world: &World) -> Asker {
        Asker::connect(&world.socket())
    }

    /// As the user with this number, in the group with the same one: the kernel tells the
    /// daemon who connected, and that is a thread.
    pub fn who_is(world: &World, user: u32) -> Asker {
        let socket: PathBuf = world.socket();
        let stranger = thread::spawn(move || {
            set_thread_groups(&[]).expect("root gives up its groups");
            set_thread_gid(Gid::from_raw(user)).expect("root becomes another group");
            set_thread_uid(Uid::from_raw(user)).expect("root becomes another user");
            Asker::connect(&socket)
        });
        stranger.join().expect("it connects")
    }

    fn connect(socket: &Path) -> Asker {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime.block_on(Client::connect(socket, Via::Cli));
        Asker { runtime, client: client.expect("the daemon answers") }
    }

    /// The run in full.
    pub fn show(&self, run: &str) -> RunDetail {
        let asked = self.client.rpc.show(within(CALL_DEADLINE), named(run));
        flatten(self.runtime.block_on(asked)).expect("the run is there")
    }

    /// Waits until this step of the run has this status.
    pub fn step_until(&self, run: &str, path: &str, status: &str) -> StepView {
        eventually(&format!("step {path} of run {run} is {status}"), || {
            let step = self.show(run).steps.into_iter().find(|step| step.path.as_str() == path);
            step.filter(|step| step.status == status)
        })
    }

    /// The run that the step at `path` has called, once it has.
    pub fn called(&self, run: &str, path: &str) -> String {
        eventually(&format!("step {path} of run {run} has called"), || {
            let steps = self.show(run).steps;
            let step = steps.into_iter().find(|step| step.path.as_str() == path);
            step.and_then(|step| step.called).map(|run| run.to_string())
        })
    }

    pub fn approvals(&self) -> Vec<ApprovalView> {
        let query = ApprovalsQuery { namespace: default(), limit: 1000, cursor: None };
        let asked = self.client.rpc.approvals(within(CALL_DEADLINE), query);
        flatten(self.runtime.block_on(asked)).expect("approvals").items
    }

    /// What the run asks at `path`, once it does.
    pub fn asked(&self, run: &str, path: &str) -> ApprovalView {
        eventually(&format!("step {path} of run {run} asks"), || {
            let fits =
                |view: &ApprovalView| view.run.to_string() == run && view.path.as_str() == path;
            self.approvals().into_iter().find(fits)
        })
    }

    pub fn approve(
        &self,
        view: &ApprovalView,
        fields: &[(&str, &str)],
    ) -> Result<RunDetail, Fault> {
        self.vote(view, true, fields, "")
    }

    pub fn reject(&self, view: &ApprovalView, comment: &str) -> Result<RunDetail, Fault> {
        self.vote(view, false, &[], comment)
    }

    pub fn vote(
        &self,
        view: &ApprovalView,
        approves: bool,
        fields: &[(&str, &str)],
        comment: &str,
    ) -> Result<RunDetail, Fault> {
        let given = |(name, text): &(&str, &str)| {
            ((*name).to_owned(), GivenValue::Text((*text).to_owned()))
        };
        let request = VoteRequest {
            run: named(&view.run.to_string()),
            path: view.path.clone(),
            approves,
            fields: fields.iter().map(given).collect(),
            comment: comment.to_owned(),
            digest: view.digest.clone(),
        };
        let asked = self.client.rpc.vote(within(CALL_DEADLINE), request);
        flatten(self.runtime.block_on(asked))
    }

    /// Publishes, and how many steps it found waiting.
    pub fn publish(&self, name: &str, data: &Value) -> Result<u32, Fault> {
        let data = rpa_config::json::parse(data.to_string().as_bytes()).expect("a document");
        let request = EventRequest { namespace: default(), name: name.to_owned(), data };
        let asked = self.client.rpc.publish_event(within(CALL_DEADLINE), request);
        let published = flatten(self.runtime.block_on(asked));
        published.map(|EventPublished { waited, .. }| waited)
    }

    /// The log of the run, its first 10,000 lines.
    pub fn log(&self, run: &str) -> LogPage {
        let query = LogQuery { run: named(run), from: 0, max: 10_000, step: None };
        let asked = self.client.rpc.log_page(within(CALL_DEADLINE), query);
        flatten(self.runtime.block_on(asked)).expect("a log")
    }

    pub fn locks(&self) -> Vec<LockView> {
        let query = LocksQuery { namespace: default() };
        let asked = self.client.rpc.locks(within(CALL_DEADLINE), query);
        flatten(self.runtime.block_on(asked)).expect("locks")
    }

    pub fn size_pool(&self, name: &str, size: Option<u32>) -> Result<(), Fault> {
        let request = PoolRequest { namespace: default(), name: name.to_owned(), size };
        let asked = self.client.rpc.size_pool(within(CALL_DEADLINE), request);
        flatten(self.runtime.block_on(asked))
    }

    pub fn break_lock(&self, run: &str, path: &str, lock: &str) -> Result<RunDetail, Fault> {
        let path = path.parse().expect("a path");
        let request = BreakRequest { run: named(run), path, lock: lock.to_owned() };
        let asked = self.client.rpc.break_lock(within(CALL_DEADLINE), request);
        flatten(self.runtime.block_on(asked))
    }
}

fn default() -> rpa_engine::Label {
    "default".parse().expect("a name")
}

fn named(run: &str) -> RunRef {
    RunRef { namespace: default(), id: run.to_owned() }
}

/// The code of what must be refused.
#[track_caller]
pub fn refused<T>(answer: Result<T, Fault>) -> String {
    match answer {
        Ok(_) => panic!("it was not refused"),
        Err(fault) => fault.code.to_string(),
    }
}

/// `until [ -e FILE ]`, as a step's commands: it goes on when the test says so.
pub fn until_there(file: &Path) -> String {
    format!("until [ -e {} ]; do sleep 0.02; done", file.display())
}

/// Whether one of the processes in `file` runs, as a condition of a step's commands.
/// One that has ended and that nobody has asked about is no more.
pub fn still_runs(file: &Path) -> String {
    let pids = format!("$(sed 's,.*,/proc/&/status,' {})", file.display());
    format!("grep -hs '^State:' {pids} | grep -qv '[ZX] ('")
}

/// Whether a process runs.
pub fn alive(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    let state = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next());
    state.is_some_and(|s| s != "Z" && s != "X")
}
