//! `rpa run --each`: a run for each row, and none twice.

use std::fs::File;
use std::process::Command;

use rpa_tests::{Key, Rpa, Terminal, World, binary, eventually};
use serde_json::Value;

const GREET: &str = r#"
version: 1
name: greet
variables:
  host: {type: string}
  size: {type: number, default: 5, max: 10}
  mode: {type: string, default: plain}
steps:
  - {id: s, uses: noop}
outputs: {told: "{{ vars.host }} {{ vars.size }} {{ vars.mode }}"}
"#;

/// The objects of `--json`, one a line.
fn rows(rpa: &Rpa) -> Vec<Value> {
    rpa.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn each(world: &World, args: &[&str]) -> (Rpa, Vec<Value>) {
    let rpa = world.rpa(["--json", "run"].into_iter().chain(args.iter().copied()));
    let rows = rows(&rpa);
    (rpa, rows)
}

fn told(world: &World, row: &Value) -> String {
    let shown = world.show(row["run"].as_str().unwrap());
    shown["outputs"]["told"].as_str().unwrap_or_default().to_owned()
}

fn count(world: &World) -> usize {
    world.json(["runs", "--limit", "1000"])["runs"].as_array().unwrap().len()
}

#[test]
fn every_format_gives_a_run_for_each_row() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    world.file("a.csv", "host,size,mode\n\"a, b\",7,\nc,,fast\n");
    world.file(
        "a.json",
        r#"[{"host": "a, b", "size": 7, "mode": ""}, {"host": "c", "mode": "fast"}]"#,
    );
    world.file("a.yml", "- {host: 'a, b', size: 7, mode: ''}\n- {host: c, mode: fast}\n");
    for file in ["a.csv", "a.json", "a.yml"] {
        let (rpa, rows) = each(&world, &["greet", "--each", file, "--var", "size=9", "--wait"]);
        assert_eq!(rpa.code, 0, "{rpa:?}");
        let numbers: Vec<_> = rows.iter().map(|row| row["row"].as_u64()).collect();
        assert_eq!(numbers, [Some(1), Some(2)]);
        assert!(rows.iter().all(|row| row["status"] == "completed" && row["error"].is_null()));
        assert_eq!(told(&world, &rows[0]), "a, b 7 ", "{file}");
        assert_eq!(told(&world, &rows[1]), "c 9 fast", "{file}: --var holds for all rows");
    }
    let mut piped =
        world.rpa_command(["run", "greet", "--each", "-", "--each-format", "csv", "--wait"]);
    let csv = File::open(world.path().join("a.csv")).unwrap();
    let rpa = Rpa::from(piped.stdin(csv).output().unwrap());
    assert_eq!(rpa.code, 0, "{rpa:?}");
    assert!(rpa.stdout.lines().next().unwrap().starts_with("ROW  RUN"), "{rpa:?}");
    assert!(rpa.stdout.ends_with("2 rows: 2 completed\n"), "{rpa:?}");
    assert!(rpa.stderr.contains("--request-id"), "{rpa:?}");
    assert!(daemon.stop().success());
}

#[test]
fn nothing_is_submitted_unless_all_rows_are_sound() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    world.file("bad.csv", "host,Size\na,1\nb\nc,1,2\n");
    world.file("bad.json", "[{\"host\": \"a\"}, 7]");
    world.file("unknown.yaml", "- {host: a}\n- {hots: b}\n- {hots: c}\n");
    world.file("none.txt", "a");
    for (file, code, wanted) in [
        (
            "bad.csv",
            "RPA0505",
            &["column 2", "row 2 (line 3): has 1 field,", "row 3 (line 4): has 3 fields"][..],
        ),
        ("bad.json", "RPA0505", &["row 2: must be an object"]),
        ("unknown.yaml", "RPA0505", &["hots: no such variable (first in row 2)"]),
        ("none.txt", "RPA0002", &["the format of the rows"]),
        ("missing.csv", "RPA0003", &["missing.csv cannot be read"]),
    ] {
        let refused = world.json(["run", "greet", "--each", file]);
        assert_eq!(refused["error"]["code"], code, "{refused:#}");
        let message = refused["error"]["message"].as_str().unwrap();
        assert!(wanted.iter().all(|part| message.contains(part)), "{message}");
        assert!(message.matches("hots").count() <= 1, "{message}");
    }
    assert_eq!(count(&world), 0);
    assert!(daemon.stop().success());
}

