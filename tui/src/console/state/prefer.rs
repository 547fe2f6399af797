//! What a person prefers: changed at once, and kept.

use rpa_ipc::Language;

use super::{Effect, Overlay, State};
use crate::console::keys::Layout;
use crate::console::settings::{DEFINITIONS, Definition, Glyphs, Theme};
use crate::console::theme::{Look, Tone};
use crate::say;
use crate::words::Words;

pub fn speak(state: &mut State, language: Language) -> Vec<Effect> {
    state.settings.language = language;
    state.settings.changed_here("language");
    state.words = Words::new(language);
    let text = say!(state.words, "language-set", name = language.own_name());
    state.tell(Tone::Good, text, format!("rpa-tui --lang {language}"));
    vec![Effect::Save]
}

pub fn set_layout(state: &mut State, layout: Layout) -> Vec<Effect> {
    state.settings.keyboard = layout;
    state.settings.changed_here("keyboard");
    let text = say!(state.words, "keyboard-set", name = layout.word());
    state.tell(Tone::Good, text, format!("rpa-tui --keyboard {}", layout.word()));
    vec![Effect::Save]
}

pub fn set_glyphs(state: &mut State, glyphs: Glyphs) -> Vec<Effect> {
    state.settings.glyphs = glyphs;
    state.settings.changed_here("glyphs");
    state.look = state.look_now();
    let text = say!(state.words, "glyphs-set", name = glyphs.word());
    state.tell(Tone::Good, text, format!("rpa-tui --glyphs {}", glyphs.word()));
    vec![Effect::Save]
}

impl State {
    /// What the terminal can show, as far as the settings let it.
    fn look_now(&self) -> Look {
        Look {
            unicode: match self.settings.glyphs {
                Glyphs::Unicode => true,
                Glyphs::Ascii => false,
                Glyphs::Auto => self.able.unicode,
            },
            colour: self.able.colour && self.settings.theme != Theme::Mono,
            contrast: self.settings.theme == Theme::HighContrast,
        }
    }
}

/// A setting by its definition: whether it is a value that it can have, and then all that
/// follows from it.
pub fn choose(state: &mut State, definition: &'static Definition, text: &str) -> Vec<Effect> {
    let label = |state: &State| state.words.say(&format!("set-{}", definition.name), &[]);
    if !state.settings.choose(definition, text) {
        let (name, range) = (label(state), definition.kind.range());
        let text = say!(state.words, "setting-refused", name = name, range = range);
        state.tell(Tone::Bad, text, String::new());
        return Vec::new();
    }
    if state.words.language() != state.settings.language {
        state.words = Words::new(state.settings.language);
    }
    state.look = state.look_now();
    state.zone = state.settings.zone();
    let value = (definition.text)(&state.settings);
    let value = if value.is_empty() { "-".to_owned() } else { value };
    let shown = match definition.name {
        "language" => state.settings.language.own_name(),
        _ => value.as_str(),
    };
    let text = say!(state.words, "setting-set", name = label(state), value = shown);
    let flag = match definition.name {
        "language" => format!("rpa-tui --lang {value}"),
        "read_only" if state.settings.read_only => "rpa-tui --read-only".to_owned(),
        name @ ("keyboard" | "glyphs" | "start" | "theme") => format!("rpa-tui --{name} {value}"),
        _ => String::new(),
    };
    state.tell(Tone::Good, text, flag);
    if definition.name != "mouse" {
        return vec![Effect::Save];
    }
    let text = match state.settings.mouse {
        true => say!(state.words, "mouse-on"),
        false => say!(state.words, "mouse-off"),
    };
    state.tell(Tone::Good, text, String::new());
    vec![Effect::Mouse(state.settings.mouse), Effect::Save]
}

/// On or off, and what follows for who selects text with it.
pub fn switch_mouse(state: &mut State) -> Vec<Effect> {
    let value = if state.settings.mouse { "off" } else { "on" };
    let Some(definition) = DEFINITIONS.iter().find(|d| d.name == "mouse") else {
        return Vec::new();
    };
    choose(state, definition, value)
}

pub fn offer_layouts(state: &mut State) {
    state.layout_offered = true;
    let now = Layout::ALL.iter().position(|l| *l == state.settings.keyboard);
    state.overlay = Some(Overlay::Keyboard(now.unwrap_or(0)));
}
