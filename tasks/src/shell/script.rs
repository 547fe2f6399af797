//! The command text as a file, and the shell that reads it.

use std::io::Write;
use std::path::Path;

use rpa_engine::Value;

use crate::context::Ended;
use crate::fail;
use crate::input::{refuse, wrong_type};

/// In the step's directory, which is also the command's working directory.
const NAME: &str = ".rpad-script";

/// The command line for the input `shell`: `sh`, `bash`, or a list whose last
/// argument the script's name becomes.
pub(super) fn argv(shell: Option<&Value>) -> Result<Vec<String>, Ended> {
    let mut argv: Vec<String> = match shell {
        None => words(&["/bin/sh", "-eu"]),
        Some(Value::Text(name)) if name == "sh" => words(&["/bin/sh", "-eu"]),
        Some(Value::Text(name)) if name == "bash" => words(&["bash", "-eu", "-o", "pipefail"]),
        Some(Value::Text(_)) => return Err(refuse("shell", "must be sh, bash or a list")),
        Some(Value::List(items)) if items.is_empty() => {
            return Err(refuse("shell", "the list is empty"));
        }
        Some(Value::List(items)) => items.iter().map(argument).collect::<Result<_, _>>()?,
        Some(other) => return Err(wrong_type("shell", "string or list", other)),
    };
    argv.push(NAME.to_owned());
    Ok(argv)
}

/// Writes the script, readable only by its owner. It replaces the one of an
/// earlier attempt as a file, not its content: a process of that attempt which
/// got away may still be reading.
pub(super) fn write(dir: &Path, command: &str) -> Result<(), Ended> {
    let write = || {
        let mut file = tempfile::Builder::new().prefix(NAME).tempfile_in(dir)?;
        file.write_all(command.as_bytes())?;
        if !command.ends_with('\n') {
            file.write_all(b"\n")?;
        }
        file.persist(dir.join(NAME)).map_err(|e| e.error)?;
        Ok(())
    };
    write().map_err(|e| Ended::NeverStarted(fail::io("cannot write the command's script", &e)))
}

/// The words of a command that a shell would do nothing to but start it: the full path
/// of a program, then words without any character that means something to a shell.
pub(super) fn direct(shell: Option<&Value>, command: &str) -> Option<Vec<String>> {
    let is_sh = match shell {
        None => true,
        Some(Value::Text(name)) => name == "sh",
        Some(_) => false,
    };
    let command = command.trim_matches([' ', '\t', '\n']);
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_@%+=:,./- \t".contains(&b);
    if !is_sh || !command.starts_with('/') || !command.bytes().all(plain) {
        return None;
    }
    Some(command.split([' ', '\t']).filter(|w| !w.is_empty()).map(str::to_owned).collect())
}

fn argument(item: &Value) -> Result<String, Ended> {
    match item {
        Value::Text(text) if text.contains('\0') => {
            Err(refuse("shell", "an argument holds a NUL character"))
        }
        Value::Text(text) => Ok(text.clone()),
        other => Err(wrong_type("shell", "list of strings", other)),
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
