//! Random workflows that call one another: each calls only those after it, so that nobody
//! ever waits for itself by calls alone.

use std::sync::Arc;

use crate::run::simulation::rng::Rng;
use crate::run::tests::build::{
    approval_within, asking, call, call_detached, claims, claims_asked, expr, fixed, flow,
    for_each, group, run_outputs, task, wait, wait_event, workflow_ref,
};
use crate::template::Template;
use crate::workflow::{
    Cause, Concurrency, EffectClass, Handlers, OnBreach, OnError, OnItemError, OnLimit, OnTimeout,
    Priority, Sla, Step, Workflow,
};

/// Workflows of a town. The last calls nobody, so runs are called four deep.
pub(super) const WORKFLOWS: [&str; 5] = ["w0", "w1", "w2", "w3", "w4"];
pub(super) const LOCKS: [&str; 3] = ["la", "lb", "lc"];
pub(super) const POOLS: [&str; 2] = ["pa", "pb"];
pub(super) const EVENTS: [&str; 2] = ["paid", "sent"];
/// Sizes that people give to pools.
pub(super) const LARGEST_POOL: u64 = 4;
/// Revisions of each workflow, which differ in everything, their limits too.
const REVISIONS: u64 = 2;
const NAMES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
/// Bodies within bodies.
const DEEPEST: u64 = 2;

/// Revisions of each of [`WORKFLOWS`].
pub(super) fn workflows(rng: &mut Rng) -> Vec<Vec<Arc<Workflow>>> {
    // what a town is mostly about
    let mood = Mood {
        calls: *rng.pick(&[10, 30, 50]),
        claims: *rng.pick(&[0, 25, 60]),
        gates: *rng.pick(&[0, 30, 80]),
    };
    let mut revisions = |level: usize| {
        let one = |_| Arc::new(Maker::new(rng, level, mood).workflow());
        (0..REVISIONS).map(one).collect()
    };
    (0..WORKFLOWS.len()).map(&mut revisions).collect()
}

/// How often steps are of some kind, in percent.
#[derive(Clone, Copy)]
struct Mood {
    calls: u64,
    claims: u64,
    gates: u64,
}

struct Maker<'r> {
    rng: &'r mut Rng,
    level: usize,
    mood: Mood,
    names: Vec<&'static str>,
}

