//! Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
//!
//! `ID.SECONDS.BODY` is signed as one text, and nothing in it says where the id ends: of
//! `acme.1614265330.x7.1614265390.{}` the sender may have meant the id `acme.1614265330.x7`
//! or the id `acme` with another body. Whoever has heard it could send it as the other one,
//! with the same signature, and under an id that was not heard yet. So:
//!
//! 1. An id with a time in it is refused: any part behind its first dot that is all digits.
//!    What is left is the reading with the shortest id. Of each text that was signed at most
//!    one reading is taken, so none is taken twice.
//! 2. That one could be the stranger's, where the sender's own has just been refused. So a
//!    body is refused that goes on as an id would, up to a time of today: it could be the
//!    rest of what the sender meant. A document in JSON does not, as it begins with a brace,
//!    a bracket or a quote.
//!
//! The specification asks senders to have no dots in ids that others may choose. What is
//! left to those that have is an id that looks like JSON itself.

use axum::http::HeaderMap;
use rpa_config::expr::base64;

use super::{Claim, MOST_CODES, Proof, Refusal, one, seconds};

pub const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";
/// The one version with a shared secret.
const VERSION: &str = "v1,";
/// September 2001: no sender is older. A smaller number between dots is a part of a version
/// or of an address.
const FIRST_TIME_S: i64 = 1_000_000_000;

pub fn claim(headers: &HeaderMap, body: &[u8]) -> Result<Claim, Refusal> {
    let (id, timestamp) = (one(headers, ID)?, one(headers, TIMESTAMP)?);
    let at_s = seconds(timestamp).ok_or(Refusal::Malformed(TIMESTAMP))?;
    if id.is_empty() || has_time(id) || ends_an_id(body) {
        return Err(Refusal::Malformed(ID));
    }
    // those of other versions are not ours to read
    let versions = one(headers, SIGNATURE)?.split(' ');
    let codes = versions.filter_map(|text| base64::decode(text.strip_prefix(VERSION)?));
    let codes = codes.take(MOST_CODES).collect();
    let before = format!("{id}.{timestamp}.").into_bytes();
    Ok(Claim { before, proof: Proof::Codes(codes), at_s: Some(at_s) })
}

/// Whether a part of an id could be taken for the time of a request.
fn has_time(id: &str) -> bool {
    id.split('.').skip(1).any(|part| seconds(part).is_some())
}

/// Whether a body begins as the rest of an id does, with a time behind it.
fn ends_an_id(body: &[u8]) -> bool {
    let may_be_id = |byte: &u8| byte.is_ascii_graphic() && !b"{}[]\"".contains(byte);
    let end = body.iter().position(|byte| !may_be_id(byte)).unwrap_or(body.len());
    // a time has a dot behind it: what comes after the last one is none
    let whole = body[..end].rsplitn(2, |byte| *byte == b'.').nth(1).unwrap_or_default();
    let time = |part: &[u8]| std::str::from_utf8(part).ok().and_then(seconds);
    whole.split(|byte| *byte == b'.').any(|part| time(part).is_some_and(|s| s >= FIRST_TIME_S))
}
