//! By what a delivery is known again: heard twice under one id, it is heard once.
//!
//! | scheme | id |
//! |---|---|
//! | standard | `webhook-id`, which is signed |
//! | github | the signature: the id of a delivery is not signed |
//! | gitlab | `Idempotency-Key`, else `X-Gitlab-Event-UUID`; neither is signed |
//! | stripe | `id` of the body as JSON, else its time and what it says |
//! | none | `webhook-id` or `Idempotency-Key`, where there is one |
//!
//! Where a scheme signs the body, nothing else has a say: the same bytes have one id under
//! whatever `Content-Type`, which nobody signs.

use axum::http::HeaderMap;
use rpa_config::json;
use rpa_engine::Value;
use rpa_engine::trigger::SignatureScheme;

use super::signature::proof_of;

/// Longest id that is kept as it is; of a longer one its hash.
const LONGEST: usize = 128;

pub fn id(scheme: SignatureScheme, headers: &HeaderMap, bytes: &[u8]) -> Option<String> {
    let header = |name: &str| {
        let value = headers.get(name)?.to_str().ok()?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    let id = match scheme {
        SignatureScheme::Standard => header("webhook-id"),
        SignatureScheme::Github => proof_of(scheme, headers),
        SignatureScheme::Gitlab => {
            header("idempotency-key").or_else(|| header("x-gitlab-event-uuid"))
        }
        SignatureScheme::Stripe => match id_of(bytes) {
            Some(id) => Some(id),
            None => {
                let at = proof_of(scheme, headers)?;
                Some(format!("{at}.{}", blake3::hash(bytes).to_hex()))
            }
        },
        SignatureScheme::None => header("webhook-id").or_else(|| header("idempotency-key")),
    }?;
    let id = match id.len() {
        ..=LONGEST => id,
        _ => format!("blake3-{}", blake3::hash(id.as_bytes()).to_hex()),
    };
    Some(format!("{}:{id}", scheme.word()))
}

/// The `id` of a document in JSON, whatever it is said to be.
fn id_of(bytes: &[u8]) -> Option<String> {
    let document = json::parse(bytes).ok()?;
    let id = document.get("id").and_then(Value::as_text)?;
    (!id.is_empty()).then(|| id.to_owned())
}
