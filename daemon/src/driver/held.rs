//! Runs that were open in a backup that was restored.
//!
//! Steps that were confirmed after the backup was taken are not known to be done, and
//! would be done again. So whatever was open is *held*: it is read as while the daemon
//! drains, nothing begins in it, no timer of it fires, and it keeps what it holds. A
//! person may look at it, decide, cancel; and lets all of it go on with
//! [`Message::Release`](super::Message::Release), which is then as a start after a crash.
//! New runs are accepted and run meanwhile.

use std::collections::BTreeSet;

use rpa_engine::notification::{Kind, Settled};
use rpa_engine::run::{Cx, Effect, Event, Input, Message as Mail, Purpose, Run};
use rpa_engine::{AttemptId, Outcome, RunId, StepPath};

use super::message::{Answer, GoesOn, HeldPlan, Next};
use super::take::Taken;
use super::{Driver, Outbox};
use crate::store::{StoreError, Tables};

/// Runs that one transaction lets go on: what they begin comes with it.
const RELEASED_AT_ONCE: usize = 64;
/// Held runs of one page of a plan: each is read and thought through, on the driver's
/// thread.
const PLANNED_AT_ONCE: usize = 32;
/// What a lost attempt says that nobody here has seen.
const LOST: &str = "it was under way when the backup was taken";

/// What is held, as the driver knows it.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// The store is one that was restored, and nobody has let it go on.
    pub restored: bool,
    pub runs: BTreeSet<RunId>,
}

impl Held {
    pub(super) fn has(&self, run: RunId) -> bool {
        !self.runs.is_empty() && self.runs.contains(&run)
    }

    /// Why the daemon is not simply ready; empty when it is.
    pub(super) fn reason(&self) -> String {
        match (self.restored, self.runs.len()) {
            (false, _) => String::new(),
            (true, count) => format!("restored from a backup: open runs that are held: {count}"),
        }
    }
}

impl Driver {
    /// Reads what is held; attempts of runs that are being cancelled are looked for,
    /// as nothing else of a held run is.
    pub(super) fn load_held(&mut self, tables: &Tables<'_>) -> Result<Vec<AttemptId>, StoreError> {
        let mut lost = Vec::new();
        self.held = Held { restored: tables.restored()?.is_some(), runs: BTreeSet::new() };
        for (run, cancelled) in tables.held()? {
            self.held.runs.insert(run);
            if cancelled {
                lost.extend(tables.running(run)?.into_iter().map(|(attempt, _)| attempt));
            }
        }
        Ok(lost)
    }

    /// Lets held runs go on, some of them; the next call the next.
    pub(super) fn release_held(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        out: &mut Outbox,
    ) -> Taken {
        let some: Vec<RunId> = self.held.runs.iter().take(RELEASED_AT_ONCE).copied().collect();
        for id in &some {
            self.held.runs.remove(id);
            if !self.load(tables, *id)? {
                continue;
            }
            let lost = tables.running(*id)?.into_iter().map(|(attempt, _)| attempt);
            out.lost.extend(lost);
            if let Some(active) = self.runs.get(id) {
                tables.release(&active.run)?;
                out.changed(*id, active.run.is_settled(), &active.run.definition.name.namespace);
            }
            if self.is_busy(*id) {
                self.queue.found_active();
            }
            // a refusal is for people; recovery is never refused
            let _ = self.run_input(tables, cx, *id, Input::Recover, out)?;
            self.relay(tables, cx, out)?;
        }
        let was_restored = self.held.restored;
        if self.held.runs.is_empty() && was_restored {
            let restored = tables.restored()?;
            tables.forget_restored(cx.now_ms)?;
            self.held.restored = false;
            if let Some(restored) = restored {
                self.release_holds(tables, cx, restored.taken_ms, out)?;
            }
            self.release_slots(tables, cx, out)?;
            let over = (Kind::StoreRestored, Settled::Released);
            self.settle_of_daemon(tables, cx.now_ms, over, out)?;
            out.health = true;
        }
        let runs = u32::try_from(some.len()).unwrap_or(u32::MAX);
        Ok(Ok(Answer::Released { was_restored, runs, more: !self.held.runs.is_empty() }))
    }

    /// What would become of held runs after `after` if they went on now: the engine
    /// decides it as it would, and nothing of it is kept.
    pub(super) fn plan_release(
        &mut self,
        tables: &Tables<'_>,
        cx: Cx,
        after: Option<RunId>,
    ) -> Taken {
        let from = after.map_or(std::ops::Bound::Unbounded, std::ops::Bound::Excluded);
        let range = self.held.runs.range((from, std::ops::Bound::Unbounded));
        let some: Vec<RunId> = range.take(PLANNED_AT_ONCE + 1).copied().collect();
        let next = (some.len() > PLANNED_AT_ONCE).then(|| some[PLANNED_AT_ONCE - 1]);
        let mut runs = Vec::new();
        for id in some.into_iter().take(PLANNED_AT_ONCE) {
            if !self.load(tables, id)? {
                continue;
            }
            let lost = tables.running(id)?.into_iter().map(|(attempt, _)| attempt);
            if let Some(mut active) = self.runs.remove(&id) {
                runs.push((id, planned(&mut active.run, cx, lost)));
            }
        }
        Ok(Ok(Answer::Planned(HeldPlan { restored: self.held.restored, runs, next })))
    }
}

/// What a run would do first: of each step one thing, in the order of their paths.
fn planned(run: &mut Run, cx: Cx, lost: impl Iterator<Item = AttemptId>) -> Vec<GoesOn> {
    let mut found = std::collections::BTreeMap::<StepPath, Next>::new();
    let lost = lost.map(|attempt| {
        let outcome = Outcome::Orphaned { why: LOST.into() };
        Input::AttemptEnded { attempt, outcome }
    });
    // as after a start: what was lost is told when its processes are known to be dead
    for input in std::iter::once(Input::Recover).chain(lost) {
        let Ok(decision) = run.step(cx, input) else { continue };
        for event in &decision.events {
            if let (Some(path), Some(next)) = (event.path(), next_of(event)) {
                found.insert(path.clone(), next);
            }
        }
        for effect in &decision.effects {
            if let Effect::Evaluate(job) = effect
                && let Purpose::Ask { path, .. } | Purpose::Claims { path, .. } = &job.purpose
            {
                found.entry(path.clone()).or_insert(Next::Begins);
            }
        }
        for message in &decision.messages {
            if let Mail::Call(called) = message {
                found.insert(called.by.path.clone(), Next::Begins);
            }
        }
    }
    found.into_iter().map(|(path, next)| GoesOn { path, next }).collect()
}

fn next_of(event: &Event) -> Option<Next> {
    match event {
        Event::StepInDoubt { .. } => Some(Next::Doubt),
        Event::StepStarted { attempt: 1, .. } => Some(Next::Begins),
        Event::StepStarted { .. } | Event::StepRetrying { .. } => Some(Next::Again),
        Event::StepFailed { .. } => Some(Next::Fails),
        _ => None,
    }
}
