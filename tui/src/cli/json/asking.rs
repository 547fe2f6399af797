//! Approvals, locks and pools of tokens, events.

use rpa_ipc::asking::{ApprovalView, ClaimView, EventPublished, LockView, VoteView};
use rpa_ipc::view::{Page, RunDetail};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{RunDocument, VariableObject, object, time};

#[derive(Debug, Serialize)]
pub struct ApprovalsDocument<'a> {
    pub approvals: Vec<ApprovalObject<'a>>,
    pub next: Option<&'a str>,
}

/// What people are asked.
#[derive(Debug, Serialize)]
pub struct ApprovalObject<'a> {
    pub run: String,
    pub workflow: &'a str,
    pub path: &'a str,
    pub started_by: &'a str,
    pub since: Option<String>,
    pub due: Option<String>,
    pub message: &'a str,
    pub shown: Map<String, Value>,
    /// The fields that who approves is asked for.
    pub form: Vec<VariableObject<'a>>,
    /// Empty for everybody.
    pub approvers: &'a [String],
    pub have: usize,
    pub quorum: u32,
    pub self_approval: bool,
    pub votes: Vec<VoteObject<'a>>,
    pub digest: &'a str,
}

#[derive(Debug, Serialize)]
pub struct VoteObject<'a> {
    pub by: &'a str,
    pub at: &'a str,
    pub comment: &'a str,
}

/// What has been voted on, then the run as it is after that.
#[derive(Debug, Serialize)]
pub struct VoteDocument<'a> {
    /// `approved`, `rejected`.
    pub vote: &'a str,
    /// As it was shown before.
    pub approval: ApprovalObject<'a>,
    #[serde(flatten)]
    pub run: RunDocument<'a>,
}

#[derive(Debug, Serialize)]
pub struct LocksDocument<'a> {
    pub locks: Vec<LockObject<'a>>,
}

#[derive(Debug, Serialize)]
pub struct LockObject<'a> {
    pub name: &'a str,
    /// `lock`, `pool`.
    pub kind: &'static str,
    /// Tokens of a pool.
    pub size: Option<u32>,
    pub taken: u32,
    pub holders: Vec<ClaimObject<'a>>,
    /// In their order, the first 100.
    pub waiting: Vec<ClaimObject<'a>>,
    /// All that wait.
    pub waits: u32,
}

#[derive(Debug, Serialize)]
pub struct ClaimObject<'a> {
    pub run: String,
    pub workflow: &'a str,
    pub path: &'a str,
    pub tokens: Option<u32>,
    pub since: Option<String>,
    pub granted: Option<String>,
    pub lease_ends: Option<String>,
    /// Of the step.
    pub status: &'a str,
}

/// `locks set`, `locks drop`.
#[derive(Debug, Serialize)]
pub struct PoolDocument<'a> {
    pub name: &'a str,
    /// `null`: there is no such pool any more.
    pub size: Option<u32>,
}

#[derive(Debug, Serialize)]
pub struct EventDocument<'a> {
    pub event: &'a str,
    pub name: &'a str,
    /// Triggers that were told of it.
    pub triggers: u32,
    pub waited: u32,
    pub took: u32,
    pub looking: u32,
}

impl<'a> ApprovalsDocument<'a> {
    pub fn of(page: &'a Page<ApprovalView>) -> ApprovalsDocument<'a> {
        let approvals = page.items.iter().map(ApprovalObject::of).collect();
        ApprovalsDocument { approvals, next: page.next.as_deref() }
    }
}

impl<'a> ApprovalObject<'a> {
    pub fn of(view: &'a ApprovalView) -> ApprovalObject<'a> {
        ApprovalObject {
            run: view.run.to_string(),
            workflow: &view.workflow,
            path: view.path.as_str(),
            started_by: &view.started_by,
            since: time(view.since_ms),
            due: time(view.due_ms),
            message: &view.message,
            shown: object(&view.shown),
            form: view.form.iter().map(VariableObject::of).collect(),
            approvers: &view.approvers,
            have: view.votes.len(),
            quorum: view.quorum,
            self_approval: view.self_approval,
            votes: view.votes.iter().map(VoteObject::of).collect(),
            digest: &view.digest,
        }
    }
}

impl<'a> VoteObject<'a> {
    fn of(view: &'a VoteView) -> VoteObject<'a> {
        VoteObject { by: &view.by, at: &view.at, comment: &view.comment }
    }
}

impl<'a> VoteDocument<'a> {
    pub fn of(vote: &'a str, asked: &'a ApprovalView, run: &'a RunDetail) -> VoteDocument<'a> {
        VoteDocument { vote, approval: ApprovalObject::of(asked), run: RunDocument::of(run) }
    }
}

impl<'a> LocksDocument<'a> {
    pub fn of(locks: &'a [LockView]) -> LocksDocument<'a> {
        LocksDocument { locks: locks.iter().map(LockObject::of).collect() }
    }
}

impl<'a> LockObject<'a> {
    fn of(view: &'a LockView) -> LockObject<'a> {
        LockObject {
            name: &view.name,
            kind: if view.size.is_some() { "pool" } else { "lock" },
            size: view.size,
            taken: view.taken,
            holders: view.holders.iter().map(ClaimObject::of).collect(),
            waiting: view.waiting.iter().map(ClaimObject::of).collect(),
            waits: view.waits,
        }
    }
}

impl<'a> ClaimObject<'a> {
    fn of(view: &'a ClaimView) -> ClaimObject<'a> {
        ClaimObject {
            run: view.run.to_string(),
            workflow: &view.workflow,
            path: view.path.as_str(),
            tokens: view.tokens,
            since: time(view.since_ms),
            granted: time(view.granted_ms),
            lease_ends: time(view.until_ms),
            status: &view.status,
        }
    }
}

impl<'a> EventDocument<'a> {
    pub fn of(name: &'a str, published: &'a EventPublished) -> EventDocument<'a> {
        let EventPublished { id, triggers, waited, took, looking } = published;
        EventDocument {
            event: id,
            name,
            triggers: *triggers,
            waited: *waited,
            took: *took,
            looking: *looking,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn the_shape_of_what_is_asked_held_and_published() {
        let page = Page { items: vec![sample::approval()], next: Some("r/p".into()) };
        let event =
            EventPublished { id: "019d".into(), triggers: 2, waited: 3, took: 1, looking: 2 };
        let pool = PoolDocument { name: "api", size: None };
        let json = [
            serde_json::to_string_pretty(&ApprovalsDocument::of(&page)).unwrap(),
            serde_json::to_string_pretty(&LocksDocument::of(&sample::locks())).unwrap(),
            serde_json::to_string_pretty(&EventDocument::of("paid", &event)).unwrap(),
            serde_json::to_string_pretty(&pool).unwrap(),
        ];
        insta::assert_snapshot!(json.join("\n"));
    }

    #[test]
    fn a_vote_says_what_it_was_on_and_how_the_run_stands() {
        let (asked, detail) = (sample::approval(), sample::asking());
        let json = serde_json::to_value(VoteDocument::of("approved", &asked, &detail)).unwrap();
        assert_eq!(json["vote"], "approved");
        assert_eq!(json["approval"]["digest"], asked.digest.as_str());
        assert_eq!(json["run"], detail.summary.run.to_string());
        assert_eq!(json["steps"][0]["approval"]["have"], 1);
    }
}
