//! The time zone of a schedule, by its name.

use jiff::tz::{self, TimeZone};

use super::error::PlanError;
use crate::suggest::nearest;

/// The zone that an IANA name is of.
pub fn find(name: &str) -> Result<TimeZone, PlanError> {
    // `right/` counts leap seconds, which no clock here does
    let plain = !name.starts_with("right/") && !name.starts_with("posix/");
    let found = TimeZone::get(name).ok().filter(|_| plain && !name.is_empty());
    found.ok_or_else(|| PlanError::Zone { name: name.to_owned(), hint: hint(name) })
}

const USUAL: &str = "write the name of a place, as Europe/Sofia, or UTC; timedatectl list-timezones \
                     shows them";

const FIXED: &str = "write the name of a place, as Europe/Sofia: its offset changes; an offset that never \
                     does is Etc/GMT-2, which is two hours ahead of UTC";

fn hint(name: &str) -> String {
    let all: Vec<String> = tz::db().available().map(|zone| zone.to_string()).collect();
    if all.is_empty() {
        return "this machine has no time zones: install the package tzdata".to_owned();
    }
    if name.starts_with(['+', '-']) || name.contains("UTC+") || name.contains("UTC-") {
        return FIXED.to_owned();
    }
    match meant(name, &all) {
        Some(zone) => format!("did you mean {zone:?}?"),
        None => USUAL.to_owned(),
    }
}

/// `Sofia` and `Europe/Sophia` as `Europe/Sofia`.
fn meant<'a>(name: &str, all: &'a [String]) -> Option<&'a str> {
    let city = |zone: &str| zone.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let wanted = city(&name.replace(' ', "_"));
    let places = || all.iter().map(String::as_str).filter(|zone| zone.contains('/'));
    if let Some(found) = places().find(|zone| city(zone) == wanted) {
        return Some(found);
    }
    let region = |zone: &str| zone.split('/').next().unwrap_or_default().to_ascii_lowercase();
    let same = || places().filter(|zone| name.contains('/') && region(zone) == region(name));
    let cities: Vec<String> = same().map(city).collect();
    let near = nearest(&wanted, cities.iter().map(String::as_str))
        .and_then(|near| same().find(|zone| city(zone) == near));
    near.or_else(|| nearest(name, places()))
}
