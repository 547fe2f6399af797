//! The first bytes of every connection: who speaks which protocol, for what.
//!
//! Client: `RPAD`, protocol version (u16, little endian), mode (u8), what it is (u8).
//! Server: `RPAD`, its version (u16), verdict (u8, 0 = go on). Nothing else is
//! read before the verdict, so an unequal version is a fault that names both.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::fault;
use crate::fault::{Fault, FaultCode};

/// Changes with every incompatible change of service, views or codec.
pub const PROTOCOL: u16 = 6;

const MAGIC: [u8; 4] = *b"RPAD";
/// Bytes of the client's greeting. Its first six never change their meaning.
const HELLO: usize = 8;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// tarpc calls.
    Calls,
    /// One framed [`crate::service::FollowRequest`], then log pages until the end.
    Logs,
    /// One framed [`crate::backup::BackupRequest`], then a backup, see there.
    Backup,
}

/// What the client is: recorded with everything that it causes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Via {
    /// The command line `rpa`, and programs.
    #[default]
    Cli,
    /// The interactive console.
    Console,
}

/// A greeting that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Greeting {
    pub mode: Mode,
    pub via: Via,
}

/// The daemon's answer to a greeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Go = 0,
    WrongVersion = 1,
    UnknownMode = 2,
    /// The peer may not use this daemon.
    Denied = 3,
    /// All connections are taken.
    Busy = 4,
}

/// Client side.
pub async fn greet<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    greeting: Greeting,
) -> Result<(), Fault> {
    let mut hello = [0u8; HELLO];
    hello[..4].copy_from_slice(&MAGIC);
    hello[4..6].copy_from_slice(&PROTOCOL.to_le_bytes());
    hello[6] = match greeting.mode {
        Mode::Calls => 0,
        Mode::Logs => 1,
        Mode::Backup => 2,
    };
    hello[7] = match greeting.via {
        Via::Cli => 0,
        Via::Console => 1,
    };
    let mut answer = [0u8; 7];
    let exchange = async {
        stream.write_all(&hello).await?;
        stream.read_exact(&mut answer).await?;
        io::Result::Ok(())
    };
    let broken = |e: io::Error| fault!(FaultCode::Unreachable, "greeting-broken", error = e);
    exchange.await.map_err(broken)?;
    let theirs = u16::from_le_bytes([answer[4], answer[5]]);
    if answer[..4] != MAGIC {
        return Err(fault!(FaultCode::Protocol, "not-rpad"));
    }
    match answer[6] {
        0 => Ok(()),
        3 => Err(fault!(FaultCode::Denied, "peer-refused")),
        4 => Err(fault!(FaultCode::Busy, "connections-taken")),
        _ => Err(fault!(FaultCode::Protocol, "protocols-differ", ours = PROTOCOL, theirs = theirs)),
    }
}

/// Server side: `verdict` is what stands against the peer itself, if anything.
/// `Ok(None)` means that the peer was answered and is to be dropped. A client of
/// another protocol is answered after six bytes: its greeting may be shorter.
pub async fn receive<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    verdict: Verdict,
) -> io::Result<Option<Greeting>> {
    let mut hello = [0u8; 6];
    stream.read_exact(&mut hello).await?;
    if hello[..4] != MAGIC {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not an rpad greeting"));
    }
    let (verdict, greeting) = if u16::from_le_bytes([hello[4], hello[5]]) != PROTOCOL {
        (Verdict::WrongVersion, None)
    } else {
        let mut rest = [0u8; HELLO - 6];
        stream.read_exact(&mut rest).await?;
        match (verdict, understood(rest)) {
            (Verdict::Go, None) => (Verdict::UnknownMode, None),
            (Verdict::Go, Some(greeting)) => (Verdict::Go, Some(greeting)),
            (refusal, _) => (refusal, None),
        }
    };
    let mut answer = [0u8; 7];
    answer[..4].copy_from_slice(&MAGIC);
    answer[4..6].copy_from_slice(&PROTOCOL.to_le_bytes());
    answer[6] = verdict as u8;
    stream.write_all(&answer).await?;
    Ok(greeting)
}

fn understood([mode, via]: [u8; 2]) -> Option<Greeting> {
    let mode = match mode {
        0 => Mode::Calls,
        1 => Mode::Logs,
        2 => Mode::Backup,
        _ => return None,
    };
    let via = match via {
        0 => Via::Cli,
        1 => Via::Console,
        _ => return None,
    };
    Some(Greeting { mode, via })
}
