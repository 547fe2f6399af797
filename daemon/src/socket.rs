//! Unix sockets on which the daemon listens, as files that come and go with it.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rpa_ipc::fault::Said;
use rpa_ipc::{Fault, FaultCode, fault, said};
use tokio::net::{UnixListener, UnixStream};

use crate::rpc::Members;

/// A socket that listens. The file of one that was bound here is removed when it is
/// dropped; one that was handed over is its owner's, and goes on listening.
#[derive(Debug)]
pub struct Socket {
    inner: UnixListener,
    path: PathBuf,
    is_ours: bool,
}

/// What is served there: it says how to name another.
#[derive(Clone, Copy, Debug)]
pub enum Serves {
    Calls,
    Http,
}

impl Serves {
    fn other(self) -> Said {
        match self {
            Serves::Calls => said!("hint-other-socket"),
            Serves::Http => said!("hint-other-http-socket"),
        }
    }

    fn stop_or_other(self) -> Said {
        match self {
            Serves::Calls => said!("hint-stop-or-other-socket"),
            Serves::Http => said!("hint-stop-or-other-http-socket"),
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.is_ours {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Socket {
    /// One that whoever has started the daemon has opened.
    pub fn given(listener: std::os::unix::net::UnixListener) -> Result<Socket, Fault> {
        let unusable =
            |e: io::Error| fault!(FaultCode::Activation, "given-unusable", name = "?", error = e);
        let address = listener.local_addr().map_err(unusable)?;
        let path = address.as_pathname().unwrap_or(Path::new("@")).to_owned();
        listener.set_nonblocking(true).map_err(unusable)?;
        let inner = UnixListener::from_std(listener).map_err(unusable)?;
        Ok(Socket { inner, path, is_ours: false })
    }

    /// Binds the socket with this mode; without one 0600, or 0660 with the group `rpad` for
    /// a daemon that is root or has that group as its own user's. The caller holds the lock
    /// of the state directory; a socket file of a daemon that is gone is replaced.
    pub fn bind(
        path: &Path,
        mode: Option<u32>,
        members: &Members,
        serves: Serves,
    ) -> Result<Socket, Fault> {
        let fault = |e: io::Error| {
            let code = match e.kind() {
                io::ErrorKind::PermissionDenied => FaultCode::Denied,
                _ => FaultCode::Io,
            };
            fault!(code, "cannot-listen", socket = path.display(), error = e).hint(serves.other())
        };
        if let Some(dir) = path.parent().filter(|d| !d.exists()) {
            crate::rundir::create(dir).map_err(fault)?;
        }
        match fs::symlink_metadata(path) {
            Ok(meta) if meta.file_type().is_socket() => {
                if std::os::unix::net::UnixStream::connect(path).is_ok() {
                    let taken =
                        fault!(FaultCode::StateInUse, "socket-taken", socket = path.display());
                    return Err(taken.hint(serves.stop_or_other()));
                }
                fs::remove_file(path).map_err(fault)?;
            }
            Ok(_) => {
                let occupied = fault!(FaultCode::Io, "not-a-socket", path = path.display());
                return Err(occupied.hint(serves.other()));
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(fault(e)),
        }
        // closed to others from the first moment: the mode comes from the umask
        let before = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o177));
        let bound = UnixListener::bind(path);
        rustix::process::umask(before);
        let socket = Socket { inner: bound.map_err(fault)?, path: path.to_owned(), is_ours: true };
        let of_group = members
            .gid()
            .is_some_and(|gid| std::os::unix::fs::chown(path, None, Some(gid)).is_ok());
        if let Some(mode) = mode.or(of_group.then_some(0o660)) {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(fault)?;
        }
        Ok(socket)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub async fn accept(&self) -> io::Result<UnixStream> {
        self.inner.accept().await.map(|(stream, _)| stream)
    }
}
