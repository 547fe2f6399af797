//! The calls of the test daemon.

use std::time::Duration;

use rpa_engine::{Label, RunId};
use rpa_ipc::asking::{
    ApprovalView, ApprovalsQuery, BreakRequest, EventPublished, EventRequest, LockView, LocksQuery,
    PoolRequest, VoteRequest,
};
use rpa_ipc::catalog::{
    ApplyRequest, Changed, CloneRequest, HistoryQuery, ImportRequest, Imported, ImportedFile,
    PlanRequest, Planned, RevisionName, RevisionView, RollbackRequest, SourceView, WorkflowName,
};
use rpa_ipc::doctor::Finding;
use rpa_ipc::notifications::{AckRequest, Acknowledged, NotificationPage, NotificationsQuery};
use rpa_ipc::overview::{FailuresView, Overview, OverviewQuery};
use rpa_ipc::recording::Recording;
use rpa_ipc::restored::{HeldPage, Released};
use rpa_ipc::service::{
    DoubtsQuery, LogAnchor, LogFindQuery, LogQuery, LogWindowQuery, Reply, RerunRequest,
    ResolveRequest, Rpad, RunRef, RunsQuery, SubmitRequest, WorkflowsQuery,
};
use rpa_ipc::triggers::{
    BackfillRequest, Backfilled, ComingSlot, DeliveriesQuery, DeliveryPage, FireRequest,
    LedgerQuery, LedgerView, Preview, PreviewQuery, SlotPage, SlotsQuery, TestRequest, Tested,
    TriggerRef, TriggerRequest, TriggerView, TriggerWish, TriggersQuery, UpcomingQuery,
};
use rpa_ipc::view::{
    Applied, LogFound, LogPage, LogWindow, Page, Resolved, RunDetail, RunSummary, Started,
    StatusView, StepDoubt, WorkflowView,
};
use rpa_ipc::why::{Why, WhyQuery, WhySlot, WhySlotQuery};
use rpa_ipc::{Fault, FaultCode};
use tarpc::context::Context;

use super::{Daemon, stream};
use crate::sample;

impl Rpad for Daemon {
    async fn held(self, _: Context, _: Option<RunId>) -> Reply<HeldPage> {
        Ok(HeldPage { restored: None, runs: Vec::new(), next: None })
    }

    async fn resume_restored(self, _: Context) -> Reply<Released> {
        Ok(Released { runs: 0, more: false })
    }

    async fn doctor(self, _: Context) -> Reply<Vec<Finding>> {
        Ok(Vec::new())
    }

    async fn status(self, _: Context) -> Reply<StatusView> {
        Ok(sample::status())
    }

    async fn apply(self, _: Context, request: ApplyRequest) -> Reply<Applied> {
        let mut state = self.state();
        state.applies.push(request);
        if state.applied.is_empty() {
            let revision = u32::try_from(state.applies.len()).expect("small");
            let workflow = format!("default/w{revision}");
            return Ok(accepted(workflow, revision));
        }
        Ok(state.applied.remove(0))
    }

    async fn plan(self, _: Context, _: PlanRequest) -> Reply<Planned> {
        Ok(Planned::Plan(Box::new(sample::plan())))
    }

    async fn publish(self, _: Context, revision: RevisionName) -> Reply<Changed> {
        changed(&revision.workflow, "live")
    }

    async fn enable(self, _: Context, workflow: WorkflowName) -> Reply<Changed> {
        changed(&workflow, "live")
    }

    async fn disable(self, _: Context, workflow: WorkflowName) -> Reply<Changed> {
        changed(&workflow, "disabled")
    }

    async fn archive(self, _: Context, workflow: WorkflowName) -> Reply<Changed> {
        changed(&workflow, "archived")
    }

    async fn restore(self, _: Context, workflow: WorkflowName) -> Reply<Changed> {
        changed(&workflow, "live")
    }

    async fn history(self, _: Context, _: HistoryQuery) -> Reply<Page<RevisionView>> {
        let items = vec![sample::revision(4, "draft"), sample::revision(3, "live")];
        Ok(Page { items, next: None })
    }

    async fn source(self, _: Context, revision: RevisionName) -> Reply<SourceView> {
        let number = revision.revision.unwrap_or(3);
        Ok(SourceView {
            revision: sample::revision(number, if number == 3 { "live" } else { "published" }),
            source: format!("version: 1\nname: disk-report\ndescription: {number}\n"),
            state: sample::state("live"),
        })
    }

    async fn rollback(self, _: Context, request: RollbackRequest) -> Reply<Applied> {
        Ok(accepted(format!("default/{}", request.workflow.name), 4))
    }

