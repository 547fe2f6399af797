//! What the daemon tells, taken in.

use rpa_ipc::view::{Applied, Resolved, Started};
use rpa_ipc::{Fault, FaultCode};

use super::{
    Done, Effect, News, Overlay, RunScreen, State, again, asked, bulk, editor, events, find,
    freeze, home, locks, moving, notifications, places, run_graph, runs, saved, triggers, vote,
    why, workflow,
};
use crate::console::command;
use crate::console::theme::Tone;
use crate::console::view::{layout, log_room};
use crate::say;

pub fn take(state: &mut State, news: News) -> Vec<Effect> {
    if freeze::lets_go(state, &news) {
        return Vec::new();
    }
    let height = layout::log_rows(state);
    match news {
        News::Up => {
            state.link.up();
            state.run.iter_mut().for_each(|run| run.log.refetch());
        }
        News::Lost(fault) => state.link.lost(fault, state.now_ms),
        News::Status(status) => state.status = Some(status),
        News::Workflows(rows) => {
            state.workflows.rows = rows;
            editor::list_drafts(state);
            state.workflows.known = true;
            moving::settle(state);
        }
        News::Runs { want, rows, more } => {
            // not the answer to a filter that is no longer the one
            if want.asks_the_same(&state.runs.want(state.now_ms)) {
                state.runs.rows = rows;
                state.runs.more = more;
                state.runs.known = true;
                state.runs.fault = None;
                moving::settle(state);
            }
        }
        News::Failures { want, view } => runs::got_groups(state, &want, view),
        News::Triggers(rows) => triggers::got(state, rows),
        News::TriggersRefused(fault) => state.triggers.fault = Some(fault),
        News::Trigger { want, view, past, more, coming } => {
            triggers::told(state, &want, view, past, more, coming);
        }
        News::TriggerRefused(fault) => {
            state.trigger.iter_mut().for_each(|open| open.fault = Some(fault.clone()));
        }
        News::Workflow { want, told } => workflow::told(state, &want, told),
        News::WorkflowRefused(fault) => {
            state.workflow.iter_mut().for_each(|open| open.fault = Some(fault.clone()));
        }
        News::Upcoming(slots) => triggers::got_upcoming(state, &slots),
        News::UpcomingRefused(fault) => state.upcoming.fault = Some(fault),
        News::Locks(all) => locks::got(state, all),
        News::Ledger { want, rows, more } => triggers::got_ledger(state, &want, rows, more),
        News::LedgerRefused(fault) => state.ledger.fault = Some(fault),
        News::Notifications { want, page } => notifications::got(state, want, page),
        News::NotificationsRefused(fault) => state.notifications.fault = Some(fault),
        News::LocksRefused(fault) => state.locks.fault = Some(fault),
        News::FoundRuns { want, rows, done } => find::got(state, want, rows, done),
        News::Overview(overview) => home::got(state, overview),
        News::OverviewRefused(fault) => state.home.fault = Some(fault),
        News::RunsRefused(fault) => state.runs.fault = Some(fault),
        News::Run(detail) => {
            if let Some(run) = state.run.as_mut().filter(|r| r.run == detail.summary.run) {
                run.got(detail);
                moving::settle(state);
                run_graph::renew(state);
                vote::renew(state);
            }
        }
        News::Asked { rows, more } => asked::got(state, rows, more),
        News::AskedRefused(fault) => state.asked.fault = Some(fault),
        News::RunRefused(fault) => state.run.iter_mut().for_each(|r| r.fault = Some(fault.clone())),
        News::Log { want, window } => {
            let is_it = |run: &&mut RunScreen| {
                run.run == want.run
                    && run.log_step() == want.step
                    && run.log.only_troubles == want.troubles
            };
            if let Some(run) = state.run.as_mut().filter(is_it) {
                run.log.got(window);
            }
            reveal(state);
        }
        News::LogGrew { run, total, bytes, ended } => {
            let open = state.run.iter_mut().filter(|r| r.run == run);
            open.for_each(|r| r.log.grew(total, bytes, ended));
        }
        News::LogRefused(fault) => {
            state.run.iter_mut().for_each(|run| run.log.fault = Some(fault.clone()));
        }
        News::Found { query, found } => {
            state.run.iter_mut().for_each(|run| run.log.found(&query, &found, height));
            reveal(state);
        }
        News::Why { query, why } => why::got(state, &query, why),
        News::WhyRefused(fault) => why::refused(state, fault),
        News::Events { run, first, left_out, tellings } => {
            if state.run.as_ref().is_some_and(|open| open.run == run) {
                events::got(state, first, left_out, tellings);
            }
        }
        News::EventsRefused(fault) => {
            state.run.iter_mut().for_each(|run| run.events.fault = Some(fault.clone()));
        }
        News::Done(done) => return finished(state, *done),
    }
    Vec::new()
}

