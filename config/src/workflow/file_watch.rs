//! `file_watch` of a trigger: files that appear, change or go.

use rpa_engine::trigger::{FileChange, FileWatch};

use super::fields::{Fields, Keys, shown};
use super::limits::{MAX_DIRECTORY, MAX_GATHER_MS, MAX_GLOBS, MIN_POLL_MS};
use super::node::{Data, Node};
use super::problem::ProblemCode;
use super::reader::Reader;
use super::schedules::given;
use crate::file_watch::Globs;

pub(crate) const KEYS: Keys = Keys {
    owner: "`file_watch`",
    known: &[
        "directory",
        "include",
        "exclude",
        "recursive",
        "changes",
        "stable_for",
        "dedupe",
        "existing",
        "poll",
    ],
    later: &[],
};

/// By what a file is known to be the same; `true` for its content.
pub(crate) const DEDUPE: [(&str, bool); 2] = [("metadata", false), ("content", true)];
/// What becomes of files that are there already; `true` for those that are told of.
pub(crate) const EXISTING: [(&str, bool); 2] = [("ignore", false), ("fire", true)];
/// So long a file has not changed when the file does not say: writers that pause longer
/// are rare.
pub(crate) const STABLE_MS: u64 = 2_000;
pub(crate) const CHANGES: [FileChange; 2] = [FileChange::Created, FileChange::Modified];

const EXAMPLE: &str = "write for example {directory: /srv/in, include: \"*.csv\"}";

impl<'a> Reader<'a> {
    /// Each key is read before one that is wrong ends it, so that all are reported.
    pub(crate) fn file_watch(&mut self, node: &'a Node) -> Option<FileWatch> {
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let directory = fields.require("directory", EXAMPLE, &mut self.problems);
        let directory = directory.and_then(|node| self.watched_directory(node));
        let recursive = fields.get("recursive").map(|node| self.boolean(node, "`recursive`"));
        let below = recursive.flatten().unwrap_or_default();
        let include = fields.get("include").map(|node| self.globs(node, "include", below));
        let exclude = fields.get("exclude").map(|node| self.globs(node, "exclude", below));
        let words = FileChange::ALL.map(|change| (change.word(), change));
        let changes = fields.get("changes").map(|node| self.choices_of(node, "changes", &words));
        let stable = fields.get("stable_for").map(|node| self.stable_ms(node));
        let dedupe = fields.get("dedupe").map(|node| self.choice(node, "`dedupe`", &DEDUPE));
        let existing =
            fields.get("existing").map(|node| self.choice(node, "`existing`", &EXISTING));
        let poll = fields.get("poll").map(|node| self.poll_ms(node));
        let changes = given(changes)?.unwrap_or_else(|| CHANGES.into());
        if let (Some(entry), Some(Some(true)), false) =
            (fields.entry("existing"), existing, changes.contains(&FileChange::Created))
        {
            let message = "`existing: fire` means nothing when `changes` has no created";
            let hint = "files that are there already are told of as created: add it to `changes`";
            self.wrong_type(entry.key_at, message, hint);
        }
        Some(FileWatch {
            directory: directory?,
            include: given(include)?.unwrap_or_default(),
            exclude: given(exclude)?.unwrap_or_default(),
            recursive: given(recursive)?.unwrap_or_default(),
            changes: changes.into_iter().collect(),
            stable_ms: given(stable)?.unwrap_or(STABLE_MS),
            by_content: given(dedupe)?.unwrap_or_default(),
            existing: given(existing)?.unwrap_or_default(),
            poll_ms: given(poll)?,
        })
    }

    /// An absolute path, without what has no meaning in it: `/srv//in/` is `/srv/in`.
    fn watched_directory(&mut self, node: &'a Node) -> Option<String> {
        let text = self.filled_text(node, "`directory`")?;
        let parts = || text.split('/').filter(|part| !matches!(*part, "" | "."));
        let (why, hint) = if text.contains("{{") {
            ("takes no expression", "the daemon watches it before there is a run: write its path")
        } else if !text.starts_with('/') {
            ("is no absolute path", "write it from / on, for example /srv/in")
        } else if parts().any(|part| part == "..") {
            ("has a part `..`", "write where it leads")
        } else if text.contains(char::is_control) {
            ("has a character that cannot be seen", "write it anew")
        } else if text.len() > MAX_DIRECTORY {
            ("is longer than a path may be", "shorten it")
        } else {
            return Some(format!("/{}", parts().collect::<Vec<_>>().join("/")));
        };
        let message = format!("the directory {:?} {why}", shown(text));
        self.wrong_type(node.at, message, hint);
        None
    }

    /// One pattern or a list.
    fn globs(&mut self, node: &'a Node, key: &str, below: bool) -> Option<Vec<String>> {
        let items = match &node.data {
            Data::List(items) => &items[..],
            Data::Scalar(_) | Data::Map(_) => std::slice::from_ref(node),
        };
        if items.is_empty() {
            let message = format!("`{key}` is empty");
            let hint = "write for example \"*.csv\", or take it out";
            self.problems.error(ProblemCode::MissingKey, node.at, message, hint);
            return None;
        }
        if let Some(item) = items.get(MAX_GLOBS) {
            let message = format!("`{key}` has more than {MAX_GLOBS} patterns");
            let hint = "take several together: \"*.{csv,txt}\"";
            self.problems.error(ProblemCode::FileLimit, item.at, message, hint);
            return None;
        }
        let globs: Vec<_> = items.iter().map(|item| self.glob(item, key, below)).collect();
        globs.into_iter().collect()
    }

    fn glob(&mut self, node: &'a Node, key: &str, below: bool) -> Option<String> {
        let text = self.filled_text(node, &format!("a pattern of `{key}`"))?;
        if let Err(error) = Globs::new(&[text], &[] as &[&str]) {
            let message = format!("the pattern {:?} {error}", shown(text));
            self.wrong_type(node.at, message, error.hint());
            return None;
        }
        if text.contains('/') && !below {
            let message = format!("the pattern {:?} names files in directories below", shown(text));
            let hint = "add `recursive: true`: without it only the directory itself is looked at";
            self.wrong_type(node.at, message, hint);
        }
        Some(text.to_owned())
    }

    /// Nothing is a wish that makes sense: who moves whole files in need not wait.
    fn stable_ms(&mut self, node: &'a Node) -> Option<u64> {
        match self.duration_ms(node, "`stable_for`")? {
            0 => Some(0),
            _ => self.up_to(node, "`stable_for`", MAX_GATHER_MS, "7d"),
        }
    }

    fn poll_ms(&mut self, node: &'a Node) -> Option<u64> {
        let poll_ms = self.up_to(node, "`poll`", MAX_GATHER_MS, "7d")?;
        if poll_ms < MIN_POLL_MS {
            self.wrong_type(node.at, "`poll` is shorter than 1s", "write at least 1s");
            return None;
        }
        Some(poll_ms)
    }
}
