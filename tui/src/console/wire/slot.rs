//! One thing that is kept coming: a task as long as the same is wanted.

use std::future::Future;

use tokio::task::JoinHandle;

use super::desk::Desk;

/// A task that ends with its owner.
#[derive(Debug)]
pub(super) struct Task(JoinHandle<()>);

impl Task {
    pub(super) fn spawn(task: impl Future<Output = ()> + Send + 'static) -> Task {
        Task(tokio::spawn(task))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[derive(Debug)]
pub(super) struct Slot<W> {
    running: Option<Running<W>>,
}

#[derive(Debug)]
struct Running<W> {
    want: W,
    connection: u64,
    ticket: u64,
    _task: Task,
}

impl<W> Default for Slot<W> {
    fn default() -> Slot<W> {
        Slot { running: None }
    }
}

impl<W: Clone + PartialEq> Slot<W> {
    /// Runs `work` for what is wanted, unless that is being done.
    pub(super) fn want<T>(
        &mut self,
        wanted: Option<&W>,
        connection: u64,
        desk: &mut impl FnMut() -> Desk,
        work: impl FnOnce(Desk, W) -> T,
    ) where
        T: Future<Output = ()> + Send + 'static,
    {
        let same = |running: &Running<W>| {
            Some(&running.want) == wanted && running.connection == connection
        };
        if self.running.as_ref().is_some_and(same) {
            return;
        }
        self.running = wanted.cloned().map(|want| {
            let desk = desk();
            let ticket = desk.ticket;
            let task = Task::spawn(work(desk, want.clone()));
            Running { want, connection, ticket, _task: task }
        });
    }

    pub(super) fn ticket(&self) -> Option<u64> {
        self.running.as_ref().map(|running| running.ticket)
    }
}
