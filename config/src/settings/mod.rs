//! The daemon's settings: default < file < environment < flag.
//!
//! Each setting is defined once, below, with its type, range, default and
//! documentation; the struct, the reader, the messages and the shipped
//! `rpad.toml` all come from that. Calendars, whose sections people name, stand beside
//! them.

mod calendars;
mod define;
mod environment;
mod file;
mod kind;
mod problem;
mod shipped;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use calendars::{CALENDAR_KEYS, SECTION as CALENDARS};
pub use define::{Definition, Section};
pub use kind::{Kind, Setting};
pub use problem::{Origin, SettingsProblem};
pub use shipped::shipped_file;

use crate::calendar::Calendars;
use define::settings;

settings! {
    "The process itself."
    daemon: Daemon {
        "How long a stop waits for running steps before it ends them."
        drain_timeout: Duration = "30s", Kind::Duration { min: "0s", max: "1d" };
        "What to log: error, warn, info, debug or trace, also by module as in info,rpad::driver=debug."
        log: String = "info", Kind::Text;
        "Write the log to this file, one per day, rather than to standard error. An absolute path."
        log_file: Option<PathBuf> = "", Kind::Path;
        "How many files of the log are kept."
        log_files: u64 = "14", Kind::Count { min: 1, max: 3650 };
        "Whether the daemon may start in a user namespace, where it cannot tell who calls from outside: whoever it cannot tell is turned away."
        user_namespace: bool = "false", Kind::Switch;
    }

    "Runs and their steps."
    runs: Runs {
        "How many runs are active at once; further ones are queued."
        max_active: u64 = "256", Kind::Count { min: 1, max: 100_000 };
        "How many steps are run at once, over all runs."
        max_attempts: u64 = "32", Kind::Count { min: 1, max: 10_000 };
        "How long a step that is to end has between SIGTERM and SIGKILL."
        cancel_grace: Duration = "10s", Kind::Duration { min: "0s", max: "1h" };
        "How much of each output stream of a command is kept as the step's output."
        output_limit: u64 = "4MiB", Kind::Size { min: "1KiB", max: "64MiB" };
        "How much the steps of one run may write into their working directories. A step that is found to write more is ended and fails."
        dir_limit: u64 = "10GiB", Kind::Size { min: "64KiB", max: "1024TiB" };
        "How large the log of one run may grow."
        log_limit: u64 = "256MiB", Kind::Size { min: "64KiB", max: "1TiB" };
    }

    "The runner: the process that carries out steps and outlives the daemon."
    runner: Runner {
        "Whether steps run in a process of their own, so that a restart of the daemon leaves them alone."
        process: bool = "true", Kind::Switch;
        "Whether the daemon starts a runner when none answers. Without it one has to be there, as a unit of its own."
        start: bool = "true", Kind::Switch;
        "How long a runner with nothing to do waits for a daemon before it ends; 0s: for ever."
        idle_exit: Duration = "60s", Kind::Duration { min: "0s", max: "1d" };
    }

    "The store of runs and workflows."
    store: Store {
        "How much memory the store may use to cache its file."
        cache: u64 = "64MiB", Kind::Size { min: "1MiB", max: "1TiB" };
        "Space kept back, so that when the disk is full the ends of running steps can still be recorded."
        free_reserve: u64 = "16MiB", Kind::Size { min: "0B", max: "1TiB" };
        "While less than this is free no new work is accepted; what is under way goes on."
        low_disk: u64 = "256MiB", Kind::Size { min: "0B", max: "1024TiB" };
        "The same, in percent of the file system."
        low_disk_percent: u64 = "5", Kind::Count { min: 0, max: 50 };
    }

    "How long finished runs are kept. They leave the live store for archives, one file a day, where everything still finds them; an archive is dropped whole, with the files of its runs."
    retention: Retention {
        "How long a finished run stays in the live store."
        live_age: Duration = "1d", Kind::Duration { min: "1s", max: "3650d" };
        "How many finished runs stay in the live store; beyond that the oldest leave before their time. The fewer they are, the sooner the daemon is back after a crash."
        live_runs: u64 = "50000", Kind::Count { min: 0, max: 100_000_000 };
        "How long an archive is kept, from the end of the last run in it."
        archive_age: Duration = "90d", Kind::Duration { min: "1s", max: "3650d" };
        "How many runs the archives hold; beyond that the oldest day is dropped before its time, but never the newest."
        archive_runs: u64 = "10000000", Kind::Count { min: 0, max: 10_000_000_000 };
        "How large the archives may grow, with the logs and files of their runs; beyond that the oldest day is dropped before its time, but never the newest."
        archive_bytes: u64 = "50GiB", Kind::Size { min: "0B", max: "1024TiB" };
    }

    "Backups that the daemon makes by itself. They hold everything but secrets: see rpad(8)."
    backup: Backup {
        "Where they are made, best on another disk. Empty: none are made. An absolute path."
        directory: Option<PathBuf> = "", Kind::Path;
        "How long after one the next is made."
        every: Duration = "1d", Kind::Duration { min: "1s", max: "365d" };
        "How long each is kept; the newest is never removed."
        keep: Duration = "7d", Kind::Duration { min: "0s", max: "3650d" };
    }

    "The HTTP server, for webhooks. It has a Unix socket of its own, and listens on the network only when asked to: see rpad(8)."
    http: Http {
        "Addresses on which it listens as well, with a port; port 0 takes a free one. There is no TLS: put a proxy before it."
        listen: Vec<SocketAddr> = "", Kind::Addresses;
        "Whether these may be addresses that other machines reach. Without it only those of loopback are taken."
        public: bool = "false", Kind::Switch;
        "The Unix socket. Empty: http.sock beside the daemon's own. An absolute path."
        socket: Option<PathBuf> = "", Kind::Path;
        "Who may use the Unix socket, as a mode in octal digits. Empty: as the daemon's own, 0660 for the group rpad, else 0600."
        socket_mode: Option<u32> = "", Kind::Mode;
    }

    "Where secrets are read from."
    secrets: Secrets {
        "A directory (0700) with a file (0400) per secret. Empty: $CREDENTIALS_DIRECTORY, else secrets in the state directory. An absolute path."
        directory: Option<PathBuf> = "", Kind::Path;
    }

    "Commands."
    shell: Shell {
        "The variables of the daemon's environment that commands see; a step adds its own with env."
        inherit_env: Vec<String> = "PATH,HOME,LANG,LC_ALL,TZ,TMPDIR,USER,LOGNAME", Kind::Names;
    }
}

