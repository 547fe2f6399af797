//! GitHub: `X-Hub-Signature-256` over the body. The older `X-Hub-Signature` is not heard.

use axum::http::HeaderMap;

use super::{Claim, Proof, Refusal, one, unhex};

const SIGNATURE: &str = "x-hub-signature-256";

pub fn claim(headers: &HeaderMap) -> Result<Claim, Refusal> {
    let code = one(headers, SIGNATURE)?.strip_prefix("sha256=").and_then(unhex);
    let code = code.ok_or(Refusal::Malformed(SIGNATURE))?;
    Ok(Claim { before: Vec::new(), proof: Proof::Codes(vec![code]), at_s: None })
}
