//! The settings that are one of some words.

use super::super::state::Root;

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal,)+ })+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub enum $name { $($(#[$inner])* $variant),+ }

            impl $name {
                pub const ALL: &'static [$name] = &[$($name::$variant),+];
                /// As the setting names them.
                pub const WORDS: &'static [&'static str] = &[$($word),+];

                pub fn word(self) -> &'static str {
                    match self { $($name::$variant => $word),+ }
                }

                pub fn of(word: &str) -> Option<$name> {
                    $name::ALL.iter().copied().find(|one| one.word() == word)
                }
            }
        )+
    };
}

choices! {
    /// The list that the console begins with, and that Esc leads back to.
    Start {
        #[default]
        Overview = "overview",
        Workflows = "workflows",
        Runs = "runs",
        Triggers = "triggers",
        Upcoming = "upcoming",
    }
    /// Which styles are used.
    Theme {
        /// The 16 colours of the terminal, if it has any.
        #[default]
        Auto = "auto",
        /// No colours.
        Mono = "mono",
        /// Nothing is faint, and every colour is bold.
        HighContrast = "high-contrast",
    }
    /// How often what grows by itself is painted.
    Motion {
        #[default]
        Full = "full",
        Reduced = "reduced",
    }
    Switch {
        #[default]
        Off = "off",
        On = "on",
    }
}

impl Start {
    pub fn root(self) -> Root {
        match self {
            Start::Overview => Root::Home,
            Start::Workflows => Root::Workflows,
            Start::Runs => Root::Runs,
            Start::Triggers => Root::Triggers,
            Start::Upcoming => Root::Upcoming,
        }
    }
}

impl Motion {
    /// Milliseconds between two paintings of what grows.
    pub fn step_ms(self) -> u64 {
        match self {
            Motion::Full => 1_000,
            Motion::Reduced => 10_000,
        }
    }
}
