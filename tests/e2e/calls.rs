//! Sub-workflows as their users see them: what goes in and comes out, which revision
//! runs, and what reaches the run that was called.

use std::collections::BTreeSet;
use std::fs;

use rpa_tests::{Options, World, eventually};
use serde_json::{Value, json};

use crate::asking::{Asker, alive, until_there};
use crate::loops::step;

fn quick() -> Options {
    let settings = "[runs]\ncancel_grace = \"300ms\"\n".to_owned();
    Options { settings, ..Options::default() }
}

/// The runs of a workflow, the oldest first.
fn runs_of(world: &World, workflow: &str) -> Vec<Value> {
    let runs = world.json(["runs", "--workflow", workflow, "--limit", "1000"]);
    let mut runs = runs["runs"].as_array().unwrap().clone();
    runs.reverse();
    runs
}

fn statuses(runs: &[Value]) -> Vec<&str> {
    runs.iter().map(|run| run["status"].as_str().unwrap()).collect()
}

/// Calls `rpa --json`, which must refuse with this code; what it said.
#[track_caller]
fn refused(world: &World, args: &[&str], code: &str) -> String {
    let rpa = world.rpa(["--json"].into_iter().chain(args.iter().copied()));
    let document: Value = serde_json::from_str(&rpa.stdout).unwrap();
    assert_eq!((rpa.code, &document["error"]["code"]), (2, &json!(code)), "{args:?}: {document:#}");
    document["error"]["message"].as_str().unwrap().to_owned()
}

const INVOICE: &str = r#"
version: 1
name: invoice
variables:
  amount: {type: number, min: 1}
  days: {type: number, default: 14}
  lines: {type: list, default: []}
  note: {type: string, required: false}
  deep: {type: json, default: {}}
steps:
  - {id: number, run: 'echo "$A-$D"', env: {A: "{{ vars.amount }}", D: "{{ vars.days }}"}}
outputs:
  number: "{{ steps.number.output.stdout | trim }}"
  lines: "{{ vars.lines }}"
  noted: "{{ vars.note is not none }}"
  deep: "{{ vars.deep }}"
"#;

const BILLING: &str = r#"
version: 1
name: billing
variables: {rows: {type: list, default: [{n: 1}, {n: [2, null]}]}}
steps:
  - {id: usual, workflow: invoice, with: {amount: 12}}
  - id: other
    workflow: invoice
    with: {amount: "{{ 2 * 4 }}", days: 30, lines: "{{ vars.rows }}", note: x, deep: {a: {b: "{{ vars.rows[1].n }}"}}}
    outputs: {title: "no. {{ output.number }}"}
outputs:
  usual: "{{ steps.usual.output.number }}"
  other: "{{ steps.other.output }}"
"#;

#[test]
fn a_call_gives_variables_and_gets_outputs() {
    let world = World::new();
    let daemon = world.start();
    world.apply("invoice", INVOICE);
    let outputs = world.outputs("billing", BILLING);
    assert_eq!(outputs["usual"], "12-14", "what is not given is the default");
    let other = &outputs["other"];
    assert_eq!(other["title"], "no. 8-30");
    assert_eq!(other["lines"], json!([{"n": 1}, {"n": [2, null]}]));
    assert_eq!((&other["noted"], &other["deep"]), (&json!(true), &json!({"a": {"b": [2, null]}})));

    let parent = runs_of(&world, "billing")[0].clone();
    let parent = parent["run"].as_str().unwrap();
    let called = runs_of(&world, "invoice");
    assert_eq!(statuses(&called), ["completed", "completed"]);
    let asker = Asker::of(&world);
    let second = asker.show(called[1]["run"].as_str().unwrap());
    let (by, path) = second.parent.clone().unwrap();
    assert_eq!((by.to_string().as_str(), path.as_str()), (parent, "other"));
    assert!(second.summary.called && second.inputs.iter().any(|(name, _)| name == "days"));
    assert_eq!(second.summary.actor, asker.show(parent).summary.actor, "whose run it is");
    assert_eq!(asker.called(parent, "other"), second.summary.run.to_string());
    let log = world.rpa(["logs", parent]).stdout;
    assert!(log.contains("calls default/invoice, revision 1, as run "), "{log}");
    assert!(daemon.stop().success());
}

