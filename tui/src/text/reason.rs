//! Why something is so, as the daemon says it, in the reader's language.

use rpa_ipc::Language;
use rpa_ipc::fault::{Said, say};

/// On one line; in English where this version has no other words for it, and by its name
/// where it has none at all. `moment` shows a time as its reader does.
pub fn reason(language: Language, said: &Said, moment: &dyn Fn(u64) -> String) -> String {
    let said = said.clone().in_zone(moment);
    let text = say(language, &said).or_else(|| say(Language::English, &said));
    let text = text.unwrap_or_else(|| said.id.replace('-', " "));
    // errors may have several lines
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
