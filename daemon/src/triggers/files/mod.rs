//! Watched directories: which files have appeared, changed or gone, told to the driver.
//!
//! The truth is a comparison of what a directory has with what its trigger has seen
//! (`store/seen_files.rs`). The kernel only says where to look, so that what happened while
//! nobody listened is found as well, and what it does not tell costs time, never a file.
//!
//! | file | what is in it |
//! |---|---|
//! | `compare` | what differs, and for how long it has been as it is; reads nothing |
//! | `scan` | what a directory has now, in files, and what a file is made of |
//! | `below` | the way down from a directory, never through a symbolic link |
//! | `unread` | what of a directory cannot be looked at, and is passed over |
//! | `kernel` | inotify: where something has happened |
//! | `watch` | one trigger: what it looks at, and what it makes of it |
//! | `tell` | what was found goes to the driver |
//! | `watcher` | the one task: which watch has its turn |
//! | `faults` | why a directory cannot be watched, in words |

mod below;
mod compare;
mod faults;
mod kernel;
mod scan;
mod tell;
#[cfg(test)]
mod tests;
mod unread;
mod watch;
mod watcher;

pub use watcher::Watcher;
