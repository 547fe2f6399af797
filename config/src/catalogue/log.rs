//! `log`: a line in the run's log.

use rpa_engine::EffectClass;
use rpa_engine::contract::{EffectRule, FieldKind, TaskContract};

use super::field::{optional, required};

pub(super) const CONTRACT: TaskContract = TaskContract {
    kind: "log",
    summary: "Writes a line to the run's log.",
    effect: EffectRule::Always(EffectClass::Pure),
    inputs: &[
        required("message", FieldKind::Text, "The line."),
        optional(
            "level",
            FieldKind::Choice(&["debug", "info", "warn", "error"]),
            "info",
            "How much it matters.",
        ),
    ],
    outputs: &[],
    example: "message: \"run {{ run.id }} found nothing\"\nlevel: warn\n",
};
