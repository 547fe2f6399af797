//! Where things lie: settings, state, socket.
//!
//! flag > environment > systemd's directories > the user's own (XDG).

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::said::{Said, said};

/// Names the file of settings.
pub const CONFIG_ENV: &str = "RPAD_CONFIG";
/// Names the daemon's state directory.
pub const STATE_ENV: &str = "RPAD_STATE_DIR";
/// Names the socket, to the daemon and to its clients.
pub const SOCKET_ENV: &str = "RPA_SOCKET";
/// Variables with our prefix that are no settings.
pub(crate) const ENVIRONMENT: [&str; 2] = [CONFIG_ENV, STATE_ENV];

/// Settings of a daemon that systemd runs.
pub const SYSTEM_CONFIG: &str = "/etc/rpad/rpad.toml";
/// Socket of a daemon that systemd runs.
pub const SYSTEM_SOCKET: &str = "/run/rpad/rpad.sock";

/// Longest path of a Unix socket in bytes: `sun_path` has 108 with its zero.
pub const MAX_SOCKET_PATH: usize = 107;

const SOCKET_NAME: &str = "rpad.sock";
const HTTP_SOCKET_NAME: &str = "http.sock";

/// Why a path cannot be told or used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    #[error("there is no home directory to keep {what} in")]
    NoHome { what: &'static str },
    #[error("the socket path {} has {} bytes; a Unix socket allows {MAX_SOCKET_PATH}", .0.display(), .0.as_os_str().len())]
    SocketTooLong(PathBuf),
    #[error("the state directory {} is not an absolute path", .0.display())]
    RelativeState(PathBuf),
}

impl PathError {
    /// The same as words of the catalogue: what is wrong, and what to do about it.
    pub fn said(&self) -> (Said, Said) {
        match self {
            PathError::NoHome { what } => {
                let what = what.trim_start_matches("the ");
                (said!("no-home", what = what), said!("hint-home"))
            }
            PathError::SocketTooLong(path) => {
                let (shown, bytes) = (path.display(), path.as_os_str().len());
                let most = MAX_SOCKET_PATH;
                let said = said!("socket-path-long", path = shown, bytes = bytes, most = most);
                (said, said!("hint-shorter-socket"))
            }
            PathError::RelativeState(path) => {
                let said = said!("state-dir-relative", path = path.display());
                (said, said!("hint-absolute-path"))
            }
        }
    }
}

/// What the command line says about paths.
#[derive(Clone, Debug, Default)]
pub struct PathFlags {
    pub config: Option<PathBuf>,
    pub state_dir: Option<PathBuf>,
    pub socket: Option<PathBuf>,
}

/// The user's own directories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserDirs {
    /// `$XDG_CONFIG_HOME`
    pub config: Option<PathBuf>,
    /// `$XDG_STATE_HOME`
    pub state: Option<PathBuf>,
    /// `$XDG_RUNTIME_DIR`
    pub runtime: Option<PathBuf>,
}

impl UserDirs {
    /// By the process's environment and the user database.
    pub fn detect() -> UserDirs {
        let Some(base) = directories::BaseDirs::new() else { return UserDirs::default() };
        UserDirs {
            config: Some(base.config_dir().to_owned()),
            state: base.state_dir().map(Path::to_owned),
            runtime: base.runtime_dir().map(Path::to_owned),
        }
    }

    /// Where a daemon of this user listens unless told otherwise.
    fn socket(&self, state_dir: Option<&Path>) -> Option<PathBuf> {
        let own = self.state.as_ref().map(|dir| dir.join("rpad"));
        match &self.runtime {
            Some(dir) => Some(dir.join("rpad").join(SOCKET_NAME)),
            None => state_dir.map(Path::to_owned).or(own).map(|dir| dir.join(SOCKET_NAME)),
        }
    }
}

/// The daemon's paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    pub config_file: PathBuf,
    /// Whether someone named the file, so that it must be there.
    pub config_is_named: bool,
    /// Absolute.
    pub state_dir: PathBuf,
    pub socket: PathBuf,
}

/// The HTTP server's socket beside the daemon's own, unless a setting names another.
/// Two daemons whose sockets lie in one directory have two of them.
pub fn http_socket(socket: &Path) -> PathBuf {
    match socket.file_name().and_then(OsStr::to_str) {
        Some(SOCKET_NAME) | None => socket.with_file_name(HTTP_SOCKET_NAME),
        Some(other) => {
            let stem = other.strip_suffix(".sock").unwrap_or(other);
            socket.with_file_name(format!("{stem}-{HTTP_SOCKET_NAME}"))
        }
    }
}

