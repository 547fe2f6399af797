//! `webhook` of a trigger: a path at which something is delivered over HTTP.

use rpa_engine::Ident;
use rpa_engine::trigger::{Rate, SignatureScheme, Webhook};

use super::fields::{Fields, Keys, shown};
use super::limits::{
    MAX_GATHER_MS, MAX_RESPOND_MS, MAX_WEBHOOK_BODY, MAX_WEBHOOK_PATH, MAX_WEBHOOK_SECRETS,
    WEBHOOK_RATE,
};
use super::node::{Data, Node};
use super::problem::ProblemCode;
use super::reader::Reader;
use super::schedules::given;

pub(crate) const KEYS: Keys = Keys {
    owner: "`webhook`",
    known: &["path", "verify", "max_body", "rate", "respond"],
    later: &[],
};
pub(crate) const VERIFY_KEYS: Keys =
    Keys { owner: "`verify`", known: &["scheme", "secrets", "tolerance"], later: &[] };
pub(crate) const RATE_KEYS: Keys = Keys { owner: "`rate`", known: &["limit", "per"], later: &[] };

/// So far a signed moment may be away when the file does not say: what the schemes propose.
pub(crate) const TOLERANCE_MS: u64 = 5 * 60_000;
/// Bytes of a body when the file does not say: many times what senders send.
pub(crate) const MAX_BODY: u64 = 256 << 10;

const EXAMPLE: &str =
    "write for example {path: deploys, verify: {scheme: github, secrets: [deploy_key]}}";
const VERIFY: &str = "say which secrets sign: {secrets: [deploy_key]}; or `none`, which believes whoever reaches the path";

/// Who has sent it is known.
struct Verify {
    scheme: SignatureScheme,
    secrets: Vec<Ident>,
    tolerance_ms: u64,
}

impl<'a> Reader<'a> {
    /// Each key is read before one that is wrong ends it, so that all are reported.
    pub(crate) fn webhook(&mut self, node: &'a Node) -> Option<Webhook> {
        let fields = Fields::read(node, &KEYS, &mut self.problems)?;
        let path = fields.require("path", EXAMPLE, &mut self.problems);
        let path = path.and_then(|node| self.webhook_path(node));
        let verify = fields.require("verify", VERIFY, &mut self.problems);
        let verify = verify.and_then(|node| self.verify(node));
        let max_body = fields.get("max_body").map(|node| self.max_body(node));
        let rate = fields.get("rate").map(|node| self.rate(node));
        let respond =
            fields.get("respond").map(|node| self.up_to(node, "`respond`", MAX_RESPOND_MS, "5m"));
        let Verify { scheme, secrets, tolerance_ms } = verify?;
        Some(Webhook {
            path: path?,
            scheme,
            secrets,
            tolerance_ms,
            max_body: given(max_body)?.unwrap_or(MAX_BODY),
            rate: given(rate)?,
            respond_ms: given(respond)?,
        })
    }

