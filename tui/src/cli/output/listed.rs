//! Lists that the daemon gives page by page.

use rpa_ipc::Fault;
use rpa_ipc::asking::ApprovalView;
use rpa_ipc::catalog::RevisionView;
use rpa_ipc::notifications::NotificationView;
use rpa_ipc::view::{Page, RunSummary, StepDoubt, WorkflowView};

use super::{Output, Sheet};
use crate::cli::exit::Failure;
use crate::cli::json::{
    ApprovalsDocument, DoubtsDocument, HistoryDocument, NotificationsDocument, RunsDocument,
    WorkflowsDocument,
};
use crate::cli::paging::{PAGE, Paging, more};
use crate::cli::session::Session;

/// What lists are made of, with the shapes that scripts read.
pub trait Listed: Sized {
    /// The document of `--json`.
    fn document(page: &Page<Self>, session: &mut Session) -> Result<(), Failure>;
    /// The elements of its list.
    fn rows(page: &Page<Self>, sheet: &mut Sheet, session: &mut Session) -> Result<(), Failure>;
}

macro_rules! listed {
    ($view:ty, $document:ident, $list:ident) => {
        impl Listed for $view {
            fn document(page: &Page<Self>, session: &mut Session) -> Result<(), Failure> {
                session.out.document(&$document::of(page))
            }

            fn rows(
                page: &Page<Self>,
                sheet: &mut Sheet,
                session: &mut Session,
            ) -> Result<(), Failure> {
                sheet.rows(&$document::of(page).$list, session)
            }
        }
    };
}

listed!(WorkflowView, WorkflowsDocument, workflows);
listed!(RevisionView, HistoryDocument, revisions);
listed!(RunSummary, RunsDocument, runs);
listed!(StepDoubt, DoubtsDocument, doubts);
listed!(ApprovalView, ApprovalsDocument, approvals);
listed!(NotificationView, NotificationsDocument, notifications);

/// Asks, with a limit and a cursor, until `--limit` is reached or there is no more: once
/// where one page has so many. Gives what is to become a table; `None` when everything
/// was printed.
pub async fn gather<T: Listed>(
    paging: &Paging,
    sheet: &mut Sheet,
    session: &mut Session,
    mut ask: impl AsyncFnMut(u32, Option<String>) -> Result<Page<T>, Fault>,
) -> Result<Option<Page<T>>, Failure> {
    let mut all = Page { items: Vec::new(), next: paging.cursor.clone() };
    let mut left = paging.limit;
    loop {
        let page = ask(left.min(PAGE), all.next.take()).await?;
        left = left.saturating_sub(u32::try_from(page.items.len()).unwrap_or(u32::MAX));
        if sheet.streams() {
            T::rows(&page, sheet, session)?;
        } else {
            all.items.extend(page.items);
        }
        all.next = page.next;
        if paging.limit <= PAGE || left == 0 || all.next.is_none() {
            break;
        }
    }
    match sheet.output() {
        Output::Table => return Ok(Some(all)),
        Output::Json => T::document(&all, session)?,
        Output::Jsonl | Output::Csv => more(all.next.as_deref(), session)?,
    }
    Ok(None)
}
