//! Keeps what the state wants from the daemon coming.
//!
//! ```text
//!  Connect --> dial --> Up            one connection at a time, with a number
//!  Wants ----> slots: overview, runs, failures, triggers, one workflow, one trigger,
//!             upcoming, glance, locks, ledger, notifications, search, run, log, find, why,
//!             events: a task each
//!  Call -----> calls                                      a task each
//!                `--> scrub --> bounded queue --> the loop
//! ```
//! A slot polls until what is wanted changes; then its task is replaced, and what it
//! had still on the way is dropped. The first transport fault of a connection ends
//! it: `Lost` is told once, all slots end, and the state asks for another one. Every
//! text of the daemon's is made harmless here, in one place ([`scrub`]).

mod calls;
mod desk;
mod events;
mod find;
mod ledger;
mod lists;
mod log;
mod notifications;
mod piece;
mod post;
mod run;
mod scrub;
mod slot;
#[cfg(test)]
mod tests;
mod triggers;
mod why;
mod workflow;
mod written;

use std::path::PathBuf;

use rpa_engine::Label;
use rpa_ipc::client::Client;
use rpa_ipc::hello::Via;
use rpa_ipc::service::{LogFindQuery, RunRef};
use rpa_ipc::triggers::Stretches;
use rpa_ipc::why::WhyQuery;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::state::{
    Call, LedgerWant, LogWant, News, NotificationsWant, RunsWant, TriggerWant, TriggersWant, Wants,
    WorkflowWant,
};
use desk::Desk;
use post::{Item, Post};
use slot::{Slot, Task};

/// News on their way. A slot that is faster than the loop waits.
const QUEUE: usize = 64;

#[derive(Debug)]
pub struct Wire {
    socket: PathBuf,
    post: Post,
    news: mpsc::Receiver<Item>,
    dialing: Option<Task>,
    /// The last ticket given to a slot.
    tickets: u64,
    overview: Slot<bool>,
    runs: Slot<RunsWant>,
    failures: Slot<RunsWant>,
    triggers: Slot<TriggersWant>,
    workflow: Slot<WorkflowWant>,
    trigger: Slot<TriggerWant>,
    upcoming: Slot<Stretches>,
    glance: Slot<bool>,
    locks: Slot<bool>,
    ledger: Slot<LedgerWant>,
    notifications: Slot<NotificationsWant>,
    search: Slot<RunsWant>,
    run: Slot<RunRef>,
    log: Slot<LogWant>,
    find: Slot<LogFindQuery>,
    why: Slot<WhyQuery>,
    events: Slot<RunRef>,
    /// Ended when the wire is dropped.
    calls: JoinSet<()>,
}

impl Wire {
    /// Nothing is opened before [`Wire::connect`].
    pub fn new(socket: PathBuf, namespace: Label) -> Wire {
        let (sender, news) = mpsc::channel(QUEUE);
        Wire {
            socket,
            post: Post::new(namespace, sender),
            news,
            dialing: None,
            tickets: 0,
            overview: Slot::default(),
            runs: Slot::default(),
            failures: Slot::default(),
            triggers: Slot::default(),
            workflow: Slot::default(),
            trigger: Slot::default(),
            upcoming: Slot::default(),
            glance: Slot::default(),
            locks: Slot::default(),
            ledger: Slot::default(),
            notifications: Slot::default(),
            search: Slot::default(),
            run: Slot::default(),
            log: Slot::default(),
            find: Slot::default(),
            why: Slot::default(),
            events: Slot::default(),
            calls: JoinSet::new(),
        }
    }

    /// Tries once; `Up` or `Lost` follows.
    pub fn connect(&mut self) {
        let (socket, post) = (self.socket.clone(), self.post.clone());
        self.dialing = Some(Task::spawn(async move {
            match Client::connect(&socket, Via::Console).await {
                Ok(client) => post.up(client).await,
                Err(fault) => post.tell(News::Lost(fault)).await,
            }
        }));
    }

