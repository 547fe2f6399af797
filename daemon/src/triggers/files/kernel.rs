//! inotify: where something has happened. It never says what is so.
//!
//! Each directory is watched by itself, and before it is read: what comes into a new one
//! while nobody watches it yet is then found by reading it. A watch belongs to a directory,
//! not to a path: two triggers, or two paths, that lead to it share it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::io::Errno;
use tokio::io::unix::AsyncFd;

use super::scan::odd;
use super::unread::Trouble;
use crate::store::TriggerKey;

/// Bytes of events that are read at once: some thousand.
const BUFFER: usize = 64 * 1024;
/// Paths of one trigger that are remembered; for more it looks at everything.
const MOST_TOUCHED: usize = 10_000;

/// inotify, for all triggers.
#[derive(Debug)]
pub(super) struct Kernel {
    queue: AsyncFd<OwnedFd>,
    watched: Mutex<Watched>,
}

#[derive(Debug, Default)]
struct Watched {
    /// By the kernel's number of a watch: who looks, and under which path below the
    /// directory of the trigger.
    by_watch: BTreeMap<i32, BTreeSet<(TriggerKey, String)>>,
    of: BTreeMap<TriggerKey, BTreeSet<i32>>,
}

/// Why a directory is not watched.
#[derive(Debug)]
pub(super) enum Refusal {
    /// `fs.inotify.max_user_watches`.
    Watches,
    /// `fs.inotify.max_user_instances`.
    Instances,
    Other(io::Error),
}

/// Where a trigger is to look.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub everything: bool,
    /// Below its directory.
    pub paths: BTreeSet<String>,
    /// Names that are no text.
    pub odd: BTreeSet<String>,
}

impl Touched {
    pub(super) fn is_empty(&self) -> bool {
        !self.everything && self.paths.is_empty() && self.odd.is_empty()
    }

    pub(super) fn add(&mut self, other: Touched) {
        self.everything |= other.everything;
        self.paths.extend(other.paths);
        for name in other.odd {
            odd(&mut self.odd, name);
        }
        if self.everything || self.paths.len() > MOST_TOUCHED {
            self.everything = true;
            self.paths.clear();
        }
    }
}

