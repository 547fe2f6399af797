//! What a person prefers: changed at once, and kept.

use rpa_ipc::Language;

use super::{Effect, Overlay, State};
use crate::console::keys::Layout;
use crate::console::settings::Glyphs;
use crate::console::theme::Tone;
use crate::say;
use crate::words::Words;

pub fn speak(state: &mut State, language: Language) -> Vec<Effect> {
    state.settings.language = language;
    state.words = Words::new(language);
    let text = say!(state.words, "language-set", name = language.own_name());
    state.tell(Tone::Good, text, format!("rpa-tui --lang {language}"));
    vec![Effect::Save]
}

pub fn set_layout(state: &mut State, layout: Layout) -> Vec<Effect> {
    state.settings.keyboard = layout;
    let text = say!(state.words, "keyboard-set", name = layout.word());
    state.tell(Tone::Good, text, format!("rpa-tui --keyboard {}", layout.word()));
    vec![Effect::Save]
}

pub fn set_glyphs(state: &mut State, glyphs: Glyphs) -> Vec<Effect> {
    state.settings.glyphs = glyphs;
    match glyphs {
        Glyphs::Unicode => state.look.unicode = true,
        Glyphs::Ascii => state.look.unicode = false,
        // what the terminal can show is found out at the next start
        Glyphs::Auto => {}
    }
    let text = say!(state.words, "glyphs-set", name = glyphs.word());
    state.tell(Tone::Good, text, format!("rpa-tui --glyphs {}", glyphs.word()));
    vec![Effect::Save]
}

pub fn offer_layouts(state: &mut State) {
    state.layout_offered = true;
    let now = Layout::ALL.iter().position(|l| *l == state.settings.keyboard);
    state.overlay = Some(Overlay::Keyboard(now.unwrap_or(0)));
}
