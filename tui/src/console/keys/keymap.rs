//! The keys in force: those of the table, or a person's own.

use std::sync::Arc;

use super::{Action, Binding, Key, Scope, TABLE};

/// What each key does where. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Keymap(Arc<[Binding]>);

impl Default for Keymap {
    fn default() -> Keymap {
        Keymap(TABLE.into())
    }
}

impl Keymap {
    pub(super) fn of(bindings: Vec<Binding>) -> Keymap {
        Keymap(bindings.into())
    }

    /// In the order of [`TABLE`].
    pub fn bindings(&self) -> &[Binding] {
        &self.0
    }

    /// What `key` does where the given scopes hold; the first scope that has it wins.
    pub fn lookup(&self, key: Key, scopes: &[Scope]) -> Option<Action> {
        let in_scope = |scope: &Scope| {
            self.0.iter().find(|b| b.scope == *scope && b.keys.contains(&key)).map(|b| b.action)
        };
        scopes.iter().find_map(in_scope)
    }

    /// The binding of an action where the given scopes hold.
    pub fn binding(&self, action: Action, scopes: &[Scope]) -> Option<&Binding> {
        let in_scope =
            |scope: &Scope| self.0.iter().find(|b| b.scope == *scope && b.action == action);
        scopes.iter().find_map(in_scope)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Action::{Down, Quit, Right};
    use super::*;

    #[test]
    fn the_nearest_scope_wins() {
        let keys = Keymap::default();
        let scopes = [Scope::Log, Scope::Moving, Scope::Everywhere];
        assert_eq!(keys.lookup(Key::Char('l'), &scopes), Some(Right));
        assert_eq!(keys.lookup(Key::Char('j'), &scopes), Some(Down));
        assert_eq!(keys.lookup(Key::Char('q'), &scopes), Some(Quit));
        assert_eq!(keys.lookup(Key::Char('Z'), &scopes), None);
    }
}
