//! What goes wrong, in text and in JSON, with its exit code.

use std::path::Path;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;

use crate::daemon::Daemon;
use crate::rpa::Rpa;
use crate::sample;

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_the_daemon_has_its_code_and_exit() {
    let daemon = Daemon::start(sample::completed());
    let table = [
        ("run nope", 2, "RPA0501"),
        ("show ffff", 2, "RPA0502"),
        ("cancel ffff", 2, "RPA0502"),
        ("logs ffff", 2, "RPA0502"),
        ("logs ffff -f", 2, "RPA0502"),
        ("runs --cursor x", 2, "RPA0510"),
        ("run disk-report --var day --var day=1 --var day=2", 2, "RPA0505"),
        ("run disk-report --vars-file /nope", 2, "RPA0505"),
        ("resolve 6666 usage fail --output a=b", 2, "RPA0002"),
        ("apply /nope.yaml", 2, "RPA0301"),
        ("check /nope.yaml", 2, "RPA0301"),
        ("tasks nope", 2, "RPA0512"),
        ("explain RPA9999", 2, "RPA0511"),
        ("man /dev/null/x", 74, "RPA0003"),
        ("jobs", 2, "RPA0002"),
        ("runs --limit 0", 2, "RPA0002"),
        ("", 2, "RPA0002"),
    ];
    for (line, exit, code) in table {
        let json = Rpa::new(daemon.socket(), line).arg("--json").run().await;
        assert_eq!(json.exit, exit, "{line}: {json:#?}");
        let document = json.json();
        let error = &document["error"];
        assert_eq!(error["code"], code, "{line}: {json:#?}");
        assert!(error["message"].as_str().is_some_and(|m| !m.is_empty()), "{line}: {json:#?}");
        assert!(error["hint"].is_string() && error["context"].is_object(), "{line}: {json:#?}");
        assert_eq!(json.err, "", "{line}");
        let text = Rpa::new(daemon.socket(), line).run().await;
        assert_eq!(text.exit, exit, "{line}: {text:#?}");
    }
    let several = Rpa::new(daemon.socket(), "run disk-report --var day --var a-b=1").run().await;
    assert_eq!(
        several.err,
        "error[RPA0505]: 2 values cannot be used\n  day: has no `=`\n  \
         a-b: the name has a hyphen, which an expression reads as a minus; write \"a_b\"\n  \
         hint: write NAME=VALUE, or NAME=@FILE for the content of a file\n  \
         see: rpa explain RPA0505\n"
    );
    assert!(daemon.state().submits.is_empty(), "nothing was started");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_of_another_version_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("rpad.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // all that a client of every version sends
        let mut hello = [0u8; 6];
        stream.read_exact(&mut hello).await.unwrap();
        stream.write_all(b"RPAD\x63\x00\x01").await.unwrap();
    });
    let ended = Rpa::new(&socket, "status").run().await;
    assert_eq!(ended.exit, 69);
    let ours = rpa_ipc::hello::PROTOCOL;
    let wanted = format!("error[RPA0102]: this client speaks protocol {ours}, the daemon 99\n");
    assert!(ended.err.starts_with(&wanted), "{}", ended.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_option_stands_over_the_environment() {
    let daemon = Daemon::start(sample::completed());
    let ended = Rpa::new(Path::new("/nope"), "status --json --socket").arg(daemon.socket());
    assert_eq!(ended.run().await.json()["state"], "ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_environment_counts_as_none() {
    let daemon = Daemon::start(sample::completed());
    let rpa = Rpa::new(Path::new(""), "status --socket").arg(daemon.socket());
    assert_eq!(rpa.env("RPA_NAMESPACE", "").run().await.exit, 0);
    let home = tempfile::tempdir().unwrap();
    let rpa = Rpa::new(Path::new(""), "status").env("HOME", &home.path().display().to_string());
    let ended = rpa.run().await;
    assert_ne!(ended.exit, 2, "{ended:#?}");
}