#[test]
fn variables_that_do_not_fit_are_an_error_of_the_step() {
    let world = World::new();
    let daemon = world.start();
    world.apply("invoice", INVOICE);
    let text = "version: 1\nname: wrong\nsteps:\n  \
         - {id: bad, workflow: invoice, with: {days: many, colour: red}, retry: {attempts: 3, delay: 1ms}, on_error: continue}\n  \
         - {id: small, workflow: invoice, with: {amount: \"{{ 0.5 }}\"}, on_error: {fallback: known}}\n  \
         - {id: known, uses: data.transform, with: {value: {number: none}}}\n\
         outputs: {number: \"{{ steps.small.output.number }}\"}\n";
    let shown = world.ended("wrong", text);
    assert_eq!(
        (&shown["status"], &shown["outputs"]),
        (&json!("completed"), &json!({"number": "none"}))
    );
    let error = &step(&shown, "bad")["error"];
    assert_eq!((&error["code"], &error["class"]), (&json!("RPA0433"), &json!("invalid_input")));
    let message = error["message"].as_str().unwrap();
    for part in
        ["default/invoice", "amount is missing", "no variable colour", "days: expected number"]
    {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(step(&shown, "small")["error"]["code"], "RPA0433");
    assert_eq!(runs_of(&world, "invoice").len(), 0, "none was called");
    assert!(daemon.stop().success());
}

#[test]
fn a_workflow_that_takes_no_runs_cannot_be_called() {
    let world = World::new();
    let daemon = world.start();
    let caller =
        |name: &str| format!("version: 1\nname: {name}\nsteps: [{{id: a, workflow: callee}}]\n");
    let error = |name: &str| {
        let shown = world.json(["run", name, "--wait"]);
        assert_eq!(
            (&shown["status"], &shown["error"]["code"]),
            (&json!("failed"), &json!("RPA0423"))
        );
        let message = shown["error"]["message"].as_str().unwrap().to_owned();
        (shown["run"].as_str().unwrap().to_owned(), message)
    };
    world.apply("caller", &caller("caller"));
    let (run, message) = error("caller");
    assert!(message.contains("there is no workflow default/callee"), "{message}");

    let callee = "version: 1\nname: callee\nsteps: [{id: s, uses: noop}]\n";
    let path = world.file("callee.yaml", callee);
    assert_eq!(world.rpa(["apply", "--draft", path.to_str().unwrap()]).code, 0);
    let (_, message) = error("caller");
    assert!(message.contains("callee"), "{message}");
    world.json(["publish", "callee"]);
    let again = world.json(["retry", &run, "--wait"]);
    assert_eq!(again["status"], "completed", "what was not there may come: {again:#}");

    world.json(["disable", "callee"]);
    let (_, message) = error("caller");
    assert!(message.contains("disabled"), "{message}");
    world.json(["enable", "callee"]);
    assert_eq!(world.json(["run", "caller", "--wait"])["status"], "completed");
    world.json(["archive", "callee"]);
    let (_, message) = error("caller");
    assert!(message.contains("archived"), "{message}");
    world.json(["restore", "callee"]);
    assert_eq!(world.json(["run", "caller", "--wait"])["status"], "completed");
    assert!(daemon.stop().success());
}

/// `top` waits for a file, then calls `middle`, which calls `bottom`.
fn three(world: &World) {
    let bottom = "version: 1\nname: bottom\nsteps: [{id: say, run: echo old}]\n\
                  outputs: {v: \"{{ steps.say.output.stdout | trim }}\"}\n";
    let middle = "version: 1\nname: middle\nsteps: [{id: call, workflow: bottom}]\n\
                  outputs: {v: \"middle {{ steps.call.output.v }}\"}\n";
    let top = format!(
        "version: 1\nname: top\nsteps:\n  - {{id: hold, effect: idempotent, run: \"{}\"}}\n  - {{id: call, workflow: middle}}\n\
         outputs: {{v: \"{{{{ steps.call.output.v }}}}\"}}\n",
        until_there(&world.path().join("go"))
    );
    world.apply("bottom", bottom);
    world.apply("middle", middle);
    world.apply("top", &top);
}

#[test]
fn a_run_calls_the_revisions_of_the_moment_in_which_it_was_accepted() {
    let world = World::new();
    let mut daemon = world.start();
    three(&world);
    let run = world.submit(["top"]);
    world.until(&run, "running");
    let new = |name: &str, action: &str, v: &str| {
        format!("version: 1\nname: {name}\nsteps: [{{id: x, {action}}}]\noutputs: {{v: \"{v}\"}}\n")
    };
    world.apply("bottom", &new("bottom", "run: echo new", "new"));
    world.apply("middle", &new("middle", "run: echo new", "new middle"));
    daemon.kill();
    daemon = world.start();
    fs::write(world.path().join("go"), "").unwrap();
    let shown = world.until(&run, "completed");
    assert_eq!(shown["outputs"]["v"], "middle old");
    let later = world.json(["run", "top", "--wait"]);
    assert_eq!(later["outputs"]["v"], "new middle");
    assert_eq!(runs_of(&world, "middle")[0]["revision"], 1);
    assert_eq!(runs_of(&world, "middle")[1]["revision"], 2);
    assert!(daemon.stop().success());
}

#[test]
fn a_detached_run_goes_its_own_way() {
    let world = World::new();
    let daemon = world.start_with(&quick());
    let (go, done) = (world.path().join("go"), world.path().join("done"));
    world.apply(
        "far",
        &format!(
            "version: 1\nname: far\nvariables: {{n: {{type: number}}}}\nsteps:\n  \
             - {{id: hold, run: \"{}; echo $N >> {}\", env: {{N: \"{{{{ vars.n }}}}\"}}}}\n",
            until_there(&go),
            done.display()
        ),
    );
    let text = "version: 1\nname: near\nsteps:\n  \
         - {id: call, workflow: far, with: {n: 7}, detached: true, outputs: {id: \"{{ output.run }}\"}}\n  \
         - {id: bad, run: exit 1, on_error: continue}\n\
         outputs: {id: \"{{ steps.call.output.id }}\"}\n";
    let outputs = world.outputs("near", text);
    let far = outputs["id"].as_str().unwrap();
    assert_eq!(runs_of(&world, "far")[0]["run"], far);
    let detail = Asker::of(&world).show(far);
    assert_eq!(detail.parent.map(|(_, path)| path.to_string()).as_deref(), Some("call"));
    // who called it is cancelled, and it goes on
    let text = text.replace("name: near", "name: nearer").replace("exit 1", "sleep 60");
    world.apply("nearer", &text);
    let run = world.submit(["nearer"]);
    Asker::of(&world).step_until(&run, "bad", "running");
    world.json(["cancel", &run]);
    world.until(&run, "cancelled");
    let second = runs_of(&world, "far")[1]["run"].as_str().unwrap().to_owned();
    assert_eq!(world.show(&second)["status"], "running");
    fs::write(&go, "").unwrap();
    world.until(far, "completed");
    world.until(&second, "completed");
    assert_eq!(world.read("done"), "7\n7\n");
    assert!(daemon.stop().success());
}

#[test]
fn each_turn_of_a_loop_calls_a_run_of_its_own() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "square",
        "version: 1\nname: square\nvariables: {n: {type: number}}\nsteps: [{id: s, run: 'test \"$N\" != 5', env: {N: \"{{ vars.n }}\"}}]\n\
         outputs: {n: \"{{ vars.n * vars.n }}\"}\n",
    );
    let text = "version: 1\nname: squares\nsteps:\n  - id: each\n    for_each: \"{{ range(8) }}\"\n    max_parallel: 3\n    \
         on_item_error: continue\n    steps:\n      - {id: call, workflow: square, with: {n: \"{{ item }}\"}}\n    \
         outputs: {n: \"{{ steps.call.output.n }}\"}\n\
         outputs: {n: \"{{ steps.each.output | map(attribute='n', default=-1) | list }}\"}\n";
    let shown = world.ended("squares", text);
    assert_eq!(shown["status"], "completed", "{shown:#}");
    let failed: Vec<_> =
        runs_of(&world, "square").into_iter().filter(|r| r["status"] == "failed").collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(runs_of(&world, "square").len(), 8);
    assert_eq!(shown["outputs"]["n"], json!([0, 1, 4, 9, 16, -1, 36, 49]), "{shown:#}");
    assert!(daemon.stop().success());
}

