//! The approval that a person means, in a run or in those that it has called.

use std::collections::VecDeque;

use rpa_engine::{RunId, StepPath};
use rpa_ipc::asking::ApprovalView;
use rpa_ipc::service::{RpadClient, RunRef};
use rpa_ipc::view::RunDetail;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::super::wire::Link;
use crate::text::quoted;

/// Most runs that are looked through for one that asks.
const MOST_RUNS: usize = 100;
/// Most steps that are named where a person has to choose.
const MOST_NAMED: usize = 10;

/// An approval that is asked for.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    view: ApprovalView,
    /// The steps that lead to its run, from the one that was named; empty for that itself.
    calls: Vec<StepPath>,
}

/// The one approval that is meant.
pub async fn one(
    link: &mut Link,
    run: &RunRef,
    step: Option<&StepPath>,
    digest: Option<&str>,
) -> Result<ApprovalView, Fault> {
    let (named, asked) = all(link, run).await?;
    choose(named, asked, step, digest)
}

/// What is asked in a run and in the runs that its open steps have called.
async fn all(link: &mut Link, run: &RunRef) -> Result<(RunId, Vec<Asked>), Fault> {
    let named = show(link, run.clone()).await?;
    let id = named.summary.run;
    let mut found = Vec::new();
    let mut looked_at = 1;
    let mut next = VecDeque::from([(named, Vec::new())]);
    while let Some((detail, calls)) = next.pop_front() {
        for step in &detail.steps {
            if let Some(view) = &step.approval {
                found.push(Asked { view: (**view).clone(), calls: calls.clone() });
            }
            let Some(called) = step.called.filter(|_| step.ended_ms.is_none()) else { continue };
            if looked_at < MOST_RUNS {
                looked_at += 1;
                let run = RunRef { id: called.to_string(), ..run.clone() };
                let calls = calls.iter().chain([&step.path]).cloned().collect();
                next.push_back((show(link, run).await?, calls));
            }
        }
    }
    Ok((id, found))
}

async fn show(link: &mut Link, run: RunRef) -> Result<RunDetail, Fault> {
    let call = async |rpc: &RpadClient, context| rpc.show(context, run.clone()).await;
    link.call(call).await
}

/// | given | meant |
/// |---|---|
/// | a step | that of the run itself; else what is asked in the run that it has called, or at such a step there |
/// | no step | what is asked anywhere |
/// | a digest, and several are left | those that have it |
fn choose(
    named: RunId,
    mut asked: Vec<Asked>,
    step: Option<&StepPath>,
    digest: Option<&str>,
) -> Result<ApprovalView, Fault> {
    if let Some(step) = step {
        let own = |asked: &Asked| asked.calls.is_empty() && asked.view.path == *step;
        if asked.iter().any(own) {
            asked.retain(own);
        } else {
            asked.retain(|asked| asked.calls.contains(step) || asked.view.path == *step);
        }
    }
    if let Some(digest) = digest.filter(|_| asked.len() > 1) {
        let seen = |asked: &Asked| asked.view.digest.starts_with(digest);
        if asked.iter().any(seen) {
            asked.retain(seen);
        }
    }
    let short = named.short();
    if asked.len() > 1 {
        return Err(several(named, &asked));
    }
    let Some(asked) = asked.pop() else {
        let hint = said!("hint-approvals", run = short);
        return Err(match step {
            Some(step) => {
                fault!(FaultCode::NotAsking, "nothing-asked-at", step = step, run = short)
            }
            None => fault!(FaultCode::NotAsking, "nothing-asked", run = short),
        }
        .hint(hint));
    };
    Ok(asked.view)
}

/// Which there are, and how the first of them is named.
fn several(named: RunId, asked: &[Asked]) -> Fault {
    let place = |asked: &Asked| match asked.view.run == named {
        true => asked.view.path.to_string(),
        false => format!("{} (run {})", asked.view.path, asked.view.run.short()),
    };
    let mut steps: Vec<String> = asked.iter().take(MOST_NAMED).map(place).collect();
    if asked.len() > MOST_NAMED {
        steps.push("...".to_owned());
    }
    let first = asked.first().map(|asked| {
        let run = match asked.view.run == named {
            true => named.short(),
            // a run that was called may lie in another namespace
            false => asked.view.run.to_string(),
        };
        format!("rpa approve {run} {}", quoted(asked.view.path.as_str()))
    });
    let (run, command) = (named.short(), first.unwrap_or_default());
    fault!(FaultCode::Usage, "several-asked", run = run, steps = steps.join(", "))
        .hint(said!("hint-name-step", command = command))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    fn asked(run: u128, path: &str, digest: &str, calls: &[&str]) -> Asked {
        let mut view = sample::approval();
        view.run = RunId(view.run.0 + run);
        view.path = path.parse().unwrap();
        view.digest = digest.repeat(64);
        Asked { view, calls: calls.iter().map(|step| step.parse().unwrap()).collect() }
    }

    fn chosen(step: Option<&str>, digest: Option<&str>, all: &[Asked]) -> Result<String, Fault> {
        let step: Option<StepPath> = step.map(|step| step.parse().unwrap());
        let named = sample::approval().run;
        let view = choose(named, all.to_vec(), step.as_ref(), digest)?;
        Ok(format!("{}+{}", view.run.0 - named.0, view.path))
    }

    #[test]
    fn the_one_that_asks_is_found_wherever_it_is() {
        let all = [
            asked(0, "sign", "a", &[]),
            asked(1, "sign", "b", &["pay"]),
            asked(2, "check", "c", &["pay", "audit"]),
        ];
        let table = [
            (None, None, &all[2..], "2+check"),
            (Some("sign"), None, &all, "0+sign"),
            (Some("check"), None, &all, "2+check"),
            (Some("audit"), None, &all, "2+check"),
            (Some("pay"), None, &all[..2], "1+sign"),
            (None, Some("bbbbbbbbbbbb"), &all, "1+sign"),
            (Some("pay"), Some("cccccccccccc"), &all, "2+check"),
        ];
        for (step, digest, all, wanted) in table {
            assert_eq!(chosen(step, digest, all).as_deref(), Ok(wanted), "{step:?} {digest:?}");
        }
    }

    #[test]
    fn who_has_to_choose_is_told_between_what() {
        let all = [asked(0, "each[3]/sign", "a", &[]), asked(1, "check", "b", &["pay"])];
        let fault = chosen(None, None, &all).unwrap_err();
        assert_eq!(fault.code, FaultCode::Usage);
        let wanted = "several approvals are asked for in run 444455556666: \
                      each[3]/sign, check (run 444455556667)";
        assert_eq!(fault.message, wanted);
        assert!(fault.hint.ends_with("rpa approve 444455556666 'each[3]/sign'"), "{fault:?}");
        // a digest of none of them is no choice
        assert_eq!(chosen(None, Some("ffffffffffff"), &all).unwrap_err().code, FaultCode::Usage);
    }

    #[test]
    fn where_nothing_is_asked_it_is_said() {
        assert_eq!(chosen(None, None, &[]).unwrap_err().code, FaultCode::NotAsking);
        let fault = chosen(Some("other"), None, &[asked(0, "sign", "a", &[])]).unwrap_err();
        assert_eq!(fault.message, "no approval is asked for at other of run 444455556666");
    }
}
