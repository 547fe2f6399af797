//! The example workflows that are shipped, each on real files.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rpa_config::examples::EXAMPLES;
use rpa_tests::{Daemon, Options, World, eventually, root};
use serde_json::{Value, json};

fn example(name: &str) -> String {
    root().join(format!("config/examples/{name}.yaml")).display().to_string()
}

/// A daemon with the example in it.
pub fn start(world: &World, name: &str, options: &Options) -> Daemon {
    let daemon = world.start_with(options);
    let rpa = world.rpa(["apply", &example(name)]);
    assert_eq!(rpa.code, 0, "{rpa:?}");
    daemon
}

pub fn arguments<'a>(name: &'a str, vars: &'a [String]) -> impl Iterator<Item = &'a str> {
    ["run", name].into_iter().chain(vars.iter().flat_map(|var| ["--var", var]))
}

/// Runs the workflow to its end, which must be a good one.
pub fn outputs(world: &World, name: &str, vars: &[String]) -> Value {
    let shown = world.json(arguments(name, vars).chain(["--wait"]));
    assert_eq!(shown["status"], "completed", "{shown:#}\n{}", log(world, &shown));
    shown["outputs"].clone()
}

pub fn log(world: &World, shown: &Value) -> String {
    world.rpa(["logs", shown["run"].as_str().unwrap_or_default()]).stdout
}

pub fn step<'a>(shown: &'a Value, id: &str) -> &'a Value {
    let steps = shown["steps"].as_array().unwrap();
    steps.iter().find(|step| step["path"] == id).unwrap_or_else(|| panic!("no {id} in {shown:#}"))
}

