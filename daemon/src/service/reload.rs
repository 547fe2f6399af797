//! SIGHUP: the settings are read anew, as a whole or not at all.
//!
//! What is wrong with them is told, and those that were read before stay. Of those that
//! are well, some take effect at once; the others are named, and do at the next start.
//! Secrets and workflows need none of it: they are read whenever they are needed.

use rpa_config::settings::Settings;
use rpa_ipc::Fault;

use super::notify;
use crate::logging::Log;

/// Settings that take effect without a restart.
const AT_ONCE: [&str; 2] = ["daemon.drain_timeout", "daemon.log"];

/// What the daemon goes by, and how it is read.
pub struct Source<'a> {
    /// As they are now.
    pub now: Settings,
    /// As they were when the daemon started.
    started: Settings,
    pub read: &'a dyn Fn() -> Result<Settings, Fault>,
    pub log: &'a Log,
}

impl<'a> Source<'a> {
    pub fn new(
        now: Settings,
        read: &'a dyn Fn() -> Result<Settings, Fault>,
        log: &'a Log,
    ) -> Source<'a> {
        Source { started: now.clone(), now, read, log }
    }

    /// What is to be said of it for as long as it is so; nothing when all of the settings
    /// are in effect.
    pub fn reload(&mut self) -> Option<String> {
        notify::reloading();
        let anew = (self.read)().and_then(|anew| {
            self.log.set_filter(&anew.daemon.log)?;
            Ok(anew)
        });
        match anew {
            Ok(anew) => self.take(&anew),
            Err(fault) => {
                tracing::error!(code = %fault.code, "the settings stay as they are: {}", fault.message);
                Some(format!("reload failed: {fault}"))
            }
        }
    }

    fn take(&mut self, anew: &Settings) -> Option<String> {
        let changed = self.now.differences(anew);
        let later: Vec<_> = self.started.differences(anew);
        let later: Vec<_> = later.into_iter().filter(|name| !AT_ONCE.contains(name)).collect();
        self.now.daemon.drain_timeout = anew.daemon.drain_timeout;
        self.now.daemon.log.clone_from(&anew.daemon.log);
        let changed = changed.into_iter().filter(|name| AT_ONCE.contains(name));
        tracing::info!(
            changed = changed.collect::<Vec<_>>().join(" "),
            "the settings were read again"
        );
        if later.is_empty() {
            return None;
        }
        let later = later.join(" ");
        tracing::warn!(settings = later, "these take effect at the next start");
        Some(format!("restart for {later}"))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use rpa_ipc::{FaultCode, fault};

    use super::*;

    #[test]
    fn what_cannot_change_now_is_named_until_it_is_as_it_was() {
        let next = RefCell::new(Ok(Settings::default()));
        let read = || next.borrow().clone();
        let log = Log::none();
        let mut source = Source::new(Settings::default(), &read, &log);
        assert_eq!(source.reload(), None);
        let set = |name: &str, text: &str| {
            next.borrow_mut().as_mut().unwrap().set(name, text).unwrap();
        };
        set("daemon.drain_timeout", "7s");
        set("runs.max_active", "7");
        for _ in 0..2 {
            assert_eq!(source.reload().as_deref(), Some("restart for runs.max_active"));
        }
        assert_eq!(source.now.daemon.drain_timeout.as_secs(), 7);
        assert_eq!(source.now.runs, Settings::default().runs, "as they were at the start");
        set("runs.max_active", "256");
        assert_eq!(source.reload(), None);
        *next.borrow_mut() = Err(fault!(FaultCode::Settings, "settings-none"));
        assert!(source.reload().unwrap().starts_with("reload failed: RPA0207"));
        assert_eq!(source.now.daemon.drain_timeout.as_secs(), 7, "the last good ones");
    }
}
