//! What each message means: the engine decides, the tables are changed.

use std::collections::BTreeMap;

use rpa_engine::run::{
    Acceptance, Cx, Decision, Effect, Event, Input, Phase, Run, RunEnd, RunStatus, StepState,
};
use rpa_engine::{Ident, RunId, StepPath, Value};
use rpa_ipc::fault::quoted;
use rpa_ipc::{Fault, FaultCode, fault};

use super::message::{Answer, Message, Submission};
use super::{Active, Driver, Outbox, catalog, refusal_fault};
use crate::store::{RequestRow, StoreError, Tables};

/// How long a request id is remembered.
const REQUEST_MEMORY_MS: u64 = 7 * 24 * 3600 * 1000;
/// Old rows removed in one transaction, so that housekeeping never delays work.
const HOUSEKEEPING: usize = 500;
/// Timers taken in one transaction; the rest come with the next.
const DUE_AT_ONCE: usize = 256;

pub(super) type Taken = Result<Result<Answer, Fault>, StoreError>;

impl Driver {
    pub(super) fn take(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        message: &Message,
        out: &mut Outbox,
    ) -> Taken {
        match message {
            Message::Apply(_) if self.parts.reserve.is_released() => Ok(Err(disk_full())),
            Message::Apply(applications) => catalog::apply(tables, cx, applications, out),
            Message::Change(change) => catalog::change(tables, cx, change, out),
            Message::Submit(submission) => self.submit(tables, cx, submission, out),
            Message::Run { run, input } => self.run_input(tables, cx, *run, input.clone(), out),
            Message::Due { up_to_ms } => self.due(tables, cx, *up_to_ms, out),
            Message::Housekeep => self.housekeep(tables, cx),
            // the orders themselves are looked at before each batch
            Message::Drain | Message::Stop => Ok(Ok(Answer::Done)),
        }
    }

    fn submit(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        submission: &Submission,
        out: &mut Outbox,
    ) -> Taken {
        if let Some(seen) = tables.request(&submission.request_id)? {
            return self.repeated(tables, submission, &seen);
        }
        if self.hold {
            return Ok(Err(fault!(FaultCode::Draining, "no-new-runs")));
        }
        if self.parts.reserve.is_released() {
            return Ok(Err(disk_full()));
        }
        // it may have been disabled since the submission was prepared
        if let Err(fault) = catalog::admit(tables, &submission.workflow)? {
            return Ok(Err(fault));
        }
        let namespace = tables.namespace(&submission.workflow.namespace)?;
        let definition =
            self.definition(tables, namespace, &submission.workflow, submission.revision)?;
        let mut run = Run::accept(Acceptance {
            id: submission.run,
            revision: submission.revision,
            definition,
            actor: submission.actor.clone(),
            request_id: submission.request_id.clone(),
            accepted_ms: cx.now_ms,
            vars: with_set(submission),
            kept: kept_states(submission),
        });
        let (id, status) = (run.id, run.status());
        // one that need not wait begins as it is accepted, in the same transaction,
        // and is never written into the queue
        let alone = self.queue.has_room() && tables.oldest_queued()?.is_none();
        let decision = match self.queue.admit(alone.then_some(id)) {
            // a refusal is for people; the start is never refused
            Some(_) => run.step(cx, Input::Start).unwrap_or_default(),
            None => Decision::default(),
        };
        let taken_over = submission.taken_over.as_ref();
        let inputs = &submission.vars;
        tables.insert_run(namespace, &run, inputs, &decision.events, cx.now_ms, taken_over)?;
        let row = RequestRow { run: id, digest: submission.digest, at_ms: cx.now_ms };
        tables.put_request(&submission.request_id, &row)?;
        out.changed(id, run.status().settled(), &submission.workflow.namespace);
        self.runs.insert(id, Active { namespace, run });
        self.follow(id, status, decision.effects, out);
        Ok(Ok(Answer::Accepted { run: id, status, repeated: false }))
    }

    /// The same request again: the same run, unless it asks for something else.
    fn repeated(&self, tables: &Tables<'_>, submission: &Submission, seen: &RequestRow) -> Taken {
        if seen.digest != submission.digest {
            let (request, run) = (quoted(&submission.request_id), seen.run.short());
            let code = FaultCode::RequestReused;
            return Ok(Err(fault!(code, "request-reused", request = request, run = run)));
        }
        let status = tables.status(seen.run)?;
        Ok(Ok(Answer::Accepted { run: seen.run, status, repeated: true }))
    }

    pub(super) fn run_input(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        id: RunId,
        input: Input,
        out: &mut Outbox,
    ) -> Taken {
        if let Input::AttemptEnded { attempt, .. } = &input {
            // from the commit on, the runner need not keep it
            out.settled.push(attempt.clone());
        }
        if !self.runs.contains_key(&id) && !self.load(tables, id)? {
            return Ok(Err(fault!(FaultCode::NoRun, "run-gone", run = id)));
        }
        let Some(active) = self.runs.get_mut(&id) else { return Ok(Ok(Answer::Done)) };
        let before = active.run.status();
        let decision = match active.run.step(cx, input) {
            Ok(decision) => decision,
            Err(refusal) => {
                self.unload(id);
                return Ok(Err(refusal_fault(id, refusal)));
            }
        };
        let decided = decided(&decision.events);
        if !decision.events.is_empty() {
            let log = self.parts.logs.written(id);
            tables.save_run(active.namespace, &active.run, &decision.events, cx.now_ms, log)?;
            active.run.forget(&decision.events);
            let settled = active.run.status().settled();
            out.changed(id, settled, &active.run.definition.name.namespace);
        }
        self.follow(id, before, decision.effects, out);
        Ok(Ok(if decided > 0 { Answer::Decided(decided) } else { Answer::Done }))
    }

