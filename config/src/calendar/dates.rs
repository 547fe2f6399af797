//! Dates as people write them, and files of them.

use jiff::civil::{Date, Weekday};

use super::{FileProblem, Span, bounded, told};

pub(super) const EXAMPLE: &str = "write a date as 2026-12-24, or days as 2026-12-31..2027-01-02";

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// `mon` to `sun`.
pub fn weekday(text: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| *day)
}

/// `2026-12-24`, or both ends as `2026-12-31..2027-01-02`. Else what is wrong, and what to
/// do about it.
pub fn parse_span(text: &str) -> Result<Span, (String, String)> {
    let date = |text: &str| {
        let text = text.trim();
        // jiff would take other forms of ISO 8601 as well
        let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let parsed = text.parse::<Date>().ok().filter(|_| plain);
        parsed.ok_or_else(|| (format!("{text:?} is no date"), EXAMPLE.to_owned()))
    };
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let span = Span { first: date(first)?, last: date(last)? };
    if span.first > span.last {
        let message = format!("{text:?} ends before it begins");
        return Err((message, "write the earlier day first".to_owned()));
    }
    Ok(span)
}

/// One a line; what follows a # is a remark.
pub(super) fn read(text: &str) -> Result<Vec<Span>, Vec<FileProblem>> {
    let (mut spans, mut problems) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        let said = line.split('#').next().unwrap_or_default().trim();
        if said.is_empty() {
            continue;
        }
        match parse_span(said) {
            Ok(span) => spans.push(span),
            Err((message, hint)) => problems.push(FileProblem::at(number, message, &hint)),
        }
    }
    if !problems.is_empty() {
        return Err(told(problems));
    }
    bounded(spans.len())?;
    Ok(spans)
}
