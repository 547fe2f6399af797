//! What a workflow says of its variables holds for every run.

use rpa_tests::World;

const BOUNDS: &str = r#"
version: 1
name: bounds
variables:
  size: {type: string, default: small, enum: [small, large]}
  bucket: {type: string, default: logs-1, pattern: "[a-z]+-[0-9]+"}
  share: {type: number, default: 0.5, min: 0, max: 1}
  hosts: {type: list, default: [a], min: 1, max: 2}
  word: {type: string, default: abc, max: 5}
steps:
  - {id: s, uses: noop}
outputs: {all: "{{ [vars.size, vars.bucket, vars.share, vars.hosts, vars.word] | tojson }}"}
"#;

#[test]
fn a_value_that_does_not_fit_is_refused_with_the_reason() {
    let world = World::new();
    let daemon = world.start();
    world.apply("bounds", BOUNDS);
    for (var, name, why) in [
        ("size=huge", "size", "small"),
        ("bucket=LOGS-1", "bucket", "[a-z]+-[0-9]+"),
        // the pattern is for the whole of it
        ("bucket=logs-1-old", "bucket", "[a-z]+-[0-9]+"),
        ("share=1.01", "share", "1"),
        ("share=-1", "share", "0"),
        ("hosts=[]", "hosts", "1"),
        ("hosts=[\"a\", \"b\", \"c\"]", "hosts", "2"),
        ("word=abcdef", "word", "5"),
    ] {
        let refused = world.json(["run", "bounds", "--var", var]);
        let error = &refused["error"];
        assert_eq!(error["code"], "RPA0505", "{var}: {refused:#}");
        let told = error.to_string();
        assert!(told.contains(name) && told.contains(&why.replace('"', "\\\"")), "{var}: {told}");
    }
    assert_eq!(world.json(["runs"])["runs"].as_array().map(Vec::len), Some(0));
    let fits = ["--var", "size=large", "--var", "share=1", "--var", "hosts=[\"a\", \"b\"]"];
    let shown = world.json(["run", "bounds", "--wait"].into_iter().chain(fits));
    assert_eq!(shown["outputs"]["all"], "[\"large\",\"logs-1\",1,[\"a\",\"b\"],\"abc\"]");
    assert!(daemon.stop().success());
}

/// What a workflow says of a variable holds for steps as for people.
#[test]
fn a_step_sets_only_what_the_variable_takes() {
    let world = World::new();
    let _daemon = world.start();
    for (variable, value, why) in [
        ("{type: number, default: 1, max: 3}", "\"{{ 98 + 1 }}\"", "is more than 3"),
        (
            "{type: string, default: a, enum: [a, b]}",
            "\"{{ 'x' ~ run.short }}\"",
            "is none of a, b",
        ),
        ("{type: number, default: 1}", "\"{{ run.short }}\"", "expected number, got"),
    ] {
        let run = world.ended(
            "bounded",
            &format!(
                "version: 1\nname: bounded\nvariables: {{v: {variable}}}\nsteps:\n  - {{id: s, set: {{v: {value}}}}}\n"
            ),
        );
        assert_eq!(run["error"]["code"], "RPA0409", "{run:#}");
        let message = run["error"]["message"].as_str().unwrap();
        assert!(message.contains("set.v: ") && message.contains(why), "{message}");
        assert_ne!(run["variables"]["v"], 99, "{run:#}");
    }
}

const LOCALS: &str = r#"
version: 1
name: locals
variables:
  total: {type: number, default: 120}
  label: {type: string, default: outer}
  dir: {type: string, default: DIR}
steps:
  - id: pay
    vars: {net: "{{ vars.total / 1.2 }}", label: "order {{ vars.label }}"}
    if: vars.net == 100
    run: echo "$LABEL $NET"
    env: {NET: "{{ vars.net | int }}", LABEL: "{{ vars.label }}"}
    outputs: {said: "{{ stdout | trim }}", net: "{{ vars.net | int }}"}
  - id: each
    vars: {hosts: [a, b], where: "{{ vars.total }}/{{ vars.label }}"}
    for_each: "{{ vars.hosts }}"
    as: host
    steps:
      - id: raise
        set: {total: "{{ vars.total + 1 }}"}
      - id: inner
        vars: {where: "{{ host }}:{{ vars.where }}"}
        run: echo "$WHERE"
        env: {WHERE: "{{ vars.where }}"}
        compensate: {id: undo, run: 'echo "$WHERE" >> "$FILE"', env: {WHERE: "undo {{ vars.where }}", FILE: "{{ vars.dir }}/undone"}}
    outputs: {said: "{{ steps.inner.output.stdout | trim }} {{ vars.where }}"}
  - id: after
    vars: {said: "{{ steps.each.output | map(attribute='said') | join(', ') }}"}
    run: 'echo "$SAID" > "$FILE"; exit "$CODE"'
    env: {SAID: "{{ vars.said }}", FILE: "{{ vars.dir }}/said", CODE: "{{ 0 if vars.label == 'outer' else 3 }}"}
outputs:
  pay: "{{ steps.pay.output.said }}"
  net: "{{ steps.pay.output.net }}"
  label: "{{ vars.label }}"
  total: "{{ vars.total }}"
"#;

/// A step's names for expressions are read where they stand, and only there.
#[test]
fn the_names_of_a_step_are_known_in_it_and_inside_of_it() {
    let world = World::new();
    let daemon = world.start();
    let text = LOCALS.replace("DIR", &world.path().display().to_string());
    let outputs = world.outputs("locals", &text);
    assert_eq!(outputs["pay"], "order outer 100", "{outputs:#}");
    assert_eq!((&outputs["net"], &outputs["label"]), (&100.into(), &"outer".into()));
    assert_eq!(outputs["total"], 122);
    // a `set` of what is read shows; the outputs of a turn see those of the loop
    assert_eq!(world.read("said").trim(), "a:121/outer 121/outer, b:122/outer 122/outer");

    // what undoes the steps of turns that have ended, after the daemon has been away
    assert!(daemon.stop().success());
    let _daemon = world.start();
    let failed = world.json(["run", "locals", "--wait", "--var", "label=x"]);
    assert_eq!(failed["status"], "failed", "{failed:#}");
    assert_eq!(world.read("undone"), "undo b:122/x\nundo a:122/x\n");
}
