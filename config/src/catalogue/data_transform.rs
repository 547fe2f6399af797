//! `data.transform`: computes a document from others.

use rpa_engine::EffectClass;
use rpa_engine::contract::{EffectRule, FieldKind, TaskContract};

use super::field::{optional, output, per_item, required};

/// Filtering is for lists.
pub(super) const DEPENDENT: &[(&str, &str)] = &[("where", "each")];

pub(super) const CONTRACT: TaskContract = TaskContract {
    kind: "data.transform",
    summary: "Computes a document; with `each`, a list of one per item.",
    effect: EffectRule::Always(EffectClass::Pure),
    inputs: &[
        per_item(required(
            "value",
            FieldKind::Any,
            "The document. With `each` it is computed for each item, with `item` and `loop` at \
             hand, and the list of the results is the value.",
        )),
        optional("each", FieldKind::List, "", "The items to go through."),
        per_item(optional(
            "where",
            FieldKind::Boolean,
            "true",
            "Computed for each item: whether the item is taken.",
        )),
    ],
    outputs: &[output(
        "value",
        FieldKind::Any,
        "The document. When it is a map, its fields are also the output's own: with \
         `value: {rows: …}`, `output.rows` is the same as `output.value.rows`.",
    )],
    example: "each: [{mount: /, percent: 91}, {mount: /home, percent: 40}]\n\
              where: \"{{ item.percent > 80 }}\"\n\
              value: {mount: \"{{ item.mount }}\", nth: \"{{ loop.index }}\"}\n",
};
