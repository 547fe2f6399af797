//! The daemon's end against a runner that a test plays.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rpa_engine::{EffectClass, Priority, RunId, Value, WorkflowRef};
use tokio::net::UnixListener;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use super::*;
use crate::rundir::RunDirs;
use crate::runner::socket;
use crate::runner::wire::frames::Receiver;
use crate::runner::wire::greeting::{Hello, Verdict, Welcome};
use crate::runner::wire::{Level, Line, Stream};

const PATIENCE: Duration = Duration::from_secs(60);

fn id(number: u32) -> AttemptId {
    AttemptId { run: RunId(7 << 80), path: "a".parse().unwrap(), number }
}

fn offer(number: u32) -> Offer {
    Offer {
        attempt: id(number),
        workflow: WorkflowRef::parse("w", &"default".parse().unwrap()).unwrap(),
        kind: "shell".into(),
        effect: EffectClass::Unknown,
        priority: Priority::Normal,
        input: Value::Null,
        tainted: Vec::new(),
        idempotency_key: "k".into(),
        inherited: Arc::default(),
        timeout_ms: None,
        grace_ms: 1,
        output_limit: 1,
        log_limit: 1,
        dir_limit: u64::MAX,
    }
}

fn held(number: u32, lines: u64, mark: u64) -> Held {
    Held { attempt: id(number), priority: Priority::Normal, ended: false, lines, mark }
}

fn lines(number: u32, first: u64, texts: &[&str]) -> Report {
    let line =
        |text: &&str| Line { stream: Stream::Out, level: Level::Info, text: (*text).to_owned() };
    let lines = texts.iter().map(line).collect();
    Report::Lines(Arc::new(Batch { attempt: id(number), first, time_ms: 0, lines }))
}

/// The runner's end of a connection.
struct Played {
    sender: Sender<OwnedWriteHalf>,
    receiver: Receiver<OwnedReadHalf>,
}

impl Played {
    async fn accept(listener: &UnixListener, protocol: u16, held: Vec<Held>) -> Played {
        let (stream, _) = listener.accept().await.unwrap();
        let (mut read, mut write) = stream.into_split();
        let hello = Hello::receive(&mut read).await.unwrap();
        let welcome = Welcome {
            protocol,
            verdict: Verdict::Go,
            epoch: hello.epoch,
            pid: 4711,
            build: build::id(),
            release: "9.9.9".into(),
        };
        welcome.send(&mut write).await.unwrap();
        let mut played = Played { sender: Sender::new(write), receiver: Receiver::new(read) };
        played.say(Report::Held(held)).await;
        played
    }

    async fn say(&mut self, report: Report) {
        self.sender.feed(&report).await.unwrap();
        self.sender.flush().await.unwrap();
    }

    async fn hear(&mut self) -> Order {
        let heard = tokio::time::timeout(PATIENCE, self.receiver.next()).await;
        heard.expect("an order in time").unwrap().expect("the daemon is there")
    }
}

fn plan(dir: &Path) -> Plan {
    Plan {
        state_dir: dir.to_owned(),
        instance: [1; 16],
        epoch: 1,
        idle_exit: Duration::ZERO,
        log_filter: "info".into(),
        starts: true,
        offers: true,
    }
}

async fn open(
    dir: &Path,
    protocol: u16,
    held: Vec<Held>,
) -> (Link, Conversation, Played, UnixListener) {
    let listener = socket::bind(dir).unwrap();
    let logs = Arc::new(Logs::new(RunDirs::new(dir), u64::MAX));
    let (opened, played) =
        tokio::join!(Link::open(plan(dir), logs), Played::accept(&listener, protocol, held));
    let (link, first) = opened.unwrap();
    (link, first, played, listener)
}

