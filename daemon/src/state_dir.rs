//! The state directory: made with safe modes, used by one daemon and one runner at a
//! time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use rpa_ipc::{Fault, FaultCode, fault, said};

use crate::runner::socket;

const LOCK: &str = "rpad.lock";
const RUNNER_LOCK: &str = "runner.lock";
/// How long the lock of a dead daemon may linger.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a runner that listens no more may take to end.
const RUNNERS_PATIENCE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(10);

/// Held for as long as the process lives; the kernel gives it back whatever happens.
#[derive(Debug)]
pub struct Claim {
    _lock: File,
}

/// Makes the directory if it is missing and claims it for the daemon.
pub fn claim(dir: &Path) -> Result<Claim, Fault> {
    claim_by(dir, LOCK, (PATIENCE, &|_| false), |pid| {
        fault!(FaultCode::StateInUse, "state-dir-taken", pid = pid, path = dir.display())
            .hint(said!("hint-other-state-dir"))
    })
}

/// The same for its runner. A process that was forked and has no program yet holds the
/// lock of the one that forked it: whoever has it knows that no such process is left.
pub fn claim_for_runner(dir: &Path) -> Result<Claim, Fault> {
    let leaves = |dir: &Path| !socket::answers(dir);
    claim_by(dir, RUNNER_LOCK, (RUNNERS_PATIENCE, &leaves), |pid| {
        fault!(FaultCode::RunnerTaken, "runner-lock-taken", pid = pid, path = dir.display())
    })
}

/// How long a lock is waited for, and whether its holder, which lives, is about to go.
type Patience<'a> = (Duration, &'a dyn Fn(&Path) -> bool);

fn claim_by(
    dir: &Path,
    name: &str,
    (time, leaves): Patience<'_>,
    taken: impl Fn(&str) -> Fault,
) -> Result<Claim, Fault> {
    crate::rundir::create(dir).map_err(|e| unusable(dir, &e))?;
    let meta = fs::metadata(dir).map_err(|e| unusable(dir, &e))?;
    if !meta.is_dir() {
        let fault = fault!(FaultCode::StateDenied, "state-dir-no-directory", path = dir.display());
        return Err(fault.hint(said!("hint-state-dir")));
    }
    if meta.mode() & 0o077 != 0 {
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
            .map_err(|e| unusable(dir, &e))?;
        tracing::warn!(dir = %dir.display(), "the state directory was open to others: closed it");
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    let mut lock = options.open(dir.join(name)).map_err(|e| unusable(dir, &e))?;
    match lock_patiently(&mut lock, time, &|| leaves(dir)) {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            let _ = lock.rewind().and_then(|()| lock.read_to_string(&mut pid));
            let pid = pid.trim();
            return Err(taken(pid).with("pid", pid));
        }
        Err(TryLockError::Error(e)) => return Err(unusable(dir, &e)),
    }
    let written = lock
        .set_len(0)
        .and_then(|()| lock.rewind())
        .and_then(|()| writeln!(lock, "{}", std::process::id()));
    if let Err(error) = written {
        // the lock itself holds; only the name of its holder is missing
        tracing::warn!(%error, "the pid could not be written to the lock file");
    }
    Ok(Claim { _lock: lock })
}

/// One that was killed while it started a process leaves the lock with that
/// process for a moment: a lock whose holder is dead is waited for.
fn lock_patiently(
    lock: &mut File,
    time: Duration,
    leaves: &dyn Fn() -> bool,
) -> Result<(), TryLockError> {
    let deadline = Instant::now() + time;
    loop {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock)
                if Instant::now() < deadline && (!holder_lives(lock) || leaves()) =>
            {
                std::thread::sleep(LOOK);
            }
            result => return result,
        }
    }
}

fn holder_lives(lock: &mut File) -> bool {
    let mut pid = String::new();
    let read = lock.rewind().and_then(|()| lock.read_to_string(&mut pid));
    // a holder that has not yet written its pid lives
    let Ok(pid) = pid.trim().parse::<u32>() else { return true };
    read.is_err() || Path::new(&format!("/proc/{pid}")).exists()
}

fn unusable(dir: &Path, error: &io::Error) -> Fault {
    let denied = error.kind() == io::ErrorKind::PermissionDenied;
    let code = if denied { FaultCode::StateDenied } else { FaultCode::Io };
    let fault = fault!(code, "state-dir-failed", path = dir.display(), error = error);
    if denied { fault.hint(said!("hint-state-dir")) } else { fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_claim_at_a_time_and_closed_to_others() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("a/b");
        let first = claim(&state).unwrap();
        assert_eq!(fs::metadata(&state).unwrap().mode() & 0o777, 0o700);
        let fault = claim(&state).unwrap_err();
        assert_eq!(fault.code, FaultCode::StateInUse);
        assert!(fault.message.contains(&std::process::id().to_string()), "{fault}");
        drop(first);
        claim(&state).unwrap();
    }
}
