//! What comes to a run from outside: the ends of its attempts and of the runs that it
//! calls, the words of people, events. The test says all of it when it is asked for, and
//! the clock brings it.

use rpa_engine::run::{
    ApprovalRequest, Attempt, Input, News, Published, Run, RunEnd, StepState, Vote,
};
use rpa_engine::{
    Action, AttemptId, Call, Outcome, RunId, StepPath, StopReason, Value, Wait, WorkflowRef,
};

use super::answer::{Answer, answer, given};
use super::asked::{self, Coming};
use super::play::{Play, Stuck};

/// What comes from the world, and when; never by itself without a time.
pub(super) struct UnderWay {
    pub(super) ends_ms: Option<u64>,
    pub(super) what: FromOutside,
}

pub(super) enum FromOutside {
    Attempt {
        id: AttemptId,
        outcome: Outcome,
    },
    Called {
        path: StepPath,
        run: RunId,
        end: RunEnd,
    },
    /// `uses` results of the test are used up by it.
    Vote {
        path: StepPath,
        request: ApprovalRequest,
        vote: Vote,
        uses: usize,
    },
    Event {
        path: StepPath,
        event: Published,
        uses: usize,
    },
}

impl FromOutside {
    /// Whether a step of `run` still waits for it.
    pub(super) fn is_waited_for(&self, run: &Run) -> bool {
        match self {
            FromOutside::Attempt { .. } => true,
            FromOutside::Called { path, run: called, .. } => matches!(
                run.steps.get(path),
                Some(StepState::Calling(calling)) if calling.run == *called
            ),
            FromOutside::Vote { path, .. } => {
                matches!(run.steps.get(path), Some(StepState::Asking(_)))
            }
            FromOutside::Event { path, .. } => {
                matches!(run.steps.get(path), Some(StepState::Awaiting(_)))
            }
        }
    }
}

