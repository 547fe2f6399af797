//! What a connection that is for no calls asks for: its first frame says all.

use futures::StreamExt;
use rpa_ipc::codec::{self, Frames};
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;
use tokio::sync::watch;

use super::patient::Patient;
use super::peer::Peer;
use super::server::GREETING;

/// Waits for the first frame; none when it does not come, or cannot be read, or the daemon
/// ends.
pub(super) async fn asked<T: DeserializeOwned>(
    frames: &mut Frames<Patient<UnixStream>>,
    peer: &Peer,
    stop: &mut watch::Receiver<bool>,
) -> Option<T> {
    let first = tokio::select! {
        first = tokio::time::timeout(GREETING, frames.next()) => first,
        _ = stop.wait_for(|stop| *stop) => return None,
    };
    let Ok(Some(Ok(first))) = first else { return None };
    let asked = codec::decode(&first);
    if asked.is_err() {
        let wanted = std::any::type_name::<T>();
        tracing::info!(user = peer.name, wanted, "what was asked for is not readable");
    }
    asked.ok()
}