impl Paths {
    /// By flags, environment (`env` gives a variable; an empty one counts as
    /// absent), and the user's directories.
    pub fn resolve(
        flags: &PathFlags,
        env: &dyn Fn(&str) -> Option<OsString>,
        user: &UserDirs,
    ) -> Result<Paths, PathError> {
        let env = |name: &str| env(name).filter(|value| !value.is_empty());
        let named = |flag: &Option<PathBuf>, name: &str| {
            flag.clone().or_else(|| env(name).map(PathBuf::from))
        };
        let by_systemd = |name: &str| env(name).map(|dirs| first_directory(&dirs));
        let system_state = by_systemd("STATE_DIRECTORY");

        let state_dir = named(&flags.state_dir, STATE_ENV)
            .or_else(|| system_state.clone())
            .or_else(|| user.state.as_ref().map(|dir| dir.join("rpad")))
            .ok_or(PathError::NoHome { what: "the state" })?;
        if !state_dir.is_absolute() {
            return Err(PathError::RelativeState(state_dir));
        }
        let named_config = named(&flags.config, CONFIG_ENV);
        let config_is_named = named_config.is_some();
        let config_file = named_config
            .or_else(|| system_state.map(|_| PathBuf::from(SYSTEM_CONFIG)))
            .or_else(|| user.config.as_ref().map(|dir| dir.join("rpad/rpad.toml")))
            .ok_or(PathError::NoHome { what: "the settings" })?;
        let socket = named(&flags.socket, SOCKET_ENV)
            .or_else(|| by_systemd("RUNTIME_DIRECTORY").map(|dir| dir.join(SOCKET_NAME)))
            .or_else(|| user.socket(Some(&state_dir)))
            .ok_or(PathError::NoHome { what: "the socket" })?;
        let socket = checked_socket(socket)?;
        Ok(Paths { config_file, config_is_named, state_dir, socket })
    }

    /// The file for [`crate::settings::Settings::load`]: one that someone named
    /// must be there, the default one need not.
    pub fn settings_file(&self) -> Option<&Path> {
        let wanted = self.config_is_named || self.config_file.exists();
        wanted.then_some(&self.config_file)
    }
}

/// The socket that a client calls: flag > `RPA_SOCKET` > the user's own daemon
/// if it has one > the system's if there is one > the user's own path.
pub fn client_socket(
    flag: Option<&Path>,
    env: &dyn Fn(&str) -> Option<OsString>,
    user: &UserDirs,
) -> Result<PathBuf, PathError> {
    find_client_socket(flag, env, user, &look_at)
}

fn find_client_socket(
    flag: Option<&Path>,
    env: &dyn Fn(&str) -> Option<OsString>,
    user: &UserDirs,
    look: &dyn Fn(&Path) -> Found,
) -> Result<PathBuf, PathError> {
    let named = flag
        .map(Path::to_owned)
        .or_else(|| env(SOCKET_ENV).filter(|value| !value.is_empty()).map(PathBuf::from));
    if let Some(path) = named {
        return checked_socket(path);
    }
    let own = user.socket(None);
    let system = PathBuf::from(SYSTEM_SOCKET);
    match own {
        // another user's socket in a directory that came with `su` is not ours: who
        // answers there could show commands of theirs, to be pasted
        Some(own) => match (look(&own), look(&system)) {
            (Found::Ours, _) | (Found::Nothing, Found::Nothing) => checked_socket(own),
            (Found::Foreign | Found::Nothing, _) => Ok(system),
        },
        None => Ok(system),
    }
}

/// What is at a socket's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    /// It belongs to this user.
    Ours,
    Foreign,
}

fn look_at(path: &Path) -> Found {
    use std::os::unix::fs::MetadataExt as _;
    let owner = |path: &Path| std::fs::metadata(path).map(|meta| meta.uid());
    match (owner(path), owner(Path::new("/proc/self"))) {
        // behind a door that is closed to us: calling there says so
        (Err(e), _) if e.kind() == std::io::ErrorKind::PermissionDenied => Found::Foreign,
        (Err(_), _) => Found::Nothing,
        (Ok(theirs), Ok(ours)) if theirs != ours => Found::Foreign,
        (Ok(_), _) => Found::Ours,
    }
}

/// systemd joins several directories with colons; ours is the first.
fn first_directory(dirs: &OsStr) -> PathBuf {
    let first = dirs.as_bytes().split(|b| *b == b':').next().unwrap_or_default();
    PathBuf::from(OsStr::from_bytes(first))
}

