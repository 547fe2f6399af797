//! `shell`: commands that come to their own end.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::Ordering;

use rpa_engine::{ErrorClass, Value};
use rpa_tasks::{Ended, LogStream};

use crate::support::{Bench, failed, int, never_started, runs, succeeded, text};

async fn sh(bench: &mut Bench, command: &str) -> Ended {
    bench.run("shell", [("command", command.into())]).await
}

#[tokio::test]
async fn a_command_gives_its_output() {
    let mut bench = Bench::new();
    let output =
        succeeded(sh(&mut bench, "echo out; echo err >&2; printf tail; echo $$ > pid").await);
    assert_eq!(text(&output, "stdout"), "out\ntail");
    assert_eq!(text(&output, "stderr"), "err\n");
    assert_eq!(int(&output, "exit_code"), 0);
    assert_eq!(output.get("truncated"), Some(&Value::Bool(false)));
    assert_eq!(bench.texts(LogStream::Out), ["out", "tail"]);
    assert_eq!(bench.texts(LogStream::Err), ["err"]);
    assert!(bench.warnings().is_empty());
    let pid = fs::read_to_string(bench.dir().join("pid")).unwrap();
    assert_eq!(bench.group().pgid.to_string(), pid.trim());
}

#[tokio::test]
async fn an_exit_code_fails_with_the_last_error_line() {
    let mut bench = Bench::new();
    let command = "echo first >&2\necho kept\necho 'disk is full ' >&2\necho >&2\nexit 3";
    let (class, code, message, output) = failed(sh(&mut bench, command).await);
    assert_eq!(class, ErrorClass::Exit(3));
    assert_eq!((code.as_str(), message.as_str()), ("RPA0401", "exited with 3: disk is full"));
    assert_eq!(text(&output, "stdout"), "kept\n");
    assert_eq!(int(&output, "exit_code"), 3);

    let (_, _, message, _) = failed(sh(&mut bench, "echo fine\n\nrpad-no-such").await);
    assert!(message.starts_with("exited with 127: .rpad-script: "), "{message}");
    assert!(message.contains('3'), "names the line: {message}");

    let long = "printf '%0500d' 0 >&2; exit 1";
    let (_, _, message, _) = failed(sh(&mut bench, long).await);
    assert_eq!(message, format!("exited with 1: {}…", "0".repeat(200)));
}

#[tokio::test]
async fn a_signal_counts_as_shells_count() {
    let mut bench = Bench::new();
    let (class, _, message, output) = failed(sh(&mut bench, "kill -9 $$").await);
    assert_eq!(class, ErrorClass::Exit(137));
    assert_eq!(message, "ended by signal 9 (KILL)");
    assert_eq!(int(&output, "exit_code"), 137);
}

#[tokio::test]
async fn scripts_stop_at_the_first_error() {
    let mut bench = Bench::new();
    failed(sh(&mut bench, "false\ntouch ran").await);
    failed(sh(&mut bench, "echo $rpad_unset\ntouch ran").await);
    // a pipeline ends like its last command in sh, like any of them in bash
    succeeded(sh(&mut bench, "false | true").await);
    let piped = [("command", "false | true".into()), ("shell", "bash".into())];
    failed(bench.run("shell", piped).await);
    assert!(bench.names().is_empty());
}

