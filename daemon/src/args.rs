//! The command line of `rpad`.

use std::path::PathBuf;

use std::time::Duration;

use clap::{Parser, Subcommand};

/// The workflow daemon: runs workflows durably and answers `rpa`.
#[derive(Debug, Parser)]
#[command(
    name = "rpad",
    version,
    after_help = "It stays in the foreground, logs to standard error, and creates what is missing.\n\
                  SIGTERM leaves running steps to the runner, a process that outlives the daemon;\n\
                  SIGINT lets them end (daemon.drain_timeout), a second signal ends them.\n\
                  \n\
                  Exit status: 0 stopped as asked, 2 usage, 65 damaged store, 70 bug, 74 I/O,\n\
                  75 the state directory is in use, 77 permission, 78 settings or newer store."
)]
pub struct Args {
    /// Settings (TOML). Default: /etc/rpad/rpad.toml under systemd, else the user's
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Where everything is kept. Default: $STATE_DIRECTORY, else the user's state directory
    #[arg(long, value_name = "DIR", global = true)]
    pub state_dir: Option<PathBuf>,
    /// Where to listen. Default: $RPA_SOCKET, $RUNTIME_DIRECTORY or the user's runtime directory
    #[arg(long, value_name = "PATH")]
    pub socket: Option<PathBuf>,
    /// What to log: error, warn, info, debug, trace, also by module
    #[arg(long, value_name = "LEVEL", global = true)]
    pub log: Option<String>,
    /// Say what is wrong with the settings, and with the calendars that they name; start nothing
    #[arg(long)]
    pub check_config: bool,
    /// Without one the daemon runs
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Carry out steps for the daemon of a state directory, and outlive it
    ///
    /// The daemon starts one itself when none answers. It ends when it has nothing to do
    /// and no daemon; SIGTERM ends the steps that run and keeps what became of them.
    #[command(after_help = "\
Examples:
  rpad runner --state-dir /var/lib/rpad
  rpad runner --state-dir /var/lib/rpad --idle-exit 0s   (as a unit of its own)")]
    Runner {
        /// How long it stays with nothing to do and no daemon; 0s: for ever
        #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
        idle_exit: Duration,
    },
    Restore(Restore),
    /// Make the store and its archives as small as they can be, while no daemon runs
    ///
    /// Runs that have left the store leave their room in the file, for others to come.
    /// This gives it back to the file system, and says the sizes before and after.
    #[command(after_help = "\
Examples:
  rpad compact --state-dir /var/lib/rpad
  systemctl stop rpad.socket rpad-http.socket rpad rpad-runner
  sudo -u rpad rpad compact --state-dir /var/lib/rpad")]
    Compact,
    Install(Install),
}

fn duration(text: &str) -> Result<Duration, String> {
    let ms = rpa_config::units::parse_duration_ms(text).map_err(|e| e.to_string())?;
    Ok(Duration::from_millis(ms))
}

/// Install units for systemd, which start this very program
///
/// The units of the daemon, its sockets and its runner, and a file of settings with every
/// default. Each file that is written is named. Nothing is enabled or started: what to do
/// then is printed. A file that was changed by hand is kept, with the new one beside it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sudo rpad install --system             (a service of the machine, closed off)
  rpad install --user                    (a daemon of your own)
  rpad install --system --dry-run
  sudo rpad install --system --uninstall")]
pub struct Install {
    /// For the machine: below /etc
    #[arg(long, required_unless_present = "user", conflicts_with = "user")]
    pub system: bool,
    /// For yourself: below ~/.config
    #[arg(long)]
    pub user: bool,
    /// Remove what was installed; state and settings stay
    #[arg(long)]
    pub uninstall: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Also replace, or remove, what was changed by hand; what is replaced is kept as FILE.old
    #[arg(long)]
    pub force: bool,
    /// Below this directory instead of /, for an image
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
}

/// Make a state directory out of a backup, while no daemon runs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpad restore /backup/rpad.tar --state-dir /var/lib/rpad
  rpad restore /backup/rpad.tar --state-dir /var/lib/rpad --replace

Run it as the daemon's user. What was open in the backup comes back held: steps
that were done after it was taken would be done again. Start the daemon, then

  rpa resume --restored --dry-run     what would go on
  rpa cancel RUN                      what should not
  rpa resume --restored               let the rest go on

A restored copy beside the original is two daemons that do the same work with
the same idempotency keys: never let both go on.")]
pub struct Restore {
    /// The file of the backup
    pub file: PathBuf,
    /// Move the store that is there aside, to replaced-TIME in the state directory
    #[arg(long)]
    pub replace: bool,
}
