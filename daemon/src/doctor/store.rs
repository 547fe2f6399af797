//! Whether the store is sound: its file on a copy, made from a snapshot, and what it says
//! in another snapshot.

use rpa_ipc::doctor::{Finding, Severity};
use rpa_ipc::said;

use super::audit;
use crate::reserve::free_bytes;
use crate::rpc::Office;
use crate::store::{self, Integrity};

pub const CHECK: &str = "store";
/// Larger stores are not copied while somebody waits for the answer.
const LARGEST: u64 = 2 << 30;

pub fn look(office: &Office, found: &mut Vec<Finding>) {
    let path = office.store.path();
    let finding = |severity, what| Finding::new(CHECK, severity, what).at(path.display());
    // a backup reads the whole store too
    let Ok(_seat) = office.backups.begin() else {
        found.push(finding(Severity::Note, said!("doctor-store-busy")));
        return;
    };
    let said = audit::look(office);
    let told = said.iter().any(|finding| finding.severity == Severity::Error);
    found.push(copied(office, told));
    found.extend(said);
}

/// The file and the sums of its rows. What is wrong with rows has been `told` of, where the
/// audit has found it: then it is the runs that something has to be done about.
fn copied(office: &Office, told: bool) -> Finding {
    let path = office.store.path();
    let finding = |severity, what| Finding::new(CHECK, severity, what).at(path.display());
    let bytes = std::fs::metadata(path).map_or(0, |meta| meta.len());
    let free = free_bytes(&office.state_dir).unwrap_or(0);
    if bytes > LARGEST || free < bytes.saturating_mul(2) {
        let what = said!("doctor-store-large", size = bytes >> 20);
        return finding(Severity::Note, what).remedy(said!("doctor-store-by-backup"));
    }
    store::forget_copies(&office.state_dir);
    let remedy = || said!("doctor-restore");
    match store::check_copy(&office.store, &office.state_dir) {
        Ok(Integrity { rows, damaged: 0, sound: true }) => {
            finding(Severity::Ok, said!("doctor-store-sound", rows = rows))
        }
        Ok(Integrity { damaged, rows, sound: true }) if told => {
            finding(Severity::Error, said!("doctor-store-rows", damaged = damaged, rows = rows))
        }
        Ok(Integrity { damaged, rows, .. }) => {
            let what = said!("doctor-store-damaged", damaged = damaged, rows = rows);
            finding(Severity::Error, what).remedy(remedy())
        }
        Err(error) => {
            let what = said!("doctor-store-unread", error = error);
            finding(Severity::Error, what).remedy(remedy())
        }
    }
}
