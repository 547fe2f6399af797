//! `file.write`: a whole file at once.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use futures::FutureExt;
use futures::future::BoxFuture;
use rpa_engine::{Map, Value};

use crate::Task;
use crate::atomic::{self, AtomicFile};
use crate::context::{Context, Ended};
use crate::fail;
use crate::input::{Input, refuse};

/// Permissions when `mode` does not say otherwise; the daemon's umask, meant for
/// its own files, does not apply.
pub(crate) const DEFAULT_MODE: u32 = 0o644;

#[derive(Debug)]
pub(crate) struct Write;

impl Task for Write {
    fn kind(&self) -> &'static str {
        "file.write"
    }

    fn run<'a>(&'a self, ctx: &'a Context, input: Map) -> BoxFuture<'a, Ended> {
        async move { run(ctx, &Input::new(input)).await.into() }.boxed()
    }
}

async fn run(ctx: &Context, input: &Input) -> Result<Value, Ended> {
    let path = super::path(ctx, input)?;
    let bytes = content(input.required_document("content")?);
    let mode = input.text("mode")?.map_or(Ok(DEFAULT_MODE), mode)?;
    let create_dirs = input.flag("create_dirs", true)?;
    let output = Value::from([
        ("path", Value::Text(path.to_string_lossy().into_owned())),
        ("bytes", Value::Int(bytes.len() as i64)),
    ]);
    if ctx.cancel.is_cancelled() {
        return Err(Ended::Stopped);
    }
    ctx.mark().await?;
    let what = format!("cannot write {}", path.display());
    let job = Job { path, bytes, mode, create_dirs };
    match super::off_runtime(ctx, move || job.write()).await {
        Some(done) => match done.flatten() {
            Ok(()) => Ok(output),
            Err(e) => Err(Ended::failed(fail::io(&what, &e))),
        },
        None => {
            Err(Ended::Lost("the file was still being written when the step was stopped".into()))
        }
    }
}

struct Job {
    path: PathBuf,
    bytes: Vec<u8>,
    mode: u32,
    create_dirs: bool,
}

impl Job {
    fn write(self) -> io::Result<()> {
        if self.create_dirs {
            atomic::create_dirs(atomic::parent(Path::new(&self.path)))?;
        }
        let file = AtomicFile::create(&self.path)?;
        file.file().write_all(&self.bytes)?;
        file.commit(self.mode)
    }
}

/// Text as it stands, any other document as indented JSON with a line end.
fn content(value: &Value) -> Vec<u8> {
    match value {
        Value::Text(text) => text.clone().into_bytes(),
        other => format!("{:#}\n", rpa_config::json::to_json(other)).into_bytes(),
    }
}

fn mode(octal: &str) -> Result<u32, Ended> {
    let digits = (3..=5).contains(&octal.len()) && octal.bytes().all(|b| matches!(b, b'0'..=b'7'));
    let mode = u32::from_str_radix(octal, 8).ok().filter(|mode| digits && *mode <= 0o7777);
    mode.ok_or_else(|| refuse("mode", "must be octal permissions such as \"0644\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_octal() {
        assert_eq!(mode("0644"), Ok(0o644));
        assert_eq!(mode("755"), Ok(0o755));
        assert_eq!(mode("01777"), Ok(0o1777));
        for bad in ["", "44", "0o644", "+644", "0844", "10000", "rw-"] {
            assert!(mode(bad).is_err(), "{bad}");
        }
    }
}
