//! Which type a plain scalar has: the core schema of YAML 1.2.2, section 10.3.2.
//!
//! `on`, `off`, `yes`, `no` and `1_000` are strings there, and `010` is ten.

use super::node::ScalarKind;

/// Why a scalar that looks like a number is none that we can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ScalarError {
    #[error("does not fit in a 64-bit integer")]
    TooLarge,
    #[error("is not a finite number")]
    NotFinite,
}

/// The type of an unquoted scalar.
pub(crate) fn resolve(text: &str) -> Result<ScalarKind, ScalarError> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(ScalarKind::Null),
        "true" | "True" | "TRUE" => return Ok(ScalarKind::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(ScalarKind::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => return Err(ScalarError::NotFinite),
        _ => {}
    }
    if let Some(digits) =
        text.strip_prefix("0o").filter(|d| is_all(d, |b| b.is_ascii_digit() && b < b'8'))
    {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x").filter(|d| is_all(d, |b| b.is_ascii_hexdigit())) {
        return radix(digits, 16);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if is_all(unsigned, |b| b.is_ascii_digit()) {
        return text.parse().map(ScalarKind::Int).map_err(|_| ScalarError::TooLarge);
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Err(ScalarError::NotFinite);
    }
    if is_float(unsigned) {
        return match text.parse::<f64>() {
            Ok(x) if x.is_finite() => Ok(ScalarKind::Float(x)),
            _ => Err(ScalarError::NotFinite),
        };
    }
    Ok(ScalarKind::Text)
}

fn radix(digits: &str, radix: u32) -> Result<ScalarKind, ScalarError> {
    i64::from_str_radix(digits, radix).map(ScalarKind::Int).map_err(|_| ScalarError::TooLarge)
}

fn is_all(text: &str, test: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(test)
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(unsigned: &str) -> bool {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent_ok = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['-', '+']).unwrap_or(e);
        !e.is_empty() && digits(e)
    });
    let mantissa_ok = match mantissa.split_once('.') {
        Some((whole, part)) => {
            digits(whole) && digits(part) && !(whole.is_empty() && part.is_empty())
        }
        None => !mantissa.is_empty() && digits(mantissa),
    };
    exponent_ok && mantissa_ok
}

#[cfg(test)]
mod tests {
    use super::*;
    use ScalarKind::{Bool, Float, Int, Null, Text};

    #[test]
    fn core_schema() {
        for (text, kind) in [
            ("", Null),
            ("~", Null),
            ("NULL", Null),
            ("True", Bool(true)),
            ("FALSE", Bool(false)),
            ("tRUE", Text),
            ("on", Text),
            ("yes", Text),
            ("No", Text),
            ("0", Int(0)),
            ("-17", Int(-17)),
            ("+17", Int(17)),
            ("010", Int(10)),
            ("0o17", Int(15)),
            ("0o8", Text),
            ("0xFf", Int(255)),
            ("1_000", Text),
            ("9223372036854775807", Int(i64::MAX)),
            ("1.5", Float(1.5)),
            (".5", Float(0.5)),
            ("5.", Float(5.0)),
            ("1e3", Float(1000.0)),
            ("-1.5E-1", Float(-0.15)),
            (".", Text),
            ("e1", Text),
            ("1e", Text),
            ("1.2.3", Text),
            ("-", Text),
            ("12:30", Text),
            ("2024-01-01", Text),
            ("é", Text),
        ] {
            assert_eq!(resolve(text), Ok(kind), "{text}");
        }
        assert_eq!(resolve("9223372036854775808"), Err(ScalarError::TooLarge));
        assert_eq!(resolve("0xFFFFFFFFFFFFFFFFF"), Err(ScalarError::TooLarge));
        for text in [".nan", "-.inf", "1e999"] {
            assert_eq!(resolve(text), Err(ScalarError::NotFinite), "{text}");
        }
    }
}
