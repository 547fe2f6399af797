//! Calls that do something.
//!
//! A submit, a run again, or of a trigger, is repeated on another connection when its answer was lost: under one
//! request id it starts one run, however often it arrives. The others are made once,
//! since nobody may be told "done" of something that a second call refused. A call
//! that finds no connection waits for one: it was not made yet.

use std::future::Future;
use std::time::Duration;

use rpa_config::examples::Example;
use rpa_ipc::asking::{BreakRequest, PoolRequest, VoteRequest};
use rpa_ipc::catalog::{
    ApplyRequest, HistoryQuery, PlanRequest, RevisionName, RollbackRequest, SourceView,
};
use rpa_ipc::client::{self, CALL_DEADLINE};
use rpa_ipc::notifications::AckRequest;
use rpa_ipc::service::{
    Doubts, GivenValue, Reply, RerunRequest, ResolveRequest, RpadClient, SubmitRequest, run_ref,
};
use rpa_ipc::triggers::{BackfillRequest, FireRequest, TestRequest, TriggerRequest};
use rpa_ipc::view::{RunDetail, Started};
use rpa_ipc::{Fault, FaultCode, fault, said};
use tarpc::client::RpcError;
use tarpc::context::Context;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::post::{Live, Post, is_transport};
use super::workflow::name;
use super::written;
use crate::console::state::{Again, Ballot, Call, Done, MOST_BACKFILLED, Trying};

/// How long a call waits for a daemon that is away: a restart takes a second, and a
/// person who asked for something minutes ago no longer expects it to happen.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn make(post: &Post, call: Call) -> Done {
    let deadline = Instant::now() + PATIENCE;
    match call {
        Call::Submit { workflow, variables } => {
            Done::Started(submit(post, workflow, variables, deadline).await)
        }
        // the same file applied twice is one revision
        Call::ApplyExample => {
            let request = ApplyRequest {
                namespace: post.namespace.clone(),
                file: Example::welcome().file(),
                source: Example::welcome().source.to_owned(),
                note: String::new(),
                draft: false,
                base: None,
            };
            let call = |rpc: RpadClient, context| async move { rpc.apply(context, request).await };
            Done::ExampleApplied(once(post, deadline, call).await)
        }
        Call::Again(asked) => {
            let started = again(post, &asked, deadline).await;
            Done::Again(asked, started)
        }
        Call::Cancel { run } => {
            let asked = run_ref(&post.namespace, run);
            let call = |rpc: RpadClient, context| async move { rpc.cancel(context, asked).await };
            Done::Cancelled(run, once(post, deadline, call).await)
        }
        Call::Pause { run } => {
            let asked = run_ref(&post.namespace, run);
            let call = |rpc: RpadClient, context| async move { rpc.pause(context, asked).await };
            Done::Paused(run, once(post, deadline, call).await)
        }
        Call::Resume { run } => {
            let asked = run_ref(&post.namespace, run);
            let call = |rpc: RpadClient, context| async move { rpc.resume(context, asked).await };
            Done::Resumed(run, once(post, deadline, call).await)
        }
        Call::Resolve { run, path, all, decision } => {
            let asked = run_ref(&post.namespace, run);
            let doubts = match all {
                true => Doubts::Below(path.clone()),
                false => Doubts::One(path.clone()),
            };
            let request = ResolveRequest { run: asked, doubts, decision };
            let call =
                |rpc: RpadClient, context| async move { rpc.resolve(context, request).await };
            Done::Resolved(run, path, once(post, deadline, call).await)
        }
        Call::Vote(ballot) => {
            let voted = vote(post, &ballot, deadline).await;
            Done::Voted(ballot, voted)
        }
        Call::Sources { workflow, revisions, what } => {
            let sources = sources(post, &workflow, &revisions, deadline).await;
            Done::Sources(workflow, what, sources)
        }
        Call::Newest { workflow, way } => {
            Done::Newest(way, newest(post, &workflow, deadline).await)
        }
        Call::Publish { workflow, revision } => {
            let revision = revision_name(post, &workflow, revision);
            let call =
                |rpc: RpadClient, context| async move { rpc.publish(context, revision).await };
            Done::Published(once(post, deadline, call).await)
        }
        Call::RollBack { workflow, revision } => {
            let workflow = name(&post.namespace, &workflow);
            let request = RollbackRequest { workflow, revision, note: String::new() };
            let call =
                |rpc: RpadClient, context| async move { rpc.rollback(context, request).await };
            Done::RolledBack(revision, once(post, deadline, call).await)
        }
        Call::Plan { file, source } => {
            let namespace = post.namespace.clone();
            let request = PlanRequest { namespace, file: file.clone(), source };
            let call = |rpc: RpadClient, context| async move { rpc.plan(context, request).await };
            Done::Planned(file, once(post, deadline, call).await)
        }
        Call::Apply { workflow, base, file, source, draft } => {
            let (namespace, note) = (post.namespace.clone(), String::new());
            let base = Some(base.unwrap_or(0));
            let request = ApplyRequest { namespace, file, source, note, draft, base };
            apply(post, &workflow, request, deadline).await
        }
        Call::Order { name, wish } => {
            let of = name.to_ref(&post.namespace);
            let request = TriggerRequest { of, wish: wish.clone() };
            let call =
                |rpc: RpadClient, context| async move { rpc.order_trigger(context, request).await };
            Done::Ordered(name, wish, once(post, deadline, call).await)
        }
        Call::Acknowledge(seen) => {
            let request = AckRequest {
                namespace: post.namespace.clone(),
                ids: Some(seen.ids.clone()),
                workflow: None,
                upto: seen.upto.unwrap_or(u64::MAX),
            };
            let call =
                |rpc: RpadClient, context| async move { rpc.acknowledge(context, request).await };
            Done::Acknowledged(seen, once(post, deadline, call).await)
        }
        Call::Release(hold) => {
            let request = BreakRequest {
                run: run_ref(&post.namespace, hold.run),
                path: hold.path.clone(),
                lock: hold.lock.clone(),
            };
            let call =
                |rpc: RpadClient, context| async move { rpc.break_lock(context, request).await };
            Done::Released(hold, once(post, deadline, call).await)
        }
        Call::SizePool { name, size } => {
            let request =
                PoolRequest { namespace: post.namespace.clone(), name: name.clone(), size };
            let call =
                |rpc: RpadClient, context| async move { rpc.size_pool(context, request).await };
            Done::PoolSized(name, size, once(post, deadline, call).await)
        }
        Call::WriteLog(wanted) => {
            // a long log takes its time: each page has half a minute
            let written = written::write(post, &wanted, deadline).await;
            Done::LogWritten(wanted, written)
        }
        Call::Fire(trying) => {
            let started = fire(post, &trying, deadline).await;
            Done::Fired(trying, started)
        }
        Call::Test(trying) => {
            let of = trying.name.to_ref(&post.namespace);
            let request = TestRequest { of, data: trying.data.clone() };
            let call =
                |rpc: RpadClient, context| async move { rpc.test_trigger(context, request).await };
            Done::Tested(trying, once(post, deadline, call).await.map(Box::new))
        }
        // said twice it does nothing more, but what came of it is then not told
        Call::Backfill { asking, dry_run } => {
            let request = BackfillRequest {
                of: asking.name.to_ref(&post.namespace),
                from_ms: asking.from_ms,
                to_ms: asking.to_ms,
                max: MOST_BACKFILLED,
                dry_run,
            };
            let call =
                |rpc: RpadClient, context| async move { rpc.backfill(context, request).await };
            Done::Backfilled(asking, dry_run, once(post, deadline, call).await)
        }
    }
}

