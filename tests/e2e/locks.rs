//! `lock` and `tokens`, judged by what the steps have written, not by what the daemon
//! says of itself.
//!
//! A step writes a line when it has begun and one just before it ends, so that what is
//! open by these lines is held for certain.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rpa_ipc::asking::LockView;
use rpa_tests::{Options, World, eventually};
use rustix::process::Signal;
use serde_json::json;

use crate::asking::{Asker, alive, refused, still_runs, until_there};
use crate::loops::step;

/// What a step does between its two lines, of the run `RPA_RUN_ID` with weight `weight`.
fn marked(world: &World, weight: u32, between: &str) -> String {
    let lines = world.path().join("lines");
    let lines = lines.display();
    format!(
        "echo + $RPA_RUN_ID {weight} >> {lines}; {between}; echo - $RPA_RUN_ID {weight} >> {lines}"
    )
}

/// The order in which runs began, once the lines have been looked through: never is more
/// than `most` open. One that was killed begins again.
#[track_caller]
fn looked_through(world: &World, most: u32) -> Vec<String> {
    let mut open: BTreeMap<&str, u32> = BTreeMap::new();
    let mut begun: Vec<String> = Vec::new();
    let text = world.read("lines");
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [sign, run, weight] = words[..] else { panic!("torn: {line:?}") };
        match sign {
            "+" => {
                open.insert(run, weight.parse().unwrap());
                if begun.last().is_none_or(|last| last != run) {
                    begun.push(run.to_owned());
                }
            }
            _ => assert!(open.remove(run).is_some(), "ended before it began: {text}"),
        }
        assert!(open.values().sum::<u32>() <= most, "{open:?} at once in:\n{text}");
    }
    begun
}

fn lines(world: &World) -> usize {
    world.read("lines").lines().count()
}

/// A workflow with one step that holds something.
fn holding(name: &str, claim: &str, effect: &str, run: &str) -> String {
    format!(
        "version: 1\nname: {name}\nsteps:\n  - id: hold\n    {claim}\n    effect: {effect}\n    run: |\n      {run}\n"
    )
}

/// A run of it waits for its claim.
fn waits(asker: &Asker, run: &str) {
    eventually(&format!("run {run} waits for what it claims"), || {
        let locks = asker.locks();
        locks.iter().any(|lock| lock.waiting.iter().any(|c| c.run.to_string() == run)).then_some(())
    });
}

fn lock(asker: &Asker, name: &str) -> Option<LockView> {
    asker.locks().into_iter().find(|lock| lock.name == name)
}

#[test]
fn one_at_a_time_in_the_order_in_which_they_came() {
    let world = World::new();
    let daemon = world.start();
    // the second one fails at first, and holds the lock between its tries
    let tries = world.path().join("tries");
    let text = format!(
        "version: 1\nname: sap\nsteps:\n  - id: hold\n    lock: sap\n    retry: {{attempts: 2, delay: 150ms}}\n    run: |\n      \
         {}\n      echo x >> {1}; test $(wc -l < {1}) != 2\n",
        marked(&world, 1, "sleep 0.02"),
        tries.display()
    );
    world.apply("sap", &text);
    let go = world.path().join("go");
    world.apply("first", &holding("first", "lock: sap", "idempotent", &until_there(&go)));
    let asker = Asker::of(&world);
    let first = world.submit(["first"]);
    asker.step_until(&first, "hold", "running");
    let mut runs = Vec::new();
    for _ in 0..8 {
        let run = world.submit(["sap"]);
        waits(&asker, &run);
        runs.push(run);
    }
    let view = lock(&asker, "sap").unwrap();
    assert_eq!((view.size, view.taken, view.waits), (None, 1, 8));
    let waiting: Vec<String> = view.waiting.iter().map(|claim| claim.run.to_string()).collect();
    assert_eq!(waiting, runs);
    assert_eq!(view.holders[0].run.to_string(), first);
    assert_eq!(lines(&world), 0);
    fs::write(&go, "").unwrap();
    for run in &runs {
        world.until(run, "completed");
    }
    assert_eq!(looked_through(&world, 1), runs);
    assert_eq!(lines(&world), 18);
    assert_eq!(asker.locks(), [], "nothing is left of it");
    assert!(daemon.stop().success());
}

