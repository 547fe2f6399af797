//! `wait: {event: …}` with real publications: what is seen, what fits, and what is left
//! over a crash.

use rpa_ipc::view::LogPage;
use rpa_tests::{World, eventually};
use serde_json::{Value, json};

use crate::asking::{Asker, refused};
use crate::loops::step;

/// A workflow that waits for `order.paid`, with these further keys.
fn paid(name: &str, keys: &str) -> String {
    format!(
        "version: 1\nname: {name}\nvariables: {{order: {{type: json, default: 0}}}}\nsteps:\n  \
         - {{id: paid, wait: {{event: order.paid{keys}}}, outputs: {{amount: \"{{{{ data.amount | default('-') }}}}\"}}}}\n\
         outputs:\n  amount: \"{{{{ steps.paid.output.amount }}}}\"\n  data: \"{{{{ steps.paid.output.data }}}}\"\n  \
         by: \"{{{{ steps.paid.output.by }}}}\"\n  name: \"{{{{ steps.paid.output.name }}}}\"\n"
    )
}

const MATCH: &str = ", match: event.data.order == vars.order";

#[test]
fn what_was_published_before_is_not_seen() {
    let world = World::new();
    let daemon = world.start();
    let asker = Asker::of(&world);
    let early = json!({"amount": 1});
    assert_eq!(asker.publish("order.paid", &early).unwrap(), 0, "no namespace is known yet");
    world.apply("any", &paid("any", ""));
    assert_eq!(asker.publish("order.paid", &early).unwrap(), 0);
    let run = world.submit(["any"]);
    asker.step_until(&run, "paid", "waiting");
    assert_eq!(asker.publish("order.payed", &early).unwrap(), 0, "another name");
    assert_eq!(
        asker.publish("order.paid", &json!({"amount": 2, "deep": [{"a": null}]})).unwrap(),
        1
    );
    let shown = world.until(&run, "completed");
    let outputs = &shown["outputs"];
    assert_eq!(outputs["data"], json!({"amount": 2, "deep": [{"a": null}]}), "{outputs:#}");
    assert_eq!((&outputs["amount"], &outputs["name"]), (&json!(2), &json!("order.paid")));
    assert_eq!(outputs["by"], shown["actor"]);
    assert_eq!(asker.publish("order.paid", &early).unwrap(), 0, "nobody waits any more");
    // nothing of the first ones is kept for the next run
    let run = world.submit(["any"]);
    asker.step_until(&run, "paid", "waiting");
    world.json(["cancel", &run]);
    let shown = world.until(&run, "cancelled");
    assert_eq!(step(&shown, "paid")["status"], "cancelled");
    assert_eq!(asker.publish("order.paid", &early).unwrap(), 0, "a cancelled step waits no more");
    assert!(daemon.stop().success());
}

#[test]
fn only_an_event_that_fits_is_taken() {
    let world = World::new();
    let daemon = world.start();
    world.apply("mine", &paid("mine", MATCH));
    let asker = Asker::of(&world);
    let runs: Vec<String> =
        (1..=3).map(|n| world.submit(["mine", "--var", &format!("order={n}")])).collect();
    for run in &runs {
        asker.step_until(run, "paid", "waiting");
    }
    // of another shape, of none, and of nobody's
    for data in [json!({"id": 2}), json!("text"), Value::Null, json!([1]), json!({"order": 9})] {
        assert_eq!(asker.publish("order.paid", &data).unwrap(), 3);
    }
    assert_eq!(asker.publish("order.paid", &json!({"order": 2, "amount": 20})).unwrap(), 3);
    let shown = world.until(&runs[1], "completed");
    assert_eq!(shown["outputs"]["amount"], 20);
    let log = world.rpa(["logs", &runs[1]]).stdout;
    assert!(log.contains("is passed over: match"), "{log}");
    // two that fit: the first one is taken
    asker.publish("order.paid", &json!({"order": 1, "amount": 10})).unwrap();
    asker.publish("order.paid", &json!({"order": 1, "amount": 11})).unwrap();
    asker.publish("order.paid", &json!({"order": 3, "amount": 30})).unwrap();
    for (run, amount) in [(&runs[0], 10), (&runs[2], 30)] {
        assert_eq!(world.until(run, "completed")["outputs"]["amount"], amount);
    }
    assert!(daemon.stop().success());
}

