//! What waits for people, and what runs share.

use rpa_engine::Value;
use rpa_ipc::asking::{ApprovalView, ClaimView, LockView, VoteView};
use rpa_ipc::view::VariableView;

use super::{ACCEPTED, NOW, failed};

pub(crate) fn approval() -> ApprovalView {
    let field = |name: &str, required, default, description: &str| VariableView {
        name: name.into(),
        kind: "string".into(),
        required,
        default,
        description: description.into(),
        sensitive: false,
    };
    ApprovalView {
        run: failed().summary.run,
        workflow: "default/disk-report".into(),
        path: "sign_off".parse().expect("valid"),
        started_by: "tihomir".into(),
        since_ms: ACCEPTED + 20_000,
        due_ms: Some(NOW + 3_600_000),
        message: "Release 1.4 to production?\nIt takes the shop down\u{1b}[2J".into(),
        shown: vec![
            ("hosts".into(), Value::List(vec!["web1".into(), "web2".into()])),
            ("version".into(), "1.4".into()),
        ],
        form: vec![
            field("ticket", true, None, "the change ticket"),
            field("window", false, Some("night".into()), ""),
        ],
        approvers: vec!["ann".into(), "@release".into()],
        quorum: 2,
        self_approval: false,
        votes: vec![VoteView {
            by: "ann".into(),
            at: "2026-11-20T01:12:00Z".into(),
            comment: "fine".into(),
            fields: Vec::new(),
        }],
        digest: "0123456789abcdef".repeat(4),
    }
}

pub(crate) fn locks() -> Vec<LockView> {
    let claim = |path: &str, tokens, status: &str| ClaimView {
        run: failed().summary.run,
        workflow: "default/disk-report".into(),
        path: path.parse().expect("valid"),
        tokens,
        since_ms: ACCEPTED + 10_000,
        granted_ms: (status != "waiting").then_some(ACCEPTED + 20_000),
        until_ms: None,
        status: status.into(),
    };
    let mut leased = claim("each[3]/call_the_other_side_of_it", Some(2), "running");
    leased.until_ms = Some(NOW + 60_000);
    vec![
        LockView {
            name: "api".into(),
            size: Some(1_000),
            taken: 2,
            holders: vec![leased],
            waiting: vec![claim("send", Some(999), "waiting")],
            waits: 151,
        },
        LockView {
            name: "prod-db".into(),
            size: None,
            taken: 1,
            holders: vec![claim("migrate", None, "in_doubt")],
            waiting: vec![claim("vacuum", None, "waiting"), claim("dump", None, "waiting")],
            waits: 2,
        },
        LockView {
            name: "printers".into(),
            size: Some(3),
            taken: 0,
            holders: Vec::new(),
            waiting: Vec::new(),
            waits: 0,
        },
    ]
}
