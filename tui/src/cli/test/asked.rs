//! What comes to a step that waits for others: the end of the run that it has called,
//! the word of a person, an event. All of it is written in the test.

use std::collections::BTreeSet;

use rpa_config::testfile::{Ending, GivenEvent, Test, Try, Votes, form_values};
use rpa_config::units::stamp;
use rpa_engine::run::{ApprovalRequest, EventId, Published, RunEnd, Vote};
use rpa_engine::{
    Actor, Approval, EventName, Map, Origin, RunId, StepPath, Value, Workflow, WorkflowRef,
};

use super::answer::{Need, NoResult, given, nth, results};

/// Who publishes an event of which the test does not say it.
const SOMEBODY: &str = "somebody";

/// One word, when it comes, and how many results of the test are used up by it.
#[derive(Clone, Debug)]
pub(super) struct Coming<T> {
    pub(super) at_ms: u64,
    pub(super) uses: usize,
    pub(super) word: T,
}

/// A person whom the test lets decide, and who is not asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NoApprover {
    pub(super) path: StepPath,
    pub(super) who: String,
    pub(super) approvers: Vec<String>,
}

/// How the run ends that attempt `number` of the step at `path` has called, and how long
/// that takes; `None` when it never ends by itself.
pub(super) fn called(
    test: &Test,
    path: &StepPath,
    number: u32,
    workflow: &WorkflowRef,
    known: Option<&Workflow>,
) -> Result<Option<(u64, RunEnd)>, NoResult> {
    let tries = given(test, path).map(|(_, given)| given);
    let Some(this) = tries.and_then(|given| nth(given, number)) else {
        let outputs = known.iter().flat_map(|known| known.outputs.keys().cloned());
        let need = Need::Call { workflow: workflow.clone(), outputs: outputs.collect() };
        let given = tries.map_or(0, |given| results(given).len());
        return Err(NoResult { path: path.clone(), need, attempt: number, given });
    };
    let end = match &this.ending {
        Ending::Output(output) => {
            RunEnd::Completed { outputs: output.as_map().cloned().unwrap_or_default() }
        }
        Ending::Failed { error, .. } => RunEnd::Failed { step: None, error: error.clone() },
        Ending::Cancelled => RunEnd::Cancelled,
        Ending::TimedOut
        | Ending::Lost
        | Ending::Approved(_)
        | Ending::Rejected(_)
        | Ending::Event(_) => return Ok(None),
    };
    Ok(Some((this.takes_ms, end)))
}

/// The words of people on what the step at `path` asks, in their order.
pub(super) fn votes(
    test: &Test,
    path: &StepPath,
    approval: &Approval,
    request: &ApprovalRequest,
    now_ms: u64,
) -> Result<Vec<Coming<Vote>>, NoResult> {
    let Some((_, given)) = given(test, path) else {
        let form = approval.form.iter().filter(|(_, field)| field.default.is_none());
        let form = form.map(|(name, field)| (name.clone(), field.kind)).collect();
        let need = Need::Approval { quorum: approval.quorum, form };
        return Err(NoResult { path: path.clone(), need, attempt: 1, given: 0 });
    };
    let tries = results(given);
    let mut coming: Vec<Coming<Vote>> = Vec::new();
    let mut at_ms = now_ms;
    for (place, this) in tries.iter().enumerate() {
        at_ms = at_ms.saturating_add(this.takes_ms);
        let (votes, approves) = match &this.ending {
            Ending::Approved(votes) => (votes, true),
            Ending::Rejected(votes) => (votes, false),
            Ending::Output(_)
            | Ending::Failed { .. }
            | Ending::TimedOut
            | Ending::Lost
            | Ending::Cancelled
            | Ending::Event(_) => break,
        };
        let fields: Map = match approves {
            true => form_values(&approval.form, &votes.fields)
                .into_iter()
                .map(|(name, value)| (name.into(), value))
                .collect(),
            false => Map::new(),
        };
        let missing = (approval.quorum as usize).saturating_sub(coming.len());
        for who in people(votes, if approves { missing } else { 1 }, tries, request) {
            coming.push(Coming {
                at_ms,
                uses: uses(tries, place),
                word: Vote {
                    by: Actor { who, origin: Origin::Cli },
                    approves,
                    fields: fields.clone(),
                    comment: votes.comment.clone(),
                    at: votes.said_at.clone().unwrap_or_else(|| stamp(at_ms)),
                },
            });
        }
    }
    Ok(coming)
}

