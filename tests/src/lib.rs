//! The harness: real binaries in hermetic directories.
//!
//! Everything a test starts lives below its own temporary directory, listens on
//! loopback or a Unix socket in it, and ends with it. Tests wait for conditions
//! with deadlines, never for time to pass.

mod daemon;
mod deadline;
mod random;
mod servers;
mod terminal;

pub use daemon::{Daemon, Options, Rpa, World, runner_of};
pub use deadline::{Deadline, eventually, eventually_within};
pub use random::Random;
pub use servers::{Nginx, Sshd};
pub use terminal::{Console, Ended, Key, Keys, Size, Terminal, USUAL};

use std::path::{Path, PathBuf};

/// A built binary of this workspace. `make test` builds them all first.
///
/// # Panics
/// When it is not there, with the command that makes it.
pub fn binary(name: &str) -> PathBuf {
    let exe = std::env::current_exe().expect("the path of the test");
    // target/<profile>/deps/<test>
    let dir = exe.ancestors().nth(2).expect("target directory");
    let path = dir.join(name);
    assert!(path.exists(), "{} is not built: run `cargo build --workspace`", path.display());
    path
}

/// The root of the checkout.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace")
}
