//! The kinds of step that can be added.

use crate::catalogue::CATALOGUE;

/// A kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepKind {
    /// `http.request`, `for_each`; also what a step of it is called to be.
    pub word: &'static str,
    pub summary: &'static str,
    pub shape: Shape,
}

/// What a kind is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Carried out by a runner.
    Task,
    /// Done by the daemon itself.
    Plain,
    /// There are steps in it.
    Steps,
}

/// Kinds that are no task types.
const STRUCTURAL: [StepKind; 9] = [
    kind("group", "Steps as one step.", Shape::Steps),
    kind("for_each", "Steps for each item of a list or a map.", Shape::Steps),
    kind("while", "Steps, repeated while a condition is true.", Shape::Steps),
    kind("repeat", "Steps, repeated a number of times.", Shape::Steps),
    kind("switch", "Steps for each of several values.", Shape::Steps),
    kind("set", "Sets variables of the run.", Shape::Plain),
    kind("wait", "Waits: for how long, until when, or for an event.", Shape::Plain),
    kind("workflow", "Runs another workflow.", Shape::Plain),
    kind("approval", "Asks people, and waits for them.", Shape::Plain),
];

const fn kind(word: &'static str, summary: &'static str, shape: Shape) -> StepKind {
    StepKind { word, summary, shape }
}

/// All of them: task types by name, then those of the format.
pub fn kinds() -> impl Iterator<Item = StepKind> {
    let tasks = CATALOGUE.iter().map(|task| kind(task.kind, task.summary, Shape::Task));
    tasks.chain(STRUCTURAL)
}
