//! What can stand over a screen: at most one at a time, and it gets the keys.

use rpa_ipc::Fault;

use super::{Confirm, Form, Help, Palette, Prompt, Repeat, Resolve, WhyPane};

#[derive(Clone, Debug)]
pub enum Overlay {
    Help(Help),
    Palette(Palette),
    Prompt(Prompt),
    Confirm(Confirm),
    Form(Form),
    Resolve(Resolve),
    Why(Box<WhyPane>),
    Repeat(Box<Repeat>),
    /// Something was refused, or did not get through: read, then closed.
    Refusal(Box<Fault>),
    /// Which Cyrillic keyboard is it? Holds the selected row.
    Keyboard(usize),
}
