//! Whether a changed text means what it should: what was asked, and nothing else.

use std::collections::HashMap;

use super::Refused;
use super::graph::{Graph, same as same_needs};
use super::sheet::{Needed, Sheet, entry};
use super::splice::comments;
use crate::format::meaning::same;
use crate::workflow::node::{Data, Node};
use crate::workflow::{Problem, ProblemCode};

/// What a change is to have done.
#[derive(Debug, Default)]
pub(super) struct Expected {
    /// Steps that are gone, with all inside of them.
    pub(super) removed: Vec<usize>,
    /// A step that has gone elsewhere, with all inside of it.
    pub(super) moved: Option<usize>,
    /// Where a new or moved step is now; in the new text.
    pub(super) landed: Option<usize>,
    /// A key of a step that is set.
    pub(super) set: Option<(usize, String)>,
    /// A step of the new text in which a field was taken out.
    pub(super) emptied: Option<usize>,
    /// What steps need now, if it is not what they needed; none of a new step.
    pub(super) needs: Vec<(Option<usize>, Vec<Needed>)>,
    /// What may be missing.
    pub(super) comments: Vec<String>,
}

impl Expected {
    /// The needs of a graph, and all else as it was.
    pub(super) fn of(graph: &Graph) -> Expected {
        let needs = graph.nodes.iter().map(|node| (node.step, node.needs.clone())).collect();
        Expected { needs, ..Expected::default() }
    }
}

/// Refuses `after` unless it is `before` with what is expected.
pub(super) fn hold(before: &Sheet, after: &Sheet, expected: &Expected) -> Result<(), Refused> {
    let pairs = pairs(before, after, expected).ok_or(Refused::Changed("a step would be lost"))?;
    same_top(before, after)?;
    let back: HashMap<usize, usize> = pairs.iter().copied().collect();
    for (old, new) in &pairs {
        let is_root = expected.moved == Some(*old);
        if !is_root && !same_list(before, after, (*old, *new), &back) {
            return Err(Refused::Changed("a step would stand elsewhere"));
        }
        let set = expected.set.as_ref().filter(|(step, _)| step == old);
        let set = set.map(|(_, key)| key.as_str());
        if !same_step(before.meant(*old), after.meant(*new), set) {
            return Err(Refused::Changed("another value would change"));
        }
    }
    hold_needs(before, after, expected, &pairs)?;
    let gone = [expected.comments.clone(), beside_needs(before, expected)].concat();
    hold_comments(before, after, &gone)?;
    hold_problems(before, after, expected)
}

/// Each step of the old text with what it is in the new one. The order of the file stays but
/// for what goes, comes or moves.
fn pairs(before: &Sheet, after: &Sheet, expected: &Expected) -> Option<Vec<(usize, usize)>> {
    let inside = |sheet: &Sheet, step: usize, of: Option<usize>| {
        of.is_some_and(|of| sheet.is_inside(step, of))
    };
    let old = (0..before.steps.len()).filter(|at| {
        let gone = expected.removed.iter().any(|step| before.is_inside(*at, *step));
        !gone && !inside(before, *at, expected.moved)
    });
    let new = (0..after.steps.len()).filter(|at| !inside(after, *at, expected.landed));
    let (old, new): (Vec<_>, Vec<_>) = (old.collect(), new.collect());
    let mut pairs: Vec<(usize, usize)> = old.iter().copied().zip(new.iter().copied()).collect();
    let mut fits = old.len() == new.len();
    if expected.moved.is_some() {
        let old = (0..before.steps.len()).filter(|at| inside(before, *at, expected.moved));
        let new = (0..after.steps.len()).filter(|at| inside(after, *at, expected.landed));
        let (old, new): (Vec<_>, Vec<_>) = (old.collect(), new.collect());
        fits &= old.len() == new.len();
        pairs.extend(old.into_iter().zip(new));
    }
    fits.then_some(pairs)
}

/// Whether two steps stand in the same list, by the steps that have them.
fn same_list(
    before: &Sheet,
    after: &Sheet,
    (old, new): (usize, usize),
    back: &HashMap<usize, usize>,
) -> bool {
    let (one, other) = (&before.lists[before.steps[old].list], &after.lists[after.steps[new].list]);
    let part = |of: &super::ListOf| match of {
        super::ListOf::Case(_, value) => value.clone(),
        super::ListOf::Handler(word) => word.clone(),
        _ => String::new(),
    };
    std::mem::discriminant(&one.of) == std::mem::discriminant(&other.of)
        && part(&one.of) == part(&other.of)
        && one.owner.map(|owner| back.get(&owner).copied()) == other.owner.map(Some)
}

/// Keys whose steps are compared one by one.
const LISTS: [&str; 4] = ["steps", "default", "cases", "compensate"];

fn same_step(one: &Node, other: &Node, set: Option<&str>) -> bool {
    let (Data::Map(a), Data::Map(b)) = (&one.data, &other.data) else { return same(one, other) };
    let is_held = |key: &str| key != "needs" && Some(key) != set && !LISTS.contains(&key);
    let of = |entries: &[crate::workflow::node::Entry]| {
        entries.iter().filter(|entry| is_held(&entry.key)).count()
    };
    let mut held = a.iter().filter(|entry| is_held(&entry.key));
    of(a) == of(b)
        && held.all(|old| entry(other, &old.key).is_some_and(|(_, new)| same(&old.node, new)))
}

