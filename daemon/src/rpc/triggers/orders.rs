//! What a person says of a trigger: enable, disable, pause, resume, backfill.

use rpa_engine::trigger::{ScheduleState, Slot};
use rpa_ipc::service::Reply;
use rpa_ipc::triggers::{
    BackfillRequest, Backfilled, MOST_SLOTS, TriggerRequest, TriggerView, TriggerWish,
};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::found::{Found, not_declared, one};
use super::slots::{coming, planned};
use super::upcoming::LOOKED_AT;
use crate::driver::{self, Answer, Message, TriggerOrder, Wish, now_ms};
use crate::rpc::authorize::Allowed;
use crate::rpc::catalog::checked_note;
use crate::rpc::{Office, bug, views};
use crate::store::{Reader, StoreError, TriggerKey, Wanted};

pub async fn order(
    office: &Office,
    allowed: &Allowed,
    request: TriggerRequest,
) -> Reply<TriggerView> {
    let wish = match request.wish {
        TriggerWish::Enable => Wish::Enable,
        TriggerWish::Disable { note } => Wish::Disable { note: checked_note(&note)? },
        TriggerWish::Pause { note } => Wish::Pause { note: checked_note(&note)? },
        TriggerWish::Resume => Wish::Resume,
    };
    let (found, _) = one(office, &request.of).await?;
    tell(office, allowed, &found, wish).await?;
    Ok(one(office, &request.of).await?.1)
}

pub async fn backfill(
    office: &Office,
    allowed: &Allowed,
    request: BackfillRequest,
) -> Reply<Backfilled> {
    let (found, _) = one(office, &request.of).await?;
    if found.row.armed.is_none() {
        return Err(not_declared(&found));
    }
    if found.held {
        return Err(driver::restored());
    }
    let most = request.max.clamp(1, MOST_SLOTS) as usize;
    // what is still to come fires by itself
    let end_ms = request.to_ms.min(now_ms());
    let after_ms = request.from_ms.saturating_sub(1);
    let slots = planned(office, &found, after_ms, end_ms, LOOKED_AT + 1).await?;
    if slots.len() > LOOKED_AT {
        return Err(too_many(slots.len(), LOOKED_AT));
    }
    let slots: Vec<Slot> = slots.into_iter().filter(|slot| slot.passed.is_none()).collect();
    let key = found.key.clone();
    let wanted = views::read(office, move |reader| wanted(reader, &key, slots)).await?;
    let Some(Sorted { free, had, forgotten, to_come, room }) = wanted else {
        return Err(not_declared(&found));
    };
    if free.len() > most {
        return Err(too_many(free.len(), most));
    }
    if free.len() > room {
        return Err(driver::no_room(free.len(), room));
    }
    let name = (found.workflow.to_string(), found.key.trigger.to_string());
    let slots = free.iter().map(|slot| coming(&name, *slot)).collect();
    if !request.dry_run && !free.is_empty() {
        tell(office, allowed, &found, Wish::Backfill(free)).await?;
    }
    Ok(Backfilled { slots, had, forgotten, to_come })
}

/// Slots for which a person wants runs.
struct Sorted {
    /// Those that have had none.
    free: Vec<Slot>,
    had: u32,
    forgotten: u32,
    to_come: u32,
    /// How many may wait.
    room: usize,
}

/// What is known of these slots; nothing when there is no such schedule any more.
fn wanted(
    reader: &Reader,
    key: &TriggerKey,
    slots: Vec<Slot>,
) -> Result<Option<Sorted>, StoreError> {
    let Some(row) = reader.trigger(key)? else { return Ok(None) };
    let Some(room) = row.state.schedule().map(ScheduleState::room) else { return Ok(None) };
    let mut sorted = Sorted { free: Vec::new(), had: 0, forgotten: 0, to_come: 0, room };
    for slot in slots {
        match row.wants(slot.at_ms, reader.slot(key, slot.at_ms)?.as_ref()) {
            Wanted::Free => sorted.free.push(slot),
            Wanted::Had => sorted.had += 1,
            Wanted::Forgotten => sorted.forgotten += 1,
            Wanted::ToCome => sorted.to_come += 1,
        }
    }
    Ok(Some(sorted))
}

fn too_many(count: usize, max: usize) -> Fault {
    fault!(FaultCode::Usage, "backfill-too-many", count = count, max = max)
        .hint(said!("hint-backfill-max"))
}

async fn tell(office: &Office, allowed: &Allowed, found: &Found, wish: Wish) -> Result<(), Fault> {
    let (workflow, trigger) = (found.workflow.clone(), found.key.trigger.clone());
    let order = TriggerOrder { workflow, trigger, wish, actor: allowed.actor().clone() };
    match office.inbox.ask(Message::Trigger(Box::new(order))).await? {
        Answer::Done => Ok(()),
        other => Err(bug(&format!("{other:?}"))),
    }
}
