//! `concurrency` and `sla`: how many runs of a workflow go on, who is next, and what is
//! recorded of runs that are late.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rpa_tests::{Options, World, eventually};
use serde_json::{Value, json};

use crate::asking::{Asker, alive, still_runs, until_there};
use crate::loops::step;

/// Each run writes its name when it begins, and ends when its file is there.
fn limited(world: &World, rest: &str) -> String {
    let dir = world.path().display();
    format!(
        "version: 1\nname: limited\n{rest}\nvariables: {{who: {{type: string}}, key: {{type: string, default: k}}}}\nsteps:\n  \
         - id: s\n    effect: idempotent\n    env: {{W: \"{{{{ vars.who }}}}\"}}\n    \
         run: echo $W >> {dir}/begun; until [ -e {dir}/go.$W -o -e {dir}/go ]; do sleep 0.02; done\n"
    )
}

fn submit(world: &World, who: &str, key: &str) -> String {
    world.submit(["limited", "--var", &format!("who={who}"), "--var", &format!("key={key}")])
}

fn begun(world: &World) -> Vec<String> {
    world.read("begun").lines().map(str::to_owned).collect()
}

fn let_go(world: &World, who: &str) {
    fs::write(world.path().join(who), "").unwrap();
}

/// A whole other run has had the time for what must not happen.
fn fence(world: &World) {
    let text = "version: 1\nname: fence\nsteps: [{id: s, run: 'true'}]\n";
    assert_eq!(world.ended("fence", text)["status"], "completed");
}

#[test]
fn runs_of_one_key_take_turns() {
    let world = World::new();
    let daemon = world.start();
    world.apply("limited", &limited(&world, "concurrency: {limit: 1, key: \"{{ vars.key }}\"}"));
    let a1 = submit(&world, "a1", "a");
    world.until(&a1, "running");
    let a2 = submit(&world, "a2", "a");
    let b1 = submit(&world, "b1", "b");
    world.until(&b1, "running");
    eventually("both have begun", || (begun(&world).len() == 2).then_some(()));
    fence(&world);
    assert_eq!(begun(&world).len(), 2);
    let waiting = world.show(&a2);
    assert_eq!((&waiting["status"], &waiting["started"]), (&json!("queued"), &Value::Null));
    assert!(waiting["gate"].as_str().unwrap().contains("the key a "), "it says why: {waiting:#}");
    assert_eq!(world.show(&a1)["gate"], Value::Null);
    let_go(&world, "go.b1");
    world.until(&b1, "completed");
    assert_eq!(world.show(&a2)["status"], "queued", "the end of another key's is nothing to it");
    let_go(&world, "go.a1");
    eventually("the second one begins", || (begun(&world).len() == 3).then_some(()));
    assert_eq!(begun(&world)[2], "a2");
    let_go(&world, "go");
    world.until(&a2, "completed");
    assert!(daemon.stop().success());
}

#[test]
fn the_limit_counts_runs_whatever_they_wait_for() {
    let world = World::new();
    let daemon = world.start();
    world.apply("two", "version: 1\nname: two\nconcurrency: 2\nsteps: [{id: ok, approval: Go?}]\n");
    let runs: Vec<String> = (0..5).map(|_| world.submit(["two"])).collect();
    let asker = Asker::of(&world);
    for at in 0..3 {
        let views = [asker.asked(&runs[at], "ok"), asker.asked(&runs[at + 1], "ok")];
        assert_eq!(asker.approvals().len(), 2, "never more than two");
        for late in &runs[at + 2..] {
            assert_eq!(world.show(late)["status"], "queued");
        }
        asker.approve(&views[0], &[]).unwrap();
        world.until(&runs[at], "completed");
    }
    world.json(["cancel", &runs[3]]);
    asker.approve(&asker.asked(&runs[4], "ok"), &[]).unwrap();
    world.until(&runs[4], "completed");
    assert!(daemon.stop().success());
}

#[test]
fn a_full_queue_turns_away() {
    let world = World::new();
    let daemon = world.start();
    world.apply("limited", &limited(&world, "concurrency: {limit: 1, max_queue: 2}"));
    let first = submit(&world, "r1", "k");
    world.until(&first, "running");
    let waiting = [submit(&world, "r2", "k"), submit(&world, "r3", "k")];
    let away = world.json(["run", "limited", "--var", "who=r4", "--wait"]);
    assert_eq!(
        (&away["status"], &away["error"]["code"]),
        (&json!("failed"), &json!("RPA0432")),
        "{away:#}"
    );
    assert_eq!(away["started"], Value::Null);
    assert_eq!(step(&away, "s")["attempts"], 0);
    // one that leaves the queue leaves room in it
    world.json(["cancel", &waiting[0]]);
    assert_eq!(world.show(&waiting[0])["status"], "cancelled");
    let last = submit(&world, "r5", "k");
    assert_eq!(world.show(&last)["status"], "queued");
    let_go(&world, "go");
    world.until(&last, "completed");
    world.until(&waiting[1], "completed");
    assert_eq!(begun(&world), ["r1", "r3", "r5"]);
    assert!(daemon.stop().success());
}

