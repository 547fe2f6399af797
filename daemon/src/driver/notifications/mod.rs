//! What deserves a person's attention is written down in the transaction in which it comes
//! about, and so is what ends it.
//!
//! | what | told by | ended by |
//! |---|---|---|
//! | a run that nobody has called fails | its end | the completion of a rerun of each that is counted in it |
//! | a step is in doubt, or asks for approval | its run, one for all its steps | its run, when none does any more |
//! | a promised time passes | its run | |
//! | slots, deliveries | the fate or outcome that is lost work | |
//! | a trigger is paused by failures | the end of the last of its runs | whoever lets it go on, or disarms it |
//! | a source of a trigger fails | the source | the source, or another declaration |
//! | the daemon was not stopped, the store was restored, space is low, a backup failed | the daemon | the daemon |
//! | notifications that nobody has seen were let go | whichever was one too many | |
//!
//! Nothing is written for what goes well. Who may end what is kept in memory ([`Known`]),
//! so that nothing is looked for either.
//!
//! `alike.rs` says what is counted as one, `of_run.rs` what of a run is told, `tell.rs` writes
//! it down, `seen.rs` takes what people have seen, `old.rs` lets go of what is old.

mod alike;
mod known;
mod of_run;
mod old;
mod seen;
mod tell;
#[cfg(test)]
mod tests;

use rpa_engine::notification::{self, Kind, Settled, What};
use rpa_engine::{Label, WorkflowRef};

use self::alike::Alike;
pub(super) use self::known::Known;
pub use self::old::AT_ONCE as NOTIFICATIONS_AT_ONCE;
pub use self::seen::Acknowledgement;
use self::tell::{settle, stored, tell};
use super::{Active, Driver, Outbox};
use crate::store::{NamespaceId, StoreError, Subject, Tables, TriggerKey};

/// Something that has happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// None when it is about the daemon itself.
    pub namespace: Option<(NamespaceId, Label)>,
    pub subject: Subject,
    pub what: What,
    /// So many alike at once.
    pub count: u64,
}

impl Happening {
    /// Something of the daemon itself.
    pub fn of_daemon(what: What) -> Happening {
        Happening { namespace: None, subject: Subject::default(), what, count: 1 }
    }

    /// Something of a trigger.
    pub(super) fn of_trigger(key: &TriggerKey, workflow: &WorkflowRef, what: What) -> Happening {
        let subject = Subject {
            workflow: Some(workflow.clone()),
            trigger: Some(key.trigger.clone()),
            ..Subject::default()
        };
        let namespace = Some((key.namespace, workflow.namespace.clone()));
        Happening { namespace, subject, what, count: 1 }
    }
}

impl Driver {
    pub(super) fn notify(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        told: Happening,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        tell(&mut self.notifications, tables, now_ms, told, out)
    }

    /// The source of a trigger fails, or works again. That it still fails as it is told is no
    /// news: a source says so again after a start, and whenever what it said may be lost.
    pub(super) fn source_stands(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        key: &TriggerKey,
        failing: Option<&(String, String)>,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let Some((code, message)) = failing else {
            let of = (key, Kind::TriggerFailing);
            return self.settle_of_trigger(tables, now_ms, of, Settled::Over, out);
        };
        let Some(row) = tables.trigger(key)? else { return Ok(()) };
        let Some(workflow) = self.armed_workflow(tables, key, &row)? else { return Ok(()) };
        let (code, message) = (code.clone(), notification::cut(message));
        let what = What::TriggerFailing { code, message };
        let told = Happening::of_trigger(key, &workflow, what);
        let known = &mut self.notifications;
        let alike = Alike::of(Some(key.namespace), &told.subject, &told.what);
        if let Some(number) = known.numbers.get(&alike).copied()
            && let Some(row) = stored(known, tables, number, out)?
            && row.what == told.what
        {
            return Ok(());
        }
        self.notify(tables, now_ms, told, out)
    }

    /// Something of a trigger has ended by itself.
    pub(super) fn settle_of_trigger(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        (key, kind): (&TriggerKey, Kind),
        how: Settled,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let is_one = |alike: &&Alike| alike.kind == kind && alike.namespace == Some(key.namespace);
        if !self.notifications.numbers.keys().any(|alike| is_one(&alike)) {
            return Ok(());
        }
        let end = format!("/{} {} ", key.workflow, key.trigger);
        let found = self.notifications.numbers.keys().filter(is_one);
        let found: Vec<Alike> = found.filter(|alike| alike.of.ends_with(&end)).cloned().collect();
        for alike in found {
            settle(&mut self.notifications, tables, now_ms, &alike, how, out)?;
        }
        Ok(())
    }

    /// Something of the daemon itself has ended.
    pub(super) fn settle_of_daemon(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        (kind, how): (Kind, Settled),
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        settle(&mut self.notifications, tables, now_ms, &Alike::of_daemon(kind), how, out)
    }

    /// Whether something of the daemon itself is told of and stands.
    pub(super) fn is_told(&self, kind: Kind) -> bool {
        self.notifications.numbers.contains_key(&Alike::of_daemon(kind))
    }

    /// Reads what there is.
    pub(super) fn find_notifications(&mut self, tables: &Tables<'_>) -> Result<(), StoreError> {
        self.notifications = Known::read(tables)?;
        Ok(())
    }
}