    async fn clone_workflow(self, _: Context, request: CloneRequest) -> Reply<Applied> {
        Ok(accepted(format!("default/{}", request.new), 1))
    }

    async fn import(self, _: Context, request: ImportRequest) -> Reply<Imported> {
        let imported = |file: &rpa_ipc::catalog::ImportFile| ImportedFile {
            workflow: format!("{}/{}", file.namespace, file.name),
            file: file.file.clone(),
            revision: 1,
            changed: true,
        };
        let files = request.files.iter().map(imported).collect();
        self.state().imports.push(request);
        Ok(Imported::Done { files })
    }

    async fn namespaces(self, _: Context) -> Reply<Vec<String>> {
        Ok(vec!["default".into(), "ops".into()])
    }

    async fn workflows(self, _: Context, _: WorkflowsQuery) -> Reply<Page<WorkflowView>> {
        Ok(Page { items: vec![sample::workflow()], next: None })
    }

    async fn submit(self, _: Context, request: SubmitRequest) -> Reply<Started> {
        if request.workflow == "nope" {
            return Err(Fault::new(FaultCode::NoWorkflow, "there is no workflow default/nope"));
        }
        let (repeated, lost) = {
            let mut state = self.state();
            let repeated = state.submits.iter().any(|s| s.request_id == request.request_id);
            state.submits.push(request);
            let lost = state.lost_answers > 0;
            state.lost_answers = state.lost_answers.saturating_sub(1);
            (repeated, lost)
        };
        if lost {
            self.cut.notify_waiters();
            std::future::pending::<()>().await;
        }
        let summary = &self.state().detail.summary;
        let workflow = summary.workflow.clone();
        Ok(Started { run: summary.run, workflow, status: "queued".into(), repeated })
    }

    async fn runs(self, _: Context, query: RunsQuery) -> Reply<Page<RunSummary>> {
        let mut state = self.state();
        if let Some(page) = state.pages.pop_front() {
            state.lists.push(query);
            return Ok(page);
        }
        if query.cursor.is_some() {
            return Err(Fault::new(FaultCode::BadCursor, "the cursor is not from this list"));
        }
        state.lists.push(query);
        Ok(Page { items: vec![state.detail.summary.clone()], next: Some("c2".into()) })
    }

    async fn changes(self, _: Context, _: Label, seen: u64, wait_ms: u64) -> Reply<u64> {
        let mut changes = self.changes.subscribe();
        let changed = changes.wait_for(|number| *number != seen);
        let waited = tokio::time::timeout(Duration::from_millis(wait_ms), changed).await;
        // of a sender that is gone nothing is to be told
        Ok(waited.map_or(seen, |number| number.map_or(seen, |number| *number)))
    }

    async fn show(self, _: Context, run: RunRef) -> Reply<RunDetail> {
        self.found(&run)
    }

    async fn recording(self, _: Context, _: RunRef) -> Reply<Recording> {
        Err(Fault::new(FaultCode::NoRun, "nothing is recorded here"))
    }

    async fn watch(self, _: Context, run: RunRef, seen: u64, wait_ms: u64) -> Reply<RunDetail> {
        self.state().watches += 1;
        let mut changes = self.changes.subscribe();
        let changed =
            async { while self.state().detail.seq == seen && changes.changed().await.is_ok() {} };
        let _ = tokio::time::timeout(Duration::from_millis(wait_ms), changed).await;
        self.found(&run)
    }

    async fn settled(self, _: Context, run: RunRef, wait_ms: u64) -> Reply<RunDetail> {
        self.state().watches += 1;
        let mut changes = self.changes.subscribe();
        let settled = |run: &RunSummary| {
            run.needs_person || !matches!(run.status.as_str(), "queued" | "running" | "waiting")
        };
        let settled = async {
            while !settled(&self.state().detail.summary) && changes.changed().await.is_ok() {}
        };
        let _ = tokio::time::timeout(Duration::from_millis(wait_ms), settled).await;
        self.found(&run)
    }

    async fn why(self, _: Context, query: WhyQuery) -> Reply<Why> {
        self.found(&query.run)?;
        // two pages, the first of which has nothing
        let why = sample::why();
        Ok(match query.cursor {
            None => Why { tellings: Vec::new(), ..why },
            Some(_) => Why { now: Vec::new(), next: None, ..why },
        })
    }

    async fn why_slot(self, _: Context, query: WhySlotQuery) -> Reply<WhySlot> {
        Ok(WhySlot { at_ms: query.at_ms, ..sample::why_slot() })
    }

    async fn log_page(self, _: Context, query: LogQuery) -> Reply<LogPage> {
        self.found(&query.run)?;
        Ok(stream::page(&self.state(), &query))
    }

