//! SIGKILL inside loops, handlers and what undoes steps: what was confirmed is not
//! done again, and nothing is left out.

use std::collections::BTreeMap;
use std::fs;

use rpa_tests::{Daemon, World, eventually};
use rustix::process::Signal;
use serde_json::json;

use crate::loops::{last_turn, step};

const ITEMS: usize = 300;

fn lines(world: &World) -> usize {
    world.read("lines").lines().count()
}

fn numbers(world: &World, effect: &str, beside: usize) -> String {
    let file = world.path().join("lines").display().to_string();
    format!(
        "version: 1\nname: numbers\nsteps:\n  - id: each\n    for_each: \"{{{{ range({ITEMS}) }}}}\"\n    as: n\n    \
         max_parallel: {beside}\n    steps:\n      - id: x\n        effect: {effect}\n        \
         run: echo $N $RPA_ATTEMPT >> {file}\n        env: {{N: \"{{{{ n }}}}\"}}\n    outputs: {{n: \"{{{{ n }}}}\"}}\n\
         outputs: {{n: \"{{{{ steps.each.output | map(attribute='n') | list }}}}\"}}\n"
    )
}

/// Waits for so many lines, and kills the daemon. How many items it had surely
/// confirmed: a turn begins only when there is room, so all but those open.
fn kill_at(world: &World, daemon: Daemon, run: &str, count: usize, beside: usize) -> usize {
    eventually("the loop is that far", || (lines(world) >= count).then_some(()));
    let shown = world.show(run);
    let (last, _) = last_turn(&shown, "each").expect("turns");
    daemon.kill();
    last.saturating_sub(beside - 1)
}

/// How often each number was written.
fn written(world: &World) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for line in world.read("lines").lines() {
        let (number, attempt) = line.split_once(' ').unwrap_or_else(|| panic!("torn: {line:?}"));
        attempt.parse::<u32>().unwrap();
        *counts.entry(number.parse().unwrap()).or_default() += 1;
    }
    counts
}

#[test]
fn a_loop_goes_on_where_it_was() {
    for beside in [1, 4] {
        let world = World::new();
        let mut daemon = world.start();
        world.apply("numbers", &numbers(&world, "idempotent", beside));
        let run = world.submit(["numbers"]);
        let kills = [40, 100, 101, 220];
        let mut confirmed = 0;
        for count in kills {
            confirmed = confirmed.max(kill_at(&world, daemon, &run, count, beside));
            daemon = world.start();
            let (last, _) = last_turn(&world.show(&run), "each").expect("turns");
            assert!(last + 1 >= confirmed, "the loop went back to {last}");
        }
        let shown = world.until(&run, "completed");
        assert_eq!(shown["outputs"]["n"], json!((0..ITEMS).collect::<Vec<_>>()));
        let written = written(&world);
        assert_eq!(written.len(), ITEMS, "an item is missing");
        let again: usize = written.values().map(|count| count - 1).sum();
        // only what was under way when the daemon died
        assert!(again <= kills.len() * beside, "{again} were run again: {written:?}");
        assert!(confirmed > 150, "{confirmed}");
        assert!(daemon.stop().success());
    }
}

/// With one item at a time, every one before the last that has begun is confirmed.
#[test]
fn no_confirmed_item_runs_again() {
    let world = World::new();
    let mut daemon = world.start();
    world.apply("numbers", &numbers(&world, "idempotent", 1));
    let run = world.submit(["numbers"]);
    let mut sure = 0;
    for count in [50, 120, 200] {
        let confirmed = kill_at(&world, daemon, &run, count, 1);
        let before = written(&world);
        daemon = world.start();
        eventually("it has gone on", || (lines(&world) > count + 20).then_some(()));
        let after = written(&world);
        for number in 0..confirmed {
            assert_eq!(before[&number], after[&number], "item {number} was confirmed");
        }
        sure = confirmed;
    }
    assert!(sure >= 190, "{sure}");
    world.until(&run, "completed");
    assert_eq!(written(&world).len(), ITEMS, "an item is missing");
    assert!(daemon.stop().success());
}