#[test]
fn no_more_tokens_are_held_than_there_are() {
    let world = World::new();
    let daemon = world.start();
    let asker = Asker::of(&world);
    asker.size_pool("crm", Some(4)).unwrap();
    let go = world.path().join("go");
    for weight in 1..=3 {
        let name = format!("w{weight}");
        let run = marked(&world, weight, &until_there(&go));
        world.apply(&name, &holding(&name, &format!("tokens: {{crm: {weight}}}"), "unknown", &run));
    }
    let runs: Vec<String> =
        ["w2", "w2", "w3", "w1", "w1", "w3", "w2", "w1", "w1"].map(|w| world.submit([w])).into();
    // the first two take all; nobody is let past the third, although it waits for more
    eventually("as many go on as there is room for", || (lines(&world) >= 2).then_some(()));
    waits(&asker, runs.last().unwrap());
    assert_eq!(lock(&asker, "crm").map(|l| (l.taken, l.waits)), Some((4, 7)));
    fs::write(&go, "").unwrap();
    for run in &runs {
        world.until(run, "completed");
    }
    let begun = looked_through(&world, 4);
    assert_eq!(begun.len(), runs.len());
    // it and the one behind it were let go on at once
    assert!(begun[2..4].contains(&runs[2]), "first come, first served: {runs:?} {begun:?}");
    assert_eq!(
        lock(&asker, "crm").map(|l| (l.size, l.taken)),
        Some((Some(4), 0)),
        "the pool stays"
    );
    assert!(daemon.stop().success());
}

#[test]
fn a_lock_is_held_through_a_group_and_named_by_an_expression() {
    let world = World::new();
    let daemon = world.start();
    let text = format!(
        "version: 1\nname: hosts\nsteps:\n  - id: each\n    for_each: [a, b, a, a, b, c]\n    as: host\n    max_parallel: 6\n    steps:\n      \
         - id: both\n        lock: \"host-{{{{ host }}}}\"\n        steps:\n          - {{id: x, run: \"mkdir {0}/$H; echo $H >> {0}/order\", env: {{H: \"{{{{ host }}}}\"}}}}\n          \
         - {{id: y, run: \"rmdir {0}/$H\", env: {{H: \"{{{{ host }}}}\"}}}}\n  \
         - {{id: off, if: \"false\", lock: never, run: exit 1}}\n",
        world.path().display()
    );
    let shown = world.ended("hosts", &text);
    assert_eq!(shown["status"], "completed", "mkdir fails where two are in it: {shown:#}");
    assert_eq!(world.read("order").lines().count(), 6);
    assert_eq!(step(&shown, "off")["status"], "skipped");
    let wrong = world.ended(
        "wrong",
        "version: 1\nname: wrong\nvariables: {n: {type: string, default: Big One}}\nsteps: [{id: a, lock: 'x-{{ vars.n }}', run: 'true'}]\n",
    );
    assert_eq!(wrong["error"]["code"], "RPA0409", "{wrong:#}");
    assert_eq!(Asker::of(&world).locks(), []);
    assert!(daemon.stop().success());
}

/// A run whose step is in doubt, with the lock in hand.
fn doubtful(world: &World, daemon: rpa_tests::Daemon) -> (rpa_tests::Daemon, String) {
    let acted = world.path().join("acted");
    let run = format!("echo x >> {}; sleep 60", acted.display());
    world.apply("doubt", &holding("doubt", "lock: sap", "once", &run));
    let run = world.submit(["doubt"]);
    eventually("it has acted", || (world.read("acted") == "x\n").then_some(()));
    daemon.kill();
    let daemon = world.start();
    world.until(&run, "in_doubt");
    (daemon, run)
}

