//! Approvals, locks and pools of tokens, events: what runs ask of people and of each other.

use std::sync::Arc;

use rpa_engine::run::{Asking, Claimant, EventId, Input, Published, StepState, Tokens, Vote};
use rpa_engine::{Action as Does, Approval, EventName, Label, Map, RunId, StepPath};
use rpa_ipc::asking::{
    ApprovalView, ApprovalsQuery, BreakRequest, ClaimView, EventPublished, EventRequest, LockView,
    LocksQuery, PoolRequest, VoteRequest, VoteView,
};
use rpa_ipc::fault::{Said, quoted, remarks};
use rpa_ipc::service::Reply;
use rpa_ipc::view::{Page, RunDetail};
use rpa_ipc::{Fault, FaultCode, fault, said};
use uuid::Uuid;

use super::authorize::Allowed;
use super::peer::{Peer, groups_of};
use super::service::bug;
use super::{Office, submit, views};
use crate::blobs;
use crate::driver::{Answer, Message, now_ms};
use crate::store::{Reader, RunHead, StoreError};
use crate::variables;

/// Most characters of a comment.
const COMMENT: usize = 1000;
/// Most bytes of an event's data.
const EVENT: usize = 64 * 1024;
/// Claims of one lock that are shown.
const MOST_CLAIMS: usize = 100;
/// Most tokens of a pool.
const MOST_TOKENS: u32 = 1_000_000;

pub async fn approvals(office: &Office, query: ApprovalsQuery) -> Reply<Page<ApprovalView>> {
    let most = views::page_size(query.limit);
    let after = query.cursor.as_deref().map(views::step_cursor).transpose()?;
    views::read(office, move |reader| {
        let Some(namespace) = reader.namespace(&query.namespace)? else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let found = reader.approvals(namespace, after.as_ref(), most + 1)?;
        let next = (found.len() > most).then(|| {
            let (run, path) = &found[most - 1];
            format!("{run}/{path}")
        });
        let mut items = Vec::new();
        for (run, path) in found.into_iter().take(most) {
            items.extend(views::readable(asked(reader, run, &path))?);
        }
        Ok(Page { items, next })
    })
    .await
}

fn asked(reader: &Reader, run: RunId, path: &StepPath) -> Result<Option<ApprovalView>, StoreError> {
    let (Some(head), Some(row)) = (reader.head(run)?, reader.step(run, path)?) else {
        return Ok(None);
    };
    let StepState::Asking(asking) = row.state else { return Ok(None) };
    let revision = reader.revision(head.namespace, &head.workflow.name, head.revision)?;
    let step = revision.definition.step_at(path);
    Ok(match step.map(|step| &step.action) {
        Some(Does::Approval(approval)) => Some(view(run, &head, path, approval, &asking)),
        _ => None,
    })
}

/// An approval that is asked for, as people see it.
pub fn view(
    run: RunId,
    head: &RunHead,
    path: &StepPath,
    approval: &Approval,
    asking: &Asking,
) -> ApprovalView {
    let votes = asking.votes.iter().map(|vote| VoteView {
        by: vote.by.who.clone(),
        at: vote.at.clone(),
        comment: vote.comment.clone(),
        fields: vote.fields.clone().into_iter().collect(),
    });
    ApprovalView {
        run,
        workflow: head.workflow.to_string(),
        path: path.clone(),
        started_by: head.actor.who.clone(),
        since_ms: asking.since_ms,
        due_ms: asking.until_ms,
        message: asking.request.message.clone(),
        shown: asking.request.shown.clone().into_iter().collect(),
        form: approval.form.iter().map(|(name, v)| views::variable(name, v)).collect(),
        approvers: asking.request.approvers.clone(),
        quorum: approval.quorum,
        self_approval: approval.self_approval,
        votes: votes.collect(),
        digest: asking.request.digest.clone(),
    }
}

/// A person approves or rejects.
pub async fn vote(
    office: &Office,
    allowed: &Allowed,
    peer: &Peer,
    request: VoteRequest,
) -> Reply<RunDetail> {
    let run = views::find_run(office, &request.run).await?;
    let comment = request.comment.trim().to_owned();
    let form = |c: char| c.is_control() && c != '\n';
    if comment.chars().count() > COMMENT || comment.chars().any(form) {
        return Err(fault!(FaultCode::Usage, "comment-form", most = COMMENT));
    }
    let fields = match request.approves {
        true => fields(office, run, &request).await?,
        // who rejects need not fill in what is not going to happen
        false => Map::new(),
    };
    let vote = Vote {
        by: allowed.actor().clone(),
        approves: request.approves,
        fields: submit::spill(office, run, fields).await?,
        comment,
        at: rpa_config::units::stamp(now_ms()),
    };
    let (path, digest) = (request.path, request.digest);
    let input = Input::Vote { path, vote, groups: groups_of(peer), digest };
    office.inbox.ask(Message::Run { run, input }).await?;
    views::detail(office, run).await
}