fn revision_name(post: &Post, workflow: &str, revision: u32) -> RevisionName {
    RevisionName { workflow: name(&post.namespace, workflow), revision: Some(revision) }
}

/// Each of the revisions with its source, in the order in which they were asked for.
async fn sources(
    post: &Post,
    workflow: &str,
    revisions: &[u32],
    deadline: Instant,
) -> Result<Vec<SourceView>, Fault> {
    let mut found = Vec::with_capacity(revisions.len());
    for revision in revisions {
        let wanted = revision_name(post, workflow, *revision);
        let call = |rpc: RpadClient, context| async move { rpc.source(context, wanted).await };
        found.push(once(post, deadline, call).await?);
    }
    Ok(found)
}

/// The newest revision, live or not.
async fn newest(post: &Post, workflow: &str, deadline: Instant) -> Result<SourceView, Fault> {
    let query = HistoryQuery { workflow: name(&post.namespace, workflow), limit: 1, cursor: None };
    let call = |rpc: RpadClient, context| async move { rpc.history(context, query).await };
    let page = once(post, deadline, call).await?;
    // a workflow has a revision
    let revision = page.items.first().map(|revision| revision.revision);
    let wanted = RevisionName { workflow: name(&post.namespace, workflow), revision };
    let call = |rpc: RpadClient, context| async move { rpc.source(context, wanted).await };
    once(post, deadline, call).await
}

