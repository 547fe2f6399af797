//! What the keys do: one table, from which dispatch, hints, help and palette come.

mod action;
mod key;
pub mod layout;
mod table;

pub use action::Action;
pub use key::Key;
pub use layout::Layout;
pub use table::{Binding, Scope, TABLE, binding, lookup};
