//! Notifications as people see them, and what they have seen.

use rpa_engine::catalog::Mark;
use rpa_engine::notification::{Settled, Severity, Standing, What};
use rpa_engine::run::Promise;
use rpa_engine::{StepPath, TaskError, WorkflowRef};
use rpa_ipc::fault::{Arg, Said, count};
use rpa_ipc::notifications::{
    AckRequest, Acknowledged, MOST_ACKNOWLEDGED, NotificationFilter, NotificationPage,
    NotificationView, NotificationsQuery, UNREADABLE,
};
use rpa_ipc::service::Reply;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::Office;
use super::authorize::Allowed;
use super::service::bug;
use super::triggers::missed;
use super::views::{bad_cursor, bad_name, error_view, page_size, read};
use crate::driver::{Acknowledgement, Answer, Message};
use crate::store::{MOST_NOTIFICATIONS, NamespaceId, NotificationRow, Reader, StoreError, Stored};

pub async fn page(office: &Office, query: NotificationsQuery) -> Reply<NotificationPage> {
    let most = page_size(query.limit);
    let before = query.cursor.as_deref().map(|c| c.parse::<u64>().map_err(|_| bad_cursor()));
    let before = before.transpose()?.unwrap_or(u64::MAX);
    let workflow = parse(&query, query.workflow.as_deref())?;
    let started_ms = office.started_ms;
    read(office, move |reader| {
        let namespace = reader.namespace(&query.namespace)?;
        let wanted = Wanted { namespace, workflow, filter: query.filter, started_ms };
        wanted.page(reader, before, most)
    })
    .await
}

/// A person has seen some of them, a piece at a time.
pub async fn acknowledge(
    office: &Office,
    allowed: &Allowed,
    request: AckRequest,
) -> Reply<Acknowledged> {
    let ids = request.ids.as_ref().map_or(0, Vec::len);
    if ids > MOST_ACKNOWLEDGED {
        let (count, most) = (count(ids), MOST_ACKNOWLEDGED);
        return Err(fault!(FaultCode::TooLarge, "ack-too-many", count = count, most = most));
    }
    let workflow = match &request.workflow {
        Some(name) => {
            let parsed = WorkflowRef::parse(name, &request.namespace);
            Some(parsed.map_err(|e| bad_name(name, &e))?)
        }
        None => None,
    };
    let mut asked = Acknowledgement {
        ids: request.ids,
        namespace: request.namespace,
        workflow,
        upto: request.upto,
        from: 0,
        by: allowed.actor().clone(),
    };
    let mut all = 0;
    loop {
        let message = Message::Acknowledge(Box::new(asked.clone()));
        match office.inbox.ask(message).await? {
            Answer::Acknowledged { count, missing, next } => {
                all += count;
                match next {
                    Some(next) => asked.from = next,
                    None => return Ok(Acknowledged { count: all, missing }),
                }
            }
            other => return Err(bug(&format!("{other:?}"))),
        }
    }
}

fn parse(query: &NotificationsQuery, name: Option<&str>) -> Result<Option<WorkflowRef>, Fault> {
    let parsed =
        name.map(|name| WorkflowRef::parse(name, &query.namespace).map_err(|e| bad_name(name, &e)));
    parsed.transpose()
}

/// What a list has.
struct Wanted {
    /// None for one that there is not: what concerns the daemon is shown in it too.
    namespace: Option<NamespaceId>,
    workflow: Option<WorkflowRef>,
    filter: NotificationFilter,
    /// What is said to be the time of those that cannot be read.
    started_ms: u64,
}

impl Wanted {
    fn standings(&self) -> &'static [Standing] {
        match self.filter {
            NotificationFilter::Unread => &[Standing::Unread],
            NotificationFilter::Open => &[Standing::Unread, Standing::Open],
            NotificationFilter::All => &[Standing::Unread, Standing::Open, Standing::Done],
        }
    }

    fn has(&self, row: &Stored) -> bool {
        let of = |row: &NotificationRow| row.subject.workflow == self.workflow;
        // one that cannot be read is of no workflow
        self.workflow.is_none() || row.as_ref().is_ok_and(of)
    }

    /// It costs as much as is on it; those of one workflow, as much as the namespace has.
    fn page(
        &self,
        reader: &Reader,
        before: u64,
        most: usize,
    ) -> Result<NotificationPage, StoreError> {
        let counts = reader.notification_counts()?;
        let shown = counts.shown_in(self.namespace);
        let mut page = NotificationPage {
            unread: shown.unread,
            open: shown.open,
            newest: counts.last,
            ..NotificationPage::default()
        };
        for entry in reader.notifications_shown(self.namespace, self.standings(), before)? {
            let (number, standing, row) = entry?;
            if !self.has(&row) {
                continue;
            }
            if page.items.len() == most {
                page.next = page.items.last().map(|last| last.number.to_string());
                break;
            }
            page.items.push(match row {
                Ok(row) => view(number, &row),
                Err(error) => unreadable(number, standing, self.started_ms, &error),
            });
        }
        Ok(page)
    }
}

