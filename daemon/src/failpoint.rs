//! Places at which a test kills the daemon: before and after each commit, and between a
//! commit and what follows from it.
//!
//! `failpoint!("name")` is nothing at all unless the feature `failpoints` is on, which
//! `make test` turns on for its debug build. Which point kills, and at which visit, says
//! `FAILPOINTS`, as `after-commit=7*off->return` (crate `fail`): *return* is the kill.

#[cfg(all(feature = "failpoints", not(debug_assertions)))]
compile_error!("failpoints are for tests: a release is built without them");

macro_rules! failpoint {
    ($name:literal) => {
        #[cfg(feature = "failpoints")]
        $crate::failpoint::reach($name)
    };
}
pub(crate) use failpoint;

/// Reads `FAILPOINTS`; they are armed for as long as the process lives.
#[cfg(feature = "failpoints")]
pub fn arm() {
    std::mem::forget(fail::FailScenario::setup());
    tracing::warn!("built with failpoints: for tests only");
}

#[cfg(feature = "failpoints")]
pub fn reach(name: &str) {
    fail::fail_point!(name, |_| die());
}

/// As a crash: no destructor, no flush.
#[cfg(feature = "failpoints")]
fn die() -> ! {
    use rustix::process::{Signal, getpid, kill_process};
    let _ = kill_process(getpid(), Signal::KILL);
    loop {
        std::thread::park();
    }
}
