//! Revisions, drafts, states, plans and bundles, with the real daemon.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use rpa_tests::{Rpa, World};
use serde_json::{Value, json};

/// A workflow that says which version of its file it is.
fn file(version: u32) -> String {
    format!(
        "# kept\nversion: 1\nname: flow # ours\ntags: [disk]\nsteps:\n  \
         - {{id: say, run: echo {version}}}\noutputs: {{v: \"{{{{ steps.say.output.stdout }}}}\"}}\n"
    )
}

/// Applies version `version` of the file with these options.
fn apply(world: &World, version: u32, options: &[&str]) -> Value {
    let path = world.file("flow.yaml", &file(version));
    let args = ["apply", path.to_str().unwrap()].into_iter().chain(options.iter().copied());
    let document = world.json(args);
    document["applied"][0].clone()
}

/// What a run of the workflow prints.
fn printed(world: &World) -> Value {
    world.json(["run", "flow", "--wait"])["outputs"]["v"].clone()
}

/// Calls `rpa --json`, which must refuse with this code.
#[track_caller]
fn refused(world: &World, args: &[&str], code: &str) -> Value {
    let rpa = world.rpa(["--json"].into_iter().chain(args.iter().copied()));
    let document: Value = serde_json::from_str(&rpa.stdout).unwrap();
    assert_eq!((rpa.code, &document["error"]["code"]), (2, &json!(code)), "{args:?}: {document:#}");
    document
}

fn states(world: &World) -> Vec<(u64, String)> {
    let history = world.json(["history", "flow"]);
    let revisions = history["revisions"].as_array().unwrap().iter();
    let state = |r: &Value| r["state"].as_str().unwrap().to_owned();
    revisions.map(|r| (r["revision"].as_u64().unwrap(), state(r))).collect()
}

fn told(states: &[(u64, &str)]) -> Vec<(u64, String)> {
    states.iter().map(|(revision, state)| (*revision, (*state).to_owned())).collect()
}

#[test]
fn a_draft_is_not_live_before_it_is_published() {
    let world = World::new();
    let daemon = world.start();
    let applied = apply(&world, 1, &["--draft"]);
    assert_eq!((&applied["revision"], &applied["draft"]), (&json!(1), &json!(true)));
    let fault = refused(&world, &["run", "flow"], "RPA0515");
    assert!(fault["error"]["hint"].as_str().unwrap().contains("rpa publish"), "{fault:#}");
    assert_eq!(world.json(["workflows"])["workflows"][0]["state"], "draft");
    let published = world.json(["publish", "flow"]);
    assert_eq!((&published["live"], &published["changed"]), (&json!(1), &json!(true)));
    assert_eq!(printed(&world), "1\n");

    apply(&world, 2, &["--draft", "--note", "a second thought"]);
    assert_eq!(apply(&world, 2, &["--draft"])["changed"], false, "it is there already");
    assert_eq!(printed(&world), "1\n", "runs go on using what is published");
    assert_eq!(states(&world), told(&[(2, "draft"), (1, "live")]));
    let draft = world.json(["history", "flow"])["revisions"][0].clone();
    assert_eq!((&draft["note"], &draft["published"]), (&json!("a second thought"), &Value::Null));
    assert_eq!(draft["made"]["origin"], "cli");

    // what was acknowledged is there after a crash
    daemon.kill();
    let daemon = world.start();
    assert_eq!(world.json(["publish", "flow"])["live"], 2);
    assert_eq!(printed(&world), "2\n");
    assert_eq!(states(&world), told(&[(2, "live"), (1, "published")]));
    refused(&world, &["publish", "flow"], "RPA0519");
    refused(&world, &["publish", "flow", "9"], "RPA0514");
    refused(&world, &["publish", "flwo"], "RPA0501");
    assert_eq!(world.json(["publish", "flow", "1"])["live"], 1);
    assert_eq!(world.json(["publish", "flow", "1"])["changed"], false);
    assert_eq!(printed(&world), "1\n");
    assert!(daemon.stop().success());
}

