//! When each step did what: the bars of the timeline, and which part of the time is seen.
//!
//! The beginning and the end of a step are its own; what was between them, tries and waits,
//! is told by the run's history, as far as that is known.

use rpa_ipc::view::StepView;
use rpa_ipc::why::Telling;

use super::{Focus, Lower, RunScreen, State, is_over};
use crate::console::view::layout;

/// The shortest time that is spread over the whole width.
const LEAST_MS: u64 = 20;
/// So often can the time that is seen be halved.
const MOST_ZOOM: u8 = 30;
/// Parts of the time that is seen that one step sideways goes.
const STEP: u64 = 4;

/// What part of the run's time is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// How often it was halved.
    pub zoom: u8,
    /// Where it begins, after the beginning of the run; `None`: at the end of a run that
    /// goes on.
    pub from_ms: Option<u64>,
}

/// A stretch of time, from a moment until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from_ms: u64,
    pub to_ms: u64,
}

impl Span {
    pub fn length(self) -> u64 {
        self.to_ms.saturating_sub(self.from_ms).max(1)
    }
}

/// What a step does for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// For time, others or people, or for its next try.
    Waits,
    Works,
    /// It is not known what became of it.
    Doubts,
}

/// Something that changes what a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Becomes(Part),
    /// A try has failed, and there is another.
    Retries,
    Ends,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub at_ms: u64,
    pub sort: Sort,
}

impl Sort {
    /// `None` of what changes nothing of that, and of what a newer daemon tells.
    pub fn of(telling: &Telling) -> Option<Sort> {
        Some(match telling.kind.as_str() {
            "step_started" | "step_called" | "body_began" | "turn_began" | "case_chosen"
            | "no_case_fits" | "loop_began" | "loop_asks" | "loop_gathers" | "undo_began" => {
                Sort::Becomes(Part::Works)
            }
            "step_waits"
            | "step_awaits"
            | "step_awaits_until"
            | "approval_asked"
            | "claims_begun"
            | "claim_waits"
            | "claim_waits_in_line"
            | "loop_pauses" => Sort::Becomes(Part::Waits),
            "step_doubted" => Sort::Becomes(Part::Doubts),
            "step_retries" | "step_again" => Sort::Retries,
            "step_completed" | "step_failed" | "step_cancelled" | "undone" | "not_undone" => {
                Sort::Ends
            }
            _ => return None,
        })
    }
}

/// The bar of a step: what it did when, and the moments of further tries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    pub parts: Vec<(Span, Part)>,
    pub retries: Vec<u64>,
}

/// Made of the step's own times and of what is told of it.
pub fn bar(step: &StepView, marks: &[Mark], now_ms: u64) -> Bar {
    let Some(started_ms) = step.started_ms else { return Bar::default() };
    let ended_ms = step.ended_ms.unwrap_or(now_ms).max(started_ms);
    let mut bar = Bar::default();
    let mut put = |from_ms: u64, to_ms: u64, part: Part| {
        let from_ms = from_ms.max(started_ms);
        let to_ms = to_ms.min(ended_ms);
        // what took no time is seen as well where it is all that there is
        if to_ms > from_ms || started_ms == ended_ms {
            bar.parts.push((Span { from_ms, to_ms: to_ms.max(from_ms + 1) }, part));
        }
    };
    let mut doing = Some((started_ms, first(step, marks)));
    for mark in marks {
        let next = match mark.sort {
            Sort::Becomes(part) => Some(part),
            Sort::Retries => Some(Part::Waits),
            Sort::Ends => None,
        };
        // before it began it did nothing, or waited for what it claims
        let at_ms = mark.at_ms.max(started_ms);
        if let Some((since_ms, part)) = doing {
            put(since_ms, at_ms, part);
        }
        doing = next.map(|part| (at_ms, part));
        if mark.sort == Sort::Retries {
            bar.retries.push(mark.at_ms);
        }
    }
    if let Some((since_ms, part)) = doing {
        let part = if step.ended_ms.is_none() { now(step).unwrap_or(part) } else { part };
        put(since_ms, ended_ms, part);
    }
    bar
}

/// What it did at the beginning, where nothing is told of that.
fn first(step: &StepView, marks: &[Mark]) -> Part {
    match marks.first() {
        None => now(step).unwrap_or(Part::Works),
        Some(_) => Part::Works,
    }
}

/// What its status says that it does.
fn now(step: &StepView) -> Option<Part> {
    match step.status.as_str() {
        "waiting" | "retrying" | "ready" => Some(Part::Waits),
        "in_doubt" => Some(Part::Doubts),
        "running" => Some(Part::Works),
        _ => None,
    }
}

/// The time of the whole run: until now while it goes on.
pub fn whole(state: &State, run: &RunScreen) -> Option<Span> {
    let summary = &run.detail.as_ref()?.summary;
    let from_ms = summary.started_ms.unwrap_or(summary.accepted_ms);
    let to_ms = summary.ended_ms.unwrap_or(state.now_ms).max(from_ms + LEAST_MS);
    Some(Span { from_ms, to_ms })
}

