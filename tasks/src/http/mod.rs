//! `http.request`: one request, one answer.

mod answer;
mod charset;
mod client;
mod exchange;
mod expect;
mod plan;

pub use client::{
    CONNECT_TIMEOUT, ClientFactory, ClientOptions, Follow, MAX_REDIRECTS, client_factory,
};

use std::io;
use std::path::PathBuf;

use futures::FutureExt;
use futures::future::BoxFuture;
use reqwest::{Client, Response};
use rpa_engine::{ErrorClass, Map, Value};
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::Task;
use crate::atomic::AtomicFile;
use crate::context::{Context, Ended};
use crate::fail::{self, code};
use crate::input::{Input, refuse};
use answer::{BodyError, Head};
use exchange::Cut;
use plan::Plan;

#[derive(Debug)]
pub(crate) struct Request;

impl Task for Request {
    fn kind(&self) -> &'static str {
        "http.request"
    }

    fn run<'a>(&'a self, ctx: &'a Context, input: Map) -> BoxFuture<'a, Ended> {
        async move { run(ctx, &Input::new(input)).await.into() }.boxed()
    }
}

async fn run(ctx: &Context, input: &Input) -> Result<Value, Ended> {
    let plan = Plan::read(ctx, input)?;
    let client = client(&plan).await?;
    let request = plan.request(&client).map_err(|e| refuse("url", &exchange::cause(e)))?;
    // a file that cannot be written is found out before the peer has done anything
    let file = match &plan.save_to {
        Some(path) => Some(create(path.clone()).await?),
        None => None,
    };
    if ctx.cancel.is_cancelled() {
        return Err(Ended::Stopped);
    }
    ctx.mark().await?;
    let deadline = Instant::now() + plan.timeout;
    let response = exchange::send(ctx, &plan, &client, request, deadline).await?;
    receive(ctx, &plan, response, file, deadline).await
}

/// Reads the body and judges the answer. With an unexpected status the body is the
/// explanation: it is kept as far as it came, and not saved.
async fn receive(
    ctx: &Context,
    plan: &Plan,
    mut response: Response,
    file: Option<AtomicFile>,
    deadline: Instant,
) -> Result<Value, Ended> {
    let head = Head::of(&response);
    let expected = plan.expect.accepts(head.status.as_u16());
    let mut body = Vec::new();
    let read = async {
        match file.filter(|_| expected) {
            Some(file) => answer::save(&mut response, file).await,
            None => {
                answer::collect(&mut response, &mut body, ctx.output_limit).await?;
                Ok(body.len() as u64)
            }
        }
    };
    let read = exchange::within(ctx, deadline, read).await;
    if !expected {
        let output = head.output(ctx, &body, body.len() as u64).await;
        return Err(head.refused(plan, output));
    }
    let address = plan.address();
    let error = match read {
        Ok(Ok(bytes)) => return Ok(head.output(ctx, &body, bytes).await),
        Err(Cut::Cancelled) => return Err(Ended::Stopped),
        Err(Cut::TimedOut) => {
            let after = plan.timeout;
            let why = format!(
                "{address} answered {}, but its body did not end within {after:?}",
                head.status
            );
            return Err(Ended::NoAnswer { after, why });
        }
        Ok(Err(BodyError::Broken(why))) => {
            let status = head.status;
            let why = format!("{address} answered {status}, but its body broke off: {why}");
            return Err(Ended::Lost(why));
        }
        Ok(Err(BodyError::TooLarge)) => {
            let limit = ctx.output_limit;
            let message = format!("the body is larger than {limit} bytes; use `save_to`");
            fail::error(ErrorClass::InvalidInput, code::TOO_LARGE, message)
        }
        Ok(Err(BodyError::File(e))) => fail::io("cannot write the body to its file", &e),
    };
    Err(Ended::Failed { error, output: head.output(ctx, &[], body.len() as u64).await })
}

async fn client(plan: &Plan) -> Result<Client, Ended> {
    let options = ClientOptions {
        follow: plan.follow(),
        connect_timeout: exchange::connect_timeout(plan.timeout),
    };
    let made = spawn_blocking(move || client_factory().client(options)).await;
    let made = made.map_err(|e| e.to_string()).and_then(|made| made.map_err(exchange::cause));
    made.map_err(|e| {
        let message = format!("cannot make an HTTP client: {e}");
        Ended::NeverStarted(fail::error(ErrorClass::System, code::CONNECTION, message))
    })
}

async fn create(path: PathBuf) -> Result<AtomicFile, Ended> {
    let what = format!("cannot write {}", path.display());
    let created = spawn_blocking(move || AtomicFile::create(&path)).await;
    let created = created.map_err(io::Error::other).flatten();
    created.map_err(|e| Ended::NeverStarted(fail::io(&what, &e)))
}
