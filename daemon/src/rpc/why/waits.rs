//! What a step waits for that others have to give.
//!
//! | it waits for | it is told | it comes from |
//! |---|---|---|
//! | a lock, or tokens | who has it since when, how many stand before | the step that has it |
//! | a run that it has called | which run, and its status | that run |
//! | an event | which one, and until when | |
//! | an approval | of whom, how many there are, the command | |

use rpa_engine::lock::Lock;
use rpa_engine::run::{Asking, Awaiting, Calling, Claimant, Claiming, Tokens};
use rpa_engine::{Action, Label, OnTimeout, RunId, StepPath, Wait, WaitEvent};
use rpa_ipc::fault::{Said, count, quoted};
use rpa_ipc::said;

use super::facts::{Facts, at, of};
use super::step::Found;
use crate::store::StoreError;

/// Characters of a question that are told.
const MOST_MESSAGE: usize = 200;

/// A step that waits for what others hold.
pub fn claiming(
    facts: &Facts<'_>,
    path: &StepPath,
    claiming: &Claiming,
) -> Result<Found, StoreError> {
    let since_ms = claiming.since_ms;
    let Some((name, tokens)) = claiming.wanted.get(claiming.granted) else {
        return Ok(Found::new(path, Some(since_ms), said!("why-claims-asked", step = path)));
    };
    let lock = facts.reader.lock(facts.head.namespace, name)?;
    let by = Claimant { run: facts.run, path: path.clone() };
    let place = lock.place_of(&by);
    let claim = place.and_then(|place| lock.claim_at(place));
    let since_ms = claim.map_or(since_ms, |claim| claim.since_ms);
    let holder = lock.holder().filter(|_| claim.is_some_and(|claim| claim.granted_ms.is_none()));
    let Some(holder) = holder else {
        let what = said!("why-claim-comes", step = path, lock = name);
        return Ok(Found::new(path, Some(since_ms), what));
    };
    let before = lock.waiting().filter(|(other, _)| Some(*other) < place).count();
    let what = taken(facts, path, since_ms, (name, *tokens), &lock, &holder, before)?;
    let lease_ends = match facts.reader.head(holder.run)? {
        Some(_) => facts.reader.row(holder.run)?.holds.get(&holder.path).and_then(|h| h.until_ms),
        None => None,
    };
    let lease = lease_ends.map(|until_ms| {
        let (run, until) = (holder.run.short(), at(until_ms));
        of(path, None, said!("why-lease-ends", holder = holder.path, run = run, until = until))
    });
    let limit = claiming.until_ms.map(|until_ms| {
        of(path, None, said!("why-claim-until", step = path, lock = name, until = at(until_ms)))
    });
    let found = Found::new(path, Some(since_ms), what).and(lease).and(limit);
    Ok(found.because_of(holder.run, Some(holder.path)))
}

/// Who has what the step waits for, and how many get it before.
fn taken(
    facts: &Facts<'_>,
    path: &StepPath,
    since_ms: u64,
    (name, tokens): (&Label, Tokens),
    lock: &Lock,
    holder: &Claimant,
    before: usize,
) -> Result<Said, StoreError> {
    let (since, before) = (at(since_ms), count(before));
    let (run, workflow) = (holder.run.short(), workflow_of(facts, holder.run)?);
    let held = lock.place_of(holder).and_then(|place| lock.claim_at(place)?.granted_ms);
    let held = at(held.unwrap_or(since_ms));
    Ok(match tokens {
        Tokens::Lock => said!(
            "why-waits-for-lock",
            step = path,
            since = since,
            lock = name,
            holder = holder.path,
            run = run,
            workflow = workflow,
            held = held,
            before = before
        ),
        Tokens::Some(wanted) => said!(
            "why-waits-for-tokens",
            step = path,
            since = since,
            tokens = count(wanted),
            pool = name,
            taken = lock.taken(),
            size = lock.capacity(),
            holder = holder.path,
            run = run,
            workflow = workflow,
            held = held,
            before = before
        ),
    })
}

/// The workflow of another run; nothing when that is there no more.
fn workflow_of(facts: &Facts<'_>, run: RunId) -> Result<String, StoreError> {
    Ok(facts.reader.head(run)?.map_or_else(String::new, |head| head.workflow.to_string()))
}