#[tokio::test]
async fn any_program_can_be_the_shell() {
    let mut bench = Bench::new();
    let shell = Value::from(vec!["cat".into(), "--".into()]);
    let input = [("command", "text as it stands: $HOME".into()), ("shell", shell)];
    let output = succeeded(bench.run("shell", input).await);
    assert_eq!(text(&output, "stdout"), "text as it stands: $HOME\n");
    let mode = fs::metadata(bench.dir().join(".rpad-script")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_command_may_be_longer_than_an_argument() {
    let mut bench = Bench::new();
    let command = format!("x='{}'\necho ${{#x}}", "a".repeat(300 * 1024));
    assert_eq!(text(&succeeded(sh(&mut bench, &command).await), "stdout"), "307200\n");
}

#[tokio::test]
async fn the_environment_is_what_was_given() {
    let mut bench = Bench::new();
    bench.ctx.env =
        [("RPA_STEP".into(), "mine".into()), ("MOUNT".into(), "a 'b'\n$c".into())].into();
    // none of this process's own variables is among what the command sees
    bench.ctx.inherited = std::sync::Arc::new(vec![("GIVEN".into(), "by the daemon".into())]);
    let output =
        succeeded(sh(&mut bench, "printf '%s' \"$MOUNT\" > mount; env | cut -d= -f1 | sort").await);
    assert_eq!(fs::read_to_string(bench.dir().join("mount")).unwrap(), "a 'b'\n$c");
    let shells_own = ["PWD", "OLDPWD", "SHLVL", "_", "$c"];
    let names: Vec<_> =
        text(&output, "stdout").lines().filter(|n| !shells_own.contains(n)).collect();
    let expected = [
        "GIVEN",
        "MOUNT",
        "PATH",
        "RPA_ATTEMPT",
        "RPA_IDEMPOTENCY_KEY",
        "RPA_RUN_ID",
        "RPA_STEP",
        "RPA_WORKFLOW",
    ];
    assert_eq!(names, expected);

    let show = "echo $RPA_RUN_ID $RPA_STEP $RPA_ATTEMPT $RPA_IDEMPOTENCY_KEY $RPA_WORKFLOW; pwd";
    let output = succeeded(sh(&mut bench, show).await);
    let run = "00000000-0000-0000-0000-000000000007";
    let dir = bench.dir().canonicalize().unwrap();
    let expected = format!("{run} only 2 key-1 default/bench\n{}\n", dir.display());
    assert_eq!(text(&output, "stdout"), expected);
}

#[tokio::test]
async fn standard_input_is_empty() {
    let mut bench = Bench::new();
    let output = succeeded(sh(&mut bench, "cat; read -r x || echo end").await);
    assert_eq!(text(&output, "stdout"), "end\n");
}

#[tokio::test]
async fn what_is_left_in_the_background_is_ended() {
    let mut bench = Bench::new();
    let output = succeeded(sh(&mut bench, "sleep 1000 & echo $!").await);
    assert!(!runs(text(&output, "stdout").trim()));
    assert_eq!(bench.warnings(), ["processes that the command left in the background were ended"]);
    assert!(!bench.group().alive());
}

#[tokio::test]
async fn a_tail_of_the_output_may_come_after_the_shell() {
    let mut bench = Bench::new();
    let command = "(sleep 0.1; echo late) & echo early";
    assert_eq!(text(&succeeded(sh(&mut bench, command).await), "stdout"), "early\nlate\n");
    assert!(bench.warnings().is_empty());
}

/// A program by its full path with plain words needs no shell, and nobody can tell.
#[tokio::test]
async fn a_plain_command_is_the_program_itself() {
    let mut bench = Bench::new();
    let output = succeeded(sh(&mut bench, "/usr/bin/printf  %s-%s a\tb=1\n").await);
    assert_eq!(text(&output, "stdout"), "a-b=1");
    assert!(!bench.dir().join(".rpad-script").exists(), "no shell had anything to read");
    let output = succeeded(sh(&mut bench, "/usr/bin/env").await);
    let pwd = format!("PWD={}", bench.dir().display());
    assert!(text(&output, "stdout").lines().any(|line| line == pwd), "{output:?}");
    // a time-out or cancel ends it as any other group: it leads one
    assert_eq!(bench.marks.groups.lock().unwrap().len(), 2);
}

/// What cannot be started without a shell is left to the shell, which knows how or
/// says why not.
#[tokio::test]
async fn what_only_looks_plain_goes_through_the_shell() {
    let mut bench = Bench::new();
    let (class, _, message, _) = failed(sh(&mut bench, "/nowhere/tool --all").await);
    assert_eq!(class, ErrorClass::Exit(127));
    assert!(message.starts_with("exited with 127: .rpad-script: 1: /nowhere/tool"), "{message}");

    // no first line says what reads it: shells do, the kernel does not
    let tool = bench.dir().join("tool");
    fs::write(&tool, "echo from $1\n").unwrap();
    fs::set_permissions(&tool, PermissionsExt::from_mode(0o755)).unwrap();
    let output = succeeded(sh(&mut bench, &format!("{} here", tool.display())).await);
    assert_eq!(text(&output, "stdout"), "from here\n");

    for command in ["/bin/echo $((1 + 1))", "/bin/echo 2 # two", "/bin/echo '2'", "X=2 /bin/echo 2"]
    {
        let output = succeeded(sh(&mut bench, command).await);
        assert_eq!(text(&output, "stdout"), "2\n", "{command}");
    }
}

#[tokio::test]
async fn without_its_record_a_command_never_runs() {
    let mut bench = Bench::new();
    bench.marks.refuse.store(true, Ordering::SeqCst);
    let (class, code, message) = never_started(sh(&mut bench, "touch ran").await);
    assert_eq!((class, code.as_str()), (ErrorClass::System, "RPA0411"));
    assert!(message.starts_with("cannot record that the step begins: "), "{message}");
    assert!(bench.names().is_empty());
}

#[tokio::test]
async fn what_cannot_be_started_says_so() {
    let mut bench = Bench::new();
    let shell = Value::from(vec!["rpad-no-such".into()]);
    let input = [("command", "x".into()), ("shell", shell)];
    let (class, code, message) = never_started(bench.run("shell", input).await);
    assert_eq!((class, code.as_str()), (ErrorClass::InvalidInput, "RPA0403"));
    assert_eq!(message, "cannot start the command: rpad-no-such: no such program");

    bench.ctx.env = [("BIG".into(), "x".repeat(200 * 1024))].into();
    let (class, code, _) = never_started(sh(&mut bench, "true").await);
    assert_eq!((class, code.as_str()), (ErrorClass::InvalidInput, "RPA0403"));

    bench.ctx.env = [("my.var".into(), "s3cret".into())].into();
    let (_, code, message) = never_started(sh(&mut bench, "true").await);
    assert_eq!(code, "RPA0409");
    assert_eq!(message, "env.my.var: is not a variable name ([A-Za-z_][A-Za-z0-9_]*)");

    for shell in ["zsh".into(), Value::from(vec![]), Value::Int(1), vec![Value::Int(1)].into()] {
        let input = [("command", "true".into()), ("shell", shell)];
        assert_eq!(never_started(bench.run("shell", input).await).1, "RPA0409");
    }
    assert!(bench.marks.groups.lock().unwrap().is_empty());
}
