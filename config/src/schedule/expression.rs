//! A cron expression as it is written: its fields, each looked at by itself, so that a
//! refusal names the one that is wrong.

use croner::Cron;
use croner::describe::{English, Language};
use croner::parser::{CronParser, Seconds, Year};

use super::bulgarian::Bulgarian;
use super::error::PlanError;
use crate::suggest::nearest;

/// A list of all minutes has 170; nobody writes more by hand.
const MOST_CHARACTERS: usize = 512;

const SOME_YEAR: &str = "2000";

const ANY_YEAR: &str = "*";

const NICKNAMES: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * SUN"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// One of the six fields.
struct Field {
    name: &'static str,
    /// Words that stand for numbers in it.
    words: &'static [&'static str],
    /// The least and the greatest number, where one number has one meaning.
    ends: (u32, u32),
    /// Letters and signs that only it has.
    marks: &'static [char],
    hint: &'static str,
}

const FIELDS: [Field; 6] = [
    Field {
        name: "second",
        ends: (0, 59),
        words: &[],
        marks: &[],
        hint: "a second is 0 to 59, *, a list 0,30, a range 10-20, or a step */15 or 10-50/5",
    },
    Field {
        name: "minute",
        ends: (0, 59),
        words: &[],
        marks: &[],
        hint: "a minute is 0 to 59, *, a list 0,30, a range 10-20, or a step */15 or 10-50/5",
    },
    Field {
        name: "hour",
        ends: (0, 23),
        words: &[],
        marks: &[],
        hint: "an hour is 0 to 23, *, a list 7,19, a range 9-17, or a step */2 or 8-18/2",
    },
    Field {
        name: "day of the month",
        ends: (1, 31),
        words: &[],
        marks: &['?', 'L', 'W'],
        hint: "a day is 1 to 31, *, a list 1,15, a range 1-7, a step */2, L for the last day, \
               15W for the weekday that is nearest, or LW for the last one",
    },
    Field {
        name: "month",
        ends: (1, 12),
        words: &MONTHS,
        marks: &[],
        hint: "a month is 1 to 12 or JAN to DEC, *, a list, a range MAY-SEP, or a step */3",
    },
    Field {
        name: "day of the week",
        ends: (0, 6),
        words: &WEEKDAYS,
        marks: &['?', 'L', '#'],
        hint: "a day is 0 to 7 (0 and 7 are Sunday) or SUN to SAT, *, a list, a range MON-FRI, \
               MON#2 for the second Monday, or FRIL for the last Friday",
    },
];

/// What an expression says.
pub(super) struct Expression {
    pub(super) cron: Cron,
    /// Whether minute or hour has `*` or a step.
    pub(super) elapsed: bool,
    /// Whether it names no days, so that all are meant.
    pub(super) every_day: bool,
}

/// Reads an expression. Where the day of the month or the day of the week begins with `*`,
/// both must fit, and otherwise one of them: so crontab(5) has it.
pub(super) fn read(text: &str) -> Result<Expression, PlanError> {
    let fields = fields(text)?;
    // which year is nobody's business, and any year costs more than all the rest
    let read = parse(&fields.join(" "), SOME_YEAR, both_days(&fields));
    let Some(cron) = read.filter(|_| fields.iter().zip(&FIELDS).all(|(text, f)| f.admits(text)))
    else {
        return Err(first_refused(&fields));
    };
    let elapsed = [fields[1], fields[2]].iter().any(|field| field.contains(['*', '/']));
    let every_day = [fields[3], fields[5]].iter().all(|field| matches!(*field, "*" | "?"));
    Ok(Expression { cron, elapsed, every_day })
}

/// What an expression says, in English words.
pub(super) fn words(text: &str) -> Option<String> {
    said(text, English)
}

/// What a cron expression says, in Bulgarian words; `None` when it cannot be read.
pub fn in_bulgarian(text: &str) -> Option<String> {
    // a list of three is joined with a comma that Bulgarian has not
    said(text, Bulgarian).map(|said| said.replace(", и ", " и "))
}

fn said(text: &str, language: impl Language) -> Option<String> {
    let fields = fields(text).ok()?;
    let cron = parse(&fields.join(" "), ANY_YEAR, both_days(&fields))?;
    Some(cron.describe_lang(language).trim_end_matches('.').to_owned())
}

