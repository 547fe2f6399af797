//! The gates of workflows: runs enter, wait, and pass when others have ended.

use rpa_engine::gate::{self, CalledRun, Entry, Gate};
use rpa_engine::run::{Cx, GateAnswer, Input};
use rpa_engine::{Concurrency, RunId};

use super::relay::{Sender, daemon};
use super::waits::CalledAtGates;
use super::{Driver, Outbox};
use crate::store::{GateKey, StoreError, Tables};

/// Runs that one that replaces them cancels at a time: more of one key are not there, as
/// each replaces those before it.
const REPLACED: usize = 1000;
/// Runs that are named where a called run would wait for ever.
const TOLD: usize = 4;

impl Driver {
    pub(super) fn enter_gate(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        from: &Sender,
        key: &str,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let gate = GateKey { namespace: from.namespace, workflow: from.workflow.as_str(), key };
        let Some(rule) = self.rule_of(tables, from.run)? else { return Ok(()) };
        let (active, waiting) = tables.gate(gate)?;
        let priority = tables.priority_of(from.run)?;
        let (_, line) = tables.at_gate(gate, 1)?;
        let is_behind = match line.first() {
            Some(first) => tables.priority_of(*first)? >= priority,
            None => false,
        };
        let entry = Gate { active, waiting, is_behind }.enter(&rule);
        let answer = match &entry {
            Entry::Passes => {
                tables.pass_gate(gate, from.run)?;
                GateAnswer::Passed { key: key.to_owned() }
            }
            Entry::Waits | Entry::Replaces => {
                tables.wait_at_gate(gate, from.run, priority)?;
                let callers = tables.callers(from.run)?;
                let called = CalledRun { run: from.run, callers, limit: rule.limit };
                self.called_at_gates.waits(gate, called);
                // otherwise those before it are cancelled first
                if entry == Entry::Waits && self.turn_is_for_ever(tables, gate, from.run)? {
                    self.turn_away(tables, gate, from.run)?
                } else {
                    GateAnswer::Waits { key: key.to_owned(), active }
                }
            }
            Entry::TurnedAway { reason, fails } => {
                let (error, fails) = (gate::full(reason.clone()), *fails);
                GateAnswer::TurnedAway { key: key.to_owned(), error, fails }
            }
        };
        let _ = self.run_input(tables, cx, from.run, Input::Gated(answer), out)?;
        if entry == Entry::Replaces {
            let (passed, waiting) = tables.at_gate(gate, REPLACED)?;
            let short = from.run.short();
            for earlier in waiting.into_iter().chain(passed).filter(|run| *run != from.run) {
                let by = daemon(format!("run {short} in its place"));
                let _ = self.run_input(tables, cx, earlier, Input::Cancel { by }, out)?;
            }
            out.mail.look_again(from.clone(), key.to_owned());
        }
        Ok(())
    }

    /// Turns away a run that waits for others which were cancelled for it and do not end,
    /// as it is in their way.
    pub(super) fn replaces_for_ever(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        from: &Sender,
        key: &str,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let gate = GateKey { namespace: from.namespace, workflow: from.workflow.as_str(), key };
        if !self.turn_is_for_ever(tables, gate, from.run)? {
            return Ok(());
        }
        let answer = self.turn_away(tables, gate, from.run)?;
        let _ = self.run_input(tables, cx, from.run, Input::Gated(answer), out)?;
        Ok(())
    }

    /// Takes a run that would wait for ever out of the line.
    fn turn_away(
        &mut self,
        tables: &mut Tables<'_>,
        gate: GateKey<'_>,
        run: RunId,
    ) -> Result<GateAnswer, StoreError> {
        self.leave_queue(tables, gate, run)?;
        let (passed, _) = tables.at_gate(gate, TOLD)?;
        let error = gate::circle(&passed);
        Ok(GateAnswer::TurnedAway { key: gate.key.to_owned(), error, fails: true })
    }

    /// A run has ended, or waits no more: those behind it may pass.
    pub(super) fn leave_gate(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        from: &Sender,
        key: &str,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let gate = GateKey { namespace: from.namespace, workflow: from.workflow.as_str(), key };
        if tables.has_passed(gate, from.run)? {
            tables.leave_gate(gate, from.run)?;
        } else {
            self.leave_queue(tables, gate, from.run)?;
        }
        loop {
            let (_, waiting) = tables.at_gate(gate, 1)?;
            let Some(next) = waiting.first().copied() else { return Ok(()) };
            let Some(rule) = self.rule_of(tables, next)? else { return Ok(()) };
            let (active, _) = tables.gate(gate)?;
            if active >= rule.limit {
                return Ok(());
            }
            self.leave_queue(tables, gate, next)?;
            tables.pass_gate(gate, next)?;
            let answer = GateAnswer::Passed { key: key.to_owned() };
            let _ = self.run_input(tables, cx, next, Input::Gated(answer), out)?;
        }
    }

    /// A run no longer waits at a gate.
    fn leave_queue(
        &mut self,
        tables: &mut Tables<'_>,
        gate: GateKey<'_>,
        run: RunId,
    ) -> Result<(), StoreError> {
        self.called_at_gates.waits_no_more(gate, run);
        tables.leave_queue(gate, run, tables.priority_of(run)?)
    }

    /// The called runs that wait at gates, as they are stored.
    pub(super) fn find_called_at_gates(&mut self, tables: &Tables<'_>) -> Result<(), StoreError> {
        self.called_at_gates = CalledAtGates::default();
        tables.each_at_gate(|gate, run| {
            let callers = tables.callers(run)?;
            if callers.is_empty() {
                return Ok(());
            }
            let limit = self.rule_of(tables, run)?.map_or(1, |rule| rule.limit);
            self.called_at_gates.waits(gate, CalledRun { run, callers, limit });
            Ok(())
        })
    }

    /// The rule of the revision that the run is of.
    pub(super) fn rule_of(
        &mut self,
        tables: &Tables<'_>,
        run: RunId,
    ) -> Result<Option<Concurrency>, StoreError> {
        if !self.runs.contains_key(&run) && !self.load(tables, run)? {
            return Ok(None);
        }
        let active = self.runs.get(&run);
        let rule = active.and_then(|active| active.run.definition.concurrency.clone());
        self.unload(run);
        Ok(rule)
    }
}
