//! The console's words: every text that a person reads there, in each language.
//!
//! `en.ftl` and `bg.ftl` are Fluent files (projectfluent.org), `commands-*.ftl` what the
//! palette says of the commands of `rpa`, and `args-*.ftl` what their arguments are: in
//! English what the help of the command says. They hold the same messages with the same
//! arguments: a test sees to it, and that every message is used and every used one is there.
//! Faults have words of their own, in `rpa-ipc`.

use std::fmt;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use rpa_ipc::Language;
use unic_langid::LanguageIdentifier;

const ENGLISH: &str = concat!(
    include_str!("en.ftl"),
    "\n",
    include_str!("commands-en.ftl"),
    "\n",
    include_str!("args-en.ftl")
);
const BULGARIAN: &str = concat!(
    include_str!("bg.ftl"),
    "\n",
    include_str!("commands-bg.ftl"),
    "\n",
    include_str!("args-bg.ftl")
);

/// The catalogue in one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

/// One argument of a message: its name in the catalogue, and what it is.
pub type Arg<'a> = (&'static str, FluentValue<'a>);

impl Words {
    pub fn new(language: Language) -> Words {
        let source = match language {
            Language::English => ENGLISH,
            Language::Bulgarian => BULGARIAN,
        };
        let name: LanguageIdentifier = language.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![name]);
        // isolation marks are bidi controls, which never reach the terminal anyway
        bundle.set_use_isolating(false);
        // the files are part of the program, and a test parses them
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(part, _)| part);
        bundle.add_resource_overriding(resource);
        Words { language, bundle }
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// The message `id` with its arguments; the id itself when there is none.
    pub fn say(&self, id: &str, args: &[Arg<'_>]) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|m| m.value()) else {
            return id.to_owned();
        };
        let args: FluentArgs<'_> = args.iter().cloned().collect();
        // what an argument lacks shows in the text; a test keeps that from happening
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned()
    }

    /// The message `id`, if there is one.
    pub fn find(&self, id: &str) -> Option<String> {
        self.bundle.has_message(id).then(|| self.say(id, &[]))
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words").field("language", &self.language).finish_non_exhaustive()
    }
}

/// `say!(words, "runs-marked", count = 3)`: a message with its arguments.
#[macro_export]
macro_rules! say {
    ($words:expr, $id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $words.say($id, &[$((stringify!($name), ::fluent_bundle::FluentValue::from($value))),*])
    };
}
