//! `rpa status`: what the daemon is and how it does.

use rpa_ipc::fault::reason_in;
use rpa_ipc::service::RpadClient;
use rpa_ipc::view::{RunnerView, StatusView};

use super::exit::{Exit, Failure};
use super::json::StatusDocument;
use super::session::{Session, now_ms};
use super::text::{Line, Look, Style, duration};

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
    vec![
        head.plain(reason),
        label("runs", runs),
        label("steps now", view.attempts_running.to_string()),
        label("runner", runner(view.runner.as_ref(), look)),
        label("workflows", view.workflows.to_string()),
        label("up", format!("{up}, pid {}", view.pid)),
        label("store", format!("{}, {} free", size(view.store_bytes), size(view.disk_free_bytes))),
        label("directory", view.state_dir.clone()),
        label("socket", view.socket.clone()),
        label("instance", view.instance.clone()),
    ]
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

/// `1.0 MiB`
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    // tenths of a unit, so that no rounding goes through a float
    let mut tenths = bytes.saturating_mul(10) / 1024;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn sizes() {
        let table = [
            (0, "0 B"),
            (1_023, "1023 B"),
            (1_536, "1.5 KiB"),
            (1_048_576, "1.0 MiB"),
            (u64::MAX, "1638.3 PiB"),
        ];
        for (bytes, wanted) in table {
            assert_eq!(size(bytes), wanted);
        }
    }

    #[test]
    fn a_status_in_words() {
        let shown: Vec<String> =
            lines(&sample::status(), &Look::PLAIN, sample::NOW).iter().map(Line::text).collect();
        insta::assert_snapshot!(shown.join("\n"));
    }
}
