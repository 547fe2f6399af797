//! YAML, keys, types and names.

use super::super::check_bytes;
use super::{codes, file, found, namespace, report, workflow};

#[test]
fn broken_yaml_is_placed() {
    for (source, line, column) in [
        ("version: 1\nname: [a\nsteps: {", 3, 6),
        ("version: 1\n\tname: w", 1, 10),
        ("a: 1\n b: 2\n", 2, 3),
        ("a: *nope\n", 1, 4),
        ("a: &x [*x]\n", 1, 8),
        ("a: \"\\q\"\n", 1, 4),
        ("version: 1\n---\nversion: 1\n", 2, 1),
    ] {
        let problems = super::checked(source).problems;
        let place =
            problems.iter().map(|p| (p.code.as_str(), p.line, p.column)).collect::<Vec<_>>();
        assert_eq!(place, [("RPA0302", line, column)], "{source}");
    }
}

#[test]
fn a_tab_is_explained() {
    insta::assert_snapshot!(report("version: 1\n\tname: w\n"), @"
    1:10 RPA0302 while scanning a plain scalar, found a tab
        indent with spaces: YAML allows no tabs there
    ");
}

#[test]
fn an_unquoted_expression_is_explained() {
    insta::assert_snapshot!(report(&file("- {id: a, run: x}\n- id: b\n  set:\n    x: {{ vars.y }}")), @r#"
    7:9 RPA0302 a list or map stands as a key
        put an expression in quotes: "{{ … }}"
    "#);
}

#[test]
fn empty_files_and_other_shapes() {
    for source in ["", "# nothing\n", "---\n", "~"] {
        assert_eq!(found(source), [(1, "RPA0316")], "{source:?}");
    }
    for source in ["[]", "text", "5"] {
        assert_eq!(found(source), [(1, "RPA0305")], "{source:?}");
    }
}

#[test]
fn a_version_of_the_future_is_one_problem() {
    insta::assert_snapshot!(report("version: 2\nnam: w\nstages: []"), @"
    1:10 RPA0305 this is a file of version 2
        this rpad reads version 1: write `version: 1`
    ");
    assert_eq!(found("version: '1'\nname: w\nsteps: [{id: a, run: x}]"), [(1, "RPA0305")]);
}

#[test]
fn not_utf8_is_placed() {
    let checked = check_bytes(b"version: 1\nname: \xff", "f", &namespace());
    let problem = &checked.problems[0];
    assert_eq!((problem.code.as_str(), problem.line, problem.column), ("RPA0301", 2, 7));
    let good = check_bytes(file("- {id: a, run: x}").as_bytes(), "f", &namespace());
    assert!(good.workflow.is_some());
}

#[test]
fn unknown_keys() {
    let source = "version: 1\nname: w\ndescripton: x\ntriggers: [{webhok: x}]\nsteps:\n\
                  - {id: a, run: x, neds: [b]}\n\
                  - {id: b, for_each: '{{ [] }}', steps: []}\n\
                  - {id: c, run: x, needs: [{step: a, when: failed}]}\n\
                  - {id: d, needs: [a], wait: {until: tomorrow}}\n";
    insta::assert_snapshot!(report(source), @r#"
    3:1 RPA0303 unknown key "descripton" in a workflow
        did you mean "description"? allowed: version, namespace, name, description, tags, category, variables, triggers, priority, timeout, concurrency, sla, defaults, steps, outputs, handlers
    4:13 RPA0303 unknown key "webhok" in a trigger
        did you mean "webhook"? allowed: id, description, enabled, if, vars, debounce, batch, throttle, pause_on_failure, schedule, webhook, file_watch, event, after, manual
    6:19 RPA0303 unknown key "neds" in a step
        did you mean "needs"?
    7:8 warning RPA0319 "b" has no `needs`, so it starts at once, while other steps wait
        add `needs`, or write `needs: []` to say that this is meant
    7:40 RPA0316 `steps` is empty
        write at least one step: `- {id: hello, run: echo hello}`
    9:37 RPA0305 "tomorrow" is no moment
        write for example "2026-12-01T09:00[Europe/Sofia]" or "2026-12-01T07:00:00Z"
    "#);
}

#[test]
fn duplicate_keys_and_ids_name_the_first() {
    let source = "version: 1\nname: w\nsteps:\n- {id: a, run: x}\n- id: a\n  run: y\n  run: z\n";
    insta::assert_snapshot!(report(source), @r#"
    5:7 RPA0307 the step id "a" is used on line 4 already
        give each step an id of its own
    7:3 RPA0307 the key "run" appears twice; it is first on line 6
        keep one of the two
    "#);
}

#[test]
fn names() {
    let source = "version: 1\nname: Disk Report\nnamespace: -x\nvariables: {big-one: {type: json}}\nsteps:\n\
                  - {id: big-one, run: x}\n- {id: 1st, run: x}\n- {id: '', run: x}\n\
                  - {id: e, run: x, env: {A-B: 1, RPA_RUN_ID: 2, _ok1: 3}, outputs: {A: 1}}\n";
    insta::assert_snapshot!(report(source), @r#"
    2:7 RPA0306 the workflow name "Disk Report" must match [a-z0-9][a-z0-9_-]{0,63}
        use small letters, digits, - and _
    3:12 RPA0306 the namespace "-x" must match [a-z0-9][a-z0-9_-]{0,63}
        use small letters, digits, - and _
    4:13 RPA0306 the variable "big-one" has a hyphen, which an expression reads as a minus
        write big_one
    6:8 RPA0306 the step id "big-one" has a hyphen, which an expression reads as a minus
        write big_one
    7:8 RPA0306 the step id "1st" must match [a-z_][a-z0-9_]*
        use small letters, digits and _, for example disk_2
    8:8 RPA0306 the step id "" is empty
        give it a name
    9:25 RPA0306 the environment variable "A-B" must match [A-Za-z_][A-Za-z0-9_]*
        use letters, digits and _
    9:33 RPA0306 the environment variable "RPA_RUN_ID" begins with RPA_, which rpad keeps for its own
        choose another name
    9:68 RPA0306 the output "A" must match [a-z_][a-z0-9_]*
        use small letters, digits and _, for example disk_2
    "#);
}

#[test]
fn types_are_strict_and_say_what_to_write() {
    let source = "version: 1\nname: 5\ndescription: [x]\ntags: x\nsteps:\n\
                  - {id: a, name: 5, run: x, timeout: 30}\n\
                  - {id: b, run: x, timeout: 1.5h}\n\
                  - {id: c, run: x, timeout: 0s}\n\
                  - {id: d, wait: soon}\n\
                  - {id: e, run: x, if: 5}\n\
                  - {id: f, run: x, effect: pur}\n\
                  - {id: g, run: 5}\n\
                  - {id: h, run: ' '}\n\
                  - {id: i, run: x, shell: zsh}\n\
                  - {id: j, run: x, env: [A]}\n\
                  - {id: k, run: x, env: {A: [1], B: }}\n\
                  - {id: l, set: {}}\n\
                  - {id: m, set: {n: 99999999999999999999}}\n";
    insta::assert_snapshot!(report(source), @r#"
    2:7 RPA0305 the workflow name is a string; here is a number
        write it in quotes: "5"
    3:14 RPA0305 `description` is a string; here is a list
        write a string
    4:7 RPA0305 `tags` is a list; here is a string
        write for example [disk, nightly]
    6:17 RPA0305 a step's `name` is a string; here is a number
        write it in quotes: "5"
    6:37 RPA0305 `timeout`: the duration "30" has no unit
        say the unit: 30s, 30m, 30h or 30ms
    7:28 RPA0305 `timeout`: "1.5h" is not a duration
        write whole numbers with the units d, h, m, s, ms from large to small, for example 500ms, 90s, 1h30m or 2d
    8:28 RPA0305 `timeout` of nothing
        write more than 0, or take it out
    9:17 RPA0305 `wait`: "soon" is not a duration
        write whole numbers with the units d, h, m, s, ms from large to small, for example 500ms, 90s, 1h30m or 2d
    10:23 RPA0305 `if` is an expression or a boolean; here is a number
        write for example "vars.limit > 80"
    11:27 RPA0305 `effect` cannot be "pur"
        did you mean "pure"? allowed: pure, idempotent, once, unknown
    12:16 RPA0305 a command is a string; here is a number
        write it in quotes: "5"
    13:16 RPA0305 a command is empty
        write something or take it out
    14:26 RPA0305 there is no shell "zsh"
        did you mean sh? write sh, bash, or a list of words such as [python3]
    15:24 RPA0305 `env` is a map; here is a list
        write for example `env: {LIMIT: "{{ vars.limit }}"}`
    16:28 RPA0305 an environment variable is text; here is a list
        write text; "" is the empty one
    16:34 RPA0305 an environment variable is text; here is nothing
        write text; "" is the empty one
    17:16 RPA0305 `set` is a map of at least one variable
        write for example `set: {full: true}`
    18:20 RPA0305 99999999999999999999 does not fit in a 64-bit integer
        quote it to mean text
    "#);
}

#[test]
fn required_keys() {
    insta::assert_snapshot!(report("description: x\n"), @"
    1:1 RPA0316 the required key `version` is missing
        begin the file with `version: 1`
    1:1 RPA0316 the required key `name` is missing
        write for example `name: disk-report`
    1:1 RPA0316 the required key `steps` is missing
        a workflow has at least one step: `- {id: hello, run: echo hello}`
    ");
    insta::assert_snapshot!(report("version: 1\nname: w\nsteps: []\n"), @"
    3:8 RPA0316 `steps` is empty
        write at least one step: `- {id: hello, run: echo hello}`
    ");
    insta::assert_snapshot!(report(&file("- {run: x}\n- {}\n- x\n- {id: a, uses: }")), @"
    4:3 RPA0316 the required key `id` is missing
        give each step an id, for example usage
    5:3 RPA0316 the required key `id` is missing
        give each step an id, for example usage
    5:3 RPA0308 the step does nothing
        say what it does with one of run, uses, set, wait, steps, switch, workflow, approval
    6:3 RPA0305 a step is a map; here is a string
        write keys and values; allowed keys: id, name, needs, if, vars, lock, tokens, for_each, as, max_parallel, on_item_error, while, max_iterations, repeat, switch, run, uses, workflow, detached, set, wait, approval, with, shell, env, effect, timeout, retry, on_error, steps, cases, default, outputs, compensate
    7:15 RPA0305 `uses` is a string; here is nothing
        write a string
    ");
}

#[test]
fn yaml_1_2_words_are_strings() {
    let workflow =
        workflow("version: 1\nname: on\ntags: [yes, 'no', off]\nsteps: [{id: a, run: 'y'}]");
    assert_eq!(workflow.tags, ["yes", "no", "off"]);
    assert_eq!(workflow.name.name.as_str(), "on");
}

#[test]
fn aliases_repeat_values_and_merge_keys_are_refused() {
    let source = file("- {id: a, run: x, env: &e {A: b}}\n- {id: b, run: y, env: *e}");
    assert_eq!(found(&source), []);
    let merged = file("- {id: a, run: x, env: &e {A: b}}\n- {id: b, run: y, env: {<<: *e}}");
    assert_eq!(found(&merged), [(5, "RPA0304")]);
    assert_eq!(codes("- {id: a, run: !!str 5}"), Vec::<&str>::new());
    assert_eq!(codes("- {id: a, run: !secret x}"), ["RPA0304"]);
}

#[test]
fn retry() {
    for (retry, code) in [
        ("{preset: consevative}", "RPA0305"),
        ("{attempts: 3, jitter: 0.1}", "RPA0305"),
        ("{attempts: 3, on: []}", "RPA0305"),
        ("3", "RPA0305"),
        ("often", "RPA0305"),
        ("[]", "RPA0305"),
        ("{}", "RPA0316"),
        ("{attempts: 1}", "RPA0305"),
        ("{attempts: 101}", "RPA0305"),
        ("{attempts: '3'}", "RPA0305"),
        ("{attempts: 3, delay: 5}", "RPA0305"),
        ("{attempts: 3, delay: 5m, max_delay: 1m}", "RPA0305"),
        ("{attempts: 3, policy: none}", "RPA0305"),
        ("{attempts: 3, policy: exponental}", "RPA0305"),
        ("{atempts: 3, attempts: 3}", "RPA0303"),
    ] {
        assert_eq!(codes(&format!("- {{id: a, run: x, retry: {retry}}}")), [code], "{retry}");
        let default = format!("defaults: {{retry: {retry}}}\n{}", file("- {id: a, run: x}"));
        assert_eq!(found(&default), [(1, code)], "{retry}");
    }
    insta::assert_snapshot!(report(&file("- {id: a, run: x, retry: 3}")), @"
    4:26 RPA0305 `retry` is a preset or a map; here is a number
        write {attempts: 3}
    ");
}
