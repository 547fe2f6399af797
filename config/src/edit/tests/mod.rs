//! What is changed, what stays, and what is refused.

mod golden;
mod lists;
mod random;

use rpa_engine::Label;

use super::{Change, Changed, ListOf, Place, Refused, apply};

fn namespace() -> Label {
    "default".parse().unwrap()
}

fn file(steps: &str) -> String {
    format!("version: 1\nname: w\nsteps:\n{steps}")
}

fn change(text: &str, change: &Change) -> Result<Changed, Refused> {
    apply(text, change, &namespace())
}

/// The steps of `file(steps)` after a change.
#[track_caller]
fn steps(steps: &str, wanted: &Change) -> String {
    let text = file(steps);
    let changed = change(&text, wanted).unwrap_or_else(|why| panic!("{why:?}\n{text}"));
    let head = file("");
    changed.text.strip_prefix(&head).unwrap_or_else(|| panic!("{}", changed.text)).to_owned()
}

fn add(place: Place, id: &str, kind: &str) -> Change {
    Change::Add { place, id: id.to_owned(), kind: kind.to_owned() }
}

fn after(path: &str) -> Place {
    Place::After(path.to_owned())
}

fn before(path: &str) -> Place {
    Place::Before(path.to_owned())
}

fn beside(path: &str) -> Place {
    Place::Beside(path.to_owned())
}

fn remove(path: &str) -> Change {
    Change::Remove { path: path.to_owned() }
}

fn relocate(path: &str, place: Place) -> Change {
    Change::Move { path: path.to_owned(), place }
}

fn link(from: &str, to: &str) -> Change {
    Change::Link { from: from.to_owned(), to: to.to_owned() }
}

fn unlink(from: &str, to: &str) -> Change {
    Change::Unlink { from: from.to_owned(), to: to.to_owned() }
}

fn rename(path: &str, id: &str) -> Change {
    Change::Rename { path: path.to_owned(), id: id.to_owned() }
}

fn set(path: &str, field: &str, value: &str) -> Change {
    let value = (!value.is_empty()).then(|| value.to_owned());
    Change::Set { path: path.to_owned(), field: field.to_owned(), value }
}
