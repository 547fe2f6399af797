//! The commands by what they are for.

use rpa_ipc::Language;

/// Commands that belong together.
#[derive(Debug)]
pub struct Group {
    title: &'static str,
    title_bg: &'static str,
    pub commands: &'static [&'static str],
}

impl Group {
    pub fn title(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.title,
            Language::Bulgarian => self.title_bg,
        }
    }
}

/// Every command that is not hidden stands in one of them.
pub const GROUPS: &[Group] = &[
    Group {
        title: "writing",
        title_bg: "писане",
        commands: &[
            "init", "example", "check", "fmt", "test", "plan", "apply", "publish", "schema",
            "tasks",
        ],
    },
    Group {
        title: "workflows",
        title_bg: "процеси",
        commands: &[
            "workflows",
            "history",
            "diff",
            "source",
            "rollback",
            "clone",
            "enable",
            "disable",
            "archive",
            "restore",
            "export",
            "import",
        ],
    },
    Group {
        title: "runs",
        title_bg: "изпълнения",
        commands: &[
            "run", "runs", "show", "why", "logs", "cancel", "pause", "resume", "retry", "rerun",
        ],
    },
    Group {
        title: "people decide",
        title_bg: "решения",
        commands: &["doubts", "resolve", "approvals", "approve", "reject"],
    },
    Group {
        title: "by themselves",
        title_bg: "сами",
        commands: &["triggers", "slots", "deliveries", "upcoming", "schedule", "event"],
    },
    Group {
        title: "the daemon",
        title_bg: "демонът",
        commands: &["overview", "notifications", "status", "doctor", "backup", "locks"],
    },
    Group { title: "help", title_bg: "помощ", commands: &["help", "explain", "completions"] },
];

/// Names with blanks between them, in lines of at most `width`.
pub fn broken(names: &[&str], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for name in names {
        match lines.last_mut().filter(|line| line.len() + 2 + name.len() <= width) {
            Some(line) => line.extend(["  ", name]),
            None => lines.push((*name).to_owned()),
        }
    }
    lines
}
