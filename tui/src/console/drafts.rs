//! Drafts of workflows that somebody has not saved yet: each a file that nobody else can
//! read, in the console's part of the user's state directory.
//!
//! It is written after every change, so that whatever ends the console, the terminal or the
//! machine, what was typed is there. Names of files are parsed: what was not made here is
//! neither read nor removed. A file has one console that writes it: another one goes on with
//! a copy ([`presence`]).

mod presence;

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use rpa_config::paths::UserDirs;
use rpa_engine::Label;

use crate::replace::replace;

pub use presence::Presence;

/// Bytes that a draft may have, and drafts that are read: more than a workflow may have, and
/// than a person edits.
const MOST_BYTES: u64 = 4 << 20;
const MOST: usize = 200;

/// Which draft a file is. `default.disk-report.r3.1732270000000.81.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DraftName {
    /// With its namespace.
    pub workflow: String,
    /// The revision that it began with; `None` of a new workflow.
    pub base: Option<u32>,
    /// When it was begun, in milliseconds since the Unix epoch.
    pub begun_ms: u64,
    /// The process that has begun it: two consoles have two drafts.
    pub process: u32,
}

/// A draft that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub name: DraftName,
    /// When it was written last, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    pub text: String,
    /// Another console lives that writes it.
    pub held: bool,
}

impl DraftName {
    /// The name of its file.
    pub fn file_name(&self) -> String {
        let DraftName { workflow, base, begun_ms, process } = self;
        let base = base.unwrap_or(0);
        format!("{}.r{base}.{begun_ms}.{process}.yaml", workflow.replacen('/', ".", 1))
    }

    /// The draft of a file's name, if it is one.
    pub fn parse(file_name: &str) -> Option<DraftName> {
        let parts: Vec<&str> = file_name.split('.').collect();
        let [namespace, name, base, begun, process, "yaml"] = parts[..] else { return None };
        let (namespace, name): (Label, Label) = (namespace.parse().ok()?, name.parse().ok()?);
        let base: u32 = base.strip_prefix('r')?.parse().ok()?;
        let parsed = DraftName {
            workflow: format!("{namespace}/{name}"),
            base: (base > 0).then_some(base),
            begun_ms: begun.parse().ok()?,
            process: process.parse().ok()?,
        };
        // one name for each
        (parsed.file_name() == file_name).then_some(parsed)
    }
}

/// Where drafts for the daemon behind a socket lie; `None` where the user has no home
/// directory. Workflows of the same name, and revisions of the same number, may be others
/// elsewhere.
pub fn directory(user: &UserDirs, socket: &Path) -> Option<PathBuf> {
    let hash = blake3::hash(socket.as_os_str().as_encoded_bytes()).to_hex();
    Some(user.state.as_ref()?.join("rpa/drafts").join(&hash[..8]))
}

/// All drafts, the newest first. What cannot be read is left alone.
pub fn read(directory: &Path) -> Vec<Kept> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<DraftName> = names.filter_map(|name| DraftName::parse(&name)).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.begun_ms));
    names.truncate(MOST);
    let mut kept: Vec<Kept> =
        names.into_iter().filter_map(|name| read_one(directory, name).ok()).collect();
    kept.sort_by_key(|kept| std::cmp::Reverse(kept.at_ms));
    presence::mark(directory, &mut kept);
    kept
}

fn read_one(directory: &Path, name: DraftName) -> io::Result<Kept> {
    let file = File::open(directory.join(name.file_name()))?;
    let written = file.metadata()?.modified()?.duration_since(std::time::UNIX_EPOCH);
    let mut text = String::new();
    if file.take(MOST_BYTES + 1).read_to_string(&mut text)? as u64 > MOST_BYTES {
        return Err(io::Error::other("too large"));
    }
    let at_ms = u64::try_from(written.unwrap_or_default().as_millis()).unwrap_or(0);
    Ok(Kept { name, at_ms, text, held: false })
}

/// Something to be done with the file of a draft, off the loop's thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftWork {
    Keep {
        path: PathBuf,
        text: String,
    },
    /// Kept under another name from now on: the file before goes when the new one is on disk,
    /// and stays when that cannot be written.
    Move {
        from: PathBuf,
        path: PathBuf,
        text: String,
    },
    Forget {
        path: PathBuf,
    },
}

impl DraftWork {
    pub fn path(&self) -> &Path {
        match self {
            DraftWork::Keep { path, .. }
            | DraftWork::Move { path, .. }
            | DraftWork::Forget { path } => path,
        }
    }

