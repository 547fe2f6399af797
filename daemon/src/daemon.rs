//! The daemon's life: open, find the runner, recover, serve, stop.
//!
//! Who is awaited in which order at the end: first the attempts that would end with the
//! daemon (they report to the driver), then the driver (it settles the store), then the
//! connections.
//!
//! | asked to stop by | with steps in a runner of its own | all inside the daemon |
//! |---|---|---|
//! | SIGTERM, as service managers do | leaves them there | lets them end, then ends them |
//! | SIGINT, as a person at a terminal does | lets them end, then ends them and the runner | the same |

use std::sync::Arc;
use std::time::Duration;

use rpa_config::expr::Evaluator;
use rpa_config::paths::Paths;
use rpa_config::settings::Settings;
use rpa_engine::StopReason;
use rpa_ipc::{Fault, FaultCode, fault};
use rpa_tasks::{Inherited, Registry};
use tokio::runtime::Handle;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, watch};

use crate::backup::Backups;
use crate::backup::schedule::{self, Schedule};
use crate::blobs::Blobs;
use crate::doctor::Clock;
use crate::driver::{
    self, Answer, Changes, Dispatch, Driver, Errand, Inbox, Message, Orders, Parts, Rearming,
};
use crate::evaluate::{self, Expressions};
use crate::gathered::gathered;
use crate::health::{Health, State};
use crate::http;
use crate::publish;
use crate::reserve::{Least, Reserve};
use crate::retention::{Keeper, NextLook};
use crate::rpc::{self, Lookers, Members, Office};
use crate::rundir::RunDirs;
use crate::runlog::Logs;
use crate::runner::{Equipment, Link, Place, Plan, Runner, Which};
use crate::secrets::SecretDir;
use crate::service::patience::{self, Asking};
use crate::service::{Given, Source, notify, pulse};
use crate::socket::{Serves, Socket};
use crate::state_dir;
use crate::store::{Store, StoreError};
use crate::triggers::files::Watcher;
use crate::triggers::standing::Standings;
use crate::triggers::turned::Teller;
use crate::triggers::webhook::{Desk, Hooks};

/// How long after KILL the end of a process group is waited for.
pub const AFTER_KILL: Duration = Duration::from_secs(6);
/// How long connections may take to come to their end.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long connections, backups and the last commit may take on a slow disk.
const SETTLING: Duration = Duration::from_secs(60);
/// How often old request ids are forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(3600);
/// How often a full disk is looked at.
const DISK_LOOK: Duration = Duration::from_secs(1);

