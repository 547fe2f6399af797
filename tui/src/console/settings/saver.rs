//! Settings, and drafts, on their way to their files, in order, off the loop's thread.

use std::future::pending;
use std::time::Duration;

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use super::Changes;

/// How long the end of the program waits for the last change.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub struct Saver {
    saving: Option<JoinHandle<Result<(), String>>>,
}

impl Saver {
    /// Writes what [`super::Settings::changes`] gave, after what is being written.
    pub fn save(&mut self, changes: Result<Option<Changes>, String>) {
        self.then(move || changes?.map_or(Ok(()), |changes| changes.write()));
    }

    /// Does something that may block, after what is being done.
    pub fn then(&mut self, write: impl FnOnce() -> Result<(), String> + Send + 'static) {
        let before = self.saving.take();
        self.saving = Some(tokio::spawn(async move {
            let before = match before {
                Some(before) => finished(before).await,
                None => Ok(()),
            };
            finished(spawn_blocking(write)).await.and(before)
        }));
    }

    /// Why something could not be saved; waits for such a reason. May be dropped
    /// while it waits.
    pub async fn failed(&mut self) -> String {
        if let Some(saving) = &mut self.saving {
            let saved = finished(saving).await;
            self.saving = None;
            if let Err(why) = saved {
                return why;
            }
        }
        pending().await
    }

    /// Waits for what is being written, but not for ever.
    pub async fn finish(&mut self) {
        if let Some(saving) = self.saving.take() {
            let _ = timeout(PATIENCE, saving).await;
        }
    }
}

async fn finished(
    task: impl Future<Output = Result<Result<(), String>, tokio::task::JoinError>>,
) -> Result<(), String> {
    task.await.unwrap_or_else(|e| Err(e.to_string()))
}

#[cfg(test)]
mod tests {
    use rpa_config::paths::UserDirs;
    use rpa_ipc::Language::{Bulgarian, English};

    use super::*;
    use crate::console::settings::Settings;

    #[tokio::test]
    async fn saves_are_in_order_and_the_end_waits_for_them() {
        let dir = tempfile::tempdir().unwrap();
        let user = UserDirs { config: Some(dir.path().to_owned()), ..UserDirs::default() };
        let mut settings = Settings::load(None, &[], &|_: &str| None, &user).unwrap();
        let mut saver = Saver::default();
        for language in [Bulgarian, English, Bulgarian] {
            settings.language = language;
            saver.save(settings.changes());
        }
        saver.finish().await;
        let read = Settings::load(None, &[], &|_: &str| None, &user).unwrap();
        assert_eq!(read.language, Bulgarian);
    }

    #[tokio::test]
    async fn a_failure_is_told_with_its_reason() {
        let mut settings =
            Settings::load(None, &[], &|_: &str| None, &UserDirs::default()).unwrap();
        settings.language = Bulgarian;
        let mut saver = Saver::default();
        saver.save(settings.changes());
        assert!(saver.failed().await.contains("no home directory"));
    }
}
