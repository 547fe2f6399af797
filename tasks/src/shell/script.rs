//! The command text as a file, and the shell that reads it.

use std::io::Write;
use std::path::Path;

use rpa_engine::Value;
use tokio::task::spawn_blocking;

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
pub(super) async fn write(dir: &Path, command: &str) -> Result<(), Ended> {
    let (dir, command) = (dir.to_owned(), command.to_owned());
    let written = spawn_blocking(move || {
        let mut file = tempfile::Builder::new().prefix(NAME).tempfile_in(&dir)?;
        file.write_all(command.as_bytes())?;
        if !command.ends_with('\n') {
            file.write_all(b"\n")?;
        }
        file.persist(dir.join(NAME)).map_err(|e| e.error)?;
        Ok(())
    });
    let written = written.await.map_err(std::io::Error::other).flatten();
    written.map_err(|e| Ended::NeverStarted(fail::io("cannot write the command's script", &e)))
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