fn same_top(before: &Sheet, after: &Sheet) -> Result<(), Refused> {
    let rest = |sheet: &Sheet| -> Vec<String> {
        let Data::Map(entries) = &sheet.root.data else { return Vec::new() };
        let keys = entries.iter().map(|entry| entry.key.clone());
        keys.filter(|key| !matches!(key.as_str(), "steps" | "handlers")).collect()
    };
    let value = |sheet: &Sheet, key: &str| entry(&sheet.root, key).map(|(_, node)| node.clone());
    let (old, new) = (rest(before), rest(after));
    let holds = |key: &String| match (value(before, key), value(after, key)) {
        (Some(old), Some(new)) => same(&old, &new),
        _ => false,
    };
    let is_same = old.len() == new.len() && old.iter().all(holds);
    is_same.then_some(()).ok_or(Refused::Changed("the file around the steps would change"))
}

fn hold_needs(
    before: &Sheet,
    after: &Sheet,
    expected: &Expected,
    pairs: &[(usize, usize)],
) -> Result<(), Refused> {
    let all = |sheet: &Sheet| -> HashMap<usize, Vec<Needed>> {
        let graphs = (0..sheet.lists.len()).map(|list| Graph::of(sheet, list));
        let nodes = graphs.flat_map(|graph| graph.nodes);
        nodes.filter_map(|node| Some((node.step?, node.needs))).collect()
    };
    let (mut wanted, found) = (all(before), all(after));
    let mut landed = None;
    for (step, needs) in &expected.needs {
        match step {
            Some(step) => {
                wanted.insert(*step, needs.clone());
            }
            None => landed = Some(needs),
        }
    }
    let fits = |old: &[Needed], new: usize| found.get(&new).is_some_and(|new| same_needs(old, new));
    let kept = pairs.iter().all(|(old, new)| wanted.get(old).is_some_and(|old| fits(old, *new)));
    let placed = match (landed, expected.landed) {
        (Some(needs), Some(new)) => fits(needs, new),
        _ => true,
    };
    (kept && placed).then_some(()).ok_or(Refused::Changed("what waits for what would change"))
}

/// The comments within the needs of steps that may need something else now.
fn beside_needs(before: &Sheet, expected: &Expected) -> Vec<String> {
    let steps = expected.needs.iter().filter_map(|(step, _)| *step);
    let maps = steps.filter_map(|step| before.written(&before.steps[step].at)?.map());
    let needs = maps.filter_map(|map| map.get("needs")).filter(|needs| needs.is_spread());
    needs.flat_map(|needs| comments(crate::yaml::Node { note: None, ..needs.clone() })).collect()
}

fn hold_comments(before: &Sheet, after: &Sheet, gone: &[String]) -> Result<(), Refused> {
    let mut count: HashMap<&str, i64> = HashMap::new();
    for comment in after.document.comments() {
        *count.entry(comment).or_default() += 1;
    }
    for comment in gone {
        *count.entry(comment).or_default() += 1;
    }
    for comment in before.document.comments() {
        *count.entry(comment).or_default() -= 1;
    }
    let lost = count.values().any(|count| *count < 0);
    if lost { Err(Refused::Changed("a comment would be lost")) } else { Ok(()) }
}

/// Refuses problems that are new, but for what a new step or a field that was taken out
/// leaves missing.
fn hold_problems(before: &Sheet, after: &Sheet, expected: &Expected) -> Result<(), Refused> {
    let errors = |sheet: &Sheet| -> Vec<Problem> {
        sheet.checked().problems.iter().filter(|problem| !problem.warning).cloned().collect()
    };
    let mut old = errors(before);
    let was_valid = old.is_empty();
    let mut new = errors(after);
    new.retain(|problem| {
        let same = |other: &Problem| other.code == problem.code && other.message == problem.message;
        let known = old.iter().position(same);
        known.map(|at| old.swap_remove(at)).is_none()
    });
    let within = |step: usize, problem: &Problem| {
        let (from, to) = after.steps[step].lines;
        (from..=to).contains(&problem.line)
    };
    // what is missing, or is left for a person to write
    let is_fresh = expected.moved.is_none();
    let fresh = expected.landed.filter(|_| is_fresh).or(expected.emptied);
    let may_be = |problem: &Problem| {
        problem.code == ProblemCode::MissingKey || fresh.is_some_and(|step| within(step, problem))
    };
    new.retain(|problem| !may_be(problem));
    if !was_valid {
        // one problem may have hidden others: those of the step itself count when there
        // was none on it, others do not
        let touched = expected.set.as_ref().map(|(step, _)| *step);
        new.retain(|problem| {
            touched.is_some_and(|step| {
                let (from, to) = before.steps[step].lines;
                let had = before.checked().problems.iter().any(|p| (from..=to).contains(&p.line));
                !had && within(step, problem)
            })
        });
    }
    if new.is_empty() { Ok(()) } else { Err(Refused::Invalid(new)) }
}
