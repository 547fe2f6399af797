//! `rpa approve` and `rpa reject`: what is voted on, and that it is just that.

use rpa_ipc::service::GivenValue;
use rpa_ipc::view::RunDetail;

use crate::daemon::Daemon;
use crate::rpa::Rpa;
use crate::sample;

/// Another run has called the one that asks.
fn caller() -> (Daemon, RunDetail) {
    let asking = sample::asking();
    let mut caller = sample::doubted();
    caller.summary.run = "019db7b6-7a20-7222-8333-444455551111".parse().expect("valid");
    caller.summary.status = "waiting".into();
    caller.summary.needs_person = true;
    caller.steps[0].kind = "workflow".into();
    caller.steps[0].status = "running".into();
    caller.steps[0].called = Some(asking.summary.run);
    let daemon = Daemon::start(caller);
    let mut other = asking.clone();
    // a call that is over is not looked through
    other.steps[1].ended_ms = Some(sample::NOW);
    daemon.change(|state| state.others.push(other));
    (daemon, asking)
}

/// Without the run that the sample has called.
fn asking() -> RunDetail {
    let mut detail = sample::asking();
    detail.steps[1].called = None;
    detail
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_approved_is_shown_and_nothing_else_is() {
    let daemon = Daemon::start(asking());
    let line = "approve 6666 --field ticket=OPS-7 --comment ok";
    let ended = Rpa::new(daemon.socket(), line).run().await;
    assert_eq!(ended.exit, 0, "{ended:#?}");
    for wanted in [
        "approval  sign_off  default/disk-report  run 444455556666\n",
        "  Release 1.4 to production?\n",
        "  version = 1.4\n",
        "approved  1 of 2\n",
        "sign_off: approved, 1 of 2: 1 more has to approve\n",
    ] {
        assert!(ended.out.contains(wanted), "{wanted}: {}", ended.out);
    }
    let state = daemon.state();
    let [vote] = &state.votes[..] else { panic!("{:#?}", state.votes) };
    assert_eq!(vote.digest, sample::approval().digest);
    assert_eq!(vote.path.as_str(), "sign_off");
    assert_eq!((vote.approves, vote.comment.as_str()), (true, "ok"));
    assert_eq!(vote.fields, [("ticket".to_owned(), GivenValue::Text("OPS-7".into()))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_is_one_document_as_well() {
    let daemon = Daemon::start(asking());
    let ended = Rpa::new(daemon.socket(), "reject 6666 sign_off --json").run().await;
    assert_eq!(ended.exit, 0, "{ended:#?}");
    let document = ended.json();
    assert_eq!(document["vote"], "rejected");
    assert_eq!(document["approval"]["shown"]["version"], "1.4");
    assert_eq!(document["status"], "waiting");
    assert!(!daemon.state().votes[0].approves);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_read_something_else_approves_nothing() {
    let daemon = Daemon::start(asking());
    let line = "approve 6666 --digest ffffffffffff";
    let ended = Rpa::new(daemon.socket(), line).run().await;
    assert_eq!(ended.exit, 75, "{ended:#?}");
    assert!(ended.err.contains("error[RPA0535]"), "{}", ended.err);
    assert!(ended.err.contains("--digest 0123456789ab"), "{}", ended.err);
    assert!(ended.out.contains("Release 1.4"), "what is asked now is shown: {}", ended.out);
    assert_eq!(daemon.state().votes.len(), 0);
    let line = "approve 6666 --digest 0123456789AB";
    let ended = Rpa::new(daemon.socket(), line).run().await;
    assert_eq!(ended.exit, 0, "{ended:#?}");
    assert_eq!(daemon.state().votes[0].digest, sample::approval().digest, "all of it is sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_is_found_in_the_run_that_was_called() {
    for line in ["approve 1111", "approve 1111 usage", "approve 1111 sign_off"] {
        let (daemon, asking) = caller();
        let ended = Rpa::new(daemon.socket(), line).run().await;
        assert_eq!(ended.exit, 0, "{line}: {ended:#?}");
        assert!(ended.out.contains("run 444455556666"), "{}", ended.out);
        let state = daemon.state();
        assert_eq!(state.votes[0].run.id, asking.summary.run.to_string(), "{line}");
        assert_eq!(state.votes[0].path.as_str(), "sign_off", "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_several_are_asked_for_a_step_is_to_be_named() {
    let mut detail = asking();
    let mut second = sample::approval();
    second.path = detail.steps[1].path.clone();
    detail.steps[1].approval = Some(Box::new(second));
    let daemon = Daemon::start(detail);
    let ended = Rpa::new(daemon.socket(), "approve 6666").run().await;
    assert_eq!(ended.exit, 2, "{ended:#?}");
    assert!(ended.err.contains("run 444455556666: sign_off, parse\n"), "{}", ended.err);
    assert!(ended.err.contains("rpa approve 444455556666 sign_off\n"), "{}", ended.err);
    let ended = Rpa::new(daemon.socket(), "approve 6666 parse").run().await;
    assert_eq!(ended.exit, 0, "{ended:#?}");
    assert_eq!(daemon.state().votes[0].path.as_str(), "parse");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_asked_nothing_is_said() {
    let daemon = Daemon::start(sample::failed());
    for line in ["approve 6666", "reject 6666 usage"] {
        let ended = Rpa::new(daemon.socket(), line).run().await;
        assert_eq!(ended.exit, 2, "{line}: {ended:#?}");
        assert!(ended.err.contains("error[RPA0534]"), "{line}: {}", ended.err);
    }
    assert_eq!(daemon.state().votes.len(), 0);
}
