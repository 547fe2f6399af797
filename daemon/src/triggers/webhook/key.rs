//! Keys of signatures, from secrets as they are at the moment of a request.
//!
//! A key is kept nowhere: a secret that was exchanged counts from the next request on.

use std::fmt;

use rpa_config::expr::{SecretSource, base64};
use rpa_engine::Ident;
use rpa_engine::trigger::{SignatureScheme, Webhook};
use rpa_ipc::{Fault, FaultCode, said};

use crate::secrets::SecretDir;
use crate::store::TriggerKey;
use crate::triggers::standing::Standings;

/// What secrets of Standard Webhooks begin with; the rest of them is Base64.
const STANDARD_PREFIX: &str = "whsec_";

/// What a sender shares with us. It has no way to be printed.
pub struct Key(Vec<u8>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

/// Why a secret is no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoKey {
    Missing,
    /// It is there and cannot be read.
    Unreadable(String),
    Empty,
    /// Of Standard Webhooks alone.
    NotBase64,
}

impl Key {
    pub fn read(scheme: SignatureScheme, secret: &str) -> Result<Key, NoKey> {
        let bytes = match scheme {
            SignatureScheme::Standard => {
                let text = secret.strip_prefix(STANDARD_PREFIX).unwrap_or(secret);
                base64::decode(text).ok_or(NoKey::NotBase64)?
            }
            SignatureScheme::Github
            | SignatureScheme::Gitlab
            | SignatureScheme::Stripe
            | SignatureScheme::None => secret.as_bytes().to_vec(),
        };
        match bytes.is_empty() {
            true => Err(NoKey::Empty),
            false => Ok(Key(bytes)),
        }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The keys of a trigger that there are, and what is wrong with the others.
#[derive(Debug, Default)]
pub struct Keys {
    pub good: Vec<Key>,
    pub wrong: Vec<(Ident, NoKey)>,
}

impl Keys {
    /// Reads files: not for the runtime's threads.
    pub fn of(webhook: &Webhook, secrets: &SecretDir) -> Keys {
        let mut keys = Keys::default();
        for name in &webhook.secrets {
            let key = match secrets.get(name) {
                Ok(Some(secret)) => Key::read(webhook.scheme, &secret),
                Ok(None) => Err(NoKey::Missing),
                Err(why) => Err(NoKey::Unreadable(why)),
            };
            match key {
                Ok(key) => keys.good.push(key),
                Err(why) => keys.wrong.push((name.clone(), why)),
            }
        }
        keys
    }

    /// For a path that nobody has: a look for a secret costs what one of a trigger does.
    pub fn of_nobody(secrets: &SecretDir) -> Keys {
        if let Ok(name) = "nobody".parse::<Ident>() {
            let _ = secrets.get(&name);
        }
        Keys::default()
    }

    /// Says of a trigger whether all of its secrets are keys.
    pub fn tell(&self, standings: &Standings, trigger: &TriggerKey, now_ms: u64) {
        match self.wrong.first() {
            Some((name, why)) => standings.fails(trigger, no_key(name, why), now_ms, None),
            None => standings.works(trigger),
        }
    }
}

fn no_key(name: &Ident, why: &NoKey) -> Fault {
    let name = name.as_str();
    let said = match why {
        NoKey::Missing => said!("webhook-secret-missing", name = name),
        NoKey::Unreadable(error) => said!("webhook-secret-unreadable", name = name, error = error),
        NoKey::Empty => said!("webhook-secret-empty", name = name),
        NoKey::NotBase64 => said!("webhook-secret-base64", name = name),
    };
    Fault::of(FaultCode::NoSecret, said)
}
