//! The methods. Each asks [`authorize`], then reads a snapshot or asks the driver.

use std::time::Duration;

use rpa_engine::catalog::Input as Change;
use rpa_engine::run::{Input, Resolution, Stands};
use rpa_engine::{Label, Map, RunId, Value};
use rpa_ipc::asking::{
    ApprovalView, ApprovalsQuery, BreakRequest, EventPublished, EventRequest, LockView, LocksQuery,
    PoolRequest, VoteRequest,
};
use rpa_ipc::catalog::{
    ApplyRequest, Changed, CloneRequest, HistoryQuery, ImportRequest, Imported, PlanRequest,
    Planned, RevisionName, RevisionView, RollbackRequest, SourceView, WorkflowName,
};
use rpa_ipc::doctor::Finding;
use rpa_ipc::fault::Said;
use rpa_ipc::notifications::{AckRequest, Acknowledged, NotificationPage, NotificationsQuery};
use rpa_ipc::overview::{FailuresView, Overview, OverviewQuery};
use rpa_ipc::recording::Recording;
use rpa_ipc::restored::{HeldPage, Released};
use rpa_ipc::service::{
    Decision, Doubts, DoubtsQuery, GivenValue, LogFindQuery, LogQuery, LogWindowQuery, Reply,
    RerunRequest, ResolveRequest, Rpad, RunRef, RunsQuery, SubmitRequest, WorkflowsQuery,
};
use rpa_ipc::triggers::{
    BackfillRequest, Backfilled, ComingSlot, DeliveriesQuery, DeliveryPage, FireRequest,
    LedgerQuery, LedgerView, Preview, PreviewQuery, SlotPage, SlotsQuery, TestRequest, Tested,
    TriggerRequest, TriggerView, TriggersQuery, UpcomingQuery,
};
use rpa_ipc::view::{
    Applied, LogFound, LogPage, LogWindow, Page, Resolved, RunDetail, RunSummary, Started,
    StatusView, StepDoubt, WorkflowView,
};
use rpa_ipc::why::{Why, WhyQuery, WhySlot, WhySlotQuery};
use rpa_ipc::{Fault, FaultCode, fault};
use tarpc::context::Context;
use tokio::time::{Instant, timeout_at};

use super::authorize::{Action, Allowed, authorize};
use super::growth::growth;
use super::peer::Peer;
use super::{
    Office, asking, catalog, deliveries, import, logs, notifications, overview, plan, recording,
    rerun, restored, runs, submit, triggers, views, why,
};
use crate::driver::{Answer, Message};
use crate::store::Reader;
use crate::variables;

/// Longest wait of one call.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The service for one connection.
#[derive(Clone, Debug)]
pub struct Desk {
    pub office: Office,
    pub peer: Peer,
}

impl Desk {
    fn allow(&self, action: Action) -> Result<Allowed, Fault> {
        authorize(&self.office.members, &self.peer, action)
    }
}

impl Rpad for Desk {
    async fn status(self, _: Context) -> Reply<StatusView> {
        self.allow(Action::ReadStatus)?;
        views::status(&self.office).await
    }

    async fn apply(self, _: Context, request: ApplyRequest) -> Reply<Applied> {
        let allowed = self.allow(Action::ApplyWorkflow)?;
        catalog::apply(&self.office, &allowed, request).await
    }

    async fn plan(self, _: Context, request: PlanRequest) -> Reply<Planned> {
        self.allow(Action::PlanWorkflow)?;
        plan::plan(&self.office, request).await
    }

    async fn publish(self, _: Context, revision: RevisionName) -> Reply<Changed> {
        let allowed = self.allow(Action::PublishRevision)?;
        let input = Change::Publish { revision: revision.revision };
        catalog::change(&self.office, &allowed, &revision.workflow, input).await
    }

    async fn enable(self, _: Context, workflow: WorkflowName) -> Reply<Changed> {
        let allowed = self.allow(Action::EnableWorkflow)?;
        catalog::change(&self.office, &allowed, &workflow, Change::Enable).await
    }

    async fn disable(self, _: Context, workflow: WorkflowName) -> Reply<Changed> {
        let allowed = self.allow(Action::DisableWorkflow)?;
        catalog::change(&self.office, &allowed, &workflow, Change::Disable).await
    }

    async fn archive(self, _: Context, workflow: WorkflowName) -> Reply<Changed> {
        let allowed = self.allow(Action::ArchiveWorkflow)?;
        catalog::change(&self.office, &allowed, &workflow, Change::Archive).await
    }