#[test]
fn no_event_comes_in_time() {
    let world = World::new();
    let daemon = world.start();
    let fail = world.ended("fails", &paid("fails", ", timeout: 200ms"));
    let error = &fail["error"];
    assert_eq!(
        (&error["code"], &error["class"]),
        (&json!("RPA0402"), &json!("timeout")),
        "{fail:#}"
    );
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("no event order.paid that fits within 200 ms"), "{message}");
    let text = format!(
        "version: 1\nname: goes-on\nsteps:\n  - {{id: paid, wait: {{event: order.paid{MATCH}, timeout: 200ms, on_timeout: continue}}}}\n  \
         - {{id: late, if: steps.paid.output.id is none, run: echo late}}\noutputs: {{said: \"{{{{ steps.late.output.stdout }}}}\", data: \"{{{{ steps.paid.output.data }}}}\"}}\n\
         variables: {{order: {{type: number, default: 1}}}}\n"
    );
    let outputs = world.outputs("goes-on", &text);
    assert_eq!(outputs, json!({"said": "late\n", "data": null}));
    assert!(daemon.stop().success());
}

#[test]
fn a_thousand_steps_hear_of_one_event() {
    let world = World::new();
    let daemon = world.start();
    // half of them without anything to evaluate
    let text = "version: 1\nname: crowd\nsteps:\n  - id: each\n    for_each: \"{{ range(1000) }}\"\n    max_parallel: 1000\n    steps:\n      \
         - id: odd\n        needs: []\n        if: item % 2 == 1\n        wait: {event: go}\n      \
         - id: even\n        needs: []\n        if: item % 2 == 0\n        wait: {event: go, match: event.data.n > item}\n    \
         outputs: {n: \"{{ item }}\"}\noutputs: {n: \"{{ steps.each.output | length }}\"}\n";
    world.apply("crowd", text);
    let run = world.submit(["crowd"]);
    let asker = Asker::of(&world);
    eventually("a thousand steps wait", || (waiting(&asker, &run) == 1000).then_some(()));
    let told = world.json(["event", "publish", "go", "--data", "{\"n\": 1000}"]);
    assert_eq!([&told["waited"], &told["took"], &told["looking"]], [1000, 500, 500], "{told:#}");
    let shown = world.until(&run, "completed");
    assert_eq!(shown["outputs"]["n"], 1000);
    assert!(daemon.stop().success());
}

/// Steps of the run that have said that they wait for an event.
fn waiting(asker: &Asker, run: &str) -> usize {
    said(asker, run, "waits for an event")
}

fn said(asker: &Asker, run: &str, what: &str) -> usize {
    let LogPage { lines, .. } = asker.log(run);
    lines.iter().filter(|line| line.text.contains(what)).count()
}

#[test]
fn an_event_that_was_taken_is_taken_over_a_crash() {
    let world = World::new();
    let mut daemon = world.start();
    world.apply(
        "many",
        "version: 1\nname: many\nsteps:\n  - id: each\n    for_each: \"{{ range(60) }}\"\n    max_parallel: 60\n    steps:\n      \
         - {id: wait, wait: {event: go, match: event.data.n == item or event.data.n == 99}}\n    \
         outputs: {n: \"{{ steps.wait.output.data.n }}\"}\noutputs: {n: \"{{ steps.each.output | map(attribute='n') | list }}\"}\n",
    );
    let run = world.submit(["many"]);
    let mut asker = Asker::of(&world);
    eventually("all wait", || (waiting(&asker, &run) == 60).then_some(()));
    // each of these fits one, and is being looked at by sixty when the daemon dies
    for n in [7, 8, 9] {
        assert!(asker.publish("go", &json!({"n": n})).unwrap() >= 57);
        daemon.kill();
        daemon = world.start();
        asker = Asker::of(&world);
    }
    // by its state: the line that tells of it may be lost with the daemon
    eventually("three have got theirs", || {
        (world.json(["show", &run])["steps"][0]["turns"]["open"] == 57).then_some(())
    });
    // one is published while nobody is there, which is no event
    daemon.kill();
    daemon = world.start();
    asker = Asker::of(&world);
    assert_eq!(asker.publish("go", &json!({"n": 99})).unwrap(), 57);
    daemon.kill();
    daemon = world.start();
    let shown = world.until(&run, "completed");
    let wanted: Vec<u64> = (0..60).map(|n| if (7..10).contains(&n) { n } else { 99 }).collect();
    assert_eq!(shown["outputs"]["n"], json!(wanted));
    assert!(daemon.stop().success());
}

#[test]
fn what_is_no_event_is_refused() {
    let world = World::new();
    let daemon = world.start();
    let asker = Asker::of(&world);
    assert_eq!(refused(asker.publish("Order Paid", &Value::Null)), "RPA0542");
    assert_eq!(refused(asker.publish("", &Value::Null)), "RPA0542");
    assert_eq!(refused(asker.publish("e", &json!("x".repeat(70_000)))), "RPA0542");
    assert_eq!(asker.publish("e", &json!("x".repeat(60_000))).unwrap(), 0);
    assert!(daemon.stop().success());
}
