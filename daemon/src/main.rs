//! `rpad`, the daemon: runs workflows durably and answers over a Unix socket.
//!
//! Read [`daemon`] for its life and [`driver`] for how it decides, commits, acts.

mod args;
mod backup;
mod blobs;
mod compact;
mod daemon;
mod day;
mod doctor;
mod driver;
mod evaluate;
mod failpoint;
mod gathered;
mod health;
mod http;
mod install;
mod logging;
mod publish;
mod reserve;
mod retention;
mod rpc;
mod rundir;
mod runlog;
mod runner;
mod secrets;
mod service;
#[cfg(feature = "failpoints")]
mod shift;
mod socket;
mod state_dir;
mod store;
mod triggers;
mod variables;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use rpa_config::paths::{PathFlags, Paths, UserDirs};
use rpa_config::settings::{Settings, SettingsProblem};
use rpa_ipc::fault::{Said, lines, plain, say, setting_remark, setting_said};
use rpa_ipc::{Fault, FaultCode, Language, Progress, fault, said};

use crate::args::{Args, Command};
use crate::install::Wanted;
use crate::service::{Given, Source};
use crate::store::Store;

/// The first descriptor that is none of the three streams.
const FIRST_OWN: i32 = 3;
/// Workers of the runtime at most: more than this many clients' calls are seldom served at once.
const MOST_WORKERS: usize = 8;
/// How long blocking work may take when everything else has ended.
const LAST_WAIT: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    // what was left open by whoever started it is neither the steps' nor the runner's,
    // which would keep it open after the daemon
    close_fds::CloseFdsBuilder::new().cloexecfrom(FIRST_OWN);
    // while there is one thread, as this changes the environment
    let given = Given::take();
    let args = Args::parse();
    let ended = match &args.command {
        _ if args.check_config => checked(&args),
        None => given.and_then(|given| start(&args, given)).inspect_err(|fault| {
            if let Ok(paths) = paths(&args) {
                doctor::starts::remember(&paths.state_dir, fault);
            }
        }),
        Some(Command::Runner { idle_exit }) => start_runner(&args, *idle_exit),
        Some(Command::Restore(restore)) => restored(&args, restore),
        Some(Command::Compact) => compacted(&args),
        Some(Command::Install(wanted)) => installed(wanted),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tell(&fault);
            ExitCode::from(fault.code.exit())
        }
    }
}

/// Why the daemon does not run: to a person at a terminal in their language, to a
/// log in English.
fn tell(fault: &Fault) {
    let language = match std::io::stderr().is_terminal() {
        true => Language::of_environment(|name| std::env::var(name).ok()),
        false => Language::English,
    };
    let label = |id| plain(language, id).unwrap_or_default();
    let message = fault.message_in(language).replace('\n', "\n  ");
    eprintln!("rpad: {}[{}]: {message}", label("label-error"), fault.code);
    eprintln!("  {}: {}", label("label-hint"), fault.hint_in(language));
    eprintln!("  {}: rpa explain {}", label("label-see"), fault.code);
}

/// `rpad --check-config`: before a restart that would fail, and without a trace.
fn checked(args: &Args) -> Result<(), Fault> {
    let paths = paths(args)?;
    settings(&paths, args.log.as_deref())?;
    let said = match paths.settings_file() {
        Some(file) => said!("settings-in-order", file = file.display()),
        None => said!("settings-none"),
    };
    let language = Language::of_environment(|name| std::env::var(name).ok());
    println!("{}", say(language, &said).unwrap_or_default());
    Ok(())
}

fn installed(args: &args::Install) -> Result<(), Fault> {
    let wanted = Wanted::new(args);
    match args.uninstall {
        true => install::uninstall(&wanted),
        false => install::install(&wanted),
    }
}

fn compacted(args: &Args) -> Result<(), Fault> {
    let paths = paths(args)?;
    let settings = settings(&paths, args.log.as_deref())?;
    let _log = logging::start(&settings.daemon)?;
    let cache = usize::try_from(settings.store.cache).unwrap_or(usize::MAX);
    compact::run(&paths.state_dir, cache)
}

fn start(args: &Args, given: Given) -> Result<(), Fault> {
    let paths = paths(args)?;
    let read = || settings(&paths, args.log.as_deref());
    let settings = read()?;
    let log = logging::start(&settings.daemon)?;
    if !settings.daemon.user_namespace {
        rpc::refuse_user_namespace()?;
    }
    let asking = service::patience::ask();
    let cache = usize::try_from(settings.store.cache).unwrap_or(usize::MAX);
    #[cfg(feature = "failpoints")]
    failpoint::arm();
    // reqwest builds no client without a provider; another crate's choice is as good
    let _ = rustls::crypto::ring::default_provider().install_default();
    let _claim = state_dir::claim(&paths.state_dir)?;
    backup::restore::refuse_unfinished(&paths.state_dir)?;
    let store = Store::open_claimed(&paths.state_dir, cache)
        .map_err(|e| e.fault(&paths.state_dir.join(store::FILE)))?;
    let runtime = runtime()?;
    let source = Source::new(settings, &read, &log);
    let result = runtime.block_on(daemon::run(&paths, source, store, given, asking));
    // what hangs in a system call must not keep the process
    runtime.shutdown_timeout(LAST_WAIT);
    result
}

