//! Accepting runs: those that somebody submits, and those that a step calls.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::run::{Acceptance, Called, Cx, Decision, Input, News, Run, RunEnd, RunStatus};
use rpa_engine::{Ident, Value, Workflow, WorkflowRef};
use rpa_ipc::fault::quoted;
use rpa_ipc::{Fault, FaultCode, fault};

use super::message::{Answer, Submission};
use super::relay::not_stored;
use super::take::Taken;
use super::{Active, Driver, Outbox, catalog};
use crate::store::{Entered, Lineage, NamespaceId, RequestRow, StoreError, Tables};

/// A run that is accepted now.
pub(super) struct Newcomer<'s> {
    pub run: Run,
    pub namespace: NamespaceId,
    pub inputs: &'s BTreeMap<Ident, Value>,
    pub lineage: Lineage,
    pub submission: Option<&'s Submission>,
}

impl Driver {
    pub(super) fn submit(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        submission: &Submission,
        out: &mut Outbox,
    ) -> Taken {
        let (request_id, digest) = (&submission.request_id, &submission.digest);
        if let Some(repeated) = self.repeated(tables, request_id, digest)? {
            return Ok(repeated);
        }
        if self.hold {
            return Ok(Err(fault!(FaultCode::Draining, "no-new-runs")));
        }
        if !self.parts.reserve.accepts() {
            return Ok(Err(self.no_space()));
        }
        // it may have been disabled since the submission was prepared
        if let Err(fault) = catalog::admit(tables, &submission.workflow)? {
            return Ok(Err(fault));
        }
        let namespace = tables.namespace(&submission.workflow.namespace)?;
        let definition =
            self.definition(tables, namespace, &submission.workflow, submission.revision)?;
        let pins = self.pins(tables, &definition)?;
        let taken_over = submission.taken_over.as_ref();
        let run = Run::accept(Acceptance {
            id: submission.run,
            revision: submission.revision,
            priority: definition.priority,
            definition,
            actor: submission.actor.clone(),
            request_id: submission.request_id.clone(),
            accepted_ms: cx.now_ms,
            parent: None,
            vars: with_set(submission),
            kept: taken_over
                .iter()
                .flat_map(|taken| &taken.steps)
                .map(|(id, state, _)| (id.clone(), state.clone()))
                .collect(),
        });
        let id = run.id;
        let row = RequestRow::Run { run: id, digest: submission.digest };
        tables.put_request(&submission.request_id, &row)?;
        let inputs = &submission.vars;
        let lineage = Lineage { pins, ..Lineage::default() };
        let newcomer = Newcomer { run, namespace, inputs, lineage, submission: Some(submission) };
        let status = self.enter(tables, cx, newcomer, out)?;
        Ok(Ok(Answer::Accepted { run: id, status, repeated: false }))
    }

    /// The same request again: the same run, unless it asks for something else. It is
    /// never run twice, even when the run that it was is not there any more.
    pub(super) fn repeated(
        &self,
        tables: &Tables<'_>,
        request_id: &str,
        wanted: &[u8; 32],
    ) -> Result<Option<Result<Answer, Fault>>, StoreError> {
        let Some(RequestRow::Run { run, digest }) = tables.request(request_id)? else {
            return Ok(None);
        };
        if tables.is_aside(run) {
            return Ok(Some(Err(self.damaged(run))));
        }
        if digest != *wanted {
            let (request, run) = (quoted(request_id), run.short());
            let code = FaultCode::RequestReused;
            return Ok(Some(Err(fault!(code, "request-reused", request = request, run = run))));
        }
        let status = match tables.known_status(run)? {
            Some(status) => Ok(status),
            None => self.archived_status(run),
        };
        Ok(Some(status.map(|status| Answer::Accepted { run, status, repeated: true })))
    }

