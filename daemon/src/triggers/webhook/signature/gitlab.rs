//! GitLab: the secret itself in `X-Gitlab-Token`. It proves nothing of the body.

use axum::http::HeaderMap;

use super::{Claim, Proof, Refusal, one};

const TOKEN: &str = "x-gitlab-token";

pub fn claim(headers: &HeaderMap) -> Result<Claim, Refusal> {
    let token = one(headers, TOKEN)?.as_bytes().to_vec();
    Ok(Claim { before: Vec::new(), proof: Proof::Token(token), at_s: None })
}
