//! Every text of the daemon's made harmless, before anything else sees it.
//!
//! Of what has a meaning to a terminal nothing is left. A line break may stand in
//! the messages and hints of faults and errors and in reasons, nowhere else: there
//! line breaks and tabs become blanks, and in log lines tabs are filled up to their
//! stops. Values stay as they are: a view shows them as JSON, by `json_safe`. So do the
//! sources of workflows, which are edited as they are: whoever shows lines of one makes
//! each of them harmless (`state/workflow/rows.rs`).

use rpa_ipc::Fault;
use rpa_ipc::asking::{ApprovalView, LockView};
use rpa_ipc::catalog::{
    Changed, ItemChange, PlanView, Planned, RevisionView, SourceView, Trace, WorkflowState,
};
use rpa_ipc::fault::{Arg, Said};
use rpa_ipc::notifications::NotificationView;
use rpa_ipc::overview::{FailureView, Overview};
use rpa_ipc::triggers::{ComingSlot, DeliveryView, SlotView, Tested, TriggerView};
use rpa_ipc::view::{
    Applied, ErrorView, LogLine, LogWindow, ProblemView, RunDetail, RunSummary, Started,
    StatusView, StepView, VariableView, WorkflowView,
};
use rpa_ipc::why::{Telling, Why};
use unicode_width::UnicodeWidthChar;

use crate::console::state::{Done, LedgerRow, News, Past, Unwritten, WorkflowTold};
use crate::definition::{Definition, Fact};
use crate::text::sanitize;

/// Longest text of a log line in bytes: a line of a megabyte is data.
const LONGEST_LINE: usize = 16 * 1024;
/// Columns from one tab stop to the next.
const TAB: usize = 8;

pub(super) fn news(news: &mut News) {
    match news {
        News::Up | News::LogGrew { .. } | News::Found { .. } => {}
        News::Lost(f)
        | News::RunsRefused(f)
        | News::AskedRefused(f)
        | News::TriggersRefused(f)
        | News::WorkflowRefused(f)
        | News::TriggerRefused(f)
        | News::UpcomingRefused(f)
        | News::RunRefused(f)
        | News::OverviewRefused(f)
        | News::LocksRefused(f)
        | News::LedgerRefused(f)
        | News::NotificationsRefused(f)
        | News::LogRefused(f)
        | News::WhyRefused(f)
        | News::EventsRefused(f) => fault(f),
        News::Status(view) => status(view),
        News::Workflows(rows) => rows.iter_mut().for_each(workflow),
        News::Runs { rows, .. } => rows.iter_mut().for_each(summary),
        News::Asked { rows, .. } => rows.iter_mut().for_each(approval),
        News::Triggers(rows) => rows.iter_mut().for_each(trigger),
        News::Trigger { view, past, coming: to_come, .. } => {
            trigger(view);
            match past {
                Past::Slots(slots) => slots.iter_mut().for_each(slot),
                Past::Deliveries(all) => all.iter_mut().for_each(delivery),
            }
            match to_come {
                Some(Ok(slots)) => slots.iter_mut().for_each(coming),
                Some(Err(f)) => fault(f),
                None => {}
            }
        }
        News::Workflow { told, .. } => one_workflow(told),
        News::Upcoming(slots) => slots.iter_mut().for_each(coming),
        News::Failures { view, .. } => view.groups.iter_mut().for_each(failure),
        News::Overview(view) => overview(view),
        News::Ledger { rows, .. } => rows.iter_mut().for_each(ledger),
        News::Locks(all) => all.iter_mut().for_each(lock),
        News::Notifications { page, .. } => page.items.iter_mut().for_each(notification),
        News::FoundRuns { rows, .. } => rows.iter_mut().for_each(summary),
        News::Run(view) => detail(view),
        News::Log { window, .. } => log(window),
        News::Why { why, .. } => reasons(why),
        News::Events { tellings, .. } => tellings.iter_mut().for_each(telling),
        News::Done(done) => match done.as_mut() {
            Done::Started(Ok(view)) | Done::Again(_, Ok(view)) | Done::Fired(_, Ok(view)) => {
                started(view);
            }
            Done::Tested(_, Ok(view)) => tested(view),
            Done::ExampleApplied(Ok(view)) => applied(view),
            Done::Cancelled(_, Ok(view))
            | Done::Paused(_, Ok(view))
            | Done::Resumed(_, Ok(view))
            | Done::Released(_, Ok(view))
            | Done::Voted(_, Ok(view)) => detail(view),
            Done::PoolSized(_, _, Ok(()))
            | Done::Acknowledged(_, Ok(_))
            | Done::LogWritten(_, Ok(_) | Err(Unwritten::Io(_))) => {}
            Done::Ordered(_, _, Ok(view)) => trigger(view),
            Done::Sources(_, _, Ok(views)) => views.iter_mut().for_each(source),
            Done::Newest(_, Ok(view)) => source(view),
            Done::Stale(_, view) => source(view),
            Done::Published(Ok(view)) => changed(view),
            Done::RolledBack(_, Ok(view)) | Done::Applied(_, Ok(view)) => applied(view),
            Done::Planned(_, Ok(view)) => planned(view),
            Done::Backfilled(_, _, Ok(view)) => view.slots.iter_mut().for_each(coming),
            Done::Resolved(_, _, Ok(view)) => detail(&mut view.detail),
            Done::Started(Err(f))
            | Done::LogWritten(_, Err(Unwritten::Refused(f)))
            | Done::Sources(_, _, Err(f))
            | Done::Newest(_, Err(f))
            | Done::Published(Err(f))
            | Done::RolledBack(_, Err(f))
            | Done::Applied(_, Err(f))
            | Done::ExampleApplied(Err(f))
            | Done::Planned(_, Err(f))
            | Done::Again(_, Err(f))
            | Done::Cancelled(_, Err(f))
            | Done::Paused(_, Err(f))
            | Done::Resumed(_, Err(f))
            | Done::Resolved(_, _, Err(f))
            | Done::Ordered(_, _, Err(f))
            | Done::Fired(_, Err(f))
            | Done::Released(_, Err(f))
            | Done::Acknowledged(_, Err(f))
            | Done::PoolSized(_, _, Err(f))
            | Done::Tested(_, Err(f))
            | Done::Backfilled(_, _, Err(f))
            | Done::Voted(_, Err(f)) => fault(f),
        },
    }
}