#[test]
fn what_finds_others_is_skipped_or_fails() {
    for (on_limit, status, code) in [("skip", "cancelled", 4), ("fail", "failed", 3)] {
        let world = World::new();
        let daemon = world.start();
        let rest = format!(
            "concurrency: {{limit: 1, on_limit: {on_limit}}}\nhandlers: {{finally: [{{id: f, run: echo handler >> {}/begun}}]}}",
            world.path().display()
        );
        world.apply("limited", &limited(&world, &rest));
        let first = submit(&world, "first", "k");
        eventually("the first has begun", || (begun(&world).len() == 1).then_some(()));
        // what becomes of it is the answer to its submission
        let started = world.json(["run", "limited", "--var", "who=second"]);
        assert_eq!(started["status"], status, "{started:#}");
        let waited = world.rpa(["run", "limited", "--var", "who=third", "--wait"]);
        assert_eq!(waited.code, code, "{waited:?}");
        let shown = world.show(started["run"].as_str().unwrap());
        match on_limit {
            "fail" => assert_eq!(shown["error"]["code"], "RPA0432", "{shown:#}"),
            _ => {
                assert_eq!(shown["error"], Value::Null, "{shown:#}");
                let why = "not begun: its limit is reached";
                assert!(world.rpa(["runs"]).stdout.contains(why), "{:?}", world.rpa(["runs"]));
            }
        }
        // as a call, both are errors of the step
        world.apply(
            "top",
            "version: 1\nname: top\nsteps: [{id: call, workflow: limited, with: {who: x}}]\n",
        );
        let top = world.json(["run", "top", "--wait"]);
        let wanted = if on_limit == "fail" { "RPA0432" } else { "RPA0425" };
        assert_eq!(
            (&top["status"], &top["error"]["code"]),
            (&json!("failed"), &json!(wanted)),
            "{top:#}"
        );
        let_go(&world, "go");
        world.until(&first, "completed");
        assert_eq!(begun(&world), ["first", "handler"], "nothing of the others ran");
        let again = world.json(["run", "limited", "--var", "who=again", "--wait"]);
        assert_eq!(again["status"], "completed");
        assert!(daemon.stop().success());
    }
}

#[test]
fn the_last_one_replaces_those_before_it() {
    let world = World::new();
    let settings = "[runs]\ncancel_grace = \"300ms\"\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    let dir = world.path().display();
    let text = format!(
        "version: 1\nname: newest\nconcurrency: {{limit: 1, on_limit: cancel_running}}\nvariables: {{last: {{type: boolean, default: false}}}}\nsteps:\n  - id: work\n    env: {{L: \"{{{{ vars.last }}}}\"}}\n    run: |\n      \
         if {}; then echo $$ >> {dir}/beside; fi\n      \
         echo $$ >> {dir}/pids\n      $L || while :; do sleep 0.05; done\n",
        still_runs(&world.path().join("pids"))
    );
    world.file("pids", "");
    world.apply("newest", &text);
    let mut runs = Vec::new();
    for n in 1..=3 {
        runs.push(world.submit(["newest"]));
        eventually("it runs", || (world.read("pids").lines().count() == n).then_some(()));
    }
    let last = world.json(["run", "newest", "--var", "last=true", "--wait"]);
    assert_eq!(last["status"], "completed", "{last:#}");
    for run in &runs {
        assert_eq!(world.show(run)["status"], "cancelled");
    }
    assert_eq!(world.read("beside"), "", "one began before the other had ended");
    assert!(!world.read("pids").lines().any(alive), "a process lives");
    let log = world.rpa(["logs", &runs[0]]).stdout;
    assert!(log.contains("in its place"), "{log}");
    assert!(daemon.stop().success());
}

