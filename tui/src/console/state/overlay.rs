//! What can stand over a screen: at most one at a time, and it gets the keys.

use super::{Confirm, Form, Help, Palette, Prompt, Resolve};

#[derive(Clone, Debug)]
pub enum Overlay {
    Help(Help),
    Palette(Palette),
    Prompt(Prompt),
    Confirm(Confirm),
    Form(Form),
    Resolve(Resolve),
    /// Which Cyrillic keyboard is it? Holds the selected row.
    Keyboard(usize),
}