/// Fails as long as it was tried fewer than three times.
fn third_time(world: &World) -> String {
    let tries = world.path().join("tries");
    format!(
        "version: 1\nname: third\nvariables: {{who: {{type: string}}}}\nsteps:\n  \
         - {{id: s, run: \"echo $WHO >> {0}; test $(wc -l < {0}) -ge 3\", env: {{WHO: \"{{{{ vars.who }}}}\"}}}}\n\
         outputs: {{v: good}}\n",
        tries.display()
    )
}

#[test]
fn every_try_is_a_new_run() {
    let world = World::new();
    let daemon = world.start();
    world.apply("third", &third_time(&world));
    let text = "version: 1\nname: tries\nsteps:\n  - {id: name, run: 'echo ann-$$'}\n  \
         - {id: call, workflow: third, with: {who: \"{{ steps.name.output.stdout | trim }}\"}, retry: {attempts: 4, delay: 10ms, on: ['exit(1)']}}\n\
         outputs: {v: \"{{ steps.call.output.v }}\"}\n";
    assert_eq!(world.outputs("tries", text)["v"], "good");
    let runs = runs_of(&world, "third");
    assert_eq!(statuses(&runs), ["failed", "failed", "completed"]);
    let tries = world.read("tries");
    let mut lines: Vec<&str> = tries.lines().collect();
    lines.dedup();
    assert_eq!(lines.len(), 1, "each try is given the same: {tries}");
    let parent = runs_of(&world, "tries")[0]["run"].as_str().unwrap().to_owned();
    let shown = world.show(&parent);
    assert_eq!(step(&shown, "call")["attempts"], 3);
    assert_eq!(Asker::of(&world).called(&parent, "call"), runs[2]["run"].as_str().unwrap());
    assert!(daemon.stop().success());
}