#[test]
fn the_queue_is_in_order_of_priority_and_age_and_outlives_a_crash() {
    let world = World::new();
    let mut daemon = world.start();
    let of = |priority: &str| limited(&world, &format!("concurrency: 1\npriority: {priority}"));
    world.apply("limited", &of("normal"));
    let first = submit(&world, "first", "k");
    world.until(&first, "running");
    let mut runs = Vec::new();
    for (priority, name) in [("normal", "n"), ("low", "l"), ("high", "h")] {
        world.apply("limited", &of(priority));
        for i in 1..=2 {
            runs.push(submit(&world, &format!("{name}{i}"), "k"));
            if i == 1 {
                daemon.kill();
                daemon = world.start();
            }
        }
    }
    world.apply("limited", &of("normal"));
    runs.push(submit(&world, "n3", "k"));
    world.json(["cancel", &runs[1]]);
    daemon.kill();
    daemon = world.start();
    fence(&world);
    for run in runs.iter().filter(|run| **run != runs[1]) {
        assert_eq!(world.show(run)["status"], "queued");
    }
    let_go(&world, "go");
    for run in runs.iter().filter(|run| **run != runs[1]) {
        world.until(run, "completed");
    }
    world.until(&first, "completed");
    let mut order = begun(&world);
    // the first one was begun anew after each crash
    order.dedup();
    assert_eq!(order, ["first", "h1", "h2", "n1", "n3", "l1", "l2"]);
    assert!(daemon.stop().success());
}

#[test]
fn a_crash_at_any_time_keeps_the_limit() {
    let world = World::new();
    let mut daemon = world.start();
    let dir = world.path().display();
    let text = format!(
        "version: 1\nname: gated\nconcurrency: {{limit: 1, key: \"{{{{ vars.key }}}}\"}}\nvariables: {{key: {{type: string}}}}\nsteps:\n  \
         - {{id: a, effect: idempotent, run: \"echo + $RPA_RUN_ID $K >> {dir}/lines\", env: {{K: \"{{{{ vars.key }}}}\"}}}}\n  \
         - {{id: b, effect: idempotent, run: \"echo - $RPA_RUN_ID $K >> {dir}/lines\", env: {{K: \"{{{{ vars.key }}}}\"}}}}\n"
    );
    world.apply("gated", &text);
    let runs: Vec<String> =
        (0..30).map(|n| world.submit(["gated", "--var", &format!("key=k{}", n % 3)])).collect();
    for count in [5, 17, 30, 44] {
        eventually("they are that far", || {
            (world.read("lines").lines().count() >= count).then_some(())
        });
        daemon.kill();
        daemon = world.start();
    }
    for run in &runs {
        world.until(run, "completed");
    }
    // whatever a crash has repeated: no run of a key wrote between the lines of another
    let text = world.read("lines");
    let mut turns = BTreeMap::<&str, Vec<&str>>::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [_, run, key] = words[..] else { panic!("torn: {line:?}") };
        turns.entry(key).or_default().push(run);
    }
    for (key, of_key) in &mut turns {
        of_key.dedup();
        let distinct: BTreeSet<&&str> = of_key.iter().collect();
        assert_eq!((of_key.len(), distinct.len()), (10, 10), "{key}:\n{text}");
    }
    assert_eq!(turns.len(), 3);
    assert!(daemon.stop().success());
}

#[test]
fn who_is_late_is_said_to_be_late() {
    let world = World::new();
    let mut daemon = world.start();
    let rest = "concurrency: 1\nsla: {start_within: 300ms, finish_within: 400ms}";
    world.apply("limited", &limited(&world, rest));
    let first = submit(&world, "first", "k");
    let second = submit(&world, "second", "k");
    let late = |run: &str| world.show(run)["broken"].clone();
    let (once, twice) = (json!(["finish"]), json!(["start", "finish"]));
    eventually("both are late", || (late(&first) == once && late(&second) == twice).then_some(()));
    let listed = world.json(["runs"])["runs"].clone();
    assert_eq!((&listed[0]["broken"], &listed[1]["broken"]), (&twice, &once), "{listed:#}");
    assert_eq!(world.show(&first)["status"], "running", "it is flagged, not ended");
    assert_eq!(world.show(&second)["status"], "queued");
    let log = world.rpa(["logs", &first]).stdout;
    assert!(log.contains("sla: it was to finish within 400 ms"), "{log}");
    daemon.kill();
    daemon = world.start();
    let_go(&world, "go");
    for (run, wanted) in [(&first, once), (&second, twice)] {
        assert_eq!(world.until(run, "completed")["broken"], wanted, "once, and for good");
    }
    // one that keeps its promises is not flagged
    let calm = "version: 1\nname: calm\nsla: {start_within: 1h, finish_within: 1h}\nsteps: [{id: s, run: 'true'}]\n";
    assert_eq!(world.ended("calm", calm)["broken"], json!([]));
    assert!(daemon.stop().success());
}

