//! The attempts of a run, with what people and events said to them, read from its journal.

use std::collections::BTreeMap;

use rpa_engine::run::{Event, EventId, Vote};
use rpa_engine::{Action, Ident, RunId, StepPath, Value, Wait, Workflow};
use rpa_ipc::recording::{TryEnd, TryView, Word, WordView};
use rpa_ipc::{Fault, FaultCode, fault};

use super::{MASKED, Papers};

/// Attempts of one recording, and words to them: a file of more is read by nobody.
const MOST_TRIES: usize = 2_000;

/// Fields of the form of the step at `path` that are shown to nobody.
pub(super) fn sensitive_fields<'w>(
    workflow: &'w Workflow,
    path: &StepPath,
) -> impl Iterator<Item = &'w Ident> + use<'w> {
    let form = match workflow.step_at(path).map(|step| &step.action) {
        Some(Action::Approval(approval)) => Some(&approval.form),
        _ => None,
    };
    let fields = form.into_iter().flatten();
    fields.filter(|(_, field)| field.sensitive).map(|(name, _)| name)
}

/// The attempts that a journal tells of.
pub(super) struct Journal<'w> {
    workflow: &'w Workflow,
    pub(super) started_ms: Option<u64>,
    pub(super) cancelled_ms: Option<u64>,
    pub(super) tries: Vec<TryView>,
    /// The newest attempt of each step, by its place in `tries`.
    newest: BTreeMap<StepPath, usize>,
    /// When the events came that steps look at. What was in them is kept of those that fit
    /// and of no others: those that were passed over are only counted.
    offered: BTreeMap<(StepPath, EventId), u64>,
    /// How many there are in `tries`.
    words: usize,
}

