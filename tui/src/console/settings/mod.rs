//! What a person has set for the console: default < file < environment < flag.
//!
//! Each setting is defined once, in [`DEFINITIONS`]: the reader, the flags, the
//! messages and the manual's test come from that. The file is `tui.toml`; of it
//! only keys that were changed in the console are ever written.

mod choice;
mod define;
mod file;
mod save;
mod saver;
#[cfg(test)]
mod tests;
mod views;

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use rpa_config::paths::UserDirs;
use rpa_ipc::language::LANGUAGE_ENV;
use rpa_ipc::{Fault, Language};

use super::keys::Layout;
use super::theme::Look;
use crate::text::is_utf8;

pub use choice::{Motion, Start, Switch, Theme};
pub use define::{DEFINITIONS, Definition, Kind, words};
pub(super) use file::{place, source};
pub use save::Changes;
pub use saver::Saver;
pub use views::{TABLE as VIEWS, is_view_name};

/// Names the file.
pub const CONFIG_ENV: &str = "RPA_TUI_CONFIG";
/// Where the file is below the user's directory of settings.
const FILE: &str = "rpa/tui.toml";

/// Which glyphs are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// As the locale and the terminal allow.
    #[default]
    Auto,
    Unicode,
    Ascii,
}

impl Glyphs {
    pub const ALL: [Glyphs; 3] = [Glyphs::Auto, Glyphs::Unicode, Glyphs::Ascii];

    /// As the setting names it.
    pub fn word(self) -> &'static str {
        match self {
            Glyphs::Auto => "auto",
            Glyphs::Unicode => "unicode",
            Glyphs::Ascii => "ascii",
        }
    }
}

/// Which layer a value comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    #[default]
    Default,
    /// The file, at this line.
    File(usize),
    /// This variable of the environment.
    Environment(&'static str),
    Flag,
    /// It was changed here, and written to the file.
    Here,
}

/// Every setting, with its value from the highest layer that has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub language: Language,
    pub keyboard: Layout,
    pub glyphs: Glyphs,
    /// Most frames in a second; `None`: as the way to the terminal allows.
    pub max_fps: Option<u8>,
    pub start: Start,
    pub theme: Theme,
    pub motion: Motion,
    /// The name of a zone that there is; `None`: that of the machine.
    pub time_zone: Option<String>,
    pub mouse: bool,
    pub read_only: bool,
    /// Saved views: a name, and a list with its filter.
    pub views: Vec<(String, String)>,
    /// By setting, where that is not the default.
    pub(super) origins: Vec<(&'static str, Origin)>,
    /// Where they are kept; `None` without a home directory.
    pub(super) file: Option<PathBuf>,
    /// The values that need not be written, in the order of [`DEFINITIONS`]: what
    /// the layers gave, and what was written since.
    pub(super) settled: Vec<String>,
    /// The views that need not be written.
    pub(super) settled_views: Vec<(String, String)>,
}

/// A variable of the environment; empty ones count as absent.
pub type Variable<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Settings {
    /// Reads all layers. `flags` are settings by name. An invalid file is a fault:
    /// what it says must not be ignored, and never be written over.
    pub fn load(
        named: Option<&Path>,
        flags: &[(&'static str, Option<String>)],
        variable: Variable<'_>,
        user: &UserDirs,
    ) -> Result<Settings, Fault> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let named = named.map(Path::to_owned).or_else(|| set(CONFIG_ENV).map(PathBuf::from));
        let own = || user.config.as_ref().map(|dir| dir.join(FILE));
        let must_exist = named.is_some();
        let path = named.or_else(own);
        let mut settings = Settings { file: path, ..Settings::default() };
        // a locale of another charset cannot show what was not asked for by name
        let locale = if is_utf8(set) { Language::of_locale(set) } else { Language::English };
        settings.assign("language", "auto", locale);
        if let Some(path) = settings.file.clone().filter(|path| must_exist || path.exists()) {
            let (values, views) = file::read(&path)?;
            settings.views = views;
            for (name, text, line) in values {
                settings.assign(name, &text, locale);
                settings.comes_from(name, Origin::File(line));
            }
        }
        if let Some(word) = set(LANGUAGE_ENV) {
            // an unknown word there counts as `auto`, as for `rpa`
            let known = settings.assign("language", &word.to_ascii_lowercase(), locale);
            settings.comes_from("language", Origin::Environment(LANGUAGE_ENV));
            if !known {
                settings.assign("language", "auto", locale);
            }
        }
        for (name, text) in flags {
            let Some(text) = text else { continue };
            // the parser of the command line takes no others
            settings.assign(name, text, locale);
            settings.comes_from(name, Origin::Flag);
        }
        settings.settled = settings.texts();
        settings.settled_views = settings.views.clone();
        Ok(settings)
    }

    /// Whether the value is one that the setting can have; it then has it.
    fn assign(&mut self, name: &str, text: &str, locale: Language) -> bool {
        let Some(definition) = define::find(name) else { return false };
        definition.kind.holds(text) && (definition.set)(self, text, locale).is_some()
    }

    fn comes_from(&mut self, name: &'static str, origin: Origin) {
        self.origins.retain(|(known, _)| *known != name);
        self.origins.push((name, origin));
    }

    /// Where the value comes from.
    pub fn origin(&self, name: &str) -> Origin {
        let found = self.origins.iter().find(|(known, _)| *known == name);
        found.map_or(Origin::Default, |(_, origin)| *origin)
    }

    /// The value was changed here, whichever way.
    pub fn changed_here(&mut self, name: &'static str) {
        self.comes_from(name, Origin::Here);
    }

    /// Takes what a person has chosen; whether it is a value that the setting can have.
    /// `auto` for the language is not a choice here: the locale was read at the start.
    pub fn choose(&mut self, definition: &'static Definition, text: &str) -> bool {
        let language = self.language;
        let taken = match text {
            "" if definition.default.is_empty() => {
                self.max_fps = None;
                true
            }
            text => self.assign(definition.name, text, language),
        };
        if taken {
            self.changed_here(definition.name);
        }
        taken
    }

    /// The file, whether it is there or not; `None` without a home directory.
    pub fn path(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The file, as text for people; empty without a home directory.
    pub fn place(&self) -> String {
        self.file.as_ref().map_or_else(String::new, |file| file.display().to_string())
    }

    /// The time zone of whoever reads.
    pub fn zone(&self) -> TimeZone {
        let named = self.time_zone.as_ref().and_then(|name| TimeZone::get(name).ok());
        named.unwrap_or_else(TimeZone::system)
    }

    fn texts(&self) -> Vec<String> {
        DEFINITIONS.iter().map(|definition| (definition.text)(self)).collect()
    }
}

/// What the terminal can show, as far as the environment tells.
pub fn look(glyphs: Glyphs, theme: Theme, variable: Variable<'_>) -> Look {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let terminal = set("TERM").unwrap_or_default();
    let unicode = match glyphs {
        // the Linux console has a font of 512 glyphs
        Glyphs::Auto => is_utf8(set) && terminal != "linux",
        Glyphs::Unicode => true,
        Glyphs::Ascii => false,
    };
    let colour = set("NO_COLOR").is_none() && terminal != "dumb";
    Look { unicode, colour: colour && theme != Theme::Mono, contrast: theme == Theme::HighContrast }
}
