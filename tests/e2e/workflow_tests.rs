//! Tests of workflows: those that are shipped, those that fail, and those that are made
//! from real runs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rpa_tests::{Options, Rpa, World, eventually, root};
use serde_json::json;

use crate::examples::{self, arguments};

/// Runs `rpa test` in a world; there need be no daemon.
fn test(world: &World, args: &[&str]) -> Rpa {
    world.rpa(["test"].into_iter().chain(args.iter().copied()))
}

/// Makes a test of the run beside a copy of its workflow; what it warns of, and the file.
fn record(world: &World, workflow: &Path, run: &str) -> (String, String) {
    let name = workflow.file_stem().unwrap().to_str().unwrap();
    let dir = world.path().join(format!("tests-{name}-{run}"));
    fs::create_dir(&dir).unwrap();
    fs::copy(workflow, dir.join(workflow.file_name().unwrap())).unwrap();
    let file = dir.join(format!("{name}.test.yaml")).display().to_string();
    let recorded = world.rpa(["test", "record", run, "-o", &file]);
    assert_eq!(recorded.code, 0, "{recorded:?}");
    let text = fs::read_to_string(&file).unwrap();
    let tested = test(world, &[&file]);
    assert_eq!(tested.code, 0, "{}\n{}\n{text}", tested.stdout, recorded.stderr);
    (recorded.stderr, text)
}

#[test]
fn the_tests_of_the_examples_pass() {
    let world = World::new();
    let folder = root().join("config/examples").display().to_string();
    let tested = world.json(["test", &folder]);
    let files = tested["files"].as_array().unwrap();
    assert!(files.len() >= 3, "{tested:#}");
    assert!(files.iter().all(|file| file["problems"] == json!([])), "{tested:#}");
    assert_eq!(tested["failed"], 0, "{tested:#}");
    assert!(tested["passed"].as_u64().unwrap() >= 12, "{tested:#}");
    let checked = world.rpa(["check", &format!("{folder}/rollout.test.yaml")]);
    assert_eq!(checked.code, 0, "{checked:?}");
}

