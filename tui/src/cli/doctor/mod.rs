//! `rpa doctor`: what is wrong, or soon will be, and what to do about it.

mod offline;

use std::path::PathBuf;
use std::time::Duration;

use rpa_ipc::doctor::{Finding, Severity};
use rpa_ipc::fault::{Said, reason_in, say};
use rpa_ipc::service::RpadClient;
use rpa_ipc::view::StatusView;
use rpa_ipc::{Fault, FaultCode, Language, said};
use serde::Serialize;

use super::exit::{Exit, Failure};
use super::output::{self, Form, Output};
use super::session::Session;
use super::text::{Line, Look, Style};
use super::wire::Repeat;

/// The daemon reads its whole store for the answer.
const LONGEST: Duration = Duration::from_secs(300);

/// Look for what is wrong with the daemon and its machine, and say what to do
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rpa doctor
  rpa doctor --json | jq '.findings[] | select(.severity == \"error\")'
  rpa doctor --quiet                only what has to be done

Exit status: 0 nothing has to be done, 5 there are warnings, 3 there are errors,
69 the daemon does not answer: then it looks at what can be seen without it.")]
pub struct Args {
    /// Only warnings and errors
    #[arg(short, long)]
    pub quiet: bool,

    /// Where the daemon keeps everything, to be looked at when it does not answer
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub state_dir: Option<PathBuf>,

    #[command(flatten)]
    pub form: Form,
}

#[derive(Serialize)]
struct Document<'a> {
    /// The worst of all.
    severity: &'a str,
    daemon: bool,
    findings: Vec<FindingObject<'a>>,
}

#[derive(Serialize)]
struct FindingObject<'a> {
    check: &'a str,
    severity: &'a str,
    what: String,
    #[serde(rename = "where")]
    place: Option<&'a str>,
    remedy: Option<String>,
}

pub async fn run(args: &Args, session: &mut Session) -> Result<Exit, Failure> {
    let mut sheet = args.form.sheet(&output::DOCTOR, session)?;
    let (mut found, is_there) = match examined(session).await {
        Ok(found) => (found, true),
        // what lies on this machine says nothing about another one
        Err(fault) if is_away(&fault) && !session.is_remote()? => {
            (offline::look(&fault, args.state_dir.as_deref(), session), false)
        }
        Err(fault) => return Err(fault.into()),
    };
    let worst = found.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Ok);
    if args.quiet {
        found.retain(|finding| finding.severity >= Severity::Warning);
    }
    if sheet.output() != Output::Table {
        // programs read English
        let findings: Vec<FindingObject<'_>> =
            found.iter().map(|finding| object(finding, Language::English)).collect();
        match sheet.streams() {
            true => sheet.rows(&findings, session)?,
            false => session.out.document(&Document {
                severity: worst.word(),
                daemon: is_there,
                findings,
            })?,
        }
    } else {
        let look = session.out.look;
        for finding in &found {
            session.out.lines(lines(finding, &look))?;
        }
    }
    Ok(match (is_there, worst) {
        (false, _) => Exit(FaultCode::Unreachable.exit()),
        (true, Severity::Error) => Exit::FAILED,
        (true, Severity::Warning) => Exit::NEEDS_PERSON,
        (true, Severity::Note | Severity::Ok) => Exit::OK,
    })
}

/// What the daemon finds, after how it is itself.
async fn examined(session: &Session) -> Result<Vec<Finding>, Fault> {
    let mut link = session.link()?;
    let status = link.call(async |rpc: &RpadClient, context| rpc.status(context).await).await?;
    let call = async |rpc: &RpadClient, context| rpc.doctor(context).await;
    let mut found = vec![daemon(&status, session.out.look.language)];
    found.extend(link.repeat(Repeat::Never, LONGEST, call).await?);
    Ok(found)
}