#[test]
fn a_doubt_keeps_the_lock_until_it_is_decided() {
    let world = World::new();
    let daemon = world.start();
    let (mut daemon, run) = doubtful(&world, daemon);
    world.apply("next", &holding("next", "lock: sap", "idempotent", &marked(&world, 1, "true")));
    world.apply("fence", "version: 1\nname: fence\nsteps: [{id: s, run: \"true\"}]\n");
    let next = world.submit(["next"]);
    waits(&Asker::of(&world), &next);
    // neither time nor a restart takes it away
    daemon.kill();
    daemon = world.start();
    world.json(["run", "fence", "--wait"]);
    let asker = Asker::of(&world);
    let view = lock(&asker, "sap").unwrap();
    assert_eq!(
        (view.holders[0].run.to_string(), view.holders[0].status.as_str()),
        (run.clone(), "in_doubt")
    );
    assert_eq!((view.waits, lines(&world)), (1, 0));
    world.json(["resolve", &run, "hold", "done"]);
    world.until(&run, "completed");
    world.until(&next, "completed");
    assert_eq!(lines(&world), 2);
    assert!(daemon.stop().success());
}

#[test]
fn a_person_breaks_a_lock() {
    let world = World::new();
    let daemon = world.start();
    let (daemon, run) = doubtful(&world, daemon);
    world.apply("next", &holding("next", "lock: sap", "idempotent", &marked(&world, 1, "true")));
    let next = world.submit(["next"]);
    let asker = Asker::of(&world);
    waits(&asker, &next);
    assert_eq!(
        refused(asker.break_lock(&next, "hold", "sap")),
        "RPA0540",
        "it waits, and holds nothing"
    );
    assert_eq!(refused(asker.break_lock(&run, "hold", "other")), "RPA0540");
    asker.break_lock(&run, "hold", "sap").unwrap();
    world.until(&next, "completed");
    assert_eq!(refused(asker.break_lock(&run, "hold", "sap")), "RPA0540");
    assert_eq!(world.show(&run)["status"], "in_doubt", "the step stays as it is");
    assert!(asker.show(&run).steps[0].holds.is_empty(), "it holds nothing any more");
    let again = world.json(["resolve", &run, "hold", "retry"]);
    assert_eq!(again["error"]["code"], "RPA0506", "not without the lock: {again:#}");
    let why = world.rpa(["why", &run, "hold"]).stdout;
    assert!(why.contains("sap was taken from step hold by "), "{why}");
    let log = world.rpa(["logs", &run]).stdout;
    assert!(log.contains("sap was taken from it by "), "{log}");
    // its end gives back nothing that somebody else has
    let go = world.path().join("go");
    world.apply("third", &holding("third", "lock: sap", "idempotent", &until_there(&go)));
    let third = world.submit(["third"]);
    asker.step_until(&third, "hold", "running");
    world.json(["resolve", &run, "hold", "done"]);
    world.until(&run, "completed");
    assert_eq!(lock(&asker, "sap").unwrap().holders[0].run.to_string(), third);
    fs::write(&go, "").unwrap();
    world.until(&third, "completed");
    assert!(daemon.stop().success());
}

#[test]
fn steps_that_begin_with_a_claim_leave_no_place_taken() {
    let world = World::new();
    let settings = "[runs]\nmax_active = 2\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    world.apply("first", &holding("first", "lock: sap", "idempotent", "true"));
    world.apply("caller", "version: 1\nname: caller\nsteps: [{id: c, workflow: first}]\n");
    for _ in 0..4 {
        for name in ["first", "caller"] {
            let run = world.json(["run", name, "--wait"]);
            assert_eq!(run["status"], "completed", "{run:#}");
        }
    }
    assert!(daemon.stop().success());
}

