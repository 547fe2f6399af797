//! What `rpa why --json` prints.

use rpa_ipc::Language;
use rpa_ipc::fault::{Arg, Said, say};
use rpa_ipc::why::{Telling, Why, WhySlot};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::time;
use super::triggers::PastObject;

#[derive(Debug, Serialize)]
pub struct WhyDocument<'a> {
    pub run: String,
    pub workflow: &'a str,
    /// The step that was asked for.
    pub step: Option<&'a str>,
    /// Of the step, or of the run.
    pub status: &'a str,
    /// Why it stands so: the answer first. Empty on a further page.
    pub why: Vec<TellingObject<'a>>,
    /// What happened, in order.
    pub history: Vec<TellingObject<'a>>,
    pub next: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub struct WhySlotDocument<'a> {
    pub workflow: &'a str,
    pub trigger: &'a str,
    pub at: Option<String>,
    /// As in `rpa slots`; none of a moment that is no slot, or of which nothing is known.
    pub slot: Option<PastObject<'a>>,
    pub why: Vec<TellingObject<'a>>,
    /// Of a moment that is no slot: those beside it.
    pub before: Option<String>,
    pub after: Option<String>,
}

impl<'a> WhySlotDocument<'a> {
    pub fn of(why: &'a WhySlot) -> WhySlotDocument<'a> {
        WhySlotDocument {
            workflow: &why.trigger.workflow,
            trigger: &why.trigger.trigger,
            at: time(why.at_ms),
            slot: why.slot.as_ref().map(PastObject::of),
            why: why.why.iter().map(TellingObject::of).collect(),
            before: time(why.before_ms),
            after: time(why.after_ms),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct TellingObject<'a> {
    pub at: Option<String>,
    pub step: Option<&'a str>,
    pub kind: &'a str,
    /// In English, with moments in UTC.
    pub text: &'a str,
    pub fields: Map<String, Value>,
}

impl<'a> WhyDocument<'a> {
    pub fn of(why: &'a Why) -> WhyDocument<'a> {
        WhyDocument {
            run: why.run.to_string(),
            workflow: &why.workflow,
            step: why.path.as_ref().map(|path| path.as_str()),
            status: &why.status,
            why: why.now.iter().map(TellingObject::of).collect(),
            history: why.tellings.iter().map(TellingObject::of).collect(),
            next: why.next.as_deref(),
        }
    }
}

impl<'a> TellingObject<'a> {
    fn of(telling: &'a Telling) -> TellingObject<'a> {
        TellingObject {
            at: time(telling.at_ms),
            step: telling.path.as_ref().map(|path| path.as_str()),
            kind: &telling.kind,
            text: &telling.text,
            fields: fields(&telling.what),
        }
    }
}

/// A sentence: its kind, in English, and what it is made of.
pub fn sentence(said: &Said) -> Value {
    let kind = said.id.strip_prefix("why-").unwrap_or(&said.id).replace('-', "_");
    let text = say(Language::English, said).unwrap_or_default();
    json!({"kind": kind, "text": text, "fields": fields(said)})
}

/// What a sentence is made of. A sentence within is one of its own kind.
fn fields(said: &Said) -> Map<String, Value> {
    let field = |arg: &Arg| match arg {
        Arg::Text(text) | Arg::Reason(text) => Value::from(text.as_str()),
        Arg::Count(number) => Value::from(*number),
        Arg::Moment(ms) => Value::from(time(*ms)),
        Arg::Error(error) => {
            json!({"code": error.code, "class": error.class, "message": error.message})
        }
        Arg::Remarks(all) | Arg::Lines(all) => match all.as_slice() {
            [only] => sentence(only),
            all => all.iter().map(sentence).collect(),
        },
    };
    said.args.iter().map(|(name, arg)| (name.clone(), field(arg))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample;

    #[test]
    fn the_shape_of_why() {
        let why = sample::why();
        insta::assert_snapshot!(serde_json::to_string_pretty(&WhyDocument::of(&why)).unwrap());
    }
}