    /// What a decision leads to beside its rows: effects, the count of active runs,
    /// and whether the run stays in memory.
    fn follow(&mut self, id: RunId, before: RunStatus, effects: Vec<Effect>, out: &mut Outbox) {
        out.effects.extend(effects.into_iter().map(|effect| (id, effect)));
        let Some(active) = self.runs.get(&id) else { return };
        let after = active.run.status();
        if after.ended() {
            out.ended.insert(id);
        }
        if after != before {
            tell(&active.run, after);
        }
        self.count(before, after);
        self.unload(id);
    }

    /// Keeps the number of runs that are at work. Those that wait for time or for a
    /// person leave their place to others, and come back without asking.
    fn count(&mut self, before: RunStatus, after: RunStatus) {
        let busy = |status| status == RunStatus::Running;
        match (busy(before), busy(after)) {
            (true, false) => self.queue.left(),
            // what `admit` let in is counted already
            (false, true) if before != RunStatus::Queued => self.queue.found_active(),
            (false, true) | (true, true) | (false, false) => {}
        }
    }

    pub(super) fn is_busy(&self, id: RunId) -> bool {
        self.runs.get(&id).is_some_and(|active| active.run.status() == RunStatus::Running)
    }

    /// Reads a run into memory; `false` when there is none.
    pub(super) fn load(&mut self, tables: &Tables<'_>, id: RunId) -> Result<bool, StoreError> {
        let loaded = tables.load_run(id, |tables, head| {
            self.definition(tables, head.namespace, &head.workflow, head.revision)
        })?;
        let Some((namespace, run)) = loaded else { return Ok(false) };
        self.runs.insert(id, Active { namespace, run });
        Ok(true)
    }

    /// Only runs at work stay in memory.
    fn unload(&mut self, id: RunId) {
        if !self.is_busy(id) {
            self.runs.remove(&id);
        }
    }

    fn due(&mut self, tables: &mut Tables<'_>, cx: Cx, up_to_ms: u64, out: &mut Outbox) -> Taken {
        for (_, run) in tables.due(up_to_ms, DUE_AT_ONCE)? {
            // a refusal is for people; timers are never refused
            let _ = self.run_input(tables, cx, run, Input::Wake { up_to_ms }, out)?;
        }
        Ok(Ok(Answer::Done))
    }

    /// Lets waiting runs begin while there is room.
    pub(super) fn admit(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        while self.queue.has_room() {
            let Some(run) = self.queue.admit(tables.oldest_queued()?) else { break };
            let _ = self.run_input(tables, cx, run, Input::Start, out)?;
        }
        Ok(())
    }

    fn housekeep(&mut self, tables: &mut Tables<'_>, cx: Cx) -> Taken {
        let before_ms = cx.now_ms.saturating_sub(REQUEST_MEMORY_MS);
        let more = tables.forget_requests(before_ms, HOUSEKEEPING)? == HOUSEKEEPING;
        if self.parts.reserve.is_released() && self.parts.reserve.restore() {
            self.settle_health();
        }
        Ok(Ok(if more { Answer::More } else { Answer::Done }))
    }
}

/// The variables of a run, and those that the steps it has taken over have set.
fn with_set(submission: &Submission) -> BTreeMap<Ident, Value> {
    let set = submission.taken_over.iter().flat_map(|taken| taken.set.clone());
    submission.vars.clone().into_iter().chain(set).collect()
}

fn kept_states(submission: &Submission) -> Vec<(Ident, StepState)> {
    let steps = submission.taken_over.iter().flat_map(|taken| &taken.steps);
    steps.map(|(id, state, _)| (id.clone(), state.clone())).collect()
}

/// What an operator would want to find in the daemon's log.
fn tell(run: &Run, status: RunStatus) {
    let (id, workflow) = (run.id, &run.definition.name);
    match (status, &run.phase) {
        (RunStatus::Failed, Phase::Ended { end: RunEnd::Failed { step, error }, .. }) => {
            let step = step.as_ref().map_or("-", StepPath::as_str);
            tracing::warn!(run = %id, %workflow, step, code = error.code, "run failed");
        }
        (RunStatus::InDoubt, _) => {
            tracing::warn!(run = %id, %workflow, "run in doubt: a person must decide");
        }
        (status, _) => tracing::debug!(run = %id, %workflow, status = status.word(), "run"),
    }
}

fn disk_full() -> Fault {
    fault!(FaultCode::DiskFull, "disk-full")
}

/// How many doubts a person has ended.
fn decided(events: &[Event]) -> u32 {
    let decided = events.iter().filter(|event| matches!(event, Event::DoubtResolved { .. }));
    u32::try_from(decided.count()).unwrap_or(u32::MAX)
}
