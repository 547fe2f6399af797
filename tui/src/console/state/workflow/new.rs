//! A workflow that is not there yet: its name, and the text that one begins with.

use rpa_engine::Label;
use rpa_ipc::Language;

use super::super::State;
use crate::say;

const ENGLISH: &str = include_str!("../../../words/new-en.yaml");
const BULGARIAN: &str = include_str!("../../../words/new-bg.yaml");

/// What is wrong with a name for a new workflow.
pub fn name_problem(state: &State, name: &str) -> Option<String> {
    if name.parse::<Label>().is_err() {
        return Some(say!(state.words, "name-bad"));
    }
    let full = format!("{}/{name}", state.namespace);
    let taken = state.workflows.named(&full).is_some();
    taken.then(|| say!(state.words, "name-taken", name = name))
}

/// The text of a workflow with one step, which is valid, and in comments what else it may
/// have.
pub fn template(name: &str, language: Language) -> String {
    let text = match language {
        Language::English => ENGLISH,
        Language::Bulgarian => BULGARIAN,
    };
    text.replace("NAME", name)
}

#[cfg(test)]
mod tests {
    use rpa_config::workflow::check;

    use super::*;

    /// Also with everything in it that is a comment with a key.
    #[test]
    fn the_template_is_a_workflow() {
        let namespace: Label = "default".parse().unwrap();
        for language in Language::ALL {
            let text = template("new-one", language);
            let checked = check(&text, "new-one.yaml", &namespace);
            assert!(checked.problems.is_empty(), "{:?}", checked.problems);
            let name = checked.workflow.expect("valid").name.to_string();
            assert_eq!(name, "default/new-one");
            let all: Vec<String> = text
                .lines()
                .map(|line| {
                    line.strip_prefix('#')
                        .filter(|rest| !rest.starts_with(' ') || rest.starts_with("  "))
                        .unwrap_or(line)
                        .to_owned()
                })
                .collect();
            let checked = check(&all.join("\n"), "new-one.yaml", &namespace);
            assert!(checked.problems.is_empty(), "{}: {:?}", all.join("\n"), checked.problems);
            let workflow = checked.workflow.expect("valid");
            assert!(!workflow.variables.is_empty() && !workflow.triggers.is_empty());
        }
    }
}
