//! One run: its rows, and every index that knows it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rpa_engine::lock::Claim;
use rpa_engine::run::{Gate, Phase, StepState};
use rpa_engine::{Action, Ident, RunId, StepPath, Value, Wait, Workflow};

use super::{Audit, Depth, Kind};
use crate::store::codec::{decode, decode_front};
use crate::store::error::StoreError;
use crate::store::parts::{self, Many, Part};
use crate::store::rows::{RunHead, RunRow, UndoRow};
use crate::store::run_rows::RunRows;
use crate::store::schema::{priority_key, queue_key};
use crate::store::write::Shelf;

/// The rows of one run that can be read.
pub(super) struct Kept {
    pub(super) id: RunId,
    pub(super) head: RunHead,
    pub(super) row: RunRow,
    pub(super) inputs: BTreeMap<Ident, Value>,
    pub(super) vars: Option<BTreeMap<Ident, Value>>,
    pub(super) undo: Vec<UndoRow>,
    pub(super) definition: Arc<Workflow>,
}

impl Audit {
    /// The places of all runs of the live store, the newest first; whether it came to
    /// the oldest.
    pub(super) fn runs(&mut self, live: &RunRows) -> Result<bool, StoreError> {
        let mut before = None;
        while let Some(run) = live.last_before(before)? {
            before = Some(run);
            if self.is_over() {
                return Ok(false);
            }
            if !self.is_here(live, run)? {
                self.nobodys(live, run)?;
                continue;
            }
            self.report.runs += 1;
            self.own.rows += self.own_rows(live, run)?;
            if let Some(kept) = self.gather(live, run)? {
                let status = (kept.head.namespace.0, kept.row.status);
                *self.statuses.entry(status).or_default() += 1;
                self.own.index += self.lists(live, &kept)?;
                self.shelf(&kept)?;
                self.gate(&kept)?;
                self.holds(&kept)?;
                self.waiting_steps(live, &kept)?;
                self.caller(live, &kept)?;
                self.fired(&kept)?;
            } else {
                self.unread += 1;
            }
        }
        Ok(true)
    }

    /// Journals of the live store, the newest runs first.
    pub(super) fn journals(&mut self, live: &RunRows) -> Result<(), StoreError> {
        if self.depth == Depth::Rows {
            return Ok(());
        }
        let mut before = None;
        while let Some(run) = live.last_before(before)? {
            before = Some(run);
            if self.is_over() {
                return Ok(());
            }
            if !self.is_here(live, run)? {
                continue;
            }
            // what cannot be read has been told of
            self.is_told = true;
            let kept = self.gather(live, run);
            self.is_told = false;
            if let Some(kept) = kept? {
                self.fold(live, &kept)?;
            }
            self.report.journals += 1;
        }
        Ok(())
    }

    /// Whether a run is here, of which there are rows. What is left of one that has gone
    /// into an archive is none; one whose head is lost is damaged.
    pub(super) fn is_here(&self, live: &RunRows, run: RunId) -> Result<bool, StoreError> {
        let is_left = || self.leftovers.table.get(run.0).map(|left| left.is_some());
        Ok(live.has(run)? || (is_stored(live, run)? && !is_left()?))
    }

    /// Rows of a run that is not here: those that are to be removed are counted elsewhere.
    fn nobodys(&mut self, live: &RunRows, run: RunId) -> Result<(), StoreError> {
        if self.leftovers.table.get(run.0)?.is_some() {
            return Ok(());
        }
        let rows = self.own_rows(live, run)?;
        self.own.rows += rows;
        let text = format!("{rows} rows of {run}, which is not here, and nobody removes them");
        self.find(Kind::Stray, "run_rows", run, text);
        Ok(())
    }

    /// How many rows a run has, or one that has left. Their keys can be read, and those
    /// rows that nothing else reads.
    pub(super) fn own_rows(&mut self, rows: &RunRows, run: RunId) -> Result<u64, StoreError> {
        let mut count = 0;
        for entry in rows.all_of(run)? {
            let (key, row) = entry?;
            count += 1;
            let key = self.readable("run_rows", run, parts::read(key.value()))?;
            if let Some((_, Part::Call(..))) = key {
                self.readable("calls", run, decode::<RunId>("call", row.value()))?;
            }
        }
        Ok(count)
    }

