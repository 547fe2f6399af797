//! What happened in a run, for a test of its workflow: read from the journal.

mod journal;

use rpa_engine::run::{Event, Phase, RunEnd, RunStatus};
use rpa_engine::{Ident, RunId, TaskError, Value};
use rpa_ipc::recording::{Recording, TryEnd};
use rpa_ipc::service::Reply;
use rpa_ipc::view::ErrorView;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::views::{error_view, read};
use super::{Office, submit};
use crate::blobs::Blobs;
use crate::runner::mask::Mask;
use crate::store::{Reader, RunHead, RunRow, StoreError};
use journal::{Journal, sensitive_fields};

/// Bytes of one document, and of all, in a recording: it becomes a file that people read
/// and that may have 1 MiB.
const DOCUMENT: usize = 32 * 1024;
const DOCUMENTS: usize = 384 * 1024;
/// What stands in place of a sensitive variable.
const MASKED: &str = "***";

pub async fn recording(office: &Office, run: RunId) -> Reply<Recording> {
    let blobs = office.blobs.clone();
    read(office, move |reader| {
        let head = reader.head(run)?.ok_or_else(|| StoreError::no_run(run))?;
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
