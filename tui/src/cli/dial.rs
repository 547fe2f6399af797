//! `rpa dial`: the end over there of `rpa --host`. Hidden: programs call it.
//!
//! It writes the mark of `remote::MARK`, then carries bytes both ways until one side
//! has no more. What keeps it from that is one JSON document on standard error: the
//! `rpa` that called reads it.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::thread;

use rpa_ipc::{Fault, FaultCode, client, fault};

use super::exit::{Exit, Failure};
use super::json::ErrorDocument;
use super::printer::encoded;
use super::session::Session;
use crate::remote::MARK;

/// Bytes that are carried at once.
const PIECE: usize = 64 * 1024;

/// Join standard input and output to the daemon's socket, for rpa --host
#[derive(Debug, clap::Args)]
#[command(
    hide = true,
    after_help = "\
Examples:
  ssh ops1 rpa dial                   what rpa --host ops1 runs"
)]
pub struct Args {}

pub async fn run(_: &Args, session: &mut Session) -> Result<Exit, Failure> {
    match dialled(session).await {
        Ok(()) => Ok(Exit::OK),
        Err(fault) => {
            let said = [encoded(&ErrorDocument::of(&fault))?, b"\n".to_vec()].concat();
            session.err.raw(&said)?;
            Ok(Exit(fault.code.exit()))
        }
    }
}

async fn dialled(session: &Session) -> Result<(), Fault> {
    let stream = client::dial(&session.socket()?).await?;
    let broken = |e: io::Error| fault!(FaultCode::Io, "output-failed", error = e);
    let stream = stream.into_std().map_err(broken)?;
    stream.set_nonblocking(false).map_err(broken)?;
    join(&stream).map_err(broken)
}

/// Returns when the daemon has hung up, or whoever called has.
fn join(stream: &UnixStream) -> io::Result<()> {
    // not the usual handles: they keep bytes back until a line is whole
    let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    output.write_all(MARK)?;
    let towards = stream.try_clone()?;
    // ends with the process at the latest
    thread::spawn(move || {
        let _ = carry(&input, &towards);
        // nobody is there any more who would read an answer
        let _ = towards.shutdown(Shutdown::Both);
    });
    carry(stream, &output)
}

fn carry(mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => to.write_all(&piece[..length])?,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}
