//! Files and durations that are named on the command line.

use std::fs::File;
use std::io::{self, Read};
use std::time::Duration;

use jiff::SignedDuration;
use rpa_config::units::parse_duration_ms;

/// Most bytes that are read of one file: more than any limit of the daemon, so
/// that what is too large is refused by name, and `/dev/zero` ends.
const MOST: u64 = 16 * 1024 * 1024;

/// The content of a file; `-` is standard input.
pub fn read(path: &str) -> io::Result<Vec<u8>> {
    read_up_to(path, MOST)
}

/// As `read`, with a limit of its own, in bytes.
pub fn read_up_to(path: &str, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == "-" {
        io::stdin().lock().take(most + 1).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > most {
        return Err(io::Error::other(format!("more than {} MiB", most >> 20)));
    }
    Ok(bytes)
}

/// As `read`, for what must be text.
pub fn read_text(path: &str) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|_| io::Error::other("not text in UTF-8"))
}

/// `500ms`, `90s`, `5m`, `1h30m`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let parsed = text.parse::<SignedDuration>().ok().and_then(|d| Duration::try_from(d).ok());
    match parsed {
        Some(duration) if !duration.is_zero() => Ok(duration),
        Some(_) => Err("must be longer than nothing".to_owned()),
        None => Err("write it like 500ms, 90s, 5m or 1h30m".to_owned()),
    }
}

/// A stretch of time that may be days long: `90m`, `2d`, `1d12h`.
pub fn stretch(text: &str) -> Result<Duration, String> {
    match parse_duration_ms(text) {
        Ok(0) => Err("must be longer than nothing".to_owned()),
        Ok(ms) => Ok(Duration::from_millis(ms)),
        Err(e) => Err(format!("{e}; {}", e.hint())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        for (text, ms) in [("500ms", 500), ("90s", 90_000), ("5m", 300_000), ("1h30m", 5_400_000)] {
            assert_eq!(duration(text), Ok(Duration::from_millis(ms)), "{text}");
        }
        for bad in ["90", "0s", "-5s", "soon", ""] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_stretch_may_be_days_long() {
        assert_eq!(stretch("2d"), Ok(Duration::from_secs(172_800)));
        for bad in ["2", "0s", "-1d", "soon", ""] {
            assert!(stretch(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_endless_file_is_refused() {
        assert!(read("/dev/zero").unwrap_err().to_string().contains("more than 16 MiB"));
    }
}