/// An upgrade: the old runner is let come to its end, and steps run inside meanwhile.
#[tokio::test]
async fn a_runner_of_another_version_is_asked_for_what_it_holds_and_nothing_more() {
    let dir = tempfile::tempdir().unwrap();
    let (link, first, mut played, _listener) =
        open(dir.path(), PROTOCOL + 1, vec![held(1, 0, 0)]).await;
    let following = link.adopt(&first.held[0]);
    let halt = Halt::default();
    let progress = Progress::of(&link, &first.held[0]);
    link.keep(first);
    assert_eq!(played.hear().await, Order::Retire);
    let view = link.view();
    assert!(!view.takes_offers && view.present.is_some_and(|p| p.release == "9.9.9"));
    let other = link.carry_out(offer(2), &halt, || ()).await;
    assert!(matches!(other, Taken::Inside(offer) if offer.attempt == id(2)));
    let old = async {
        assert_eq!(played.hear().await, Order::Ack { attempt: id(1), lines: 0, mark: 0 });
        let outcome = Outcome::Succeeded { output: Value::Null };
        played.say(lines(1, 1, &["one"])).await;
        let Order::Ack { lines: 1, .. } = played.hear().await else { panic!("no ack") };
        played.say(Report::Ended { attempt: id(1), outcome }).await;
    };
    let (taken, ()) = tokio::join!(link.resume(following, &halt, progress), old);
    assert!(matches!(taken, Taken::Ended(Outcome::Succeeded { .. })), "{taken:?}");
    link.confirm(&id(1));
    assert_eq!(played.hear().await, Order::Confirm { attempt: id(1) });
}

/// The connection breaks at every moment; what the log has is not written again.
#[tokio::test]
async fn a_connection_that_breaks_costs_no_line_and_doubles_none() {
    let dir = tempfile::tempdir().unwrap();
    let (link, first, mut played, listener) = open(dir.path(), PROTOCOL, Vec::new()).await;
    link.keep(first);
    let halt = Halt::default();
    let (of_link, of_halt) = (link.clone(), halt.clone());
    let [one, two] = [1, 2].map(|number| {
        let (link, halt) = (of_link.clone(), of_halt.clone());
        tokio::spawn(async move { link.carry_out(offer(number), &halt, || ()).await })
    });
    for _ in 0..2 {
        assert!(matches!(played.hear().await, Order::Offer(_)));
    }
    played.say(lines(1, 1, &["one", "two"])).await;
    let Order::Ack { lines: 2, mark, .. } = played.hear().await else { panic!("no ack") };
    drop(played);

    // the acknowledgement was lost, and the offer of the second with it
    let mut played = Played::accept(&listener, PROTOCOL, vec![held(1, 0, 0)]).await;
    assert_eq!(played.hear().await, Order::Ack { attempt: id(1), lines: 2, mark });
    assert!(matches!(two.await.unwrap(), Taken::Gone));
    played.say(lines(1, 1, &["one", "two", "three"])).await;
    let Order::Ack { lines: 3, .. } = played.hear().await else { panic!("no ack") };
    halt.order(StopReason::Cancel);
    let stop = Order::Stop { attempt: id(1), why: StopReason::Cancel };
    assert_eq!(played.hear().await, stop);
    drop(played);

    // so was the order to stop
    let mut played = Played::accept(&listener, PROTOCOL, vec![held(1, 3, 0)]).await;
    let both = [played.hear().await, played.hear().await];
    assert!(both.contains(&stop) && both.iter().any(|o| matches!(o, Order::Ack { lines: 3, .. })));
    let outcome = Outcome::Stopped { why: StopReason::Cancel };
    played.say(Report::Ended { attempt: id(1), outcome }).await;
    assert!(matches!(one.await.unwrap(), Taken::Ended(Outcome::Stopped { .. })));

    // an end that is not durable yet is not confirmed, whatever the runner says
    drop(played);
    let ended = Held { ended: true, ..held(1, 3, 0) };
    let strays = [Held { ended: true, ..held(8, 0, 0) }, held(9, 4, 5)];
    let all = vec![ended, strays[0].clone(), strays[1].clone()];
    let mut played = Played::accept(&listener, PROTOCOL, all).await;
    assert_eq!(played.hear().await, Order::Confirm { attempt: id(8) });
    let stop = Order::Stop { attempt: id(9), why: StopReason::Cancel };
    assert_eq!(played.hear().await, stop, "nobody waits for it");
    assert_eq!(played.hear().await, Order::Ack { attempt: id(9), lines: 4, mark: 5 });
    link.confirm(&id(1));
    assert_eq!(played.hear().await, Order::Confirm { attempt: id(1) });
    let logs = Logs::new(RunDirs::new(dir.path()), u64::MAX);
    let text = std::fs::read_to_string(logs.path(id(1).run)).unwrap();
    let texts: Vec<_> = text.lines().filter_map(|line| line.split(' ').nth(4)).collect();
    assert_eq!(texts, ["one", "two", "three"]);
}