/// What a command prints, in the time zone of the world.
pub fn printed(command: &str) -> String {
    let output = Command::new("sh").args(["-c", command]).env("TZ", "UTC").output().unwrap();
    assert!(output.status.success(), "{command}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

#[test]
fn all_pass_the_check_without_a_warning() {
    let world = World::new();
    let files = fs::read_dir(root().join("config/examples")).unwrap();
    let mut found: Vec<_> = files.map(|f| f.unwrap().path().display().to_string()).collect();
    found.retain(|file| file.ends_with(".yaml") && !file.ends_with(".test.yaml"));
    found.sort();
    let shipped: Vec<String> = EXAMPLES.iter().map(|known| example(known.name)).collect();
    assert_eq!(found, shipped, "each file is one of those that rpa init knows");
    let checked = world.json(["check"].into_iter().chain(found.iter().map(String::as_str)));
    for file in checked["files"].as_array().unwrap() {
        assert_eq!((&file["ok"], &file["problems"]), (&json!(true), &json!([])), "{file:#}");
    }
}

/// Percent used of the root file system, as `df` has it.
fn root_percent() -> i64 {
    printed("df -P / | awk 'NR == 2 { print $5 + 0 }'").parse().unwrap()
}

/// The first words of the report's line about the root file system.
fn root_line(report: &str) -> Vec<&str> {
    let line = report.lines().map(|line| line.trim_end_matches("  <-- above the limit"));
    let line = line.filter(|line| line.contains('%')).find(|line| line.ends_with(" /"));
    line.unwrap_or_else(|| panic!("no line of / in:\n{report}")).split_whitespace().collect()
}

#[test]
fn disk_report_says_what_df_says() {
    let world = World::new();
    let daemon = start(&world, "disk-report", &Options::default());
    let file = world.path().join("reports/disk.txt").display().to_string();
    let vars = [format!("report={file}"), "limit=0".to_owned(), "seconds=1".to_owned()];
    let before = root_percent();
    let outputs = outputs(&world, "disk-report", &vars);
    let after = root_percent();
    assert_eq!(outputs["report"], file.as_str());
    let report = fs::read_to_string(&file).unwrap();
    // other tests write at the same time
    let close = before.min(after) - 1..=before.max(after) + 1;
    let words = root_line(&report);
    let percent: i64 = words[0].trim_end_matches('%').parse().unwrap();
    assert!(close.contains(&percent), "df: {close:?}; the report:\n{report}");
    let full = outputs["full"].as_array().unwrap();
    let slash = full.iter().find(|row| row["target"] == "/").expect("above 0 %");
    assert_eq!(slash["percent"], percent);
    assert!(outputs["worst"]["percent"].as_i64().unwrap() >= percent, "{outputs:#}");
    assert!(report.contains(&format!("Disk report of {}, ", printed("uname -n"))), "{report}");
    let shown = world.json(["show", world.json(["runs"])["runs"][0]["run"].as_str().unwrap()]);
    assert!(log(&world, &shown).contains("above 0 %: "), "it warns");
    assert!(daemon.stop().success());
}

#[test]
fn disk_report_needs_no_variables_and_warns_of_nothing_below_the_limit() {
    let world = World::new();
    let daemon = start(&world, "disk-report", &Options::default());
    let vars = ["limit=100".to_owned()];
    let outputs = outputs(&world, "disk-report", &vars);
    let report = Path::new(outputs["report"].as_str().unwrap());
    assert!(report.is_absolute() && report.starts_with(world.state()), "{}", report.display());
    root_line(&fs::read_to_string(report).unwrap());
    assert_eq!(outputs["full"], json!([]));
    let run = world.json(["runs"])["runs"][0]["run"].as_str().unwrap().to_owned();
    assert_eq!(step(&world.show(&run), "warn")["status"], "skipped");
    assert!(daemon.stop().success());
}

/// Puts a command of the test's before the real one. `body` finds the real one's
/// path in $real, and the world's in $world.
fn with_command(world: &World, name: &str, body: &str) -> Options {
    let bin = world.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let file = bin.join(name);
    let real = printed(&format!("command -v {name}"));
    let home = world.path().display();
    fs::write(&file, format!("#!/bin/sh -eu\nreal={real} world='{home}'\n{body}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    Options { env: vec![("PATH".into(), path)], ..Options::default() }
}

#[test]
fn disk_report_reads_odd_tables() {
    let world = World::new();
    // a disk and a share with blanks, one that counts no inodes, one that is gone
    let options = with_command(
        &world,
        "df",
        "echo 'Filesystem Type 1024-blocks Used Available Capacity Mounted on'\n\
         case $1 in -PTk) echo \"/dev/a b ext4 1000 910 90 91% $world/my disk\"\n\
         echo '//host/The Share cifs 1000 100 900 10% /mnt/a share'\n\
         echo 'tmpfs tmpfs 1000 1000 0 100% /run' ;;\n\
         *) echo \"/dev/a b ext4 0 0 0 - $world/my disk\"\n\
         echo '//host/The Share cifs 50 48 2 96% /mnt/a share' ;; esac\n\
         echo 'df: /mnt/gone: Stale file handle' >&2; exit 1",
    );
    let daemon = start(&world, "disk-report", &options);
    fs::create_dir_all(world.path().join("my disk/big one")).unwrap();
    let outputs = outputs(&world, "disk-report", &[]);
    let disk = world.path().join("my disk").display().to_string();
    let row = |target: &str, kind, free: u64, percent, inodes| {
        json!({
            "target": target, "type": kind, "size": 1_024_000, "free": free * 1024,
            "percent": percent, "inodes": inodes,
        })
    };
    let [disk_row, share] =
        [row(&disk, "ext4", 90, 91, 0), row("/mnt/a share", "cifs", 900, 10, 96)];
    assert_eq!(outputs["worst"], disk_row);
    assert_eq!(outputs["full"], json!([disk_row, share]));
    let report = fs::read_to_string(outputs["report"].as_str().unwrap()).unwrap();
    assert!(report.contains(&format!("KiB  {disk}/big one\n")), "{report}");
    assert!(report.contains("2 of 2 above 80 %"), "{report}");
    assert!(daemon.stop().success());
}

/// Rows of a CSV file without quotes, below its header.
fn rows(csv: &str) -> Vec<(String, String, u64)> {
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("hour,program,count"));
    let row = |line: &str| {
        let fields: Vec<_> = line.split(',').map(str::to_owned).collect();
        let [hour, program, count] = fields.try_into().unwrap();
        (hour, program, count.parse().unwrap())
    };
    lines.map(row).collect()
}

#[test]
fn log_digest_counts_the_log_of_this_machine() {
    let world = World::new();
    let daemon = start(&world, "log-digest", &Options::default());
    // long enough for the whole of a package log
    let outputs = outputs(&world, "log-digest", &["hours=200000".to_owned()]);
    let rows = rows(&fs::read_to_string(outputs["csv"].as_str().unwrap()).unwrap());
    let counted: u64 = rows.iter().map(|row| row.2).sum();
    assert_eq!(outputs["lines"], counted);
    assert!(rows.iter().all(|row| row.0.ends_with(":00") && !row.1.is_empty()), "{rows:?}");
    let top = outputs["top"].as_array().unwrap();
    assert_eq!(top.is_empty(), rows.is_empty());
    if outputs["source"] == "/var/log/dpkg.log" {
        // each of its lines is an action
        let lines = printed("tail -n 200000 /var/log/dpkg.log | wc -l");
        assert_eq!(counted.to_string(), lines);
        let of_first: u64 =
            rows.iter().filter(|row| top[0]["program"] == *row.1).map(|r| r.2).sum();
        assert_eq!(top[0]["count"], of_first);
    }
    assert!(daemon.stop().success());
}

const LINES: &str = r"DAY 00:10:00 web sshd[12]: error: kex_exchange_identification
DAY 00:20:00 web sshd[13]: Failed password for root
DAY 01:20:00 web CRON[14]: (root) CMD (true)
DAY 01:21:00 web kernel: [ 1.5] EXT4-fs error (device sda1)
DAY 01:21:00 alpine daemon.err ntpd[5]: no reply
DAY 01:21:00 alpine daemon.info ntpd[5]: error free
2024-03-02T10:00:01.5+02:00 web postfix/smtpd[9]: fatal: no such user
2024-03-02T10:00:01.5+02:00 web postfix/smtpd[9]: terrorists, infallible
2024-03-02T10:00:01+0000 SUBDEBUG Installed: foo-1.0
2024-03-02 11:00:00 status half-configured nginx:amd64 1
2024-03-02 11:59:59 status half-configured nginx:amd64 2
2024-03-02 11:00:00 install nginx:amd64 <none> 1
[2024-03-02T12:00:00+0100] [ALPM] upgraded foo (1.0 -> 2.0)
[2024-03-02T12:00:00+0100] [PACMAN] Running 'pacman -Syu'
[2024-03-02T12:00:00+0100] [ALPM] warning: /etc/x installed as /etc/x.pacnew

Running `apk add a` at 2024-03-02 13:00:00
(1/2) Installing a (1)
(2/2) Installing b (1)
Executing busybox-1.36.1-r31.trigger
no log at all
";

const COUNTS: &str = "hour,program,count
2024-03-02 10:00,Installed,1
2024-03-02 10:00,postfix/smtpd,1
2024-03-02 11:00,install,1
2024-03-02 11:00,status half-configured,2
2024-03-02 12:00,upgraded,1
2024-03-02 12:00,warning,1
2024-03-02 13:00,Installing,2
DATE 00:00,sshd,2
DATE 01:00,kernel,1
DATE 01:00,ntpd,1
DATE 02:00,b?d,1
";

#[test]
fn log_digest_knows_the_lines_of_every_distribution() {
    let world = World::new();
    let daemon = start(&world, "log-digest", &Options::default());
    let log = world.path().join("a log");
    // lines without a year, of the day before yesterday
    let [day, date] = ["+%b %e", "+%F"].map(|format| {
        printed(&format!("LC_ALL=C date -d @$(($(date +%s) - 2 * 86400)) '{format}'"))
    });
    let mut lines = LINES.replace("DAY", &day).into_bytes();
    lines.extend(format!("{day} 02:00:00 web b").into_bytes());
    lines.extend(b"\xffd[1]: oom \xff\n");
    fs::write(&log, lines).unwrap();
    let csv = world.path().join("counts.csv");
    let vars = [
        format!("source={}", log.display()),
        format!("csv={}", csv.display()),
        "lines=1000".to_owned(),
        "hours=1".to_owned(),
        "top=2".to_owned(),
    ];
    let outputs = outputs(&world, "log-digest", &vars);
    assert_eq!(fs::read_to_string(&csv).unwrap(), COUNTS.replace("DATE", &date));
    assert_eq!(outputs["lines"], 14);
    assert_eq!(outputs["window"], "last 1000 lines", "nothing is of the last hour");
    let top: Vec<_> = outputs["top"].as_array().unwrap().iter().map(|t| &t["count"]).collect();
    assert_eq!(top, [2, 2]);
    assert!(daemon.stop().success());
}

#[test]
fn log_digest_takes_what_lies_in_the_window_if_there_is_any() {
    let world = World::new();
    let daemon = start(&world, "log-digest", &Options::default());
    let now = printed("date '+%F %T'");
    let log = world.file("dpkg.log", &format!("2024-03-02 11:00:00 install a\n{now} remove a\n"));
    let source = [format!("source={}", log.display())];
    let outputs = outputs(&world, "log-digest", &source);
    assert_eq!(outputs["top"], json!([{"program": "remove", "count": 1}]));
    assert_eq!(outputs["window"], "last 24 h");
    let missing = ["source=/nowhere/at.log".to_owned()];
    let rpa = world.rpa(arguments("log-digest", &missing).chain(["--wait"]));
    assert_eq!(rpa.code, 3, "{rpa:?}");
    assert!(rpa.stdout.contains("/nowhere/at.log cannot be read"), "{rpa:?}");
    assert!(daemon.stop().success());
}

/// A source and a target for backups, and the variables that name them.
struct Backup {
    source: PathBuf,
    target: PathBuf,
}

impl Backup {
    fn new(world: &World) -> Backup {
        let backup = Backup {
            source: world.path().join("my data"),
            target: world.path().join("the backups"),
        };
        fs::create_dir(&backup.target).unwrap();
        fs::create_dir_all(backup.source.join("-v/empty")).unwrap();
        backup.write("plain", "1");
        backup.write("with blank", "2");
        backup.write("with\nnewline", "3");
        backup.write("-v/*", "4");
        backup.write("large", &"some text ".repeat(10_000));
        backup
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.source.join(name), text).unwrap();
    }

    fn vars(&self, more: &[&str]) -> Vec<String> {
        let paths = [
            format!("source={}/", self.source.display()),
            format!("target={}", self.target.display()),
        ];
        paths.into_iter().chain(more.iter().map(|&var| var.to_owned())).collect()
    }

    /// Everything that lies in the target, sorted.
    fn stored(&self) -> Vec<String> {
        let files = fs::read_dir(&self.target).unwrap();
        let mut names: Vec<_> =
            files.map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Unpacks an archive; it must hold what the source holds now.
    fn assert_holds_the_source(&self, world: &World, archive: &str) {
        let dir = world.path().join("unpacked");
        fs::create_dir(&dir).unwrap();
        let mut tar = Command::new("tar");
        let done = tar.arg("-xf").arg(self.target.join(archive)).arg("-C").arg(&dir).status();
        assert!(done.unwrap().success());
        assert_eq!(tree(&dir), tree(&self.source));
    }
}

/// Every path below `dir`, with the content of files.
fn tree(dir: &Path) -> BTreeMap<OsString, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(next) = dirs.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().as_os_str().to_owned();
            if path.is_dir() {
                found.insert(name, None);
                dirs.push(path);
            } else {
                found.insert(name, Some(fs::read(&path).unwrap()));
            }
        }
    }
    found
}

