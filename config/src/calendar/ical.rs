//! Days of the events of an iCalendar file (RFC 5545): holidays, as offices publish them.
//!
//! Of an event only its days are taken: those of DTSTART up to DTEND, which is not one of
//! them, or DURATION, and the same days of later years by a plain `RRULE:FREQ=YEARLY`.
//! Times are left out; an event that has them is on the days that it touches, as they are
//! written, whatever their zone. Other repetitions are refused rather than left out:
//! a holiday that is silently none is found out on that day.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};

use super::{FileProblem, Span, Yearly, bounded, told};

/// A content line is a name, and some parameters; what is longer is no calendar.
const MOST_LINE_BYTES: usize = 64 << 10;

/// What comes each year ends before it comes again.
const A_YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);

const TOO_LONG: &str = "the event is too long";

#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) spans: Vec<Span>,
    pub(super) yearly: Vec<Yearly>,
}

pub(super) fn is_one(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty());
    first.is_some_and(|line| line.eq_ignore_ascii_case("BEGIN:VCALENDAR"))
}

pub(super) fn read(text: &str) -> Result<Events, Vec<FileProblem>> {
    let mut reader = Reader::default();
    let mut last = 1;
    for line in unfolded(text) {
        last = line.number;
        if let Err(problem) = reader.line(&line) {
            reader.problems.push(problem);
        }
    }
    if let Some(name) = reader.open.last() {
        let message = format!("BEGIN:{name} has no END");
        reader.problems.push(FileProblem::at(last, message, "the file is cut off: get it again"));
    }
    if !reader.problems.is_empty() {
        return Err(told(reader.problems));
    }
    bounded(reader.events.spans.len() + reader.events.yearly.len())?;
    Ok(reader.events)
}

/// A content line, whole.
struct Line {
    /// Of its beginning.
    number: u32,
    text: String,
}

/// Lines that begin with a blank go on with the one before (3.1).
fn unfolded(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(open)) => open.text.push_str(rest),
            _ if line.trim().is_empty() => {}
            _ => lines.push(Line { number, text: line.to_owned() }),
        }
    }
    lines
}

#[derive(Default)]
struct Reader {
    /// Components that have begun.
    open: Vec<String>,
    event: Event,
    events: Events,
    problems: Vec<FileProblem>,
}

/// What is known of the event that is read.
#[derive(Default)]
struct Event {
    line: u32,
    start: Option<DateTime>,
    end: Option<DateTime>,
    duration: Option<i64>,
    rule: Option<Rule>,
    cancelled: bool,
    /// One of its lines could not be read: more need not be said of it.
    broken: bool,
}

#[derive(Default)]
struct Rule {
    interval: u16,
    until: Option<Date>,
    count: Option<u32>,
    month: Option<i8>,
    day: Option<i8>,
    line: u32,
}

impl Reader {
    fn line(&mut self, line: &Line) -> Result<(), FileProblem> {
        let at = |message: String, hint: &str| FileProblem::at(line.number, message, hint);
        if line.text.len() > MOST_LINE_BYTES {
            let message = format!("the line is longer than {MOST_LINE_BYTES} bytes");
            return Err(at(message, "this is no calendar, or a damaged one"));
        }
        let Some((name, value)) = split(&line.text) else {
            let message = "is no line of an iCalendar file".to_owned();
            return Err(at(message, "each line is NAME:VALUE, or goes on with a blank"));
        };
        match name.as_str() {
            "BEGIN" => self.begin(value, line.number),
            "END" => return self.end(value, line.number),
            _ if self.open.last().is_some_and(|open| open == "VEVENT") => {
                if let Err((message, hint)) = self.event.property(&name, value, line.number) {
                    self.event.broken = true;
                    return Err(at(message, hint));
                }
            }
            // what belongs to the calendar, to a zone, an alarm, a task
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, component: &str, line: u32) {
        let component = component.trim().to_ascii_uppercase();
        if component == "VEVENT" {
            self.event = Event { line, ..Event::default() };
        }
        self.open.push(component);
    }

    fn end(&mut self, component: &str, line: u32) -> Result<(), FileProblem> {
        let component = component.trim().to_ascii_uppercase();
        if self.open.pop().as_ref() != Some(&component) {
            let message = format!("END:{component} without its BEGIN");
            return Err(FileProblem::at(line, message, "the file is damaged: get it again"));
        }
        let event = match component.as_str() {
            "VEVENT" => std::mem::take(&mut self.event),
            _ => return Ok(()),
        };
        if event.broken || event.cancelled {
            return Ok(());
        }
        let number = event.line;
        let taken = event.take(&mut self.events);
        taken
            .map_err(|(line, message, hint)| FileProblem::at(line.unwrap_or(number), message, hint))
    }
}

type Refusal = (String, &'static str);

const NO_MOMENT: &str = "write 20261224, or 20261224T090000";

const ONLY_YEARLY: &str =
    "only RRULE:FREQ=YEARLY on the event's own day is read: write each day as an event";

impl Event {
    fn property(&mut self, name: &str, value: &str, line: u32) -> Result<(), Refusal> {
        let value = value.trim();
        match name {
            "DTSTART" => self.start = Some(moment(name, value)?),
            "DTEND" => self.end = Some(moment(name, value)?),
            "DURATION" => {
                let seconds = duration(value);
                let refused = || (format!("DURATION {value:?} cannot be read"), "write P1D");
                self.duration = Some(seconds.ok_or_else(refused)?);
            }
            "RRULE" => self.rule = Some(rule(value, line)?),
            "STATUS" => self.cancelled = value.eq_ignore_ascii_case("CANCELLED"),
            "RDATE" | "EXDATE" | "EXRULE" | "RECURRENCE-ID" => {
                return Err((format!("{name} is not read"), ONLY_YEARLY));
            }
            // its name, its place, who comes
            _ => {}
        }
        Ok(())
    }

    fn take(self, events: &mut Events) -> Result<(), (Option<u32>, String, &'static str)> {
        let Some(start) = self.start else {
            return Err((None, "the event has no DTSTART".to_owned(), NO_MOMENT));
        };
        let refused = |message: &str, hint| Err((None, message.to_owned(), hint));
        let end = match (self.end, self.duration) {
            (Some(end), _) => end,
            (None, Some(seconds)) => match start.checked_add(SignedDuration::from_secs(seconds)) {
                Ok(end) => end,
                Err(_) => return refused(TOO_LONG, "write its last day"),
            },
            (None, None) => start,
        };
        if end < start {
            return refused("the event ends before it begins", "exchange DTSTART and DTEND");
        }
        let first = start.date();
        // a midnight ends the day before, but for what takes no time
        let last = match end.time() == Time::midnight() && end.date() > first {
            true => end.date().yesterday().unwrap_or(first),
            false => end.date(),
        };
        let span = Span { first, last };
        let Some(rule) = self.rule else {
            events.spans.push(span);
            return Ok(());
        };
        let other = rule.month.is_some_and(|month| month != first.month())
            || rule.day.is_some_and(|day| day != first.day());
        if other {
            let message = "RRULE names another day than DTSTART".to_owned();
            return Err((Some(rule.line), message, ONLY_YEARLY));
        }
        if span.first.duration_until(span.last) > A_YEAR {
            return refused(TOO_LONG, "write its last day");
        }
        let Rule { interval, until, count, .. } = rule;
        events.yearly.push(Yearly { span, interval, until, count });
        Ok(())
    }
}

/// The name without parameters, in capitals, and the value.
fn split(line: &str) -> Option<(String, &str)> {
    let mut quoted = false;
    let colon = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == ':' && !quoted
    });
    let (head, value) = line.split_at(colon?.0);
    let name = head.split(';').next().unwrap_or_default().trim();
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_name.then(|| (name.to_ascii_uppercase(), &value[1..]))
}

