//! What happened in a run, for a test of its workflow: read from the journal.

use std::collections::BTreeMap;

use rpa_engine::run::{Event, EventId, Phase, Published, RunEnd, RunStatus, Vote};
use rpa_engine::{Action, Actor, Ident, Origin, RunId, StepPath, TaskError, Value, Wait, Workflow};
use rpa_ipc::recording::{Recording, TryEnd, TryView, Word, WordView};
use rpa_ipc::service::Reply;
use rpa_ipc::view::ErrorView;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::views::{error_view, read};
use super::{Office, submit};
use crate::blobs::Blobs;
use crate::runner::mask::Mask;
use crate::store::{Reader, RunHead, RunRow, StoreError};

/// Attempts of one recording: a file of more is read by nobody.
const MOST_TRIES: usize = 2_000;
/// Bytes of one document, and of all, in a recording: it becomes a file that people read
/// and that may have 1 MiB.
const DOCUMENT: usize = 32 * 1024;
const DOCUMENTS: usize = 384 * 1024;
/// What stands in place of a sensitive variable.
const MASKED: &str = "***";

pub async fn recording(office: &Office, run: RunId) -> Reply<Recording> {
    let blobs = office.blobs.clone();
    read(office, move |reader| {
        let missing = || StoreError::corrupt(format!("run {run} has no head"));
        let head = reader.head(run)?.ok_or_else(missing)?;
        let row = reader.row(run)?;
        let status = reader.status(&row)?;
        if !status.settled() {
            return Ok(Err(not_settled(run, status)));
        }
        if let Some(before) = head.rerun_of {
            let fault = fault!(
                FaultCode::Usage,
                "recording-rerun",
                run = run.short(),
                before = before.short()
            );
            return Ok(Err(fault.hint(said!("hint-recording-rerun"))));
        }
        record(reader, &blobs, run, &head, &row, status)
    })
    .await?
}

fn not_settled(run: RunId, status: RunStatus) -> Fault {
    let (run, status) = (run.short(), status.word());
    fault!(FaultCode::RunNotEnded, "recording-not-ended", run = run, status = status)
        .hint(said!("hint-recording-not-ended", run = run))
}

fn record(
    reader: &Reader,
    blobs: &Blobs,
    run: RunId,
    head: &RunHead,
    row: &RunRow,
    status: RunStatus,
) -> Result<Reply<Recording>, StoreError> {
    let revision = reader.revision(head.namespace, &head.workflow.name, head.revision)?;
    let (inputs, vars) = (reader.inputs(run)?, reader.variables(run)?);
    let variables = &revision.definition.variables;
    let sensitive = |name: &Ident| variables.get(name).is_some_and(|variable| variable.sensitive);
    let mut texts = Vec::new();
    for (_, value) in inputs.iter().chain(&vars).filter(|(name, _)| sensitive(name)) {
        leaves(value, &mut texts);
    }
    let events = reader.journal(run)?;
    for row in &events {
        if let Event::ApprovalVoted { path, vote } = &row.event {
            for name in sensitive_fields(&revision.definition, path) {
                vote.fields.get(name.as_str()).inspect(|value| leaves(value, &mut texts));
            }
        }
    }
    let mut papers = Papers { blobs, run, mask: Mask::new(&texts), room: DOCUMENTS, cut: false };
    let mut journal = Journal::of(&revision.definition);
    for row in events {
        if let Err(fault) = journal.add(&mut papers, row.at_ms, row.event) {
            return Ok(Err(fault));
        }
    }
    papers.cut = false;
    let masked = variables.keys().filter(|name| sensitive(name)).map(Ident::to_string).collect();
    let started_ms = journal.started_ms.unwrap_or(head.accepted_ms);
    let mut recording = Recording {
        run,
        workflow: head.workflow.to_string(),
        revision: head.revision,
        file: revision.head.file.clone(),
        source: revision.source.clone(),
        status: status.word().into(),
        error: None,
        at_step: None,
        started_ms,
        cancelled_after_ms: journal.cancelled_ms.map(|ms| ms.saturating_sub(started_ms)),
        inputs: Vec::new(),
        masked,
        tries: journal.tries,
        outputs: Vec::new(),
        cut: false,
    };
    let inputs = inputs.into_iter().map(|(name, value)| match sensitive(&name) {
        true if value != Value::Null => (name.to_string(), Value::text(MASKED)),
        _ => (name.to_string(), value),
    });
    let taken = papers.take_all(inputs).and_then(|inputs| {
        recording.inputs = inputs;
        match &row.phase {
            Phase::Ended { end: RunEnd::Completed { outputs }, .. } => {
                recording.outputs = papers.take_all(outputs.clone())?;
            }
            Phase::Ended { end: RunEnd::Failed { step, error }, .. } => {
                recording.error = Some(papers.error(error));
                recording.at_step = step.clone();
            }
            Phase::Ended { end: RunEnd::Cancelled, .. }
            | Phase::Queued
            | Phase::Active { .. }
            | Phase::Finishing { .. }
            | Phase::Closing { .. } => {}
        }
        Ok(())
    });
    recording.cut = papers.cut;
    Ok(taken.map(|()| recording))
}