impl Play<'_> {
    pub(super) fn arrives(&mut self, what: FromOutside) -> Result<(), Stuck> {
        match what {
            FromOutside::Attempt { id, outcome } => {
                self.hand_in(Input::AttemptEnded { attempt: id, outcome })
            }
            FromOutside::Called { path, run, end } => {
                self.hand_in(Input::Called { path, run, news: News::Ended(end) })
            }
            FromOutside::Vote { path, request, vote, uses } => {
                self.use_up(&path, uses);
                let groups = asked::groups(&request);
                self.hand_in(Input::Vote { path, vote, groups, digest: request.digest })
            }
            FromOutside::Event { path, event, uses } => {
                self.use_up(&path, uses);
                self.expressions.records().publish(event.clone());
                self.hand_in(Input::Published { path, event: event.into() })
            }
        }
    }

    /// So many of the results that are given for the step are used.
    fn use_up(&mut self, path: &StepPath, uses: usize) {
        if let Some((place, _)) = given(self.test, path) {
            let used = self.used.entry(place).or_default();
            *used = uses.max(*used);
        }
    }

    pub(super) fn begin(&mut self, attempt: Attempt) -> Result<(), Stuck> {
        let Attempt { id, kind, input, timeout_ms, .. } = attempt;
        let input = self.load(input)?;
        let answer = match self.expressions.unseal(&input, &self.secrets) {
            Err(error) => {
                let outcome = Outcome::NeverStarted { error };
                Answer { outcome, takes_ms: 0, resolution: None }
            }
            Ok(unsealed) => {
                let nothing = Value::Null;
                let with = unsealed.value.get("with").unwrap_or(&nothing);
                let answered = answer(self.test, &id.path, id.number, &kind, with, timeout_ms);
                self.inputs.insert(id.path.clone(), unsealed.value.clone());
                answered.map_err(Stuck::NoResult)?
            }
        };
        if let Some(resolution) = answer.resolution {
            self.resolutions.insert((id.path.clone(), id.number), resolution);
        }
        let outcome = self.spilled(answer.outcome)?;
        let ends_ms = self.now_ms.saturating_add(answer.takes_ms);
        self.use_up(&id.path, id.number as usize);
        let what = FromOutside::Attempt { id, outcome };
        self.coming.push(UnderWay { ends_ms: Some(ends_ms), what });
        Ok(())
    }

    /// What would still run is ended on request.
    pub(super) fn stop(&mut self, id: &AttemptId, why: StopReason) {
        let now_ms = self.now_ms;
        for coming in &mut self.coming {
            if let FromOutside::Attempt { id: running, outcome } = &mut coming.what
                && running == id
                && coming.ends_ms.is_none_or(|ends_ms| ends_ms > now_ms)
            {
                *outcome = Outcome::Stopped { why };
                coming.ends_ms = Some(now_ms);
            }
        }
    }

    /// A step has called a run: it ends as the test says.
    pub(super) fn call(
        &mut self,
        path: &StepPath,
        number: u32,
        run: RunId,
        workflow: &WorkflowRef,
        input: &Value,
    ) -> Result<(), Stuck> {
        let with = input.get("with").cloned().unwrap_or_default();
        let input = self.load(Value::from([("with", with)]))?;
        let shown = match self.expressions.unseal(&input, &self.secrets) {
            Ok(unsealed) => unsealed.value,
            Err(_) => input,
        };
        self.inputs.insert(path.clone(), shown);
        let step = self.run.definition_of(path);
        let detached =
            |action: &Action| matches!(action, Action::Call(Call { detached: true, .. }));
        if step.is_some_and(|step| detached(&step.action)) {
            return Ok(());
        }
        let known = self.expressions.records().called().get(workflow);
        let end = asked::called(self.test, path, number, workflow, known);
        let (ends_ms, end) = match end.map_err(Stuck::NoResult)? {
            Some((takes_ms, end)) => (Some(self.now_ms.saturating_add(takes_ms)), end),
            None => (None, RunEnd::Cancelled),
        };
        let end = match end {
            RunEnd::Completed { outputs } => {
                RunEnd::Completed { outputs: self.spilled_map(outputs)? }
            }
            other @ (RunEnd::Failed { .. } | RunEnd::Cancelled) => other,
        };
        self.use_up(path, number as usize);
        let what = FromOutside::Called { path: path.clone(), run, end };
        self.coming.push(UnderWay { ends_ms, what });
        Ok(())
    }

    /// A run that a step has called ends on request, if it still goes on.
    pub(super) fn cancel_called(&mut self, called: RunId) {
        let now_ms = self.now_ms;
        for coming in &mut self.coming {
            if let FromOutside::Called { run, end, .. } = &mut coming.what
                && *run == called
                && coming.ends_ms.is_none_or(|ends_ms| ends_ms > now_ms)
            {
                *end = RunEnd::Cancelled;
                coming.ends_ms = Some(now_ms);
            }
        }
    }

    /// A step asks people: they decide as the test says.
    pub(super) fn ask(&mut self, path: &StepPath, request: &ApprovalRequest) -> Result<(), Stuck> {
        let show = self.load(Value::Map(request.shown.clone()))?;
        self.inputs.insert(path.clone(), asked::shown(request, show));
        let Some(Action::Approval(approval)) =
            self.run.definition_of(path).map(|step| &step.action)
        else {
            return Ok(());
        };
        let votes = asked::votes(self.test, path, approval, request, self.now_ms);
        let votes = votes.map_err(Stuck::NoResult)?;
        if let Some(stranger) = asked::stranger(self.test, path, request) {
            return Err(Stuck::NoApprover(stranger));
        }
        if votes.is_empty() {
            self.use_up(path, 1);
        }
        for Coming { at_ms, uses, word } in votes {
            let vote = Vote { fields: self.spilled_map(word.fields)?, ..word };
            let (path, request) = (path.clone(), request.clone());
            let what = FromOutside::Vote { path, request, vote, uses };
            self.coming.push(UnderWay { ends_ms: Some(at_ms), what });
        }
        Ok(())
    }

    /// A step waits: events come as the test says.
    pub(super) fn wait_for_events(&mut self, path: &StepPath) -> Result<(), Stuck> {
        let Some(Action::Wait(Wait::Event(awaited))) =
            self.run.definition_of(path).map(|step| &step.action)
        else {
            return Ok(());
        };
        let events = asked::events(self.test, path, &awaited.name, self.now_ms, self.events);
        let events = events.map_err(Stuck::NoResult)?;
        self.events = self.events.saturating_add(events.len() as u64);
        if events.is_empty() {
            self.use_up(path, 1);
        }
        for Coming { at_ms, uses, word } in events {
            let what = FromOutside::Event { path: path.clone(), event: word, uses };
            self.coming.push(UnderWay { ends_ms: Some(at_ms), what });
        }
        Ok(())
    }
}
