//! Who may read what: the state directory, the store, the socket, secrets.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use rpa_ipc::doctor::{Finding, Severity};
use rpa_ipc::said;

use crate::rpc::Office;

const CHECK: &str = "permissions";

pub fn look(office: &Office, found: &mut Vec<Finding>) {
    let before = found.len();
    closed(&office.state_dir, found);
    closed(office.store.path(), found);
    socket(office, found);
    secrets(office.secrets.dir(), found);
    if found.len() == before {
        let what = said!("doctor-modes-fine");
        found.push(Finding::new(CHECK, Severity::Ok, what).at(office.state_dir.display()));
    }
}

/// What nobody else may read, and belongs to the daemon's user.
fn closed(path: &Path, found: &mut Vec<Finding>) {
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        Err(error) => {
            let what = said!("doctor-unseen", error = error);
            found.push(Finding::new(CHECK, Severity::Error, what).at(path.display()));
            return;
        }
    };
    if meta.mode() & 0o077 != 0 {
        let what = said!("doctor-open", mode = format!("{:o}", meta.mode() & 0o777));
        let remedy = said!("doctor-chmod", path = path.display());
        let finding = Finding::new(CHECK, Severity::Error, what).at(path.display());
        found.push(finding.remedy(remedy));
    }
    let uid = rustix::process::getuid().as_raw();
    if meta.uid() != uid {
        let what = said!("doctor-owner", owner = meta.uid(), user = uid);
        let finding = Finding::new(CHECK, Severity::Warning, what).at(path.display());
        found.push(finding.remedy(said!("doctor-chown", user = uid, path = path.display())));
    }
}

fn socket(office: &Office, found: &mut Vec<Finding>) {
    let path = &office.socket;
    let wrong = |what| {
        Finding::new(CHECK, Severity::Error, what)
            .at(path.display())
            .remedy(said!("doctor-restart"))
    };
    match fs::symlink_metadata(path) {
        Err(error) => found.push(wrong(said!("doctor-socket-gone", error = error))),
        Ok(meta) if !meta.file_type().is_socket() => {
            found.push(wrong(said!("doctor-socket-other")));
        }
        Ok(meta) if meta.mode() & 0o007 != 0 => {
            found.push(wrong(said!("doctor-open", mode = format!("{:o}", meta.mode() & 0o777))));
        }
        Ok(_) => {}
    }
}

fn secrets(dir: &Path, found: &mut Vec<Finding>) {
    match fs::metadata(dir) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return,
        Err(_) | Ok(_) => closed(dir, found),
    }
    let files = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    for path in files {
        let open = fs::metadata(&path).is_ok_and(|meta| meta.mode() & 0o077 != 0);
        if open {
            let what = said!("doctor-secret-open");
            let remedy = said!("doctor-chmod", path = path.display());
            let finding = Finding::new(CHECK, Severity::Error, what).at(path.display());
            found.push(finding.remedy(remedy));
        }
    }
}
