//! What waits for what in a list, as it holds and as it is to be.

use rpa_engine::workflow::When;

use super::sheet::{Needed, Sheet};

/// The needs of a list. Steps are named by their places in it.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    /// Whether any step of it says what it needs: else they run one after the other.
    pub(super) explicit: bool,
    pub(super) nodes: Vec<Node>,
}

/// A step of a list.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) id: String,
    /// The step of the sheet; none of a new one.
    pub(super) step: Option<usize>,
    /// What is written; none without the key.
    pub(super) written: Option<Vec<Needed>>,
    /// What holds, or is to hold. None of a fallback.
    pub(super) needs: Vec<Needed>,
    /// The id of the step for which it stands in.
    pub(super) stands_for: Option<String>,
}

/// What becomes of the key `needs` of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Write {
    Keep,
    TakeOut,
    Put(Vec<Needed>),
}

impl Graph {
    pub(super) fn of(sheet: &Sheet, list: usize) -> Graph {
        let steps: Vec<_> = sheet.lists[list].steps.iter().map(|at| &sheet.steps[*at]).collect();
        let guard = |place: usize| {
            let step = steps[place];
            let is_free = step.needs.as_ref().is_none_or(Vec::is_empty) && !step.id.is_empty();
            let mut others = steps.iter().enumerate().filter(|(at, _)| *at != place);
            let first = others.find(|(_, s)| s.fallback.as_deref() == Some(step.id.as_str()));
            first.filter(|_| is_free).map(|(_, s)| s.id.clone())
        };
        let has_fallbacks = steps.iter().any(|step| step.fallback.is_some());
        let node = |(place, step): (usize, &&super::sheet::Step)| Node {
            id: step.id.clone(),
            step: Some(sheet.lists[list].steps[place]),
            written: step.needs.clone(),
            needs: step.needs.clone().unwrap_or_default(),
            stands_for: if has_fallbacks { guard(place) } else { None },
        };
        let mut graph =
            Graph { explicit: false, nodes: steps.iter().enumerate().map(node).collect() };
        let explicit = graph.turns().any(|node| node.written.is_some());
        graph.explicit = explicit;
        if !explicit {
            let chain = graph.chain();
            for (node, needs) in graph.nodes.iter_mut().zip(chain) {
                node.needs = needs;
            }
        }
        graph
    }

