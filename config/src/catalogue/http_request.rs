//! `http.request`: one request, one answer.

use rpa_engine::EffectClass;
use rpa_engine::contract::{EffectRule, FieldKind, TaskContract};

use super::field::{optional, output, required};

const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// A request has one body.
pub(super) const BODIES: &[&str] = &["json", "form", "body"];

pub(super) const CONTRACT: TaskContract = TaskContract {
    kind: "http.request",
    summary: "Sends an HTTP request and reads the answer.",
    effect: EffectRule::ByInput {
        field: "method",
        rules: &[
            ("GET", EffectClass::Idempotent),
            ("HEAD", EffectClass::Idempotent),
            ("OPTIONS", EffectClass::Idempotent),
            ("PUT", EffectClass::Idempotent),
            ("DELETE", EffectClass::Idempotent),
        ],
        otherwise: EffectClass::Unknown,
    },
    inputs: &[
        optional("method", FieldKind::Choice(METHODS), "GET", "The request method."),
        required("url", FieldKind::Text, "An http or https URL."),
        optional("headers", FieldKind::TextMap, "", "Request headers."),
        optional("query", FieldKind::TextMap, "", "Parameters added to the URL's query."),
        optional("json", FieldKind::Any, "", "A body, sent as JSON."),
        optional("form", FieldKind::TextMap, "", "A body, sent as a web form."),
        optional("body", FieldKind::Text, "", "A body, sent as it stands."),
        optional("timeout", FieldKind::Duration, "30s", "How long the whole exchange may take."),
        optional("follow_redirects", FieldKind::Boolean, "true", "Whether to follow redirects."),
        optional(
            "expect",
            FieldKind::Any,
            "2xx",
            "The statuses that count as success, as one number or separated by commas: 2xx, \
             404, 400-409. Any other fails the step.",
        ),
        optional(
            "save_to",
            FieldKind::Text,
            "",
            "A file to which the answer's body is written instead of being kept.",
        ),
    ],
    outputs: &[
        output("status", FieldKind::Number, "The status of the answer."),
        output("headers", FieldKind::TextMap, "Its headers, names in small letters."),
        output("body", FieldKind::Text, "Its body; empty with `save_to`."),
        output("json", FieldKind::Any, "The body read as JSON; null when it is none."),
        output("url", FieldKind::Text, "The URL that answered, after redirects."),
        output("bytes", FieldKind::Number, "The size of the body in bytes."),
    ],
    example: "method: POST\n\
              url: https://example.org/api/reports\n\
              headers: {Authorization: \"Bearer {{ secrets.api_token }}\"}\n\
              json: {run: \"{{ run.id }}\", full: 3}\n\
              timeout: 10s\n\
              expect: 200, 201\n",
};