#[test]
fn what_came_in_between_is_not_replaced_unseen() {
    let world = World::new();
    let daemon = world.start();
    let path = world.file("flow.yaml", &file(1));
    let path = path.to_str().unwrap();
    let overtaken = |base: &str| -> String {
        let rpa = world.rpa(["--json", "apply", "--base", base, path]);
        let document: Value = serde_json::from_str(&rpa.stdout).unwrap();
        let code = &document["error"]["code"];
        assert_eq!((rpa.code, code), (75, &json!("RPA0522")), "{document:#}");
        document["error"]["message"].as_str().unwrap().to_owned()
    };
    assert!(overtaken("1").contains("is not there"));
    assert_eq!(apply(&world, 1, &["--base", "0"])["revision"], 1);
    // somebody else, while this one was edited; a draft counts as well
    apply(&world, 2, &["--draft"]);
    world.file("flow.yaml", &file(3));
    assert!(overtaken("1").contains("has revision 2 by now"));
    assert!(overtaken("0").contains("is there by now, as revision 2"));
    assert_eq!(states(&world), told(&[(2, "draft"), (1, "live")]), "nothing was applied");
    assert_eq!(apply(&world, 3, &["--base", "2"])["revision"], 3);
    // an answer that was lost: the same once more replaces nothing
    assert_eq!(apply(&world, 3, &["--base", "2"])["changed"], false);
    // of several workflows it would be the revision of which?
    refused(&world, &["apply", "--base", "3", path, path], "RPA0002");
    assert!(daemon.stop().success());
}

#[test]
fn a_running_run_keeps_its_revision() {
    let world = World::new();
    let daemon = world.start();
    let go = world.path().join("go");
    let slow = |say: &str| {
        format!(
            "version: 1\nname: slow\nsteps:\n  - {{id: hold, run: \"until [ -e {} ]; do sleep 0.01; done\"}}\n  \
             - {{id: say, run: echo {say}}}\noutputs: {{v: \"{{{{ steps.say.output.stdout }}}}\"}}\n",
            go.display()
        )
    };
    world.apply("slow", &slow("old"));
    let run = world.submit(["slow"]);
    world.until(&run, "running");
    let path = world.file("slow.yaml", &slow("new"));
    let plan = world.json(["plan", path.to_str().unwrap()]);
    assert_eq!(plan["plans"][0]["runs"], json!({"running": 1}), "{plan:#}");
    world.apply("slow", &slow("new"));
    world.json(["disable", "slow"]);
    assert_eq!(world.show(&run)["workflow_state"], "disabled");
    assert!(world.rpa(["show", &run]).stdout.contains("workflow disabled by "));
    fs::write(&go, "").unwrap();
    let shown = world.until(&run, "completed");
    assert_eq!((&shown["revision"], &shown["outputs"]["v"]), (&json!(1), &json!("old\n")));
    assert!(daemon.stop().success());
}

#[test]
fn a_plan_tells_what_becomes_of_triggers() {
    let world = World::new();
    let daemon = world.start();
    let flow = |triggers: &str| {
        format!("version: 1\nname: flow\nsteps: [{{id: a, uses: noop}}]\ntriggers:\n{triggers}")
    };
    let old =
        "  - {id: nightly, schedule: {cron: 0 3 * * *}}\n  - {id: often, schedule: {every: 1h}}\n";
    world.apply("flow", &flow(old));
    let new = "  - {id: nightly, schedule: {cron: 0 4 * * *, jitter: 5m}}\n  - {id: weekly, schedule: {cron: '@weekly'}}\n";
    let path = world.file("flow.yaml", &flow(new)).display().to_string();
    let plan = world.json(["plan", &path]);
    let triggers = json!([
        {"name": "nightly", "change": "changed", "keys": ["cron", "jitter"]},
        {"name": "weekly", "change": "added", "keys": []},
        {"name": "often", "change": "removed", "keys": []},
    ]);
    assert_eq!(plan["plans"][0]["triggers"], triggers, "{plan:#}");
    let fires = plan["plans"][0]["fires"].as_array().expect("fire times");
    assert_eq!(fires.len(), plan["plans"][0]["triggers"].as_array().unwrap().len(), "{plan:#}");
    let three = |side: &str| fires.iter().any(|f| f[side].as_array().unwrap().len() == 3);
    assert!(three("before") && three("after"), "{plan:#}");
    assert_eq!(plan["plans"][0]["keys"], json!([]));
    let text = world.rpa(["plan", &path]).stdout;
    for line in ["~ trigger nightly: cron, jitter", "+ trigger weekly", "- trigger often"] {
        assert!(text.contains(line), "{text}");
    }
    world.apply("flow", &flow(new));
    assert_eq!(world.json(["plan", &path])["plans"][0]["plan"], "unchanged");
    assert!(daemon.stop().success());
}

