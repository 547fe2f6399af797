//! Filters for paths, sizes and times.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned, civil};
use minijinja::Error;
use minijinja::value::Value;

use super::{Named, as_text, failed};

pub(super) fn all() -> Vec<Named> {
    vec![
        ("basename", Value::from_function(basename)),
        ("dirname", Value::from_function(dirname)),
        ("filesizeformat", Value::from_function(filesizeformat)),
        ("strftime", Value::from_function(strftime)),
        ("timestamp", Value::from_function(timestamp)),
    ]
}

/// Longest format of a time in bytes, and the longest width of a field in it is
/// bounded by jiff: `%9999Y` and the like stay small.
const MAX_FORMAT: usize = 256;

/// As the shell command: without slashes at the end; `/` for the root itself.
fn basename(value: &Value) -> Result<String, Error> {
    let path = as_text("basename", value)?;
    let trimmed = path.trim_end_matches('/');
    Ok(match trimmed.rsplit_once('/') {
        _ if trimmed.is_empty() && !path.is_empty() => "/",
        Some((_, name)) => name,
        None => trimmed,
    }
    .to_owned())
}

/// As the shell command: `.` for a name without slashes.
fn dirname(value: &Value) -> Result<String, Error> {
    let path = as_text("dirname", value)?;
    let trimmed = path.trim_end_matches('/');
    Ok(match trimmed.rsplit_once('/') {
        _ if trimmed.is_empty() && !path.is_empty() => "/",
        None => ".",
        Some((parent, _)) => match parent.trim_end_matches('/') {
            "" => "/",
            parent => parent,
        },
    }
    .to_owned())
}

fn filesizeformat(value: &Value) -> Result<String, Error> {
    let not_bytes = |_| failed(format!("`filesizeformat` takes a number, not a {}", value.kind()));
    let bytes = f64::try_from(value.clone()).map_err(not_bytes)?;
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let (mut size, mut unit) = (bytes, 0);
    // what would be shown as 1024.0 belongs to the next unit
    while size.abs() >= 1023.95 && unit + 1 < units.len() {
        size /= 1024.0;
        unit += 1;
    }
    Ok(match unit {
        0 => format!("{bytes} bytes"),
        unit => format!("{size:.1} {}", units[unit]),
    })
}

/// A time with its offset or zone; a number is Unix seconds, and a time without
/// an offset is UTC.
fn time(name: &str, value: &Value) -> Result<Zoned, Error> {
    if value.is_number() {
        let milliseconds = f64::try_from(value.clone())? * 1000.0;
        return Timestamp::from_millisecond(milliseconds as i64)
            .map(|time| time.to_zoned(TimeZone::UTC))
            .map_err(|_| failed(format!("{value} seconds are no time")));
    }
    let text = as_text(name, value)?.trim();
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Ok(zoned);
    }
    if let Ok(parsed) = jiff::fmt::temporal::DateTimeParser::new().parse_timestamp(text) {
        let offset =
            jiff::fmt::temporal::Pieces::parse(text).ok().and_then(|p| p.to_numeric_offset());
        return Ok(parsed.to_zoned(offset.map_or(TimeZone::UTC, TimeZone::fixed)));
    }
    text.parse::<civil::DateTime>()
        .and_then(|civil| civil.to_zoned(TimeZone::UTC))
        .map_err(|_| failed(format!("{text:?} is no ISO 8601 time, such as 2026-01-31T12:00:00Z")))
}

fn strftime(value: &Value, format: &str) -> Result<String, Error> {
    if format.len() > MAX_FORMAT {
        return Err(failed(format!("the format is longer than {MAX_FORMAT} bytes")));
    }
    let time = time("strftime", value)?;
    jiff::fmt::strtime::format(format, &time).map_err(|error| failed(error.to_string()))
}

/// Whole seconds since 1970-01-01T00:00:00Z.
fn timestamp(value: &Value) -> Result<i64, Error> {
    Ok(time("timestamp", value)?.timestamp().as_second())
}
