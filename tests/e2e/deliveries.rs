//! Triggers that are no schedules under the real daemon: events, ends of runs, people; what
//! gathers and what is throttled; chains that have no end.

use rpa_tests::{World, eventually};
use serde_json::{Value, json};

/// A workflow with one trigger, whose runs give the variable `got` as output.
fn workflow(name: &str, trigger: &str) -> String {
    format!(
        "version: 1\nname: {name}\nvariables: {{got: {{type: string, default: none}}}}\n\
         triggers:\n{trigger}\n\
         steps:\n  - id: say\n    uses: log\n    with: {{message: \"{{{{ vars.got }}}}\"}}\n\
         outputs: {{got: \"{{{{ vars.got }}}}\"}}\n"
    )
}

fn deliveries(world: &World, workflow: &str) -> Vec<Value> {
    let page = world.json(["deliveries", workflow, "--limit", "500"]);
    let mut all = page["deliveries"].as_array().expect("deliveries").clone();
    all.reverse();
    all
}

fn outcomes(world: &World, workflow: &str) -> Vec<String> {
    let outcome = |delivery: &Value| delivery["outcome"].as_str().expect("an outcome").to_owned();
    deliveries(world, workflow).iter().map(outcome).collect()
}

/// What the run of a delivery has given.
fn given(world: &World, delivery: &Value) -> Value {
    let run = delivery["run"].as_str().expect("a run");
    world.until(run, "completed")["outputs"]["got"].clone()
}

fn publish(world: &World, n: usize) -> Value {
    world.json(["event", "publish", "order.paid", "--data", &format!("{{\"n\": {n}}}")])
}

#[test]
fn an_event_starts_a_run_of_each_trigger_that_it_fits() {
    let world = World::new();
    let daemon = world.start();
    let of_all = "  - event: order.paid\n    vars: {got: \"{{ trigger.data.n }} by {{ trigger.event }}\"}\n    if: \"trigger.data.n != 3\"";
    let of_large = "  - event: {name: order.paid, match: \"trigger.data.n > 1\"}\n    vars: {got: \"n{{ trigger.data.n }}\"}";
    world.apply("all", &workflow("all", of_all));
    world.apply("large", &workflow("large", of_large));
    assert_eq!(publish(&world, 1)["triggers"], 1);
    assert_eq!(publish(&world, 2)["triggers"], 2);
    assert_eq!(publish(&world, 3)["triggers"], 2);
    let all = deliveries(&world, "all");
    assert_eq!(outcomes(&world, "all"), ["started", "started", "skipped"]);
    assert_eq!(given(&world, &all[1]), "2 by order.paid");
    // what does not match is none of its, and is not told of
    assert_eq!(outcomes(&world, "large"), ["started", "started"]);
    let shown = world.json(["triggers"])["triggers"].as_array().unwrap().clone();
    let of = shown.iter().find(|t| t["workflow"] == "default/all").expect("a trigger");
    assert_eq!(
        (&of["kind"], &of["what"], &of["deliveries"]),
        (&json!("event"), &json!("event order.paid"), &json!(3))
    );
    assert!(daemon.stop().success());
}

