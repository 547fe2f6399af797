//! The bytes that never change, and messages of every size.

use rpa_engine::{ErrorClass, RunId, TaskError};
use rpa_ipc::codec::encode;

use super::frames::{Receiver, Sender};
use super::greeting::{Hello, Verdict, Welcome};
use super::*;

fn id() -> AttemptId {
    AttemptId {
        run: RunId(0x0193_f2a0_1111_7222_8333_4444_5555_6abc),
        path: "a".parse().unwrap(),
        number: 3,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A runner of an older release must understand a newer daemon, and the other way
/// round. If this fails, restore the old bytes: add variants at the end.
#[tokio::test]
async fn what_any_two_versions_say_to_each_other_never_changes() {
    let hello = Hello { protocol: 7, instance: [9; 16], epoch: 5 };
    let mut bytes = Vec::new();
    hello.send(&mut bytes).await.unwrap();
    let mut shown = vec![format!("hello {}", hex(&bytes))];
    assert_eq!(Hello::receive(&mut &bytes[..]).await.unwrap(), hello);
    for verdict in [Verdict::Go, Verdict::OtherInstance, Verdict::OlderEpoch] {
        let welcome =
            Welcome { protocol: 7, verdict, epoch: 5, pid: 42, build: 6, release: "0.1.0".into() };
        let mut bytes = Vec::new();
        welcome.send(&mut bytes).await.unwrap();
        assert_eq!(Welcome::receive(&mut &bytes[..]).await.unwrap(), welcome);
        shown.push(format!("welcome {}", hex(&bytes)));
    }
    let orders = [
        Order::Stop { attempt: id(), why: StopReason::Cancel },
        Order::Stop { attempt: id(), why: StopReason::Drain },
        Order::Confirm { attempt: id() },
        Order::Ack { attempt: id(), lines: 300, mark: 70_000 },
        Order::Deaf { attempt: id(), disk_full: true, why: "why".into() },
        Order::Retire,
    ];
    for order in &orders {
        shown.push(format!("{order:?}\n  {}", hex(&encode(order).unwrap())));
    }
    let error =
        |class| TaskError { class, code: "RPA0401".into(), message: "exited with 2".into() };
    let output = Value::from([("exit_code", Value::Int(-2)), ("stdout", Value::from("x"))]);
    let mut outcomes = vec![
        Outcome::Succeeded { output: output.clone() },
        Outcome::Failed { error: error(ErrorClass::Exit(2)), output },
        Outcome::NeverStarted { error: error(ErrorClass::Http(503)) },
        Outcome::LostBeforeStart { why: "why".into() },
        Outcome::TimedOut { after_ms: 1500 },
        Outcome::Stopped { why: StopReason::Drain },
        Outcome::Lost { why: "why".into() },
        Outcome::Orphaned { why: "why".into() },
    ];
    let classes = [
        ErrorClass::Business,
        ErrorClass::Timeout,
        ErrorClass::Connection,
        ErrorClass::RateLimited,
        ErrorClass::InvalidInput,
        ErrorClass::System,
    ];
    outcomes.extend(classes.map(|class| Outcome::NeverStarted { error: error(class) }));
    let line = |stream, level| Line { stream, level, text: "t".into() };
    let lines = vec![
        line(Stream::Out, Level::Debug),
        line(Stream::Err, Level::Info),
        line(Stream::Log, Level::Warn),
        line(Stream::Log, Level::Error),
    ];
    let held = Held { attempt: id(), priority: Priority::High, ended: true, lines: 3, mark: 9 };
    let mut reports = vec![
        Report::Held(vec![held]),
        Report::Lines(Arc::new(Batch {
            attempt: id(),
            first: 4,
            time_ms: 1_700_000_000_000,
            lines,
        })),
        Report::Retiring,
    ];
    reports.extend(outcomes.into_iter().map(|outcome| Report::Ended { attempt: id(), outcome }));
    for report in &reports {
        shown.push(format!("{report:?}\n  {}", hex(&encode(report).unwrap())));
    }
    insta::assert_snapshot!(shown.join("\n"));
}

#[tokio::test]
async fn messages_of_every_size_arrive_whole() {
    let (near, far) = tokio::io::duplex(64 * 1024);
    let sizes = [0, 1, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 20 * 1024 * 1024];
    let report = |size: usize| Report::Ended {
        attempt: id(),
        outcome: Outcome::Succeeded { output: Value::text("x".repeat(size)) },
    };
    let sending = tokio::spawn(async move {
        let mut sender = Sender::new(near);
        for size in sizes {
            sender.feed(&report(size)).await.unwrap();
        }
        sender.flush().await.unwrap();
    });
    let mut receiver = Receiver::new(far);
    for size in sizes {
        assert!(receiver.next::<Report>().await.unwrap() == Some(report(size)), "{size}");
    }
    assert_eq!(receiver.next::<Report>().await.unwrap(), None);
    sending.await.unwrap();
}

#[test]
fn lines_that_are_known_are_left_out_of_a_batch() {
    let line = |n: u64| Line { stream: Stream::Out, level: Level::Info, text: n.to_string() };
    let batch = Batch { attempt: id(), first: 4, time_ms: 0, lines: (4..7).map(line).collect() };
    assert_eq!(batch.last(), 6);
    for (known, first, left) in [(0, 4, 3), (3, 4, 3), (4, 5, 2), (6, 7, 0), (9, 7, 0)] {
        let rest = batch.clone().behind(known);
        assert_eq!((rest.first, rest.lines.len()), (first, left), "behind {known}");
    }
}

#[test]
fn an_offer_does_not_show_its_secrets() {
    let secret = "hunter22";
    let offer = Offer {
        attempt: id(),
        workflow: WorkflowRef::parse("w", &"default".parse().unwrap()).unwrap(),
        kind: "shell".into(),
        effect: EffectClass::Unknown,
        priority: Priority::Normal,
        input: Value::from(secret),
        tainted: vec![secret.into()],
        idempotency_key: "k".into(),
        inherited: Arc::new(vec![("TOKEN".into(), secret.into())]),
        timeout_ms: None,
        grace_ms: 1,
        output_limit: 1,
        log_limit: 1,
        dir_limit: u64::MAX,
    };
    let shown = format!("{:?}", Order::Offer(Box::new(offer)));
    assert!(shown.contains("shell") && !shown.contains(secret), "{shown}");
}