/// One that is stored and cannot be read: its number stands for its id.
fn unreadable(number: u64, standing: Standing, at_ms: u64, error: &StoreError) -> NotificationView {
    NotificationView {
        id: number,
        number,
        kind: UNREADABLE.into(),
        severity: Severity::Error.word().into(),
        state: standing.word().into(),
        workflow: String::new(),
        run: None,
        step: None,
        trigger: String::new(),
        slot_ms: None,
        what: said!("notification-unreadable", detail = error),
        count: 1,
        mended: 0,
        first_ms: at_ms,
        last_ms: at_ms,
        acknowledged: None,
        settled: None,
    }
}

pub fn view(number: u64, row: &NotificationRow) -> NotificationView {
    let subject = &row.subject;
    NotificationView {
        id: row.id,
        number,
        kind: row.kind().word().into(),
        severity: row.what.severity().word().into(),
        state: row.standing().word().into(),
        workflow: subject.workflow.as_ref().map(ToString::to_string).unwrap_or_default(),
        run: subject.run,
        step: subject.step.clone(),
        trigger: subject.trigger.as_ref().map(ToString::to_string).unwrap_or_default(),
        slot_ms: subject.slot_ms,
        what: mended(row),
        count: row.count,
        mended: row.mended,
        first_ms: row.first_ms,
        last_ms: row.last_ms,
        acknowledged: row.acknowledged.as_ref().map(|Mark { at_ms, by }| (*at_ms, by.to_string())),
        settled: row.settled.map(|(at_ms, how)| (at_ms, Settled::word(how).into())),
    }
}

/// What has happened, and how many of it reruns have mended while others are left.
fn mended(row: &NotificationRow) -> Said {
    if row.mended == 0 || row.settled.is_some() {
        return said(row);
    }
    let (mended, of) = (count(row.mended), count(row.count));
    said!("notification-mended", what = said(row), mended = mended, count = of)
}

/// What has happened, in words. Who it concerns stands beside it.
fn said(row: &NotificationRow) -> Said {
    let step = row.subject.step.as_ref().map(StepPath::to_string).unwrap_or_default();
    let slot = Arg::Moment(row.subject.slot_ms.unwrap_or(row.last_ms));
    let refused = |code: &str, message: &str| said!("slot-refused", code = code, message = message);
    match &row.what {
        What::RunFailed { error } if step.is_empty() => {
            said!("notification-failed", error = of_error(error))
        }
        What::RunFailed { error } => {
            said!("notification-failed-at", step = step, error = of_error(error))
        }
        What::RunTimedOut { .. } => said!("notification-timed-out"),
        What::RunInDoubt { reason } => {
            let reason = Arg::Reason(reason.clone());
            said!("notification-doubt", step = step, reason = reason)
        }
        What::ApprovalWaiting { message, .. } => {
            said!("notification-approval", step = step, message = message)
        }
        What::ApprovalTimedOut => said!("notification-approval-late", step = step),
        What::SlaBroken { promise: Promise::Start } => said!("notification-sla-start"),
        What::SlaBroken { promise: Promise::Finish } => said!("notification-sla-finish"),
        What::SlotMissed { why } => {
            said!("notification-slot-missed", slot = slot, why = missed(*why))
        }
        What::SlotSkipped => {
            said!("notification-slot-skipped", slot = slot, why = said!("slot-queue-full"))
        }
        What::SlotRefused { code, message } => {
            said!("notification-slot-refused", slot = slot, why = refused(code, message))
        }
        What::DeliveryDropped => said!("notification-delivery-dropped"),
        What::DeliveryRefused { code, message } => {
            said!("notification-delivery-refused", why = refused(code, message))
        }
        What::TriggerPaused { failures } => {
            said!("notification-trigger-paused", failures = count(*failures))
        }
        What::TriggerFailing { code, message } => {
            said!("notification-trigger-failing", why = refused(code, message))
        }
        What::DaemonReturned { runs, lost, machine } => returned(*runs, *lost, *machine),
        What::StoreRestored { runs } => said!("notification-restored", runs = count(*runs)),
        What::DiskLow => said!("notification-disk"),
        What::BackupFailed { why } => said!("notification-backup", why = why),
        What::NotificationsDropped => {
            let dropped = count(row.count);
            said!("notification-dropped", count = dropped, most = count(MOST_NOTIFICATIONS))
        }
    }
}

fn returned(runs: u32, lost: u32, machine: bool) -> Said {
    let (runs, lost_count) = (count(runs), count(lost));
    match (machine, lost) {
        (false, 0) => said!("notification-returned", runs = runs),
        (false, _) => said!("notification-returned-lost", runs = runs, lost = lost_count),
        (true, 0) => said!("notification-machine", runs = runs),
        (true, _) => said!("notification-machine-lost", runs = runs, lost = lost_count),
    }
}

fn of_error(error: &TaskError) -> Arg {
    Arg::Error(error_view(error))
}
