//! Triggers that do not fire, and why: schedules, and what others listen to.

use rpa_engine::trigger::MISSED_MS;
use rpa_ipc::doctor::{Finding, Severity};
use rpa_ipc::fault::{Arg, count, remarks};
use rpa_ipc::said;
use rpa_ipc::service::Reply;

use crate::rpc::{Office, Standing, standings};

/// Schedules that are named.
const NAMED: usize = 10;

pub fn look(office: &Office, found: &mut Vec<Finding>) -> Reply<()> {
    let read = office.store.read().and_then(|reader| standings(office, &reader));
    let standings = read.map_err(|e| e.fault(office.store.path()))?;
    let wrong = standings.iter().flat_map(|standing| [finding(standing), passed_over(standing)]);
    let wrong: Vec<Finding> = wrong.flatten().collect();
    let more = wrong.len().saturating_sub(NAMED);
    found.extend(wrong.into_iter().take(NAMED));
    if more > 0 {
        let what = said!("doctor-schedules-more", count = count(more));
        found.push(Finding::new("schedules", Severity::Note, what));
    }
    let armed = standings.iter().filter(|standing| standing.status == "armed").count();
    let what = said!("doctor-schedules", armed = count(armed), all = count(standings.len()));
    found.push(Finding::new("schedules", Severity::Ok, what));
    Ok(())
}

/// What is to be said of a schedule; nothing of one that is as people want it.
fn finding(standing: &Standing) -> Option<Finding> {
    let name = standing.name.as_str();
    let why = || remarks(standing.why.iter().cloned().collect());
    let (severity, what) = match standing.status {
        "armed" if standing.ahead_until_ms.is_some() => {
            let until = standing.ahead_until_ms.unwrap_or_default();
            let what = said!("doctor-schedule-ahead", name = name, until = Arg::Moment(until));
            (Severity::Error, what)
        }
        "armed" if standing.behind_ms > MISSED_MS => {
            let seconds = standing.behind_ms / 1000;
            (Severity::Error, said!("doctor-schedule-behind", name = name, seconds = seconds))
        }
        "armed" => {
            let why = remarks(vec![standing.cadence.clone()?]);
            (Severity::Warning, said!("doctor-schedule-cadence", name = name, why = why))
        }
        "broken" => (Severity::Error, said!("doctor-schedule-broken", name = name, why = why())),
        "failing" => (Severity::Error, said!("doctor-source-failing", name = name, why = why())),
        "paused" => {
            let severity = if standing.by_itself { Severity::Warning } else { Severity::Note };
            (severity, said!("doctor-schedule-paused", name = name, why = why()))
        }
        _ => return None,
    };
    let remedy = match standing.status {
        "paused" => said!("doctor-resume-trigger"),
        "broken" => said!("doctor-mend-trigger"),
        "failing" => standing.remedy.clone().unwrap_or_else(|| said!("doctor-mend-source")),
        "armed" if standing.ahead_until_ms.is_some() => said!("doctor-enable-trigger"),
        "armed" if standing.behind_ms <= MISSED_MS => said!("doctor-see-slots"),
        _ => said!("doctor-see-log"),
    };
    Some(Finding::new("schedules", severity, what).remedy(remedy))
}

/// What came and could not be told of.
fn passed_over(standing: &Standing) -> Option<Finding> {
    let (times, why) = standing.rejected.as_ref()?;
    let (name, why) = (standing.name.as_str(), remarks(vec![why.clone()]));
    let what = said!("doctor-source-odd", name = name, count = count(*times), why = why);
    Some(Finding::new("schedules", Severity::Note, what))
}
