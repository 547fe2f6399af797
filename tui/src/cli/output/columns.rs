//! The columns of each list as CSV: names of fields of its elements, `a.b` for a field
//! of an object. They only grow, at the end. The manual has them, rpa(1), LISTS.

/// The columns of one list.
#[derive(Debug, PartialEq, Eq)]
pub struct Columns {
    /// The command, as it is typed.
    pub command: &'static str,
    pub fields: &'static [&'static str],
}

/// Every list that can be printed so.
pub const ALL: &[&Columns] = &[
    &WORKFLOWS,
    &HISTORY,
    &RUNS,
    &LOGS,
    &DOUBTS,
    &APPROVALS,
    &NOTIFICATIONS,
    &LOCKS,
    &TASKS,
    &TRIGGERS,
    &SLOTS,
    &DELIVERIES,
    &UPCOMING,
    &BACKFILL,
    &PREVIEW,
    &CHECK,
    &DOCTOR,
    &EXPLAIN,
];

pub const WORKFLOWS: Columns = Columns {
    command: "workflows",
    fields: &[
        "workflow",
        "revision",
        "state",
        "state_by.at",
        "state_by.who",
        "live",
        "draft",
        "description",
        "tags",
        "category",
        "applied",
        "applied_by",
        "variables",
        "steps",
        "last_run.run",
        "last_run.status",
        "last_run.accepted",
    ],
};

pub const HISTORY: Columns = Columns {
    command: "history",
    fields: &[
        "workflow",
        "revision",
        "state",
        "made.at",
        "made.who",
        "made.origin",
        "published.at",
        "published.who",
        "published.origin",
        "file",
        "note",
        "from.kind",
        "from.workflow",
        "from.revision",
    ],
};

pub const RUNS: Columns = Columns {
    command: "runs",
    fields: &[
        "run",
        "workflow",
        "revision",
        "status",
        "accepted",
        "started",
        "ended",
        "actor",
        "origin",
        "steps_done",
        "steps_total",
        "at_step",
        "needs_person",
        "broken",
        "called",
        "turned_away",
        "held",
        "error.code",
        "error.class",
        "error.message",
        "error.hint",
        "alike",
    ],
};

pub const LOGS: Columns = Columns {
    command: "logs",
    fields: &["number", "time", "path", "attempt", "stream", "level", "text"],
};

pub const DOUBTS: Columns = Columns {
    command: "doubts",
    fields: &["run", "workflow", "path", "attempt", "effect", "since", "reason"],
};

pub const APPROVALS: Columns = Columns {
    command: "approvals",
    fields: &[
        "run",
        "workflow",
        "path",
        "started_by",
        "since",
        "due",
        "message",
        "shown",
        "form",
        "approvers",
        "have",
        "quorum",
        "self_approval",
        "votes",
        "digest",
    ],
};

pub const NOTIFICATIONS: Columns = Columns {
    command: "notifications",
    fields: &[
        "id",
        "number",
        "kind",
        "severity",
        "state",
        "workflow",
        "run",
        "step",
        "trigger",
        "slot",
        "message.text",
        "count",
        "mended",
        "first",
        "last",
        "acknowledged.at",
        "acknowledged.by",
        "settled.at",
        "settled.how",
    ],
};

pub const LOCKS: Columns = Columns {
    command: "locks",
    fields: &["name", "kind", "size", "taken", "holders", "waiting", "waits"],
};

pub const TASKS: Columns = Columns {
    command: "tasks",
    fields: &["kind", "summary", "effect", "inputs", "outputs", "example"],
};

pub const TRIGGERS: Columns = Columns {
    command: "triggers",
    fields: &[
        "workflow",
        "trigger",
        "kind",
        "status",
        "why.text",
        "paused_by_itself",
        "description",
        "what",
        "timezone",
        "revision",
        "next.slot",
        "next.due",
        "last.slot",
        "last.fate",
        "last.run",
        "missed",
        "failures",
        "open",
        "waiting",
        "deliveries",
        "failing.since",
        "failing.attempts",
        "failing.next",
        "rejected.count",
        "rejected.last",
        "rejected.why.text",
        "cadence.text",
    ],
};

pub const SLOTS: Columns = Columns {
    command: "slots",
    fields: &["slot", "fate", "run", "reason.text", "late_ms", "decided", "workflow", "trigger"],
};

pub const DELIVERIES: Columns = Columns {
    command: "deliveries",
    fields: &["number", "at", "what", "outcome", "run", "reason.text", "decided"],
};

pub const UPCOMING: Columns = Columns {
    command: "upcoming",
    fields: &["workflow", "trigger", "slot", "due", "passed.text", "more", "more_until"],
};

pub const BACKFILL: Columns = Columns {
    command: "schedule backfill",
    fields: &["workflow", "trigger", "slot", "due", "passed.text"],
};

pub const CHECK: Columns =
    Columns { command: "check", fields: &["file", "ok", "workflow", "steps", "problems"] };

pub const PREVIEW: Columns = Columns {
    command: "schedule preview",
    fields: &["at", "local", "due", "due_latest", "passed", "after_gap"],
};

pub const DOCTOR: Columns =
    Columns { command: "doctor", fields: &["check", "severity", "what", "where", "remedy"] };

pub const EXPLAIN: Columns = Columns { command: "explain", fields: &["code", "title"] };
