//! What people have seen.

use std::collections::{BTreeSet, HashSet};

use rpa_engine::actor::Actor;
use rpa_engine::notification::Standing;
use rpa_engine::{Label, WorkflowRef};

use super::{Driver, Outbox};
use crate::driver::message::Answer;
use crate::driver::take::Taken;
use crate::store::{NamespaceId, NotificationRow, StoreError, Tables, seen};

/// Rows that are looked at in one transaction.
const AT_ONCE: usize = 500;

/// Which ones a person has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Their ids; without them all that are shown in the namespace.
    pub ids: Option<Vec<u64>>,
    pub namespace: Label,
    pub workflow: Option<WorkflowRef>,
    /// What has happened after this number nobody has seen.
    pub upto: u64,
    /// Where to go on, from number to number.
    pub from: u64,
    pub by: Actor,
}

/// What one transaction acknowledges.
#[derive(Default)]
struct Meant {
    rows: Vec<(u64, NotificationRow)>,
    /// Numbers of those that cannot be read.
    unreadable: Vec<u64>,
    /// Ids of which there is none.
    missing: Vec<u64>,
    next: Option<u64>,
}

impl Driver {
    /// A person has seen some of them: one piece, see [`Answer::Acknowledged`]. One that
    /// cannot be read goes by that.
    pub(in crate::driver) fn acknowledge(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        asked: &Acknowledgement,
        out: &mut Outbox,
    ) -> Taken {
        let namespace = tables.known_namespace(&asked.namespace)?;
        let Meant { rows, unreadable, missing, next } = match &asked.ids {
            Some(ids) => self.meant_by_ids(tables, namespace, ids)?,
            None => Meant::of_all(tables, namespace, asked)?,
        };
        let mut count = 0;
        for (number, mut row) in rows {
            if number > asked.upto || row.standing() != Standing::Unread {
                continue;
            }
            row.acknowledged = Some(seen(&asked.by, now_ms));
            tables.put_notification(number, &row)?;
            self.notifications.remember(number, &row);
            count += 1;
        }
        for number in unreadable {
            tables.remove_notification(number)?;
            self.notifications.is_gone(number);
            tracing::warn!(number, by = %asked.by, "a notification that cannot be read is gone");
            out.health = true;
            count += 1;
        }
        if count > 0 {
            tracing::info!(by = %asked.by, count, "notifications acknowledged");
            out.everywhere = true;
        }
        let next = next.filter(|next| *next <= asked.upto);
        Ok(Ok(Answer::Acknowledged { count, missing, next }))
    }

    fn meant_by_ids(
        &self,
        tables: &Tables<'_>,
        namespace: Option<NamespaceId>,
        ids: &[u64],
    ) -> Result<Meant, StoreError> {
        let mut ids: BTreeSet<u64> = ids.iter().copied().collect();
        // one that cannot be read is shown under its number
        let unreadable = self.notifications.unreadable().keys();
        let unreadable: Vec<u64> =
            unreadable.filter(|number| ids.remove(number)).copied().collect();
        // one pass for all of them: each lies somewhere behind its id
        let mut rows = tables.notifications_of(&ids)?;
        rows.retain(|(_, row)| is_shown(namespace, row));
        let there: HashSet<u64> = rows.iter().map(|(_, row)| row.id).collect();
        let missing = ids.into_iter().filter(|id| !there.contains(id)).collect();
        Ok(Meant { rows, unreadable, missing, next: None })
    }
}

impl Meant {
    fn of_all(
        tables: &Tables<'_>,
        namespace: Option<NamespaceId>,
        asked: &Acknowledgement,
    ) -> Result<Meant, StoreError> {
        let some = tables.notifications_from(asked.from, AT_ONCE)?;
        let next = some.last().map(|(number, _)| number + 1).filter(|_| some.len() == AT_ONCE);
        let mut meant = Meant { next, ..Meant::default() };
        for (number, stored) in some {
            match (stored, &asked.workflow) {
                (Ok(row), of) if of.is_none() || row.subject.workflow == *of => {
                    if is_shown(namespace, &row) {
                        meant.rows.push((number, row));
                    }
                }
                (Err(_), None) if number <= asked.upto => meant.unreadable.push(number),
                (Ok(_) | Err(_), _) => {}
            }
        }
        Ok(meant)
    }
}

fn is_shown(namespace: Option<NamespaceId>, row: &NotificationRow) -> bool {
    row.namespace.is_none() || row.namespace == namespace
}
