//! From the head of an answer to the end of the step.

use std::collections::BTreeMap;
use std::io;

use reqwest::{Response, StatusCode};
use rpa_engine::{ErrorClass, Value};
use tokio::io::AsyncWriteExt;
use tokio::task::spawn_blocking;

use super::charset::ContentType;
use super::exchange;
use super::plan::Plan;
use crate::atomic::AtomicFile;
use crate::context::{Context, Ended, LogLevel};
use crate::fail::{self, code};
use crate::file::DEFAULT_MODE;
use rpa_config::json;

/// Everything of an answer but its body.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: StatusCode,
    headers: Value,
    content_type: ContentType,
    url: String,
}

/// Why a body is not there as a whole.
#[derive(Debug)]
pub(super) enum BodyError {
    TooLarge,
    /// The connection broke.
    Broken(String),
    /// It could not be written to its file.
    File(io::Error),
}

impl Head {
    pub(super) fn of(response: &Response) -> Head {
        let mut headers = BTreeMap::<String, String>::new();
        for (name, value) in response.headers() {
            let value = String::from_utf8_lossy(value.as_bytes());
            headers
                .entry(name.as_str().to_owned())
                .and_modify(|all| all.extend([", ", &value]))
                .or_insert_with(|| value.clone().into_owned());
        }
        Head {
            status: response.status(),
            headers: Value::Map(headers.into_iter().map(|(k, v)| (k, Value::Text(v))).collect()),
            content_type: ContentType::of(response.headers()),
            url: response.url().to_string(),
        }
    }

    /// The step's output with the body `body`, of which `bytes` have come.
    pub(super) async fn output(&self, ctx: &Context, body: &[u8], bytes: u64) -> Value {
        let (text, unknown) = self.content_type.decode(body);
        if let Some(charset) = unknown {
            let remark = format!("charset {charset:?} is not known; the body was read as UTF-8");
            ctx.remark(LogLevel::Warn, remark).await;
        }
        let json = if self.content_type.is_json() && !body.is_empty() {
            match json::parse(text.as_bytes()) {
                Ok(document) => document,
                Err(e) => {
                    let remark = format!("the body calls itself JSON but {e}");
                    ctx.remark(LogLevel::Warn, remark).await;
                    Value::Null
                }
            }
        } else {
            Value::Null
        };
        Value::from([
            ("status", Value::Int(self.status.as_u16().into())),
            ("headers", self.headers.clone()),
            ("body", Value::Text(text)),
            ("json", json),
            ("url", Value::Text(self.url.clone())),
            ("bytes", Value::Int(bytes.cast_signed())),
        ])
    }

    /// The end of a step whose answer has a status that is not expected.
    pub(super) fn refused(&self, plan: &Plan, output: Value) -> Ended {
        let status = self.status.as_u16();
        let class = match self.status {
            StatusCode::TOO_MANY_REQUESTS => ErrorClass::RateLimited,
            _ => ErrorClass::Http(status),
        };
        let mut message = format!("{} {} answered {}", plan.method, plan.address(), self.status);
        if plan.follow_redirects && self.status.is_redirection() {
            message.push_str(
                "; that redirect is one too many, or leads where none is followed (a request \
                 with headers or a body stays with its host)",
            );
        }
        Ended::Failed { error: fail::error(class, code::HTTP_STATUS, message), output }
    }
}

/// Appends the body to `kept`, up to `limit` bytes.
pub(super) async fn collect(
    response: &mut Response,
    kept: &mut Vec<u8>,
    limit: usize,
) -> Result<(), BodyError> {
    loop {
        let chunk = response.chunk().await.map_err(|e| BodyError::Broken(exchange::cause(e)))?;
        let Some(chunk) = chunk else { return Ok(()) };
        let room = limit - kept.len();
        kept.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return Err(BodyError::TooLarge);
        }
    }
}

/// Streams the body into `file` and puts it in its place; its size in bytes.
pub(super) async fn save(response: &mut Response, file: AtomicFile) -> Result<u64, BodyError> {
    let copy = file.file().try_clone().map_err(BodyError::File)?;
    let mut writer = tokio::fs::File::from_std(copy);
    let mut bytes = 0;
    while let Some(chunk) =
        response.chunk().await.map_err(|e| BodyError::Broken(exchange::cause(e)))?
    {
        writer.write_all(&chunk).await.map_err(BodyError::File)?;
        bytes += chunk.len() as u64;
    }
    // tokio writes behind: the last error comes with the flush
    writer.flush().await.map_err(BodyError::File)?;
    let committed = spawn_blocking(move || file.commit(DEFAULT_MODE)).await;
    committed.map_err(io::Error::other).flatten().map_err(BodyError::File)?;
    Ok(bytes)
}
