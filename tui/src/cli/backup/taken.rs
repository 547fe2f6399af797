//! The bytes of a backup into a file of the caller's.

use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use rpa_ipc::backup::{self, BackupRequest, Checked, Draft, Kept, Part};
use rpa_ipc::{Fault, FaultCode, fault};

use super::Args;
use crate::cli::exit::Failure;
use crate::cli::session::Session;
use crate::cli::text::size;

/// How often the progress is shown.
const SHOWN: Duration = Duration::from_millis(200);

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
    let mut progress = Progress::new(session);
    loop {
        match stream.next().await? {
            Part::Begin { bytes } => progress.expected = bytes,
            Part::Data(bytes) => {
                draft.write_all(&bytes).map_err(failed)?;
                progress.add(bytes.len() as u64, session)?;
            }
            Part::End => break,
        }
    }
    draft.sync().map_err(failed)?;
    progress.checking(session)?;
    // what is on the disk is read again, and not what was sent
    let checked = backup::check(draft.path()).map_err(|bad| bad.fault(file))?;
    draft.keep(args.force).map_err(failed)?;
    progress.end(session)?;
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

/// How far it is, on a terminal.
struct Progress {
    expected: u64,
    done: u64,
    shown: Option<Instant>,
    terminal: bool,
}

impl Progress {
    fn new(session: &Session) -> Progress {
        let terminal = session.err.look.terminal() && !session.json;
        Progress { expected: 0, done: 0, shown: None, terminal }
    }

    fn add(&mut self, bytes: u64, session: &mut Session) -> Result<(), Failure> {
        self.done += bytes;
        if self.shown.is_some_and(|shown| shown.elapsed() < SHOWN) {
            return Ok(());
        }
        self.shown = Some(Instant::now());
        // the store's file is larger than what is in it
        let expected = size(self.expected.max(self.done));
        self.show(&format!("{} of at most {expected}", size(self.done)), session)
    }

    fn checking(&self, session: &mut Session) -> Result<(), Failure> {
        self.show(&format!("{} written; checking them", size(self.done)), session)
    }

    fn end(&self, session: &mut Session) -> Result<(), Failure> {
        self.show("", session)
    }

    /// In the place of what was shown before.
    fn show(&self, text: &str, session: &mut Session) -> Result<(), Failure> {
        if !self.terminal {
            return Ok(());
        }
        session.err.raw(format!("\r{text}\x1b[K").as_bytes())?;
        session.err.flush()
    }
}
