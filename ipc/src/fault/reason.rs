//! Why a step or the daemon stands as it does, which is stored and sent as an English
//! sentence, in another language.
//!
//! The `reason-*` messages of `words/en.ftl` are worded as those sentences, and tell
//! which one it is. What fits none stays as it is.

use std::borrow::Cow;

use super::form::{self, Family};
use super::{FaultCode, error, words};
use crate::Language;

/// The reason of a step, of a doubt or of the daemon's state.
pub fn reason_in(language: Language, reason: &str) -> Cow<'_, str> {
    if language == Language::English {
        return reason.into();
    }
    translated(language, reason).map_or(reason.into(), Cow::Owned)
}

pub(super) fn translated(language: Language, reason: &str) -> Option<String> {
    if let Some((why, attempt)) = not_seen(reason) {
        let why = one(language, why).unwrap_or_else(|| why.to_owned());
        let said = crate::said!("reason-not-seen", why = why, attempt = attempt);
        return words::say(language, &said);
    }
    if let Some(why) = reason.strip_prefix("turned away: ") {
        let why = error::translated_whole(language, why).unwrap_or_else(|| why.to_owned());
        return words::say(language, &crate::said!("reason-turned-away", reason = why));
    }
    one(language, reason)
}

fn one(language: Language, reason: &str) -> Option<String> {
    if let Some((code, message)) = of_code(reason) {
        let said = form::read_as(Family::Store, of_store(code)?, message)?;
        return Some(format!("{code}: {}", words::say(language, &said)?));
    }
    words::say(language, &form::read(Family::Reason, reason)?)
}

/// What befell a step each time, and how often.
fn not_seen(reason: &str) -> Option<(&str, &str)> {
    reason.strip_suffix(" times")?.rsplit_once("; its end was not seen ")
}

/// A fault as it is displayed: what keeps the daemon from its work.
fn of_code(reason: &str) -> Option<(FaultCode, &str)> {
    let (code, message) = reason.split_once(": ")?;
    Some((code.parse().ok()?, message))
}

/// The message about the store that has this code: two of them are worded alike.
fn of_store(code: FaultCode) -> Option<&'static str> {
    match code {
        FaultCode::StoreCorrupt => Some("store-damaged"),
        FaultCode::RunDamaged => Some("store-run-damaged"),
        FaultCode::NotificationDamaged => Some("store-notification-damaged"),
        FaultCode::StoreNewer => Some("store-newer"),
        FaultCode::DiskFull => Some("store-full"),
        FaultCode::StateInUse => Some("store-open-elsewhere"),
        FaultCode::StoreIo => Some("store-failed"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_said_in_bulgarian() {
        let table = [
            ("its condition was false", "условието ѝ не беше изпълнено"),
            ("needs list, which failed", "изисква list, а тя е неуспешна"),
            // as it was stored once
            ("needs list, which was failed", "изисква list, а тя е неуспешна"),
            ("needs list, which was skipped", "изисква list, а тя е пропусната"),
            ("needs list, which was on_hold", "изисква list, а тя е on_hold"),
            ("timed out after 1.500 s", "времето изтече след 1.500 s"),
            (
                "the daemon ended while it ran; its end was not seen 23 times",
                "демонът спря, докато тя се изпълняваше; краят ѝ остана невидян 23 пъти",
            ),
            (
                "no answer from http://a:80/b: reset; its end was not seen 23 times",
                "няма отговор от http://a:80/b: reset; краят ѝ остана невидян 23 пъти",
            ),
            ("gone; its end was not seen 23 times", "gone; краят ѝ остана невидян 23 пъти"),
            (
                "https://a answered 200 OK, but its body broke off: eof",
                "https://a отговори с 200 OK, но тялото прекъсна: eof",
            ),
            ("waits for sap-session", "чака sap-session"),
            ("waits for an event order.paid", "чака събитие order.paid"),
            ("waits for approval: Delete all: 7?", "чака одобрение: Delete all: 7?"),
            (
                "people are asked in the run that it has called",
                "в изпълнението, което е извикала, се чака решение от хора",
            ),
            (
                "a step is in doubt in the run that it has called",
                "в изпълнението, което е извикала, има стъпка под въпрос",
            ),
            (
                "waits until other runs of its workflow have ended",
                "чака да приключат други изпълнения на процеса",
            ),
            (
                "waits until other runs with the key acme have ended",
                "чака да приключат други изпълнения с ключ acme",
            ),
            (
                "turned away: its limit is reached: 1 of 1 runs go on",
                "не е допуснато: едновременните изпълнения вече са 1 при позволени 1",
            ),
            (
                "turned away: concurrency.key: it has 300 bytes; at most 256",
                "не е допуснато: concurrency.key: ключът е 300 байта; позволени са най-много 256",
            ),
            (
                "turned away: concurrency.key: x is undefined",
                "не е допуснато: concurrency.key: x is undefined",
            ),
            (
                "RPA0226: notification 12, 15 cannot be read, and is set aside: no sum: of it",
                "RPA0226: известие 12, 15 не може да бъде прочетено и е оставено настрана: \
                 no sum: of it",
            ),
            (
                "RPA0204: /s/rpad.redb: Input/output error",
                "RPA0204: хранилището /s/rpad.redb не може да се използва: Input/output error",
            ),
        ];
        for (stored, wanted) in table {
            assert_eq!(reason_in(Language::Bulgarian, stored), wanted);
            assert_eq!(reason_in(Language::English, stored), stored);
        }
    }

    #[test]
    fn what_is_not_known_stays_as_it_is() {
        for reason in ["", "the moon is full", "RPA0501: there is no workflow x"] {
            assert_eq!(reason_in(Language::Bulgarian, reason), reason);
        }
    }
}
