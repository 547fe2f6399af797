//! Publishing: an event goes to every step that waits for one of its name.
//!
//! Many are told in several transactions. All of them are told which waited when the first
//! one began, and no others: see `Tables::count_publication`. While a step is crowded, a
//! publication is refused before the first one, when nobody has been told.

#[cfg(test)]
mod tests;

use rpa_engine::run::{Cx, Input, MOST_OFFERED};
use rpa_ipc::{FaultCode, fault, said};

use super::take::Taken;
use super::{Answer, Driver, Outbox, Publication};
use crate::store::{Behind, RequestRow, Tables};

/// Steps that are told in one transaction; who publishes asks for the rest.
const AT_ONCE: usize = 256;

impl Driver {
    pub(super) fn publish(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        publication: &Publication,
        out: &mut Outbox,
    ) -> Taken {
        let Publication { namespace, event, from, behind } = publication;
        let behind = behind.as_ref();
        let id = format!("event {}", event.id);
        if behind.is_none() && tables.request(&id)?.is_some() {
            return Ok(Ok(Answer::Published { triggers: 0, took: 0, looking: 0, behind: None }));
        }
        let Some(namespace) = tables.known_namespace(namespace)? else {
            return Ok(Ok(Answer::Published { triggers: 0, took: 0, looking: 0, behind: None }));
        };
        if behind.is_none()
            && let Some((run, step)) = tables.crowded(namespace, &event.name)?
        {
            let fault = fault!(
                FaultCode::Busy,
                "event-crowded",
                event = event.name,
                most = MOST_OFFERED,
                run = run.short(),
                step = step
            );
            return Ok(Err(fault.hint(said!("hint-event-crowded")).with("run", run)));
        }
        let triggers = match behind {
            None => {
                let hops = match from {
                    Some(run) => tables.lineage(*run)?.hops.saturating_add(1),
                    None => 0,
                };
                self.deliver_event(tables, cx, namespace, event, hops, out)?
            }
            Some(_) => 0,
        };
        let awaiting = tables.awaiting(namespace, &event.name, behind, AT_ONCE)?;
        let last = awaiting.last().cloned().filter(|_| awaiting.len() == AT_ONCE);
        let behind = match (last, behind) {
            (None, _) => None,
            (Some((run, path)), Some(Behind { number, .. })) => {
                Some(Behind { number: *number, run, path })
            }
            (Some((run, path)), None) => {
                Some(Behind { number: tables.count_publication()?, run, path })
            }
        };
        let (mut took, mut looking) = (0, 0);
        for (run, path) in awaiting {
            let input = Input::Published { path: path.clone(), event: event.clone() };
            let _ = self.run_input(tables, cx, run, input, out)?;
            match tables.is_offered(event.id, run, &path)? {
                true => looking += 1,
                false => took += 1,
            }
        }
        if looking > 0 {
            tables.keep_event(namespace, event)?;
        }
        // a person's is published by one request, a step's by each attempt
        if behind.is_none() && from.is_some() {
            tables.put_request(&id, &RequestRow::Delivery(0))?;
        }
        Ok(Ok(Answer::Published { triggers, took, looking, behind }))
    }
}
