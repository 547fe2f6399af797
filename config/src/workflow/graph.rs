//! What waits for what: edges from `needs`, cycles, and what is upstream.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::shown;
use super::problem::{ProblemCode, Problems};
use super::step::{Draft, Need};
use crate::suggest;

/// The edges of a list of steps, by index.
#[derive(Debug)]
pub(crate) struct Graph<'a> {
    /// What each step waits for.
    pub(crate) parents: Vec<BTreeSet<usize>>,
    by_id: BTreeMap<&'a str, usize>,
    /// For each step, those that have ended before it is asked.
    upstream: Vec<Row>,
    /// Steps whose edges are broken, or whose upstream is: for them "not
    /// upstream" would be a second report of the same mistake.
    unsure: Vec<bool>,
}

impl<'a> Graph<'a> {
    pub(crate) fn build(drafts: &[Draft<'a>], problems: &mut Problems) -> Graph<'a> {
        let by_id = index(drafts, problems);
        let sequential = drafts.iter().all(|draft| draft.needs.is_none());
        let mut unsure = vec![false; drafts.len()];
        let mut parents = vec![BTreeSet::new(); drafts.len()];
        for (step, draft) in drafts.iter().enumerate() {
            if sequential {
                parents[step].extend(step.checked_sub(1));
            }
            for need in draft.needs.iter().flatten() {
                match need.id.and_then(|id| by_id.get(id)) {
                    Some(parent) => _ = parents[step].insert(*parent),
                    None => {
                        unsure[step] = true;
                        unknown_step(need, &by_id, problems);
                    }
                }
            }
        }
        if !sequential {
            warn_of_parallel_starts(drafts, problems);
        }
        let mut graph = Graph { parents, by_id, upstream: Vec::new(), unsure };
        graph.refuse_cycles(drafts, problems);
        graph.close();
        graph
    }

    pub(crate) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.by_id.keys().copied()
    }

    /// Whether `ancestor` has ended before `step` is asked, or that cannot be
    /// told because the edges of `step` are broken.
    pub(crate) fn may_be_upstream(&self, ancestor: usize, step: usize) -> bool {
        self.unsure[step] || self.upstream[step].has(ancestor)
    }

    /// Reports each cycle once, and marks its steps.
    fn refuse_cycles(&mut self, drafts: &[Draft<'_>], problems: &mut Problems) {
        let mut done = vec![false; drafts.len()];
        for start in 0..drafts.len() {
            while let Some(cycle) = self.cycle_from(start, &mut done) {
                let smallest = cycle.iter().enumerate().min_by_key(|(_, step)| **step);
                let first = smallest.map_or(0, |(place, _)| place);
                let path: Vec<usize> = [&cycle[first..], &cycle[..=first]].concat();
                let names: Vec<&str> = path.iter().map(|step| drafts[*step].id_text).collect();
                let need =
                    drafts[path[0]].needs.iter().flatten().find(|need| need.id == Some(names[1]));
                problems.error(
                    ProblemCode::Cycle,
                    need.map_or(drafts[path[0]].at, |need| need.at),
                    format!("these steps wait for each other: {}", names.join(" -> ")),
                    "take one of these `needs` out",
                );
                for step in cycle {
                    self.unsure[step] = true;
                    done[step] = true;
                }
            }
        }
    }

    /// A cycle that can be reached from `start`, through steps that are not
    /// `done`; steps without one become `done`.
    fn cycle_from(&self, start: usize, done: &mut [bool]) -> Option<Vec<usize>> {
        let mut path: Vec<usize> = Vec::new();
        let mut on_path = vec![false; done.len()];
        let mut todo = vec![(start, 0)];
        while let Some((step, depth)) = todo.pop() {
            while path.len() > depth {
                let left = path.pop()?;
                on_path[left] = false;
                done[left] = true;
            }
            if on_path[step] {
                let from = path.iter().position(|s| *s == step)?;
                return Some(path.split_off(from));
            }
            if done[step] {
                continue;
            }
            path.push(step);
            on_path[step] = true;
            todo.extend(self.parents[step].iter().map(|parent| (*parent, depth + 1)));
        }
        path.iter().for_each(|step| done[*step] = true);
        None
    }

    /// Fills in `upstream` from the steps without parents downwards, and hands
    /// `unsure` down. What waits for a cycle is never reached.
    fn close(&mut self) {
        let count = self.parents.len();
        let mut children = vec![Vec::new(); count];
        let mut waiting: Vec<usize> = self.parents.iter().map(BTreeSet::len).collect();
        for (step, parents) in self.parents.iter().enumerate() {
            parents.iter().for_each(|parent| children[*parent].push(step));
        }
        self.upstream = vec![Row::new(count); count];
        let mut reached = vec![false; count];
        let mut ready: Vec<usize> = (0..count).filter(|step| waiting[*step] == 0).collect();
        while let Some(step) = ready.pop() {
            reached[step] = true;
            let mut row = Row::new(count);
            for parent in &self.parents[step] {
                row.add_all(&self.upstream[*parent]);
                row.add(*parent);
                self.unsure[step] |= self.unsure[*parent];
            }
            self.upstream[step] = row;
            for child in &children[step] {
                waiting[*child] -= 1;
                ready.extend((waiting[*child] == 0).then_some(*child));
            }
        }
        self.unsure.iter_mut().zip(reached).for_each(|(unsure, reached)| *unsure |= !reached);
    }
}

/// A set of steps, a bit each: a thousand of them for each of a thousand steps.
#[derive(Clone, Debug)]
struct Row(Vec<u64>);

impl Row {
    fn new(steps: usize) -> Row {
        Row(vec![0; steps.div_ceil(64)])
    }

    fn add(&mut self, step: usize) {
        self.0[step / 64] |= 1 << (step % 64);
    }

    fn add_all(&mut self, other: &Row) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }

    fn has(&self, step: usize) -> bool {
        self.0[step / 64] & (1 << (step % 64)) != 0
    }
}

fn index<'a>(drafts: &[Draft<'a>], problems: &mut Problems) -> BTreeMap<&'a str, usize> {
    let mut by_id = BTreeMap::new();
    for (step, draft) in drafts.iter().enumerate().filter(|(_, d)| !d.id_text.is_empty()) {
        let first = *by_id.entry(draft.id_text).or_insert(step);
        if first != step {
            problems.error(
                ProblemCode::Duplicate,
                draft.at,
                format!(
                    "the step id {:?} is used on line {} already",
                    draft.id_text, drafts[first].at.line
                ),
                "give each step an id of its own",
            );
        }
    }
    by_id
}

fn unknown_step(need: &Need<'_>, by_id: &BTreeMap<&str, usize>, problems: &mut Problems) {
    let Some(id) = need.id.filter(|_| !problems.is_full()) else { return };
    let message = format!("there is no step {:?}", shown(id));
    let hint = match suggest::nearest(id, by_id.keys().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => "`needs` names the ids of other steps in this list".to_owned(),
    };
    problems.error(ProblemCode::StepReference, need.at, message, hint);
}

fn warn_of_parallel_starts(drafts: &[Draft<'_>], problems: &mut Problems) {
    for draft in drafts.iter().skip(1).filter(|draft| draft.needs.is_none()) {
        problems.warning(
            ProblemCode::UnmeantParallel,
            draft.at,
            format!(
                "{:?} has no `needs`, so it starts at once, while other steps wait",
                draft.id_text
            ),
            "add `needs`, or write `needs: []` to say that this is meant",
        );
    }
}
