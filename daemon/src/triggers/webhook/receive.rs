//! One request, from its first byte to its answer.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts};
use http_body_util::BodyExt;
use rpa_engine::{Ident, Map, Value};
use rpa_ipc::fault::Said;
use rpa_ipc::{Fault, said};
use tokio::sync::{Semaphore, SemaphorePermit, watch};

use super::hooks::{Hook, Hooks};
use super::key::Keys;
use super::signature::{self, Refusal};
use super::{answer, document, headers, replay, respond};
use crate::driver::{Answer as Decided, Arrival, Message, now_ms};
use crate::http::{Answer, later, not_found, wrong};
use crate::rpc::Office;
use crate::rpc::authorize::{Action, Caller, authorize};

/// Most bytes of any body, whoever sends it: a trigger's own limit is looked at only when
/// its signature is good, so that it tells nobody else which paths there are.
pub const MOST_BODY: usize = 1024 * 1024;
/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(30);
/// Bodies that are larger need a place: of these each request may have as much by itself.
const SMALL_BODY: usize = 64 * 1024;
/// Places for bodies that are larger.
const LARGE_BODIES: usize = 32;
/// Senders that wait for the end of their runs at once. Further ones are not waited with:
/// they are told what they would be when their time is over.
const WAITING: usize = 128;
/// Longest name of a type or a program that is told to people.
const LONGEST_WORD: usize = 64;
/// When a place may have become free.
const SOON: Duration = Duration::from_secs(1);

/// What webhooks are received with.
#[derive(Debug)]
pub struct Desk {
    pub office: Office,
    pub hooks: Arc<Hooks>,
    /// That the daemon is about to end.
    pub stop: watch::Receiver<bool>,
    large: Semaphore,
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
        let (large, waiting) = (Semaphore::new(LARGE_BODIES), Semaphore::new(WAITING));
        Desk { office, hooks, stop, large, waiting }
    }
}

/// Answers whatever is asked for that is none of the server's own routes.
pub async fn receive(desk: Arc<Desk>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    // how large it is, and how long it takes, is looked at alike for every path
    let whole = tokio::time::timeout(BODY_TIME, read(&desk, body)).await;
    let (bytes, place) = match whole {
        Ok(Ok(read)) => read,
        Ok(Err(unread)) => return unread.answer(),
        Err(_) => return wrong(StatusCode::REQUEST_TIMEOUT, "the body took too long"),
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

/// Why there is no body.
enum Unread {
    TooLarge,
    /// All places for large ones are taken.
    NoPlace,
    /// The connection broke.
    Broken,
}

impl Unread {
    fn answer(&self) -> Answer {
        match self {
            Unread::TooLarge => wrong(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
            Unread::NoPlace => {
                later(StatusCode::SERVICE_UNAVAILABLE, "too many large bodies", SOON)
            }
            Unread::Broken => wrong(StatusCode::BAD_REQUEST, "the body ended early"),
        }
    }
}

/// A body, with its place if it is a large one.
async fn read(desk: &Desk, body: Body) -> Result<(Bytes, Option<SemaphorePermit<'_>>), Unread> {
    // one that says so is not read at all
    if body.size_hint().lower() > MOST_BODY as u64 {
        return Err(Unread::TooLarge);
    }
    let (mut body, mut bytes, mut place) = (body, Vec::new(), None);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Unread::Broken)?;
        let Ok(data) = frame.into_data() else { continue };
        let size = bytes.len() + data.len();
        if size > MOST_BODY {
            return Err(Unread::TooLarge);
        }
        if size > SMALL_BODY && place.is_none() {
            place = Some(desk.large.try_acquire().map_err(|_| Unread::NoPlace)?);
        }
        bytes.extend_from_slice(&data);
    }
    Ok((bytes.into(), place))
}

/// Who has signed this, if it was signed by anybody.
fn believe(desk: &Desk, hook: Option<&Hook>, headers: &HeaderMap, bytes: &[u8]) -> Option<Sender> {
    let secrets = &desk.office.secrets;
    let Some(hook) = hook else {
        let _ = Keys::of_nobody(secrets);
        signature::pretend(bytes);
        return None;
    };
    let webhook = &hook.webhook;
    let keys = Keys::of(webhook, secrets);
    let now_ms = now_ms();
    let now_s = i64::try_from(now_ms / 1000).unwrap_or(i64::MAX);
    let tolerance_s = webhook.tolerance_ms / 1000;
    let verified =
        signature::verify(webhook.scheme, &keys.good, headers, bytes, now_s, tolerance_s);
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
    let id = replay::id(webhook.scheme, headers, bytes, &body);
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
    let query = document::pairs(uri.query().unwrap_or_default().as_bytes());
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
