//! The daemon's own log: standard error, or daily files when asked for.

use std::io::IsTerminal;

use rpa_config::settings::Daemon;
use rpa_ipc::fault::quoted;
use rpa_ipc::{Fault, FaultCode, fault, said};
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::EnvFilter;

/// Flushes the log file when it is dropped: `main` keeps it to the end.
#[derive(Debug)]
pub struct LogGuard {
    _worker: Option<WorkerGuard>,
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

pub fn start(settings: &Daemon) -> Result<LogGuard, Fault> {
    let filter = filter(&settings.log)?;
    let Some(path) = &settings.log_file else {
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false)
            .init();
        return Ok(LogGuard { _worker: None });
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
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(false).init();
    Ok(LogGuard { _worker: Some(worker) })
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
