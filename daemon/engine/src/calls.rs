//! Workflows that call each other in a circle: a run of one would begin runs without
//! end.
//!
//! Used by `rpa check` over the files that it is given, and by the daemon over its
//! catalogue. It knows names alone, no workflows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::name::WorkflowRef;

/// What each workflow calls. A callee need not be there itself.
pub type Edges = BTreeMap<WorkflowRef, BTreeSet<WorkflowRef>>;

/// The circles of `edges`, each once and closed, `a -> b -> a`, in the order of their
/// names, each from the smallest of its own. For each call that is part of a circle the
/// shortest one is there (of several the first by name), so that one that takes
/// calls out until there is none has found them all; long ways around are not listed,
/// for there may be more of them than there are workflows.
pub fn cycles(edges: &Edges) -> Vec<Vec<WorkflowRef>> {
    let core = core(edges);
    let mut found = BTreeSet::new();
    for (caller, callees) in &core {
        for callee in callees {
            if let Some(way) = shortest(&core, callee, caller) {
                found.insert(rotated(way));
            }
        }
    }
    found.into_iter().map(closed).map(|circle| circle.into_iter().cloned().collect()).collect()
}

/// As messages show a circle: `ops/a -> ops/b -> ops/a`.
pub fn shown(circle: &[WorkflowRef]) -> String {
    circle.iter().map(WorkflowRef::to_string).collect::<Vec<_>>().join(" -> ")
}

type Core<'e> = BTreeMap<&'e WorkflowRef, BTreeSet<&'e WorkflowRef>>;

/// What is left when all that calls nothing left, or is called by nothing left, is
/// taken away: as a rule nothing.
fn core(edges: &Edges) -> Core<'_> {
    let mut core: Core<'_> =
        edges.iter().map(|(caller, callees)| (caller, callees.iter().collect())).collect();
    loop {
        let called: BTreeSet<&WorkflowRef> = core.values().flatten().copied().collect();
        let callers: BTreeSet<&WorkflowRef> = core.keys().copied().collect();
        let before = core.len();
        for callees in core.values_mut() {
            callees.retain(|callee| callers.contains(callee));
        }
        core.retain(|caller, callees| !callees.is_empty() && called.contains(caller));
        if core.len() == before {
            return core;
        }
    }
}

/// The shortest way from `start` to `end`, both included.
fn shortest<'e>(
    core: &Core<'e>,
    start: &'e WorkflowRef,
    end: &'e WorkflowRef,
) -> Option<Vec<&'e WorkflowRef>> {
    let mut from = BTreeMap::from([(start, start)]);
    let mut open = VecDeque::from([start]);
    while let Some(at) = open.pop_front() {
        if at == end {
            let mut way = vec![end];
            while let Some(last) = way.last().filter(|last| **last != start) {
                way.push(from[last]);
            }
            way.reverse();
            return Some(way);
        }
        for next in core.get(at).into_iter().flatten() {
            if !from.contains_key(next) {
                from.insert(next, at);
                open.push_back(next);
            }
        }
    }
    None
}

/// The same circle from its smallest name.
fn rotated(mut way: Vec<&WorkflowRef>) -> Vec<&WorkflowRef> {
    let smallest = (0..way.len()).min_by_key(|place| way[*place]).unwrap_or_default();
    way.rotate_left(smallest);
    way
}

fn closed(mut way: Vec<&WorkflowRef>) -> Vec<&WorkflowRef> {
    way.extend(way.first().copied());
    way
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Label;

    fn name(text: &str) -> WorkflowRef {
        WorkflowRef::parse(text, &"n".parse::<Label>().unwrap()).unwrap()
    }

    /// `a: b c` says that `a` calls `b` and `c`.
    fn found(lines: &[&str]) -> Vec<String> {
        let line = |line: &&str| {
            let (caller, callees) = line.split_once(':').unwrap();
            (name(caller), callees.split_whitespace().map(name).collect())
        };
        let edges: Edges = lines.iter().map(line).collect();
        cycles(&edges).iter().map(|circle| shown(circle).replace("n/", "")).collect()
    }

    #[test]
    fn what_calls_downwards_is_no_circle() {
        assert_eq!(found(&[]), [""; 0]);
        assert_eq!(found(&["a: b c", "b: d", "c: d", "d: e"]), [""; 0]);
        assert_eq!(found(&["a: nobody", "b: a", "c: a b"]), [""; 0]);
    }

    #[test]
    fn each_circle_is_found_once_from_its_smallest_name() {
        assert_eq!(found(&["a: a"]), ["a -> a"]);
        assert_eq!(found(&["b: a", "a: b"]), ["a -> b -> a"]);
        assert_eq!(found(&["c: a", "a: b", "b: c", "z: a", "c2: z"]), ["a -> b -> c -> a"]);
    }

    #[test]
    fn circles_that_share_a_workflow_are_all_found() {
        assert_eq!(
            found(&["a: b c", "b: a", "c: a"]),
            ["a -> b -> a", "a -> c -> a"],
            "neither is hidden by the other"
        );
        // two ways to close one: the call that both share is told once
        assert_eq!(
            found(&["a: b", "b: c d", "c: a", "d: a"]),
            ["a -> b -> c -> a", "a -> b -> d -> a"]
        );
        assert_eq!(found(&["a: b", "b: a c", "c: d", "d: c"]), ["a -> b -> a", "c -> d -> c"]);
    }

    #[test]
    fn what_only_leads_into_a_circle_or_out_of_it_is_no_part_of_it() {
        assert_eq!(found(&["a: b", "b: c", "c: b d", "d: e", "e:"]), ["b -> c -> b"]);
        // between two circles, and in neither
        assert_eq!(
            found(&["a: b", "b: a m", "m: x", "x: y", "y: x"]),
            ["a -> b -> a", "x -> y -> x"]
        );
    }

    #[test]
    fn namespaces_tell_workflows_apart() {
        assert_eq!(found(&["one/a: two/a", "two/a: b"]), [""; 0]);
        let across = found(&["one/a: two/a", "two/a: one/a"]);
        assert_eq!(across, ["one/a -> two/a -> one/a"]);
    }
}
