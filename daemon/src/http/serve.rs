//! Connections: how many, how slow they may be, and their end.
//!
//! Whoever connects and finds all places taken waits in the kernel's queue. Each listener
//! has places of its own, so that the network cannot take those of the Unix socket.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_util::task::TaskTracker;

use super::Listeners;
use crate::rpc::Patient;
use crate::socket::Socket;

/// Connections of one listener at once. Each has a buffer of [`HEADERS_BYTES`] at most.
const CONNECTIONS: usize = 512;
/// How long the line and the headers of a request may take, and how long a connection may
/// stay without one.
const HEADERS_TIME: Duration = Duration::from_secs(10);
/// What they may have, all together: as nginx has it, and what hyper asks for.
const HEADERS_BYTES: usize = 16 * 1024;
/// How long a peer may leave an answer unread.
const PATIENCE: Duration = Duration::from_secs(10);
/// After an error of the listener, most likely because there are no descriptors left.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` says so; requests under way get to their end.
pub async fn serve(listeners: Listeners, router: Router, stop: watch::Receiver<bool>) {
    let Listeners { socket, network } = listeners;
    let connections = TaskTracker::new();
    let unix = accept(Place::Unix(socket), &router, &connections, stop.clone());
    let network = network
        .into_iter()
        .map(|listener| accept(Place::Network(listener), &router, &connections, stop.clone()));
    futures::future::join(unix, futures::future::join_all(network)).await;
    connections.close();
    connections.wait().await;
}

enum Place {
    Unix(Socket),
    Network(TcpListener),
}

/// Until `stop`; then nobody else gets in, and the socket's file is gone.
async fn accept(
    place: Place,
    router: &Router,
    connections: &TaskTracker,
    mut stop: watch::Receiver<bool>,
) {
    let seats = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let next = async {
            let seat = seats.clone().acquire_owned().await;
            let stream = match &place {
                Place::Unix(socket) => socket.accept().await.map(Stream::Unix),
                Place::Network(listener) => {
                    listener.accept().await.map(|(stream, _)| Stream::Network(stream))
                }
            };
            (seat, stream)
        };
        let (seat, stream) = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            next = next => next,
        };
        let (router, stop) = (router.clone(), stop.clone());
        match stream {
            Ok(Stream::Unix(stream)) => {
                connections.spawn(async move {
                    connection(stream, router, stop).await;
                    drop(seat);
                });
            }
            Ok(Stream::Network(stream)) => {
                // an answer is one small write: nothing is to wait for more of it
                let _ = stream.set_nodelay(true);
                connections.spawn(async move {
                    connection(stream, router, stop).await;
                    drop(seat);
                });
            }
            Err(error) => refused(&error).await,
        }
    }
}

enum Stream {
    Unix(tokio::net::UnixStream),
    Network(tokio::net::TcpStream),
}

async fn refused(error: &io::Error) {
    tracing::warn!(%error, "an HTTP connection could not be accepted");
    tokio::time::sleep(PAUSE).await;
}

async fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let stream = TokioIo::new(Patient::new(stream, PATIENCE));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADERS_TIME).max_buf_size(HEADERS_BYTES);
    let connection = builder.serve_connection(stream, TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    let stopped = async {
        // whoever would say so has gone: that is an end as well
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopped => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // slow, broken or hostile: it says nothing of this side
        tracing::debug!(%error, "an HTTP connection ended early");
    }
}
