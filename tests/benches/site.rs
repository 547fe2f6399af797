//! A daemon to be measured, and clients of it.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use rpa_ipc::catalog::ApplyRequest;
use rpa_ipc::client::{Client, flatten, within};
use rpa_ipc::hello::Via;
use rpa_ipc::service::{GivenValue, RunRef, RunsQuery, SubmitRequest};
use rpa_ipc::view::{Applied, RunDetail, StatusView};
use rpa_tests::{Daemon, Options, World};
use tokio::runtime::Runtime;

use crate::place;

/// Where runs are unless they are not to be seen.
pub const HERE: &str = "default";
/// A workflow of one step that does nothing.
pub const ONE: &str = "version: 1\nname: one\nsteps:\n  - id: only\n    uses: noop\n";

/// Longer than any call that comes to an end.
const DEADLINE: Duration = Duration::from_secs(60);
const LONG_POLL_MS: u64 = 30_000;

/// A daemon as it is shipped, in a world of its own on the disk of the target
/// directory. Killed when it is dropped.
#[derive(Debug)]
pub struct Site {
    pub world: World,
    pub daemon: Daemon,
}

impl Site {
    pub fn start() -> Site {
        Site::start_with(&Options::default())
    }

    pub fn start_with(options: &Options) -> Site {
        let world = World::within(&place::worlds());
        let daemon = world.spawn(options);
        Site { world, daemon }
    }
}

/// The benches' own runtime: one thread, so that the other processor is the
/// daemon's.
pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// A connection, as soon as the daemon takes one.
pub async fn connect(socket: &Path) -> Client {
    let deadline = Instant::now() + DEADLINE;
    loop {
        match Client::connect(socket, Via::Cli).await {
            Ok(client) => return client,
            Err(fault) => assert!(Instant::now() < deadline, "{fault}"),
        }
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
}

/// What a bench asks of the daemon; every fault is the end of it.
pub trait Ask {
    async fn apply(&self, namespace: &str, source: &str);
    async fn submit(&self, namespace: &str, workflow: &str) -> RunRef {
        self.submit_with(namespace, workflow, Vec::new()).await
    }
    async fn submit_with(
        &self,
        namespace: &str,
        workflow: &str,
        variables: Vec<(String, GivenValue)>,
    ) -> RunRef;
    /// The run, or nothing where it was not accepted.
    async fn try_submit(&self, namespace: &str, workflow: &str) -> Option<String>;
    async fn status(&self) -> StatusView;
    /// Waits until the run has completed.
    async fn completed(&self, run: &RunRef);
    /// The file of the run's log.
    async fn log_path(&self, run: &RunRef) -> String;
    /// Ids of all runs.
    async fn all_runs(&self, namespace: &str) -> HashSet<String>;
}

impl Ask for Client {
    async fn apply(&self, namespace: &str, source: &str) {
        let request = ApplyRequest {
            namespace: label(namespace),
            file: "bench.yaml".to_owned(),
            source: source.to_owned(),
            note: String::new(),
            draft: false,
            base: None,
        };
        match flatten(self.rpc.apply(within(DEADLINE), request).await) {
            Ok(Applied::Accepted { .. }) => {}
            other => panic!("not applied: {other:?}"),
        }
    }

    async fn submit_with(
        &self,
        namespace: &str,
        workflow: &str,
        variables: Vec<(String, GivenValue)>,
    ) -> RunRef {
        let request = SubmitRequest {
            namespace: label(namespace),
            workflow: workflow.to_owned(),
            variables,
            request_id: request_id(),
        };
        let started = flatten(self.rpc.submit(within(DEADLINE), request).await);
        let started = started.expect("the run is accepted");
        RunRef { namespace: label(namespace), id: started.run.to_string() }
    }

    async fn try_submit(&self, namespace: &str, workflow: &str) -> Option<String> {
        let request = SubmitRequest {
            namespace: label(namespace),
            workflow: workflow.to_owned(),
            variables: Vec::new(),
            request_id: request_id(),
        };
        let started = flatten(self.rpc.submit(within(DEADLINE), request).await).ok()?;
        Some(started.run.to_string())
    }

    async fn status(&self) -> StatusView {
        flatten(self.rpc.status(within(DEADLINE)).await).expect("the daemon's status")
    }

    async fn completed(&self, run: &RunRef) {
        loop {
            let call = self.rpc.settled(within(DEADLINE), run.clone(), LONG_POLL_MS);
            let RunDetail { summary, .. } = flatten(call.await).expect("the run");
            match summary.status.as_str() {
                "completed" => return,
                "queued" | "running" => {}
                other => panic!("run {} is {other}: {:?}", run.id, summary.error),
            }
        }
    }

    async fn all_runs(&self, namespace: &str) -> HashSet<String> {
        let mut found = HashSet::new();
        let mut cursor = None;
        loop {
            let query = RunsQuery { cursor, ..RunsQuery::of(label(namespace)) };
            let page = flatten(self.rpc.runs(within(DEADLINE), query).await).expect("a page");
            found.extend(page.items.iter().map(|run| run.run.to_string()));
            cursor = page.next;
            if cursor.is_none() {
                return found;
            }
        }
    }

    async fn log_path(&self, run: &RunRef) -> String {
        let call = self.rpc.show(within(DEADLINE), run.clone());
        flatten(call.await).expect("the run").log_path
    }
}

/// Runs that have completed, and those that have failed.
pub fn ended(status: &StatusView) -> (u64, u64) {
    let runs = |wanted: &str| {
        let those = status.runs.iter().filter(|(word, _)| word == wanted);
        those.map(|(_, n)| n).sum()
    };
    (runs("completed"), runs("failed"))
}

fn label(name: &str) -> rpa_engine::Label {
    name.parse().expect("a name")
}

/// Different for each request, also from those of an earlier process to a store that is
/// kept.
fn request_id() -> String {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static BEGUN: LazyLock<u128> = LazyLock::new(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.expect("a time after 1970").as_nanos()
    });
    format!("bench-{:x}-{}", *BEGUN, NEXT.fetch_add(1, Ordering::Relaxed))
}
