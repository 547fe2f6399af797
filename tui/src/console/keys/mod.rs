//! What the keys do: one table, from which dispatch, hints, help and palette come.

mod action;
mod key;
mod keymap;
pub mod layout;
pub mod own;
mod table;

pub use action::Action;
pub use key::Key;
pub use keymap::Keymap;
pub use layout::Layout;
pub use table::{Binding, Scope, TABLE};
