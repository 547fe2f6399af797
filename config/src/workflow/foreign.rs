//! Keys that other formats have and this one says in another way, longer than a word.

/// What to write instead of `key` where these keys are known.
pub(crate) fn advice(key: &str, known: &[&str]) -> Option<&'static str> {
    let is_step = known.contains(&"max_parallel");
    let is_file = known.contains(&"handlers");
    match key {
        "parallel" if is_step => Some(
            "in a list in which any step has `needs`, those whose needs have ended run at once; a for_each has `max_parallel`",
        ),
        "on_failure" | "on_success" if is_step || is_file => Some(
            "steps for the end of a run stand in `handlers`, below `failure` or `success`; what the failure of one step means says its `on_error`",
        ),
        _ => None,
    }
}
