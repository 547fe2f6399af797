//! Why a run or a step is as it is.

use rpa_engine::StepPath;
use rpa_ipc::fault::Arg;
use rpa_ipc::said;
use rpa_ipc::why::{Telling, Why, WhyQuery};

use super::runs::exit_two;
use super::{HOUR, NOW, tell};
use crate::console::state::{News, State};

/// Answers what is asked of why, with a history of so many retries.
pub fn why(state: &mut State, retries: u64) {
    let Some(query) = state.wants().why else { return };
    let why = why_of(&query, retries);
    tell(state, News::Why { query, why });
}

pub fn why_of(query: &WhyQuery, retries: u64) -> Why {
    let path: StepPath = "biggest".parse().expect("a path");
    let error = || Arg::Error(exit_two(""));
    let failed =
        || said!("why-step-failed", step = path, tries = Arg::Count(retries + 1), error = error());
    let of_step = |at_ms, what| Telling::new(Some(at_ms), Some(path.clone()), what);
    let ended = NOW - HOUR / 2;
    let now = match &query.path {
        Some(step) => {
            let needs = Arg::Reason("needs biggest, which failed".into());
            let skipped = said!("why-step-skipped", step = step, reason = needs);
            let first = said!("why-at-the-root", first = skipped, root = failed());
            vec![of_step(ended, first), of_step(ended, failed())]
        }
        None => {
            let at = Arg::Moment(ended);
            let what = said!("why-run-failed", at = at, cause = failed());
            vec![Telling::new(Some(ended), None, what)]
        }
    };
    let retry = |n: u64| {
        let due = Arg::Moment(ended - HOUR + n * 1_000);
        let what =
            said!("why-step-retries", step = path, attempt = n + 1, error = error(), due = due);
        of_step(ended - HOUR + n * 1_000, what)
    };
    let by = "tihomir (console)";
    let accepted = said!("why-accepted", by = by, revision = 3, priority = "high");
    let tellings = std::iter::once(Telling::new(Some(NOW - 30 * HOUR), None, accepted))
        .chain((0..retries).map(retry))
        .chain([of_step(ended, failed())]);
    Why {
        run: query.run.id.parse().expect("a full id"),
        workflow: "default/disk-report".into(),
        path: query.path.clone(),
        status: "failed".into(),
        ended: true,
        now,
        tellings: tellings.collect(),
        next: None,
    }
}
