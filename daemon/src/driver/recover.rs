//! Going on after a start, or after the store was opened anew.

use std::collections::BTreeSet;

use rpa_engine::notification::{Kind, What};
use rpa_engine::run::{Cx, Input};
use rpa_engine::{AttemptId, RunId};

use super::locks::Locks;
use super::notifications::Happening;
use super::{Driver, Looked, Outbox};
use crate::failpoint::failpoint;
use crate::runlog::Entry;
use crate::store::{Life, StoreError, Tables, boot_id};

impl Driver {
    /// Loads what is active, finds attempts that nobody runs any more, and asks
    /// the engine to go on. Lost attempts are reported by the runner, each after
    /// it has made sure that the attempt's process group is dead.
    ///
    /// A run whose rows cannot be read is set aside, and the others go on.
    pub fn recover(&mut self) -> Result<(), StoreError> {
        loop {
            match self.recover_all() {
                Err(error) if self.parts.store.set_aside(&error) => self.forget(),
                result => return result,
            }
        }
    }

    fn recover_all(&mut self) -> Result<(), StoreError> {
        failpoint!("recovery-begins");
        let cx = Cx { now_ms: (self.parts.clock)(), hold: self.hold };
        let store = self.parts.store.clone();
        let mut out = Outbox::default();
        let held: BTreeSet<AttemptId> = self.parts.dispatch.inventory().into_iter().collect();
        let (lost, running, next_due, active) = store.transact(|tables| {
            let (mut lost, mut known) = (Vec::new(), BTreeSet::new());
            self.locks = Locks::load(tables)?;
            self.find_called_at_gates(tables)?;
            out.lost = self.load_held(tables)?;
            self.find_triggers(tables, cx)?;
            self.find_notifications(tables)?;
            let active = tables.active()?;
            for run in &active {
                match self.load(tables, *run) {
                    Ok(_) if self.is_busy(*run) => self.queue.found_active(),
                    Ok(_) => {}
                    Err(error) if self.parts.store.set_aside(&error) => {
                        tables.put_aside(*run);
                        continue;
                    }
                    Err(error) => return Err(error),
                }
                self.mourn_log(*run, tables.log_bytes(*run)?);
                // before anything new is begun, which would look just the same
                for (attempt, boot) in tables.running(*run)? {
                    if !held.contains(&attempt) {
                        lost.push((attempt.clone(), boot));
                    }
                    known.insert(attempt);
                }
                // a refusal is for people; recovery is never refused
                let _ = self.run_input(tables, cx, *run, Input::Recover, &mut out)?;
                self.relay(tables, cx, &mut out)?;
            }
            self.admit(tables, cx, &mut out)?;
            self.notify_of_start(tables, cx.now_ms, (active.len(), lost.len()), &mut out)?;
            // whose rows cannot be read may yet be put right: what it runs is left alone
            known.extend(held.iter().filter(|attempt| tables.is_aside(attempt.run)).cloned());
            failpoint!("recovery-before-commit");
            Ok((lost, known, self.next_due(tables)?, active))
        })?;
        if self.held.restored {
            tracing::warn!(
                runs = self.held.runs.len(),
                "restored from a backup: open runs are held until `rpa resume --restored`"
            );
        }
        if !active.is_empty() {
            let taken_back = held.intersection(&running).count();
            tracing::info!(
                runs = active.len(),
                taken_back,
                lost_attempts = lost.len(),
                "recovered"
            );
        }
        failpoint!("recovery-after-commit");
        self.looked = Looked::default();
        self.has_come = true;
        // before anything new is begun
        self.parts.dispatch.stop_all_but(&running);
        self.act(&mut [], out);
        for (attempt, boot) in lost {
            // unknown counts as another boot: then a missing record proves nothing
            let same_boot = !boot.is_empty() && boot == boot_id();
            self.parts.dispatch.reclaim(attempt, same_boot);
            failpoint!("recovery-reclaims");
        }
        // a run may have ended in a transaction that was durable and said it was not
        let open: Vec<RunId> = active.into_iter().chain(self.held.runs.iter().copied()).collect();
        self.parts.logs.close_all_but(&open);
        failpoint!("recovery-ends");
        self.parts.dispatch.resend();
        self.parts.next_due.send_replace(next_due.filter(|_| !self.hold));
        Ok(())
    }

    /// Tells of a daemon that was not stopped, and of a store that was restored.
    fn notify_of_start(
        &mut self,
        tables: &mut Tables<'_>,
        now_ms: u64,
        (runs, lost): (usize, usize),
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let number = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
        let life = Life { boot: boot_id().to_owned(), since_ms: now_ms };
        let before = match self.has_come {
            true => None,
            false => tables.begin_life(&life)?,
        };
        if let Some(before) = before {
            let machine = !before.boot.is_empty() && before.boot != life.boot;
            let what = What::DaemonReturned { runs: number(runs), lost: number(lost), machine };
            self.notify(tables, now_ms, Happening::of_daemon(what), out)?;
        }
        if self.held.restored && !self.is_told(Kind::StoreRestored) {
            let what = What::StoreRestored { runs: number(self.held.runs.len()) };
            self.notify(tables, now_ms, Happening::of_daemon(what), out)?;
        }
        Ok(())
    }

    /// Says in the log of `run` that its tail is missing, when it is shorter than
    /// it was at the last commit: the machine went down before it was on disk.
    fn mourn_log(&self, run: RunId, committed: u64) {
        // never read: a step may have put something large there
        let here = self.parts.logs.bytes(run).unwrap_or(0);
        let Some(missing) = committed.checked_sub(here).filter(|n| *n > 0) else { return };
        let entry = Entry {
            path: "-".into(),
            attempt: 0,
            stream: "rpad",
            level: "warn",
            text: format!("the machine went down: the last {missing} bytes of this log are lost"),
        };
        if let Err(error) = self.parts.logs.append(run, &[entry]) {
            tracing::warn!(%run, missing, %error, "the tail of a run's log is lost");
        }
    }
}
