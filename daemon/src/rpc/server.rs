//! Listening, greeting, and one task per connection.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use rpa_ipc::codec::{self, Codec};
use rpa_ipc::hello::{self, Mode, Verdict};
use rpa_ipc::service::Rpad;
use tarpc::server::{BaseChannel, Channel};
use tokio::net::UnixStream;
use tokio::sync::{Semaphore, watch};
use tokio_util::task::TaskTracker;

use super::patient::Patient;
use super::peer::Peer;
use super::service::Desk;
use super::{Office, backup, follow};
use crate::socket::Socket;

/// How long a peer may take to greet.
pub(super) const GREETING: Duration = Duration::from_secs(2);
/// How long a peer may leave what was sent to it unread.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same where the peer writes it to a disk of its own.
const LONG_PATIENCE: Duration = Duration::from_secs(60);
/// Calls of one connection that may be under way at once; further ones are refused.
const CALLS: usize = 16;
/// Answers that wait for a peer to read.
const PENDING: usize = 2;
/// Connections at once; further ones are told that the daemon is busy.
pub const CONNECTIONS: usize = 256;
/// Of these, kept for root and the daemon's own user: to look, and to cancel.
const KEPT: usize = 16;

/// Serves until `stop` says so; calls under way get to their end.
pub async fn serve(listener: Socket, office: Office, mut stop: watch::Receiver<bool>) {
    let connections = TaskTracker::new();
    let seats = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok(stream) => {
                let seats = seats.clone();
                connections.spawn(connection(stream, office.clone(), seats, stop.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                // out of descriptors, most likely: give some time to close
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn connection(
    mut stream: UnixStream,
    office: Office,
    seats: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
) {
    let mut peer = match Peer::of(&stream) {
        Ok(peer) => peer,
        Err(error) => {
            tracing::warn!(%error, "a peer without credentials was turned away");
            return;
        }
    };
    let verdict = if !office.members.admit(&peer) {
        Verdict::Denied
    } else if seats.available_permits() <= KEPT && !office.members.is_operator(&peer) {
        Verdict::Busy
    } else {
        Verdict::Go
    };
    let seat = match verdict {
        Verdict::Go => seats.try_acquire_owned().ok(),
        _ => None,
    };
    let verdict = if verdict == Verdict::Go && seat.is_none() { Verdict::Busy } else { verdict };
    let greeted = tokio::time::timeout(GREETING, hello::receive(&mut stream, verdict)).await;
    let greeting = match greeted {
        Ok(Ok(Some(greeting))) => greeting,
        Ok(Ok(None)) => {
            tracing::info!(user = peer.name, ?verdict, "a client was turned away");
            return;
        }
        Ok(Err(error)) => {
            // a mere probe connects and goes
            if error.kind() != io::ErrorKind::UnexpectedEof {
                tracing::info!(user = peer.name, %error, "a connection was turned away");
            }
            return;
        }
        Err(_) => {
            tracing::info!(user = peer.name, "a connection never greeted");
            return;
        }
    };
    peer.via = greeting.via;
    match greeting.mode {
        Mode::Logs => {
            follow::serve(Patient::new(stream, PATIENCE), office, peer, stop).await;
        }
        Mode::Backup => {
            backup::serve(Patient::new(stream, LONG_PATIENCE), office, peer, stop).await;
        }
        Mode::Calls => {
            let stream = Patient::new(stream, PATIENCE);
            let transport = tarpc::serde_transport::new(codec::frames(stream), Codec::default());
            let config = tarpc::server::Config { pending_response_buffer: PENDING };
            let channel = BaseChannel::new(config, transport).max_concurrent_requests(CALLS);
            let desk = Desk { office, peer };
            // each call has a task of its own: the channel must go on being polled,
            // as it also writes the answers
            let calls = channel.execute(desk.serve()).for_each(|call| async {
                tokio::spawn(call);
            });
            tokio::select! {
                () = calls => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
    }
    drop(seat);
}