    async fn restore(self, _: Context, workflow: WorkflowName) -> Reply<Changed> {
        let allowed = self.allow(Action::RestoreWorkflow)?;
        catalog::change(&self.office, &allowed, &workflow, Change::Restore).await
    }

    async fn history(self, _: Context, query: HistoryQuery) -> Reply<Page<RevisionView>> {
        self.allow(Action::ReadRevisions)?;
        catalog::history(&self.office, query).await
    }

    async fn source(self, _: Context, revision: RevisionName) -> Reply<SourceView> {
        self.allow(Action::ReadRevisions)?;
        catalog::source(&self.office, revision).await
    }

    async fn rollback(self, _: Context, request: RollbackRequest) -> Reply<Applied> {
        let allowed = self.allow(Action::RollbackWorkflow)?;
        catalog::rollback(&self.office, &allowed, request).await
    }

    async fn clone_workflow(self, _: Context, request: CloneRequest) -> Reply<Applied> {
        let allowed = self.allow(Action::CloneWorkflow)?;
        catalog::clone_workflow(&self.office, &allowed, request).await
    }

    async fn import(self, _: Context, request: ImportRequest) -> Reply<Imported> {
        let allowed = self.allow(Action::ImportWorkflows)?;
        import::import(&self.office, &allowed, request).await
    }

    async fn namespaces(self, _: Context) -> Reply<Vec<String>> {
        self.allow(Action::ReadWorkflows)?;
        let names = views::read(&self.office, Reader::namespace_names).await?;
        let mut names: Vec<String> = names.iter().map(ToString::to_string).collect();
        names.sort_unstable();
        Ok(names)
    }

    async fn workflows(self, _: Context, query: WorkflowsQuery) -> Reply<Page<WorkflowView>> {
        self.allow(Action::ReadWorkflows)?;
        views::workflows(&self.office, query).await
    }

    async fn submit(self, _: Context, request: SubmitRequest) -> Reply<Started> {
        let allowed = self.allow(Action::StartRun)?;
        submit::submit(&self.office, &allowed, &self.peer, request).await
    }

    async fn rerun(self, _: Context, request: RerunRequest) -> Reply<Started> {
        let allowed = self.allow(Action::StartRun)?;
        rerun::rerun(&self.office, &allowed, &self.peer, request).await
    }

    async fn runs(self, _: Context, query: RunsQuery) -> Reply<Page<RunSummary>> {
        self.allow(Action::ReadRuns)?;
        runs::runs(&self.office, query).await
    }

    async fn failures(self, _: Context, query: RunsQuery) -> Reply<FailuresView> {
        self.allow(Action::ReadRuns)?;
        runs::failures(&self.office, query).await
    }

    async fn overview(self, _: Context, query: OverviewQuery) -> Reply<Overview> {
        self.allow(Action::ReadOverview)?;
        overview::overview(&self.office, query).await
    }

    async fn notifications(self, _: Context, query: NotificationsQuery) -> Reply<NotificationPage> {
        self.allow(Action::ReadNotifications)?;
        notifications::page(&self.office, query).await
    }

    async fn acknowledge(self, _: Context, request: AckRequest) -> Reply<Acknowledged> {
        let allowed = self.allow(Action::Acknowledge)?;
        notifications::acknowledge(&self.office, &allowed, request).await
    }

    async fn changes(self, _: Context, namespace: Label, seen: u64, wait_ms: u64) -> Reply<u64> {
        self.allow(Action::ReadChanges)?;
        let mut number = self.office.changes.numbers(&namespace);
        let changed = number.wait_for(|number| *number != seen);
        // when nothing has changed, that is the answer
        let _ = timeout_at(deadline(wait_ms), changed).await;
        Ok(*number.borrow())
    }

    async fn show(self, _: Context, run: RunRef) -> Reply<RunDetail> {
        self.allow(Action::ReadRuns)?;
        let id = views::find_run(&self.office, &run).await?;
        views::detail(&self.office, id).await
    }

    async fn recording(self, _: Context, run: RunRef) -> Reply<Recording> {
        self.allow(Action::RecordRun)?;
        let id = views::find_run(&self.office, &run).await?;
        recording::recording(&self.office, id).await
    }

    async fn watch(self, _: Context, run: RunRef, seen: u64, wait_ms: u64) -> Reply<RunDetail> {
        self.allow(Action::ReadRuns)?;
        let id = views::find_run(&self.office, &run).await?;
        let deadline = deadline(wait_ms);
        let watcher = self.office.changes.watch(id);
        loop {
            let changed = watcher.changed();
            let detail = views::detail(&self.office, id).await?;
            if detail.seq != seen {
                return Ok(detail);
            }
            if timeout_at(deadline, changed).await.is_err() {
                return Ok(detail);
            }
        }
    }

