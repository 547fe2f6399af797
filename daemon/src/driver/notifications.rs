//! What deserves a person's attention is written down in the transaction in which it comes
//! about, and so is what ends it.
//!
//! | what | told by | ended by |
//! |---|---|---|
//! | a run that nobody has called fails | its end | the completion of its rerun |
//! | a step is in doubt, or asks for approval | its run, one for all its steps | its run, when none does any more |
//! | a promised time passes | its run | |
//! | slots, deliveries | the fate or outcome that is lost work | |
//! | a trigger is paused by failures | the end of the last of its runs | whoever lets it go on, or disarms it |
//! | the daemon was not stopped, the store was restored, space is low, a backup failed | the daemon | the daemon |
//!
//! Nothing is written for what goes well. Who may end what is kept in memory ([`Known`]),
//! so that nothing is looked for either.

use std::collections::{BTreeSet, HashMap, HashSet};

use rpa_engine::actor::Actor;
use rpa_engine::notification::{self, Kind, Settled, Standing, What};
use rpa_engine::run::{Event, Run, RunEnd, StepState};
use rpa_engine::{Action, Label, RunId, StepPath, TaskError, WorkflowRef};
use rpa_ipc::{Fault, FaultCode, fault};

use super::message::Answer;
use super::take::Taken;
use super::{Active, Driver, Outbox};
use crate::store::{NamespaceId, NotificationRow, StoreError, Subject, Tables, TriggerKey, seen};

/// Rows that are acknowledged or removed in one transaction.
const AT_ONCE: usize = 500;
/// What an approval fails with that was not given in time.
const OVER_TIME: [&str; 2] = ["RPA0426", "RPA0427"];
/// Reruns of reruns that are followed back to the run that failed first.
const MOST_RERUNS: usize = 32;

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

/// What two notifications have in common that are counted as one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Alike {
    namespace: Option<NamespaceId>,
    kind: Kind,
    of: String,
}

/// Notifications of which more may become, by what they are about.
#[derive(Debug, Default)]
pub(super) struct Known {
    numbers: HashMap<Alike, u64>,
    /// Runs that ask, or are in doubt, as it is told.
    asking: HashSet<RunId>,
    /// The newest failed run of each, with the number of what tells of it. A later failure
    /// that is alike may be told of by another.
    failed: HashMap<RunId, u64>,
}

impl Alike {
    fn of(namespace: Option<NamespaceId>, subject: &Subject, what: &What) -> Alike {
        let kind = what.kind();
        let workflow = subject.workflow.as_ref().map(ToString::to_string).unwrap_or_default();
        let of = match kind {
            // a step that fails in each turn of a loop is one step
            Kind::RunFailed | Kind::RunTimedOut | Kind::SlaBroken => {
                let step = subject.step.as_ref().map(plain).unwrap_or_default();
                format!("{workflow} {step} {}", what.fault())
            }
            Kind::RunInDoubt | Kind::ApprovalWaiting | Kind::ApprovalTimedOut => {
                subject.run.map(|run| run.to_string()).unwrap_or_default()
            }
            Kind::SlotMissed
            | Kind::SlotSkipped
            | Kind::SlotRefused
            | Kind::DeliveryDropped
            | Kind::DeliveryRefused
            | Kind::TriggerPaused
            | Kind::TriggerFailing => {
                let trigger = subject.trigger.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("{workflow} {trigger} {}", what.fault())
            }
            Kind::DaemonReturned | Kind::StoreRestored | Kind::DiskLow | Kind::BackupFailed => {
                String::new()
            }
        };
        Alike { namespace, kind, of }
    }

    fn of_row(row: &NotificationRow) -> Alike {
        Alike::of(row.namespace, &row.subject, &row.what)
    }
}

/// A path without the numbers of turns.
fn plain(path: &StepPath) -> String {
    let is_outside = |(depth, c): &(u32, char)| *depth == 0 && *c != ']';
    let depths = path.as_str().chars().scan(0u32, |depth, c| {
        match c {
            '[' => *depth += 1,
            ']' => *depth = depth.saturating_sub(1),
            _ => {}
        }
        Some((*depth, c))
    });
    depths.filter(is_outside).map(|(_, c)| c).collect()
}

