//! "Did you mean": the nearest of the words that would have been right.

/// Words longer than this are no slips of the finger, and comparing them costs.
const MAX_WORD: usize = 64;

/// So many candidates are compared: a file can have a hundred thousand names
/// and a thousand slips.
const MAX_COMPARED: usize = 500;

/// A list longer than this is shown only when there is nothing better to say.
const MAX_LISTED: usize = 20;

/// What other formats call the same.
const ELSEWHERE: &[(&str, &str)] = &[
    ("int", "number"),
    ("integer", "number"),
    ("float", "number"),
    ("bool", "boolean"),
    ("str", "string"),
    ("text", "string"),
    ("array", "list"),
    ("object", "json"),
    ("dict", "json"),
    ("depends_on", "needs"),
    ("dependsOn", "needs"),
    ("when", "if"),
    ("condition", "if"),
    ("command", "run"),
    ("script", "run"),
    ("foreach", "for_each"),
    ("with_items", "for_each"),
    ("loop", "for_each"),
    ("retries", "retry"),
    ("continue_on_error", "on_error"),
];

/// The candidate that `word` most resembles, when it resembles one enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > MAX_WORD {
        return None;
    }
    let length = word.chars().count();
    let near = |candidate: &str| {
        let other = candidate.chars().count();
        let allowed = (length.max(other) / 3).max(1);
        // comparing costs the product of the lengths, so the cheap test is first
        let distance = (length.abs_diff(other) <= allowed)
            .then(|| strsim::damerau_levenshtein(word, candidate))?;
        (distance <= allowed && distance < other).then_some(distance)
    };
    candidates
        .into_iter()
        .take(MAX_COMPARED)
        .filter(|candidate| candidate.len() <= MAX_WORD)
        .filter_map(|candidate| Some((near(candidate)?, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// `did you mean "b"?` and the list of what is allowed.
pub(crate) fn hint<'a>(
    word: &str,
    what: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    let all: Vec<_> = candidates.clone().into_iter().collect();
    let list = all.join(", ");
    let named = ELSEWHERE.iter().find(|(other, _)| *other == word).map(|(_, ours)| *ours);
    let named = named.filter(|ours| all.contains(ours));
    match named.or_else(|| nearest(word, candidates)) {
        Some(candidate) if all.len() > MAX_LISTED => format!("did you mean {candidate:?}?"),
        Some(candidate) => format!("did you mean {candidate:?}? {what}: {list}"),
        None => format!("{what}: {list}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let words = ["needs", "name", "id", "if"];
        for (word, found) in
            [("neds", Some("needs")), ("nmae", Some("name")), ("i", Some("id")), ("zzz", None)]
        {
            assert_eq!(nearest(word, words), found, "{word}");
        }
        assert_eq!(nearest(&"n".repeat(65), words), None);
        assert_eq!(
            hint("when", "allowed", ["needs", "if"]),
            "did you mean \"if\"? allowed: needs, if"
        );
        assert_eq!(hint("when", "allowed", ["step"]), "allowed: step");
        assert_eq!(hint("neds", "allowed", ["needs"]), "did you mean \"needs\"? allowed: needs");
    }
}
