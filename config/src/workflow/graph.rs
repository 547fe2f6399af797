//! What waits for what in a list: edges from `needs`, cycles, and what is upstream.

use std::collections::{BTreeMap, BTreeSet};

use rpa_engine::workflow::When;

use super::fallbacks::Fallbacks;
use super::problem::{ProblemCode, Problems};
use super::step::Draft;

/// The edges of a list of steps, by the places in it.
#[derive(Debug)]
pub(crate) struct Graph<'a> {
    /// What each step waits for, and how that must have ended.
    pub(crate) parents: Vec<BTreeMap<usize, When>>,
    /// What has ended before each step is asked: its parents, their fallbacks, and
    /// the step that has failed when it is one.
    before: Vec<BTreeSet<usize>>,
    by_id: BTreeMap<&'a str, usize>,
    /// The closure of `before`.
    upstream: Vec<Row>,
    /// Steps whose edges are broken, or whose upstream is: for them "not
    /// upstream" would be a second report of the same mistake.
    unsure: Vec<bool>,
}

/// The names of `needs` that lead nowhere, by step.
pub(crate) type Unknown<'a> = Vec<super::needs::Need<'a>>;

impl<'a> Graph<'a> {
    /// The graph of a list, and what its steps need that is not in it.
    pub(crate) fn build(steps: &[&Draft<'a>], problems: &mut Problems) -> (Graph<'a>, Unknown<'a>) {
        let by_id = index(steps);
        let fallbacks = Fallbacks::find(steps, &by_id, problems);
        let mut graph = Graph {
            parents: vec![BTreeMap::new(); steps.len()],
            before: Vec::new(),
            by_id,
            upstream: Vec::new(),
            unsure: vec![false; steps.len()],
        };
        let has_turn = |place: &usize| fallbacks.guarded(*place).is_none();
        let mut in_turn = (0..steps.len()).filter(has_turn);
        let is_sequence = in_turn.all(|place| steps[place].needs.is_none());
        let unknown = if is_sequence {
            graph.chain_up(&fallbacks);
            Vec::new()
        } else {
            warn_of_parallel_starts(steps, &fallbacks, problems);
            graph.take_needs(steps, &fallbacks, problems)
        };
        graph.before = graph.order(&fallbacks);
        graph.refuse_cycles(steps, problems);
        graph.close();
        (graph, unknown)
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

    /// One after the other, in the order of the file. A fallback has no turn.
    fn chain_up(&mut self, fallbacks: &Fallbacks) {
        let mut last = None;
        for step in (0..self.parents.len()).filter(|step| fallbacks.guarded(*step).is_none()) {
            self.parents[step].extend(last.map(|last| (last, When::Completed)));
            last = Some(step);
        }
    }

    fn take_needs(
        &mut self,
        steps: &[&Draft<'a>],
        fallbacks: &Fallbacks,
        problems: &mut Problems,
    ) -> Unknown<'a> {
        let mut unknown = Vec::new();
        for (place, step) in steps.iter().enumerate() {
            for need in step.needs.iter().flatten() {
                let Some(parent) = need.id.and_then(|id| self.by_id.get(id)).copied() else {
                    self.unsure[place] = true;
                    unknown.push(*need);
                    continue;
                };
                let id = steps[parent].id_text;
                let first = self.parents[place].get(&parent).copied();
                let (code, message, hint) = if let Some(guarded) = fallbacks.guarded(parent) {
                    let name = steps[guarded].id_text;
                    let message = format!("step `{id}` runs only when step `{name}` has failed");
                    let hint = match guarded == place {
                        true => format!("take {id} out of `needs`: it comes after this step"),
                        false => format!("need {name}: it has ended when its fallback has"),
                    };
                    (ProblemCode::StepReference, message, hint)
                } else if let Some(first) = first.filter(|first| *first != need.when) {
                    let (first, second) = (first.word(), need.when.word());
                    let message = format!("step `{id}` is needed as {first} and as {second}");
                    (ProblemCode::Duplicate, message, "keep one of the two".to_owned())
                } else {
                    self.parents[place].insert(parent, need.when);
                    continue;
                };
                self.unsure[place] = true;
                problems.error(code, need.at, message, hint);
            }
        }
        unknown
    }

    fn order(&self, fallbacks: &Fallbacks) -> Vec<BTreeSet<usize>> {
        let before = |place: usize| {
            let parents = self.parents[place].keys().copied();
            let with_fallbacks = parents.flat_map(|p| std::iter::once(p).chain(fallbacks.chain(p)));
            with_fallbacks.chain(fallbacks.guarded(place)).collect()
        };
        (0..self.parents.len()).map(before).collect()
    }

    /// Reports each cycle once, and marks its steps.
    fn refuse_cycles(&mut self, steps: &[&Draft<'_>], problems: &mut Problems) {
        let mut done = vec![false; steps.len()];
        for start in 0..steps.len() {
            while let Some(cycle) = self.cycle_from(start, &mut done) {
                let smallest = cycle.iter().enumerate().min_by_key(|(_, step)| **step);
                let first = smallest.map_or(0, |(place, _)| place);
                let path: Vec<usize> = [&cycle[first..], &cycle[..=first]].concat();
                let names: Vec<&str> = path.iter().map(|step| steps[*step].id_text).collect();
                let need =
                    steps[path[0]].needs.iter().flatten().find(|need| need.id == Some(names[1]));
                problems.error(
                    ProblemCode::Cycle,
                    need.map_or(steps[path[0]].at, |need| need.at),
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
            todo.extend(self.before[step].iter().map(|parent| (*parent, depth + 1)));
        }
        path.iter().for_each(|step| done[*step] = true);
        None
    }

    /// Fills in `upstream` from the steps without parents downwards, and hands
    /// `unsure` down. What waits for a cycle is never reached.
    fn close(&mut self) {
        let count = self.before.len();
        let mut children = vec![Vec::new(); count];
        let mut waiting: Vec<usize> = self.before.iter().map(BTreeSet::len).collect();
        for (step, parents) in self.before.iter().enumerate() {
            parents.iter().for_each(|parent| children[*parent].push(step));
        }
        self.upstream = vec![Row::new(count); count];
        let mut reached = vec![false; count];
        let mut ready: Vec<usize> = (0..count).filter(|step| waiting[*step] == 0).collect();
        while let Some(step) = ready.pop() {
            reached[step] = true;
            let mut row = Row::new(count);
            for parent in &self.before[step] {
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

/// A set of steps, a bit each: two thousand of them for each of as many steps.
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

/// The first step of each id; others are refused elsewhere.
fn index<'a>(steps: &[&Draft<'a>]) -> BTreeMap<&'a str, usize> {
    let mut by_id = BTreeMap::new();
    for (place, step) in steps.iter().enumerate().filter(|(_, s)| !s.id_text.is_empty()) {
        by_id.entry(step.id_text).or_insert(place);
    }
    by_id
}

fn warn_of_parallel_starts(steps: &[&Draft<'_>], fallbacks: &Fallbacks, problems: &mut Problems) {
    let at_once = |(place, step): &(usize, &&Draft<'_>)| {
        step.needs.is_none() && fallbacks.guarded(*place).is_none()
    };
    for (_, step) in steps.iter().enumerate().skip(1).filter(at_once) {
        problems.warning(
            ProblemCode::UnmeantParallel,
            step.at,
            format!(
                "{:?} has no `needs`, so it starts at once, while other steps wait",
                step.id_text
            ),
            "add `needs`, or write `needs: []` to say that this is meant",
        );
    }
}