#[test]
fn a_lease_ends_what_the_step_does() {
    let world = World::new();
    let settings = "[runs]\ncancel_grace = \"300ms\"\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    let dir = world.path().display();
    let run = format!(
        "sh -c 'trap \"\" TERM; echo $$ >> {dir}/pids; while :; do sleep 0.1; done' & echo $$ >> {dir}/pids; wait"
    );
    world.apply("long", &holding("long", "lock: {name: sap, lease: 2s}", "unknown", &run));
    let check = format!("if {}; then exit 9; fi", still_runs(&world.path().join("pids")));
    world.apply("next", &holding("next", "lock: sap", "unknown", &check));
    let long = world.submit(["long"]);
    eventually("its processes run", || (world.read("pids").lines().count() == 2).then_some(()));
    let next = world.submit(["next"]);
    let shown = world.until(&long, "failed");
    let error = &step(&shown, "hold")["error"];
    assert_eq!(
        (&error["code"], &error["class"]),
        (&json!("RPA0430"), &json!("timeout")),
        "{shown:#}"
    );
    assert!(!world.read("pids").lines().any(alive), "a process lives");
    // the next one looked for them when it had the lock
    world.until(&next, "completed");
    assert!(daemon.stop().success());
}

#[test]
fn what_is_not_free_in_time_is_an_error() {
    let world = World::new();
    let daemon = world.start();
    let go = world.path().join("go");
    world.apply("first", &holding("first", "lock: sap", "idempotent", &until_there(&go)));
    let first = world.submit(["first"]);
    let asker = Asker::of(&world);
    asker.step_until(&first, "hold", "running");
    for (name, wait) in [("none", "0s"), ("some", "300ms")] {
        let claim = format!("lock: {{name: sap, wait: {wait}}}");
        let shown = world.ended(name, &holding(name, &claim, "unknown", "exit 1"));
        let error = &step(&shown, "hold")["error"];
        assert_eq!(
            (&error["code"], &error["class"]),
            (&json!("RPA0429"), &json!("timeout")),
            "{shown:#}"
        );
        assert_eq!(step(&shown, "hold")["attempts"], 0, "it never began");
    }
    let view = lock(&asker, "sap").unwrap();
    assert_eq!((view.taken, view.waits), (1, 0), "who has given up waits no more");
    fs::write(&go, "").unwrap();
    world.until(&first, "completed");
    let claim = "lock: {name: sap, wait: 0s}";
    assert_eq!(
        world.ended("free", &holding("free", claim, "unknown", "true"))["status"],
        "completed"
    );
    assert!(daemon.stop().success());
}

#[test]
fn a_pool_is_made_resized_and_taken_away() {
    let world = World::new();
    let daemon = world.start();
    let asker = Asker::of(&world);
    let go = world.path().join("go");
    let body = marked(&world, 2, &until_there(&go));
    world.apply("two", &holding("two", "tokens: {crm: 2}", "unknown", &body));
    let shown = world.json(["run", "two", "--wait"]);
    assert_eq!(shown["error"]["code"], "RPA0428", "{shown:#}");
    assert!(shown["error"]["message"].as_str().unwrap().contains("rpa locks set crm SIZE"));
    assert_eq!(refused(asker.size_pool("CRM", Some(1))), "RPA0002");
    assert_eq!(refused(asker.size_pool("crm", Some(0))), "RPA0002");
    asker.size_pool("crm", Some(1)).unwrap();
    let shown = world.json(["run", "two", "--wait"]);
    assert_eq!(shown["error"]["code"], "RPA0428", "more than there is: {shown:#}");

    asker.size_pool("crm", Some(2)).unwrap();
    let runs: Vec<String> = (0..4).map(|_| world.submit(["two"])).collect();
    eventually("one goes on", || (lines(&world) == 1).then_some(()));
    waits(&asker, &runs[3]);
    assert_eq!(refused(asker.size_pool("crm", None)), "RPA0539", "it is in use");
    // larger: those that wait go on
    asker.size_pool("crm", Some(6)).unwrap();
    eventually("three go on", || (lines(&world) == 3).then_some(()));
    assert_eq!(lock(&asker, "crm").map(|l| (l.taken, l.waits)), Some((6, 1)));
    // smaller: what is held stays, and who can never have enough fails
    asker.size_pool("crm", Some(1)).unwrap();
    let shown = world.until(&runs[3], "failed");
    assert_eq!(shown["error"]["code"], "RPA0428", "{shown:#}");
    assert_eq!(lock(&asker, "crm").map(|l| (l.taken, l.waits)), Some((6, 0)));
    fs::write(&go, "").unwrap();
    for run in &runs[..3] {
        world.until(run, "completed");
    }
    looked_through(&world, 6);
    asker.size_pool("crm", None).unwrap();
    assert_eq!(asker.locks(), []);
    assert_eq!(world.json(["run", "two", "--wait"])["error"]["code"], "RPA0428");
    assert!(daemon.stop().success());
}