/// What the form asks for: given values read by their types, the others by default. All
/// problems at once. Who approves after others and gives none approves theirs.
async fn fields(office: &Office, run: RunId, request: &VoteRequest) -> Reply<Map> {
    let (path, given) = (request.path.clone(), request.fields.clone());
    let secrets = office.secrets.clone();
    let read = views::read(office, move |reader| {
        let Some(head) = reader.head(run)? else { return Ok(Ok(Map::new())) };
        let revision = reader.revision(head.namespace, &head.workflow.name, head.revision)?;
        let step = revision.definition.step_at(&path);
        let Some(Does::Approval(approval)) = step.map(|step| &step.action) else {
            // the engine says that the step does not ask
            return Ok(Ok(Map::new()));
        };
        let asking = reader.step(run, &path)?.map(|row| row.state);
        if let Some(StepState::Asking(asking)) = asking
            && let Some(first) = asking.votes.first().filter(|_| given.is_empty())
        {
            return Ok(Ok(first.fields.clone()));
        }
        let values = variables::values(&approval.form, given, &secrets);
        let named = values.map(|values| values.into_iter().map(|(n, v)| (n.into(), v)).collect());
        Ok(named.map_err(|wrong| {
            let names: Vec<&str> = approval.form.keys().map(|name| name.as_str()).collect();
            let hint = match names.is_empty() {
                true => said!("hint-no-fields"),
                false => said!("hint-fields", known = names.join(", ")),
            };
            let (step, problems) = (&path, remarks(wrong.problems));
            fault!(wrong.code, "fields-wrong", step = step, problems = problems).hint(hint)
        }))
    });
    read.await?
}

pub async fn locks(office: &Office, query: LocksQuery) -> Reply<Vec<LockView>> {
    views::read(office, move |reader| {
        let Some(namespace) = reader.namespace(&query.namespace)? else { return Ok(Vec::new()) };
        let mut shown = Vec::new();
        for (name, lock) in reader.locks(namespace)? {
            let mut view = LockView {
                name: name.to_string(),
                size: lock.size,
                taken: lock.taken(),
                holders: Vec::new(),
                waiting: Vec::new(),
                waits: 0,
            };
            for (_, claim) in lock.claims() {
                let list = match claim.granted_ms {
                    Some(_) => &mut view.holders,
                    None => {
                        view.waits += 1;
                        &mut view.waiting
                    }
                };
                if list.len() >= MOST_CLAIMS {
                    continue;
                }
                let Claimant { run, path } = &claim.by;
                let Some(head) = reader.head(*run)? else { continue };
                let holds = reader.row(*run)?.holds;
                let state = reader.step(*run, path)?.map(|row| row.state);
                list.push(ClaimView {
                    run: *run,
                    workflow: head.workflow.to_string(),
                    path: path.clone(),
                    tokens: match claim.tokens {
                        Tokens::Lock => None,
                        Tokens::Some(count) => Some(count),
                    },
                    since_ms: claim.since_ms,
                    granted_ms: claim.granted_ms,
                    until_ms: holds.get(path).and_then(|hold| hold.until_ms),
                    status: state.map_or("pending", |state| state.status().word()).into(),
                });
            }
            shown.push(view);
        }
        Ok(shown)
    })
    .await
}

pub async fn size_pool(office: &Office, request: PoolRequest) -> Reply<()> {
    let name = lock_name(&request.name)?;
    if request.size.is_some_and(|size| size == 0 || size > MOST_TOKENS) {
        return Err(fault!(FaultCode::Usage, "pool-size", most = MOST_TOKENS));
    }
    let (namespace, size) = (request.namespace, request.size);
    office.inbox.ask(Message::SizePool { namespace, name, size }).await?;
    Ok(())
}

pub async fn break_lock(
    office: &Office,
    allowed: &Allowed,
    request: BreakRequest,
) -> Reply<RunDetail> {
    let name = lock_name(&request.lock)?;
    let run = views::find_run(office, &request.run).await?;
    let holder = Claimant { run, path: request.path };
    let (namespace, by) = (request.run.namespace, allowed.actor().clone());
    office.inbox.ask(Message::BreakLock { namespace, name, holder, by }).await?;
    views::detail(office, run).await
}

fn lock_name(name: &str) -> Result<Label, Fault> {
    name.parse().map_err(|error| {
        let (name, why) = (quoted(name), Said::of_name(&error));
        fault!(FaultCode::Usage, "lock-name", name = name, why = why)
    })
}

pub async fn publish(
    office: &Office,
    allowed: &Allowed,
    request: EventRequest,
) -> Reply<EventPublished> {
    let name: EventName = request.name.parse().map_err(|error| {
        let (name, why) = (quoted(&request.name), Said::of_name(&error));
        fault!(FaultCode::BadEvent, "event-name", name = name, why = why)
    })?;
    let data = variables::plain("data", request.data)
        .map_err(|problem| Fault::of(FaultCode::BadEvent, problem))?;
    let bytes = blobs::size(&data);
    if bytes > EVENT {
        return Err(fault!(FaultCode::BadEvent, "event-size", bytes = bytes, most = EVENT));
    }
    let id = EventId(Uuid::now_v7().as_u128());
    let by = allowed.actor().clone();
    let at = rpa_config::units::stamp(now_ms());
    let event = Arc::new(Published { id, name, data, by, at });
    let mut published =
        EventPublished { id: id.to_string(), triggers: 0, waited: 0, took: 0, looking: 0 };
    let mut behind = None;
    loop {
        let (namespace, event) = (request.namespace.clone(), event.clone());
        match office.inbox.ask(Message::Publish { namespace, event, hops: 0, behind }).await? {
            Answer::Published { triggers, took, looking, behind: rest } => {
                published.triggers += triggers;
                published.took += took;
                published.looking += looking;
                published.waited += took + looking;
                if rest.is_none() {
                    return Ok(published);
                }
                behind = rest;
            }
            other => return Err(bug(&format!("{other:?}"))),
        }
    }
}
