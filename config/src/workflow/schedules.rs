//! `schedule` of a trigger: when it starts runs.

use rpa_engine::trigger::{Bound, DstGap, DstOverlap, Moments, Outside, Overlap, Schedule};

use super::fields::{Fields, Keys};
use super::limits::PAUSE_ON_FAILURE;
use super::moments::Edge;
use super::node::Node;
use super::plans;
use super::problem::ProblemCode;
use super::reader::Reader;
use super::zone::Zone;

pub(crate) const KEYS: Keys = Keys {
    owner: "`schedule`",
    known: &[
        "cron",
        "every",
        "from",
        "at",
        "timezone",
        "jitter",
        "start",
        "end",
        "days",
        "outside",
        "dst",
        "catch_up",
        "overlap",
        "pause_on_failure",
    ],
    later: &[],
};

pub(crate) const DST_KEYS: Keys = Keys { owner: "`dst`", known: &["gap", "overlap"], later: &[] };

impl<'a> Reader<'a> {
    /// Each key is read before one that is wrong ends it, so that all are reported.
    pub(crate) fn schedule(&mut self, node: &'a Node) -> Option<Schedule> {
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let zone = match fields.get("timezone") {
            Some(node) => self.timezone(node),
            None => Some(Zone::utc()),
        };
        // moments of an unknown zone are read as if of this, to find what else is wrong
        let near = zone.clone().unwrap_or_else(Zone::utc);
        let moments = self.moments(&fields, &near);
        let dst = self.dst(&fields);
        let jitter = fields.get("jitter").map(|node| self.duration_ms(node, "`jitter`"));
        let (start, end) = self.bounds(&fields, &near);
        let days = fields.get("days").map(|node| self.days(node));
        let words = Outside::ALL.map(|outside| (outside.word(), outside));
        let outside = fields.get("outside").map(|node| self.choice(node, "`outside`", &words));
        if let (Some(entry), None) = (fields.entry("outside"), &days) {
            self.useless_without(entry.key_at, "outside", "days");
        }
        let catch_up = self.catch_up(fields.get("catch_up"));
        let words = Overlap::ALL.map(|overlap| (overlap.word(), overlap));
        let overlap = fields.get("overlap").map(|node| self.choice(node, "`overlap`", &words));
        let pause = fields
            .get("pause_on_failure")
            .map(|node| self.count(node, "`pause_on_failure`", &PAUSE_ON_FAILURE));
        let (moments, (gap, fold)) = (moments?, dst?);
        if let (Some(node), Some(Some(jitter_ms))) = (fields.get("jitter"), jitter) {
            self.jitter_fits(node, jitter_ms, &moments);
        }
        Some(Schedule {
            moments,
            timezone: zone?.name,
            gap,
            fold,
            jitter_ms: given(jitter)?.unwrap_or_default(),
            start: start?,
            end: end?,
            days: given(days)?.flatten(),
            outside: given(outside)?.unwrap_or_default(),
            catch_up: catch_up?,
            overlap: given(overlap)?.unwrap_or_default(),
            pause_on_failure: given(pause)?,
        })
    }

    /// Only what the clock of a zone shows is leapt over or shown twice.
    fn dst(&mut self, fields: &Fields<'a>) -> Option<(DstGap, DstOverlap)> {
        let Some(entry) = fields.entry("dst") else { return Some(Default::default()) };
        let dst = Fields::read(&entry.node, &DST_KEYS, &mut self.problems);
        if fields.get("cron").is_none() {
            self.useless_without(entry.key_at, "dst", "cron");
        }
        let dst = dst?;
        let words = DstGap::ALL.map(|gap| (gap.word(), gap));
        let gap = dst.get("gap").map(|node| self.choice(node, "`gap`", &words));
        let words = DstOverlap::ALL.map(|fold| (fold.word(), fold));
        let fold = dst.get("overlap").map(|node| self.choice(node, "`overlap`", &words));
        Some((given(gap)?.unwrap_or_default(), given(fold)?.unwrap_or_default()))
    }

    fn bounds(
        &mut self,
        fields: &Fields<'a>,
        zone: &Zone,
    ) -> (Option<Option<Bound>>, Option<Option<Bound>>) {
        let start = fields.get("start");
        let start = given(start.map(|node| self.instant_of(node, "`start`", zone, Edge::Start)));
        let node = fields.get("end");
        let end = given(node.map(|node| self.instant_of(node, "`end`", zone, Edge::End)));
        if let (Some(Some(start)), Some(Some(end)), Some(node)) = (&start, &end, node)
            && end.at_ms <= start.at_ms
        {
            self.wrong_type(node.at, "`end` is not after `start`", "write a later `end`");
        }
        (start, end)
    }

    /// A slot that is put off past the next one would come after it.
    fn jitter_fits(&mut self, node: &Node, jitter_ms: u64, moments: &Moments) {
        let Some(shortest_ms) = plans::shortest_ms(moments) else { return };
        if jitter_ms == 0 || jitter_ms < shortest_ms {
            return;
        }
        let message = "`jitter` is not shorter than the time between two slots";
        let hint = "write a shorter one: a slot could be fired after the one that follows it";
        match moments {
            Moments::Every { .. } | Moments::At(_) => self.wrong_type(node.at, message, hint),
            // of a rule only some slots were looked at, and few of them may be so near
            Moments::Cron(_) => {
                self.problems.warning(ProblemCode::WrongType, node.at, message, hint);
            }
        }
    }
}

/// A key that may be left out: nothing when it is there and cannot be read.
pub(crate) fn given<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}
