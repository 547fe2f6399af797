//! What every verb is given: the global options and the two screens.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use rpa_engine::Label;
use rpa_ipc::Fault;
use rpa_ipc::service::RunRef;

use super::args::Global;
use super::screen::Screen;
use super::wire::Link;

#[derive(Debug)]
pub struct Session {
    pub namespace: Label,
    pub json: bool,
    pub out: Screen,
    pub err: Screen,
    socket: Option<PathBuf>,
}

impl Session {
    pub fn new(global: Global) -> Session {
        Session {
            namespace: global.namespace,
            json: global.json,
            out: Screen::stdout(),
            err: Screen::stderr(),
            socket: global.socket,
        }
    }

    pub fn socket(&self) -> Result<PathBuf, Fault> {
        Ok(self.socket.clone().unwrap_or_default())
    }

    /// A way to the daemon; nothing is opened before the first call.
    pub fn link(&self) -> Result<Link, Fault> {
        Ok(Link::new(self.socket()?))
    }

    /// A run as the user named it.
    pub fn run_ref(&self, id: &str) -> RunRef {
        RunRef { namespace: self.namespace.clone(), id: id.to_owned() }
    }
}

/// Milliseconds since the Unix epoch: what relative times are relative to.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
