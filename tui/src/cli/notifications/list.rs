//! The list itself.

use rpa_engine::Label;
use rpa_ipc::notifications::{NotificationView, NotificationsQuery};
use rpa_ipc::service::RpadClient;
use rpa_ipc::view::Page;

use super::super::exit::{Exit, Failure};
use super::super::output::{self, gather};
use super::super::paging::more;
use super::super::runs::local_name;
use super::super::session::{Session, now_ms};
use super::super::text::{Column, Line, Look, Style, Table, ago, number};
use super::super::triggers::reason;
use super::Args;

pub async fn run(args: Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::NOTIFICATIONS, session)?;
    let query = NotificationsQuery {
        namespace: session.namespace.clone(),
        filter: args.filter(),
        workflow: args.workflow.clone(),
        limit: args.paging.limit,
        cursor: None,
    };
    let mut link = session.link()?;
    let ask = async |limit, cursor| {
        let query = NotificationsQuery { limit, cursor, ..query.clone() };
        let call =
            async |rpc: &RpadClient, context| rpc.notifications(context, query.clone()).await;
        let page = link.call(call).await?;
        Ok(Page { items: page.items, next: page.next })
    };
    let Some(page) = gather(&args.paging, &mut sheet, session, ask).await? else {
        return Ok(Exit::OK);
    };
    if page.items.is_empty() {
        session.note(match (args.all, args.unread) {
            (true, _) => "there are no notifications",
            (false, true) => "nothing is unread",
            (false, false) => "nothing wants a person; those that are done: --all",
        })?;
    } else {
        let lines = lines(&page.items, &session.namespace, &session.out.look, now_ms());
        session.out.lines(lines)?;
        if let Some(next) = next(&page.items) {
            session.note(Line::new().push(Style::Dim, next))?;
        }
    }
    more(page.next.as_deref(), session)?;
    Ok(Exit::OK)
}

/// What is done with the first of them.
fn next(items: &[NotificationView]) -> Option<String> {
    let unread = items.iter().find(|view| view.state == "unread")?;
    let look = match (unread.kind.as_str(), unread.run) {
        ("approval_waiting", Some(run)) => format!("decide: rpa approve {}; ", run.short()),
        (_, Some(run)) => format!("look: rpa show {}; ", run.short()),
        (_, None) => String::new(),
    };
    Some(format!("{look}seen: rpa notifications ack {}", unread.id))
}

/// A row for each, with what has happened below.
fn lines(items: &[NotificationView], namespace: &Label, look: &Look, now_ms: u64) -> Vec<Line> {
    let mut table = Table::new(&[
        Column::right("ID"),
        Column::fixed("WHEN"),
        Column::fixed("LEVEL"),
        Column::flexible("SOURCE", 8),
        Column::fixed("RUN"),
        Column::right("TIMES"),
        Column::fixed("STATE"),
    ]);
    for view in items {
        table.row(vec![
            view.id.to_string().into(),
            ago(view.last_ms, now_ms).into(),
            level(view),
            source(view, namespace).into(),
            view.run.map(|run| run.short()).unwrap_or_default().into(),
            if view.count > 1 { number(view.count) } else { String::new() }.into(),
            state(view),
        ]);
    }
    let mut rows = table.lines(look).into_iter();
    let mut lines: Vec<Line> = rows.next().into_iter().collect();
    for (row, view) in rows.zip(items) {
        lines.push(row);
        let what = Line::of("      ").plain(reason(&view.what, look));
        lines.push(match look.width {
            Some(width) => what.fit(width, look.ellipsis()),
            None => what,
        });
    }
    lines
}

/// `disk-report`, `disk-report/nightly`, or the daemon.
pub fn source(view: &NotificationView, namespace: &Label) -> String {
    let workflow = local_name(&view.workflow, namespace);
    match (workflow, view.trigger.as_str()) {
        ("", _) => "rpad".to_owned(),
        (workflow, "") => workflow.to_owned(),
        (workflow, trigger) => format!("{workflow}/{trigger}"),
    }
}

/// How much it wants.
pub fn level(view: &NotificationView) -> Line {
    let style = match view.severity.as_str() {
        _ if view.state == "done" => Style::Dim,
        "error" => Style::Bad,
        "warning" | "question" => Style::Warn,
        _ => Style::Plain,
    };
    Line::new().push(style, &view.severity)
}

fn state(view: &NotificationView) -> Line {
    let style = match view.state.as_str() {
        "unread" => Style::Bold,
        "done" => Style::Dim,
        _ => Style::Plain,
    };
    Line::new().push(style, &view.state)
}

#[cfg(test)]
mod tests {
    use rpa_ipc::Language;

    use super::super::sample::notifications;
    use super::*;
    use crate::cli::sample::NOW;

    fn shown(language: Language) -> String {
        let look = Look { width: Some(80), language, ..Look::PLAIN };
        let namespace = "default".parse().unwrap();
        let lines = lines(&notifications().items, &namespace, &look, NOW);
        let lines: Vec<String> =
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        lines.join("\n")
    }

    #[test]
    fn what_wants_a_person_fits_eighty_columns() {
        insta::assert_snapshot!(shown(Language::English));
    }

    #[test]
    fn what_happened_is_said_in_bulgarian() {
        insta::assert_snapshot!(shown(Language::Bulgarian));
    }

    #[test]
    fn the_first_that_is_unread_has_commands() {
        let mut items = notifications().items;
        let told = |items: &[NotificationView]| next(items).unwrap_or_default();
        assert_eq!(told(&items), "look: rpa show 444455556666; seen: rpa notifications ack 12");
        (items[0].state, items[1].state) = ("done".into(), "unread".into());
        let decided = told(&items);
        assert!(decided.starts_with("decide: rpa approve "), "{decided}");
        items.iter_mut().for_each(|view| view.state = "done".into());
        assert_eq!(told(&items), "");
    }
}
