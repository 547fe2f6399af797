//! Delivering what runs, locks and gates tell each other, in the transaction in which
//! they tell it: a cascade of messages is as durable as what began it.

use std::collections::VecDeque;

use rpa_engine::actor::{Actor, Origin};
use rpa_engine::run::{ChildOrder, Cx, Input, Message, News, Parent, Run, RunEnd};
use rpa_engine::{ErrorClass, Label, RunId, TaskError, Value};

use super::triggers::EndedRun;
use super::{Driver, Outbox};
use crate::store::{NamespaceId, StoreError, Tables};

/// Messages that wait to be delivered, with who sent them.
#[derive(Default)]
pub(super) struct Mail {
    letters: VecDeque<Letter>,
    /// Runs that wait at a gate for others that were cancelled for them, with their keys:
    /// looked at when all of that has come about.
    replacing: Vec<(Sender, String)>,
    /// Runs that have ended and that a trigger may have fired, or waits for, the first first:
    /// what comes of several depends on which was the last.
    ended: VecDeque<EndedRun>,
}

pub(super) struct Letter {
    pub from: Sender,
    pub message: Message,
}

/// The run that a message comes from.
#[derive(Clone)]
pub(super) struct Sender {
    pub run: RunId,
    pub namespace: NamespaceId,
    pub workflow: Label,
}

impl Mail {
    pub(super) fn has_any(&self) -> bool {
        !self.letters.is_empty() || !self.replacing.is_empty() || !self.ended.is_empty()
    }

    pub(super) fn post(&mut self, namespace: NamespaceId, run: &Run, messages: Vec<Message>) {
        for message in messages {
            let workflow = run.definition.name.name.clone();
            let from = Sender { run: run.id, namespace, workflow };
            self.letters.push_back(Letter { from, message });
        }
    }

    pub(super) fn ended(&mut self, run: EndedRun) {
        self.ended.push_back(run);
    }

    pub(super) fn look_again(&mut self, replacing: Sender, key: String) {
        self.replacing.push((replacing, key));
    }
}

impl Driver {
    /// Delivers until nobody has anything to say.
    pub(super) fn relay(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        loop {
            let Some(Letter { from, message }) = out.mail.letters.pop_front() else {
                if let Some((run, key)) = out.mail.replacing.pop() {
                    self.replaces_for_ever(tables, cx, &run, &key, out)?;
                } else if let Some(ended) = out.mail.ended.pop_front() {
                    self.fired_has_ended(tables, cx, ended.run, ended.status, out)?;
                    self.deliver_end(tables, cx, &ended, out)?;
                } else {
                    return Ok(());
                }
                continue;
            };
            match message {
                Message::Call(called) => self.call(tables, cx, *called, out)?,
                Message::Order { run, order } => {
                    let input = match order {
                        ChildOrder::Cancel { by } => Input::Cancel { by },
                        ChildOrder::Pause { by } => Input::Pause { by },
                        ChildOrder::Resume { by } => Input::Resume { by },
                    };
                    // one that has ended, or is paused already, needs no order
                    let _ = self.run_input(tables, cx, run, input, out)?;
                }
                Message::News { to, from, news } => self.news(tables, cx, &to, from, news, out)?,
                Message::Claim { lock, by, tokens } => {
                    self.claim(tables, cx, from.namespace, lock, by, tokens, out)?;
                }
                Message::Release { lock, by } => {
                    self.release(tables, cx, from.namespace, &lock, &by, out)?;
                }
                Message::Enter { key } => self.enter_gate(tables, cx, &from, &key, out)?,
                Message::Leave { key } => self.leave_gate(tables, cx, &from, &key, out)?,
            }
        }
    }

    /// The run that a step has called tells how it stands or has ended.
    pub(super) fn news(
        &mut self,
        tables: &mut Tables<'_>,
        cx: Cx,
        to: &Parent,
        from: RunId,
        news: News,
        out: &mut Outbox,
    ) -> Result<(), StoreError> {
        let news = match news {
            News::Ended(RunEnd::Completed { outputs }) => {
                let given = Value::Map(outputs);
                let shared = self.parts.blobs.share(from, to.run, &given);
                News::Ended(match (shared, given) {
                    (Ok(()), Value::Map(outputs)) => RunEnd::Completed { outputs },
                    (Ok(()), _) => RunEnd::Completed { outputs: Default::default() },
                    (Err(error), _) => {
                        let message = format!("its outputs could not be taken over: {error}");
                        RunEnd::Failed { step: None, error: not_stored(message) }
                    }
                })
            }
            other => other,
        };
        let input = Input::Called { path: to.path.clone(), run: from, news };
        let _ = self.run_input(tables, cx, to.run, input, out)?;
        Ok(())
    }
}

pub(super) fn not_stored(message: String) -> TaskError {
    TaskError { class: ErrorClass::System, code: "RPA0411".into(), message }
}

/// Who acts when nobody in particular does.
pub(super) fn daemon(who: String) -> Actor {
    Actor { who, origin: Origin::Daemon }
}