    async fn log_window(self, _: Context, query: LogWindowQuery) -> Reply<LogWindow> {
        if let Some(seen) = query.seen {
            let mut changes = self.changes.subscribe();
            let is_new = |state: &super::State| {
                let over = stream::is_over(&state.detail.summary.status);
                over || state.log.len() as u64 != seen
            };
            let changed =
                async { while !is_new(&self.state()) && changes.changed().await.is_ok() {} };
            let _ = tokio::time::timeout(Duration::from_millis(query.wait_ms), changed).await;
        }
        let detail = self.found(&query.run)?;
        let state = self.state();
        let total = state.log.len() as u64;
        let anchor = match query.anchor {
            LogAnchor::Tail => total,
            LogAnchor::Line(line) => line.min(total),
        };
        let from = anchor.saturating_sub(query.before.into());
        let to = (anchor + u64::from(query.after)).min(total);
        let lines = state.log.iter().filter(|line| (from..to).contains(&line.number)).cloned();
        let ended = stream::is_over(&detail.summary.status);
        Ok(LogWindow { lines: lines.collect(), from, to, total, bytes: total * 80, ended })
    }

    async fn log_find(self, _: Context, query: LogFindQuery) -> Reply<LogFound> {
        self.found(&query.run)?;
        let state = self.state();
        let mut holding = state.log.iter().filter(|line| line.text.contains(&query.text));
        let line = match query.backwards {
            true => holding.rfind(|line| line.number <= query.from),
            false => holding.find(|line| line.number >= query.from),
        };
        let end = if query.backwards { 0 } else { state.log.len() as u64 };
        Ok(LogFound { line: line.map(|line| line.number), next: end, done: line.is_none() })
    }

    async fn cancel(self, _: Context, run: RunRef) -> Reply<RunDetail> {
        let mut detail = self.found(&run)?;
        detail.summary.status = "cancelled".into();
        Ok(detail)
    }

    async fn rerun(self, _: Context, request: RerunRequest) -> Reply<Started> {
        let detail = self.found(&request.run)?;
        if request.from.as_deref() == Some("mail") && !request.repeat_once {
            return Err(Fault::new(FaultCode::WouldRepeat, "steps would run again: mail"));
        }
        let RunSummary { run, workflow, .. } = detail.summary;
        Ok(Started { run, workflow, status: "queued".into(), repeated: false })
    }

    async fn pause(self, _: Context, run: RunRef) -> Reply<RunDetail> {
        let mut detail = self.found(&run)?;
        detail.summary.status = "paused".into();
        Ok(detail)
    }

    async fn resume(self, _: Context, run: RunRef) -> Reply<RunDetail> {
        self.found(&run)
    }

    async fn doubts(self, _: Context, _: DoubtsQuery) -> Reply<Page<StepDoubt>> {
        Ok(Page { items: vec![sample::doubt()], next: None })
    }

    async fn resolve(self, _: Context, request: ResolveRequest) -> Reply<Resolved> {
        let detail = self.found(&request.run)?;
        self.state().resolves.push(request);
        Ok(Resolved { decided: 3, detail })
    }

    async fn approvals(self, _: Context, _: ApprovalsQuery) -> Reply<Page<ApprovalView>> {
        Ok(Page { items: vec![sample::approval()], next: None })
    }

    async fn vote(self, _: Context, request: VoteRequest) -> Reply<RunDetail> {
        let detail = self.found(&request.run);
        self.state().votes.push(request);
        detail
    }

    async fn failures(self, _: Context, _: RunsQuery) -> Reply<FailuresView> {
        let view = sample::overview();
        Ok(FailuresView { groups: view.failures, failed: view.failed, cut: false })
    }

    async fn overview(self, _: Context, query: OverviewQuery) -> Reply<Overview> {
        self.state().overviews.push(query);
        Ok(sample::overview())
    }

    async fn locks(self, _: Context, _: LocksQuery) -> Reply<Vec<LockView>> {
        Ok(sample::locks())
    }

    async fn size_pool(self, _: Context, request: PoolRequest) -> Reply<()> {
        self.state().pools.push(request);
        Ok(())
    }

    async fn break_lock(self, _: Context, request: BreakRequest) -> Reply<RunDetail> {
        let detail = self.found(&request.run);
        self.state().breaks.push(request);
        detail
    }

    async fn publish_event(self, _: Context, request: EventRequest) -> Reply<EventPublished> {
        let took = u32::from(request.name == "order.paid");
        self.state().events.push(request);
        let id = "019db7b6-7a20-7222-8333-444455558888".into();
        Ok(EventPublished { id, triggers: 0, waited: took, took, looking: 0 })
    }

