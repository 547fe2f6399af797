//! `rpa`, the command line of rpad.

use std::process::ExitCode;

fn main() -> ExitCode {
    rpa_tui::cli::main()
}
