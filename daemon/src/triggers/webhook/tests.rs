//! Signatures against the vectors of their specifications and against what they must not
//! let through; documents; what a request is known again by; paths.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;
use rpa_config::expr::base64;
use rpa_config::json::to_json;
use rpa_engine::Value;
use rpa_engine::trigger::SignatureScheme::{
    self, Github, Gitlab, None as Unsigned, Standard, Stripe,
};
use rpa_engine::trigger::Webhook;

use super::key::{self, Key, NoKey};
use super::signature::{CODES, Refusal, Rounds, pretend, verify};
use super::{document, headers, replay, signature};

const AT: i64 = 1_614_265_330;
const TOLERANCE: u64 = 300;
/// Of the reference implementations of Standard Webhooks.
const STANDARD_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const STANDARD_BODY: &str = r#"{"test": 2432232314}"#;
const STANDARD: [(&str, &str); 3] = [
    ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
    ("webhook-timestamp", "1614265330"),
    ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
];
/// Of GitHub's documentation.
const GITHUB_SECRET: &str = "It's a Secret to Everybody";
const GITHUB_BODY: &str = "Hello, World!";
const GITHUB: (&str, &str) = (
    "X-Hub-Signature-256",
    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
);
/// By `openssl dgst -sha256 -hmac` over `1614265330.BODY`.
const STRIPE_SECRET: &str = "whsec_test_secret";
const STRIPE_BODY: &str = r#"{"id":"evt_1","object":"event"}"#;
const STRIPE_CODE: &str = "42b3d2b2181207b6b299df380bf37599bb895dc182467ba12e046b1916c4cd19";

fn sent(headers: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        map.append(name, HeaderValue::from_str(value).unwrap());
    }
    map
}

fn check(
    scheme: SignatureScheme,
    secrets: &[&str],
    headers: &[(&str, &str)],
    body: &str,
    now_s: i64,
) -> Result<(), Refusal> {
    let keys: Vec<Key> = secrets.iter().map(|s| Key::read(scheme, s).unwrap()).collect();
    verify(scheme, (&keys, Rounds::of(0)), &sent(headers), body.as_bytes(), now_s, TOLERANCE)
}

/// With another value of one header.
fn with<'a>(
    headers: &[(&'a str, &'a str)],
    name: &'a str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let other = |(n, v): &(&'a str, &'a str)| if *n == name { (*n, value) } else { (*n, *v) };
    headers.iter().map(other).collect()
}

#[test]
fn the_vectors_of_the_specifications_are_good_and_nothing_near_them_is() {
    let standard =
        |h: &[(&str, &str)], body: &str| check(Standard, &[STANDARD_SECRET], h, body, AT);
    assert_eq!(standard(&STANDARD, STANDARD_BODY), Ok(()));
    assert_eq!(standard(&STANDARD, "{}"), Err(Refusal::Wrong), "another body");
    let other_id = with(&STANDARD, "webhook-id", "msg_2");
    assert_eq!(standard(&other_id, STANDARD_BODY), Err(Refusal::Wrong), "the id is signed");
    let other_time = with(&STANDARD, "webhook-timestamp", "1614265331");
    assert_eq!(standard(&other_time, STANDARD_BODY), Err(Refusal::Wrong), "the time is signed");
    assert_eq!(check(Github, &[GITHUB_SECRET], &[GITHUB], GITHUB_BODY, 0), Ok(()));
    assert_eq!(check(Github, &["other"], &[GITHUB], GITHUB_BODY, 0), Err(Refusal::Wrong));
    assert_eq!(check(Github, &[GITHUB_SECRET], &[GITHUB], "", 0), Err(Refusal::Wrong));
    let header = format!("t={AT},v1={STRIPE_CODE},v0=6ffb");
    let stripe = |body| check(Stripe, &[STRIPE_SECRET], &[("Stripe-Signature", &header)], body, AT);
    assert_eq!(stripe(STRIPE_BODY), Ok(()));
    assert_eq!(stripe("{}"), Err(Refusal::Wrong));
    let token = [("X-Gitlab-Token", "s3cret")];
    assert_eq!(check(Gitlab, &["s3cret"], &token, "any", 0), Ok(()));
    for other in ["s3cre", "s3cret ", "S3cret"] {
        assert_eq!(check(Gitlab, &[other], &token, "any", 0), Err(Refusal::Wrong), "{other}");
    }
    assert_eq!(check(Unsigned, &[], &[], "any", 0), Ok(()));
}

