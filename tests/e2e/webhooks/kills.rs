//! Each delivery that was acknowledged has its run, and none has two, whenever the daemon
//! is killed: a sender that was not answered sends again, under the same id.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use rpa_tests::{Random, World, eventually};
use serde_json::Value;

use super::curl::http_socket;

const SENDERS: usize = 8;
/// Acknowledged deliveries at which no more are sent.
const ENOUGH: u64 = 1_000;
const LEAST_KILLS: u32 = 6;
/// How long one life lasts, at most; long enough for some to be acknowledged.
const LIFE_MS: u64 = 400;
/// Between two tries of one delivery.
const PAUSE: Duration = Duration::from_millis(5);

/// What all senders know.
#[derive(Default)]
struct Sent {
    next: AtomicU64,
    acknowledged: AtomicU64,
    stop: AtomicBool,
    /// The run that each delivery was told of.
    told: Mutex<BTreeMap<u64, String>>,
    /// Answers that name what was acknowledged before.
    repeated: AtomicU64,
}

/// A connection that is kept as long as the daemon keeps it.
fn send(connection: &mut Option<BufReader<UnixStream>>, socket: &Path, id: u64) -> Option<Value> {
    if connection.is_none() {
        *connection = UnixStream::connect(socket).ok().map(BufReader::new);
    }
    let stream = connection.as_mut()?;
    let body = format!("{{\"id\":{id}}}");
    let request = format!(
        "POST /hooks/default/in HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         idempotency-key: {id}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answered = stream.get_mut().write_all(request.as_bytes()).ok().and_then(|()| read(stream));
    if answered.is_none() {
        *connection = None;
    }
    let (status, document) = answered?;
    // what is not known yet after a start, or cannot be taken now, is sent again
    assert!([202, 404, 503].contains(&status), "{status}: {document}");
    (status == 202).then_some(document)
}

fn read(stream: &mut BufReader<UnixStream>) -> Option<(u16, Value)> {
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
    let status = line.split(' ').nth(1)?.parse().ok()?;
    let mut length = 0;
    loop {
        line.clear();
        stream.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
        match line.trim_end().split_once(": ") {
            Some(("content-length", text)) => length = text.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some((status, serde_json::from_slice(&body).ok()?))
}

/// Sends one delivery after the other, each until it is acknowledged.
fn sender(sent: &Sent, socket: &Path) {
    let mut connection = None;
    while !sent.stop.load(Ordering::SeqCst) {
        let id = sent.next.fetch_add(1, Ordering::SeqCst);
        let document = loop {
            match send(&mut connection, socket, id) {
                Some(document) => break document,
                None => sleep(PAUSE),
            }
        };
        if document["repeated"] == true {
            sent.repeated.fetch_add(1, Ordering::SeqCst);
        }
        let run = document["run"].as_str().unwrap_or_else(|| panic!("{document}")).to_owned();
        sent.told.lock().unwrap().insert(id, run);
        sent.acknowledged.fetch_add(1, Ordering::SeqCst);
    }
}

/// All runs, each with the id of its delivery.
fn runs(world: &World) -> BTreeMap<String, String> {
    let (mut runs, mut cursor) = (BTreeMap::new(), None::<String>);
    loop {
        let mut args = vec!["runs", "--limit", "500"];
        args.extend(cursor.iter().flat_map(|cursor| ["--cursor", cursor.as_str()]));
        let page = world.json(args);
        for run in page["runs"].as_array().expect("runs") {
            let id = run["run"].as_str().expect("an id").to_owned();
            runs.insert(id, run["status"].as_str().expect("a status").to_owned());
        }
        cursor = page["next"].as_str().map(str::to_owned);
        if cursor.is_none() {
            return runs;
        }
    }
}

#[test]
fn each_acknowledged_delivery_has_one_run_whenever_the_daemon_is_killed() {
    let world = World::new();
    let mut random = Random::from_env();
    let mut daemon = world.start();
    world.apply(
        "hook",
        "version: 1\nname: hook\ntriggers: [{webhook: {path: in, verify: none}}]\n\
         steps: [{id: s, uses: noop}]\n",
    );
    let (sent, socket) = (Arc::new(Sent::default()), http_socket(&world));
    let senders: Vec<_> = (0..SENDERS)
        .map(|_| {
            let (sent, socket) = (sent.clone(), socket.clone());
            std::thread::spawn(move || sender(&sent, &socket))
        })
        .collect();
    let mut kills = 0;
    while kills < LEAST_KILLS || sent.acknowledged.load(Ordering::SeqCst) < ENOUGH {
        let before = sent.acknowledged.load(Ordering::SeqCst);
        eventually("a delivery is acknowledged", || {
            (sent.acknowledged.load(Ordering::SeqCst) > before).then_some(())
        });
        sleep(Duration::from_millis(random.below(LIFE_MS)));
        daemon.kill_alone();
        kills += 1;
        daemon = world.start();
    }
    sent.stop.store(true, Ordering::SeqCst);
    for sender in senders {
        sender.join().expect("a sender");
    }
    let told = sent.told.lock().unwrap();
    let runs = eventually("all runs have ended", || {
        let runs = runs(&world);
        runs.values().all(|status| status == "completed").then_some(runs)
    });
    let repeated = sent.repeated.load(Ordering::SeqCst);
    println!("{} deliveries, {kills} kills, {repeated} answered again", told.len());
    for (id, run) in told.iter() {
        assert!(runs.contains_key(run), "delivery {id} was acknowledged, and {run} is lost");
    }
    let of: std::collections::BTreeSet<&String> = told.values().collect();
    assert_eq!(of.len(), told.len(), "two deliveries have one run");
    assert_eq!(runs.len(), told.len(), "a delivery has two runs");
    assert!(daemon.stop().success());
}
