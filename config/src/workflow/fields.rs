//! Reading a map key by key: what is known, what is not yet, what is wrong.

use super::foreign;
use super::node::{Data, Entry, Node};
use super::problem::{Pos, ProblemCode, Problems};
use crate::suggest;

/// So many unknown keys of a map are looked at; a person makes fewer slips in one.
const MAX_SLIPS: usize = 20;

/// The keys of one kind of map.
#[derive(Debug)]
pub(crate) struct Keys {
    /// For messages: `a step`.
    pub(crate) owner: &'static str,
    pub(crate) known: &'static [&'static str],
    /// Keys of the format that this build does not support.
    pub(crate) later: &'static [&'static str],
}

/// A map whose keys have been checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a> {
    pub(crate) at: Pos,
    entries: &'a [Entry],
}

impl<'a> Fields<'a> {
    /// The map at `node`; reports another type, and each key not in `keys`.
    pub(crate) fn read(node: &'a Node, keys: &Keys, problems: &mut Problems) -> Option<Self> {
        let Data::Map(entries) = &node.data else {
            problems.error(
                ProblemCode::WrongType,
                node.at,
                format!("{} is a map; here is {}", keys.owner, node.described()),
                format!("write keys and values; allowed keys: {}", keys.known.join(", ")),
            );
            return None;
        };
        for entry in entries {
            check_key(entry, keys, problems);
        }
        Some(Fields { at: node.at, entries })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a key of it, as other tools have it, means one of `keys`.
    pub(crate) fn has_habit_for(&self, keys: &[&str]) -> bool {
        let meant = |e: &Entry| suggest::habit(&e.key).iter().any(|meant| keys.contains(meant));
        self.entries.iter().any(meant)
    }

    /// Whether a key that is none of `known` is one of `keys`, mistyped.
    pub(crate) fn has_slip_for(&self, keys: &[&str], known: &Keys) -> bool {
        let unknown = self.entries.iter().filter(|e| !known.known.contains(&e.key.as_str()));
        unknown.take(MAX_SLIPS).any(|e| suggest::nearest(&e.key, keys.iter().copied()).is_some())
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|e| e.key == key)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a Node> {
        self.entry(key).map(|e| &e.node)
    }

    /// The value of a key that must be there.
    pub(crate) fn require(
        &self,
        key: &str,
        hint: &str,
        problems: &mut Problems,
    ) -> Option<&'a Node> {
        let found = self.get(key);
        if found.is_none() {
            let message = format!("the required key `{key}` is missing");
            problems.error(ProblemCode::MissingKey, self.at, message, hint);
        }
        found
    }
}

fn check_key(entry: &Entry, keys: &Keys, problems: &mut Problems) {
    let key = entry.key.as_str();
    if keys.known.contains(&key) || problems.is_full() {
        return;
    }
    if keys.later.contains(&key) {
        problems.error(
            ProblemCode::NotSupported,
            entry.key_at,
            format!("`{key}` in {} is not supported yet", keys.owner),
            "this version of rpad cannot honour it; take it out",
        );
        return;
    }
    let habit = suggest::habit(key).iter().find(|meant| keys.known.contains(meant));
    let hint = match (habit, foreign::advice(key, keys.known)) {
        (Some(meant), _) => format!("did you mean {meant:?}?"),
        (None, Some(advice)) => advice.to_owned(),
        (None, None) => suggest::hint(key, "allowed", keys.known.iter().copied()),
    };
    let message = format!("unknown key {:?} in {}", shown(key), keys.owner);
    problems.error(ProblemCode::UnknownKey, entry.key_at, message, hint);
}

/// Text of the file as a message quotes it: at most 60 characters.
pub(crate) fn shown(text: &str) -> String {
    const SHOWN_CHARS: usize = 60;
    match text.char_indices().nth(SHOWN_CHARS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