#[test]
fn any_of_several_signatures_by_any_of_several_secrets_is_good() {
    let old = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let [_, _, (_, signature)] = STANDARD;
    let several = format!("v1,AAAA v1a,{signature} {signature}");
    let several = with(&STANDARD, "webhook-signature", &several);
    for secrets in [[STANDARD_SECRET, old], [old, STANDARD_SECRET]] {
        assert_eq!(check(Standard, &secrets, &several, STANDARD_BODY, AT), Ok(()));
    }
    let third = [old, "whsec_BBBB", STANDARD_SECRET];
    assert_eq!(check(Standard, &third, &several, STANDARD_BODY, AT), Ok(()));
    assert_eq!(check(Standard, &[old], &several, STANDARD_BODY, AT), Err(Refusal::Wrong));
    // that of another version is none, whatever it says
    let other = signature.replace("v1,", "v2,");
    let other = with(&STANDARD, "webhook-signature", &other);
    let got = check(Standard, &[STANDARD_SECRET], &other, STANDARD_BODY, AT);
    assert_eq!(got, Err(Refusal::Wrong));
    let header = format!("t={AT}, v1=00ff, v1={STRIPE_CODE}");
    let header = [("Stripe-Signature", header.as_str())];
    assert_eq!(check(Stripe, &["x", STRIPE_SECRET], &header, STRIPE_BODY, AT), Ok(()));
}

#[test]
fn a_signature_is_good_for_its_time_before_and_after() {
    let at = |now_s| check(Standard, &[STANDARD_SECRET], &STANDARD, STANDARD_BODY, now_s);
    assert_eq!([at(AT + 300), at(AT - 300)], [Ok(()), Ok(())]);
    assert_eq!(at(AT + 301), Err(Refusal::Stale(301)));
    assert_eq!(at(AT - 301), Err(Refusal::Stale(-301)));
    let header = format!("t={AT},v1={STRIPE_CODE}");
    let header = [("Stripe-Signature", header.as_str())];
    let at = |now_s| check(Stripe, &[STRIPE_SECRET], &header, STRIPE_BODY, now_s);
    assert_eq!([at(AT + 300), at(AT - 300)], [Ok(()), Ok(())]);
    assert_eq!([at(AT + 301), at(AT - 301)], [Err(Refusal::Stale(301)), Err(Refusal::Stale(-301))]);
}

#[test]
fn without_a_secret_nothing_is_good() {
    let decoy = "a key that proves nothing";
    assert_eq!(check(Standard, &[], &STANDARD, STANDARD_BODY, AT), Err(Refusal::Wrong));
    assert_eq!(check(Github, &[], &[GITHUB], GITHUB_BODY, 0), Err(Refusal::Wrong));
    // what stands for keys that there are not is no key
    let token = [("X-Gitlab-Token", decoy)];
    assert_eq!(check(Gitlab, &[], &token, "", 0), Err(Refusal::Wrong));
    assert_eq!(check(Gitlab, &["s3cret"], &token, "", 0), Err(Refusal::Wrong));
    // openssl dgst -sha256 -hmac "a key that proves nothing" over an empty body
    let code = "sha256=1249b2c85220b0764e405c012418278ba981bd005c6cd3c7295f295a3ffa0903";
    let header = [("X-Hub-Signature-256", code)];
    assert_eq!(check(Github, &[], &header, "", 0), Err(Refusal::Wrong));
    assert_eq!(check(Github, &[decoy], &header, "", 0), Ok(()), "the vector is that of the decoy");
}

