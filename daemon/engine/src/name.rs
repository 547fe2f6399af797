//! Names and ids, parsed once: nothing past the edge handles a raw string.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest identifier and longest workflow or namespace name, in bytes.
pub const MAX_NAME: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("is empty")]
    Empty,
    #[error("is longer than {MAX_NAME} characters")]
    TooLong,
    #[error("must match [a-z_][a-z0-9_]*")]
    Ident,
    #[error("has a hyphen, which an expression reads as a minus; write {0:?}")]
    Hyphen(String),
    #[error("must match [a-z0-9][a-z0-9_-]{{0,63}}")]
    Label,
    #[error("must match [a-z0-9][a-z0-9_.-]{{0,63}}")]
    EventName,
    #[error("is not NAME or NAMESPACE/NAME")]
    WorkflowRef,
    #[error("is not a run id (a UUID)")]
    RunId,
    #[error("is not a step path such as usage")]
    StepPath,
}

macro_rules! string_newtype {
    ($(#[$doc:meta])* $name:ident, $check:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = NameError;
            fn from_str(s: &str) -> Result<Self, NameError> {
                $check(s)?;
                Ok(Self(s.to_owned()))
            }
        }
        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(s: String) -> Result<Self, NameError> {
                $check(&s)?;
                Ok(Self(s))
            }
        }
        impl From<$name> for String {
            fn from(n: $name) -> String {
                n.0
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

string_newtype!(
    /// Id of a step, variable, secret or trigger: `[a-z_][a-z0-9_]*`, so that it
    /// can stand in an expression.
    Ident, check_ident
);
string_newtype!(
    /// Name of a workflow or namespace: `[a-z0-9][a-z0-9_-]{0,63}`.
    Label, check_label
);
string_newtype!(
    /// Name of a kind of event, for example `order.paid`: `[a-z0-9][a-z0-9_.-]{0,63}`.
    EventName, check_event_name
);
string_newtype!(
    /// Where a step stands in a run: `usage`, inside loops `each[3]/biggest`, among the
    /// handlers `@failure/tell`, and what undoes `pay` is `pay/@undo/refund`. One turn
    /// of a loop is `each[3]`.
    StepPath, check_path
);

/// So that a step is found by its id without a path being made of it.
impl Borrow<str> for StepPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl StepPath {
    /// The path of a top-level step.
    pub fn top(id: &Ident) -> StepPath {
        StepPath(id.as_str().to_owned())
    }

    /// The path of step `id` in the list at `scope`; the workflow's own list is at "".
    pub fn within(scope: &str, id: &Ident) -> StepPath {
        match scope {
            "" => StepPath::top(id),
            scope => StepPath(format!("{scope}/{id}")),
        }
    }

    /// The id of the step; none for a turn.
    pub fn id(&self) -> Option<Ident> {
        self.0.rsplit('/').next()?.parse().ok()
    }

    /// Turn `index` of the loop at this path.
    pub fn turn(&self, index: u32) -> StepPath {
        StepPath(format!("{self}[{index}]"))
    }

    /// Where the list is that the step stands in; of a turn, that of its loop.
    pub fn scope(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(scope, _)| scope)
    }

    /// The loop and the index, when this is one turn of a loop.
    pub fn as_turn(&self) -> Option<(StepPath, u32)> {
        let (of, index) = self.0.strip_suffix(']')?.rsplit_once('[')?;
        Some((StepPath(of.to_owned()), index.parse().ok()?))
    }

    /// Whether `self` is inside `outer`: in its body, or one of its turns.
    pub fn is_below(&self, outer: &str) -> bool {
        let rest = self.0.strip_prefix(outer);
        rest.is_some_and(|rest| rest.starts_with('/') || rest.starts_with('['))
    }
}

/// `namespace/name`, the full name of a workflow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WorkflowRef {
    pub namespace: Label,
    pub name: Label,
}

impl WorkflowRef {
    /// Reads `name` or `namespace/name`; the former means `default_namespace`.
    pub fn parse(s: &str, default_namespace: &Label) -> Result<WorkflowRef, NameError> {
        match s.split_once('/') {
            None => Ok(WorkflowRef { namespace: default_namespace.clone(), name: s.parse()? }),
            Some((_, rest)) if rest.contains('/') => Err(NameError::WorkflowRef),
            Some((ns, name)) => Ok(WorkflowRef { namespace: ns.parse()?, name: name.parse()? }),
        }
    }
}

impl fmt::Display for WorkflowRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// Id of a run: a UUIDv7, so that ids sort by the time of acceptance.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunId(pub u128);

impl RunId {
    /// The last 12 hex digits: the random part, which people type and read.
    pub fn short(self) -> String {
        format!("{:012x}", self.0 & 0xffff_ffff_ffff)
    }

    /// The id of the run that attempt `attempt` of the step at `path` of this run calls,
    /// a UUID of version 7 with the time `now_ms`: always the same one.
    pub fn called(self, path: &StepPath, attempt: u32, now_ms: u64) -> RunId {
        let bytes = self.0.to_be_bytes().into_iter();
        let bytes = bytes.chain(path.as_str().bytes()).chain(attempt.to_be_bytes());
        RunId::reckoned(bytes, now_ms)
    }

    /// The id of the run that a slot of a trigger starts at this moment.
    pub fn of_slot(workflow: &WorkflowRef, trigger: &Ident, at_ms: u64, now_ms: u64) -> RunId {
        let name = format!("{workflow}/{trigger}@{at_ms}");
        RunId::reckoned(name.bytes(), now_ms)
    }

    /// The run of a delivery to a trigger, by the delivery's number.
    pub fn of_delivery(workflow: &WorkflowRef, trigger: &Ident, number: u64, now_ms: u64) -> RunId {
        let name = format!("{workflow}/{trigger}#{number}");
        RunId::reckoned(name.bytes(), now_ms)
    }

    fn reckoned(bytes: impl Iterator<Item = u8>, now_ms: u64) -> RunId {
        let hash = fnv1a(bytes);
        let time = u128::from(now_ms) & ((1 << 48) - 1);
        let (high, low) = (hash >> 116, hash & ((1 << 62) - 1));
        RunId(time << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
    }

    /// Milliseconds since the Unix epoch at which the id was made.
    pub fn accepted_ms(self) -> u64 {
        (self.0 >> 80) as u64
    }
}

/// FNV-1a, 128 bits: <https://www.rfc-editor.org/rfc/rfc9923>.
fn fnv1a(bytes: impl Iterator<Item = u8>) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME))
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let h = format!("{:032x}", self.0);
        write!(f, "{}-{}-{}-{}-{}", &h[..8], &h[8..12], &h[12..16], &h[16..20], &h[20..])
    }
}
impl fmt::Debug for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for RunId {
    type Err = NameError;
    fn from_str(s: &str) -> Result<RunId, NameError> {
        let hex: String = s.chars().filter(|c| *c != '-').collect();
        if hex.len() != 32 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NameError::RunId);
        }
        u128::from_str_radix(&hex, 16).map(RunId).map_err(|_| NameError::RunId)
    }
}

