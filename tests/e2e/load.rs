//! More than there is room for: what is acknowledged is kept, what is not is told to try
//! again, and who does not read or writes without end slows nobody.

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use futures::future::join_all;
use rpa_ipc::client::{Client, flatten, within};
use rpa_ipc::codec;
use rpa_ipc::hello::{PROTOCOL, Via};
use rpa_ipc::service::{FollowRequest, LogQuery, RpadRequest, RunRef, RunsQuery, SubmitRequest};
use rpa_ipc::{Fault, FaultCode};
use rpa_tests::{Options, World, eventually};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tarpc::{ClientMessage, Request, context};

const NOOP: &str = "version: 1\nname: noop\nsteps:\n  - {id: s, uses: noop}\n";
const DEADLINE: Duration = Duration::from_secs(120);

fn submission(n: usize) -> SubmitRequest {
    SubmitRequest {
        namespace: "default".parse().unwrap(),
        workflow: "noop".into(),
        variables: Vec::new(),
        request_id: format!("load-{n}"),
    }
}

/// Ids of all runs there are.
async fn all_runs(client: &Client) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut cursor = None;
    loop {
        let query = RunsQuery { cursor, ..RunsQuery::of("default".parse().unwrap()) };
        let page = flatten(client.rpc.runs(within(DEADLINE), query).await).unwrap();
        found.extend(page.items.iter().map(|run| run.run.to_string()));
        cursor = page.next;
        if cursor.is_none() {
            return found;
        }
    }
}

/// Ten thousand at once over 200 connections, and a kill when the last has its answer.
#[test]
fn of_ten_thousand_submissions_at_once_none_that_was_acknowledged_is_lost() {
    const CLIENTS: usize = 200;
    const EACH: usize = 50;
    let world = World::new();
    let daemon = world.start();
    world.apply("noop", NOOP);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let socket = world.socket();
    let answers: Vec<Result<String, Fault>> = runtime.block_on(async {
        let clients = join_all((0..CLIENTS).map(|_| Client::connect(&socket, Via::Cli))).await;
        let clients: Vec<Client> = clients.into_iter().map(Result::unwrap).collect();
        let submit = async |n: usize| {
            let rpc = &clients[n % CLIENTS].rpc;
            let started = flatten(rpc.submit(within(DEADLINE), submission(n)).await)?;
            Ok(started.run.to_string())
        };
        join_all((0..CLIENTS * EACH).map(submit)).await
    });
    daemon.kill();
    let refused: Vec<&Fault> = answers.iter().filter_map(|a| a.as_ref().err()).collect();
    for fault in &refused {
        assert_eq!(fault.code, FaultCode::Busy, "{fault}");
        assert_eq!(fault.code.exit(), 75);
    }
    let accepted: HashSet<String> = answers.iter().flatten().cloned().collect();
    assert_eq!(accepted.len() + refused.len(), CLIENTS * EACH, "each has an answer of its own");
    assert!(accepted.len() >= CLIENTS, "{} accepted", accepted.len());

    let daemon = world.start();
    runtime.block_on(async {
        let client = Client::connect(&socket, Via::Cli).await.unwrap();
        let there = all_runs(&client).await;
        let lost: Vec<&String> = accepted.difference(&there).collect();
        assert!(lost.is_empty(), "{} were acknowledged and are lost", lost.len());
        // who was turned away tries again, with the same request
        for (n, answer) in answers.iter().enumerate().filter(|(_, a)| a.is_err()).take(50) {
            let call = client.rpc.submit(within(DEADLINE), submission(n)).await;
            let started = flatten(call).unwrap();
            assert!(!started.repeated, "{answer:?} was not to be acted on");
        }
        // and who was not is known
        let (n, run) = answers.iter().enumerate().find(|(_, a)| a.is_ok()).unwrap();
        let again = flatten(client.rpc.submit(within(DEADLINE), submission(n)).await).unwrap();
        assert_eq!((again.run.to_string(), again.repeated), (run.clone().unwrap(), true));
    });
    assert!(daemon.stop().success());
}

#[test]
fn connections_are_bounded_and_given_back() {
    let world = World::new();
    let daemon = world.start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let socket = world.socket();
    runtime.block_on(async {
        let connect = || Client::connect(&socket, Via::Cli);
        let clients: Vec<_> = join_all((0..400).map(|_| connect())).await;
        let (taken, refused): (Vec<_>, Vec<_>) = clients.into_iter().partition(Result::is_ok);
        assert_eq!((taken.len(), refused.len()), (256, 144));
        for fault in refused.into_iter().filter_map(Result::err) {
            assert_eq!((fault.code, fault.code.exit()), (FaultCode::Busy, 75), "{fault}");
        }
    });
    // with what it drives go the connections
    drop(runtime);
    eventually("seats are given back", || (world.rpa(["status"]).code == 0).then_some(()));
    assert!(daemon.stop().success());
}

/// A connection that was greeted, for the mode of that number.
fn greeted(socket: &Path, mode: u8) -> UnixStream {
    let mut stream = UnixStream::connect(socket).unwrap();
    let [low, high] = PROTOCOL.to_le_bytes();
    stream.write_all(&[b'R', b'P', b'A', b'D', low, high, mode, 0]).unwrap();
    stream
}

fn send(stream: &mut UnixStream, frame: &[u8]) -> std::io::Result<()> {
    stream.write_all(&u32::try_from(frame.len()).unwrap().to_be_bytes())?;
    stream.write_all(frame)
}

