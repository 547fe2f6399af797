//! What can stand over a screen: at most one at a time, and it gets the keys.

use rpa_ipc::Fault;

use super::{
    AckDialog, Backfill, Composer, Confirm, EditDialog, EditorDialog, Find, Fire, Form, Help,
    LockDialog, Order, Palette, Prompt, Reader, Repeat, Resolve, Retry, Revise, Tuning, Vote,
    WhyPane,
};

#[derive(Clone, Debug)]
pub enum Overlay {
    Help(Help),
    Palette(Palette),
    /// The arguments of a command.
    Composer(Box<Composer>),
    /// What a command has printed.
    Reader(Box<Reader>),
    Prompt(Prompt),
    Confirm(Confirm),
    Form(Form),
    Resolve(Resolve),
    Why(Box<WhyPane>),
    Vote(Box<Vote>),
    /// With which revision a run is retried.
    Retry(Retry),
    Repeat(Box<Repeat>),
    /// A trigger is kept from firing: why?
    Order(Order),
    Backfill(Box<Backfill>),
    /// A trigger gets a run now, or would.
    Fire(Box<Fire>),
    /// A search over everything.
    Find(Find),
    /// All notifications that are shown count as seen.
    Ack(AckDialog),
    /// A step loses what it holds, or a pool changes.
    Lock(LockDialog),
    /// The settings.
    Tuning(Tuning),
    /// A revision is to be made live, or brought back.
    Revise(Revise),
    /// What comes of a text that was edited.
    Edited(Box<EditDialog>),
    /// Something of the visual editor.
    Editor(Box<EditorDialog>),
    /// Something was refused, or did not get through: read, then closed.
    Refusal(Box<Fault>),
    /// Which Cyrillic keyboard is it? Holds the selected row.
    Keyboard(usize),
}