impl<'w> Journal<'w> {
    pub(super) fn of(workflow: &'w Workflow) -> Journal<'w> {
        Journal {
            workflow,
            started_ms: None,
            cancelled_ms: None,
            tries: Vec::new(),
            newest: BTreeMap::new(),
            offered: BTreeMap::new(),
            words: 0,
        }
    }

    pub(super) fn add(
        &mut self,
        papers: &mut Papers<'_>,
        at_ms: u64,
        event: Event,
    ) -> Result<(), Fault> {
        match event {
            Event::Started => self.started_ms = Some(at_ms),
            Event::CancelRequested { .. } => {
                self.cancelled_ms.get_or_insert(at_ms);
            }
            Event::StepStarted { path, attempt, .. } => {
                // what was run again without a word was lost
                self.end(&path, at_ms, || Ok((TryEnd::Lost, false)))?;
                return self.begin(path, attempt, at_ms);
            }
            Event::StepConfirmed { path, output, .. } => {
                self.event_came(papers, &path, at_ms, &output)?;
                self.end(&path, at_ms, || papers.output(output))?;
            }
            Event::StepCalled { path, attempt, run, .. } => {
                self.begin(path.clone(), attempt, at_ms)?;
                self.tries[self.newest[&path]].called = Some(run);
            }
            Event::CallTimedOut { path } => {
                self.end(&path, at_ms, || Ok((TryEnd::TimedOut, false)))?;
            }
            Event::ApprovalAsked { path, .. } | Event::StepAwaiting { path, .. } => {
                return self.begin(path, 1, at_ms);
            }
            Event::ApprovalVoted { path, vote } => self.voted(papers, &path, at_ms, vote)?,
            Event::EventOffered { path, event } => {
                self.offered.insert((path, event), at_ms);
            }
            Event::EventDeclined { path, event, .. } => {
                if let Some(&place) = self.newest.get(&path) {
                    self.tries[place].passed += 1;
                }
                self.offered.remove(&(path, event));
            }
            Event::StepCompleted { path, output, .. } => match self.resolved(&path, "done") {
                Some(this) => {
                    let (output, cut) = papers.take(output)?;
                    (this.declared, this.cut) = (Some(output), this.cut | cut);
                }
                None => {
                    self.event_came(papers, &path, at_ms, &output)?;
                    self.end(&path, at_ms, || papers.output(output))?;
                }
            },
            Event::StepRetrying { path, error, .. } => {
                let called = self.called(&path);
                self.end(&path, at_ms, || papers.failure(&error, Value::Null, called))?;
            }
            Event::StepFailed { path, error, output, .. } => {
                let called = self.called(&path);
                self.end(&path, at_ms, || papers.failure(&error, output, called))?;
            }
            Event::StepInDoubt { path, reason, .. } => {
                let end = match reason.split(' ').next() {
                    Some("timed") => TryEnd::TimedOut,
                    Some("stopped") if !reason.contains("shutdown") => TryEnd::Stopped,
                    _ => TryEnd::Lost,
                };
                self.end(&path, at_ms, || Ok((end, false)))?;
            }
            Event::StepCancelled { path } => {
                self.end(&path, at_ms, || Ok((TryEnd::Stopped, false)))?;
            }
            Event::DoubtResolved { path, decision, .. } => {
                if let Some(&place) = self.newest.get(&path) {
                    self.tries[place].resolved = Some(decision);
                }
            }
            Event::StepReady { .. }
            | Event::StepSkipped { .. }
            | Event::StepWaiting { .. }
            | Event::Finishing
            | Event::Ended { .. }
            | Event::ScopeOpened { .. }
            | Event::ScopeClosing { .. }
            | Event::ScopeTimedOut { .. }
            | Event::LoopOpened { .. }
            | Event::LoopAsking { .. }
            | Event::LoopPausing { .. }
            | Event::LoopGathering { .. }
            | Event::TimedOut
            | Event::PauseRequested { .. }
            | Event::Resumed { .. }
            | Event::StageEntered { .. }
            | Event::UndoOpened { .. }
            | Event::UndoEnded { .. }
            | Event::HandlersStopped { .. }
            | Event::ClaimsAsked { .. }
            | Event::ClaimsBegun { .. }
            | Event::ClaimWaits { .. }
            | Event::ClaimGranted { .. }
            | Event::ClaimsHeld { .. }
            | Event::LeaseEnded { .. }
            | Event::HoldBroken { .. }
            | Event::CallStands { .. }
            | Event::GateWaits { .. }
            | Event::GatePassed { .. }
            | Event::TurnedAway { .. }
            | Event::PromiseBroken { .. } => {}
        }
        Ok(())
    }

    fn begin(&mut self, path: StepPath, attempt: u32, began_ms: u64) -> Result<(), Fault> {
        if self.tries.len() >= MOST_TRIES {
            return Err(fault!(FaultCode::TooLarge, "recording-large", most = MOST_TRIES));
        }
        self.newest.insert(path.clone(), self.tries.len());
        self.tries.push(TryView {
            path,
            attempt,
            began_ms,
            ended_ms: None,
            end: TryEnd::Open,
            resolved: None,
            declared: None,
            cut: false,
            called: None,
            passed: 0,
            words: Vec::new(),
        });
        Ok(())
    }

    /// The run that the newest attempt of the step has called.
    fn called(&self, path: &StepPath) -> Option<RunId> {
        self.tries[*self.newest.get(path)?].called
    }

    fn voted(
        &mut self,
        papers: &mut Papers<'_>,
        path: &StepPath,
        at_ms: u64,
        vote: Vote,
    ) -> Result<(), Fault> {
        let Vote { by, approves, mut fields, comment, at } = vote;
        for name in sensitive_fields(self.workflow, path) {
            if let Some(value) = fields.get_mut(name.as_str()).filter(|v| **v != Value::Null) {
                *value = Value::text(MASKED);
            }
        }
        papers.cut = false;
        let fields = papers.take_all(fields)?;
        let comment = papers.mask.text(comment);
        let word = match approves {
            true => Word::Approves { fields, comment },
            false => Word::Rejects { comment },
        };
        self.word(path, papers.cut, WordView { at_ms, by: by.who, said_at: at, word })
    }

    /// The step has an event that fits: the one that its output tells of, unless that was
    /// told already.
    fn event_came(
        &mut self,
        papers: &mut Papers<'_>,
        path: &StepPath,
        at_ms: u64,
        output: &Value,
    ) -> Result<(), Fault> {
        let is_open = |place: &usize| self.tries[*place].end == TryEnd::Open;
        if !self.newest.get(path).is_some_and(is_open) {
            return Ok(());
        }
        let awaits = self.workflow.step_at(path).map(|step| &step.action);
        let Some(Action::Wait(Wait::Event(_))) = awaits else { return Ok(()) };
        let text = |name: &str| output.get(name).and_then(Value::as_text);
        // without one the time was out
        let Some(id) = text("id").and_then(|id| id.parse::<RunId>().ok()) else { return Ok(()) };
        let came_ms = self.offered.remove(&(path.clone(), EventId(id.0))).unwrap_or(at_ms);
        self.offered.retain(|(of, _), _| of != path);
        let text = |name: &str| text(name).unwrap_or_default().to_owned();
        let (data, cut) = papers.take(output.get("data").cloned().unwrap_or_default())?;
        let (by, said_at, word) = (text("by"), text("at"), Word::Event { id, data });
        self.word(path, cut, WordView { at_ms: came_ms, by, said_at, word })
    }

    fn word(&mut self, path: &StepPath, cut: bool, word: WordView) -> Result<(), Fault> {
        let Some(&place) = self.newest.get(path) else { return Ok(()) };
        self.words += 1;
        if self.words > MOST_TRIES {
            return Err(fault!(FaultCode::TooLarge, "recording-large", most = MOST_TRIES));
        }
        let this = &mut self.tries[place];
        this.cut |= cut;
        this.words.push(word);
        Ok(())
    }

    /// The newest attempt of the step ends so, if it has not ended yet.
    fn end(
        &mut self,
        path: &StepPath,
        at_ms: u64,
        end: impl FnOnce() -> Result<(TryEnd, bool), Fault>,
    ) -> Result<(), Fault> {
        let Some(&place) = self.newest.get(path) else { return Ok(()) };
        let this = &mut self.tries[place];
        if this.end == TryEnd::Open {
            let (end, cut) = end()?;
            (this.end, this.cut, this.ended_ms) = (end, cut, Some(at_ms));
        }
        Ok(())
    }

    /// The newest attempt of the step, when a person has decided so.
    fn resolved(&mut self, path: &StepPath, decision: &str) -> Option<&mut TryView> {
        let this = &mut self.tries[*self.newest.get(path)?];
        (this.resolved.as_deref() == Some(decision)).then_some(this)
    }
}
