//! Who is at the other end of a socket.

use std::fs;
use std::io;

use rpa_engine::actor::{Actor, Origin};
use rpa_ipc::hello::Via;
use tokio::net::UnixStream;

/// What the kernel says of a peer, at the moment it connected, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    pub uid: u32,
    pub gid: u32,
    /// The user's name, or `uid:N` without one.
    pub name: String,
    /// What its program says of itself.
    pub via: Via,
}

impl Peer {
    pub fn of(stream: &UnixStream) -> io::Result<Peer> {
        let credentials = stream.peer_cred()?;
        let uid = credentials.uid();
        let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
        Ok(Peer { uid, gid: credentials.gid(), name: user_name(&passwd, uid), via: Via::Cli })
    }

    pub fn actor(&self) -> Actor {
        let origin = match self.via {
            Via::Cli => Origin::Cli,
            Via::Console => Origin::Console,
        };
        Actor { who: self.name.clone(), origin }
    }
}

fn user_name(passwd: &str, uid: u32) -> String {
    let uid = uid.to_string();
    passwd
        .lines()
        .find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            (fields.nth(1) == Some(uid.as_str())).then(|| name.to_owned())
        })
        .unwrap_or_else(|| format!("uid:{uid}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_passwd() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n";
        assert_eq!(user_name(passwd, 1000), "ann");
        assert_eq!(user_name(passwd, 100), "uid:100");
    }
}