#[test]
fn an_item_that_may_not_be_repeated_is_decided_by_its_path() {
    let world = World::new();
    let mut daemon = world.start();
    world.apply("numbers", &numbers(&world, "unknown", 4));
    let run = world.submit(["numbers"]);
    for count in [30, 150] {
        daemon = kill_inside(&world, daemon, count);
        eventually("nothing is in doubt any more", || {
            let doubts = world.json(["doubts"]);
            for doubt in doubts["doubts"].as_array().unwrap() {
                decide(&world, &run, doubt["path"].as_str().unwrap());
            }
            (world.show(&run)["status"] != "in_doubt").then_some(())
        });
    }
    eventually("the run ends", || {
        let doubts = world.json(["doubts"]);
        for doubt in doubts["doubts"].as_array().unwrap() {
            decide(&world, &run, doubt["path"].as_str().unwrap());
        }
        (world.show(&run)["status"] == "completed").then_some(())
    });
    let written = written(&world);
    assert_eq!(written.len(), ITEMS, "an item is missing");
    assert!(written.values().all(|count| *count == 1), "{written:?}");
    assert!(daemon.stop().success());
}

fn kill_inside(world: &World, daemon: Daemon, count: usize) -> Daemon {
    eventually("the loop is that far", || (lines(world) >= count).then_some(()));
    daemon.signal(Signal::STOP);
    daemon.kill();
    world.start()
}

/// What a person does: looks whether the line is there.
fn decide(world: &World, run: &str, path: &str) {
    let number = path.strip_prefix("each[").and_then(|rest| rest.strip_suffix("]/x"));
    let number: usize = number.unwrap_or_else(|| panic!("{path}")).parse().unwrap();
    let decision = if written(world).contains_key(&number) { "done" } else { "retry" };
    let rpa = world.rpa(["resolve", run, path, decision]);
    assert_eq!(rpa.code, 0, "{rpa:?}");
}

/// Loops in loops beside each other, in a switch, in a group: the numbers of each inner
/// turn are put together in order, whatever the crashes.
const NESTED: &str = r#"
version: 1
name: nested
steps:
  - id: rows
    for_each: "{{ range(12) }}"
    as: row
    max_parallel: 3
    steps:
      - id: parity
        switch: "{{ row % 2 }}"
        cases:
          "0":
            - id: even
              for_each: "{{ range(10) }}"
              as: column
              max_parallel: 2
              steps:
                - {id: x, effect: idempotent, run: "echo $N $RPA_ATTEMPT >> FILE; echo $N", env: {N: "{{ row * 10 + column }}"}}
              outputs: {n: "{{ steps.x.output.stdout | trim | int }}"}
        default:
          - id: group
            steps:
              - id: odd
                repeat: {count: 10}
                steps:
                  - {id: y, effect: idempotent, run: "echo $N $RPA_ATTEMPT >> FILE", env: {N: "{{ row * 10 + loop.index }}"}}
              - {id: done, uses: data.transform, with: {value: "{{ row }}"}}
            outputs: {row: "{{ steps.done.output.value }}"}
        outputs:
          ns: "{{ steps.even.output | map(attribute='n') | list if steps.even.output else [steps.group.output.row] }}"
    outputs: {ns: "{{ steps.parity.output.ns }}"}
outputs: {rows: "{{ steps.rows.output | map(attribute='ns') | list }}"}
"#;

#[test]
fn loops_in_loops_go_on_where_they_were() {
    let world = World::new();
    let mut daemon = world.start();
    let file = world.path().join("lines").display().to_string();
    world.apply("nested", &NESTED.replace("FILE", &file));
    let run = world.submit(["nested"]);
    for count in [5, 25, 26, 60, 90] {
        eventually("it is that far", || {
            let status = world.show(&run)["status"].clone();
            assert_ne!(status, "failed");
            (lines(&world) >= count).then_some(())
        });
        daemon.kill();
        daemon = world.start();
    }
    let shown = world.until(&run, "completed");
    let row = |row: usize| match row % 2 {
        0 => json!((row * 10..row * 10 + 10).collect::<Vec<_>>()),
        _ => json!([row]),
    };
    assert_eq!(shown["outputs"]["rows"], json!((0..12).map(row).collect::<Vec<_>>()));
    let written = written(&world);
    assert_eq!(written.len(), 120, "a turn is missing: {written:?}");
    let again: usize = written.values().map(|count| count - 1).sum();
    assert!(again <= 5 * 6, "{again} were run again: {written:?}");
    assert!(daemon.stop().success());
}

