//! What of a directory cannot be looked at, and is passed over.
//!
//! Whoever may write into a watched directory may also make something in it that the daemon
//! cannot read. That is to hide what is in it, and nothing else.

use std::collections::BTreeMap;

use rustix::io::Errno;

/// What an error says of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It has gone, or something else stands in its place.
    Gone,
    /// This one cannot be looked at: not allowed, too long a path, a broken disk.
    Here,
    /// Nothing can be looked at now: it is the directory of the trigger itself, or the
    /// daemon has no descriptors or memory left.
    Everywhere,
}

impl Trouble {
    /// Of a file or directory by its path below that of the trigger.
    pub(super) fn of(below: &str, error: Errno) -> Trouble {
        match error {
            _ if below.is_empty() => Trouble::Everywhere,
            Errno::NOENT | Errno::NOTDIR => Trouble::Gone,
            Errno::MFILE | Errno::NFILE | Errno::NOMEM | Errno::NOBUFS => Trouble::Everywhere,
            // EACCES, EPERM, ENAMETOOLONG, ELOOP, EIO, and whatever a file system makes up
            _ => Trouble::Here,
        }
    }
}

/// Files and directories that cannot be looked at, by their paths below that of the trigger.
#[derive(Clone, Debug, Default)]
pub(super) struct Unread {
    places: BTreeMap<String, Errno>,
}

impl Unread {
    pub(super) fn add(&mut self, below: &str, error: Errno) {
        self.places.insert(below.to_owned(), error);
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn first(&self) -> Option<(&str, Errno)> {
        self.places.first_key_value().map(|(below, error)| (below.as_str(), *error))
    }

    /// Whether it is one of them, or in one of them.
    pub(super) fn covers(&self, below: &str) -> bool {
        if self.places.is_empty() {
            return false;
        }
        let above = below.match_indices('/').map(|(at, _)| &below[..at]);
        above.chain([below]).any(|path| self.places.contains_key(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_below_is_hidden() {
        let mut unread = Unread::default();
        unread.add("a/b", Errno::ACCESS);
        for (path, is_hidden) in
            [("a/b", true), ("a/b/c/d", true), ("a", false), ("a/bc", false), ("b", false)]
        {
            assert_eq!(unread.covers(path), is_hidden, "{path}");
        }
    }

    #[test]
    fn one_place_is_not_all_of_them() {
        for error in [Errno::ACCESS, Errno::PERM, Errno::NAMETOOLONG, Errno::LOOP, Errno::IO] {
            assert_eq!(Trouble::of("a", error), Trouble::Here, "{error}");
            assert_eq!(Trouble::of("", error), Trouble::Everywhere, "{error} of the directory");
        }
        for error in [Errno::NOENT, Errno::NOTDIR] {
            assert_eq!(Trouble::of("a/b", error), Trouble::Gone, "{error}");
        }
        for error in [Errno::MFILE, Errno::NFILE, Errno::NOMEM] {
            assert_eq!(Trouble::of("a/b", error), Trouble::Everywhere, "{error}");
        }
    }
}
