//! Errors of steps and runs, which are stored as English sentences, in another
//! language.
//!
//! The `error-*` messages of `words/en.ftl` are worded as the stored ones, and tell
//! which one a sentence is. What fits none keeps its English, below the title of its
//! code.

use super::form::{self, Family};
use super::{Arg, FaultCode, Said, reason, words};
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
    if let Some((run, step, error)) = of_run(message) {
        let error = own(language, code, error)?;
        let said = match step {
            None => crate::said!("error-of-run", run = run, error = error),
            Some(step) => crate::said!("error-of-run-step", run = run, step = step, error = error),
        };
        return words::say(language, &said);
    }
    if known == Some(FaultCode::NoCalled)
        && let Some(said) = form::read(Family::Callee, message)
    {
        return words::say(language, &said);
    }
    if let Some(said) = translated_whole(language, message) {
        return Some(said);
    }
    let title = known?.title(language);
    words::say(language, &crate::said!("error-other", title = title, error = message))
}

/// An error that no other one stands in.
pub(super) fn translated_whole(language: Language, message: &str) -> Option<String> {
    let mut said = form::read(Family::Error, message)?;
    translate_parts(language, &mut said);
    words::say(language, &said)
}

/// Of arguments, those that are words of ours.
fn translate_parts(language: Language, said: &mut Said) {
    for (name, arg) in &mut said.args {
        let Arg::Text(text) = arg else { continue };
        match name.as_str() {
            "why" => *text = part(language, Family::Word, text),
            "problems" => {
                let problems = text.split("; ");
                let said = problems.map(|problem| part(language, Family::Given, problem));
                *text = said.collect::<Vec<_>>().join("; ");
            }
            _ => {}
        }
    }
}