/// Applies a text. The daemon refuses it when another revision than its base is the newest
/// by now: that one is asked for, so that a person sees what it would replace.
async fn apply(post: &Post, workflow: &str, request: ApplyRequest, deadline: Instant) -> Done {
    let file = request.file.clone();
    let call = |rpc: RpadClient, context| async move { rpc.apply(context, request).await };
    let answer = once(post, deadline, call).await;
    match &answer {
        Err(fault) if fault.code == FaultCode::Overtaken => {
            match newest(post, workflow, deadline).await {
                Ok(newest) => Done::Stale(file, Box::new(newest)),
                Err(_) => Done::Applied(file, answer),
            }
        }
        _ => Done::Applied(file, answer),
    }
}

async fn submit(
    post: &Post,
    workflow: String,
    variables: Vec<(String, GivenValue)>,
    deadline: Instant,
) -> Result<Started, Fault> {
    let request_id = Uuid::now_v7().to_string();
    let namespace = post.namespace.clone();
    let request = SubmitRequest { namespace, workflow, variables, request_id };
    repeated(post, deadline, |rpc: RpadClient, context| {
        let request = request.clone();
        async move { rpc.submit(context, request).await }
    })
    .await
}

async fn again(post: &Post, asked: &Again, deadline: Instant) -> Result<Started, Fault> {
    let request = RerunRequest {
        run: run_ref(&post.namespace, asked.run),
        from: asked.from.clone(),
        newest: asked.newest,
        variables: asked.variables.clone(),
        repeat_once: asked.repeat_once,
        request_id: Uuid::now_v7().to_string(),
    };
    repeated(post, deadline, |rpc: RpadClient, context| {
        let request = request.clone();
        async move { rpc.rerun(context, request).await }
    })
    .await
}

async fn fire(post: &Post, trying: &Trying, deadline: Instant) -> Result<Started, Fault> {
    let request = FireRequest {
        of: trying.name.to_ref(&post.namespace),
        data: trying.data.clone(),
        request_id: Uuid::now_v7().to_string(),
    };
    repeated(post, deadline, |rpc: RpadClient, context| {
        let request = request.clone();
        async move { rpc.fire(context, request).await }
    })
    .await
}

async fn vote(post: &Post, ballot: &Ballot, deadline: Instant) -> Result<RunDetail, Fault> {
    let request = VoteRequest {
        run: run_ref(&post.namespace, ballot.run),
        path: ballot.path.clone(),
        approves: ballot.approves,
        fields: ballot.fields.clone(),
        comment: ballot.comment.clone(),
        digest: ballot.digest.clone(),
    };
    let call = |rpc: RpadClient, context| async move { rpc.vote(context, request).await };
    once(post, deadline, call).await
}

/// A call with a request id: made again on another connection when its answer is lost.
async fn repeated<T, F>(
    post: &Post,
    deadline: Instant,
    call: impl Fn(RpadClient, Context) -> F,
) -> Result<T, Fault>
where
    F: Future<Output = Result<Reply<T>, RpcError>>,
{
    let (mut used, mut last) = (0, None);
    loop {
        let Some(live) = connection(post, used, deadline).await else {
            return Err(last.map_or_else(away, unknown));
        };
        match attempt(post, &live, &call).await {
            Err(fault) if is_transport(&fault) => last = Some(fault),
            answer => return answer,
        }
        used = live.number;
    }
}

pub(super) async fn once<T, F>(
    post: &Post,
    deadline: Instant,
    call: impl FnOnce(RpadClient, Context) -> F,
) -> Result<T, Fault>
where
    F: Future<Output = Result<Reply<T>, RpcError>>,
{
    let live = connection(post, 0, deadline).await.ok_or_else(away)?;
    attempt(post, &live, call).await
}

async fn attempt<T, F>(
    post: &Post,
    live: &Live,
    call: impl FnOnce(RpadClient, Context) -> F,
) -> Result<T, Fault>
where
    F: Future<Output = Result<Reply<T>, RpcError>>,
{
    let answer = call(live.client.rpc.clone(), client::within(CALL_DEADLINE)).await;
    let answer = client::flatten(answer);
    if let Err(fault) = &answer
        && is_transport(fault)
    {
        post.lose(live, fault.clone()).await;
    }
    answer
}

async fn connection(post: &Post, used: u64, deadline: Instant) -> Option<Live> {
    timeout_at(deadline, post.live_after(used)).await.ok()
}

/// The call was never made.
fn away() -> Fault {
    fault!(FaultCode::Unreachable, "not-back", seconds = PATIENCE.as_secs())
        .hint(said!("hint-not-called"))
}

/// The call was made, and nobody knows what became of it.
fn unknown(fault: Fault) -> Fault {
    fault.hint(said!("hint-maybe-started"))
}
