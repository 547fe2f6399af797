//! One file in its place.
//!
//! The first line of each that is written has the sum of the others, so that a later
//! install knows whether a person has changed it since.
//!
//! | what lies there | becomes |
//! |---|---|
//! | nothing | the new file |
//! | the same | nothing is written |
//! | one that an install has written | the new file |
//! | one that was changed, or is not ours | kept, and the new one beside it as `FILE.new`; told to replace it: the new file, and the old one beside it as `FILE.old` |

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rpa_ipc::fault::Said;
use rpa_ipc::{Fault, FaultCode, fault, said};

const MARK: &str = "# rpad install; what is changed below is kept; ";

/// What becomes of a file that a person has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Keep,
    Replace,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    New,
    Same,
    Newer,
    Kept(PathBuf),
    Forced(PathBuf),
}

/// What became of one that is not wanted any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    Removed,
    Left,
}

/// What is there now.
enum Found {
    Nothing,
    Ours(String),
    Foreign,
}

impl Placed {
    pub fn said(&self, path: &Path) -> Said {
        let path = path.display();
        match self {
            Placed::New => said!("install-new", path = path),
            Placed::Same => said!("install-same", path = path),
            Placed::Newer => said!("install-newer", path = path),
            Placed::Kept(beside) => {
                said!("install-kept", path = path, beside = beside.display())
            }
            Placed::Forced(beside) => {
                said!("install-forced", path = path, beside = beside.display())
            }
        }
    }
}

impl Gone {
    pub fn said(self, path: &Path) -> Said {
        match self {
            Gone::Removed => said!("install-gone", path = path.display()),
            Gone::Left => said!("install-left", path = path.display()),
        }
    }
}

/// Puts it there; `once`: only where there is nothing. `dry`: says what would be done.
pub fn place(
    path: &Path,
    text: &str,
    once: bool,
    changed: Changed,
    dry: bool,
) -> Result<Placed, Fault> {
    let sealed = if once { text.to_owned() } else { seal(text) };
    let write = |path: &Path| match dry {
        true => Ok(()),
        false => put(path, &sealed),
    };
    match look(path)? {
        Found::Nothing => write(path).map(|()| Placed::New),
        Found::Ours(_) | Found::Foreign if once => Ok(Placed::Same),
        Found::Ours(there) if there == sealed => Ok(Placed::Same),
        Found::Ours(_) => write(path).map(|()| Placed::Newer),
        Found::Foreign if changed == Changed::Keep => {
            let beside = beside(path, "new");
            write(&beside).map(|()| Placed::Kept(beside))
        }
        Found::Foreign => {
            let beside = beside(path, "old");
            if !dry {
                fs::rename(path, &beside).map_err(|e| unwritten(&beside, &e))?;
            }
            write(path).map(|()| Placed::Forced(beside))
        }
    }
}

/// Removes it, and what lies beside it for a person; `None` when nothing was there.
pub fn remove(path: &Path, changed: Changed, dry: bool) -> Result<Option<Gone>, Fault> {
    let draft = beside(path, "new");
    if !dry && matches!(look(&draft)?, Found::Ours(_)) {
        // what was not taken over is nobody's any more
        let _ = fs::remove_file(draft);
    }
    let gone = match look(path)? {
        Found::Nothing => return Ok(None),
        Found::Foreign if changed == Changed::Keep => return Ok(Some(Gone::Left)),
        Found::Ours(_) | Found::Foreign => Gone::Removed,
    };
    if !dry {
        fs::remove_file(path).map_err(|e| {
            fault!(FaultCode::Io, "install-unremoved", path = path.display(), error = e)
        })?;
    }
    Ok(Some(gone))
}

