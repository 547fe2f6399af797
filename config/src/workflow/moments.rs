//! `cron`, `every` and `at` of a schedule; and moments as a person writes them, in its
//! time zone.

use jiff::civil::{Date, DateTime};
use jiff::tz::AmbiguousOffset;
use jiff::{Timestamp, ToSpan, Zoned};
use rpa_engine::trigger::{Bound, Moments};

use super::fields::{Fields, shown};
use super::limits::MAX_MOMENTS;
use super::node::{Data, Node};
use super::plans;
use super::problem::ProblemCode;
use super::reader::Reader;
use super::zone::Zone;

/// The ways to say when; a schedule has one of them.
const FORMS: [&str; 3] = ["cron", "every", "at"];

/// Shorter than this a period is none of a schedule: a run takes longer to begin.
const SHORTEST_MS: u64 = 1_000;

/// What `every` counts from without `from`.
const EPOCH: &str = "1970-01-01T00:00:00Z";

const EXAMPLE: &str =
    "\"2026-12-01T09:00\", \"2026-12-01T09:00[Europe/Sofia]\" or \"2026-12-01T07:00:00Z\"";

/// What a date alone means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    /// The first instant of the day.
    Start,
    /// The day is the last one: the first instant of the next.
    End,
    /// Nothing: there has to be a time.
    Exact,
}

impl<'a> Reader<'a> {
    pub(crate) fn moments(&mut self, fields: &Fields<'a>, zone: &Zone) -> Option<Moments> {
        let forms: Vec<&str> =
            FORMS.into_iter().filter(|form| fields.get(form).is_some()).collect();
        // each is read, so that all that is wrong with it is told
        let cron = fields.get("cron").map(|node| self.cron(node));
        let every = fields.get("every").map(|node| self.period_ms(node));
        let from =
            fields.get("from").map(|node| self.instant_of(node, "`from`", zone, Edge::Start));
        let at = fields.get("at").map(|node| self.at(node, zone));
        if let (Some(entry), None) = (fields.entry("from"), &every) {
            self.useless_without(entry.key_at, "from", "every");
        }
        match forms[..] {
            // what another tool calls it has been refused by name
            [] if fields.has_habit_for(&FORMS) => None,
            [] => {
                let message = "`schedule` does not say when";
                let hint =
                    "write one of `cron`, `every` and `at`, for example cron: \"0 7 * * MON-FRI\"";
                self.problems.error(ProblemCode::MissingKey, fields.at, message, hint);
                None
            }
            ["cron"] => cron.flatten(),
            ["every"] => {
                let epoch = Some(Bound { text: EPOCH.to_owned(), at_ms: 0 });
                let (from, period_ms) = (from.unwrap_or(epoch)?, every.flatten()?);
                Some(Moments::Every { period_ms, from })
            }
            ["at"] => at.flatten(),
            [.., first, second] => {
                let message =
                    format!("`schedule` has `{first}` and `{second}`; it can have only one");
                self.wrong_type(fields.at, message, "make a trigger of each");
                None
            }
            [_] => None,
        }
    }

    fn cron(&mut self, node: &'a Node) -> Option<Moments> {
        let text = self.filled_text(node, "`cron`")?;
        self.no_expression(node, text, "`cron`", "\"0 7 * * MON-FRI\"")?;
        let moments = Moments::Cron(text.trim().to_owned());
        match plans::plan(&moments) {
            Ok(_) => Some(moments),
            Err(error) => {
                self.wrong_type(node.at, error.to_string(), error.hint());
                None
            }
        }
    }

    fn period_ms(&mut self, node: &'a Node) -> Option<u64> {
        let period_ms = self.duration_ms(node, "`every`")?;
        if period_ms < SHORTEST_MS {
            self.wrong_type(node.at, "`every` is shorter than 1s", "write at least 1s");
            return None;
        }
        Some(period_ms)
    }