#[test]
fn a_disabled_workflow_says_who_disabled_it() {
    let world = World::new();
    let daemon = world.start();
    apply(&world, 1, &[]);
    let first = world.submit(["flow", "--request-id", "one"]);
    world.until(&first, "completed");
    let disabled = world.json(["disable", "flow"]);
    let who = disabled["state_by"]["who"].as_str().unwrap().to_owned();
    assert_eq!((&disabled["state"], &disabled["changed"]), (&json!("disabled"), &json!(true)));
    let fault = refused(&world, &["run", "flow"], "RPA0516");
    let message = fault["error"]["message"].as_str().unwrap();
    let year = &disabled["state_by"]["at"].as_str().unwrap()[..4];
    assert!(message.contains(&format!("{who} disabled it at {year}-")), "{message}");
    // the answer to a request that was lost is the run, whatever came since
    let again = world.json(["run", "flow", "--request-id", "one"]);
    assert_eq!((&again["run"], &again["repeated"]), (&json!(first), &json!(true)), "{again:#}");
    assert_eq!(world.json(["disable", "flow"])["changed"], false);
    assert!(world.rpa(["workflows"]).stdout.contains("disabled"));
    assert_eq!(apply(&world, 2, &[])["revision"], 2, "it can be mended meanwhile");
    refused(&world, &["run", "flow"], "RPA0516");
    assert_eq!(world.json(["enable", "flow"])["state"], "live");
    assert_eq!(printed(&world), "2\n");
    assert!(daemon.stop().success());
}

#[test]
fn an_archived_workflow_is_out_of_the_way_and_not_lost() {
    let world = World::new();
    let daemon = world.start();
    apply(&world, 1, &[]);
    let run = world.submit(["flow"]);
    world.until(&run, "completed");
    assert_eq!(world.json(["archive", "flow"])["state"], "archived");
    assert_eq!(world.json(["workflows"])["workflows"], json!([]));
    let all = world.json(["workflows", "--archived"]);
    assert_eq!(all["workflows"][0]["state"], "archived");
    refused(&world, &["run", "flow"], "RPA0517");
    refused(&world, &["disable", "flow"], "RPA0517");
    refused(&world, &["rollback", "flow", "1"], "RPA0517");
    let path = world.file("flow.yaml", &file(2));
    refused(&world, &["apply", path.to_str().unwrap()], "RPA0517");
    refused(&world, &["plan", path.to_str().unwrap()], "RPA0517");
    assert_eq!(world.show(&run)["status"], "completed");
    assert_eq!(world.rpa(["source", "flow"]).stdout, file(1));
    daemon.kill();
    let daemon = world.start();
    assert_eq!(world.json(["restore", "flow"])["state"], "live");
    assert_eq!(printed(&world), "1\n");
    assert!(daemon.stop().success());
}

