//! Where the benches work: `bench/` in the target directory, on a real disk.

use std::path::PathBuf;

/// The file systems of linux/magic.h that keep nothing: an fsync there is free.
const IN_MEMORY: [(i64, &str); 2] = [(0x0102_1994, "tmpfs"), (0x8584_58f6, "ramfs")];

/// The target directory that this program was built in.
pub fn target() -> PathBuf {
    let exe = std::env::current_exe().expect("the path of the benches");
    // target/<profile>/deps/<benches>
    exe.ancestors().nth(3).expect("a target directory").to_owned()
}

/// Where state directories are made.
pub fn worlds() -> PathBuf {
    target().join("bench")
}

/// Says why no figure from here would mean anything.
pub fn check() -> Result<(), String> {
    let dir = worlds();
    let failed = |e: std::io::Error| format!("{}: {e}", dir.display());
    std::fs::create_dir_all(&dir).map_err(failed)?;
    let stat = rustix::fs::statfs(&dir).map_err(|e| failed(e.into()))?;
    match IN_MEMORY.iter().find(|(magic, _)| *magic == stat.f_type) {
        Some((_, name)) => Err(format!(
            "{} is on {name}, where nothing is durable: set CARGO_TARGET_DIR to a disk",
            dir.display()
        )),
        None => Ok(()),
    }
}