#[test]
fn the_error_of_the_called_run_is_the_error_of_the_step() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "fails",
        "version: 1\nname: fails\nsteps: [{id: deep, steps: [{id: s, run: exit 9}]}]\n",
    );
    let text = "version: 1\nname: tells\nsteps: [{id: call, workflow: fails}]\nhandlers:\n  \
         failure: [{id: tell, uses: log, with: {message: \"told: {{ run.error.class }} {{ run.error.code }}\"}}]\n";
    let shown = world.ended("tells", text);
    assert_eq!((&shown["status"], &shown["error"]["code"]), (&json!("failed"), &json!("RPA0401")));
    assert_eq!(shown["error"]["class"], "exit(9)");
    let child = runs_of(&world, "fails")[0]["run"].as_str().unwrap().to_owned();
    let short = &child[child.len() - 12..];
    let message = shown["error"]["message"].as_str().unwrap();
    assert!(message.starts_with(&format!("step call: run {short}, deep: ")), "{message}");
    assert!(message.ends_with("s: exited with 9"), "{message}");
    let log = world.rpa(["logs", shown["run"].as_str().unwrap()]).stdout;
    assert!(log.contains("told: exit(9) RPA0401"), "{log}");

    // its own time is an error like others
    world
        .apply("slow", "version: 1\nname: slow\ntimeout: 200ms\nsteps: [{id: s, run: sleep 60}]\n");
    let shown =
        world.ended("waits", "version: 1\nname: waits\nsteps: [{id: call, workflow: slow}]\n");
    assert_eq!(shown["error"]["code"], "RPA0420", "{shown:#}");
    assert!(daemon.stop().success());
}

/// A workflow `child` with a stubborn process, which writes its pid, and handlers that
/// tell how it ended; `between` calls it.
fn stubborn(world: &World) {
    let dir = world.path().display();
    world.apply(
        "child",
        &format!(
            "version: 1\nname: child\nsteps:\n  - id: work\n    run: |\n      \
             sh -c 'trap \"\" TERM; echo $$ >> {dir}/pids; while :; do sleep 0.1; done' & \
             echo $$ >> {dir}/pids; wait\n\
             handlers:\n  cancel: [{{id: told, run: echo cancelled >> {dir}/told}}]\n"
        ),
    );
    world.apply("between", "version: 1\nname: between\nsteps: [{id: call, workflow: child}]\n");
}

/// The pids, once both are there.
fn pids(world: &World, count: usize) -> Vec<String> {
    eventually("the processes run", || {
        let pids: Vec<String> = world.read("pids").lines().map(str::to_owned).collect();
        (pids.len() == count).then_some(pids)
    })
}

#[test]
fn a_time_out_reaches_the_called_run() {
    let world = World::new();
    let daemon = world.start_with(&quick());
    stubborn(&world);
    world.apply(
        "impatient",
        "version: 1\nname: impatient\nsteps:\n  - {id: call, workflow: between, timeout: 3s, on_error: continue}\n\
         outputs: {code: \"{{ steps.call.error.code }}\", why: \"{{ steps.call.error.message }}\"}\n",
    );
    let run = world.submit(["impatient"]);
    let pids = pids(&world, 2);
    let shown = world.until(&run, "completed");
    assert!(!pids.iter().any(|pid| alive(pid)), "a process lives");
    assert_eq!(shown["outputs"]["code"], "RPA0402", "{shown:#}");
    assert!(shown["outputs"]["why"].as_str().unwrap().starts_with("timed out after 3 s; its run "));
    assert_eq!(world.read("told"), "cancelled\n");
    for name in ["between", "child"] {
        assert_eq!(statuses(&runs_of(&world, name)), ["cancelled"], "{name}");
    }
    assert!(daemon.stop().success());
}

#[test]
fn a_cancel_reaches_the_called_run_and_those_that_it_has_called() {
    let world = World::new();
    let daemon = world.start_with(&quick());
    stubborn(&world);
    world.apply(
        "top",
        "version: 1\nname: top\nsteps:\n  - {id: one, needs: [], workflow: between}\n  - {id: two, needs: [], workflow: child}\n",
    );
    let run = world.submit(["top"]);
    let pids = pids(&world, 4);
    world.json(["cancel", &run]);
    let shown = world.until(&run, "cancelled");
    assert!(!pids.iter().any(|pid| alive(pid)), "a process lives");
    assert_eq!(step(&shown, "one")["status"], "cancelled");
    assert_eq!(world.read("told"), "cancelled\ncancelled\n");
    assert_eq!(statuses(&runs_of(&world, "child")), ["cancelled", "cancelled"]);
    assert_eq!(statuses(&runs_of(&world, "between")), ["cancelled"]);
    assert!(daemon.stop().success());
}

