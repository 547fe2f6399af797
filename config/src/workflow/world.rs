//! Everything of a file that is known when all its steps are: what references are
//! checked against.

use std::collections::BTreeMap;

use rpa_engine::{Ident, Reads};

use super::fields::shown;
use super::graph::Graph;
use super::ids::Ids;
use super::needs::Need;
use super::outline::{Event, Outline, Part, Rung};
use super::place::Place;
use super::problem::{ProblemCode, Problems};
use super::reader::Write;
use super::step::Draft;
use super::taint::Taint;
use super::variables::Variables;
use crate::suggest;

#[derive(Debug)]
pub(crate) struct World<'w, 'a> {
    pub(crate) outline: &'w Outline<'a>,
    pub(crate) variables: &'w Variables,
    pub(crate) ids: Ids<'a>,
    /// One for each list.
    pub(crate) graphs: Vec<Graph<'a>>,
    pub(crate) taint: Taint,
    /// The steps that `set` each variable.
    pub(crate) writers: BTreeMap<Ident, Vec<usize>>,
    /// The way to each step from outside.
    chains: Vec<Vec<Rung>>,
}

impl<'w, 'a> World<'w, 'a> {
    /// Reports what is wrong with ids and edges.
    pub(crate) fn new(
        outline: &'w Outline<'a>,
        variables: &'w Variables,
        writes: &[Write<'_>],
        problems: &mut Problems,
    ) -> World<'w, 'a> {
        let ids = Ids::of(outline, problems);
        let mut graphs = Vec::new();
        for list in 0..outline.lists.len() {
            let (graph, unknown) = Graph::build(&outline.steps(list), problems);
            unknown.iter().for_each(|need| unknown_step(need, &graph, &ids, problems));
            graphs.push(graph);
        }
        let mut writers = BTreeMap::<Ident, Vec<usize>>::new();
        for write in writes {
            writers.entry(write.variable.clone()).or_default().push(write.step);
        }
        let chains = (0..outline.drafts.len()).map(|step| outline.chain(step)).collect();
        let taint = Taint::of(variables, writes, outline);
        World { outline, variables, ids, graphs, taint, writers, chains }
    }

    pub(crate) fn draft(&self, step: usize) -> &'w Draft<'a> {
        &self.outline.drafts[step]
    }

    pub(crate) fn id(&self, step: usize) -> &'a str {
        self.outline.drafts[step].id_text
    }

    pub(crate) fn part(&self, list: usize) -> Part {
        self.outline.lists[list].part
    }

    /// The way to `step` from outside.
    pub(crate) fn chain(&self, step: usize) -> &[Rung] {
        &self.chains[step]
    }

    /// Whether something with these references may come out secret at a place of `step`.
    pub(crate) fn may_be_secret(&self, reads: &Reads, step: usize, place: Place) -> bool {
        let holds = |name| {
            let owner = self.outline.local(name, Some(step), place);
            self.taint.holds_secret(owner, name)
        };
        !reads.secrets.is_empty() || reads.vars.iter().any(holds)
    }

    /// Whether `first`, a step of the same list, has ended before `step` is asked,
    /// or that cannot be told.
    pub(crate) fn may_be_upstream(&self, first: usize, step: usize) -> bool {
        let (first, step) = (self.draft(first), self.draft(step));
        self.graphs[step.list].may_be_upstream(first.place, step.place)
    }

    /// The same of steps in any lists.
    pub(crate) fn may_precede(&self, first: usize, step: usize) -> bool {
        let (one, other) = (self.chain(first), self.chain(step));
        match parting(one, other) {
            Parting::Lists(a, b) => self.list_precedes(a, b),
            Parting::Steps(a, b) => self.may_be_upstream(a, b),
            // the one is around the other: it has ended before only what undoes it
            Parting::Inside(inner) => {
                one.len() < other.len() && matches!(self.part(inner), Part::Compensate(_))
            }
            Parting::Same => false,
        }
    }

    /// Whether two steps cannot run at the same time, whichever comes first.
    pub(crate) fn are_apart(&self, one: usize, other: usize) -> bool {
        if self.may_precede(one, other) || self.may_precede(other, one) {
            return true;
        }
        match parting(self.chain(one), self.chain(other)) {
            // one case of a switch, one handler
            Parting::Lists(..) | Parting::Same => true,
            // what undoes steps is run one after the other when all has ended
            Parting::Steps(..) | Parting::Inside(_) => {
                let shared = self.shared(one, other);
                self.undoes(one, shared) || self.undoes(other, shared)
            }
        }
    }

    /// The steps of one list in which two stand, or which they are.
    pub(crate) fn parting_steps(&self, one: usize, other: usize) -> (usize, usize) {
        match parting(self.chain(one), self.chain(other)) {
            Parting::Steps(one, other) => (one, other),
            Parting::Same | Parting::Lists(..) | Parting::Inside(_) => (one, other),
        }
    }

    /// How many lists are around both steps.
    fn shared(&self, one: usize, other: usize) -> usize {
        let rungs = self.chain(one).iter().zip(self.chain(other));
        rungs.take_while(|(a, b)| a.list == b.list).count()
    }

    /// Whether the step stands in a list that undoes, past the `shared` ones.
    fn undoes(&self, step: usize, shared: usize) -> bool {
        let own = self.chain(step).get(shared..).unwrap_or_default();
        own.iter().any(|rung| matches!(self.part(rung.list), Part::Compensate(_)))
    }

    fn list_precedes(&self, first: usize, second: usize) -> bool {
        match (self.part(first), self.part(second)) {
            (Part::Top, Part::Handler(_)) | (Part::Body(_), Part::Compensate(_)) => true,
            (Part::Handler(event), Part::Handler(Event::Finally)) => event != Event::Finally,
            _ => false,
        }
    }
}

/// Where the ways to two steps part.
enum Parting {
    Same,
    /// In different lists of one step, or in different ones of the file.
    Lists(usize, usize),
    /// At different steps of one list.
    Steps(usize, usize),
    /// One is around the other, which stands in this list of it.
    Inside(usize),
}

fn parting(one: &[Rung], other: &[Rung]) -> Parting {
    for (a, b) in one.iter().zip(other) {
        if a.list != b.list {
            return Parting::Lists(a.list, b.list);
        }
        if a.step != b.step {
            return Parting::Steps(a.step, b.step);
        }
    }
    let longer = if one.len() > other.len() { one } else { other };
    match longer.get(one.len().min(other.len())) {
        Some(rung) => Parting::Inside(rung.list),
        None => Parting::Same,
    }
}

fn unknown_step(need: &Need<'_>, graph: &Graph<'_>, ids: &Ids<'_>, problems: &mut Problems) {
    let Some(id) = need.id.filter(|_| !problems.is_full()) else { return };
    let (message, otherwise) = match ids.anywhere(id) {
        Some(_) => (
            format!("step {:?} is not in this list", shown(id)),
            "`needs` names steps of its own list: need the step that it stands in, or the step \
             around this one",
        ),
        None => (
            format!("there is no step {:?}", shown(id)),
            "`needs` names the ids of other steps in this list",
        ),
    };
    let hint = match suggest::nearest(id, graph.ids()) {
        Some(near) => format!("did you mean {near}?"),
        None => otherwise.to_owned(),
    };
    problems.error(ProblemCode::StepReference, need.at, message, hint);
}
