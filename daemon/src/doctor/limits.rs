//! What the system allows this process.

use std::fs;

use rpa_ipc::doctor::{Finding, Severity};
use rpa_ipc::said;
use rustix::process::{Resource, getrlimit};

use crate::rpc::{CONNECTIONS, Office};

const CHECK: &str = "limits";
/// Descriptors of one step that runs: pipes, its log, what starts it.
const OF_A_STEP: u64 = 8;
/// Descriptors of the daemon itself.
const OF_ITSELF: u64 = 64;

pub fn look(office: &Office, found: &mut Vec<Finding>) {
    let finding = |severity, what| Finding::new(CHECK, severity, what);
    let before = found.len();
    let attempts = office.max_attempts as u64;
    let wanted = CONNECTIONS as u64 + attempts * OF_A_STEP + OF_ITSELF;
    let files = getrlimit(Resource::Nofile).current;
    let open = fs::read_dir("/proc/self/fd").map_or(0, |all| all.count() as u64);
    if files.is_some_and(|most| most < wanted) {
        let most = files.unwrap_or(u64::MAX);
        let what = said!("doctor-few-files", most = most, wanted = wanted);
        found.push(finding(Severity::Warning, what).remedy(said!("doctor-more-files")));
    }
    if files.is_some_and(|most| open > most / 10 * 8) {
        let most = files.unwrap_or(u64::MAX);
        let what = said!("doctor-files-used", open = open, most = most);
        found.push(finding(Severity::Error, what).remedy(said!("doctor-more-files")));
    }
    if let Some(most) = getrlimit(Resource::Nproc).current.filter(|most| *most < attempts * 4) {
        let what = said!("doctor-few-processes", most = most, attempts = attempts);
        found.push(finding(Severity::Warning, what).remedy(said!("doctor-more-processes")));
    }
    let watches = "/proc/sys/fs/inotify/max_user_instances";
    let instances = fs::read_to_string(watches).ok().and_then(|text| text.trim().parse().ok());
    if let Some(most) = instances.filter(|most: &u64| *most < 16) {
        let what = said!("doctor-few-inotify", most = most);
        found.push(finding(Severity::Note, what).at(watches));
    }
    if found.len() == before {
        let most = files.map_or_else(|| "unlimited".to_owned(), |most| most.to_string());
        let what = said!("doctor-limits-fine", open = open, most = most);
        found.push(finding(Severity::Ok, what));
    }
}
