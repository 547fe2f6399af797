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
            match read(webhook.scheme, name, secrets) {
                Ok(key) => keys.good.push(key),
                Err(why) => keys.wrong.push((name.clone(), why)),
            }
        }
        keys
    }

    /// Those of a request: of the webhook that it was sent to, if there is one. As many
    /// secrets are read for each request as the webhook with most of them has, of its own
    /// where there are no others, so that the time it takes says nothing of a path.
    pub fn of_request(
        webhook: Option<&Webhook>,
        most: Option<&Webhook>,
        secrets: &SecretDir,
    ) -> Keys {
        let keys = webhook.map(|webhook| Keys::of(webhook, secrets)).unwrap_or_default();
        let spare = most.map(|most| (most.scheme, spare(webhook, most)));
        let (scheme, names) = spare.unwrap_or((SignatureScheme::None, &[]));
        for name in names {
            // what it says counts for nothing
            let _ = read(scheme, name, secrets);
        }
        keys
    }

    /// Says of a trigger whether all of its secrets are keys.
    pub fn tell(&self, standings: &Standings, trigger: &TriggerKey, now_ms: u64) {
        match self.wrong.first() {
            Some((name, why)) => standings.fails(trigger, no_key(name, why), now_ms, None),
            None => standings.works(trigger),
        }
    }
}

/// Secrets that are read beside those of a webhook.
pub(super) fn spare<'a>(webhook: Option<&Webhook>, most: &'a Webhook) -> &'a [Ident] {
    let own = webhook.map_or(0, |webhook| webhook.secrets.len());
    most.secrets.get(own..).unwrap_or_default()
}

fn read(scheme: SignatureScheme, name: &Ident, secrets: &SecretDir) -> Result<Key, NoKey> {
    match secrets.get(name) {
        Ok(Some(secret)) => Key::read(scheme, &secret),
        Ok(None) => Err(NoKey::Missing),
        Err(why) => Err(NoKey::Unreadable(why)),
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