#[test]
fn what_was_published_is_delivered_once_whoever_is_killed() {
    let world = World::new();
    let mut daemon = world.start();
    let trigger = "  - event: order.paid\n    vars: {got: \"n{{ trigger.data.n }}\"}\n    batch: {size: 7, wait: 1s}";
    world.apply("batch", &workflow("batch", trigger));
    for n in 0..20 {
        publish(&world, n);
        if n % 6 == 5 {
            daemon.kill_alone();
            daemon = world.start();
        }
    }
    let all = eventually("all have a run", || {
        let all = deliveries(&world, "batch");
        all.iter().all(|delivery| delivery["run"].is_string()).then_some(all)
    });
    let numbers: Vec<u64> = all.iter().map(|d| d["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<u64>>());
    let mut runs: Vec<&str> = all.iter().map(|d| d["run"].as_str().unwrap()).collect();
    runs.dedup();
    let known = world.json(["runs", "--limit", "500"])["runs"].as_array().unwrap().len();
    assert_eq!(runs.len(), known, "a run of no delivery, or two of one: {runs:?}");
    assert!(runs.len() <= 6, "20 deliveries in batches of 7, killed three times: {runs:?}");
    // the newest of a batch stands in the plain fields
    assert_eq!(given(&world, &all[19]), "n19");
    assert!(daemon.stop().success());
}

#[test]
fn a_debounce_merges_and_a_throttle_skips() {
    let world = World::new();
    let daemon = world.start();
    let debounce = "  - event: order.paid\n    vars: {got: \"n{{ trigger.data.n }}\"}\n    debounce: {wait: 700ms, key: \"{{ trigger.data.n % 2 }}\"}";
    let throttle = "  - event: order.paid\n    throttle: {limit: 2, per: 1h, excess: skip}";
    world.apply("quiet", &workflow("quiet", debounce));
    world.apply("few", &workflow("few", throttle));
    (0..4).for_each(|n| drop(publish(&world, n)));
    assert_eq!(outcomes(&world, "few"), ["started", "started", "skipped", "skipped"]);
    eventually("both keys are quiet", || {
        let wanted = ["merged", "merged", "started", "started"];
        (outcomes(&world, "quiet") == wanted).then_some(())
    });
    let quiet = deliveries(&world, "quiet");
    assert_eq!([given(&world, &quiet[2]), given(&world, &quiet[3])], ["n2", "n3"]);
    assert_eq!(quiet[0]["reason"]["text"], "delivery 3 stands for it");
    assert!(daemon.stop().success());
}

#[test]
fn a_paused_trigger_holds_what_comes_over_a_restart() {
    let world = World::new();
    let daemon = world.start();
    let trigger = "  - event: order.paid\n    vars: {got: \"n{{ trigger.data.n }}\"}";
    world.apply("all", &workflow("all", trigger));
    world.json(["triggers", "pause", "all", "--note", "the books are closed"]);
    publish(&world, 1);
    assert_eq!(outcomes(&world, "all"), ["held"]);
    daemon.kill();
    let daemon = world.start();
    assert_eq!(world.json(["triggers"])["triggers"][0]["waiting"], 1);
    world.json(["triggers", "resume", "all"]);
    assert_eq!(given(&world, &deliveries(&world, "all")[0]), "n1");

    world.json(["triggers", "pause", "all", "--note", "again"]);
    publish(&world, 2);
    world.json(["triggers", "disable", "all", "--note", "for good"]);
    assert_eq!(outcomes(&world, "all"), ["started", "skipped"]);
    assert_eq!(publish(&world, 3)["triggers"], 0);
    assert!(daemon.stop().success());
}

#[test]
fn the_end_of_a_run_starts_the_next_workflow() {
    let world = World::new();
    let daemon = world.start();
    let load = "version: 1\nname: load\nvariables: {rows: {type: number}}\nsteps:\n  - id: a\n    run: test $ROWS -gt 0\n    env: {ROWS: \"{{ vars.rows }}\"}\noutputs: {rows: \"{{ vars.rows }}\"}\n";
    world.apply("load", load);
    let report = "  - after: {workflow: load, match: \"trigger.outputs.rows > 10\"}\n    vars: {got: \"{{ trigger.outputs.rows }} of {{ trigger.workflow }}\"}";
    let mourn = "  - after: {workflow: load, status: failed}\n    vars: {got: \"{{ trigger.step }} {{ trigger.status }}\"}";
    world.apply("report", &workflow("report", report));
    world.apply("mourn", &workflow("mourn", mourn));
    for (rows, status) in [("5", "completed"), ("50", "completed"), ("0", "failed")] {
        let run = world.submit(["load", "--var", &format!("rows={rows}")]);
        world.until(&run, status);
    }
    let reported = deliveries(&world, "report");
    assert_eq!(reported.len(), 1, "{reported:#?}");
    assert_eq!(given(&world, &reported[0]), "50 of default/load");
    assert_eq!(given(&world, &deliveries(&world, "mourn")[0]), "a failed");
    assert!(daemon.stop().success());
}

#[test]
fn a_chain_that_feeds_itself_is_refused_or_comes_to_an_end() {
    let world = World::new();
    let daemon = world.start();
    let after = |of: &str| format!("  - after: {of}");
    world.apply("a", &workflow("a", &after("b")));
    world.apply("b", &workflow("b", &after("c")));
    let file = world.file("c.yaml", &workflow("c", &after("a")));
    let refused = world.rpa(["apply", file.to_str().unwrap()]);
    assert_eq!(refused.code, 2, "{refused:#?}");
    assert!(
        refused.stderr.contains("RPA0546") && refused.stderr.contains("default/a"),
        "{refused:#?}"
    );

    // an event leads to a step that publishes it again
    let echo = "version: 1\nname: echo\ntriggers:\n  - event: order.paid\nsteps:\n  - id: again\n    uses: event.publish\n    with: {name: order.paid, data: {n: 1}}\n";
    world.apply("echo", echo);
    publish(&world, 1);
    let last = eventually("it comes to an end", || {
        let newest = deliveries(&world, "echo").pop()?;
        (newest["outcome"] == "refused").then_some(newest)
    });
    assert_eq!(last["number"], 33, "{last:#}");
    assert!(last["reason"]["text"].as_str().unwrap().contains("RPA0546"), "{last:#}");
    assert_eq!(outcomes(&world, "echo").iter().filter(|outcome| *outcome == "started").count(), 32);
    assert!(daemon.stop().success());
}

#[test]
fn a_person_fires_a_trigger_and_tries_it_before() {
    let world = World::new();
    let daemon = world.start();
    let trigger = "  - event: order.paid\n    if: \"trigger.data.n > 1\"\n    vars: {got: \"n{{ trigger.data.n }}\"}";
    world.apply("all", &workflow("all", trigger));
    let tried =
        world.rpa(["triggers", "test", "all", "--data", "{\"data\": {\"n\": 1}}", "--json"]);
    assert_eq!(tried.code, 2, "{tried:#?}");
    let tried: Value = serde_json::from_str(&tried.stdout).unwrap();
    assert_eq!((&tried["starts"], &tried["if"]), (&json!(false), &json!(false)), "{tried:#}");
    assert_eq!(tried["variables"]["got"], "n1");
    assert!(deliveries(&world, "all").is_empty());

    let data = "{\"data\": {\"n\": 7}}";
    let fire = ["triggers", "fire", "all", "--data", data, "--request-id", "once"];
    let first = world.json(fire);
    let again = world.json(fire);
    assert_eq!((&first["run"], &again["repeated"]), (&again["run"], &json!(true)));
    assert_eq!(outcomes(&world, "all"), ["started"]);
    assert_eq!(given(&world, &deliveries(&world, "all")[0]), "n7");
    let other = world.rpa(["triggers", "fire", "all", "--request-id", "once"]);
    assert!(other.stderr.contains("RPA0519") || other.code == 2, "{other:#?}");

    // a slot by hand stands in the ledger, and in nobody's way
    let daily = "version: 1\nname: daily\ntriggers:\n  - schedule: {cron: \"0 3 1 1 *\", timezone: UTC}\nsteps:\n  - id: a\n    run: \"true\"\n";
    world.apply("daily", daily);
    let run = world.json(["triggers", "fire", "daily", "--wait"]);
    assert_eq!(run["status"], "completed", "{run:#}");
    let slots = world.json(["slots", "daily"]);
    assert_eq!(slots["slots"][0]["fate"], "by_hand", "{slots:#}");
    assert!(daemon.stop().success());
}

#[test]
fn who_starts_a_workflow_by_hand_is_as_it_declares() {
    let world = World::new();
    let daemon = world.start();
    let manual = |who: &str| format!("  - manual: {{who: [{who}], variables: [got]}}");
    let yaml = |who: &str| {
        workflow("deploy", &manual(who))
            .replace("variables: {got:", "variables: {limit: {type: number, default: 1}, got:")
    };
    world.apply("deploy", &yaml("nobody-here"));
    let refused = world.rpa(["run", "deploy"]);
    assert_eq!(refused.code, 77, "{refused:#?}");
    assert!(
        refused.stderr.contains("RPA0549") && refused.stderr.contains("nobody-here"),
        "{refused:#?}"
    );
    let refused = world.rpa(["triggers", "fire", "deploy"]);
    assert_eq!(refused.code, 77, "{refused:#?}");

    let me = world.json(["event", "publish", "x", "--json"]);
    assert!(me["event"].is_string());
    world.apply("deploy", &yaml("root, rpad, \"@root\""));
    let run = world.submit(["deploy", "--var", "got=me"]);
    assert_eq!(world.until(&run, "completed")["outputs"]["got"], "me");
    let refused = world.rpa(["run", "deploy", "--var", "limit=2"]);
    assert_eq!(refused.code, 77, "{refused:#?}");
    assert!(refused.stderr.contains("limit") && refused.stderr.contains("got"), "{refused:#?}");
    assert!(daemon.stop().success());
}

#[test]
fn large_outputs_reach_those_who_wait_for_the_end_of_a_run() {
    let world = World::new();
    let daemon = world.start();
    // above 64 KiB together each above 1 KiB lies in a file; a variable of 40 kB does not
    let load = "version: 1\nname: load\nsteps:\n  \
        - {id: a, run: \"head -c 40000 /dev/zero | tr '\\\\0' x\"}\n  \
        - {id: b, run: \"head -c 1200000 /dev/zero | tr '\\\\0' y\"}\n\
        outputs: {a: \"{{ steps.a.output.stdout }}\", b: \"{{ steps.b.output.stdout }}\"}\n";
    let report = "  - after: load\n    vars: {got: \"Report: {{ trigger.outputs.a }}\"}";
    let whole = "  - after: load\n    vars: {got: \"{{ trigger.outputs.a }}\"}\n    debounce: {wait: 1s, key: \"{{ trigger.outputs.a }}\"}";
    world.apply("report", &workflow("report", report));
    world.apply("whole", &workflow("whole", whole));
    let large = "  - after: load\n    vars: {got: \"{{ trigger.outputs.b }}\"}";
    let text = "  - after: load\n    vars: {got: \"Report: {{ trigger.outputs.b }}\"}";
    let key = "  - after: load\n    debounce: {wait: 1s, key: \"{{ trigger.outputs.b }}\"}";
    for (name, trigger) in [("large", large), ("text", text), ("key", key)] {
        world.apply(name, &workflow(name, trigger));
    }
    world.apply("load", load);
    let run = world.submit(["load"]);
    world.until(&run, "completed");
    let reported = given(&world, &deliveries(&world, "report")[0]);
    assert_eq!(reported, format!("Report: {}", "x".repeat(40_000)));
    let whole = eventually("it is quiet", || {
        let delivery = deliveries(&world, "whole").remove(0);
        (delivery["outcome"] == "started").then_some(delivery)
    });
    assert_eq!(given(&world, &whole), "x".repeat(40_000));
    // what is too large is said, and never what stands for it
    for name in ["large", "text", "key"] {
        let delivery = deliveries(&world, name).remove(0);
        assert_eq!(delivery["outcome"], "refused", "{delivery:#}");
        let why = delivery["reason"]["text"].as_str().unwrap();
        assert!(why.contains("is not loaded"), "{why}");
    }
    assert!(daemon.stop().success());
}