fn look(path: &Path) -> Result<Found, Fault> {
    // a link, as `systemctl mask` makes one, is a person's
    match fs::symlink_metadata(path) {
        Ok(meta) if !meta.is_file() => return Ok(Found::Foreign),
        Ok(_) => {}
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(e) => return Err(unread(path, &e)),
    }
    match fs::read_to_string(path) {
        Ok(text) if is_sealed(&text) => Ok(Found::Ours(text)),
        Ok(_) => Ok(Found::Foreign),
        Err(e) if e.kind() == io::ErrorKind::InvalidData => Ok(Found::Foreign),
        Err(e) => Err(unread(path, &e)),
    }
}

fn seal(text: &str) -> String {
    format!("{MARK}{}\n{text}", sum(text))
}

fn is_sealed(text: &str) -> bool {
    let parts = text.strip_prefix(MARK).and_then(|rest| rest.split_once('\n'));
    parts.is_some_and(|(written, rest)| written == sum(rest))
}

/// 16 digits: against changes by hand, not against forgery.
fn sum(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}

fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    PathBuf::from(name)
}

/// Whole or not at all, and readable for all.
fn put(path: &Path, text: &str) -> Result<(), Fault> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(dir).and_then(|()| {
        let mut draft = tempfile::NamedTempFile::new_in(dir)?;
        draft.write_all(text.as_bytes())?;
        draft.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
        draft.as_file().sync_all()?;
        draft.persist(path).map_err(|e| e.error)?;
        Ok(())
    });
    written.map_err(|e| unwritten(path, &e))
}

fn unwritten(path: &Path, error: &io::Error) -> Fault {
    fault!(FaultCode::Io, "install-failed", path = path.display(), error = error)
}

fn unread(path: &Path, error: &io::Error) -> Fault {
    fault!(FaultCode::Io, "install-unread", path = path.display(), error = error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put_there(path: &Path, text: &str, changed: Changed) -> Placed {
        place(path, text, false, changed, false).unwrap()
    }

    #[test]
    fn what_a_person_has_changed_is_kept_until_they_say_otherwise() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sub/rpad.service");
        assert_eq!(place(&path, "one\n", false, Changed::Keep, true).unwrap(), Placed::New);
        assert!(!path.exists(), "a dry run writes nothing");
        assert_eq!(put_there(&path, "one\n", Changed::Keep), Placed::New);
        assert_eq!(put_there(&path, "one\n", Changed::Keep), Placed::Same);
        assert_eq!(put_there(&path, "two\n", Changed::Keep), Placed::Newer);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.clone() + "Nice=5\n").unwrap();
        let new = dir.path().join("sub/rpad.service.new");
        assert_eq!(put_there(&path, "three\n", Changed::Keep), Placed::Kept(new.clone()));
        assert_eq!(fs::read_to_string(&path).unwrap(), text.clone() + "Nice=5\n");
        assert!(fs::read_to_string(&new).unwrap().ends_with("\nthree\n"));
        let old = dir.path().join("sub/rpad.service.old");
        assert_eq!(remove(&path, Changed::Keep, false).unwrap(), Some(Gone::Left));
        assert_eq!(put_there(&path, "three\n", Changed::Replace), Placed::Forced(old.clone()));
        assert_eq!(fs::read_to_string(old).unwrap(), text + "Nice=5\n");
        assert_eq!(remove(&path, Changed::Keep, false).unwrap(), Some(Gone::Removed));
        assert_eq!(remove(&path, Changed::Keep, false).unwrap(), None);
    }

    #[test]
    fn a_masked_unit_and_settings_are_a_persons() {
        let dir = tempfile::tempdir().unwrap();
        let masked = dir.path().join("rpad.service");
        std::os::unix::fs::symlink("/dev/null", &masked).unwrap();
        assert!(matches!(put_there(&masked, "one\n", Changed::Keep), Placed::Kept(_)));
        assert!(masked.is_symlink());
        let settings = dir.path().join("rpad.toml");
        fs::write(&settings, "[daemon]\n").unwrap();
        let placed = place(&settings, "# all\n", true, Changed::Replace, false).unwrap();
        assert_eq!(placed, Placed::Same);
        assert_eq!(fs::read_to_string(&settings).unwrap(), "[daemon]\n");
    }
}
