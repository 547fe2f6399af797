//! A person's word on what a step asks: all of it is shown, and the word counts for just
//! that.
//!
//! ```text
//! open --Approve, Reject--> sent --accepted--> closed
//!   ^                         `---refused----> open, with the refusal
//!   |-- something else is asked by now: shows it, says so
//!   `-- nothing is asked any more: says so, only closing is left
//! ```

use rpa_engine::{RunId, StepPath};
use rpa_ipc::asking::ApprovalView;
use rpa_ipc::service::GivenValue;
use rpa_ipc::view::RunDetail;
use rpa_ipc::{Fault, FaultCode};

use super::{Call, Effect, Field, Input, Overlay, State, asked, form};
use crate::console::command;
use crate::console::keys::Key;
use crate::console::theme::Tone;
use crate::console::view::layout;
use crate::say;
use crate::words::Words;

/// What is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Ballot {
    pub run: RunId,
    pub path: StepPath,
    pub approves: bool,
    /// Of what was on the screen.
    pub digest: String,
    pub fields: Vec<(String, GivenValue)>,
    pub comment: String,
}

/// Where the focus can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    Field(usize),
    Comment,
    Approve,
    Reject,
    Close,
}

#[derive(Clone, Debug)]
pub struct Vote {
    pub asked: ApprovalView,
    pub fields: Vec<Field>,
    pub comment: Input,
    pub at: Stop,
    /// The first line shown of what is asked.
    pub top: usize,
    /// The answer has not come.
    pub sent: bool,
    /// Something else was asked when the dialog was opened, or read.
    pub changed: bool,
    /// Nothing is asked any more.
    pub gone: bool,
    /// Why the last word was refused.
    pub fault: Option<Fault>,
}

impl Vote {
    fn new(asked: ApprovalView) -> Vote {
        Vote {
            fields: asked.form.iter().map(Field::new).collect(),
            asked,
            comment: Input::default(),
            // nothing is chosen for a person
            at: Stop::Close,
            top: 0,
            sent: false,
            changed: false,
            gone: false,
            fault: None,
        }
    }

    /// In the order of the Tab key.
    fn stops(&self) -> Vec<Stop> {
        if self.gone {
            return vec![Stop::Close];
        }
        let fields = (0..self.fields.len()).map(Stop::Field);
        fields.chain([Stop::Comment, Stop::Approve, Stop::Reject, Stop::Close]).collect()
    }

    fn step(&mut self, forward: bool) {
        let stops = self.stops();
        let at = stops.iter().position(|stop| *stop == self.at).unwrap_or(stops.len() - 1);
        let by = if forward { 1 } else { stops.len() - 1 };
        self.at = stops[(at + by) % stops.len()];
    }

    fn is_of(&self, run: RunId, path: &StepPath) -> bool {
        self.asked.run == run && self.asked.path == *path
    }

    /// What is asked now. Another thing has to be read anew, and its form filled in: what
    /// was typed stays where it fits.
    fn renew(&mut self, now: Option<&ApprovalView>) {
        let Some(now) = now else {
            (self.gone, self.at) = (true, Stop::Close);
            return;
        };
        if now.digest != self.asked.digest || now.form != self.asked.form {
            let mut fields: Vec<Field> = now.form.iter().map(Field::new).collect();
            for field in &mut fields {
                let typed = |f: &&Field| f.name == field.name && f.kind == field.kind;
                if let Some(typed) = self.fields.iter().find(typed) {
                    (field.input, field.given) = (typed.input.clone(), typed.given.clone());
                }
            }
            (self.fields, self.changed) = (fields, true);
            (self.top, self.at) = (0, Stop::Close);
            // that is what it has said
            self.fault.take_if(|fault| fault.code == FaultCode::OtherDigest);
        }
        (self.asked, self.gone) = (now.clone(), false);
    }

    fn ballot(&self, approves: bool) -> Ballot {
        // who rejects fills nothing in
        let fields = if approves { form::given(&self.fields, true) } else { Vec::new() };
        Ballot {
            run: self.asked.run,
            path: self.asked.path.clone(),
            approves,
            digest: self.asked.digest.clone(),
            fields,
            comment: self.comment.text().trim().to_owned(),
        }
    }
}

pub fn open(state: &mut State, asked: ApprovalView) {
    state.notice = None;
    state.overlay = Some(Overlay::Vote(Box::new(Vote::new(asked))));
    // what was listed a moment ago may be another by now
    renew(state);
}

/// Brings the open dialog up to date with the open run.
pub fn renew(state: &mut State) {
    let Some(Overlay::Vote(dialog)) = &mut state.overlay else { return };
    let open = state.run.as_ref().filter(|run| run.run == dialog.asked.run);
    let Some(detail) = open.and_then(|run| run.detail.as_ref()) else { return };
    // of a loop some turns may be left out
    let step = detail.steps.iter().find(|step| step.path == dialog.asked.path);
    if step.is_some() || super::is_over(&detail.summary.status) {
        dialog.renew(step.and_then(|step| step.approval.as_deref()));
    }
}

