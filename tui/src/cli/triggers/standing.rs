//! How a trigger stands, in words: its head, and what is to be done about it.

use rpa_engine::Label;
use rpa_ipc::fault::Said;
use rpa_ipc::triggers::{ComingSlot, FailingView, TriggerView};

use super::super::moment;
use super::super::runs::local_name;
use super::super::text::{Line, Look, Style, ago, beside, local, number, status};

/// Why something is so, in the reader's language and time zone.
pub fn reason(said: &Said, look: &Look) -> String {
    crate::text::reason(look.language, said, &local)
}

/// `disk-report nightly: ● armed, fires in 3 h: 2026-11-20 03:30 +02:00`
pub fn head(view: &TriggerView, namespace: &Label, look: &Look, now_ms: u64) -> Line {
    let line = name(view, namespace).plain(": ").append(status(&view.status, look));
    match &view.next {
        Some(next) => line.plain(format!(", fires {}", coming(next, view, now_ms))),
        None => line,
    }
}

/// `in 3 h: 2026-11-20 03:30 +02:00`
fn coming(next: &ComingSlot, view: &TriggerView, now_ms: u64) -> String {
    let when = moment::in_zone(next.due_ms, &moment::zone(view));
    format!("{}: {when}", ago(next.due_ms, now_ms))
}

pub(super) fn name(view: &TriggerView, namespace: &Label) -> Line {
    let workflow = local_name(&view.workflow, namespace);
    Line::new().push(Style::Bold, format!("{workflow} {}", view.trigger))
}

/// Why a trigger is not armed, and how it is armed again; of one that is, how it does not
/// fire as it is written to.
pub fn notes(view: &TriggerView, namespace: &Label, look: &Look, now_ms: u64) -> Vec<Line> {
    let head = name(view, namespace).plain(": ");
    let Some(why) = &view.why else {
        let cadence = view.cadence.iter();
        return cadence
            .flat_map(|why| beside(look, Style::Warn, &head, &reason(why, look)))
            .collect();
    };
    let mut lines = beside(look, Style::Plain, &head, &reason(why, look));
    if let Some(failing) = &view.failing {
        lines.push(Line::of("  ").push(Style::Dim, tries(failing, now_ms)));
    }
    if let Some(command) = mends(view, namespace) {
        lines.push(Line::of("  ").push(Style::Dim, look.calls.prose(&command)));
    }
    lines
}

/// `failed 3 times, first 1 d ago; tries again in 42 s`
fn tries(failing: &FailingView, now_ms: u64) -> String {
    let failed = match failing.attempts {
        0 | 1 => "failed once".to_owned(),
        many => format!("failed {} times", number(many.into())),
    };
    let again = match failing.next_ms {
        Some(next_ms) => format!("tries again {}", ago(next_ms, now_ms)),
        None => "tries again when something comes".to_owned(),
    };
    format!("{failed}, first {}; {again}", ago(failing.since_ms, now_ms))
}

/// The command after which a trigger is armed. Of one that is held the reason itself
/// names it.
fn mends(view: &TriggerView, namespace: &Label) -> Option<String> {
    // without -n only names of the namespace `default` are short
    let workflow = match namespace.as_str() {
        "default" => local_name(&view.workflow, namespace),
        _ => view.workflow.as_str(),
    };
    let trigger = &view.trigger;
    match view.status.as_str() {
        "paused" => Some(format!("rpa triggers resume {workflow} {trigger}")),
        "disabled" => Some(format!("rpa triggers enable {workflow} {trigger}")),
        "broken" => Some("correct it in the workflow file, then: rpa apply FILE".to_owned()),
        "failing" => Some("what to do about it: rpa doctor".to_owned()),
        "gone" => Some("to have it again, declare it in the file: rpa apply FILE".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn what_is_typed_to_mend_one_names_it_in_full_elsewhere() {
        let default: Label = "default".parse().unwrap();
        let ops: Label = "ops".parse().unwrap();
        let table = [
            ("default/a", &default, Some("rpa triggers resume a nightly")),
            ("ops/a", &ops, Some("rpa triggers resume ops/a nightly")),
            ("ops/a", &default, Some("rpa triggers resume ops/a nightly")),
        ];
        for (workflow, namespace, wanted) in table {
            let mut view = sample::trigger("paused");
            view.workflow = workflow.into();
            assert_eq!(mends(&view, namespace).as_deref(), wanted, "{workflow} in {namespace}");
        }
        assert_eq!(mends(&sample::trigger("armed"), &default), None);
        assert_eq!(mends(&sample::trigger("held"), &default), None);
    }

    #[test]
    fn a_reason_of_a_newer_daemon_is_shown_by_its_name() {
        let said = Said { id: "slot-struck-by-lightning".into(), args: Vec::new() };
        assert_eq!(reason(&said, &Look::PLAIN), "slot struck by lightning");
    }
}
