//! Which statuses count as success.

use std::ops::RangeInclusive;

use rpa_engine::Value;

use crate::context::Ended;
use crate::input::{refuse, wrong_type};

/// The statuses of the input `expect`: `2xx`, `404`, `400-409`, several of them
/// separated by commas or in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expect(Vec<RangeInclusive<u16>>);

impl Expect {
    pub(super) fn read(value: Option<&Value>) -> Result<Expect, Ended> {
        let mut ranges = Vec::new();
        match value {
            None => ranges.push(200..=299),
            Some(Value::List(items)) => {
                items.iter().try_for_each(|item| add(item, &mut ranges))?;
            }
            Some(one) => add(one, &mut ranges)?,
        }
        if ranges.is_empty() {
            return Err(refuse("expect", "names no status"));
        }
        Ok(Expect(ranges))
    }

    pub(super) fn accepts(&self, status: u16) -> bool {
        self.0.iter().any(|range| range.contains(&status))
    }
}

fn add(value: &Value, ranges: &mut Vec<RangeInclusive<u16>>) -> Result<(), Ended> {
    let text = match value {
        Value::Text(text) => text.clone(),
        Value::Int(status) => status.to_string(),
        other => return Err(wrong_type("expect", "string", other)),
    };
    for part in text.split(',') {
        let part = part.trim();
        let why = || format!("{part:?} is not a status such as 200, 2xx or 200-204");
        ranges.push(range(part).ok_or_else(|| refuse("expect", &why()))?);
    }
    Ok(())
}

fn range(text: &str) -> Option<RangeInclusive<u16>> {
    let status = |text: &str| text.parse().ok().filter(|s| (100..=599).contains(s));
    if let Some(digit) = text.to_ascii_lowercase().strip_suffix("xx") {
        let class: u16 = digit.parse().ok().filter(|d| (1..=5).contains(d))?;
        return Some(class * 100..=class * 100 + 99);
    }
    match text.split_once('-') {
        None => status(text).map(|s| s..=s),
        Some((from, to)) => {
            let (from, to) = (status(from.trim())?, status(to.trim())?);
            (from <= to).then_some(from..=to)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(value: &Value) -> Vec<u16> {
        let expect = Expect::read(Some(value)).unwrap();
        [200, 204, 205, 299, 302, 404, 500].into_iter().filter(|s| expect.accepts(*s)).collect()
    }

    #[test]
    fn reads_every_form() {
        assert_eq!(accepted(&"2xx".into()), [200, 204, 205, 299]);
        assert_eq!(accepted(&"200-204".into()), [200, 204]);
        assert_eq!(accepted(&"200, 404".into()), [200, 404]);
        assert_eq!(accepted(&Value::Int(404)), [404]);
        assert_eq!(accepted(&vec!["3XX".into(), Value::Int(500)].into()), [302, 500]);
        assert!(Expect::read(None).unwrap().accepts(204));
        assert!(!Expect::read(None).unwrap().accepts(300));
    }

    #[test]
    fn refuses_the_rest() {
        for bad in ["", "ok", "6xx", "xx", "99", "600", "204-200", "200-", "2xx,"] {
            assert!(Expect::read(Some(&bad.into())).is_err(), "{bad}");
        }
        assert!(Expect::read(Some(&vec![].into())).is_err());
        assert!(Expect::read(Some(&Value::Bool(true))).is_err());
    }
}
