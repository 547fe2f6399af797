//! The commands that need no daemon.

use std::path::Path;

use crate::rpa::{Ended, Rpa};

async fn rpa(line: &str) -> Ended {
    Rpa::new(Path::new("/nope"), line).run().await
}

#[tokio::test]
async fn a_code_is_explained() {
    let ended = rpa("explain 101").await;
    assert_eq!(ended.exit, 0);
    assert!(ended.out.starts_with("RPA0101: the daemon does not answer\n\n"), "{}", ended.out);
    assert!(ended.out.ends_with("\nexit code 69\n"), "{}", ended.out);
    let json = rpa("explain RPA0101 --json").await.json();
    assert_eq!((json["code"].as_str(), json["exit"].as_u64()), (Some("RPA0101"), Some(69)));
    let all = rpa("explain --json").await.json();
    let listed = all["faults"].as_array().map(Vec::len);
    assert_eq!(listed, Some(rpa_ipc::FaultCode::ALL.len()));
}

#[tokio::test]
async fn tasks_are_listed_and_shown() {
    let list = rpa("tasks").await;
    assert!(list.out.contains("http.request") && list.exit == 0, "{list:#?}");
    let one = rpa("tasks http.request").await;
    for wanted in ["  url: string, required\n", "\noutputs\n", "  uses: http.request\n"] {
        assert!(one.out.contains(wanted), "{wanted}: {}", one.out);
    }
    let json = rpa("tasks http.request --json").await.json();
    assert_eq!(json["kind"], "http.request");
    assert!(json["inputs"].as_array().is_some_and(|inputs| !inputs.is_empty()));
    let json = rpa("tasks --json").await.json();
    assert!(json["tasks"].as_array().is_some_and(|tasks| tasks.len() > 3));
    assert!(json["next"].is_null());
}

#[tokio::test]
async fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let ended = rpa(&format!("completions {shell}")).await;
        assert_eq!(ended.exit, 0);
        assert!(ended.out.contains("RPA_COMPLETE"), "{shell}");
        let asked = Rpa::new(Path::new("/nobody"), "-- rpa run --req");
        let asked = asked.env("RPA_COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", "2").run().await;
        assert_eq!((asked.exit, asked.err.as_str()), (0, ""), "{shell}");
        assert!(asked.out.contains("--request-id"), "{shell}: {}", asked.out);
    }
    assert_eq!(rpa("completions bash --json").await.json()["shell"], "bash");
}

#[tokio::test]
async fn a_manual_page_for_every_command() {
    let dir = tempfile::tempdir().unwrap();
    let line = format!("man {}", dir.path().display());
    let json = rpa(&format!("{line} --json")).await.json();
    let pages = json["pages"].as_array().unwrap();
    assert!(pages.iter().any(|page| page == "rpa-run.1"));
    assert!(!pages.iter().any(|page| page == "rpa.1"), "that one is written by hand");
    for page in pages {
        let text = std::fs::read_to_string(dir.path().join(page.as_str().unwrap())).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{page}");
        assert!(text.contains("namespace"), "{page} has no global options");
    }
    assert!(!pages.iter().any(|page| page == "rpa-man.1"), "hidden");
    let run = std::fs::read_to_string(dir.path().join("rpa-run.1")).unwrap();
    assert!(run.contains(".SH EXIT STATUS"), "{run}");
}

#[tokio::test]
async fn help_and_version_are_no_errors() {
    for line in ["--help", "run --help", "--version", "--help --json"] {
        let ended = rpa(line).await;
        assert_eq!((ended.exit, ended.err.as_str()), (0, ""), "{line}");
        assert!(!ended.out.is_empty());
    }
    let ended = rpa("runs --limit x").await;
    assert_eq!(ended.exit, 2);
    assert!(ended.err.starts_with("error: invalid value 'x'"), "{}", ended.err);
}
