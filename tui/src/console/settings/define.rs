//! The definitions of the settings.

use rpa_ipc::Language;

use jiff::tz::TimeZone;

use super::{Glyphs, Motion, Settings, Start, Switch, Theme};

/// What a setting can be.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// One of these words.
    Words(&'static [&'static str]),
    /// `auto`, or the name of a time zone.
    Zone,
    /// A whole number, the ends included.
    Number { min: u8, max: u8 },
}

/// One setting: a key of the file, and the name of its flag if it has one.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    pub name: &'static str,
    pub kind: Kind,
    /// As it is written in the file; empty where leaving it out is the default.
    pub default: &'static str,
    pub doc: &'static str,
    /// Takes a text that the kind holds; `None` when it means nothing after all.
    pub(super) set: fn(&mut Settings, &str, locale: Language) -> Option<()>,
    /// The value as text; empty when it is left out.
    pub text: fn(&Settings) -> String,
}

/// Every setting, in the order of the manual.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "language",
        kind: Kind::Words(&["auto", "en", "bg"]),
        default: "auto",
        doc: "The language of the console; auto is that of the locale.",
        set: |settings, text, locale| {
            settings.language = if text == "auto" { locale } else { text.parse().ok()? };
            Some(())
        },
        text: |settings| settings.language.code().to_owned(),
    },
    Definition {
        name: "keyboard",
        kind: Kind::Words(&["us", "bg-bds", "bg-phonetic", "bg-bas-phonetic"]),
        default: "us",
        doc: "The keyboard layout, so that keys mean the same while a Cyrillic one is on.",
        set: |settings, text, _| {
            settings.keyboard = text.parse().ok()?;
            Some(())
        },
        text: |settings| settings.keyboard.word().to_owned(),
    },
    Definition {
        name: "glyphs",
        kind: Kind::Words(&["auto", "unicode", "ascii"]),
        default: "auto",
        doc: "Whether glyphs beyond ASCII are used; auto is what the locale and the terminal allow.",
        set: |settings, text, _| {
            settings.glyphs = Glyphs::ALL.into_iter().find(|glyphs| glyphs.word() == text)?;
            Some(())
        },
        text: |settings| settings.glyphs.word().to_owned(),
    },
    Definition {
        name: "max_fps",
        kind: Kind::Number { min: 1, max: 60 },
        default: "",
        doc: "Most frames painted in a second. Without it 30, and 10 over SSH.",
        set: |settings, text, _| {
            settings.max_fps = Some(text.parse().ok()?);
            Some(())
        },
        text: |settings| settings.max_fps.map(|fps| fps.to_string()).unwrap_or_default(),
    },
    Definition {
        name: "start",
        kind: Kind::Words(Start::WORDS),
        default: "overview",
        doc: "The list that the console begins with, and that Esc leads back to.",
        set: |settings, text, _| {
            settings.start = Start::of(text)?;
            Some(())
        },
        text: |settings| settings.start.word().to_owned(),
    },
    Definition {
        name: "theme",
        kind: Kind::Words(Theme::WORDS),
        default: "auto",
        doc: "Colours: those of the terminal, none, or none faint and all bold.",
        set: |settings, text, _| {
            settings.theme = Theme::of(text)?;
            Some(())
        },
        text: |settings| settings.theme.word().to_owned(),
    },
    Definition {
        name: "motion",
        kind: Kind::Words(Motion::WORDS),
        default: "full",
        doc: "Whether what grows by itself is painted each second, or each ten seconds.",
        set: |settings, text, _| {
            settings.motion = Motion::of(text)?;
            Some(())
        },
        text: |settings| settings.motion.word().to_owned(),
    },
    Definition {
        name: "time_zone",
        kind: Kind::Zone,
        default: "auto",
        doc: "The time zone in which moments are shown; auto is that of the machine.",
        set: |settings, text, _| {
            settings.time_zone = (text != "auto").then(|| text.to_owned());
            Some(())
        },
        text: |settings| settings.time_zone.clone().unwrap_or_else(|| "auto".to_owned()),
    },
    Definition {
        name: "mouse",
        kind: Kind::Words(Switch::WORDS),
        default: "off",
        doc: "Whether clicks and the wheel are for the console; Shift leaves them to the terminal.",
        set: |settings, text, _| {
            settings.mouse = Switch::of(text)? == Switch::On;
            Some(())
        },
        text: |settings| if settings.mouse { "on" } else { "off" }.to_owned(),
    },
    Definition {
        name: "read_only",
        kind: Kind::Words(Switch::WORDS),
        default: "off",
        doc: "Whether everything that would change something is refused.",
        set: |settings, text, _| {
            settings.read_only = Switch::of(text)? == Switch::On;
            Some(())
        },
        text: |settings| if settings.read_only { "on" } else { "off" }.to_owned(),
    },
];

impl Kind {
    pub(super) fn holds(self, text: &str) -> bool {
        match self {
            Kind::Words(words) => words.contains(&text),
            Kind::Zone => text == "auto" || TimeZone::get(text).is_ok(),
            Kind::Number { min, max } => {
                text.parse::<u8>().is_ok_and(|number| (min..=max).contains(&number))
            }
        }
    }

    /// What may be written, for messages in any language.
    pub fn range(self) -> String {
        match self {
            Kind::Words(words) => words.join(", "),
            Kind::Zone => "auto, Europe/Sofia, …".to_owned(),
            Kind::Number { min, max } => format!("{min}-{max}"),
        }
    }
}

pub(super) fn find(name: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.name == name)
}

/// The words that a setting can be: for its flag.
pub fn words(name: &str) -> &'static [&'static str] {
    match find(name).map(|definition| definition.kind) {
        Some(Kind::Words(words)) => words,
        Some(Kind::Number { .. } | Kind::Zone) | None => &[],
    }
}

/// The tables of the types and those of the definitions are the same.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::keys::Layout;

    #[test]
    fn every_value_of_a_type_can_be_written() {
        let layouts: Vec<_> = Layout::ALL.iter().map(|layout| layout.word()).collect();
        assert_eq!(words("keyboard"), layouts);
        let glyphs: Vec<_> = Glyphs::ALL.iter().map(|glyphs| glyphs.word()).collect();
        assert_eq!(words("glyphs"), glyphs);
        let languages: Vec<_> = Language::ALL.iter().map(|language| language.code()).collect();
        assert_eq!(words("language")[1..], languages);
    }
}
