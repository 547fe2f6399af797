//! One way to the daemon, opened at the first call and again when it was lost.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rpa_ipc::client::{self, CALL_DEADLINE, Client};
use rpa_ipc::hello::Via;
use rpa_ipc::service::{Reply, RpadClient};
use rpa_ipc::{Fault, FaultCode};
use tarpc::client::RpcError;
use tarpc::context::Context;

use super::outage::{Outage, Patience};

/// Which faults let a call be made again. Only calls that may safely be repeated
/// are made with anything but `Never`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    Never,
    /// No answer came, so nobody knows whether it was done.
    Unanswered,
    /// The daemon was away or refused for the moment.
    Away,
}

impl Repeat {
    fn applies(self, code: FaultCode) -> bool {
        let unanswered = matches!(code, FaultCode::Unreachable | FaultCode::Deadline);
        match self {
            Repeat::Never => false,
            Repeat::Unanswered => unanswered,
            Repeat::Away => unanswered || matches!(code, FaultCode::Draining | FaultCode::Busy),
        }
    }
}

#[derive(Debug)]
pub struct Link {
    socket: PathBuf,
    patience: Patience,
    client: Option<Client>,
    /// Whether the daemon ever answered. One that never did is not waited for:
    /// it is not being restarted, it does not run.
    met: bool,
    /// Told on standard error when an outage begins; nothing when empty.
    notice: String,
    /// Whether there is an outage, for who shows it.
    away: Arc<AtomicBool>,
}

impl Link {
    pub fn new(socket: PathBuf) -> Link {
        let notice = "the daemon is away; waiting for it".to_owned();
        let away = Arc::default();
        Link { socket, patience: Patience::USUAL, client: None, met: false, notice, away }
    }

    /// Another way to the same daemon, for calls at the same time; one of them tells of
    /// an outage, so this one does not.
    pub fn silent_twin(&self) -> Link {
        let (socket, away) = (self.socket.clone(), Arc::default());
        Link { client: None, notice: String::new(), socket, away, ..*self }
    }

    pub fn with_patience(mut self, patience: Patience) -> Link {
        self.patience = patience;
        self
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }

    pub fn patience(&self) -> Patience {
        self.patience
    }

    /// What a person should know when an outage begins. Text of ours only.
    pub fn notice(&mut self, notice: String) {
        self.notice = notice;
    }

    /// Says nothing of outages from now on: whoever asked shows them, by this flag.
    pub fn shown_away(&mut self) -> Arc<AtomicBool> {
        self.notice.clear();
        self.away.clone()
    }

    /// An ordinary call, made once.
    pub async fn call<T, F>(&mut self, call: F) -> Result<T, Fault>
    where
        F: AsyncFn(&RpadClient, Context) -> Result<Reply<T>, RpcError>,
    {
        self.repeat(Repeat::Never, CALL_DEADLINE, call).await
    }

    /// A call that is made again, on a new connection, as `repeat` says.
    pub async fn repeat<T, F>(
        &mut self,
        repeat: Repeat,
        deadline: Duration,
        call: F,
    ) -> Result<T, Fault>
    where
        F: AsyncFn(&RpadClient, Context) -> Result<Reply<T>, RpcError>,
    {
        let mut outage = Outage::none(self.patience);
        loop {
            let fault = match self.attempt(deadline, &call).await {
                Ok(answer) => {
                    self.away.store(false, Ordering::Relaxed);
                    return Ok(answer);
                }
                Err(fault) => fault,
            };
            if !self.met || !repeat.applies(fault.code) {
                return Err(fault);
            }
            self.away.store(true, Ordering::Relaxed);
            if outage.is_new() && !self.notice.is_empty() {
                say(&self.notice);
            }
            self.client = None;
            outage.pause(fault).await?;
        }
    }

    async fn attempt<T, F>(&mut self, deadline: Duration, call: &F) -> Result<T, Fault>
    where
        F: AsyncFn(&RpadClient, Context) -> Result<Reply<T>, RpcError>,
    {
        let client = match &self.client {
            Some(client) => client,
            None => self.client.insert(Client::connect(&self.socket, Via::Cli).await?),
        };
        self.met = true;
        client::flatten(call(&client.rpc, client::within(deadline)).await)
    }
}

fn say(notice: &str) {
    use std::io::Write as _;
    // a closed standard error is no reason to stop waiting
    let _ = writeln!(std::io::stderr(), "{notice}");
}