    /// Starts what is newly wanted, ends what is not wanted any more, and leaves
    /// alone what stays. To be called after every change of the state.
    pub fn want(&mut self, wants: &Wants) {
        let Some(live) = self.post.live() else { return self.stop() };
        let (post, tickets) = (&self.post, &mut self.tickets);
        let mut desk = || {
            *tickets += 1;
            Desk::new(post.clone(), live.clone(), *tickets)
        };
        self.overview.want(Some(&wants.workflows), live.number, &mut desk, lists::overview);
        self.runs.want(wants.runs.as_ref(), live.number, &mut desk, lists::runs);
        self.failures.want(wants.failures.as_ref(), live.number, &mut desk, lists::failures);
        self.triggers.want(wants.triggers.as_ref(), live.number, &mut desk, triggers::all);
        self.workflow.want(wants.workflow.as_ref(), live.number, &mut desk, workflow::one);
        self.trigger.want(wants.trigger.as_ref(), live.number, &mut desk, triggers::one);
        self.upcoming.want(wants.upcoming.as_ref(), live.number, &mut desk, triggers::upcoming);
        self.locks.want(wants.locks.then_some(&true), live.number, &mut desk, lists::locks);
        self.ledger.want(wants.ledger.as_ref(), live.number, &mut desk, ledger::ledger);
        self.notifications.want(
            wants.notifications.as_ref(),
            live.number,
            &mut desk,
            notifications::keep,
        );
        self.search.want(wants.search.as_ref(), live.number, &mut desk, lists::search);
        let glance = wants.glance.then_some(&true);
        self.glance.want(glance, live.number, &mut desk, lists::glance);
        self.run.want(wants.run.as_ref(), live.number, &mut desk, run::watch);
        self.log.want(wants.log.as_ref(), live.number, &mut desk, log::read);
        self.find.want(wants.find.as_ref(), live.number, &mut desk, find::seek);
        self.why.want(wants.why.as_ref(), live.number, &mut desk, why::tell);
        self.events.want(wants.events.as_ref(), live.number, &mut desk, events::tell);
    }

    /// Everything is asked for anew by the next [`Wire::want`].
    pub fn refetch(&mut self) {
        self.stop();
    }

    /// Does it once; a `Done` follows.
    pub fn call(&mut self, call: Call) {
        // those that have ended
        while self.calls.try_join_next().is_some() {}
        let post = self.post.clone();
        self.calls.spawn(async move {
            let done = calls::make(&post, call).await;
            post.tell(News::Done(Box::new(done))).await;
        });
    }

    /// What has come; waits for something. May be dropped while it waits.
    pub async fn news(&mut self) -> Vec<News> {
        let mut items = Vec::with_capacity(QUEUE);
        self.news.recv_many(&mut items, QUEUE).await;
        items.retain(|item| item.ticket.is_none_or(|ticket| self.holds(ticket)));
        items.into_iter().map(|item| item.news).collect()
    }

    /// Whether a slot of today told it: what was wanted a moment ago is of no use,
    /// and a refusal of it would be taken for one of what is wanted now.
    fn holds(&self, ticket: u64) -> bool {
        let tickets = [
            self.overview.ticket(),
            self.runs.ticket(),
            self.failures.ticket(),
            self.triggers.ticket(),
            self.workflow.ticket(),
            self.trigger.ticket(),
            self.upcoming.ticket(),
            self.glance.ticket(),
            self.locks.ticket(),
            self.ledger.ticket(),
            self.notifications.ticket(),
            self.search.ticket(),
            self.run.ticket(),
            self.log.ticket(),
            self.find.ticket(),
            self.why.ticket(),
            self.events.ticket(),
        ];
        tickets.contains(&Some(ticket))
    }

    fn stop(&mut self) {
        self.overview = Slot::default();
        self.runs = Slot::default();
        self.failures = Slot::default();
        self.triggers = Slot::default();
        self.workflow = Slot::default();
        self.trigger = Slot::default();
        self.upcoming = Slot::default();
        self.glance = Slot::default();
        self.locks = Slot::default();
        self.ledger = Slot::default();
        self.notifications = Slot::default();
        self.search = Slot::default();
        self.run = Slot::default();
        self.log = Slot::default();
        self.find = Slot::default();
        self.why = Slot::default();
        self.events = Slot::default();
    }
}