fn file_name(path: &Value) -> String {
    Path::new(path.as_str().unwrap()).file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn backup_rotate_keeps_the_newest_and_deletes_nothing_else() {
    let world = World::new();
    let daemon = start(&world, "backup-rotate", &Options::default());
    let backup = Backup::new(&world);
    let vars = backup.vars(&["keep=3", "min_free_percent=0"]);
    let mut archives = Vec::new();
    let mut strangers = Vec::new();
    for round in 0..5 {
        backup.write("plain", &format!("round {round}"));
        let outputs = outputs(&world, "backup-rotate", &vars);
        let archive = file_name(&outputs["archive"]);
        if round == 0 {
            // older by name, but not of this source
            let (prefix, _) = archive.rsplit_once("my data-").unwrap();
            for name in ["other-20200101T000000.000Z-000000000000.tar", "notes.txt"] {
                strangers.push(name.to_owned());
            }
            let like = format!("{prefix}my data-2-20200101T000000.000Z-000000000000.tar");
            strangers.extend([like, format!("{prefix}my data-20200101.tar")]);
            strangers.iter().for_each(|name| fs::write(backup.target.join(name), "").unwrap());
        }
        archives.push(archive);
        let deleted = if round < 3 { vec![] } else { vec![archives[round - 3].clone()] };
        assert_eq!(outputs["deleted"], json!(deleted), "round {round}");
    }
    let mut expected: Vec<_> = archives[2..].iter().chain(&strangers).cloned().collect();
    expected.sort();
    assert_eq!(backup.stored(), expected);
    let newest = backup.target.join(&archives[4]);
    assert_eq!(fs::metadata(newest).unwrap().permissions().mode() & 0o777, 0o600);
    backup.assert_holds_the_source(&world, &archives[4]);
    assert!(daemon.stop().success());
}

/// The run fails at `at`, says `why`, and leaves the target as it is.
fn assert_refuses(world: &World, backup: &Backup, vars: &[String], at: &str, why: &str) {
    let before = backup.stored();
    let rpa = world.rpa(arguments("backup-rotate", vars).chain(["--wait"]));
    assert_eq!(rpa.code, 3, "{rpa:?}");
    let run = world.json(["runs"])["runs"][0]["run"].as_str().unwrap().to_owned();
    let shown = world.show(&run);
    assert_eq!(step(&shown, at)["status"], "failed", "{shown:#}");
    assert!(rpa.stdout.contains(why), "{rpa:?}");
    assert_eq!(step(&shown, "delete")["status"], "skipped");
    assert_eq!(step(&shown, "clean_up")["status"], "completed");
    assert_eq!(backup.stored(), before);
}

#[test]
fn backup_rotate_refuses_what_cannot_go_well() {
    let world = World::new();
    let daemon = start(&world, "backup-rotate", &Options::default());
    let backup = Backup::new(&world);
    outputs(&world, "backup-rotate", &backup.vars(&["min_free_percent=0"]));
    let full = "% free, min_free_percent is 100; nothing was archived or deleted";
    let refuses = |vars: &[String], why| assert_refuses(&world, &backup, vars, "check", why);
    refuses(&backup.vars(&["keep=1", "min_free_percent=100"]), full);
    refuses(&backup.vars(&["keep=0"]), "keep must be a whole number above 0");
    let inside = Backup { source: backup.source.clone(), target: backup.source.join("-v") };
    refuses(&inside.vars(&[]), "target lies in source");
    let nowhere = Backup { source: world.path().join("none"), target: backup.target.clone() };
    refuses(&nowhere.vars(&[]), "source is no directory that can be read");
    assert!(daemon.stop().success());
}

#[test]
fn backup_rotate_deletes_nothing_for_a_damaged_archive() {
    let world = World::new();
    // one byte in the middle of the archive, once the test says so
    let options = with_command(
        &world,
        "tar",
        "$real \"$@\"\n[ \"$1\" = -cf ] && [ -e \"$world/damage\" ] || exit 0\n\
         printf X | dd of=\"$2\" bs=1 seek=50000 conv=notrunc 2>/dev/null",
    );
    let daemon = start(&world, "backup-rotate", &options);
    let backup = Backup::new(&world);
    let vars = backup.vars(&["keep=1", "min_free_percent=0"]);
    outputs(&world, "backup-rotate", &vars);
    fs::write(world.path().join("damage"), "").unwrap();
    assert_refuses(&world, &backup, &vars, "verify", "step verify");
    fs::remove_file(world.path().join("damage")).unwrap();
    let outputs = outputs(&world, "backup-rotate", &vars);
    assert_eq!(backup.stored(), [file_name(&outputs["archive"])], "the next good one replaces it");
    assert!(daemon.stop().success());
}

#[test]
fn backup_rotate_goes_on_after_a_crash_in_the_middle_of_an_archive() {
    let world = World::new();
    // the first try writes a part of the archive, and hangs
    let options = with_command(
        &world,
        "tar",
        "[ \"$1$RPA_ATTEMPT\" = -cf1 ] || exec $real \"$@\"\n\
         $real -cf - -C \"$4\" . | head -c 30000 > \"$2\"\n: > \"$world/midway\"\nsleep 600",
    );
    let daemon = start(&world, "backup-rotate", &options);
    let backup = Backup::new(&world);
    let vars = backup.vars(&["min_free_percent=0"]);
    let run = world.submit(arguments("backup-rotate", &vars).skip(1));
    eventually("half an archive is written", || world.path().join("midway").exists().then_some(()));
    daemon.kill();
    let [partial] = backup.stored().try_into().unwrap();
    assert!(partial.starts_with('.') && partial.ends_with(".partial"), "{partial}");
    let daemon = world.start_with(&options);
    let shown = world.until(&run, "completed");
    assert_eq!(step(&shown, "archive")["attempts"], 2, "{shown:#}");
    let archive = file_name(&shown["outputs"]["archive"]);
    assert_eq!(backup.stored(), [archive.as_str()]);
    assert_eq!(archive.trim_end_matches("tar"), partial[1..].trim_end_matches("partial"));
    backup.assert_holds_the_source(&world, &archive);
    assert!(daemon.stop().success());
}
