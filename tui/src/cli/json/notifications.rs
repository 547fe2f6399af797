//! Notifications.

use rpa_ipc::notifications::NotificationView;
use rpa_ipc::view::Page;
use serde::Serialize;
use serde_json::Value;

use super::time;
use super::why::sentence;

#[derive(Debug, Serialize)]
pub struct NotificationsDocument<'a> {
    pub notifications: Vec<NotificationObject<'a>>,
    pub next: Option<&'a str>,
}

/// Something that deserves a person's attention.
#[derive(Debug, Serialize)]
pub struct NotificationObject<'a> {
    pub id: u64,
    /// Of its last happening.
    pub number: u64,
    pub kind: &'a str,
    /// `information`, `warning`, `question`, `error`.
    pub severity: &'a str,
    /// `unread`, `open`, `done`.
    pub state: &'a str,
    /// Empty when it is about the daemon.
    pub workflow: &'a str,
    pub run: Option<String>,
    pub step: Option<&'a str>,
    pub trigger: Option<&'a str>,
    pub slot: Option<String>,
    pub message: Value,
    pub count: u64,
    /// So many of them were failed runs of which a rerun has completed.
    pub mended: u64,
    pub first: Option<String>,
    pub last: Option<String>,
    pub acknowledged: Option<AckObject<'a>>,
    pub settled: Option<SettledObject<'a>>,
}

#[derive(Debug, Serialize)]
pub struct AckObject<'a> {
    pub at: Option<String>,
    pub by: &'a str,
}

/// It has come to its end by itself.
#[derive(Debug, Serialize)]
pub struct SettledObject<'a> {
    pub at: Option<String>,
    pub how: &'a str,
}

/// `notifications ack`.
#[derive(Debug, Serialize)]
pub struct AcknowledgedDocument {
    /// How many were unread.
    pub acknowledged: u64,
    /// Ids of which there is none.
    pub missing: Vec<u64>,
}

impl<'a> NotificationsDocument<'a> {
    pub fn of(page: &'a Page<NotificationView>) -> NotificationsDocument<'a> {
        let notifications = page.items.iter().map(NotificationObject::of).collect();
        NotificationsDocument { notifications, next: page.next.as_deref() }
    }
}

impl<'a> NotificationObject<'a> {
    pub fn of(view: &'a NotificationView) -> NotificationObject<'a> {
        let acknowledged = view.acknowledged.as_ref();
        let settled = view.settled.as_ref();
        NotificationObject {
            id: view.id,
            number: view.number,
            kind: &view.kind,
            severity: &view.severity,
            state: &view.state,
            workflow: &view.workflow,
            run: view.run.map(|run| run.to_string()),
            step: view.step.as_ref().map(|step| step.as_str()),
            trigger: Some(view.trigger.as_str()).filter(|trigger| !trigger.is_empty()),
            slot: time(view.slot_ms),
            message: sentence(&view.what),
            count: view.count,
            mended: view.mended,
            first: time(view.first_ms),
            last: time(view.last_ms),
            acknowledged: acknowledged.map(|(at_ms, by)| AckObject { at: time(*at_ms), by }),
            settled: settled.map(|(at_ms, how)| SettledObject { at: time(*at_ms), how }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::notifications::sample::notifications;

    #[test]
    fn the_shape_of_notifications() {
        let page = Page { items: notifications().items, next: Some("9".into()) };
        let document = NotificationsDocument::of(&page);
        insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
    }

    #[test]
    fn the_shape_of_what_was_seen() {
        let document = AcknowledgedDocument { acknowledged: 2, missing: vec![4711] };
        let json = serde_json::to_string(&document).unwrap();
        assert_eq!(json, r#"{"acknowledged":2,"missing":[4711]}"#);
    }
}
