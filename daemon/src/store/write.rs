//! The writing side: what one transaction can do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use redb::{Range, WriteTransaction};
use rpa_engine::run::{Event, Gate, Parent, Phase, Run, RunStatus, StepState};
use rpa_engine::{AttemptId, Ident, Priority, RunId, StepPath, Value, Workflow};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::codec::{decode, decode_of, encode};
use super::error::StoreError;
use super::journal;
use super::lazy::Lazy;
use super::parts::{self, Many, Part};
use super::rows::{Lineage, RunHead, RunRow, StepRow, UndoRow};
use super::schema::{self, NamespaceId, queue_key, status_code, status_of};
use crate::driver::TakenOver;

type Bytes = &'static [u8];

/// All tables, for one transaction.
pub struct Tables<'t> {
    /// Runs whose rows cannot be read: nobody finds them.
    pub(super) aside: BTreeSet<RunId>,
    pub(super) meta: Lazy<'t, &'static str, Bytes>,
    pub(super) namespaces: Lazy<'t, &'static str, u32>,
    pub(super) workflows: Lazy<'t, (u32, &'static str), Bytes>,
    pub(super) revisions: Lazy<'t, (u32, &'static str, u32), Bytes>,
    /// All that there is of runs themselves, see [`Part`].
    pub(super) rows: Lazy<'t, Bytes, Bytes>,
    pub(super) timers: Lazy<'t, (u64, u128), ()>,
    pub(super) active: Lazy<'t, u128, ()>,
    pub(super) queued: Lazy<'t, (u8, u128), ()>,
    pub(super) held: Lazy<'t, u128, ()>,
    pub(super) index: Lazy<'t, (u32, &'static str, u8, u128), ()>,
    pub(super) counts: Lazy<'t, (u32, u8), u64>,
    pub(super) doubts: Lazy<'t, (u32, u128, &'static str), ()>,
    pub(super) approvals: Lazy<'t, (u32, u128, &'static str), ()>,
    pub(super) awaiting: Lazy<'t, (u32, &'static str, u128, &'static str), u64>,
    pub(super) events: Lazy<'t, (u32, u128), Bytes>,
    pub(super) offered: Lazy<'t, (u128, u128, &'static str), ()>,
    pub(super) offers: Lazy<'t, (u128, &'static str, u128), ()>,
    pub(super) crowded: Lazy<'t, (u32, &'static str, u128, &'static str), ()>,
    pub(super) pools: Lazy<'t, (u32, &'static str), u32>,
    pub(super) claims: Lazy<'t, (u32, &'static str, u64), Bytes>,
    pub(super) gated: Lazy<'t, (u32, &'static str, &'static str, u128), ()>,
    pub(super) at_gate: Lazy<'t, (u32, &'static str, &'static str, u8, u128), ()>,
    pub(super) gates: Lazy<'t, (u32, &'static str, &'static str), (u32, u32)>,
    pub(super) requests: Lazy<'t, (u32, &'static str), Bytes>,
    pub(super) triggers: Lazy<'t, (u32, &'static str, &'static str), Bytes>,
    pub(super) slots: Lazy<'t, (u32, &'static str, &'static str, u64), Bytes>,
    pub(super) deliveries: Lazy<'t, (u32, &'static str, &'static str, u64), Bytes>,
    pub(super) seen_files: Lazy<'t, (u32, &'static str, &'static str, &'static str), Bytes>,
    pub(super) watched: Lazy<'t, (u32, &'static str, &'static str), Bytes>,
    pub(super) notifications: Lazy<'t, u64, Bytes>,
    pub(super) notification_index: Lazy<'t, (u32, u8, u64), ()>,
    pub(super) archives: Lazy<'t, u32, Bytes>,
    pub(super) leftovers: Lazy<'t, u128, ()>,
}

impl std::fmt::Debug for Tables<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tables")
    }
}

