//! All triggers of a namespace, and how those of all namespaces stand.

use rpa_ipc::fault::Said;
use rpa_ipc::service::Reply;
use rpa_ipc::triggers::{TriggerView, TriggersQuery};

use super::found::all;
use super::view::{is_by_itself, status, view};
use crate::driver::now_ms;
use crate::rpc::{Office, views};
use crate::store::{Reader, StoreError};
use crate::triggers::cadence::{cadence, sentence};

/// A schedule whose slots were taken so far ahead of the clock is silent for too long.
const AHEAD_MS: u64 = 24 * 60 * 60 * 1_000;

pub async fn list(office: &Office, query: TriggersQuery) -> Reply<Vec<TriggerView>> {
    let own = office.clone();
    views::read(office, move |reader| {
        let found = all(reader, &query.namespace)?;
        found.into_iter().map(|found| view(reader, &own, &found)).collect()
    })
    .await
}

/// How a trigger stands, for who looks at all of them.
pub struct Standing {
    pub name: String,
    pub status: &'static str,
    pub why: Option<Said>,
    /// The daemon has paused it itself.
    pub by_itself: bool,
    /// By how much its oldest slot is late that nobody has taken.
    pub behind_ms: u64,
    /// Up to when its slots were taken by a clock that was ahead: none comes before.
    pub ahead_until_ms: Option<u64>,
    /// What mends a source that fails.
    pub remedy: Option<Said>,
    /// How much that came was passed over, and why the last of it was.
    pub rejected: Option<(u64, Said)>,
    /// It does not fire as it is written to.
    pub cadence: Option<Said>,
}

/// How all triggers stand, in all namespaces.
pub fn standings(office: &Office, reader: &Reader) -> Result<Vec<Standing>, StoreError> {
    let mut standings = Vec::new();
    for namespace in reader.namespace_names()? {
        for found in all(reader, &namespace)? {
            let plan = found.plan(office);
            let standing = office.standings.of(&found.key);
            let (status, why) = status(&found, plan.as_ref().err(), standing.failing.as_ref());
            let state = &found.row.state;
            let upto_ms = state.schedule().map(|state| state.upto_ms);
            let next = match plan.as_ref() {
                Ok(Some(plan)) if status == "armed" => {
                    state.schedule().and_then(|state| plan.after(state.upto_ms).next())
                }
                _ => None,
            };
            standings.push(Standing {
                remedy: standing.failing.and_then(|failing| failing.fault.advice).map(|said| *said),
                rejected: standing.rejected.map(|(count, _, why)| (count, why)),
                name: format!("{}/{}", found.workflow, found.key.trigger),
                status,
                why,
                by_itself: is_by_itself(&found),
                cadence: match status {
                    "armed" => cadence(reader, &found.key)?.as_ref().map(sentence),
                    _ => None,
                },
                behind_ms: next.map_or(0, |slot| now_ms().saturating_sub(slot.at_ms)),
                ahead_until_ms: upto_ms.filter(|upto_ms| *upto_ms > now_ms() + AHEAD_MS),
            });
        }
    }
    Ok(standings)
}
