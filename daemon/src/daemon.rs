//! The daemon's life: open, recover, serve, drain.
//!
//! Who is awaited in which order at the end: first the attempts (they report to
//! the driver), then the driver (it settles the store), then the connections.

use std::sync::Arc;
use std::time::Duration;

use rpa_config::expr::Evaluator;
use rpa_config::paths::Paths;
use rpa_config::settings::Settings;
use rpa_engine::StopReason;
use rpa_ipc::{Fault, FaultCode, fault};
use rpa_tasks::Registry;
use tokio::runtime::Handle;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, watch};

use crate::backup::Backups;
use crate::backup::schedule::{self, Schedule};
use crate::blobs::Blobs;
use crate::doctor::Clock;
use crate::driver::{self, Answer, Changes, Dispatch, Driver, Inbox, Message, Orders, Parts};
use crate::evaluate::{self, Expressions};
use crate::health::{Health, State};
use crate::reserve::Reserve;
use crate::rpc::{self, Lookers, Members, Office};
use crate::rundir::RunDirs;
use crate::runlog::Logs;
use crate::runner::{Equipment, Runner};
use crate::secrets::SecretDir;
use crate::store::Store;

/// How long after KILL the end of a process group is waited for.
const AFTER_KILL: Duration = Duration::from_secs(6);
/// How long connections may take to come to their end.
const FAREWELL: Duration = Duration::from_secs(2);
/// How often old request ids are forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(3600);
/// How often a full disk is looked at.
const DISK_LOOK: Duration = Duration::from_secs(1);

/// Runs until a signal says stop. The state directory is claimed by the caller.
pub async fn run(paths: &Paths, settings: &Settings, store: Store) -> Result<(), Fault> {
    let store = Arc::new(store);
    let store_fault = |e: crate::store::StoreError| e.fault(store.path());
    let instance = store.read().and_then(|r| r.instance()).map_err(store_fault)?;
    let dirs = RunDirs::new(&paths.state_dir);
    let blobs = Blobs::new(dirs.clone());
    let logs = Arc::new(Logs::new(dirs.clone(), settings.runs.log_limit));
    let health = Arc::new(Health::default());
    let changes = Arc::new(Changes::since(driver::now_ms()));
    let reserve = Arc::new(Reserve::new(&paths.state_dir, settings.store.free_reserve));
    let secrets = secrets(paths, settings);
    let expressions = Arc::new(Expressions::new(
        Evaluator::default(),
        Box::new(secrets.clone()),
        store.clone(),
        blobs.clone(),
    ));
    let (inbox, messages) = Inbox::new();
    let backups = Arc::new(Backups::new(Schedule::of(&settings.backup)));
    let runner = Runner::new(
        Equipment {
            registry: Arc::new(Registry::builtin()),
            expressions: expressions.clone(),
            dirs,
            blobs: blobs.clone(),
            logs: logs.clone(),
            inbox: inbox.clone(),
            instance,
            grace: settings.runs.cancel_grace,
            output_limit: to_usize(settings.runs.output_limit),
            dir_limit: settings.runs.dir_limit,
            inherit_env: settings.shell.inherit_env.clone(),
            slots: to_usize(settings.runs.max_attempts),
        },
        Handle::current(),
    );
    let (evaluations, jobs) = mpsc::unbounded_channel();
    let (next_due, due) = watch::channel(None);
    let orders = Arc::new(Orders::default());
    let mut driver = Driver::new(Parts {
        blobs: blobs.clone(),
        store: store.clone(),
        health: health.clone(),
        changes: changes.clone(),
        logs: logs.clone(),
        reserve: reserve.clone(),
        dispatch: Dispatch { runner: runner.clone(), evaluations, logs: logs.clone() },
        next_due,
        inbox: messages,
        orders: orders.clone(),
        max_active: u32::try_from(settings.runs.max_active).unwrap_or(u32::MAX),
    });

    let members = Arc::new(Members::of_this_machine());
    let listener = rpc::bind(&paths.socket, &members)?;
    let mut signals = Signals::new()?;
    tokio::spawn(evaluate::serve(expressions, jobs, inbox.clone()));
    tokio::spawn(driver::keep_time(due, inbox.clone()));
    tokio::spawn(housekeeping(inbox.clone(), reserve));
    tokio::spawn(schedule::keep_making(schedule::Parts {
        backups: backups.clone(),
        store: store.clone(),
        state_dir: paths.state_dir.clone(),
        inbox: inbox.clone(),
    }));
    let mut driver = tokio::task::spawn_blocking(move || {
        driver.recover()?;
        driver.run()
    });
    let office = Office {
        store: store.clone(),
        inbox: inbox.clone(),
        changes,
        logs,
        lookers: Lookers::default(),
        backups: backups.clone(),
        blobs,
        secrets,
        runner: runner.clone(),
        health: health.clone(),
        members,
        clock: Clock::now(),
        state_dir: paths.state_dir.clone(),
        socket: paths.socket.clone(),
        started_ms: driver::now_ms(),
        max_active: u32::try_from(settings.runs.max_active).unwrap_or(u32::MAX),
        max_attempts: to_usize(settings.runs.max_attempts),
    };
    let (stop, stopped) = watch::channel(false);
    let server = tokio::spawn(rpc::serve(listener, office, stopped));
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        pid = std::process::id(),
        socket = %paths.socket.display(),
        state = %paths.state_dir.display(),
        "ready"
    );

    let result = tokio::select! {
        ended = &mut driver => driver_result(ended, &store),
        () = signals.next() => {
            health.set(State::Draining, "");
            backups.end();
            drain(&inbox, &orders, &runner, settings, &mut signals).await;
            orders.stop();
            inbox.tell(Message::Stop).await;
            driver_result(driver.await, &store)
        }
    };
    stop.send_replace(true);
    if tokio::time::timeout(FAREWELL, server).await.is_err() {
        tracing::warn!("some clients did not hang up");
    }
    if result.is_ok() {
        tracing::info!("stopped");
    }
    result
}

