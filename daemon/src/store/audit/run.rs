//! One run: its rows, and every index that knows it.

use std::collections::BTreeMap;
use std::sync::Arc;

use redb::ReadableTable;
use rpa_engine::lock::Claim;
use rpa_engine::run::{Gate, Phase, StepState};
use rpa_engine::{Action, Ident, RunId, StepPath, Value, Wait, Workflow};

use super::{Audit, Depth, Kind};
use crate::store::codec::{decode, decode_front};
use crate::store::error::StoreError;
use crate::store::rows::{RunHead, RunRow, UndoRow};
use crate::store::run_rows::RunRows;
use crate::store::schema::{self, priority_key, queue_key};
use crate::store::write::{Shelf, step_path};

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
        for entry in live.heads.iter()?.rev() {
            if self.is_over() {
                return Ok(false);
            }
            let run = RunId(entry?.0.value());
            self.report.runs += 1;
            self.count_own(live, run)?;
            if let Some(kept) = self.gather(live, run)? {
                let status = (kept.head.namespace.0, kept.row.status);
                *self.statuses.entry(status).or_default() += 1;
                self.own.suffixes += self.ending(live, &kept)?;
                self.own.index += self.lists(live, &kept)?;
                self.shelf(&kept)?;
                self.gate(&kept)?;
                self.holds(&kept)?;
                self.waiting_steps(live, &kept)?;
                self.caller(live, &kept)?;
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
        for entry in live.heads.iter()?.rev() {
            if self.is_over() {
                return Ok(());
            }
            let run = RunId(entry?.0.value());
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

    /// Counts the rows of a run, or of one that has left.
    pub(super) fn count_own(&mut self, rows: &RunRows, run: RunId) -> Result<(), StoreError> {
        let (id, own) = (run.0, &mut self.own);
        own.runs += u64::from(rows.runs.get(id)?.is_some());
        own.inputs += u64::from(rows.inputs.get(id)?.is_some());
        own.vars += u64::from(rows.vars.get(id)?.is_some());
        own.steps += count(rows.steps.range((id, "")..(id + 1, ""))?)?;
        own.journal += count(rows.journal.range((id, 0)..=(id, u64::MAX))?)?;
        own.undo += count(rows.undo.range((id, 0)..=(id, u64::MAX))?)?;
        own.calls += count(rows.calls.range((id, "", 0)..(id + 1, "", 0))?)?;
        Ok(())
    }

    /// Reads the rows that every run has.
    pub(super) fn gather(
        &mut self,
        rows: &RunRows,
        run: RunId,
    ) -> Result<Option<Kept>, StoreError> {
        let id = run.0;
        let head = rows.heads.get(id)?.map(|row| decode("run head", row.value()));
        let row = rows.runs.get(id)?.map(|row| decode("run", row.value()));
        let inputs = rows.inputs.get(id)?.map(|row| decode("variables", row.value()));
        let vars = rows.vars.get(id)?.map(|row| decode("variables", row.value()));
        let undo: Result<Vec<UndoRow>, StoreError> = rows
            .undo
            .range((id, 0)..=(id, u64::MAX))?
            .map(|entry| decode("undo", entry?.1.value()))
            .collect();
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

    /// Whether it is found by the end of its id; how many rows say so.
    pub(super) fn ending(&mut self, rows: &RunRows, kept: &Kept) -> Result<u64, StoreError> {
        let there = rows.suffixes.get(schema::reversed(kept.id))?.is_some();
        if !there {
            let text = "it is not found by the end of its id";
            self.find(Kind::Listed, "run_suffixes", kept.id, text);
        }
        Ok(u64::from(there))
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
        for entry in live.steps.range((id, "")..(id + 1, ""))? {
            let (key, row) = entry?;
            let step = step_of(run, key.value().1, row.value());
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
        let (by, path) = (parent.run.0, parent.path.as_str());
        for entry in live.calls.range((by, path, 0)..=(by, path, u32::MAX))? {
            if entry?.1.value() == kept.id.0 {
                return Ok(());
            }
        }
        let text = format!("{path} of {} does not know that it has called it", parent.run);
        self.find(Kind::Contradiction, "calls", kept.id, text);
        Ok(())
    }
}

/// A step, and how it stands: the first field of a `StepRow`.
pub(super) fn step_of(
    run: RunId,
    path: &str,
    row: &[u8],
) -> Result<(StepPath, StepState), StoreError> {
    Ok((step_path(run, path)?, decode_front("step", row)?))
}

fn awaited<'w>(definition: &'w Workflow, path: &StepPath) -> Option<&'w rpa_engine::EventName> {
    match &definition.step_at(path)?.action {
        Action::Wait(Wait::Event(event)) => Some(&event.name),
        _ => None,
    }
}

fn count<T>(rows: impl Iterator<Item = Result<T, redb::StorageError>>) -> Result<u64, StoreError> {
    let mut count = 0;
    for row in rows {
        row?;
        count += 1;
    }
    Ok(count)
}
