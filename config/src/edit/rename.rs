//! Who names a step, and another name for it everywhere.

use super::Refused;
use super::hold::Expected;
use super::made;
use super::mentions::places;
use super::needs::edited;
use super::sheet::Sheet;
use super::splice::{Piece, Setting, unkept};
use super::turn::{Turned, finish, shared};
use crate::format::STEP_ORDER;
use crate::yaml;

/// Gives a step another id.
pub(super) fn rename(sheet: &Sheet, path: &str, id: &str) -> Result<Turned, Refused> {
    let step = sheet.find(path)?;
    let found = &sheet.steps[step];
    if let Some(anchor) = &found.shared {
        return Err(shared(found, anchor));
    }
    if found.id == id {
        return Ok((sheet.clone(), path.to_owned()));
    }
    sheet.free(id, &sheet.lists[found.list].of, |other| other == step)?;
    if found.id.is_empty() {
        return named(sheet, step, id);
    }
    let changed = renamed(sheet, step, id)?;
    // whatever follows the new name must have followed the old one
    let back = renamed(&changed, step, &found.id)?;
    if back.text != normal(sheet, step)? {
        return Err(Refused::Changed("another step would be meant"));
    }
    let codes = |sheet: &Sheet| {
        let problems = &sheet.checked().problems;
        let mut codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        codes.sort_unstable();
        codes
    };
    if codes(sheet) != codes(&changed) {
        return Err(Refused::Invalid(changed.checked().problems.clone()));
    }
    let path = changed.steps[step].path.clone();
    Ok((changed, path))
}

/// Gives a step an id that has none.
fn named(sheet: &Sheet, step: usize, id: &str) -> Result<Turned, Refused> {
    let setting = Setting::new(&sheet.steps[step].at, "id", Some(made::text(id)), STEP_ORDER);
    let changed = sheet.set(vec![setting])?;
    let expected = Expected { set: Some((step, "id".to_owned())), ..Expected::default() };
    finish(sheet, changed, step, &expected)
}

/// The text with the id written as a rename writes it.
fn normal(sheet: &Sheet, step: usize) -> Result<String, Refused> {
    Ok(renamed(sheet, step, &sheet.steps[step].id)?.text)
}

fn renamed(sheet: &Sheet, step: usize, id: &str) -> Result<Sheet, Refused> {
    let found = &sheet.steps[step];
    let map = sheet.written(&found.at).and_then(yaml::Node::map).ok_or_else(unkept)?;
    let value = map.get("id").filter(|node| !node.has_properties()).ok_or_else(unkept)?;
    let written = yaml::print_short(&made::text(id));
    let mut ranges = vec![(value.range.clone(), written)];
    for place in places(sheet, step) {
        if place.shared {
            return Err(shared(found, &place.key));
        }
        ranges.push((place.range, id.to_owned()));
    }
    ranges.sort_by_key(|(range, _)| range.start);
    ranges.dedup();
    let mut text = String::with_capacity(sheet.text.len() + 64);
    let mut at = 0;
    for (range, new) in ranges {
        text.push_str(sheet.text.get(at..range.start).ok_or_else(unkept)?);
        text.push_str(&new);
        at = range.end;
    }
    text.push_str(&sheet.text[at..]);
    sheet.with_text(&text)
}

/// A piece whose step has another id, named by itself alone.
pub(super) fn of_piece(piece: &Piece, old: &str, id: &str) -> Result<Piece, Refused> {
    edited(piece, |sheet, _| match sheet.steps.first() {
        Some(step) if step.id == old && !old.is_empty() => renamed(sheet, 0, id),
        _ => Err(unkept()),
    })
}