fn checked_socket(path: PathBuf) -> Result<PathBuf, PathError> {
    if path.as_os_str().len() > MAX_SOCKET_PATH {
        return Err(PathError::SocketTooLong(path));
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> UserDirs {
        UserDirs {
            config: Some("/h/.config".into()),
            state: Some("/h/.local/state".into()),
            runtime: Some("/run/user/7".into()),
        }
    }

    fn resolve(
        flags: &PathFlags,
        env: &[(&str, &str)],
        user: &UserDirs,
    ) -> Result<[String; 3], PathError> {
        let paths = Paths::resolve(flags, &lookup(env), user)?;
        Ok([paths.config_file, paths.state_dir, paths.socket].map(|p| p.display().to_string()))
    }

    fn lookup(env: &[(&str, &str)]) -> impl Fn(&str) -> Option<OsString> {
        |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, v)| OsString::from(v))
    }

    #[test]
    fn each_layer_goes_before_the_next() {
        let none = PathFlags::default();
        let xdg =
            ["/h/.config/rpad/rpad.toml", "/h/.local/state/rpad", "/run/user/7/rpad/rpad.sock"];
        assert_eq!(resolve(&none, &[], &user()).unwrap(), xdg);
        let systemd = [("STATE_DIRECTORY", "/var/lib/rpad:/x"), ("RUNTIME_DIRECTORY", "/run/rpad")];
        let system = [SYSTEM_CONFIG, "/var/lib/rpad", SYSTEM_SOCKET];
        assert_eq!(resolve(&none, &systemd, &UserDirs::default()).unwrap(), system);
        let all =
            [&systemd[..], &[(CONFIG_ENV, "c"), (STATE_ENV, "/s"), (SOCKET_ENV, "k")]].concat();
        assert_eq!(resolve(&none, &all, &user()).unwrap(), ["c", "/s", "k"]);
        let flags = PathFlags {
            config: Some("fc".into()),
            state_dir: Some("/fs".into()),
            socket: Some("fk".into()),
        };
        assert_eq!(resolve(&flags, &all, &user()).unwrap(), ["fc", "/fs", "fk"]);
        assert_eq!(resolve(&none, &[(CONFIG_ENV, "")], &user()).unwrap(), xdg);
    }

    #[test]
    fn without_a_runtime_directory_the_socket_stands_in_the_state() {
        let user = UserDirs { runtime: None, ..user() };
        let [_, _, socket] = resolve(&PathFlags::default(), &[(STATE_ENV, "/s")], &user).unwrap();
        assert_eq!(socket, "/s/rpad.sock");
    }

    #[test]
    fn unusable_paths_are_refused() {
        let none = PathFlags::default();
        let error = |env: &[(&str, &str)], user: &UserDirs| resolve(&none, env, user).unwrap_err();
        assert_eq!(error(&[], &UserDirs::default()), PathError::NoHome { what: "the state" });
        assert_eq!(error(&[(STATE_ENV, "s")], &user()), PathError::RelativeState("s".into()));
        let long = format!("/{}", "s".repeat(MAX_SOCKET_PATH));
        let long_env = [(SOCKET_ENV, long.as_str())];
        assert_eq!(error(&long_env, &user()), PathError::SocketTooLong(long.clone().into()));
        let just = &long[..MAX_SOCKET_PATH];
        assert!(resolve(&none, &[(SOCKET_ENV, just)], &user()).is_ok());
    }

    #[test]
    fn a_client_finds_the_daemon_that_is_there() {
        let own = "/run/user/7/rpad/rpad.sock";
        for (flag, env, there, found) in [
            (Some("f"), "e", &[own][..], "f"),
            (None, "e", &[own], "e"),
            (None, "", &[own, SYSTEM_SOCKET], own),
            (None, "", &[SYSTEM_SOCKET], SYSTEM_SOCKET),
            (None, "", &[], own),
            (None, "", &["theirs"], SYSTEM_SOCKET),
        ] {
            let look = |path: &Path| match there {
                ["theirs"] if path == Path::new(own) => Found::Foreign,
                _ if there.iter().any(|p| path == Path::new(p)) => Found::Ours,
                _ => Found::Nothing,
            };
            let env = [(SOCKET_ENV, env)];
            let socket = find_client_socket(flag.map(Path::new), &lookup(&env), &user(), &look);
            assert_eq!(socket.unwrap(), Path::new(found));
        }
    }

    #[test]
    fn each_socket_has_one_for_http_beside_it() {
        for (socket, http) in [
            (SYSTEM_SOCKET, "/run/rpad/http.sock"),
            ("/tmp/trial.sock", "/tmp/trial-http.sock"),
            ("/tmp/sock", "/tmp/sock-http.sock"),
        ] {
            assert_eq!(http_socket(Path::new(socket)), Path::new(http));
        }
    }

    #[test]
    fn a_named_file_must_be_there() {
        let named = [(CONFIG_ENV, "/nowhere/rpad.toml")];
        let paths =
            |env: &[(&str, &str)]| Paths::resolve(&PathFlags::default(), &lookup(env), &user());
        assert!(paths(&named).unwrap().settings_file().is_some());
        assert!(paths(&[]).unwrap().settings_file().is_none());
    }
}
