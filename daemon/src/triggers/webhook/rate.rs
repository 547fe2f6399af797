//! How often a trigger is heard: so many at once, and as many again within its time.
//!
//! It is in memory alone: after a restart whoever sends has its whole allowance.

use std::time::{Duration, Instant};

use rpa_engine::trigger::Rate;

/// A bucket of tokens, kept as the moment at which it will be full again (GCRA).
#[derive(Debug, Default)]
pub struct Bucket {
    full_at: Option<Instant>,
}

impl Bucket {
    /// Takes one, or says how long there is none.
    pub fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        let whole = Duration::from_millis(rate.per_ms);
        let each = whole / rate.limit.max(1);
        let full_at = self.full_at.filter(|full_at| *full_at > now).unwrap_or(now);
        let taken = full_at.duration_since(now);
        match (taken + each).checked_sub(whole) {
            Some(wait) if !wait.is_zero() => Err(wait),
            _ => {
                self.full_at = Some(full_at + each);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_at_once_and_then_one_each() {
        let rate = Rate { limit: 3, per_ms: 3_000 };
        let (mut bucket, start) = (Bucket::default(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        let ms = |wait: Result<(), Duration>| wait.map_err(|wait| wait.as_millis());
        for _ in 0..3 {
            assert_eq!(bucket.take(rate, at(0)), Ok(()));
        }
        assert_eq!(ms(bucket.take(rate, at(0))), Err(1_000));
        assert_eq!(ms(bucket.take(rate, at(400))), Err(600), "asking costs nothing");
        assert_eq!(bucket.take(rate, at(1_000)), Ok(()));
        assert_eq!(ms(bucket.take(rate, at(1_000))), Err(1_000));
        for _ in 0..3 {
            assert_eq!(bucket.take(rate, at(60_000)), Ok(()), "it never holds more");
        }
        assert_eq!(ms(bucket.take(rate, at(60_000))), Err(1_000));
    }
}