#[test]
fn what_was_can_be_seen_compared_and_brought_back() {
    let world = World::new();
    let daemon = world.start();
    apply(&world, 1, &[]);
    let lonely = refused(&world, &["diff", "flow"], "RPA0514");
    assert!(lonely["error"]["message"].as_str().unwrap().contains("one revision only"));
    apply(&world, 2, &["--note", "louder"]);
    assert_eq!(world.rpa(["source", "flow", "1"]).stdout, file(1), "to the byte");
    assert_eq!(world.json(["source", "flow"])["source"], file(2));
    let diff = world.rpa(["diff", "flow"]).stdout;
    let wanted = "-  - {id: say, run: echo 1}\n+  - {id: say, run: echo 2}\n";
    assert!(
        diff.starts_with("--- default/flow revision 1\n+++ default/flow revision 2\n"),
        "{diff}"
    );
    assert!(diff.contains(wanted), "{diff}");
    assert_eq!(world.rpa(["diff", "flow", "1", "2"]).stdout, diff);
    assert_eq!(world.rpa(["diff", "flow", "1"]).stdout, diff, "to the live one");
    let path = world.file("other.yaml", &file(2));
    let path = path.to_str().unwrap();
    assert_eq!(world.rpa(["diff", "flow", "--file", path, "--exit-code"]).code, 0);
    let differs = world.rpa(["diff", "flow", "1", "--file", path, "--exit-code"]);
    assert!(differs.code == 1 && differs.stdout.contains(wanted), "{differs:?}");
    refused(&world, &["diff", "flow", "1", "2", "--file", path], "RPA0002");
    apply(&world, 3, &["--draft"]);
    assert!(world.rpa(["diff", "flow"]).stdout.contains("+  - {id: say, run: echo 3}\n"));

    let back = world.json(["rollback", "flow", "1", "--note", "too loud"])["applied"][0].clone();
    assert_eq!((&back["revision"], &back["changed"]), (&json!(4), &json!(true)));
    assert_eq!(printed(&world), "1\n");
    assert_eq!(world.rpa(["source", "flow"]).stdout, file(1));
    let newest = world.json(["history", "flow"])["revisions"][0].clone();
    let from = json!({"kind": "rollback", "workflow": null, "revision": 1});
    assert_eq!((&newest["from"], &newest["note"]), (&from, &json!("too loud")));
    let again = world.json(["rollback", "flow", "1"])["applied"][0].clone();
    assert_eq!((&again["revision"], &again["changed"]), (&json!(4), &json!(false)));
    let page = world.json(["history", "flow", "--limit", "3"]);
    assert_eq!(page["revisions"].as_array().unwrap().len(), 3);
    let rest = world.json(["history", "flow", "--cursor", page["next"].as_str().unwrap()]);
    assert_eq!((&rest["revisions"][0]["revision"], &rest["next"]), (&json!(1), &Value::Null));
    let text = world.rpa(["history", "flow"]).stdout;
    assert!(text.contains("rollback of 1") && text.contains("louder"), "{text}");
    refused(&world, &["rollback", "flow", "9"], "RPA0514");
    let long = "x".repeat(501);
    refused(&world, &["rollback", "flow", "2", "--note", &long], "RPA0002");
    let coloured = refused(&world, &["rollback", "flow", "2", "--note", "a\u{1b}[31mb"], "RPA0002");
    let message = coloured["error"]["message"].as_str().unwrap();
    assert!(message.contains("control characters"), "{message}");
    // what was never live is nothing to go back to
    let draft = refused(&world, &["rollback", "flow", "3"], "RPA0515");
    let hint = draft["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("rpa publish default/flow 3"), "{hint}");
    assert_eq!(printed(&world), "1\n", "nothing has changed");
    assert!(daemon.stop().success());
}

#[test]
fn a_clone_is_a_workflow_of_its_own() {
    let world = World::new();
    let daemon = world.start();
    apply(&world, 1, &[]);
    apply(&world, 2, &[]);
    let cloned = world.json(["clone", "flow", "ops/copy"])["applied"][0].clone();
    assert_eq!((&cloned["workflow"], &cloned["revision"]), (&json!("ops/copy"), &json!(1)));
    let source = world.rpa(["-n", "ops", "source", "copy"]).stdout;
    assert_eq!(source, file(2).replace("name: flow # ours", "name: copy # ours"));
    let shown = world.json(["run", "ops/copy", "--wait"]);
    assert_eq!(shown["outputs"]["v"], "2\n", "{shown:#}");
    let from = world.json(["history", "ops/copy"])["revisions"][0]["from"].clone();
    assert_eq!(from, json!({"kind": "clone", "workflow": "default/flow", "revision": 2}));
    refused(&world, &["clone", "flow", "ops/copy"], "RPA0518");
    refused(&world, &["clone", "flow", "flow"], "RPA0518");
    refused(&world, &["clone", "flow", "No-Name"], "RPA0501");
    refused(&world, &["clone", "none", "other"], "RPA0501");
    world.apply("odd", "version: 1\ndescription: &n odd\nname: *n\nsteps: [{id: s, uses: noop}]\n");
    refused(&world, &["clone", "odd", "even"], "RPA0520");
    assert!(daemon.stop().success());
}

#[test]
fn workflows_are_found_by_tag() {
    let world = World::new();
    let daemon = world.start();
    for (name, tags) in [("a", "disk, nightly"), ("b", "disk"), ("c", "net"), ("d", "disk")] {
        let text =
            format!("version: 1\nname: {name}\ntags: [{tags}]\nsteps: [{{id: s, uses: noop}}]\n");
        world.apply(name, &text);
    }
    let found = |args: &[&str]| {
        let page = world.json(["workflows"].into_iter().chain(args.iter().copied()));
        let names = page["workflows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|w| w["workflow"].as_str().unwrap().trim_start_matches("default/").to_owned());
        (names.collect::<Vec<_>>(), page["next"].as_str().map(str::to_owned))
    };
    assert_eq!(found(&["--tag", "disk"]).0, ["a", "b", "d"]);
    assert_eq!(found(&["--tag", "nightly"]).0, ["a"]);
    assert_eq!(found(&["--tag", "none"]).0, [""; 0]);
    let (first, next) = found(&["--tag", "disk", "--limit", "2"]);
    assert_eq!(first, ["a", "b"]);
    let (rest, end) = found(&["--tag", "disk", "--limit", "2", "--cursor", &next.unwrap()]);
    assert_eq!((rest, end), (vec!["d".to_owned()], None));
    assert_eq!(found(&["--limit", "4"]), (["a", "b", "c", "d"].map(str::to_owned).into(), None));
    assert!(daemon.stop().success());
}

#[test]
fn a_plan_says_what_an_apply_would_change() {
    let world = World::new();
    let daemon = world.start();
    let old = "version: 1\nname: flow\nvariables:\n  limit: {type: number, default: 1}\n  gone: {type: string}\n\
               steps:\n  - {id: a, run: echo a}\n  - {id: b, run: echo b}\n  - {id: c, uses: noop}\n";
    let new = "version: 1\nname: flow\ndescription: new\nvariables:\n  limit: {type: string, required: true}\n  \
               mail: {type: string, required: true}\nsteps:\n  - {id: a, run: echo other, timeout: 5s}\n  \
               - {id: c, uses: noop, needs: [a]}\n  - {id: d, run: 'true', env: {T: \"{{ secrets.token }}\"}}\n";
    let path = |text: &str| world.file("plan.yaml", text).display().to_string();
    let plan = |text: &str| world.json(["plan", &path(text)])["plans"][0].clone();
    assert_eq!(plan(old)["plan"], "new");
    assert_eq!(world.rpa(["plan", &path(old), "--exit-code"]).code, 1);
    assert_eq!(world.json(["workflows"])["workflows"], json!([]), "a plan changes nothing");
    world.apply("flow", old);
    let same = world.rpa(["plan", &path(old), "--exit-code"]);
    assert_eq!(
        (same.code, same.stdout.as_str()),
        (0, "default/flow: unchanged (revision 1 is live)\n")
    );
    let commented = plan(&format!("# a remark\n{old}"));
    assert_eq!((&commented["plan"], &commented["steps"]), (&json!("changed"), &json!([])));
    let found = plan(new);
    assert_eq!((&found["plan"], &found["keys"]), (&json!("changed"), &json!(["description"])));
    let item = |name: &str, change: &str, keys: &[&str]| json!({"name": name, "change": change, "keys": keys});
    let steps = [
        item("a", "changed", &["action", "timeout"]),
        item("c", "changed", &["needs"]),
        item("d", "added", &[]),
        item("b", "removed", &[]),
    ];
    assert_eq!(found["steps"], json!(steps), "{found:#}");
    let variables = [
        item("limit", "changed", &["type", "required", "default", "newly required"]),
        item("mail", "added", &["newly required"]),
        item("gone", "removed", &[]),
    ];
    assert_eq!(found["variables"], json!(variables), "{found:#}");
    assert_eq!(found["secrets"], json!([{"name": "token", "there": false}]));
    fs::create_dir(world.state().join("secrets")).unwrap();
    fs::write(world.state().join("secrets/token"), "x").unwrap();
    assert_eq!(plan(new)["secrets"][0]["there"], true);
    let text = world.rpa(["plan", &path(new), "--exit-code"]);
    assert!(text.code == 1 && text.stdout.contains("  ~ step a: action, timeout\n"), "{text:?}");
    let bad = world.rpa(["plan", &path("version: 1\n"), "--exit-code"]);
    assert_eq!(bad.code, 2, "{bad:?}");
    assert_eq!(states(&world), told(&[(1, "live")]));
    assert!(daemon.stop().success());
}

#[test]
fn a_bundle_brings_workflows_to_another_daemon_all_or_none() {
    let world = World::new();
    let daemon = world.start();
    apply(&world, 1, &[]);
    apply(&world, 2, &[]);
    let bare = "version: 1\nname: other\nsteps: [{id: s, uses: noop}] # theirs\n";
    let path = world.file("other.yaml", bare);
    assert_eq!(world.rpa(["-n", "ops", "apply", path.to_str().unwrap()]).code, 0);
    let draft = world.file("draft.yaml", &bare.replace("other", "draft"));
    world.rpa(["apply", "--draft", draft.to_str().unwrap()]);
    refused(&world, &["export", "draft", "-o", "x.tar"], "RPA0515");
    refused(&world, &["export", "none", "-o", "x.tar"], "RPA0501");
    refused(&world, &["export", "--all", "-o", "-"], "RPA0002");
    let all = world.json(["export", "--all", "-o", "all.tar"]);
    assert_eq!(all["exported"].as_array().unwrap().len(), 1, "what is live: {all:#}");
    let exported = world.json(["export", "flow", "ops/other", "-o", "some.tar"]);
    assert_eq!(exported["exported"][0]["revision"], 2, "{exported:#}");
    let piped = world.rpa_command(["export", "flow", "ops/other", "-o", "-"]).output().unwrap();
    assert!(piped.status.success());
    assert!(daemon.stop().success());

    let other = World::new();
    let daemon = other.start();
    fs::copy(world.path().join("some.tar"), other.path().join("some.tar")).unwrap();
    let dry = other.json(["import", "some.tar", "--dry-run"]);
    assert_eq!((&dry["dry_run"], &dry["imported"][1]["revision"]), (&json!(true), &json!(1)));
    assert_eq!(other.json(["workflows"])["workflows"], json!([]));
    let drafts = other.json(["import", "some.tar", "--draft"]);
    assert_eq!(drafts["imported"][0]["changed"], true, "{drafts:#}");
    refused(&other, &["run", "flow"], "RPA0515");
    let imported = other.json(["import", "some.tar", "--note", "moved"]);
    assert_eq!(imported["imported"][0]["workflow"], "default/flow");
    assert_eq!(other.rpa(["source", "flow"]).stdout, file(2));
    assert_eq!(other.rpa(["source", "ops/other"]).stdout, bare, "in the namespace it came from");
    let newest = other.json(["history", "flow"])["revisions"][0].clone();
    assert_eq!((&newest["from"]["kind"], &newest["note"]), (&json!("import"), &json!("moved")));
    let mut import = other.rpa_command(["--json", "import", "-"]);
    let mut import = import.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    import.stdin.take().unwrap().write_all(&piped.stdout).unwrap();
    let again = Rpa::from(import.wait_with_output().unwrap());
    assert_eq!(again.stdout.matches("\"changed\":false").count(), 2, "{again:?}");

    // one that cannot be imported keeps the others out
    other.json(["archive", "ops/other"]);
    let changed = other.file("flow.yaml", &file(3));
    assert_eq!(other.rpa(["apply", changed.to_str().unwrap()]).code, 0);
    for args in [&["import", "some.tar"][..], &["import", "some.tar", "--dry-run"]] {
        refused(&other, args, "RPA0517");
    }
    assert_eq!(other.rpa(["source", "flow"]).stdout, file(3), "nothing was imported");
    let mut bytes = fs::read(other.path().join("some.tar")).unwrap();
    let at = bytes.windows(6).position(|w| w == b"echo 2").unwrap();
    bytes[at + 5] = b'9';
    fs::write(other.path().join("bad.tar"), bytes).unwrap();
    let fault = refused(&other, &["import", "bad.tar"], "RPA0521");
    assert!(fault["error"]["message"].as_str().unwrap().contains("its hash differs"), "{fault:#}");
    refused(&other, &["import", "flow.yaml"], "RPA0521");
    fs::write(other.path().join("some.tgz"), b"\x1f\x8b\x08\0and what gzip makes").unwrap();
    let fault = refused(&other, &["import", "some.tgz"], "RPA0521");
    assert!(fault["error"]["message"].as_str().unwrap().contains("run gunzip on it"), "{fault:#}");
    assert_eq!(other.rpa(["import", "none.tar"]).code, 74);
    assert!(daemon.stop().success());
}
