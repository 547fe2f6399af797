//! Steps in steps that do not repeat: groups, switches, what stands in for a failed
//! step, and waiting for a moment.

use rpa_tests::{Key, World};
use serde_json::json;

use crate::console::{leave, list_of_runs, live};
use crate::loops::step;

const FALLBACK: &str = r#"
version: 1
name: fallback
steps:
  - id: near
    on_error: {fallback: far}
    steps:
      - {id: read, run: "exit 7"}
      - {id: never, run: "echo never"}
    outputs: {text: "{{ steps.never.output.stdout }}"}
  - id: far
    on_error: {fallback: known}
    run: exit 8
  - id: known
    set: {why: "{{ steps.near.error.message }}", text: known}
  - id: after
    run: printf %s "$TEXT"
    env: {TEXT: "{{ steps.near.output.text }}"}
  - id: unused
    run: echo fine
    on_error: {fallback: spare}
  - id: spare
    run: echo spare
outputs:
  after: "{{ steps.after.output.stdout }}"
  near: "{{ steps.near.status }}"
  why: "{{ vars.why }}"
"#;

#[test]
fn what_stands_in_for_a_group_gives_its_output() {
    let world = World::new();
    let daemon = world.start();
    let shown = world.ended("fallback", FALLBACK);
    assert_eq!(shown["status"], "completed", "{shown:#}");
    assert_eq!(shown["outputs"]["after"], "known");
    assert_eq!(shown["outputs"]["near"], "failed");
    let why = shown["outputs"]["why"].as_str().unwrap();
    assert!(why.contains("read: ") && why.ends_with("exited with 7"), "{why}");
    assert_eq!(step(&shown, "near/never")["status"], "skipped");
    assert_eq!(step(&shown, "spare")["status"], "skipped");
    assert!(daemon.stop().success());
}

const NEEDS: &str = r#"
version: 1
name: needs
steps:
  - {id: bad, needs: [], run: exit 1, on_error: continue}
  - {id: off, needs: [], if: "false", run: echo off}
  - {id: told, needs: {step: bad, when: failed}, run: echo told}
  - {id: went_on, needs: bad, run: echo went on}
  - {id: was_off, needs: [{step: off, when: skipped}], run: echo was off}
  - {id: not_off, needs: off, run: echo not off}
  - {id: tidy, needs: [{step: not_off, when: always}, {step: told, when: always}], run: echo tidy}
"#;

#[test]
fn needs_say_how_a_step_must_have_ended() {
    let world = World::new();
    let daemon = world.start();
    let shown = world.ended("needs", NEEDS);
    assert_eq!(shown["status"], "completed", "{shown:#}");
    let status = ["bad", "off", "told", "went_on", "was_off", "not_off", "tidy"]
        .map(|id| step(&shown, id)["status"].clone());
    let wanted =
        ["failed", "skipped", "completed", "completed", "completed", "skipped", "completed"];
    assert_eq!(status, wanted.map(|word| json!(word)));
    assert!(daemon.stop().success());
}

const SWITCH: &str = r#"
version: 1
name: switch
steps:
  - id: each
    for_each: [red, 3, true, 2.5]
    as: what
    steps:
      - id: which
        switch: "{{ what }}"
        cases:
          red: [{id: colour, uses: noop}]
          3: [{id: number, uses: data.transform, with: {value: three}}]
          "true": [{id: truth, steps: [{id: inner, uses: noop}], outputs: {value: "{{ what }}"}}]
        default: [{id: other, uses: data.transform, with: {value: other}}]
        outputs:
          colour: "{{ steps.colour.status }}"
          number: "{{ steps.number.output.value | default('-') }}"
          truth: "{{ steps.truth.output.value | default('-') }}"
          other: "{{ steps.other.output.value | default('-') }}"
    outputs: {got: "{{ steps.which.output | tojson }}"}
  - id: nothing
    switch: "{{ 'none of them' }}"
    cases: {one: [{id: one, run: exit 1}]}
  - {id: after, uses: noop}
