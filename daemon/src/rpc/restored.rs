//! What a restore has left for a person: what is held, and letting it go on.

use std::time::{Duration, Instant};

use rpa_engine::RunId;
use rpa_ipc::restored::{GoesOn, HeldPage, HeldRun, Released, RestoredView};
use rpa_ipc::service::Reply;
use rpa_ipc::{FaultCode, fault};

use super::Office;
use super::service::bug;
use super::summary::Summaries;
use super::views::read;
use crate::driver::{Answer, HeldPlan, Message, Next};
use crate::store::{Reader, StoreError};

/// How long one call lets runs go on; the next goes on with the next.
const LONGEST: Duration = Duration::from_secs(4);

pub fn view(reader: &Reader) -> Result<Option<RestoredView>, StoreError> {
    let Some(row) = reader.restored()? else { return Ok(None) };
    let (taken_ms, restored_ms) = (row.taken_ms, row.restored_ms);
    Ok(Some(RestoredView { taken_ms, restored_ms, held: reader.held_count()? }))
}

/// Some held runs, and what each would do first.
pub async fn held(office: &Office, after: Option<RunId>) -> Reply<HeldPage> {
    let plan = match office.inbox.ask(Message::PlanRelease { after }).await? {
        Answer::Planned(plan) => plan,
        other => return Err(bug(&format!("{other:?}"))),
    };
    let HeldPlan { restored, runs, next } = plan;
    if !restored {
        return Err(fault!(FaultCode::NothingHeld, "nothing-held"));
    }
    read(office, move |reader| {
        let mut summaries = Summaries::new(reader);
        let mut page = HeldPage { restored: view(reader)?, runs: Vec::new(), next };
        for (run, steps) in runs {
            let Some(summary) = summaries.of(run)? else { continue };
            let head = reader.head(run)?;
            let definition = head
                .map(|head| reader.revision(head.namespace, &head.workflow.name, head.revision));
            let definition = definition.transpose()?.map(|revision| revision.definition);
            let steps = steps.into_iter().map(|step| {
                let effect = definition.as_ref().and_then(|d| d.step_at(&step.path));
                GoesOn {
                    effect: effect.map_or("unknown", |step| step.effect.word()).into(),
                    path: step.path,
                    next: word(step.next).into(),
                }
            });
            page.runs.push(HeldRun { steps: steps.collect(), summary });
        }
        Ok(page)
    })
    .await
}

fn word(next: Next) -> &'static str {
    match next {
        Next::Begins => "begins",
        Next::Again => "again",
        Next::Doubt => "doubt",
        Next::Fails => "fails",
    }
}

pub async fn resume(office: &Office) -> Reply<Released> {
    let begun = Instant::now();
    let mut released = 0;
    let mut first = true;
    loop {
        let (was_restored, runs, more) = match office.inbox.ask(Message::Release).await? {
            Answer::Released { was_restored, runs, more } => (was_restored, runs, more),
            other => return Err(bug(&format!("{other:?}"))),
        };
        if first && !was_restored {
            return Err(fault!(FaultCode::NothingHeld, "nothing-held"));
        }
        first = false;
        released += u64::from(runs);
        if !more || begun.elapsed() >= LONGEST {
            return Ok(Released { runs: released, more });
        }
    }
}
