//! Starting a runner when none answers.
//!
//! It is this program once more, in a session of its own (it sees to that itself), so
//! that neither a terminal nor the end of the daemon's process group reaches it. Its
//! messages go into a file: what the daemon writes to may be somebody's pipe, which
//! would not come to its end before the runner does.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rpa_ipc::{Fault, FaultCode, fault, said};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use crate::runner::socket;

/// How long a runner may take to listen; the lock of one that was killed is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of the log from which on a new one is begun, and the last one kept.
const LOG: u64 = 1024 * 1024;
/// Bytes of the log that are shown when the runner did not start.
const SHOWN: usize = 2048;

/// What a runner is given of the daemon's environment: what decides about places and
/// times. Not what may be secret, and not what a service manager says to the daemon
/// alone. Commands get theirs with each offer.
const ENVIRONMENT: [&str; 8] =
    ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Starts a runner and waits until it listens. The child is to be waited for.
pub async fn start(
    state_dir: &Path,
    idle_exit: Duration,
    log_filter: &str,
) -> Result<Child, Fault> {
    let failed = |e: io::Error| {
        fault!(FaultCode::Runner, "runner-not-started", path = state_dir.display(), error = e)
    };
    let log = open_log(&socket::log(state_dir)).map_err(failed)?;
    let mut command = Command::new("/proc/self/exe");
    command
        .arg0("rpad")
        .arg("runner")
        .arg("--state-dir")
        .arg(state_dir)
        .arg("--idle-exit")
        .arg(format!("{}ms", idle_exit.as_millis()))
        .arg("--log")
        .arg(log_filter)
        .env_clear()
        .envs(ENVIRONMENT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(false);
    let mut child = command.spawn().map_err(failed)?;
    let mut stdout = child.stdout.take().expect("standard output is a pipe");
    let mut line = [0; 1];
    match tokio::time::timeout(PATIENCE, stdout.read_exact(&mut line)).await {
        Ok(Ok(_)) => Ok(child),
        Ok(Err(_)) => {
            // it closes its output when it ends
            let _ = child.wait().await;
            let said = last_of(&socket::log(state_dir));
            let path = state_dir.display();
            Err(fault!(FaultCode::Runner, "runner-ended", path = path, said = said)
                .hint(said!("hint-runner-log")))
        }
        Err(_) => {
            let _ = child.kill().await;
            let (path, seconds) = (state_dir.display(), PATIENCE.as_secs());
            Err(fault!(FaultCode::Runner, "runner-late", path = path, seconds = seconds)
                .hint(said!("hint-runner-log")))
        }
    }
}

fn open_log(path: &Path) -> io::Result<File> {
    if fs::metadata(path).is_ok_and(|meta| meta.len() > LOG) {
        fs::rename(path, path.with_extension("log.old"))?;
    }
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

/// The last message in the log, in one line.
fn last_of(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text[text.len().saturating_sub(SHOWN)..]).into_owned();
    // `rpad: error[CODE]: …`, then the hint
    let from = text.rfind("rpad: ").unwrap_or_default();
    text[from..].lines().map(str::trim).next().unwrap_or_default().to_owned()
}
