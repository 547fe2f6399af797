//! One run: its journal, from acceptance on, gives its rows.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::run::{Acceptance, Event, Run, StepState};
use rpa_engine::{Ident, RunId, StepPath, Value};

use super::run::{Kept, step_of};
use super::{Audit, Kind};
use crate::store::codec::{self, decode};
use crate::store::error::{Problem, StoreError};
use crate::store::journal;
use crate::store::parts::{self, Many};
use crate::store::rows::StepRow;
use crate::store::run_rows::RunRows;
use crate::store::schema::status_code;

/// What the last event of a step says about its row.
struct Last {
    state: Option<StepState>,
    /// Of what it gave only the sum: a loop gives as much as all its turns.
    output: Option<Sum>,
}

type Sum = [u8; 32];

/// What events have said of the rows of steps.
#[derive(Default)]
struct Told {
    last: BTreeMap<StepPath, Last>,
    /// Loops that events of their turns have changed.
    loops: BTreeSet<StepPath>,
}

impl Told {
    /// An event that has been applied.
    fn note(&mut self, run: &Run, event: &Event) -> Result<(), StoreError> {
        let Some(path) = event.path() else { return Ok(()) };
        if event.changes_step() {
            let output = event.output().map(sum).transpose()?;
            let state = run.steps.get(path).cloned();
            self.last.insert(path.clone(), Last { state, output });
        }
        if let Some((of, _)) = path.as_turn() {
            self.loops.insert(of);
        }
        Ok(())
    }

    /// After all of them: loops that go on are as their last turns left them.
    fn finish(mut self, run: &Run) -> BTreeMap<StepPath, Last> {
        for of in self.loops {
            let ended = |last: &Last| last.state.as_ref().is_some_and(StepState::ended);
            match run.steps.get(&of) {
                _ if self.last.get(&of).is_some_and(ended) => {}
                Some(state) => {
                    let state = Some(state.clone());
                    self.last.insert(of, Last { state, output: None });
                }
                None => drop(self.last.remove(&of)),
            }
        }
        self.last
    }
}

impl Audit {
    /// The journal, from acceptance on, gives the rows.
    pub(super) fn fold(&mut self, rows: &RunRows, kept: &Kept) -> Result<(), StoreError> {
        let run = kept.id;
        let mut folded = accepted(rows, kept)?;
        let mut told = Told::default();
        let entries = journal::entries(run, rows.many(run, Many::Journal)?, 0);
        for (number, entry) in (0..).zip(entries) {
            let Some((at, row)) = self.readable("journal", run, entry)? else { return Ok(()) };
            if at != number {
                let text = format!("event {number} is missing");
                self.find(Kind::Contradiction, "journal", run, text);
                return Ok(());
            }
            folded.apply(&row.event, row.at_ms);
            told.note(&folded, &row.event)?;
            folded.forget(std::slice::from_ref(&row.event));
        }
        if kept.row.seq > folded.seq {
            let text = format!("it ends after {} events of {}", folded.seq, kept.row.seq);
            self.find(Kind::Contradiction, "journal", run, text);
            return Ok(());
        }
        let last = told.finish(&folded);
        folded.prune();
        let Some(loaded) = loaded(rows, kept, folded.seq)? else { return Ok(()) };
        self.compare(kept, &loaded, &folded);
        self.compare_steps(rows, run, &last)
    }

    fn compare(&mut self, kept: &Kept, loaded: &Run, folded: &Run) {
        let run = kept.id;
        // what is held is woken by nobody
        let wake_ms = folded.next_wake().filter(|_| !kept.row.held);
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
            ("next timer", kept.row.wake_ms == wake_ms),
        ];
        differ.extend(same.into_iter().filter(|(_, same)| !same).map(|(what, _)| what));
        if !differ.is_empty() {
            let what = differ.join(", ");
            let text = format!("its rows are not what its journal gives: {what}");
            self.find(Kind::Contradiction, "runs", run, text);
        }
    }

    /// Each row of a step is as its last event left it.
    fn compare_steps(
        &mut self,
        rows: &RunRows,
        run: RunId,
        last: &BTreeMap<StepPath, Last>,
    ) -> Result<(), StoreError> {
        let mut missing: BTreeSet<&StepPath> =
            last.iter().filter(|(_, last)| last.state.is_some()).map(|(path, _)| path).collect();
        for entry in rows.many(run, Many::Steps)? {
            let (key, row) = entry?;
            let Ok(path) = parts::step_of(run, key.value()) else { continue };
            missing.remove(&path);
            // one that cannot be read has been told of
            let Ok(row) = decode::<StepRow>("step", row.value()) else { continue };
            let Some(last) = last.get(&path) else { continue };
            if last.state.as_ref().is_some_and(|state| *state != row.state) {
                let text = format!("{path} is not what its journal gives");
                self.find(Kind::Contradiction, "steps", run, text);
            } else if last.output.is_some()
                && last.output != row.output.as_ref().map(sum).transpose()?
            {
                let text = format!("what {path} gave is not what its journal says");
                self.find(Kind::Contradiction, "steps", run, text);
            }
        }
        for path in missing {
            self.find(Kind::Contradiction, "steps", run, format!("{path} is missing"));
        }
        Ok(())
    }
}

fn sum(value: &Value) -> Result<Sum, StoreError> {
    Ok(*blake3::hash(&codec::encode(value)?).as_bytes())
}

/// The run at its acceptance, with the steps that it has taken over from another.
fn accepted(rows: &RunRows, kept: &Kept) -> Result<Run, StoreError> {
    if kept.head.rerun_of.is_none() {
        return Ok(begun(kept, kept.inputs.clone(), Vec::new()));
    }
    let touched = touched(rows, kept.id)?;
    let mut taken = Vec::new();
    for entry in rows.many(kept.id, Many::Steps)? {
        let (key, row) = entry?;
        // one that cannot be read has been told of
        let Ok((path, state)) = step_of(kept.id, key.value(), row.value()) else { continue };
        let path = path.as_str();
        if let (false, Ok(step)) = (touched.contains(path), path.parse::<Ident>()) {
            taken.push((step, state));
        }
    }
    // what steps that were taken over have set is known of the result alone
    let vars = kept.vars.as_ref().unwrap_or(&kept.inputs);
    Ok(begun(kept, vars.clone(), taken))
}

/// Steps of its own list that the run's own events have changed.
fn touched(rows: &RunRows, run: RunId) -> Result<BTreeSet<String>, StoreError> {
    let mut touched = BTreeSet::new();
    for entry in journal::entries(run, rows.many(run, Many::Journal)?, 0) {
        let (_, row) = match entry {
            Ok(row) => row,
            // it is told of when the journal is folded, which ends there
            Err(error) if error.problem == Problem::Corrupt => break,
            Err(error) => return Err(error),
        };
        if let Some(path) = row.event.path().filter(|_| row.event.changes_step())
            && !path.as_str().contains(['/', '['])
        {
            touched.insert(path.to_string());
        }
    }
    Ok(touched)
}

/// The run as its rows give it; none when some cannot be read, which has been told of.
fn loaded(rows: &RunRows, kept: &Kept, seq: u64) -> Result<Option<Run>, StoreError> {
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
    for entry in rows.many(run, Many::Steps)? {
        let (key, row) = entry?;
        let Ok(step) = step_of(run, key.value(), row.value()) else { return Ok(None) };
        steps.push(step);
    }
    loaded.restore(steps);
    Ok(Some(loaded))
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