#[test]
fn headers_that_are_missing_double_or_malformed_are_refused() {
    for (name, _) in STANDARD {
        let rest: Vec<_> = STANDARD.into_iter().filter(|(n, _)| *n != name).collect();
        let got = check(Standard, &[STANDARD_SECRET], &rest, STANDARD_BODY, AT);
        assert!(matches!(got, Err(Refusal::Missing(missing)) if missing == name), "{name}");
        let twice: Vec<_> = STANDARD.into_iter().chain([(name, "x")]).collect();
        let got = check(Standard, &[STANDARD_SECRET], &twice, STANDARD_BODY, AT);
        assert!(matches!(got, Err(Refusal::Missing(double)) if double == name), "{name}");
    }
    for (name, value) in [
        ("webhook-timestamp", "soon"),
        ("webhook-timestamp", "+1614265330"),
        ("webhook-timestamp", "-1"),
        ("webhook-id", ""),
        // where its id ends could not be told: `a.1614265330.1614265330.BODY`
        ("webhook-id", "a.1614265330"),
        ("webhook-id", "a.1614265330.x7"),
        ("webhook-id", "a.7.x.y"),
    ] {
        let bad = with(&STANDARD, name, value);
        let got = check(Standard, &[STANDARD_SECRET], &bad, STANDARD_BODY, AT);
        assert_eq!(got, Err(Refusal::Malformed(name)), "{name}: {value}");
    }
    let github =
        |value: &str| check(Github, &[GITHUB_SECRET], &[(GITHUB.0, value)], GITHUB_BODY, 0);
    let code = GITHUB.1.trim_start_matches("sha256=");
    for bad in ["", "sha256=", &format!("sha1={code}"), code, &format!("sha256={code}0")] {
        assert!(github(bad).is_err(), "{bad}");
    }
    let stripe = |value: &str| {
        check(Stripe, &[STRIPE_SECRET], &[("Stripe-Signature", value)], STRIPE_BODY, AT)
    };
    for bad in [
        format!("v1={STRIPE_CODE}"),
        format!("t=now,v1={STRIPE_CODE}"),
        format!("t={AT},t=1,v1={STRIPE_CODE}"),
        format!("t=1,t={AT},v1={STRIPE_CODE}"),
    ] {
        assert!(matches!(stripe(&bad), Err(Refusal::Malformed(_))), "{bad}");
    }
    assert_eq!(stripe(&format!("t={AT},v0={STRIPE_CODE}")), Err(Refusal::Wrong));
}

/// What was signed, as it could be read: the id, the time and the body.
fn readings(signed: &str) -> Vec<(String, String, String)> {
    let dots: Vec<usize> = signed.match_indices('.').map(|(at, _)| at).collect();
    let reading = |two: &[usize]| {
        let [first, second] = two else { panic!("two of them") };
        let parts = (&signed[..*first], &signed[first + 1..*second], &signed[second + 1..]);
        (parts.0.to_owned(), parts.1.to_owned(), parts.2.to_owned())
    };
    dots.windows(2).map(reading).collect()
}

/// Of what Standard Webhooks signs, those readings that are believed.
fn believed(signed: &str) -> Vec<String> {
    let key = Key::read(Standard, STANDARD_SECRET).unwrap();
    let code = signature::code(key.bytes(), &[signed.as_bytes()]);
    let code = format!("v1,{}", base64::encode(&code));
    let mut taken = Vec::new();
    for (id, time, body) in readings(signed) {
        let headers: Result<Vec<_>, _> =
            [&id, &time, &code].map(|text| HeaderValue::from_str(text)).into_iter().collect();
        let Ok(values) = headers else { continue };
        let mut headers = HeaderMap::new();
        for ((name, _), value) in STANDARD.iter().zip(values) {
            headers.append(*name, value);
        }
        let keys = [Key::read(Standard, STANDARD_SECRET).unwrap()];
        let keyring = (keys.as_slice(), Rounds::of(1));
        if verify(Standard, keyring, &headers, body.as_bytes(), AT, TOLERANCE).is_ok() {
            taken.push(id);
        }
    }
    taken
}

