//! Whether a text means what another one does.

use rpa_engine::Label;

use super::Refusal;
use crate::workflow::node::{Data, Node, ScalarKind};
use crate::workflow::problem::Problems;
use crate::workflow::{Checked, ProblemCode, check, tree};
use crate::yaml::{self, Document};

/// Refuses `text` unless it is the document `root` of `source`, with the comments of
/// `before`, and makes the same workflow.
pub(super) fn hold(
    source: &str,
    root: &Node,
    before: &Document,
    text: &str,
) -> Result<(), Refusal> {
    let mut problems = Problems::new("");
    let read = tree::parse(text, &mut problems).filter(|_| !problems.failed());
    let read = read.ok_or(Refusal::Changed("it could not be read again"))?;
    if !same(root, &read) {
        return Err(Refusal::Changed("a value would change"));
    }
    let after = yaml::parse(text).map_err(|_| Refusal::Changed("it could not be read again"))?;
    let sorted = |document: &Document| {
        let mut comments: Vec<String> =
            document.comments().into_iter().map(str::to_owned).collect();
        comments.sort_unstable();
        comments
    };
    if sorted(before) != sorted(&after) {
        return Err(Refusal::Changed("a comment would be lost"));
    }
    if !checks_alike(source, text) {
        return Err(Refusal::Changed("the workflow would change"));
    }
    Ok(())
}

/// Whether two documents are the same but for the order of keys.
pub(crate) fn same(one: &Node, other: &Node) -> bool {
    match (&one.data, &other.data) {
        (Data::Scalar(a), Data::Scalar(b)) => {
            a.kind == b.kind && (a.kind == ScalarKind::Null || a.text == b.text)
        }
        (Data::List(a), Data::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Data::Map(a), Data::Map(b)) => {
            let mut a: Vec<_> = a.iter().collect();
            let mut b: Vec<_> = b.iter().collect();
            a.sort_unstable_by(|x, y| x.key.cmp(&y.key));
            b.sort_unstable_by(|x, y| x.key.cmp(&y.key));
            a.len() == b.len()
                && a.iter().zip(&b).all(|(a, b)| a.key == b.key && same(&a.node, &b.node))
        }
        (Data::Scalar(_) | Data::List(_) | Data::Map(_), _) => false,
    }
}

/// Whether a check finds the same workflow, or the same problems, in both.
fn checks_alike(source: &str, text: &str) -> bool {
    let namespace: Label = "default".parse().expect("a label");
    let [one, other] = [source, text].map(|text| check(text, "", &namespace));
    let codes = |checked: &Checked| {
        let mut codes: Vec<ProblemCode> = checked.problems.iter().map(|p| p.code).collect();
        codes.sort_unstable();
        codes
    };
    one.workflow == other.workflow && codes(&one) == codes(&other)
}
