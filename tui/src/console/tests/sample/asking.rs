//! Runs that wait: for people, for a run that they have called, for a lock.

use rpa_engine::{RunId, Value};
use rpa_ipc::asking::{ApprovalView, VoteView};
use rpa_ipc::view::{RunDetail, RunSummary};

use super::runs::run;
use super::workflows::variable;
use super::{HOUR, NOW, detail, runs};

pub fn approval() -> ApprovalView {
    let vote = VoteView {
        by: "ann".into(),
        at: "2026-11-21T02:58:00Z".into(),
        comment: "tested on staging".into(),
        fields: Vec::new(),
    };
    ApprovalView {
        run: runs()[1].run,
        workflow: "default/disk-report".into(),
        path: "send".parse().expect("a path"),
        started_by: "tihomir".into(),
        since_ms: NOW - 20 * 60_000,
        due_ms: Some(NOW + HOUR),
        message: "Release 1.4 to production?\nМагазинът спира за минута.".into(),
        shown: vec![
            ("hosts".into(), Value::List(vec!["web1".into(), "web2".into()])),
            ("version".into(), "1.4".into()),
        ],
        form: vec![
            variable("ticket", "string", true, None),
            variable("window", "string", false, Some("night".into())),
        ],
        approvers: vec!["ann".into(), "@release".into()],
        quorum: 2,
        self_approval: false,
        votes: vec![vote],
        digest: "0123456789abcdef".repeat(4),
    }
}

/// The second run of [`runs`], asking for an approval.
pub fn asking() -> RunDetail {
    let mut detail = detail("in_doubt");
    detail.summary = waiting("send");
    detail.summary.broken = vec!["finish".into()];
    let send = detail.steps.last_mut().expect("a step");
    (send.status, send.kind, send.ended_ms) = ("waiting".into(), "approval".into(), None);
    send.reason = format!("waits for approval: {}", approval().message);
    send.approval = Some(Box::new(approval()));
    detail
}

/// The same, waiting for one that it has called and for a lock.
pub fn calling(called: RunId) -> RunDetail {
    let mut detail = detail("in_doubt");
    detail.summary = waiting("biggest");
    let biggest = &mut detail.steps[2];
    (biggest.status, biggest.kind, biggest.ended_ms) = ("waiting".into(), "workflow".into(), None);
    biggest.reason = "people are asked in the run that it has called".into();
    biggest.called = Some(called);
    biggest.holds = vec!["prod-db".into()];
    let send = &mut detail.steps[3];
    (send.status, send.ended_ms) = ("waiting".into(), None);
    (send.reason, send.due_ms) = ("waits for prod-db".into(), Some(NOW + 20_000));
    detail
}

fn waiting(at: &str) -> RunSummary {
    RunSummary { at_step: at.into(), needs_person: true, ..run(1, "waiting", 38) }
}
