//! `http.request`: exchanges that come to an answer.

use std::fs;

use rpa_engine::{ErrorClass, Value};
use rpa_tasks::Footprint;

use crate::server::Server;
use crate::support::{Bench, failed, int, never_started, succeeded, text};

#[tokio::test]
async fn an_answer_is_the_output() {
    let server = Server::start().await;
    let mut bench = Bench::new();
    let query = Value::from([("q", "a b&c".into()), ("n", Value::Int(1))]);
    let headers = Value::from([("X-One", "1".into())]);
    let input = [("url", server.url("/echo?z=0").into()), ("query", query), ("headers", headers)];
    let output = succeeded(bench.run("http.request", input).await);
    let body = text(&output, "body");
    assert!(body.starts_with("GET /echo?z=0&n=1&q=a+b%26c HTTP/1.1\r\n"), "{body}");
    assert!(body.contains("\r\nx-one: 1\r\n"), "{body}");
    assert!(
        body.contains(concat!("\r\nuser-agent: rpad/", env!("CARGO_PKG_VERSION"), "\r\n")),
        "{body}"
    );
    assert!(!body.contains("idempotency-key"), "a GET repeats nothing");
    assert_eq!(int(&output, "status"), 200);
    assert_eq!(int(&output, "bytes"), body.len() as i64);
    assert_eq!(text(&output, "url"), server.url("/echo?z=0&n=1&q=a+b%26c"));
    assert_eq!(text(output.get("headers").unwrap(), "content-type"), "text/plain");
    assert_eq!(output.get("json"), Some(&Value::Null));
    assert_eq!(*bench.marks.footprints.lock().unwrap(), [Footprint::Inside]);
}

#[tokio::test]
async fn bodies_bring_their_type_and_the_key() {
    let server = Server::start().await;
    let mut bench = Bench::new();
    let url = || server.url("/echo").into();
    for (name, value, content_type, body) in [
        ("json", Value::from([("a", Value::Int(1))]), "application/json", "{\"a\":1}"),
        ("form", Value::from([("a", "b c".into())]), "application/x-www-form-urlencoded", "a=b+c"),
        ("body", "as it stands".into(), "", "as it stands"),
    ] {
        let input = [("url", url()), ("method", "post".into()), (name, value)];
        let output = succeeded(bench.run("http.request", input).await);
        let echo = text(&output, "body");
        assert!(echo.starts_with("POST /echo"), "{echo}");
        assert!(echo.ends_with(&format!("\r\n\r\n{body}")), "{echo}");
        assert!(echo.contains("\r\nidempotency-key: key-1\r\n"), "{echo}");
        assert_eq!(echo.contains("\r\ncontent-type: "), !content_type.is_empty());
        assert!(echo.contains(content_type), "{echo}");
    }
    let headers = Value::from([("Idempotency-Key", "mine".into()), ("content-type", "x/y".into())]);
    let input =
        [("url", url()), ("method", "PUT".into()), ("json", Value::Int(1)), ("headers", headers)];
    let output = succeeded(bench.run("http.request", input).await);
    assert!(text(&output, "body").contains("\r\nidempotency-key: mine\r\n"));
    assert!(text(&output, "body").contains("\r\ncontent-type: x/y\r\n"));
}

#[tokio::test]
async fn bodies_are_read_for_what_they_are() {
    let server = Server::start().await;
    let mut bench = Bench::new();
    for (path, body) in [("/latin", "café"), ("/gzip", "hello gzip"), ("/slow", "one two three")] {
        let output = succeeded(bench.run("http.request", [("url", server.url(path).into())]).await);
        assert_eq!(text(&output, "body"), body, "{path}");
    }
    let output =
        succeeded(bench.run("http.request", [("url", server.url("/badjson").into())]).await);
    assert_eq!((text(&output, "body"), output.get("json")), ("{oops", Some(&Value::Null)));
    assert!(bench.warnings()[0].starts_with("the body calls itself JSON but is not JSON"));
    let output =
        succeeded(bench.run("http.request", [("url", server.url("/cookies").into())]).await);
    assert_eq!(text(output.get("headers").unwrap(), "set-cookie"), "a=1, b=2");
}

#[tokio::test]
async fn an_unexpected_status_fails_and_keeps_the_answer() {
    let server = Server::start().await;
    let mut bench = Bench::new();
    let input = [("url", server.url("/status/503?token=s3cret").into())];
    let (class, code, message, output) = failed(bench.run("http.request", input).await);
    assert_eq!((class, code.as_str()), (ErrorClass::Http(503), "RPA0407"));
    let expected = format!("GET {} answered 503 Service Unavailable", server.url("/status/503"));
    assert_eq!(message, expected);
    assert_eq!(text(&output, "body"), "status 503");
    assert_eq!(int(&output, "status"), 503);

    let input = [("url", server.url("/status/429").into())];
    assert_eq!(failed(bench.run("http.request", input).await).0, ErrorClass::RateLimited);
    let input = [("url", server.url("/status/404").into()), ("expect", "2xx, 404".into())];
    assert_eq!(int(&succeeded(bench.run("http.request", input).await), "status"), 404);
}