    /// Reads the rows that every run has.
    pub(super) fn gather(
        &mut self,
        rows: &RunRows,
        run: RunId,
    ) -> Result<Option<Kept>, StoreError> {
        let part = |part: Part<'_>| rows.rows.get(part.of(run).as_slice());
        let head = part(Part::Head)?.map(|row| decode("run head", row.value()));
        let row = part(Part::Row)?.map(|row| decode("run", row.value()));
        let inputs = part(Part::Inputs)?.map(|row| decode("variables", row.value()));
        let vars = part(Part::Vars)?.map(|row| decode("variables", row.value()));
        let undo: Result<Vec<UndoRow>, StoreError> =
            rows.many(run, Many::Undo)?.map(|entry| decode("undo", entry?.1.value())).collect();
        let missing = || StoreError::corrupt("it is missing");
        let head = self.readable("run_heads", run, head.unwrap_or_else(|| Err(missing())))?;
        let row = self.readable("runs", run, row.unwrap_or_else(|| Err(missing())))?;
        let inputs = self.readable("run_inputs", run, inputs.unwrap_or_else(|| Err(missing())))?;
        let vars = self.readable("run_vars", run, vars.transpose())?;
        let undo = self.readable("undo", run, undo)?;
        let (Some(head), Some(row), Some(inputs), Some(vars), Some(undo)) =
            (head, row, inputs, vars, undo)
        else {
            return Ok(None);
        };
        let Some(definition) = self.definition(run, &head)? else { return Ok(None) };
        Ok(Some(Kept { id: run, head, row, inputs, vars, undo, definition }))
    }

    /// Where people look for the run; how many of the places there are.
    pub(super) fn lists(&mut self, rows: &RunRows, kept: &Kept) -> Result<u64, StoreError> {
        let (run, ns, status) = (kept.id, kept.head.namespace.0, kept.row.status);
        let name = kept.head.workflow.name.as_str();
        let mut places = 0;
        for (workflow, code) in [("", 0), (name, 0), ("", status), (name, status)] {
            match rows.index.get((ns, workflow, code, run.0))? {
                Some(_) => places += 1,
                None => {
                    let text = format!("it is not in the list of {workflow:?} with status {code}");
                    self.find(Kind::Listed, "run_index", run, text);
                }
            }
        }
        Ok(places)
    }

    /// Where the driver looks for it.
    fn shelf(&mut self, kept: &Kept) -> Result<(), StoreError> {
        let (run, row) = (kept.id, &kept.row);
        let (table, there) = match Shelf::of(&row.phase, &row.gate) {
            _ if row.held => ("held", self.held.has(run.0)?),
            Shelf::Line => ("queue", self.queued.has(queue_key(kept.head.priority, run))?),
            Shelf::Active => ("active", self.active.has(run.0)?),
            Shelf::None => ("", true),
        };
        if !there {
            self.find(Kind::Astray, table, run, "it is not where it would be looked for");
        }
        let has_ended = matches!(row.phase, Phase::Ended { .. });
        if row.held && (has_ended || row.wake_ms.is_some()) {
            let text = "it is held, though it has ended or has a timer";
            self.find(Kind::Astray, "runs", run, text);
        }
        if let Some(due_ms) = row.wake_ms
            && !self.timers.has((due_ms, run.0))?
        {
            self.find(Kind::Astray, "timers", run, format!("its timer of {due_ms} is missing"));
        }
        Ok(())
    }

    fn gate(&mut self, kept: &Kept) -> Result<(), StoreError> {
        let (run, ns) = (kept.id, kept.head.namespace.0);
        let name = kept.head.workflow.name.as_str();
        if matches!(kept.row.phase, Phase::Ended { .. }) {
            return Ok(());
        }
        let (table, there) = match &kept.row.gate {
            Gate::Held { key } => ("gated", self.gated.has((ns, name, key.as_str(), run.0))?),
            Gate::Waiting { key } => {
                let place = (ns, name, key.as_str(), priority_key(kept.head.priority), run.0);
                ("at_gate", self.at_gate.has(place)?)
            }
            Gate::Open | Gate::Asking | Gate::TurnedAway { .. } => return Ok(()),
        };
        if !there {
            self.find(Kind::Astray, table, run, "its gate does not know it");
        }
        Ok(())
    }

    /// What its steps hold is claimed.
    fn holds(&mut self, kept: &Kept) -> Result<(), StoreError> {
        for (path, hold) in &kept.row.holds {
            for lock in &hold.locks {
                self.claimed(kept, path, lock.as_str(), true)?;
            }
        }
        Ok(())
    }

