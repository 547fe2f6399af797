//! One trigger that watches a directory: where it looks and when, and what it makes of what
//! it finds. It blocks, and tells nobody.
//!
//! | what it looks at | when |
//! |---|---|
//! | everything | at first, after a fault, when the kernel says so, when the directory is another one, each [`SWEEP_MS`]; without the kernel each `poll` |
//! | some files | when the kernel names them, and when their `stable_for` is over |
//! | whether the directory is still the same | each [`GLANCE_MS`]: nobody tells of what is renamed or mounted above it |
//!
//! What it has not looked at before is its baseline: files that are there then, or that a new
//! declaration means beside those of the one before, are seen without being told of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use rpa_engine::WorkflowRef;
use rpa_engine::trigger::{FileChange, FileWatch};
use rpa_ipc::Fault;

use super::compare::{Found, Tracker};
use super::faults;
use super::kernel::{Kernel, Refusal, Touched};
use super::scan::{self, Content, MOST_SUMMED, Place, Scope, Sight};
use super::unread::Unread;
use crate::store::{Reader, Root, SeenFile, Store, TriggerKey, WatchedRow};

/// Everything is looked at so often, for what no kernel tells: writes through a mapping.
const SWEEP_MS: u64 = 10 * 60 * 1000;
const GLANCE_MS: u64 = 30 * 1000;
/// How often everything is looked at where the kernel does not tell.
pub(super) const POLL_MS: u64 = 30 * 1000;
/// A look at everything takes at most this part of the time.
const REST: u64 = 10;
/// Files that are told of in one round.
const AT_ONCE: usize = 500;
/// Bytes that are read in one round to know files by their content: a few seconds, in one
/// of the two places that all triggers have together.
const SUMMED_AT_ONCE: u64 = 4 * MOST_SUMMED;
/// The same of files that are there when a trigger is armed, which is one round: minutes.
/// Those behind are known by their metadata until they change.
const BASELINE_SUMMED: u64 = 64 * MOST_SUMMED;
/// The first and the longest pause after something that failed.
const FIRST_PAUSE_MS: u64 = 1_000;
const LONGEST_PAUSE_MS: u64 = 60_000;

/// What all watches share.
#[derive(Debug)]
pub(super) struct Tools {
    pub store: Arc<Store>,
    pub kernel: Result<Kernel, Refusal>,
    /// The daemon stops: who looks need not come to an end.
    pub stop: AtomicBool,
    /// The clock that nobody sets counts from here.
    pub since: Instant,
}

#[derive(Debug)]
pub(super) struct Watch {
    pub key: TriggerKey,
    pub workflow: WorkflowRef,
    pub revision: u32,
    pub declared: FileWatch,
    scope: Scope,
    tracker: Tracker,
    /// What the store says of it; none before it was read.
    known: Option<Option<WatchedRow>>,
    /// The directory that was looked at last.
    place: Option<Place>,
    is_polled: bool,
    is_hindered: bool,
    /// Names that are no text, of which people have been told.
    odd: BTreeSet<String>,
    failures: u32,
    wants_all: bool,
    /// When everything is looked at next, and not before when if the kernel says so.
    all_at_ms: u64,
    all_after_ms: u64,
    /// When it wants to look again.
    pub due_ms: u64,
}

/// What a look has found.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Cursors that move without a word.
    pub silent: Vec<(String, Option<SeenFile>)>,
    /// From now on its files are those.
    pub watched: Option<WatchedRow>,
    pub told: Vec<Change>,
    /// Names that are no text, and were not known.
    pub odd: Vec<String>,
    /// It goes on, but not as it should.
    pub complaint: Option<Fault>,
}

/// A file that its trigger is to be told of.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub path: String,
    pub change: FileChange,
    /// As it is now.
    pub file: Option<SeenFile>,
}

