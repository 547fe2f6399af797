//! How a daemon is reached: a socket here, or `rpa dial` over there.

use std::path::PathBuf;

use rpa_ipc::Fault;
use rpa_ipc::backup::{BackupRequest, BackupStream};
use rpa_ipc::client::{self, Client};
use rpa_ipc::hello::Via;
use rpa_ipc::logs::LogStream;
use rpa_ipc::service::FollowRequest;

use super::door::Door;

/// Every connection is opened anew; over there, that is an ssh of its own.
#[derive(Clone, Debug)]
pub enum Way {
    Socket(PathBuf),
    Host(Door),
}

impl Way {
    pub async fn client(&self, via: Via) -> Result<Client, Fault> {
        match self {
            Way::Socket(socket) => Client::connect(socket, via).await,
            Way::Host(door) => {
                let opened = Client::over(door.open().await?, door.place(), via).await;
                opened.map_err(|fault| door.named(fault))
            }
        }
    }

    pub async fn follow(&self, request: &FollowRequest) -> Result<LogStream, Fault> {
        match self {
            Way::Socket(socket) => client::follow(socket, request).await,
            Way::Host(door) => client::follow_over(door.open().await?, door.place(), request).await,
        }
    }

    pub async fn back_up(&self, request: &BackupRequest) -> Result<BackupStream, Fault> {
        match self {
            Way::Socket(socket) => client::back_up(socket, request).await,
            Way::Host(door) => {
                client::back_up_over(door.open().await?, door.place(), request).await
            }
        }
    }
}