/// `rpad restore`: says what was done, to a person.
fn restored(args: &Args, restore: &args::Restore) -> Result<(), Fault> {
    let paths = paths(args)?;
    let settings = settings(&paths, args.log.as_deref())?;
    let _claim = state_dir::claim(&paths.state_dir)?;
    // a runner would go on with what the store that is replaced knew
    let _place = state_dir::claim_for_runner(&paths.state_dir)?;
    let cache = usize::try_from(settings.store.cache).unwrap_or(usize::MAX);
    #[cfg(feature = "failpoints")]
    failpoint::arm();
    let mut progress = Progress::stderr();
    let (file, dir) = (&restore.file, &paths.state_dir);
    let done = backup::restore::restore(file, dir, restore.replace, cache, &mut progress)?;
    drop(progress);
    let language = Language::of_environment(|name| std::env::var(name).ok());
    for said in done.said(&paths.state_dir) {
        println!("{}", say(language, &said).unwrap_or_default());
    }
    Ok(())
}

/// The process that carries out steps. It has no settings: each offer says all.
fn start_runner(args: &Args, idle_exit: Duration) -> Result<(), Fault> {
    // neither a terminal nor the end of the daemon's group is to reach it; refused to
    // one that leads its group, as an own unit's does: then it is nobody's already
    let _ = rustix::process::setsid();
    // where it is named, the daemon's other paths do not matter
    let state_dir = match absolute(args.state_dir.as_ref())? {
        Some(state_dir) => state_dir,
        None => paths(args)?.state_dir,
    };
    let mut settings = Settings::default().daemon;
    if let Some(log) = &args.log {
        settings.log.clone_from(log);
    }
    let _log = logging::start(&settings)?;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let _claim = state_dir::claim_for_runner(&state_dir)?;
    let idle = (!idle_exit.is_zero()).then_some(idle_exit);
    let runtime = runtime()?;
    let result = runtime.block_on(runner::process::run(&state_dir, idle));
    runtime.shutdown_timeout(LAST_WAIT);
    result
}

/// A processor is left to the thread that commits: with one worker for each, two of three
/// threads wait for a processor while the third waits for the disk. Said otherwise by
/// `TOKIO_WORKER_THREADS`.
fn runtime() -> Result<tokio::runtime::Runtime, Fault> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if std::env::var_os("TOKIO_WORKER_THREADS").is_none() {
        builder.worker_threads((processors - 1).clamp(1, MOST_WORKERS));
    }
    builder.enable_all().build().map_err(|e| fault!(FaultCode::Io, "no-runtime", error = e))
}

fn absolute(path: Option<&PathBuf>) -> Result<Option<PathBuf>, Fault> {
    let unknown = |e| fault!(FaultCode::Io, "no-present-directory", error = e);
    path.map(std::path::absolute).transpose().map_err(unknown)
}

fn paths(args: &Args) -> Result<Paths, Fault> {
    let flags = PathFlags {
        config: args.config.clone(),
        state_dir: absolute(args.state_dir.as_ref())?,
        socket: absolute(args.socket.as_ref())?,
    };
    Paths::resolve(&flags, &|name| std::env::var_os(name), &UserDirs::detect()).map_err(|e| {
        let (said, advice) = e.said();
        let ours = |said: rpa_config::said::Said| Said::new(said.id, said.args);
        Fault::of(FaultCode::Usage, ours(said)).hint(ours(advice))
    })
}

fn settings(paths: &Paths, log: Option<&str>) -> Result<Settings, Fault> {
    let said = |problem: &SettingsProblem, hint: &str| {
        setting_said(&problem.origin.to_string(), &problem.message, hint)
    };
    let env = std::env::vars_os()
        .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
    let mut settings = Settings::load(paths.settings_file(), env).map_err(|problems| {
        let said = problems.iter().map(|p| said(p, &p.hint)).collect();
        fault!(FaultCode::Settings, "settings-wrong", problems = lines(said))
    })?;
    if let Some(fault) = http::refuse(&settings.http) {
        return Err(fault);
    }
    if let Some(level) = log {
        settings.set("daemon.log", level).map_err(|p| {
            let fault = fault!(FaultCode::Settings, "settings-wrong", problems = said(&p, ""));
            fault.hint(setting_remark(&p.hint))
        })?;
    }
    Ok(settings)
}
