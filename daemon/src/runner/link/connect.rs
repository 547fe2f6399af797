//! From a state directory to a runner that has said what it holds.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use rpa_ipc::{Fault, FaultCode, fault, said};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::Child;
use tokio::time::Instant;

use super::start::start;
use crate::runner::socket;
use crate::runner::wire::frames::{Receiver, Sender};
use crate::runner::wire::greeting::{Hello, PROTOCOL, Verdict, Welcome};
use crate::runner::wire::{Held, Report};
use crate::service::patience;

/// How often a runner is looked for that goes at the very moment.
const TRIES: usize = 5;
/// How long a runner may take to answer.
const ANSWER: Duration = Duration::from_secs(10);
/// How long a start waits for a runner that somebody else is to start.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked for meanwhile.
const LOOK: Duration = Duration::from_millis(50);

/// Whose runner is looked for, and how one is started.
#[derive(Clone, Debug)]
pub struct Plan {
    pub state_dir: PathBuf,
    pub instance: [u8; 16],
    pub epoch: u64,
    pub idle_exit: Duration,
    pub log_filter: String,
    /// Whether one is started when none answers; if not, somebody else sees to that.
    pub starts: bool,
    /// Whether attempts are to be offered to it; if not, it is only asked for what an
    /// earlier one holds.
    pub offers: bool,
}

/// A connection that has just begun.
#[derive(Debug)]
pub struct Conversation {
    pub welcome: Welcome,
    pub held: Vec<Held>,
    pub sender: Sender<OwnedWriteHalf>,
    pub receiver: Receiver<OwnedReadHalf>,
    /// The runner, if this daemon has started it: to be waited for when it ends.
    pub child: Option<Child>,
}

impl Plan {
    /// Whether there is, or may be, something to be taken back.
    pub fn has_leftovers(&self) -> bool {
        let kept = std::fs::read_dir(socket::keep_dir(&self.state_dir));
        kept.is_ok_and(|mut files| files.next().is_some()) || socket::answers(&self.state_dir)
    }

    /// Connects to the runner, and starts one when none answers; where somebody else does
    /// so, waits that long for one that comes.
    pub async fn connect(&self, patience: Duration) -> Result<Conversation, Fault> {
        for _ in 1..TRIES {
            if let Some(found) = self.try_connect(patience).await? {
                return Ok(found);
            }
        }
        let found = self.try_connect(patience).await?;
        found.ok_or_else(|| self.silent(&io::ErrorKind::UnexpectedEof.into()))
    }

    /// `None` when there was one and it hung up before it had said anything: a runner
    /// that nobody needs goes by itself.
    async fn try_connect(&self, patience: Duration) -> Result<Option<Conversation>, Fault> {
        let (stream, child) = match socket::connect(&self.state_dir).await {
            Ok(stream) => (stream, None),
            Err(e) if is_absent(&e) && !self.starts => match self.await_one(patience).await {
                Some(stream) => (stream, None),
                None => return Err(self.absent()),
            },
            Err(e) if is_absent(&e) => {
                let child = start(&self.state_dir, self.idle_exit, &self.log_filter).await?;
                let stream = socket::connect(&self.state_dir).await;
                (stream.map_err(|e| self.silent(&e))?, Some(child))
            }
            Err(e) => return Err(self.silent(&e)),
        };
        let greeted = tokio::time::timeout(ANSWER, self.greet(stream)).await;
        let late = || io::Error::new(io::ErrorKind::TimedOut, "it does not answer");
        let (welcome, held, sender, receiver) = match greeted.map_err(|_| late()).flatten() {
            Ok(greeted) => greeted,
            Err(e) if has_hung_up(&e) => return Ok(None),
            Err(e) => return Err(self.silent(&e)),
        };
        let pid = welcome.pid;
        match welcome.verdict {
            Verdict::Go => Ok(Some(Conversation { welcome, held, sender, receiver, child })),
            Verdict::OtherInstance => Err(fault!(
                FaultCode::RunnerTaken,
                "runner-of-another",
                pid = pid,
                path = self.state_dir.display()
            )),
            Verdict::OlderEpoch => Err(fault!(
                FaultCode::RunnerTaken,
                "runner-of-a-later-start",
                pid = pid,
                ours = self.epoch,
                theirs = welcome.epoch
            )),
        }
    }

    async fn greet(
        &self,
        stream: UnixStream,
    ) -> io::Result<(Welcome, Vec<Held>, Sender<OwnedWriteHalf>, Receiver<OwnedReadHalf>)> {
        let (mut read, mut write) = stream.into_split();
        let hello = Hello { protocol: PROTOCOL, instance: self.instance, epoch: self.epoch };
        hello.send(&mut write).await?;
        let welcome = Welcome::receive(&mut read).await?;
        let mut receiver = Receiver::new(read);
        let held = match welcome.verdict {
            Verdict::OtherInstance | Verdict::OlderEpoch => Vec::new(),
            Verdict::Go => match receiver.next::<Report>().await? {
                Some(Report::Held(held)) => held,
                Some(_) => {
                    let text = "it does not say what it holds";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, text));
                }
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            },
        };
        Ok((welcome, held, Sender::new(write), receiver))
    }

    async fn await_one(&self, time: Duration) -> Option<UnixStream> {
        let deadline = Instant::now() + time;
        while Instant::now() < deadline {
            patience::goes_on();
            tokio::time::sleep(LOOK).await;
            if let Ok(stream) = socket::connect(&self.state_dir).await {
                return Some(stream);
            }
        }
        None
    }

    fn absent(&self) -> Fault {
        let path = self.state_dir.display();
        fault!(FaultCode::Runner, "runner-not-there", path = path).hint(said!("hint-runner-unit"))
    }

    fn silent(&self, error: &io::Error) -> Fault {
        let path = self.state_dir.display();
        fault!(FaultCode::Runner, "runner-silent", path = path, error = error)
            .hint(said!("hint-runner-log"))
    }
}

fn has_hung_up(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | ConnectionReset | BrokenPipe)
}

/// Whether nobody listens there, as opposed to somebody who does not answer.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}
