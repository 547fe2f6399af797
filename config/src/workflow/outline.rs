//! The lists of steps of a file, and how they stand in one another.
//!
//! Steps and lists are kept flat, in the order of the file, and name each other
//! by index: everything that is checked later is checked over all of them.

use rpa_engine::Ident;

use super::place::Place;
use super::step::Draft;

/// The file's own list: it is the first.
pub(crate) const TOP: usize = 0;

#[derive(Debug, Default)]
pub(crate) struct Outline<'a> {
    pub(crate) drafts: Vec<Draft<'a>>,
    pub(crate) lists: Vec<List>,
}

/// One list of steps.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) part: Part,
    /// Steps around it: 0 for the file's own list.
    pub(crate) depth: usize,
    /// Its steps, in the order of the file.
    pub(crate) steps: Vec<usize>,
}

/// What a list is to the file or to the step that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The file's own `steps`.
    Top,
    Handler(Event),
    /// The steps of a group or loop, or of one case of a switch.
    Body(usize),
    /// What undoes a step.
    Compensate(usize),
}

/// When a handler runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Success,
    Failure,
    Cancel,
    Finally,
}

impl Event {
    pub(crate) const ALL: [Event; 4] =
        [Event::Success, Event::Failure, Event::Cancel, Event::Finally];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Event::Success => "success",
            Event::Failure => "failure",
            Event::Cancel => "cancel",
            Event::Finally => "finally",
        }
    }
}

impl Part {
    /// The step that has the list.
    pub(crate) fn owner(self) -> Option<usize> {
        match self {
            Part::Top | Part::Handler(_) => None,
            Part::Body(step) | Part::Compensate(step) => Some(step),
        }
    }
}

/// A list, and the step of it in which another step stands, or which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rung {
    pub(crate) list: usize,
    pub(crate) step: usize,
}

impl<'a> Outline<'a> {
    /// Adds an empty list.
    pub(crate) fn add_list(&mut self, part: Part) -> usize {
        let depth = part.owner().map_or(0, |step| self.lists[self.drafts[step].list].depth + 1);
        self.lists.push(List { part, depth, steps: Vec::new() });
        self.lists.len() - 1
    }

    /// Adds a step to `list`, so that it has its index before its body is read.
    pub(crate) fn add_step(&mut self, draft: Draft<'a>) -> usize {
        let index = self.drafts.len();
        self.lists[draft.list].steps.push(index);
        self.drafts.push(draft);
        index
    }

    pub(crate) fn part_of(&self, step: usize) -> Part {
        self.lists[self.drafts[step].list].part
    }

    /// The steps of `list`.
    pub(crate) fn steps(&self, list: usize) -> Vec<&Draft<'a>> {
        self.lists[list].steps.iter().map(|step| &self.drafts[*step]).collect()
    }

    /// The way to `step` from the list that stands in no other, which comes first.
    pub(crate) fn chain(&self, step: usize) -> Vec<Rung> {
        let mut chain: Vec<Rung> = self.outwards(step).collect();
        chain.reverse();
        chain
    }

    /// The same from the inside out.
    pub(crate) fn outwards(&self, step: usize) -> impl Iterator<Item = Rung> + '_ {
        let rung = |step: usize| Rung { list: self.drafts[step].list, step };
        let outer = move |inner: &Rung| self.lists[inner.list].part.owner().map(rung);
        std::iter::successors(Some(rung(step)), outer)
    }

    /// The steps whose `vars` a place of `step` sees, the innermost first.
    pub(crate) fn owners(&self, step: Option<usize>, place: Place) -> impl Iterator<Item = usize> {
        let around = step.into_iter().flat_map(|step| self.outwards(step));
        around.skip(usize::from(place == Place::Local)).map(|rung| rung.step)
    }

    /// The step whose `vars` are meant by `name` at a place of `step`; none where a
    /// variable of the run is.
    pub(crate) fn local(&self, name: &Ident, step: Option<usize>, place: Place) -> Option<usize> {
        self.owners(step, place).find(|owner| self.drafts[*owner].vars.contains_key(name))
    }
}
