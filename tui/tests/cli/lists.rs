//! The commands that ask the daemon once.

use rpa_engine::Value;
use rpa_ipc::service::{Decision, Doubts, GivenValue};

use crate::daemon::Daemon;
use crate::rpa::Rpa;
use crate::sample;

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_one_document() {
    let daemon = Daemon::start(sample::failed());
    let table = [
        ("runs", "/runs/0/status", "failed"),
        ("runs", "/next", "c2"),
        ("workflows", "/workflows/0/variables/0/name", "limit"),
        ("workflows", "/workflows/0/last_run/status", "failed"),
        ("doubts", "/doubts/0/path", "each[3]/send"),
        ("status", "/state", "ready"),
        ("show 6666", "/steps/1/reason", "needs usage, which failed"),
        ("why 6666", "/why/0/kind", "run_failed"),
        ("why 6666", "/history/1/fields/error/code", "RPA0401"),
        ("cancel 6666", "/status", "cancelled"),
        ("pause 6666", "/status", "paused"),
        ("resume 6666", "/status", "failed"),
        ("resolve 6666 usage retry", "/status", "failed"),
        ("approvals", "/approvals/0/digest", &"0123456789abcdef".repeat(4)),
        ("locks", "/locks/1/holders/0/status", "in_doubt"),
        ("locks set api 5", "/name", "api"),
        ("locks release prod-db 6666 migrate", "/status", "failed"),
        ("event publish order.paid", "/name", "order.paid"),
    ];
    for (line, pointer, wanted) in table {
        let ended = Rpa::new(daemon.socket(), line).arg("--json").run().await;
        assert_eq!(ended.exit, 0, "{line}: {ended:#?}");
        let document = ended.json();
        assert_eq!(document.pointer(pointer).and_then(|v| v.as_str()), Some(wanted), "{line}");
        assert_eq!(ended.err, "", "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_text_for_people() {
    let daemon = Daemon::start(sample::failed());
    let table = [
        ("runs", "444455556666  ✗ failed  disk-report  "),
        ("workflows", "disk-report    3      2  ✗ failed  "),
        ("why 6666", "because step usage failed after 2 tries: exited with 2 [RPA0401]\n"),
        ("why 6666 --lang bg", "защото стъпка usage е неуспешна след 2 опита: "),
        ("doubts", "444455556666  disk-report  each[3]/send    1  once    "),
        ("status", "rpad 0.1.0 is ready\n"),
        ("show 6666", "id       019db7b6-7a20-7222-8333-444455556666\n"),
        ("cancel 6666", "■ cancelled  default/disk-report  run 444455556666"),
        ("pause 6666", "= paused  default/disk-report  run 444455556666"),
        ("resume 6666", "✗ failed  default/disk-report  run 444455556666"),
        ("resolve 6666 usage done --output id=7", "usage: ✗ failed\n"),
        ("resolve 6666 usage --all fail", "3 doubts decided\nusage: ✗ failed\n"),
        ("resolve 6666 --all retry", "3 doubts decided\n✗ failed"),
        ("approvals", "  1/2  0123456789ab\n  Release 1.4 to production?\n"),
        ("locks", "prod-db   lock  held        ? in_doubt     444455556666  migrate "),
        ("locks set api 5", "api has 5 tokens\n"),
        ("locks drop api", "api is no pool any more\n"),
        ("locks release prod-db 6666 migrate", "migrate does not hold prod-db any more"),
        ("event publish order.paid --field id=7", "  1 step waited for it and took it\n"),
        ("event publish order.lost", "nobody waited for it: events are not kept\n"),
    ];
    for (line, wanted) in table {
        let ended = Rpa::new(daemon.socket(), line).run().await;
        assert_eq!(ended.exit, 0, "{line}: {ended:#?}");
        assert!(ended.out.contains(wanted), "{line}: {}", ended.out);
    }
    let state = daemon.state();
    let output = vec![("id".to_owned(), GivenValue::Text("7".into()))];
    assert_eq!(state.resolves[0].decision, Decision::Done { output });
    let path: rpa_engine::StepPath = "usage".parse().expect("a path");
    let asked: Vec<_> = state.resolves.iter().map(|asked| asked.doubts.clone()).collect();
    assert_eq!(asked, [Doubts::One(path.clone()), Doubts::Below(path), Doubts::All]);
    let sizes: Vec<_> = state.pools.iter().map(|pool| (pool.name.as_str(), pool.size)).collect();
    assert_eq!(sizes, [("api", Some(5)), ("api", None)]);
    assert_eq!(
        (state.breaks[0].lock.as_str(), state.breaks[0].path.as_str()),
        ("prod-db", "migrate")
    );
    assert_eq!(state.events[0].data, Value::from([("id", Value::from("7"))]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_looked_for_reaches_the_daemon() {
    let daemon = Daemon::start(sample::failed());
    let line = "runs --status failed,in_doubt --status queued --since 2d --contains Mount";
    let ended = Rpa::new(daemon.socket(), line).run().await;
    assert_eq!(ended.exit, 0, "{ended:#?}");
    let ended = Rpa::new(daemon.socket(), "runs").run().await;
    assert_eq!(ended.exit, 0, "{ended:#?}");
    let state = daemon.state();
    let [narrow, wide] = &state.lists[..] else { panic!("{:#?}", state.lists) };
    assert_eq!(narrow.statuses, ["failed", "in_doubt", "queued"]);
    assert_eq!(narrow.contains.as_deref(), Some("Mount"));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let ago = now.as_millis() as u64 - narrow.since_ms.expect("a time");
    assert!((172_800_000..172_860_000).contains(&ago), "{ago}");
    assert_eq!((wide.statuses.len(), wide.since_ms, &wide.contains), (0, None, &None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_goes_on_says_so_beside_the_table() {
    let daemon = Daemon::start(sample::failed());
    let ended = Rpa::new(daemon.socket(), "runs").run().await;
    assert_eq!(ended.out.lines().count(), 2, "{}", ended.out);
    assert_eq!(ended.err, "there is more: add --cursor c2\n");
}
