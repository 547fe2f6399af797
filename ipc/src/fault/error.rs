//! Errors of steps and runs, which are stored as English sentences, in another
//! language.
//!
//! The `error-*` messages of `words/en.ftl` are worded as the stored ones, and tell
//! which one a sentence is. What fits none keeps its English, below the title of its
//! code.

use super::form::{self, Family};
use super::{FaultCode, reason, words};
use crate::Language;
use crate::view::ErrorView;

/// An error in one sentence.
pub fn error_in(language: Language, error: &ErrorView) -> String {
    let ErrorView { code, class, message } = error;
    if language == Language::English {
        // class and message, without saying one of them twice
        let twice = class.is_empty() || message.starts_with(class.as_str());
        return if twice { message.clone() } else { format!("{class}: {message}") };
    }
    translated(language, code, message).unwrap_or_else(|| message.clone())
}

fn translated(language: Language, code: &str, message: &str) -> Option<String> {
    if let Some((step, error)) = of_step(message) {
        let error = own(language, code, error)?;
        let said = crate::said!("error-of-step", step = step, error = error);
        return words::say(language, &said);
    }
    own(language, code, message)
}

/// An error that names no step before it.
fn own(language: Language, code: &str, message: &str) -> Option<String> {
    let known = code.parse::<FaultCode>().ok();
    // of a step that is run again the error is why its last attempt does not count
    if let Some(FaultCode::InDoubt | FaultCode::Drained) = known
        && let Some(said) = reason::translated(language, message)
    {
        return Some(said);
    }
    if let Some((index, error, failed)) = of_turn(message) {
        let error = own(language, code, error)?;
        let said = match failed {
            None => crate::said!("error-turn", index = index, error = error),
            Some(count) => {
                crate::said!("error-turns", index = index, error = error, count = count)
            }
        };
        return words::say(language, &said);
    }
    if let Some((step, error)) = of_inner_step(message) {
        let error = own(language, code, error)?;
        return words::say(language, &crate::said!("error-of-step", step = step, error = error));
    }
    if let Some(said) = form::read(Family::Error, message) {
        return words::say(language, &said);
    }
    let title = known?.title(language);
    words::say(language, &crate::said!("error-other", title = title, error = message))
}

/// The step that the error of a run names, and the error.
fn of_step(message: &str) -> Option<(&str, &str)> {
    let (step, error) = message.strip_prefix("step ")?.split_once(": ")?;
    step.parse::<rpa_engine::StepPath>().is_ok().then_some((step, error))
}

/// The turn that the error of a loop names, the error, and how many failed if several.
fn of_turn(message: &str) -> Option<(&str, &str, Option<&str>)> {
    let (index, error) = message.strip_prefix("turn ")?.split_once(": ")?;
    index.parse::<u32>().ok()?;
    let several = error.strip_suffix(" turns failed)").and_then(|error| error.rsplit_once(" ("));
    let several = several.filter(|(_, count)| count.parse::<u32>().is_ok());
    Some(several.map_or((index, error, None), |(error, count)| (index, error, Some(count))))
}

/// The step inside that the error of a group names, and its error.
fn of_inner_step(message: &str) -> Option<(&str, &str)> {
    let (step, error) = message.split_once(": ")?;
    let is_inside = step.contains('/') && step.parse::<rpa_engine::StepPath>().is_ok();
    is_inside.then_some((step, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulgarian(code: &str, class: &str, message: &str) -> String {
        let error = ErrorView { code: code.into(), class: class.into(), message: message.into() };
        error_in(Language::Bulgarian, &error)
    }

    #[test]
    fn english_is_what_is_stored() {
        let error = |class: &str, message: &str| {
            let (class, message) = (class.to_owned(), message.to_owned());
            error_in(Language::English, &ErrorView { code: "RPA0401".into(), class, message })
        };
        assert_eq!(error("exit(2)", "exited with 2"), "exit(2): exited with 2");
        assert_eq!(error("timeout", "timeout of the peer"), "timeout of the peer");
        assert_eq!(error("", "it broke"), "it broke");
    }

    #[test]
    fn stored_errors_are_said_in_bulgarian() {
        let table = [
            ("RPA0401", "exit(2)", "exited with 2", "командата завърши с код 2"),
            (
                "RPA0401",
                "exit(2)",
                "step each[3]/send: exited with 2: ls: no such file: x",
                "стъпка each[3]/send: командата завърши с код 2: ls: no such file: x",
            ),
            (
                "RPA0401",
                "exit(2)",
                "step each: turn 3: exited with 2 (4 turns failed)",
                "стъпка each: завъртане 3: командата завърши с код 2 (неуспешни са 4 завъртания)",
            ),
            (
                "RPA0401",
                "exit(2)",
                "step both: both/left: exited with 2",
                "стъпка both: стъпка both/left: командата завърши с код 2",
            ),
            (
                "RPA0419",
                "business",
                "its condition is still true after 9 turns",
                "условието още е вярно след 9 завъртания",
            ),
            (
                "RPA0401",
                "exit(137)",
                "ended by signal 9 (KILL)",
                "командата беше прекратена от сигнал 9 (KILL)",
            ),
            ("RPA0402", "timeout", "timed out after 1.500 s", "времето изтече след 1.500 s"),
            (
                "RPA0403",
                "invalid_input",
                "cannot start the command: nope: no such program",
                "командата не може да бъде стартирана: няма програма nope",
            ),
            (
                "RPA0407",
                "http(503)",
                "GET http://a/b answered 503 Service Unavailable",
                "отговорът на GET http://a/b беше 503 Service Unavailable",
            ),
            (
                "RPA0413",
                "system",
                "http://a answered 200 OK, but its body broke off: eof",
                "http://a отговори с 200 OK, но тялото прекъсна: eof",
            ),
            (
                "RPA0414",
                "system",
                "stopped by a shutdown of the daemon",
                "прекратена при спиране на демона",
            ),
            (
                "RPA0414",
                "system",
                "stopped by a shutdown of the daemon before it ended",
                "прекратена при спиране на демона, преди да приключи",
            ),
            (
                "RPA0416",
                "business",
                "step pay: declared failed by ivan",
                "стъпка pay: обявена за неуспешна от ivan",
            ),
        ];
        for (code, class, stored, wanted) in table {
            assert_eq!(bulgarian(code, class, stored), wanted);
        }
    }

    #[test]
    fn what_is_not_known_stays_below_the_title_of_its_code() {
        assert_eq!(
            bulgarian("RPA0404", "invalid_input", "with.url: x is undefined"),
            "неуспешен израз: with.url: x is undefined"
        );
        assert_eq!(bulgarian("RPA9999", "new", "something new"), "something new");
        assert_eq!(
            bulgarian("RPA0404", "invalid_input", "step one: two: three"),
            "стъпка one: неуспешен израз: two: three"
        );
    }
}