    /// A step has claimed a lock, and been granted it or not.
    fn claimed(
        &mut self,
        kept: &Kept,
        path: &StepPath,
        lock: &str,
        granted: bool,
    ) -> Result<(), StoreError> {
        let ns = kept.head.namespace.0;
        for entry in self.claims.table.range((ns, lock, 0)..=(ns, lock, u64::MAX))? {
            // one that cannot be read is found among the locks
            let Ok(claim) = decode::<Claim>("claim", entry?.1.value()) else { continue };
            if claim.by.run == kept.id && claim.by.path == *path {
                self.claims.seen += 1;
                if claim.granted_ms.is_some() != granted {
                    let text = format!("{path} and its claim of {lock} say different things");
                    self.find(Kind::Astray, "claims", kept.id, text);
                }
                return Ok(());
            }
        }
        self.find(
            Kind::Astray,
            "claims",
            kept.id,
            format!("the claim of {path} for {lock} is missing"),
        );
        Ok(())
    }

    /// Steps that wait for people, events, locks and runs are where those look for them.
    fn waiting_steps(&mut self, live: &RunRows, kept: &Kept) -> Result<(), StoreError> {
        let (run, id, ns) = (kept.id, kept.id.0, kept.head.namespace.0);
        for entry in live.many(run, Many::Steps)? {
            let (key, row) = entry?;
            let step = step_of(run, key.value(), row.value());
            let Some((path, state)) = self.readable("steps", run, step)? else { continue };
            let text = path.as_str();
            let (table, there) = match &state {
                StepState::InDoubt { .. } => ("doubts", self.doubts.has((ns, id, text))?),
                StepState::Asking(_) => ("approvals", self.approvals.has((ns, id, text))?),
                StepState::Awaiting(awaiting) => match awaited(&kept.definition, &path) {
                    Some(name) => {
                        self.offers(kept, &path, name, awaiting)?;
                        ("awaiting", self.awaits(kept, &path, name)?)
                    }
                    None => ("steps", false),
                },
                StepState::Calling(calling) => ("run_heads", live.has(calling.run)?),
                StepState::Claiming(claiming) => {
                    let asked = claiming.wanted.iter().take(claiming.granted + 1);
                    for (at, (lock, _)) in asked.enumerate() {
                        self.claimed(kept, &path, lock.as_str(), at < claiming.granted)?;
                    }
                    continue;
                }
                _ => continue,
            };
            if !there {
                let text = format!("what {path} waits for does not know it");
                self.find(Kind::Astray, table, run, text);
            }
        }
        Ok(())
    }

    /// Whoever has called it knows it. A caller that has ended may be in an archive.
    fn caller(&mut self, live: &RunRows, kept: &Kept) -> Result<(), StoreError> {
        let Some(parent) = &kept.head.lineage.parent else { return Ok(()) };
        if !live.has(parent.run)? {
            return Ok(());
        }
        let called = parts::calls_of(parent.run, &parent.path);
        for entry in live.rows.range(called.start.as_slice()..called.end.as_slice())? {
            match decode::<RunId>("call", entry?.1.value()) {
                Ok(called) if called != kept.id => {}
                // it may have been this one: that it cannot be read is told of the caller
                Ok(_) | Err(_) => return Ok(()),
            }
        }
        let path = &parent.path;
        let text = format!("{path} of {} does not know that it has called it", parent.run);
        self.find(Kind::Contradiction, "calls", kept.id, text);
        Ok(())
    }
}

/// A step, and how it stands: the first field of a `StepRow`.
pub(super) fn step_of(
    run: RunId,
    key: &[u8],
    row: &[u8],
) -> Result<(StepPath, StepState), StoreError> {
    Ok((parts::step_of(run, key)?, decode_front("step", row)?))
}

fn awaited<'w>(definition: &'w Workflow, path: &StepPath) -> Option<&'w rpa_engine::EventName> {
    match &definition.step_at(path)?.action {
        Action::Wait(Wait::Event(event)) => Some(&event.name),
        _ => None,
    }
}

/// Whether the row is there that changes with each transition: a run whose head is lost
/// has it still.
pub(super) fn is_stored(rows: &RunRows, run: RunId) -> Result<bool, StoreError> {
    Ok(rows.rows.get(Part::Row.of(run).as_slice())?.is_some())
}
