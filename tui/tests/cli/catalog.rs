//! The commands about workflows and their revisions.

use std::fs;

use rpa_ipc::view::Applied;
use serde_json::json;

use crate::daemon::Daemon;
use crate::rpa::Rpa;
use crate::sample;

const FILE: &str = "version: 1\nname: disk-report\nsteps: [{id: a, uses: noop}]\n";

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_one_document() {
    let daemon = Daemon::start(sample::completed());
    let table = [
        ("publish disk-report", "/state", json!("live")),
        ("enable disk-report", "/changed", json!(true)),
        ("disable disk-report", "/state_by/who", json!("ann")),
        ("archive ops/disk-report", "/state", json!("archived")),
        ("restore disk-report", "/workflow", json!("default/disk-report")),
        ("history disk-report", "/revisions/0/state", json!("draft")),
        ("history disk-report", "/revisions/1/from/kind", json!("rollback")),
        ("source disk-report", "/revision", json!(3)),
        ("diff disk-report 1 2", "/differs", json!(true)),
        ("diff disk-report 2 2", "/diff", json!("")),
        ("rollback disk-report 2", "/applied/0/revision", json!(4)),
        ("clone disk-report other", "/applied/0/workflow", json!("default/other")),
        ("workflows", "/workflows/0/state", json!("live")),
        ("show 6666", "/workflow_state", json!("live")),
    ];
    for (line, pointer, wanted) in table {
        let ended = Rpa::new(daemon.socket(), line).arg("--json").run().await;
        assert_eq!((ended.exit, ended.err.as_str()), (0, ""), "{line}: {ended:#?}");
        assert_eq!(ended.json().pointer(pointer), Some(&wanted), "{line}: {}", ended.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_text_for_people() {
    let daemon = Daemon::start(sample::completed());
    let table = [
        ("publish disk-report", "default/disk-report revision 3 is live\n"),
        ("enable disk-report", "default/disk-report takes new runs\n"),
        ("disable disk-report", "default/disk-report is disabled: it takes no new runs\n"),
        ("archive disk-report", "default/disk-report is archived\n"),
        ("restore disk-report", "default/disk-report is restored\n"),
        ("history disk-report", "rollback of 1  a higher limit\n"),
        ("source disk-report 2", "version: 1\nname: disk-report\ndescription: 2\n"),
        ("diff disk-report 1 2", "-description: 1\n+description: 2\n"),
        ("rollback disk-report 2", "default/disk-report revision 4\n"),
        ("clone disk-report other", "default/other revision 1\n"),
    ];
    for (line, wanted) in table {
        let ended = Rpa::new(daemon.socket(), line).run().await;
        assert_eq!(ended.exit, 0, "{line}: {ended:#?}");
        assert!(ended.out.contains(wanted), "{line}: {}", ended.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_code_tells_only_when_it_is_asked() {
    let daemon = Daemon::start(sample::completed());
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.yaml");
    fs::write(&file, FILE).unwrap();
    let table = [
        ("diff disk-report 1 2", 0),
        ("diff disk-report 1 2 --exit-code", 1),
        ("diff disk-report 2 2 --exit-code", 0),
        ("plan FILE", 0),
        ("plan FILE --exit-code", 1),
        ("plan FILE --exit-code --json", 1),
        ("plan /nope.yaml --exit-code", 2),
    ];
    for (line, exit) in table {
        let line = line.replace("FILE", file.to_str().unwrap());
        let ended = Rpa::new(daemon.socket(), &line).run().await;
        assert_eq!(ended.exit, exit, "{line}: {ended:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_and_its_note_reach_the_daemon() {
    let daemon = Daemon::start(sample::completed());
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.yaml");
    fs::write(&file, FILE).unwrap();
    let draft = Applied::Accepted {
        workflow: "default/disk-report".into(),
        revision: 4,
        changed: true,
        draft: true,
        warnings: Vec::new(),
    };
    daemon.state().applied = vec![draft];
    let rpa = Rpa::new(daemon.socket(), "apply --draft --note").arg("a higher limit").arg(&file);
    let ended = rpa.run().await;
    assert_eq!((ended.exit, ended.out.as_str()), (0, "default/disk-report revision 4, a draft\n"));
    let state = daemon.state();
    assert_eq!((state.applies[0].draft, state.applies[0].note.as_str()), (true, "a higher limit"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_is_none_never_reaches_the_daemon() {
    let daemon = Daemon::start(sample::completed());
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.tar");
    fs::write(&file, FILE.repeat(50)).unwrap();
    let ended = Rpa::new(daemon.socket(), "import").arg(&file).run().await;
    assert_eq!((ended.exit, ended.out.as_str()), (2, ""));
    assert!(ended.err.starts_with("error[RPA0521]: "), "{}", ended.err);
    let bulgarian = Rpa::new(daemon.socket(), "import --lang bg").arg(&file).run().await;
    assert!(bulgarian.err.contains("не е пакет: "), "{}", bulgarian.err);
    assert!(daemon.state().imports.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_exported_is_imported() {
    let daemon = Daemon::start(sample::completed());
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.tar");
    fs::write(&file, "an older one").unwrap();
    let export = Rpa::new(daemon.socket(), "export --all -o").arg(&file).run().await;
    assert_eq!((export.exit, export.out.as_str()), (0, "default/disk-report revision 3\n"));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    let ended = Rpa::new(daemon.socket(), "import --draft --note moved").arg(&file).run().await;
    assert_eq!((ended.exit, ended.out.as_str()), (0, "default/disk-report revision 1\n"));
    let state = daemon.state();
    let import = &state.imports[0];
    assert_eq!((import.draft, import.dry_run, import.note.as_str()), (true, false, "moved"));
    assert_eq!(import.files[0].file, "workflows/default/disk-report.yaml");
    assert!(import.files[0].source.ends_with("description: 3\n"));
}
