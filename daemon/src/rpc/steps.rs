//! The steps of a run as they are shown: in the order of the file, what is inside a
//! step below it, of loops the turns that say most.

use std::collections::BTreeMap;

use rpa_engine::run::{Claimant, Hold, Phase, Stands, StepState};
use rpa_engine::{Action, Ident, RunId, Step, StepPath, Value, Wait, Workflow};
use rpa_ipc::view::{StepOutline, StepView, TurnsView};

use super::asking;
use super::views::error_view;
use crate::blobs;
use crate::store::{Reader, RunHead, RunRow, StepRow, StoreError};

/// Bytes of step outputs in one answer: it must fit a frame.
const MOST_OUTPUT: usize = 4 * 1024 * 1024;
/// Turns of one loop that are shown: those that have failed, that are open, and the last.
const MOST_TURNS: usize = 20;
/// Turns of one loop that are looked at for that, the last ones.
const LOOKED_AT: u32 = 2000;
/// Of a step with a body whose time is out, while something in it has not ended.
const TIMED_OUT: &str = "its time is out; what is inside has yet to end, or to be decided";

pub fn outline(step: &Step) -> StepOutline {
    StepOutline {
        id: step.id.to_string(),
        name: step.name.clone(),
        kind: kind(step),
        needs: needs(step),
    }
}

fn kind(step: &Step) -> String {
    match &step.action {
        Action::Task { kind, .. } => kind.clone(),
        Action::Set(_) => "set".into(),
        Action::Wait(_) => "wait".into(),
        Action::Group(_) => "group".into(),
        Action::ForEach(_) => "for_each".into(),
        Action::While(_) => "while".into(),
        Action::Repeat(_) => "repeat".into(),
        Action::Switch(_) => "switch".into(),
        Action::Call(_) => "workflow".into(),
        Action::Approval(_) => "approval".into(),
    }
}

fn needs(step: &Step) -> Vec<String> {
    step.needs.keys().map(Ident::to_string).collect()
}

/// All steps that there is something to say of.
pub fn steps(
    reader: &Reader,
    run: RunId,
    head: &RunHead,
    row: &RunRow,
    definition: &Workflow,
) -> Result<Vec<StepView>, StoreError> {
    let ended = matches!(row.phase, Phase::Ended { .. });
    let (holds, budget, steps) = (&row.holds, MOST_OUTPUT, Vec::new());
    let mut shown = Shown { reader, run, head, holds, ended, budget, steps };
    shown.list("", &definition.steps, 0, true)?;
    let handlers = &definition.handlers;
    for (scope, list) in [
        ("@success", &handlers.success),
        ("@failure", &handlers.failure),
        ("@cancel", &handlers.cancel),
        ("@finally", &handlers.finally),
    ] {
        shown.list(scope, list, 0, false)?;
    }
    Ok(shown.steps)
}

struct Shown<'r> {
    reader: &'r Reader,
    run: RunId,
    head: &'r RunHead,
    holds: &'r BTreeMap<StepPath, Hold>,
    /// The run has ended: what is pending never began.
    ended: bool,
    /// Bytes of outputs that may still be given.
    budget: usize,
    steps: Vec<StepView>,
}