/// Runs until a signal says stop. The state directory is claimed by the caller.
pub async fn run(
    paths: &Paths,
    mut source: Source<'_>,
    store: Store,
    given: Given,
    asking: Asking,
) -> Result<(), Fault> {
    let settings = &source.now.clone();
    let store = Arc::new(store);
    let store_fault = |e: StoreError| e.fault(store.path());
    let instance = store.read().and_then(|r| r.instance()).map_err(store_fault)?;
    let epoch = store.transact(|tables| tables.next_epoch()).map_err(store_fault)?;
    let dirs = RunDirs::new(&paths.state_dir);
    let blobs = Blobs::new(dirs.clone());
    let logs = Arc::new(Logs::new(dirs.clone(), settings.runs.log_limit));
    let health = Arc::new(Health::default());
    let changes = Arc::new(Changes::since(driver::now_ms()));
    let (bytes, percent) = (settings.store.low_disk, settings.store.low_disk_percent);
    let least = Least { bytes, percent };
    let reserve = Arc::new(Reserve::new(&paths.state_dir, settings.store.free_reserve, least));
    let secrets = secrets(paths, settings);
    let expressions = Arc::new(Expressions::new(
        Evaluator::default(),
        Box::new(secrets.clone()),
        store.clone(),
        blobs.clone(),
    ));
    let (inbox, messages) = Inbox::new();
    let backups = Arc::new(Backups::new(Schedule::of(&settings.backup)));
    let plan = Plan {
        state_dir: paths.state_dir.clone(),
        instance,
        epoch,
        idle_exit: settings.runner.idle_exit,
        log_filter: settings.daemon.log.clone(),
        // where none is wanted, one is still to give back what it has kept
        starts: settings.runner.start || !settings.runner.process,
        offers: settings.runner.process,
    };
    // before recovery: what the runner holds is not lost
    let (link, first) = match plan.offers || plan.has_leftovers() {
        true => Link::open(plan, logs.clone()).await.map(|(l, c)| (Some(l), Some(c)))?,
        false => (None, None),
    };
    // what a runner that is gone has begun is then seen, and none is started meanwhile
    let _place = match &link {
        None => Some(state_dir::claim_for_runner(&paths.state_dir)?),
        Some(_) => None,
    };
    let runner = Runner::new(
        Equipment {
            place: Place {
                registry: Arc::new(Registry::builtin()),
                publisher: Arc::new(publish::ForSteps { inbox: inbox.clone() }),
                dirs,
            },
            expressions: expressions.clone(),
            blobs: blobs.clone(),
            logs: logs.clone(),
            inbox: inbox.clone(),
            instance,
            grace: settings.runs.cancel_grace,
            dir_limit: settings.runs.dir_limit,
            output_limit: settings.runs.output_limit,
            log_limit: settings.runs.log_limit,
            inherited: Arc::new(inherited(&settings.shell.inherit_env)),
            slots: to_usize(settings.runs.max_attempts),
        },
        link,
        Handle::current(),
    );
    let (evaluations, jobs) = mpsc::unbounded_channel();
    let (next_due, due) = watch::channel(None);
    let mut rearmed = Rearming::default();
    let triggers = rearmed.listen();
    let watched = rearmed.listen();
    let hooks_news = rearmed.listen();
    let (turned, turns) = gathered();
    let standings = Standings::heard_by(turned);
    let calendars = Arc::new(settings.calendars.clone());
    let orders = Arc::new(Orders::default());
    let mut driver = Driver::new(Parts {
        blobs: blobs.clone(),
        store: store.clone(),
        health: health.clone(),
        changes: changes.clone(),
        logs: logs.clone(),
        reserve: reserve.clone(),
        dispatch: Box::new(Dispatch { runner: runner.clone(), evaluations, logs: logs.clone() }),
        clock: driver::now_ms,
        next_due,
        rearmed,
        evaluator: Evaluator::default(),
        calendars: calendars.clone(),
        secrets: secrets.clone(),
        inbox: messages,
        orders: orders.clone(),
        max_active: u32::try_from(settings.runs.max_active).unwrap_or(u32::MAX),
    });

    let members = Arc::new(Members::of_this_machine());
    let Given { calls, http: http_socket, http_network: network } = given;
    let listener = match calls {
        Some(listener) => Socket::given(listener)?,
        None => Socket::bind(&paths.socket, None, &members, Serves::Calls)?,
    };
    let socket = listener.path().to_owned();
    let opened = http::Opened { socket: http_socket, network };
    let http = http::bind(&settings.http, &socket, &members, opened).await?;
    let http_places: Arc<[String]> = http.places().into();
    let mut signals = Signals::new()?;
    tokio::spawn(evaluate::serve(expressions, jobs, inbox.clone()));
    tokio::spawn(driver::keep_time(due, inbox.clone()));
    tokio::spawn(schedule::keep_making(schedule::Parts {
        backups: backups.clone(),
        store: store.clone(),
        state_dir: paths.state_dir.clone(),
        inbox: inbox.clone(),
    }));
    let next_look = NextLook::default();
    let keeper = Keeper {
        store: store.clone(),
        inbox: inbox.clone(),
        dirs: RunDirs::new(&paths.state_dir),
        logs: logs.clone(),
        reserve: reserve.clone(),
        limits: (&settings.retention).into(),
        next_look: next_look.clone(),
    };
    tokio::spawn(keeper.keep());
    tokio::spawn(housekeeping(inbox.clone(), reserve, store.clone()));
    // clients that come meanwhile wait to be greeted
    let takes_back = runner.clone();
    let recovered = tokio::task::spawn_blocking(move || {
        if let Some(first) = first {
            takes_back.take_back(first);
        }
        patience::goes_on();
        driver.recover().map(|()| driver)
    });
    let driver = match recovered.await {
        Ok(recovered) => recovered.map_err(store_fault)?,
        Err(panic) => return Err(fault!(FaultCode::Internal, "driver-broke", panic = panic)),
    };
    let teller = Teller::new(&store, inbox.clone()).map_err(store_fault)?;
    tokio::spawn(teller.tell(turns));
    let mut driver = tokio::task::spawn_blocking(move || driver.run());
    let schedules =
        crate::triggers::clock::Clock::new(store.clone(), calendars.clone(), inbox.clone());
    tokio::spawn(schedules.run(triggers));
    let files = Watcher::new(store.clone(), inbox.clone(), standings.clone());
    tokio::spawn(files.run(watched));
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
        next_look,
        members,
        calendars: calendars.clone(),
        standings,
        clock: Clock::now(),
        state_dir: paths.state_dir.clone(),
        socket: socket.clone(),
        http: http_places.clone(),
        started_ms: driver::now_ms(),
        max_active: u32::try_from(settings.runs.max_active).unwrap_or(u32::MAX),
        max_attempts: to_usize(settings.runs.max_attempts),
    };
    let watched = office.clone();
    let (close_http, http_closed) = watch::channel(false);
    let router = listen_to_webhooks(&office, http_closed.clone(), hooks_news).await;
    let router = router.map_err(store_fault)?;
    let mut http_server = tokio::spawn(http::serve(http, router, http_closed));
    let (stop, stopped) = watch::channel(false);
    let server = tokio::spawn(rpc::serve(listener, office, stopped));
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        pid = std::process::id(),
        socket = %socket.display(),
        http = http_places.join(" "),
        state = %paths.state_dir.display(),
        "ready"
    );
    // nothing is asked for any more: what follows is the usual
    drop(asking);
    notify::ready(&pulse::status(&watched));
    tokio::spawn(pulse::keep(watched.clone()));

    let asked = loop {
        tokio::select! {
            ended = &mut driver => break Err(ended),
            asked = signals.next() => match asked {
                Asked::ToReload => {
                    health.set_reload(source.reload());
                    notify::ready(&pulse::status(&watched));
                }
                asked => break Ok(asked),
            }
        }
    };
    let settings = &source.now;
    let result = match asked {
        Err(ended) => driver_result(ended, &store),
        Ok(asked) => {
            health.set(State::Draining, "");
            // whoever is heard from now on is not answered in time: it tries again later
            close_http.send_replace(true);
            backups.end();
            let which = match asked {
                Asked::ByManager if runner.outlives() => Which::Inside,
                Asked::ByManager | Asked::ByPerson | Asked::ToReload => Which::All,
            };
            notify::stopping(time_to_stop(settings, which), "stopping");
            drain(&inbox, &orders, &runner, which, settings, &mut signals).await;
            // those who are still heard are answered while there is a driver
            if tokio::time::timeout(FAREWELL, &mut http_server).await.is_err() {
                tracing::warn!("some HTTP requests did not come to their end");
            }
            orders.stop();
            inbox.tell(Message::Stop).await;
            let settled = driver_result(driver.await, &store);
            part(&runner, which).await;
            settled
        }
    };
    close_http.send_replace(true);
    http_server.abort();
    stop.send_replace(true);
    if tokio::time::timeout(FAREWELL, server).await.is_err() {
        tracing::warn!("some clients did not hang up");
    }
    if result.is_ok() {
        tracing::info!("stopped");
    }
    result
}