impl<'t> Tables<'t> {
    pub(super) fn open(txn: &'t WriteTransaction, aside: BTreeSet<RunId>) -> Tables<'t> {
        Tables {
            aside,
            meta: Lazy::new(txn, schema::META),
            namespaces: Lazy::new(txn, schema::NAMESPACES),
            workflows: Lazy::new(txn, schema::WORKFLOWS),
            revisions: Lazy::new(txn, schema::REVISIONS),
            rows: Lazy::new(txn, schema::RUN_ROWS),
            timers: Lazy::new(txn, schema::TIMERS),
            active: Lazy::new(txn, schema::ACTIVE),
            queued: Lazy::new(txn, schema::QUEUED),
            held: Lazy::new(txn, schema::HELD),
            index: Lazy::new(txn, schema::RUN_INDEX),
            counts: Lazy::new(txn, schema::COUNTS),
            doubts: Lazy::new(txn, schema::DOUBTS),
            approvals: Lazy::new(txn, schema::APPROVALS),
            awaiting: Lazy::new(txn, schema::AWAITING),
            events: Lazy::new(txn, schema::EVENTS),
            offered: Lazy::new(txn, schema::OFFERED),
            offers: Lazy::new(txn, schema::OFFERS),
            crowded: Lazy::new(txn, schema::CROWDED),
            pools: Lazy::new(txn, schema::POOLS),
            claims: Lazy::new(txn, schema::CLAIMS),
            gated: Lazy::new(txn, schema::GATED),
            at_gate: Lazy::new(txn, schema::AT_GATE),
            gates: Lazy::new(txn, schema::GATES),
            requests: Lazy::new(txn, schema::REQUESTS),
            triggers: Lazy::new(txn, schema::TRIGGERS),
            slots: Lazy::new(txn, schema::SLOTS),
            deliveries: Lazy::new(txn, schema::DELIVERIES),
            seen_files: Lazy::new(txn, schema::SEEN_FILES),
            watched: Lazy::new(txn, schema::WATCHED),
            notifications: Lazy::new(txn, schema::NOTIFICATIONS),
            notification_index: Lazy::new(txn, schema::NOTIFICATION_INDEX),
            archives: Lazy::new(txn, schema::ARCHIVES),
            leftovers: Lazy::new(txn, schema::LEFTOVERS),
        }
    }

    /// Makes the tables that are missing; gives a new store its format and its identity.
    pub(super) fn initialise(&mut self) -> Result<(), StoreError> {
        self.meta.open()?;
        self.namespaces.open()?;
        self.workflows.open()?;
        self.revisions.open()?;
        self.rows.open()?;
        self.timers.open()?;
        self.active.open()?;
        self.queued.open()?;
        self.held.open()?;
        self.index.open()?;
        self.counts.open()?;
        self.doubts.open()?;
        self.approvals.open()?;
        self.awaiting.open()?;
        self.events.open()?;
        self.offered.open()?;
        self.offers.open()?;
        self.crowded.open()?;
        self.pools.open()?;
        self.claims.open()?;
        self.gated.open()?;
        self.at_gate.open()?;
        self.gates.open()?;
        self.requests.open()?;
        self.triggers.open()?;
        self.slots.open()?;
        self.deliveries.open()?;
        self.seen_files.open()?;
        self.watched.open()?;
        self.notifications.open()?;
        self.notification_index.open()?;
        self.archives.open()?;
        self.leftovers.open()?;
        if self.meta.get("format")?.is_none() {
            self.meta.insert("format", schema::FORMAT.to_le_bytes().as_slice())?;
            self.meta.insert("instance", Uuid::now_v7().as_bytes().as_slice())?;
        }
        Ok(())
    }

    /// Which start of the daemon on this store it is, counted from 1.
    pub fn next_epoch(&mut self) -> Result<u64, StoreError> {
        let epoch = match self.meta.get("epoch")? {
            None => 1,
            Some(bytes) => {
                let bytes = bytes.value().try_into();
                let bytes = bytes.map_err(|_| StoreError::corrupt("its epoch is not a number"))?;
                u64::from_le_bytes(bytes).saturating_add(1)
            }
        };
        self.meta.insert("epoch", epoch.to_le_bytes().as_slice())?;
        Ok(epoch)
    }

    /// Pretends that another version wrote this store.
    #[cfg(test)]
    pub(super) fn set_format(&mut self, format: u32) -> Result<(), StoreError> {
        self.meta.insert("format", format.to_le_bytes().as_slice())?;
        Ok(())
    }

    /// Steps of a run with an attempt under way, and the boot each began in.
    pub fn running(&self, run: RunId) -> Result<Vec<(AttemptId, String)>, StoreError> {
        let mut running = Vec::new();
        for entry in self.many(run, Many::Steps)? {
            let (key, row) = entry?;
            let row: StepRow = decode_of(run, "step", row.value())?;
            if let StepState::Running { attempt, .. } = row.state {
                let path = parts::step_of(run, key.value())?;
                running.push((AttemptId { run, path, number: attempt }, row.boot));
            }
        }
        Ok(running)
    }

    /// Whether the rows of a run cannot be read.
    pub fn is_aside(&self, run: RunId) -> bool {
        self.aside.contains(&run)
    }

    /// The rows of a run cannot be read: in this transaction nobody finds it any more.
    pub fn put_aside(&mut self, run: RunId) {
        self.aside.insert(run);
    }

    /// The oldest run that waits for its turn.
    pub fn oldest_queued(&self) -> Result<Option<RunId>, StoreError> {
        for entry in self.queued.iter()? {
            let run = RunId(entry?.0.value().1);
            if !self.is_aside(run) {
                return Ok(Some(run));
            }
        }
        Ok(None)
    }

    /// Runs that are active, oldest first.
    pub fn active(&self) -> Result<Vec<RunId>, StoreError> {
        let ids = self.active.iter()?.map(|entry| entry.map(|(run, _)| RunId(run.value())));
        let ids = ids.filter(|run| run.as_ref().map_or(true, |run| !self.is_aside(*run)));
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Whether the transaction has changed who waits in the queue.
    pub fn queue_is_changed(&self) -> bool {
        self.queued.is_changed()
    }

    /// Whether it has armed or taken back a timer.
    pub fn timers_are_changed(&self) -> bool {
        self.timers.is_changed()
    }

    /// The earliest timer: due time and run.
    pub fn next_timer(&self) -> Result<Option<(u64, RunId)>, StoreError> {
        Ok(self.due(u64::MAX, 1)?.pop())
    }

    /// Runs whose timers are due at `up_to_ms`, at most `most`.
    pub fn due(&self, up_to_ms: u64, most: usize) -> Result<Vec<(u64, RunId)>, StoreError> {
        let due = self.timers.range(..=(up_to_ms, u128::MAX))?;
        let due = due.map(|e| e.map(|(key, _)| (key.value().0, RunId(key.value().1))));
        let due = due.filter(|e| e.as_ref().map_or(true, |(_, run)| !self.is_aside(*run)));
        Ok(due.take(most).collect::<Result<_, _>>()?)
    }

    /// A newly accepted run, as `Run::accept` made it and `events` have changed it
    /// since.
    pub fn insert_run(
        &mut self,
        run: &Run,
        entered: Entered<'_>,
        at_ms: u64,
    ) -> Result<(), StoreError> {
        let Entered { namespace, inputs, events, taken_over, lineage } = entered;
        let head = RunHead {
            namespace,
            workflow: run.definition.name.clone(),
            revision: run.revision,
            actor: run.actor.clone(),
            request_id: run.request_id.clone(),
            accepted_ms: run.accepted_ms,
            rerun_of: taken_over.map(|taken| taken.from),
            lineage,
            priority: run.priority,
        };
        let id = run.id.0;
        self.take_over(run, taken_over)?;
        let name = run.definition.name.name.clone();
        self.put(run.id, Part::Head, &head)?;
        self.put(run.id, Part::Inputs, inputs)?;
        if run.vars != *inputs {
            self.put(run.id, Part::Vars, &run.vars)?;
        }
        self.index.insert((namespace.0, "", 0, id), ())?;
        self.index.insert((namespace.0, name.as_str(), 0, id), ())?;
        let status = run.status();
        let code = status_code(status);
        self.enter_status(namespace, name.as_str(), code, run.id)?;
        self.shelve(run, None, Shelf::of(&run.phase, &run.gate))?;
        let row = RunRow {
            seq: run.seq,
            status: code,
            phase: run.phase.clone(),
            gate: run.gate.clone(),
            stands: run.stands(),
            holds: run.holds.clone(),
            cancel: run.cancel.clone(),
            paused: run.paused.clone(),
            time: run.time.clone(),
            wake_ms: run.next_wake(),
            log_bytes: 0,
            held: false,
        };
        if let Some(due_ms) = row.wake_ms {
            self.timers.insert((due_ms, id), ())?;
        }
        self.put(run.id, Part::Row, &row)?;
        self.save_events(namespace, run, events, at_ms)
    }

    /// The journal, and what it says of steps and variables: of `events`, which are applied
    /// to `run` already. [`Tables::save_row`] is to follow in the same transaction.
    pub fn save_events(
        &mut self,
        namespace: NamespaceId,
        run: &Run,
        events: &[Event],
        at_ms: u64,
    ) -> Result<(), StoreError> {
        self.add_to_journal(run.id, run.seq - events.len() as u64, events, at_ms)?;
        for event in events {
            self.save_waits(namespace, run, event)?;
        }
        self.save_steps(namespace, run, events)?;
        self.save_undo(run, events)?;
        if events.iter().any(|e| matches!(e, Event::StepCompleted { set, .. } if !set.is_empty())) {
            self.put(run.id, Part::Vars, &run.vars)?;
        }
        Ok(())
    }

    fn save_steps(
        &mut self,
        namespace: NamespaceId,
        run: &Run,
        events: &[Event],
    ) -> Result<(), StoreError> {
        let id = run.id.0;
        let turned = |event: &Event| event.path()?.as_turn().map(|(of, _)| of);
        let loops: BTreeSet<StepPath> = events.iter().filter_map(turned).collect();
        let changed = events.iter().filter(|e| e.changes_step()).filter_map(Event::path);
        let touched: BTreeSet<&StepPath> = changed.chain(&loops).collect();
        // of many steps at once not every one looks through all events
        let given = events.iter().filter_map(|event| Some((event.path()?, event.output()?)));
        let outputs: BTreeMap<&StepPath, &Value> = given.collect();
        let decided = |event: &&Event| matches!(event, Event::DoubtResolved { .. });
        let decided: BTreeSet<&StepPath> =
            events.iter().filter(decided).filter_map(Event::path).collect();
        for path in touched {
            let Some(state) = run.steps.get(path) else { continue };
            let output = outputs.get(path).copied();
            let row = StepRow::new(state.clone(), output.cloned());
            self.put(run.id, Part::Step(path.as_str()), &row)?;
            let doubt = (namespace.0, id, path.as_str());
            if matches!(state, StepState::InDoubt { .. }) {
                self.doubts.insert(doubt, ())?;
            } else if decided.contains(path) {
                self.doubts.remove(doubt)?;
            }
        }
        Ok(())
    }

    /// The rows of steps that are as they were in an earlier run.
    fn take_over(&mut self, run: &Run, taken_over: Option<&TakenOver>) -> Result<(), StoreError> {
        for (step, state, output) in taken_over.into_iter().flat_map(|taken| &taken.steps) {
            let row = StepRow::new(state.clone(), output.clone());
            self.put(run.id, Part::Step(step.as_str()), &row)?;
        }
        for (number, path) in (0..).zip(&run.undo).take_while(|(_, path)| is_kept(path, taken_over))
        {
            let row = UndoRow { path: path.clone(), under_way: false };
            self.put(run.id, Part::Undo(number), &row)?;
        }
        Ok(())
    }

    /// What would be undone, in the order in which it has completed.
    fn save_undo(&mut self, run: &Run, events: &[Event]) -> Result<(), StoreError> {
        let first = run.seq - events.len() as u64;
        let is_undone_at_once = |path: &StepPath| {
            events.iter().any(|e| matches!(e, Event::UndoOpened { path: p } if p == path))
        };
        for (seq, event) in (first..).zip(events) {
            match event {
                Event::StepCompleted { path, .. }
                    if run.undo.contains(path) || is_undone_at_once(path) =>
                {
                    let row = UndoRow { path: path.clone(), under_way: false };
                    self.put(run.id, Part::Undo(OWN_UNDO + seq), &row)?;
                }
                Event::UndoOpened { path } => {
                    if let Some(seq) = self.undo_row(run.id, path)? {
                        let row = UndoRow { path: path.clone(), under_way: true };
                        self.put(run.id, Part::Undo(seq), &row)?;
                    }
                }
                Event::UndoEnded { path, .. } => {
                    if let Some(seq) = self.undo_row(run.id, path)? {
                        self.drop_row(run.id, Part::Undo(seq))?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn undo_row(&self, run: RunId, path: &StepPath) -> Result<Option<u64>, StoreError> {
        let rows = self.undo_rows(run)?;
        Ok(rows.into_iter().find(|(_, row)| row.path == *path).map(|(seq, _)| seq))
    }

    fn undo_rows(&self, run: RunId) -> Result<Vec<(u64, UndoRow)>, StoreError> {
        let mut rows = Vec::new();
        for entry in self.many(run, Many::Undo)? {
            let (key, row) = entry?;
            rows.push((parts::number_of(key.value())?, decode_of(run, "undo", row.value())?));
        }
        Ok(rows)
    }

    /// The row of a run as it is now, with all places where it is looked for. `log_bytes` is
    /// the length of the run's log by now.
    pub fn save_row(
        &mut self,
        namespace: NamespaceId,
        run: &Run,
        log_bytes: u64,
    ) -> Result<(), StoreError> {
        let id = run.id.0;
        let before = self
            .run_row(run.id)?
            .ok_or_else(|| StoreError::corrupt(format!("run {} has no row", run.id)))?;
        let status = run.status();
        let code = status_code(status);
        // what is held is found by nobody who would let it go on
        let held = before.held && !status.ended();
        let wake_ms = run.next_wake().filter(|_| !held);
        if before.held && !held {
            self.held.remove(id)?;
        }
        if code != before.status {
            let name = run.definition.name.name.as_str();
            self.leave_status(namespace, name, before.status, run.id)?;
            self.enter_status(namespace, name, code, run.id)?;
        }
        let shelf = |held: bool, phase, gate| match held {
            true => Shelf::None,
            false => Shelf::of(phase, gate),
        };
        let shelves =
            (shelf(before.held, &before.phase, &before.gate), shelf(held, &run.phase, &run.gate));
        if shelves.0 != shelves.1 {
            self.shelve(run, Some(shelves.0), shelves.1)?;
        }
        if wake_ms != before.wake_ms {
            if let Some(old) = before.wake_ms {
                self.timers.remove((old, id))?;
            }
            if let Some(new) = wake_ms {
                self.timers.insert((new, id), ())?;
            }
        }
        let row = RunRow {
            seq: run.seq,
            status: code,
            phase: run.phase.clone(),
            gate: run.gate.clone(),
            stands: run.stands(),
            holds: run.holds.clone(),
            cancel: run.cancel.clone(),
            paused: run.paused.clone(),
            time: run.time.clone(),
            wake_ms,
            log_bytes: log_bytes.max(before.log_bytes),
            held,
        };
        // most steps change nothing here but the number, which the journal has as well
        if (RunRow { seq: before.seq, ..row.clone() }) != before {
            self.put(run.id, Part::Row, &row)?;
        }
        Ok(())
    }

    /// Moves a run to where it is looked for.
    pub(super) fn shelve(
        &mut self,
        run: &Run,
        from: Option<Shelf>,
        to: Shelf,
    ) -> Result<(), StoreError> {
        match from {
            Some(Shelf::Line) => self.queued.remove(queue_key(run.priority, run.id))?,
            Some(Shelf::Active) => self.active.remove(run.id.0)?,
            Some(Shelf::None) | None => {}
        }
        match to {
            Shelf::Line => self.queued.insert(queue_key(run.priority, run.id), ()),
            Shelf::Active => self.active.insert(run.id.0, ()),
            Shelf::None => Ok(()),
        }
    }

    fn enter_status(
        &mut self,
        namespace: NamespaceId,
        workflow: &str,
        status: u8,
        run: RunId,
    ) -> Result<(), StoreError> {
        self.index.insert((namespace.0, "", status, run.0), ())?;
        self.index.insert((namespace.0, workflow, status, run.0), ())?;
        self.count(namespace, status, 1)
    }

    fn leave_status(
        &mut self,
        namespace: NamespaceId,
        workflow: &str,
        status: u8,
        run: RunId,
    ) -> Result<(), StoreError> {
        self.index.remove((namespace.0, "", status, run.0))?;
        self.index.remove((namespace.0, workflow, status, run.0))?;
        self.count(namespace, status, -1)
    }

    fn count(&mut self, namespace: NamespaceId, status: u8, by: i64) -> Result<(), StoreError> {
        let key = (namespace.0, status);
        let now = self.counts.get(key)?.map_or(0, |c| c.value());
        self.counts.insert(key, now.saturating_add_signed(by))?;
        Ok(())
    }

    /// The stored status of a run.
    pub fn status(&self, run: RunId) -> Result<RunStatus, StoreError> {
        let row = self.run_row(run)?;
        let missing = || StoreError::corrupt(format!("run {run} has no row")).of(run);
        status_of(row.ok_or_else(missing)?.status)
    }

    /// As [`Tables::status`]; `None` when it is not in the live store.
    pub fn known_status(&self, run: RunId) -> Result<Option<RunStatus>, StoreError> {
        self.run_row(run)?.map(|row| status_of(row.status)).transpose()
    }

    /// How long the run's log was at the last commit.
    pub fn log_bytes(&self, run: RunId) -> Result<u64, StoreError> {
        Ok(self.run_row(run)?.map_or(0, |row| row.log_bytes))
    }

    pub(super) fn run_row(&self, run: RunId) -> Result<Option<RunRow>, StoreError> {
        self.row_of(run, Part::Row, "run")
    }

    /// Writes a row of a run.
    pub(super) fn put<T: Serialize>(
        &mut self,
        run: RunId,
        part: Part<'_>,
        row: &T,
    ) -> Result<(), StoreError> {
        self.rows.insert(part.of(run).as_slice(), encode(row)?.as_slice())
    }

    pub(super) fn drop_row(&mut self, run: RunId, part: Part<'_>) -> Result<(), StoreError> {
        self.rows.remove(part.of(run).as_slice())
    }

    /// `what` names the row where it cannot be read.
    fn row_of<T: DeserializeOwned>(
        &self,
        run: RunId,
        part: Part<'_>,
        what: &str,
    ) -> Result<Option<T>, StoreError> {
        let row = self.rows.get(part.of(run).as_slice())?;
        row.map(|bytes| decode_of(run, what, bytes.value())).transpose()
    }

    pub(super) fn many(
        &self,
        run: RunId,
        many: Many,
    ) -> Result<Range<'_, Bytes, Bytes>, StoreError> {
        let range = many.of(run);
        self.rows.range(range.start.as_slice()..range.end.as_slice())
    }

    /// What there is of a run; nothing of one whose rows cannot be read.
    pub(super) fn head(&self, run: RunId) -> Result<Option<RunHead>, StoreError> {
        if self.is_aside(run) {
            return Ok(None);
        }
        self.row_of(run, Part::Head, "run head")
    }

    pub fn lineage(&self, run: RunId) -> Result<Lineage, StoreError> {
        Ok(self.head(run)?.map(|head| head.lineage).unwrap_or_default())
    }

    /// The run of which this one is a rerun.
    pub fn rerun_of(&self, run: RunId) -> Result<Option<RunId>, StoreError> {
        Ok(self.head(run)?.and_then(|head| head.rerun_of))
    }

    /// The step that has called a run and waits for it.
    pub fn parent_of(&self, run: RunId) -> Result<Option<Parent>, StoreError> {
        let Lineage { parent, detached, .. } = self.lineage(run)?;
        Ok(parent.filter(|_| !detached))
    }

    /// The steps that have called a run and wait, the nearest first.
    pub fn callers(&self, run: RunId) -> Result<Vec<Parent>, StoreError> {
        let mut callers = Vec::new();
        let mut next = self.parent_of(run)?;
        while let Some(parent) = next {
            next = self.parent_of(parent.run)?;
            callers.push(parent);
        }
        Ok(callers)
    }

    pub fn priority_of(&self, run: RunId) -> Result<Priority, StoreError> {
        Ok(self.head(run)?.map(|head| head.priority).unwrap_or_default())
    }

    /// Loads a run as the engine knows it. `definition` finds the revision's
    /// meaning, which the caller caches. An error names the run when it is the run's rows
    /// that cannot be read.
    pub fn load_run(
        &self,
        run: RunId,
        definition: impl FnOnce(&Self, &RunHead) -> Result<Arc<Workflow>, StoreError>,
    ) -> Result<Option<(NamespaceId, Run)>, StoreError> {
        self.load_rows(run, definition).map_err(|error| error.of(run))
    }

    fn load_rows(
        &self,
        run: RunId,
        definition: impl FnOnce(&Self, &RunHead) -> Result<Arc<Workflow>, StoreError>,
    ) -> Result<Option<(NamespaceId, Run)>, StoreError> {
        let Some(head) = self.head(run)? else { return Ok(None) };
        let missing = |what: &str| StoreError::corrupt(format!("run {run} has no {what}"));
        let row = self.run_row(run)?.ok_or_else(|| missing("row"))?;
        let set = self.row_of(run, Part::Vars, "variables")?;
        let vars: BTreeMap<Ident, Value> = match set {
            Some(vars) => vars,
            None => {
                let inputs = self.row_of(run, Part::Inputs, "variables")?;
                inputs.ok_or_else(|| missing("variables"))?
            }
        };
        let namespace = head.namespace;
        let definition = definition(self, &head)?;
        let mut loaded = Run::accept(rpa_engine::run::Acceptance {
            id: run,
            revision: head.revision,
            definition,
            actor: head.actor,
            request_id: head.request_id,
            accepted_ms: head.accepted_ms,
            parent: head.lineage.parent.filter(|_| !head.lineage.detached),
            priority: head.priority,
            vars,
            kept: Vec::new(),
        });
        loaded.seq = journal::len(self.rows.open()?, run)?;
        loaded.phase = row.phase;
        loaded.gate = row.gate;
        loaded.holds = row.holds;
        loaded.cancel = row.cancel;
        loaded.paused = row.paused;
        loaded.time = row.time;
        let (under_way, waiting): (Vec<_>, Vec<_>) =
            self.undo_rows(run)?.into_iter().map(|(_, row)| row).partition(|row| row.under_way);
        loaded.undo = waiting.into_iter().map(|row| row.path).collect();
        let mut steps = Vec::new();
        for entry in self.many(run, Many::Steps)? {
            let (key, row) = entry?;
            let path = parts::step_of(run, key.value())?;
            let row: StepRow = decode("step", row.value())?;
            steps.push((path, row.state));
        }
        loaded.undoing = under_way.into_iter().map(|row| row.path).next();
        loaded.restore(steps);
        Ok(Some((namespace, loaded)))
    }
}

/// Steps of the run itself are undone before those that were taken over: their keys in
/// the table of what is to be undone are this much higher.
const OWN_UNDO: u64 = 1 << 32;

fn is_kept(path: &StepPath, taken_over: Option<&TakenOver>) -> bool {
    let mut steps = taken_over.into_iter().flat_map(|taken| &taken.steps);
    steps.any(|(id, ..)| id.as_str() == path.as_str())
}

/// What is written of a newly accepted run beside its state.
#[derive(Debug)]
pub struct Entered<'r> {
    pub namespace: NamespaceId,
    pub inputs: &'r BTreeMap<Ident, Value>,
    pub events: &'r [Event],
    pub taken_over: Option<&'r TakenOver>,
    pub lineage: Lineage,
}

/// Where a run is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shelf {
    /// Among those that wait for their turn, whom nothing else holds back.
    Line,
    /// Among those that recovery loads.
    Active,
    /// It has ended, or waits at the gate of its workflow, which knows it.
    None,
}

impl Shelf {
    pub(super) fn of(phase: &Phase, gate: &Gate) -> Shelf {
        match (phase, gate) {
            (Phase::Queued, Gate::Open | Gate::Held { .. }) => Shelf::Line,
            (Phase::Queued, Gate::Waiting { .. } | Gate::TurnedAway { .. })
            | (Phase::Ended { .. }, _) => Shelf::None,
            (Phase::Queued, Gate::Asking)
            | (Phase::Active { .. } | Phase::Finishing { .. } | Phase::Closing { .. }, _) => {
                Shelf::Active
            }
        }
    }
}

/// The kernel's id of this boot; empty when it cannot be told.
pub fn boot_id() -> &'static str {
    rpa_tasks::process::boot_id().unwrap_or_default()
}
