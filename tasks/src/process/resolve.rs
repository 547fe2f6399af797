//! Which file a program's name means.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::spawn::SpawnError;

/// Where programs are looked up when `PATH` is not set.
pub const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Finds `program` as the child would: a name with a slash is a path, relative to
/// `dir`; any other is looked up in `path`, the child's own `PATH`.
///
/// Done beforehand, because once a shell has tried and failed, its exit code 127
/// cannot be told from one of the program itself.
pub fn resolve(program: &str, path: &OsStr, dir: &Path) -> Result<PathBuf, SpawnError> {
    if program.is_empty() {
        return Err(SpawnError::NotFound { program: program.to_owned() });
    }
    let candidates: Vec<PathBuf> = if program.contains('/') {
        vec![dir.join(program)]
    } else {
        // an empty part of PATH means the working directory
        std::env::split_paths(path).map(|part| dir.join(part).join(program)).collect()
    };
    let mut refused = false;
    for candidate in candidates {
        if !candidate.is_file() {
            continue;
        }
        if access(&candidate, Access::EXEC_OK).is_ok() {
            return Ok(candidate);
        }
        refused = true;
    }
    let program = program.to_owned();
    Err(if refused {
        SpawnError::NotExecutable { program }
    } else {
        SpawnError::NotFound { program }
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn looks_where_the_child_would() {
        let dir = tempfile::tempdir().unwrap();
        let bin = dir.path().join("bin");
        fs::create_dir(&bin).unwrap();
        fs::write(bin.join("tool"), "").unwrap();
        fs::write(bin.join("plain"), "").unwrap();
        fs::set_permissions(bin.join("tool"), PermissionsExt::from_mode(0o755)).unwrap();
        fs::set_permissions(bin.join("plain"), PermissionsExt::from_mode(0o644)).unwrap();
        let path = OsStr::new("/nowhere:bin");

        assert_eq!(resolve("tool", path, dir.path()).unwrap(), bin.join("tool"));
        assert_eq!(resolve("bin/tool", OsStr::new(""), dir.path()).unwrap(), bin.join("tool"));
        let found = |program| resolve(program, path, dir.path()).map_err(|e| e.to_string());
        assert_eq!(found("absent"), Err("absent: no such program".into()));
        assert_eq!(found("plain"), Err("plain: not executable".into()));
        assert_eq!(found("./tool"), Err("./tool: no such program".into()));
        assert!(found("").is_err());
    }
}