/// Waits until the daemon has hung up, without reading a byte.
fn hung_up(stream: &UnixStream) -> bool {
    let mut fds = [PollFd::new(stream, PollFlags::empty())];
    let at_most = Timespec { tv_sec: 60, tv_nsec: 0 };
    poll(&mut fds, Some(&at_most)).unwrap();
    fds[0].revents().contains(PollFlags::HUP)
}

fn anonymous_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The longest of some calls, made one after the other.
fn slowest_status(world: &World, calls: usize) -> Duration {
    let time = |_| {
        let begun = Instant::now();
        assert_eq!(world.rpa(["status"]).code, 0);
        begun.elapsed()
    };
    (0..calls).map(time).max().unwrap()
}

#[test]
fn who_does_not_read_is_cut_off_and_slows_nobody() {
    let world = World::new();
    let daemon = world.start();
    // 30 MB of log: more than all buffers of a connection
    world.apply(
        "loud",
        "version: 1\nname: loud\nsteps:\n  \
         - {id: s, run: 'yes \"a line of some length, so that it is not too many\" | head -c 30000000; echo'}\n",
    );
    world.apply("noop", NOOP);
    let run = world.submit(["loud"]);
    world.until(&run, "completed");
    let before = anonymous_kib(daemon.pid());

    let mut logs = greeted(&world.socket(), 1);
    let run_ref = RunRef { namespace: "default".parse().unwrap(), id: run };
    let query = LogQuery { run: run_ref, from: 0, max: 10_000, step: None };
    send(&mut logs, &codec::encode(&FollowRequest { query: query.clone() }).unwrap()).unwrap();
    let mut calls = greeted(&world.socket(), 0);
    for id in 0..200 {
        let request = Request {
            context: context::current(),
            id,
            message: RpadRequest::LogPage { query: query.clone() },
        };
        let frame = codec::encode(&ClientMessage::Request(request)).unwrap();
        // once its own buffer is full it need not say more
        calls.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
        if send(&mut calls, &frame).is_err() {
            break;
        }
    }
    let mut backup = greeted(&world.socket(), 2);
    let request = rpa_ipc::backup::BackupRequest { history: true };
    send(&mut backup, &codec::encode(&request).unwrap()).unwrap();
    assert!(slowest_status(&world, 20) < Duration::from_secs(5));
    for _ in 0..20 {
        assert_eq!(world.rpa(["run", "noop", "--wait"]).code, 0);
    }
    let grown = anonymous_kib(daemon.pid()).saturating_sub(before);
    assert!(grown < 100 * 1024, "{grown} KiB for three who do not read");
    assert!(hung_up(&logs), "the log stream is cut off");
    assert!(hung_up(&calls), "the calls are cut off");
    assert!(daemon.stop().success());
    drop(backup);
}

#[test]
fn a_step_that_prints_without_end_is_bounded() {
    let world = World::new();
    let settings = "[runs]\nlog_limit = \"1MiB\"\noutput_limit = \"64KiB\"\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    world.apply("noop", NOOP);
    world.apply(
        "flood",
        "version: 1\nname: flood\nsteps:\n  - {id: s, run: 'yes \"some text that is printed again and again\"'}\n",
    );
    let run = world.submit(["flood"]);
    let log_of = |run: &str| world.show(run)["log"]["path"].as_str().unwrap().to_owned();
    eventually("the log is full", || {
        let log = fs::read_to_string(log_of(&run)).unwrap_or_default();
        log.ends_with("what follows is not kept\n").then_some(())
    });
    assert!(slowest_status(&world, 20) < Duration::from_secs(5));
    for _ in 0..5 {
        assert_eq!(world.rpa(["run", "noop", "--wait"]).code, 0);
    }
    let kib = anonymous_kib(daemon.pid());
    assert!(kib < 150 * 1024, "{kib} KiB");
    assert!(fs::metadata(log_of(&run)).unwrap().len() < (1 << 20) + (64 << 10));
    assert_eq!(world.rpa(["cancel", &run]).code, 0);
    world.until(&run, "cancelled");
    assert!(daemon.stop().success());
}

#[test]
fn a_step_that_fills_its_directory_is_ended() {
    let world = World::new();
    let settings = "[runs]\ndir_limit = \"1MiB\"\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    // ended while it writes, and it is not tried again
    let endless = "version: 1\nname: endless\nsteps:\n  \
        - {id: s, retry: {attempts: 3, delay: 0s}, run: 'while true; do head -c 100000 /dev/zero >> big; sleep 0.01; done'}\n";
    let shown = world.ended("endless", endless);
    assert_eq!(shown["status"], "failed", "{shown:#}");
    assert_eq!(shown["error"]["code"], "RPA0440", "{shown:#}");
    assert_eq!(shown["steps"][0]["attempts"], 1);
    // found when it has ended, however fast it was
    let fast = "version: 1\nname: fast\nsteps:\n  \
        - {id: s, run: 'head -c 3000000 /dev/zero > big'}\n  - {id: t, uses: noop}\n";
    let shown = world.ended("fast", fast);
    assert_eq!(shown["error"]["code"], "RPA0440", "{shown:#}");
    let bulgarian = world.rpa(["--lang", "bg", "show", shown["run"].as_str().unwrap()]).stdout;
    assert!(bulgarian.contains("работните директории на изпълнението"), "{bulgarian}");
    let small =
        "version: 1\nname: small\nsteps:\n  - {id: s, run: 'head -c 100000 /dev/zero > a'}\n";
    assert_eq!(world.ended("small", small)["status"], "completed");
    assert!(daemon.stop().success());
}
