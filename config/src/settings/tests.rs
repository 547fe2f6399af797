//! Layers, problems, and the shipped file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{DEFINITIONS, Settings, SettingsProblem, shipped_file};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rpad.toml");

/// A file in a directory that goes with it.
struct OwnFile {
    path: PathBuf,
    _dir: tempfile::TempDir,
}

impl std::ops::Deref for OwnFile {
    type Target = Path;
    fn deref(&self) -> &Path {
        &self.path
    }
}

fn file(name: &str, text: &str) -> OwnFile {
    let dir = tempfile::Builder::new().prefix("rpa-config-").tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    OwnFile { path, _dir: dir }
}

fn load(file: Option<&Path>, env: &[(&str, &str)]) -> Result<Settings, Vec<SettingsProblem>> {
    Settings::load(file, env.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())))
}

/// The problems as a person sees them, without the directory.
fn shown(problems: &[SettingsProblem]) -> String {
    let line = |p: &SettingsProblem| {
        let text = p.to_string();
        let text = text.rsplit_once("/rpa-config-").map_or(text.as_str(), |(_, rest)| rest);
        let text = text.split_once('/').map_or(text, |(_, rest)| rest);
        format!("{text}\n  {}\n", p.hint)
    };
    problems.iter().map(line).collect()
}

#[test]
fn each_layer_goes_before_the_one_below() {
    let path =
        file("layers.toml", "[runs]\nmax_active = 3\nmax_attempts = 4\n[daemon]\nlog = 'warn'\n");
    let env =
        [("RPAD_RUNS_MAX_ATTEMPTS", "5"), ("RPAD_STATE_DIR", "/s"), ("RPAD_OTHER_THING", "x")];
    let mut settings = load(Some(&path), &env).unwrap();
    settings.set("daemon.log", "debug").unwrap();
    let expected = {
        let mut expected = Settings::default();
        expected.runs.max_active = 3;
        expected.runs.max_attempts = 5;
        expected.daemon.log = "debug".to_owned();
        expected
    };
    assert_eq!(settings, expected);
}

#[test]
fn defaults_are_typed() {
    let settings = load(None, &[]).unwrap();
    assert_eq!(settings, Settings::default());
    assert_eq!(settings.daemon.drain_timeout, Duration::from_secs(30));
    assert_eq!(settings.daemon.log_file, None);
    assert_eq!(settings.runs.output_limit, 4 << 20);
    assert_eq!(settings.shell.inherit_env.len(), 8);
}

