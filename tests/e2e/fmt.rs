//! `rpa fmt` on files.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use rpa_tests::{Rpa, World};

const MESSY: &str = "steps:\n- run: 'echo'   # why\n  id: a\nname: x\nversion: 1\n";
const NEAT: &str = "version: 1\nname: x\n\nsteps:\n  - id: a\n    run: \"echo\"   # why\n";

fn rpa(world: &World, arguments: &[&str]) -> Rpa {
    world.rpa(arguments.iter().copied())
}

#[test]
fn a_file_is_written_once_and_keeps_its_mode() {
    let world = World::new();
    let file = world.file("a.yaml", MESSY);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("a.yaml", world.path().join("link.yaml")).unwrap();
    let done = rpa(&world, &["fmt", "link.yaml"]);
    assert_eq!((done.code, done.stdout.as_str()), (0, "link.yaml: formatted\n"), "{done:?}");
    assert_eq!(world.read("a.yaml"), NEAT);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(world.path().join("link.yaml").is_symlink());
    let again = rpa(&world, &["fmt", "a.yaml"]);
    assert_eq!((again.code, again.stdout.as_str()), (0, ""));
    assert_eq!(fs::read_dir(world.path()).unwrap().count(), 2, "nothing else is there");
}

#[test]
fn check_and_diff_write_nothing() {
    let world = World::new();
    world.file("a.yaml", MESSY);
    world.file("b.yaml", NEAT);
    let checked = rpa(&world, &["fmt", "--check", "a.yaml", "b.yaml"]);
    assert_eq!((checked.code, checked.stdout.as_str()), (1, "a.yaml\n"));
    let shown = rpa(&world, &["fmt", "--diff", "a.yaml", "b.yaml"]);
    assert_eq!(shown.code, 0);
    assert!(shown.stdout.starts_with("--- a.yaml\n+++ a.yaml (formatted)\n@@"), "{shown:?}");
    assert!(shown.stdout.contains("+    run: \"echo\"   # why\n"), "{shown:?}");
    assert_eq!(rpa(&world, &["fmt", "--check", "--diff", "a.yaml"]).code, 1);
    assert_eq!(world.read("a.yaml"), MESSY);
    let document = world.json(["fmt", "--check", "--diff", "a.yaml", "b.yaml"]);
    assert_eq!(document["files"][0]["differs"], true, "{document:#}");
    assert_eq!(document["files"][0]["written"], false);
    assert_eq!(document["files"][1]["differs"], false);
    assert!(document["files"][0]["diff"].as_str().unwrap().contains("+version: 1"));
}

#[test]
fn what_cannot_be_read_is_said_as_a_check_says_it_and_the_others_are_formatted() {
    let world = World::new();
    world.file("a.yaml", MESSY);
    world.file("bad.yaml", "a: [1\n");
    world.file("odd.yaml", "? \"a\n  b\"\n: 1\n");
    let done = rpa(&world, &["fmt", "bad.yaml", "odd.yaml", "a.yaml", "gone.yaml"]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.stdout.contains("bad.yaml:1:") && done.stdout.contains("RPA0302"), "{done:?}");
    assert!(done.stdout.contains("gone.yaml: error[RPA0301]"), "{done:?}");
    assert!(done.stderr.contains("error[RPA0330]: odd.yaml: "), "{done:?}");
    assert_eq!(world.read("bad.yaml"), "a: [1\n");
    assert_eq!(world.read("a.yaml"), NEAT);
    let check = rpa(&world, &["check", "bad.yaml"]);
    assert!(done.stdout.starts_with(check.stdout.lines().next().unwrap()), "{check:?}");
}

#[test]
fn standard_input_is_formatted_to_standard_output() {
    use std::io::Write;
    use std::process::Stdio;
    let world = World::new();
    let mut command = world.rpa_command(["fmt", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(MESSY.as_bytes()).unwrap();
    let output = Rpa::from(child.wait_with_output().unwrap());
    assert_eq!((output.code, output.stdout.as_str()), (0, NEAT));
}