/// Six of them, the second first.
fn fields(text: &str) -> Result<Vec<&str>, PlanError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(PlanError::Empty);
    }
    if text.chars().count() > MOST_CHARACTERS {
        return Err(PlanError::Long { most: MOST_CHARACTERS });
    }
    let text = if text.starts_with('@') { nickname(text)? } else { text };
    let mut fields: Vec<&str> = text.split_whitespace().collect();
    match fields.len() {
        5 => fields.insert(0, "0"),
        6 => {}
        count => return Err(PlanError::Fields { count }),
    }
    Ok(fields)
}

fn both_days(fields: &[&str]) -> bool {
    fields[3].starts_with(['*', '?']) || fields[5].starts_with(['*', '?'])
}

fn nickname(text: &str) -> Result<&'static str, PlanError> {
    let word = text.to_ascii_lowercase();
    if word == "@reboot" {
        return Err(PlanError::Reboot);
    }
    if let Some((_, fields)) = NICKNAMES.iter().find(|(name, _)| *name == word) {
        return Ok(fields);
    }
    let names = NICKNAMES.iter().map(|(name, _)| *name);
    let list = names.clone().collect::<Vec<_>>().join(", ");
    let hint = match nearest(&word, names) {
        Some(near) => format!("did you mean {near:?}? allowed: {list}"),
        None => format!("allowed: {list}"),
    };
    Err(PlanError::Nickname { word: text.to_owned(), hint })
}

impl Field {
    /// Whether croner takes the field for what is meant: by itself it reads names of months
    /// for days and the other way round, and empty places in lists.
    fn admits(&self, text: &str) -> bool {
        text.to_ascii_uppercase().split(',').all(|item| self.names(item))
    }

    fn names(&self, item: &str) -> bool {
        let pieces = item.split(['-', '/', '#']);
        !item.is_empty() && pieces.into_iter().all(|piece| self.is_piece(piece))
            // the last of all days of the week is none
            && !(self.marks.contains(&'#') && item == "L")
            && (!item.contains('#') || self.marks.contains(&'#'))
    }

    /// How a range that goes down, as `22-2`, is said in two.
    fn upwards(&self, item: &str) -> Option<String> {
        let (from, to) = item.split_once('-')?;
        let (first, last) = self.ends;
        let number = |text: &str| match self.words.iter().position(|word| *word == text) {
            Some(place) => u32::try_from(place).ok().map(|place| place + first),
            None => text.parse().ok(),
        };
        let within = |number: &u32| (first..=last).contains(number);
        let down = number(from).filter(within)? > number(to).filter(within)?;
        let (low, high) = match (self.words.first(), self.words.last()) {
            (Some(low), Some(high)) => ((*low).to_owned(), (*high).to_owned()),
            _ => (first.to_string(), last.to_string()),
        };
        down.then(|| format!("a range goes upwards; write {from}-{high},{low}-{to}"))
    }

    fn is_piece(&self, piece: &str) -> bool {
        let bare = piece.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let letters = &piece[bare.len()..];
        let is_mark = |c: char| self.marks.contains(&c);
        match bare {
            "" if self.words.contains(&letters) => true,
            "" if letters.len() == 4 && letters.ends_with('L') => {
                is_mark('L') && self.words.contains(&&letters[..3])
            }
            "*" => letters.is_empty(),
            "?" => letters.is_empty() && is_mark('?'),
            _ => bare.chars().all(|c| c.is_ascii_digit()) && letters.chars().all(is_mark),
        }
    }
}

/// The first field that cannot be read by itself.
fn first_refused(fields: &[&str]) -> PlanError {
    let alone = |at: usize| {
        let mut others = ["*"; FIELDS.len()];
        others[at] = fields[at];
        FIELDS[at].admits(fields[at]) && parse(&others.join(" "), SOME_YEAR, false).is_some()
    };
    let at = (0..FIELDS.len()).find(|at| !alone(*at)).unwrap_or(FIELDS.len() - 1);
    refused(at, fields[at])
}

fn refused(at: usize, text: &str) -> PlanError {
    let field = &FIELDS[at];
    let upper = text.to_ascii_uppercase();
    let hint = upper.split(',').find_map(|item| field.upwards(item));
    let hint = hint.unwrap_or_else(|| field.hint.to_owned());
    PlanError::Field { field: field.name, text: text.to_owned(), hint }
}

fn parse(fields: &str, year: &str, both_days: bool) -> Option<Cron> {
    let parser = CronParser::builder().seconds(Seconds::Required).year(Year::Required);
    parser.dom_and_dow(both_days).build().parse(&format!("{fields} {year}")).ok()
}
