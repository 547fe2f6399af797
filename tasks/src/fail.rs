//! How tasks word their errors: class, fault code and one sentence.

use std::io;

use rpa_engine::{ErrorClass, TaskError};

/// The fault codes that tasks use; their pages are in the fault catalogue.
pub(crate) mod code {
    pub(crate) const EXIT: &str = "RPA0401";
    pub(crate) const SPAWN: &str = "RPA0403";
    pub(crate) const HTTP_STATUS: &str = "RPA0407";
    pub(crate) const CONNECTION: &str = "RPA0408";
    pub(crate) const INPUT: &str = "RPA0409";
    pub(crate) const FILE: &str = "RPA0410";
    pub(crate) const DISK_FULL: &str = "RPA0411";
    pub(crate) const TOO_LARGE: &str = "RPA0412";
}

pub(crate) fn error(class: ErrorClass, code: &str, message: impl Into<String>) -> TaskError {
    TaskError { class, code: code.to_owned(), message: message.into() }
}

/// An input that cannot be used; trying again cannot help.
pub(crate) fn input(message: impl Into<String>) -> TaskError {
    error(ErrorClass::InvalidInput, code::INPUT, message)
}

/// `what` names the action and the file; a full disk has a code of its own.
pub(crate) fn io(what: &str, e: &io::Error) -> TaskError {
    let code = match e.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => code::DISK_FULL,
        _ => code::FILE,
    };
    error(ErrorClass::System, code, format!("{what}: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_apart() {
        let full = io::Error::from_raw_os_error(28);
        assert_eq!(io("write /x", &full).code, code::DISK_FULL);
        let denied = io::Error::from_raw_os_error(13);
        let error = io("read /x", &denied);
        assert_eq!(error.code, code::FILE);
        assert_eq!(error.message, "read /x: Permission denied (os error 13)");
    }
}