fn part(language: Language, family: Family, text: &str) -> String {
    let said = form::read(family, text).and_then(|mut said| {
        translate_parts(language, &mut said);
        words::say(language, &said)
    });
    said.unwrap_or_else(|| text.to_owned())
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

/// The run that a step has called and that has failed, which of its steps has, and why.
fn of_run(message: &str) -> Option<(&str, Option<&str>, &str)> {
    let (failed, error) = message.strip_prefix("run ")?.split_once(": ")?;
    let (run, step) = match failed.split_once(", ") {
        Some((run, step)) => (run, Some(step)),
        None => (failed, None),
    };
    // as `RunId::short` writes it
    let is_run = run.len() == 12 && run.bytes().all(|b| b.is_ascii_hexdigit());
    let is_step = step.is_none_or(|step| step.parse::<rpa_engine::StepPath>().is_ok());
    (is_run && is_step).then_some((run, step, error))
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
    fn errors_of_runs_that_were_called_are_said_in_bulgarian() {
        let table = [
            (
                "RPA0402",
                "timed out after 90 s; its run 0123456789ab is cancelled",
                "времето изтече след 90 s; извиканото изпълнение 0123456789ab е отменено",
            ),
            (
                "RPA0425",
                "its run 0123456789ab was cancelled",
                "извиканото изпълнение 0123456789ab беше отменено",
            ),
            (
                "RPA0401",
                "step bill: run 0123456789ab, each[3]/send: exited with 2: no such file: x",
                "стъпка bill: изпълнение 0123456789ab, стъпка each[3]/send: \
                 командата завърши с код 2: no such file: x",
            ),
            (
                "RPA0402",
                "run 0123456789ab, a: run fedcba987654: the run timed out after 1 h",
                "изпълнение 0123456789ab, стъпка a: изпълнение fedcba987654: \
                 времето на изпълнението изтече след 1 h",
            ),
            (
                "RPA0413",
                "run 0123456789ab, pay: the daemon ended while it ran",
                "изпълнение 0123456789ab, стъпка pay: демонът спря, докато тя се изпълняваше",
            ),
            (
                "RPA0404",
                "run 0123456789ab, a: with.url: x is undefined",
                "изпълнение 0123456789ab, стъпка a: неуспешен израз: with.url: x is undefined",
            ),
            // no run is called so
            (
                "RPA0404",
                "run of a loop: x is undefined",
                "неуспешен израз: run of a loop: x is undefined",
            ),
            (
                "RPA0411",
                "run 0123456789ab: its variables could not be stored: no space",
                "изпълнение 0123456789ab: променливите на извиканото изпълнение не можаха да \
                 се запишат: no space",
            ),
            ("RPA0423", "there is no workflow ops/bill", "няма работен процес ops/bill"),
            (
                "RPA0423",
                "ops/bill takes no runs: no revision of it is published",
                "ops/bill не приема изпълнения: няма публикувана ревизия",
            ),
            (
                "RPA0423",
                "ops/bill takes no new runs: ivan disabled it at 2026-11-20T01:10:04Z",
                "ops/bill не приема нови изпълнения: изключен е от ivan в 2026-11-20T01:10:04Z",
            ),
            (
                "RPA0423",
                "ops/bill is archived: ivan archived it at 2026-11-20T01:10:04Z",
                "ops/bill е архивиран от ivan в 2026-11-20T01:10:04Z",
            ),
            (
                "RPA0424",
                "runs call runs at most 16 levels deep",
                "изпълненията се извикват едно друго на най-много 16 нива",
            ),
            (
                "RPA0433",
                "the variables of ops/bill: there is no variable x; a: expected number, got text; \
                 b: the value is less than 5; c: the value has more than 9 characters; \
                 d: the value is new; e is missing",
                "променливите на ops/bill: няма променлива x; a: очаква се number, а не text; \
                 b: стойността не се приема: е по-малко от 5; \
                 c: стойността не се приема: има повече от 9 знака; \
                 d: стойността не се приема: is new; e: липсва",
            ),
        ];
        for (code, stored, wanted) in table {
            assert_eq!(bulgarian(code, "", stored), wanted);
        }
    }

    #[test]
    fn errors_of_what_waits_for_others_are_said_in_bulgarian() {
        let table = [
            ("RPA0426", "rejected by ivan (cli)", "отхвърлено от ivan (cli)"),
            (
                "RPA0426",
                "step ask: rejected by ivan (cli): not today: see 4711\nand 4712",
                "стъпка ask: отхвърлено от ivan (cli): not today: see 4711\nand 4712",
            ),
            (
                "RPA0426",
                "rejected: 0 of 1 approvals within 1 h",
                "отхвърлено: одобренията за 1 h са 0 от 1",
            ),
            ("RPA0427", "1 of 2 approvals within 90 s", "одобренията за 90 s са 1 от 2"),
            (
                "RPA0409",
                "approval.approvers: the list is empty: nobody could approve",
                "approval.approvers: списъкът е празен и никой не би могъл да одобри",
            ),
            (
                "RPA0402",
                "no event order.paid that fits within 90 s",
                "за 90 s не дойде подходящо събитие order.paid",
            ),
            (
                "RPA0428",
                "there is no pool of tokens crm: make it with `rpa locks set crm SIZE`",
                "няма пул с жетони crm: създайте го с `rpa locks set crm SIZE`",
            ),
            (
                "RPA0428",
                "3 tokens of crm are claimed, and there are 2 in all",
                "поисканите жетони от crm са 3, а общо има 2",
            ),
            (
                "RPA0429",
                "sap-session was not free within 90 s",
                "ключалката sap-session не се освободи за 90 s",
            ),
            (
                "RPA0430",
                "its lease of crm, sap-session ended after 30 m",
                "срокът ѝ да държи crm, sap-session изтече след 30 m",
            ),
            (
                "RPA0431",
                "it would wait for sap for ever: run 0123456789ab, step each[3]/send has it, \
                 and waits for this step",
                "щеше да чака sap безкрайно: държи я изпълнение 0123456789ab, стъпка \
                 each[3]/send, която чака тази стъпка",
            ),
            ("RPA0409", "lock: the name \"\" is empty", "lock: името „“ е празно"),
            (
                "RPA0409",
                "lock: the name \"x y\" is longer than 64 characters",
                "lock: името „x y“ е по-дълго от 64 знака",
            ),
            (
                "RPA0409",
                "lock: the name \"X\" must match [a-z0-9][a-z0-9_-]{0,63}",
                "lock: името „X“ трябва да отговаря на [a-z0-9][a-z0-9_-]{0,63}",
            ),
            (
                "RPA0432",
                "its limit is reached: 2 of 2 runs go on",
                "едновременните изпълнения вече са 2 при позволени 2",
            ),
            (
                "RPA0432",
                "its limit is reached: 2 of 2 runs go on, and 5 wait, as many as may",
                "едновременните изпълнения вече са 2 при позволени 2, а чакащите са 5 и повече \
                 не може",
            ),
            (
                "RPA0405",
                "concurrency.key: it has 300 bytes; at most 256",
                "concurrency.key: ключът е 300 байта; позволени са най-много 256",
            ),
        ];
        for (code, stored, wanted) in table {
            assert_eq!(bulgarian(code, "", stored), wanted);
        }
    }

    #[test]
    fn a_bound_of_a_variable_is_said_in_bulgarian() {
        assert_eq!(
            bulgarian("RPA0409", "invalid_input", "set.x: the value is none of a, b"),
            "set.x: стойността не се приема: не е сред a, b"
        );
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
