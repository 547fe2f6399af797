//! Everything that can go wrong, as one type with a stable code.
//!
//! A fault is made by [`crate::fault!`], which names a message of the catalogue in
//! `words/`. It carries the English sentence, for logs and programs, and which one
//! it is, so that a client can say it in the language of the person.

mod catalogue;
mod code;
mod error;
mod form;
mod problem;
mod reason;
mod remark;
mod said;
mod setting;
mod words;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use catalogue::FaultCode;
pub use code::UnknownCode;
pub use error::error_in;
pub use problem::{problem_fault, problem_in};
pub use reason::reason_in;
pub use remark::remark_in;
pub use said::{Advice, Arg, Said, ToArg, count, lines, quoted, remarks};
pub use setting::{remark as setting_remark, setting_said};
pub use words::{messages, plain, say, source};

use crate::Language;

/// What went wrong, and what a person can do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct Fault {
    pub code: FaultCode,
    /// One sentence in English: what is wrong, with the names of the things involved.
    pub message: String,
    /// An action the person can take, in English.
    pub hint: String,
    /// Further facts, as name and value.
    pub context: Vec<(String, String)>,
    /// Which message `message` is; `None` when it is in nobody's catalogue.
    pub said: Option<Box<Said>>,
    /// Which message `hint` is; `None` when it is the usual one of the code.
    pub advice: Option<Box<Said>>,
}

impl Fault {
    /// A fault that says what another program said. Ours are made by [`crate::fault!`].
    pub fn new(code: FaultCode, message: impl Into<String>) -> Fault {
        let hint = code.hint(Language::English).into_owned();
        let (message, context) = (message.into(), Vec::new());
        Fault { code, message, hint, context, said: None, advice: None }
    }

    pub fn of(code: FaultCode, said: Said) -> Fault {
        let fault = Fault::new(code, in_english(&said));
        Fault { said: Some(Box::new(said)), ..fault }
    }

    /// What to do in this very case: `.hint(said!("hint-other-socket"))`.
    pub fn hint(mut self, advice: impl Into<Advice>) -> Fault {
        (self.hint, self.advice) = match advice.into() {
            Advice::Said(said) => (in_english(&said), Some(Box::new(said))),
            Advice::Text(text) => (text, None),
        };
        self
    }

    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Fault {
        self.context.push((name.to_owned(), value.to_string()));
        self
    }

    /// [`Fault::message`] in a language; in English when this version has no words
    /// for it, as with the message of a newer daemon.
    pub fn message_in(&self, language: Language) -> Cow<'_, str> {
        self.in_language(language, self.said.as_deref(), &self.message)
    }

    /// [`Fault::hint`] in a language.
    pub fn hint_in(&self, language: Language) -> Cow<'_, str> {
        if self.advice.is_none() && self.hint == self.code.hint(Language::English) {
            return self.code.hint(language);
        }
        self.in_language(language, self.advice.as_deref(), &self.hint)
    }

    /// [`Fault::context`] with its names in a language.
    pub fn context_in(&self, language: Language) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
        self.context.iter().map(move |(name, value)| {
            let known = plain(language, &format!("fact-{}", name.replace([' ', '_'], "-")));
            let known = known.filter(|_| language != Language::English);
            (known.unwrap_or(Cow::Borrowed(name)), value.as_str())
        })
    }

    fn in_language<'a>(
        &self,
        language: Language,
        said: Option<&Said>,
        english: &'a str,
    ) -> Cow<'a, str> {
        // the English of the daemon is that of its own version
        let said = said.filter(|_| language != Language::English);
        let said = said.and_then(|said| say(language, said));
        said.map_or(Cow::Borrowed(english), Cow::Owned)
    }
}

fn in_english(said: &Said) -> String {
    say(Language::English, said).unwrap_or_else(|| said.id.clone())
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{decode, encode};
    use crate::{fault, said};

    fn no_run() -> Fault {
        fault!(FaultCode::NoRun, "no-run", id = "ff\u{1b}", namespace = "ops").with("run", "ff")
    }

    #[test]
    fn a_fault_is_english_for_programs_and_translated_for_people() {
        let fault = no_run();
        assert_eq!(fault.to_string(), "RPA0502: there is no run \"ff\u{1b}\" in namespace ops");
        assert_eq!(fault.hint, "see `rpa runs`");
        assert_eq!(fault.message_in(Language::English), fault.message);
        assert_eq!(
            fault.message_in(Language::Bulgarian),
            "няма изпълнение „ff\u{1b}“ в пространство ops"
        );
        assert_eq!(fault.hint_in(Language::Bulgarian), "вижте `rpa runs`");
        let facts: Vec<_> = fault.context_in(Language::Bulgarian).collect();
        assert_eq!(facts, [("изпълнение".into(), "ff")]);
    }

    #[test]
    fn a_special_hint_is_translated_too() {
        let fault = no_run().hint(said!("hint-run-id"));
        assert_eq!(fault.hint, "give the id that `rpa runs` shows, or the end of it");
        assert!(fault.hint_in(Language::Bulgarian).starts_with("дайте id"));
        let foreign = no_run().hint("ask Ivan");
        assert_eq!(foreign.hint_in(Language::Bulgarian), "ask Ivan");
    }

    #[test]
    fn what_another_version_or_program_says_stays_as_it_is() {
        let mut fault = no_run();
        fault.said = Some(Box::new(said_by_a_newer_daemon()));
        fault.advice = fault.said.clone();
        fault.hint = "do something new".into();
        assert_eq!(fault.message_in(Language::Bulgarian), fault.message);
        assert_eq!(fault.hint_in(Language::Bulgarian), "do something new");
        let foreign = Fault::new(FaultCode::Io, "pipe broke");
        assert_eq!(foreign.message_in(Language::Bulgarian), "pipe broke");
    }

    fn said_by_a_newer_daemon() -> Said {
        Said::new("moon-is-full", [("phase", "4".to_owned())])
    }

    #[test]
    fn a_fault_goes_over_the_wire_whole_and_not_too_deep() {
        let why = Said::of_name(&rpa_engine::NameError::Empty);
        let fault = fault!(FaultCode::BadVariable, "value-name", name = "a-b", why = why);
        assert_eq!(decode::<Fault>(&encode(&fault).unwrap()).unwrap(), fault);
        // a message whose one argument is a message, and so on
        let nested = |levels: usize| [&[0, 1, 0, 2, 1].repeat(levels)[..], &[0, 0]].concat();
        assert!(decode::<Said>(&nested(3)).is_ok());
        assert!(decode::<Said>(&nested(100_000)).is_err(), "it ends before the stack does");
    }
}
