//! The types of settings: how each is read, checked and written.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use toml::de::DeValue;

use crate::units;

/// The type of a setting, with its range. Ranges are written as people do.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Duration {
        min: &'static str,
        max: &'static str,
    },
    Size {
        min: &'static str,
        max: &'static str,
    },
    Count {
        min: u64,
        max: u64,
    },
    /// `true` or `false`.
    Switch,
    /// Not empty.
    Text,
    /// Absolute, or empty for none.
    Path,
    /// Names of environment variables; in the environment, with commas.
    Names,
    /// `ADDRESS:PORT`, one or several; in the environment, with commas.
    Addresses,
    /// Of a socket, in octal digits; empty for the usual one.
    Mode,
}

/// A value of one of these types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    Duration(Duration),
    /// A size in bytes, or a count.
    Number(u64),
    Switch(bool),
    Text(String),
    Path(Option<PathBuf>),
    Names(Vec<String>),
    Addresses(Vec<SocketAddr>),
    Mode(Option<u32>),
}

/// Why a value cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) hint: String,
}

fn refuse<T>(message: impl Into<String>, hint: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { message: message.into(), hint: hint.into() })
}

impl From<units::UnitError> for Refusal {
    fn from(error: units::UnitError) -> Refusal {
        Refusal { message: error.to_string(), hint: error.hint() }
    }
}

impl Kind {
    /// Reads what the environment or a flag says.
    pub(super) fn read_text(self, text: &str) -> Result<Setting, Refusal> {
        match self {
            Kind::Duration { min, max } => {
                let (least, most) =
                    (units::parse_duration_ms(min)?, units::parse_duration_ms(max)?);
                let ms = units::parse_duration_ms(text)?;
                in_range(text, ms, least..=most, min, max)?;
                Ok(Setting::Duration(Duration::from_millis(ms)))
            }
            Kind::Size { min, max } => {
                let (least, most) = (units::parse_size(min)?, units::parse_size(max)?);
                let bytes = units::parse_size(text)?;
                in_range(text, bytes, least..=most, min, max)?;
                Ok(Setting::Number(bytes))
            }
            Kind::Count { min, max } => {
                let Ok(count) = text.parse() else {
                    return refuse(format!("{text:?} is no whole number"), self.example());
                };
                in_range(text, count, min..=max, min, max)?;
                Ok(Setting::Number(count))
            }
            Kind::Switch => match text {
                "true" => Ok(Setting::Switch(true)),
                "false" => Ok(Setting::Switch(false)),
                _ => refuse(format!("{text:?} is neither true nor false"), self.example()),
            },
            Kind::Text if text.trim().is_empty() => refuse("is empty", self.example()),
            Kind::Text => Ok(Setting::Text(text.to_owned())),
            Kind::Path => path(text),
            Kind::Names => names(parts(text)),
            Kind::Addresses => addresses(parts(text)),
            Kind::Mode => mode(text),
        }
    }

    /// Reads what the file says.
    pub(super) fn read_toml(self, value: &DeValue<'_>) -> Result<Setting, Refusal> {
        match (self, value) {
            (Kind::Names | Kind::Addresses, DeValue::Array(items)) => {
                let texts: Option<Vec<&str>> = items.iter().map(|i| i.get_ref().as_str()).collect();
                match (self, texts) {
                    (Kind::Addresses, Some(texts)) => addresses(texts.into_iter()),
                    (_, Some(texts)) => names(texts.into_iter()),
                    (_, None) => refuse("is not a list of strings", self.example()),
                }
            }
            (Kind::Count { .. }, DeValue::Integer(number)) => {
                let number = i64::from_str_radix(number.as_str(), number.radix());
                self.read_text(&number.map_or_else(|_| i64::MAX.to_string(), |n| n.to_string()))
            }
            (Kind::Switch, DeValue::Boolean(on)) => Ok(Setting::Switch(*on)),
            (Kind::Duration { .. } | Kind::Size { .. }, DeValue::Integer(number)) => {
                self.read_text(number.as_str())
            }
            (
                Kind::Duration { .. }
                | Kind::Size { .. }
                | Kind::Text
                | Kind::Path
                | Kind::Addresses
                | Kind::Mode,
                DeValue::String(text),
            ) => self.read_text(text),
            _ => refuse(format!("cannot be a {}", value.type_str()), self.example()),
        }
    }

