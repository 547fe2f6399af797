//! `timezone` of a schedule.

use jiff::tz::TimeZone;

use super::node::Node;
use super::reader::Reader;
use crate::schedule::find_zone;

/// A time zone and its name in the database of zones.
#[derive(Clone, Debug)]
pub(crate) struct Zone {
    pub(crate) name: String,
    pub(crate) clock: TimeZone,
}

impl Zone {
    pub(crate) fn utc() -> Zone {
        Zone { name: "UTC".to_owned(), clock: TimeZone::UTC }
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn timezone(&mut self, node: &'a Node) -> Option<Zone> {
        let name = self.filled_text(node, "`timezone`")?;
        match find_zone(name) {
            // as the database writes it: a name is found in capitals or not
            Ok(clock) => {
                let name = clock.iana_name().unwrap_or(name).to_owned();
                Some(Zone { name, clock })
            }
            Err(error) => {
                self.wrong_type(node.at, error.to_string(), error.hint());
                None
            }
        }
    }
}
