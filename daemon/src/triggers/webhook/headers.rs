//! What a run is told of the headers of a request: nothing that proves who somebody is.

use axum::http::HeaderMap;
use rpa_engine::{Map, Value};

/// A header whose name has one of these is for us, or for a proxy, and never stored.
const SECRET: [&str; 10] = [
    "authorization",
    "cookie",
    "signature",
    "token",
    "secret",
    "password",
    "credential",
    "api-key",
    "apikey",
    "authenticat",
];

/// Names in lower case; of a header that is there several times the values with commas, as
/// RFC 9110 has it. A value that is not text is left out.
pub fn map(headers: &HeaderMap) -> Map {
    let mut map = Map::new();
    for name in headers.keys() {
        let shown = name.as_str();
        if SECRET.iter().any(|word| shown.contains(word)) {
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