pub fn key(state: &mut State, mut dialog: Box<Vote>, key: Key) -> Vec<Effect> {
    let areas = layout::vote(state, &dialog);
    let last = areas.lines.saturating_sub(usize::from(areas.text.height));
    let page = usize::from(areas.text.height).max(1);
    let top = dialog.top.min(last);
    let mut effects = Vec::new();
    match (key, dialog.at) {
        (Key::Esc, _) | (Key::Enter, Stop::Close) => return effects,
        (Key::PageDown, _) => dialog.top = (top + page).min(last),
        (Key::PageUp, _) => dialog.top = top.saturating_sub(page),
        (Key::Down | Key::Tab, _) => dialog.step(true),
        (Key::Up | Key::BackTab, _) => dialog.step(false),
        (Key::Enter, Stop::Field(_) | Stop::Comment) => dialog.step(true),
        (Key::Enter, Stop::Approve) => effects = send(state, &mut dialog, true),
        (Key::Enter, Stop::Reject) => effects = send(state, &mut dialog, false),
        (_, Stop::Field(at)) => dialog.fields.iter_mut().skip(at).take(1).for_each(|f| f.key(key)),
        (_, Stop::Comment) => {
            dialog.comment.key(key);
        }
        (Key::Right, Stop::Approve | Stop::Reject) => dialog.step(true),
        (Key::Left, Stop::Reject | Stop::Close) => dialog.step(false),
        (Key::Home, _) => dialog.top = 0,
        (Key::End, _) => dialog.top = last,
        _ => {}
    }
    state.overlay = Some(Overlay::Vote(dialog));
    effects
}

pub fn paste(dialog: &mut Vote, text: &str, words: &Words) {
    match dialog.at {
        Stop::Field(at) => {
            dialog.fields.iter_mut().skip(at).take(1).for_each(|f| f.paste(text, words));
        }
        Stop::Comment => dialog.comment.paste(text),
        // a paste is not a yes
        Stop::Approve | Stop::Reject | Stop::Close => {}
    }
}

fn send(state: &mut State, dialog: &mut Vote, approves: bool) -> Vec<Effect> {
    if dialog.sent {
        return Vec::new();
    }
    let wrong = match approves {
        true => form::first_wrong(&mut dialog.fields, &state.words),
        false => None,
    };
    if let Some(wrong) = wrong {
        dialog.at = Stop::Field(wrong);
        return Vec::new();
    }
    let text = say!(state.words, "vote-sent", step = dialog.asked.path.as_str());
    let command = vote_command(state, dialog);
    state.tell(Tone::Busy, text, command);
    (dialog.sent, dialog.fault) = (true, None);
    state.calls += 1;
    vec![Effect::Call(Call::Vote(dialog.ballot(approves)))]
}

/// The command that says the same.
pub fn vote_command(state: &State, dialog: &Vote) -> String {
    let approves = dialog.at != Stop::Reject;
    let fields = if approves { form::shown(&dialog.fields, true) } else { Vec::new() };
    command::vote(&state.namespace, &dialog.ballot(approves), &fields)
}

/// The word was taken: what has come of it.
pub fn done(state: &mut State, ballot: &Ballot, detail: &RunDetail) {
    if let Some(Overlay::Vote(dialog)) = &state.overlay
        && dialog.sent
        && dialog.is_of(ballot.run, &ballot.path)
    {
        state.overlay = None;
    }
    let step = detail.steps.iter().find(|step| step.path == ballot.path);
    let now = step.and_then(|step| step.approval.as_deref());
    let path = ballot.path.as_str();
    let words = &state.words;
    let text = match asked::voters_missing(now, &ballot.path, &ballot.digest) {
        _ if !ballot.approves => say!(words, "vote-rejected", step = path),
        Some(count) if count > 0 => say!(words, "vote-missing", step = path, count = count),
        Some(_) | None => say!(words, "vote-approved", step = path),
    };
    let tone = if ballot.approves { Tone::Good } else { Tone::Warn };
    state.tell(tone, text, command::show(&state.namespace, ballot.run));
}

/// The word was not taken. Whether the dialog is still there to say so.
pub fn refused(state: &mut State, ballot: &Ballot, fault: &Fault) -> bool {
    let Some(Overlay::Vote(dialog)) = &mut state.overlay else { return false };
    if !dialog.sent || !dialog.is_of(ballot.run, &ballot.path) {
        return false;
    }
    (dialog.sent, dialog.fault) = (false, Some(fault.clone()));
    // it shows another one by now
    if dialog.changed && dialog.asked.digest != ballot.digest {
        dialog.fault.take_if(|fault| fault.code == FaultCode::OtherDigest);
    }
    state.notice = None;
    true
}
