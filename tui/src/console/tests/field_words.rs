//! The words of the editor's forms: what fields are about, in the reader's language.

use std::collections::BTreeMap;

use rpa_config::edit::{Change, ListOf, Place, apply, form, kinds};
use rpa_ipc::Language;

use crate::console::state::field_words;
use crate::words::Words;

/// Every field that a form can have, by its message, with what the contract or the schema
/// says of it.
pub fn all() -> BTreeMap<String, String> {
    let namespace = "default".parse().unwrap();
    let text = "version: 1\nname: x\nsteps:\n  - id: first\n    uses: noop\n";
    let mut found = BTreeMap::new();
    for kind in kinds() {
        let place = Place::Last(ListOf::Top);
        let change = Change::Add { place, id: "new".to_owned(), kind: kind.word.to_owned() };
        let changed = apply(text, &change, &namespace).unwrap();
        let made = form(&changed.text, &changed.path, &namespace).unwrap();
        // a command can be written in the long form as well
        let long = "version: 1\nname: x\nsteps: [{id: new, uses: shell}]\n";
        let long = form(long, "new", &namespace).unwrap();
        for (form, field) in [made, long].iter().flat_map(|f| f.fields.iter().map(move |x| (f, x)))
        {
            found.insert(field_words(&form.kind, field), field.summary.clone());
        }
    }
    found
}

/// What is said in English is what the manual and the schema say, and there is nothing that
/// is said in English alone.
#[test]
fn every_field_has_its_words_in_both_languages() {
    let all = all();
    assert!(all.len() > 70, "{all:#?}");
    for (id, said) in &all {
        assert_eq!(Words::new(Language::English).find(id).as_ref(), Some(said), "{id}");
        assert!(Words::new(Language::Bulgarian).find(id).is_some(), "{id}");
    }
}
