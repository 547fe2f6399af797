//! Random workflows: acyclic, in no particular order, with everything a step may have.

use super::rng::Rng;
use crate::run::tests::build::{asking, fixed, flow, run_outputs, set, task, wait};
use crate::workflow::{Backoff, EffectClass, Retry, Step, Workflow};

const IDS: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
const MAX_NEEDS: u64 = 3;

pub(super) fn workflow(rng: &mut Rng) -> Workflow {
    // the names say nothing about the order, nor does the order in the file
    let mut ids = IDS;
    rng.shuffle(&mut ids);
    let ids = &ids[..=rng.index(IDS.len())];
    let mut steps: Vec<Step> =
        ids.iter().enumerate().map(|(i, id)| step(rng, id, &ids[..i])).collect();
    rng.shuffle(&mut steps);
    let mut workflow = flow(steps);
    if rng.percent(30) {
        workflow.outputs = run_outputs();
    }
    workflow
}

fn step(rng: &mut Rng, id: &str, earlier: &[&str]) -> Step {
    let mut step = match rng.below(10) {
        0 => set(id, id),
        1 => wait(id, rng.below(5000)),
        2..=4 => asking(id),
        _ => task(id),
    };
    if !earlier.is_empty() {
        let needs: Vec<&str> = (0..rng.below(MAX_NEEDS + 1)).map(|_| *rng.pick(earlier)).collect();
        step = step.after(&needs);
    }
    step = match rng.below(10) {
        0 => step.only_if("vars.x"),
        1 => step.whatever_happened(),
        _ => step,
    };
    if rng.percent(25) {
        step = step.with_outputs();
    }
    let effect = *rng.pick(&EffectClass::ALL);
    let retry = retry(rng);
    step.with_effect(effect).with_retry(retry)
}

fn retry(rng: &mut Rng) -> Retry {
    if rng.percent(40) {
        return Retry::NONE;
    }
    let backoff = *rng.pick(&[Backoff::Fixed, Backoff::Exponential]);
    let declared_on_step = rng.percent(60);
    let attempts = 1 + u32::try_from(rng.below(4)).expect("small");
    Retry { backoff, declared_on_step, ..fixed(attempts, rng.below(2000)) }
}
