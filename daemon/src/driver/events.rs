//! Publishing: an event goes to every step that waits for one of its name.

use rpa_engine::run::{Cx, Input, Published};
use rpa_engine::{Label, RunId, StepPath};

use super::take::Taken;
use super::{Answer, Driver, Outbox};
use crate::store::Tables;

/// Steps that are told in one transaction; who publishes asks for the rest.
const AT_ONCE: usize = 256;

impl Driver {
    pub(super) fn publish(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        namespace: &Label,
        event: &Published,
        after: Option<&(RunId, StepPath)>,
        out: &mut Outbox,
    ) -> Taken {
        let Some(namespace) = tables.known_namespace(namespace)? else {
            return Ok(Ok(Answer::Published { seen: 0, last: None }));
        };
        let awaiting = tables.awaiting(namespace, &event.name, after, AT_ONCE)?;
        let seen = u32::try_from(awaiting.len()).unwrap_or(u32::MAX);
        let last = awaiting.last().cloned().filter(|_| awaiting.len() == AT_ONCE);
        for (run, path) in awaiting {
            let input = Input::Published { path, event: event.clone() };
            let _ = self.run_input(tables, cx, run, input, out)?;
        }
        Ok(Ok(Answer::Published { seen, last }))
    }
}
