//! What strangers try: to send again what was heard, and to keep those who are believed
//! out.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rpa_tests::{Options, World, eventually};
use serde_json::json;

use super::curl::{Answered, answer, base64_of_hex, curl, hmac_hex, now_s, post, secret};
use super::{github, runs, until_accepted, webhook, workflow};

/// A POST that says something else of its type than the one before.
fn post_as(world: &World, kind: &str, path: &str, headers: &[String], body: &str) -> Answered {
    let mut curl = curl(world, path);
    curl.args(["--header", &format!("content-type: {kind}")]);
    for header in headers {
        curl.arg("--header").arg(header);
    }
    answer(curl, body.as_bytes())
}

#[test]
fn what_stripe_signed_is_heard_once_under_whatever_type() {
    let world = World::new();
    let daemon = world.start();
    let keys = "path: in, verify: {scheme: stripe, secrets: [key]}";
    world.apply("hook", &workflow("hook", &[&webhook("hook", keys)]));
    secret(&world, "key", "one");
    let (path, body, at) = ("/hooks/default/in", r#"{"id":"evt_1","n":1}"#, now_s());
    let code = hmac_hex(b"one", &format!("{at}.{body}"));
    let signed = vec![format!("Stripe-Signature: t={at},v1={code}")];
    let first = until_accepted(&world, path, &signed, body).json();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/x+json", ""] {
        let again = post_as(&world, kind, path, &signed, body);
        assert_eq!(again.status, 202, "{kind}: {again:?}");
        let again = again.json();
        assert_eq!((&again["repeated"], &again["run"]), (&json!(true), &first["run"]), "{kind}");
    }
    assert_eq!(runs(&world), 1);
    assert!(daemon.stop().success());
}

#[test]
fn an_id_with_a_time_in_it_is_not_made_a_shorter_one() {
    let world = World::new();
    let daemon = world.start();
    let keys = "path: in, verify: {secrets: [key]}";
    world.apply("hook", &workflow("hook", &[&webhook("hook", keys)]));
    secret(&world, "key", "whsec_Zm9vYmFyYmF6");
    let (path, at) = ("/hooks/default/in", now_s());
    let signed = |id: &str, code: &str| {
        vec![
            format!("webhook-id: {id}"),
            format!("webhook-timestamp: {at}"),
            format!("webhook-signature: v1,{code}"),
        ]
    };
    let code = |text: &str| base64_of_hex(&hmac_hex(b"foobarbaz", text));
    let body = r#"{"n":1}"#;
    until_accepted(&world, path, &signed("m", &code(&format!("m.{at}.{body}"))), body);
    let text = format!("acme.{at}.x7.{at}.{body}");
    let long = post(&world, path, &signed(&format!("acme.{at}.x7"), &code(&text)), body);
    assert_eq!(long.status, 404, "{long:?}");
    let rest = format!("x7.{at}.{body}");
    let short = post_as(&world, "text/plain", path, &signed("acme", &code(&text)), &rest);
    assert_eq!(short.status, 404, "{short:?}");
    let why = world.json(["triggers"])["triggers"][0]["rejected"]["why"].to_string();
    assert!(why.contains("webhook-id"), "people are told: {why}");
    assert_eq!(runs(&world), 1);
    assert!(daemon.stop().success());
}

#[test]
fn a_query_and_headers_are_told_without_what_proves_who_has_sent_them() {
    let world = World::new();
    let daemon = world.start();
    let text = "version: 1\nname: hook\nvariables: {got: {type: json, default: null}}\n\
                triggers:\n  - webhook: {path: in, verify: none}\n    \
                vars: {got: \"{{ [trigger.query, trigger.headers] }}\"}\n\
                steps: [{id: s, uses: noop}]\noutputs: {got: \"{{ vars.got }}\"}\n";
    world.apply("hook", text);
    let headers = ["x-auth-key: s3cret", "cf-access-jwt-assertion: s3cret", "x-event-key: push"];
    let headers = headers.map(str::to_owned);
    let path = "/hooks/default/in?token=s3cret&to%6ben=s3cret&page=2";
    let answered = until_accepted(&world, path, &headers, "1");
    let got = super::got(&world, &answered);
    assert_eq!((&got[0], &got[1]["x-event-key"]), (&json!({"page": "2"}), &json!("push")));
    assert!(!got.to_string().contains("s3cret"), "{got}");
    let deliveries = world.json(["deliveries", "hook"]).to_string();
    assert!(!deliveries.contains("s3cret"), "{deliveries}");
    assert!(daemon.stop().success());
}

/// A stranger at the network, with the head of a request and as much of its body.
fn begin(address: &str, sent: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = "POST /hooks/default/nobody HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    // one that is refused meanwhile is closed
    let _ = stream.write_all(&vec![b'x'; sent]);
    stream
}

/// The line that a stranger is answered, if it is within a time; of one that was hung up on
/// nothing may be left of it.
fn answered(stream: &mut TcpStream, within: Duration) -> Option<String> {
    stream.set_read_timeout(Some(within)).unwrap();
    let mut line = [0; 12];
    match stream.read_exact(&mut line) {
        Ok(()) => Some(String::from_utf8_lossy(&line).into_owned()),
        Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => None,
        Err(e) => Some(e.to_string()),
    }
}

#[test]
fn strangers_at_the_network_keep_nobody_from_the_socket() {
    let world = World::new();
    let settings = "[http]\nlisten = \"127.0.0.1:0\"\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    let keys = "path: in, verify: {scheme: github, secrets: [key]}, max_body: 1MiB";
    world.apply("hook", &workflow("hook", &[&webhook("hook", keys)]));
    secret(&world, "key", "one");
    until_accepted(&world, "/hooks/default/in", &github("one", "0"), "0");
    let places = world.json(["status"])["http"].clone();
    let address = places[1].as_str().expect("an address").to_owned();
    let mut idle = begin(&address, 10);
    // each has sent enough to be heard for half a minute
    let mut strangers = Vec::new();
    eventually("all places of the network are taken", || {
        let mut stranger = begin(&address, 900_000);
        let refused = answered(&mut stranger, Duration::from_millis(100)).is_some();
        strangers.push(stranger);
        refused.then_some(())
    });
    assert!(strangers.len() > 32, "{}", strangers.len());
    let large = format!("\"{}\"", "x".repeat(500_000));
    let believed = post(&world, "/hooks/default/in", &github("one", &large), &large);
    assert_eq!(believed.status, 202, "{believed:?}");
    // whoever begins and does not go on is sent away in seconds
    let sent_away = answered(&mut idle, Duration::from_secs(15));
    assert_eq!(sent_away.as_deref(), Some("HTTP/1.1 408"));
    assert!(daemon.stop().success());
}
