//! `file.read`: a file as text or as a document.

use rpa_engine::EffectClass;
use rpa_engine::contract::{EffectRule, FieldKind, TaskContract};

use super::field::{optional, output, required};

pub(super) const CONTRACT: TaskContract = TaskContract {
    kind: "file.read",
    summary: "Reads a file as text or as a document.",
    effect: EffectRule::Always(EffectClass::Pure),
    inputs: &[
        required("path", FieldKind::Text, "The file to read."),
        optional(
            "format",
            FieldKind::Choice(&["text", "json", "csv", "lines"]),
            "text",
            "How to read it: text, json, csv (a list of maps by the first row) or lines (a list).",
        ),
        optional("max", FieldKind::Size, "4MiB", "A larger file fails the step."),
    ],
    outputs: &[
        output("content", FieldKind::Any, "What the file holds, by `format`."),
        output("bytes", FieldKind::Number, "Its size in bytes."),
        output("modified", FieldKind::Text, "When it was last changed (RFC 3339, UTC)."),
    ],
    example: "path: /etc/hosts\nformat: lines\nmax: 64KiB\n",
};
