//! How long the disk lasts, by what was accepted in the last day.

use rpa_ipc::doctor::{Finding, Severity};
use rpa_ipc::said;
use rpa_ipc::service::Reply;

use crate::driver::now_ms;
use crate::reserve::free_bytes;
use crate::rpc::Office;
use crate::store::Reader;

const CHECK: &str = "disk";
const DAY_MS: u64 = 24 * 3600 * 1000;
/// Runs of the last day that are counted; more are taken for so many.
const COUNTED: usize = 200_000;
/// Days that are soon over, and days that are as good as over.
const SOON: u64 = 14;
const NOW: u64 = 2;
/// Less free space than this is little, whatever comes.
const LITTLE: u64 = 256 << 20;

pub fn look(office: &Office, found: &mut Vec<Finding>) -> Reply<()> {
    let broken = |e: crate::store::StoreError| e.fault(office.store.path());
    let reader = office.store.read().map_err(broken)?;
    let store = std::fs::metadata(office.store.path()).map_or(0, |meta| meta.len());
    let free = free_bytes(&office.state_dir).unwrap_or(0);
    let (runs, _) = reader.run_counts().map_err(broken)?;
    let a_day = growth(&reader, store, runs).map_err(broken)?;
    let finding =
        |severity, what| Finding::new(CHECK, severity, what).at(office.state_dir.display());
    let days = free.checked_div(a_day);
    let free_mib = free >> 20;
    found.push(match days {
        _ if free < LITTLE => {
            finding(Severity::Error, said!("doctor-disk-little", free = free_mib))
                .remedy(said!("doctor-make-room"))
        }
        Some(days) if days < SOON => {
            let severity = if days < NOW { Severity::Error } else { Severity::Warning };
            let what =
                said!("doctor-disk-days", free = free_mib, days = days, growth = a_day >> 20);
            finding(severity, what).remedy(said!("doctor-make-room"))
        }
        Some(_) | None => {
            let what = said!("doctor-disk-fine", free = free_mib, growth = a_day >> 20);
            finding(Severity::Ok, what)
        }
    });
    Ok(())
}

/// Bytes a day: the runs of the last day, each as large as all are on average.
fn growth(reader: &Reader, store: u64, runs: u64) -> Result<u64, crate::store::StoreError> {
    if runs == 0 {
        return Ok(0);
    }
    let since = now_ms().saturating_sub(DAY_MS);
    let mut lately = 0;
    for namespace in reader.namespaces()? {
        lately += reader.accepted_since(namespace, since, COUNTED)? as u64;
    }
    Ok(lately.saturating_mul(store / runs))
}
