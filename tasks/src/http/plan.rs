//! The input of `http.request`, checked before anything is sent.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use reqwest::{Client, Method, Request, Url};

use super::client::Follow;
use super::expect::Expect;
use crate::context::{Context, Ended};
use crate::file;
use crate::input::{Input, refuse};
use rpa_config::json;

const DEFAULT_TIMEOUT_MS: u64 = 30_000;
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

#[derive(Debug)]
pub(super) struct Plan {
    pub(super) method: Method,
    pub(super) url: Url,
    headers: HeaderMap,
    body: Body,
    /// For the whole exchange.
    pub(super) timeout: Duration,
    pub(super) follow_redirects: bool,
    pub(super) expect: Expect,
    pub(super) save_to: Option<PathBuf>,
}

#[derive(Debug)]
enum Body {
    None,
    Json(serde_json::Value),
    Form(Vec<(String, String)>),
    Text(String),
}

impl Plan {
    pub(super) fn follow(&self) -> Follow {
        let bare = self.headers.is_empty() && matches!(self.body, Body::None);
        match self.follow_redirects {
            false => Follow::None,
            true if bare => Follow::Any,
            true => Follow::SameOrigin,
        }
    }

    pub(super) fn read(ctx: &Context, input: &Input) -> Result<Plan, Ended> {
        let method = method(input.text("method")?.unwrap_or("GET"))?;
        let timeout_ms = input.count("timeout", DEFAULT_TIMEOUT_MS)?;
        if timeout_ms == 0 {
            return Err(refuse("timeout", "must be longer than 0"));
        }
        let save_to = input.text("save_to")?;
        Ok(Plan {
            url: url(input)?,
            headers: headers(ctx, input, &method)?,
            body: body(input)?,
            method,
            timeout: Duration::from_millis(timeout_ms),
            follow_redirects: input.flag("follow_redirects", true)?,
            expect: Expect::read(input.value("expect"))?,
            save_to: save_to.map(|path| file::place(ctx, "save_to", path)).transpose()?,
        })
    }

    /// Whether the method has no effect on the peer (RFC 9110, 9.2.1).
    pub(super) fn is_safe(&self) -> bool {
        self.method.is_safe()
    }

    /// The address for messages: what may hold a secret (user, query) is left out.
    pub(super) fn address(&self) -> String {
        let port = self.url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let host = self.url.host_str().unwrap_or_default();
        format!("{}://{host}{port}{}", self.url.scheme(), self.url.path())
    }

    pub(super) fn request(&self, client: &Client) -> reqwest::Result<Request> {
        let request = client.request(self.method.clone(), self.url.clone());
        // before the body: its content type yields to one that is given
        let request = request.headers(self.headers.clone());
        match &self.body {
            Body::None => request.build(),
            Body::Json(json) => request.json(json).build(),
            Body::Form(fields) => request.form(fields).build(),
            Body::Text(text) => request.body(text.clone()).build(),
        }
    }
}

fn method(name: &str) -> Result<Method, Ended> {
    let name = name.to_ascii_uppercase();
    match name.as_str() {
        "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => {
            Method::from_bytes(name.as_bytes()).map_err(|e| refuse("method", &e.to_string()))
        }
        _ => Err(refuse("method", "must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")),
    }
}

fn url(input: &Input) -> Result<Url, Ended> {
    let mut url: Url = input
        .required_text("url")?
        .parse()
        .map_err(|e| refuse("url", &format!("is not a URL: {e}")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(refuse("url", "must be an http or https URL"));
    }
    let query = input.text_map("query")?;
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// The given headers; for a request that may have an effect, also the key by which
/// the peer recognises a repetition.
fn headers(ctx: &Context, input: &Input, method: &Method) -> Result<HeaderMap, Ended> {
    let mut headers = HeaderMap::new();
    for (name, value) in input.text_map("headers")? {
        // messages never hold the value: it may be a secret
        let at = format!("headers.{}", name.escape_debug());
        let header: HeaderName =
            name.parse().map_err(|_| refuse(&at, "is not the name of a header"))?;
        if header == CONTENT_LENGTH || header == TRANSFER_ENCODING {
            return Err(refuse(&at, "is set by rpad, by the body"));
        }
        let value = sensitive(&value).ok_or_else(|| refuse(&at, "has characters no header can"))?;
        headers.insert(header, value);
    }
    if !method.is_safe() && !headers.contains_key(&IDEMPOTENCY_KEY) {
        let key = sensitive(&ctx.idempotency_key);
        headers.extend(key.map(|key| (IDEMPOTENCY_KEY, key)));
    }
    Ok(headers)
}

/// A value that neither Debug nor a compression table shows.
fn sensitive(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn body(input: &Input) -> Result<Body, Ended> {
    let given = ["json", "form", "body"].into_iter().filter(|name| input.value(name).is_some());
    if let Some(second) = given.into_iter().nth(1) {
        return Err(refuse(second, "only one of json, form and body can be given"));
    }
    if let Some(document) = input.value("json") {
        return Ok(Body::Json(json::to_json(document)));
    }
    if input.value("form").is_some() {
        return Ok(Body::Form(input.text_map("form")?.into_iter().collect()));
    }
    Ok(input.text("body")?.map_or(Body::None, |text| Body::Text(text.to_owned())))
}
