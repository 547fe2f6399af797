//! May this actor do this? Asked once for every method of every transport.
//!
//! A method gets its work done only with an [`Allowed`], and only [`authorize`]
//! makes one: a method without a permission does not compile. Until there are
//! roles, root, the daemon's own user and the members of its group may do all of
//! it, and nobody else anything.

use std::collections::BTreeSet;
use std::fs;

use rpa_engine::actor::{Actor, Origin};
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::peer::Peer;
use crate::triggers::webhook::Sender;

/// Everything that can be asked of the daemon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    ReadStatus,
    ReadWorkflows,
    ReadRevisions,
    ApplyWorkflow,
    PlanWorkflow,
    PublishRevision,
    EnableWorkflow,
    DisableWorkflow,
    ArchiveWorkflow,
    RestoreWorkflow,
    RollbackWorkflow,
    CloneWorkflow,
    ImportWorkflows,
    StartRun,
    ReadRuns,
    ReadOverview,
    ReadNotifications,
    Acknowledge,
    RecordRun,
    ReadChanges,
    ReadLogs,
    CancelRun,
    PauseRun,
    ReadDoubts,
    ResolveDoubt,
    ReadReasons,
    ReadApprovals,
    Approve,
    ReadLocks,
    SizePool,
    BreakLock,
    PublishEvent,
    ReadTriggers,
    OrderTrigger,
    FireTrigger,
    Backfill,
    BackUp,
    ReadHeld,
    ResumeRestored,
    Diagnose,
    ReadHealth,
    Deliver,
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub enum Caller<'a> {
    /// A user of this machine.
    Peer(&'a Peer),
    /// Who has signed what a trigger is to hear.
    Sender(&'a Sender),
    /// Whoever reaches the HTTP server.
    Anybody,
}

impl<'a> From<&'a Peer> for Caller<'a> {
    fn from(peer: &'a Peer) -> Caller<'a> {
        Caller::Peer(peer)
    }
}

/// Proof that `actor` may do what it asked for.
#[derive(Clone, Debug)]
pub struct Allowed {
    actor: Actor,
}

impl Allowed {
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// Who may talk to this daemon.
#[derive(Clone, Debug)]
pub struct Members {
    own_uid: u32,
    /// The group whose members may use the socket, if there is one.
    gid: Option<u32>,
    /// Users that are in that group beside those whose first group it is.
    users: BTreeSet<String>,
}

/// Name of the group that may use a system daemon's socket.
pub const GROUP: &str = "rpad";
/// The kernel shows users that it cannot name so: it could be anybody.
const OVERFLOW_UID: u32 = 65534;

impl Members {
    /// The daemon's own user, root, and the group `rpad`, as of now.
    pub fn of_this_machine() -> Members {
        let groups = fs::read_to_string("/etc/group").unwrap_or_default();
        Members::read(rustix::process::getuid().as_raw(), &groups)
    }

    fn read(own_uid: u32, groups: &str) -> Members {
        let line = groups.lines().map(|l| l.split(':').collect::<Vec<_>>());
        let group = line.into_iter().find(|fields| fields.len() >= 4 && fields[0] == GROUP);
        Members {
            own_uid,
            gid: group.as_ref().and_then(|g| g[2].parse().ok()),
            users: group.iter().flat_map(|g| g[3].split(',')).map(str::to_owned).collect(),
        }
    }

    /// Root or the daemon's own user.
    pub fn is_operator(&self, peer: &Peer) -> bool {
        peer.uid == 0 || peer.uid == self.own_uid
    }

    /// The group's number, for the socket.
    pub fn gid(&self) -> Option<u32> {
        self.gid
    }

    /// Whether the peer may use the daemon at all.
    pub fn admit(&self, peer: &Peer) -> bool {
        if peer.uid == OVERFLOW_UID {
            return false;
        }
        peer.uid == 0
            || peer.uid == self.own_uid
            || Some(peer.gid) == self.gid
            || self.users.contains(&peer.name)
    }
}

/// Answers for every action of a user alike until there are roles; the action is named so
/// that the refusal, and later the roles, can be.
pub fn authorize<'a>(
    members: &Members,
    caller: impl Into<Caller<'a>>,
    action: Action,
) -> Result<Allowed, Fault> {
    let who = match (caller.into(), action) {
        (Caller::Peer(peer), _) => return of_peer(members, peer, action),
        (Caller::Sender(sender), Action::Deliver) => sender.trigger().to_string(),
        (Caller::Anybody, Action::ReadHealth) => String::new(),
        (Caller::Sender(_) | Caller::Anybody, _) => {
            let fault = fault!(FaultCode::Denied, "caller-denied");
            return Err(fault.with("action", format!("{action:?}")));
        }
    };
    Ok(Allowed { actor: Actor { who, origin: Origin::Http } })
}

fn of_peer(members: &Members, peer: &Peer, action: Action) -> Result<Allowed, Fault> {
    let admitted = match action {
        Action::ReadStatus
        | Action::ReadWorkflows
        | Action::ReadRevisions
        | Action::ApplyWorkflow
        | Action::PlanWorkflow
        | Action::PublishRevision
        | Action::EnableWorkflow
        | Action::DisableWorkflow
        | Action::ArchiveWorkflow
        | Action::RestoreWorkflow
        | Action::RollbackWorkflow
        | Action::CloneWorkflow
        | Action::ImportWorkflows
        | Action::StartRun
        | Action::ReadRuns
        | Action::ReadOverview
        | Action::ReadNotifications
        | Action::Acknowledge
        | Action::RecordRun
        | Action::ReadChanges
        | Action::ReadLogs
        | Action::CancelRun
        | Action::PauseRun
        | Action::ReadDoubts
        | Action::ResolveDoubt
        | Action::ReadReasons
        | Action::ReadApprovals
        | Action::Approve
        | Action::ReadLocks
        | Action::SizePool
        | Action::BreakLock
        | Action::PublishEvent
        | Action::ReadTriggers
        | Action::OrderTrigger
        | Action::FireTrigger
        | Action::Backfill
        | Action::ReadHeld
        | Action::ReadHealth
        | Action::Diagnose => members.admit(peer),
        // it is signed, whoever asks
        Action::Deliver => false,
        // a backup has what is shown to nobody; a restore is the operator's as well
        Action::BackUp | Action::ResumeRestored => members.is_operator(peer),
    };
    if admitted {
        return Ok(Allowed { actor: peer.actor() });
    }
    if members.admit(peer) {
        return Err(fault!(FaultCode::Denied, "peer-no-operator", peer = peer.name)
            .hint(said!("hint-as-operator"))
            .with("action", format!("{action:?}")));
    }
    Err(fault!(FaultCode::Denied, "peer-denied", peer = peer.name)
        .hint(said!("hint-ask-administrator", group = GROUP))
        .with("action", format!("{action:?}")))
}

#[cfg(test)]
mod tests {
    use rpa_ipc::hello::Via;

    use super::*;

    #[test]
    fn root_own_user_and_group_and_nobody_else() {
        let members = Members::read(990, "root:x:0:\nrpad:x:991:ann,bob\n");
        let peer = |uid, gid, name: &str| Peer { uid, gid, name: name.into(), via: Via::Cli };
        let may = |p: Peer| authorize(&members, &p, Action::StartRun).is_ok();
        assert!(may(peer(0, 0, "root")));
        assert!(may(peer(990, 5, "rpad")));
        assert!(may(peer(1000, 1000, "ann")));
        assert!(may(peer(1001, 991, "eve")));
        assert!(!may(peer(1002, 1002, "eve")));
        assert!(!may(peer(65534, 991, "nobody")));
        let all_of_it = |p: Peer| authorize(&members, &p, Action::BackUp).is_ok();
        assert!(all_of_it(peer(0, 0, "root")) && all_of_it(peer(990, 5, "rpad")));
        assert!(!all_of_it(peer(1000, 1000, "ann")), "what is masked for her would be in it");
        assert!(authorize(&members, &peer(0, 0, "root"), Action::Deliver).is_err());
        let none = Members::read(990, "root:x:0:\n");
        assert!(authorize(&none, &peer(1000, 1000, "ann"), Action::ReadRuns).is_err());
    }

    #[test]
    fn http_gives_a_sender_one_right_and_everybody_else_the_health() {
        let members = Members::read(990, "root:x:0:\n");
        let sender = Sender::of_test("deployed");
        let may = |caller: Caller<'_>, action| authorize(&members, caller, action);
        let allowed = may(Caller::Sender(&sender), Action::Deliver).unwrap();
        assert_eq!(allowed.actor().to_string(), "deployed (http)");
        assert!(may(Caller::Sender(&sender), Action::StartRun).is_err());
        assert!(may(Caller::Sender(&sender), Action::ReadRuns).is_err());
        assert!(may(Caller::Anybody, Action::ReadHealth).is_ok());
        assert!(may(Caller::Anybody, Action::Deliver).is_err());
        assert!(may(Caller::Anybody, Action::ReadStatus).is_err());
    }
}
