//! `rpad`, the daemon: runs workflows durably and answers over a Unix socket.
//!
//! Read [`daemon`] for its life and [`driver`] for how it decides, commits, acts.

mod args;
mod blobs;
mod daemon;
mod driver;
mod evaluate;
mod failpoint;
mod health;
mod logging;
mod reserve;
mod rpc;
mod rundir;
mod runlog;
mod runner;
mod secrets;
mod state_dir;
mod store;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use rpa_config::paths::{PathFlags, Paths, UserDirs};
use rpa_config::settings::{Settings, SettingsProblem};
use rpa_ipc::fault::{Said, lines, plain, setting_remark, setting_said};
use rpa_ipc::{Fault, FaultCode, Language, fault};

use crate::args::Args;
use crate::store::Store;

/// How long blocking work may take when everything else has ended.
const LAST_WAIT: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    match start(&Args::parse()) {
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

fn start(args: &Args) -> Result<(), Fault> {
    let paths = paths(args)?;
    let settings = settings(&paths, args.log.as_deref())?;
    let _log = logging::start(&settings.daemon)?;
    #[cfg(feature = "failpoints")]
    failpoint::arm();
    // reqwest builds no client without a provider; another crate's choice is as good
    let _ = rustls::crypto::ring::default_provider().install_default();
    let _claim = state_dir::claim(&paths.state_dir)?;
    let cache = usize::try_from(settings.store.cache).unwrap_or(usize::MAX);
    let store = Store::open_claimed(&paths.state_dir, cache)
        .map_err(|e| e.fault(&paths.state_dir.join(store::FILE)))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| fault!(FaultCode::Io, "no-runtime", error = e))?;
    let result = runtime.block_on(daemon::run(&paths, &settings, store));
    // what hangs in a system call must not keep the process
    runtime.shutdown_timeout(LAST_WAIT);
    result
}

fn paths(args: &Args) -> Result<Paths, Fault> {
    let absolute = |path: &Option<PathBuf>| {
        let unknown = |e| fault!(FaultCode::Io, "no-present-directory", error = e);
        path.as_ref().map(std::path::absolute).transpose().map_err(unknown)
    };
    let flags = PathFlags {
        config: args.config.clone(),
        state_dir: absolute(&args.state_dir)?,
        socket: absolute(&args.socket)?,
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
    if let Some(level) = log {
        settings.set("daemon.log", level).map_err(|p| {
            let fault = fault!(FaultCode::Settings, "settings-wrong", problems = said(&p, ""));
            fault.hint(setting_remark(&p.hint))
        })?;
    }
    Ok(settings)
}