/// A step that waits for the run that it has called.
pub fn calling(facts: &Facts<'_>, path: &StepPath, calling: &Calling) -> Result<Found, StoreError> {
    let run = calling.run;
    let called = match facts.reader.head(run)? {
        Some(_) => facts.reader.status(&facts.reader.row(run)?)?.word(),
        None => "",
    };
    let what = match calling.timed_out {
        true => said!("why-call-time-out", step = path, run = run.short()),
        false => said!(
            "why-step-calls",
            step = path,
            since = at(calling.since_ms),
            run = run.short(),
            workflow = workflow_of(facts, run)?,
            tries = count(calling.attempt),
            status = called
        ),
    };
    Ok(Found::new(path, Some(calling.since_ms), what).because_of(run, None))
}

/// The event that the step at `path` waits for.
pub fn awaited<'d>(definition: &'d rpa_engine::Workflow, path: &StepPath) -> Option<&'d WaitEvent> {
    match &definition.step_at(path)?.action {
        Action::Wait(Wait::Event(event)) => Some(event),
        Action::Wait(Wait::For { .. } | Wait::Until(_))
        | Action::Task { .. }
        | Action::Set(_)
        | Action::Group(_)
        | Action::ForEach(_)
        | Action::While(_)
        | Action::Repeat(_)
        | Action::Switch(_)
        | Action::Call(_)
        | Action::Approval(_) => None,
    }
}

pub fn awaiting(facts: &Facts<'_>, path: &StepPath, awaiting: &Awaiting) -> Found {
    let event = awaited(&facts.definition, path);
    let name = event.map(|event| event.name.to_string()).unwrap_or_default();
    let since = at(awaiting.since_ms);
    let what = match awaiting.until_ms {
        Some(until_ms) => said!(
            "why-awaits-event-until",
            step = path,
            since = since,
            event = name,
            until = at(until_ms)
        ),
        None => said!("why-awaits-event", step = path, since = since, event = name),
    };
    let fits = event
        .and_then(|event| event.fits.as_ref())
        .map(|fits| of(path, None, said!("why-event-fits", condition = fits.source.trim())));
    let some = |n: usize| (n > 0).then(|| count(n));
    let looked_at = some(awaiting.offered.len())
        .map(|events| of(path, None, said!("why-events-looked-at", events = events)));
    let failed = some(awaiting.failed as usize)
        .map(|events| of(path, None, said!("why-events-failed", events = events)));
    Found::new(path, Some(awaiting.since_ms), what).and(fits).and(looked_at).and(failed)
}

/// A step that asks people.
pub fn asking(facts: &Facts<'_>, path: &StepPath, asking: &Asking) -> Found {
    let action = facts.definition.step_at(path).map(|step| &step.action);
    let approval = match action {
        Some(Action::Approval(approval)) => Some(approval),
        _ => None,
    };
    let approvers = &asking.request.approvers;
    let what = said!(
        "why-step-asks-people",
        step = path,
        since = at(asking.since_ms),
        named = count(approvers.len()),
        approvers = approvers.join(", "),
        message = question(&asking.request.message),
        have = asking.votes.len(),
        need = approval.map_or(1, |approval| approval.quorum),
        command = facts.command("approve", path.as_str())
    );
    let names: Vec<String> = asking.votes.iter().map(|vote| vote.by.to_string()).collect();
    let have = (!names.is_empty())
        .then(|| of(path, None, said!("why-approved-by", step = path, people = names.join(", "))));
    let until = asking.until_ms.zip(approval).map(|(until_ms, approval)| {
        let until = at(until_ms);
        let what = match approval.on_timeout {
            OnTimeout::Fail => said!("why-approval-fails", step = path, until = until),
            OnTimeout::Reject => said!("why-approval-rejects", step = path, until = until),
            OnTimeout::Continue => said!("why-approval-goes-on", step = path, until = until),
        };
        of(path, None, what)
    });
    Found::new(path, Some(asking.since_ms), what).and(have).and(until)
}

/// The first line of what people are asked, to stand within a sentence.
pub fn question(message: &str) -> String {
    let line = message.trim().lines().next().unwrap_or_default();
    let mut shown: String = line.chars().take(MOST_MESSAGE).collect();
    if shown.len() < message.trim().len() {
        shown.push('…');
    }
    quoted(&shown)
}
