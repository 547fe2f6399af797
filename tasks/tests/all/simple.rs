//! The tasks without effects, and the registry.

use rpa_engine::Value;
use rpa_tasks::{Ended, LogLevel, LogStream, Registry};

use crate::support::{Bench, failed, never_started, succeeded};

#[tokio::test]
async fn transform_gives_the_document_and_its_fields() {
    let mut bench = Bench::new();
    let document = Value::from([("rows", Value::Int(3)), ("value", "shadowed".into())]);
    let output = succeeded(bench.run("data.transform", [("value", document.clone())]).await);
    assert_eq!(output, Value::from([("rows", Value::Int(3)), ("value", document)]));
    let list = Value::from(vec![Value::Int(1)]);
    let output = succeeded(bench.run("data.transform", [("value", list.clone())]).await);
    assert_eq!(output, Value::from([("value", list)]));
    assert_eq!(bench.marked(), 0, "nothing outside was touched");
}

#[tokio::test]
async fn log_writes_line_by_line() {
    let mut bench = Bench::new();
    let input = [("message", "a\nb".into()), ("level", "warn".into())];
    assert_eq!(succeeded(bench.run("log", input).await), Value::Map(Default::default()));
    assert_eq!(bench.warnings(), ["a", "b"]);
    succeeded(bench.run("log", [("message", Value::from([("n", Value::Int(1))]))]).await);
    let last = bench.lines.last().unwrap();
    assert_eq!((last.stream, last.level), (LogStream::Log, LogLevel::Info));
    assert_eq!(last.text, r#"{"n":1}"#);

    let input = [("message", "a".into()), ("level", "loud".into())];
    let (_, code, message) = never_started(bench.run("log", input).await);
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("RPA0409", "with.level: must be one of info, debug, warn, error")
    );
    bench.close_log();
    assert_eq!(failed(bench.run("log", [("message", "a".into())]).await).1, "RPA0410");
    bench.ctx.cancel.cancel();
    assert_eq!(bench.run("log", [("message", "a".into())]).await, Ended::Stopped);
}

#[tokio::test]
async fn noop_does_nothing() {
    let mut bench = Bench::new();
    assert_eq!(succeeded(bench.run("noop", []).await), Value::Map(Default::default()));
    assert!(bench.lines.is_empty());
    assert_eq!(bench.marked(), 0);
}

#[test]
fn every_contract_has_a_task_and_every_task_a_contract() {
    let registry = Registry::builtin();
    let tasks: Vec<_> = registry.iter().map(|task| task.kind()).collect();
    let contracts: Vec<_> = rpa_config::catalogue::CATALOGUE.iter().map(|c| c.kind).collect();
    assert_eq!(tasks, contracts);
    assert!(tasks.iter().all(|kind| registry.get(kind).is_some_and(|task| task.kind() == *kind)));
    assert!(registry.get("ftp.get").is_none());
}