impl Shown<'_> {
    /// The steps of one list. `planned`: those that have not begun are shown as well.
    fn list<'s>(
        &mut self,
        scope: &str,
        list: impl IntoIterator<Item = &'s Step>,
        depth: u32,
        planned: bool,
    ) -> Result<(), StoreError> {
        for step in list {
            let path = StepPath::within(scope, &step.id);
            let row = self.reader.step(self.run, &path)?;
            if row.is_some() || planned {
                self.step(step, &path, row, depth)?;
            }
        }
        Ok(())
    }

    /// What of it nobody has taken from the step.
    fn held(&self, path: &StepPath, hold: &Hold) -> Result<Vec<String>, StoreError> {
        let by = Claimant { run: self.run, path: path.clone() };
        let mut held = Vec::new();
        for lock in &hold.locks {
            if self.reader.has_lock(self.head.namespace, lock, &by)? {
                held.push(lock.to_string());
            }
        }
        Ok(held)
    }

    fn step(
        &mut self,
        step: &Step,
        path: &StepPath,
        row: Option<StepRow>,
        depth: u32,
    ) -> Result<(), StoreError> {
        let state = row.as_ref().map(|row| row.state.clone());
        let place = self.steps.len();
        let mut view = view(step, path.clone(), depth, row, self.ended);
        if let Some(hold) = self.holds.get(path) {
            view.holds = self.held(path, hold)?;
        }
        if let (Action::Approval(approval), Some(StepState::Asking(asking))) =
            (&step.action, &state)
        {
            let asked = asking::view(self.run, self.head, path, approval, asking);
            view.approval = Some(Box::new(asked));
        }
        if matches!(step.action, Action::Call(_)) && state.is_some() {
            view.called = self.reader.called(self.run, path)?;
        }
        self.push(view);
        match &step.action {
            Action::Task { .. }
            | Action::Set(_)
            | Action::Wait(_)
            | Action::Call(_)
            | Action::Approval(_) => {}
            Action::Group(list) => {
                let skipped = matches!(state, Some(StepState::Skipped { .. }));
                self.list(path.as_str(), list, depth + 1, !skipped)?;
            }
            Action::Switch(_) => self.list(path.as_str(), step.action.body(), depth + 1, false)?,
            Action::ForEach(_) | Action::While(_) | Action::Repeat(_) => {
                self.steps[place].turns = self.loop_of(step, path, state, depth + 1)?;
            }
        }
        self.list(&format!("{path}/@undo"), &step.compensate, depth + 1, false)
    }

    /// A loop's turns, of which those that say most are shown.
    fn loop_of(
        &mut self,
        step: &Step,
        path: &StepPath,
        state: Option<StepState>,
        depth: u32,
    ) -> Result<Option<TurnsView>, StoreError> {
        Ok(match state {
            None | Some(StepState::Pending | StepState::Ready | StepState::Skipped { .. }) => None,
            Some(StepState::Looping(l)) => {
                let (shown, _) = self.turns(step, path, l.next, depth)?;
                let (total, begun, open, failed) = (l.turns, l.next, l.open, l.failed);
                Some(TurnsView { total, begun, open, failed, shown })
            }
            Some(_) => {
                let begun = self.turns_of(path)?;
                let (shown, failed) = self.turns(step, path, begun, depth)?;
                Some(TurnsView { total: begun, begun, open: 0, failed, shown })
            }
        })
    }

    /// How many turns a loop that has ended had: as many as have rows.
    fn turns_of(&self, path: &StepPath) -> Result<u32, StoreError> {
        let has = |index| -> Result<bool, StoreError> {
            Ok(self.reader.step(self.run, &path.turn(index))?.is_some())
        };
        let (mut low, mut high) = (0, 1);
        while has(high - 1)? {
            low = high;
            high *= 2;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            match has(middle)? {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        Ok(low)
    }

    /// Shows the turns that say most, with what is in them; how many they are, and how
    /// many of those looked at have failed.
    fn turns(
        &mut self,
        step: &Step,
        path: &StepPath,
        begun: u32,
        depth: u32,
    ) -> Result<(u32, u32), StoreError> {
        let mut telling = Vec::new();
        for index in (begun.saturating_sub(LOOKED_AT)..begun).rev() {
            let Some(row) = self.reader.step(self.run, &path.turn(index))? else { continue };
            let rank = match &row.state {
                StepState::Failed { .. } => 0,
                state if !state.ended() => 1,
                _ if index + 1 == begun => 2,
                _ => continue,
            };
            telling.push((rank, index, row));
        }
        let failed = telling.iter().filter(|(rank, ..)| *rank == 0).count();
        let failed = u32::try_from(failed).unwrap_or(u32::MAX);
        telling.sort_by_key(|(rank, index, _)| (*rank, std::cmp::Reverse(*index)));
        telling.truncate(MOST_TURNS);
        telling.sort_by_key(|(_, index, _)| *index);
        let shown = u32::try_from(telling.len()).unwrap_or(u32::MAX);
        for (_, index, row) in telling {
            let path = path.turn(index);
            let turn = view(step, path.clone(), depth, Some(row), self.ended);
            self.push(StepView {
                id: index.to_string(),
                name: String::new(),
                kind: "turn".into(),
                needs: Vec::new(),
                ..turn
            });
            self.list(path.as_str(), step.action.body(), depth + 1, false)?;
        }
        Ok((shown, failed))
    }

    fn push(&mut self, mut view: StepView) {
        self.budget = self.budget.saturating_sub(view.output.as_ref().map_or(0, blobs::size));
        if self.budget == 0 && view.output.take().is_some() {
            view.reason = "its output is left out: the answer would be too large".into();
        }
        self.steps.push(view);
    }
}

fn view(step: &Step, path: StepPath, depth: u32, row: Option<StepRow>, ended: bool) -> StepView {
    let (state, output) = match row {
        Some(row) => (row.state, row.output),
        None => (StepState::Pending, None),
    };
    let mut view = StepView {
        id: step.id.to_string(),
        path,
        name: step.name.clone(),
        kind: kind(step),
        effect: step.effect.word().into(),
        needs: needs(step),
        status: state.status().word().into(),
        attempts: state.attempts(),
        started_ms: None,
        ended_ms: None,
        due_ms: None,
        reason: String::new(),
        error: None,
        output: output.filter(|o| *o != Value::Null),
        depth,
        turns: None,
        called: None,
        approval: None,
        holds: Vec::new(),
    };
    match state {
        // a run that was cancelled while it queued never touched its steps
        StepState::Pending if ended => view.status = "cancelled".into(),
        StepState::Pending | StepState::Ready => {}
        StepState::Running { since_ms, .. }
        | StepState::Confirmed { since_ms, .. }
        | StepState::Closing { since_ms } => view.started_ms = Some(since_ms),
        StepState::Open { since_ms, deadline_ms, timed_out, .. } => {
            view.started_ms = Some(since_ms);
            match timed_out {
                true => view.reason = TIMED_OUT.into(),
                false => view.due_ms = deadline_ms,
            }
        }
        StepState::Looping(looping) => {
            view.started_ms = Some(looping.since_ms);
            match looping.timed_out {
                true => view.reason = TIMED_OUT.into(),
                false => view.due_ms = looping.pause_ends_ms().or(looping.open_deadline_ms()),
            }
        }
        StepState::Claiming(claiming) => {
            view.started_ms = Some(claiming.since_ms);
            view.due_ms = claiming.until_ms;
            let next = claiming.wanted.get(claiming.granted);
            view.reason = next.map_or_else(String::new, |(lock, _)| format!("waits for {lock}"));
        }
        StepState::Calling(calling) => {
            view.started_ms = Some(calling.since_ms);
            view.due_ms = calling.deadline_ms;
            view.reason = match calling.stands {
                Stands::Works => String::new(),
                Stands::Asks => "people are asked in the run that it has called".into(),
                Stands::Doubts => "a step is in doubt in the run that it has called".into(),
            };
        }
        StepState::Awaiting(awaiting) => {
            view.started_ms = Some(awaiting.since_ms);
            view.due_ms = awaiting.until_ms;
            if let Action::Wait(Wait::Event(event)) = &step.action {
                view.reason = format!("waits for an event {}", event.name);
            }
        }
        StepState::Asking(asking) => {
            view.started_ms = Some(asking.since_ms);
            view.due_ms = asking.until_ms;
            view.reason = format!("waits for approval: {}", asking.request.message);
        }
        StepState::Waiting { since_ms, until_ms } => {
            view.started_ms = Some(since_ms);
            view.due_ms = Some(until_ms);
        }
        StepState::Retrying { since_ms, due_ms, error, .. } => {
            view.started_ms = Some(since_ms);
            view.due_ms = Some(due_ms);
            view.error = Some(error_view(&error));
        }
        StepState::InDoubt { since_ms, reason, .. } => {
            view.started_ms = Some(since_ms);
            view.reason = reason;
        }
        StepState::Completed { since_ms, ended_ms, .. } => {
            view.started_ms = Some(since_ms);
            view.ended_ms = Some(ended_ms);
        }
        StepState::Failed { since_ms, ended_ms, error, .. } => {
            view.started_ms = Some(since_ms);
            view.ended_ms = Some(ended_ms);
            view.error = Some(error_view(&error));
        }
        StepState::Skipped { reason, ended_ms } => {
            view.ended_ms = Some(ended_ms);
            view.reason = reason.text();
        }
        StepState::Cancelled { ended_ms, .. } => view.ended_ms = Some(ended_ms),
    }
    view
}
