//! A wall clock that a test sets while the daemon runs: `FAILPOINT_CLOCK` names a file with
//! the milliseconds that it goes ahead of the machine's, or behind with a minus.
//!
//! It is there with the feature `failpoints` alone; a release reads the machine's clock. What
//! the daemon sleeps by is another clock, which nobody sets.

use std::path::PathBuf;
use std::sync::LazyLock;

static FILE: LazyLock<Option<PathBuf>> =
    LazyLock::new(|| std::env::var_os("FAILPOINT_CLOCK").map(PathBuf::from));

/// The time of the machine as the test wants it.
pub fn shifted(now_ms: u64) -> u64 {
    let text = FILE.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
    let ahead_ms = text.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    now_ms.saturating_add_signed(ahead_ms)
}