#[test]
fn all_problems_of_all_layers_are_reported() {
    let path = file(
        "bad.toml",
        "max_active = 1\n[daemon]\ndrain_timeout = 30\nlog = \"\"\npassword = \"x\"\n\
         [runs]\nmax_active = 0\noutput_limit = \"1GiB\"\ncancel_grace = \"soon\"\nmax_atempts = 1\n\
         [secrets]\ndirectory = \"relative\"\n[shell]\ninherit_env = [\"A=B\"]\n[stor]\ncache = true\n",
    );
    let env =
        [("RPAD_RUNS_MAX_ACTIV", "1"), ("RPAD_STORE_CACHE", "lots"), ("RPAD_DEAMON_LOG", "info")];
    insta::assert_snapshot!(shown(&load(Some(&path), &env).unwrap_err()), @r#"
    bad.toml:1:1: there is no section "max_active"
      it belongs under [runs]
    bad.toml:3:17: daemon.drain_timeout: the duration "30" has no unit
      say the unit: 30s, 30m, 30h or 30ms
    bad.toml:4:7: daemon.log: is empty
      write for example "info"
    bad.toml:5:1: unknown key "password" in [daemon]
      keys: drain_timeout, log, log_file, log_files, user_namespace
    bad.toml:7:14: runs.max_active: 0 is out of range
      write 1 to 100000
    bad.toml:8:16: runs.output_limit: 1GiB is out of range
      write 1KiB to 64MiB
    bad.toml:9:16: runs.cancel_grace: "soon" is not a duration
      write whole numbers with the units d, h, m, s, ms from large to small, for example 500ms, 90s, 1h30m or 2d
    bad.toml:10:1: unknown key "max_atempts" in [runs]
      did you mean "max_attempts"? keys: max_active, max_attempts, cancel_grace, output_limit, dir_limit, log_limit
    bad.toml:12:13: secrets.directory: "relative" is not absolute
      begin the path with /
    bad.toml:14:15: shell.inherit_env: "A=B" is no name of a variable
      write for example ["PATH", "HOME"]
    bad.toml:15:2: there is no section "stor"
      did you mean "store"? sections: daemon, runs, runner, store, retention, backup, http, secrets, shell, calendars
    environment variable RPAD_DEAMON_LOG: there is no such setting
      did you mean RPAD_DAEMON_LOG?
    environment variable RPAD_RUNS_MAX_ACTIV: there is no such setting
      did you mean "RPAD_RUNS_MAX_ACTIVE"? settings: RPAD_RUNS_MAX_ACTIVE, RPAD_RUNS_MAX_ATTEMPTS, RPAD_RUNS_CANCEL_GRACE, RPAD_RUNS_OUTPUT_LIMIT, RPAD_RUNS_DIR_LIMIT, RPAD_RUNS_LOG_LIMIT
    environment variable RPAD_STORE_CACHE: "lots" is not a size
      write one whole number with a unit of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB, for example 64KiB or 10MB
    "#);
}

#[test]
fn addresses_and_modes_are_read_and_refused() {
    let text = "[http]\nlisten = ['127.0.0.1:8088', '[::1]:0']\nsocket_mode = '0666'\n";
    let settings = load(Some(&file("http.toml", text)), &[]).unwrap();
    let shown: Vec<String> = settings.http.listen.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["127.0.0.1:8088", "[::1]:0"]);
    assert_eq!(settings.http.socket_mode, Some(0o666));
    let env = [("RPAD_HTTP_LISTEN", "127.0.0.1:1, 127.0.0.1:2"), ("RPAD_HTTP_SOCKET_MODE", "")];
    let settings = load(Some(&file("http.toml", text)), &env).unwrap();
    assert_eq!((settings.http.listen.len(), settings.http.socket_mode), (2, None));
    let text = "[http]\nlisten = '8088'\nsocket_mode = '0777'\n";
    let env = [("RPAD_HTTP_LISTEN", "localhost:80"), ("RPAD_HTTP_SOCKET_MODE", "0060")];
    insta::assert_snapshot!(shown_problems(text, &env), @r#"
    bad.toml:2:10: http.listen: "8088" is no address with a port
      write for example "127.0.0.1:8088"
    bad.toml:3:15: http.socket_mode: "0777" is no mode of a socket
      write for example "0660"
    environment variable RPAD_HTTP_LISTEN: "localhost:80" is no address with a port
      write for example "127.0.0.1:8088"
    environment variable RPAD_HTTP_SOCKET_MODE: "0060" is no mode of a socket
      write for example "0660"
    "#);
}

/// What is wrong with a file, and with the environment.
fn shown_problems(text: &str, env: &[(&str, &str)]) -> String {
    shown(&load(Some(&file("bad.toml", text)), env).unwrap_err())
}

#[test]
fn broken_toml_is_placed() {
    let path = file("broken.toml", "[daemon\nlog = 'info'\n[runs]\nmax_active = = 3\n");
    insta::assert_snapshot!(shown(&load(Some(&path), &[]).unwrap_err()), @"
    broken.toml:1:8: unclosed table, expected `]`
      write `key = value` under a `[section]`
    broken.toml:4:14: extra `=`, expected nothing
      write `key = value` under a `[section]`
    broken.toml:4:16: unexpected key or value, expected newline, `#`
      write `key = value` under a `[section]`
    ");
}

#[test]
fn a_missing_file_and_a_bad_flag_are_problems() {
    let problems = load(Some(Path::new("/nowhere/rpad.toml")), &[]).unwrap_err();
    assert!(problems[0].message.contains("No such file"), "{problems:?}");
    let mut settings = Settings::default();
    assert!(settings.set("daemon.nothing", "1").is_err());
    assert!(settings.set("runs.max_active", "0").is_err());
    assert_eq!(settings, Settings::default());
}

#[test]
fn environment_names_are_distinct() {
    let names: std::collections::BTreeSet<_> = DEFINITIONS.iter().map(|d| d.env_name()).collect();
    assert_eq!(names.len(), DEFINITIONS.len());
    assert!(names.contains("RPAD_DAEMON_DRAIN_TIMEOUT"));
}

/// `UPDATE_SHIPPED=1 cargo test -p rpa-config shipped` rewrites the file.
#[test]
fn the_shipped_file_is_what_the_definitions_say() {
    if std::env::var_os("UPDATE_SHIPPED").is_some() {
        std::fs::write(SHIPPED, shipped_file()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(SHIPPED).unwrap(), shipped_file());
    assert_eq!(load(Some(Path::new(SHIPPED)), &[]).unwrap(), Settings::default());
}

#[test]
fn the_shipped_file_without_its_comment_signs_is_the_default() {
    let is_setting = |line: &str| line.starts_with('#') && !line.starts_with("# ");
    let text: String = shipped_file()
        .lines()
        .map(
            |line| if is_setting(line) { format!("{}\n", &line[1..]) } else { format!("{line}\n") },
        )
        .collect();
    let settings = text.lines().filter(|line| !line.starts_with('#') && line.contains(" = "));
    assert_eq!(settings.count(), DEFINITIONS.len());
    assert_eq!(load(Some(&file("all.toml", &text)), &[]).unwrap(), Settings::default());
}

/// The example in the shipped file, with its comment signs taken away.
fn calendar_example(file: &Path) -> String {
    let text = shipped_file();
    let (_, example) = text.split_once("# [calendars.holidays]").unwrap();
    let keys = example.lines().filter(|line| line.contains(" = "));
    let keys = keys.map(|line| line.trim_start_matches("# ").to_owned() + "\n");
    let keys =
        keys.collect::<String>().replace("/etc/rpad/holidays.ics", &file.display().to_string());
    format!("[calendars.holidays]\n{keys}")
}

#[test]
fn calendars_have_days_dates_and_files() {
    let days = file("days.txt", "2027-03-03 # liberation\n");
    let text = calendar_example(&days) + "[calendars.bg-2]\nfile = ''\ndays = ['fri']\n";
    let settings = load(Some(&file("calendars.toml", &text)), &[]).unwrap();
    assert_eq!(settings.calendars.names().collect::<Vec<_>>(), ["bg-2", "holidays"]);
    let holidays = settings.calendars.get("holidays").unwrap();
    let has = |date: &str| holidays.has(date.parse().unwrap());
    for date in ["2026-11-21", "2026-11-22", "2026-12-24", "2026-12-31", "2027-01-02", "2027-03-03"]
    {
        assert!(has(date), "{date}");
    }
    for date in ["2026-11-23", "2026-12-25", "2026-12-30", "2027-03-04"] {
        assert!(!has(date), "{date}");
    }
    assert!(settings.calendars.get("bg-2").unwrap().is_weekly());
}

#[test]
fn what_is_wrong_with_calendars_is_placed() {
    let days = file("days.txt", "2027-03-03\ntomorrow\n");
    let text = format!(
        "[calendars.Holidays]\n[calendars.weekdays]\ndays = ['mon']\n[calendars.empty]\n\
         [calendars.a]\ndays = ['monday', 'tue']\ndates = ['2026-12-24', 'x', '2026-12-31..2026-12-30']\n\
         [calendars.b-1]\ndays = 'mon'\ndates = [5]\nfile = 'days.txt'\ndate = ['x']\n\
         [calendars.c]\nfile = '/nowhere/days.ics'\n[calendars.d]\nfile = '{}'\n",
        days.display()
    );
    insta::assert_snapshot!(shown(&load(Some(&file("bad.toml", &text)), &[]).unwrap_err()));
    let text = "calendars = 5\n";
    insta::assert_snapshot!(shown(&load(Some(&file("bad.toml", text)), &[]).unwrap_err()));
    let text = "[calendars]\nholidays = ['2026-12-24']\n";
    insta::assert_snapshot!(shown(&load(Some(&file("bad.toml", text)), &[]).unwrap_err()));
}
