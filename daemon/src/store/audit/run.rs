//! One run: its rows against its journal, and against every index that knows it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rpa_engine::lock::Claim;
use rpa_engine::run::{Acceptance, Event, Gate, Phase, Run, StepState};
use rpa_engine::{Action, Ident, RunId, StepPath, Value, Wait, Workflow};

use super::{Audit, Depth};
use crate::store::codec::{decode, decode_front};
use crate::store::error::StoreError;
use crate::store::parts::{self, Many, Part};
use crate::store::rows::{JournalRow, RunHead, RunRow, StepRow, UndoRow};
use crate::store::schema::{priority_key, queue_key, status_code};
use crate::store::write::Shelf;

/// The rows of one run that can be read.
struct Kept {
    id: RunId,
    head: RunHead,
    row: RunRow,
    inputs: BTreeMap<Ident, Value>,
    vars: Option<BTreeMap<Ident, Value>>,
    undo: Vec<UndoRow>,
    definition: Arc<Workflow>,
}

/// What the last event of a step says about its row.
struct Last {
    state: Option<StepState>,
    output: Option<Value>,
}

impl Audit {
    pub(super) fn runs(&mut self) -> Result<(), StoreError> {
        let mut from = Some(RunId(0));
        while let Some(run) = from.map(|from| self.live.next_run(from)).transpose()?.flatten() {
            from = run.0.checked_add(1).map(RunId);
            let head = self.live.rows.get(Part::Head.of(run).as_slice())?;
            let head = head.map(|head| decode("run head", head.value()));
            let head = head.unwrap_or_else(|| Err(StoreError::no_run(run)));
            self.report.runs += 1;
            if let Some(kept) = self.gather(run, head)? {
                self.lists(&kept)?;
                self.shelf(&kept)?;
                self.gate(&kept)?;
                self.holds(&kept)?;
                self.waiting_steps(&kept)?;
                if self.depth == Depth::Journal {
                    self.fold(&kept)?;
                }
            }
        }
        Ok(())
    }

