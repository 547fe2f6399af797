//! `for_each`, `while`, `repeat` as a file has them: which turns there are, what
//! their steps see, and what the loop gives.

use std::time::Duration;

use rpa_tests::{World, eventually_within};
use serde_json::{Value, json};

/// A step of the run at `path`.
pub fn step<'a>(shown: &'a Value, path: &str) -> &'a Value {
    let steps = shown["steps"].as_array().unwrap();
    steps.iter().find(|s| s["path"] == path).unwrap_or_else(|| panic!("no {path}: {shown:#}"))
}

/// The last turn of a loop that has begun: its index, and whether it has ended.
pub fn last_turn(shown: &Value, path: &str) -> Option<(usize, bool)> {
    let steps = shown["steps"].as_array().unwrap();
    let index = |step: &Value| -> Option<usize> {
        let rest = step["path"].as_str()?.strip_prefix(path)?.strip_prefix('[')?;
        rest.strip_suffix(']')?.parse().ok()
    };
    let turns = steps.iter().filter_map(|step| Some((index(step)?, &step["status"])));
    let (index, status) = turns.max_by_key(|(index, _)| *index)?;
    Some((index, ["completed", "failed", "cancelled"].iter().any(|ended| status == ended)))
}

const PARALLEL: &str = r#"
version: 1
name: parallel
steps:
  - id: each
    for_each: "{{ range(8) }}"
    as: n
    max_parallel: 3
    steps:
      # the first one ends last, and holds one of three places until then
      - id: work
        run: |
          mkdir DIR/in.$N
          ls -d DIR/in.* | wc -l
          [ $N != 0 ] || until [ -e DIR/done.7 ]; do sleep 0.01; done
          rmdir DIR/in.$N
          touch DIR/done.$N
        env: {N: "{{ n }}"}
        outputs: {beside: "{{ stdout | trim | int }}"}
    outputs:
      n: "{{ n }}"
      beside: "{{ steps.work.output.beside }}"
      place: "{{ [loop.index, loop.first, loop.last] }}"
outputs:
  n: "{{ steps.each.output | map(attribute='n') | list }}"
  most: "{{ steps.each.output | map(attribute='beside') | max }}"
  places: "{{ steps.each.output | map(attribute='place') | list }}"
"#;

#[test]
fn items_at_once_give_their_outputs_in_order() {
    let world = World::new();
    let daemon = world.start();
    let text = PARALLEL.replace("DIR", &world.path().display().to_string());
    let outputs = world.outputs("parallel", &text);
    assert_eq!(outputs["n"], json!([0, 1, 2, 3, 4, 5, 6, 7]));
    assert!((2..=3).contains(&outputs["most"].as_u64().unwrap()), "{outputs}");
    assert_eq!(outputs["places"][0], json!([0, true, false]));
    assert_eq!(outputs["places"][7], json!([7, false, true]));
    assert!(daemon.stop().success());
}

/// Items 1 and 3 of six fail; each says that it began.
fn failing(world: &World, policy: &str) -> String {
    let file = world.path().join("began").display().to_string();
    format!(
        "version: 1\nname: failing\nsteps:\n  - id: each\n    for_each: [0, 1, 2, 3, 4, 5]\n    \
         on_item_error: {policy}\n    steps:\n      - id: try\n        run: echo $N >> {file}; [ $N != 1 ] && [ $N != 3 ]\n        \
         env: {{N: \"{{{{ item }}}}\"}}\n    outputs: {{n: \"{{{{ item }}}}\"}}\n  \
         - id: after\n    run: echo after >> {file}\noutputs: {{each: \"{{{{ steps.each.output }}}}\"}}\n"
    )
}

