//! Forms of lists, names for the shell, and what is suggested, with the real daemon.

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};

use rpa_tests::{Rpa, World, binary};
use serde_json::Value;

const FLOW: &str = "version: 1\nname: disk-report\ndescription: '=1+1, of disks'\ntriggers:\n  \
    - {id: nightly, schedule: {cron: '30 3 * * *'}}\n\
    steps:\n  - {id: say, run: 'echo one; echo =two'}\n";

/// A world with a daemon that ends with the test.
fn started() -> (World, rpa_tests::Daemon) {
    let world = World::new();
    let daemon = world.start();
    world.apply("disk-report", FLOW);
    (world, daemon)
}

#[test]
fn a_list_has_four_forms_that_agree() {
    let (world, _daemon) = started();
    for _ in 0..3 {
        assert_eq!(world.rpa(["run", "disk-report", "--wait"]).code, 0);
    }
    let lists = [
        ("runs", "runs"),
        ("workflows", "workflows"),
        ("history disk-report", "revisions"),
        ("triggers", "triggers"),
        ("upcoming", "upcoming"),
        ("slots disk-report", "slots"),
        ("slots", "slots"),
        ("check disk-report.yaml", "files"),
        ("deliveries disk-report", "deliveries"),
        ("notifications --all", "notifications"),
        ("doubts", "doubts"),
        ("approvals", "approvals"),
        ("locks", "locks"),
        ("tasks", "tasks"),
        ("explain", "faults"),
        ("schedule preview disk-report", "slots"),
        ("schedule preview --cron @daily", "slots"),
    ];
    for (line, key) in lists {
        let call = |more: &[&str]| {
            let rpa = world.rpa(line.split(' ').chain(more.iter().copied()));
            assert_eq!((rpa.code, rpa.stderr.as_str()), (0, ""), "{line} {more:?}: {rpa:?}");
            rpa.stdout
        };
        let document: Value = serde_json::from_str(&call(&["--output", "json"])).unwrap();
        let flag: Value = serde_json::from_str(&call(&["--json"])).unwrap();
        assert_eq!(document[key].as_array().map(Vec::len), flag[key].as_array().map(Vec::len));
        let rows = document[key].as_array().unwrap_or_else(|| panic!("{line}: {document}"));
        let lines = call(&["-o", "jsonl"]);
        let lines: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(lines.len(), rows.len(), "{line}");
        // moments of what comes next may move between two calls, the fields may not
        let fields = |rows: &[Value]| rows.iter().map(keys).collect::<Vec<_>>();
        assert_eq!(fields(&lines), fields(rows), "{line}");
        let csv = call(&["--output=csv"]);
        let columns = rpa_tui::cli::output::ALL;
        let columns = columns.iter().find(|columns| line.starts_with(columns.command)).unwrap();
        let header = csv.split("\r\n").next().unwrap();
        assert_eq!(header.split(',').collect::<Vec<_>>(), columns.fields, "{line}");
        for row in rows {
            let top: Vec<&str> =
                columns.fields.iter().filter_map(|f| f.split('.').next()).collect();
            assert!(keys(row).iter().all(|key| top.contains(&key.as_str())), "{line}: {row}");
        }
    }
    let csv = world.rpa(["workflows", "--output", "csv"]).stdout;
    assert!(csv.contains(",\"'=1+1, of disks\","), "{csv}");
    let twice = world.rpa(["runs", "--json", "--output", "csv"]);
    assert_eq!(twice.code, 2, "{twice:?}");
    assert_eq!(world.rpa(["triggers", "-o", "csv", "pause", "disk-report"]).code, 2);
}

fn keys(row: &Value) -> Vec<String> {
    row.as_object().map(|row| row.keys().cloned().collect()).unwrap_or_default()
}

#[test]
fn a_log_is_rows_as_it_comes() {
    let (world, _daemon) = started();
    let run = world.submit(["disk-report", "--wait"]);
    let rows = world.rpa(["logs", &run, "-f", "--output", "jsonl"]);
    assert_eq!(rows.code, 0, "{rows:?}");
    let texts: Vec<Value> = rows
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["text"].clone())
        .collect();
    assert!(texts.contains(&"one".into()), "{rows:?}");
    let csv = world.rpa(["logs", &run, "--step", "say", "--output", "csv"]).stdout;
    assert!(csv.starts_with("number,time,path,attempt,stream,level,text\r\n"), "{csv}");
    assert!(csv.contains(",'=two\r\n"), "{csv}");
}

#[test]
fn more_than_a_page_streams_and_a_reader_that_leaves_is_no_error() {
    let (world, _daemon) = started();
    let rows: String = vec!["{}"; 1_100].join(",");
    world.file("rows.json", &format!("[{rows}]"));
    assert_eq!(world.rpa(["run", "disk-report", "--each", "rows.json"]).code, 0);
    let all = world.rpa(["runs", "--limit", "100000", "--output", "jsonl"]);
    assert_eq!((all.stdout.lines().count(), all.stderr.as_str()), (1_100, ""));
    let some = world.rpa(["runs", "--limit", "1050", "--output", "csv"]);
    assert_eq!(some.stdout.split("\r\n").count(), 1_052, "a header, and the end");
    assert!(some.stderr.contains("--cursor "), "{}", some.stderr);
    let document = world.json(["runs", "--limit", "2000"]);
    assert_eq!(document["runs"].as_array().unwrap().len(), 1_100);
    assert_eq!(document["next"], Value::Null);
    let mut runs = world.rpa_command(["runs", "--limit", "100000", "--output", "jsonl"]);
    let mut child = runs.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let ended = Rpa::from(child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.stderr.as_str()), (141, ""));
}

