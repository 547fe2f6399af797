//! The interactive console.

use std::process::ExitCode;

fn main() -> ExitCode {
    rpa_tui::console::main()
}
