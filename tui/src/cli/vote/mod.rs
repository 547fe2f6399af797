//! A person's word on what is asked: found, shown, then said with the digest of just that.

mod find;

use clap::Args;
use rpa_engine::StepPath;
use rpa_ipc::asking::{ApprovalView, VoteRequest};
use rpa_ipc::service::{GivenValue, RpadClient, RunRef};
use rpa_ipc::view::RunDetail;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::asked::{self, DIGEST};
use super::confirm::{agreed, is_somebody_there};
use super::exit::{Exit, Failure};
use super::json::VoteDocument;
use super::outcome::{self, Extent};
use super::session::{Session, now_ms};
use super::text::{Line, Style};

/// What both verbs take.
#[derive(Debug, Args)]
pub struct Ballot {
    /// A run's id, or a unique ending of it; what it has called is looked through as well
    pub run: String,

    /// The step that asks; may be left out when only one does
    pub step: Option<StepPath>,

    /// Said with it, for the log of the run and for later steps
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub comment: String,

    /// What you have read, as rpa approvals shows it: refused when it is another now
    #[arg(long, value_name = "D", value_parser = digest)]
    pub digest: Option<String>,

    /// Do not ask, whatever it is
    #[arg(long)]
    pub yes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Approves,
    Rejects,
}

impl Word {
    fn question(self) -> &'static str {
        match self {
            Word::Approves => "approve?",
            Word::Rejects => "reject?",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Word::Approves => "approved",
            Word::Rejects => "rejected",
        }
    }
}

/// At least so many digits that nobody types them by chance.
fn digest(text: &str) -> Result<String, String> {
    let digits = text.bytes().all(|b| b.is_ascii_hexdigit());
    match digits && (DIGEST..=64).contains(&text.len()) {
        true => Ok(text.to_ascii_lowercase()),
        false => Err(format!("write {DIGEST} to 64 hexadecimal digits, as rpa approvals does")),
    }
}

pub async fn vote(
    ballot: &Ballot,
    word: Word,
    fields: Vec<(String, GivenValue)>,
    session: &mut Session,
) -> Result<Exit, Failure> {
    let mut link = session.link()?;
    let run = session.run_ref(&ballot.run);
    let asked = find::one(&mut link, &run, ballot.step.as_ref(), ballot.digest.as_deref()).await?;
    if !session.json {
        let lines = asked::lines(&asked, Extent::All, &session.out.look, now_ms());
        session.out.lines(lines)?;
    }
    bound(&asked, ballot.digest.as_deref())?;
    let asks = !ballot.yes && ballot.digest.is_none() && is_somebody_there(session);
    if asks && !agreed(word.question(), session)? {
        session.note("nothing was said; the run goes on waiting")?;
        return Ok(Exit::DETACHED);
    }
    let request = VoteRequest {
        run: RunRef { id: asked.run.to_string(), ..run },
        path: asked.path.clone(),
        approves: word == Word::Approves,
        fields,
        comment: ballot.comment.clone(),
        digest: asked.digest.clone(),
    };
    let call = async |rpc: &RpadClient, context| rpc.vote(context, request.clone()).await;
    let detail = link.call(call).await?;
    say(word, &asked, &detail, session)
}

/// Refuses when what is asked now is not what the person has read.
fn bound(asked: &ApprovalView, seen: Option<&str>) -> Result<(), Fault> {
    match seen {
        Some(seen) if !asked.digest.starts_with(seen) => {
            let (run, step, digest) = (asked.run.short(), &asked.path, asked::digest(asked));
            let code = FaultCode::OtherDigest;
            Err(fault!(code, "digest-other", step = step, run = run, digest = digest)
                .hint(said!("hint-look-again", digest = digest)))
        }
        Some(_) | None => Ok(()),
    }
}

fn say(
    word: Word,
    asked: &ApprovalView,
    detail: &RunDetail,
    session: &mut Session,
) -> Result<Exit, Failure> {
    if session.json {
        session.out.document(&VoteDocument::of(word.done(), asked, detail))?;
        return Ok(Exit::OK);
    }
    session.out.line(Line::new())?;
    session.out.line(said_line(word, asked, detail))?;
    session.out.line(outcome::headline(detail, &session.out.look, now_ms()))?;
    Ok(Exit::OK)
}

/// `sign_off: approved, 1 of 2: 1 more has to approve`
fn said_line(word: Word, asked: &ApprovalView, detail: &RunDetail) -> Line {
    let style = if word == Word::Approves { Style::Good } else { Style::Bad };
    let line = Line::new().push(Style::Bold, asked.path.as_str()).plain(": ");
    let line = line.push(style, word.done());
    let step = detail.steps.iter().find(|step| step.path == asked.path);
    let still = step.and_then(|step| step.approval.as_deref());
    match still.filter(|now| now.digest == asked.digest) {
        Some(now) => {
            let more = u64::from(now.quorum).saturating_sub(now.votes.len() as u64);
            let have = if more == 1 { "has" } else { "have" };
            line.plain(format!(", {}: {more} more {have} to approve", asked::count(now)))
        }
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn a_digest_is_long_enough_to_mean_something() {
        assert_eq!(digest("0123456789AB").as_deref(), Ok("0123456789ab"));
        for bad in ["", "0123456789a", "0123456789ax", &"0".repeat(65)] {
            assert!(digest(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn another_thing_than_was_read_is_refused_with_what_it_is_now() {
        let asked = sample::approval();
        assert!(bound(&asked, None).is_ok());
        assert!(bound(&asked, Some(&asked.digest)).is_ok());
        assert!(bound(&asked, asked.digest.get(..12)).is_ok());
        let fault = bound(&asked, Some("ffffffffffff")).unwrap_err();
        assert_eq!(fault.code, FaultCode::OtherDigest);
        assert!(fault.message.contains("now has the digest 0123456789ab"), "{fault}");
    }

    #[test]
    fn of_a_quorum_it_is_said_how_many_are_missing() {
        let (asked, mut detail) = (sample::approval(), sample::asking());
        let said = |detail: &RunDetail| said_line(Word::Approves, &asked, detail).text();
        assert_eq!(said(&detail), "sign_off: approved, 1 of 2: 1 more has to approve");
        detail.steps[0].approval = None;
        assert_eq!(said(&detail), "sign_off: approved");
    }
}
