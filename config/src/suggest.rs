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

/// What other tools call a key of a workflow or of a step, in capitals or not, with
/// hyphens or underscores; and our keys for it, the likeliest first.
const HABITS: [(&[&str], &[&str]); 31] = [
    (&["call", "call_workflow", "subworkflow", "sub_workflow", "child_workflow"], &["workflow"]),
    (&["trigger_workflow", "start_workflow", "run_workflow"], &["workflow"]),
    (&["approve", "approvals", "manual", "manual_approval", "review", "confirm"], &["approval"]),
    (&["http", "hook", "http_trigger", "web_hook", "push", "repository_dispatch"], &["webhook"]),
    (&["watch", "file", "files", "file_trigger", "file_sensor", "fs_watch"], &["file_watch"]),
    (&["events", "on_event", "subscribe", "subscription", "topic"], &["event"]),
    (&["workflow_run", "upstream", "on_success", "on_completion", "chain", "flow"], &["after"]),
    (&["workflow_dispatch", "on_demand", "button"], &["manual"]),
    (&["dir", "path", "folder"], &["directory", "category"]),
    (&["pattern", "patterns", "glob", "globs"], &["include"]),
    (&["ignore", "ignore_patterns"], &["exclude"]),
    (&["auth", "authentication", "signature", "hmac", "secret"], &["verify", "secrets"]),
    (&["mutex", "locks", "exclusive", "resource_group", "serialize"], &["lock", "concurrency"]),
    (&["semaphore", "semaphores", "pool", "pools", "rate_limit", "throttle"], &["tokens"]),
    (&["concurrency_group", "concurrency_key", "max_concurrent_runs"], &["concurrency", "lock"]),
    (&["max_active_runs", "max_concurrency", "disable_concurrent_builds"], &["concurrency"]),
    (&["wait_for", "sleep", "delay", "pause", "sensor"], &["wait"]),
    (&["async", "fire_and_forget", "background"], &["detached"]),
    (&["group"], &["category"]),
    (&["variables", "locals", "local", "let"], &["vars", "variables"]),
    (&["deadline", "timeout_minutes", "timeout_seconds"], &["timeout"]),
    (&["on", "schedule", "schedules", "cron"], &["schedule", "triggers"]),
    (&["crontab", "schedule_interval", "cron_expression"], &["cron"]),
    (&["interval", "period", "rate"], &["every"]),
    (&["tz", "time_zone", "zone"], &["timezone"]),
    (&["calendar", "calendars", "exclude", "excludes"], &["days"]),
    (&["catchup", "backfill", "misfire", "misfire_policy", "persistent"], &["catch_up"]),
    (&["concurrency_policy", "overlap_policy"], &["overlap"]),
    (&["random_delay", "randomized_delay_sec", "splay"], &["jitter"]),
    (&["start_date", "start_at"], &["start"]),
    (&["end_date", "end_at", "until"], &["end"]),
];

/// What other tools call a task and is a key of a step here, with an example.
const KEYS_NOT_TASKS: [(&[&str], &str); 4] = [
    (&["workflow", "subworkflow", "sub_workflow", "call"], "workflow: billing"),
    (&["approval", "approve", "manual", "manual_approval"], "approval: \"Delete all?\""),
    (&["wait", "wait_for", "sleep", "delay", "pause"], "wait: 90s"),
    (&["lock", "mutex", "semaphore"], "lock: sap-session"),
];

/// The keys that somebody may mean who is used to another tool.
pub(crate) fn habit(key: &str) -> &'static [&'static str] {
    let key = plain(key);
    HABITS.iter().find(|(theirs, _)| theirs.contains(&key.as_str())).map_or(&[], |(_, ours)| ours)
}

/// How a step says what other tools have as a task, after `uses`.
pub(crate) fn key_for_task(kind: &str) -> Option<&'static str> {
    let kind = plain(kind);
    let found = KEYS_NOT_TASKS.iter().find(|(theirs, _)| theirs.contains(&kind.as_str()))?;
    Some(found.1)
}

/// `Wait-For` and `waitFor` as `wait_for`.
fn plain(word: &str) -> String {
    let mut plain = String::new();
    for c in word.chars().take(MAX_WORD) {
        if c.is_ascii_uppercase() && plain.ends_with(|last: char| last.is_ascii_lowercase()) {
            plain.push('_');
        }
        plain.push(if c == '-' { '_' } else { c.to_ascii_lowercase() });
    }
    plain
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

    #[test]
    fn words_of_other_tools_are_known() {
        for (word, ours) in [
            ("mutex", &["lock", "concurrency"][..]),
            ("waitFor", &["wait"]),
            ("Wait-For", &["wait"]),
            ("needs", &[]),
            ("", &[]),
        ] {
            assert_eq!(habit(word), ours, "{word}");
        }
        assert_eq!(key_for_task("subWorkflow"), Some("workflow: billing"));
        assert_eq!(key_for_task("http.request"), None);
    }
}