/// The part of it that is seen.
pub fn seen(state: &State, run: &RunScreen) -> Option<Span> {
    let whole = whole(state, run)?;
    let timeline = run.timeline;
    let length = (whole.length() >> timeline.zoom.min(MOST_ZOOM)).max(LEAST_MS);
    let latest = whole.to_ms.saturating_sub(length).max(whole.from_ms);
    let from_ms = match timeline.from_ms {
        Some(after) => whole.from_ms.saturating_add(after).min(latest),
        None => latest,
    };
    Some(Span { from_ms, to_ms: from_ms + length })
}

/// Opens the timeline, or closes it.
pub fn switch(state: &mut State) {
    let Some(run) = &mut state.run else { return };
    (run.focus, run.lower) = match run.lower {
        Lower::Timeline => (Focus::Steps, Lower::Log),
        Lower::Log | Lower::Data | Lower::Events => (Focus::Lower, Lower::Timeline),
    };
    run.zoom = false;
    super::moving::settle(state);
}

/// Less time over the same width, around the selected step; or more.
pub fn zoom(state: &mut State, closer: bool) {
    let Some(run) = &state.run else { return };
    let Some((whole, seen)) = whole(state, run).zip(seen(state, run)) else { return };
    let zoom = match closer {
        true if seen.length() / 2 < LEAST_MS => return,
        true => run.timeline.zoom + 1,
        false => run.timeline.zoom.saturating_sub(1),
    };
    let length = whole.length() >> zoom;
    // the selected step stays in sight; of one that is not, the middle does
    let began = run.selected().and_then(|step| step.started_ms);
    let in_sight = |ms: &u64| (seen.from_ms..seen.to_ms).contains(ms);
    let middle = began.filter(in_sight).unwrap_or(seen.from_ms + seen.length() / 2);
    let from = middle.saturating_sub(length / 2).saturating_sub(whole.from_ms);
    let goes_on = run.is_live() && run.timeline.from_ms.is_none() && began.is_none();
    let Some(run) = &mut state.run else { return };
    run.timeline.zoom = zoom;
    run.timeline.from_ms = (zoom > 0 && !goes_on).then_some(from);
}

/// An earlier part of the time, or a later one.
pub fn pan(state: &mut State, later: bool) {
    let Some(run) = &state.run else { return };
    let Some((whole, seen)) = whole(state, run).zip(seen(state, run)) else { return };
    let by = (seen.length() / STEP).max(1);
    let from = match later {
        true => seen.from_ms.saturating_add(by),
        false => seen.from_ms.saturating_sub(by).max(whole.from_ms),
    };
    let at_end = from + seen.length() >= whole.to_ms;
    let from = (!at_end || !run.is_live()).then_some(from - whole.from_ms);
    let Some(run) = &mut state.run else { return };
    run.timeline.from_ms = from.filter(|_| run.timeline.zoom > 0);
}

/// Whether the bars are on the screen.
pub fn is_shown(state: &State, run: &RunScreen) -> bool {
    run.detail.is_some() && !layout::run(state).timeline.is_empty()
}

/// Whether something of them grows.
pub fn grows(state: &State, run: &RunScreen) -> bool {
    let over = |run: &RunScreen| run.detail.as_ref().is_some_and(|d| is_over(&d.summary.status));
    is_shown(state, run) && !over(run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::tests::step;

    fn mark(at_ms: u64, sort: Sort) -> Mark {
        Mark { at_ms, sort }
    }

    fn parts(bar: &Bar) -> Vec<(u64, u64, Part)> {
        bar.parts.iter().map(|(span, part)| (span.from_ms, span.to_ms, *part)).collect()
    }

    #[test]
    fn tries_and_waits_are_parts_of_a_bar() {
        let mut view = step("a", "shell", 0);
        (view.started_ms, view.ended_ms) = (Some(100), Some(900));
        use Part::{Waits, Works};
        let marks = [
            mark(100, Sort::Becomes(Works)),
            mark(300, Sort::Retries),
            mark(500, Sort::Becomes(Works)),
            mark(900, Sort::Ends),
        ];
        let bar = bar(&view, &marks, 5_000);
        assert_eq!(parts(&bar), [(100, 300, Works), (300, 500, Waits), (500, 900, Works)]);
        assert_eq!(bar.retries, [300]);
    }

    #[test]
    fn without_a_history_there_is_the_time_of_the_step() {
        let mut view = step("a", "shell", 0);
        assert_eq!(bar(&view, &[], 9), Bar::default(), "it has not begun");
        view.started_ms = Some(100);
        view.status = "waiting".into();
        assert_eq!(parts(&bar(&view, &[], 400)), [(100, 400, Part::Waits)], "until now");
        (view.ended_ms, view.status) = (Some(100), "completed".into());
        assert_eq!(parts(&bar(&view, &[], 400)), [(100, 101, Part::Works)], "it took no time");
        // a clock that went back
        view.ended_ms = Some(50);
        assert_eq!(parts(&bar(&view, &[], 400)), [(100, 101, Part::Works)]);
    }

    #[test]
    fn what_a_step_waited_for_before_it_began_is_no_part_of_it() {
        let mut view = step("a", "shell", 0);
        (view.started_ms, view.status) = (Some(100), "running".into());
        let marks = [mark(20, Sort::Becomes(Part::Waits)), mark(100, Sort::Becomes(Part::Works))];
        assert_eq!(parts(&bar(&view, &marks, 150)), [(100, 150, Part::Works)]);
    }
}