    /// Accepts the run that a step calls, or tells it why not.
    pub(super) fn call(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        called: Called,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let (given, by) = (Value::Map(called.vars), called.by);
        if let Err(error) = self.parts.blobs.share(by.run, called.run, &given) {
            let error = not_stored(format!("its variables could not be stored: {error}"));
            let news = News::Ended(RunEnd::Failed { step: None, error });
            return self.news(tables, cx, &by, called.run, news, out);
        }
        let Value::Map(given) = given else { return Ok(()) };
        let named = |(name, value): (String, Value)| Some((name.parse::<Ident>().ok()?, value));
        let inputs: BTreeMap<Ident, Value> = given.into_iter().filter_map(named).collect();
        let namespace = tables.namespace(&called.workflow.namespace)?;
        let definition = self.definition(tables, namespace, &called.workflow, called.revision)?;
        let above = tables.lineage(by.run)?;
        let run = Run::accept(Acceptance {
            id: called.run,
            revision: called.revision,
            priority: definition.priority.max(called.priority),
            definition,
            actor: called.actor,
            request_id: String::new(),
            accepted_ms: cx.now_ms,
            parent: Some(by.clone()).filter(|_| !called.detached),
            vars: inputs.clone(),
            kept: Vec::new(),
        });
        let lineage = Lineage {
            parent: Some(by),
            detached: called.detached,
            depth: above.depth.saturating_add(1),
            pins: above.pins,
            fired: None,
            hops: above.hops,
        };
        let newcomer = Newcomer { run, namespace, inputs: &inputs, lineage, submission: None };
        self.enter(tables, cx, newcomer, out)?;
        Ok(())
    }

    /// Writes a new run, which begins at once where it need not wait.
    pub(super) fn enter(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        newcomer: Newcomer<'_>,
        out: &mut Outbox,
    ) -> Result<RunStatus, StoreError> {
        let Newcomer { mut run, namespace, inputs, lineage, submission } = newcomer;
        let (id, before) = (run.id, run.status());
        // one that need not wait begins as it is accepted, in the same transaction,
        // and is never written into the queue
        let alone =
            run.is_in_line() && self.queue.has_room() && self.oldest_queued(tables)?.is_none();
        let input = match self.queue.admit(alone.then_some(id)) {
            Some(_) => Some(Input::Start),
            None => run.is_at_the_gate().then_some(Input::Offer),
        };
        // a refusal is for people; the start is never refused
        let decision = input.and_then(|input| run.step(cx, input).ok()).unwrap_or_default();
        let Decision { events, effects, messages } = decision;
        let entered = Entered {
            namespace,
            inputs,
            events: &events,
            taken_over: submission.and_then(|submission| submission.taken_over.as_ref()),
            lineage,
        };
        tables.insert_run(&run, entered, cx.now_ms)?;
        out.changed(id, run.is_settled(), &run.definition.name.namespace);
        out.mail.post(namespace, &run, messages);
        let active = Active { namespace, run };
        self.notifications.of_run(tables, cx.now_ms, &active, &events, out)?;
        self.runs.insert(id, active);
        self.follow(id, before, false, effects, out);
        Ok(before)
    }

    /// The live revisions of all workflows that this one calls, near or far.
    pub(super) fn pins(
        &mut self,
        tables: &Tables<'_>,
        definition: &Workflow,
    ) -> Result<BTreeMap<WorkflowRef, u32>, StoreError> {
        let mut pins = BTreeMap::new();
        let mut open: BTreeSet<WorkflowRef> = definition.calls().into_iter().cloned().collect();
        while let Some(name) = open.pop_first() {
            // one that is not there is told of when it is called
            let Some((namespace, revision)) = catalog::live(tables, &name)? else { continue };
            if pins.insert(name.clone(), revision).is_none() {
                let called = self.definition(tables, namespace, &name, revision)?;
                let further = called.calls().into_iter().filter(|call| !pins.contains_key(*call));
                open.extend(further.cloned().collect::<Vec<_>>());
            }
        }
        Ok(pins)
    }
}

/// The variables of a run, and those that the steps it has taken over have set.
fn with_set(submission: &Submission) -> BTreeMap<Ident, Value> {
    let set = submission.taken_over.iter().flat_map(|taken| taken.set.clone());
    submission.vars.clone().into_iter().chain(set).collect()
}
