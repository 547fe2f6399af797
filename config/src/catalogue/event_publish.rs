//! `event.publish`: tells the triggers and the steps that wait for an event.

use rpa_engine::EffectClass;
use rpa_engine::contract::{EffectRule, FieldKind, TaskContract};

use super::field::{optional, output, required};

pub(super) const CONTRACT: TaskContract = TaskContract {
    kind: "event.publish",
    summary: "Publishes an event in the workflow's namespace.",
    // however often the step is tried, the event is published once
    effect: EffectRule::Always(EffectClass::Idempotent),
    inputs: &[
        required("name", FieldKind::Text, "What triggers and steps listen for, like order.paid."),
        optional("data", FieldKind::Any, "{}", "What it carries; at most 64 KiB."),
    ],
    outputs: &[
        output("id", FieldKind::Text, "The id of the event."),
        output("triggers", FieldKind::Number, "Triggers that were told of it."),
        output("steps", FieldKind::Number, "Steps that waited for an event of its name."),
    ],
    example: "name: order.paid\ndata: {run: \"{{ run.id }}\"}\n",
};