impl Maker<'_> {
    fn new(rng: &mut Rng, level: usize, mood: Mood) -> Maker<'_> {
        let mut names = NAMES.to_vec();
        rng.shuffle(&mut names);
        Maker { rng, level, mood, names }
    }

    fn workflow(mut self) -> Workflow {
        let mut workflow = flow(self.list(0, 4));
        workflow.name = workflow_ref(WORKFLOWS[self.level]);
        workflow.priority = *self.rng.pick(&Priority::ALL);
        if self.rng.percent(30) {
            workflow.outputs = run_outputs();
        }
        if self.rng.percent(15) {
            workflow.timeout_ms = Some(500 + self.rng.below(20_000));
        }
        if self.rng.percent(self.mood.gates) {
            workflow.concurrency = Some(self.concurrency());
        }
        if self.rng.percent(10) {
            workflow.sla = Some(self.sla());
        }
        workflow.handlers = Handlers {
            success: self.handler(),
            failure: self.handler(),
            cancel: self.handler(),
            finally: self.handler(),
        };
        workflow
    }

    fn concurrency(&mut self) -> Concurrency {
        let rng = &mut *self.rng;
        Concurrency {
            limit: 1 + u32::from(rng.percent(40)),
            key: rng.percent(50).then(|| Template::Expr(expr("vars.x", false))),
            on_limit: *rng.pick(&[
                OnLimit::Queue,
                OnLimit::Queue,
                OnLimit::Skip,
                OnLimit::Fail,
                OnLimit::CancelRunning,
            ]),
            max_queue: rng.percent(30).then_some(1),
        }
    }

    fn sla(&mut self) -> Sla {
        let within = |rng: &mut Rng| rng.percent(70).then(|| rng.below(8000));
        let (start_within_ms, finish_within_ms) = (within(self.rng), within(self.rng));
        let on_breach = *self.rng.pick(&OnBreach::ALL);
        Sla { start_within_ms, finish_within_ms, on_breach }
    }

    fn handler(&mut self) -> Vec<Step> {
        if self.rng.percent(12) { self.list(DEEPEST, 2) } else { Vec::new() }
    }

    fn list(&mut self, depth: u64, most: u64) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for _ in 0..=self.rng.below(most) {
            let Some(id) = self.names.pop() else { break };
            let mut step = self.step(depth, id);
            if !steps.is_empty() && self.rng.percent(40) {
                let need = self.rng.pick(&steps).id.to_string();
                step = step.after(&[&need]);
            }
            steps.push(step);
        }
        steps
    }

    fn step(&mut self, depth: u64, id: &str) -> Step {
        let mut step = match depth < DEEPEST && self.rng.percent(30) {
            true => self.nested(depth + 1, id),
            false => self.leaf(id),
        };
        if self.rng.percent(self.mood.claims) {
            step = self.claiming(step);
        }
        if self.rng.percent(10) {
            step = step.only_if("vars.x");
        }
        if self.rng.percent(20) {
            step = step.with_outputs();
        }
        if self.rng.percent(15) {
            step = step.within(200 + self.rng.below(8000));
        }
        if self.rng.percent(15) {
            step = step.on_error(OnError::Continue);
        }
        if depth == 0 && self.rng.percent(8) {
            step = step.undone_by(self.list(DEEPEST, 1));
        }
        if self.rng.percent(30) {
            let attempts = 2 + u32::from(self.rng.percent(30));
            let mut retry = fixed(attempts, self.rng.below(2000));
            if self.rng.percent(30) {
                retry.on = Some(vec![Cause::Business, Cause::Timeout, Cause::Exit(None)]);
            }
            step = step.with_retry(retry);
        }
        step.with_effect(match self.rng.percent(75) {
            true => EffectClass::Idempotent,
            false => *self.rng.pick(&EffectClass::ALL),
        })
    }

    fn leaf(&mut self, id: &str) -> Step {
        let after = self.level + 1;
        if after < WORKFLOWS.len() && self.rng.percent(self.mood.calls) {
            let workflow = *self.rng.pick(&WORKFLOWS[after..]);
            return match self.rng.percent(15) {
                true => call_detached(id, workflow),
                false => call(id, workflow),
            };
        }
        let timeout_ms = self.rng.percent(50).then(|| self.rng.below(8000));
        let on_timeout = *self.rng.pick(&[OnTimeout::Fail, OnTimeout::Continue, OnTimeout::Reject]);
        match self.rng.below(20) {
            0 => wait(id, self.rng.below(5000)),
            1 | 2 => {
                let quorum = 1 + u32::from(self.rng.percent(40));
                approval_within(id, quorum, timeout_ms, on_timeout)
            }
            3 | 4 => {
                let name = *self.rng.pick(&EVENTS);
                wait_event(id, name, self.rng.percent(50), timeout_ms, on_timeout)
            }
            5..=8 => asking(id),
            _ => task(id),
        }
    }

    fn nested(&mut self, depth: u64, id: &str) -> Step {
        let body = self.list(depth, 2);
        match self.rng.percent(60) {
            true => group(id, body),
            false => {
                let parallel = 1 + u32::from(self.rng.percent(50));
                let policy = match self.rng.percent(50) {
                    true => OnItemError::Fail,
                    false => OnItemError::Continue,
                };
                for_each(id, parallel, policy, body)
            }
        }
    }

    fn claiming(&mut self, step: Step) -> Step {
        let rng = &mut *self.rng;
        let mut tokens = Vec::new();
        for pool in POOLS {
            if rng.percent(30) {
                tokens.push((pool, 1 + u32::from(rng.percent(30))));
            }
        }
        let mut claims = match rng.below(10) {
            0..5 => claims(Some(*rng.pick::<&str>(&LOCKS)), &tokens),
            5 => claims(Some(*rng.pick::<&str>(&POOLS)), &[]),
            6 | 7 => claims_asked(&tokens),
            _ if tokens.is_empty() => claims(None, &[(POOLS[0], 1)]),
            _ => claims(None, &tokens),
        };
        claims.wait_ms = rng.percent(20).then(|| rng.below(5000));
        claims.lease_ms = rng.percent(20).then(|| rng.below(5000));
        step.claiming(claims)
    }
}