#[test]
fn an_item_that_fails_hides_the_others_only_if_the_file_says_so() {
    for (policy, began, status, error) in [
        ("continue", "0 1 2 3 4 5 after", "completed", ""),
        ("fail", "0 1", "failed", "turn 1: "),
        ("{stop_after: 2}", "0 1 2 3", "failed", "(2 turns failed)"),
        ("{stop_after: 3}", "0 1 2 3 4 5 after", "completed", ""),
    ] {
        let world = World::new();
        let daemon = world.start();
        let shown = world.ended("failing", &failing(&world, policy));
        assert_eq!(shown["status"], status, "{policy}: {shown:#}");
        assert_eq!(world.read("began").split_whitespace().collect::<Vec<_>>().join(" "), began);
        if status == "completed" {
            let some = |n: u32| json!({"n": n});
            let each = json!([some(0), null, some(2), null, some(4), some(5)]);
            assert_eq!(shown["outputs"]["each"], each);
        } else {
            let message = shown["error"]["message"].as_str().unwrap();
            assert!(message.contains(error), "{policy}: {message}");
            assert_eq!(step(&shown, "each")["status"], "failed");
            assert_eq!(step(&shown, "after")["status"], "skipped");
            assert_eq!(step(&shown, "each[1]/try")["error"]["code"], "RPA0401");
        }
        assert!(daemon.stop().success());
    }
}

const SHAPES: &str = r#"
version: 1
name: shapes
variables:
  ports: {type: json, default: {web: 80, mail: 25}}
steps:
  - id: entries
    for_each: "{{ vars.ports }}"
    as: port
    steps: [{id: say, uses: log, with: {message: "{{ port.key }}"}}]
    outputs: {line: "{{ port.key }}={{ port.value + 0 }}"}
  - id: none
    for_each: []
    steps: [{id: never, run: exit 1}]
    outputs: {x: "{{ item }}"}
  - id: rows
    for_each: [a, b]
    as: row
    steps:
      - id: columns
        for_each: "{{ range(loop.index + 1) }}"
        as: column
        steps:
          - {id: cell, uses: noop}
        outputs:
          cell: "{{ row }}{{ column }} {{ loop.index }} of {{ loop.parent.index }} {{ loop.parent.last }}"
    outputs: {cells: "{{ steps.columns.output | map(attribute='cell') | list }}"}
outputs:
  entries: "{{ steps.entries.output | map(attribute='line') | sort | list }}"
  none: "{{ steps.none.output }}"
  rows: "{{ steps.rows.output | map(attribute='cells') | list }}"
"#;

#[test]
fn objects_nothing_and_loops_in_loops() {
    let world = World::new();
    let daemon = world.start();
    let outputs = world.outputs("shapes", SHAPES);
    assert_eq!(outputs["entries"], json!(["mail=25", "web=80"]));
    assert_eq!(outputs["none"], json!([]));
    let rows = json!([["a0 0 of 0 false"], ["b0 0 of 1 true", "b1 1 of 1 true"]]);
    assert_eq!(outputs["rows"], rows);
    let other = SHAPES.replace("default: {web: 80, mail: 25}", "default: 5");
    let shown = world.ended("shapes", &other);
    assert_eq!(shown["error"]["code"], "RPA0422", "{shown:#}");
    assert!(daemon.stop().success());
}

const CONDITIONS: &str = r#"
version: 1
name: conditions
variables:
  most: {type: number, default: 10}
steps:
  - id: begin
    set: {page: 0, seen: []}
  - id: pages
    while: vars.page < vars.most
    max_iterations: 5
    steps:
      - id: next
        set: {page: "{{ vars.page + 3 }}", seen: "{{ vars.seen + [loop.index] }}"}
    outputs: {page: "{{ vars.page }}"}
  - id: never
    while: vars.page < 0
    max_iterations: 1
    steps: [{id: x, run: exit 1}]
  - id: thrice
    repeat: {count: 3}
    steps: [{id: mark, run: echo mark >> DIR/marks}]
    outputs: {turn: "{{ loop.index }}"}
  - id: poll
    repeat: {count: 20, every: 20ms, until: steps.ask.output.stdout | trim == '4'}
    steps:
      - {id: ask, run: "echo x >> DIR/asked; wc -l < DIR/asked"}
    outputs: {turns: "{{ loop.index + 1 }}"}
