//! One request, from its first byte to its answer.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts};
use rpa_engine::{Ident, Map, Value};
use rpa_ipc::fault::Said;
use rpa_ipc::{Fault, said};
use tokio::sync::{Semaphore, watch};

use super::hooks::{Hook, Hooks};
use super::key::Keys;
use super::signature::{self, Refusal};
use super::{answer, body, document, headers, replay, respond};
use crate::driver::{Answer as Decided, Arrival, Message, now_ms};
use crate::http::{Answer, Visitor, later, not_found, wrong};
use crate::rpc::Office;
use crate::rpc::authorize::{Action, Caller, authorize};

/// Senders that wait for the end of their runs at once. Further ones are not waited with:
/// they are told what they would be when their time is over.
const WAITING: usize = 128;
/// Longest name of a type or a program that is told to people.
const LONGEST_WORD: usize = 64;

/// What webhooks are received with.
#[derive(Debug)]
pub struct Desk {
    pub office: Office,
    pub hooks: Arc<Hooks>,
    /// That the daemon is about to end.
    pub stop: watch::Receiver<bool>,
    waiting: Semaphore,
}

/// Somebody whose signature was good. Nothing else makes one.
#[derive(Debug)]
pub struct Sender {
    trigger: Ident,
}

impl Sender {
    pub fn trigger(&self) -> &Ident {
        &self.trigger
    }

    #[cfg(test)]
    pub fn of_test(trigger: &str) -> Sender {
        Sender { trigger: trigger.parse().unwrap() }
    }
}

impl Desk {
    pub fn new(office: Office, hooks: Arc<Hooks>, stop: watch::Receiver<bool>) -> Desk {
        Desk { office, hooks, stop, waiting: Semaphore::new(WAITING) }
    }
}

/// Answers whatever is asked for that is none of the server's own routes.
pub async fn receive(desk: Arc<Desk>, visitor: &Visitor, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let (bytes, place) = match body::read(visitor, body).await {
        Ok(read) => read,
        Err(unread) => return unread.answer(),
    };
    let hook = (parts.method == Method::POST).then(|| desk.hooks.at(parts.uri.path())).flatten();
    let checked = {
        let (desk, bytes) = (desk.clone(), bytes.clone());
        // secrets are files, and a code over a megabyte takes milliseconds
        tokio::task::spawn_blocking(move || {
            let sender = believe(&desk, hook.as_deref(), &parts.headers, &bytes)?;
            let hook = hook?;
            let read = take(&hook, &parts, &bytes);
            Some((hook, sender, read))
        })
    };
    let checked = checked.await;
    // a document of it is several times as large
    drop(place);
    match checked {
        Ok(Some((hook, sender, Ok(arrival)))) => deliver(&desk, &hook, &sender, arrival).await,
        Ok(Some((_, _, Err(answer)))) => *answer,
        Ok(None) => not_found(),
        Err(panic) => {
            tracing::error!(%panic, "a webhook could not be looked at");
            wrong(StatusCode::INTERNAL_SERVER_ERROR, "a bug")
        }
    }
}

/// Who has signed this, if it was signed by anybody.
fn believe(desk: &Desk, hook: Option<&Hook>, headers: &HeaderMap, bytes: &[u8]) -> Option<Sender> {
    let costs = desk.hooks.costs();
    let webhook = hook.map(|hook| &hook.webhook);
    let keys = Keys::of_request(webhook, costs.webhook(), &desk.office.secrets);
    let Some(hook) = hook else {
        signature::pretend(costs.rounds(), bytes);
        return None;
    };
    let webhook = &hook.webhook;
    let now_ms = now_ms();
    let now_s = i64::try_from(now_ms / 1000).unwrap_or(i64::MAX);
    let tolerance_s = webhook.tolerance_ms / 1000;
    let keyring = (keys.good.as_slice(), costs.rounds());
    let verified = signature::verify(webhook.scheme, keyring, headers, bytes, now_s, tolerance_s);
    // a secret that is not there is nobody's fault outside, and is told inside
    keys.tell(&desk.office.standings, &hook.key, now_ms);
    match verified {
        Ok(()) => Some(Sender { trigger: hook.key.trigger.clone() }),
        Err(refusal) => {
            desk.office.standings.rejects(&hook.key, rejected(refusal), now_ms);
            None
        }
    }
}