outputs: {got: "{{ steps.each.output | map(attribute='got') | list }}"}
"#;

#[test]
fn a_switch_runs_the_case_that_fits() {
    let world = World::new();
    let daemon = world.start();
    let shown = world.ended("switch", SWITCH);
    assert_eq!(shown["status"], "completed", "{shown:#}");
    let got: Vec<serde_json::Value> = shown["outputs"]["got"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| serde_json::from_str(text.as_str().unwrap()).unwrap())
        .collect();
    let column = |name: &str| got.iter().map(|row| row[name].clone()).collect::<Vec<_>>();
    assert_eq!(column("colour"), ["completed", "skipped", "skipped", "skipped"]);
    assert_eq!(column("number"), ["-", "three", "-", "-"]);
    assert_eq!(column("truth"), [json!("-"), json!("-"), json!(true), json!("-")]);
    assert_eq!(column("other"), ["-", "-", "-", "other"]);
    assert_eq!(step(&shown, "nothing")["status"], "completed");
    assert_eq!(step(&shown, "after")["status"], "completed");
    assert!(daemon.stop().success());
}

#[test]
fn a_run_waits_for_a_moment_also_over_a_crash() {
    let world = World::new();
    let mut daemon = world.start();
    world.apply(
        "moment",
        "version: 1\nname: moment\nvariables: {at: {type: string}}\nsteps:\n  \
         - {id: opening, wait: {until: \"{{ vars.at }}\"}}\n  - {id: now, run: date +%s}\n\
         outputs: {now: \"{{ steps.now.output.stdout | trim | int }}\"}\n",
    );
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let at = now.as_secs() + 5;
    let text = moment(at);
    let run = world.submit(["moment", "--var", &format!("at={text}")]);
    world.until(&run, "waiting");
    daemon.kill();
    daemon = world.start();
    let shown = world.until(&run, "completed");
    assert!(shown["outputs"]["now"].as_u64().unwrap() >= at, "{shown:#}");
    let past =
        world.json(["run", "moment", "--var", "at=2001-02-03T04:05[Europe/Sofia]", "--wait"]);
    assert_eq!(past["status"], "completed", "{past:#}");
    let wrong = world.json(["run", "moment", "--var", "at=tomorrow", "--wait"]);
    assert_eq!(wrong["error"]["code"], "RPA0421", "{wrong:#}");
    assert!(wrong["error"]["message"].as_str().unwrap().contains("\"tomorrow\""), "{wrong:#}");
    assert!(daemon.stop().success());
}

/// Unix seconds as `date` writes them with an offset.
fn moment(seconds: u64) -> String {
    let mut date = std::process::Command::new("date");
    let output = date.args(["-u", "-d", &format!("@{seconds}"), "+%FT%T+00:00"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_group_whose_time_is_out_says_that_it_waits_for_a_decision() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "pay",
        "version: 1\nname: pay\ntimeout: 1h\nsteps:\n  - id: all\n    timeout: 300ms\n    \
         steps: [{id: once, effect: once, run: sleep 60}]\n",
    );
    let run = world.submit(["pay"]);
    world.until(&run, "in_doubt");
    let shown = world.rpa(["show", &run]).stdout;
    assert!(shown.contains("time-out stands still until the doubt is decided; 59 m"), "{shown}");
    assert!(shown.contains("its time is out; what is inside"), "{shown}");
    assert!(!shown.contains("due "), "{shown}");
    let mut console = live(&world);
    list_of_runs(&mut console);
    console.press(Key::Enter);
    let screen = console.wait_for("time-out stands still, 59m");
    assert!(screen.contains("its time is out"), "{screen}");
    leave(console);
    world.json(["resolve", &run, "all/once", "done"]);
    let shown = world.until(&run, "failed");
    assert_eq!(step(&shown, "all")["error"]["code"], "RPA0402", "{shown:#}");
    assert!(daemon.stop().success());
}
