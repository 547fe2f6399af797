//! Whether `steps.ID` is clear everywhere: which ids may be used again.
//!
//! From inside a step everything around it can be named, so an id may be used
//! again only in lists of which neither stands in the other. The lists of one step
//! are together one: the cases of a switch, a body and what undoes it.

use std::collections::{BTreeMap, HashMap};

use super::outline::{Event, Outline, Part};
use super::problem::{ProblemCode, Problems};

/// The ids of a file, by where they may stand but once.
#[derive(Debug)]
pub(crate) struct Ids<'a> {
    by_space: HashMap<Space, BTreeMap<&'a str, usize>>,
    /// The first step of each id, wherever it is.
    anywhere: HashMap<&'a str, usize>,
}

/// Lists in which an id may stand but once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Space {
    Top,
    Handler(&'static str),
    Inside(usize),
}

impl Space {
    fn of(part: Part) -> Space {
        match part {
            Part::Top => Space::Top,
            Part::Handler(event) => Space::Handler(event.word()),
            Part::Body(step) | Part::Compensate(step) => Space::Inside(step),
        }
    }

    /// Those around it that stand in no list: what a handler can name, and what
    /// runs before it.
    fn around(part: Part) -> Vec<Space> {
        match part {
            Part::Top | Part::Body(_) | Part::Compensate(_) => Vec::new(),
            Part::Handler(Event::Finally) => {
                let others = Event::ALL.map(|event| Space::Handler(event.word()));
                [&[Space::Top], &others[..3]].concat()
            }
            Part::Handler(_) => vec![Space::Top],
        }
    }
}

impl<'a> Ids<'a> {
    /// Reports the ids that are used twice.
    pub(crate) fn of(outline: &Outline<'a>, problems: &mut Problems) -> Ids<'a> {
        let mut ids = Ids { by_space: HashMap::new(), anywhere: HashMap::new() };
        for (index, draft) in outline.drafts.iter().enumerate() {
            if draft.id_text.is_empty() {
                continue;
            }
            ids.anywhere.entry(draft.id_text).or_insert(index);
            let space = ids.by_space.entry(Space::of(outline.part_of(index))).or_default();
            let first = *space.entry(draft.id_text).or_insert(index);
            if first != index {
                let hint = "give each step an id of its own";
                twice(outline, index, first, "", hint, problems);
            }
        }
        for index in 0..outline.drafts.len() {
            if let Some(first) = ids.outside(outline, index) {
                let (by, hint) = match outline.part_of(first) {
                    Part::Handler(_) if outline.part_of(index) == Part::Handler(Event::Finally) => {
                        (
                            "",
                            "`finally` comes after the other handlers: give its steps ids of their own",
                        )
                    }
                    _ => (
                        ", by a step outside",
                        "in lists that stand in one another each step has an id of its own",
                    ),
                };
                twice(outline, index, first, by, hint, problems);
            }
        }
        ids
    }

    /// The first step of this id, in any list.
    pub(crate) fn anywhere(&self, id: &str) -> Option<usize> {
        self.anywhere.get(id).copied()
    }

    /// A step of the same id in a list around that of step `index`.
    fn outside(&self, outline: &Outline<'a>, index: usize) -> Option<usize> {
        let id = outline.drafts[index].id_text;
        let mut found = None;
        for rung in outline.outwards(index) {
            let part = outline.lists[rung.list].part;
            if rung.step != index {
                found = found.or_else(|| self.by_space.get(&Space::of(part))?.get(id));
            }
            for space in Space::around(part) {
                found = found.or_else(|| self.by_space.get(&space)?.get(id));
            }
        }
        found.copied()
    }
}

fn twice(
    outline: &Outline<'_>,
    index: usize,
    first: usize,
    by: &str,
    hint: &str,
    problems: &mut Problems,
) {
    let (draft, line) = (&outline.drafts[index], outline.drafts[first].at.line);
    let message = format!("the step id {:?} is used on line {line} already{by}", draft.id_text);
    problems.error(ProblemCode::Duplicate, draft.at, message, hint);
}
