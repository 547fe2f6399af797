//! Where a step goes: into which list, at which place of it, and what it needs there.

use super::Refused;
use super::change::{ListOf, Place};
use super::graph::{Graph, Node};
use super::sheet::Sheet;
use super::splice::Side;

/// Where a step comes to stand.
#[derive(Clone, Debug)]
pub(super) struct Landing {
    pub(super) list: ListOf,
    /// In the list as it is without the step.
    pub(super) place: usize,
    pub(super) side: Side,
    /// Of the list with the step in it.
    pub(super) graph: Graph,
}

impl Sheet {
    /// The index of a list that is there and has steps, or can have them.
    pub(super) fn list(&self, of: &ListOf) -> Option<usize> {
        self.lists.iter().position(|list| list.of == *of)
    }

    /// The list in which a step at `place` would stand.
    pub(super) fn list_of(&self, place: &Place) -> Result<ListOf, Refused> {
        match place {
            Place::After(path) | Place::Before(path) | Place::Beside(path) => {
                Ok(self.lists[self.steps[self.find(path)?].list].of.clone())
            }
            Place::First(list) | Place::Last(list) => {
                if self.list(list).is_none() {
                    self.may_make(list)?;
                }
                Ok(list.clone())
            }
        }
    }

    /// Where `node` lands. `without` is the graph of the list where the step has been taken
    /// out of it already.
    pub(super) fn landing(
        &self,
        place: &Place,
        node: Node,
        without: Option<Graph>,
    ) -> Result<Landing, Refused> {
        let list = self.list_of(place)?;
        let mut graph = match (without, self.list(&list)) {
            (Some(graph), _) => graph,
            (None, Some(at)) => Graph::of(self, at),
            (None, None) => Graph { explicit: false, nodes: Vec::new() },
        };
        let anchor = match place {
            Place::After(path) | Place::Before(path) | Place::Beside(path) => {
                let step = self.find(path)?;
                let at = graph.nodes.iter().position(|node| node.step == Some(step));
                at.ok_or_else(|| Refused::NoStep { path: path.clone() })?
            }
            Place::First(_) | Place::Last(_) => 0,
        };
        let stood_for = match graph.nodes.is_empty() {
            true => 0,
            false => graph.stood_for(anchor),
        };
        // a fallback has no turn, so nothing comes before or beside it
        let in_turn = |path: &str| match stood_for == anchor {
            true => Ok(()),
            false => {
                let of = graph.nodes[stood_for].step.map(|step| self.steps[step].path.clone());
                Err(Refused::Fallback { path: path.to_owned(), of: of.unwrap_or_default() })
            }
        };
        let (place, side) = match place {
            Place::After(_) => {
                let place = anchor.max(stood_for) + 1;
                graph.insert_after(place, stood_for, node);
                (place, Side::Behind)
            }
            Place::Before(path) => {
                in_turn(path)?;
                graph.insert_before(anchor, node);
                (anchor, Side::Before)
            }
            Place::Beside(path) => {
                in_turn(path)?;
                graph.insert_beside(anchor, node);
                (anchor + 1, Side::Behind)
            }
            Place::First(_) => {
                graph.insert_first(node);
                (0, Side::Before)
            }
            Place::Last(_) => {
                graph.insert_last(node);
                (graph.nodes.len() - 1, Side::Behind)
            }
        };
        Ok(Landing { list, place, side, graph })
    }

    /// Whether a list that is not there can be made.
    fn may_make(&self, list: &ListOf) -> Result<(), Refused> {
        let none = || Refused::NoList { of: list.to_string() };
        let is = |path: &str, wanted: &[&str]| -> Result<(), Refused> {
            let step = self.find(path)?;
            let kind = super::rows::word(self.meant(step)).unwrap_or_default();
            let owner = &self.steps[step];
            if let Some(anchor) = &owner.shared {
                return Err(Refused::Shared { path: path.to_owned(), anchor: anchor.clone() });
            }
            wanted.contains(&kind.as_str()).then_some(()).ok_or_else(none)
        };
        match list {
            ListOf::Top => Ok(()),
            ListOf::Body(path) => is(path, &["group", "for_each", "while", "repeat"]),
            ListOf::Case(path, _) | ListOf::Default(path) => is(path, &["switch"]),
            ListOf::Undo(path) => {
                let step = self.find(path)?;
                let kind = super::rows::word(self.meant(step)).unwrap_or_default();
                let plain = ["set", "wait", "approval"].contains(&kind.as_str());
                (!plain && !self.undoes(step)).then_some(()).ok_or_else(none)
            }
            ListOf::Handler(word) => {
                let known = ["success", "failure", "cancel", "finally"].contains(&word.as_str());
                known.then_some(()).ok_or_else(none)
            }
        }
    }

    /// Whether a step itself undoes or handles something.
    fn undoes(&self, step: usize) -> bool {
        let mut at = Some(step);
        while let Some(step) = at {
            let list = &self.lists[self.steps[step].list];
            if matches!(list.of, ListOf::Undo(_) | ListOf::Handler(_)) {
                return true;
            }
            at = list.owner;
        }
        false
    }

    /// Where in the file an id may stand but once, from a list outwards.
    fn spaces(&self, list: &ListOf) -> Vec<String> {
        let mut spaces = vec![space(list)];
        let mut of = list.clone();
        while let Some(owner) = of.owner().and_then(|path| self.find(path).ok()) {
            of = self.lists[self.steps[owner].list].of.clone();
            spaces.push(space(&of));
        }
        if let ListOf::Handler(word) = &of {
            spaces.push(String::new());
            if word == "finally" {
                spaces.extend(["@success", "@failure", "@cancel"].map(str::to_owned));
            }
        }
        spaces
    }

    /// Refuses an id that a step in, around or inside of `list` has, other than those
    /// `but` leaves out.
    pub(super) fn free(
        &self,
        id: &str,
        list: &ListOf,
        but: impl Fn(usize) -> bool,
    ) -> Result<(), Refused> {
        if id.parse::<rpa_engine::Ident>().is_err() {
            return Err(Refused::BadId { id: id.to_owned() });
        }
        let (own, around) = (space(list), self.spaces(list));
        let taken = self.steps.iter().enumerate().find(|(at, step)| {
            step.id == id && !but(*at) && {
                let of = &self.lists[step.list].of;
                around.contains(&space(of)) || self.spaces(of).contains(&own)
            }
        });
        match taken {
            Some((_, step)) => Err(Refused::IdTaken { id: id.to_owned(), by: step.path.clone() }),
            None => Ok(()),
        }
    }

    /// A step and all inside of it.
    pub(super) fn is_inside(&self, step: usize, of: usize) -> bool {
        let mut at = Some(step);
        while let Some(step) = at {
            if step == of {
                return true;
            }
            at = self.lists[self.steps[step].list].owner;
        }
        false
    }
}

/// The lists in which an id may stand but once: those of one step are together one.
fn space(list: &ListOf) -> String {
    match list {
        ListOf::Undo(path) => path.clone(),
        list => list.scope(),
    }
}
