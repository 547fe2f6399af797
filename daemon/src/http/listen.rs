//! Where it listens: a Unix socket, and the addresses of the settings.

use std::io;
use std::net::SocketAddr;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use rpa_config::paths::{self, MAX_SOCKET_PATH};
use rpa_config::settings::Http;
use rpa_ipc::{Fault, FaultCode, fault, said};
use tokio::net::TcpListener;

use crate::rpc::Members;
use crate::socket::{Serves, Socket};

/// Bound, and not yet served: who connects meanwhile waits.
#[derive(Debug)]
pub struct Listeners {
    pub(super) socket: Socket,
    pub(super) network: Vec<TcpListener>,
}

impl Listeners {
    /// The path of the socket, then each address with the port that it has.
    pub fn places(&self) -> Vec<String> {
        let addresses = self.network.iter().filter_map(|listener| listener.local_addr().ok());
        let socket = self.socket.path().display().to_string();
        [socket].into_iter().chain(addresses.map(|address| address.to_string())).collect()
    }
}

/// Settings that nobody should have by mistake.
pub fn refuse(settings: &Http) -> Option<Fault> {
    let reached = settings.listen.iter().find(|address| !address.ip().is_loopback())?;
    (!settings.public).then(|| not_public(reached))
}

/// What was opened for the server before the daemon was started.
#[derive(Debug, Default)]
pub struct Opened {
    pub socket: Option<UnixListener>,
    pub network: Vec<std::net::TcpListener>,
}

/// Binds all of them that are not open already, or none.
pub async fn bind(
    settings: &Http,
    own_socket: &Path,
    members: &Members,
    opened: Opened,
) -> Result<Listeners, Fault> {
    let socket = match opened.socket {
        Some(listener) => Socket::given(listener)?,
        None => {
            let path = path(settings, own_socket)?;
            Socket::bind(&path, settings.socket_mode, members, Serves::Http)?
        }
    };
    let mut network = Vec::new();
    for listener in opened.network {
        network.push(take_over(settings, listener)?);
    }
    for address in &settings.listen {
        let bound = TcpListener::bind(address).await;
        network.push(bound.map_err(|error| cannot_listen(*address, &error))?);
    }
    Ok(Listeners { socket, network })
}

/// An address that was opened by somebody else is held to the same rule.
fn take_over(settings: &Http, listener: std::net::TcpListener) -> Result<TcpListener, Fault> {
    let unusable =
        |e: io::Error| fault!(FaultCode::Activation, "given-unusable", name = "http", error = e);
    let address = listener.local_addr().map_err(unusable)?;
    if !settings.public && !address.ip().is_loopback() {
        return Err(not_public(&address));
    }
    listener.set_nonblocking(true).map_err(unusable)?;
    TcpListener::from_std(listener).map_err(unusable)
}

fn not_public(address: &SocketAddr) -> Fault {
    fault!(FaultCode::Settings, "http-not-public", address = address)
        .hint(said!("hint-http-public"))
}

fn path(settings: &Http, own_socket: &Path) -> Result<PathBuf, Fault> {
    let path = settings.socket.clone().unwrap_or_else(|| paths::http_socket(own_socket));
    let bytes = path.as_os_str().len();
    if bytes <= MAX_SOCKET_PATH {
        return Ok(path);
    }
    let (path, most) = (path.display(), MAX_SOCKET_PATH);
    let fault =
        fault!(FaultCode::Settings, "socket-path-long", path = path, bytes = bytes, most = most);
    Err(fault.hint(said!("hint-other-http-socket")))
}

/// Why nobody can be heard there. One that another process has may be free the next time.
fn cannot_listen(address: SocketAddr, error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            let port = address.port();
            let fault = fault!(FaultCode::AddressTaken, "address-taken", address = address);
            fault.hint(said!("hint-address-taken", port = port))
        }
        _ => {
            let fault =
                fault!(FaultCode::Settings, "address-unusable", address = address, error = error);
            fault.hint(said!("hint-address-unusable"))
        }
    }
}
