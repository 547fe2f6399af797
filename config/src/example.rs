//! The example for who sees all this for the first time.

/// Its name in the namespace that it is applied to.
pub const NAME: &str = "disk-report";
/// It only looks, takes some seconds, and needs nothing but a shell.
pub const SOURCE: &str = include_str!("../examples/disk-report.yaml");
/// As problems of it would name the file.
pub const FILE: &str = "disk-report.yaml";
