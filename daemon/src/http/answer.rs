//! Answers: a status and a JSON document, each with the same headers.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

pub type Answer = Response<Body>;

pub fn answer(status: StatusCode, document: &Value) -> Answer {
    let mut answer = Response::new(Body::from(format!("{document}\n")));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// What is wrong, and nothing that could be known of it from elsewhere.
pub fn wrong(status: StatusCode, error: &str) -> Answer {
    answer(status, &json!({ "error": error }))
}

/// Later it may be another answer.
pub fn later(status: StatusCode, error: &str, after: Duration) -> Answer {
    let mut answer = wrong(status, error);
    // a whole second more rather than one less
    let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    answer
}

/// One answer for whatever is not to be told apart.
pub fn not_found() -> Answer {
    wrong(StatusCode::NOT_FOUND, "not found")
}