fn notification(view: &mut NotificationView) {
    let NotificationView { kind, severity, state, workflow, trigger, what, .. } = view;
    words([kind, severity, state, workflow, trigger]);
    spoken(what);
    words(view.acknowledged.iter_mut().map(|(_, who)| who));
    words(view.settled.iter_mut().map(|(_, how)| how));
}

fn fault(fault: &mut Fault) {
    lines([&mut fault.message, &mut fault.hint]);
    fault.context.iter_mut().for_each(|(name, value)| words([name, value]));
    // of these the same texts are made in another language
    fault.said.iter_mut().chain(&mut fault.advice).for_each(|said| spoken(said));
}

fn spoken(said: &mut Said) {
    words([&mut said.id]);
    for (name, arg) in &mut said.args {
        words([name]);
        match arg {
            Arg::Text(text) | Arg::Reason(text) => lines([text]),
            Arg::Error(view) => error(view),
            Arg::Count(_) | Arg::Moment(_) => {}
            // of a bounded depth: the codec sees to it
            Arg::Remarks(all) | Arg::Lines(all) => all.iter_mut().for_each(spoken),
        }
    }
}

fn reasons(why: &mut Why) {
    words([&mut why.workflow, &mut why.status]);
    why.now.iter_mut().chain(&mut why.tellings).for_each(telling);
}

fn telling(telling: &mut Telling) {
    words([&mut telling.kind]);
    lines([&mut telling.text]);
    spoken(&mut telling.what);
}

fn status(view: &mut StatusView) {
    words([
        &mut view.version,
        &mut view.instance,
        &mut view.state_dir,
        &mut view.socket,
        &mut view.state,
    ]);
    lines([&mut view.reason]);
    if let Some((_, file)) = &mut view.backup.last {
        words([file]);
    }
    if let Some((_, error)) = &mut view.backup.failed {
        lines([error]);
    }
    words([&mut view.backup.directory]);
    words(&mut view.http);
    words(view.runs.iter_mut().map(|(status, _)| status));
    if let Some(runner) = &mut view.runner {
        words([&mut runner.version, &mut runner.state]);
        lines([&mut runner.reason]);
    }
}

fn lock(view: &mut LockView) {
    words([&mut view.name]);
    for claim in view.holders.iter_mut().chain(&mut view.waiting) {
        words([&mut claim.workflow, &mut claim.status]);
    }
}

fn overview(view: &mut Overview) {
    words(view.counts.iter_mut().map(|(status, _)| status));
    view.failures.iter_mut().for_each(failure);
    view.doubts.iter_mut().chain(&mut view.open).for_each(summary);
}

fn failure(view: &mut FailureView) {
    words([&mut view.workflow, &mut view.alike, &mut view.step]);
    error(&mut view.error);
}

