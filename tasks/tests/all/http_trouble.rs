//! `http.request`: exchanges that break, and what may be said about them.

use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rpa_engine::{ErrorClass, Value};
use rpa_tasks::Ended;
use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

use crate::server::{Server, closed_port};
use crate::support::{Bench, lost, never_started, until};

/// Listens and accepts nobody; its queue is full, so that further attempts to
/// connect are not even refused.
struct Deaf {
    address: SocketAddr,
    _listener: OwnedFd,
    _queue: Vec<TcpStream>,
}

impl Deaf {
    fn new() -> Deaf {
        let listener = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        bind(&listener, &SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        listen(&listener, 0).unwrap();
        let address = getsockname(&listener).unwrap().try_into().unwrap();
        let patience = Duration::from_millis(200);
        let queue = std::iter::from_fn(|| TcpStream::connect_timeout(&address, patience).ok());
        Deaf { address, _queue: queue.collect(), _listener: listener }
    }
}

fn post(url: String) -> [(&'static str, Value); 3] {
    [("url", url.into()), ("method", "POST".into()), ("body", "x".into())]
}

#[tokio::test]
async fn without_a_connection_nothing_was_begun() {
    let mut bench = Bench::new();
    let port = closed_port().await;
    let url = format!("http://user:pass@{port}/p?token=s3cret");
    let (class, code, message) = never_started(bench.run("http.request", post(url)).await);
    assert_eq!((class, code.as_str()), (ErrorClass::Connection, "RPA0408"));
    let expected = format!("cannot connect to http://{port}/p: Connection refused (os error 111)");
    assert_eq!(message, expected);

    let url = "http://no-such-host.invalid/".to_owned();
    let (class, _, _) = never_started(bench.run("http.request", post(url)).await);
    assert_eq!(class, ErrorClass::Connection);

    // a server that does not speak TLS
    let server = Server::start().await;
    let url = format!("https://{}/", server.address);
    never_started(bench.run("http.request", post(url)).await);
}

#[tokio::test]
async fn a_peer_that_cannot_be_reached_is_not_one_that_is_silent() {
    let mut bench = Bench::new();
    let deaf = Deaf::new();
    let input = [
        ("url", format!("http://{}/", deaf.address).into()),
        ("method", "POST".into()),
        ("timeout", Value::Int(1000)),
    ];
    let (class, code, _) = never_started(bench.run("http.request", input).await);
    assert_eq!((class, code.as_str()), (ErrorClass::Connection, "RPA0408"));
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_lost() {
    let server = Server::start().await;
    let mut bench = Bench::new();
    let why = lost(bench.run("http.request", post(server.url("/close?t=s3cret"))).await);
    let expected = format!("no answer from {}: ", server.url("/close"));
    assert!(why.starts_with(&expected) && !why.contains("s3cret"), "{why}");

    for (path, expected) in [
        ("/hang", format!("no answer from {} within 300ms", server.url("/hang"))),
        (
            "/stall",
            format!(
                "{} answered 200 OK, but its body did not end within 300ms",
                server.url("/stall")
            ),
        ),
    ] {
        let input = [("url", server.url(path).into()), ("timeout", Value::Int(300))];
        let ended = bench.run("http.request", input).await;
        let after = Duration::from_millis(300);
        assert_eq!(ended, Ended::NoAnswer { after, why: expected });
    }
    let input = [("url", server.url("/broken").into()), ("save_to", "half".into())];
    let why = lost(bench.run("http.request", input).await);
    assert!(why.contains("answered 200 OK, but its body broke off: "), "{why}");
    assert!(bench.names().is_empty(), "half a file is none");
}

#[tokio::test]
async fn after_a_redirect_a_refused_connection_is_no_clean_start() {
    let server = Server::start().await;
    let mut bench = Bench::new();
    let target = format!("/to?http://{}/", closed_port().await);
    let input = [("url", server.url(&target).into())];
    let why = lost(bench.run("http.request", input).await);
    assert!(why.ends_with("Connection refused (os error 111)"), "{why}");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn without_its_record_nothing_is_sent() {
    let server = Server::start().await;
    let mut bench = Bench::new();
    bench.marks.refuse.store(true, Ordering::SeqCst);
    never_started(bench.run("http.request", post(server.url("/echo"))).await);
    bench.marks.refuse.store(false, Ordering::SeqCst);
    bench.ctx.cancel.cancel();
    assert_eq!(bench.run("http.request", post(server.url("/echo"))).await, Ended::Stopped);
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn a_cancel_says_what_is_known() {
    let server = Server::start().await;
    for (method, path, expected) in [
        ("GET", "/hang", Ended::Stopped),
        (
            "POST",
            "/hang",
            Ended::Lost("the request was under way when the step was stopped".into()),
        ),
    ] {
        let mut bench = Bench::new();
        let cancel = bench.ctx.cancel.clone();
        let seen = server.requests();
        let input = [("url", server.url(path).into()), ("method", method.into())];
        let (ended, ()) = tokio::join!(bench.run("http.request", input), async {
            until("the request has come", || server.requests() > seen).await;
            cancel.cancel();
        });
        assert_eq!(ended, expected, "{method}");
    }
}
