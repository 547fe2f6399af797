//! What every verb is given: the global options and the two screens.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rpa_config::paths::{UserDirs, client_socket};
use rpa_engine::Label;
use rpa_ipc::catalog::WorkflowName;
use rpa_ipc::fault::Said;
use rpa_ipc::service::RunRef;
use rpa_ipc::{Fault, FaultCode, Progress};

use super::args::Global;
use super::exit::Failure;
use super::screen::Screen;
use super::text::{Calls, Line};
use super::wire::Link;
use crate::remote::{Door, Host, Way};

#[derive(Debug)]
pub struct Session {
    pub namespace: Label,
    pub json: bool,
    pub out: Screen,
    pub err: Screen,
    socket: Option<PathBuf>,
    host: Option<Host>,
}

impl Session {
    pub fn new(global: Global) -> Session {
        let (mut out, mut err) = (Screen::stdout(), Screen::stderr());
        if let Some(tongue) = global.lang {
            out.look.language = tongue.language();
            err.look.language = tongue.language();
        }
        let Global { namespace, json, socket, host, .. } = global;
        let calls = Calls::of(host.as_ref(), socket.as_deref(), &namespace);
        (out.look.calls, err.look.calls) = (calls, calls);
        Session { namespace, json, out, err, socket, host }
    }

    /// The machine of the daemon, if it is another one.
    pub fn host(&self) -> Result<Option<Host>, Fault> {
        Host::of(self.host.clone())
    }

    pub fn is_remote(&self) -> Result<bool, Fault> {
        Ok(self.host()?.is_some())
    }

    /// How the daemon is reached. With a host, `--socket` is a path over there, and
    /// `RPA_SOCKET` one of this machine.
    pub fn way(&self) -> Result<Way, Fault> {
        Ok(match self.host()? {
            Some(host) => Way::Host(Door::new(host, self.socket.as_deref())),
            None => Way::Socket(self.socket()?),
        })
    }

    /// `--socket`, `RPA_SOCKET`, or where a daemon listens by itself.
    pub fn socket(&self) -> Result<PathBuf, Fault> {
        socket(self.socket.as_deref())
    }

    /// That of `--socket`, if it was given.
    pub fn named_socket(&self) -> Option<&Path> {
        self.socket.as_deref()
    }

    /// A way to the daemon; nothing is opened before the first call.
    pub fn link(&self) -> Result<Link, Fault> {
        Ok(Link::new(self.way()?))
    }

    /// Beside the answer, on standard error; after what was answered so far, so
    /// that a terminal shows both in order.
    pub fn note(&mut self, line: impl Into<Line>) -> Result<(), Failure> {
        self.out.flush()?;
        self.err.line(line)
    }

    /// How far long work is; said to nobody who reads documents.
    pub fn progress(&self) -> Progress {
        if self.json { Progress::silent() } else { Progress::stderr() }
    }

    /// A workflow as the user named it.
    pub fn workflow_name(&self, name: &str) -> WorkflowName {
        WorkflowName { namespace: self.namespace.clone(), name: name.to_owned() }
    }

    /// A run as the user named it.
    pub fn run_ref(&self, id: &str) -> RunRef {
        RunRef { namespace: self.namespace.clone(), id: id.to_owned() }
    }
}

/// The daemon's socket: that of the flag, `RPA_SOCKET`, or where one listens by itself.
pub fn socket(flag: Option<&Path>) -> Result<PathBuf, Fault> {
    let env = |name: &str| std::env::var_os(name);
    client_socket(flag, &env, &UserDirs::detect()).map_err(|e| {
        let (said, advice) = e.said();
        let ours = |said: rpa_config::said::Said| Said::new(said.id, said.args);
        Fault::of(FaultCode::Usage, ours(said)).hint(ours(advice))
    })
}

/// Milliseconds since the Unix epoch: what relative times are relative to.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