#[test]
fn a_command_given_again_starts_nothing_twice() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    world.file("a.csv", "host\na\nb\nc\n");
    let args = ["greet", "--each", "a.csv", "--request-id", "day"];
    let (_, first) = each(&world, &args);
    assert_eq!(first[1]["request_id"], "day-2");
    let (rpa, again) = each(&world, &args);
    assert_eq!(rpa.code, 0, "{rpa:?}");
    for (row, before) in again.iter().zip(&first) {
        assert_eq!(row["run"], before["run"]);
        assert_eq!((&row["repeated"], &before["repeated"]), (&true.into(), &false.into()));
    }
    // a row that was changed is another one
    world.file("a.csv", "host\na\nB\nc\nd\n");
    let (rpa, changed) = each(&world, &args);
    assert_eq!(rpa.code, 2, "{rpa:?}");
    assert_eq!(changed[1]["refused"]["code"], "RPA0508", "{changed:#?}");
    assert_eq!(changed[2]["run"], first[2]["run"]);
    assert_eq!(count(&world), 4, "three rows, and the new one");
    let long = "x".repeat(127);
    let refused = world.json(["run", "greet", "--each", "a.csv", "--request-id", &long]);
    assert_eq!(refused["error"]["code"], "RPA0002");
    assert!(daemon.stop().success());
}

#[test]
fn a_refused_row_stops_the_others_only_when_asked() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    let sizes = (0..200).map(|n| if n == 0 { "x,99\n".to_owned() } else { format!("h{n},1\n") });
    world.file("a.csv", &format!("host,size\n{}", sizes.collect::<String>()));
    let (rpa, rows) = each(&world, &["greet", "--each", "a.csv"]);
    assert_eq!(rpa.code, 2, "{rpa:?}");
    assert_eq!(rows.len(), 200);
    assert_eq!((&rows[0]["status"], &rows[0]["run"]), (&"refused".into(), &Value::Null));
    assert_eq!(rows[0]["refused"]["code"], "RPA0505");
    assert_eq!(count(&world), 199);
    let rpa = world.rpa(["run", "greet", "--each", "a.csv", "--stop-on-error"]);
    assert_eq!(rpa.code, 2, "{rpa:?}");
    let said = rpa.stdout.lines().last().unwrap();
    assert!(said.starts_with("200 rows: ") && said.ends_with(" not submitted"), "{said}");
    assert!(count(&world) < 199 + 20, "what was on its way may be accepted");
    // what concerns every row is told once
    assert_eq!(world.rpa(["disable", "greet"]).code, 0);
    let (rpa, rows) = each(&world, &["greet", "--each", "a.csv"]);
    assert_eq!(rpa.code, 2, "{rpa:?}");
    assert_eq!(rows.len(), 1, "{rows:#?}");
    assert_eq!(rows[0]["error"]["code"], "RPA0516");
    assert!(rpa.stderr.contains("no row starts twice"), "{rpa:?}");
    assert!(daemon.stop().success());
}

