//! What is asked where. Paths are compared as they were sent, byte for byte: there is no
//! other way to write one, so none that goes around what stands here.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::json;

use super::answer::{Answer, answer, wrong};
use super::door::Visitor;
use crate::health;
use crate::rpc::Office;
use crate::rpc::authorize::{Action, Caller, authorize};
use crate::triggers::webhook::{self, Desk};

/// What requests work on.
#[derive(Clone, Debug)]
pub struct Services {
    pub office: Office,
    pub webhooks: Arc<Desk>,
}

impl Services {
    pub fn router(self) -> Router {
        Router::new()
            .route("/health", get(health))
            // what is no webhook is answered there as well, so that nobody can tell
            .method_not_allowed_fallback(receive)
            .fallback(receive)
            .with_state(self)
    }
}

async fn receive(
    State(services): State<Services>,
    Extension(visitor): Extension<Visitor>,
    request: Request,
) -> Answer {
    webhook::receive(services.webhooks.clone(), &visitor, request).await
}

/// For whoever watches over the daemon. Why it is not ready is for people who may ask.
async fn health(State(services): State<Services>) -> Answer {
    let Office { members, health, .. } = &services.office;
    if authorize(members, Caller::Anybody, Action::ReadHealth).is_err() {
        return wrong(StatusCode::FORBIDDEN, "you may not ask");
    }
    let (state, _) = health.get();
    let status = match state {
        health::State::Ready => StatusCode::OK,
        health::State::Draining | health::State::Degraded | health::State::Held => {
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    answer(status, &json!({ "state": state.word() }))
}