    /// Those that have a turn of their own: all but fallbacks.
    fn turns(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.stands_for.is_none())
    }

    /// What each would need if they ran one after the other.
    fn chain(&self) -> Vec<Vec<Needed>> {
        let mut last: Option<&str> = None;
        let mut chain = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let before = match node.stands_for {
                Some(_) => None,
                None => last.replace(&node.id),
            };
            chain.push(before.map(Needed::completed).into_iter().collect());
        }
        chain
    }

    fn is_chain(&self) -> bool {
        self.nodes.iter().zip(self.chain()).all(|(node, chain)| same(&node.needs, &chain))
    }

    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.id == id)
    }

    /// The step for which the one at `place` stands in at last, or itself.
    pub(super) fn stood_for(&self, place: usize) -> usize {
        let mut at = place;
        for _ in 0..self.nodes.len() {
            let next = self.nodes[at].stands_for.as_deref().and_then(|id| self.place(id));
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    /// Puts `node` at `place` behind the step at `behind`: what needed that one to complete
    /// needs the new one.
    pub(super) fn insert_after(&mut self, place: usize, behind: usize, mut node: Node) {
        let before = self.nodes[behind].id.clone();
        for other in &mut self.nodes {
            for need in &mut other.needs {
                if need.id == before && need.when == When::Completed {
                    need.id.clone_from(&node.id);
                }
            }
        }
        node.needs = vec![Needed::completed(&before)];
        self.nodes.insert(place, node);
    }

    /// Puts `node` before the step at `place`, whose needs it takes over.
    pub(super) fn insert_before(&mut self, place: usize, mut node: Node) {
        let next = &mut self.nodes[place];
        node.needs = std::mem::replace(&mut next.needs, vec![Needed::completed(&node.id)]);
        self.nodes.insert(place, node);
    }

    /// Puts `node` behind the step at `beside`, as a branch of its own.
    pub(super) fn insert_beside(&mut self, beside: usize, mut node: Node) {
        node.needs = self.nodes[beside].needs.clone();
        self.nodes.insert(beside + 1, node);
    }

    /// Puts `node` before all others.
    pub(super) fn insert_first(&mut self, mut node: Node) {
        for other in self.nodes.iter_mut().filter(|node| node.stands_for.is_none()) {
            if other.needs.is_empty() {
                other.needs.push(Needed::completed(&node.id));
            }
        }
        node.needs = Vec::new();
        self.nodes.insert(0, node);
    }

    /// Puts `node` behind all that nothing comes after. What runs only when something went
    /// another way need not have run.
    pub(super) fn insert_last(&mut self, mut node: Node) {
        let is_needed = |id: &str| self.turns().any(|n| n.needs.iter().any(|need| need.id == id));
        let is_end = |node: &&Node| !node.id.is_empty() && !is_needed(&node.id);
        let ends = || self.turns().filter(is_end);
        let is_usual = |node: &&Node| node.needs.iter().all(|need| need.when == When::Completed);
        let mut needs: Vec<Needed> =
            ends().filter(is_usual).map(|node| Needed::completed(&node.id)).collect();
        if needs.is_empty() {
            let always = |node: &Node| Needed { id: node.id.clone(), when: When::Always };
            needs = ends().map(always).collect();
        }
        node.needs = needs;
        self.nodes.push(node);
    }

    /// Takes out the step at `place`: what needed it needs what it needed. Gives it, or the
    /// places of those that run only when it ends another way, which nothing else can be.
    pub(super) fn remove(&mut self, place: usize) -> Result<Node, Vec<usize>> {
        let id = self.nodes[place].id.clone();
        let hangs = |node: &Node| {
            let need = node.needs.iter().find(|need| need.id == id);
            need.is_some_and(|need| matches!(need.when, When::Failed | When::Skipped))
        };
        let hanging: Vec<usize> =
            (0..self.nodes.len()).filter(|at| *at != place && hangs(&self.nodes[*at])).collect();
        if !hanging.is_empty() {
            return Err(hanging);
        }
        let node = self.nodes.remove(place);
        for other in &mut self.nodes {
            let Some(at) = other.needs.iter().position(|need| need.id == id) else { continue };
            let when = other.needs.remove(at).when;
            let known = |need: &&Needed| !other.needs.iter().any(|own| own.id == need.id);
            let mut heirs: Vec<Needed> = node.needs.iter().filter(known).cloned().collect();
            if when == When::Always {
                heirs.iter_mut().for_each(|need| need.when = When::Always);
            }
            other.needs.splice(at..at, heirs);
        }
        Ok(node)
    }

    /// The way by which the step at `place` would come to need itself.
    pub(super) fn circle(&self, place: usize) -> Option<Vec<usize>> {
        let mut way = vec![place];
        let mut seen = vec![false; self.nodes.len()];
        self.search(place, place, &mut way, &mut seen).then_some(way)
    }

    fn search(&self, from: usize, to: usize, way: &mut Vec<usize>, seen: &mut [bool]) -> bool {
        // without recursion: a list may have thousands of steps
        let mut open: Vec<(usize, Vec<usize>)> = vec![(from, self.before(from))];
        while let Some((_, next)) = open.last_mut() {
            let Some(at) = next.pop() else {
                open.pop();
                way.pop();
                continue;
            };
            if at == to {
                way.push(at);
                return true;
            }
            if !std::mem::replace(&mut seen[at], true) {
                way.push(at);
                open.push((at, self.before(at)));
            }
        }
        false
    }

    /// What must have ended before the step at `place` is asked.
    fn before(&self, place: usize) -> Vec<usize> {
        let node = &self.nodes[place];
        let named = node.needs.iter().map(|need| need.id.as_str());
        named.chain(node.stands_for.as_deref()).filter_map(|id| self.place(id)).collect()
    }

    /// What is to be written so that all this holds, and nothing that need not be.
    pub(super) fn writes(&self) -> Vec<Write> {
        let is_silent = |node: &Node| node.written.is_none();
        if !self.explicit && self.is_chain() && self.turns().all(is_silent) {
            return vec![Write::Keep; self.nodes.len()];
        }
        let mut writes: Vec<Write> = Vec::with_capacity(self.nodes.len());
        for (place, node) in self.nodes.iter().enumerate() {
            let was_free = self.explicit && node.step.is_some();
            writes.push(match (node.written.as_deref(), node.needs.as_slice()) {
                // the needs of a fallback are those of the step that it stands in for
                (Some([_, ..]), _) if node.stands_for.is_some() => Write::TakeOut,
                _ if node.stands_for.is_some() => Write::Keep,
                (Some(written), needs) if same(written, needs) => Write::Keep,
                (Some(_), []) if place == 0 => Write::TakeOut,
                (None, []) if place == 0 || was_free => Write::Keep,
                (_, needs) => Write::Put(needs.to_vec()),
            });
        }
        self.say_what_is_free(&mut writes);
        writes
    }

    /// A list in which nothing is said any more would run one after the other.
    fn say_what_is_free(&self, writes: &mut [Write]) {
        let says = |(node, write): (&Node, &Write)| match write {
            Write::Keep => node.stands_for.is_none() && node.written.is_some(),
            Write::TakeOut => false,
            Write::Put(_) => true,
        };
        if self.is_chain() || self.nodes.iter().zip(writes.iter()).any(says) {
            return;
        }
        for (place, (node, write)) in self.nodes.iter().zip(writes).enumerate() {
            if place > 0 && node.stands_for.is_none() && *write == Write::Keep {
                *write = Write::Put(Vec::new());
            }
        }
    }
}

impl Needed {
    pub(super) fn completed(id: &(impl AsRef<str> + ?Sized)) -> Needed {
        Needed { id: id.as_ref().to_owned(), when: When::Completed }
    }
}

/// Whether two lists of needs say the same, in any order.
pub(super) fn same(one: &[Needed], other: &[Needed]) -> bool {
    let within = |a: &[Needed], b: &[Needed]| a.iter().all(|need| b.contains(need));
    within(one, other) && within(other, one)
}
