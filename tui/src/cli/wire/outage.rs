//! Waiting for a daemon that is away: longer each time, and not for ever.

use std::time::Duration;

use rpa_ipc::Fault;
use tokio::time::Instant;

/// How long a daemon that was reached once may be away.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// From the first failure. A restart takes a second; a minute is for an
    /// upgrade, or a machine under load.
    pub total: Duration,
    /// First pause; doubled each time.
    pub first: Duration,
    /// Longest pause: what a person notices least after the daemon is back.
    pub longest: Duration,
}

impl Patience {
    pub const USUAL: Patience = Patience {
        total: Duration::from_secs(60),
        first: Duration::from_millis(100),
        longest: Duration::from_secs(2),
    };
}

/// One stretch of being without the daemon. Ends with the first answer.
#[derive(Debug)]
pub(super) struct Outage {
    patience: Patience,
    began: Option<Instant>,
    pause: Duration,
}

impl Outage {
    pub(super) fn none(patience: Patience) -> Outage {
        Outage { patience, began: None, pause: patience.first }
    }

    pub(super) fn is_new(&self) -> bool {
        self.began.is_none()
    }

    /// Waits before the next try; returns `fault` when patience has run out.
    pub(super) async fn pause(&mut self, fault: Fault) -> Result<(), Fault> {
        let began = *self.began.get_or_insert_with(Instant::now);
        if began.elapsed() + self.pause > self.patience.total {
            return Err(fault.with("away", format!("{} s", began.elapsed().as_secs())));
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(self.patience.longest);
        Ok(())
    }

    pub(super) fn over(&mut self) {
        *self = Outage::none(self.patience);
    }
}

#[cfg(test)]
mod tests {
    use rpa_ipc::FaultCode;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_to_their_bound_and_end_after_a_minute() {
        let began = Instant::now();
        let mut outage = Outage::none(Patience::USUAL);
        let mut pauses = Vec::new();
        let fault = loop {
            let before = Instant::now();
            match outage.pause(Fault::new(FaultCode::Unreachable, "away")).await {
                Ok(()) => pauses.push(before.elapsed().as_millis()),
                Err(fault) => break fault,
            }
        };
        assert_eq!(pauses[..6], [100, 200, 400, 800, 1_600, 2_000]);
        assert_eq!(pauses.last(), Some(&2_000));
        let waited = began.elapsed().as_secs();
        assert!((58..=60).contains(&waited), "{waited}");
        assert_eq!(fault.code, FaultCode::Unreachable);
        assert_eq!(fault.context, [("away".to_owned(), format!("{waited} s"))]);
    }
}