fn rejected(refusal: Refusal) -> Said {
    match refusal {
        Refusal::Missing(header) => said!("webhook-no-header", header = header),
        Refusal::Malformed(header) => said!("webhook-bad-header", header = header),
        Refusal::Stale(age_s) if age_s >= 0 => said!("webhook-too-old", seconds = age_s),
        Refusal::Stale(age_s) => said!("webhook-too-new", seconds = age_s.unsigned_abs()),
        Refusal::Wrong => said!("webhook-bad-signature"),
    }
}

/// What a request that was signed brings, or the answer to one that brings nothing.
fn take(hook: &Hook, parts: &Parts, bytes: &[u8]) -> Result<Arrival, Box<Answer>> {
    let Parts { uri, headers, .. } = parts;
    let webhook = &hook.webhook;
    if let Some(rate) = webhook.rate {
        let mut bucket = hook.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        bucket.take(rate, Instant::now()).map_err(|wait| {
            Box::new(later(StatusCode::TOO_MANY_REQUESTS, "too many requests", wait))
        })?;
    }
    if bytes.len() as u64 > webhook.max_body {
        let most = webhook.max_body;
        let error = format!("the body has {} bytes, and may have {most}", bytes.len());
        return Err(Box::new(wrong(StatusCode::PAYLOAD_TOO_LARGE, &error)));
    }
    let body = document::read(headers, bytes).map_err(|unreadable| {
        let error = match unreadable {
            document::Unreadable::Json(error) => format!("the body {error}"),
            document::Unreadable::NotText => "the body is no text in UTF-8".to_owned(),
        };
        Box::new(wrong(StatusCode::BAD_REQUEST, &error))
    })?;
    let id = replay::id(webhook.scheme, headers, bytes);
    Ok(Arrival {
        trigger: hook.key.clone(),
        revision: Some(hook.revision),
        id,
        what: what(uri, headers, bytes.len()),
        data: data(uri, headers, body),
        hops: 0,
        seen: Vec::new(),
    })
}

/// What expressions of the trigger read.
fn data(uri: &Uri, headers: &HeaderMap, body: Value) -> Map {
    let query = headers::query(uri.query().unwrap_or_default());
    let data = [
        ("body", body),
        ("headers", headers::map(headers).into()),
        ("query", query.into()),
        ("path", Value::text(uri.path())),
    ];
    data.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A few words for people.
fn what(uri: &Uri, headers: &HeaderMap, bytes: usize) -> String {
    let is_short = |kind: &String| (1..=LONGEST_WORD).contains(&kind.len());
    let kind = document::media_type(headers).filter(is_short);
    let kind = kind.map_or_else(String::new, |kind| format!(", {kind}"));
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    // its first word names a program
    let agent =
        agent.and_then(|agent| agent.split(' ').next()).filter(|agent| agent.len() <= LONGEST_WORD);
    let agent = agent.map_or_else(String::new, |agent| format!(", {agent}"));
    format!("POST {}, {bytes} B{kind}{agent}", uri.path())
}

/// The driver decides, and answers when that is durable.
async fn deliver(desk: &Desk, hook: &Hook, sender: &Sender, arrival: Arrival) -> Answer {
    let office = &desk.office;
    let allowed = authorize(&office.members, Caller::Sender(sender), Action::Deliver);
    let decided = match allowed {
        Ok(_) => office.inbox.ask(Message::Deliver(Box::new(arrival))).await,
        Err(fault) => Err(fault),
    };
    let delivered = match decided {
        Ok(Decided::Delivered(delivered)) => delivered,
        Ok(other) => {
            tracing::error!(?other, "the driver answered something else");
            return wrong(StatusCode::INTERNAL_SERVER_ERROR, "a bug");
        }
        Err(fault) => return refused(hook, &fault),
    };
    let wanted = hook.webhook.respond_ms.map(Duration::from_millis);
    match (answer::run_of(&delivered), wanted, desk.waiting.try_acquire()) {
        (Some(run), Some(patience), Ok(_place)) => {
            respond::respond(office, &delivered, run, patience, desk.stop.clone()).await
        }
        _ => answer::accepted(&delivered),
    }
}

fn refused(hook: &Hook, fault: &Fault) -> Answer {
    let (workflow, trigger) = (&hook.key.workflow, hook.key.trigger.as_str());
    tracing::warn!(%workflow, trigger, "a webhook was not taken: {fault}");
    answer::refused(fault)
}