    /// A value in TOML, from its text in the environment.
    pub(super) fn to_toml(self, text: &str) -> String {
        match self {
            Kind::Count { .. } | Kind::Switch => text.to_owned(),
            Kind::Names => {
                let quoted: Vec<_> = text.split(',').map(|name| format!("{name:?}")).collect();
                format!("[{}]", quoted.join(", "))
            }
            Kind::Addresses if text.is_empty() => "[]".to_owned(),
            Kind::Duration { .. }
            | Kind::Size { .. }
            | Kind::Text
            | Kind::Path
            | Kind::Addresses
            | Kind::Mode => format!("{text:?}"),
        }
    }

    /// What may be written, for the shipped file and the manual; may be empty.
    pub fn range(self) -> String {
        match self {
            Kind::Duration { min, max } | Kind::Size { min, max } => format!("{min} to {max}"),
            Kind::Count { min, max } => format!("{min} to {max}"),
            Kind::Switch | Kind::Text | Kind::Path | Kind::Names | Kind::Addresses | Kind::Mode => {
                String::new()
            }
        }
    }

    fn example(self) -> String {
        let example = match self {
            Kind::Duration { .. } => "\"90s\"",
            Kind::Size { .. } => "\"64MiB\"",
            Kind::Count { min, .. } => return format!("write a number such as {min}"),
            Kind::Switch => "true",
            Kind::Text => "\"info\"",
            Kind::Path => "\"/var/log/rpad/rpad.log\"",
            Kind::Names => "[\"PATH\", \"HOME\"]",
            Kind::Addresses => "\"127.0.0.1:8088\"",
            Kind::Mode => "\"0660\"",
        };
        format!("write for example {example}")
    }
}

fn in_range(
    text: &str,
    number: u64,
    range: std::ops::RangeInclusive<u64>,
    min: impl std::fmt::Display,
    max: impl std::fmt::Display,
) -> Result<(), Refusal> {
    if range.contains(&number) {
        return Ok(());
    }
    refuse(format!("{text} is out of range"), format!("write {min} to {max}"))
}

fn path(text: &str) -> Result<Setting, Refusal> {
    let path = PathBuf::from(text);
    if !text.is_empty() && !path.is_absolute() {
        return refuse(format!("{text:?} is not absolute"), "begin the path with /");
    }
    Ok(Setting::Path((!text.is_empty()).then_some(path)))
}

/// What stands between commas.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn addresses<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Setting, Refusal> {
    let mut addresses = Vec::new();
    for text in texts {
        match text.parse() {
            Ok(address) => addresses.push(address),
            Err(_) => {
                let message = format!("{text:?} is no address with a port");
                return refuse(message, Kind::Addresses.example());
            }
        }
    }
    Ok(Setting::Addresses(addresses))
}

/// Only who may read and write can be said of a socket.
fn mode(text: &str) -> Result<Setting, Refusal> {
    if text.is_empty() {
        return Ok(Setting::Mode(None));
    }
    let digits = text.bytes().all(|digit| digit.is_ascii_digit());
    match u32::from_str_radix(text, 8) {
        Ok(mode) if digits && mode & !0o666 == 0 && mode & 0o600 == 0o600 => {
            Ok(Setting::Mode(Some(mode)))
        }
        _ => refuse(format!("{text:?} is no mode of a socket"), Kind::Mode.example()),
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Result<Setting, Refusal> {
    let names: Vec<String> = names.map(str::to_owned).collect();
    match names.iter().find(|name| name.is_empty() || name.contains(['=', '\0'])) {
        Some(bad) => refuse(format!("{bad:?} is no name of a variable"), Kind::Names.example()),
        None => Ok(Setting::Names(names)),
    }
}

/// The field of a definition has the type of its kind: each is assigned once
/// when the defaults are read, so a mismatch cannot get past any test.
macro_rules! typed {
    ($($variant:ident => $type:ty),+) => {$(
        impl From<Setting> for $type {
            fn from(setting: Setting) -> $type {
                match setting {
                    Setting::$variant(value) => value,
                    other => unreachable!("{other:?} for a {}", stringify!($type)),
                }
            }
        }
    )+};
}

typed!(Duration => Duration, Number => u64, Switch => bool, Text => String, Path => Option<PathBuf>, Names => Vec<String>, Addresses => Vec<SocketAddr>, Mode => Option<u32>);
