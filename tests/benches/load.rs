//! Work that goes on beside a measurement: chains of `noop`, some at once, in a
//! namespace of their own, until it is dropped.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use futures::future::join_all;

use crate::chain::chain;
use crate::site::{Ask, connect, runtime};

const NAMESPACE: &str = "load";
/// Runs at once: enough that the daemon always has something to commit.
const AT_ONCE: usize = 16;

#[derive(Debug)]
pub struct Load {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Load {
    /// Begins; returns when the first runs have ended.
    pub fn start(socket: &Path) -> Load {
        let (socket, over) = (socket.to_owned(), Arc::new(AtomicBool::new(false)));
        let (begun, ready) = std::sync::mpsc::channel();
        let until = over.clone();
        let thread = thread::spawn(move || runtime().block_on(work(socket, &until, &begun)));
        ready.recv().expect("the load begins");
        Load { over, thread: Some(thread) }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn work(socket: PathBuf, over: &AtomicBool, begun: &std::sync::mpsc::Sender<()>) {
    let client = connect(&socket).await;
    client.apply(NAMESPACE, &chain()).await;
    let worker = async || {
        while !over.load(Ordering::Relaxed) {
            let run = client.submit(NAMESPACE, "chain").await;
            client.completed(&run).await;
            // nobody listens after the first
            let _ = begun.send(());
        }
    };
    join_all((0..AT_ONCE).map(|_| worker())).await;
}
