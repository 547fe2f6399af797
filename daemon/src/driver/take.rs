//! What each message means: the engine decides, the tables are changed.

use rpa_engine::actor::Origin;
use rpa_engine::notification::{self, Kind, Settled, What};
use rpa_engine::run::{Cx, Decision, Effect, Event, Input, Phase, Run, RunEnd, RunStatus};
use rpa_engine::{RunId, StepPath};
use rpa_ipc::{Fault, FaultCode, fault};

use super::message::{Answer, Message};
use super::notifications::Happening;
use super::triggers::EndedRun;
use super::{Active, Driver, Outbox, catalog, refusal_fault};
use crate::failpoint::failpoint;
use crate::store::{StoreError, Tables, run_damaged};

/// How long a request id is remembered, at least.
const REQUEST_MEMORY_MS: u64 = 7 * 24 * 3600 * 1000;
/// Old request ids removed in one transaction, so that housekeeping never delays work.
const FORGOTTEN_AT_ONCE: usize = 500;
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
        let answer = self.take_one(tables, cx, message, out)?;
        self.find_resettled(tables, cx, out)?;
        let has_mail = out.mail.has_any();
        self.relay(tables, cx, out)?;
        Ok(match answer {
            // what others have said to it may have been the end of it
            Ok(Answer::Accepted { run, repeated, .. }) if has_mail => {
                Ok(Answer::Accepted { run, status: tables.status(run)?, repeated })
            }
            answer => answer,
        })
    }

    fn take_one(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        message: &Message,
        out: &mut Outbox,
    ) -> Taken {
        match message {
            Message::Apply(_) if !self.parts.reserve.accepts() => Ok(Err(self.no_space())),
            Message::Apply(applications) => {
                catalog::apply(tables, cx, applications, &self.parts.calendars, out)
            }
            Message::Change(change) => {
                catalog::change(tables, cx, change, &self.parts.calendars, out)
            }
            Message::Publish(publication) => self.publish(tables, cx, publication, out),
            Message::SizePool { namespace, name, size } => {
                self.size_pool(tables, cx, namespace, name, *size, out)
            }
            Message::BreakLock { namespace, name, holder, by } => {
                self.break_lock(tables, cx, namespace, name, holder, by, out)
            }
            Message::Submit(submission) => self.submit(tables, cx, submission, out),
            Message::Run { run, input } => self.run_input(tables, cx, *run, input.clone(), out),
            Message::Due { up_to_ms } => self.due(tables, cx, *up_to_ms, out),
            Message::Slots(slots) => self.slots(tables, cx, slots, out),
            Message::Deliver(arrival) => self.take_delivery(tables, cx, arrival, out),
            Message::Seen { trigger, files, watched } => {
                for (path, file) in files {
                    tables.put_seen_file(trigger, path, file.as_ref())?;
                }
                if let Some(row) = watched {
                    tables.put_watched(trigger, row)?;
                }
                Ok(Ok(Answer::Done))
            }
            Message::Trigger(order) => self.order_trigger(tables, cx, order, out),
            Message::Fire(firing) => self.fire_by_hand(tables, cx, firing, out),
            Message::Housekeep => self.housekeep(tables, cx, out),
            Message::Release => self.release_held(tables, cx, out),
            Message::PlanRelease { after } => self.plan_release(tables, cx, *after),
            Message::BackedUp(row) => {
                tables.put_backed_up(row)?;
                let over = (Kind::BackupFailed, Settled::Over);
                self.settle_of_daemon(tables, cx.now_ms, over, out)?;
                Ok(Ok(Answer::Done))
            }
            Message::BackupFailed(why) => {
                let what = What::BackupFailed { why: notification::cut(why) };
                self.notify(tables, cx.now_ms, Happening::of_daemon(what), out)?;
                Ok(Ok(Answer::Done))
            }
            Message::Source { trigger, failing } => {
                self.source_stands(tables, cx.now_ms, trigger, failing.as_ref(), out)?;
                Ok(Ok(Answer::Done))
            }
            Message::Acknowledge(asked) => self.acknowledge(tables, cx.now_ms, asked, out),
            Message::Errand(errand) => self.errand(tables, errand, out),
            // the orders themselves are looked at before each batch
            Message::Pulse | Message::Drain | Message::Stop => Ok(Ok(Answer::Done)),
        }
    }

    /// Of many results of one run that come one behind the other, only the last writes the
    /// run's own row: most of what it costs to begin a hundred steps, and to end them.
    pub(super) fn run_input(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        id: RunId,
        input: Input,
        out: &mut Outbox,
    ) -> Taken {
        // not for those that this one leads to
        let goes_on = self.goes_on.take() == Some(id);
        if let Input::AttemptEnded { attempt, .. } = &input {
            // from the commit on, the runner need not keep it
            out.settled.push(attempt.clone());
        }
        if tables.is_aside(id) {
            return Ok(Err(self.damaged(id)));
        }
        if !self.runs.contains_key(&id) && !self.load(tables, id)? {
            return Ok(Err(self.absent(id)));
        }
        let held = self.held.has(id);
        let cx = Cx { hold: cx.hold || held, ..cx };
        if held && matches!(input, Input::Cancel { .. }) {
            // nobody else asks what became of them
            let running = tables.running(id)?;
            out.lost.extend(running.into_iter().map(|(attempt, _)| attempt));
        }
        let Some(active) = self.runs.get_mut(&id) else { return Ok(Ok(Answer::Done)) };
        let (before, was_at_work) = (active.run.status(), active.run.is_at_work() && !held);
        let Decision { events, effects, messages } = match active.run.step(cx, input) {
            Ok(decision) => decision,
            Err(refusal) => {
                if self.put_off.take_if(|run| *run == id).is_some() {
                    let log = self.parts.logs.written(id);
                    tables.save_row(active.namespace, &active.run, log)?;
                }
                self.unload(id);
                return Ok(Err(refusal_fault(id, refusal)));
            }
        };
        let decided = decided(&events);
        if !events.is_empty() {
            tables.save_events(active.namespace, &active.run, &events, cx.now_ms)?;
            active.run.forget(&events);
            out.changed(id, active.run.is_settled(), &active.run.definition.name.namespace);
            self.notifications.of_run(tables, cx.now_ms, active, &events, out)?;
        }
        let is_changed = !events.is_empty() || self.put_off == Some(id);
        let is_steady = active.run.status() == before && active.run.is_at_work() && !held;
        self.put_off = None;
        if is_changed && goes_on && is_steady && messages.is_empty() {
            self.put_off = Some(id);
        } else if is_changed {
            let log = self.parts.logs.written(id);
            tables.save_row(active.namespace, &active.run, log)?;
        }
        out.mail.post(active.namespace, &active.run, messages);
        self.follow(id, before, was_at_work, effects, out);
        Ok(Ok(if decided > 0 { Answer::Decided(decided) } else { Answer::Done }))
    }

    /// What a decision leads to beside its rows: effects, the count of active runs,
    /// and whether the run stays in memory.
    pub(super) fn follow(
        &mut self,
        id: RunId,
        before: RunStatus,
        was_at_work: bool,
        effects: Vec<Effect>,
        out: &mut Outbox,
    ) {
        out.effects.extend(effects.into_iter().map(|effect| (id, effect)));
        let Some(active) = self.runs.get(&id) else { return };
        let after = active.run.status();
        let held = self.held.has(id);
        if after.ended() {
            out.ended.insert(id);
            let workflow = &active.run.definition.name;
            if active.run.actor.origin == Origin::Trigger || self.listeners.asks_for_ends(workflow)
            {
                out.mail.ended(EndedRun::of(active, id));
            }
            out.health |= self.held.runs.remove(&id);
        }
        if after != before {
            tell(&active.run, after);
        }
        let is_at_work = active.run.is_at_work() && !held;
        let was_admitted =
            !held && before == RunStatus::Queued && active.run.started_ms().is_some();
        self.count(was_admitted, was_at_work, is_at_work);
        self.unload(id);
    }

    /// Keeps the number of runs that are at work. Those that wait for time or for a
    /// person leave their place to others, and come back without asking.
    fn count(&mut self, was_admitted: bool, was_at_work: bool, is_at_work: bool) {
        // what `admit` let in is counted already
        match (was_at_work || was_admitted, is_at_work) {
            (true, false) => self.queue.left(),
            (false, true) => self.queue.found_active(),
            (true, true) | (false, false) => {}
        }
    }

    pub(super) fn is_busy(&self, id: RunId) -> bool {
        self.runs.get(&id).is_some_and(|active| active.run.is_at_work()) && !self.held.has(id)
    }

    /// What is said to who wants something of a run that is set aside.
    pub(super) fn damaged(&self, run: RunId) -> Fault {
        let why = self.parts.store.aside().get(&run).cloned().unwrap_or_default();
        run_damaged(&run.short(), &why).with("run", run)
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
    pub(super) fn unload(&mut self, id: RunId) {
        if !self.is_busy(id) {
            self.runs.remove(&id);
        }
    }

    fn due(&mut self, tables: &mut Tables<'_>, cx: Cx, up_to_ms: u64, out: &mut Outbox) -> Taken {
        for (_, run) in tables.due(up_to_ms, DUE_AT_ONCE)? {
            // a refusal is for people; timers are never refused
            let _ = self.run_input(tables, cx, run, Input::Wake { up_to_ms }, out)?;
        }
        self.look_at_holds(tables, cx, up_to_ms, out)?;
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
            let oldest = self.oldest_queued(tables)?;
            let Some(run) = self.queue.admit(oldest) else { break };
            let _ = self.run_input(tables, cx, run, Input::Start, out)?;
            self.relay(tables, cx, out)?;
        }
        Ok(())
    }

    /// Why nothing new is accepted.
    pub(super) fn no_space(&self) -> Fault {
        match self.parts.reserve.is_released() {
            true => fault!(FaultCode::DiskFull, "disk-full"),
            false => fault!(FaultCode::DiskFull, "disk-low"),
        }
    }

    fn housekeep(&mut self, tables: &mut Tables<'_>, cx: Cx, out: &mut Outbox) -> Taken {
        failpoint!("housekeeping");
        let more = tables.forget_requests(cx.now_ms, REQUEST_MEMORY_MS, FORGOTTEN_AT_ONCE)?;
        if self.parts.reserve.is_released() {
            self.parts.reserve.restore();
        }
        let is_low = !self.parts.reserve.accepts();
        if is_low && !self.is_told(Kind::DiskLow) {
            self.notify(tables, cx.now_ms, Happening::of_daemon(What::DiskLow), out)?;
        } else if !is_low {
            let over = (Kind::DiskLow, Settled::Over);
            self.settle_of_daemon(tables, cx.now_ms, over, out)?;
        }
        self.settle_health();
        Ok(Ok(if more { Answer::More } else { Answer::Done }))
    }
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

/// How many doubts a person has ended.
fn decided(events: &[Event]) -> u32 {
    let decided = events.iter().filter(|event| matches!(event, Event::DoubtResolved { .. }));
    u32::try_from(decided.count()).unwrap_or(u32::MAX)
}