/// One try at one step: what fences a late result.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AttemptId {
    pub run: RunId,
    pub path: StepPath,
    /// Counts from 1.
    pub number: u32,
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}#{}", self.run.short(), self.path, self.number)
    }
}

fn check_ident(s: &str) -> Result<(), NameError> {
    check_size(s)?;
    let mut bytes = s.bytes();
    let head = bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b == b'_');
    let tail = bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if head && tail {
        return Ok(());
    }
    let repaired = s.replace('-', "_");
    if s.contains('-') && check_ident(&repaired).is_ok() {
        return Err(NameError::Hyphen(repaired));
    }
    Err(NameError::Ident)
}

fn check_label(s: &str) -> Result<(), NameError> {
    check_size(s)?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let mut bytes = s.bytes();
    let head = bytes.next().is_some_and(plain);
    let tail = bytes.all(|b| plain(b) || b == b'_' || b == b'-');
    if head && tail { Ok(()) } else { Err(NameError::Label) }
}

fn check_event_name(s: &str) -> Result<(), NameError> {
    check_size(s)?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let mut bytes = s.bytes();
    let head = bytes.next().is_some_and(plain);
    let tail = bytes.all(|b| plain(b) || matches!(b, b'_' | b'-' | b'.'));
    if head && tail { Ok(()) } else { Err(NameError::EventName) }
}