fn daemon(status: &StatusView, language: Language) -> Finding {
    let (version, pid) = (&status.version, status.pid);
    match status.state.as_str() {
        // what is held is among the findings about runs
        "ready" | "held" => {
            let what = said!("doctor-daemon", version = version, pid = pid);
            Finding::new("daemon", Severity::Ok, what).at(&status.socket)
        }
        state => {
            let reason = reason_in(language, &status.reason).into_owned();
            let what = said!("doctor-daemon-state", state = state, reason = reason);
            let finding = Finding::new("daemon", Severity::Error, what).at(&status.socket);
            finding.remedy(said!("doctor-see-status"))
        }
    }
}

fn is_away(fault: &Fault) -> bool {
    matches!(fault.code, FaultCode::Unreachable | FaultCode::Deadline)
}

fn object(finding: &Finding, language: Language) -> FindingObject<'_> {
    FindingObject {
        check: &finding.check,
        severity: finding.severity.word(),
        what: say(language, &finding.what).unwrap_or_default(),
        place: Some(finding.place.as_str()).filter(|place| !place.is_empty()),
        remedy: finding.remedy.as_ref().and_then(|remedy| say(language, remedy)),
    }
}

fn lines(finding: &Finding, look: &Look) -> Vec<Line> {
    let shown = object(finding, look.language);
    let style = match finding.severity {
        Severity::Ok => Style::Good,
        Severity::Note => Style::Plain,
        Severity::Warning => Style::Warn,
        Severity::Error => Style::Bad,
    };
    let language = look.language;
    let severity = say(language, &severity_word(finding.severity)).unwrap_or_default();
    let check = check_word(&finding.check).and_then(|word| say(language, &word));
    let check = check.unwrap_or_else(|| finding.check.clone());
    let head = Line::new()
        .push(style, format!("{severity:<WORD$}"))
        .push(Style::Dim, format!("{check:<CHECK$}"))
        .plain(shown.what);
    let margin = || Line::of(" ".repeat(WORD + CHECK));
    let place = shown.place.map(|place| margin().push(Style::Dim, place));
    let remedy = shown.remedy.map(|remedy| margin().plain("-> ").push(Style::Bold, remedy));
    std::iter::once(head).chain(place).chain(remedy).collect()
}

/// Cells of how bad it is, and of what was looked at.
const WORD: usize = 9;
const CHECK: usize = 12;

fn severity_word(severity: Severity) -> Said {
    match severity {
        Severity::Ok => said!("doctor-word-ok"),
        Severity::Note => said!("doctor-word-note"),
        Severity::Warning => said!("doctor-word-warning"),
        Severity::Error => said!("doctor-word-error"),
    }
}

/// What was looked at, as people call it; `None` of what a newer daemon looks at.
fn check_word(check: &str) -> Option<Said> {
    Some(match check {
        "backup" => said!("doctor-check-backup"),
        "clock" => said!("doctor-check-clock"),
        "daemon" => said!("doctor-check-daemon"),
        "disk" => said!("doctor-check-disk"),
        "limits" => said!("doctor-check-limits"),
        "permissions" => said!("doctor-check-permissions"),
        "runs" => said!("doctor-check-runs"),
        "schedules" => said!("doctor-check-schedules"),
        "socket" => said!("doctor-check-socket"),
        "starts" => said!("doctor-check-starts"),
        "state" => said!("doctor-check-state"),
        "store" => said!("doctor-check-store"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_told_in_the_language_of_the_person() {
        let finding =
            Finding::new("disk", Severity::Warning, said!("doctor-disk-little", free = 7))
                .at("/var")
                .remedy(said!("doctor-make-room"));
        let told = |language: Language| -> Vec<String> {
            let lines = lines(&finding, &Look { language, ..Look::PLAIN });
            lines.iter().map(|line| line.text().trim_end().to_owned()).collect()
        };
        let english = told(Language::English);
        assert!(english[0].starts_with("warning  disk        only 7 MiB"), "{english:?}");
        assert_eq!(english[1], format!("{}/var", " ".repeat(21)));
        let bulgarian = told(Language::Bulgarian);
        assert!(bulgarian[0].starts_with("внимание диск        свободни"), "{bulgarian:?}");
    }
}
