//! Connections: how many, how slow they may be, and their end.
//!
//! Whoever connects and finds all places taken waits in the kernel's queue; whoever has its
//! share of them is let go at once, as others wait behind it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use super::Listeners;
use super::door::{Block, Door, Visitor};
use crate::rpc::Patient;
use crate::socket::Socket;

/// How long the line and the headers of a request may take, and how long a connection may
/// stay without one.
const HEADERS_TIME: Duration = Duration::from_secs(10);
/// What they may have, all together: as nginx has it, and what hyper asks for.
const HEADERS_BYTES: usize = 16 * 1024;
/// How long a peer may leave an answer unread.
const PATIENCE: Duration = Duration::from_secs(10);
/// After an error of the listener, most likely because there are no descriptors left.
const PAUSE: Duration = Duration::from_millis(100);
/// How often people are told that an address has more than its share.
const TOLD_EACH: Duration = Duration::from_secs(60);

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
    let door = Arc::new(Door::new());
    let mut told = None;
    loop {
        let next = async {
            let seat = door.seats.clone().acquire_owned().await;
            let stream = match &place {
                Place::Unix(socket) => socket.accept().await.map(Stream::Unix),
                Place::Network(listener) => {
                    listener.accept().await.map(|(stream, peer)| Stream::Network(stream, peer))
                }
            };
            (seat, stream)
        };
        let (seat, stream) = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            next = next => next,
        };
        let stream = match stream {
            Ok(stream) => stream,
            Err(error) => {
                refused(&error).await;
                continue;
            }
        };
        let from = stream.from();
        let Some(share) = door.enters(from) else {
            greedy(&stream, &mut told);
            continue;
        };
        let visitor = Visitor { door: door.clone(), from };
        let (router, stop) = (router.clone(), stop.clone());
        connections.spawn(async move {
            match stream {
                Stream::Unix(stream) => connection(stream, visitor, router, stop).await,
                Stream::Network(stream, _) => {
                    // an answer is one small write: nothing is to wait for more of it
                    let _ = stream.set_nodelay(true);
                    connection(stream, visitor, router, stop).await;
                }
            }
            drop((seat, share));
        });
    }
}

enum Stream {
    Unix(UnixStream),
    Network(TcpStream, SocketAddr),
}

impl Stream {
    /// Whose share it is of.
    fn from(&self) -> Option<Block> {
        match self {
            Stream::Unix(_) => None,
            Stream::Network(_, peer) => Block::of(peer.ip()),
        }
    }
}

/// One address has as many connections as it may: nothing of this one is read.
fn greedy(stream: &Stream, told: &mut Option<Instant>) {
    let Stream::Network(_, peer) = stream else { return };
    if told.is_none_or(|told| told.elapsed() > TOLD_EACH) {
        *told = Some(Instant::now());
        let address = peer.ip();
        tracing::warn!(%address, "has its share of HTTP connections: more of them are closed");
    }
}

async fn refused(error: &io::Error) {
    tracing::warn!(%error, "an HTTP connection could not be accepted");
    tokio::time::sleep(PAUSE).await;
}

async fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    visitor: Visitor,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let stream = TokioIo::new(Patient::new(stream, PATIENCE));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADERS_TIME).max_buf_size(HEADERS_BYTES);
    let routed = TowerToHyperService::new(router);
    let introduced = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(visitor.clone());
        routed.call(request)
    });
    let connection = builder.serve_connection(stream, introduced);
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