impl Settings {
    /// Reads all layers below the flags. `file` must exist when given; see
    /// [`crate::paths::Paths::settings_file`]. Reports every problem at once.
    pub fn load(
        file: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Settings, Vec<SettingsProblem>> {
        let mut settings = Settings::default();
        let mut problems = Vec::new();
        if let Some(path) = file {
            file::apply(path, &mut settings, &mut problems);
        }
        environment::apply(env, &mut settings, &mut problems);
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }

    /// Applies a flag: `name` is `SECTION.KEY`, `text` is written as in the
    /// environment.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), SettingsProblem> {
        let problem = |message: String, hint: String| SettingsProblem {
            origin: Origin::Flag(name.to_owned()),
            message,
            hint,
        };
        let found = DEFINITIONS.iter().find(|d| d.full_name() == name);
        let definition =
            found.ok_or_else(|| problem(format!("there is no setting {name}"), String::new()))?;
        let value = definition.kind.read_text(text).map_err(|e| problem(e.message, e.hint))?;
        self.assign(definition, value);
        Ok(())
    }
}

impl Default for Settings {
    fn default() -> Settings {
        let mut settings = Settings::empty();
        for definition in DEFINITIONS {
            let value = definition.kind.read_text(definition.default);
            settings.assign(definition, value.expect("a test reads each default"));
        }
        settings
    }
}

#[cfg(test)]
mod tests;