/// Two groups, one in the other, that hold `outer` and then `inner`. The outer one makes
/// a file, and goes on when that of the other is there.
fn nested(world: &World, name: &str, outer: &str, inner: &str, other: &str) -> String {
    let dir = world.path();
    let hold = format!("touch {}; {}", dir.join(name).display(), until_there(&dir.join(other)));
    format!(
        "version: 1\nname: {name}\nsteps:\n  - id: outer\n    lock: {outer}\n    steps:\n      \
         - {{id: meet, run: \"{hold}\"}}\n      - {{id: inner, lock: {inner}, steps: [{{id: s, run: 'true'}}]}}\n"
    )
}

#[test]
fn who_would_wait_for_himself_is_refused() {
    let world = World::new();
    let daemon = world.start();
    world.apply("left", &nested(&world, "left", "x", "y", "right"));
    world.apply("right", &nested(&world, "right", "y", "x", "left"));
    let runs = [world.submit(["left"]), world.submit(["right"])];
    let ended = runs.each_ref().map(|run| {
        eventually("the run ends", || {
            Some(world.show(run)).filter(|shown| shown["ended"].is_string())
        })
    });
    let mut codes = ended.each_ref().map(|shown| shown["error"]["code"].clone());
    codes.sort_by_key(ToString::to_string);
    assert_eq!(codes, [json!("RPA0431"), json!(null)], "one gives way: {ended:#?}");
    assert_eq!(Asker::of(&world).locks(), []);

    // the step that calls holds what the run that it calls wants
    world.apply("child", &holding("child", "lock: x", "unknown", "true"));
    let shown = world
        .ended("top", "version: 1\nname: top\nsteps: [{id: call, lock: x, workflow: child}]\n");
    assert_eq!(
        (&shown["status"], &shown["error"]["code"]),
        (&json!("failed"), &json!("RPA0431")),
        "{shown:#}"
    );
    let apart = world
        .ended("apart", "version: 1\nname: apart\nsteps: [{id: call, lock: y, workflow: child}]\n");
    assert_eq!(apart["status"], "completed");
    assert!(daemon.stop().success());
}

/// One run at a time, which waits for `file` if it is given one, and then claims `x`.
const LIMITED: &str = r#"version: 1
name: limited
concurrency: {limit: 1}
variables:
  file: {type: string, default: ''}
steps:
  - id: meet
    if: vars.file != ''
    effect: idempotent
    env: {FILE: "{{ vars.file }}"}
    run: 'until [ -e "$FILE" ]; do sleep 0.02; done'
  - id: take
    if: vars.file != ''
    needs: [{step: meet, when: always}]
    lock: x
    run: 'true'
"#;

/// A step that holds `x`, waits for `file`, and calls a run of `limited`.
fn caller(file: &Path) -> String {
    let hold = until_there(file);
    format!(
        "version: 1\nname: caller\nsteps:\n  - id: outer\n    lock: x\n    steps:\n      \
         - {{id: meet, run: \"{hold}\"}}\n      - {{id: call, workflow: limited}}\n"
    )
}

/// Two runs: `outer` holds `x`, `inner` has the only turn of `limited`.
fn meet(world: &World, take: &Path) -> [String; 2] {
    let started = |args: &[&str], at: &str| {
        let run = world.submit(args.iter().copied());
        eventually(&format!("{at} of {run} runs"), || {
            (step(&world.show(&run), at)["status"] == "running").then_some(())
        });
        run
    };
    let file = format!("file={}", take.display());
    [started(&["caller"], "outer/meet"), started(&["limited", "--var", &file], "meet")]
}

