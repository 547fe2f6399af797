//! The records of one run, in memory: what the daemon has in its store and in files.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use rpa_config::evaluate::{Callee, LoopRecord, Records, StepRecord};
use rpa_config::testfile::Called;
use rpa_engine::run::{Event, EventId, Published, Run};
use rpa_engine::{BlobRef, RunId, StepPath, TaskError, Value, WorkflowRef};

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The workflows that the run may call, as far as their files are known.
    called: Called,
    steps: RefCell<BTreeMap<StepPath, StepRecord>>,
    loops: RefCell<BTreeMap<StepPath, LoopRecord>>,
    events: RefCell<BTreeMap<EventId, Published>>,
    /// Large documents; the name of each is its number.
    documents: RefCell<Vec<Value>>,
}

impl Memory {
    pub(super) fn new(called: Called) -> Memory {
        Memory { called, ..Memory::default() }
    }

    pub(super) fn called(&self) -> &Called {
        &self.called
    }

    /// Keeps what `events` have changed in `run`, as the daemon's store does.
    pub(super) fn save(&self, run: &Run, events: &[Event]) {
        let turned = |event: &Event| event.path()?.as_turn().map(|(of, _)| of);
        let loops: BTreeSet<StepPath> = events.iter().filter_map(turned).collect();
        let changed = events.iter().filter(|e| e.changes_step()).filter_map(Event::path);
        let touched: BTreeSet<&StepPath> = changed.chain(&loops).collect();
        let mut steps = self.steps.borrow_mut();
        for path in touched {
            let Some(state) = run.steps.get(path) else { continue };
            let output =
                events.iter().rev().filter(|e| e.path() == Some(path)).find_map(Event::output);
            let record = StepRecord { state: state.clone(), output: output.cloned() };
            steps.insert(path.clone(), record);
        }
        for event in events {
            if let Event::LoopOpened { path, items, turns, .. } = event {
                let record = LoopRecord { items: items.clone(), turns: *turns };
                self.loops.borrow_mut().insert(path.clone(), record);
            }
        }
    }

    /// Keeps an event that a step is told of.
    pub(super) fn publish(&self, event: Published) {
        self.events.borrow_mut().insert(event.id, event);
    }

    pub(super) fn steps(&self) -> BTreeMap<StepPath, StepRecord> {
        self.steps.borrow().clone()
    }
}

impl Records for Memory {
    fn step(&self, _: RunId, path: &StepPath) -> Result<Option<StepRecord>, TaskError> {
        Ok(self.steps.borrow().get(path).cloned())
    }

    fn ended_loop(&self, _: RunId, path: &StepPath) -> Result<Option<LoopRecord>, TaskError> {
        Ok(self.loops.borrow().get(path).cloned())
    }

    fn callee(&self, _: RunId, workflow: &WorkflowRef) -> Result<Callee, TaskError> {
        Ok(Callee { revision: 1, definition: self.called.get(workflow).cloned() })
    }

    fn event(&self, _: RunId, id: EventId) -> Result<Option<Published>, TaskError> {
        Ok(self.events.borrow().get(&id).cloned())
    }

    fn put(&self, _: RunId, value: &Value) -> io::Result<Value> {
        let mut documents = self.documents.borrow_mut();
        let hash = format!("{:064x}", documents.len()).try_into().map_err(io::Error::other)?;
        documents.push(value.clone());
        // nobody compares it with a file
        Ok(Value::Blob(BlobRef { hash, bytes: 0 }))
    }

    fn get(&self, _: RunId, blob: &BlobRef) -> io::Result<Value> {
        let number = usize::from_str_radix(blob.hash.as_str(), 16).map_err(io::Error::other)?;
        let found = self.documents.borrow().get(number).cloned();
        found.ok_or_else(|| io::Error::other("there is no such document"))
    }
}
