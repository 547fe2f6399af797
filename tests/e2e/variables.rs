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