/// Lists of steps that are no step's body.
const LISTS: [&str; 5] = ["@success", "@failure", "@cancel", "@finally", "@undo"];

fn check_path(s: &str) -> Result<(), NameError> {
    // 16 levels of 64 bytes and an index each: deeper nesting is refused at check
    if s.len() > 16 * 80 {
        return Err(NameError::TooLong);
    }
    for segment in s.split('/') {
        if LISTS.contains(&segment) {
            continue;
        }
        let (id, index) = match segment.split_once('[') {
            None => (segment, None),
            Some((id, rest)) => (id, Some(rest.strip_suffix(']').ok_or(NameError::StepPath)?)),
        };
        check_ident(id).map_err(|_| NameError::StepPath)?;
        if let Some(digits) = index
            && (digits.is_empty()
                || digits.len() > 9
                || !digits.bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(NameError::StepPath);
        }
    }
    Ok(())
}

fn check_size(s: &str) -> Result<(), NameError> {
    if s.is_empty() {
        Err(NameError::Empty)
    } else if s.len() > MAX_NAME {
        Err(NameError::TooLong)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idents_refuse_what_an_expression_would_misread() {
        assert!("big_1".parse::<Ident>().is_ok());
        assert!("_x".parse::<Ident>().is_ok());
        assert_eq!("a-b".parse::<Ident>(), Err(NameError::Hyphen("a_b".into())));
        for bad in ["1a", "A", "a.b", "é", "a b"] {
            assert_eq!(bad.parse::<Ident>(), Err(NameError::Ident), "{bad}");
        }
        assert_eq!("".parse::<Ident>(), Err(NameError::Empty));
        assert_eq!("a".repeat(65).parse::<Ident>(), Err(NameError::TooLong));
    }

    #[test]
    fn labels_and_refs() {
        assert!("disk-report".parse::<Label>().is_ok());
        for bad in ["-a", "_a", "A", "..", "a/b", "a.b"] {
            assert_eq!(bad.parse::<Label>(), Err(NameError::Label), "{bad}");
        }
        let default = "default".parse::<Label>().unwrap();
        assert_eq!(WorkflowRef::parse("x", &default).unwrap().to_string(), "default/x");
        assert_eq!(WorkflowRef::parse("n/x", &default).unwrap().to_string(), "n/x");
        assert_eq!(WorkflowRef::parse("a/b/c", &default), Err(NameError::WorkflowRef));
    }

    #[test]
    fn step_paths_are_never_file_paths() {
        assert!("usage".parse::<StepPath>().is_ok());
        assert!("each[3]/biggest".parse::<StepPath>().is_ok());
        for bad in ["..", "a/../b", "/a", "a//b", "a[]", "a[x]", "a[1", "a]", ""] {
            assert!(bad.parse::<StepPath>().is_err(), "{bad}");
        }
    }

    #[test]
    fn run_ids_round_trip() {
        let id: RunId = "0193f2a0-1111-7222-8333-444455556666".parse().unwrap();
        assert_eq!(id.to_string(), "0193f2a0-1111-7222-8333-444455556666");
        assert_eq!(id.short(), "444455556666");
        assert_eq!(id.accepted_ms(), 0x0193_f2a0_1111);
        assert_eq!("../etc".parse::<RunId>(), Err(NameError::RunId));
    }
}
