//! Notifications: they are counted as they are, and those about what stands agree with it.

use std::collections::BTreeSet;

use redb::ReadTransaction;
use rpa_engine::RunId;
use rpa_engine::notification::Kind as About;

use super::{Audit, Kind};
use crate::store::codec::decode;
use crate::store::error::StoreError;
use crate::store::notifications::{Counts, Life, NotificationRow};
use crate::store::schema;

impl Audit {
    pub(super) fn notifications(&mut self, txn: &ReadTransaction) -> Result<(), StoreError> {
        let meta = txn.open_table(schema::META)?;
        let life = meta.get("life")?.map(|row| decode::<Life>("life", row.value()));
        self.readable("meta", None, life.transpose())?;
        let counts = meta.get("notifications")?;
        let counts = counts.map(|row| decode::<Counts>("counts", row.value()));
        let Some(counts) = self.readable("meta", None, counts.transpose())? else { return Ok(()) };
        let counts = counts.unwrap_or_default();
        let (mut rows, mut ids, mut unread) = (Vec::new(), BTreeSet::new(), 0);
        let mut there = Counts { last: counts.last, ..Counts::default() };
        for entry in self.notifications.all()? {
            let (number, row) = entry?;
            let number = number.value();
            let row = decode::<NotificationRow>("notification", row.value());
            let Some(row) = self.readable("notifications", None, row)? else {
                unread += 1;
                continue;
            };
            if row.id > number || number > counts.last || !ids.insert(row.id) {
                let text = format!("notification {number} has the id {}", row.id);
                self.find(Kind::Contradiction, "notifications", None, text);
            }
            if !self.notification_index.has(row.place(number))? {
                let text = format!("notification {number} is not where it is looked for");
                self.find(Kind::Listed, "notification_index", None, text);
            }
            there.enter(row.namespace, row.standing());
            rows.push(row);
        }
        // of one that cannot be read nothing can be said
        let all = unread == 0;
        if all && there != counts {
            let text = format!("{there:?} notifications are stored, and it says {counts:?}");
            self.find(Kind::Listed, "notifications", None, text);
        }
        if all
            && let Some((table, text)) = self.notification_index.extra("places of notifications")?
        {
            self.find(Kind::Listed, &table, None, text);
        }
        let waiting = self.runs_of(&rows, About::ApprovalWaiting);
        let asking = runs(self.approvals.all()?)?;
        self.agree(&waiting, &asking, "asks for approval", all);
        let told = self.runs_of(&rows, About::RunInDoubt);
        let doubts = runs(self.doubts.all()?)?;
        self.agree(&told, &doubts, "is in doubt", all);
        Ok(())
    }

    /// The runs of which it is told that they stand so.
    fn runs_of(&self, rows: &[NotificationRow], about: About) -> BTreeSet<RunId> {
        let open = rows.iter().filter(|row| row.kind() == about && row.settled.is_none());
        open.filter_map(|row| row.subject.run).collect()
    }

    /// `all`: none of them is unreadable.
    fn agree(&mut self, told: &BTreeSet<RunId>, is: &BTreeSet<RunId>, what: &str, all: bool) {
        if let Some(run) = told.difference(is).next() {
            let text = format!("it is told that it {what}, and it does not");
            self.find(Kind::Contradiction, "notifications", *run, text);
        }
        if let Some(run) = is.difference(told).next().filter(|_| all) {
            let text = format!("it {what}, and nobody is told");
            self.find(Kind::Astray, "notifications", *run, text);
        }
    }
}

type Steps = redb::Range<'static, (u32, u128, &'static str), ()>;

fn runs(steps: Steps) -> Result<BTreeSet<RunId>, StoreError> {
    steps.map(|entry| Ok(RunId(entry?.0.value().1))).collect()
}