fn workflow(view: &mut WorkflowView) {
    words([&mut view.workflow, &mut view.description, &mut view.category, &mut view.applied_by]);
    standing(&mut view.state);
    words(&mut view.tags);
    view.variables.iter_mut().for_each(variable);
    for step in &mut view.steps {
        words([&mut step.id, &mut step.name, &mut step.kind]);
        words(&mut step.needs);
    }
    view.last_run.iter_mut().for_each(summary);
}

fn one_workflow(told: &mut WorkflowTold) {
    source(&mut told.source);
    definition(&mut told.definition);
    told.history.iter_mut().for_each(revision);
    told.runs.iter_mut().for_each(summary);
}

/// Not the text itself.
fn source(view: &mut SourceView) {
    revision(&mut view.revision);
    standing(&mut view.state);
}

fn revision(view: &mut RevisionView) {
    words([&mut view.workflow, &mut view.state, &mut view.file, &mut view.note]);
    trace(&mut view.made);
    view.published.iter_mut().for_each(trace);
    words([&mut view.cause.word]);
    words(&mut view.cause.workflow);
}

fn trace(trace: &mut Trace) {
    words([&mut trace.who, &mut trace.origin]);
}

fn definition(of: &mut Definition) {
    words([&mut of.priority]);
    of.unread.iter_mut().for_each(problem);
    for step in &mut of.steps {
        words([&mut step.path, &mut step.label, &mut step.name, &mut step.kind, &mut step.effect]);
        words(step.needs.iter_mut().flat_map(|(path, when)| [path, when]));
        words(&mut step.condition);
        for fact in &mut step.facts {
            match fact {
                Fact::Fallback(text)
                | Fact::Tokens(text, _)
                | Fact::Until(text)
                | Fact::While(text)
                | Fact::Event(text)
                | Fact::Calls(text) => words([text]),
                Fact::Retry(_)
                | Fact::TimeoutMs(_)
                | Fact::Continue
                | Fact::Undone(_)
                | Fact::Lock
                | Fact::Parallel(_)
                | Fact::Turns(_)
                | Fact::WaitMs(_)
                | Fact::WaitUntil
                | Fact::Approvals(_) => {}
            }
        }
    }
}

fn changed(view: &mut Changed) {
    words([&mut view.workflow]);
    standing(&mut view.state);
}

fn applied(view: &mut Applied) {
    match view {
        Applied::Accepted { workflow, warnings, .. } => {
            words([workflow]);
            warnings.iter_mut().for_each(problem);
        }
        Applied::Refused { problems } => problems.iter_mut().for_each(problem),
    }
}

fn problem(view: &mut ProblemView) {
    words([&mut view.code, &mut view.file]);
    lines([&mut view.message, &mut view.hint]);
}

fn planned(view: &mut Planned) {
    match view {
        Planned::Plan(plan) => self::plan(plan),
        Planned::Refused { problems } => problems.iter_mut().for_each(problem),
    }
}

fn plan(view: &mut PlanView) {
    words([&mut view.workflow, &mut view.word]);
    view.state.iter_mut().for_each(standing);
    words(&mut view.keys);
    for ItemChange { name, word, keys } in
        view.steps.iter_mut().chain(&mut view.variables).chain(&mut view.triggers)
    {
        words([name, word]);
        words(keys);
    }
    for fires in &mut view.fires {
        words([&mut fires.trigger, &mut fires.before.timezone, &mut fires.after.timezone]);
    }
    words(view.secrets.iter_mut().map(|secret| &mut secret.name));
    words(view.runs.iter_mut().map(|(status, _)| status));
    words(&mut view.dependents);
    view.warnings.iter_mut().for_each(problem);
}

fn variable(view: &mut VariableView) {
    words([&mut view.name, &mut view.kind, &mut view.description]);
}

fn standing(state: &mut WorkflowState) {
    words([&mut state.word]);
    words(state.change.iter_mut().flat_map(|change| [&mut change.who, &mut change.origin]));
}

fn summary(view: &mut RunSummary) {
    words([
        &mut view.workflow,
        &mut view.status,
        &mut view.actor,
        &mut view.origin,
        &mut view.at_step,
    ]);
    words(&mut view.broken);
    words(&mut view.turned_away);
    words(&mut view.alike);
    view.error.iter_mut().for_each(error);
}

fn detail(view: &mut RunDetail) {
    summary(&mut view.summary);
    let values = [&mut view.inputs, &mut view.variables, &mut view.outputs];
    words(values.into_iter().flatten().map(|(name, _)| name));
    view.steps.iter_mut().for_each(step);
    standing(&mut view.workflow_state);
    view.declared.iter_mut().for_each(variable);
    words(&mut view.masked);
    words([&mut view.log_path]);
    lines([&mut view.gate]);
}