/// A date, or a time as it is written.
fn moment(name: &str, value: &str) -> Result<DateTime, Refusal> {
    let read = || {
        let (date, time) = match value.split_once('T') {
            Some((date, time)) => (date, Some(time.trim_end_matches('Z'))),
            None => (value, None),
        };
        let date = Date::strptime("%Y%m%d", exactly(date, 8)?).ok()?;
        let time = match time {
            Some(time) => Time::strptime("%H%M%S", exactly(time, 6)?).ok()?,
            None => Time::midnight(),
        };
        Some(date.to_datetime(time))
    };
    read().ok_or_else(|| (format!("{name} {value:?} cannot be read"), NO_MOMENT))
}

/// So many digits.
fn exactly(text: &str, digits: usize) -> Option<&str> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

/// In seconds: `P1W`, `P2D`, `PT12H`, `P1DT12H` (3.3.6).
fn duration(value: &str) -> Option<i64> {
    let value = value.trim_start_matches('+').strip_prefix('P')?;
    let (days, times) = value.split_once('T').unwrap_or((value, ""));
    let whole = part(days, &[('W', 604_800), ('D', 86_400)])?;
    let rest = part(times, &[('H', 3_600), ('M', 60), ('S', 1)])?;
    (!value.is_empty()).then(|| whole.saturating_add(rest))
}

fn part(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut seconds = 0_i64;
    for (unit, size) in units {
        if let Some((number, rest)) = text.split_once(*unit) {
            let number = number.parse::<u32>().ok()?;
            seconds = seconds.saturating_add(i64::from(number).saturating_mul(*size));
            text = rest;
        }
    }
    text.is_empty().then_some(seconds)
}

fn rule(value: &str, line: u32) -> Result<Rule, Refusal> {
    let refused = |message: String| Err((message, ONLY_YEARLY));
    let mut rule = Rule { interval: 1, line, ..Rule::default() };
    let mut yearly = false;
    for part in value.split(';').filter(|part| !part.is_empty()) {
        let (key, said) = part.split_once('=').unwrap_or((part, ""));
        let read = match key.to_ascii_uppercase().as_str() {
            "FREQ" => {
                yearly = said.eq_ignore_ascii_case("YEARLY");
                yearly
            }
            "INTERVAL" => {
                rule.interval = said.parse().unwrap_or(0);
                rule.interval > 0
            }
            "COUNT" => {
                rule.count = said.parse().ok();
                rule.count.is_some()
            }
            "UNTIL" => {
                rule.until = moment("UNTIL", said).ok().map(|until| until.date());
                rule.until.is_some()
            }
            "BYMONTH" => {
                rule.month = said.parse().ok();
                rule.month.is_some()
            }
            "BYMONTHDAY" => {
                rule.day = said.parse().ok();
                rule.day.is_some()
            }
            // where a week begins
            "WKST" => true,
            _ => false,
        };
        if !read {
            return refused(format!("RRULE {part:?} is not read"));
        }
    }
    if yearly { Ok(rule) } else { refused(format!("RRULE {value:?} is not read")) }
}
