//! Which machine: a destination of ssh, and never an option of it.

use std::fmt;
use std::str::FromStr;

use rpa_ipc::{Fault, FaultCode, fault, said};

/// Names the machine where `--host` is not given.
pub const HOST_ENV: &str = "RPA_HOST";
/// Longest destination: a name of DNS, a user, and room for `ssh://` and a port.
const LONGEST: usize = 512;

/// `host`, `user@host`, `ssh://user@host:port`, or a name of ssh's own settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(String);

/// Not a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write it like host, user@host or ssh://user@host:2222")]
pub struct NoHost;

impl Host {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one of the flag, else that of the environment; an empty one counts as absent.
    pub fn of(flag: Option<Host>) -> Result<Option<Host>, Fault> {
        if flag.is_some() {
            return Ok(flag);
        }
        let named = std::env::var(HOST_ENV).unwrap_or_default();
        if named.is_empty() {
            return Ok(None);
        }
        let wrong = |_| fault!(FaultCode::Usage, "host-name", host = named);
        named.parse().map(Some).map_err(|e| wrong(e).hint(said!("hint-host-name")))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Host {
    type Err = NoHost;

    fn from_str(text: &str) -> Result<Host, NoHost> {
        let odd = |c: char| c.is_control() || c.is_whitespace();
        // ssh is also told by `--` where its options end; but not every program that
        // stands in its place knows that
        let refused = text.is_empty() || text.len() > LONGEST || text.starts_with('-');
        if refused || text.contains(odd) { Err(NoHost) } else { Ok(Host(text.to_owned())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_never_an_option() {
        for good in ["ops1", "root@10.0.0.7", "ssh://me@ops:2222", "a-b"] {
            assert_eq!(good.parse::<Host>().unwrap().as_str(), good);
        }
        for bad in ["", "-oProxyCommand=x", "--", "a b", "a\nb", "a\u{1b}b", &"x".repeat(600)] {
            assert_eq!(bad.parse::<Host>(), Err(NoHost), "{bad}");
        }
    }
}