    async fn settled(self, _: Context, run: RunRef, wait_ms: u64) -> Reply<RunDetail> {
        self.allow(Action::ReadRuns)?;
        let id = views::find_run(&self.office, &run).await?;
        let watcher = self.office.changes.watch(id);
        let settled = watcher.settled();
        let look = move |reader: &Reader| {
            let row = reader.row(id)?;
            Ok(row.held || row.stands != Stands::Works || reader.status(&row)?.ended())
        };
        let has_settled = match views::glance(&self.office, look) {
            Some(seen) => seen,
            None => views::read(&self.office, look).await?,
        };
        if !has_settled {
            // one that has not settled by then is shown as it is
            let _ = timeout_at(deadline(wait_ms), settled).await;
        }
        views::detail(&self.office, id).await
    }

    async fn why(self, _: Context, query: WhyQuery) -> Reply<Why> {
        self.allow(Action::ReadReasons)?;
        let id = views::find_run(&self.office, &query.run).await?;
        why::why(&self.office, id, query).await
    }

    async fn log_page(self, _: Context, query: LogQuery) -> Reply<LogPage> {
        self.allow(Action::ReadLogs)?;
        let id = views::find_run(&self.office, &query.run).await?;
        logs::log_page(&self.office, id, &query).await
    }

    async fn log_window(self, _: Context, query: LogWindowQuery) -> Reply<LogWindow> {
        self.allow(Action::ReadLogs)?;
        let id = views::find_run(&self.office, &query.run).await?;
        if let Some(seen) = query.seen {
            growth(&self.office, id, seen, deadline(query.wait_ms)).await?;
        }
        logs::log_window(&self.office, id, &query).await
    }

    async fn log_find(self, _: Context, query: LogFindQuery) -> Reply<LogFound> {
        self.allow(Action::ReadLogs)?;
        let id = views::find_run(&self.office, &query.run).await?;
        logs::log_find(&self.office, id, query).await
    }

    async fn cancel(self, _: Context, run: RunRef) -> Reply<RunDetail> {
        let allowed = self.allow(Action::CancelRun)?;
        let id = views::find_run(&self.office, &run).await?;
        self.tell(id, Input::Cancel { by: allowed.actor().clone() }).await
    }

    async fn pause(self, _: Context, run: RunRef) -> Reply<RunDetail> {
        let allowed = self.allow(Action::PauseRun)?;
        let id = views::find_run(&self.office, &run).await?;
        self.tell(id, Input::Pause { by: allowed.actor().clone() }).await
    }

    async fn resume(self, _: Context, run: RunRef) -> Reply<RunDetail> {
        let allowed = self.allow(Action::PauseRun)?;
        let id = views::find_run(&self.office, &run).await?;
        self.tell(id, Input::Resume { by: allowed.actor().clone() }).await
    }

    async fn doubts(self, _: Context, query: DoubtsQuery) -> Reply<Page<StepDoubt>> {
        self.allow(Action::ReadDoubts)?;
        views::doubts(&self.office, query).await
    }

    async fn resolve(self, _: Context, request: ResolveRequest) -> Reply<Resolved> {
        let allowed = self.allow(Action::ResolveDoubt)?;
        let id = views::find_run(&self.office, &request.run).await?;
        let resolution = match request.decision {
            Decision::Retry => Resolution::Retry,
            Decision::Fail => Resolution::Fail,
            Decision::Done { output } => {
                let given = output.into_iter().map(|(name, given)| match given {
                    GivenValue::Text(text) => Ok((name, Value::Text(text))),
                    GivenValue::Typed(value) => {
                        let value = variables::plain(&name, value)?;
                        Ok((name, value))
                    }
                });
                let output = given
                    .collect::<Result<Map, Said>>()
                    .map_err(|problem| Fault::of(FaultCode::BadVariable, problem))?;
                let output = submit::spill(&self.office, id, output).await?;
                Resolution::Done { output }
            }
        };
        let by = allowed.actor().clone();
        let input = match request.doubts {
            Doubts::One(path) => Input::Resolve { path, resolution, by },
            Doubts::Below(path) => Input::ResolveAll { below: Some(path), resolution, by },
            Doubts::All => Input::ResolveAll { below: None, resolution, by },
        };
        let answer = self.office.inbox.ask(Message::Run { run: id, input }).await?;
        let Answer::Decided(decided) = answer else { return Err(bug(&format!("{answer:?}"))) };
        Ok(Resolved { decided, detail: views::detail(&self.office, id).await? })
    }

