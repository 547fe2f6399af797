//! Step paths in which `[*]` stands for any turn of a loop.

use std::fmt;
use std::str::FromStr;

use rpa_engine::{NameError, StepPath};

/// `each[*]/biggest`: that step in all turns; without a star, one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// The pattern for just this step.
    pub fn of(path: &StepPath) -> Pattern {
        Pattern(path.to_string())
    }

    /// The same step in every turn of the loops around it.
    pub fn of_all_turns(path: &StepPath) -> Pattern {
        let text = path.as_str();
        let mut all = String::new();
        for piece in text.split_inclusive('[') {
            match piece.split_once(']') {
                Some((_, rest)) if !all.is_empty() => {
                    all.push_str("*]");
                    all.push_str(rest);
                }
                _ => all.push_str(piece),
            }
        }
        Pattern(all)
    }

    /// One of the steps that it is for: every star is a zero.
    pub fn example(&self) -> StepPath {
        self.0
            .replace("[*]", "[0]")
            .parse()
            .expect("a pattern is a path once its stars are zeros: it is made no other way")
    }

    pub fn matches(&self, path: &StepPath) -> bool {
        let mut given = path.as_str().split('/');
        let fits = self.0.split('/').all(|wanted| {
            given.next().is_some_and(|segment| match wanted.strip_suffix("[*]") {
                Some(id) => segment.split_once('[').is_some_and(|(of, _)| of == id),
                None => segment == wanted,
            })
        });
        fits && given.next().is_none()
    }

    /// How many loops it leaves open: of two that match, the one with fewer counts.
    pub fn stars(&self) -> usize {
        self.0.matches("[*]").count()
    }
}

impl FromStr for Pattern {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Pattern, NameError> {
        text.replace("[*]", "[0]").parse::<StepPath>()?;
        Ok(Pattern(text.to_owned()))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
