//! No input makes the check panic, and its answer is always consistent.

use proptest::prelude::*;

use super::super::check_bytes;
use super::{EVERY_FEATURE, checked, namespace};

/// Words that steer random text to the interesting places.
const WORDS: [&str; 40] = [
    "version: 1\n",
    "name: w\n",
    "steps:\n",
    "- id: a\n",
    "  run: x\n",
    "  uses: ",
    "http.request",
    "  with: ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "|\n",
    ">-\n",
    ": ",
    "- ",
    ", ",
    "\n",
    "  ",
    "\t",
    "&a ",
    "*a",
    "!!str ",
    "{{ ",
    " }}",
    "vars.x",
    "steps.a.output",
    "secrets.s",
    "needs: [a]\n",
    "set: ",
    "wait: 1s\n",
    "if: ",
    "# c\n",
    "---\n",
    "é",
    "\u{feff}",
    "\0",
    "99999999999999999999",
];

fn mutation() -> impl Strategy<Value = (prop::sample::Index, usize, &'static str)> {
    (any::<prop::sample::Index>(), 0usize..12, prop::sample::select(&WORDS[..]))
}

/// `base` with some characters taken out and a word put there.
fn mutate(base: &str, changes: &[(prop::sample::Index, usize, &str)]) -> String {
    let mut chars: Vec<char> = base.chars().collect();
    for (at, removed, word) in changes {
        let start = at.index(chars.len() + 1);
        let end = (start + removed).min(chars.len());
        chars.splice(start..end, word.chars());
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn arbitrary_text(text in "\\PC{0,200}") {
        checked(&text);
    }

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check_bytes(&bytes, "f", &namespace());
    }

    #[test]
    fn words(words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..60)) {
        checked(&words.concat());
    }

    #[test]
    fn a_changed_valid_file(changes in prop::collection::vec(mutation(), 1..6)) {
        checked(&mutate(EVERY_FEATURE, &changes));
    }
}
