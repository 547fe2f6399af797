//! The words of faults in each language: `words/en.ftl`, `words/bg.ftl` and what stands
//! beside them, in the syntax of Fluent (projectfluent.org).
//!
//! A catalogue is read when the first fault needs it, then kept.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use jiff::Timestamp;
use unic_langid::LanguageIdentifier;

use super::{Arg, Said, error_in, reason_in};
use crate::Language;
use crate::view::ErrorView;

type Bundle = FluentBundle<FluentResource>;

/// A message in a language; `None` when this version has no such message.
pub fn say(language: Language, said: &Said) -> Option<String> {
    let value = |arg: &Arg| match arg {
        Arg::Text(text) => FluentValue::from(text.clone()),
        Arg::Count(number) => FluentValue::from(*number),
        Arg::Remarks(remarks) => FluentValue::from(joined(language, remarks, "; ")),
        Arg::Lines(remarks) => FluentValue::from(joined(language, remarks, "\n")),
        Arg::Error(error) => FluentValue::from(coded(language, error)),
        Arg::Reason(reason) => FluentValue::from(reason_in(language, reason).into_owned()),
        Arg::Moment(ms) => FluentValue::from(utc(*ms)),
    };
    let args = said.args.iter().map(|(name, arg)| (name.as_str(), value(arg))).collect();
    format(language, &said.id, &args).map(Cow::into_owned)
}

/// A message without arguments.
pub fn plain(language: Language, id: &str) -> Option<Cow<'static, str>> {
    format(language, id, &FluentArgs::new())
}

/// An error as a piece of a sentence: its class is in its words, or in its code.
fn coded(language: Language, error: &ErrorView) -> String {
    let ErrorView { code, message, .. } = error;
    let (class, code, message) = (String::new(), code.clone(), message.clone());
    let said = error_in(language, &ErrorView { code, class, message });
    format!("{said} [{}]", error.code)
}

/// `2026-11-20T01:10:04Z`
fn utc(ms: u64) -> String {
    let instant = i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    instant.map_or_else(|| ms.to_string(), |instant| format!("{instant:.0}"))
}

fn joined(language: Language, remarks: &[Said], between: &str) -> String {
    let said = remarks.iter().filter_map(|remark| say(language, remark));
    said.collect::<Vec<_>>().join(between)
}

fn format(language: Language, id: &str, args: &FluentArgs<'_>) -> Option<Cow<'static, str>> {
    let bundle = bundle(language);
    let pattern = bundle.get_message(id)?.value()?;
    let mut missing = Vec::new();
    let said = bundle.format_pattern(pattern, Some(args), &mut missing);
    // a message of another version may lack something; half a sentence helps nobody
    missing.is_empty().then(|| Cow::Owned(said.into_owned()))
}

/// Every message with the names of its arguments, so that tests can compare them
/// with their uses.
pub fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(source(language).to_owned());
    let resource = resource.unwrap_or_else(|(whole, _)| whole);
    let messages = resource.entries().filter_map(|entry| match entry {
        Entry::Message(message) => {
            let mut args = BTreeSet::new();
            arguments(message.value.as_ref()?, &mut args);
            Some((message.id.name.to_owned(), args))
        }
        _ => None,
    });
    messages.collect()
}

fn arguments(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    let mut note = |inline: &InlineExpression<&str>| {
        if let InlineExpression::VariableReference { id } = inline {
            found.insert(id.name.to_owned());
        }
    };
    let mut inner = Vec::new();
    for element in &pattern.elements {
        match element {
            PatternElement::Placeable { expression: Expression::Inline(inline) } => note(inline),
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                note(selector);
                inner.extend(variants.iter().map(|variant| &variant.value));
            }
            PatternElement::TextElement { .. } => {}
        }
    }
    for pattern in inner {
        arguments(pattern, found);
    }
}

/// The source of a language's catalogue.
pub fn source(language: Language) -> &'static str {
    match language {
        Language::English => {
            concat!(
                include_str!("words/en.ftl"),
                include_str!("words/problems-en.ftl"),
                include_str!("words/why-en.ftl"),
                include_str!("words/upkeep-en.ftl"),
                include_str!("words/schedule-en.ftl"),
                include_str!("words/http-en.ftl"),
                include_str!("words/files-en.ftl"),
                include_str!("words/sources-en.ftl"),
                include_str!("words/notifications-en.ftl"),
                include_str!("words/service-en.ftl")
            )
        }
        Language::Bulgarian => {
            concat!(
                include_str!("words/bg.ftl"),
                include_str!("words/problems-bg.ftl"),
                include_str!("words/why-bg.ftl"),
                include_str!("words/upkeep-bg.ftl"),
                include_str!("words/schedule-bg.ftl"),
                include_str!("words/http-bg.ftl"),
                include_str!("words/files-bg.ftl"),
                include_str!("words/sources-bg.ftl"),
                include_str!("words/notifications-bg.ftl"),
                include_str!("words/service-bg.ftl")
            )
        }
    }
}

