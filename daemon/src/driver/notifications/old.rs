//! What happened too long ago is let go of.

use super::{Driver, Outbox};
use crate::driver::message::Answer;
use crate::driver::take::Taken;
use crate::store::Tables;

/// Rows that one transaction removes at most.
pub const AT_ONCE: usize = 500;

impl Driver {
    /// Those of `numbers` whose last happening is older than this go; but for what stands, and
    /// for what has become another since they were found.
    pub(in crate::driver) fn forget_notifications(
        &mut self,
        tables: &mut Tables<'_>,
        before_ms: u64,
        numbers: &[u64],
        out: &mut Outbox,
    ) -> Taken {
        for number in numbers {
            let Some(Ok(row)) = tables.notification(*number)? else { continue };
            if row.last_ms >= before_ms || row.stands() {
                continue;
            }
            tables.remove_notification(*number)?;
            self.notifications.forget(*number, &row);
            out.everywhere = true;
        }
        Ok(Ok(Answer::Done))
    }
}