#[test]
fn what_was_signed_once_is_read_in_one_way_and_that_is_the_senders() {
    let json = r#"{"v":"1.2.3","file":"log.1614265331.gz"}"#;
    for (signed, believes) in [
        // the plain case, and ids with dots that are no times
        (format!("msg_1.{AT}.{json}"), vec!["msg_1"]),
        (format!("acme.v2.x7.{AT}.{json}"), vec!["acme.v2.x7"]),
        // `acme` with a body that begins with `x7` is what a stranger would make of it
        (format!("acme.{AT}.x7.{AT}.{json}"), vec![]),
        (format!("acme.{AT}.{AT}.{json}"), vec![]),
        (format!("acme.{AT}.x7.1614265390.{json}"), vec![]),
        // however old the sender's own time is
        (format!("acme.{AT}.x7.1000000000.{json}"), vec![]),
        // small numbers in a body are nobody's time
        (format!("acme.{AT}.10.0.0.1 is up"), vec!["acme"]),
        (format!("acme.{AT}.v1.2.3"), vec!["acme"]),
        (format!("acme.{AT}.1614265330"), vec!["acme"]),
        (format!("acme.{AT}. 1.1614265330.x"), vec!["acme"]),
    ] {
        assert_eq!(believed(&signed), believes, "{signed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_signature_serves_twice(
        parts in prop::collection::vec(
            prop::sample::select(vec!["a", "7", "1614265330", "1614265300", "{\"x\":1", "", "b c"]),
            3..9,
        ),
    ) {
        let signed = parts.join(".");
        prop_assert!(believed(&signed).len() <= 1, "{}: {:?}", signed, believed(&signed));
    }
}

/// A signature that is wrong is answered after the same work, whosever path it was sent to:
/// with more secrets than most have, with one, with none, and where nobody is.
#[test]
fn how_long_a_refusal_takes_does_not_say_whose_path_it_was() {
    let counted = |act: &dyn Fn()| {
        let before = CODES.get();
        act();
        CODES.get() - before
    };
    for most in [0, 1, 2, 3, 8] {
        let rounds = Rounds::of(most);
        let nobody = counted(&|| pretend(rounds, b"{}"));
        assert_eq!(nobody, most.max(2));
        for keys in 0..=most {
            let keys: Vec<Key> =
                (0..keys).map(|n| Key::read(Github, &format!("s{n}")).unwrap()).collect();
            for headers in [sent(&[GITHUB]), HeaderMap::new()] {
                for scheme in [Github, Gitlab, Standard, Stripe] {
                    let refused = counted(&|| {
                        let keyring = (keys.as_slice(), rounds);
                        verify(scheme, keyring, &headers, b"{}", AT, TOLERANCE).unwrap_err();
                    });
                    assert_eq!(refused, nobody, "{scheme:?}, {} of {most}", keys.len());
                }
            }
        }
    }
    let webhook = |secrets: usize| Webhook {
        path: "in".to_owned(),
        scheme: Github,
        secrets: (0..secrets).map(|n| format!("s{n}").parse().unwrap()).collect(),
        tolerance_ms: 0,
        max_body: 0,
        rate: None,
        respond_ms: None,
    };
    let most = webhook(8);
    for own in 0..=8 {
        let looked_up = own + key::spare(Some(&webhook(own)), &most).len();
        assert_eq!(looked_up, key::spare(None, &most).len(), "{own}");
    }
}

#[test]
fn codes_of_one_request_have_an_end() {
    let good = STANDARD[2].1;
    let many = |n: usize| format!("{}{good}", "v1,AAAA ".repeat(n));
    let check = |n| {
        let signatures = many(n);
        let headers = with(&STANDARD, "webhook-signature", &signatures);
        check(Standard, &[STANDARD_SECRET], &headers, STANDARD_BODY, AT)
    };
    assert_eq!(check(15), Ok(()));
    assert_eq!(check(16), Err(Refusal::Wrong));
}

#[test]
fn secrets_that_are_no_keys_are_refused() {
    let read = |scheme, text| Key::read(scheme, text).map(|key| key.bytes().to_vec());
    assert_eq!(read(Standard, "whsec_Zm9v"), Ok(b"foo".to_vec()));
    assert_eq!(read(Standard, "Zm9v"), Ok(b"foo".to_vec()));
    assert_eq!(read(Standard, "whsec_no base!"), Err(NoKey::NotBase64));
    assert_eq!(read(Standard, "whsec_"), Err(NoKey::Empty));
    assert_eq!(read(Github, ""), Err(NoKey::Empty));
    assert_eq!(read(Stripe, "whsec_Zm9v"), Ok(b"whsec_Zm9v".to_vec()), "theirs is no Base64");
}

/// A type, a body, and the document or what is wrong with it.
#[test]
fn a_body_is_read_as_its_type_says() {
    let form = "application/x-www-form-urlencoded";
    for (kind, body, document) in [
        (Some("application/json"), r#"{"a":[1]}"#, r#"{"a":[1]}"#),
        (Some("Application/JSON; charset=utf-8"), "1", "1"),
        (Some("application/cloudevents+json"), "{}", "{}"),
        (Some("application/json"), "", "null"),
        (Some("application/json"), "{", "400"),
        (None, r#"{"a":1}"#, r#"{"a":1}"#),
        (None, "plain", r#""plain""#),
        (None, "", "null"),
        (Some(form), "a=1&b=x+y%21&a=2&c", r#"{"a":["1","2"],"b":"x y!","c":""}"#),
        (Some(form), r#"{"a":1}"#, r#"{"{\"a\":1}":""}"#),
        (Some("text/plain"), r#"{"a":1}"#, r#""{\"a\":1}""#),
        // files are nothing that a body could bring
        (Some("multipart/form-data; boundary=x"), "--x--", r#""--x--""#),
    ] {
        let headers =
            sent(&kind.map(|kind| ("content-type", kind)).into_iter().collect::<Vec<_>>());
        let got = document::read(&headers, body.as_bytes());
        let got = got.map_or_else(|_| "400".to_owned(), |value| to_json(&value).to_string());
        assert_eq!(got, document, "{kind:?} {body}");
    }
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    assert!(document::read(&HeaderMap::new(), deep.as_bytes()).is_err());
    assert!(document::read(&HeaderMap::new(), b"\xff").is_err());
}

#[test]
fn headers_that_prove_who_somebody_is_are_not_told() {
    let map = headers::map(&sent(&[
        ("X-GitHub-Event", "push"),
        ("X-Hub-Signature-256", "sha256=00"),
        ("Authorization", "Bearer x"),
        ("Proxy-Authorization", "Basic x"),
        ("Cookie", "a=b"),
        ("Stripe-Signature", "t=1"),
        ("webhook-signature", "v1,x"),
        ("X-Gitlab-Token", "x"),
        ("X-Api-Key", "x"),
        ("X-Auth-Token", "x"),
        ("X-Auth-Key", "x"),
        ("X-WebAuth-User", "x"),
        ("WWW-Authenticate", "x"),
        ("Cf-Access-Jwt-Assertion", "x"),
        ("X-Goog-Iap-Jwt-Assertion", "x"),
        ("X-Amzn-Oidc-Data", "x"),
        ("X-Session-Id", "x"),
        ("X-Functions-Key", "x"),
        ("Ocp-Apim-Subscription-Key", "x"),
        ("X-Shopify-Hmac-Sha256", "x"),
        ("DPoP", "x"),
        ("Accept", "a"),
        ("Accept", "b"),
        ("Idempotency-Key", "k"),
        ("X-Event-Key", "repo:push"),
        ("X-Author", "jane"),
        ("X-GitHub-Hook-ID", "1"),
    ]));
    let told = r#"{"accept":"a, b","idempotency-key":"k","x-author":"jane","x-event-key":"repo:push","x-github-event":"push","x-github-hook-id":"1"}"#;
    assert_eq!(Value::from(map).to_string(), told);
}

#[test]
fn what_proves_who_somebody_is_is_not_told_of_a_query_either() {
    let query = |encoded| Value::from(headers::query(encoded)).to_string();
    let plain = "a=1&a=2&author=jane&monkey=x&page=2&idempotency_key=k";
    let told = r#"{"a":["1","2"],"author":"jane","idempotency_key":"k","monkey":"x","page":"2"}"#;
    assert_eq!(query(plain), told);
    for secret in [
        "token=x",
        "TOKEN=x",
        "to%6ben=x",
        "access_token=x",
        "accessToken=x",
        "key=x",
        "api_key=x",
        "apiKey=x",
        "sig=x",
        "signature=x",
        "auth=x",
        "authorization=x",
        "session=x",
        "password=x",
        "pwd=x",
        "client_secret=x",
        "token=x&token=y",
        "user[token]=x",
    ] {
        assert_eq!(query(secret), "{}", "{secret}");
    }
}

#[test]
fn what_is_sent_again_is_known_again_however_it_is_written() {
    let id = |scheme, headers: &[(&str, &str)], body: &str| {
        replay::id(scheme, &sent(headers), body.as_bytes())
    };
    let known = id(Standard, &STANDARD, "");
    assert_eq!(known.as_deref(), Some("standard:msg_p5jXN8AQM9LWM0D4loKWxJek"));
    let lower = id(Github, &[GITHUB], GITHUB_BODY).unwrap();
    let upper = GITHUB.1.to_uppercase().replace("SHA256", "sha256");
    assert_eq!(id(Github, &[(GITHUB.0, &upper)], GITHUB_BODY).unwrap(), lower);
    assert!(lower.starts_with("github:757107ea"));
    let delivery = [GITHUB, ("X-GitHub-Delivery", "another")];
    assert_eq!(id(Github, &delivery, GITHUB_BODY).unwrap(), lower, "that is not signed");
    let stripe = [("Stripe-Signature", "t=5,v1=00")];
    assert_eq!(id(Stripe, &stripe, STRIPE_BODY).as_deref(), Some("stripe:evt_1"));
    let typed = [("Stripe-Signature", "t=5,v1=00"), ("Content-Type", "text/plain")];
    assert_eq!(id(Stripe, &typed, STRIPE_BODY).as_deref(), Some("stripe:evt_1"), "nobody signs it");
    let unnamed = id(Stripe, &stripe, r#"{"id":""}"#).unwrap();
    assert!(unnamed.starts_with("stripe:5."), "all that have no name are not one: {unnamed}");
    let deep = format!(r#"{{"id":"evt_1","deep":{}{}}}"#, "[".repeat(100), "]".repeat(100));
    let deep = [id(Stripe, &stripe, &deep), id(Stripe, &typed, &deep)];
    assert!(deep[0] == deep[1] && deep[0].as_ref().unwrap().starts_with("stripe:5."), "{deep:?}");
    let exchanged = [("Stripe-Signature", "v1=00,t=5,v1=01")];
    let without = id(Stripe, &stripe, "{}").unwrap();
    assert!(without.starts_with("stripe:5."));
    assert_eq!(id(Stripe, &exchanged, "{}").unwrap(), without);
    let both = [("Idempotency-Key", "k"), ("X-Gitlab-Event-UUID", "u")];
    assert_eq!(id(Gitlab, &both, "").as_deref(), Some("gitlab:k"));
    assert_eq!(id(Gitlab, &both[1..], "").as_deref(), Some("gitlab:u"));
    assert_eq!(id(Unsigned, &both[..1], "").as_deref(), Some("none:k"));
    assert_eq!(id(Unsigned, &[], ""), None);
    let long = "x".repeat(1000);
    let hashed = id(Unsigned, &[("webhook-id", &long)], "").unwrap();
    assert!(hashed.starts_with("none:blake3-") && hashed.len() < 100, "{hashed}");
}
