//! A daemon without a store: it answers the real protocol with what a test put
//! into it, and can be stopped and started again.

mod service;
mod stream;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures::StreamExt;
use rpa_ipc::asking::{BreakRequest, EventRequest, PoolRequest, VoteRequest};
use rpa_ipc::catalog::{ApplyRequest, ImportRequest};
use rpa_ipc::codec::{self, Codec};
use rpa_ipc::hello::{self, Greeting, Mode};
use rpa_ipc::overview::OverviewQuery;
use rpa_ipc::service::{ResolveRequest, Rpad, RunsQuery, SubmitRequest};
use rpa_ipc::triggers::{
    BackfillRequest, DeliveriesQuery, FireRequest, LedgerQuery, PreviewQuery, SlotsQuery,
    TestRequest, TriggerRequest, UpcomingQuery,
};
use rpa_ipc::view::{Applied, LogLine, Page, RunDetail, RunSummary};
use tarpc::server::{BaseChannel, Channel};
use tempfile::TempDir;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};

/// What the daemon knows, and what it was asked.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) detail: RunDetail,
    pub(crate) log: Vec<LogLine>,
    pub(crate) submits: Vec<SubmitRequest>,
    pub(crate) applies: Vec<ApplyRequest>,
    pub(crate) imports: Vec<ImportRequest>,
    pub(crate) resolves: Vec<ResolveRequest>,
    pub(crate) votes: Vec<VoteRequest>,
    pub(crate) pools: Vec<PoolRequest>,
    pub(crate) breaks: Vec<BreakRequest>,
    pub(crate) events: Vec<EventRequest>,
    pub(crate) orders: Vec<TriggerRequest>,
    pub(crate) slots: Vec<SlotsQuery>,
    pub(crate) ledgers: Vec<LedgerQuery>,
    pub(crate) previews: Vec<PreviewQuery>,
    pub(crate) upcoming: Vec<UpcomingQuery>,
    pub(crate) overviews: Vec<OverviewQuery>,
    pub(crate) backfills: Vec<BackfillRequest>,
    pub(crate) deliveries: Vec<DeliveriesQuery>,
    pub(crate) firings: Vec<FireRequest>,
    pub(crate) tests: Vec<TestRequest>,
    /// Runs beside that of `detail`, by their full id.
    pub(crate) others: Vec<RunDetail>,
    pub(crate) lists: Vec<RunsQuery>,
    /// What `runs` answers, in order; then the one run each time.
    pub(crate) pages: VecDeque<Page<RunSummary>>,
    /// What `apply` answers, in order; then a new revision each time.
    pub(crate) applied: Vec<Applied>,
    /// So many submits are accepted, but the connection is cut before the answer.
    pub(crate) lost_answers: usize,
    pub(crate) watches: usize,
    pub(crate) follows: usize,
    /// So many pages are streamed, then the log connection is cut.
    pub(crate) pages_before_cut: Option<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct Daemon {
    pub(crate) socket: PathBuf,
    state: Arc<Mutex<State>>,
    /// Grows with each change of the state.
    changes: watch::Sender<u64>,
    /// Ends every connection.
    cut: Arc<Notify>,
    serving: Arc<Mutex<Option<JoinHandle<()>>>>,
    _dir: Arc<TempDir>,
}

impl Daemon {
    pub(crate) fn start(detail: RunDetail) -> Daemon {
        let dir = tempfile::tempdir().expect("a directory");
        let daemon = Daemon {
            socket: dir.path().join("rpad.sock"),
            state: Arc::new(Mutex::new(State {
                detail,
                log: Vec::new(),
                submits: Vec::new(),
                applies: Vec::new(),
                imports: Vec::new(),
                resolves: Vec::new(),
                votes: Vec::new(),
                pools: Vec::new(),
                breaks: Vec::new(),
                events: Vec::new(),
                orders: Vec::new(),
                slots: Vec::new(),
                ledgers: Vec::new(),
                previews: Vec::new(),
                upcoming: Vec::new(),
                overviews: Vec::new(),
                backfills: Vec::new(),
                deliveries: Vec::new(),
                firings: Vec::new(),
                tests: Vec::new(),
                others: Vec::new(),
                lists: Vec::new(),
                pages: VecDeque::new(),
                applied: Vec::new(),
                lost_answers: 0,
                watches: 0,
                follows: 0,
                pages_before_cut: None,
            })),
            changes: watch::Sender::new(0),
            cut: Arc::default(),
            serving: Arc::default(),
            _dir: Arc::new(dir),
        };
        daemon.start_again();
        daemon
    }

    /// As a restart of the daemon ends: the socket is there again.
    pub(crate) fn start_again(&self) {
        let _ = std::fs::remove_file(&self.socket);
        let listener = UnixListener::bind(&self.socket).expect("the socket is free");
        let serving = tokio::spawn(serve(listener, self.clone()));
        *self.serving.lock().expect("not poisoned") = Some(serving);
    }

    /// As a restart begins: every connection is gone, and the socket too.
    pub(crate) async fn stop(&self) {
        let serving = self.serving.lock().expect("not poisoned").take();
        if let Some(serving) = serving {
            serving.abort();
            let _ = serving.await;
        }
        let _ = std::fs::remove_file(&self.socket);
    }

    /// Changes what the daemon knows, and wakes whoever waits for a change.
    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        change(&mut state);
        state.detail.seq += 1;
        state.detail.log_lines = state.log.len() as u64;
        drop(state);
        self.changes.send_modify(|n| *n += 1);
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("not poisoned")
    }

    /// Waits until the daemon's state is as wanted.
    pub(crate) async fn until(&self, what: &str, wanted: impl Fn(&State) -> bool) {
        for _ in 0..1_000 {
            if wanted(&self.state()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never came: {what}: {:#?}", self.state());
    }

    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }
}

async fn serve(listener: UnixListener, daemon: Daemon) {
    // dropped with this task, which ends the connections
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let daemon = daemon.clone();
        connections.spawn(async move {
            let cut = Arc::clone(&daemon.cut);
            tokio::select! {
                () = cut.notified() => {}
                () = connection(stream, daemon) => {}
            }
        });
    }
}

async fn connection(mut stream: UnixStream, daemon: Daemon) {
    match hello::receive(&mut stream, hello::Verdict::Go).await {
        Ok(Some(Greeting { mode: Mode::Calls, .. })) => {
            let transport = tarpc::serde_transport::new(codec::frames(stream), Codec::default());
            let calls = BaseChannel::with_defaults(transport).execute(daemon.serve());
            calls.for_each_concurrent(None, |call| call).await;
        }
        Ok(Some(Greeting { mode: Mode::Logs, .. })) => stream::follow(stream, &daemon).await,
        Ok(Some(Greeting { mode: Mode::Backup, .. })) | Ok(None) | Err(_) => {}
    }
}
