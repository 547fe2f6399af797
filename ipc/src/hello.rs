//! The first bytes of every connection: who speaks which protocol, for what.
//!
//! Client: `RPAD`, protocol version (u16, little endian), mode (u8).
//! Server: `RPAD`, its version (u16), verdict (u8, 0 = go on). Nothing else is
//! read before the verdict, so an unequal version is a fault that names both.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::fault::{Fault, FaultCode};

/// Changes with every incompatible change of service, views or codec.
pub const PROTOCOL: u16 = 1;

const MAGIC: [u8; 4] = *b"RPAD";

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// tarpc calls.
    Calls,
    /// One framed [`crate::service::FollowRequest`], then log pages until the end.
    Logs,
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
    mode: Mode,
) -> Result<(), Fault> {
    let mode_byte = match mode {
        Mode::Calls => 0,
        Mode::Logs => 1,
    };
    let mut hello = [0u8; 7];
    hello[..4].copy_from_slice(&MAGIC);
    hello[4..6].copy_from_slice(&PROTOCOL.to_le_bytes());
    hello[6] = mode_byte;
    let mut answer = [0u8; 7];
    let exchange = async {
        stream.write_all(&hello).await?;
        stream.read_exact(&mut answer).await?;
        io::Result::Ok(())
    };
    exchange.await.map_err(|e| {
        Fault::new(FaultCode::Unreachable, format!("the daemon hung up during the greeting: {e}"))
    })?;
    let theirs = u16::from_le_bytes([answer[4], answer[5]]);
    if answer[..4] != MAGIC {
        return Err(Fault::new(FaultCode::Protocol, "what listens there is not rpad"));
    }
    match answer[6] {
        0 => Ok(()),
        3 => Err(Fault::new(FaultCode::Denied, "you may not use this daemon")),
        4 => Err(Fault::new(FaultCode::Busy, "all connections of the daemon are taken")),
        _ => Err(Fault::new(
            FaultCode::Protocol,
            format!("this client speaks protocol {PROTOCOL}, the daemon {theirs}"),
        )),
    }
}

/// Server side: `verdict` is what stands against the peer itself, if anything.
/// `Ok(None)` means that the peer was answered and is to be dropped.
pub async fn receive<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    verdict: Verdict,
) -> io::Result<Option<Mode>> {
    let mut hello = [0u8; 7];
    stream.read_exact(&mut hello).await?;
    if hello[..4] != MAGIC {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not an rpad greeting"));
    }
    let version = u16::from_le_bytes([hello[4], hello[5]]);
    let (verdict, mode) = match (version, hello[6]) {
        (v, _) if v != PROTOCOL => (Verdict::WrongVersion, None),
        (_, _) if verdict != Verdict::Go => (verdict, None),
        (_, 0) => (Verdict::Go, Some(Mode::Calls)),
        (_, 1) => (Verdict::Go, Some(Mode::Logs)),
        (_, _) => (Verdict::UnknownMode, None),
    };
    let mut answer = [0u8; 7];
    answer[..4].copy_from_slice(&MAGIC);
    answer[4..6].copy_from_slice(&PROTOCOL.to_le_bytes());
    answer[6] = verdict as u8;
    stream.write_all(&answer).await?;
    Ok(mode)
}