#[test]
fn a_called_run_that_a_person_cancels_fails_the_step() {
    let world = World::new();
    let daemon = world.start_with(&quick());
    stubborn(&world);
    world.apply(
        "top",
        "version: 1\nname: top\nsteps: [{id: call, workflow: child, retry: {attempts: 3, delay: 1ms}}]\n",
    );
    let run = world.submit(["top"]);
    pids(&world, 2);
    let child = Asker::of(&world).called(&run, "call");
    world.json(["cancel", &child]);
    let shown = world.until(&run, "failed");
    assert_eq!(shown["error"]["code"], "RPA0425", "{shown:#}");
    assert_eq!(shown["error"]["class"], "business");
    assert_eq!(statuses(&runs_of(&world, "child")), ["cancelled"], "it is not tried again");
    assert!(daemon.stop().success());
}

/// `top` calls `middle`, which calls `pay`, whose one step must not be repeated.
fn payment(world: &World) {
    let paid = world.path().join("paid");
    world.apply(
        "pay",
        &format!(
            "version: 1\nname: pay\nsteps: [{{id: once, effect: once, run: \"echo paid >> {}; sleep 60\"}}]\n\
             outputs: {{receipt: \"{{{{ steps.once.output.receipt }}}}\"}}\n",
            paid.display()
        ),
    );
    world.apply(
        "middle",
        "version: 1\nname: middle\nsteps: [{id: call, workflow: pay}]\noutputs: {receipt: \"{{ steps.call.output.receipt }}\"}\n",
    );
    world.apply(
        "top",
        "version: 1\nname: top\ntimeout: 1h\nsteps:\n  - {id: call, workflow: middle, timeout: 30m}\n  - {id: after, uses: noop}\n\
         outputs: {receipt: \"{{ steps.call.output.receipt }}\"}\n",
    );
}

#[test]
fn a_doubt_below_is_a_doubt_of_every_run_above() {
    let world = World::new();
    let mut daemon = world.start();
    payment(&world);
    for (decision, status) in [("done", "completed"), ("fail", "failed")] {
        let _ = fs::remove_file(world.path().join("paid"));
        let request = format!("request-{decision}");
        let run = world.submit(["top", "--request-id", &request]);
        eventually("it has paid", || (world.read("paid") == "paid\n").then_some(()));
        daemon.kill();
        daemon = world.start();
        let waited = world.rpa(["run", "top", "--request-id", &request, "--wait"]);
        assert_eq!(waited.code, 5, "{waited:?}");
        let asker = Asker::of(&world);
        let middle = asker.called(&run, "call");
        let pay = asker.called(&middle, "call");
        for run in [&run, &middle, &pay] {
            let detail = asker.show(run);
            assert_eq!(detail.summary.status, "in_doubt", "{detail:#?}");
            assert!(detail.summary.needs_person);
        }
        assert!(asker.show(&run).held_ms.is_some(), "its time stands still");
        let doubts = world.json(["doubts"]);
        let doubts = doubts["doubts"].as_array().unwrap();
        assert_eq!(doubts.len(), 1, "one thing to decide: {doubts:#?}");
        assert_eq!((&doubts[0]["run"], &doubts[0]["path"]), (&json!(pay), &json!("once")));
        let nothing = world.rpa(["resolve", &run, "call", "done"]);
        assert_eq!(nothing.code, 2, "the doubt is decided where it is: {nothing:?}");
        let mut args = vec!["resolve", &pay, "once", decision];
        if decision == "done" {
            args.extend(["--output", "receipt=17"]);
        }
        world.json(args);
        let shown = world.until(&run, status);
        assert_eq!(world.show(&pay)["status"], status);
        assert_eq!(world.show(&middle)["status"], status);
        if decision == "done" {
            assert_eq!(shown["outputs"]["receipt"], "17");
        }
        assert_eq!(world.read("paid"), "paid\n", "nothing was paid twice");
    }
    assert!(daemon.stop().success());
}

