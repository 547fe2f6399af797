//! Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`.

use axum::http::HeaderMap;
use rpa_config::expr::base64;

use super::{Claim, Proof, Refusal, one, seconds};

pub const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";
/// The one version with a shared secret.
const VERSION: &str = "v1,";

pub fn claim(headers: &HeaderMap) -> Result<Claim, Refusal> {
    let (id, timestamp) = (one(headers, ID)?, one(headers, TIMESTAMP)?);
    let at_s = seconds(timestamp).ok_or(Refusal::Malformed(TIMESTAMP))?;
    if id.is_empty() || is_ambiguous(id) {
        return Err(Refusal::Malformed(ID));
    }
    // those of other versions are not ours to read
    let versions = one(headers, SIGNATURE)?.split(' ');
    let codes = versions.filter_map(|text| base64::decode(text.strip_prefix(VERSION)?)).collect();
    let before = format!("{id}.{timestamp}.").into_bytes();
    Ok(Claim { before, proof: Proof::Codes(codes), at_s: Some(at_s) })
}

/// `ID.SECONDS.BODY` is signed as one text: where an id ended with a time of its own, a
/// part of it could be taken for that of the request, and the signature would be good.
fn is_ambiguous(id: &str) -> bool {
    id.rsplit_once('.').is_some_and(|(_, rest)| seconds(rest).is_some())
}
