//! The command line as clap sees it: one definition gives the parser, the help,
//! the completions and the manual pages.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use rpa_engine::{Label, NameError};
use rpa_ipc::Language;

use crate::remote::Host;

use super::{
    apply, approvals, approve, archive, backup, cancel, check, clone, completions, deliveries,
    dial, diff, disable, doctor, doubts, enable, event, example, explain, export, fmt, help,
    history, import, init, locks, logs, man, notifications, overview, pause, plan, publish, reject,
    rerun, resolve, restore, rollback, run, runs, schedule, schema, show, slots, source, status,
    tasks, test, triggers, upcoming, why, workflows,
};

const EXAMPLES: &str = "\
Examples:
  rpa init                            write a first workflow to begin with
  rpa check disk-report.yaml          find every problem of a file, without the daemon
  rpa fmt disk-report.yaml            put it into its canonical form
  rpa plan disk-report.yaml           what applying it would change
  rpa apply disk-report.yaml          make it the newest revision
  rpa run disk-report --follow        run it and watch its log
  rpa runs --status failed            what went wrong lately
  rpa show 444455556666               one run: why, and what to do next
  rpa why 444455556666 report         why a step was skipped, or waits
  rpa doubts                          what a person has to decide
  rpa approvals                       what waits for a person to approve

RUN is a full id or any unique ending of one. Topics and exit codes: rpa help";

/// Workflows, runs and their logs, for people and scripts
#[derive(Debug, Parser)]
#[command(name = "rpa", version, after_help = EXAMPLES, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// The heading of what every command understands.
const EVERY: &str = "Options of every command";

/// What every command understands.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// The daemon's socket [env: RPA_SOCKET]
    #[arg(long, global = true, value_name = "PATH", help_heading = EVERY)]
    pub socket: Option<PathBuf>,

    /// The daemon of another machine, over ssh: host or user@host [env: RPA_HOST]
    #[arg(
        long,
        global = true,
        value_name = "HOST",
        value_parser = clap::value_parser!(Host),
        help_heading = EVERY
    )]
    pub host: Option<Host>,

    /// The namespace that names and runs are looked up in
    #[arg(
        short,
        long,
        global = true,
        value_name = "NS",
        env = "RPA_NAMESPACE",
        hide_env_values = true,
        default_value = "default",
        value_parser = namespace,
        help_heading = EVERY
    )]
    pub namespace: Label,

    /// The language of errors, `rpa why` and `rpa explain`: auto is that of the locale
    /// [env: RPA_LANG]
    #[arg(long, global = true, value_name = "LANG", help_heading = EVERY)]
    pub lang: Option<Tongue>,

    /// Print exactly one JSON document on standard output, errors included
    #[arg(long, global = true, help_heading = EVERY)]
    pub json: bool,
}

/// What `--lang` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Tongue {
    En,
    Bg,
    Auto,
}

impl Tongue {
    pub fn language(self) -> Language {
        match self {
            Tongue::En => Language::English,
            Tongue::Bg => Language::Bulgarian,
            Tongue::Auto => Language::of_locale(|name| std::env::var(name).ok()),
        }
    }
}