#[test]
fn large_documents_go_down_and_come_up() {
    let world = World::new();
    let mut daemon = world.start();
    world.apply(
        "echo",
        &format!(
            "version: 1\nname: echo\nvariables: {{text: {{type: string}}, list: {{type: list}}}}\nsteps:\n  \
             - {{id: size, run: 'printf %s \"$T\" | wc -c', env: {{T: \"{{{{ vars.text[:100000] }}}}\"}}}}\n  \
             - {{id: hold, effect: idempotent, run: \"{}\"}}\n\
             outputs:\n  text: \"{{{{ vars.text }}}}\"\n  list: \"{{{{ vars.list }}}}\"\n  size: \"{{{{ steps.size.output.stdout | trim | int }}}}\"\n",
            until_there(&world.path().join("go"))
        ),
    );
    // 200,000 characters, and a list of as many bytes in all
    world.apply(
        "large",
        "version: 1\nname: large\nsteps:\n  \
         - {id: make, run: \"head -c 200000 /dev/zero | tr '\\\\0' x\"}\n  \
         - id: rows\n    uses: data.transform\n    with: {each: \"{{ range(4000) }}\", value: {row: \"{{ item }}\", text: \"0123456789012345678901234567890123456789\"}}\n  \
         - {id: call, workflow: echo, with: {text: \"{{ steps.make.output.stdout }}\", list: \"{{ steps.rows.output.value }}\"}}\n\
         outputs:\n  size: \"{{ steps.call.output.size }}\"\n  length: \"{{ steps.call.output.text | length }}\"\n  \
         same: \"{{ steps.call.output.text == steps.make.output.stdout }}\"\n  \
         last: \"{{ steps.call.output.list[3999].row }}\"\n  text: \"{{ steps.call.output.text }}\"\n",
    );
    let run = world.submit(["large"]);
    let asker = Asker::of(&world);
    let child = asker.called(&run, "call");
    asker.step_until(&child, "hold", "running");
    daemon.kill();
    daemon = world.start();
    fs::write(world.path().join("go"), "").unwrap();
    let shown = world.until(&run, "completed");
    let outputs = &shown["outputs"];
    assert_eq!(outputs["size"], 100_000, "{outputs}");
    assert_eq!(outputs["length"], 200_000);
    assert_eq!((&outputs["same"], &outputs["last"]), (&json!(true), &json!(3999)));
    assert!(daemon.stop().success());
}

/// A workflow that calls these.
fn calling(name: &str, called: &[&str]) -> String {
    let call = |(i, called): (usize, &&str)| format!("  - {{id: c{i}, workflow: {called}}}\n");
    let calls: String = called.iter().enumerate().map(call).collect();
    format!("version: 1\nname: {name}\nsteps:\n  - {{id: first, uses: noop}}\n{calls}")
}

#[test]
fn a_circle_is_refused_by_all_that_makes_a_revision_live() {
    let world = World::new();
    let daemon = world.start();
    let file = |name: &str, called: &[&str]| {
        let path = world.file(&format!("{name}.yaml"), &calling(name, called));
        path.to_str().unwrap().to_owned()
    };
    let apply = |name: &str, called: &[&str]| {
        let rpa = world.rpa(["apply", &file(name, called)]);
        assert_eq!(rpa.code, 0, "{rpa:?}");
    };
    // one that is not there yet may be called
    apply("a", &["b"]);
    apply("b", &["c"]);
    let c = file("c", &["a"]);
    let message = refused(&world, &["apply", &c], "RPA0541");
    for name in ["default/a", "default/b", "default/c"] {
        assert!(message.contains(name), "the whole circle: {message}");
    }
    let plan = world.json(["plan", &c]);
    let warning = &plan["plans"][0]["warnings"][0];
    assert_eq!(
        (&warning["code"], &warning["warning"]),
        (&json!("RPA0541"), &json!(true)),
        "{plan:#}"
    );
    let plan = world.rpa(["plan", &c]);
    assert!(plan.stderr.contains("default/a -> default/b -> default/c -> default/a"), "{plan:?}");
    assert_eq!(
        world.json(["workflows"])["workflows"].as_array().unwrap().len(),
        2,
        "nothing was applied"
    );

    // a draft is no harm before it is published
    assert_eq!(world.rpa(["apply", "--draft", &c]).code, 0);
    refused(&world, &["publish", "c"], "RPA0541");
    apply("c", &[]);
    apply("b", &[]);
    apply("c", &["a"]);
    // b's first revision called c
    refused(&world, &["rollback", "b", "1"], "RPA0541");
    apply("c", &[]);
    let back = world.rpa(["rollback", "b", "1"]);
    assert_eq!(back.code, 0, "{back:?}");

    // a bundle: c of another place calls a
    let other = World::new();
    let other_daemon = other.start();
    other.apply("c", &calling("c", &["a"]));
    other.apply("d", &calling("d", &[]));
    let bundle = world.path().join("some.tar").display().to_string();
    let exported = other.rpa(["export", "--all", "-o", &bundle]);
    assert_eq!(exported.code, 0, "{exported:?}");
    refused(&world, &["import", &bundle], "RPA0541");
    refused(&world, &["import", &bundle, "--dry-run"], "RPA0541");
    refused(&world, &["source", "d"], "RPA0501");
    assert!(other_daemon.stop().success());

    // plan says who calls what would change
    let plan = world.json(["plan", &file("c", &["elsewhere/x"])]);
    assert_eq!(plan["plans"][0]["dependents"], json!(["default/b"]), "{plan:#}");
    let plan = world.rpa(["plan", &file("b", &[])]).stdout;
    assert!(plan.contains("called by default/a"), "{plan}");
    assert!(daemon.stop().success());
}

