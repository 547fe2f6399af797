//! The task types of this build, by name.

use std::collections::BTreeMap;

use crate::Task;
use crate::data::Transform;
use crate::event::Publish;
use crate::file::{Read, Write};
use crate::http::Request;
use crate::log::Log;
use crate::noop::Noop;
use crate::shell::Shell;

/// Task types by kind.
pub struct Registry {
    tasks: BTreeMap<&'static str, Box<dyn Task>>,
}

impl Registry {
    /// All that are built in.
    pub fn builtin() -> Registry {
        let tasks: [Box<dyn Task>; 8] = [
            Box::new(Transform),
            Box::new(Publish),
            Box::new(Read),
            Box::new(Write),
            Box::new(Request),
            Box::new(Log),
            Box::new(Noop),
            Box::new(Shell),
        ];
        Registry { tasks: tasks.into_iter().map(|task| (task.kind(), task)).collect() }
    }

    pub fn get(&self, kind: &str) -> Option<&dyn Task> {
        self.tasks.get(kind).map(Box::as_ref)
    }

    /// In the order of their kinds.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Task> {
        self.tasks.values().map(Box::as_ref)
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.tasks.keys()).finish()
    }
}
