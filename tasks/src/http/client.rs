//! The one place that makes HTTP clients: whatever leaves this machine over HTTP
//! leaves through here.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::{Attempt, Policy};

/// Redirects followed before one is taken as the answer.
pub const MAX_REDIRECTS: usize = 5;
/// Longest time for name, connection and TLS together.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Clients kept. Their number is that of different options in use; a client costs
/// a few milliseconds to make and some hundred kilobytes of certificates to keep.
const MAX_CLIENTS: usize = 16;

tokio::task_local! {
    /// Set once a redirect is followed: something has been sent by then.
    pub(super) static REDIRECTED: Arc<AtomicBool>;
}

/// Which redirects are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Follow {
    None,
    /// Only to the same scheme, host and port: for requests with headers or a body of
    /// the user's, which are meant for that peer alone.
    SameOrigin,
    Any,
}

/// What differs between clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientOptions {
    pub follow: Follow,
    /// At most [`CONNECT_TIMEOUT`].
    pub connect_timeout: Duration,
}

/// Makes and keeps clients.
#[derive(Debug)]
pub struct ClientFactory {
    clients: Mutex<HashMap<ClientOptions, Client>>,
}

/// The factory of this process.
pub fn client_factory() -> &'static ClientFactory {
    static FACTORY: OnceLock<ClientFactory> = OnceLock::new();
    FACTORY.get_or_init(|| {
        // an error says that the process has chosen its provider already
        let _ = rustls::crypto::ring::default_provider().install_default();
        ClientFactory { clients: Mutex::default() }
    })
}

impl ClientFactory {
    /// A client with `options`. The first one with them reads the machine's
    /// certificates: call it off the runtime.
    pub fn client(&self, options: ClientOptions) -> reqwest::Result<Client> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&options) {
            return Ok(client.clone());
        }
        if clients.len() >= MAX_CLIENTS {
            clients.clear();
        }
        let client = build(options)?;
        clients.insert(options, client.clone());
        Ok(client)
    }
}

fn build(options: ClientOptions) -> reqwest::Result<Client> {
    let policy = match options.follow {
        Follow::None => Policy::none(),
        Follow::SameOrigin => Policy::custom(|attempt| {
            let from = attempt.previous().last().map(|url| url.origin());
            if from == Some(attempt.url().origin()) { follow(attempt) } else { attempt.stop() }
        }),
        Follow::Any => Policy::custom(follow),
    };
    Client::builder()
        .user_agent(concat!("rpad/", env!("CARGO_PKG_VERSION")))
        .redirect(policy)
        .connect_timeout(options.connect_timeout.min(CONNECT_TIMEOUT))
        // proxies are for the settings to name, not for whoever started the daemon
        .no_proxy()
        // the URL a redirect comes from may hold a secret in its query
        .referer(false)
        // each request has its own connection: on a kept one that the peer is just
        // closing a POST breaks off, and nobody can say whether it was done
        .pool_max_idle_per_host(0)
        .build()
}

/// Follows at most [`MAX_REDIRECTS`], over HTTP only, and never from https to
/// http. A redirect that is not followed is the answer.
fn follow(attempt: Attempt) -> reqwest::redirect::Action {
    let from_https = attempt.previous().last().is_some_and(|from| from.scheme() == "https");
    let known = match attempt.url().scheme() {
        "https" => true,
        "http" => !from_https,
        _ => false,
    };
    // the first of the previous ones is the request itself
    if !known || attempt.previous().len() > MAX_REDIRECTS {
        return attempt.stop();
    }
    // other users of the factory have no such mark
    let _ = REDIRECTED.try_with(|redirected| redirected.store(true, Ordering::Relaxed));
    attempt.follow()
}