fn step(view: &mut StepView) {
    words([&mut view.id, &mut view.name, &mut view.kind, &mut view.effect, &mut view.status]);
    words(&mut view.needs);
    lines([&mut view.reason]);
    view.error.iter_mut().for_each(error);
    view.approval.iter_mut().for_each(|asked| approval(asked));
    words(&mut view.holds);
}

/// What is approved, as any other value: made harmless where it is shown.
fn approval(view: &mut ApprovalView) {
    words([&mut view.workflow, &mut view.started_by, &mut view.digest]);
    words(&mut view.approvers);
    lines([&mut view.message]);
    words(view.shown.iter_mut().map(|(name, _)| name));
    view.form.iter_mut().for_each(variable);
    for vote in &mut view.votes {
        words([&mut vote.by, &mut vote.at]);
        lines([&mut vote.comment]);
        words(vote.fields.iter_mut().map(|(name, _)| name));
    }
}

fn trigger(view: &mut TriggerView) {
    words([
        &mut view.workflow,
        &mut view.trigger,
        &mut view.description,
        &mut view.kind,
        &mut view.what,
        &mut view.timezone,
        &mut view.status,
    ]);
    words(&mut view.cron);
    view.why.iter_mut().for_each(spoken);
    view.next.iter_mut().for_each(coming);
    view.last.iter_mut().for_each(slot);
    view.cadence.iter_mut().for_each(spoken);
    view.rejected.iter_mut().for_each(|rejected| spoken(&mut rejected.why));
}

fn tested(view: &mut Tested) {
    trigger(&mut view.trigger);
    for asked in view.fits.iter_mut().chain(&mut view.wanted) {
        if let Err(f) = asked {
            fault(f);
        }
    }
    match &mut view.variables {
        Ok(variables) => words(variables.iter_mut().flat_map(|(name, json)| [name, json])),
        Err(f) => fault(f),
    }
    words([&mut view.facts]);
}

fn coming(slot: &mut ComingSlot) {
    words([&mut slot.workflow, &mut slot.trigger]);
    slot.passed.iter_mut().for_each(spoken);
}

fn slot(slot: &mut SlotView) {
    words([&mut slot.fate]);
    slot.reason.iter_mut().for_each(spoken);
}

fn ledger(row: &mut LedgerRow) {
    words([&mut row.name.workflow, &mut row.name.trigger, &mut row.what, &mut row.became]);
    row.reason.iter_mut().for_each(spoken);
}

fn delivery(view: &mut DeliveryView) {
    words([&mut view.what, &mut view.outcome]);
    view.reason.iter_mut().for_each(spoken);
}

fn error(view: &mut ErrorView) {
    words([&mut view.code, &mut view.class]);
    lines([&mut view.message]);
}

fn started(view: &mut Started) {
    words([&mut view.workflow, &mut view.status]);
}

fn log(window: &mut LogWindow) {
    for line in &mut window.lines {
        let LogLine { path, stream, level, text, .. } = line;
        words([path, stream, level]);
        *text = log_text(text);
    }
}

/// Texts of one line.
fn words<'a>(texts: impl IntoIterator<Item = &'a mut String>) {
    for text in texts {
        let blank = |c: char| matches!(c, '\n' | '\r' | '\t');
        if text.contains(blank) {
            *text = text.trim_end().replace(blank, " ");
        }
        replace(text);
    }
}

/// Texts that may have several lines.
fn lines<'a>(texts: impl IntoIterator<Item = &'a mut String>) {
    for text in texts {
        if !text.contains(['\n', '\t']) {
            replace(text);
            continue;
        }
        let clean = text.lines().map(|line| sanitize(&line.replace('\t', " ")).into_owned());
        *text = clean.collect::<Vec<_>>().join("\n");
    }
}

fn replace(text: &mut String) {
    if let std::borrow::Cow::Owned(clean) = sanitize(text) {
        *text = clean;
    }
}

/// The text of a log line: bounded, harmless, tabs filled up to their stops.
fn log_text(text: &str) -> String {
    let kept = &text[..text.floor_char_boundary(LONGEST_LINE)];
    let mut clean = with_stops(&sanitize(kept));
    let cut = text.len() - kept.len();
    if cut > 0 {
        clean.push_str(&format!("… +{} KiB", cut.div_ceil(1024)));
    }
    clean
}

fn with_stops(text: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        let cells = match c {
            '\t' => TAB - column % TAB,
            c => c.width().unwrap_or(0),
        };
        match c {
            '\t' => filled.extend(std::iter::repeat_n(' ', cells)),
            c => filled.push(c),
        }
        column += cells;
    }
    filled
}

#[cfg(test)]
mod tests;