impl Known {
    /// One that is in the store, at this number: what may become of it is remembered.
    fn remember(&mut self, number: u64, row: &NotificationRow) {
        let (alike, run) = (Alike::of_row(row), row.subject.run);
        let is_over = match row.standing() {
            Standing::Unread | Standing::Open => false,
            Standing::Done => true,
        };
        if is_over {
            self.forget(number, row);
            return;
        }
        match (row.kind(), run) {
            (Kind::RunInDoubt | Kind::ApprovalWaiting, Some(run)) => {
                self.asking.insert(run);
            }
            (Kind::RunFailed | Kind::RunTimedOut, Some(run)) => {
                self.failed.insert(run, number);
            }
            _ => {}
        }
        self.numbers.insert(alike, number);
    }

    fn forget(&mut self, number: u64, row: &NotificationRow) {
        let alike = Alike::of_row(row);
        self.failed.retain(|_, of| *of != number);
        if self.numbers.get(&alike) != Some(&number) {
            return;
        }
        self.numbers.remove(&alike);
        let Some(run) = row.subject.run else { return };
        let other = match alike.kind {
            Kind::RunInDoubt => Kind::ApprovalWaiting,
            Kind::ApprovalWaiting => Kind::RunInDoubt,
            // it says nothing of whether the run asks
            _ => return,
        };
        if !self.numbers.contains_key(&Alike { kind: other, ..alike }) {
            self.asking.remove(&run);
        }
    }
}

/// What of a run's events is to be told, and what has ended by them.
struct OfRun {
    told: Vec<(What, Option<StepPath>)>,
    ended: Vec<(Kind, Settled)>,
    completed: bool,
}

/// `events` are applied to `run`; `asks` is whether it was told to ask or to be in doubt.
fn of_run(run: &Run, events: &[Event], asks: bool) -> Option<OfRun> {
    let mut found = OfRun { told: Vec::new(), ended: Vec::new(), completed: false };
    let (mut votes, mut resolved, mut over_time) = (false, false, None);
    for event in events {
        match event {
            Event::StepInDoubt { path, reason, .. } => {
                let reason = notification::cut(reason);
                found.told.push((What::RunInDoubt { reason }, Some(path.clone())));
            }
            Event::ApprovalAsked { path, request, until_ms } => {
                let (message, until_ms) = (notification::cut(&request.message), *until_ms);
                let what = What::ApprovalWaiting { message, until_ms };
                found.told.push((what, Some(path.clone())));
            }
            Event::ApprovalVoted { .. } => votes = true,
            Event::DoubtResolved { .. } => resolved = true,
            // nobody has voted, and it is decided
            Event::StepConfirmed { path, .. } if asks && !votes && is_approval(run, path) => {
                over_time = Some(path.clone());
            }
            Event::StepFailed { path, error, .. }
                if asks && !votes && OVER_TIME.contains(&error.code.as_str()) =>
            {
                over_time = Some(path.clone());
            }
            Event::PromiseBroken { promise } => {
                found.told.push((What::SlaBroken { promise: *promise }, None));
            }
            Event::Ended { end: RunEnd::Failed { step, error } } if run.parent.is_none() => {
                let message = notification::cut(&error.message);
                let error = TaskError { message, ..error.clone() };
                let what = match run.time.is_out {
                    true => What::RunTimedOut { error },
                    false => What::RunFailed { error },
                };
                found.told.push((what, step.clone()));
            }
            Event::Ended { end: RunEnd::Completed { .. } } => found.completed = true,
            _ => {}
        }
    }
    if asks {
        let ended = run.status().ended();
        let has = |is: fn(&StepState) -> bool| !ended && run.steps.values().any(is);
        let end = if ended { Settled::Ended } else { Settled::Decided };
        if !has(|state| matches!(state, StepState::InDoubt { .. })) {
            let end = if resolved { Settled::Decided } else { end };
            found.ended.push((Kind::RunInDoubt, end));
        }
        if !has(|state| matches!(state, StepState::Asking(_))) {
            let end = match (&over_time, votes) {
                (Some(_), _) => Settled::TimedOut,
                (None, true) => Settled::Decided,
                (None, false) => end,
            };
            found.ended.push((Kind::ApprovalWaiting, end));
        }
    }
    found.told.extend(over_time.map(|path| (What::ApprovalTimedOut, Some(path))));
    let is_any = !found.told.is_empty() || !found.ended.is_empty() || found.completed;
    is_any.then_some(found)
}

