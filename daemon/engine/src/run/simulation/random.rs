//! Random workflows: acyclic, in no particular order, lists within lists, with everything
//! a step may have.

use super::rng::Rng;
use crate::outcome::ErrorClass;
use crate::run::tests::build::{
    approval_within, asking, call, call_detached, claims, claims_asked, expr, fixed, flow,
    for_each, group, repeat, run_outputs, set, switch, task, wait, wait_event, while_true,
};
use crate::template::Template;
use crate::workflow::{
    Backoff, Cause, Claims, Concurrency, EffectClass, Handlers, OnBreach, OnError, OnItemError,
    OnLimit, OnTimeout, Retry, Sla, Step, When, Workflow,
};

/// Names of which many begin with another.
const STEMS: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
const ENDS: [&str; 4] = ["", "b", "_c", "0"];
const MAX_NEEDS: u64 = 3;
/// Bodies within bodies.
const DEEPEST: u64 = 3;

/// Where a list stands: what is in it depends on that.
#[derive(Clone, Copy)]
struct Place {
    depth: u64,
    /// In a handler, or in what undoes a step, nothing can be undone.
    undoable: bool,
}

/// What is left to make steps of.
struct Maker<'r> {
    rng: &'r mut Rng,
    /// They say nothing about the order, nor does the order in the file.
    names: Vec<String>,
    /// Flat and plain, as most workflows are.
    plain: bool,
}

pub(super) fn workflow(rng: &mut Rng) -> Workflow {
    let mut names: Vec<String> =
        STEMS.iter().flat_map(|stem| ENDS.map(|end| format!("{stem}{end}"))).collect();
    rng.shuffle(&mut names);
    let plain = rng.percent(15);
    let mut maker = Maker { rng, names, plain };
    let top = Place { depth: 0, undoable: true };
    let mut workflow = flow(maker.list(top, 7));
    if maker.rng.percent(30) {
        workflow.outputs = run_outputs();
    }
    if !plain {
        if maker.rng.percent(20) {
            workflow.timeout_ms = Some(500 + maker.rng.below(20_000));
        }
        if maker.rng.percent(20) {
            let key = maker.rng.percent(50).then(|| Template::Expr(expr("vars.x", false)));
            let on_limit = OnLimit::Queue;
            workflow.concurrency = Some(Concurrency { limit: 1, key, on_limit, max_queue: None });
        }
        if maker.rng.percent(15) {
            let mut within = || maker.rng.percent(70).then(|| 990_000 + maker.rng.below(30_000));
            let (start_within_ms, finish_within_ms) = (within(), within());
            let on_breach = *maker.rng.pick(&OnBreach::ALL);
            workflow.sla = Some(Sla { start_within_ms, finish_within_ms, on_breach });
        }
        workflow.handlers = Handlers {
            success: maker.handler(),
            failure: maker.handler(),
            cancel: maker.handler(),
            finally: maker.handler(),
        };
    }
    workflow
}

