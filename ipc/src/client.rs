//! A connection to the daemon, as the console and the command line use it.

use std::error::Error;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use tarpc::client::RpcError;
use tarpc::context;
use tokio::net::UnixStream;
use tokio_util::codec::LengthDelimitedCodecError;

use crate::backup::{BackupRequest, BackupStream};
use crate::codec::{self, Codec, MAX_FRAME};
use crate::fault::{Fault, FaultCode};
use crate::hello::{self, Greeting, Mode, Via};
use crate::logs::LogStream;
use crate::service::{FollowRequest, Reply, RpadClient};
use crate::{fault, said};

/// How long an ordinary call may take.
pub const CALL_DEADLINE: Duration = Duration::from_secs(10);
/// What tarpc's server says to a request that is one too many.
const THROTTLED: &str = "server throttled the request.";
/// How long the daemon may take to greet.
const GREETING_DEADLINE: Duration = Duration::from_secs(5);

/// Calls over one socket. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    pub rpc: RpadClient,
}

impl Client {
    pub async fn connect(socket: &Path, via: Via) -> Result<Client, Fault> {
        Client::over(dial(socket).await?, &socket.display().to_string(), via).await
    }

    /// Over a stream that leads to a daemon; `place` names it in faults.
    pub async fn over(stream: UnixStream, place: &str, via: Via) -> Result<Client, Fault> {
        let stream = greeted(stream, place, Greeting { mode: Mode::Calls, via }).await?;
        let transport = tarpc::serde_transport::new(codec::frames(stream), Codec::default());
        Ok(Client { rpc: RpadClient::new(tarpc::client::Config::default(), transport).spawn() })
    }
}

/// Opens a stream of a run's log.
pub async fn follow(socket: &Path, request: &FollowRequest) -> Result<LogStream, Fault> {
    follow_over(dial(socket).await?, &socket.display().to_string(), request).await
}

/// As [`follow`], over a stream that leads to a daemon.
pub async fn follow_over(
    stream: UnixStream,
    place: &str,
    request: &FollowRequest,
) -> Result<LogStream, Fault> {
    let greeting = Greeting { mode: Mode::Logs, via: Via::Cli };
    LogStream::start(greeted(stream, place, greeting).await?, request).await
}

/// Opens a stream of a backup.
pub async fn back_up(socket: &Path, request: &BackupRequest) -> Result<BackupStream, Fault> {
    back_up_over(dial(socket).await?, &socket.display().to_string(), request).await
}

/// As [`back_up`], over a stream that leads to a daemon.
pub async fn back_up_over(
    stream: UnixStream,
    place: &str,
    request: &BackupRequest,
) -> Result<BackupStream, Fault> {
    let greeting = Greeting { mode: Mode::Backup, via: Via::Cli };
    BackupStream::start(greeted(stream, place, greeting).await?, request).await
}

/// The context of a call that may take `deadline`.
pub fn within(deadline: Duration) -> context::Context {
    let mut context = context::current();
    context.deadline = Instant::now() + deadline;
    context
}

/// One fault type for what the daemon refused and for what never reached it.
pub fn flatten<T>(answer: Result<Reply<T>, RpcError>) -> Result<T, Fault> {
    match answer {
        Ok(reply) => reply,
        Err(RpcError::DeadlineExceeded) => Err(fault!(FaultCode::Deadline, "no-answer")),
        // more at once than one connection may ask for; the kind of the error does not
        // survive our codec: it is written signed and read unsigned
        Err(RpcError::Server(e)) if e.detail == THROTTLED => {
            Err(fault!(FaultCode::Busy, "calls-taken"))
        }
        Err(RpcError::Send(e)) if is_too_large(&*e) => {
            Err(fault!(FaultCode::TooLarge, "request-too-long", most = MAX_FRAME >> 20))
        }
        Err(e) => Err(fault!(FaultCode::Unreachable, "connection-lost", error = e)),
    }
}

/// Whether a request was never sent, because no frame holds it.
fn is_too_large(error: &(dyn Error + 'static)) -> bool {
    match error.downcast_ref::<io::Error>() {
        // one stands in another
        Some(error) => error.get_ref().is_some_and(|inner| is_too_large(inner)),
        None => error.is::<LengthDelimitedCodecError>(),
    }
}

/// A stream to whoever listens at a socket; nothing is said yet.
pub async fn dial(socket: &Path) -> Result<UnixStream, Fault> {
    UnixStream::connect(socket).await.map_err(|e| unreachable_fault(socket, &e))
}

async fn greeted(
    mut stream: UnixStream,
    place: &str,
    greeting: Greeting,
) -> Result<UnixStream, Fault> {
    match tokio::time::timeout(GREETING_DEADLINE, hello::greet(&mut stream, greeting)).await {
        Ok(greeted) => greeted.map(|()| stream),
        Err(_) => Err(fault!(FaultCode::Deadline, "no-greeting", socket = place)),
    }
}

fn unreachable_fault(socket: &Path, error: &io::Error) -> Fault {
    let path = socket.display();
    match error.kind() {
        io::ErrorKind::NotFound => fault!(FaultCode::Unreachable, "socket-missing", socket = path),
        io::ErrorKind::ConnectionRefused => {
            fault!(FaultCode::Unreachable, "socket-abandoned", socket = path)
        }
        io::ErrorKind::PermissionDenied => {
            fault!(FaultCode::Denied, "socket-denied", socket = path).hint(said!("hint-own-daemon"))
        }
        _ => fault!(FaultCode::Unreachable, "socket-failed", socket = path, error = error),
    }
}