/// The webhooks that are armed are known, and news of them followed, before anybody is
/// heard: a path that is there must not be told to be nobody's.
async fn listen_to_webhooks(
    office: &Office,
    stop: watch::Receiver<bool>,
    news: driver::RearmedNews,
) -> Result<axum::Router, StoreError> {
    let Office { store, secrets, standings, .. } = office.clone();
    let hooks = Arc::new(Hooks::new(store, secrets, standings));
    let first = hooks.clone();
    let loaded = tokio::task::spawn_blocking(move || first.load()).await;
    loaded.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
    tokio::spawn(hooks.clone().follow(news));
    let webhooks = Arc::new(Desk::new(office.clone(), hooks, stop));
    Ok(http::Services { office: office.clone(), webhooks }.router())
}

/// Lets running steps end; ends them when their time is up or a second signal comes.
async fn drain(
    inbox: &Inbox,
    orders: &Orders,
    runner: &Runner,
    which: Which,
    settings: &Settings,
    signals: &mut Signals,
) {
    orders.hold();
    // what waits for its turn is not begun either
    runner.begin_no_more();
    // the answer comes with a batch: from then on nothing new is begun
    let _ = inbox.ask(Message::Drain).await;
    let running = runner.running(which);
    tracing::info!(steps = running, timeout = ?settings.daemon.drain_timeout, "draining");
    tokio::select! {
        () = runner.idle(which) => return,
        () = tokio::time::sleep(settings.daemon.drain_timeout) => {
            tracing::warn!(steps = runner.running(which), "time is up: ending the steps that still run");
        }
        () = signals.next_stop() => {
            tracing::warn!(steps = runner.running(which), "asked again: ending the steps that still run");
        }
    }
    runner.stop_all(which, StopReason::Drain);
    let patience = settings.runs.cancel_grace + AFTER_KILL;
    if tokio::time::timeout(patience, runner.idle(which)).await.is_err() {
        tracing::error!(
            steps = runner.running(which),
            "some steps did not end; the next start sees to them"
        );
    }
}