outputs:
  seen: "{{ vars.seen }}"
  page: "{{ steps.pages.output.page }}"
  never: "{{ steps.never.status }}"
  thrice: "{{ steps.thrice.output.turn }}"
  polls: "{{ steps.poll.output.turns }}"
"#;

#[test]
fn conditions_end_loops_and_a_limit_does() {
    let world = World::new();
    let daemon = world.start();
    let text = CONDITIONS.replace("DIR", &world.path().display().to_string());
    let outputs = world.outputs("conditions", &text);
    let wanted =
        json!({"seen": [0, 1, 2, 3], "page": 12, "never": "completed", "thrice": 2, "polls": 4});
    assert_eq!(outputs, wanted);
    assert_eq!(world.read("marks"), "mark\n".repeat(3));
    let endless = world.json(["run", "conditions", "--var", "most=1000", "--wait"]);
    assert_eq!(endless["error"]["code"], "RPA0419", "{endless:#}");
    let pages = &step(&endless, "pages")["error"]["message"];
    assert_eq!(*pages, "its condition is still true after 5 turns");
    let text = text.replace("count: 20", "count: 2").replace("== '4'", "== 'no'");
    let shown = world.ended("conditions", &text);
    let poll = &step(&shown, "poll")["error"]["message"];
    assert_eq!(*poll, "its condition is still false after 2 turns");
    assert!(daemon.stop().success());
}

const LARGE: &str = r#"
version: 1
name: large
steps:
  - id: list
    run: awk 'BEGIN { for (i = 0; i < 200; i++) { printf "%d ", i; for (j = 0; j < 1000; j++) printf "x"; print "" } }'
    effect: pure
    outputs: {lines: "{{ stdout | lines }}"}
  - id: each
    for_each: "{{ steps.list.output.lines }}"
    as: line
    max_parallel: 4
    steps:
      - id: size
        uses: data.transform
        with: {value: "{{ line | length }}"}
    outputs: {line: "{{ line }}", size: "{{ steps.size.output.value }}"}
outputs:
  same: "{{ steps.each.output | map(attribute='line') | list == steps.list.output.lines }}"
  size: "{{ steps.each.output | sum(attribute='size') }}"
"#;

#[test]
fn a_list_that_is_too_large_for_a_row_goes_through_a_loop() {
    let world = World::new();
    let daemon = world.start();
    let outputs = world.outputs("large", LARGE);
    // numbers of 1, 2 and 3 digits, a blank and the rest of each
    let size = 10 + 90 * 2 + 100 * 3 + 200 * 1001;
    assert_eq!(outputs, json!({"same": true, "size": size}));
    let blobs = eventually_within(Duration::from_secs(20), "blobs of the run", || {
        let found = walk(&world.state());
        (found.iter().any(|bytes| *bytes > 64 * 1024)).then_some(found.len())
    });
    assert!(blobs > 0);
    assert!(daemon.stop().success());
}

/// The sizes of all files of the state but the store.
fn walk(dir: &std::path::Path) -> Vec<u64> {
    let mut sizes = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => sizes.extend(walk(&path)),
            false if path.extension().is_some_and(|e| e == "redb") => {}
            false => sizes.extend(path.metadata().map(|m| m.len())),
        }
    }
    sizes
}

#[test]
fn a_poll_that_ends_with_its_first_failure_is_warned_of_in_both_languages() {
    let world = World::new();
    let path = world.file(
        "poll.yaml",
        "version: 1\nname: poll\nsteps:\n  - id: wait_for_it\n    repeat: {count: 3, until: \
         steps.ask.output.exit_code == 0}\n    steps: [{id: ask, run: \"false\"}]\n",
    );
    for (language, words) in [("en", "to try on"), ("bg", "за да се опита пак")] {
        let checked = world.rpa(["--lang", language, "check", path.to_str().unwrap()]);
        let all = format!("{}{}", checked.stdout, checked.stderr);
        assert_eq!(checked.code, 0, "only a warning: {all}");
        assert!(all.contains("RPA0321") && all.contains(words), "{all}");
    }
    assert!(world.rpa(["explain", "RPA0321"]).stdout.contains("on_error: continue"));
}
