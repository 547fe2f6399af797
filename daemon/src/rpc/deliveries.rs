//! Deliveries as people see them; triggers that a person fires, or only tries.

use std::collections::BTreeSet;

use rpa_config::expr::Evaluator;
use rpa_engine::actor::Actor;
use rpa_engine::trigger::delivery::{HeldFor, Outcome, Unwanted};
use rpa_engine::trigger::{How, Slot, Source, Start, Trigger};
use rpa_engine::{Ident, Map, Value, Workflow};
use rpa_ipc::fault::{Said, quoted};
use rpa_ipc::service::Reply;
use rpa_ipc::triggers::{
    DeliveriesQuery, DeliveryPage, DeliveryView, FireRequest, MOST_SLOTS, TestRequest, Tested,
};
use rpa_ipc::view::Started;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::authorize::Allowed;
use super::peer::{Peer, groups_of};
use super::service::bug;
use super::submit::check_request_id;
use super::triggers::{self, Found};
use super::{Office, views};
use crate::blobs;
use crate::driver::{Answer, Firing, Message, now_ms};
use crate::store::DeliveryRow;
use crate::triggers::expressions::Expressions;
use crate::triggers::facts::{self, Facts};

/// Most bytes of what a person gives a trigger.
const GIVEN: usize = 64 * 1024;

pub async fn page(office: &Office, query: DeliveriesQuery) -> Reply<DeliveryPage> {
    let (of, own) = (query.of.clone(), office.clone());
    views::read(office, move |reader| {
        let found = match triggers::find(reader, &of)? {
            Ok(found) => found,
            Err(fault) => return Ok(Err(fault)),
        };
        let most = query.limit.clamp(1, MOST_SLOTS) as usize;
        let before = query.before.unwrap_or(u64::MAX);
        let rows = reader.deliveries(&found.key, before, most + 1)?;
        let next = rows.get(most).and_then(|_| rows.get(most - 1)).map(|(number, _)| *number);
        let deliveries = rows.into_iter().take(most).map(|(number, row)| view(number, row));
        let deliveries = deliveries.collect();
        Ok(Ok(DeliveryPage { trigger: triggers::view(reader, &own, &found)?, deliveries, next }))
    })
    .await?
}

pub async fn fire(
    office: &Office,
    allowed: &Allowed,
    peer: &Peer,
    request: FireRequest,
) -> Reply<Started> {
    check_request_id(&request.request_id)?;
    check_size(&request.data)?;
    let (found, _) = triggers::one(office, &request.of).await?;
    if let Some(declared) = &found.declared {
        admit(&declared.definition, Some(&declared.trigger.id), peer, &groups_of(peer), [])?;
    }
    let (workflow, trigger) = (found.workflow.clone(), found.key.trigger.clone());
    let bytes = rpa_ipc::codec::encode(&(&workflow, &trigger, &request.data))
        .map_err(|e| fault!(FaultCode::TooLarge, "request-too-large", error = e))?;
    let digest = *blake3::hash(&bytes).as_bytes();
    let data = match found.declared.as_ref().map(|declared| &declared.trigger.source) {
        Some(Source::Manual(_)) => given_by(allowed.actor(), request.data),
        Some(_) | None => request.data,
    };
    let firing = Firing {
        workflow: workflow.clone(),
        trigger,
        data,
        actor: allowed.actor().clone(),
        request_id: request.request_id,
        digest,
    };
    match office.inbox.ask(Message::Fire(Box::new(firing))).await? {
        Answer::Accepted { run, status, repeated } => {
            let (workflow, status) = (workflow.to_string(), status.word().into());
            Ok(Started { run, workflow, status, repeated })
        }
        other => Err(bug(&format!("{other:?}"))),
    }
}

pub async fn test(office: &Office, allowed: &Allowed, request: TestRequest) -> Reply<Tested> {
    check_size(&request.data)?;
    let (found, trigger) = triggers::one(office, &request.of).await?;
    let Some(declared) = &found.declared else { return Err(triggers::not_declared(&found)) };
    let (definition, of) = (&*declared.definition, &declared.trigger);
    let next_ms = trigger.next.as_ref().map(|next| next.slot_ms);
    let facts = facts_of(&found, of, next_ms, allowed.actor(), request.data);
    let evaluator = Evaluator::default();
    let expressions = Expressions { evaluator: &evaluator, secrets: &office.secrets };
    let asked = |condition: Option<&_>| {
        condition.map(|condition| expressions.is_true(of, Some(condition), &facts))
    };
    let fits = match &of.source {
        Source::Event(subscription) => asked(subscription.fits.as_ref()),
        Source::After(chain) => asked(chain.fits.as_ref()),
        Source::Schedule(_) | Source::Webhook(_) | Source::FileWatch(_) | Source::Manual(_) => None,
    };
    let wanted = asked(of.condition.as_ref());
    let variables = expressions.variables(definition, of, &facts).map(|variables| {
        let shown = variables.iter().map(|(name, value)| (name.to_string(), json(value)));
        shown.collect()
    });
    let facts = facts.value().map(json).unwrap_or_default();
    Ok(Tested { trigger, fits, wanted, variables, facts })
}