/// Who decides: those who are named, or `wanted` others of those who are asked.
fn people(votes: &Votes, wanted: usize, tries: &[Try], request: &ApprovalRequest) -> Vec<String> {
    if !votes.by.is_empty() {
        return votes.by.clone();
    }
    let named: BTreeSet<&String> = tries.iter().flat_map(names).collect();
    let users = request.approvers.iter().filter(|name| !name.starts_with('@')).cloned();
    let others = users.chain((1..).map(|n| format!("person-{n}")));
    others.filter(|name| !named.contains(name)).take(wanted).collect()
}

/// Who is named in a result.
fn names(this: &Try) -> &[String] {
    match &this.ending {
        Ending::Approved(votes) | Ending::Rejected(votes) => &votes.by,
        Ending::Output(_)
        | Ending::Failed { .. }
        | Ending::TimedOut
        | Ending::Lost
        | Ending::Cancelled
        | Ending::Event(_) => &[],
    }
}

/// Somebody who is named and not asked. People of groups are not known here.
pub(super) fn stranger(
    test: &Test,
    path: &StepPath,
    request: &ApprovalRequest,
) -> Option<NoApprover> {
    let approvers = &request.approvers;
    if approvers.is_empty() || approvers.iter().any(|name| name.starts_with('@')) {
        return None;
    }
    let (_, given) = given(test, path)?;
    let who = results(given).iter().flat_map(names).find(|name| !approvers.contains(name))?;
    let (path, who, approvers) = (path.clone(), who.clone(), approvers.clone());
    Some(NoApprover { path, who, approvers })
}

/// All groups that are asked: who is in them is not known here.
pub(super) fn groups(request: &ApprovalRequest) -> BTreeSet<String> {
    let group = |name: &String| name.strip_prefix('@').map(str::to_owned);
    request.approvers.iter().filter_map(group).collect()
}

/// The events that come while the step at `path` waits; `before` is how many the run has
/// been offered already.
pub(super) fn events(
    test: &Test,
    path: &StepPath,
    name: &EventName,
    now_ms: u64,
    before: u64,
) -> Result<Vec<Coming<Published>>, NoResult> {
    let Some((_, given)) = given(test, path) else {
        return Err(NoResult { path: path.clone(), need: Need::Event, attempt: 1, given: 0 });
    };
    let tries = results(given);
    let mut coming: Vec<Coming<Published>> = Vec::new();
    let mut at_ms = now_ms;
    for (place, this) in tries.iter().enumerate() {
        at_ms = at_ms.saturating_add(this.takes_ms);
        let Ending::Event(GivenEvent { data, by, id, said_at }) = &this.ending else { break };
        let number = before.saturating_add(coming.len() as u64);
        let word = Published {
            id: EventId(id.unwrap_or(stand_in(at_ms, number)).0),
            name: name.clone(),
            data: data.clone(),
            by: Actor {
                who: by.clone().unwrap_or_else(|| SOMEBODY.to_owned()),
                origin: Origin::Cli,
            },
            at: said_at.clone().unwrap_or_else(|| stamp(at_ms)),
        };
        coming.push(Coming { at_ms, uses: uses(tries, place), word });
    }
    Ok(coming)
}

/// An id of version 7.
fn stand_in(at_ms: u64, number: u64) -> RunId {
    RunId(u128::from(at_ms) << 80 | 0x7000_8000_0000_0000_0000 | u128::from(number))
}

/// How many results are used up with the one at `place`: that nothing more comes after it
/// is shown by its coming.
fn uses(tries: &[Try], place: usize) -> usize {
    let silent = tries.get(place + 1).is_some_and(|next| next.ending == Ending::TimedOut);
    place + 1 + usize::from(silent)
}

/// What people are asked, as expectations see it.
pub(super) fn shown(request: &ApprovalRequest, show: Value) -> Value {
    let approvers = request.approvers.iter().map(Value::text);
    Value::from([
        ("message", Value::text(&request.message)),
        ("show", show),
        ("approvers", Value::List(approvers.collect())),
    ])
}
