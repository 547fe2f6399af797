//! When to paint: at once after a pause, then not more often than makes sense.
//!
//! Pure: times are milliseconds on a clock that the caller keeps.

/// Smoother than this nobody sees, and each frame costs a millisecond.
const LOCAL_FPS: u8 = 30;
/// A log that scrolls takes 58 KB/s at this rate.
const REMOTE_FPS: u8 = 10;
/// However slow the terminal: twice a second, so that one sees it is alive.
const SLOWEST_MS: u64 = 500;

#[derive(Debug)]
pub struct Frames {
    /// Between two frames when writing takes no time.
    least_ms: u64,
    /// Between two frames now.
    pause_ms: u64,
    wanted: bool,
    last_ms: Option<u64>,
}

impl Frames {
    /// `most` is the setting; `remote` whether a network lies between.
    pub fn new(most: Option<u8>, remote: bool) -> Frames {
        let fps = most.unwrap_or(if remote { REMOTE_FPS } else { LOCAL_FPS });
        let least_ms = 1_000 / u64::from(fps.max(1));
        Frames { least_ms, pause_ms: least_ms, wanted: false, last_ms: None }
    }

    /// What is to be seen may have changed.
    pub fn request(&mut self) {
        self.wanted = true;
    }

    /// Whether to paint now.
    pub fn due(&self, now_ms: u64) -> bool {
        self.next_ms().is_some_and(|due| due <= now_ms)
    }

    /// When to paint, if anything is to be painted.
    pub fn next_ms(&self) -> Option<u64> {
        self.wanted.then(|| self.last_ms.map_or(0, |last| last + self.pause_ms))
    }

    pub fn painted(&mut self, now_ms: u64) {
        self.wanted = false;
        self.last_ms = Some(now_ms);
    }

    /// How long the terminal took to take the frame. Half of the time at most is
    /// for writing; a terminal that is fast again is believed little by little.
    pub fn wrote(&mut self, took_ms: u64) {
        let fair = took_ms.saturating_mul(2);
        let slower = fair.max(self.pause_ms * 3 / 4);
        self.pause_ms = slower.clamp(self.least_ms, SLOWEST_MS.max(self.least_ms));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times at which frames are painted when one is wanted all the time.
    fn flood(frames: &mut Frames, from_ms: u64, to_ms: u64, took_ms: u64) -> Vec<u64> {
        let mut painted = Vec::new();
        for now in from_ms..to_ms {
            frames.request();
            if frames.due(now) {
                frames.painted(now);
                frames.wrote(took_ms);
                painted.push(now);
            }
        }
        painted
    }

    #[test]
    fn nothing_wanted_is_nothing_painted() {
        let mut frames = Frames::new(None, false);
        assert_eq!((frames.due(1_000_000), frames.next_ms()), (false, None));
        frames.request();
        assert!(frames.due(0), "the first frame is for now");
        frames.painted(0);
        assert_eq!((frames.due(1_000_000), frames.next_ms()), (false, None));
    }

    #[test]
    fn the_first_change_after_a_pause_is_painted_at_once_and_the_next_waits() {
        let mut frames = Frames::new(None, false);
        frames.painted(100);
        frames.request();
        assert_eq!((frames.due(132), frames.next_ms(), frames.due(133)), (false, Some(133), true));
        frames.painted(133);
        frames.request();
        assert!(frames.due(500));
    }

    #[test]
    fn a_flood_is_capped_by_the_setting_or_by_the_way() {
        for (most, remote, wanted) in
            [(None, false, 31), (None, true, 10), (Some(5), true, 5), (Some(60), true, 63)]
        {
            let painted = flood(&mut Frames::new(most, remote), 0, 1_000, 0);
            assert_eq!(painted.len(), wanted, "{most:?} {remote}");
        }
        assert_eq!(flood(&mut Frames::new(Some(1), false), 0, 3_000, 0), [0, 1_000, 2_000]);
    }

    #[test]
    fn a_slow_terminal_gets_fewer_frames_but_never_less_than_two_a_second() {
        let mut frames = Frames::new(None, false);
        let slow = flood(&mut frames, 0, 1_000, 60);
        assert_eq!(slow[..3], [0, 120, 240]);
        let stuck = flood(&mut frames, 1_000, 4_000, 9_000);
        assert_eq!(stuck[1..4], [stuck[0] + 500, stuck[0] + 1_000, stuck[0] + 1_500]);
        let again = flood(&mut frames, 4_000, 8_000, 0);
        let pauses: Vec<u64> = again.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(pauses.windows(2).all(|pair| pair[1] <= pair[0]), "{pauses:?}");
        assert_eq!(pauses.last(), Some(&33), "as fast as it was");
    }
}