#[test]
fn a_turn_and_a_lock_do_not_wait_for_each_other() {
    let world = World::new();
    let daemon = world.start();
    let [take, call] = ["take", "call"].map(|name| world.path().join(name));
    world.apply("limited", LIMITED);
    world.apply("caller", &caller(&call));

    // who has the turn waits for the lock first: then the call closes the circle
    let [outer, inner] = meet(&world, &take);
    fs::write(&take, "").unwrap();
    waits(&Asker::of(&world), &inner);
    fs::write(&call, "").unwrap();
    let shown = world.until(&outer, "failed");
    assert_eq!(shown["error"]["code"], "RPA0431", "{shown:#}");
    world.until(&inner, "completed");

    // the call waits for its turn first, also over a crash: then the claim closes it
    for file in [&take, &call] {
        fs::remove_file(file).unwrap();
    }
    let [outer, inner] = meet(&world, &take);
    fs::write(&call, "").unwrap();
    eventually("the called run waits for its turn", || {
        let queued = world.json(["runs", "--status", "queued"])["runs"].clone();
        (queued.as_array()?.len() == 1).then_some(())
    });
    daemon.kill();
    let daemon = world.start();
    fs::write(&take, "").unwrap();
    let shown = world.until(&inner, "failed");
    assert_eq!(shown["error"]["code"], "RPA0431", "{shown:#}");
    world.until(&outer, "completed");
    assert_eq!(Asker::of(&world).locks(), []);
    assert!(daemon.stop().success());
}

/// A step of each namespace holds the lock of its own and calls a run of the other one.
#[test]
fn locks_of_two_namespaces_do_not_wait_for_each_other() {
    let world = World::new();
    let daemon = world.start();
    let dir = world.path();
    for (here, there) in [("here", "there"), ("there", "here")] {
        let met = until_there(&dir.join(there));
        let made = dir.join(here);
        world.apply(
            &format!("{here}-taking"),
            &format!(
                "version: 1\nname: taking\nnamespace: {here}\nsteps:\n  - {{id: take, lock: x, \
                 run: 'true'}}\n"
            ),
        );
        world.apply(
            &format!("{here}-outer"),
            &format!(
                "version: 1\nname: outer\nnamespace: {here}\nsteps:\n  - id: outer\n    lock: x\n    \
                 steps:\n      - {{id: meet, run: \"touch {}; {met}\"}}\n      \
                 - {{id: call, workflow: {there}/taking}}\n",
                made.display()
            ),
        );
    }
    let runs = ["here", "there"].map(|namespace| world.submit(["-n", namespace, "outer"]));
    let mut codes = runs.map(|run| {
        let shown = eventually("the run ends", || {
            Some(world.show(&run)).filter(|shown| shown["ended"].is_string())
        });
        shown["error"]["code"].clone()
    });
    codes.sort_by_key(ToString::to_string);
    assert_eq!(codes, [json!("RPA0431"), json!(null)], "one gives way");
    assert!(daemon.stop().success());
}

/// Two steps of one run, each with an empty pool of tokens around it: a wait that can
/// end is no circle.
#[test]
fn who_can_go_on_later_is_not_refused() {
    let world = World::new();
    let daemon = world.start();
    let go = world.path().join("go");
    world.apply("first", &holding("first", "lock: y", "idempotent", &until_there(&go)));
    let first = world.submit(["first"]);
    let asker = Asker::of(&world);
    asker.step_until(&first, "hold", "running");
    let text = "version: 1\nname: both\nsteps:\n  - {id: a, needs: [], lock: x, steps: [{id: b, lock: y, run: 'true'}]}\n  \
         - {id: c, needs: [], lock: y, run: 'true'}\n  - {id: d, needs: [], lock: x, run: 'true'}\n";
    world.apply("both", text);
    let run = world.submit(["both"]);
    eventually("all but one wait", || {
        let waits: u32 = asker.locks().iter().map(|lock| lock.waits).sum();
        (waits == 3).then_some(())
    });
    fs::write(&go, "").unwrap();
    world.until(&run, "completed");
    assert!(daemon.stop().success());
}

