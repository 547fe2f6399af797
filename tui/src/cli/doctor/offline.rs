//! What can be seen of a daemon that does not answer.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use rpa_config::paths::{PathFlags, Paths, UserDirs};
use rpa_ipc::doctor::{Finding, Severity};
use rpa_ipc::{Fault, said};

use crate::cli::session::Session;

/// Less free space than this keeps a daemon from working, in bytes.
const LITTLE: u64 = 256 << 20;

/// First that there is no daemon, then what may be why, last what nobody has looked at.
pub(super) fn look(fault: &Fault, dir: Option<&Path>, session: &Session) -> Vec<Finding> {
    let language = session.out.look.language;
    let why = fault.message_in(language);
    let what = said!("doctor-no-daemon", why = why);
    let mut found =
        vec![Finding::new("daemon", Severity::Error, what).remedy(said!("doctor-start"))];
    if let Ok(socket) = session.socket() {
        stale(&socket, &mut found);
    }
    let env = |name: &str| std::env::var_os(name);
    let flags = PathFlags { state_dir: dir.map(Path::to_owned), ..PathFlags::default() };
    match Paths::resolve(&flags, &env, &UserDirs::detect()) {
        Ok(paths) => state_dir(&paths.state_dir, &mut found),
        Err(_) => found.push(Finding::new("state", Severity::Note, said!("doctor-no-state-dir"))),
    }
    let rest = Finding::new("store", Severity::Note, said!("doctor-not-looked"));
    found.push(rest.remedy(said!("doctor-when-it-answers")));
    found
}

fn stale(socket: &Path, found: &mut Vec<Finding>) {
    if fs::symlink_metadata(socket).is_ok_and(|meta| meta.file_type().is_socket()) {
        let what = said!("doctor-socket-stale");
        found.push(Finding::new("socket", Severity::Note, what).at(socket.display()));
    }
}

fn state_dir(dir: &Path, found: &mut Vec<Finding>) {
    let finding = |severity, what| Finding::new("state", severity, what).at(dir.display());
    let meta = match fs::metadata(dir) {
        Ok(meta) => meta,
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            found.push(finding(Severity::Note, said!("doctor-no-state-dir")));
            return;
        }
        Err(e) => {
            let what = said!("doctor-state-unseen", error = e);
            found.push(finding(Severity::Warning, what).remedy(said!("doctor-as-owner")));
            return;
        }
    };
    if meta.mode() & 0o077 != 0 {
        let what = said!("doctor-open", mode = format!("{:o}", meta.mode() & 0o777));
        let remedy = said!("doctor-chmod", path = dir.display());
        found.push(finding(Severity::Warning, what).remedy(remedy));
    }
    if let Err(e) = fs::read_dir(dir) {
        let what = said!("doctor-state-unseen", error = e);
        found.push(finding(Severity::Warning, what).remedy(said!("doctor-as-owner")));
        return;
    }
    if dir.join("restoring").exists() {
        let what = said!("doctor-restoring");
        let finding = finding(Severity::Error, what);
        found.push(finding.remedy(said!("hint-RPA0224")));
    }
    lock(dir, found);
    store(dir, found);
    disk(dir, found);
    starts(dir, found);
}

/// Whose the directory is, or was.
fn lock(dir: &Path, found: &mut Vec<Finding>) {
    let path = dir.join("rpad.lock");
    let Ok(pid) = fs::read_to_string(&path) else { return };
    let pid = pid.trim();
    if pid.is_empty() || !pid.bytes().all(|b| b.is_ascii_digit()) {
        return;
    }
    let lives = Path::new("/proc").join(pid).exists();
    let (severity, what) = match lives {
        true => (Severity::Warning, said!("doctor-lock-held", pid = pid)),
        false => (Severity::Note, said!("doctor-lock-dead", pid = pid)),
    };
    found.push(Finding::new("state", severity, what).at(path.display()));
}

fn store(dir: &Path, found: &mut Vec<Finding>) {
    let path = dir.join("rpad.redb");
    found.push(match fs::metadata(&path) {
        Ok(meta) => {
            let what = said!("doctor-store-there", size = meta.len() >> 20);
            Finding::new("store", Severity::Ok, what).at(path.display())
        }
        Err(_) => {
            Finding::new("store", Severity::Note, said!("doctor-store-missing")).at(path.display())
        }
    });
}

fn disk(dir: &Path, found: &mut Vec<Finding>) {
    let Ok(stat) = rustix::fs::statvfs(dir) else { return };
    let free = stat.f_bavail * stat.f_frsize;
    if free < LITTLE {
        let what = said!("doctor-disk-little", free = free >> 20);
        let finding = Finding::new("disk", Severity::Error, what).at(dir.display());
        found.push(finding.remedy(said!("doctor-make-room")));
    }
}

/// What the last start that failed has left.
fn starts(dir: &Path, found: &mut Vec<Finding>) {
    let path = dir.join("failed-starts");
    let text = fs::read_to_string(&path).unwrap_or_default();
    let lines = text.lines().count();
    if let Some(last) = text.lines().last() {
        let what = said!("doctor-failed-starts", count = rpa_ipc::fault::count(lines), last = last);
        let finding = Finding::new("starts", Severity::Warning, what).at(path.display());
        found.push(finding.remedy(said!("doctor-see-log")));
    }
}
