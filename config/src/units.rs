//! Durations and sizes as people write them: `90s`, `1h30m`, `64KiB`, `10MB`.
//!
//! Strict on purpose: a bare number, a fraction or a space is refused, because
//! the reader of a file should never have to guess the unit.

/// Longest duration, ten years: anything longer is a mistake, and sums of such
/// durations and the present time stay far from the end of 64 bits.
pub const MAX_DURATION_MS: u64 = 3650 * DAY;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// In the order in which they may follow each other.
const DURATION_UNITS: [(&str, u64); 5] =
    [("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", 1)];

const SIZE_UNITS: [(&str, u64); 9] = [
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// Why a duration or size cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    #[error("the duration {0:?} has no unit")]
    BareDuration(String),
    #[error("the size {0:?} has no unit")]
    BareSize(String),
    #[error("{0:?} is not a duration")]
    Duration(String),
    #[error("{0:?} is longer than 3650d")]
    TooLong(String),
    #[error("{0:?} is not a size")]
    Size(String),
    #[error("{0:?} does not fit in 64 bits")]
    TooLarge(String),
}

impl UnitError {
    /// What to write instead.
    pub fn hint(&self) -> String {
        match self {
            UnitError::BareDuration(n) => format!("say the unit: {n}s, {n}m, {n}h or {n}ms"),
            UnitError::BareSize(n) => format!("say the unit: {n}B, {n}KiB or {n}MiB"),
            UnitError::Duration(_) => {
                "write whole numbers with the units d, h, m, s, ms from large to small, \
                 for example 500ms, 90s, 1h30m or 2d"
                    .to_owned()
            }
            UnitError::TooLong(_) => "write at most 3650d".to_owned(),
            UnitError::Size(_) => {
                "write one whole number with a unit of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB, \
                 for example 64KiB or 10MB"
                    .to_owned()
            }
            UnitError::TooLarge(_) => "write a smaller size, for example 4GiB".to_owned(),
        }
    }
}

/// Reads `1h30m` as milliseconds.
pub fn parse_duration_ms(text: &str) -> Result<u64, UnitError> {
    if is_digits(text) {
        return Err(UnitError::BareDuration(clip(text)));
    }
    let malformed = || UnitError::Duration(clip(text));
    let too_long = || UnitError::TooLong(clip(text));
    let mut rest = text;
    let mut allowed = &DURATION_UNITS[..];
    let mut total = 0u64;
    while !rest.is_empty() {
        let (digits, tail) = split_number(rest);
        let (word, tail) =
            tail.split_at(tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len()));
        let place = allowed.iter().position(|(unit, _)| *unit == word).ok_or_else(malformed)?;
        if digits.is_empty() {
            return Err(malformed());
        }
        let count: u64 = digits.parse().map_err(|_| too_long())?;
        total = count
            .checked_mul(allowed[place].1)
            .and_then(|ms| total.checked_add(ms))
            .filter(|ms| *ms <= MAX_DURATION_MS)
            .ok_or_else(too_long)?;
        allowed = &allowed[place + 1..];
        rest = tail;
    }
    if text.is_empty() { Err(malformed()) } else { Ok(total) }
}

/// Reads `64KiB` as bytes.
pub fn parse_size(text: &str) -> Result<u64, UnitError> {
    if is_digits(text) {
        return Err(UnitError::BareSize(clip(text)));
    }
    let (digits, word) = split_number(text);
    let unit = SIZE_UNITS.iter().find(|(unit, _)| *unit == word);
    let (false, Some((_, factor))) = (digits.is_empty(), unit) else {
        return Err(UnitError::Size(clip(text)));
    };
    digits
        .parse::<u64>()
        .ok()
        .and_then(|count| count.checked_mul(*factor))
        .ok_or_else(|| UnitError::TooLarge(clip(text)))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn split_number(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// Messages quote at most this much of what was written.
fn clip(text: &str) -> String {
    const SHOWN_CHARS: usize = 40;
    text.chars().take(SHOWN_CHARS).collect()
}

/// A moment as it stands in logs and in `run.started_at`: `2026-11-21T09:00:00.000Z`.
pub fn stamp(now_ms: u64) -> String {
    let ms = i64::try_from(now_ms).unwrap_or(i64::MAX);
    let stamp = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::MAX);
    format!("{stamp:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, ms) in [
            ("500ms", 500),
            ("90s", 90_000),
            ("1h30m", 5_400_000),
            ("2d", 172_800_000),
            ("1d1ms", 86_400_001),
            ("0s", 0),
            ("3650d", MAX_DURATION_MS),
        ] {
            assert_eq!(parse_duration_ms(text), Ok(ms), "{text}");
        }
        for text in ["", "s", "1", "1.5h", "1 h", "-1s", "1s1h", "1s1s", "1S", "1h30", "1w", "é"] {
            assert!(parse_duration_ms(text).is_err(), "{text}");
        }
        for text in ["3650d1ms", "99999999999999999999s", "18446744073709551615d"] {
            assert_eq!(parse_duration_ms(text), Err(UnitError::TooLong(text.into())), "{text}");
        }
        let bare = parse_duration_ms("30").unwrap_err();
        assert_eq!(bare.hint(), "say the unit: 30s, 30m, 30h or 30ms");
    }

    #[test]
    fn sizes() {
        for (text, bytes) in
            [("0B", 0), ("512B", 512), ("10MB", 10_000_000), ("64KiB", 65_536), ("2TiB", 2 << 40)]
        {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for text in ["", "KiB", "64", "64 KiB", "1.5MB", "64kib", "64K", "1MiB1KiB", "-1B"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
        let huge = "99999999TiB";
        assert_eq!(parse_size(huge), Err(UnitError::TooLarge(huge.into())));
    }
}
