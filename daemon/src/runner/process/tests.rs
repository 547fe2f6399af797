//! A runner without a process: daemons come and go over pipes in memory.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rpa_engine::{
    AttemptId, EffectClass, Outcome, Priority, RunId, StopReason, Value, WorkflowRef,
};
use rpa_tasks::{NobodyListens, Registry};
use tokio::io::{DuplexStream, ReadHalf, WriteHalf, duplex, split};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::floor::{Floor, Leave};
use super::outlet::{Outlet, WINDOW};
use super::{keep, session};
use crate::rundir::RunDirs;
use crate::runner::wire::frames::{Receiver, Sender};
use crate::runner::wire::greeting::{Hello, PROTOCOL, Verdict, Welcome};
use crate::runner::wire::{Batch, Held, Level, Line, Offer, Order, Report, Stream};
use crate::runner::work::Place;

const OURS: [u8; 16] = [1; 16];
const OTHERS: [u8; 16] = [2; 16];

fn id(number: u32) -> AttemptId {
    AttemptId { run: RunId(7 << 80), path: "a".parse().unwrap(), number }
}

fn floor(dir: &Path) -> Floor {
    let keep_dir = dir.join("runner");
    fs::create_dir_all(&keep_dir).unwrap();
    let place = Place {
        registry: Arc::new(Registry::builtin()),
        publisher: Arc::new(NobodyListens),
        dirs: RunDirs::new(dir),
    };
    let kept = keep::load(&keep_dir).unwrap();
    Floor::new(place, keep_dir, kept, Handle::current())
}

fn offer(number: u32, command: &str) -> Order {
    let with = Value::from([("command", Value::from(command))]);
    Order::Offer(Box::new(Offer {
        attempt: id(number),
        workflow: WorkflowRef::parse("w", &"default".parse().unwrap()).unwrap(),
        kind: "shell".into(),
        effect: EffectClass::Unknown,
        priority: Priority::Normal,
        input: Value::from([("with", with)]),
        tainted: vec!["hunter22".into()],
        idempotency_key: "k".into(),
        inherited: Arc::default(),
        timeout_ms: None,
        grace_ms: 10_000,
        output_limit: 1024,
        log_limit: u64::MAX,
        dir_limit: u64::MAX,
    }))
}

/// The daemon's end of a connection.
struct Daemon {
    sender: Sender<WriteHalf<DuplexStream>>,
    receiver: Receiver<ReadHalf<DuplexStream>>,
    held: Vec<Held>,
}

impl Daemon {
    async fn greet(floor: &Floor, instance: [u8; 16], epoch: u64) -> Result<Daemon, Welcome> {
        let (near, far) = duplex(1024);
        let (read, write) = split(far);
        tokio::spawn(session::serve(read, write, floor.clone()));
        let (mut read, mut write) = split(near);
        Hello { protocol: PROTOCOL, instance, epoch }.send(&mut write).await.unwrap();
        let welcome = Welcome::receive(&mut read).await.unwrap();
        if welcome.verdict != Verdict::Go {
            return Err(welcome);
        }
        let mut receiver = Receiver::new(read);
        let Some(Report::Held(held)) = receiver.next().await.unwrap() else {
            panic!("it does not say what it holds");
        };
        Ok(Daemon { sender: Sender::new(write), receiver, held })
    }

    async fn say(&mut self, order: Order) {
        self.sender.feed(&order).await.unwrap();
        self.sender.flush().await.unwrap();
    }

    async fn hear(&mut self) -> Option<Report> {
        self.receiver.next().await.unwrap_or_default()
    }