#[test]
fn a_test_that_fails_and_a_file_that_is_wrong_have_codes_of_their_own() {
    let world = World::new();
    let dir = world.path().join("jobs");
    fs::create_dir(&dir).unwrap();
    let write = |name: &str, text: &str| fs::write(dir.join(name), text).unwrap();
    write("w.yaml", "version: 1\nname: w\nsteps: [{id: a, run: a}]\n");
    let tests = "version: 1\ntests:\n  - {name: good, steps: {a: {output: {}}}}\n";
    write("w.test.yaml", tests);
    let folder = dir.display().to_string();
    let workflow = dir.join("w.yaml").display().to_string();
    assert_eq!(test(&world, &[&folder]).code, 0);
    assert_eq!(test(&world, &[&workflow]).code, 0, "a workflow stands for its tests");
    write("alone.yaml", "version: 1\nname: alone\nsteps: [{id: a, run: a}]\n");
    let alone = world.json(["test", &dir.join("alone.yaml").display().to_string()]);
    assert_eq!(alone["error"]["code"], "RPA0002", "{alone:#}");
    let message = alone["error"]["message"].as_str().unwrap();
    assert!(message.contains("there is no ") && message.contains("alone.test.yaml"), "{message}");
    fs::remove_file(dir.join("alone.yaml")).unwrap();

    write("w.test.yaml", &format!("{tests}  - {{name: bad, steps: {{a: {{exit: 4}}}}}}\n"));
    let failed = test(&world, &[&folder]);
    assert_eq!(failed.code, 3, "{failed:?}");
    assert!(failed.stdout.contains("  ok      good\n  FAILED  bad  "), "{failed:?}");
    assert!(failed.stdout.contains("+ \"failed at a: exited with 4 [RPA0401]\""), "{failed:?}");
    assert!(failed.stdout.contains("FAILED: 1 passed, 1 failed ("), "{failed:?}");
    assert_eq!(test(&world, &["-k", "goo", &folder]).code, 0);
    let none = world.json(["test", "-k", "GOOD", &folder]);
    assert_eq!(none["error"]["code"], "RPA0002", "{none:#}");

    write("w.test.yaml", "version: 1\ntests:\n  - {name: x, stpes: {}}\n");
    let wrong = test(&world, &[&folder]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    let place = "w.test.yaml:3:15: error[RPA0303]: unknown key \"stpes\" in a test\n";
    assert!(wrong.stdout.contains(place), "{wrong:?}");
    assert!(wrong.stdout.contains("did you mean \"steps\"?"), "{wrong:?}");
    let bulgarian = world.rpa(["--lang", "bg", "test", &folder]);
    assert!(bulgarian.stdout.contains("непознат ключ „stpes“ в тест"), "{bulgarian:?}");

    write("w.yaml", "version: 1\nname: w\nsteps: []\n");
    write("w.test.yaml", tests);
    let wrong = test(&world, &[&folder]);
    assert!(wrong.code == 2 && wrong.stdout.contains("w.yaml:3:8: error["), "{wrong:?}");
    fs::remove_file(dir.join("w.test.yaml")).unwrap();
    let none = world.json(["test", &folder]);
    assert_eq!(none["error"]["code"], "RPA0002", "{none:#}");
}

#[test]
fn files_of_tests_beside_workflows_are_in_nobodys_way() {
    let world = World::new();
    let daemon = world.start();
    let examples = root().join("config/examples");
    let [workflow, tests] =
        ["rollout.yaml", "rollout.test.yaml"].map(|name| examples.join(name).display().to_string());
    let planned = world.json(["plan", &workflow, &tests]);
    assert_eq!(planned["plans"].as_array().unwrap().len(), 1, "{planned:#}");
    let applied = world.json(["apply", &workflow, &tests]);
    assert_eq!(applied["applied"].as_array().unwrap().len(), 1, "{applied:#}");
    assert!(daemon.stop().success());
}

#[test]
fn runs_of_the_examples_become_tests_that_pass() {
    let world = World::new();
    let daemon = world.start();
    fs::create_dir(world.path().join("homes")).unwrap();
    let homes = world.path().join("homes").display().to_string();
    let table: [(&str, Vec<String>, &str); 5] = [
        ("disk-report", vec!["seconds=1".into()], "completed"),
        ("site-check", vec!["urls=[\"http://127.0.0.1:1/\", \"no url\"]".into()], "completed"),
        (
            "rollout",
            vec![
                "release=2".into(),
                "previous=1".into(),
                "hosts=[\"a\", \"b\", \"c\", \"d\"]".into(),
                "install=echo $RELEASE > $HOST".into(),
                "verify=test $HOST != c".into(),
            ],
            "completed",
        ),
        (
            "rollout",
            vec![
                "release=2".into(),
                "previous=1".into(),
                "hosts=[\"a\", \"b\", \"c\"]".into(),
                "install=echo $RELEASE > $HOST".into(),
                "verify=exit 3".into(),
            ],
            "failed",
        ),
        (
            "offboarding",
            vec![
                "user=ann".into(),
                format!("homes={homes}"),
                "directory=http://127.0.0.1:1".into(),
            ],
            "failed",
        ),
    ];
    for (name, vars, status) in table {
        let workflow = root().join(format!("config/examples/{name}.yaml"));
        let applied = world.rpa(["apply", workflow.to_str().unwrap()]);
        assert_eq!(applied.code, 0, "{applied:?}");
        let shown = world.json(arguments(name, &vars).chain(["--wait"]));
        assert_eq!(shown["status"], status, "{shown:#}\n{}", examples::log(&world, &shown));
        let (warnings, text) = record(&world, &workflow, shown["run"].as_str().unwrap());
        assert_eq!(warnings, "", "{text}");
        assert!(text.contains(&format!("status: {status}")), "{text}");
    }
    assert!(daemon.stop().success());
}

const SECRETS: &str = "\
version: 1
name: hidden
variables:
  cred: {type: secret}
  pin: {type: string, sensitive: true}
  rate: {type: number, sensitive: true, min: 5, default: 7}
steps:
  - id: first
    run: echo \"$T\"; echo \"$PIN\"; test -e DIR/second || { touch DIR/second; exit 9; }
    env: {T: \"{{ secrets.token }} {{ vars.cred }}\", PIN: \"{{ vars.pin }}\"}
    effect: pure
    retry: {attempts: 2, delay: 10ms}
    outputs: {said: \"{{ stdout }}\"}
  - {id: keep, set: {copy: \"{{ vars.rate }}\"}}
outputs: {said: \"{{ steps.first.output.said }}\"}
";

#[test]
fn a_recording_holds_no_secret() {
    let world = World::new();
    let daemon = world.start();
    let secrets = world.state().join("secrets");
    fs::create_dir(&secrets).unwrap();
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o700)).unwrap();
    for (name, value) in [("token", "first-secret"), ("mine", "second-secret")] {
        fs::write(secrets.join(name), value).unwrap();
        fs::set_permissions(secrets.join(name), fs::Permissions::from_mode(0o400)).unwrap();
    }
    world.apply("hidden", &SECRETS.replace("DIR", &world.path().display().to_string()));
    let vars = ["cred=mine", "pin=314159", "rate=8"].map(str::to_owned);
    let shown = world.json(arguments("hidden", &vars).chain(["--wait"]));
    assert_eq!(shown["status"], "completed", "{shown:#}");
    let workflow = world.path().join("hidden.yaml");
    let (warnings, text) = record(&world, &workflow, shown["run"].as_str().unwrap());
    assert_eq!(warnings, "", "{text}");
    for hidden in ["first-secret", "second-secret", "314159", "rate: 8"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    for there in ["cred: mine", "pin: \"***\"", "rate: 7", "token: \"***\"", "class: \"exit(9)\""] {
        assert!(text.contains(there), "no {there}: {text}");
    }
    assert!(daemon.stop().success());
}

#[test]
fn what_persons_did_is_recorded_as_well() {
    let world = World::new();
    let settings = "[runs]\ncancel_grace = \"100ms\"\n".to_owned();
    let daemon = world.start_with(&Options { settings, ..Options::default() });
    let pay = "version: 1\nname: pay\nsteps:\n  - {id: pay, run: sleep 60, effect: once, timeout: 200ms}\n\
               outputs: {id: '{{ steps.pay.output.id }}'}\n";
    world.apply("pay", pay);
    let run = world.submit(["pay"]);
    world.until(&run, "in_doubt");
    let workflow = world.path().join("pay.yaml");
    let (_, text) = record(&world, &workflow, &run);
    assert!(text.contains("status: in_doubt"), "{text}");
    assert_eq!(world.rpa(["resolve", &run, "pay", "done", "--output", "id=z7"]).code, 0);
    world.until(&run, "completed");
    fs::remove_dir_all(world.path().join(format!("tests-pay-{run}"))).unwrap();
    let (warnings, text) = record(&world, &workflow, &run);
    assert_eq!(warnings, "", "{text}");
    assert!(text.contains("resolve: done") && text.contains("{id: z7}"), "{text}");

    let slow =
        "version: 1\nname: slow\nsteps:\n  - {id: a, run: sleep 60}\n  - {id: b, run: 'true'}\n";
    world.apply("slow", slow);
    let run = world.submit(["slow"]);
    eventually("the step runs", || {
        (world.show(&run)["steps"][0]["status"] == "running").then_some(())
    });
    let early = world.json(["test", "record", &run]);
    assert_eq!(early["error"]["code"], "RPA0532", "{early:#}");
    assert_eq!(world.rpa(["cancel", &run]).code, 0);
    world.until(&run, "cancelled");
    let (warnings, text) = record(&world, &world.path().join("slow.yaml"), &run);
    assert_eq!(warnings, "", "{text}");
    assert!(text.contains("status: cancelled") && text.contains("cancel_after: "), "{text}");

    let again = world.json(["retry", &run]);
    let again = again["run"].as_str().unwrap().to_owned();
    assert_eq!(world.rpa(["cancel", &again]).code, 0);
    world.until(&again, "cancelled");
    let rerun = world.json(["test", "record", &again]);
    assert_eq!(rerun["error"]["code"], "RPA0002", "{rerun:#}");
    let file = world.file("there.test.yaml", "").display().to_string();
    let there = world.json(["test", "record", &run, "-o", &file]);
    assert_eq!(there["error"]["code"], "RPA0002", "{there:#}");
    assert!(daemon.stop().success());
}

const ASKING: &str = "\
version: 1
name: asking
variables: {amount: {type: number}}
steps:
  - id: ok
    approval:
      message: \"Pay {{ vars.amount }}?\"
      form: {reason: {type: string}, pin: {type: string, sensitive: true, pattern: \"[0-9]+\", default: \"0\"}}
  - {id: pay, workflow: bank, with: {amount: \"{{ vars.amount }}\"}, retry: {attempts: 2, delay: 10ms, on: [exit(7)]}, outputs: {id: \"{{ output.id }}\"}}
  - {id: paid, wait: {event: bank.paid, match: event.data.id == steps.pay.output.id}}
  - {id: any, wait: {event: bank.any}}
  - {id: note, workflow: bank, with: {amount: 1}, detached: true}
outputs: {reason: \"{{ steps.ok.output.fields.reason }}\", at: \"{{ steps.ok.output.at }}\", by: \"{{ steps.ok.output.by }}\", id: \"{{ steps.pay.output.id }}\", event: \"{{ steps.paid.output }}\", any: \"{{ steps.any.output.data }}\"}
";

const BANK: &str = "\
version: 1
name: bank
variables: {amount: {type: number}, to: {type: string, default: me}}
steps:
  - {id: send, run: \"test -e DIR/second || { touch DIR/second; exit 7; }\", effect: pure, retry: none}
outputs: {id: \"B-{{ vars.amount }}\"}
";

#[test]
fn people_called_runs_and_events_are_recorded_and_played() {
    let world = World::new();
    let _daemon = world.start();
    let bank = BANK.replace("DIR", &world.path().display().to_string());
    world.apply("bank", &bank);
    world.apply("asking", ASKING);
    let waits = |run: &str, step: &str| {
        eventually("the step waits", || {
            let steps = world.show(run)["steps"].clone();
            let mut steps = steps.as_array().unwrap().iter();
            steps.any(|s| s["path"] == step && s["status"] == "waiting").then_some(())
        });
    };
    let digest = |run: &str| {
        let asked = world.json(["approvals"]);
        let mut asked = asked["approvals"].as_array().unwrap().iter();
        let asked = asked.find(|asked| asked["run"] == run).unwrap();
        asked["digest"].as_str().unwrap().to_owned()
    };
    let run = world.submit(["asking", "--var", "amount=5"]);
    waits(&run, "ok");
    let seen = digest(&run);
    let fields = ["--field", "reason=due", "--field", "pin=314159"];
    let vote = world.rpa(["approve", &run, "--digest", &seen].into_iter().chain(fields));
    assert_eq!(vote.code, 0, "{vote:?}");
    waits(&run, "paid");
    for data in [r#"{"id": "B-4"}"#, r#"{"id": "B-5"}"#] {
        let published = world.json(["event", "publish", "bank.paid", "--data", data]);
        assert_eq!(published["waited"], 1, "{published:#}");
    }
    waits(&run, "any");
    world.json(["event", "publish", "bank.any", "--data", "[1]"]);
    world.until(&run, "completed");
    let workflow = world.path().join("asking.yaml");
    let (warnings, text) = record(&world, &workflow, &run);
    let left_out = "one event that a step passed over is left out";
    assert!(warnings.contains(left_out) && text.contains(left_out), "{warnings}\n{text}");
    assert!(!text.contains("314159") && !text.contains("B-4"), "{text}");
    let there = ["approve:", "reason: due", "exit(7)", "B-5", "event:", "id: B-5"];
    for there in there {
        assert!(text.contains(there), "no {there}: {text}");
    }
    // a file that is beside the tests is held against what is called
    let dir = world.path().join(format!("tests-asking-{run}"));
    let file = dir.join("asking.test.yaml").display().to_string();
    fs::write(dir.join("bank.yaml"), bank.replace("outputs: {id:", "outputs: {ib:")).unwrap();
    let other = test(&world, &[&file]);
    assert_eq!(other.code, 2, "{other:?}");
    assert!(other.stdout.contains("workflow `default/bank` gives no \"id\""), "{other:?}");
    let bulgarian = world.rpa(["--lang", "bg", "test", &file]);
    assert!(bulgarian.stdout.contains("процес `default/bank` не дава „id“"), "{bulgarian:?}");
    fs::write(dir.join("bank.yaml"), "version: 1\nname: bank\nsteps: []\n").unwrap();
    let wrong = test(&world, &[&file]);
    assert!(wrong.code == 2 && wrong.stdout.contains("bank.yaml:3:8: error["), "{wrong:?}");

    let run = world.submit(["asking", "--var", "amount=5"]);
    waits(&run, "ok");
    assert_eq!(world.rpa(["reject", &run, "--digest", &digest(&run), "--comment", "no"]).code, 0);
    world.until(&run, "failed");
    let (warnings, text) = record(&world, &workflow, &run);
    assert_eq!(warnings, "", "{text}");
    assert!(text.contains("reject:") && text.contains("code: RPA0426"), "{text}");

    let run = world.submit(["asking", "--var", "amount=5"]);
    waits(&run, "ok");
    assert_eq!(world.rpa(["cancel", &run]).code, 0);
    world.until(&run, "cancelled");
    let (warnings, text) = record(&world, &workflow, &run);
    assert_eq!(warnings, "", "{text}");
    assert!(text.contains("timeout: true") && text.contains("cancel_after: "), "{text}");
}

#[test]
fn a_large_output_is_cut_and_that_is_told() {
    let world = World::new();
    let daemon = world.start();
    let text = "version: 1\nname: large\nsteps:\n  - {id: a, run: yes 0123456789 | head -c 200000}\n\
                outputs: {bytes: '{{ steps.a.output.stdout | length }}'}\n";
    let shown = world.ended("large", text);
    let workflow = world.path().join("large.yaml");
    let (warnings, text) = record(&world, &workflow, shown["run"].as_str().unwrap());
    assert!(warnings.contains("the output of attempt 1 of a is large and was cut"), "{warnings}");
    assert!(text.contains("# Note: the output of attempt 1 of a"), "{}", &text[..1000]);
    assert!(text.len() < 100_000, "{}", text.len());
    assert!(daemon.stop().success());
}

#[test]
fn an_attempt_that_went_down_with_the_daemon_is_recorded_as_lost() {
    let world = World::new();
    let daemon = world.start();
    let dir = world.path().display();
    let text = format!(
        "version: 1\nname: lost\nsteps:\n  - id: a\n    effect: pure\n    \
         run: if [ -e {dir}/seen ]; then echo twice; else touch {dir}/seen; sleep 60; fi\n\
         outputs: {{said: '{{{{ steps.a.output.stdout | trim }}}}'}}\n"
    );
    world.apply("lost", &text);
    let run = world.submit(["lost"]);
    eventually("the first attempt runs", || world.path().join("seen").exists().then_some(()));
    daemon.kill();
    let daemon = world.start();
    world.until(&run, "completed");
    let (warnings, text) = record(&world, &world.path().join("lost.yaml"), &run);
    assert_eq!(warnings, "", "{text}");
    assert!(text.contains("lost: true") && text.contains("said: twice"), "{text}");
    assert!(daemon.stop().success());
}
