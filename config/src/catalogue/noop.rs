//! `noop`: a step that does nothing, to join branches or to try an `if`.

use rpa_engine::EffectClass;
use rpa_engine::contract::{EffectRule, TaskContract};

pub(super) const CONTRACT: TaskContract = TaskContract {
    kind: "noop",
    summary: "Does nothing: a point where branches join.",
    effect: EffectRule::Always(EffectClass::Pure),
    inputs: &[],
    outputs: &[],
    example: "{}\n",
};