impl Kernel {
    pub(super) fn new() -> Result<Kernel, Refusal> {
        let queue = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK);
        let queue = queue.map_err(|e| match e {
            Errno::MFILE | Errno::NFILE => Refusal::Instances,
            e => Refusal::Other(e.into()),
        })?;
        #[expect(
            deprecated,
            reason = "what stands for it is unsafe; this one owns its descriptor, and keeps it"
        )]
        let queue = AsyncFd::new(queue).map_err(Refusal::Other)?;
        Ok(Kernel { queue, watched: Mutex::default() })
    }

    /// Watches a directory for a trigger, `below` its own. What is gone already, or cannot be
    /// read, is not watched, and no refusal: whoever reads it finds the same.
    pub(super) fn watch(
        &self,
        key: &TriggerKey,
        path: &Path,
        below: &str,
    ) -> Result<Option<i32>, Refusal> {
        let mut flags = WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::MOVED_FROM
            | WatchFlags::MOVED_TO
            | WatchFlags::MODIFY
            | WatchFlags::CLOSE_WRITE
            | WatchFlags::ATTRIB
            | WatchFlags::DELETE_SELF
            | WatchFlags::MOVE_SELF
            | WatchFlags::EXCL_UNLINK
            | WatchFlags::ONLYDIR;
        if !below.is_empty() {
            flags |= WatchFlags::DONT_FOLLOW;
        }
        // an event of it is not looked up before the watch is known
        let mut watched = self.lock();
        let watch = match inotify::add_watch(self.queue.get_ref(), path, flags) {
            Ok(watch) => watch,
            Err(Errno::NOENT | Errno::NOTDIR) => return Ok(None),
            Err(Errno::NOSPC) => return Err(Refusal::Watches),
            Err(e) if Trouble::of(below, e) == Trouble::Here => return Ok(None),
            Err(e) => return Err(Refusal::Other(e.into())),
        };
        // it may have had another path before
        let paths = watched.by_watch.entry(watch).or_default();
        paths.retain(|(other, _)| other != key);
        paths.insert((key.clone(), below.to_owned()));
        watched.of.entry(key.clone()).or_default().insert(watch);
        Ok(Some(watch))
    }

    /// A trigger looks at no other directories than these any more.
    pub(super) fn keep(&self, key: &TriggerKey, kept: &BTreeSet<i32>) {
        let mut watched = self.lock();
        let Some(of) = watched.of.get_mut(key) else { return };
        let dropped: Vec<i32> = of.difference(kept).copied().collect();
        of.retain(|watch| kept.contains(watch));
        if of.is_empty() {
            watched.of.remove(key);
        }
        for watch in dropped {
            let Some(paths) = watched.by_watch.get_mut(&watch) else { continue };
            paths.retain(|(other, _)| other != key);
            if paths.is_empty() {
                watched.by_watch.remove(&watch);
                // one of a directory that has gone is gone
                let _ = inotify::remove_watch(self.queue.get_ref(), watch);
            }
        }
    }

    /// Waits until something has happened, and says where.
    pub(super) async fn next(&self) -> io::Result<BTreeMap<TriggerKey, Touched>> {
        let mut touched = BTreeMap::new();
        loop {
            let mut ready = self.queue.readable().await?;
            let mut buffer = vec![MaybeUninit::uninit(); BUFFER];
            // a reader that is dropped must have given all that it has read
            let mut reader = Reader::new(self.queue.get_ref(), &mut buffer);
            loop {
                match reader.next() {
                    Ok(event) => {
                        let name = event.file_name().map(|name| name.to_bytes());
                        self.happened(event.wd(), event.events(), name, &mut touched);
                    }
                    Err(Errno::AGAIN) => {
                        ready.clear_ready();
                        break;
                    }
                    Err(Errno::INTR) => {}
                    Err(e) => return Err(e.into()),
                }
                if reader.is_buffer_empty() {
                    break;
                }
            }
            if !touched.is_empty() {
                return Ok(touched);
            }
        }
    }

    fn happened(
        &self,
        watch: i32,
        what: ReadFlags,
        name: Option<&[u8]>,
        touched: &mut BTreeMap<TriggerKey, Touched>,
    ) {
        let mut watched = self.lock();
        if what.contains(ReadFlags::QUEUE_OVERFLOW) {
            for key in watched.of.keys() {
                touched.entry(key.clone()).or_default().everything = true;
            }
            return;
        }
        let Some(paths) = watched.by_watch.get(&watch).cloned() else { return };
        // a directory of its own, or the one itself: which there are is to be seen anew
        let is_about_directories = what.intersects(
            ReadFlags::ISDIR
                | ReadFlags::DELETE_SELF
                | ReadFlags::MOVE_SELF
                | ReadFlags::UNMOUNT
                | ReadFlags::IGNORED,
        );
        for (key, below) in &paths {
            let mut one = Touched::default();
            match name.map(std::str::from_utf8) {
                _ if is_about_directories => one.everything = true,
                None => one.everything = true,
                Some(Ok(name)) if below.is_empty() => _ = one.paths.insert(name.to_owned()),
                Some(Ok(name)) => _ = one.paths.insert(format!("{below}/{name}")),
                Some(Err(_)) => {
                    let name = name.unwrap_or_default();
                    odd(&mut one.odd, format!("{below}/{}", String::from_utf8_lossy(name)));
                }
            }
            touched.entry(key.clone()).or_default().add(one);
        }
        if what.contains(ReadFlags::IGNORED) {
            watched.by_watch.remove(&watch);
            for (key, _) in paths {
                if let Some(of) = watched.of.get_mut(&key) {
                    of.remove(&watch);
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Watched> {
        // each change is whole before the lock is let go
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
