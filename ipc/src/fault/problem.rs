//! Problems of workflow files in each language.
//!
//! The check says them in English, in a crate that knows neither the wire nor words;
//! `words/problems-en.ftl` tells which one a sentence is.

use std::borrow::Cow;

use super::form::{self, Family};
use super::{Arg, Fault, FaultCode, Said, words};
use crate::Language;
use crate::view::ProblemView;

/// The arguments that are words of ours and no names of somebody's.
const OURS: [&str; 6] = ["what", "got", "kind", "owner", "form", "place"];

/// What is wrong, and what to do about it; a sentence that this version has no
/// other words for stays in English, below the title of its code.
pub fn problem_in(language: Language, problem: &ProblemView) -> (Cow<'_, str>, Cow<'_, str>) {
    let (message, hint) = (problem.message.as_str(), problem.hint.as_str());
    if language == Language::English {
        return (message.into(), hint.into());
    }
    let titled = || {
        let title = problem.code.parse::<FaultCode>().ok()?.title(language);
        words::say(language, &crate::said!("error-other", title = title, error = message))
    };
    let said = translated(language, Family::Problem, message).or_else(titled);
    let advice = translated(language, Family::Advice, hint);
    (said.map_or(message.into(), Cow::Owned), advice.map_or(hint.into(), Cow::Owned))
}

/// A problem of a file as a fault, where there is no file.
pub fn problem_fault(code: FaultCode, message: &str, hint: &str) -> Fault {
    let said = |family, sentence: &str| match form::read(family, sentence) {
        Some(mut said) => {
            for (name, arg) in &mut said.args {
                let Arg::Text(text) = arg else { continue };
                let word = OURS.contains(&name.as_str()).then(|| form::read(Family::Word, text));
                if let Some(word) = word.flatten() {
                    *arg = Arg::Remarks(vec![word]);
                }
            }
            said
        }
        None => crate::said!("settings-other", text = sentence),
    };
    Fault::of(code, said(Family::Problem, message)).hint(said(Family::Advice, hint))
}

fn translated(language: Language, family: Family, sentence: &str) -> Option<String> {
    let mut said = form::read(family, sentence)?;
    for (name, arg) in &mut said.args {
        let Arg::Text(text) = arg else { continue };
        if OURS.contains(&name.as_str()) {
            *text = word(language, text).unwrap_or_else(|| text.clone());
        }
    }
    words::say(language, &said)
}

fn word(language: Language, text: &str) -> Option<String> {
    let said: Said = form::read(Family::Word, text)?;
    words::say(language, &said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulgarian(code: &str, message: &str, hint: &str) -> (String, String) {
        let problem = ProblemView {
            code: code.into(),
            warning: false,
            file: "a.yaml".into(),
            line: 1,
            column: 1,
            message: message.into(),
            hint: hint.into(),
        };
        let (message, hint) = problem_in(Language::Bulgarian, &problem);
        (message.into_owned(), hint.into_owned())
    }

    #[test]
    fn problems_are_said_in_bulgarian() {
        let table = [
            (
                ("unknown key \"tiemout\" in a step", "did you mean \"timeout\"?"),
                ("непознат ключ „tiemout“ в стъпка", "имате предвид „timeout“?"),
            ),
            (
                ("a step's `id` is text; here is a list", "write text; \"\" is the empty one"),
                ("`id` на стъпка е текст; тук има списък", "напишете текст; \"\" е празният"),
            ),
            (
                ("the step has `run` and `uses`; it can have only one", "make a step of each"),
                (
                    "стъпката има `run` и `uses`; може да има само едно от тях",
                    "направете стъпка от всяко",
                ),
            ),
            (
                ("{{ vars.x }} is not replaced in a command", ""),
                ("{{ vars.x }} не се замества в команда", ""),
            ),
        ];
        for ((message, hint), (wanted, advice)) in table {
            assert_eq!(bulgarian("RPA0303", message, hint), (wanted.to_owned(), advice.to_owned()));
        }
    }

    #[test]
    fn a_problem_without_a_file_is_a_fault() {
        let hint = "a range goes upwards; write 22-23,0-2";
        let fault = problem_fault(FaultCode::Schedule, "the hour \"22-2\" cannot be read", hint);
        assert_eq!(fault.message, "the hour \"22-2\" cannot be read");
        assert_eq!(fault.hint, hint);
        let message = fault.message_in(Language::Bulgarian);
        assert_eq!(message, "полето „час“ не може да се прочете: „22-2“");
        let advice = fault.hint_in(Language::Bulgarian);
        assert_eq!(advice, "интервалът върви нагоре; напишете 22-23,0-2");
        let foreign = problem_fault(FaultCode::Schedule, "the moon is full", "");
        assert_eq!(foreign.message_in(Language::Bulgarian), "the moon is full");
    }

    #[test]
    fn names_are_not_translated() {
        let (said, _) = bulgarian("RPA0310", "there is no step \"list\"", "");
        assert_eq!(said, "няма стъпка „list“");
    }

    #[test]
    fn what_is_not_known_stays_below_its_title() {
        let (said, advice) = bulgarian("RPA0302", "did not find expected key", "look twice");
        assert_eq!(said, "файлът не е валиден YAML: did not find expected key");
        assert_eq!(advice, "look twice");
    }
}