    /// Plain parts: what is in a path is not read out of it.
    fn webhook_path(&mut self, node: &'a Node) -> Option<String> {
        let text = self.filled_text(node, "`path`")?;
        if text.len() > MAX_WEBHOOK_PATH {
            let message = format!("`path` is longer than {MAX_WEBHOOK_PATH} bytes");
            self.problems.error(ProblemCode::FileLimit, node.at, message, "shorten it");
            return None;
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        let mut parts = text.split('/');
        let (why, hint) = if text.starts_with('/') || text.ends_with('/') {
            let bare = text.trim_matches('/');
            ("begins or ends with a slash", format!("write {:?}", shown(bare)))
        } else if parts.clone().any(str::is_empty) {
            ("has an empty part", "write one slash between two parts".to_owned())
        } else if let Some(odd) = text.chars().find(|c| !is_plain(*c)) {
            let hint = match odd {
                '{' | '*' | ':' | '<' => {
                    "a webhook has one path; what differs stands in the body or in trigger.query"
                }
                _ => "use letters, digits, -, _ and ., with / between parts",
            };
            ("is not plain", hint.to_owned())
        } else if parts.any(|part| matches!(part, "." | "..")) {
            ("has a part of dots alone", "write it as it is called: deploys/main".to_owned())
        } else {
            return Some(text.to_owned());
        };
        let message = format!("the path {:?} {why}", shown(text));
        self.problems.error(ProblemCode::BadName, node.at, message, hint);
        None
    }

    /// `none`, or a map.
    fn verify(&mut self, node: &'a Node) -> Option<Verify> {
        let none = SignatureScheme::None;
        let unsigned = || Verify { scheme: none, secrets: Vec::new(), tolerance_ms: TOLERANCE_MS };
        match &node.data {
            Data::Map(_) => {}
            Data::Scalar(_) if node.text() == Some(none.word()) => return Some(unsigned()),
            Data::Scalar(_) | Data::List(_) => {
                let is_scheme = |s: &SignatureScheme| node.text() == Some(s.word());
                let hint = match SignatureScheme::ALL.into_iter().find(is_scheme) {
                    Some(scheme) => {
                        format!("write {{scheme: {}, secrets: [deploy_key]}}", scheme.word())
                    }
                    None => VERIFY.to_owned(),
                };
                let message = "`verify` is a map, or `none`";
                self.wrong_type(node.at, message, hint);
                return None;
            }
        }
        let fields = Fields::read(node, &VERIFY_KEYS, &mut self.problems)?;
        let words = SignatureScheme::ALL.map(|scheme| (scheme.word(), scheme));
        let scheme = fields.get("scheme").map(|node| self.choice(node, "`scheme`", &words));
        let secrets = fields.get("secrets").map(|node| self.signing_secrets(node));
        let tolerance = fields
            .get("tolerance")
            .map(|node| self.up_to(node, "`tolerance`", MAX_GATHER_MS, "7d"));
        let scheme = given(scheme)?.unwrap_or_default();
        self.fits_scheme(&fields, scheme);
        Some(Verify {
            scheme,
            secrets: given(secrets)?.unwrap_or_default(),
            tolerance_ms: given(tolerance)?.unwrap_or(TOLERANCE_MS),
        })
    }

    /// What a scheme needs, and what it has no use for.
    fn fits_scheme(&mut self, fields: &Fields<'a>, scheme: SignatureScheme) {
        let word = scheme.word();
        let is_signed = scheme != SignatureScheme::None;
        match fields.entry("secrets") {
            Some(entry) if !is_signed => {
                let message = "`secrets` means nothing with `scheme: none`";
                let hint = "take it out, or write the scheme by which they sign";
                self.wrong_type(entry.key_at, message, hint);
            }
            None if is_signed => {
                let message = format!("the scheme {word} needs `secrets`");
                let hint = "add `secrets: [NAME]`: the names of the secrets that may sign";
                self.problems.error(ProblemCode::MissingKey, fields.at, message, hint);
            }
            Some(_) | None => {}
        }
        let signs_moments = matches!(scheme, SignatureScheme::Standard | SignatureScheme::Stripe);
        if let (Some(entry), false) = (fields.entry("tolerance"), signs_moments) {
            let message = format!("`tolerance` does nothing with `scheme: {word}`");
            let hint = "take it out: only standard and stripe sign the moment as well";
            self.problems.warning(ProblemCode::WrongType, entry.key_at, message, hint);
        }
    }

    /// One or a list. What is no name is not repeated: it may be the secret itself.
    fn signing_secrets(&mut self, node: &'a Node) -> Option<Vec<Ident>> {
        let items = match &node.data {
            Data::List(items) => &items[..],
            Data::Scalar(_) | Data::Map(_) => std::slice::from_ref(node),
        };
        if items.is_empty() {
            let hint = "name the secrets that may sign, or write `verify: none`";
            self.problems.error(ProblemCode::MissingKey, node.at, "`secrets` is empty", hint);
            return None;
        }
        if let Some(item) = items.get(MAX_WEBHOOK_SECRETS) {
            let message = format!("more than {MAX_WEBHOOK_SECRETS} secrets");
            let hint = "take those out that nobody signs with any more";
            self.problems.error(ProblemCode::FileLimit, item.at, message, hint);
            return None;
        }
        let mut names = Vec::new();
        for item in items {
            let Some(name) = item.text().and_then(|text| text.parse::<Ident>().ok()) else {
                let message = "`secrets` has names of secrets, not their values";
                let hint = "store the value under a name such as deploy_key and write that name";
                self.problems.error(ProblemCode::LiteralSecret, item.at, message, hint);
                continue;
            };
            if names.contains(&name) {
                let message = format!("the secret `{name}` is named twice");
                let hint = "keep one of the two";
                self.problems.error(ProblemCode::Duplicate, item.at, message, hint);
            }
            names.push(name);
        }
        Some(names)
    }

    fn max_body(&mut self, node: &'a Node) -> Option<u64> {
        let bytes = self.size(node, "`max_body`")?;
        let (why, hint) = match bytes {
            0 => ("of nothing", "write more than 0"),
            1..=MAX_WEBHOOK_BODY => return Some(bytes),
            _ => ("is more than 1MiB", "write at most 1MiB: what is larger is fetched by a step"),
        };
        let code = if bytes == 0 { ProblemCode::WrongType } else { ProblemCode::FileLimit };
        self.problems.error(code, node.at, format!("`max_body` {why}"), hint);
        None
    }

    fn rate(&mut self, node: &'a Node) -> Option<Rate> {
        let example = "write for example {limit: 100, per: 1m}";
        let fields = Fields::read(node, &RATE_KEYS, &mut self.problems)?;
        let limit = fields.require("limit", example, &mut self.problems);
        let limit = limit.and_then(|node| self.count(node, "`limit`", &WEBHOOK_RATE));
        let per = fields.require("per", example, &mut self.problems);
        let per_ms = per.and_then(|node| self.up_to(node, "`per`", MAX_GATHER_MS, "7d"));
        Some(Rate { limit: limit?, per_ms: per_ms? })
    }
}
