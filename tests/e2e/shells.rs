//! Completion in the shells that are not bash: each reads the script that `rpa` prints,
//! and is asked for what the daemon knows, as the key of a person would ask it.

use std::process::Command;

use rpa_tests::{World, binary};

const REPORT: &str = "version: 1\nname: disk-report\nsteps:\n  - {id: say, run: echo full}\n";

/// What a shell with this script prints, which finds `rpa` and the daemon of this world.
fn printed(world: &World, shell: &str, script: &str) -> String {
    let here = binary("rpa").parent().unwrap().display().to_string();
    let path = format!("{here}:{}", std::env::var("PATH").unwrap_or_default());
    // a shell that waits for what never comes is not waited for
    let mut command = Command::new("timeout");
    command.args(["60", shell]).args((shell == "zsh").then_some("-f")).args(["-c", script]);
    let command = command.env_clear().env("PATH", path).env("HOME", world.path());
    let command = command.env("TERM", "dumb").env("LANG", "C.UTF-8");
    let output = command.env("RPA_SOCKET", world.socket()).current_dir(world.path()).output();
    let output = output.expect("timeout is there");
    assert!(output.status.success(), "{shell}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn started() -> (World, rpa_tests::Daemon) {
    let world = World::new();
    let daemon = world.start();
    world.apply("disk-report", REPORT);
    (world, daemon)
}

#[test]
fn fish_offers_what_the_daemon_knows() {
    let (world, _daemon) = started();
    let offered = |line: &str| {
        let script = format!("rpa completions fish | source; complete -C '{line}'");
        printed(&world, "fish", &script)
    };
    let names = |line: &str| -> Vec<String> {
        let offered = offered(line);
        offered.lines().filter_map(|line| line.split('\t').next()).map(str::to_owned).collect()
    };
    assert_eq!(names("rpa run di"), ["disk-report"]);
    assert_eq!(names("rpa ru"), ["run", "runs"]);
    assert_eq!(names("rpa runs --out"), ["--output"]);
    // it takes files, and no workflow
    assert_eq!(names("rpa check disk"), ["disk-report.yaml"]);
}

/// zsh completes only in a terminal, and brings one.
#[test]
fn zsh_offers_what_the_daemon_knows() {
    let (world, _daemon) = started();
    let script = "zmodload zsh/zpty\nzpty shell zsh -f -i\n\
        zpty -w shell \"PS1='> '; autoload -Uz compinit; compinit -u -D; \
        source <(rpa completions zsh); bindkey '^I' list-choices; print RE''ADY\"\n\
        zpty -r shell seen '*READY*'\n\
        zpty -w -n shell $'rpa run \\t'\n\
        zpty -r shell seen '*disk-report*'\n\
        zpty -w -n shell $'\\C-urpa explain RPA010\\t'\n\
        zpty -r shell more '*RPA0102*'\n\
        print -r -- \"$seen\"\nprint -r -- \"$more\"\nzpty -d shell\n";
    let seen = printed(&world, "zsh", script);
    assert!(seen.contains("disk-report") && seen.contains("RPA0102"), "{seen}");
}
