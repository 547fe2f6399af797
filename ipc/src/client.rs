//! A connection to the daemon, as the console and the command line use it.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use tarpc::client::RpcError;
use tarpc::context;
use tokio::net::UnixStream;

use crate::codec::{self, Codec};
use crate::fault::{Fault, FaultCode};
use crate::hello::{self, Mode};
use crate::logs::LogStream;
use crate::service::{FollowRequest, Reply, RpadClient};

/// How long an ordinary call may take.
pub const CALL_DEADLINE: Duration = Duration::from_secs(10);
/// How long the daemon may take to greet.
const GREETING_DEADLINE: Duration = Duration::from_secs(5);

/// Calls over one socket. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    pub rpc: RpadClient,
}

impl Client {
    pub async fn connect(socket: &Path) -> Result<Client, Fault> {
        let stream = open(socket, Mode::Calls).await?;
        let transport = tarpc::serde_transport::new(codec::frames(stream), Codec::default());
        Ok(Client { rpc: RpadClient::new(tarpc::client::Config::default(), transport).spawn() })
    }
}

/// Opens a stream of a run's log.
pub async fn follow(socket: &Path, request: &FollowRequest) -> Result<LogStream, Fault> {
    LogStream::start(open(socket, Mode::Logs).await?, request).await
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
        Err(RpcError::DeadlineExceeded) => {
            Err(Fault::new(FaultCode::Deadline, "the daemon did not answer in time"))
        }
        Err(e) => Err(Fault::new(FaultCode::Unreachable, format!("the connection was lost: {e}"))),
    }
}

async fn open(socket: &Path, mode: Mode) -> Result<UnixStream, Fault> {
    let mut stream =
        UnixStream::connect(socket).await.map_err(|e| unreachable_fault(socket, &e))?;
    match tokio::time::timeout(GREETING_DEADLINE, hello::greet(&mut stream, mode)).await {
        Ok(greeted) => greeted.map(|()| stream),
        Err(_) => Err(Fault::new(
            FaultCode::Deadline,
            format!("the daemon at {} accepts but does not greet", socket.display()),
        )),
    }
}

fn unreachable_fault(socket: &Path, error: &io::Error) -> Fault {
    let path = socket.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            Fault::new(FaultCode::Unreachable, format!("no daemon: there is no socket at {path}"))
        }
        io::ErrorKind::ConnectionRefused => Fault::new(
            FaultCode::Unreachable,
            format!("no daemon: nothing answers at {path} (a left-over socket)"),
        ),
        io::ErrorKind::PermissionDenied => {
            Fault::new(FaultCode::Denied, format!("no permission to open the socket {path}"))
                .hint("ask to be added to the group rpad, or use your own daemon")
        }
        _ => Fault::new(FaultCode::Unreachable, format!("cannot connect to {path}: {error}")),
    }
}
