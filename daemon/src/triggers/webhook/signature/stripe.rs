//! Stripe: `Stripe-Signature: t=SECONDS,v1=HEX,v1=HEX` over the time and the body.

use axum::http::HeaderMap;

use super::{Claim, MOST_CODES, Proof, Refusal, one, seconds, unhex};

const SIGNATURE: &str = "stripe-signature";

pub fn claim(headers: &HeaderMap) -> Result<Claim, Refusal> {
    let (mut timestamp, mut codes) = (None, Vec::new());
    for part in one(headers, SIGNATURE)?.split(',') {
        match part.trim().split_once('=') {
            // a second time could be another one than that which was signed
            Some(("t", _)) if timestamp.is_some() => return Err(Refusal::Malformed(SIGNATURE)),
            Some(("t", text)) => timestamp = Some(text),
            Some(("v1", text)) if codes.len() < MOST_CODES => codes.extend(unhex(text)),
            // `v0` is for tests of theirs alone
            _ => {}
        }
    }
    let timestamp = timestamp.ok_or(Refusal::Malformed(SIGNATURE))?;
    let at_s = seconds(timestamp).ok_or(Refusal::Malformed(SIGNATURE))?;
    let before = format!("{timestamp}.").into_bytes();
    Ok(Claim { before, proof: Proof::Codes(codes), at_s: Some(at_s) })
}
