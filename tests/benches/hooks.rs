//! `webhook_p99`: a signed POST of half a KiB until its 202, with 64 clients that each send
//! the next one when they have an answer; `webhook_rate`: how many a second those are.
//!
//! The limit of the first is a round trip and a single commit at the same percentile, of an
//! idle machine; that of the second what redb writes a second, when 64 rows share a commit:
//! a delivery writes its row, its id, its run and its first step.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use futures::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

use crate::limits::{database, redb_commits, redb_writes, round_trips};
use crate::site::{Ask, HERE, Site, connect, runtime};
use crate::statistics::{ms, percentile, rate};
use crate::table::{Figure, Target};

const CLIENTS: u32 = 64;
const TIME: Duration = Duration::from_secs(5);
/// Before what counts.
const WARM_UP: Duration = Duration::from_secs(1);
const SECRET: &[u8] = b"a secret of the bench";
const WORKFLOW: &str = "version: 1\nname: hook\n\
    triggers: [{webhook: {path: in, verify: {scheme: github, secrets: [key]}}}]\n\
    steps: [{id: only, uses: noop}]\n";
/// For the limits.
const SAMPLES: u64 = 1000;

pub fn webhook() -> Vec<Figure> {
    let site = Site::start();
    let socket = site.world.path().join("http.sock");
    runtime().block_on(async {
        let mut trips = round_trips(SAMPLES as usize).await;
        let mut commits = redb_commits(&database(site.world.path()), SAMPLES);
        let rows = redb_writes(site.world.path(), u64::from(CLIENTS));
        let client = connect(site.daemon.socket()).await;
        secret(&site.world.state().join("secrets"));
        client.apply(HERE, WORKFLOW).await;
        heard(&socket).await;
        let begin = Instant::now() + WARM_UP;
        let seen = join_all((0..CLIENTS).map(|number| sender(&socket, number, begin))).await;
        let mut times = seen.concat();
        let a_second = rate(times.len() as u64, TIME);
        let limit = percentile(&mut trips, 99) + percentile(&mut commits, 99);
        let p99 = percentile(&mut times, 99);
        vec![
            Figure::new("webhook_p99", p99, "ms", limit, Target::AtMost(30.0)),
            Figure::new("webhook_rate", a_second, "deliveries/s", rows, Target::AtLeast(2000.0)),
        ]
    })
}

fn secret(dir: &Path) {
    std::fs::create_dir_all(dir).expect("a directory of secrets");
    let closed = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("its mode");
    };
    closed(dir, 0o700);
    let key = dir.join("key");
    std::fs::write(&key, SECRET).expect("a secret");
    closed(&key, 0o400);
}

/// Until the path is known, which it is a moment after the workflow.
async fn heard(socket: &Path) {
    let mut stream = connection(socket).await;
    let mut number = 0;
    while send(&mut stream, CLIENTS, number).await != 202 {
        number += 1;
    }
}

async fn connection(socket: &Path) -> BufReader<UnixStream> {
    BufReader::new(UnixStream::connect(socket).await.expect("the HTTP server"))
}

/// The times of its deliveries, of those that count.
async fn sender(socket: &Path, client: u32, begin: Instant) -> Vec<f64> {
    let mut stream = connection(socket).await;
    let mut times = Vec::new();
    for number in 0.. {
        let start = Instant::now();
        if start >= begin + TIME {
            break;
        }
        assert_eq!(send(&mut stream, client, number).await, 202);
        if start >= begin {
            times.push(ms(start.elapsed()));
        }
    }
    times
}

/// One delivery, which is like no other; its status.
async fn send(stream: &mut BufReader<UnixStream>, client: u32, number: u64) -> u16 {
    let filler = "x".repeat(450);
    let body = format!("{{\"client\":{client},\"number\":{number},\"filler\":\"{filler}\"}}");
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("any length");
    mac.update(body.as_bytes());
    let code: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
    let request = format!(
        "POST /hooks/default/in HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n\
         x-hub-signature-256: sha256={code}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("a request");
    let (mut line, mut status, mut length) = (String::new(), 0, 0);
    loop {
        line.clear();
        stream.read_line(&mut line).await.expect("an answer");
        match line.trim_end().split_once([' ', ':']) {
            Some(("HTTP/1.1", rest)) => {
                status = rest.split(' ').next().and_then(|s| s.parse().ok()).expect("a status");
            }
            Some(("content-length", text)) => length = text.trim().parse().expect("a length"),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.expect("a body");
    status
}