    async fn outcome(&mut self) -> Outcome {
        loop {
            match self.hear().await {
                Some(Report::Ended { outcome, .. }) => return outcome,
                Some(Report::Lines(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_runner_works_for_one_daemon_and_its_latest_start() {
    let dir = tempfile::tempdir().unwrap();
    let floor = floor(dir.path());
    let mut first = Daemon::greet(&floor, OURS, 5).await.unwrap();
    assert!(first.held.is_empty());
    first.say(offer(1, "sleep 1000")).await;
    // an answer to the next order says that the offer was taken
    first.say(Order::Retire).await;
    assert_eq!(first.hear().await, Some(Report::Retiring));

    let older = Daemon::greet(&floor, OURS, 4).await.err().unwrap();
    assert_eq!((older.verdict, older.epoch), (Verdict::OlderEpoch, 5));
    let other = Daemon::greet(&floor, OTHERS, 9).await.err().unwrap();
    assert_eq!(other.verdict, Verdict::OtherInstance);

    let mut second = Daemon::greet(&floor, OURS, 6).await.unwrap();
    assert_eq!(second.held.iter().map(|h| &h.attempt).collect::<Vec<_>>(), [&id(1)]);
    assert_eq!(first.hear().await, None, "the first connection was closed");
    // what the first one still says counts no more
    let late = [Order::Stop { attempt: id(1), why: StopReason::Cancel }, offer(2, "true")];
    for order in late {
        let _ = first.sender.feed(&order).await;
        let _ = first.sender.flush().await;
    }
    let again = Daemon::greet(&floor, OURS, 5).await.err().unwrap();
    assert_eq!(again.verdict, Verdict::OlderEpoch);
    assert_eq!(second.hear().await, Some(Report::Retiring));
    second.say(Order::Stop { attempt: id(1), why: StopReason::Drain }).await;
    second.say(Order::Ack { attempt: id(1), lines: 0, mark: 0 }).await;
    assert_eq!(second.outcome().await, Outcome::Stopped { why: StopReason::Drain });
    second.say(Order::Confirm { attempt: id(1) }).await;
    floor.until_needless(None).await;
}

#[tokio::test]
async fn what_holds_nothing_works_for_whoever_comes() {
    let dir = tempfile::tempdir().unwrap();
    let floor = floor(dir.path());
    let first = Daemon::greet(&floor, OURS, 5).await.unwrap();
    assert!(Daemon::greet(&floor, OTHERS, 1).await.is_err(), "the first one is here");
    drop(first);
    let taken = async {
        while Daemon::greet(&floor, OTHERS, 1).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), taken).await.unwrap();
}

#[tokio::test]
async fn a_retiring_runner_begins_nothing_and_goes() {
    let dir = tempfile::tempdir().unwrap();
    let floor = floor(dir.path());
    let mut daemon = Daemon::greet(&floor, OURS, 1).await.unwrap();
    daemon.say(Order::Retire).await;
    assert_eq!(daemon.hear().await, Some(Report::Retiring));
    let mark = dir.path().join("mark");
    daemon.say(offer(1, &format!("touch {}", mark.display()))).await;
    assert!(matches!(daemon.outcome().await, Outcome::LostBeforeStart { .. }));
    assert!(!mark.exists());
    floor.until_needless(None).await;
}

#[tokio::test]
async fn a_runner_that_nobody_needs_goes_after_its_time() {
    let dir = tempfile::tempdir().unwrap();
    let floor = floor(dir.path());
    let idle = Duration::from_secs(60);
    let began = tokio::time::Instant::now();
    assert!(matches!(floor.leave(Some(idle)), Leave::At(time) if time <= began + idle));
    assert_eq!(floor.leave(Some(Duration::ZERO)), Leave::Now);
    assert_eq!(floor.leave(None), Leave::NotYet, "for ever");
    floor.until_needless(Some(Duration::ZERO)).await;
    let mut daemon = Daemon::greet(&floor, OURS, 1).await.unwrap();
    assert_eq!(floor.leave(Some(Duration::ZERO)), Leave::NotYet, "a daemon is here");
    daemon.say(offer(1, "sleep 1000")).await;
    daemon.say(Order::Retire).await;
    assert_eq!(daemon.hear().await, Some(Report::Retiring));
    drop(daemon);
    let patience = Duration::from_secs(60);
    let mut next = Daemon::greet(&floor, OURS, 1).await.unwrap();
    next.say(Order::Stop { attempt: id(9), why: StopReason::Cancel }).await;
    drop(next);
    assert_eq!(floor.leave(Some(Duration::ZERO)), Leave::NotYet, "a step runs");
    floor.close(patience, Duration::ZERO).await;
    assert_eq!(floor.leave(Some(Duration::ZERO)), Leave::Now, "what it holds is on disk");
}

/// What ended while there was no daemon outlives the runner as well.
#[tokio::test]
async fn an_end_that_nobody_took_is_on_disk_and_masked() {
    let dir = tempfile::tempdir().unwrap();
    let first = floor(dir.path());
    let mut daemon = Daemon::greet(&first, OURS, 1).await.unwrap();
    let command = "until [ -e go ]; do sleep 0.01; done; echo one hunter22; echo two";
    daemon.say(offer(1, command)).await;
    daemon.say(Order::Retire).await;
    assert_eq!(daemon.hear().await, Some(Report::Retiring));
    drop(daemon);
    let work = RunDirs::new(dir.path()).work(id(1).run, &id(1).path);
    while fs::write(work.join("go"), "").is_err() {
        tokio::task::yield_now().await;
    }
    let patience = Duration::from_secs(60);
    tokio::time::timeout(patience, first.until_needless(Some(Duration::ZERO))).await.unwrap();
    for entry in fs::read_dir(dir.path().join("runner")).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(8).any(|w| w == b"hunter22"), "a secret is on disk");
    }

    // as if the first had been killed
    let second = floor(dir.path());
    assert!(Daemon::greet(&second, OTHERS, 9).await.is_err());
    let mut daemon = Daemon::greet(&second, OURS, 2).await.unwrap();
    let [held] = &daemon.held[..] else { panic!("{:?}", daemon.held) };
    assert!(held.ended && held.lines == 0, "{held:?}");
    // the first line was written by a daemon that did not say so any more
    daemon.say(Order::Ack { attempt: id(1), lines: 1, mark: 0 }).await;
    let Some(Report::Lines(batch)) = daemon.hear().await else { panic!("no lines") };
    let rest = Arc::unwrap_or_clone(batch).behind(1);
    assert_eq!(rest.lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>(), ["two"]);
    let Outcome::Succeeded { output } = daemon.outcome().await else { panic!("no success") };
    assert_eq!(output.get("stdout"), Some(&Value::from("one ***\ntwo\n")));
    daemon.say(Order::Confirm { attempt: id(1) }).await;
    daemon.say(Order::Retire).await;
    tokio::time::timeout(patience, second.until_needless(None)).await.unwrap();
    let gone = async {
        while fs::read_dir(dir.path().join("runner")).unwrap().next().is_some() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(patience, gone).await.unwrap();
}

#[tokio::test]
async fn a_closed_runner_ends_its_steps_and_keeps_what_became_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let first = floor(dir.path());
    let mut daemon = Daemon::greet(&first, OURS, 1).await.unwrap();
    daemon.say(offer(1, "sleep 1000")).await;
    daemon.say(Order::Stop { attempt: id(9), why: StopReason::Cancel }).await;
    daemon.say(offer(2, "exec sleep 1000")).await;
    while first.epoch() == 0 || daemon_sees(&first).await < 2 {
        tokio::task::yield_now().await;
    }
    first.close(Duration::from_secs(60), Duration::ZERO).await;
    let kept = keep::load(&dir.path().join("runner")).unwrap();
    assert_eq!(kept.len(), 2);
    for kept in kept {
        assert_eq!(kept.outcome, Outcome::Stopped { why: StopReason::Drain });
    }
}

/// How many attempts a runner says that it holds. Takes over.
async fn daemon_sees(floor: &Floor) -> usize {
    Daemon::greet(floor, OURS, 1).await.unwrap().held.len()
}

/// Two stores have had their turn in one directory.
#[tokio::test]
async fn what_was_kept_for_another_store_is_neither_told_nor_removed() {
    let dir = tempfile::tempdir().unwrap();
    let keep_dir = dir.path().join("runner");
    fs::create_dir_all(&keep_dir).unwrap();
    for (instance, number) in [(OURS, 1), (OTHERS, 2)] {
        let outlet = Outlet::new(&keep_dir, instance, id(number), Priority::Normal, u64::MAX);
        let outlet = Arc::new(outlet);
        outlet.end(Outcome::Succeeded { output: Value::Null });
        outlet.keep_end().unwrap();
    }
    let floor = floor(dir.path());
    let (daemon, other) = match Daemon::greet(&floor, OURS, 1).await {
        Ok(daemon) => (daemon, id(2)),
        Err(_) => (Daemon::greet(&floor, OTHERS, 1).await.ok().unwrap(), id(1)),
    };
    assert_eq!(daemon.held.len(), 1);
    assert_ne!(daemon.held[0].attempt, other);
    assert!(keep::path(&keep_dir, &other).exists());
}

fn line(n: u64) -> Line {
    // a window holds some twenty of these
    let text = format!("{n} {}", "x".repeat(WINDOW / 20));
    Line { stream: Stream::Out, level: Level::Info, text }
}

fn outlet(dir: &Path, limit: u64) -> Arc<Outlet> {
    Arc::new(Outlet::new(dir, OURS, id(1), Priority::Normal, limit))
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// A task writes, daemons come and go at random, and at last the runner as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_line_comes_once_however_often_daemons_come_and_go() {
    const LINES: u64 = 150;
    for seed in 1..=30u64 {
        println!("seed {seed}");
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let dir = tempfile::tempdir().unwrap();
        let mut outlet = outlet(dir.path(), u64::MAX);
        let put = Arc::new(AtomicU64::new(0));
        let task = {
            let (outlet, put) = (outlet.clone(), put.clone());
            tokio::spawn(async move {
                for n in 1..=LINES {
                    outlet.put(n, vec![line(n)]).await.unwrap();
                    put.store(n, Ordering::SeqCst);
                }
                outlet.end(Outcome::Succeeded { output: Value::Null });
            })
        };
        let mut log: Vec<String> = Vec::new();
        let mut ended = false;
        while !ended {
            let (reports, mut heard) = mpsc::unbounded_channel();
            outlet.ack(&reports, log.len() as u64, 0);
            for _ in 0..dice.below(40) {
                match heard.recv().await.expect("the sender is here") {
                    Report::Lines(batch) => {
                        let batch: Batch = Arc::unwrap_or_clone(batch).behind(log.len() as u64);
                        assert_eq!(batch.first, log.len() as u64 + 1);
                        log.extend(batch.lines.into_iter().map(|line| line.text));
                    }
                    Report::Ended { .. } => {
                        ended = true;
                        break;
                    }
                    other => panic!("{other:?}"),
                }
                if dice.below(3) > 0 {
                    outlet.ack(&reports, log.len() as u64, 0);
                }
            }
            if ended {
                break;
            }
            outlet.close();
            // alone for a while, long enough to fill memory now and then
            let until = (put.load(Ordering::SeqCst) + dice.below(60)).min(LINES);
            while put.load(Ordering::SeqCst) < until {
                tokio::task::yield_now().await;
            }
            if outlet.has_ended() && dice.below(2) == 0 {
                outlet.keep_end().unwrap();
                let kept = keep::load(dir.path()).unwrap().pop().expect("its file");
                outlet = Arc::new(Outlet::of_kept(dir.path(), kept));
            }
        }
        let expected: Vec<String> = (1..=LINES).map(|n| line(n).text).collect();
        assert!(log == expected, "seed {seed}: {} lines", log.len());
        task.await.unwrap();
    }
}

#[tokio::test]
async fn a_daemon_that_takes_nothing_makes_the_task_wait() {
    let dir = tempfile::tempdir().unwrap();
    let outlet = outlet(dir.path(), u64::MAX);
    let (reports, mut heard) = mpsc::unbounded_channel();
    outlet.open(&reports);
    let task = {
        let outlet = outlet.clone();
        tokio::spawn(async move {
            for n in 1..=100 {
                outlet.put(n, vec![line(n)]).await.unwrap();
            }
        })
    };
    let mut under_way = 0;
    while under_way < WINDOW {
        let Some(Report::Lines(batch)) = heard.recv().await else { panic!("no lines") };
        under_way += batch.size();
    }
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert!(heard.try_recv().is_err() && !task.is_finished(), "it goes on");
    outlet.deafen(true, "no space".into());
    let ended = outlet.put(0, vec![line(0)]).await.unwrap_err();
    assert_eq!(ended.kind(), std::io::ErrorKind::StorageFull);
    assert!(task.await.is_err(), "whoever waited is told");
}

#[tokio::test]
async fn no_more_is_kept_on_disk_than_a_log_may_hold() {
    let dir = tempfile::tempdir().unwrap();
    let limit = 3 * WINDOW as u64;
    let outlet = outlet(dir.path(), limit);
    for n in 1..=200 {
        outlet.put(n, vec![line(n)]).await.unwrap();
    }
    let sizes = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().metadata().unwrap().len());
    let bytes: u64 = sizes.sum();
    assert!(bytes >= limit && bytes < limit + 2 * WINDOW as u64, "{bytes}");
}

/// The runner, or the machine, may go down at any moment of a write.
#[tokio::test]
async fn a_file_that_was_cut_is_whole_or_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let outlet = outlet(dir.path(), u64::MAX);
    let short = |n: u64| Line { text: n.to_string(), ..line(n) };
    for n in 1..=3 {
        outlet.put(n, vec![short(n)]).await.unwrap();
    }
    outlet.end(Outcome::Succeeded { output: Value::Null });
    outlet.keep_end().unwrap();
    let path = keep::path(dir.path(), &id(1));
    let whole = fs::read(&path).unwrap();
    for cut in 0..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        assert!(keep::load(dir.path()).unwrap().is_empty(), "cut at {cut}");
        assert!(!path.exists(), "cut at {cut}");
    }
    for bit in 0..whole.len() * 8 {
        let mut bad = whole.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, bad).unwrap();
        assert!(keep::load(dir.path()).unwrap().is_empty(), "bit {bit}");
    }
    fs::write(&path, &whole).unwrap();
    let mut kept = keep::load(dir.path()).unwrap().pop().unwrap();
    assert_eq!(kept.keep.next().unwrap().iter().map(|b| b.lines.len()).sum::<usize>(), 3);
}