/// Lets running steps end; ends them when their time is up or a second signal comes.
async fn drain(
    inbox: &Inbox,
    orders: &Orders,
    runner: &Runner,
    settings: &Settings,
    signals: &mut Signals,
) {
    orders.hold();
    // what waits for its turn is not begun either
    runner.begin_no_more();
    // the answer comes with a batch: from then on nothing new is begun
    let _ = inbox.ask(Message::Drain).await;
    let running = runner.running();
    tracing::info!(steps = running, timeout = ?settings.daemon.drain_timeout, "draining");
    tokio::select! {
        () = runner.idle() => return,
        () = tokio::time::sleep(settings.daemon.drain_timeout) => {
            tracing::warn!(steps = runner.running(), "time is up: ending the steps that still run");
        }
        () = signals.next() => {
            tracing::warn!(steps = runner.running(), "asked again: ending the steps that still run");
        }
    }
    runner.stop_all(StopReason::Drain);
    let patience = settings.runs.cancel_grace + AFTER_KILL;
    if tokio::time::timeout(patience, runner.idle()).await.is_err() {
        tracing::error!(
            steps = runner.running(),
            "some steps did not end; the next start sees to them"
        );
    }
}

fn driver_result(
    ended: Result<Result<(), crate::store::StoreError>, tokio::task::JoinError>,
    store: &Store,
) -> Result<(), Fault> {
    match ended {
        Ok(result) => result.map_err(|e| e.fault(store.path())),
        Err(panic) => Err(fault!(FaultCode::Internal, "driver-broke", panic = panic)),
    }
}

async fn housekeeping(inbox: Inbox, reserve: Arc<Reserve>) {
    let mut last = tokio::time::Instant::now();
    let mut look = tokio::time::interval(DISK_LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        if reserve.is_released() || last.elapsed() >= HOUSEKEEPING {
            last = tokio::time::Instant::now();
            while let Ok(Answer::More) = inbox.ask(Message::Housekeep).await {}
        }
    }
}

fn secrets(paths: &Paths, settings: &Settings) -> SecretDir {
    let by_systemd = || std::env::var_os("CREDENTIALS_DIRECTORY").map(std::path::PathBuf::from);
    let dir = settings.secrets.directory.clone().or_else(by_systemd);
    SecretDir::new(dir.unwrap_or_else(|| paths.state_dir.join("secrets")))
}

fn to_usize(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// SIGTERM and SIGINT. A hang-up of the terminal is no reason to stop.
struct Signals {
    term: Signal,
    int: Signal,
    hangup: Signal,
}

impl Signals {
    fn new() -> Result<Signals, Fault> {
        let listen =
            |kind| signal(kind).map_err(|e| fault!(FaultCode::Io, "no-signals", error = e));
        Ok(Signals {
            term: listen(SignalKind::terminate())?,
            int: listen(SignalKind::interrupt())?,
            hangup: listen(SignalKind::hangup())?,
        })
    }

    /// Resolves when the daemon is asked to stop.
    async fn next(&mut self) {
        loop {
            tokio::select! {
                _ = self.term.recv() => return,
                _ = self.int.recv() => return,
                _ = self.hangup.recv() => {
                    tracing::warn!("SIGHUP: this version reads its settings at the start only");
                }
            }
        }
    }
}
