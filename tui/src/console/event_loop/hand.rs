//! A text handed to an editor or a pager, which has the terminal meanwhile.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use tokio::process::{Child, Command};

use crate::console::private;
use crate::console::state::{EditGiven, Edited, Job, Tool};

/// Bytes of a file that are read back: more than a workflow may have.
const MOST: u64 = 16 << 20;
/// 128 and the signal's number, as a shell says it.
const SIGNALLED: i32 = 128;

/// A program that has the terminal.
#[derive(Debug)]
pub(super) struct Handed {
    pub(super) job: Job,
    pub(super) path: PathBuf,
    pub(super) child: Child,
}

impl Job {
    /// Starts the program. What went wrong comes as if the program had ended.
    pub(super) fn start(self) -> Result<Handed, Box<Edited>> {
        let failed = |job: Job, path: Option<PathBuf>, error: &io::Error| {
            Box::new(Edited { job, path, given: EditGiven::Fault(error.to_string()) })
        };
        let path = match &self.path {
            Some(path) => path.clone(),
            None => match private_file(&self.file_name, &self.text) {
                Ok(path) => path,
                Err(error) => return Err(failed(self, None, &error)),
            },
        };
        let program = program(self.tool, &|name| std::env::var(name).ok());
        // as git does: what is set may have options, and quotes around them
        let child = Command::new("/bin/sh")
            .arg("-c")
            .arg(format!("{program} \"$@\""))
            .arg(&program)
            .arg(&path)
            .spawn();
        match child {
            Ok(child) => Ok(Handed { job: self, path, child }),
            Err(error) => Err(failed(self, Some(path), &error)),
        }
    }
}

impl Handed {
    /// The program has ended.
    pub(super) fn ended(self, status: io::Result<ExitStatus>) -> Edited {
        // what a pager was given may be far longer than a text that is edited
        let text = match self.job.tool {
            Tool::Editor => read(&self.path),
            Tool::Pager => Ok(String::new()),
        };
        let given = match (status, text) {
            (Err(error), _) | (Ok(_), Err(error)) => EditGiven::Fault(error.to_string()),
            (Ok(status), Ok(text)) if status.success() => EditGiven::Text(text),
            (Ok(status), Ok(text)) => {
                let signal = status.signal().map_or(0, |signal| SIGNALLED + signal);
                EditGiven::Failed { code: status.code().unwrap_or(signal), text }
            }
        };
        Edited { job: self.job, path: Some(self.path), given }
    }
}

/// The editor or the pager of whoever sits here.
fn program(tool: Tool, variable: &impl Fn(&str) -> Option<String>) -> String {
    let (names, usual): (&[&str], _) = match tool {
        Tool::Editor => (&["VISUAL", "EDITOR"], "vi"),
        Tool::Pager => (&["PAGER"], "less"),
    };
    let set = names.iter().filter_map(|name| variable(name));
    set.map(|set| set.trim().to_owned()).find(|set| !set.is_empty()).unwrap_or(usual.to_owned())
}

/// A new file of that name, with a text in it.
pub(super) fn private_file(name: &str, text: &str) -> io::Result<PathBuf> {
    let (path, mut file) = private::file(name)?;
    file.write_all(text.as_bytes())?;
    Ok(path)
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let file = fs::File::open(path)?;
    let read = file.take(MOST + 1).read_to_string(&mut text)? as u64;
    if read > MOST {
        return Err(io::Error::other(format!("more than {MOST} bytes")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::console::private::discard;

    #[test]
    fn the_first_that_is_set_is_used() {
        let with = |set: &'static [(&'static str, &'static str)]| {
            move |name: &str| {
                set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
            }
        };
        let editor = |set| program(Tool::Editor, &with(set));
        assert_eq!(editor(&[("VISUAL", "code -w"), ("EDITOR", "nano")]), "code -w");
        assert_eq!(editor(&[("VISUAL", " "), ("EDITOR", "nano")]), "nano");
        assert_eq!(editor(&[]), "vi");
        assert_eq!(program(Tool::Pager, &with(&[("PAGER", "more")])), "more");
    }

    #[test]
    fn the_file_is_nobody_elses() {
        let path = private_file("a.yaml", "secret").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_eq!(read(&path).unwrap(), "secret");
        discard(&path);
        assert!(!path.parent().unwrap().exists());
        let other = tempfile::tempdir().unwrap();
        discard(&other.path().join("x"));
        assert!(other.path().exists(), "only what was made here");
    }
}
