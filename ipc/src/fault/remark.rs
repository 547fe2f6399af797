//! What the daemon remarks in the log of a run, which is stored as an English line, in
//! another language.

use std::borrow::Cow;

use super::{error_in, reason, words};
use crate::view::ErrorView;
use crate::{Language, said};

/// A line of the daemon's own. What is not known of it stays as it is.
pub fn remark_in(language: Language, text: &str) -> Cow<'_, str> {
    if language == Language::English {
        return text.into();
    }
    translated(language, text).map_or(text.into(), Cow::Owned)
}

fn translated(language: Language, text: &str) -> Option<String> {
    let reason = |text: &str| reason::reason_in(language, text).into_owned();
    let said = if let Some(why) = text.strip_prefix("skipped: ") {
        said!("remark-skipped", reason = reason(why))
    } else if let Some((error, code)) = text.strip_prefix("failed: ").and_then(of_code) {
        said!("remark-failed", error = error_of(language, error, code), code = code)
    } else if let Some((attempt, error, code, pause)) = of_retry(text) {
        let error = error_of(language, error, code);
        said!("remark-retry", attempt = attempt, error = error, code = code, pause = pause)
    } else if let Some(why) = of_doubt(text) {
        said!("remark-doubt", reason = reason(why))
    } else if let Some(why) = text.strip_suffix("; it is run again") {
        said!("remark-again", reason = reason(why))
    } else {
        match text {
            "cancelled" => said!("remark-cancelled"),
            "is being undone" => said!("remark-undone"),
            _ => return reason::translated(language, text),
        }
    };
    words::say(language, &said)
}

fn error_of(language: Language, message: &str, code: &str) -> String {
    let (code, class, message) = (code.to_owned(), String::new(), message.to_owned());
    error_in(language, &ErrorView { code, class, message })
}

/// `no such file [RPA0401]`
fn of_code(text: &str) -> Option<(&str, &str)> {
    text.strip_suffix(']')?.rsplit_once(" [")
}

/// `attempt 2 failed: no such file [RPA0401]; next try in 2 s`
fn of_retry(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (attempt, rest) = text.strip_prefix("attempt ")?.split_once(" failed: ")?;
    let (failed, pause) = rest.rsplit_once("; next try in ")?;
    let (error, code) = of_code(failed)?;
    Some((attempt, error, code, pause))
}

fn of_doubt(text: &str) -> Option<&str> {
    text.strip_prefix("in doubt: ")?.strip_suffix("; a person must decide, see `rpa doubts`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_said_in_bulgarian() {
        let table = [
            ("skipped: needs copy, which failed", "пропусната: изисква copy, а тя е неуспешна"),
            ("skipped: its condition was false", "пропусната: условието ѝ не беше изпълнено"),
            (
                "in doubt: stopped by a shutdown while it ran; a person must decide, see `rpa doubts`",
                "под въпрос: прекратена при спиране на демона, докато се изпълняваше; трябва да реши човек, вижте `rpa doubts`",
            ),
            ("waits for sap-session", "чака sap-session"),
            ("cancelled", "отменена"),
            ("the moon is full", "the moon is full"),
            ("failed: odd", "failed: odd"),
        ];
        for (stored, wanted) in table {
            assert_eq!(remark_in(Language::Bulgarian, stored), wanted);
            assert_eq!(remark_in(Language::English, stored), stored);
        }
        let failed = "attempt 1 failed: exit code 3 [RPA0401]; next try in 10 s";
        let said = remark_in(Language::Bulgarian, failed);
        assert!(said.starts_with("опит 1 е неуспешен: "), "{said}");
        assert!(said.ends_with(" [RPA0401]; следващ опит след 10 s"), "{said}");
        let said = remark_in(Language::Bulgarian, "failed: exit code 3 [RPA0401]").into_owned();
        assert!(said.starts_with("неуспешна: ") && said.ends_with(" [RPA0401]"), "{said}");
    }
}
