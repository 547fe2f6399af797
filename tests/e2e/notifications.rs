//! Notifications as people meet them: what is counted as one, what was seen, what is over by
//! itself, and what a crash leaves of it.

use rpa_tests::{World, eventually};
use serde_json::Value;

const BAD: &str = "version: 1\nname: bad\nsteps:\n  - {id: s, run: 'test -e ok'}\n";
const ASKS: &str = "version: 1\nname: asks\nsla: {finish_within: 100ms}\nsteps:\n  - {id: ok, approval: {message: 'Pay?'}}\n";

fn all(world: &World) -> Vec<Value> {
    let page = world.json(["notifications", "--all"]);
    page["notifications"].as_array().unwrap().clone()
}

/// Of one kind, the newest.
fn one(world: &World, kind: &str) -> Value {
    let found = all(world).into_iter().find(|one| one["kind"] == kind);
    found.unwrap_or_else(|| panic!("no {kind}: {:#?}", all(world)))
}

fn id(one: &Value) -> String {
    one["id"].to_string()
}

#[test]
fn what_fails_alike_is_one_until_it_was_seen_and_that_lasts() {
    let world = World::new();
    let daemon = world.start();
    world.apply("bad", BAD);
    for _ in 0..3 {
        assert_eq!(world.rpa(["run", "bad", "--wait"]).code, 3);
    }
    let failed = one(&world, "run_failed");
    assert_eq!((&failed["count"], &failed["state"]), (&3.into(), &"unread".into()), "{failed}");
    assert_eq!((&failed["severity"], &failed["step"]), (&"error".into(), &"s".into()));
    assert_eq!((&failed["workflow"], all(&world).len()), (&"default/bad".into(), 1));
    assert_eq!(failed["message"]["fields"]["error"]["code"], "RPA0401", "{failed}");
    let shown = world.rpa(["notifications"]);
    assert!(shown.stdout.contains("failed at s"), "{shown:?}");
    assert!(shown.stdout.lines().all(|line| line.chars().count() <= 80), "{shown:?}");
    assert!(shown.stderr.contains(&format!("rpa notifications ack {}", id(&failed))), "{shown:?}");

    let seen = world.json(["notifications", "ack", &id(&failed)]);
    assert_eq!(seen["acknowledged"], 1, "{seen}");
    let again = world.json(["notifications", "ack", &id(&failed)]);
    assert_eq!(again["acknowledged"], 0, "it was seen: {again}");
    assert!(daemon.stop().success());
    let daemon = world.start();
    let failed = one(&world, "run_failed");
    assert_eq!(failed["state"], "done", "{failed}");
    let by = failed["acknowledged"]["by"].as_str().unwrap();
    assert!(by.ends_with("(cli)"), "{by}");
    assert_eq!(all(&world).len(), 1, "a planned stop is nothing to be told: {:#?}", all(&world));

    // what fails after that is news
    assert_eq!(world.rpa(["run", "bad", "--wait"]).code, 3);
    let newer = one(&world, "run_failed");
    assert_eq!((&newer["count"], &newer["state"]), (&1.into(), &"unread".into()), "{newer}");
    assert!(newer["id"].as_u64() > failed["id"].as_u64());
    let nothing = world.rpa(["notifications", "ack", "4711"]);
    assert_eq!(nothing.code, 2, "{nothing:?}");
    assert!(nothing.stderr.contains("RPA0560"), "{nothing:?}");
    let other = world.json(["notifications", "ack", "--all", "--workflow", "asks"]);
    assert_eq!(other["acknowledged"], 0, "{other}");
    let upto = (newer["number"].as_u64().unwrap() - 1).to_string();
    let before = world.json(["notifications", "ack", "--all", "--upto", &upto]);
    assert_eq!(before["acknowledged"], 0, "it happened after that");
    // the one that is there was seen, whatever else is named
    let both = world.rpa(["notifications", "ack", &id(&newer), "4711", "--json"]);
    assert_eq!(both.code, 2, "{both:?}");
    assert_eq!(both.stdout.trim_end(), r#"{"acknowledged":1,"missing":[4711]}"#);
    assert_eq!(world.rpa(["run", "bad", "--wait"]).code, 3);
    let both = world.rpa(["notifications", "ack", "4711", &id(&one(&world, "run_failed"))]);
    assert_eq!((both.code, both.stdout.as_str()), (2, "1 notification was seen\n"), "{both:?}");
    assert!(both.stderr.contains("there is no notification 4711"), "{both:?}");
    assert_eq!(world.rpa(["run", "bad", "--wait"]).code, 3);
    assert_eq!(world.json(["notifications", "ack", "--all"])["acknowledged"], 1);
    let open = world.json(["notifications"]);
    assert_eq!(open["notifications"].as_array().map(Vec::len), Some(0), "{open}");
    assert!(daemon.stop().success());
}

#[test]
fn a_rerun_that_completes_mends_what_had_failed() {
    let world = World::new();
    let daemon = world.start();
    let flag = world.path().join("flag");
    let source = format!(
        "version: 1\nname: mended\nsteps:\n  - {{id: s, run: 'test -e {}'}}\n",
        flag.display()
    );
    world.apply("mended", &source);
    let run = world.submit(["mended"]);
    world.until(&run, "failed");
    // it fails in the same way once more, and the third try is a rerun of a rerun
    let second = world.json(["retry", &run, "--wait"]);
    assert_eq!(one(&world, "run_failed")["count"], 2);
    world.file("flag", "");
    let second = second["run"].as_str().unwrap().to_owned();
    assert_eq!(world.rpa(["retry", &second, "--wait"]).code, 0);
    let failed = one(&world, "run_failed");
    assert_eq!((&failed["state"], &failed["settled"]["how"]), (&"done".into(), &"rerun".into()));
    assert!(daemon.stop().success());
}

/// Of several that have failed alike, those that nobody has run again are still to be seen.
#[test]
fn a_rerun_mends_the_run_that_it_repeats_and_no_other() {
    let world = World::new();
    let daemon = world.start();
    let flag = world.path().join("flag");
    let source = format!(
        "version: 1\nname: order\nsteps:\n  - {{id: s, run: 'test -e {}'}}\n",
        flag.display()
    );
    world.apply("order", &source);
    let fail = || {
        let run = world.submit(["order"]);
        world.until(&run, "failed");
        run
    };
    let [first, second, third] = [fail(), fail(), fail()];
    let again = |run: &str| world.rpa(["retry", run, "--wait"]).code;
    world.file("flag", "");
    assert_eq!(again(&third), 0);
    let told = || {
        let one = one(&world, "run_failed");
        let how = one["settled"]["how"].as_str().unwrap_or_default().to_owned();
        let number = |field: &str| one[field].as_u64().unwrap();
        (number("count"), number("mended"), one["run"].as_str().unwrap().to_owned(), how)
    };
    assert_eq!(told(), (3, 1, second.clone(), String::new()), "the newest that is left");
    let shown = world.rpa(["notifications"]);
    assert!(shown.stdout.contains("(3 times; reruns have mended 1)"), "{shown:?}");
    assert_eq!(one(&world, "run_failed")["state"], "unread");
    assert_eq!(again(&third), 0);
    assert_eq!(told().1, 1, "it is mended once");

    // a rerun that fails is one more, and done with whatever does its work
    std::fs::remove_file(&flag).unwrap();
    assert_eq!(again(&first), 3);
    world.file("flag", "");
    assert_eq!(again(&second), 0);
    let (count, mended, _, how) = told();
    assert_eq!((count, mended, how.as_str()), (4, 2, ""));
    assert!(daemon.stop().success());
    let daemon = world.start();
    assert_eq!(again(&first), 0);
    let (count, mended, _, how) = told();
    assert_eq!((count, mended, how.as_str()), (4, 4, "rerun"));
    assert_eq!(one(&world, "run_failed")["state"], "done");
    assert!(daemon.stop().success());
}

#[test]
fn an_approval_is_open_while_it_waits_and_done_when_it_is_given() {
    let world = World::new();
    let daemon = world.start();
    world.apply("asks", ASKS);
    let run = world.submit(["asks"]);
    let asks = eventually("it is told", || {
        all(&world).into_iter().find(|one| one["kind"] == "approval_waiting")
    });
    assert_eq!((&asks["severity"], &asks["step"]), (&"question".into(), &"ok".into()), "{asks}");
    assert!(asks["message"]["text"].as_str().unwrap().contains("Pay?"), "{asks}");
    let late = || all(&world).iter().any(|one| one["kind"] == "sla_broken");
    eventually("it is late", || late().then_some(()));
    // of both, of which one is done by that
    assert_eq!(world.json(["notifications", "ack", "--all"])["acknowledged"], 2);
    assert_eq!(one(&world, "sla_broken")["state"], "done");
    assert_eq!(one(&world, "approval_waiting")["state"], "open", "it still waits");
    assert_eq!(world.json(["notifications", "--unread"])["notifications"], Value::Array(vec![]));
    let given = world.rpa(["approve", &run, "ok", "--yes"]);
    assert_eq!(given.code, 0, "{given:?}");
    world.until(&run, "completed");
    let asks = one(&world, "approval_waiting");
    assert_eq!((&asks["state"], &asks["settled"]["how"]), (&"done".into(), &"decided".into()));

    // one that nobody decides in time
    let source = ASKS.replace("name: asks", "name: late").replace("'Pay?'", "'Pay?', timeout: 1s");
    world.apply("late", &source);
    let run = world.submit(["late"]);
    world.until(&run, "failed");
    assert_eq!(one(&world, "approval_waiting")["settled"]["how"], "timed_out");
    assert_eq!(one(&world, "approval_timed_out")["state"], "unread");
    // one whose run is cancelled
    let run = world.submit(["asks"]);
    world.until(&run, "waiting");
    assert_eq!(world.rpa(["cancel", &run]).code, 0);
    world.until(&run, "cancelled");
    assert_eq!(one(&world, "approval_waiting")["settled"]["how"], "ended");
    assert!(daemon.stop().success());
}

#[test]
fn a_kill_is_told_once_with_what_it_cut_off() {
    let world = World::new();
    let daemon = world.start();
    let file = world.path().join("f");
    let source = format!(
        "version: 1\nname: pay\nsteps:\n  - {{id: pay, effect: once, run: 'echo paid >> {}; sleep 60'}}\n",
        file.display()
    );
    world.apply("pay", &source);
    let run = world.submit(["pay"]);
    eventually("the step has acted", || (world.read("f") == "paid\n").then_some(()));
    daemon.kill();
    let daemon = world.start();
    world.until(&run, "in_doubt");
    let returned = one(&world, "daemon_returned");
    assert_eq!((&returned["count"], &returned["workflow"]), (&1.into(), &"".into()), "{returned}");
    assert_eq!(returned["message"]["fields"]["lost"], 1, "{returned}");
    let doubt = one(&world, "run_in_doubt");
    assert_eq!((&doubt["state"], &doubt["step"]), (&"unread".into(), &"pay".into()), "{doubt}");
    daemon.kill();
    let daemon = world.start();
    assert_eq!(one(&world, "daemon_returned")["count"], 2, "alike ones are one");
    assert_eq!(one(&world, "run_in_doubt")["count"], 1, "nothing is told twice");
    assert_eq!(world.rpa(["resolve", &run, "pay", "done"]).code, 0);
    world.until(&run, "completed");
    let doubt = one(&world, "run_in_doubt");
    assert_eq!((&doubt["state"], &doubt["settled"]["how"]), (&"done".into(), &"decided".into()));
    assert!(daemon.stop().success());
}

#[test]
fn a_trigger_that_its_failures_have_paused_is_told_until_it_goes_on() {
    let world = World::new();
    let daemon = world.start();
    let source = "version: 1\nname: heard\ntriggers:\n  - {id: paid, event: order.paid, \
        pause_on_failure: 1}\nsteps:\n  - {id: s, run: exit 1}\n";
    world.apply("heard", source);
    assert_eq!(world.rpa(["event", "publish", "order.paid"]).code, 0);
    let paused = eventually("it is told", || {
        all(&world).into_iter().find(|one| one["kind"] == "trigger_paused")
    });
    assert_eq!((&paused["trigger"], &paused["state"]), (&"paid".into(), &"unread".into()));
    assert_eq!(world.rpa(["triggers", "resume", "heard", "paid"]).code, 0);
    let paused = one(&world, "trigger_paused");
    assert_eq!((&paused["state"], &paused["settled"]["how"]), (&"done".into(), &"resumed".into()));
    assert!(daemon.stop().success());
}
