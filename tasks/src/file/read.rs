//! `file.read`: a file as text or as a document.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::SystemTime;

use futures::FutureExt;
use futures::future::BoxFuture;
use rpa_engine::{ErrorClass, Map, TaskError, Value};
use rustix::fs::{Mode, OFlags};

use super::format::Format;
use crate::Task;
use crate::context::{Context, Ended};
use crate::fail::{self, code};
use crate::input::Input;

/// Most bytes read when `max` does not say otherwise.
const DEFAULT_MAX: u64 = 4 * 1024 * 1024;

#[derive(Debug)]
pub(crate) struct Read;

impl Task for Read {
    fn kind(&self) -> &'static str {
        "file.read"
    }

    fn run<'a>(&'a self, ctx: &'a Context, input: Map) -> BoxFuture<'a, Ended> {
        async move { run(ctx, &Input::new(input)).await.into() }.boxed()
    }
}

async fn run(ctx: &Context, input: &Input) -> Result<Value, Ended> {
    let path = super::path(ctx, input)?;
    let format = Format::named(input.choice("format", &Format::WORDS)?);
    let max = input.count("max", DEFAULT_MAX)?;
    let limit = Limit::new(max, ctx.output_limit);
    if ctx.cancel.is_cancelled() {
        return Err(Ended::Stopped);
    }
    match super::off_runtime(ctx, move || read(&path, format, limit)).await {
        Some(Ok(done)) => done.map_err(Ended::failed),
        Some(Err(e)) => Err(Ended::failed(fail::io("cannot read the file", &e))),
        // reading leaves nothing behind
        None => Err(Ended::Stopped),
    }
}

/// The smaller of the two limits, and which one it is.
#[derive(Clone, Copy)]
struct Limit {
    bytes: u64,
    name: &'static str,
}

impl Limit {
    fn new(max: u64, output_limit: usize) -> Limit {
        let output_limit = output_limit as u64;
        if max <= output_limit {
            Limit { bytes: max, name: "`max`" }
        } else {
            Limit { bytes: output_limit, name: "the most that a step's output may hold" }
        }
    }
}

fn read(path: &Path, format: Format, limit: Limit) -> Result<Value, TaskError> {
    let name = path.display();
    let failed = |e: io::Error| fail::io(&format!("cannot read {name}"), &e);
    let file = open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // one more than allowed, to notice a file that is larger or grows
    (&file).take(limit.bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    let size = bytes.len() as u64;
    if size > limit.bytes {
        let message = format!("{name} is larger than {} bytes, {}", limit.bytes, limit.name);
        return Err(fail::error(ErrorClass::InvalidInput, code::TOO_LARGE, message));
    }
    let modified = file.metadata().and_then(|m| m.modified()).map_err(failed)?;
    let content = format.read(bytes).map_err(|e| fail::input(format!("{name} {e}")))?;
    Ok(Value::from([
        ("content", content),
        ("bytes", Value::Int(size.cast_signed())),
        ("modified", rfc3339(modified)),
    ]))
}

/// Opens a regular file. A FIFO without a writer would hold a plain open for ever.
fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "is not a regular file"))
    }
}

/// Null for a time outside the years that can be written.
fn rfc3339(time: SystemTime) -> Value {
    jiff::Timestamp::try_from(time).map_or(Value::Null, |t| Value::Text(t.to_string()))
}
