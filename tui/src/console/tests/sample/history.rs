//! A run with its times, and what has happened to it.

use rpa_engine::StepPath;
use rpa_ipc::Language;
use rpa_ipc::fault::{Arg, Said, count};
use rpa_ipc::said;
use rpa_ipc::view::{ErrorView, RunDetail};
use rpa_ipc::why::Telling;

use super::{NOW, detail, nested, tell, with_run};
use crate::console::state::{News, State};

/// When the run began.
const BEGAN: u64 = NOW - 61_234;

/// The second run of [`super::runs`], under way: a step is tried again and again.
pub fn timed() -> RunDetail {
    let mut detail = detail("failed");
    let summary = &mut detail.summary;
    (summary.status, summary.error, summary.ended_ms) = ("running".into(), None, None);
    (summary.accepted_ms, summary.started_ms, summary.steps_done) = (BEGAN - 3, Some(BEGAN), 2);
    summary.at_step = "biggest".into();
    let times = [
        ("completed", Some((0, Some(2_100)))),
        ("completed", Some((2_110, Some(2_512)))),
        ("retrying", Some((2_110, None))),
        ("pending", None),
    ];
    for (step, (status, time)) in detail.steps.iter_mut().zip(times) {
        step.status = status.into();
        step.error = None;
        step.reason.clear();
        step.started_ms = time.map(|(from, _)| BEGAN + from);
        step.ended_ms = time.and_then(|(_, to)| to).map(|to: u64| BEGAN + to);
    }
    (detail.steps[2].attempts, detail.steps[2].due_ms) = (3, Some(NOW + 12_000));
    detail
}

/// One that has that run open, with its history.
pub fn with_timed(size: (u16, u16), language: Language) -> State {
    let mut state = with_run(size, language);
    tell(&mut state, News::Run(timed()));
    state
}

/// One that has a run with steps in steps open, all of it within its time.
pub fn with_timed_loops(size: (u16, u16), language: Language) -> State {
    let mut state = with_run(size, language);
    state.run.iter_mut().for_each(|run| (run.detail, run.steps) = Default::default());
    let mut detail = nested("running");
    detail.summary.started_ms = Some(NOW - 61_000);
    tell(&mut state, News::Run(detail));
    state
}

/// Answers what is asked about what has happened, with a history of so many further tries.
pub fn history(state: &mut State, tries: u64) -> Option<()> {
    let want = state.wants().events?;
    let run = want.id.parse().expect("a full id");
    let tellings = told(tries);
    tell(state, News::Events { run, first: true, left_out: 0, tellings });
    Some(())
}

/// What a daemon tells of [`timed`]: `tries` more than the three that it shows.
pub fn told(tries: u64) -> Vec<Telling> {
    let at = |after: u64, path: Option<&str>, what: Said| {
        let path = path.map(|path| path.parse::<StepPath>().expect("a path"));
        Telling::new(Some(BEGAN + after), path, what)
    };
    let error = || {
        Arg::Error(ErrorView {
            code: "RPA0401".into(),
            class: "exit(2)".into(),
            message: "exited with 2: du: cannot read /mnt/архив".into(),
        })
    };
    let started =
        |step: &str, attempt: u64| said!("why-step-started", step = step, attempt = attempt);
    let retries = |attempt: u64, due: u64| {
        let due = Arg::Moment(BEGAN + due);
        said!("why-step-retries", step = "biggest", attempt = attempt, error = error(), due = due)
    };
    let done = |step: &str| said!("why-step-completed", step = step, tries = count(1));
    let by = "tihomir (console)";
    let mut all = vec![
        at(0, None, said!("why-accepted", by = by, revision = 3, priority = "high")),
        at(0, None, said!("why-started")),
        at(0, Some("usage"), started("usage", 1)),
        at(2_100, Some("usage"), done("usage")),
        at(2_110, Some("parse"), started("parse", 1)),
        at(2_110, Some("biggest"), started("biggest", 1)),
        at(2_512, Some("parse"), done("parse")),
        at(12_400, Some("biggest"), retries(1, 17_400)),
        at(17_400, Some("biggest"), started("biggest", 2)),
        at(31_000, Some("biggest"), retries(2, 41_000)),
        at(41_000, Some("biggest"), started("biggest", 3)),
        at(55_000, Some("biggest"), retries(3, 73_234)),
    ];
    for n in 0..tries {
        all.push(at(55_000 + n, Some("biggest"), started("biggest", 4 + n)));
        all.push(at(55_000 + n, Some("biggest"), retries(4 + n, 73_234)));
    }
    all.push(at(56_000, None, said!("why-pause-asked", by = "ann (cli)")));
    all.push(at(57_500, None, said!("why-resumed", by = "ann (cli)")));
    all
}