    /// Does it; what went wrong in a sentence.
    pub fn carry_out(&self) -> Result<(), String> {
        let path = self.path();
        let done = match self {
            DraftWork::Keep { text, .. } => named(path).and_then(|()| keep(path, text)),
            DraftWork::Move { from, text, .. } => named(path)
                .and_then(|()| named(from))
                .and_then(|()| keep(path, text))
                .and_then(|()| forget(from)),
            DraftWork::Forget { .. } => named(path).and_then(|()| forget(path)),
        };
        done.map_err(|e| format!("{}: {e}", path.display()))
    }
}

/// Refuses what is no file of a draft.
fn named(path: &Path) -> io::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).and_then(DraftName::parse);
    name.map(|_| ()).ok_or_else(|| io::Error::other("no draft has that name"))
}

fn forget(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Whoever reads it sees the whole of the one before or of this one.
fn keep(path: &Path, text: &str) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    make(directory)?;
    replace(path, text.as_bytes())?;
    // the name too: what is removed after this must not come back without it
    File::open(directory)?.sync_all()
}

fn make(directory: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn name(base: Option<u32>) -> DraftName {
        DraftName { workflow: "default/disk-report".into(), base, begun_ms: 17, process: 3 }
    }

    #[test]
    fn names_are_parsed_and_nothing_else_is_a_draft() {
        for base in [None, Some(4)] {
            assert_eq!(DraftName::parse(&name(base).file_name()), Some(name(base)));
        }
        for other in [
            "disk-report.yaml",
            "a.b.r1.1.1.yml",
            "a.b.r01.1.1.yaml",
            "a.b.1.1.1.yaml",
            "..b.r1.1.1.yaml",
            "a./etc/passwd.r1.1.1.yaml",
            "A.b.r1.1.1.yaml",
            "a.b.r1.1.+1.yaml",
        ] {
            assert_eq!(DraftName::parse(other), None, "{other}");
        }
    }

    #[test]
    fn each_daemon_has_its_own() {
        let user = UserDirs { state: Some("/s".into()), ..UserDirs::default() };
        let of = |socket: &str| directory(&user, Path::new(socket)).unwrap();
        assert_ne!(of("/a.sock"), of("/b.sock"));
        assert!(of("/a.sock").starts_with("/s/rpa/drafts"));
        assert_eq!(directory(&UserDirs::default(), Path::new("/a.sock")), None);
    }

    #[test]
    fn drafts_are_nobody_elses_and_come_back() {
        let dir = tempfile::tempdir().unwrap();
        let drafts = dir.path().join("rpa/drafts/0123abcd");
        let path = drafts.join(name(Some(4)).file_name());
        for text in ["one", "two"] {
            let work = DraftWork::Keep { path: path.clone(), text: text.into() };
            work.carry_out().unwrap();
        }
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&drafts)), (0o600, 0o700));
        fs::write(drafts.join("notes.yaml"), "mine").unwrap();
        let kept = read(&drafts);
        assert_eq!(kept.len(), 1);
        assert_eq!((&kept[0].name, kept[0].text.as_str()), (&name(Some(4)), "two"));
        assert!(kept[0].at_ms > 0);
        let forget = DraftWork::Forget { path: path.clone() };
        forget.carry_out().unwrap();
        forget.carry_out().unwrap();
        assert!(!path.exists());
        let other = DraftWork::Forget { path: drafts.join("notes.yaml") };
        assert!(other.carry_out().is_err(), "only what was made here");
        assert!(drafts.join("notes.yaml").exists());
    }

    #[test]
    fn the_file_before_goes_when_the_new_one_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let (from, path) = (name(Some(4)), name(Some(5)));
        let [from, path] = [from, path].map(|name| dir.path().join(name.file_name()));
        DraftWork::Keep { path: from.clone(), text: "one".into() }.carry_out().unwrap();
        // no room for it: something else is there
        fs::create_dir(&path).unwrap();
        fs::write(path.join("x"), "").unwrap();
        let work = DraftWork::Move { from: from.clone(), path: path.clone(), text: "two".into() };
        assert!(work.carry_out().is_err());
        assert_eq!(fs::read_to_string(&from).unwrap(), "one", "nothing is lost");
        fs::remove_dir_all(&path).unwrap();
        work.carry_out().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert!(!from.exists());
    }
}
