//! `rpad runner`: carries out attempts, and outlives the daemon.
//!
//! Who is awaited in which order at the end: first the attempts, then the daemon that
//! may confirm them, then the disk that keeps what nobody has confirmed.

mod floor;
mod keep;
mod outlet;
mod session;

#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rpa_ipc::{Fault, FaultCode, fault};
use rpa_tasks::{NobodyListens, Registry};
use tokio::net::{UnixListener, UnixStream};
use tokio::runtime::Handle;
use tokio::signal::unix::{Signal, SignalKind, signal};

pub use outlet::Outlet;

use self::floor::Floor;
use super::socket;
use super::work::Place;
use crate::daemon::AFTER_KILL;
use crate::rundir::{self, RunDirs};
use crate::service::notify;

/// How long a daemon may take to confirm the last ends.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long it may take to keep what nobody has taken, on a slow disk.
const KEEPING: Duration = Duration::from_secs(60);
/// Pause after a connection that could not be accepted.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Runs until a signal says stop, or until nobody needs it: `idle` is how long it
/// stays without a daemon, `None` for ever. The directory's lock is the caller's.
pub async fn run(state_dir: &Path, idle: Option<Duration>) -> Result<(), Fault> {
    let dir = socket::keep_dir(state_dir);
    let io = |e: io::Error| {
        let path = state_dir.display();
        fault!(FaultCode::Runner, "runner-dir", path = path, error = e)
    };
    rundir::create(&dir).map_err(io)?;
    let kept = keep::load(&dir).map_err(io)?;
    let place = Place {
        registry: Arc::new(Registry::builtin()),
        publisher: Arc::new(NobodyListens),
        dirs: RunDirs::new(state_dir),
    };
    let floor = Floor::new(place, dir, kept, Handle::current());
    let mut signals = Signals::new().map_err(io)?;
    let listener = socket::bind(state_dir).map_err(io)?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        pid = std::process::id(),
        state = %state_dir.display(),
        "the runner is ready"
    );
    notify::ready("ready");
    // whoever has started it waits for a line; nobody need read it
    let _ = writeln!(io::stdout(), "ready").and_then(|()| io::stdout().flush());
    tokio::select! {
        () = accept(&listener, &floor) => {}
        () = floor.until_needless(idle) => tracing::info!("nothing is left to be done"),
        () = signals.next() => {
            tracing::info!("ending the steps that run");
            notify::stopping(floor.grace() + AFTER_KILL + KEEPING, "ending the steps that run");
            floor.close(AFTER_KILL, FAREWELL).await;
        }
    }
    // before the lock is free: the next runner has a socket of its own
    let _ = std::fs::remove_file(socket::path(state_dir));
    tracing::info!("stopped");
    Ok(())
}

async fn accept(listener: &UnixListener, floor: &Floor) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) if is_ours(&stream) => {
                let (read, write) = stream.into_split();
                let floor = floor.clone();
                tokio::spawn(async move {
                    if let Err(error) = session::serve(read, write, floor).await {
                        tracing::info!(%error, "a connection has broken");
                    }
                });
            }
            Ok(_) => tracing::warn!("somebody else's connection was turned away"),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_AGAIN).await;
            }
        }
    }
}

/// Whether the kernel says that it is our own user, or root.
fn is_ours(stream: &UnixStream) -> bool {
    let own = rustix::process::geteuid().as_raw();
    stream.peer_cred().is_ok_and(|peer| peer.uid() == own || peer.uid() == 0)
}

/// SIGTERM, and SIGINT for one that was started by hand. A hang-up of the terminal is
/// no reason to stop.
struct Signals {
    term: Signal,
    int: Signal,
    _hangup: Signal,
}

impl Signals {
    fn new() -> io::Result<Signals> {
        Ok(Signals {
            term: signal(SignalKind::terminate())?,
            int: signal(SignalKind::interrupt())?,
            _hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.int.recv() => {}
        }
    }
}