#[test]
fn a_shutdown_in_a_loop_does_each_item_once() {
    let world = World::new();
    let mut daemon = world.start();
    world.apply("numbers", &numbers(&world, "once", 4));
    let run = world.submit(["numbers"]);
    for count in [20, 120, 121] {
        eventually("the loop is that far", || (lines(&world) >= count).then_some(()));
        assert!(daemon.stop().success());
        daemon = world.start();
    }
    world.until(&run, "completed");
    let written = written(&world);
    assert_eq!(written.len(), ITEMS, "an item is missing");
    assert!(written.values().all(|count| *count == 1), "{written:?}");
    assert!(daemon.stop().success());
}

/// A command that appends its name, the first time in the middle of the list for ever.
fn halting(world: &World, name: &str, halts: bool) -> String {
    let dir = world.path().display();
    let halt = match halts {
        true => format!("[ -e {dir}/go ] || {{ touch {dir}/inside; sleep 600; }}; "),
        false => String::new(),
    };
    format!("{{id: {name}, effect: idempotent, run: \"{halt}echo {name} >> {dir}/lines\"}}")
}

/// Kills the daemon in the step that halts, and starts it again.
fn kill_in_the_middle(world: &World, daemon: Daemon) -> Daemon {
    eventually("the step that halts", || world.path().join("inside").exists().then_some(()));
    daemon.kill();
    fs::write(world.path().join("go"), "").unwrap();
    world.start()
}

#[test]
fn a_handler_goes_on_where_it_was() {
    let world = World::new();
    let daemon = world.start();
    let list = |names: [&str; 3]| {
        names.map(|name| format!("\n    - {}", halting(&world, name, name == "b"))).concat()
    };
    world.apply(
        "handled",
        &format!(
            "version: 1\nname: handled\nsteps:\n  - {{id: s, run: exit 3}}\nhandlers:\n  failure:{}\n  finally:\n    \
             - {{id: last, run: echo \"$E\" >> {}/lines, env: {{E: \"{{{{ run.error.code }}}}\"}}}}\n",
            list(["a", "b", "c"]),
            world.path().display()
        ),
    );
    let run = world.submit(["handled"]);
    let daemon = kill_in_the_middle(&world, daemon);
    let shown = world.until(&run, "failed");
    assert_eq!(world.read("lines"), "a\nb\nc\nRPA0401\n");
    assert_eq!(step(&shown, "@failure/b")["attempts"], 2);
    assert_eq!(step(&shown, "@failure/a")["attempts"], 1);
    assert!(daemon.stop().success());
}

#[test]
fn undoing_goes_on_where_it_was() {
    let world = World::new();
    let daemon = world.start();
    let mut text = String::from("version: 1\nname: undone\nsteps:\n");
    for name in ["a", "b", "c", "d"] {
        let undo = halting(&world, &format!("undo_{name}"), name == "b");
        text += &format!("  - id: {name}\n    run: echo {name}\n    compensate: {undo}\n");
    }
    text += "  - {id: s, run: exit 3}\n";
    world.apply("undone", &text);
    let run = world.submit(["undone"]);
    let daemon = kill_in_the_middle(&world, daemon);
    let shown = world.until(&run, "failed");
    assert_eq!(world.read("lines"), "undo_d\nundo_c\nundo_b\nundo_a\n");
    assert_eq!(step(&shown, "d/@undo/undo_d")["attempts"], 1);
    assert_eq!(shown["error"]["code"], "RPA0401");
    assert!(daemon.stop().success());
}

#[test]
fn a_pause_between_turns_lasts_as_long_as_it_should() {
    let world = World::new();
    let daemon = world.start();
    let file = world.path().join("lines").display().to_string();
    world.apply(
        "paused",
        &format!(
            "version: 1\nname: paused\nsteps:\n  - id: each\n    repeat: {{count: 2, every: 5s}}\n    \
             steps:\n      - {{id: x, effect: idempotent, run: \"date +%s%3N >> {file}\"}}\n"
        ),
    );
    let run = world.submit(["paused"]);
    eventually("the first turn has ended", || {
        let shown = world.show(&run);
        (last_turn(&shown, "each") == Some((0, true))).then_some(())
    });
    daemon.kill();
    let daemon = world.start();
    world.until(&run, "completed");
    let times = world.read("lines");
    let times: Vec<u64> = times.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(times.len(), 2, "{times:?}");
    assert!(times[1] - times[0] >= 5000, "{times:?}");
    assert!(daemon.stop().success());
}