#[test]
fn waiting_ends_with_the_worst_row() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "ends",
        "version: 1\nname: ends\nvariables: {how: {type: string}}\nsteps:\n  \
         - {id: bad, if: \"vars.how == 'fail'\", run: exit 7}\n  \
         - {id: lost, needs: [], if: \"vars.how == 'doubt'\", effect: once, timeout: 100ms, run: sleep 60}\n  \
         - {id: nap, needs: [], if: \"vars.how == 'nap'\", wait: 1h}\n",
    );
    let mut wanted = vec![("well", "completed", 0)];
    world.file("a.csv", "how\nwell\n");
    for (how, status, code) in [("fail", "failed", 3), ("doubt", "in_doubt", 5)] {
        wanted.push((how, status, code));
        let rows: String = wanted.iter().map(|(how, ..)| format!("{how}\n")).collect();
        world.file("a.csv", &format!("how\n{rows}"));
        let (rpa, rows) = each(&world, &["ends", "--each", "a.csv", "--wait"]);
        assert_eq!(rpa.code, code, "{rpa:?}");
        let statuses: Vec<_> = rows.iter().map(|row| row["status"].as_str().unwrap()).collect();
        assert_eq!(statuses, wanted.iter().map(|w| w.1).collect::<Vec<_>>());
        if how == "fail" {
            assert_eq!(rows[1]["error"]["code"], "RPA0401", "{rows:#?}");
        }
    }
    world.file("a.csv", "how\nwell\nnap\n");
    let (rpa, rows) = each(&world, &["ends", "--each", "a.csv", "--wait", "--timeout", "5s"]);
    assert_eq!(rpa.code, 124, "{rpa:?}");
    assert_eq!(rows.len(), 2, "{rows:#?}");
    assert!(rows[1]["error"]["message"].as_str().unwrap().contains("one row"), "{rows:#?}");
    let nap = world.json(["runs", "--status", "waiting"])["runs"][0]["run"].clone();
    assert_eq!(world.rpa(["cancel", nap.as_str().unwrap()]).code, 0);
    assert!(daemon.stop().success());
}

#[test]
fn a_daemon_that_is_killed_in_between_loses_and_doubles_nothing() {
    let world = World::new();
    let daemon = world.start();
    world.apply("greet", GREET);
    let hosts: String = (0..2000).map(|n| format!("h{n}\n")).collect();
    world.file("a.csv", &format!("host\n{hosts}"));
    let out = File::create(world.path().join("out")).unwrap();
    let mut command: Command =
        world.rpa_command(["--json", "run", "greet", "--each", "a.csv", "--wait"]);
    let mut child = command.stdout(out).spawn().unwrap();
    eventually("some rows are in", || (count(&world) > 50).then_some(()));
    daemon.kill();
    let daemon = world.start();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{}", world.read("out"));
    let mut runs: Vec<String> = world
        .read("out")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["run"].to_string())
        .collect();
    runs.sort();
    runs.dedup();
    assert_eq!(runs.len(), 2000);
    let (mut seen, mut cursor) = (0, None::<String>);
    loop {
        let more = cursor.iter().flat_map(|cursor| ["--cursor", cursor]);
        let page = world.json(["runs", "--limit", "1000"].into_iter().chain(more));
        seen += page["runs"].as_array().unwrap().len();
        match page["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(seen, 2000, "no run that no row is");
    assert!(daemon.stop().success());
}

#[test]
fn a_terminal_is_told_how_far_it_is_and_can_leave() {
    let world = World::new();
    let daemon = world.start();
    world.apply(
        "nap",
        "version: 1\nname: nap\nvariables: {n: {type: number}}\nsteps:\n  - {id: s, wait: 1h}\n",
    );
    world.file("a.csv", "n\n1\n2\n");
    let args = ["run", "nap", "--each", "a.csv", "--wait", "--request-id", "naps"];
    let terminal = args.into_iter().fold(Terminal::default(), Terminal::arg);
    let mut rpa = world.in_terminal(binary("rpa"), &terminal);
    rpa.wait_for("0 of 2 runs ended");
    rpa.press(Key::Ctrl('c'));
    rpa.wait_for("2 rows: 2 not ended");
    rpa.wait_for("accepted runs go on; give the command again with --request-id naps");
    assert_eq!(rpa.wait_exit().code, 130);
    assert_eq!(count(&world), 2);
    assert!(daemon.stop().success());
}
