//! `shell`, which is also what `run:` means.

use rpa_engine::EffectClass;
use rpa_engine::contract::{EffectRule, FieldKind, TaskContract};

use super::field::{optional, output, required};

/// The shells that have a name; anything else is a list of words.
pub const SHELLS: [&str; 2] = ["sh", "bash"];

pub(super) const CONTRACT: TaskContract = TaskContract {
    kind: "shell",
    summary: "Runs a command in a shell; `run:` is short for it.",
    effect: EffectRule::Always(EffectClass::Unknown),
    inputs: &[
        required(
            "command",
            FieldKind::Text,
            "The command, taken as it stands: values reach it through `env`.",
        ),
        optional(
            "shell",
            FieldKind::Any,
            "sh",
            "sh (/bin/sh -eu), bash (-eu -o pipefail), or a list of words to which the name of a \
             file with the command is added as the last one, as in [python3].",
        ),
    ],
    outputs: &[
        output("stdout", FieldKind::Text, "What the command wrote to standard output."),
        output("stderr", FieldKind::Text, "What it wrote to standard error."),
        output("exit_code", FieldKind::Number, "Its exit code; anything but 0 fails the step."),
        output("truncated", FieldKind::Boolean, "Whether the output limit cut something off."),
    ],
    example: "command: df -P / | tail -1\nshell: bash\n",
};
