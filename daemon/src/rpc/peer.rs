//! Who is at the other end of a socket.

use std::collections::BTreeSet;
use std::fs;
use std::io;

use rpa_engine::actor::{Actor, Origin};
use rpa_ipc::hello::Via;
use rpa_ipc::{Fault, FaultCode, fault};
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

/// Whether the daemon would take people for others. In a user namespace of its own (as
/// systemd's `PrivateUsers=` makes one) the kernel tells it all users outside as one.
pub fn refuse_user_namespace() -> Result<(), Fault> {
    match fs::read_to_string("/proc/self/uid_map") {
        Ok(map) if !is_whole(&map) => {
            let map = map.split_whitespace().collect::<Vec<_>>().join(" ");
            Err(fault!(FaultCode::UserNamespace, "users-partial", map = map))
        }
        // where it cannot be told, whoever has no name is turned away all the same
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Each user is who they are: `inside outside count` for all numbers.
fn is_whole(map: &str) -> bool {
    map.split_whitespace().eq(["0", "0", "4294967295"])
}

/// The groups of this machine that a peer is in, as they are now: its first one, and
/// those that name it.
pub fn groups_of(peer: &Peer) -> BTreeSet<String> {
    groups(&fs::read_to_string("/etc/group").unwrap_or_default(), peer)
}

fn groups(text: &str, peer: &Peer) -> BTreeSet<String> {
    let gid = peer.gid.to_string();
    let is_in = |fields: &[&str]| {
        fields[2] == gid || fields[3].split(',').any(|member| member == peer.name)
    };
    text.lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .filter(|fields| fields.len() >= 4 && is_in(fields))
        .map(|fields| fields[0].to_owned())
        .collect()
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

    #[test]
    fn only_a_map_of_all_users_tells_who_they_are() {
        assert!(is_whole("         0          0 4294967295\n"));
        for part in ["", "0 0 1\n", "0 1000 1\n1 100000 65536\n", "0 100000 4294967295\n"] {
            assert!(!is_whole(part), "{part}");
        }
    }

    #[test]
    fn groups_are_the_first_one_and_those_that_name_the_peer() {
        let text = "root:x:0:\nops:x:50:bob,ann\nannex:x:51:anna\nstaff:x:1000:\nbroken:x\n";
        let peer = Peer { uid: 1, gid: 1000, name: "ann".into(), via: Via::Cli };
        assert_eq!(groups(text, &peer), ["ops", "staff"].map(str::to_owned).into());
    }
}