impl Maker<'_> {
    fn handler(&mut self) -> Vec<Step> {
        match self.rng.percent(30) {
            true => self.list(Place { depth: DEEPEST - 1, undoable: false }, 2),
            false => Vec::new(),
        }
    }

    fn list(&mut self, place: Place, most: u64) -> Vec<Step> {
        let mut ids: Vec<String> = Vec::new();
        let mut steps: Vec<Step> = Vec::new();
        for _ in 0..=self.rng.below(most) {
            let Some(id) = self.names.pop() else { break };
            let mut step = self.step(place, &id);
            if !ids.is_empty() {
                for _ in 0..self.rng.below(MAX_NEEDS + 1) {
                    let need = self.rng.pick(&ids).clone();
                    step = step.when(&need, self.when());
                }
            }
            steps.push(step);
            ids.push(id);
        }
        if !self.plain {
            for _ in 0..self.rng.below(3) {
                self.fall_back(&mut steps);
            }
        }
        self.rng.shuffle(&mut steps);
        steps
    }

    fn when(&mut self) -> When {
        match self.rng.below(10) {
            0 if !self.plain => When::Failed,
            1 if !self.plain => When::Skipped,
            2 if !self.plain => When::Always,
            _ => When::Completed,
        }
    }

    /// One step becomes the fallback of another, if it may: nobody needs it, it needs
    /// nobody, and it is nobody's yet.
    fn fall_back(&mut self, steps: &mut [Step]) {
        if steps.len() < 2 {
            return;
        }
        let (owner, target) = (self.rng.index(steps.len()), self.rng.index(steps.len()));
        let id = steps[target].id.clone();
        let falls_to = |step: &Step| match &step.on_error {
            OnError::Fallback(id) => Some(id.clone()),
            OnError::Fail | OnError::Continue => None,
        };
        let taken =
            steps.iter().any(|s| s.needs.contains_key(&id) || falls_to(s).as_ref() == Some(&id));
        let mut end = Some(id.clone());
        while let Some(at) = end {
            if at == steps[owner].id {
                return;
            }
            end = steps.iter().find(|s| s.id == at).and_then(falls_to);
        }
        if !taken && falls_to(&steps[owner]).is_none() {
            steps[target].needs.clear();
            steps[owner].on_error = OnError::Fallback(id);
        }
    }

    fn step(&mut self, place: Place, id: &str) -> Step {
        let nests = !self.plain && place.depth < DEEPEST && self.rng.percent(45);
        let mut step = match nests {
            true => self.nested(place, id),
            false => self.leaf(id),
        };
        step = match self.rng.below(10) {
            0 => step.only_if("vars.x"),
            1 => step.whatever_happened(),
            _ => step,
        };
        if self.rng.percent(20) {
            step = step.with_outputs();
        }
        if !self.plain {
            if self.rng.percent(15) {
                step = step.on_error(OnError::Continue);
            }
            if place.undoable && self.rng.percent(25) {
                let undo = Place { depth: DEEPEST - 1, undoable: false };
                let undo = self.list(undo, 2);
                // an empty list undoes nothing
                step = step.undone_by(undo);
            }
        }
        if !self.plain && self.rng.percent(12) {
            let claims = self.claims();
            step = step.claiming(claims);
        }
        let effect = match self.rng.percent(50) {
            true => EffectClass::Idempotent,
            false => *self.rng.pick(&EffectClass::ALL),
        };
        let retry = self.retry();
        step.with_effect(effect).with_retry(retry)
    }

    fn leaf(&mut self, id: &str) -> Step {
        if !self.plain && self.rng.percent(20) {
            return self.shared(id);
        }
        match self.rng.below(10) {
            0 => set(id, id),
            1 => wait(id, self.rng.below(5000)),
            2..=4 => asking(id),
            _ => task(id),
        }
    }

    /// What other runs and people take part in.
    fn shared(&mut self, id: &str) -> Step {
        let timeout_ms = self.rng.percent(50).then(|| self.rng.below(8000));
        let on_timeout = *self.rng.pick(&[OnTimeout::Fail, OnTimeout::Continue, OnTimeout::Reject]);
        match self.rng.below(8) {
            0..3 => {
                let step = call(id, "other");
                match timeout_ms {
                    Some(ms) => step.within(ms),
                    None => step,
                }
            }
            3 => call_detached(id, "other"),
            4 | 5 => {
                let quorum = 1 + u32::from(self.rng.percent(50));
                approval_within(id, quorum, timeout_ms, on_timeout)
            }
            _ => wait_event(id, "paid", self.rng.percent(60), timeout_ms, on_timeout),
        }
    }

    fn claims(&mut self) -> Claims {
        let rng = &mut *self.rng;
        let mut claims = match rng.below(4) {
            0 => claims(None, &[("a", 1), ("z", 2)]),
            1 => claims(Some("m"), &[]),
            2 => claims(Some("m"), &[("a", 1), ("z", 1)]),
            _ => claims_asked(&[("z", 1)]),
        };
        claims.wait_ms = rng.percent(30).then(|| rng.below(5000));
        claims.lease_ms = rng.percent(30).then(|| rng.below(5000));
        claims
    }

    fn nested(&mut self, place: Place, id: &str) -> Step {
        let inner = Place { depth: place.depth + 1, ..place };
        let small = |rng: &mut Rng, end| u32::try_from(rng.below(end)).expect("small");
        let step = match self.rng.below(8) {
            0 | 1 => group(id, self.list(inner, 3)),
            2..=4 => {
                let policy = match self.rng.below(4) {
                    0 | 1 => OnItemError::Fail,
                    2 => OnItemError::Continue,
                    _ => OnItemError::StopAfter(1 + small(self.rng, 3)),
                };
                let parallel = 1 + small(self.rng, 3);
                for_each(id, parallel, policy, self.list(inner, 2))
            }
            5 => while_true(id, 1 + small(self.rng, 4), self.list(inner, 2)),
            6 => {
                let every_ms = if self.rng.percent(50) { self.rng.below(3000) } else { 0 };
                let (count, until) = (1 + small(self.rng, 4), self.rng.percent(50));
                repeat(id, count, until, every_ms, self.list(inner, 2))
            }
            _ => {
                let (a, b) = (self.list(inner, 2), self.list(inner, 2));
                let default = if self.rng.percent(50) { Vec::new() } else { self.list(inner, 1) };
                switch(id, a, b, default)
            }
        };
        match self.rng.percent(25) {
            true => step.within(200 + self.rng.below(8000)),
            false => step,
        }
    }

    fn retry(&mut self) -> Retry {
        let rng = &mut *self.rng;
        if rng.percent(40) {
            return Retry::NONE;
        }
        let backoff = *rng.pick(&[Backoff::Fixed, Backoff::Exponential, Backoff::Linear]);
        let declared_on_step = rng.percent(60);
        let attempts = 1 + u32::try_from(rng.below(4)).expect("small");
        let mut retry = Retry { backoff, declared_on_step, ..fixed(attempts, rng.below(2000)) };
        if rng.percent(20) {
            retry.jitter_percent = u8::try_from(rng.below(101)).expect("a percentage");
        }
        if rng.percent(20) {
            retry.total_ms = Some(rng.below(6000));
        }
        if rng.percent(20) {
            let ErrorClass::Exit(code) = super::around::EXIT else { unreachable!("an exit code") };
            retry.on = Some(vec![Cause::Timeout, Cause::Exit(Some(code)), Cause::Business]);
        }
        retry
    }
}
