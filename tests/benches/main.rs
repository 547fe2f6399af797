//! `make bench`: what the daemon and the console are measured by.
//!
//! Each figure stands beside a limit that is measured in the same run on the same
//! disk, so that a ratio means the same on every machine. A target that is missed
//! is shown and fails nothing: this is a benchmark, not a test. It fails when a
//! figure could not be measured.
//!
//! `make bench NAME=chain_1` measures one.

mod calibration;
mod chain;
mod console;
mod console_flood;
mod draw;
mod editor;
mod file_event;
mod flow;
mod footprint;
mod hooks;
mod limits;
mod load;
mod log_lines;
mod log_open;
mod million;
mod minimal;
mod place;
mod process;
mod recover;
mod schedules;
mod shell;
mod site;
mod statistics;
mod submit;
mod table;
mod webhook;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use calibration::Calibration;
use table::Figure;

/// Figures that are measured together, by name.
struct Bench {
    names: &'static [&'static str],
    measure: fn() -> Vec<Figure>,
}

const BENCHES: [Bench; 25] = [
    Bench { names: &["chain_200", "chain_200_share"], measure: chain::many },
    Bench { names: &["chain_1"], measure: chain::one },
    Bench { names: &["submit_p50", "submit_p99"], measure: submit::submit },
    Bench { names: &["webhook_like", "webhook_lost"], measure: webhook::webhook },
    Bench { names: &["webhook_p99", "webhook_rate"], measure: hooks::webhook },
    Bench { names: &["shell_16", "shell_16_script"], measure: shell::shell },
    Bench { names: &["log_lines"], measure: log_lines::log_lines },
    Bench { names: &["fanout_100"], measure: flow::fanout },
    Bench { names: &["foreach_10k", "foreach_10k_rss"], measure: flow::foreach },
    Bench { names: &["queued_100k"], measure: flow::queued },
    Bench { names: &["idle_rss"], measure: footprint::idle },
    Bench { names: &["idle_cpu"], measure: footprint::idle_cpu },
    Bench { names: &["cold_start"], measure: footprint::cold_start },
    Bench { names: &["recover_10k"], measure: recover::recover },
    Bench { names: &["schedule_lateness_p99", "schedule_ended_p99"], measure: schedules::lateness },
    Bench {
        names: &["schedules_idle_cpu", "schedules_rss", "schedules_start"],
        measure: schedules::idle,
    },
    Bench {
        names: &[
            "rss_1m_runs",
            "cold_start_1m",
            "cold_start_1m_killed",
            "chain_200_1m",
            "runs_list_1m",
            "overview_1m",
        ],
        measure: million::million,
    },
    Bench { names: &["file_event_to_run_p50"], measure: file_event::file_event },
    Bench { names: &["console_idle", "console_idle_cpu"], measure: console::idle },
    Bench { names: &["console_first_paint"], measure: console::first_paint },
    Bench { names: &["console_flood_rss", "console_flood_rate"], measure: console_flood::flood },
    Bench { names: &["console_key_p99"], measure: console::keys },
    Bench { names: &["console_draw_p99"], measure: draw::draw },
    Bench { names: &["editor_change_500"], measure: editor::change },
    Bench { names: &["log_open"], measure: log_open::log_open },
];

fn main() -> ExitCode {
    // cargo adds this one
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let wanted = args.next().filter(|arg| !arg.is_empty());
    if wanted.as_deref() == Some(minimal::FLAG) {
        minimal::run(args.next());
    }
    let chosen: Vec<&Bench> =
        BENCHES.iter().filter(|b| wanted.as_deref().is_none_or(|w| b.names.contains(&w))).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = BENCHES.iter().flat_map(|b| b.names).copied().collect();
        eprintln!("there is no bench {:?}: {}", wanted.unwrap_or_default(), names.join(", "));
        return ExitCode::FAILURE;
    }
    if let Err(why) = place::check() {
        eprintln!("{why}");
        return ExitCode::FAILURE;
    }
    let before = Calibration::measure();
    let mut figures = Vec::new();
    let mut failed = false;
    for bench in chosen {
        eprintln!("{} ...", bench.names.join(", "));
        match catch_unwind(AssertUnwindSafe(bench.measure)) {
            Ok(measured) => figures.extend(measured),
            // the panic has said why
            Err(_) => {
                eprintln!("{}: could not be measured", bench.names.join(", "));
                failed = true;
            }
        }
    }
    let noise = Calibration::measure().noise(&before);
    table::print(&figures, noise.as_deref());
    if let Err(why) = table::write(&figures, noise.is_some()) {
        eprintln!("{why}");
        failed = true;
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