#[test]
fn who_is_late_may_be_cancelled_for_it() {
    let world = World::new();
    let settings = "[runs]\ncancel_grace = \"300ms\"\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    let dir = world.path().display();
    let text = format!(
        "version: 1\nname: strict\nsla: {{finish_within: 1500ms, on_breach: cancel}}\nsteps: [{{id: s, run: \"echo $$ > {dir}/pid; {}\"}}]\n\
         handlers: {{cancel: [{{id: c, run: echo told >> {dir}/told}}]}}\n",
        until_there(&world.path().join("go"))
    );
    let shown = world.ended("strict", &text);
    assert_eq!(shown["status"], "cancelled", "{shown:#}");
    assert!(!alive(&world.read("pid")), "its process lives");
    assert_eq!(world.read("told"), "told\n");
    assert_eq!(shown["broken"], json!(["finish"]));
    // one that waits for its turn, too
    let rest = "concurrency: 1\nsla: {start_within: 300ms, on_breach: cancel}";
    world.apply("limited", &limited(&world, rest));
    let first = submit(&world, "first", "k");
    world.until(&first, "running");
    let second = submit(&world, "second", "k");
    assert_eq!(world.until(&second, "cancelled")["broken"], json!(["start"]));
    assert_eq!(world.show(&first)["status"], "running", "it began in time");
    let_go(&world, "go");
    world.until(&first, "completed");
    assert_eq!(begun(&world), ["first"]);
    assert!(daemon.stop().success());
}

/// Runs of three workflows that wait: for their turn, for a lock, for people. `held`
/// keeps the first two waiting.
fn three_that_wait(world: &World) -> [String; 2] {
    world.apply("limited", &limited(world, "concurrency: 1"));
    let lock = |name: &str, run: &str| {
        format!(
            "version: 1\nname: {name}\nsteps: [{{id: s, lock: sap, effect: idempotent, run: \"{run}\"}}]\n"
        )
    };
    world.apply("holder", &lock("holder", &until_there(&world.path().join("go"))));
    world.apply(
        "locked",
        &lock("locked", &format!("echo locked >> {}/begun", world.path().display())),
    );
    world.apply("asks", "version: 1\nname: asks\nsteps: [{id: ok, approval: Go?}]\n");
    world.apply(
        "top",
        "version: 1\nname: top\nsteps:\n  - {id: turn, needs: [], workflow: limited, with: {who: called}}\n  \
         - {id: lock, needs: [], workflow: locked}\n  - {id: people, needs: [], workflow: asks}\n",
    );
    let held = [submit(world, "first", "k"), world.submit(["holder"])];
    for run in &held {
        world.until(run, "running");
    }
    eventually("the first has begun", || (begun(world) == ["first"]).then_some(()));
    held
}

#[test]
fn a_cancel_reaches_called_runs_that_wait() {
    let world = World::new();
    let daemon = world.start();
    let held = three_that_wait(&world);
    let asker = Asker::of(&world);
    let run = world.submit(["top"]);
    let called = ["turn", "lock", "people"].map(|path| asker.called(&run, path));
    asker.asked(&called[2], "ok");
    asker.step_until(&called[1], "s", "waiting");
    assert_eq!(world.show(&called[0])["status"], "queued");
    world.json(["cancel", &run]);
    world.until(&run, "cancelled");
    for run in &called {
        assert_eq!(world.show(run)["status"], "cancelled");
    }
    assert_eq!(asker.approvals(), []);
    assert!(asker.locks()[0].waiting.is_empty(), "{:?}", asker.locks());
    let_go(&world, "go");
    for run in &held {
        world.until(run, "completed");
    }
    assert_eq!(begun(&world), ["first"]);
    // nothing of the cancelled ones is in the way
    let next = submit(&world, "next", "k");
    world.until(&next, "completed");
    assert_eq!(world.json(["run", "locked", "--wait"])["status"], "completed");
    assert!(daemon.stop().success());
}

#[test]
fn a_pause_reaches_called_runs_that_wait() {
    let world = World::new();
    let mut daemon = world.start();
    let held = three_that_wait(&world);
    let run = world.submit(["top"]);
    let called = {
        let asker = Asker::of(&world);
        let called = ["turn", "lock", "people"].map(|path| asker.called(&run, path));
        asker.asked(&called[2], "ok");
        asker.step_until(&called[1], "s", "waiting");
        called
    };
    world.json(["pause", &run]);
    let_go(&world, "go");
    for run in &held {
        world.until(run, "completed");
    }
    daemon.kill();
    daemon = world.start();
    // people may answer meanwhile
    let asker = Asker::of(&world);
    asker.approve(&asker.asked(&called[2], "ok"), &[]).unwrap();
    fence(&world);
    assert_eq!(begun(&world), ["first"], "a paused run began something");
    world.json(["resume", &run]);
    let shown = world.until(&run, "completed");
    for path in ["turn", "lock", "people"] {
        assert_eq!(step(&shown, path)["status"], "completed");
    }
    assert_eq!(begun(&world).len(), 3);
    assert!(daemon.stop().success());
}