    /// Reads the rows that every run has, and counts all that are its own.
    fn gather(
        &mut self,
        run: RunId,
        head: Result<RunHead, StoreError>,
    ) -> Result<Option<Kept>, StoreError> {
        self.rows.seen += count(self.live.all_of(run)?)?;
        let part = |part: Part<'_>| self.live.rows.get(part.of(run).as_slice());
        let row = part(Part::Row)?.map(|row| decode::<RunRow>("run", row.value()));
        let inputs = part(Part::Inputs)?.map(|row| decode("variables", row.value()));
        let vars = part(Part::Vars)?.map(|row| decode("variables", row.value()));
        let undo: Result<Vec<UndoRow>, StoreError> = self
            .live
            .many(run, Many::Undo)?
            .map(|entry| decode("undo", entry?.1.value()))
            .collect();
        let head = self.readable("run_heads", run, head)?;
        let missing = || StoreError::corrupt("it is missing");
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

    /// Where people look for the run.
    fn lists(&mut self, kept: &Kept) -> Result<(), StoreError> {
        let (run, ns, status) = (kept.id, kept.head.namespace.0, kept.row.status);
        let name = kept.head.workflow.name.as_str();
        *self.statuses.entry((ns, status)).or_default() += 1;
        for (workflow, code) in [("", 0), (name, 0), ("", status), (name, status)] {
            if !self.index.has((ns, workflow, code, run.0))? {
                let text = format!("it is not in the list of {workflow:?} with status {code}");
                self.find("run_index", run, text);
            }
        }
        Ok(())
    }

    /// Where the driver looks for it.
    fn shelf(&mut self, kept: &Kept) -> Result<(), StoreError> {
        let (run, row) = (kept.id, &kept.row);
        let (table, there) = match Shelf::of(&row.phase, &row.gate) {
            Shelf::Line => ("queue", self.queued.has(queue_key(kept.head.priority, run))?),
            Shelf::Active => ("active", self.active.has(run.0)?),
            Shelf::None => ("", true),
        };
        if !there {
            self.find(table, run, "it is not where it would be looked for");
        }
        if let Some(due_ms) = row.wake_ms
            && !self.timers.has((due_ms, run.0))?
        {
            self.find("timers", run, format!("its timer of {due_ms} is missing"));
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
            self.find(table, run, "its gate does not know it");
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
                    self.find("claims", kept.id, text);
                }
                return Ok(());
            }
        }
        self.find("claims", kept.id, format!("the claim of {path} for {lock} is missing"));
        Ok(())
    }

    /// Steps that wait for people, events and locks are where those look for them.
    fn waiting_steps(&mut self, kept: &Kept) -> Result<(), StoreError> {
        let (run, id, ns) = (kept.id, kept.id.0, kept.head.namespace.0);
        for entry in self.live.many(run, Many::Steps)? {
            let (key, row) = entry?;
            let path = parts::step_of(run, key.value());
            // the first field of a `StepRow`
            let state = decode_front::<StepState>("step", row.value());
            let state = self.readable("steps", run, state)?;
            let path = self.readable("steps", run, path)?;
            let (Some(state), Some(path)) = (state, path) else { continue };
            let text = path.as_str();
            let (table, there) = match &state {
                StepState::InDoubt { .. } => ("doubts", self.doubts.has((ns, id, text))?),
                StepState::Asking(_) => ("approvals", self.approvals.has((ns, id, text))?),
                StepState::Awaiting(_) => match awaited(&kept.definition, &path) {
                    Some(name) => ("awaiting", self.awaiting.has((ns, name.as_str(), id, text))?),
                    None => ("steps", false),
                },
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
                self.find(table, run, format!("{path} is missing"));
            }
        }
        Ok(())
    }

    /// The journal, from acceptance on, gives the rows.
    fn fold(&mut self, kept: &Kept) -> Result<(), StoreError> {
        let run = kept.id;
        let touched = self.touched(run)?;
        let mut folded = self.accepted(kept, &touched)?;
        let mut last: BTreeMap<StepPath, Last> = BTreeMap::new();
        for (number, entry) in (0..).zip(self.live.many(run, Many::Journal)?) {
            let (key, row) = entry?;
            let row = decode::<JournalRow>("journal", row.value());
            let Some(row) = self.readable("journal", run, row)? else { return Ok(()) };
            if parts::number_of(key.value())? != number {
                self.find("journal", run, format!("event {number} is missing"));
                return Ok(());
            }
            folded.apply(&row.event, row.at_ms);
            note(&mut last, &folded, &row.event);
            folded.forget(std::slice::from_ref(&row.event));
        }
        folded.prune();
        let Some(loaded) = self.loaded(kept, folded.seq)? else { return Ok(()) };
        self.compare(kept, &loaded, &folded);
        self.compare_steps(run, &last)
    }

    /// Steps that the run's own events have changed.
    fn touched(&self, run: RunId) -> Result<BTreeSet<String>, StoreError> {
        let mut touched = BTreeSet::new();
        for entry in self.live.many(run, Many::Journal)? {
            if let Ok(row) = decode::<JournalRow>("journal", entry?.1.value())
                && let Some(path) = row.event.path().filter(|_| row.event.changes_step())
                && !path.as_str().contains(['/', '['])
            {
                touched.insert(path.to_string());
            }
        }
        Ok(touched)
    }

    /// The run at its acceptance, with the steps that it has taken over from another.
    fn accepted(&self, kept: &Kept, touched: &BTreeSet<String>) -> Result<Run, StoreError> {
        let run = kept.id;
        let mut taken = Vec::new();
        if kept.head.rerun_of.is_some() {
            for entry in self.live.many(run, Many::Steps)? {
                let (key, row) = entry?;
                let Ok(path) = parts::step_of(run, key.value()) else { continue };
                let path = path.as_str();
                if let (false, Ok(step)) = (touched.contains(path), path.parse::<Ident>())
                    && let Ok(state) = decode_front("step", row.value())
                {
                    taken.push((step, state));
                }
            }
        }
        // what steps that were taken over have set is known of the result alone
        let vars = match (&kept.head.rerun_of, &kept.vars) {
            (Some(_), Some(vars)) => vars,
            _ => &kept.inputs,
        };
        Ok(begun(kept, vars.clone(), taken))
    }

    /// The run as its rows give it.
    fn loaded(&mut self, kept: &Kept, seq: u64) -> Result<Option<Run>, StoreError> {
        let run = kept.id;
        let vars = kept.vars.as_ref().unwrap_or(&kept.inputs).clone();
        let mut loaded = begun(kept, vars, Vec::new());
        loaded.undo.clear();
        let row = kept.row.clone();
        (loaded.phase, loaded.gate, loaded.holds) = (row.phase, row.gate, row.holds);
        (loaded.cancel, loaded.paused, loaded.time) = (row.cancel, row.paused, row.time);
        loaded.seq = seq;
        for undo in &kept.undo {
            match undo.under_way {
                true => loaded.undoing = Some(undo.path.clone()),
                false => loaded.undo.push(undo.path.clone()),
            }
        }
        let mut steps = Vec::new();
        for entry in self.live.many(run, Many::Steps)? {
            let (key, row) = entry?;
            let (path, state) =
                (parts::step_of(run, key.value()), decode_front("step", row.value()));
            let (Ok(path), Ok(state)) = (path, state) else { return Ok(None) };
            steps.push((path, state));
        }
        loaded.restore(steps);
        Ok(Some(loaded))
    }

    fn compare(&mut self, kept: &Kept, loaded: &Run, folded: &Run) {
        let run = kept.id;
        let mut differ = Vec::new();
        let same = [
            ("phase", loaded.phase == folded.phase),
            ("gate", loaded.gate == folded.gate),
            ("holds", loaded.holds == folded.holds),
            ("cancel", loaded.cancel == folded.cancel),
            ("pause", loaded.paused == folded.paused),
            ("time", loaded.time == folded.time),
            ("variables", loaded.vars == folded.vars),
            ("steps", loaded.steps == folded.steps),
            ("steps to be undone", loaded.undo == folded.undo),
            ("step that is being undone", loaded.undoing == folded.undoing),
            ("status", kept.row.status == status_code(folded.status())),
            ("standing", kept.row.stands == folded.stands()),
            ("next timer", kept.row.wake_ms == folded.next_wake()),
            ("number of events", kept.row.seq <= folded.seq),
        ];
        differ.extend(same.into_iter().filter(|(_, same)| !same).map(|(what, _)| what));
        if !differ.is_empty() {
            let what = differ.join(", ");
            self.find("runs", run, format!("its rows are not what its journal gives: {what}"));
        }
    }

    /// Each row of a step is as its last event left it.
    fn compare_steps(
        &mut self,
        run: RunId,
        last: &BTreeMap<StepPath, Last>,
    ) -> Result<(), StoreError> {
        let mut missing: BTreeSet<&StepPath> =
            last.iter().filter(|(_, last)| last.state.is_some()).map(|(path, _)| path).collect();
        for entry in self.live.many(run, Many::Steps)? {
            let (key, row) = entry?;
            let Ok(path) = parts::step_of(run, key.value()) else { continue };
            missing.remove(&path);
            let row = decode::<StepRow>("step", row.value());
            let Some(row) = self.readable("steps", run, row)? else { continue };
            let Some(last) = last.get(&path) else { continue };
            if last.state.as_ref().is_some_and(|state| *state != row.state) {
                self.find("steps", run, format!("{path} is not what its journal gives"));
            } else if last.output.is_some() && last.output != row.output {
                self.find("steps", run, format!("what {path} gave is not what its journal says"));
            }
        }
        for path in missing {
            self.find("steps", run, format!("{path} is missing"));
        }
        Ok(())
    }
}

fn begun(kept: &Kept, vars: BTreeMap<Ident, Value>, taken: Vec<(Ident, StepState)>) -> Run {
    let head = kept.head.clone();
    Run::accept(Acceptance {
        id: kept.id,
        revision: head.revision,
        definition: kept.definition.clone(),
        actor: head.actor,
        request_id: head.request_id,
        accepted_ms: head.accepted_ms,
        parent: head.lineage.parent.filter(|_| !head.lineage.detached),
        priority: head.priority,
        vars,
        kept: taken,
    })
}

/// What an event that has been applied says about rows of steps.
fn note(last: &mut BTreeMap<StepPath, Last>, run: &Run, event: &Event) {
    let Some(path) = event.path() else { return };
    if event.changes_step() {
        let (state, output) = (run.steps.get(path).cloned(), event.output().cloned());
        last.insert(path.clone(), Last { state, output });
    }
    if let Some((of, _)) = path.as_turn()
        && let Some(state) = run.steps.get(&of)
    {
        let output = None;
        last.insert(of, Last { state: Some(state.clone()), output });
    }
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
