//! What a person says of a trigger: enable, disable, pause, resume, backfill.

use rpa_engine::trigger::Slot;
use rpa_ipc::service::Reply;
use rpa_ipc::triggers::{
    BackfillRequest, Backfilled, MOST_SLOTS, TriggerRequest, TriggerView, TriggerWish,
};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::found::{Found, not_declared, one};
use super::slots::{LOOKED_AT, coming, planned};
use crate::driver::{Answer, Message, TriggerOrder, Wish, now_ms};
use crate::rpc::authorize::Allowed;
use crate::rpc::catalog::checked_note;
use crate::rpc::{Office, bug, views};

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
    let (free, had) = views::read(office, move |reader| {
        let (mut free, mut had) = (Vec::new(), 0);
        for slot in slots {
            match reader.slot(&key, slot.at_ms)?.is_none_or(|row| row.is_free()) {
                true => free.push(slot),
                false => had += 1,
            }
        }
        Ok((free, had))
    })
    .await?;
    if free.len() > most {
        return Err(too_many(free.len(), most));
    }
    let name = (found.workflow.to_string(), found.key.trigger.to_string());
    let shown = free.iter().map(|slot| coming(&name, *slot)).collect();
    if !request.dry_run && !free.is_empty() {
        tell(office, allowed, &found, Wish::Backfill(free)).await?;
    }
    Ok(Backfilled { slots: shown, had })
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