/// Fields of the form of the step at `path` that are shown to nobody.
fn sensitive_fields<'w>(
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
struct Journal<'w> {
    workflow: &'w Workflow,
    started_ms: Option<u64>,
    cancelled_ms: Option<u64>,
    tries: Vec<TryView>,
    /// The newest attempt of each step, by its place in `tries`.
    newest: BTreeMap<StepPath, usize>,
    /// Events that steps look at, and when those came.
    offered: BTreeMap<(StepPath, EventId), (u64, Published)>,
    /// How many there are in `tries`.
    words: usize,
}

impl<'w> Journal<'w> {
    fn of(workflow: &'w Workflow) -> Journal<'w> {
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

    fn add(&mut self, papers: &mut Papers<'_>, at_ms: u64, event: Event) -> Result<(), Fault> {
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
            Event::ApprovalVoted { path, vote } => self.voted(papers, path, at_ms, vote)?,
            Event::EventOffered { path, event } => {
                self.offered.insert((path, event.id), (at_ms, event));
            }
            // one that was passed over is one more word of the test
            Event::EventDeclined { path, event } => {
                if let Some((came_ms, event)) = self.offered.remove(&(path.clone(), event)) {
                    self.told(papers, &path, came_ms, event)?;
                }
            }
            Event::StepCompleted { path, output, .. } => match self.resolved(&path, "done") {
                Some(this) => {
                    let (output, cut) = papers.take(output)?;
                    (this.declared, this.cut) = (Some(output), this.cut | cut);
                }
                None => self.end(&path, at_ms, || papers.output(output))?,
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
        path: StepPath,
        at_ms: u64,
        vote: Vote,
    ) -> Result<(), Fault> {
        let Vote { by, approves, mut fields, comment, at } = vote;
        for name in sensitive_fields(self.workflow, &path) {
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
        self.word(&path, papers.cut, WordView { at_ms, by: by.who, said_at: at, word })
    }

    /// The step has an event that fits: the one that its output tells of.
    fn event_came(
        &mut self,
        papers: &mut Papers<'_>,
        path: &StepPath,
        at_ms: u64,
        output: &Value,
    ) -> Result<(), Fault> {
        let awaits = self.workflow.step_at(path).map(|step| &step.action);
        let Some(Action::Wait(Wait::Event(awaited))) = awaits else { return Ok(()) };
        let text = |name: &str| output.get(name).and_then(Value::as_text);
        // without one the time was out
        let Some(id) = text("id").and_then(|id| id.parse::<RunId>().ok()) else { return Ok(()) };
        let known = self.offered.remove(&(path.clone(), EventId(id.0)));
        self.offered.retain(|(of, _), _| of != path);
        let (came_ms, event) = known.unwrap_or_else(|| {
            let (who, at) = (text("by").unwrap_or_default(), text("at").unwrap_or_default());
            let event = Published {
                id: EventId(id.0),
                name: awaited.name.clone(),
                data: output.get("data").cloned().unwrap_or_default(),
                by: Actor { who: who.to_owned(), origin: Origin::Cli },
                at: at.to_owned(),
            };
            (at_ms, event)
        });
        self.told(papers, path, came_ms, event)
    }

    fn told(
        &mut self,
        papers: &mut Papers<'_>,
        path: &StepPath,
        at_ms: u64,
        event: Published,
    ) -> Result<(), Fault> {
        let (data, cut) = papers.take(event.data)?;
        let word = Word::Event { id: RunId(event.id.0), data };
        self.word(path, cut, WordView { at_ms, by: event.by.who, said_at: event.at, word })
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

/// Documents as they may leave: whole, masked, and not too large.
struct Papers<'r> {
    blobs: &'r Blobs,
    run: RunId,
    mask: Mask,
    /// Bytes that all further documents may have together.
    room: usize,
    /// One of them was cut.
    cut: bool,
}

impl Papers<'_> {
    /// The document, and whether it was cut.
    fn take(&mut self, value: Value) -> Result<(Value, bool), Fault> {
        let whole = self.blobs.load(self.run, value).map_err(|e| submit::not_stored(&e))?;
        let masked = self.mask.value(whole);
        let allowed = self.room.min(DOCUMENT);
        let mut left = allowed;
        let document = cut(masked.clone(), &mut left);
        self.room -= allowed - left;
        let is_cut = document != masked;
        self.cut |= is_cut;
        Ok((document, is_cut))
    }

    fn take_all(
        &mut self,
        named: impl IntoIterator<Item = (String, Value)>,
    ) -> Result<Vec<(String, Value)>, Fault> {
        named.into_iter().map(|(name, value)| Ok((name, self.take(value)?.0))).collect()
    }

    fn output(&mut self, output: Value) -> Result<(TryEnd, bool), Fault> {
        self.take(output).map(|(output, cut)| (TryEnd::Output(output), cut))
    }

    /// `called` is the run that the attempt has called, whose error it is.
    fn failure(
        &mut self,
        error: &TaskError,
        output: Value,
        called: Option<RunId>,
    ) -> Result<(TryEnd, bool), Fault> {
        let code = error.code.as_str();
        if let Some(run) = called {
            let was_cancelled = code == "RPA0425"
                && error.message == format!("its run {} was cancelled", run.short());
            let end = match was_cancelled {
                true => TryEnd::Cancelled,
                false => TryEnd::Failed { error: self.error(error), output: Value::Null },
            };
            return Ok((end, false));
        }
        match code {
            // the runner's own, not that of a peer
            "RPA0402" => Ok((TryEnd::TimedOut, false)),
            "RPA0413" | "RPA0414" => Ok((TryEnd::Lost, false)),
            _ => {
                let error = self.error(error);
                let (output, cut) = self.take(output)?;
                Ok((TryEnd::Failed { error, output }, cut))
            }
        }
    }

    fn error(&self, error: &TaskError) -> ErrorView {
        let view = error_view(error);
        ErrorView { message: self.mask.text(view.message), ..view }
    }
}

/// At most `room` bytes of texts; what is after that is empty. Keys stay, so that what
/// reads them still finds something of the same type.
fn cut(value: Value, room: &mut usize) -> Value {
    match value {
        Value::Text(mut text) => {
            text.truncate(text.floor_char_boundary(*room));
            *room -= text.len();
            Value::Text(text)
        }
        Value::List(items) => {
            let mut kept = Vec::new();
            for item in items {
                if *room == 0 {
                    break;
                }
                *room = room.saturating_sub(2);
                kept.push(cut(item, room));
            }
            Value::List(kept)
        }
        Value::Map(fields) => {
            let field = |(key, value): (String, Value)| {
                *room = room.saturating_sub(key.len());
                let value = cut(value, room);
                (key, value)
            };
            Value::Map(fields.into_iter().map(field).collect())
        }
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Blob(_)
        | Value::Sealed(_)) => other,
    }
}

/// The texts and numbers in a document.
fn leaves(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Text(text) => texts.push(text.clone()),
        Value::Int(_) | Value::Float(_) => texts.push(value.to_string()),
        Value::List(items) => items.iter().for_each(|item| leaves(item, texts)),
        Value::Map(fields) => fields.values().for_each(|field| leaves(field, texts)),
        Value::Null | Value::Bool(_) | Value::Blob(_) | Value::Sealed(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_keeps_its_shape() {
        let value = Value::from([
            ("a", Value::text("aaaa")),
            ("b", Value::text("bébé")),
            ("c", Value::from(vec![Value::from("x"), Value::Int(1)])),
            ("d", Value::Int(7)),
        ]);
        let mut room = 9;
        let short = cut(value.clone(), &mut room);
        assert_eq!(room, 0);
        assert_eq!(short.to_string(), r#"{"a":"aaaa","b":"bé","c":[],"d":7}"#);
        let mut room = 1000;
        assert_eq!(cut(value.clone(), &mut room), value);
    }
}
