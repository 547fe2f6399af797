//! Whether the store is sound: on a copy, made from a snapshot.

use rpa_ipc::doctor::{Finding, Severity};
use rpa_ipc::said;

use crate::reserve::free_bytes;
use crate::rpc::Office;
use crate::store::{self, Integrity};

const CHECK: &str = "store";
/// Larger stores are not copied while somebody waits for the answer.
const LARGEST: u64 = 2 << 30;

pub fn look(office: &Office, found: &mut Vec<Finding>) {
    let path = office.store.path();
    let finding = |severity, what| Finding::new(CHECK, severity, what).at(path.display());
    let bytes = std::fs::metadata(path).map_or(0, |meta| meta.len());
    let free = free_bytes(&office.state_dir).unwrap_or(0);
    if bytes > LARGEST || free < bytes.saturating_mul(2) {
        let what = said!("doctor-store-large", size = bytes >> 20);
        found.push(finding(Severity::Note, what).remedy(said!("doctor-store-by-backup")));
        return;
    }
    // a backup reads the whole store too, and does the same
    let Ok(_seat) = office.backups.begin() else {
        found.push(finding(Severity::Note, said!("doctor-store-busy")));
        return;
    };
    store::forget_copies(&office.state_dir);
    let remedy = || said!("doctor-restore");
    found.push(match store::check_copy(&office.store, &office.state_dir) {
        Ok(Integrity { rows, damaged: 0, sound: true }) => {
            finding(Severity::Ok, said!("doctor-store-sound", rows = rows))
        }
        Ok(Integrity { damaged, rows, .. }) => {
            let what = said!("doctor-store-damaged", damaged = damaged, rows = rows);
            finding(Severity::Error, what).remedy(remedy())
        }
        Err(error) => {
            let what = said!("doctor-store-unread", error = error);
            finding(Severity::Error, what).remedy(remedy())
        }
    });
}
