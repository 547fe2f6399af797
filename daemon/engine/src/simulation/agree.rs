//! Where runs stand, reckoned from their steps and from the runs that these have called.

use std::collections::{BTreeMap, BTreeSet};

use super::witness::Witness;
use crate::name::RunId;
use crate::run::{Gate, LoopStage, Phase, Run, RunStatus, Stands, StepState};

/// What goes on in a run.
#[derive(Default)]
struct Moves {
    /// It comes to an end by itself.
    ends: bool,
    /// It begins something as soon as it may.
    begins: bool,
    called: bool,
    waits: bool,
    doubts: bool,
    asks: bool,
}

fn moves(run: &Run, runs: &BTreeMap<RunId, Run>) -> Moves {
    let mut moves = Moves::default();
    for state in run.steps.values() {
        match state {
            StepState::Running { .. } | StepState::Confirmed { .. } | StepState::Closing { .. } => {
                moves.ends = true;
            }
            StepState::Ready | StepState::Retrying { .. } => moves.begins = true,
            StepState::Waiting { .. } => moves.waits = true,
            StepState::InDoubt { .. } => moves.doubts = true,
            StepState::Asking(_) => moves.asks = true,
            StepState::Looping(looping) => match looping.stage {
                LoopStage::Gathering => moves.ends = true,
                LoopStage::Asking => moves.begins = true,
                LoopStage::Pausing { .. } => moves.waits = true,
                LoopStage::Turning => {}
            },
            StepState::Claiming(claiming) if claiming.wanted.is_empty() => moves.begins = true,
            StepState::Awaiting(awaiting) if !awaiting.offered.is_empty() => moves.begins = true,
            StepState::Claiming(_) | StepState::Awaiting(_) => moves.waits = true,
            StepState::Calling(calling) => match stands(&runs[&calling.run], runs).1 {
                Stands::Works => moves.called = true,
                Stands::Asks => moves.asks = true,
                Stands::Doubts => moves.doubts = true,
            },
            StepState::Pending
            | StepState::Open { .. }
            | StepState::Completed { .. }
            | StepState::Failed { .. }
            | StepState::Skipped { .. }
            | StepState::Cancelled { .. } => {}
        }
    }
    moves
}

/// Its status, how it stands for its caller, and whether it takes a place.
fn stands(run: &Run, runs: &BTreeMap<RunId, Run>) -> (RunStatus, Stands, bool) {
    match run.phase {
        Phase::Queued => return (RunStatus::Queued, Stands::Works, false),
        Phase::Finishing { .. } => return (RunStatus::Running, Stands::Works, true),
        Phase::Ended { .. } => return (run.status(), Stands::Works, false),
        Phase::Active { .. } | Phase::Closing { .. } => {}
    }
    let m = moves(run, runs);
    if m.ends {
        (RunStatus::Running, Stands::Works, true)
    } else if run.paused.is_some() {
        (RunStatus::Paused, Stands::Works, false)
    } else if m.begins {
        (RunStatus::Running, Stands::Works, true)
    } else if m.called {
        (RunStatus::Running, Stands::Works, false)
    } else if m.waits {
        (RunStatus::Waiting, Stands::Works, false)
    } else if m.doubts {
        (RunStatus::InDoubt, Stands::Doubts, false)
    } else if m.asks {
        (RunStatus::Waiting, Stands::Asks, false)
    } else {
        (RunStatus::Running, Stands::Works, true)
    }
}

/// How many take a place.
pub(super) fn at_work(open: &BTreeSet<RunId>, runs: &BTreeMap<RunId, Run>) -> u32 {
    let at_work = open.iter().filter(|id| stands(&runs[id], runs).2).count();
    u32::try_from(at_work).expect("few")
}

impl Witness {
    /// What runs say of themselves and of those that they have called is so.
    pub(super) fn runs_agree(&self, hold: bool, runs: &BTreeMap<RunId, Run>) {
        let open = || self.open.iter().map(|id| &runs[id]);
        for run in open() {
            assert!(!matches!(run.phase, Phase::Ended { .. }), "it has ended unseen");
            let (status, stands_so, at_work) = stands(run, runs);
            assert_eq!(run.status(), status, "{run:#?}");
            assert_eq!(run.stands(), stands_so, "{run:#?}");
            assert_eq!(run.is_at_work(), at_work, "{run:#?}");
            let mut doubts = false;
            for (path, state) in &run.steps {
                match state {
                    StepState::InDoubt { .. } => doubts = true,
                    StepState::Calling(calling) => {
                        let (_, child, _) = stands(&runs[&calling.run], runs);
                        assert_eq!(calling.stands, child, "what {path} knows of its run");
                        doubts |= child == Stands::Doubts;
                    }
                    _ => {}
                }
            }
            assert_eq!(run.time.in_doubt_since_ms.is_some(), doubts, "its clock: {run:#?}");
        }
        let in_line = |run: &&Run| {
            run.phase == Phase::Queued && matches!(run.gate, Gate::Open | Gate::Held { .. })
        };
        if !hold && open().any(|run| in_line(&run)) {
            assert!(
                at_work(&self.open, runs) >= self.limit,
                "there is room in the queue, and a run waits"
            );
        }
    }
}
