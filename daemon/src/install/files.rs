//! What is installed where: the files of `packaging/`, which packages take as well.

use std::path::Path;

use rpa_config::settings::shipped_file;

/// Where the units say that the program is.
pub const PROGRAM: &str = "/usr/bin/rpad";

/// What is enabled, and in this order.
pub const UNITS: [&str; 4] =
    ["rpad.socket", "rpad-http.socket", "rpad-runner.service", "rpad.service"];

/// Whose daemon it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The machine's.
    System,
    /// Of the user who installs it.
    User,
}

/// A file, below `/etc` or the user's directory of settings.
#[derive(Clone, Copy, Debug)]
pub struct File {
    pub path: &'static str,
    source: Source,
    /// Written where there is none, and from then on the person's.
    pub once: bool,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    Text(&'static str),
    Settings,
}

macro_rules! packaged {
    ($path:literal, $source:literal) => {
        File {
            path: $path,
            source: Source::Text(include_str!(concat!("../../../packaging/", $source))),
            once: false,
        }
    };
}

const SETTINGS: File = File { path: "rpad/rpad.toml", source: Source::Settings, once: true };

const SYSTEM: [File; 7] = [
    packaged!("systemd/system/rpad.service", "systemd/system/rpad.service"),
    packaged!("systemd/system/rpad.socket", "systemd/system/rpad.socket"),
    packaged!("systemd/system/rpad-http.socket", "systemd/system/rpad-http.socket"),
    packaged!("systemd/system/rpad-runner.service", "systemd/system/rpad-runner.service"),
    packaged!("sysusers.d/rpad.conf", "sysusers.d/rpad.conf"),
    packaged!("tmpfiles.d/rpad.conf", "tmpfiles.d/rpad.conf"),
    SETTINGS,
];

const USER: [File; 5] = [
    packaged!("systemd/user/rpad.service", "systemd/user/rpad.service"),
    packaged!("systemd/user/rpad.socket", "systemd/user/rpad.socket"),
    packaged!("systemd/user/rpad-http.socket", "systemd/user/rpad-http.socket"),
    packaged!("systemd/user/rpad-runner.service", "systemd/user/rpad-runner.service"),
    SETTINGS,
];

pub fn of(scope: Scope) -> impl Iterator<Item = &'static File> {
    match scope {
        Scope::System => SYSTEM.iter(),
        Scope::User => USER.iter(),
    }
}

/// What enabling the units makes, and the unit of each.
pub fn links(scope: Scope) -> impl Iterator<Item = (String, String)> {
    let (folder, target) = match scope {
        Scope::System => ("systemd/system", "multi-user"),
        Scope::User => ("systemd/user", "default"),
    };
    UNITS.into_iter().map(move |unit| {
        let target = if unit.ends_with(".socket") { "sockets" } else { target };
        (format!("{folder}/{target}.target.wants/{unit}"), format!("{folder}/{unit}"))
    })
}

impl File {
    /// With the program's path in it.
    pub fn text(&self, program: &Path) -> String {
        match self.source {
            Source::Text(text) => text.replace(PROGRAM, &program.display().to_string()),
            Source::Settings => shipped_file(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_start_the_program_that_installs_them() {
        for scope in [Scope::System, Scope::User] {
            let texts: Vec<_> = of(scope).map(|f| f.text(Path::new("/opt/x/rpad"))).collect();
            assert!(texts.iter().all(|text| !text.contains(PROGRAM)), "{scope:?}");
            let starts = texts.iter().filter(|text| text.contains("\nExecStart=/opt/x/rpad"));
            assert_eq!(starts.count(), 2, "{scope:?}: the daemon and the runner");
            let names: Vec<_> = of(scope).filter_map(|f| f.path.rsplit('/').next()).collect();
            assert!(UNITS.iter().all(|unit| names.contains(unit)), "{scope:?}");
        }
    }

    /// `/bin/kill`, say, is not on a machine without procps.
    #[test]
    fn units_run_nothing_that_a_small_machine_has_not() {
        for scope in [Scope::System, Scope::User] {
            for file in of(scope) {
                let text = file.text(Path::new("/opt/x/rpad"));
                let runs = text.lines().filter_map(|l| l.strip_prefix("Exec")?.split_once('='));
                for (key, command) in runs {
                    let program = command.split(' ').next().unwrap();
                    assert!(["/opt/x/rpad", "/bin/sh"].contains(&program), "{key}: {command}");
                }
            }
        }
    }
}