#[test]
fn a_cancelled_run_gives_back_what_it_holds_and_what_it_waits_for() {
    let world = World::new();
    let daemon = world.start();
    let go = world.path().join("go");
    world.apply(
        "hold",
        &holding("hold", "lock: sap", "unknown", &marked(&world, 1, &until_there(&go))),
    );
    let asker = Asker::of(&world);
    let runs: Vec<String> = (0..4).map(|_| world.submit(["hold"])).collect();
    eventually("the first goes on", || (lines(&world) == 1).then_some(()));
    for run in &runs[1..] {
        waits(&asker, run);
    }
    world.json(["cancel", &runs[1]]);
    world.until(&runs[1], "cancelled");
    world.json(["cancel", &runs[0]]);
    world.until(&runs[0], "cancelled");
    fs::write(&go, "").unwrap();
    for run in &runs[2..] {
        world.until(run, "completed");
    }
    let text = world.read("lines").replacen('\n', &format!("\n- {} 1\n", runs[0]), 1);
    fs::write(world.path().join("lines"), text).unwrap();
    assert_eq!(looked_through(&world, 1), [&runs[0], &runs[2], &runs[3]].map(Clone::clone));
    assert!(daemon.stop().success());
}

/// Kills the daemon as soon as the file has so many lines.
fn kill_at(
    world: &World,
    daemon: rpa_tests::Daemon,
    count: usize,
    stop_first: bool,
) -> rpa_tests::Daemon {
    eventually("they are that far", || (lines(world) >= count).then_some(()));
    if stop_first {
        daemon.signal(Signal::STOP);
    }
    daemon.kill();
    world.start()
}

#[test]
fn no_crash_loses_a_claim_or_grants_it_twice() {
    let world = World::new();
    let mut daemon = world.start();
    Asker::of(&world).size_pool("crm", Some(3)).unwrap();
    let work = "sleep 0.03";
    for weight in 1..=3 {
        let name = format!("w{weight}");
        let claim = format!("tokens: {{crm: {weight}}}");
        let run = marked(&world, weight, work);
        world.apply(&name, &holding(&name, &claim, "idempotent", &run));
    }
    let runs: Vec<String> =
        (0..36).map(|n: u32| world.submit([["w1", "w2", "w1", "w3"][(n % 4) as usize]])).collect();
    for (i, count) in [6, 20, 21, 40, 55].into_iter().enumerate() {
        daemon = kill_at(&world, daemon, count, i % 2 == 0);
    }
    for run in &runs {
        world.until(run, "completed");
    }
    let begun = looked_through(&world, 3);
    let distinct: std::collections::BTreeSet<&String> = begun.iter().collect();
    assert_eq!(distinct.len(), runs.len(), "each has had its turn");
    assert_eq!(
        lock(&Asker::of(&world), "crm").map(|l| (l.size, l.taken, l.waits)),
        Some((Some(3), 0, 0))
    );
    assert!(daemon.stop().success());
}

#[test]
fn the_order_of_those_that_wait_is_kept_over_a_crash() {
    let world = World::new();
    let mut daemon = world.start();
    let go = world.path().join("go");
    world.apply("first", &holding("first", "lock: sap", "idempotent", &until_there(&go)));
    world.apply("sap", &holding("sap", "lock: sap", "idempotent", &marked(&world, 1, "true")));
    let first = world.submit(["first"]);
    Asker::of(&world).step_until(&first, "hold", "running");
    let mut runs = Vec::new();
    for kill in [false, true, false, true, false, false] {
        let run = world.submit(["sap"]);
        waits(&Asker::of(&world), &run);
        runs.push(run);
        if kill {
            daemon.kill();
            daemon = world.start();
            assert_eq!(lock(&Asker::of(&world), "sap").unwrap().holders[0].run.to_string(), first);
        }
    }
    go_on(&go);
    for run in &runs {
        world.until(run, "completed");
    }
    assert_eq!(looked_through(&world, 1), runs);
    assert!(daemon.stop().success());
}

fn go_on(file: &Path) {
    fs::write(file, "").unwrap();
}
