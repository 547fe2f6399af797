//! The limits of a workflow file. Reaching one is `RPA0315`.

use rpa_engine::trigger::delivery;

/// Largest file in bytes. Hand-written files are a few KiB; data belongs in a
/// file that a step reads.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// Deepest nesting of lists and maps, the same as for any document, so that
/// recursive code over documents needs no other guard.
pub const MAX_DEPTH: usize = rpa_engine::value::MAX_DEPTH;

/// Most YAML nodes, counting what an anchor keeps and each alias expands to.
pub const MAX_NODES: usize = 100_000;

/// Most bytes of text after aliases are expanded: four times the largest file.
pub const MAX_EXPANDED_BYTES: usize = 4 * MAX_FILE_BYTES;

/// Most steps in all lists of a file together: every run has a row for each that
/// is active, and the console lists them all.
pub const MAX_STEPS: usize = 2_000;

/// Deepest nesting of steps in steps: a path of a step has a word for each, and
/// code over steps may be recursive.
pub const MAX_LEVELS: usize = 8;

/// Most turns that `while` and `repeat` may ask for: each leaves a line in the
/// journal.
pub const LOOP_TURNS: std::ops::RangeInclusive<i64> = 1..=1_000_000;

/// Most items of a loop that may be under way at once.
pub const MAX_PARALLEL: std::ops::RangeInclusive<i64> = 1..=1_000;

/// Most failed items that `stop_after` may count.
pub const STOP_AFTER: std::ops::RangeInclusive<i64> = 1..=1_000_000;

/// Most problems that one check reports; nobody reads on past these.
pub const MAX_PROBLEMS: usize = 1_000;

/// Most variables with a `pattern`: compiling one may take some milliseconds.
pub const MAX_PATTERNS: usize = 100;

/// Fewest and most tries that `retry` may ask for.
pub const RETRY_ATTEMPTS: std::ops::RangeInclusive<i64> = 2..=100;

/// Most runs of one workflow that `concurrency` may let go on at once.
pub const CONCURRENCY: std::ops::RangeInclusive<i64> = 1..=10_000;

/// Most runs that `max_queue` may let wait for their turn.
pub const MAX_QUEUE: std::ops::RangeInclusive<i64> = 1..=1_000_000;

/// Most tokens of one pool that a step may take.
pub const TOKENS: std::ops::RangeInclusive<i64> = 1..=1_000_000;

/// Most approvals that `quorum` may ask for.
pub const QUORUM: std::ops::RangeInclusive<i64> = 1..=100;

/// Longest name of an approver in bytes, the `@` of a group included: names of users
/// have at most 32, with the name of a domain some more.
pub const MAX_APPROVER: usize = 256;

/// Most triggers of a file: each has a state of its own that the daemon keeps.
pub const MAX_TRIGGERS: usize = 100;

/// Most moments that `at` may list: more of them have a rule.
pub const MAX_MOMENTS: usize = 1_000;

/// Most calendars that `days` may name.
pub const MAX_DAY_TERMS: usize = 32;

/// Most slots that may be caught up at once: each is a run that is accepted.
pub const CATCH_UP: std::ops::RangeInclusive<i64> = 1..=1_000;

/// Most runs that may fail one after the other until a trigger pauses.
pub const PAUSE_ON_FAILURE: std::ops::RangeInclusive<i64> = 1..=10_000;

/// Longest time that a trigger may wait for others, or counts runs or deliveries in: what
/// it holds meanwhile is in its state.
pub const MAX_GATHER_MS: u64 = 7 * 86_400_000;

/// Most deliveries that may become one run.
pub const BATCH: std::ops::RangeInclusive<i64> = 1..=delivery::MOST_GATHERED as i64;

/// Most runs that `throttle` may count.
pub const THROTTLE: std::ops::RangeInclusive<i64> = 1..=delivery::MOST_THROTTLED as i64;

/// Most requests within a time that `rate` may let through.
pub const WEBHOOK_RATE: std::ops::RangeInclusive<i64> = 1..=1_000_000;

/// Longest path of a webhook in bytes, below that of its namespace.
pub const MAX_WEBHOOK_PATH: usize = 256;

/// Most secrets of a webhook: a new one, the old one, and some more. Each is tried.
pub const MAX_WEBHOOK_SECRETS: usize = 8;

/// Largest body of a webhook in bytes: it is the document of an event, and goes whole into
/// the store.
pub const MAX_WEBHOOK_BODY: u64 = 1 << 20;

/// Longest time that who has sent something may be kept waiting for the run's end: proxies
/// give up sooner.
pub const MAX_RESPOND_MS: u64 = 5 * 60_000;

/// Longest path of a watched directory in bytes: that of Linux.
pub const MAX_DIRECTORY: usize = 4_096;

/// Most patterns of `include` and of `exclude`; each file is held against all of them.
pub const MAX_GLOBS: usize = 100;

/// Shortest time between two looks at a directory.
pub const MIN_POLL_MS: u64 = 1_000;

/// Most users and groups that `who` may name.
pub const MAX_WHO: usize = 1_000;