impl Tools {
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Watch {
    /// None if its patterns cannot be read, which a check does not let through.
    pub(super) fn new(
        key: TriggerKey,
        workflow: WorkflowRef,
        revision: u32,
        declared: FileWatch,
    ) -> Option<Watch> {
        Some(Watch {
            scope: Scope::of(&declared)?,
            key,
            workflow,
            revision,
            declared,
            tracker: Tracker::default(),
            known: None,
            place: None,
            is_polled: false,
            is_hindered: false,
            odd: BTreeSet::new(),
            failures: 0,
            wants_all: true,
            all_at_ms: 0,
            all_after_ms: 0,
            due_ms: 0,
        })
    }

    /// Looks where something was touched and where it is time to.
    pub(super) fn look(&mut self, tools: &Tools, touched: Touched) -> Result<News, Fault> {
        let mut news = News::default();
        self.meet(touched.odd, &mut news);
        self.wants_all |= touched.everything;
        let before_ms = tools.now_ms();
        if self.known.is_none() {
            self.read(tools)?;
        }
        let is_other = !self.is_polled && scan::place(&self.scope.directory) != self.place;
        let is_due = self.wants_all && before_ms >= self.all_after_ms;
        let only = if is_due || is_other || before_ms >= self.all_at_ms {
            self.look_at_all(tools, &mut news)?;
            None
        } else {
            let settled = self.tracker.settled(before_ms, self.declared.stable_ms, AT_ONCE);
            let settled = settled.into_iter().map(|(path, _)| path);
            let named = touched.paths.into_iter().filter(|path| self.scope.covers(path));
            let some: BTreeSet<String> = named.chain(settled).collect();
            let mut looked_at = BTreeSet::new();
            for path in some {
                if self.look_at(tools, &path, &mut news)?.is_some() {
                    looked_at.insert(path);
                }
            }
            Some(looked_at)
        };
        // what was found so at the end of an earlier look is so since then, and what is
        // found for the first time needs no time of which there is none
        let at_ms = if self.declared.stable_ms == 0 { tools.now_ms() } else { before_ms };
        self.weigh(tools, at_ms, only.as_ref(), &mut news);
        Ok(news)
    }

    /// Looks at one file; what it is now is known unless it could not be looked at.
    fn look_at(
        &mut self,
        tools: &Tools,
        path: &str,
        news: &mut News,
    ) -> Result<Option<Option<Found>>, Fault> {
        let now = match scan::one(&self.scope, path).map_err(|e| faults::scan(&e))? {
            Sight::File(found) => Some(found),
            Sight::Nothing => None,
            Sight::Unread(error) => {
                self.tracker.forget(path);
                let mut unread = Unread::default();
                unread.add(path, error);
                self.complain(faults::unread(&self.scope.directory, &unread), news);
                return Ok(None);
            }
        };
        self.tracker.look(path, now, tools.now_ms());
        Ok(Some(now))
    }

    fn complain(&mut self, fault: Option<Fault>, news: &mut News) {
        self.is_hindered |= fault.is_some();
        news.complaint = news.complaint.take().or(fault);
    }

    /// The cursor of these files has moved.
    pub(super) fn moved(&mut self, files: Vec<(String, Option<SeenFile>)>) {
        for (path, file) in files {
            self.tracker.moved(&path, file);
        }
    }

    /// It is done for now: when it is to look again.
    pub(super) fn rest(&mut self, tools: &Tools, failed: bool) {
        let now_ms = tools.now_ms();
        if failed {
            let pause_ms = FIRST_PAUSE_MS << self.failures.min(6);
            self.due_ms = now_ms + pause_ms.min(LONGEST_PAUSE_MS);
            self.failures = self.failures.saturating_add(1);
            // what was told and what was not is known by the store alone
            (self.known, self.wants_all) = (None, true);
            (self.all_at_ms, self.all_after_ms) = (0, 0);
            return;
        }
        self.failures = 0;
        let settles_ms = self.tracker.next_ms(self.declared.stable_ms);
        let glance_ms = (!self.is_polled).then_some(now_ms + GLANCE_MS);
        let all_ms = self.wants_all.then_some(self.all_after_ms);
        let next = [settles_ms, glance_ms, all_ms, Some(self.all_at_ms)];
        self.due_ms = next.into_iter().flatten().min().unwrap_or(self.all_at_ms);
    }

    /// How many it has seen.
    pub(super) fn files(&self) -> usize {
        self.tracker.seen().len()
    }

    /// Whether something was wrong at the last look at everything, or since.
    pub(super) fn is_hindered(&self) -> bool {
        self.is_hindered
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failures > 0
    }

    /// How often it looks at everything where the kernel does not tell.
    fn poll_ms(&self) -> u64 {
        self.declared.poll_ms.unwrap_or(POLL_MS)
    }

    fn read(&mut self, tools: &Tools) -> Result<(), Fault> {
        let key = &self.key;
        let read = |reader: Reader| Ok((reader.seen_files(key)?, reader.watched(key)?));
        let read = tools.store.read().and_then(read);
        let (seen, row) = read.map_err(|e| e.fault(tools.store.path()))?;
        self.tracker.reads(seen);
        self.known = Some(row);
        Ok(())
    }

    fn look_at_all(&mut self, tools: &Tools, news: &mut News) -> Result<(), Fault> {
        let began_ms = tools.now_ms();
        let directory = self.scope.directory.clone();
        let (mut refusal, mut watches) = (None, BTreeSet::new());
        let may_be_told = self.declared.poll_ms.is_none();
        let content = scan::all(&self.scope, &tools.stop, |path, below| {
            if let (true, Ok(kernel), None) = (may_be_told, &tools.kernel, &refusal) {
                match kernel.watch(&self.key, path, below) {
                    Ok(watch) => watches.extend(watch),
                    Err(e) => refusal = Some(e),
                }
            }
        });
        let content = content.map_err(|e| faults::scan(&e))?;
        let is_told = may_be_told && !content.is_remote;
        let refusal = refusal.as_ref().or(tools.kernel.as_ref().err()).filter(|_| is_told);
        self.is_polled = !is_told || refusal.is_some();
        if let Ok(kernel) = &tools.kernel {
            if self.is_polled {
                watches.clear();
            }
            kernel.keep(&self.key, &watches);
        }
        let refused = refusal.map(|e| faults::refused(&directory, e, self.poll_ms()));
        self.is_hindered = false;
        self.complain(refused.or_else(|| faults::unread(&directory, &content.unread)), news);
        self.meet(content.odd.clone(), news);
        self.settle_scope(tools, &content, news)?;
        let now_ms = tools.now_ms();
        self.tracker.look_at_all(&content.files, &content.unread, now_ms);
        self.place = Some(content.place);
        self.wants_all = false;
        self.all_at_ms = now_ms + if self.is_polled { self.poll_ms() } else { SWEEP_MS };
        self.all_after_ms = now_ms + (now_ms - began_ms).saturating_mul(REST);
        Ok(())
    }

    /// What is meant from now on, and what was not meant before.
    fn settle_scope(
        &mut self,
        tools: &Tools,
        content: &Content,
        news: &mut News,
    ) -> Result<(), Fault> {
        let before = self.known.take().flatten();
        let same = before.as_ref().filter(|row| row.directory == self.declared.directory);
        let seen = self.tracker.seen();
        if let Some(row) = same
            && row.root != content.root
            && content.files.is_empty()
            && !seen.is_empty()
        {
            return Err(faults::other_directory(&self.scope.directory, seen.len()));
        }
        let row = self.row(content.root);
        if before.as_ref() == Some(&row) {
            self.known = Some(before);
            return Ok(());
        }
        let was_meant = same.and_then(Scope::before);
        let was_meant = |path: &str| was_meant.as_ref().is_some_and(|scope| scope.covers(path));
        let mut left = BASELINE_SUMMED;
        let mut moved: BTreeMap<String, Option<SeenFile>> = BTreeMap::new();
        let keeps = |path: &String| same.is_some() && self.scope.covers(path);
        moved.extend(seen.keys().filter(|path| !keeps(path)).map(|path| (path.clone(), None)));
        for (path, found) in &content.files {
            let is_known = seen.contains_key(path) && same.is_some();
            if !is_known && !was_meant(path) && !self.declared.existing {
                moved.insert(path.clone(), Some(self.seen(tools, path, *found, &mut left)));
            }
        }
        for (path, file) in &moved {
            self.tracker.moved(path, file.clone());
        }
        news.silent = moved.into_iter().collect();
        news.watched = Some(row.clone());
        self.known = Some(Some(row));
        Ok(())
    }

    fn row(&self, root: Root) -> WatchedRow {
        WatchedRow {
            directory: self.declared.directory.clone(),
            include: self.declared.include.clone(),
            exclude: self.declared.exclude.clone(),
            recursive: self.declared.recursive,
            root,
        }
    }

    /// What has not changed for long enough is told of, or only noted; of `only` those that
    /// were looked at just now, if not all were.
    fn weigh(
        &mut self,
        tools: &Tools,
        at_ms: u64,
        only: Option<&BTreeSet<String>>,
        news: &mut News,
    ) {
        let settled = self.tracker.settled(at_ms, self.declared.stable_ms, AT_ONCE);
        let was_looked_at = |path: &String| only.is_none_or(|only| only.contains(path));
        let mut left = SUMMED_AT_ONCE;
        for (path, now) in settled.into_iter().filter(|(path, _)| was_looked_at(path)) {
            if self.sums(now, u64::MAX) && !self.sums(now, left) {
                // the others have their turn before the rest of these
                break;
            }
            let file = now.map(|now| self.seen(tools, &path, now, &mut left));
            let is_unknown = file.as_ref().is_some_and(|file| file.content.is_none());
            if is_unknown && self.declared.by_content {
                // it is too large or cannot be read, or it is not what it was any more
                match self.look_at(tools, &path, news) {
                    Ok(Some(again)) if again == now => {}
                    Ok(_) | Err(_) => continue,
                }
            }
            let change = self.tracker.change(&path, now);
            let content = |file: Option<&SeenFile>| file.and_then(|file| file.content);
            let before = content(self.tracker.seen().get(&path));
            let is_same = before.is_some() && before == content(file.as_ref());
            match is_same || !self.declared.changes.contains(&change) {
                true => news.silent.push((path, file)),
                false => news.told.push(Change { path, change, file }),
            }
        }
    }

    /// The cursor of a file that is so now, with its sum if that is `left` to be read.
    fn seen(&self, tools: &Tools, path: &str, now: Found, left: &mut u64) -> SeenFile {
        let mut content = None;
        if self.sums(Some(now), *left) {
            *left -= now.size;
            content = scan::content(&self.scope, path, now, &tools.stop);
        }
        SeenFile { size: now.size, modified_ns: now.modified_ns, content }
    }

    /// Whether a file is known by its content, where so many bytes may be read.
    fn sums(&self, now: Option<Found>, left: u64) -> bool {
        self.declared.by_content && now.is_some_and(|now| now.size <= MOST_SUMMED.min(left))
    }

    fn meet(&mut self, names: BTreeSet<String>, news: &mut News) {
        for name in names {
            let known = self.odd.len();
            scan::odd(&mut self.odd, name.clone());
            if self.odd.len() > known {
                news.odd.push(name);
            }
        }
    }
}
