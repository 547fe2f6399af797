//! How one definition becomes a field, a reader and a paragraph of the manual.

use super::kind::Kind;

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    pub section: &'static str,
    pub name: &'static str,
    pub kind: Kind,
    /// As it is written in the environment.
    pub default: &'static str,
    pub doc: &'static str,
}

/// One section of `rpad.toml`.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    pub name: &'static str,
    pub doc: &'static str,
}

impl Definition {
    /// `SECTION.KEY`
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }

    /// `RPAD_SECTION_KEY`
    pub fn env_name(&self) -> String {
        format!("RPAD_{}_{}", self.section, self.name).to_ascii_uppercase()
    }
}

/// Generates [`super::Settings`], a struct per section, and the tables.
macro_rules! settings {
    ($(
        $section_doc:literal
        $section:ident: $Section:ident {$(
            $doc:literal
            $name:ident: $type:ty = $default:literal, $kind:expr;
        )+}
    )+) => {
        $(
            #[doc = $section_doc]
            #[derive(Clone, Debug, PartialEq, Eq)]
            pub struct $Section {
                $(#[doc = $doc] pub $name: $type,)+
            }
        )+

        /// Every setting, with its value from the highest layer that has one.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Settings {
            $(#[doc = $section_doc] pub $section: $Section,)+
            /// Days by names; only a file has them.
            pub calendars: Calendars,
        }

        /// Every section, in the order of the file.
        pub const SECTIONS: &[Section] = &[
            $(Section { name: stringify!($section), doc: $section_doc },)+
        ];

        /// Every setting, in the order of the file.
        pub const DEFINITIONS: &[Definition] = &[
            $($(Definition {
                section: stringify!($section),
                name: stringify!($name),
                kind: $kind,
                default: $default,
                doc: $doc,
            },)+)+
        ];

        impl Settings {
            fn empty() -> Settings {
                Settings {
                    $($section: $Section { $($name: Default::default(),)+ },)+
                    calendars: Calendars::default(),
                }
            }

            /// Names of the settings whose values are others there, in the order of the file.
            pub fn differences(&self, other: &Settings) -> Vec<&'static str> {
                let mut found = Vec::new();
                $($(if self.$section.$name != other.$section.$name {
                    found.push(concat!(stringify!($section), ".", stringify!($name)));
                })+)+
                if self.calendars != other.calendars {
                    found.push(CALENDARS);
                }
                found
            }

            fn assign(&mut self, definition: &Definition, value: Setting) {
                match (definition.section, definition.name) {
                    $($((stringify!($section), stringify!($name)) => {
                        self.$section.$name = value.into();
                    })+)+
                    _ => unreachable!("a definition that is not in the table"),
                }
            }
        }
    };
}

pub(super) use settings;
