//! `file.read` and `file.write`: one regular file, whole.

mod format;
mod read;
mod write;

pub(crate) use read::Read;
pub(crate) use write::{DEFAULT_MODE, Write};

use std::io;
use std::path::PathBuf;

use tokio::task::spawn_blocking;

use crate::context::{Context, Ended};
use crate::input::{Input, refuse};

/// The input `path`, below the step's directory when it is relative.
fn path(ctx: &Context, input: &Input) -> Result<PathBuf, Ended> {
    place(ctx, "path", input.required_text("path")?)
}

/// Where the file named by the input `name` lies.
pub(crate) fn place(ctx: &Context, name: &str, path: &str) -> Result<PathBuf, Ended> {
    if path.is_empty() || path.contains('\0') {
        return Err(refuse(name, "is not a path"));
    }
    std::path::absolute(ctx.dir.join(path)).map_err(|e| refuse(name, &e.to_string()))
}

/// Does file work off the runtime. After a cancel it may go on for the step's time
/// of grace; `None` says that it did not end by then: a file system that hangs.
async fn off_runtime<T: Send + 'static>(
    ctx: &Context,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<io::Result<T>> {
    let patience = async {
        ctx.cancel.cancelled().await;
        tokio::time::sleep(ctx.grace).await;
    };
    tokio::select! {
        biased;
        done = spawn_blocking(work) => Some(done.map_err(io::Error::other)),
        () = patience => None,
    }
}
