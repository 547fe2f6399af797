//! Problems of workflow files in each language.

use std::borrow::Cow;

use super::{FaultCode, words};
use crate::Language;
use crate::view::ProblemView;

/// What is wrong, and what to do about it; either in English when this version has
/// no other words for it.
pub fn problem_in(language: Language, problem: &ProblemView) -> (Cow<'_, str>, Cow<'_, str>) {
    let (message, hint) = (problem.message.as_str(), problem.hint.as_str());
    let code = problem.code.parse::<FaultCode>().ok();
    let Some(code) = code.filter(|_| language != Language::English) else {
        return (message.into(), hint.into());
    };
    let said = crate::said!("error-other", title = code.title(language), error = message);
    let said = words::say(language, &said).map_or(message.into(), Cow::Owned);
    (said, hint.into())
}
