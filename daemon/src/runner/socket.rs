//! Where a runner is met: files in the state directory.
//!
//! ```text
//! runner.lock   held for as long as a runner lives; its process id is in it
//! runner.sock   0600: the daemon's user, and root
//! runner.log    what a runner says that the daemon has started
//! runner/       what it keeps while there is no daemon
//! ```

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

const SOCKET: &str = "runner.sock";
/// Longest path that a socket's address takes, in bytes.
const LONGEST: usize = 107;

pub fn path(state_dir: &Path) -> PathBuf {
    state_dir.join(SOCKET)
}

/// Where files are kept.
pub fn keep_dir(state_dir: &Path) -> PathBuf {
    state_dir.join("runner")
}

pub fn log(state_dir: &Path) -> PathBuf {
    state_dir.join("runner.log")
}

/// Binds the socket, for the owner of the lock: what lies there is of a runner that is
/// gone.
pub fn bind(state_dir: &Path) -> io::Result<UnixListener> {
    match fs::remove_file(path(state_dir)) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let address = Address::new(state_dir)?;
    // closed to others from the first moment: the mode comes from the umask
    let before = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o177));
    let bound = UnixListener::bind(&address.path);
    rustix::process::umask(before);
    bound
}

pub async fn connect(state_dir: &Path) -> io::Result<UnixStream> {
    let address = Address::new(state_dir)?;
    UnixStream::connect(&address.path).await
}

/// Whether anybody listens there.
pub fn answers(state_dir: &Path) -> bool {
    let address = Address::new(state_dir);
    address.is_ok_and(|a| std::os::unix::net::UnixStream::connect(&a.path).is_ok())
}

/// The path of the socket; one that is too long goes over the open directory.
struct Address {
    path: PathBuf,
    _dir: Option<File>,
}

impl Address {
    fn new(state_dir: &Path) -> io::Result<Address> {
        let path = path(state_dir);
        if path.as_os_str().len() <= LONGEST {
            return Ok(Address { path, _dir: None });
        }
        let dir = File::open(state_dir)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}/{SOCKET}", dir.as_raw_fd()));
        Ok(Address { path, _dir: Some(dir) })
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[tokio::test]
    async fn a_runner_is_met_in_any_directory_and_by_nobody_else() {
        let root = tempfile::tempdir().unwrap();
        for dir in [root.path().join("short"), root.path().join("long/".repeat(30))] {
            fs::create_dir_all(&dir).unwrap();
            let _before = bind(&dir).unwrap();
            let listener = bind(&dir).unwrap();
            let mode = fs::metadata(path(&dir)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", dir.display());
            let (near, _far) = tokio::join!(connect(&dir), listener.accept());
            near.unwrap();
            assert!(answers(&dir));
            drop(listener);
            assert!(!answers(&dir), "{}", dir.display());
        }
    }
}
