//! Approvals, locks and events from the command line, with the real daemon.

use rpa_tests::{World, eventually};
use serde_json::{Value, json};

const PAYMENT: &str = "\
version: 1
name: payment
namespace: bank
variables: {amount: {type: number}}
steps:
  - id: sign
    approval:
      message: \"Pay {{ vars.amount }} EUR?\"
      show: {amount: \"{{ vars.amount }}\"}
      form: {reason: {type: string}}
  - {id: pay, run: echo paid}
outputs: {reason: \"{{ steps.sign.output.fields.reason }}\"}
";

const SHOP: &str = "\
version: 1
name: shop
category: finance
steps:
  - id: pay
    workflow: bank/payment
    with: {amount: 12}
outputs: {reason: \"{{ steps.pay.output.reason }}\"}
";

/// What `pointer` leads to, as text.
#[track_caller]
fn text<'a>(document: &'a Value, pointer: &str) -> &'a str {
    let found = document.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("{pointer}: {document:#}"))
}

#[test]
fn an_approval_in_another_namespace_is_given_by_way_of_the_caller() {
    let world = World::new();
    let _daemon = world.start();
    world.apply("payment", PAYMENT);
    world.apply("shop", SHOP);
    let rpa = world.rpa(["run", "shop", "--wait", "--json"]);
    assert_eq!(rpa.code, 5, "{rpa:?}");
    let caller: Value = serde_json::from_str(&rpa.stdout).unwrap();
    assert_eq!((&caller["status"], &caller["needs_person"]), (&json!("waiting"), &json!(true)));
    let id = text(&caller, "/run");
    let called = text(&caller, "/steps/0/called");
    // the full id is enough to find it, and it knows its caller
    let shown = world.json(["show", called]);
    assert_eq!(shown["parent"], json!({"run": id, "path": "pay"}));
    assert_eq!(shown["called"], true);

    let listed = world.json(["-n", "bank", "approvals"]);
    let digest = &text(&listed, "/approvals/0/digest")[..12];
    assert_eq!(text(&listed, "/approvals/0/message"), "Pay 12 EUR?");
    let refused = world.rpa(["approve", id, "--digest", "ffffffffffff", "--field", "reason=x"]);
    assert_eq!(refused.code, 75, "{refused:?}");
    let lacking = world.rpa(["approve", id, "--digest", digest]);
    assert_eq!(lacking.code, 2, "{lacking:?}");
    let vote = world.json(["approve", id, "--digest", digest, "--field", "reason=invoice 7"]);
    assert_eq!((text(&vote, "/vote"), text(&vote, "/run")), ("approved", called));
    let ended = world.until(id, "completed");
    assert_eq!(ended["outputs"]["reason"], "invoice 7");
    let again = world.rpa(["reject", id]);
    assert_eq!(again.code, 2, "{again:?}");
}

#[test]
fn a_category_selects_workflows() {
    let world = World::new();
    let _daemon = world.start();
    world.apply("payment", &PAYMENT.replace("namespace: bank", "category: banking"));
    world.apply("shop", &SHOP.replace("bank/payment", "payment"));
    let named = |category: &str| {
        let list = world.json(["workflows", "--category", category]);
        let names = list["workflows"].as_array().unwrap().iter();
        names.map(|w| text(w, "/workflow").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named("finance"), ["default/shop"]);
    assert_eq!(named("nothing"), [] as [&str; 0]);
}

#[test]
fn who_holds_a_lock_is_listed_and_can_lose_it_and_an_event_wakes_who_waits() {
    let world = World::new();
    let _daemon = world.start();
    let file = "version: 1\nname: two\nsteps:\n  \
        - {id: first, needs: [], lock: db, steps: [{id: x, wait: {event: go.on}}]}\n  \
        - {id: second, needs: [], lock: db, steps: [{id: x, wait: {event: go.on}}]}\n";
    world.apply("two", file);
    let run = world.submit(["two"]);
    let locks = || world.json(["locks"]);
    let queue = eventually("a holder and one who waits", || {
        let locks = locks();
        (locks.pointer("/locks/0/waiting/0").is_some()).then_some(locks)
    });
    let holder = text(&queue, "/locks/0/holders/0/path").to_owned();
    let waiter = text(&queue, "/locks/0/waiting/0/path").to_owned();
    world.json(["locks", "release", "db", &run, &holder]);
    eventually("the other holds it", || {
        (locks().pointer("/locks/0/holders/0/path")?.as_str()? == waiter).then_some(())
    });
    eventually("both wait for the event", || {
        let steps = world.show(&run)["steps"].clone();
        let waits = |path: &str| {
            let mut all = steps.as_array().unwrap().iter();
            all.any(|s| s["path"] == format!("{path}/x") && s["status"] == "waiting")
        };
        (waits(&holder) && waits(&waiter)).then_some(())
    });
    assert_eq!(world.json(["event", "publish", "go.away"])["waited"], 0);
    let data = r#"{"n": 1}"#;
    let told = world.json(["event", "publish", "go.on", "--data", data]);
    assert_eq!([&told["waited"], &told["took"], &told["looking"]], [2, 2, 0], "{told:#}");
    world.until(&run, "completed");
    assert_eq!(locks()["locks"], json!([]));

    world.json(["locks", "set", "api", "3"]);
    assert_eq!(locks()["locks"][0]["size"], 3);
    world.json(["locks", "drop", "api"]);
    assert_eq!(locks()["locks"], json!([]));
}