/// What bash offers for the last of these words, by the script that `rpa` gives it.
fn offered(world: &World, words: &[&str]) -> Vec<String> {
    let here = binary("rpa").parent().unwrap().display().to_string();
    let path = format!("{here}:{}", std::env::var("PATH").unwrap_or_default());
    let script = "source <(rpa completions bash)\nCOMP_WORDS=(\"$@\")\nCOMP_CWORD=$(($# - 1))\n\
                  COMP_TYPE=9\n_clap_complete_rpa rpa \"${!#}\" \"${COMP_WORDS[COMP_CWORD-1]}\"\n\
                  printf '%s\\n' \"${COMPREPLY[@]}\"\n";
    let output = Command::new("bash")
        .args(["--norc", "-c", script, "bash"])
        .args(words)
        .env_clear()
        .env("PATH", path)
        .env("RPA_SOCKET", world.socket())
        .current_dir(world.path())
        .output()
        .expect("bash is there");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{words:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

#[test]
fn a_shell_offers_what_the_daemon_knows() {
    let (world, _daemon) = started();
    let run = world.submit(["disk-report", "--wait"]);
    let table: [(&[&str], &str); 7] = [
        (&["rpa", "run", "di"], "disk-report"),
        (&["rpa", "-n", "default", "run", ""], "disk-report"),
        (&["rpa", "triggers", "pause", "disk-report", ""], "nightly"),
        (&["rpa", "why", &run[24..], "s"], "say"),
        (&["rpa", "explain", "RPA010"], "RPA0101"),
        (&["rpa", "help", "exit"], "exit-codes"),
        (&["rpa", "runs", "--out"], "--output"),
    ];
    for (words, wanted) in table {
        let offered = offered(&world, words);
        assert!(offered.iter().any(|name| name == wanted), "{words:?}: {offered:?}");
    }
    let runs = offered(&world, &["rpa", "show", ""]);
    assert!(runs.iter().any(|id| run.ends_with(id.as_str())), "{runs:?}");
    world.file("a.yaml", "");
    assert!(offered(&world, &["rpa", "check", ""]).contains(&"a.yaml".to_owned()));
    assert!(
        !offered(&world, &["rpa", "-n", "other", "run", ""]).contains(&"disk-report".to_owned())
    );
}

#[test]
fn a_shell_does_not_wait_for_a_daemon_that_is_away_or_silent() {
    let world = World::new();
    assert_eq!(offered(&world, &["rpa", "show", "x"]), [""; 0]);
    // somebody who takes the connection, and never says a word
    let _silent = UnixListener::bind(world.socket()).unwrap();
    assert_eq!(offered(&world, &["rpa", "show", "x"]), [""; 0]);
}

#[test]
fn a_slip_is_answered_with_what_was_meant() {
    let (world, _daemon) = started();
    let table: [(&[&str], &str); 7] = [
        (&["run", "disk-reprot"], "did you mean `disk-report`?"),
        (&["history", "default/disk"], "did you mean `disk-report`?"),
        (&["triggers", "pause", "disk-report", "nihgtly"], "did you mean `nightly`?"),
        (&["rnu", "disk-report"], "'run'"),
        (&["runs", "--limt", "3"], "'--limit'"),
        (&["runs", "--status", "fail"], "'failed'"),
        (&["help", "exit-code"], "did you mean `exit-codes`?"),
    ];
    for (words, wanted) in table {
        let rpa = world.rpa(words.iter().copied());
        assert_eq!(rpa.code, 2, "{rpa:?}");
        assert!(rpa.stderr.contains(wanted), "{words:?}: {rpa:?}");
    }
    let far = world.rpa(["run", "invoices"]);
    assert!(!far.stderr.contains("did you mean"), "{far:?}");
    let bulgarian = world.rpa(["run", "disk-reprot", "--lang", "bg"]);
    assert!(bulgarian.stderr.contains("имахте предвид `disk-report`?"), "{bulgarian:?}");
}

#[test]
fn help_is_there_without_a_daemon() {
    let world = World::new();
    let list = world.rpa(["help"]);
    assert_eq!((list.code, list.stderr.as_str()), (0, ""));
    assert!(list.stdout.lines().all(|line| line.chars().count() <= 80), "{}", list.stdout);
    assert!(list.stdout.contains("exit-codes") && list.stdout.contains("rollback"));
    let page = world.rpa(["help", "remote", "--lang", "bg"]);
    assert!(page.stdout.contains("друга машина"), "{page:?}");
    let command = world.rpa(["help", "schedule", "preview"]);
    assert!(command.stdout.contains("--dst-gap"), "{command:?}");
    assert_eq!(world.json(["help"])["topics"][0]["topic"], "getting-started");
}
