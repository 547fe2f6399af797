//! The bytes of a backup into a file of the caller's.

use std::io::{self, Write};
use std::path::Path;

use rpa_ipc::backup::{self, BackupRequest, Checked, Draft, Kept, Part};
use rpa_ipc::{Fault, FaultCode, fault};

use super::Args;
use crate::cli::exit::Failure;
use crate::cli::session::Session;
use crate::cli::text::size;

/// Asks for a backup, writes it beside the name that it is to have, checks what was
/// written, and only then gives it that name.
pub(super) async fn take(args: &Args, session: &mut Session) -> Result<Checked, Failure> {
    let file = args.file.as_path();
    if !args.force && file.symlink_metadata().is_ok() {
        return Err(there(file).into());
    }
    let request = BackupRequest { history: args.history };
    let mut stream = session.way()?.back_up(&request).await?;
    let failed = |e: io::Error| written(file, &e);
    let mut draft = Draft::create(file).map_err(failed)?;
    let mut progress = session.progress();
    let (mut done, mut expected) = (0, 0);
    loop {
        match stream.next().await? {
            Part::Begin { bytes } => expected = bytes,
            Part::Data(bytes) => {
                draft.write_all(&bytes).map_err(failed)?;
                done += bytes.len() as u64;
                // the store's file is larger than what is in it
                let most: u64 = done.max(expected);
                progress.tell(|| format!("{} of at most {}", size(done), size(most)));
            }
            Part::End => break,
        }
    }
    draft.sync().map_err(failed)?;
    progress.tell(|| format!("{} written; checking them", size(done)));
    // what is on the disk is read again, and not what was sent
    let checked = backup::check(draft.path()).map_err(|bad| bad.fault(file))?;
    draft.keep(args.force).map_err(failed)?;
    drop(progress);
    let name = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let kept = Kept { file: name.display().to_string(), taken_ms: checked.head.taken_ms };
    stream.kept(&kept).await;
    Ok(checked)
}

fn there(file: &Path) -> Fault {
    fault!(FaultCode::FileThere, "backup-there", path = file.display())
}

fn written(file: &Path, error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::AlreadyExists => there(file),
        _ => fault!(FaultCode::Io, "file-unwritten", path = file.display(), error = error),
    }
}
