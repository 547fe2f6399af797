//! The least that a daemon on tokio and redb can be: the limit of memory and of
//! the time to start. The benches start themselves as this process.
//!
//! It opens a store, listens, and makes one durable commit for each byte that it
//! is sent. No task types, no expressions, no wire protocol.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rpa_tests::Deadline;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;

use crate::limits;

pub const FLAG: &str = "--minimal-daemon";
const SOCKET: &str = "minimal.sock";
/// Longer than any start; a daemon that ended instead is found out then.
const PATIENCE: Duration = Duration::from_secs(10);

/// A minimal daemon, killed when it is dropped.
#[derive(Debug)]
pub struct Minimal {
    child: Child,
    socket: PathBuf,
}

impl Minimal {
    pub fn spawn(dir: &Path) -> Minimal {
        let socket = dir.join(SOCKET);
        // one of an earlier start
        let _ = std::fs::remove_file(&socket);
        let exe = std::env::current_exe().expect("the path of the benches");
        let child = Command::new(exe).arg(FLAG).arg(dir).stdin(Stdio::null()).spawn();
        Minimal { child: child.expect("the benches start themselves"), socket }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Returns once it has committed something.
    pub fn call(&self) {
        use std::io::{Read, Write};
        let deadline = Deadline::within(PATIENCE);
        let mut stream = loop {
            match std::os::unix::net::UnixStream::connect(&self.socket) {
                Ok(stream) => break stream,
                Err(e) => assert!(!deadline.passed(), "no minimal daemon: {e}"),
            }
            std::thread::sleep(Duration::from_micros(500));
        };
        stream.write_all(b"?").expect("it listens");
        stream.read_exact(&mut [0]).expect("it answers");
    }
}

impl Drop for Minimal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Is the minimal daemon, until it is killed.
pub fn run(dir: Option<String>) -> ! {
    let dir = PathBuf::from(dir.expect("a directory"));
    let db = limits::database(&dir);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let listener = UnixListener::bind(dir.join(SOCKET)).expect("a socket");
        for number in 0.. {
            let (mut stream, _) = listener.accept().await.expect("a client");
            stream.read_u8().await.expect("a byte");
            limits::commit(&db, number..number + 1);
            stream.write_u8(b'!').await.expect("a client that waits");
        }
    });
    std::process::exit(0);
}
