//! What a run is told of the headers and the query of a request: nothing that proves who
//! somebody is.

use axum::http::HeaderMap;
use rpa_engine::{Map, Value};

use super::document;

/// A name with one of these in it is of something that is for us, or for a proxy before us:
/// it is never stored.
const SECRET: [&str; 17] = [
    "cookie",
    "signature",
    "hmac",
    "token",
    "secret",
    "passw",
    "passphrase",
    "credential",
    "apikey",
    "accesskey",
    "session",
    "jwt",
    "oidc",
    "saml",
    "assertion",
    "bearer",
    "dpop",
];
/// Short ones count as a whole word alone: `monkey` is none.
const SECRET_WORDS: [&str; 5] = ["key", "keys", "sig", "pwd", "pass"];
/// Keys that open nothing: by what a delivery is known again, and what Bitbucket calls the
/// name of its event.
const OPEN: [&str; 3] = ["idempotency-key", "x-idempotency-key", "x-event-key"];

/// Names in lower case; of a header that is there several times the values with commas, as
/// RFC 9110 has it. A value that is not text is left out.
pub fn map(headers: &HeaderMap) -> Map {
    let mut map = Map::new();
    for name in headers.keys() {
        let shown = name.as_str();
        if is_secret(shown) {
            continue;
        }
        let values: Vec<&str> =
            headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        if !values.is_empty() {
            map.insert(shown.to_owned(), Value::text(values.join(", ")));
        }
    }
    map
}

/// What stands behind the `?`, without what would be left out of the headers.
pub fn query(encoded: &str) -> Map {
    let mut map = document::pairs(encoded.as_bytes());
    map.retain(|name, _| !is_secret(name));
    map
}

/// Whether something of this name may prove who somebody is.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if OPEN.contains(&name.replace('_', "-").as_str()) {
        return false;
    }
    let mut words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    SECRET.iter().any(|word| name.contains(word))
        || words.any(|word| SECRET_WORDS.contains(&word))
        || says_auth(&name)
}

/// `auth` in it, unless it is of an author.
fn says_auth(name: &str) -> bool {
    name.match_indices("auth").any(|(at, auth)| {
        let rest = &name[at + auth.len()..];
        !rest.starts_with("or") || rest.starts_with("oriz") || rest.starts_with("oris")
    })
}