fn bundle(language: Language) -> &'static Bundle {
    static ENGLISH: OnceLock<Bundle> = OnceLock::new();
    static BULGARIAN: OnceLock<Bundle> = OnceLock::new();
    let cell = match language {
        Language::English => &ENGLISH,
        Language::Bulgarian => &BULGARIAN,
    };
    cell.get_or_init(|| {
        let name: LanguageIdentifier = language.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![name]);
        // isolation marks are bidi controls, which never reach the terminal anyway
        bundle.set_use_isolating(false);
        let source = source(language).to_owned();
        // the files are part of the program, and a test parses them
        bundle.add_resource_overriding(FluentResource::try_new(source).unwrap_or_else(|e| e.0));
        bundle
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogues_have_no_errors_and_no_message_twice() {
        for language in Language::ALL {
            let read = FluentResource::try_new(source(language).to_owned());
            let resource = read.unwrap_or_else(|(_, errors)| panic!("{language}: {errors:?}"));
            let mut seen = BTreeSet::new();
            for entry in resource.entries() {
                if let Entry::Message(message) = entry {
                    assert!(seen.insert(message.id.name), "{} in {language}", message.id.name);
                }
            }
            let begun = source(language).lines().filter(|line| line.contains(" = "));
            let begun = begun.filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
            assert_eq!(seen.len(), begun.count(), "a line of {language} is no message");
        }
    }

    #[test]
    fn both_languages_say_the_same_about_the_same() {
        let [english, bulgarian] = Language::ALL.map(messages);
        let ids = |of: &BTreeMap<String, _>| of.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(ids(&english), ids(&bulgarian));
        for (id, args) in &english {
            assert_eq!(args, &bulgarian[id], "the arguments of {id}");
        }
    }

    /// The source of each message.
    fn bodies(language: Language) -> BTreeMap<&'static str, String> {
        let mut bodies = BTreeMap::new();
        let mut id = "";
        for line in source(language).lines() {
            match line.split_once(" = ") {
                Some((name, text)) if line.starts_with(|c: char| c.is_ascii_lowercase()) => {
                    id = name;
                    bodies.insert(id, text.to_owned());
                }
                _ if line.starts_with([' ', '}']) => {
                    *bodies.entry(id).or_default() += line;
                }
                _ => {}
            }
        }
        bodies
    }

    #[test]
    fn nothing_in_bulgarian_was_left_in_english() {
        const ENGLISH: [&str; 12] =
            ["the", "is", "are", "of", "to", "and", "not", "with", "cannot", "there", "or", "it"];
        for (id, said) in bodies(Language::Bulgarian) {
            let prose: String = said.split('`').step_by(2).collect();
            let outside: String = said.split(['{', '}']).step_by(2).collect();
            let cyrillic = prose.chars().any(|c| ('\u{400}'..'\u{500}').contains(&c));
            let arguments_only = !outside.chars().any(char::is_alphabetic);
            assert!(cyrillic || arguments_only, "{id}: {said}");
            let left = prose.split_whitespace().find(|word| ENGLISH.contains(word));
            assert_eq!(left, None, "{id}: {said}");
        }
    }

    #[test]
    fn numbers_agree_with_their_words() {
        let said = |language, n| {
            let said = crate::said!(
                "check-failed",
                problems = super::super::count(n),
                files = super::super::count(1)
            );
            say(language, &said).expect("a message")
        };
        assert_eq!(said(Language::English, 1), "1 problem in 1 file");
        assert_eq!(said(Language::English, 1200), "1200 problems in 1 file");
        assert_eq!(said(Language::Bulgarian, 1), "1 проблем в 1 файл");
        assert_eq!(said(Language::Bulgarian, 2), "2 проблема в 1 файл");
    }

    #[test]
    fn a_message_of_another_version_is_not_half_said() {
        let unknown = crate::said!("no-such-message");
        assert_eq!(say(Language::Bulgarian, &unknown), None);
        let wise = crate::said!("no-run", id = "x", namespace = "ops", more = "unknown here");
        assert!(say(Language::English, &wise).is_some(), "an argument more does no harm");
    }
}
