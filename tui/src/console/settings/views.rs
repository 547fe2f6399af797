//! Saved views in the file of settings: a table of names, each with a list and its filter.

use rpa_ipc::fault::{Said, quoted};
use rpa_ipc::said;
use toml::de::DeValue;
use toml_edit::{DocumentMut, Item, Table, Value};

use super::super::state::PLACES;

/// The table that has them.
pub const TABLE: &str = "views";
/// Most characters of a name.
const LONGEST: usize = 40;

/// Letters of any language, digits, `-` and `_`: what can be typed as one word.
pub fn is_view_name(name: &str) -> bool {
    let sound = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let reserved = matches!(name, "save" | "delete");
    !name.is_empty() && !reserved && name.chars().count() <= LONGEST && name.chars().all(sound)
}

/// The lists that a view can begin with.
fn range() -> String {
    PLACES.map(|(word, _)| word).join(", ")
}

/// The views of the table, and where in the file what is wrong with it.
pub(super) fn read(
    value: &toml::Spanned<DeValue<'_>>,
    place: &dyn Fn(usize) -> String,
) -> (Vec<(String, String)>, Vec<(usize, Said)>) {
    let (mut views, mut problems) = (Vec::new(), Vec::new());
    let wrong_type = |at: usize, key: &str, value: &DeValue<'_>| {
        let (place, is, range) = (place(at), value.type_str(), range());
        said!("setting-type", place = place, key = key, type = is, range = range)
    };
    let DeValue::Table(table) = value.get_ref() else {
        let at = value.span().start;
        problems.push((at, wrong_type(at, TABLE, value.get_ref())));
        return (views, problems);
    };
    for (name, value) in table {
        let at = value.span().start;
        let key = format!("{TABLE}.{}", name.get_ref());
        let DeValue::String(text) = value.get_ref() else {
            problems.push((at, wrong_type(at, &key, value.get_ref())));
            continue;
        };
        let word = text.split(' ').next().unwrap_or_default();
        let known = PLACES.iter().any(|(place, _)| *place == word);
        if known && is_view_name(name.get_ref()) {
            views.push((name.get_ref().to_string(), text.to_string()));
        } else {
            let (text, range) = (quoted(text), range());
            problems.push((
                at,
                said!("setting-value", place = place(at), key = key, text = text, range = range),
            ));
        }
    }
    views.sort();
    (views, problems)
}

/// The same table with these views; what has not changed keeps its comments.
pub(super) fn put(document: &mut DocumentMut, views: &[(String, String)]) {
    if views.is_empty() {
        document.remove(TABLE);
        return;
    }
    let item = document.entry(TABLE).or_insert_with(|| Item::Table(Table::new()));
    let Some(table) = item.as_table_like_mut() else { return };
    let known = |name: &str| views.iter().any(|(view, _)| view == name);
    let gone: Vec<String> =
        table.iter().map(|(name, _)| name.to_owned()).filter(|name| !known(name)).collect();
    for name in gone {
        table.remove(&name);
    }
    for (name, place) in views {
        if table.get(name).and_then(Item::as_str) == Some(place) {
            continue;
        }
        let mut value = Value::from(place.as_str());
        match table.get_mut(name) {
            Some(Item::Value(old)) => {
                *value.decor_mut() = old.decor().clone();
                *old = value;
            }
            _ => {
                table.insert(name, Item::Value(value));
            }
        }
    }
}
