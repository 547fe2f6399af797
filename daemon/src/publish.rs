//! Publishing an event: in as many transactions as there are steps that wait for it.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use rpa_engine::actor::{Actor, Origin};
use rpa_engine::run::{EventId, Published};
use rpa_engine::{ErrorClass, EventName, Label, RunId, TaskError, Value};
use rpa_ipc::asking::EventPublished;
use rpa_ipc::{Fault, FaultCode, fault};
use rpa_tasks::{Context, Publication, Publisher};

use crate::blobs;
use crate::driver::{Answer, Inbox, Message, Publication as Order, now_ms};
use crate::variables;

/// Most bytes of an event's data.
const EVENT: usize = 64 * 1024;

/// An event that is to be published.
#[derive(Debug)]
pub struct Event {
    pub id: EventId,
    pub name: EventName,
    pub data: Value,
    pub by: Actor,
    /// The run of which a step publishes it.
    pub from: Option<RunId>,
}

/// Under one id an event is published once: again it tells nobody.
pub async fn publish(
    inbox: &Inbox,
    namespace: &Label,
    event: Event,
) -> Result<EventPublished, Fault> {
    let Event { id, name, data, by, from } = event;
    let data = variables::plain("data", data)
        .map_err(|problem| Fault::of(FaultCode::BadEvent, problem))?;
    let bytes = blobs::size(&data);
    if bytes > EVENT {
        return Err(fault!(FaultCode::BadEvent, "event-size", bytes = bytes, most = EVENT));
    }
    let at = rpa_config::units::stamp(now_ms());
    let event = Arc::new(Published { id, name, data, by, at });
    let mut told =
        EventPublished { id: id.to_string(), triggers: 0, waited: 0, took: 0, looking: 0 };
    let mut behind = None;
    loop {
        let (namespace, event) = (namespace.clone(), event.clone());
        match inbox
            .ask(Message::Publish(Box::new(Order { namespace, event, from, behind })))
            .await?
        {
            Answer::Published { triggers, took, looking, behind: rest } => {
                told.triggers += triggers;
                told.took += took;
                told.looking += looking;
                told.waited += took + looking;
                if rest.is_none() {
                    return Ok(told);
                }
                behind = rest;
            }
            other => {
                return Err(fault!(
                    FaultCode::Internal,
                    "unexpected",
                    detail = format!("{other:?}")
                ));
            }
        }
    }
}

/// Publishes for steps.
#[derive(Debug)]
pub struct ForSteps {
    pub inbox: Inbox,
}

impl Publisher for ForSteps {
    fn publish<'a>(
        &'a self,
        ctx: &'a Context,
        name: EventName,
        data: Value,
    ) -> BoxFuture<'a, Result<Publication, TaskError>> {
        async move {
            // the same over all attempts of the step
            let hash = blake3::hash(ctx.idempotency_key.as_bytes());
            let mut id = [0; 16];
            id.copy_from_slice(&hash.as_bytes()[..16]);
            let who = format!("{}/{}", ctx.workflow, ctx.attempt.path);
            let event = Event {
                id: EventId(u128::from_be_bytes(id)),
                name,
                data,
                by: Actor { who, origin: Origin::Daemon },
                from: Some(ctx.attempt.run),
            };
            let told = publish(&self.inbox, &ctx.workflow.namespace, event).await;
            let told = told.map_err(|fault| error(&fault))?;
            Ok(Publication { id: told.id, triggers: told.triggers, steps: told.waited })
        }
        .boxed()
    }
}

fn error(fault: &Fault) -> TaskError {
    let class = match fault.code {
        FaultCode::BadEvent => ErrorClass::InvalidInput,
        FaultCode::Busy => ErrorClass::RateLimited,
        _ => ErrorClass::System,
    };
    TaskError { class, code: fault.code.to_string(), message: fault.message.clone() }
}