    async fn triggers(self, _: Context, _: TriggersQuery) -> Reply<Vec<TriggerView>> {
        Ok(sample::triggers())
    }

    async fn order_trigger(self, _: Context, request: TriggerRequest) -> Reply<TriggerView> {
        // after a restore what a person says changes nothing of that
        let status = match &request.wish {
            _ if request.of.workflow == "mail" => "held",
            TriggerWish::Enable | TriggerWish::Resume => "armed",
            TriggerWish::Disable { .. } => "disabled",
            TriggerWish::Pause { .. } => "paused",
        };
        self.state().orders.push(request);
        Ok(sample::trigger(status))
    }

    async fn slots(self, _: Context, query: SlotsQuery) -> Reply<SlotPage> {
        if query.of.workflow == "nope" {
            return Err(Fault::new(FaultCode::NoTrigger, "default/nope has no triggers"));
        }
        let delivers = is_delivered_to(&query.of);
        self.state().slots.push(query);
        // as the daemon answers who asks for the slots of one that has none
        Ok(match delivers {
            true => SlotPage { trigger: hearing(), slots: Vec::new(), next_ms: None },
            false => sample::slots(),
        })
    }

    async fn notifications(self, _: Context, _: NotificationsQuery) -> Reply<NotificationPage> {
        Ok(NotificationPage::default())
    }

    async fn acknowledge(self, _: Context, request: AckRequest) -> Reply<Acknowledged> {
        let count = request.ids.map_or(0, |ids| ids.len() as u64);
        Ok(Acknowledged { count, missing: Vec::new() })
    }

    async fn ledger(self, _: Context, query: LedgerQuery) -> Reply<Page<LedgerView>> {
        let items = sample::ledger().into_iter().take(query.limit as usize).collect();
        self.state().ledgers.push(query);
        Ok(Page { items, next: Some("7:s7:disk-report:nightly".into()) })
    }

    async fn deliveries(self, _: Context, query: DeliveriesQuery) -> Reply<DeliveryPage> {
        let delivers = is_delivered_to(&query.of);
        self.state().deliveries.push(query);
        let page = sample::deliveries();
        Ok(if delivers { DeliveryPage { trigger: hearing(), ..page } } else { page })
    }

    async fn fire(self, _: Context, request: FireRequest) -> Reply<Started> {
        let workflow = format!("default/{}", request.of.workflow);
        self.state().firings.push(request);
        let run = sample::failed().summary.run;
        Ok(Started { run, workflow, status: "queued".into(), repeated: false })
    }

    async fn test_trigger(self, _: Context, request: TestRequest) -> Reply<Tested> {
        self.state().tests.push(request);
        Ok(sample::tested())
    }

    async fn preview(self, _: Context, query: PreviewQuery) -> Reply<Preview> {
        let preview = sample::preview(query.after_ms, query.limit);
        self.state().previews.push(query);
        Ok(preview)
    }

    async fn upcoming(self, _: Context, query: UpcomingQuery) -> Reply<Vec<ComingSlot>> {
        self.state().upcoming.push(query);
        Ok(sample::upcoming())
    }

    async fn backfill(self, _: Context, request: BackfillRequest) -> Reply<Backfilled> {
        self.state().backfills.push(request);
        Ok(sample::backfilled())
    }
}

fn accepted(workflow: String, revision: u32) -> Applied {
    Applied::Accepted { workflow, revision, changed: true, draft: false, warnings: vec![] }
}

fn changed(name: &WorkflowName, word: &str) -> Reply<Changed> {
    let workflow = format!("{}/{}", name.namespace, name.name);
    Ok(Changed { workflow, state: sample::state(word), changed: true })
}

impl Daemon {
    fn found(&self, run: &RunRef) -> Reply<RunDetail> {
        let detail = self.state().detail.clone();
        if detail.summary.run.to_string().ends_with(&run.id) {
            return Ok(detail);
        }
        let is_it = |other: &&RunDetail| other.summary.run.to_string() == run.id;
        if let Some(other) = self.state().others.iter().find(is_it) {
            return Ok(other.clone());
        }
        Err(Fault::new(FaultCode::NoRun, format!("no run ends in {}", run.id)))
    }
}

/// Whether things are delivered to the trigger that is meant: of this workflow only.
fn is_delivered_to(of: &TriggerRef) -> bool {
    of.workflow.ends_with("/deploys")
}

/// Its source hears, so that nothing comes of itself.
fn hearing() -> TriggerView {
    let mut view = sample::deliveries().trigger;
    (view.status, view.failing, view.next) = ("armed".into(), None, None);
    view
}