    async fn approvals(self, _: Context, query: ApprovalsQuery) -> Reply<Page<ApprovalView>> {
        self.allow(Action::ReadApprovals)?;
        asking::approvals(&self.office, query).await
    }

    async fn vote(self, _: Context, request: VoteRequest) -> Reply<RunDetail> {
        let allowed = self.allow(Action::Approve)?;
        asking::vote(&self.office, &allowed, &self.peer, request).await
    }

    async fn why_slot(self, _: Context, query: WhySlotQuery) -> Reply<WhySlot> {
        self.allow(Action::ReadTriggers)?;
        why::slot::why(&self.office, query).await
    }

    async fn locks(self, _: Context, query: LocksQuery) -> Reply<Vec<LockView>> {
        self.allow(Action::ReadLocks)?;
        asking::locks(&self.office, query).await
    }

    async fn triggers(self, _: Context, query: TriggersQuery) -> Reply<Vec<TriggerView>> {
        self.allow(Action::ReadTriggers)?;
        triggers::list(&self.office, query).await
    }

    async fn order_trigger(self, _: Context, request: TriggerRequest) -> Reply<TriggerView> {
        let allowed = self.allow(Action::OrderTrigger)?;
        triggers::order(&self.office, &allowed, request).await
    }

    async fn slots(self, _: Context, query: SlotsQuery) -> Reply<SlotPage> {
        self.allow(Action::ReadTriggers)?;
        triggers::slots(&self.office, query).await
    }

    async fn ledger(self, _: Context, query: LedgerQuery) -> Reply<Page<LedgerView>> {
        self.allow(Action::ReadTriggers)?;
        triggers::ledger(&self.office, query).await
    }

    async fn preview(self, _: Context, query: PreviewQuery) -> Reply<Preview> {
        self.allow(Action::ReadTriggers)?;
        triggers::preview(&self.office, query).await
    }

    async fn upcoming(self, _: Context, query: UpcomingQuery) -> Reply<Vec<ComingSlot>> {
        self.allow(Action::ReadTriggers)?;
        triggers::upcoming(&self.office, query).await
    }

    async fn deliveries(self, _: Context, query: DeliveriesQuery) -> Reply<DeliveryPage> {
        self.allow(Action::ReadTriggers)?;
        deliveries::page(&self.office, query).await
    }

    async fn fire(self, _: Context, request: FireRequest) -> Reply<Started> {
        let allowed = self.allow(Action::FireTrigger)?;
        deliveries::fire(&self.office, &allowed, &self.peer, request).await
    }

    async fn test_trigger(self, _: Context, request: TestRequest) -> Reply<Tested> {
        let allowed = self.allow(Action::ReadTriggers)?;
        deliveries::test(&self.office, &allowed, request).await
    }

    async fn backfill(self, _: Context, request: BackfillRequest) -> Reply<Backfilled> {
        let allowed = self.allow(Action::Backfill)?;
        triggers::backfill(&self.office, &allowed, request).await
    }

    async fn size_pool(self, _: Context, request: PoolRequest) -> Reply<()> {
        self.allow(Action::SizePool)?;
        asking::size_pool(&self.office, request).await
    }

    async fn break_lock(self, _: Context, request: BreakRequest) -> Reply<RunDetail> {
        let allowed = self.allow(Action::BreakLock)?;
        asking::break_lock(&self.office, &allowed, request).await
    }

    async fn publish_event(self, _: Context, request: EventRequest) -> Reply<EventPublished> {
        let allowed = self.allow(Action::PublishEvent)?;
        asking::publish(&self.office, &allowed, request).await
    }

    async fn held(self, _: Context, after: Option<RunId>) -> Reply<HeldPage> {
        self.allow(Action::ReadHeld)?;
        restored::held(&self.office, after).await
    }

    async fn resume_restored(self, _: Context) -> Reply<Released> {
        self.allow(Action::ResumeRestored)?;
        restored::resume(&self.office).await
    }

    async fn doctor(self, _: Context) -> Reply<Vec<Finding>> {
        self.allow(Action::Diagnose)?;
        crate::doctor::examine(&self.office).await
    }
}

impl Desk {
    /// A person's input to a run, and the run after it.
    async fn tell(&self, run: RunId, input: Input) -> Reply<RunDetail> {
        self.office.inbox.ask(Message::Run { run, input }).await?;
        views::detail(&self.office, run).await
    }
}

/// The end of a wait that a client asked for.
fn deadline(wait_ms: u64) -> Instant {
    Instant::now() + Duration::from_millis(wait_ms).min(LONGEST_WAIT)
}

pub fn bug(detail: &str) -> Fault {
    fault!(FaultCode::Internal, "unexpected", detail = detail)
}
