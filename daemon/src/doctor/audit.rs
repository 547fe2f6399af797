//! Whether everything in the store agrees with everything else, see `store::audit`: what
//! it finds in words for the person who has to do something about it.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rpa_engine::RunId;
use rpa_ipc::doctor::{Finding, Severity};
use rpa_ipc::fault::{Said, count};
use rpa_ipc::said;

use super::store::CHECK;
use crate::rpc::Office;
use crate::store::audit::{self, Depth, Kind, Report};

/// How long somebody waits for it. Of 100,000 runs with three steps and eleven events each
/// places take about 4 s on one core, journals another 4 s, from memory; of a store that
/// is too large it says how far it came.
const LONGEST: Duration = Duration::from_secs(90);
/// Findings that are told one by one; all of them are in the log.
const SHOWN: usize = 5;

pub fn look(office: &Office) -> Vec<Finding> {
    let begun = Instant::now();
    let path = office.store.path().display();
    match audit::until(&office.store, Depth::Journal, Some(begun + LONGEST)) {
        Ok(report) => {
            for found in &report.findings {
                let run = found.run.map(|run| run.to_string()).unwrap_or_default();
                let (table, text) = (&found.table, &found.text);
                tracing::error!(kind = ?found.kind, run, table, "the store: {text}");
            }
            told(office, &report)
        }
        Err(error) => {
            let what = said!("doctor-store-unread", error = error);
            let finding = Finding::new(CHECK, Severity::Error, what).at(path);
            vec![finding.remedy(said!("doctor-restore"))]
        }
    }
}

fn told(office: &Office, report: &Report) -> Vec<Finding> {
    let path = office.store.path().display();
    let mut told = Vec::new();
    for (day, runs) in &report.gone {
        let what = said!("doctor-archive-gone", day = day, count = count(*runs));
        let finding = Finding::new(CHECK, Severity::Warning, what);
        let finding = finding.at(office.store.archives().path(*day).display());
        told.push(finding.remedy(said!("doctor-bring-archive")));
    }
    // of one run the worst, the worst of all first
    let mut sorted: Vec<&audit::Finding> = report.findings.iter().collect();
    sorted.sort_by_key(|found| found.kind);
    let mut seen = BTreeSet::new();
    let mut left = report.more;
    for found in sorted {
        let is_new = found.run.is_none_or(|run| seen.insert(run));
        match is_new && told.len() < SHOWN {
            true => told.push(finding(office, found)),
            false => left += 1,
        }
    }
    if left > 0 {
        let what = said!("doctor-audit-more", count = count(left));
        let finding = Finding::new(CHECK, Severity::Warning, what).at(&path);
        told.push(finding.remedy(said!("doctor-audit-log")));
    }
    if report.is_cut {
        let (all, runs, journals) = (report.all, report.runs, report.journals);
        let seconds = LONGEST.as_secs();
        let what = said!(
            "doctor-audit-partly",
            all = all,
            runs = runs,
            journals = journals,
            seconds = seconds
        );
        told.push(Finding::new(CHECK, Severity::Note, what).at(&path));
    } else if told.is_empty() {
        let what = said!("doctor-audit-fine", count = count(report.all));
        told.push(Finding::new(CHECK, Severity::Ok, what).at(&path));
    }
    told
}

fn finding(office: &Office, found: &audit::Finding) -> Finding {
    let table = match found.table.as_str() {
        "" => "file",
        table => table,
    };
    let detail = &found.text;
    if let Some(day) = found.archive {
        let path = office.store.archives().path(day);
        let what = match found.run {
            Some(run) => {
                let run = run.short();
                said!("doctor-audit-archived", run = run, table = table, detail = detail)
            }
            None => said!("doctor-audit-archive", table = table, detail = detail),
        };
        let finding = Finding::new(CHECK, Severity::Error, what).at(path.display());
        return finding.remedy(said!("doctor-keep-archive"));
    }
    let (severity, what, remedy) = words(found.kind, found.run, table, detail);
    Finding::new(CHECK, severity, what).at(office.store.path().display()).remedy(remedy)
}

/// What it is, and what a person can do about it.
fn words(kind: Kind, run: Option<RunId>, table: &str, detail: &str) -> (Severity, Said, Said) {
    let error = |what, remedy| (Severity::Error, what, remedy);
    let warning = |what, remedy| (Severity::Warning, what, remedy);
    let short = run.map(|run| run.short()).unwrap_or_default();
    match (kind, run) {
        (Kind::Unreadable, Some(_)) => error(
            said!("doctor-audit-unread-run", run = short, table = table, detail = detail),
            said!("doctor-run-damaged", run = short),
        ),
        (Kind::Unreadable, None) => error(
            said!("doctor-audit-unread", table = table, detail = detail),
            said!("doctor-restore"),
        ),
        (Kind::Astray, Some(_)) => error(
            said!("doctor-audit-astray-run", run = short, table = table, detail = detail),
            said!("doctor-run-astray", run = short),
        ),
        (Kind::Astray, None) => error(
            said!("doctor-audit-astray", table = table, detail = detail),
            said!("doctor-restore"),
        ),
        (Kind::Contradiction, Some(_)) => error(
            said!("doctor-audit-differs-run", run = short, table = table, detail = detail),
            said!("doctor-run-differs", run = short),
        ),
        (Kind::Contradiction, None) => error(
            said!("doctor-audit-differs", table = table, detail = detail),
            said!("doctor-restore"),
        ),
        (Kind::Catalogue, _) => error(
            said!("doctor-audit-catalogue", table = table, detail = detail),
            said!("doctor-apply-again"),
        ),
        (Kind::Listed, Some(_)) => warning(
            said!("doctor-audit-listed-run", run = short, table = table, detail = detail),
            said!("doctor-work-goes-on"),
        ),
        (Kind::Listed, None) => warning(
            said!("doctor-audit-listed", table = table, detail = detail),
            said!("doctor-work-goes-on"),
        ),
        (Kind::Stray, _) => warning(
            said!("doctor-audit-stray", table = table, detail = detail),
            said!("doctor-work-goes-on"),
        ),
    }
}
