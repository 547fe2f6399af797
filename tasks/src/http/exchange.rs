//! What one may say about a request that did not come to its end.
//!
//! | what happened | the end |
//! |---|---|
//! | no connection was made | never started |
//! | it broke, or time ran out, before the answer | lost |
//! | cancelled before the answer | stopped if the method is safe, else lost |
//! | it broke, or time ran out, within the body | lost |
//! | cancelled within the body | stopped: the peer has done its part |

use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::{Client, Request, Response};
use rpa_engine::ErrorClass;
use tokio::time::{Instant, timeout_at};

use super::client::{CONNECT_TIMEOUT, REDIRECTED};
use super::plan::Plan;
use crate::context::{Context, Ended};
use crate::fail::{self, code};

/// Why an exchange was broken off from our side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Cancelled,
    TimedOut,
}

/// Runs `work` until the deadline or the step's cancel.
pub(super) async fn within<T>(
    ctx: &Context,
    deadline: Instant,
    work: impl Future<Output = T>,
) -> Result<T, Cut> {
    tokio::select! {
        // an answer that is there is better than a cut
        biased;
        done = timeout_at(deadline, work) => done.map_err(|_| Cut::TimedOut),
        () = ctx.cancel.cancelled() => Err(Cut::Cancelled),
    }
}

/// The time to connect in: somewhat less than the whole, so that a peer that
/// cannot be reached is told apart from one that does not answer.
pub(super) fn connect_timeout(timeout: Duration) -> Duration {
    (timeout * 9 / 10).min(CONNECT_TIMEOUT)
}

/// Sends the request and waits for the head of the answer.
pub(super) async fn send(
    ctx: &Context,
    plan: &Plan,
    client: &Client,
    request: Request,
    deadline: Instant,
) -> Result<Response, Ended> {
    let redirected = Arc::new(AtomicBool::new(false));
    let answer = REDIRECTED.scope(redirected.clone(), client.execute(request));
    let error = match within(ctx, deadline, answer).await {
        Ok(Ok(response)) => return Ok(response),
        Err(cut) => return Err(unanswered(plan, cut)),
        Ok(Err(error)) => error,
    };
    let address = plan.address();
    if error.is_connect() && !redirected.load(Ordering::Relaxed) {
        let message = format!("cannot connect to {address}: {}", cause(error));
        let error = fail::error(ErrorClass::Connection, code::CONNECTION, message);
        return Err(Ended::NeverStarted(error));
    }
    Err(Ended::Lost(format!("no answer from {address}: {}", cause(error))))
}

fn unanswered(plan: &Plan, cut: Cut) -> Ended {
    match cut {
        Cut::TimedOut => {
            let (address, time) = (plan.address(), plan.timeout);
            let why = format!("no answer from {address} within {time:?}");
            Ended::NoAnswer { after: time, why }
        }
        Cut::Cancelled if plan.is_safe() => Ended::Stopped,
        Cut::Cancelled => {
            Ended::Lost("the request was under way when the step was stopped".to_owned())
        }
    }
}

/// The innermost cause: the outer ones say only that something failed, and may
/// name the whole URL.
pub(super) fn cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut innermost: &dyn Error = &error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