fn is_approval(run: &Run, path: &StepPath) -> bool {
    run.definition_of(path).is_some_and(|step| matches!(step.action, Action::Approval(_)))
}

impl Known {
    /// What events of a run, which are applied to it, tell people.
    pub(super) fn of_run(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        active: &Active,
        events: &[Event],
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let Active { namespace, run } = active;
        let asks = self.asking.contains(&run.id);
        let Some(found) = of_run(run, events, asks) else { return Ok(()) };
        for (kind, how) in found.ended {
            let alike = Alike { namespace: Some(*namespace), kind, of: run.id.to_string() };
            settle(self, tables, now_ms, &alike, how, out)?;
        }
        let workflow = &run.definition.name;
        for (what, step) in found.told {
            let (of, run) = (Some(workflow.clone()), Some(run.id));
            let subject = Subject { workflow: of, run, step, ..Subject::default() };
            let namespace = Some((*namespace, workflow.namespace.clone()));
            tell(self, tables, now_ms, Happening { namespace, subject, what, count: 1 }, out)?;
        }
        if found.completed && !self.failed.is_empty() {
            self.mend(tables, now_ms, run.id, out)?;
        }
        Ok(())
    }

    /// A run has completed: those that it is a rerun of, one of another, need nobody.
    fn mend(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        id: RunId,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let mut run = id;
        for _ in 0..MOST_RERUNS {
            let Some(before) = tables.rerun_of(run)? else { return Ok(()) };
            if let Some(number) = self.failed.get(&before).copied() {
                settle_at(self, tables, now_ms, number, Settled::Rerun, out)?;
            }
            run = before;
        }
        Ok(())
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

    /// The source of a trigger fails, or works again.
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
        self.notify(tables, now_ms, Happening::of_trigger(key, &workflow, what), out)
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
        let alike = Alike { namespace: None, kind, of: String::new() };
        settle(&mut self.notifications, tables, now_ms, &alike, how, out)
    }

    /// Whether something of the daemon itself is told of and stands.
    pub(super) fn is_told(&self, kind: Kind) -> bool {
        let alike = Alike { namespace: None, kind, of: String::new() };
        self.notifications.numbers.contains_key(&alike)
    }

    /// Reads what there is.
    pub(super) fn find_notifications(&mut self, tables: &Tables<'_>) -> Result<(), StoreError> {
        self.notifications = Known::default();
        let mut from = 0;
        loop {
            let some = tables.notifications_from(from, AT_ONCE)?;
            let Some((last, _)) = some.last() else { return Ok(()) };
            from = last + 1;
            for (number, row) in &some {
                self.notifications.remember(*number, row);
            }
        }
    }

    /// A person has seen some of them: one piece, see [`Answer::Acknowledged`].
    pub(super) fn acknowledge(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        asked: &Acknowledgement,
        out: &mut Outbox,
    ) -> Taken {
        let namespace = tables.known_namespace(&asked.namespace)?;
        let is_shown =
            |row: &NotificationRow| row.namespace.is_none() || row.namespace == namespace;
        let (mut found, mut next) = (Vec::new(), None);
        match &asked.ids {
            Some(ids) => {
                // one pass for all of them: each lies somewhere behind its id
                let ids: BTreeSet<u64> = ids.iter().copied().collect();
                found = tables.notifications_of(&ids)?;
                found.retain(|(_, row)| is_shown(row));
                let there: HashSet<u64> = found.iter().map(|(_, row)| row.id).collect();
                if let Some(id) = ids.iter().find(|id| !there.contains(id)) {
                    return Ok(Err(missing(*id)));
                }
            }
            None => {
                let some = tables.notifications_from(asked.from, AT_ONCE)?;
                next = some.last().map(|(number, _)| number + 1).filter(|_| some.len() == AT_ONCE);
                let of = |row: &NotificationRow| {
                    asked.workflow.is_none() || row.subject.workflow == asked.workflow
                };
                found.extend(some.into_iter().filter(|(_, row)| is_shown(row) && of(row)));
            }
        }
        let mut count = 0;
        for (number, mut row) in found {
            if number > asked.upto || row.standing() != Standing::Unread {
                continue;
            }
            row.acknowledged = Some(seen(&asked.by, now_ms));
            tables.put_notification(number, &row)?;
            self.notifications.remember(number, &row);
            count += 1;
        }
        if count > 0 {
            tracing::info!(by = %asked.by, count, "notifications acknowledged");
            out.everywhere = true;
        }
        Ok(Ok(Answer::Acknowledged { count, next: next.filter(|next| *next <= asked.upto) }))
    }