pub(super) fn finished(state: &mut State, done: Done) -> Vec<Effect> {
    state.calls = state.calls.saturating_sub(1);
    if bulk::done(state, &done) {
        return Vec::new();
    }
    match done {
        Done::Started(Ok(view)) => started(state, &view),
        Done::ExampleApplied(Ok(applied)) => taken(state, &applied),
        Done::Again(again, Ok(started)) => {
            places::open_run(state, started.run);
            let (run, before) = (started.run.short(), again.run.short());
            let text = say!(state.words, "again-started", run = run, before = before);
            state.tell(Tone::Good, text, command::show(&state.namespace, started.run));
        }
        // a person decides, unless they are in another dialog
        Done::Again(again, Err(fault))
            if fault.code == FaultCode::WouldRepeat && state.overlay.is_none() =>
        {
            again::ask_to_repeat(state, vec![(again, fault)]);
        }
        Done::Cancelled(run, Ok(detail)) => {
            let status = say!(state.words, &format!("status-{}", detail.summary.status));
            let text = say!(state.words, "run-cancelled", run = run.short(), status = status);
            state.tell(Tone::Good, text, command::cancel(&state.namespace, &[run]));
            changed(state, detail);
        }
        Done::Paused(run, Ok(detail)) => {
            // steps that run go on: until they have ended its status does not tell
            let text = say!(state.words, "run-paused", run = run.short());
            state.tell(Tone::Good, text, command::resume(&state.namespace, &[run]));
            changed(state, detail);
        }
        Done::Resumed(run, Ok(detail)) => {
            let text = say!(state.words, "run-resumed", run = run.short());
            state.tell(Tone::Good, text, command::show(&state.namespace, run));
            changed(state, detail);
        }
        Done::Resolved(_, path, Ok(Resolved { decided, detail })) => {
            let text = match decided {
                0 | 1 => say!(state.words, "step-resolved", step = path.as_str()),
                _ => say!(state.words, "steps-resolved", step = path.as_str(), count = decided),
            };
            let command = command::show(&state.namespace, detail.summary.run);
            state.tell(Tone::Good, text, command);
            changed(state, detail);
        }
        Done::Voted(ballot, Ok(detail)) => {
            vote::done(state, &ballot, &detail);
            changed(state, detail);
        }
        Done::Ordered(name, wish, answer) => triggers::ordered(state, &name, &wish, answer),
        Done::Acknowledged(seen, answer) => notifications::acknowledged(state, &seen, answer),
        Done::Released(hold, answer) => return locks::released(state, &hold, answer),
        Done::PoolSized(name, size, answer) => return locks::sized(state, &name, size, answer),
        Done::Fired(trying, answer) => triggers::fired(state, &trying, answer),
        Done::Tested(trying, answer) => triggers::tested(state, &trying, answer),
        Done::LogWritten(wanted, answer) => return saved::written(state, &wanted, answer),
        Done::Backfilled(asking, dry_run, answer) => {
            triggers::backfilled(state, asking, dry_run, answer);
        }
        Done::Sources(name, what, answer) => workflow::sources_fetched(state, &name, what, answer),
        Done::Newest(way, answer) => return workflow::newest_fetched(state, way, answer),
        Done::Published(answer) => workflow::published(state, answer),
        Done::RolledBack(from, answer) => workflow::rolled_back(state, from, answer),
        Done::Planned(file, answer) => workflow::planned(state, &file, answer),
        Done::Applied(file, answer) => return workflow::applied(state, &file, answer),
        Done::Stale(file, newest) => workflow::stale(state, &file, &newest),
        // where it was said, unless somebody is elsewhere by now
        Done::Voted(ballot, Err(fault)) => match vote::refused(state, &ballot, &fault) {
            // what is asked now is to be read
            true if fault.code == FaultCode::OtherDigest => return vec![Effect::Refetch],
            true => {}
            false => refused(state, &fault),
        },
        Done::Started(Err(fault))
        | Done::ExampleApplied(Err(fault))
        | Done::Again(_, Err(fault))
        | Done::Cancelled(_, Err(fault))
        | Done::Paused(_, Err(fault))
        | Done::Resumed(_, Err(fault))
        | Done::Resolved(_, _, Err(fault)) => refused(state, &fault),
    }
    Vec::new()
}

/// The example is known to the daemon now, or something is wrong with it.
/// What a search has found may stand beyond the edge.
fn reveal(state: &mut State) {
    let hit = |run: &RunScreen| Some(log_room(state, run, run.log.aside()?));
    let room = state.run.as_ref().and_then(hit);
    if let (Some(room), Some(run)) = (room, &mut state.run) {
        run.log.reveal(room);
    }
}

fn taken(state: &mut State, applied: &Applied) {
    match applied {
        Applied::Accepted { workflow, .. } => {
            let text = say!(state.words, "welcome-applied", name = workflow.as_str());
            let command = command::run(&state.namespace, workflow, &[]);
            state.tell(Tone::Good, text, command);
        }
        Applied::Refused { problems } => {
            let first = problems.first().map_or("", |problem| problem.message.as_str());
            state.tell(Tone::Bad, first.to_owned(), command::example(&state.namespace));
        }
    }
}

/// A new run, opened.
pub(super) fn started(state: &mut State, started: &Started) {
    places::open_run(state, started.run);
    let (name, run) = (started.workflow.as_str(), started.run.short());
    let text = say!(state.words, "run-started", name = name, run = run);
    state.tell(Tone::Good, text, command::logs(&state.namespace, started.run, None, true));
}

fn changed(state: &mut State, detail: rpa_ipc::view::RunDetail) {
    if let Some(run) = state.run.as_mut().filter(|r| r.run == detail.summary.run) {
        run.got(detail);
        moving::settle(state);
        run_graph::renew(state);
        vote::renew(state);
    }
}

/// What was asked for was not done, or nobody knows: what can be done about it, and
/// the command that explains.
pub(super) fn refused(state: &mut State, fault: &Fault) {
    let text = super::fault_text(state, fault);
    let unknown = matches!(fault.code, FaultCode::Unreachable | FaultCode::Deadline);
    let command = match unknown {
        true => command::runs(&state.namespace, ""),
        false => format!("rpa explain {}", fault.code),
    };
    state.tell(Tone::Bad, text, command);
    // a dialog that somebody is in is not taken away
    if state.overlay.is_none() {
        state.overlay = Some(Overlay::Refusal(Box::new(fault.clone())));
    }
}
