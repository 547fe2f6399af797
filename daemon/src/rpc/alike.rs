//! What failed runs have in common: the one place that says which of them failed alike.
//!
//! Alike are runs of one workflow that failed at one place of it, with an error of the same
//! code and class whose message says the same, but for numbers, ids and which turn of a
//! loop it was.

use std::collections::BTreeMap;

use rpa_ipc::overview::FailureView;
use rpa_ipc::view::ErrorView;

/// Digits of a key: as many as keep 10^5 kinds of failures apart, and few enough to type.
const DIGITS: usize = 12;

/// The same for runs that failed alike: 12 hexadecimal digits. `step` is a path, or empty.
pub fn key(workflow: &str, step: &str, error: &ErrorView) -> String {
    let place = without_turns(step);
    let mut hasher = blake3::Hasher::new();
    for part in [workflow, &place, &error.code, &error.class, &shape(&error.message)] {
        hasher.update(part.as_bytes());
        // what no part has
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex()[..DIGITS].to_owned()
}

/// `each[3]/send` as `each[]/send`.
fn without_turns(path: &str) -> String {
    let mut kept = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        match c {
            ']' => inside = false,
            _ if inside => continue,
            '[' => inside = true,
            _ => {}
        }
        kept.push(c);
    }
    kept
}

/// The message with one sign for each word that has a digit in it.
fn shape(message: &str) -> String {
    let mut kept = String::with_capacity(message.len());
    let mut word = String::new();
    for c in message.chars().chain([' ']) {
        // a UUID, a time and a decimal number are a word each
        if c.is_alphanumeric() || matches!(c, '-' | '.' | ':' | '_') {
            word.push(c);
            continue;
        }
        match word.chars().any(|c| c.is_ascii_digit()) {
            true => kept.push('#'),
            false => kept.push_str(&word),
        }
        word.clear();
        kept.push(c);
    }
    kept
}

/// Failed runs, joined as they are found.
#[derive(Debug, Default)]
pub struct Groups(BTreeMap<String, FailureView>);

impl Groups {
    /// One failed run as a group of its own, or a group.
    pub fn add(&mut self, failure: FailureView) {
        match self.0.get_mut(&failure.alike) {
            Some(group) => join(group, failure),
            None => {
                self.0.insert(failure.alike.clone(), failure);
            }
        }
    }

    /// Runs in all groups.
    pub fn runs(&self) -> u64 {
        self.0.values().map(|group| group.count).sum()
    }

    /// The group with the newest first, so many at most.
    pub fn newest(self, most: usize) -> Vec<FailureView> {
        let mut groups: Vec<FailureView> = self.0.into_values().collect();
        groups.sort_by_key(|group| std::cmp::Reverse((group.newest_ms, group.newest)));
        groups.truncate(most);
        groups
    }
}

fn join(group: &mut FailureView, other: FailureView) {
    group.count += other.count;
    group.oldest_ms = group.oldest_ms.min(other.oldest_ms);
    if (other.newest_ms, other.newest) > (group.newest_ms, group.newest) {
        (group.newest, group.newest_ms, group.step, group.error) =
            (other.newest, other.newest_ms, other.step, other.error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(message: &str) -> ErrorView {
        ErrorView { code: "RPA0401".into(), class: "exit(2)".into(), message: message.into() }
    }

    #[test]
    fn numbers_ids_and_turns_make_no_difference() {
        let of = |step: &str, message: &str| key("default/a", step, &error(message));
        let one = of("each[3]/send", "run 01a9-77 failed after 3 tries, at 12:04:05.120");
        assert_eq!(one, of("each[41]/send", "run 01a9-b8 failed after 10 tries, at 2:04"));
        assert_eq!(one.len(), DIGITS);
        assert_ne!(one, of("each[3]/tell", "run 01a9-77 failed after 3 tries, at 12:04:05.120"));
        assert_ne!(one, of("each[3]/send", "run 01a9-77 ended after 3 tries, at 12:04:05.120"));
        assert_ne!(of("a", "x"), key("default/b", "a", &error("x")), "another workflow");
        assert_ne!(of("a", "x"), of("", "ax"), "parts do not run into each other");
        let other = ErrorView { class: "exit(3)".into(), ..error("x") };
        assert_ne!(of("a", "x"), key("default/a", "a", &other), "another exit code");
    }

    #[test]
    fn words_without_digits_stay() {
        assert_eq!(shape("HTTP 401 from https://bank/x1?y"), "HTTP # from https://bank/#?y ");
        assert_eq!(without_turns("a[1]/b[22]/c"), "a[]/b[]/c");
        assert_eq!(without_turns("a["), "a[");
    }
}