#[test]
fn two_files_that_call_each_other_are_refused_together() {
    let world = World::new();
    let daemon = world.start();
    let one = world.file("one.yaml", &calling("one", &["two"])).display().to_string();
    let two = world.file("two.yaml", &calling("two", &["one"])).display().to_string();
    let rpa = world.rpa(["--json", "apply", &one, &two]);
    assert_eq!(rpa.code, 2, "{rpa:?}");
    assert!(rpa.stdout.contains("default/one") && rpa.stdout.contains("default/two"), "{rpa:?}");
    assert_eq!(world.json(["workflows"])["workflows"], json!([]), "nothing was applied");
    assert!(daemon.stop().success());
}

#[test]
fn runs_call_runs_sixteen_levels_deep() {
    let world = World::new();
    let daemon = world.start();
    let mut files = Vec::new();
    for n in 0..18 {
        let (name, next) = (format!("w{n}"), format!("w{}", n + 1));
        let text = match n {
            17 => "version: 1\nname: w17\nsteps: [{id: s, uses: noop}]\noutputs: {deep: 0}\n"
                .to_owned(),
            _ => format!(
                "version: 1\nname: {name}\nsteps: [{{id: c, workflow: {next}}}]\noutputs: {{deep: \"{{{{ steps.c.output.deep + 1 }}}}\"}}\n"
            ),
        };
        files.push(world.file(&format!("{name}.yaml"), &text).display().to_string());
    }
    let rpa = world.rpa(["apply"].into_iter().chain(files.iter().map(String::as_str)));
    assert_eq!(rpa.code, 0, "{rpa:?}");
    let deepest = world.json(["run", "w1", "--wait"]);
    assert_eq!(
        (&deepest["status"], &deepest["outputs"]["deep"]),
        (&json!("completed"), &json!(16))
    );
    let deeper = world.json(["run", "w0", "--wait"]);
    assert_eq!(
        (&deeper["status"], &deeper["error"]["code"]),
        (&json!("failed"), &json!("RPA0424"))
    );
    assert_eq!(statuses(&runs_of(&world, "w16")), ["completed", "failed"]);
    assert_eq!(statuses(&runs_of(&world, "w17")), ["completed"], "the last was not called");
    assert!(daemon.stop().success());
}

#[test]
fn a_pause_reaches_the_called_run() {
    let world = World::new();
    let mut daemon = world.start();
    let dir = world.path().display();
    world.apply(
        "child",
        &format!(
            "version: 1\nname: child\nsteps:\n  - {{id: hold, effect: idempotent, run: \"touch {dir}/began; {}; touch {dir}/ended\"}}\n  \
             - {{id: next, run: \"touch {dir}/next\"}}\n",
            until_there(&world.path().join("go"))
        ),
    );
    world.apply("top", "version: 1\nname: top\nsteps: [{id: call, workflow: child}]\n");
    world.apply("fence", "version: 1\nname: fence\nsteps: [{id: s, run: \"true\"}]\n");
    let there = |name: &str| world.path().join(name).exists();
    let run = world.submit(["top"]);
    eventually("the child runs", || there("began").then_some(()));
    let child = Asker::of(&world).called(&run, "call");
    world.json(["pause", &run]);
    fs::write(world.path().join("go"), "").unwrap();
    eventually("what runs goes on", || there("ended").then_some(()));
    Asker::of(&world).step_until(&child, "hold", "completed");
    for run in [&run, &child] {
        assert_eq!(world.show(run)["status"], "paused");
    }
    daemon.kill();
    daemon = world.start();
    world.json(["run", "fence", "--wait"]);
    assert!(!there("next"), "the next step began in a paused run");
    assert_eq!(world.show(&child)["status"], "paused");
    world.json(["resume", &run]);
    world.until(&run, "completed");
    assert!(there("next"));
    assert_eq!(world.show(&child)["status"], "completed");
    assert!(daemon.stop().success());
}

