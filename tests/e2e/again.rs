//! `rpa retry` and `rpa rerun`: a new run keeps what an ended one has settled.

use rpa_tests::World;

/// Each step writes its name to `trace`; `b` fails while the file `bad` is there.
pub fn flow(world: &World) -> String {
    let (trace, bad) = (world.path().join("trace"), world.path().join("bad"));
    let (trace, bad) = (trace.display(), bad.display());
    format!(
        "version: 1\nname: flow\nvariables: {{who: {{type: string, default: ann}}}}\nsteps:\n  \
         - {{id: a, run: \"echo a >> {trace}; echo from a\"}}\n  \
         - {{id: keep, set: {{said: \"{{{{ steps.a.output.stdout | trim }}}}\"}}}}\n  \
         - {{id: mail, effect: once, run: \"echo mail >> {trace}\"}}\n  \
         - {{id: b, run: \"echo b >> {trace}; test ! -e {bad}\"}}\n  \
         - id: c\n    run: 'echo \"c $SAID $WHO\" >> {trace}'\n    \
           env: {{SAID: \"{{{{ vars.said }}}}\", WHO: \"{{{{ vars.who }}}}\"}}\n"
    )
}

pub fn trace(world: &World) -> Vec<String> {
    let text = std::fs::read_to_string(world.path().join("trace")).expect("the trace");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_retry_repeats_what_failed_and_nothing_else() {
    let world = World::new();
    std::fs::write(world.path().join("bad"), "").expect("a file");
    let daemon = world.start();
    let failed = world.ended("flow", &flow(&world));
    assert_eq!(failed["status"], "failed");
    let run = failed["run"].as_str().expect("an id");
    assert_eq!(trace(&world), ["a", "mail", "b"]);

    std::fs::remove_file(world.path().join("bad")).expect("the file");
    let done = world.json(["retry", run, "--var", "who=eve", "--wait"]);
    assert_eq!(trace(&world), ["a", "mail", "b", "b", "c from a eve"]);
    assert_eq!(done["rerun_of"], run);
    assert_eq!(done["status"], "completed");
    // what a kept step has set is a variable, though nobody gave it
    assert_eq!(done["variables"]["said"], "from a");

    // what was kept is kept over a restart
    daemon.kill();
    let _daemon = world.start();
    let from_c = world.json(["rerun", run, "--from", "c", "--wait"]);
    assert_eq!(trace(&world)[5..], ["b", "c from a ann"], "b had not settled in that run");
    assert_eq!(from_c["rerun_of"], run);
}

#[test]
fn a_once_step_is_repeated_only_when_that_is_said() {
    let world = World::new();
    let _daemon = world.start();
    let done = world.ended("flow", &flow(&world));
    let run = done["run"].as_str().expect("an id");
    let before = trace(&world);
    let refused = world.rpa(["rerun", run, "--from", "mail", "--wait"]);
    assert!(refused.code == 2 && refused.stderr.contains("RPA0533"), "{refused:?}");
    assert!(refused.stderr.contains("mail"), "{refused:?}");
    assert_eq!(trace(&world), before);
    let done = world.json(["rerun", run, "--from", "mail", "--repeat-once", "--wait"]);
    assert_eq!(done["status"], "completed");
    assert_eq!(trace(&world)[before.len()..], ["mail", "b", "c from a ann"]);
    let refused = world.rpa(["rerun", run, "--from", "nope"]);
    assert!(refused.code == 2 && refused.stderr.contains("RPA0509"), "{refused:?}");
}