    /// One or a list; in order, whatever their order in the file.
    fn at(&mut self, node: &'a Node, zone: &Zone) -> Option<Moments> {
        let Data::List(items) = &node.data else {
            let bound = self.instant_of(node, "`at`", zone, Edge::Exact)?;
            return Some(Moments::At(vec![bound]));
        };
        if items.is_empty() {
            let hint = format!("write for example {EXAMPLE}");
            self.problems.error(ProblemCode::MissingKey, node.at, "`at` is empty", hint);
            return None;
        }
        if items.len() > MAX_MOMENTS {
            let message = format!("`at` has more than {MAX_MOMENTS} moments");
            let hint = "write `cron` or `every`, or several triggers";
            self.problems.error(ProblemCode::FileLimit, node.at, message, hint);
            return None;
        }
        let read =
            |item| Some((self.instant_of(item, "an entry of `at`", zone, Edge::Exact)?, item));
        let bounds: Vec<Option<(Bound, &Node)>> = items.iter().map(read).collect();
        let mut bounds: Vec<(Bound, &Node)> = bounds.into_iter().collect::<Option<_>>()?;
        bounds.sort_by_key(|(bound, item)| (bound.at_ms, item.at));
        for pair in bounds.windows(2) {
            let ((first, _), (second, item)) = (&pair[0], &pair[1]);
            if first.at_ms == second.at_ms {
                let message = format!("{:?} is in `at` already", shown(&second.text));
                self.problems.error(ProblemCode::Duplicate, item.at, message, "take it out");
            }
        }
        Some(Moments::At(bounds.into_iter().map(|(bound, _)| bound).collect()))
    }

    /// A moment with its zone or offset, or as the clock of the schedule's zone shows it.
    pub(crate) fn instant_of(
        &mut self,
        node: &'a Node,
        what: &str,
        zone: &Zone,
        edge: Edge,
    ) -> Option<Bound> {
        let text = self.filled_text(node, what)?;
        self.no_expression(node, text, what, EXAMPLE)?;
        let at = match read_instant(text, zone, edge) {
            Ok(at) => at,
            Err((message, hint)) => {
                self.wrong_type(node.at, message, hint);
                return None;
            }
        };
        let Ok(at_ms) = u64::try_from(at.as_millisecond()) else {
            let message = format!("{:?} is before 1970", shown(text));
            self.wrong_type(node.at, message, "write a later moment");
            return None;
        };
        Some(Bound { text: text.to_owned(), at_ms })
    }

    fn no_expression(&mut self, node: &Node, text: &str, what: &str, example: &str) -> Option<()> {
        if !text.contains("{{") {
            return Some(());
        }
        let message = format!("{what} takes no expression in this version");
        let hint = format!("write for example {example}");
        self.problems.error(ProblemCode::NotSupported, node.at, message, hint);
        None
    }
}

/// Else what is wrong with it, and what to do.
fn read_instant(text: &str, zone: &Zone, edge: Edge) -> Result<Timestamp, (String, String)> {
    let no_moment = || {
        let message = format!("{:?} is no moment", shown(text));
        (message, format!("write for example {EXAMPLE}"))
    };
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Ok(zoned.timestamp());
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let civil: DateTime = text.parse().map_err(|_| no_moment())?;
    if text.contains('[') {
        return Err(no_moment());
    }
    if is_date(text) {
        let date = civil.date();
        let first = |date: Date| Some(date.to_zoned(zone.clock.clone()).ok()?.timestamp());
        return match edge {
            Edge::Start => first(date).ok_or_else(no_moment),
            Edge::End => date.checked_add(1.day()).ok().and_then(first).ok_or_else(no_moment),
            Edge::Exact => {
                let message = format!("{:?} has no time of the day", shown(text));
                Err((message, format!("write for example {EXAMPLE}")))
            }
        };
    }
    let found = zone.clock.to_ambiguous_timestamp(civil);
    match found.offset() {
        AmbiguousOffset::Unambiguous { .. } => found.unambiguous().map_err(|_| no_moment()),
        AmbiguousOffset::Gap { .. } => Err((
            format!("the clock of {} never shows {:?}", zone.name, shown(text)),
            "it is set forward over that time: write another one".to_owned(),
        )),
        AmbiguousOffset::Fold { before, after } => Err((
            format!("the clock of {} shows {:?} twice", zone.name, shown(text)),
            format!("write which is meant: \"{text}{before}\" or \"{text}{after}\""),
        )),
    }
}

/// Of a date and a time, one reads the other as well.
fn is_date(text: &str) -> bool {
    !text.contains(['T', 't', ' ', ':'])
}