#[test]
fn a_run_again_calls_only_what_had_not_settled() {
    let world = World::new();
    let daemon = world.start();
    let (trace, bad) = (world.path().join("trace"), world.path().join("bad"));
    fs::write(&bad, "").unwrap();
    world.apply(
        "part",
        &format!(
            "version: 1\nname: part\nvariables: {{n: {{type: string}}}}\nsteps:\n  \
             - {{id: s, run: \"echo $N >> {}; test $N = good -o ! -e {}\", env: {{N: \"{{{{ vars.n }}}}\"}}}}\n\
             outputs: {{n: \"{{{{ vars.n }}}}\"}}\n",
            trace.display(),
            bad.display()
        ),
    );
    let failed = world.ended(
        "whole",
        "version: 1\nname: whole\nsteps:\n  - {id: one, workflow: part, with: {n: good}}\n  \
         - {id: two, workflow: part, with: {n: bad}}\noutputs: {n: \"{{ steps.one.output.n }} {{ steps.two.output.n }}\"}\n",
    );
    assert_eq!(failed["status"], "failed");
    let run = failed["run"].as_str().unwrap();
    fs::remove_file(&bad).unwrap();
    let done = world.json(["retry", run, "--wait"]);
    assert_eq!((&done["status"], &done["outputs"]["n"]), (&json!("completed"), &json!("good bad")));
    assert_eq!(world.read("trace"), "good\nbad\nbad\n", "what had completed was not called again");
    let again = world.json(["rerun", done["run"].as_str().unwrap(), "--from", "one", "--wait"]);
    assert_eq!(again["outputs"]["n"], "good bad", "{again:#}");
    assert_eq!(world.read("trace"), "good\nbad\nbad\ngood\nbad\n");
    assert_eq!(runs_of(&world, "part").len(), 5);
    assert!(daemon.stop().success());
}

#[test]
fn a_run_that_waits_for_another_leaves_it_its_place() {
    let world = World::new();
    let settings = "[runs]\nmax_active = 1\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    fs::write(world.path().join("go"), "").unwrap();
    three(&world);
    let shown = world.json(["run", "top", "--wait", "--timeout", "60s"]);
    assert_eq!(shown["outputs"]["v"], "middle old", "{shown:#}");
    assert!(daemon.stop().success());
}

#[test]
fn no_crash_loses_a_call_or_makes_it_twice() {
    let world = World::new();
    let mut daemon = world.start();
    world.apply(
        "part",
        &format!(
            "version: 1\nname: part\nvariables: {{n: {{type: number}}}}\nsteps:\n  \
             - {{id: s, effect: idempotent, run: \"echo $N >> {}/lines\", env: {{N: \"{{{{ vars.n }}}}\"}}}}\n\
             outputs: {{n: \"{{{{ vars.n }}}}\"}}\n",
            world.path().display()
        ),
    );
    world.apply(
        "whole",
        "version: 1\nname: whole\nsteps:\n  - id: each\n    for_each: \"{{ range(40) }}\"\n    max_parallel: 3\n    steps:\n      \
         - {id: call, workflow: part, with: {n: \"{{ item }}\"}}\n    outputs: {n: \"{{ steps.call.output.n }}\"}\n\
         outputs: {n: \"{{ steps.each.output | map(attribute='n') | list }}\"}\n",
    );
    let run = world.submit(["whole"]);
    let lines = || world.read("lines").lines().count();
    let kills = [1, 9, 10, 22, 35];
    for count in kills {
        eventually("it is that far", || (lines() >= count).then_some(()));
        daemon.kill();
        daemon = world.start();
    }
    let shown = world.until(&run, "completed");
    assert_eq!(shown["outputs"]["n"], json!((0..40).collect::<Vec<_>>()));
    let called = runs_of(&world, "part");
    assert_eq!(statuses(&called), ["completed"; 40], "one run for each item");
    let text = world.read("lines");
    let distinct: BTreeSet<&str> = text.lines().collect();
    assert_eq!(distinct.len(), 40);
    // only what was under way when the daemon died was done again
    assert!(lines() <= 40 + 3 * kills.len(), "{text}");
    assert!(daemon.stop().success());
}

#[test]
fn a_call_is_undone_by_a_call() {
    let world = World::new();
    let daemon = world.start();
    let undone = world.path().join("undone");
    world.apply("invoice", INVOICE);
    world.apply(
        "credit",
        &format!(
            "version: 1\nname: credit\nvariables: {{number: {{type: string}}}}\nsteps:\n  \
             - {{id: s, run: \"echo $N >> {}\", env: {{N: \"{{{{ vars.number }}}}\"}}}}\n",
            undone.display()
        ),
    );
    let shown = world.ended(
        "undo",
        "version: 1\nname: undo\nsteps:\n  \
         - {id: bill, workflow: invoice, with: {amount: 5}, compensate: {id: back, workflow: credit, with: {number: \"{{ steps.bill.output.number }}\"}}}\n  \
         - {id: bad, run: exit 1}\n",
    );
    assert_eq!(shown["status"], "failed");
    assert_eq!(world.read("undone"), "5-14\n", "{shown:#}");
    assert!(daemon.stop().success());
}
