//! Errors of steps and runs, which are stored as English sentences, in another
//! language.
//!
//! Stored sentences were made by the `error-*` messages of `words/en.ftl`, so these
//! are read backwards: the one that fits a sentence says which it is and what its
//! arguments are. What fits none keeps its English, below the title of its code.

use std::sync::OnceLock;

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};

use super::{Arg, FaultCode, Said, words};
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
        let error = translated(language, code, error)?;
        let said = crate::said!("error-of-step", step = step, error = error);
        return words::say(language, &said);
    }
    if let Some(said) = forms().iter().find_map(|form| form.read(message)) {
        return words::say(language, &said);
    }
    let title = code.parse::<FaultCode>().ok()?.title(language);
    words::say(language, &crate::said!("error-other", title = title, error = message))
}

/// The step that the error of a run names, and the error.
fn of_step(message: &str) -> Option<(&str, &str)> {
    let (step, error) = message.strip_prefix("step ")?.split_once(": ")?;
    step.parse::<rpa_engine::StepPath>().is_ok().then_some((step, error))
}

/// A message of the catalogue, to be read backwards.
struct Form {
    id: String,
    parts: Vec<Part>,
}

enum Part {
    Text(String),
    Arg(String),
}

impl Form {
    /// The arguments with which this form says `sentence`.
    fn read(&self, sentence: &str) -> Option<Said> {
        let mut rest = sentence;
        let mut args = Vec::new();
        let mut parts = self.parts.iter().peekable();
        while let Some(part) = parts.next() {
            match (part, parts.peek()) {
                (Part::Text(text), _) => rest = rest.strip_prefix(text.as_str())?,
                (Part::Arg(name), next) => {
                    let end = match next {
                        Some(Part::Text(text)) => rest.find(text.as_str())?,
                        Some(Part::Arg(_)) | None => rest.len(),
                    };
                    args.push((name.clone(), Arg::Text(rest[..end].to_owned())));
                    rest = &rest[end..];
                }
            }
        }
        rest.is_empty().then(|| Said { id: self.id.clone(), args })
    }

    fn literal(&self) -> usize {
        let length = |part: &Part| match part {
            Part::Text(text) => text.len(),
            Part::Arg(_) => 0,
        };
        self.parts.iter().map(length).sum()
    }
}

/// The forms of stored errors, those that say most themselves first.
fn forms() -> &'static [Form] {
    static FORMS: OnceLock<Vec<Form>> = OnceLock::new();
    FORMS.get_or_init(|| {
        let source = words::source(Language::English).to_owned();
        let resource = FluentResource::try_new(source).unwrap_or_else(|(whole, _)| whole);
        let forms = resource.entries().filter_map(|entry| match entry {
            Entry::Message(message) if is_stored(message.id.name) => {
                let elements = &message.value.as_ref()?.elements;
                let parts = elements.iter().map(part).collect::<Option<_>>()?;
                Some(Form { id: message.id.name.to_owned(), parts })
            }
            _ => None,
        });
        let mut forms: Vec<Form> = forms.collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.literal()));
        forms
    })
}

/// Those two are around errors, never one themselves.
fn is_stored(id: &str) -> bool {
    id.starts_with("error-") && id != "error-of-step" && id != "error-other"
}

fn part(element: &PatternElement<&str>) -> Option<Part> {
    match element {
        PatternElement::TextElement { value } => Some(Part::Text((*value).to_owned())),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::VariableReference { id }),
        } => Some(Part::Arg(id.name.to_owned())),
        PatternElement::Placeable { .. } => None,
    }
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
                "на GET http://a/b беше отговорено с 503 Service Unavailable",
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
