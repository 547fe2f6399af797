//! The first bytes of a connection: whose daemon it is, and which runner.
//!
//! ```text
//! daemon   RPRN  protocol u16  instance 16 bytes  epoch u64
//! runner   RPRN  protocol u16  verdict u8  epoch u64  pid u32  build u64  release u8 + bytes
//! ```
//! Numbers are little endian. Both forms are the same in every version: whoever meets
//! another version knows at least that.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Changes with [`super::Offer`], and with nothing else.
pub const PROTOCOL: u16 = 1;

const MAGIC: [u8; 4] = *b"RPRN";
const HELLO: usize = 4 + 2 + 16 + 8;
const WELCOME: usize = 4 + 2 + 1 + 8 + 4 + 8 + 1;

/// The daemon, as it presents itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hello {
    pub protocol: u16,
    /// Of its store.
    pub instance: [u8; 16],
    /// Which start of the daemon on that store it is, counted: a later one takes over.
    pub epoch: u64,
}

/// The runner's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Welcome {
    pub protocol: u16,
    pub verdict: Verdict,
    /// The highest epoch that it has seen.
    pub epoch: u64,
    pub pid: u32,
    /// Differs between builds of one release.
    pub build: u64,
    pub release: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Go = 0,
    /// It holds attempts of another daemon.
    OtherInstance = 1,
    /// A later start of the same daemon has been here.
    OlderEpoch = 2,
}

impl Hello {
    pub async fn send(&self, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(HELLO);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&self.protocol.to_le_bytes());
        bytes.extend_from_slice(&self.instance);
        bytes.extend_from_slice(&self.epoch.to_le_bytes());
        stream.write_all(&bytes).await
    }

    pub async fn receive(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Hello> {
        let mut bytes = [0; HELLO];
        stream.read_exact(&mut bytes).await?;
        let mut bytes = Bytes(&bytes);
        bytes.magic()?;
        Ok(Hello {
            protocol: u16::from_le_bytes(bytes.take()?),
            instance: bytes.take()?,
            epoch: u64::from_le_bytes(bytes.take()?),
        })
    }
}

impl Welcome {
    pub async fn send(&self, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        let release = &self.release.as_bytes()[..self.release.len().min(u8::MAX.into())];
        let mut bytes = Vec::with_capacity(WELCOME + release.len());
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&self.protocol.to_le_bytes());
        bytes.push(self.verdict as u8);
        bytes.extend_from_slice(&self.epoch.to_le_bytes());
        bytes.extend_from_slice(&self.pid.to_le_bytes());
        bytes.extend_from_slice(&self.build.to_le_bytes());
        bytes.push(u8::try_from(release.len()).unwrap_or(u8::MAX));
        bytes.extend_from_slice(release);
        stream.write_all(&bytes).await
    }

    pub async fn receive(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Welcome> {
        let mut bytes = [0; WELCOME];
        stream.read_exact(&mut bytes).await?;
        let mut bytes = Bytes(&bytes);
        bytes.magic()?;
        let protocol = u16::from_le_bytes(bytes.take()?);
        let verdict = match bytes.take()? {
            [0] => Verdict::Go,
            [1] => Verdict::OtherInstance,
            [2] => Verdict::OlderEpoch,
            [other] => return Err(invalid(&format!("verdict {other} is unknown"))),
        };
        let epoch = u64::from_le_bytes(bytes.take()?);
        let pid = u32::from_le_bytes(bytes.take()?);
        let build = u64::from_le_bytes(bytes.take()?);
        let [length] = bytes.take()?;
        let mut release = vec![0; length.into()];
        stream.read_exact(&mut release).await?;
        let release = String::from_utf8_lossy(&release).into_owned();
        Ok(Welcome { protocol, verdict, epoch, pid, build, release })
    }
}

/// What is left to be read of a greeting.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let (head, rest) =
            self.0.split_first_chunk::<N>().ok_or_else(|| invalid("it is too short"))?;
        self.0 = rest;
        Ok(*head)
    }

    fn magic(&mut self) -> io::Result<()> {
        match self.take()? {
            MAGIC => Ok(()),
            _ => Err(invalid("it is not one of rpad and its runner")),
        }
    }
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a greeting that is not understood: {why}"))
}
