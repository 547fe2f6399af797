//! `rpa check` and `rpa apply`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rpa_ipc::view::{Applied, ProblemView};
use serde_json::json;
use tempfile::TempDir;

use crate::daemon::Daemon;
use crate::rpa::Rpa;
use crate::sample;

const GOOD: &str = "version: 1\nname: disk-report\nsteps:\n  - id: usage\n    run: df -P\n";
const BAD: &str =
    "version: 1\nname: disk-report\nsteps:\n  - id: usage\n    run: df\n    tiemout: 9s\n";

fn files(dir: &TempDir) -> (PathBuf, PathBuf) {
    let (good, bad) = (dir.path().join("good.yaml"), dir.path().join("bad.yaml"));
    fs::write(&good, GOOD).expect("writable");
    fs::write(&bad, BAD).expect("writable");
    (good, bad)
}

#[tokio::test]
async fn a_check_shows_place_line_and_remedy() {
    let dir = tempfile::tempdir().unwrap();
    let (good, bad) = files(&dir);
    let nowhere = Path::new("/nope");
    let ended = Rpa::new(nowhere, "check").arg(&good).arg(&bad).run().await;
    assert_eq!(ended.exit, 2);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines[0], format!("{}: ok (default/disk-report, 1 step)", good.display()));
    let place = format!("{}:6:5: error[RPA0303]: ", bad.display());
    assert!(lines[1].starts_with(&place), "{}", ended.out);
    assert_eq!(lines[2..4], ["  6 |     tiemout: 9s", "    |     ^"]);
    assert!(lines[4].starts_with("  hint: ") && lines[4].contains("timeout"), "{}", ended.out);

    let json = Rpa::new(nowhere, "check --json").arg(&good).arg(&bad).run().await;
    let document = json.json();
    assert_eq!((json.exit, document["error"]["code"].as_str()), (2, Some("RPA0303")));
    let first = json!({
        "file": good, "ok": true, "workflow": "default/disk-report", "steps": 1, "problems": []
    });
    assert_eq!(document["files"][0], first);
    assert_eq!(document["files"][1]["problems"][0]["line"], 6);
}

#[tokio::test]
async fn standard_input_is_a_file_too() {
    let dir = tempfile::tempdir().unwrap();
    let (good, _) = files(&dir);
    let rpa = Rpa::new(Path::new("/nope"), "-n ops check -").stdin(File::open(good).unwrap());
    let ended = rpa.run().await;
    assert_eq!((ended.exit, ended.out.as_str()), (0, "-: ok (ops/disk-report, 1 step)\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_file_keeps_all_from_being_applied() {
    let daemon = Daemon::start(sample::completed());
    let dir = tempfile::tempdir().unwrap();
    let (good, bad) = files(&dir);
    let ended = Rpa::new(daemon.socket(), "apply").arg(&good).arg(&bad).run().await;
    assert_eq!((ended.exit, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("bad.yaml:6:5: error[RPA0303]"), "{}", ended.err);
    let last = "error[RPA0303]: 1 problem in 1 file; nothing was applied\n";
    assert!(ended.err.contains(last), "{}", ended.err);
    assert!(daemon.state().applies.is_empty());
    let json = Rpa::new(daemon.socket(), "apply --json").arg(&good).arg(&bad).run().await.json();
    assert_eq!(
        (json["error"]["code"].as_str(), json["applied"].clone()),
        (Some("RPA0303"), json!([]))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_applied_is_said() {
    let daemon = Daemon::start(sample::completed());
    let dir = tempfile::tempdir().unwrap();
    let (good, _) = files(&dir);
    let accepted = |changed| Applied::Accepted {
        workflow: "default/disk-report".into(),
        revision: 3,
        changed,
        draft: false,
        warnings: Vec::new(),
    };
    daemon.state().applied = vec![accepted(true), accepted(false), accepted(true)];
    let apply = |line| Rpa::new(daemon.socket(), line).arg(&good).run();
    assert_eq!(apply("apply").await.out, "default/disk-report revision 3\n");
    assert_eq!(apply("apply").await.out, "default/disk-report unchanged (revision 3)\n");
    let wanted = json!({"applied": [{
        "file": good, "workflow": "default/disk-report", "revision": 3, "changed": true,
        "draft": false, "warnings": []
    }]});
    assert_eq!(apply("apply --json").await.json(), wanted);
    assert_eq!(daemon.state().applies[0].source, GOOD);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_the_daemon_says_what_was_applied_before() {
    let daemon = Daemon::start(sample::completed());
    let dir = tempfile::tempdir().unwrap();
    let (good, _) = files(&dir);
    let problem = ProblemView {
        code: "RPA0309".into(),
        warning: false,
        file: "good.yaml".into(),
        line: 4,
        column: 5,
        message: "no such task".into(),
        hint: String::new(),
    };
    let accepted = Applied::Accepted {
        workflow: "default/first".into(),
        revision: 1,
        changed: true,
        draft: false,
        warnings: Vec::new(),
    };
    daemon.state().applied = vec![accepted, Applied::Refused { problems: vec![problem] }];
    let ended = Rpa::new(daemon.socket(), "apply").arg(&good).arg(&good).run().await;
    assert_eq!((ended.exit, ended.out.as_str()), (2, "default/first revision 1\n"));
    assert!(ended.err.contains("good.yaml:4:5: error[RPA0309]: no such task"), "{}", ended.err);
    assert!(ended.err.contains("  applied before: default/first\n"), "{}", ended.err);
}