    /// Those whose last happening is older than this go, some of them; but for what still
    /// stands.
    pub(super) fn forget_notifications(
        &mut self,
        tables: &mut Tables<'_>,
        before_ms: u64,
        out: &mut Outbox,
    ) -> Taken {
        let some = tables.notifications_from(0, AT_ONCE)?;
        let stands = |row: &NotificationRow| row.kind().stands() && row.settled.is_none();
        let old: Vec<_> = some
            .into_iter()
            .take_while(|(_, row)| row.last_ms < before_ms)
            .filter(|(_, row)| !stands(row))
            .collect();
        for (number, row) in &old {
            tables.remove_notification(*number)?;
            self.notifications.forget(*number, row);
        }
        out.everywhere |= !old.is_empty();
        Ok(Ok(if old.len() == AT_ONCE { Answer::More } else { Answer::Done }))
    }
}

fn missing(id: u64) -> Fault {
    fault!(FaultCode::NoNotification, "no-notification", id = id)
}

/// One more of what there is, or a new one.
fn tell(
    known: &mut Known,
    tables: &mut Tables<'_>,
    now_ms: u64,
    told: Happening,
    out: &mut Outbox,
) -> Result<(), StoreError> {
    let Happening { namespace, subject, what, count } = told;
    let id = namespace.as_ref().map(|(id, _)| *id);
    match namespace {
        Some((_, name)) => out.touch(&name),
        None => out.everywhere = true,
    }
    let alike = Alike::of(id, &subject, &what);
    let before = known.numbers.get(&alike).copied();
    let old = match before {
        Some(number) => tables.notification(number)?,
        None => None,
    };
    let is_one_more = |old: &NotificationRow| {
        let is_seen = old.acknowledged.is_some();
        notification::folds(old.kind(), is_seen, old.first_ms, old.last_ms, now_ms)
    };
    let (before, row) = match old.filter(is_one_more) {
        Some(old) => {
            let count = old.count.saturating_add(count);
            // another run stands for it
            if let Some(run) = old.subject.run {
                known.failed.remove(&run);
            }
            // what was asked again nobody has seen
            let acknowledged = None;
            let row =
                NotificationRow { subject, what, count, last_ms: now_ms, acknowledged, ..old };
            (before, row)
        }
        None => {
            let (acknowledged, settled) = (None, None);
            let (first_ms, last_ms) = (now_ms, now_ms);
            let row = NotificationRow {
                id: 0,
                namespace: id,
                subject,
                what,
                count,
                first_ms,
                last_ms,
                acknowledged,
                settled,
            };
            (None, row)
        }
    };
    let (number, gone) = tables.add_notification(before, row.clone())?;
    if let Some((number, row)) = gone {
        known.forget(number, &row);
    }
    known.remember(number, &row);
    Ok(())
}

/// What stood has ended; nothing, when it is not told of.
fn settle(
    known: &mut Known,
    tables: &mut Tables<'_>,
    now_ms: u64,
    alike: &Alike,
    how: Settled,
    out: &mut Outbox,
) -> Result<(), StoreError> {
    let Some(number) = known.numbers.get(alike).copied() else { return Ok(()) };
    settle_at(known, tables, now_ms, number, how, out)
}

/// The one at this number has ended by itself.
fn settle_at(
    known: &mut Known,
    tables: &mut Tables<'_>,
    now_ms: u64,
    number: u64,
    how: Settled,
    out: &mut Outbox,
) -> Result<(), StoreError> {
    let Some(mut row) = tables.notification(number)? else { return Ok(()) };
    row.settled = Some((now_ms, how));
    tables.put_notification(number, &row)?;
    known.remember(number, &row);
    // the namespace of a run is told of its change anyway; of what is not, nobody else tells
    out.everywhere |= row.subject.run.is_none();
    Ok(())
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