/// An empty `RPA_NAMESPACE` counts as absent, as an empty `RPA_SOCKET` does.
pub fn namespace(text: &str) -> Result<Label, NameError> {
    if text.is_empty() { "default".parse() } else { text.parse() }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Init(init::Args),
    Check(check::Args),
    Fmt(fmt::Args),
    Test(test::Args),
    Plan(plan::Args),
    Apply(apply::Args),
    Publish(publish::Args),
    Workflows(workflows::Args),
    History(history::Args),
    Diff(diff::Args),
    Source(source::Args),
    Rollback(rollback::Args),
    Clone(clone::Args),
    Enable(enable::Args),
    Disable(disable::Args),
    Archive(archive::Args),
    Restore(restore::Args),
    Export(export::Args),
    Import(import::Args),
    Run(run::Args),
    Runs(runs::Args),
    Show(show::Args),
    Why(why::Args),
    Logs(logs::Args),
    Cancel(cancel::Args),
    Pause(pause::PauseArgs),
    Resume(pause::ResumeArgs),
    Retry(rerun::RetryArgs),
    Rerun(rerun::RerunArgs),
    Doubts(doubts::Args),
    Resolve(resolve::Args),
    Approvals(approvals::Args),
    Approve(approve::Args),
    Reject(reject::Args),
    Locks(locks::Args),
    Event(event::Args),
    Tasks(tasks::Args),
    Triggers(triggers::Args),
    Slots(slots::Args),
    Deliveries(deliveries::Args),
    Upcoming(upcoming::Args),
    Schedule(schedule::Args),
    Schema(schema::Args),
    Overview(overview::Args),
    Notifications(notifications::Args),
    Example(example::Args),
    Status(status::Args),
    Doctor(doctor::Args),
    Backup(backup::Args),
    Explain(explain::Args),
    Help(help::Args),
    Completions(completions::Args),
    Dial(dial::Args),
    Man(man::Args),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_says_what_it_does_and_shows_examples() {
        for command in Cli::command().get_subcommands().filter(|c| !c.is_hide_set()) {
            let name = command.get_name();
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && !about.contains('\n'), "{name}: {about:?}");
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.contains("Examples:"), "{name} has no examples");
            assert!(after.contains(&format!("rpa {name}")), "{name}'s examples do not use it");
            for line in after.lines() {
                assert!(line.chars().count() <= 80, "{name}: {line}");
            }
        }
    }

    #[test]
    fn what_is_understood() {
        let table = [
            "check a.yaml b.yaml",
            "check -",
            "check a.yaml -o jsonl",
            "init",
            "init jobs/ --example site-check --schema --start",
            "init --list --json",
            "run report --follow --plain",
            "fmt a.yaml b.yaml",
            "fmt - --check --diff --json",
            "test",
            "test a.test.yaml jobs -k full",
            "test record 4444 -o a.test.yaml",
            "apply a.yaml --json",
            "--json -n ops workflows",
            "workflows --limit 5 --cursor abc",
            "workflows --tag disk --archived",
            "apply a.yaml --draft --note why",
            "plan a.yaml b.yaml --exit-code",
            "publish report",
            "publish report 3",
            "history report --limit 5",
            "diff report",
            "diff report 3",
            "diff report 3 4 --exit-code",
            "diff report --file a.yaml",
            "diff report 3 --file -",
            "source report 3",
            "rollback report 3 --note why",
            "clone report ops/report",
            "enable report",
            "disable ops/report",
            "archive report",
            "restore report",
            "export report ops/other -o a.tar",
            "export --all -o -",
            "import a.tar --draft --dry-run",
            "run report",
            "run ops/report --var day=monday --var text=@a.txt --vars-file v.json",
            "run report --wait --timeout 1h30m --request-id x",
            "run report --follow --timeout 90s",
            "run report --wait --follow",
            "run report --each a.csv --wait --timeout 1h --stop-on-error",
            "run report --each - --each-format json --var a=1",
            "runs --status failed --workflow report --limit 1000 --cursor abc",
            "runs --status failed,in_doubt --status queued --since 1h30m --contains mount",
            "show 444455556666",
            "why 444455556666",
            "why 4444 each[3]/send --all --limit 10 --cursor 7 --json",
            "runs --output csv --limit 100000",
            "doctor -o jsonl",
            "triggers --output json",
            "--host root@ops1 runs",
            "runs --host ops1",
            "logs 4444 --step each[3]/biggest -f --tail 20",
            "cancel 4444 -n ops",
            "triggers -n ops",
            "triggers enable report",
            "triggers disable ops/report nightly --note why",
            "triggers pause report --note why --json",
            "triggers resume report nightly",
            "deliveries report pushed --limit 500 --before 9",
            "triggers fire report nightly --data {} --request-id a --wait",
            "triggers test report --field a=b",
            "slots",
            "slots report",
            "slots report nightly --fate missed,refused --since 2d --contains a --cursor c",
            "why report@2026-11-20T03:30",
            "why ops/report/nightly@2026-11-20T01:30Z --json",
            "slots report nightly --limit 500 --before 2026-11-20T03:30",
            "slots report --before 2026-11-20T03:30:00+02:00",
            "upcoming --within 7d --limit 200",
            "upcoming --every -o table",
            "schedule backfill report nightly --from 2026-11-19 --to 2026-11-20T00:00Z",
            "schedule backfill report --from 2026-11-19 --to 2026-11-20 --max 500 --dry-run",
            "schedule backfill report --from 2026-11-19 --to 2026-11-20 --yes",
            "schedule backfill report --from 2026-11-19 --to 2026-11-20 --dry-run -o csv",
            "schedule preview --cron @daily",
            "schedule preview report",
            "schedule preview ops/report nightly --around 2027-03-28 --limit 3 --json",
            "schedule preview --cron @daily --timezone Europe/Sofia --around 2027-03-28 --limit 3",
            "schedule preview --cron @daily --dst-gap skip --dst-overlap both --jitter 5m --json",
            "schema",
            "pause 4444",
            "retry 4444 --wait",
            "rerun 4444 --from parse --var limit=90",
            "resume 4444",
            "resume --restored --dry-run",
            "backup a.tar --force --history",
            "backup --check a.tar",
            "doctor --json",
            "doubts",
            "resolve 4444 send done --output id=7 --output body=@b.txt",
            "resolve 4444 send retry",
            "resolve 4444 send fail",
            "resolve 4444 each --all retry",
            "resolve 4444 --all done --output id=7",
            "resolve 4444 done --all",
            "approvals --limit 5",
            "approve 4444",
            "approve 4444 sign --field k=v --field n=@a.txt --comment why --yes",
            "approve 4444 each[3]/sign --digest 0123456789ab",
            "reject 4444 sign --comment why",
            "locks",
            "locks set api 5",
            "locks drop api",
            "locks release prod-db 4444 migrate --yes",
            "event publish order.paid --data {}",
            "event publish order.paid --field k=v --field n=@a.txt",
            "workflows --category finance",
            "tasks",
            "tasks http.request",
            "overview -n ops --json",
            "notifications --unread --workflow report -o jsonl",
            "notifications --all --limit 5 --cursor 9",
            "notifications ack 12 15",
            "notifications ack --all --workflow report",
            "notifications ack 12 --upto 31",
            "example",
            "example site-check --json",
            "status --socket /run/rpad/rpad.sock",
            "explain",
            "help",
            "help exit-codes --lang bg",
            "help schedule preview",
            "explain RPA0101",
            "explain RPA0101 --lang bg",
            "--lang auto status",
            "completions bash",
            "man /tmp/man",
        ];
        for line in table {
            let words = std::iter::once("rpa").chain(line.split(' '));
            Cli::try_parse_from(words).unwrap_or_else(|e| panic!("{line}: {e}"));
        }
    }

    #[test]
    fn what_is_refused() {
        let table = [
            "",
            "check",
            "fmt",
            "init a b",
            "init --list --start",
            "run report --wait --plain",
            "jobs",
            "run",
            "publish report 0",
            "diff report 1 2 3",
            "rollback report",
            "clone report",
            "export report",
            "export --all report -o a.tar",
            "export -o a.tar",
            "run report --timeout 90s",
            "run report --stop-on-error",
            "run report --each-format csv",
            "run report --each a.csv --follow",
            "run report --each - --each-format xml",
            "run report --wait --timeout 90",
            "run report --wait --timeout 0s",
            "run report --wait --timeout -5s",
            "runs --status done",
            "runs --status failed,done",
            "runs --since yesterday",
            "runs --contains=",
            "runs --limit 0",
            "runs --limit 100001",
            "runs --output xml",
            "--host -oProxyCommand=x runs",
            "--host= runs",
            "run report --output csv",
            "logs 4444 --step ../x",
            "why",
            "why 4444 ../x",
            "resolve 4444 send maybe",
            "resolve 4444 send",
            "resolve 4444 done",
            "approve",
            "approve 4444 sign --digest 0123",
            "reject 4444 sign --field k=v",
            "resume",
            "resume 4444 --restored",
            "resume 4444 --dry-run",
            "backup",
            "backup --check a.tar --force",
            "locks set api 0",
            "locks set api",
            "locks release prod-db 4444",
            "event",
            "event publish",
            "schedule",
            "schedule preview",
            "schedule preview --cron @daily --around tomorrow",
            "schedule preview --cron @daily --limit 0",
            "schedule preview report --cron @daily",
            "schedule preview report --timezone UTC",
            "schedule preview report --jitter 5m",
            "schedule preview --cron @daily --dst-gap both",
            "schedule preview --cron @daily --jitter 5",
            "event publish order.paid --data {} --field k=v",
            "triggers enable",
            "triggers enable report --note why",
            "triggers stop report",
            "slots --before 2026-11-20",
            "slots --fate nonsense",
            "slots report --since 2d --before 2026-11-20",
            "deliveries report --limit 0",
            "deliveries report --before yesterday",
            "triggers fire",
            "triggers test report --data {} --field a=b",
            "slots report --limit 0",
            "slots report --limit 501",
            "slots report --before yesterday",
            "upcoming --within 0s",
            "upcoming --within soon",
            "schedule backfill report",
            "schedule backfill report --from 2026-11-19",
            "schedule backfill report --from 2026-11-19 --to 2026-11-20 --max 0",
            "notifications --all --unread",
            "notifications ack",
            "notifications ack 12 --all",
            "notifications ack 12 --workflow report",
            "notifications ack x",
            "notifications ack --upto 31",
            "-n UPPER runs",
            "completions basic",
            "--lang de status",
        ];
        for line in table {
            let words = std::iter::once("rpa").chain(line.split(' ').filter(|w| !w.is_empty()));
            let error = Cli::try_parse_from(words).expect_err(line);
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }
}
