//! `rpa status`: what the daemon is and how it does.

use rpa_ipc::fault::reason_in;
use rpa_ipc::restored::RestoredView;
use rpa_ipc::service::RpadClient;
use rpa_ipc::view::{KeptView, RunnerView, StatusView};

use super::exit::{Exit, Failure};
use super::json::StatusDocument;
use super::session::{Session, now_ms};
use super::text::{Line, Look, Style, ago, duration, size};
use crate::text::count;

/// Show what the daemon is and how it does
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa status
  rpa status --json | jq .state
  rpa --socket /run/rpad/rpad.sock status")]
pub struct Args {}

pub async fn run(_args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let call = async |rpc: &RpadClient, context| rpc.status(context).await;
    let view = session.link()?.call(call).await?;
    if session.json {
        session.out.document(&StatusDocument::of(&view))?;
    } else {
        let look = session.out.look;
        session.out.lines(lines(&view, &look, now_ms()))?;
    }
    Ok(Exit::OK)
}

fn lines(view: &StatusView, look: &Look, now_ms: u64) -> Vec<Line> {
    let style = if view.state == "ready" { Style::Good } else { Style::Warn };
    let up = duration(now_ms.saturating_sub(view.started_ms));
    let head = Line::of(format!("rpad {} is ", view.version)).push(style, &view.state);
    let reason = match reason_in(look.language, &view.reason) {
        reason if reason.is_empty() => String::new(),
        reason => format!(": {reason}"),
    };
    let runs: Vec<String> = view.runs.iter().map(|(word, n)| format!("{n} {word}")).collect();
    let runs = if runs.is_empty() { "none".to_owned() } else { runs.join(", ") };
    let label = |name: &str, value: String| {
        Line::new().push(Style::Dim, format!("{name:<11}")).plain(value)
    };
    let KeptView { live_ended, archived, archives, archive_bytes, oldest_ms, next_look_ms } =
        &view.kept;
    let in_archives = match archives {
        0 => "none".to_owned(),
        days => format!(
            "{} of {}, {}",
            count(*archived, "run"),
            count(*days, "day"),
            size(*archive_bytes)
        ),
    };
    let oldest = oldest_ms.map_or("nothing yet".to_owned(), |ms| {
        format!("the last {}", duration(now_ms.saturating_sub(ms)))
    });
    let next = duration(next_look_ms.saturating_sub(now_ms));
    let mut lines = vec![
        head.plain(reason),
        label("runs", runs),
        label("steps now", view.attempts_running.to_string()),
        label("runner", runner(view.runner.as_ref(), look)),
        label("workflows", view.workflows.to_string()),
        label("up", format!("{up}, pid {}", view.pid)),
        label("store", format!("{}, {} free", size(view.store_bytes), size(view.disk_free_bytes))),
        label("live", format!("{} ended", count(*live_ended, "run"))),
        label("archives", in_archives),
        label("kept", format!("{oldest}; next clean-up in {next}")),
        label("directory", view.state_dir.clone()),
        label("socket", view.socket.clone()),
        label("http", view.http.join(", ")),
        label("instance", view.instance.clone()),
        label("backup", backup(view, now_ms)),
    ];
    if let Some(restored) = &view.restored {
        lines.insert(1, held(restored, now_ms));
    }
    if let Some((at, why)) = &view.backup.failed {
        let text = format!("the scheduled backup failed {}: {why}", ago(*at, now_ms));
        lines.push(Line::new().push(Style::Bad, text));
    }
    lines
}

/// Loudly: until somebody acts, work that people may count on stands still.
fn held(restored: &RestoredView, now_ms: u64) -> Line {
    let text = format!(
        "HELD: restored {} from a backup taken {}; standing still until rpa resume --restored: {}",
        ago(restored.restored_ms, now_ms),
        ago(restored.taken_ms, now_ms),
        count(restored.held, "run"),
    );
    Line::new().push(Style::Bad, text)
}

fn backup(view: &StatusView, now_ms: u64) -> String {
    let backup = &view.backup;
    let last = match &backup.last {
        Some((at, file)) => format!("{}, {file}", ago(*at, now_ms)),
        None => "none yet".to_owned(),
    };
    let next = match backup.every_ms {
        Some(every) => format!("; every {} in {}", duration(every), backup.directory),
        None => "; none by itself".to_owned(),
    };
    let now = if backup.under_way { "; one is being made" } else { "" };
    format!("{last}{next}{now}")
}

/// Where steps run.
fn runner(view: Option<&RunnerView>, look: &Look) -> String {
    let Some(view) = view else { return "none: steps run inside the daemon".to_owned() };
    let about = match view.state.as_str() {
        "ready" => String::new(),
        state => format!("{state}, "),
    };
    if view.pid == 0 {
        return format!("{about}{}", reason_in(look.language, &view.reason));
    }
    format!("{about}rpad {}, pid {}, holds {}", view.version, view.pid, view.attempts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn a_status_in_words() {
        let shown: Vec<String> =
            lines(&sample::status(), &Look::PLAIN, sample::NOW).iter().map(Line::text).collect();
        insta::assert_snapshot!(shown.join("\n"));
    }
}
