//! Where secrets come from: a directory of files, one secret each.
//!
//! Under systemd that is `$CREDENTIALS_DIRECTORY`, else `secrets/` in the state
//! directory. The directory and the files must be closed to everybody else.
//! Values are read for one attempt and kept nowhere.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rpa_config::expr::SecretSource;
use rpa_engine::Ident;

/// Largest secret in bytes: a key file with room.
const LARGEST: u64 = 64 * 1024;

#[derive(Clone, Debug)]
pub struct SecretDir {
    dir: PathBuf,
}

impl SecretDir {
    pub fn new(dir: PathBuf) -> SecretDir {
        SecretDir { dir }
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether there is a secret of this name, be it one that may be read or not.
    pub fn has(&self, name: &Ident) -> bool {
        self.path(name).exists()
    }

    fn path(&self, name: &Ident) -> PathBuf {
        // an identifier has no dots and no slashes: it cannot leave the directory
        self.dir.join(name.as_str())
    }
}

impl SecretSource for SecretDir {
    fn get(&self, name: &Ident) -> Result<Option<String>, String> {
        match fs::metadata(&self.dir) {
            Ok(meta) => closed(&meta, "its directory")?,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e.to_string()),
        }
        let path = self.path(name);
        let meta = match fs::metadata(&path) {
            Ok(meta) => meta,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e.to_string()),
        };
        closed(&meta, "its file")?;
        if !meta.is_file() || meta.len() > LARGEST {
            return Err(format!("it is not a file of at most {LARGEST} bytes"));
        }
        let text = fs::read_to_string(&path).map_err(|e| e.to_string())?;
        // an editor's last line end is not part of a password
        Ok(Some(text.strip_suffix('\n').map_or(text.clone(), str::to_owned)))
    }
}

/// Refuses what group or others may read or write.
fn closed(meta: &fs::Metadata, what: &str) -> Result<(), String> {
    let own = rustix::process::geteuid().as_raw();
    if meta.uid() != own && meta.uid() != 0 {
        return Err(format!("{what} belongs to user {}, not to the daemon's", meta.uid()));
    }
    match meta.mode() & 0o077 {
        0 => Ok(()),
        open => Err(format!(
            "{what} is open to others (mode {:04o}, {open:03o} too much): chmod it to 0400, its \
             directory to 0700",
            meta.mode() & 0o7777
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn only_closed_files_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let mode = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        let secrets = SecretDir::new(dir.path().to_owned());
        let name: Ident = "token".parse().unwrap();
        mode(dir.path(), 0o700);
        assert_eq!(secrets.get(&name), Ok(None));
        assert!(!secrets.has(&name));
        let file = dir.path().join("token");
        fs::write(&file, "s3cret\n").unwrap();
        mode(&file, 0o400);
        assert_eq!(secrets.get(&name), Ok(Some("s3cret".into())));
        mode(&file, 0o440);
        assert!(secrets.get(&name).unwrap_err().contains("its file is open"));
        assert!(secrets.has(&name), "it is there all the same");
        mode(&file, 0o400);
        mode(dir.path(), 0o755);
        assert!(secrets.get(&name).unwrap_err().contains("its directory is open"));
    }
}
