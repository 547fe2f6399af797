//! What waits for people, and whether there is a backup.

use rpa_engine::run::RunStatus;
use rpa_ipc::doctor::{Finding, Severity};
use rpa_ipc::service::Reply;
use rpa_ipc::{fault::count, said};

use crate::backup::schedule;
use crate::driver::now_ms;
use crate::rpc::Office;
use crate::store::{Reader, StoreError};

const DAY_MS: u64 = 24 * 3600 * 1000;
/// A run that waits for so long may wait for nothing.
const LONG_MS: u64 = 7 * DAY_MS;
/// A backup that is older is hardly one.
const OLD_MS: u64 = 7 * DAY_MS;
/// Runs that are counted.
const COUNTED: usize = 10_000;

pub fn look(office: &Office, found: &mut Vec<Finding>) -> Reply<()> {
    let broken = |e: StoreError| e.fault(office.store.path());
    let reader = office.store.read().map_err(broken)?;
    runs(&reader, found).map_err(broken)?;
    let used = reader.workflow_count().map_err(broken)? > 0;
    backups(office, &reader, used, found).map_err(broken)
}

fn runs(reader: &Reader, found: &mut Vec<Finding>) -> Result<(), StoreError> {
    let finding = |severity, what| Finding::new("runs", severity, what);
    let before = found.len();
    let held = reader.held_count()?;
    if reader.restored()?.is_some() {
        let what = said!("doctor-held", count = count(held));
        found.push(finding(Severity::Warning, what).remedy(said!("doctor-resume-restored")));
    }
    let counts = reader.counts()?;
    let doubts = counts.get(&RunStatus::InDoubt).copied().unwrap_or(0);
    if doubts > 0 {
        let what = said!("doctor-doubts", count = count(doubts));
        found.push(finding(Severity::Warning, what).remedy(said!("doctor-see-doubts")));
    }
    let before_ms = now_ms().saturating_sub(LONG_MS);
    let mut long = 0;
    for namespace in reader.namespaces()? {
        long += reader.waiting_since(namespace, before_ms, COUNTED)?;
    }
    if long > 0 {
        let what = said!("doctor-waiting-long", count = count(long), days = LONG_MS / DAY_MS);
        found.push(finding(Severity::Note, what).remedy(said!("doctor-see-waiting")));
    }
    let (all, open) = reader.run_counts()?;
    if found.len() == before {
        found.push(finding(Severity::Ok, said!("doctor-runs-fine", open = open, all = all)));
    }
    Ok(())
}

fn backups(
    office: &Office,
    reader: &Reader,
    used: bool,
    found: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let finding = |severity, what| Finding::new("backup", severity, what);
    let last = reader.backed_up()?;
    let view = office.backups.view(None);
    if let Some((_, why)) = view.failed {
        let what = said!("doctor-backup-failed", why = why);
        let remedy = said!("doctor-see-backup");
        found.push(finding(Severity::Error, what).at(view.directory).remedy(remedy));
    } else if let Some(late) = schedule::overdue(&office.backups, now_ms()) {
        let remedy = said!("doctor-see-backup");
        found.push(finding(Severity::Warning, late).at(view.directory).remedy(remedy));
    }
    match last {
        Some(row) => {
            let age = now_ms().saturating_sub(row.taken_ms);
            let severity = if age > OLD_MS { Severity::Warning } else { Severity::Ok };
            let what = said!("doctor-backup-age", hours = age / 3_600_000);
            let finding = finding(severity, what).at(&row.file);
            found.push(match severity {
                Severity::Ok => finding,
                _ => finding.remedy(said!("doctor-make-backup")),
            });
        }
        None => {
            let severity = if used { Severity::Warning } else { Severity::Note };
            let what = said!("doctor-no-backup");
            found.push(finding(severity, what).remedy(said!("doctor-make-backup")));
        }
    }
    Ok(())
}
