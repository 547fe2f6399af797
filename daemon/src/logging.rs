//! The daemon's own log: standard error, or daily files when asked for.

use std::fmt;
use std::io::IsTerminal;

use rpa_config::settings::Daemon;
use rpa_ipc::fault::quoted;
use rpa_ipc::{Fault, FaultCode, fault, said};
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::{EnvFilter, reload};

/// The log as it was started. Flushes its file when it is dropped: `main` keeps it to the
/// end.
pub struct Log {
    set: Box<dyn Fn(EnvFilter) -> Result<(), reload::Error> + Send + Sync>,
    _worker: Option<WorkerGuard>,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log")
    }
}

impl Log {
    /// From now on this is logged; on an error what was logged before.
    pub fn set_filter(&self, text: &str) -> Result<(), Fault> {
        let filter = filter(text)?;
        (self.set)(filter).map_err(|e| fault!(FaultCode::Internal, "log-stays", error = e))
    }

    /// One that nobody writes.
    #[cfg(test)]
    pub fn none() -> Log {
        Log { set: Box::new(|_| Ok(())), _worker: None }
    }
}

/// A word alone must be a level: as the name of a module it would silence everything
/// else.
fn filter(text: &str) -> Result<EnvFilter, Fault> {
    let bad = |said| Fault::of(FaultCode::Settings, said).hint(said!("hint-log-filter"));
    let shown = quoted(text);
    let words = text.split(',').map(str::trim).filter(|word| !word.contains('='));
    for word in words {
        let level = word.parse::<tracing::Level>();
        level.map_err(|_| bad(said!("log-level", text = shown, word = quoted(word))))?;
    }
    // tarpc warns of each client that hangs up
    let quiet = if text.contains("tarpc") { "" } else { ",tarpc=error" };
    EnvFilter::try_new(format!("{text}{quiet}"))
        .map_err(|e| bad(said!("log-filter", text = shown, error = e)))
}

pub fn start(settings: &Daemon) -> Result<Log, Fault> {
    let filter = filter(&settings.log)?;
    let Some(path) = &settings.log_file else {
        let log = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false)
            .with_filter_reloading();
        let handle = log.reload_handle();
        log.init();
        return Ok(Log { set: Box::new(move |filter| handle.reload(filter)), _worker: None });
    };
    let shown = path.display();
    let (Some(dir), Some(name)) = (path.parent(), path.file_name().and_then(|n| n.to_str())) else {
        return Err(fault!(FaultCode::Settings, "log-file-nameless", path = shown));
    };
    let keep = usize::try_from(settings.log_files).unwrap_or(usize::MAX);
    let files = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix(name)
        .max_log_files(keep)
        .build(dir)
        .map_err(|e| fault!(FaultCode::Settings, "log-file", path = shown, error = e))?;
    // lossy by default: a log that drops lines says nothing about it
    let (writer, worker) = NonBlockingBuilder::default().lossy(false).finish(files);
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(false)
        .with_filter_reloading();
    let handle = log.reload_handle();
    log.init();
    Ok(Log { set: Box::new(move |filter| handle.reload(filter)), _worker: Some(worker) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_no_level_is_refused() {
        for good in ["info", "DEBUG", "info,rpad::driver=debug", "off=info,warn"] {
            assert!(filter(good).is_ok(), "{good}");
        }
        for bad in ["foo", "info,foo", "", "rpad=loud"] {
            assert_eq!(filter(bad).unwrap_err().code, FaultCode::Settings, "{bad}");
        }
    }
}