/// What the trigger's expressions would read now.
fn facts_of(
    found: &Found,
    trigger: &Trigger,
    next_ms: Option<u64>,
    actor: &Actor,
    data: Map,
) -> Facts {
    match found.row.state.deliveries() {
        Some(state) => {
            let data = match trigger.source {
                Source::Manual(_) => given_by(actor, data),
                _ => data,
            };
            facts::of_delivery(trigger, state.last + 1, now_ms(), data)
        }
        None => {
            let at_ms = next_ms.unwrap_or_else(now_ms);
            let slot = Slot { at_ms, due_ms: at_ms, passed: None };
            let mut facts = facts::of_slot(trigger, Start { slot, how: How::InTime });
            facts.extend(data);
            facts
        }
    }
}

/// What `trigger` has of a start by hand.
pub fn given_by(actor: &Actor, data: Map) -> Map {
    let fields = [("by", Value::text(actor.who.as_str())), ("data", Value::Map(data))];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Whether a person may start a workflow by hand, and with these variables: where it
/// declares who may, nobody else does. `of` is the trigger that is fired.
pub fn admit<'v>(
    definition: &Workflow,
    of: Option<&Ident>,
    peer: &Peer,
    groups: &BTreeSet<String>,
    given: impl IntoIterator<Item = &'v str>,
) -> Result<(), Fault> {
    let manual = definition.triggers.iter().find_map(|trigger| match &trigger.source {
        Source::Manual(manual) => Some((&trigger.id, manual)),
        _ => None,
    });
    let Some((id, manual)) = manual.filter(|(id, _)| of.is_none_or(|of| of == *id)) else {
        return Ok(());
    };
    let code = FaultCode::NotStarter;
    let (workflow, who) = (&definition.name, peer.actor().who);
    if !manual.admits(&who, groups) {
        let fault = fault!(code, "not-a-starter", workflow = workflow, trigger = id, who = who);
        return Err(fault.hint(said!("hint-starters", who = manual.who.join(", "))));
    }
    let Some(allowed) = &manual.variables else { return Ok(()) };
    for name in given {
        if !allowed.iter().any(|allowed| allowed.as_str() == name) {
            let names: Vec<&str> = allowed.iter().map(Ident::as_str).collect();
            let fault = fault!(
                code,
                "variable-not-by-hand",
                workflow = workflow,
                trigger = id,
                name = quoted(name)
            );
            return Err(fault.hint(said!("hint-by-hand", names = names.join(", "))));
        }
    }
    Ok(())
}

fn check_size(data: &Map) -> Result<(), Fault> {
    let data = Value::Map(data.clone());
    if !data.is_plain() {
        return Err(fault!(FaultCode::Usage, "variable-not-plain", name = "data"));
    }
    match blobs::size(&data) {
        bytes if bytes > GIVEN => {
            Err(fault!(FaultCode::TooLarge, "trigger-data-size", bytes = bytes, most = GIVEN))
        }
        _ => Ok(()),
    }
}

fn json(value: &Value) -> String {
    rpa_config::json::to_json(value).to_string()
}

/// The last word on what was delivered.
pub fn view(number: u64, row: DeliveryRow) -> DeliveryView {
    let DeliveryRow { at_ms, what, outcome, decided_ms, .. } = row;
    let (word, run, reason) = match outcome {
        Outcome::Held(why) => ("held", None, Some(held(why))),
        Outcome::Started(run) => ("started", Some(run), None),
        Outcome::Merged { into } => ("merged", None, Some(said!("delivery-merged", into = into))),
        Outcome::Skipped(why) => ("skipped", None, Some(skipped(why))),
        Outcome::Refused { code, message } => {
            let reason = said!("slot-refused", code = code, message = message);
            ("refused", None, Some(reason))
        }
    };
    DeliveryView { number, at_ms, what, outcome: word.into(), run, reason, decided_ms }
}

fn held(why: HeldFor) -> Said {
    match why {
        HeldFor::Gathering => said!("delivery-gathers"),
        HeldFor::Throttle => said!("delivery-throttled"),
        HeldFor::Pause => said!("delivery-paused"),
        HeldFor::Closed => said!("delivery-closed"),
    }
}

fn skipped(why: Unwanted) -> Said {
    match why {
        Unwanted::Condition => said!("slot-condition"),
        Unwanted::Throttle => said!("delivery-too-many"),
        Unwanted::TooManyHeld => said!("delivery-too-many-held"),
        Unwanted::Disarmed => said!("slot-disarmed"),
        Unwanted::Restored => said!("delivery-restored"),
        Unwanted::Changed => said!("delivery-changed"),
    }
}
