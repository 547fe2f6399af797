//! What people are asked to approve, as it is shown before they decide.

use rpa_engine::Value;
use rpa_ipc::asking::ApprovalView;
use rpa_ipc::view::VariableView;

use super::outcome::{Extent, fields};
use super::text::{Line, Look, Style, ago};

/// Digits of a digest that are shown, and the fewest that are taken for one: of what one
/// step asks there is hardly ever more than a handful.
pub const DIGEST: usize = 12;

/// Who asks, what, of whom, and how many have said yes.
pub fn lines(asked: &ApprovalView, extent: Extent, look: &Look, now_ms: u64) -> Vec<Line> {
    let mut lines = vec![headline(asked)];
    lines.extend(message(asked, extent));
    lines.extend(fields("shown", &asked.shown, extent, look));
    if !asked.form.is_empty() {
        lines.push(Line::new().push(Style::Dim, "asks for"));
        lines.extend(asked.form.iter().map(field));
    }
    lines.extend(about(asked, now_ms));
    lines
}

/// The beginning of the digest: with it a vote counts for nothing but this.
pub fn digest(asked: &ApprovalView) -> &str {
    asked.digest.get(..DIGEST).unwrap_or(&asked.digest)
}

/// `1 of 2`
pub fn count(asked: &ApprovalView) -> String {
    format!("{} of {}", asked.votes.len(), asked.quorum)
}

/// The message, indented, so that it is never taken for ours.
pub fn message(asked: &ApprovalView, extent: Extent) -> Vec<Line> {
    let most = extent.lines();
    let text: Vec<&str> = asked.message.lines().collect();
    let mut lines: Vec<Line> =
        text.iter().take(most).map(|line| Line::of("  ").push(Style::Bold, line)).collect();
    if text.len() > most {
        let more = format!("  {} more lines, see --json", text.len() - most);
        lines.push(Line::new().push(Style::Dim, more));
    }
    lines
}

fn headline(asked: &ApprovalView) -> Line {
    Line::new()
        .push(Style::Warn, "approval")
        .push(Style::Bold, format!("  {}", asked.path))
        .plain(format!("  {}  run {}", asked.workflow, asked.run.short()))
}

/// `  ticket (string, required)  why`
fn field(field: &VariableView) -> Line {
    let default = match (&field.default, field.required) {
        (Some(value), _) => format!(", {value} when it is not given"),
        (None, true) => ", required".to_owned(),
        (None, false) => String::new(),
    };
    let line = Line::of(format!("  {} ({}{default})", field.name, field.kind));
    match field.description.is_empty() {
        true => line,
        false => line.push(Style::Dim, format!("  {}", field.description)),
    }
}

fn about(asked: &ApprovalView, now_ms: u64) -> Vec<Line> {
    let label = |name: &str| Line::new().push(Style::Dim, format!("{name:<10}"));
    let due = asked.due_ms.map(|due| format!(", due {}", ago(due, now_ms)));
    let asks = format!("{}{}", ago(asked.since_ms, now_ms), due.unwrap_or_default());
    let who = match asked.approvers.is_empty() {
        true => "everybody".to_owned(),
        false => asked.approvers.join(", "),
    };
    let starter = asked.started_by.as_str();
    let but = match asked.self_approval {
        true => String::new(),
        false => format!(", but not {starter}"),
    };
    let mut lines = vec![
        label("asked").plain(asks),
        label("started").plain(format!("by {starter}")),
        label("of").plain(who).plain(but),
        label("approved").plain(count(asked)),
    ];
    lines.extend(asked.votes.iter().map(|vote| {
        let line = Line::of("  ").plain(&vote.by).push(Style::Dim, format!("  {}", vote.at));
        let line = match vote.comment.is_empty() {
            true => line,
            false => line.plain(format!("  {}", vote.comment)),
        };
        let field = |(name, value): &(String, Value)| format!("  {name}={value}");
        line.plain(vote.fields.iter().map(field).collect::<String>())
    }));
    lines.push(label("digest").plain(digest(asked)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    fn shown(asked: &ApprovalView, extent: Extent) -> Vec<String> {
        let look = Look { width: Some(80), ..Look::PLAIN };
        let lines = lines(asked, extent, &look, sample::NOW);
        lines.iter().map(|line| line.text().trim_end().to_owned()).collect()
    }

    #[test]
    fn what_is_asked_in_words() {
        insta::assert_snapshot!(shown(&sample::approval(), Extent::Screen).join("\n"));
    }

    #[test]
    fn who_decides_sees_all_of_it_and_nothing_forged() {
        let mut asked = sample::approval();
        asked.message = (0..40).map(|n| format!("line {n}\u{1b}[2J\n")).collect();
        asked.shown = vec![("text".into(), "x".repeat(2_000).into())];
        let whole = shown(&asked, Extent::All);
        assert!(whole.contains(&"  line 39".to_owned()), "{whole:?}");
        assert!(whole.contains(&format!("  text = {}", "x".repeat(2_000))), "{whole:?}");
        let cut = shown(&asked, Extent::Screen);
        assert!(cut.contains(&"  20 more lines, see --json".to_owned()), "{cut:?}");
        assert!(cut.iter().all(|line| line.chars().count() <= 320), "{cut:?}");
    }
}