#[tokio::test]
async fn five_redirects_are_followed_and_no_more() {
    let server = Server::start().await;
    let mut bench = Bench::new();
    let output =
        succeeded(bench.run("http.request", [("url", server.url("/redirect/4").into())]).await);
    assert_eq!(text(&output, "url"), server.url("/echo"));
    assert!(!text(&output, "body").contains("referer"));
    assert_eq!(server.requests(), 6);

    let (class, _, message, _) =
        failed(bench.run("http.request", [("url", server.url("/redirect/5").into())]).await);
    assert_eq!(class, ErrorClass::Http(302));
    assert!(message.contains("that redirect is one too many"), "{message}");
    assert_eq!(server.requests(), 12);

    let input = [
        ("url", server.url("/redirect/1").into()),
        ("follow_redirects", false.into()),
        ("expect", "302".into()),
    ];
    let output = succeeded(bench.run("http.request", input).await);
    assert_eq!(text(output.get("headers").unwrap(), "location"), "/redirect/0");
    let input = [("url", server.url("/to?ftp://example.org/x").into())];
    assert_eq!(failed(bench.run("http.request", input).await).0, ErrorClass::Http(307));
}

/// What a user gives is meant for one peer; another one is not told it, however
/// that peer asks.
#[tokio::test]
async fn headers_and_bodies_stay_with_their_host() {
    let (server, other) = (Server::start().await, Server::start().await);
    let mut bench = Bench::new();
    let away = || server.url(&format!("/to?{}", other.url("/echo")));
    let token = Value::from([("x-api-key", Value::from("secret"))]);
    let with_header = [("url", away().into()), ("headers", token)];
    let with_body = [("url", away().into()), ("method", "PUT".into()), ("body", "x".into())];
    for ended in
        [bench.run("http.request", with_header).await, bench.run("http.request", with_body).await]
    {
        let (class, _, message, _) = failed(ended);
        assert_eq!(class, ErrorClass::Http(307));
        assert!(message.contains("stays with its host"), "{message}");
    }
    assert_eq!(other.requests(), 0);
    succeeded(bench.run("http.request", [("url", away().into())]).await);
    assert_eq!(other.requests(), 1, "a bare request may go on");
}

#[tokio::test]
async fn a_body_can_be_saved_instead() {
    let server = Server::start().await;
    let mut bench = Bench::new();
    bench.ctx.output_limit = 100;
    let big = |path: &str| [("url", server.url("/big/300000").into()), ("save_to", path.into())];
    let output = succeeded(bench.run("http.request", big("big")).await);
    assert_eq!((text(&output, "body"), int(&output, "bytes")), ("", 300_000));
    assert_eq!(fs::read(bench.dir().join("big")).unwrap(), vec![b'x'; 300_000]);

    let (class, code, message, output) =
        failed(bench.run("http.request", [("url", server.url("/big/101").into())]).await);
    assert_eq!((class, code.as_str()), (ErrorClass::InvalidInput, "RPA0412"));
    assert_eq!(message, "the body is larger than 100 bytes; use `save_to`");
    assert_eq!(int(&output, "status"), 200);

    let before = server.requests();
    let (_, code, _) = never_started(bench.run("http.request", big("absent/big")).await);
    assert_eq!(code, "RPA0410");
    assert_eq!(server.requests(), before, "found out before anything was sent");

    let input = [("url", server.url("/status/500").into()), ("save_to", "error".into())];
    let (_, _, _, output) = failed(bench.run("http.request", input).await);
    assert_eq!(text(&output, "body"), "status 500");
    assert_eq!(bench.names(), ["big"]);
}

#[tokio::test]
async fn input_that_cannot_be_sent_is_refused() {
    let mut bench = Bench::new();
    let url: Value = "http://127.0.0.1:1/".into();
    for (name, value) in [
        ("url", "no url".into()),
        ("url", "ftp://example.org/".into()),
        ("url", "unix:/run/x".into()),
        ("method", "BREW".into()),
        ("headers", Value::from([("a b", "1".into())])),
        ("headers", Value::from([("a", "s3cret\n".into())])),
        ("headers", Value::from([("Content-Length", "1".into())])),
        ("timeout", Value::Int(0)),
        ("expect", "fine".into()),
        ("form", Value::from(vec![])),
    ] {
        let what = format!("{name}: {value}");
        let input: Vec<_> = [("url", url.clone()), (name, value)].into();
        let input: [_; 2] = input.try_into().unwrap();
        let (class, code, message) = never_started(bench.run("http.request", input).await);
        assert_eq!((class, code.as_str()), (ErrorClass::InvalidInput, "RPA0409"), "{what}");
        assert!(message.starts_with(&format!("with.{name}")), "{what}: {message}");
        assert!(!message.contains("s3cret"), "{message}");
    }
    let input = [("url", url), ("json", Value::Int(1)), ("body", "x".into())];
    let (_, _, message) = never_started(bench.run("http.request", input).await);
    assert_eq!(message, "with.body: only one of json, form and body can be given");
    assert_eq!(bench.marked(), 0);
}
