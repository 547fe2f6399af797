//! `file.write`: a whole file at once.

use rpa_engine::EffectClass;
use rpa_engine::contract::{EffectRule, FieldKind, TaskContract};

use super::field::{optional, output, required};

pub(super) const CONTRACT: TaskContract = TaskContract {
    kind: "file.write",
    summary: "Writes a whole file at once: readers see the old one or the new one.",
    // the file is replaced by renaming, so writing it again changes nothing
    effect: EffectRule::Always(EffectClass::Idempotent),
    inputs: &[
        required("path", FieldKind::Text, "The file to write."),
        required(
            "content",
            FieldKind::Any,
            "What it is to hold: text as it stands, any other document as JSON.",
        ),
        optional("mode", FieldKind::Text, "0644", "Its permissions, in octal, in quotes."),
        optional(
            "create_dirs",
            FieldKind::Boolean,
            "true",
            "Whether to create the directories above it.",
        ),
    ],
    outputs: &[
        output("path", FieldKind::Text, "The path of the file."),
        output("bytes", FieldKind::Number, "Its size in bytes."),
    ],
    example: "path: /var/lib/reports/disk.json\n\
              content: {full: 3, run: \"{{ run.id }}\"}\n\
              mode: \"0640\"\n\
              create_dirs: false\n",
};
