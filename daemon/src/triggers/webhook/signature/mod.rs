//! Signatures: what a request claims to be proved by, and whether a key proves it.
//!
//! | scheme | proof | what is signed | when |
//! |---|---|---|---|
//! | standard | `webhook-signature`, several `v1,BASE64` | `ID.SECONDS.BODY` | `webhook-timestamp` |
//! | github | `X-Hub-Signature-256`, `sha256=HEX` | the body | never |
//! | gitlab | `X-Gitlab-Token`, the secret itself | nothing | never |
//! | stripe | `Stripe-Signature`, `t=SECONDS` and several `v1=HEX` | `SECONDS.BODY` | in `t` |
//! | none | none | nothing | never |
//!
//! How long it takes says nothing of what was wrong, nor of whose path it was: as many codes
//! are reckoned over the body for a request without a proof, for one to a path that nobody
//! has, and for each trigger whatever its secrets. How many is said by whoever asks: those of
//! the trigger that has most of them ([`Rounds`]).

mod github;
mod gitlab;
mod standard;
mod stripe;

use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit, Mac};
use rpa_engine::trigger::SignatureScheme;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use super::key::Key;

/// Codes of one request that are looked at: those of a few keys and versions of a sender.
/// To read more of them would take a time that a path which nobody has does not.
const MOST_CODES: usize = 16;
/// Stands for a key that there is not. Whatever it proves counts for nothing.
const DECOY: &[u8] = b"a key that proves nothing";

/// Why a request is not believed. Nobody outside is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A header of the scheme is not there, or is there twice.
    Missing(&'static str),
    /// It does not have the form of the scheme.
    Malformed(&'static str),
    /// It was signed so many seconds ago, or in as many, where it is less than zero.
    Stale(i64),
    /// No key that there is has signed it.
    Wrong,
}

/// Keys that every request is compared with, be it to a path that nobody has. What a trigger
/// has fewer of is made up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounds(usize);

impl Rounds {
    /// A secret, and the one that it replaces: a trigger that exchanges its secret does not
    /// change what the others take.
    const LEAST: usize = 2;

    /// As many as the trigger with most secrets has.
    pub fn of(most_secrets: usize) -> Rounds {
        Rounds(most_secrets.max(Rounds::LEAST))
    }

    pub fn count(self) -> usize {
        self.0
    }
}

/// What a request claims.
#[derive(Debug, Default)]
struct Claim {
    /// Stands before the body in what was signed.
    before: Vec<u8>,
    proof: Proof,
    /// When it was signed.
    at_s: Option<i64>,
}

#[derive(Debug)]
enum Proof {
    /// Codes of authentication, one of which is to be good.
    Codes(Vec<Vec<u8>>),
    /// The secret itself.
    Token(Vec<u8>),
}

impl Default for Proof {
    fn default() -> Proof {
        Proof::Codes(Vec::new())
    }
}

/// Whether one of the keys has signed this, and lately.
pub fn verify(
    scheme: SignatureScheme,
    (keys, rounds): (&[Key], Rounds),
    headers: &HeaderMap,
    body: &[u8],
    now_s: i64,
    tolerance_s: u64,
) -> Result<(), Refusal> {
    let claim = match scheme {
        SignatureScheme::Standard => standard::claim(headers, body),
        SignatureScheme::Github => github::claim(headers),
        SignatureScheme::Gitlab => gitlab::claim(headers),
        SignatureScheme::Stripe => stripe::claim(headers),
        SignatureScheme::None => return Ok(()),
    };
    let (claim, refusal) = match claim {
        Ok(claim) => (claim, None),
        Err(refusal) => (Claim::default(), Some(refusal)),
    };
    let fits = fits(&claim, (keys, rounds), body);
    if let Some(refusal) = refusal {
        return Err(refusal);
    }
    let age_s = claim.at_s.map_or(0, |at_s| now_s.saturating_sub(at_s));
    match fits {
        false => Err(Refusal::Wrong),
        true if age_s.unsigned_abs() > tolerance_s => Err(Refusal::Stale(age_s)),
        true => Ok(()),
    }
}

/// The work of [`verify`] for a path that nobody has.
pub fn pretend(rounds: Rounds, body: &[u8]) {
    fits(&Claim::default(), (&[], rounds), body);
}

fn fits(claim: &Claim, (keys, rounds): (&[Key], Rounds), body: &[u8]) -> bool {
    let mut fits = Choice::from(0);
    // a trigger that came a moment ago may have more of them than were counted
    for round in 0..keys.len().max(rounds.count()) {
        let key = keys.get(round);
        let bytes = key.map_or(DECOY, Key::bytes);
        let code = code(bytes, &[&claim.before, body]);
        #[cfg(test)]
        CODES.set(CODES.get() + 1);
        let same = match &claim.proof {
            Proof::Codes(codes) => {
                codes.iter().fold(Choice::from(0), |same, given| same | code.ct_eq(given))
            }
            // of codes the length does not say how much of a token was right
            Proof::Token(given) => hashed(bytes).ct_eq(&hashed(given)),
        };
        fits |= same & Choice::from(u8::from(key.is_some()));
    }
    fits.into()
}

#[cfg(test)]
thread_local! {
    /// Codes over bodies that this thread has reckoned.
    pub static CODES: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

fn hashed(token: &[u8]) -> [u8; 32] {
    code(DECOY, &[token])
}

/// HMAC-SHA256 (RFC 2104) of the parts, one behind the other.
pub(super) fn code(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key may have any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The one value of a header.
fn one<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<&'h str, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().map_err(|_| Refusal::Malformed(name)),
        _ => Err(Refusal::Missing(name)),
    }
}

/// Seconds since 1970, in digits alone.
fn seconds(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// What a sender's proof is known by, written in one way only: of a code the same code is
/// read from other letters too.
pub fn proof_of(scheme: SignatureScheme, headers: &HeaderMap) -> Option<String> {
    match scheme {
        SignatureScheme::Github => {
            let Proof::Codes(codes) = github::claim(headers).ok()?.proof else { return None };
            let hex = |byte: &u8| format!("{byte:02x}");
            Some(codes.first()?.iter().map(hex).collect())
        }
        SignatureScheme::Stripe => stripe::claim(headers).ok()?.at_s.map(|at_s| at_s.to_string()),
        SignatureScheme::Standard | SignatureScheme::Gitlab | SignatureScheme::None => None,
    }
}