/// What becomes of the runner when the store is settled.
async fn part(runner: &Runner, which: Which) {
    match which {
        Which::All => runner.retire(FAREWELL).await,
        Which::Inside => {
            let steps = runner.running(Which::All);
            let pid = runner.view().and_then(|view| view.present).map(|present| present.pid);
            match (steps, pid) {
                (0, _) => {}
                (steps, Some(pid)) => tracing::info!(
                    "the runner, pid {pid}, goes on with its steps ({steps}); the next start \
                     takes them back"
                ),
                (steps, None) => tracing::warn!(
                    "a runner has gone with its steps ({steps}); the next start sees to them"
                ),
            }
        }
    }
}

fn driver_result(
    ended: Result<Result<(), StoreError>, tokio::task::JoinError>,
    store: &Store,
) -> Result<(), Fault> {
    match ended {
        Ok(result) => result.map_err(|e| e.fault(store.path())),
        Err(panic) => Err(fault!(FaultCode::Internal, "driver-broke", panic = panic)),
    }
}

async fn housekeeping(inbox: Inbox, reserve: Arc<Reserve>, store: Arc<Store>) {
    // also at the start: a daemon that is restarted often would never come to it
    let mut last = None::<tokio::time::Instant>;
    let mut unsettled = 0;
    let mut look = tokio::time::interval(DISK_LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let is_due = last.is_none_or(|last| last.elapsed() >= HOUSEKEEPING);
        if reserve.look() || reserve.is_released() || is_due {
            last = Some(tokio::time::Instant::now());
            tidy(&inbox).await;
        }
        // nothing was committed since the last look: a kill at this moment should not
        // cost the next start a walk through the file
        let before = std::mem::replace(&mut unsettled, store.unsettled());
        if unsettled == before && unsettled > 0 {
            match inbox.ask(Message::Errand(Errand::Settle)).await {
                Ok(_) => tracing::debug!("the store is settled"),
                // it is asked again; who needs the store hears of it otherwise
                Err(fault) => tracing::debug!(code = %fault.code, "the store is not settled"),
            }
        }
    }
}

/// Forgets old request ids, some in each transaction.
async fn tidy(inbox: &Inbox) {
    // whoever needs the store says what is wrong with it
    while let Ok(Answer::More) = inbox.ask(Message::Housekeep).await {}
}

fn secrets(paths: &Paths, settings: &Settings) -> SecretDir {
    let by_systemd = || std::env::var_os("CREDENTIALS_DIRECTORY").map(std::path::PathBuf::from);
    let dir = settings.secrets.directory.clone().or_else(by_systemd);
    SecretDir::new(dir.unwrap_or_else(|| paths.state_dir.join("secrets")))
}

/// The variables that commands see, as they are now.
fn inherited(names: &[String]) -> Inherited {
    names.iter().filter_map(|name| Some((name.clone(), std::env::var_os(name)?))).collect()
}

fn to_usize(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Who asks the daemon to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// SIGTERM.
    ByManager,
    /// SIGINT.
    ByPerson,
    /// SIGHUP: to read its settings anew, which a terminal that hangs up does no harm with.
    ToReload,
}

/// How long a stop takes at most, the steps that are waited for included.
fn time_to_stop(settings: &Settings, which: Which) -> Duration {
    let steps = match which {
        Which::All => settings.daemon.drain_timeout + settings.runs.cancel_grace + AFTER_KILL,
        Which::Inside => Duration::ZERO,
    };
    steps + SETTLING
}

/// SIGTERM, SIGINT and SIGHUP.
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

    async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.term.recv() => Asked::ByManager,
            _ = self.int.recv() => Asked::ByPerson,
            _ = self.hangup.recv() => Asked::ToReload,
        }
    }

    /// Resolves when the daemon is asked to stop.
    async fn next_stop(&mut self) {
        while self.next().await == Asked::ToReload {
            tracing::info!("the settings are not read any more: the daemon stops");
        }
    }
}
