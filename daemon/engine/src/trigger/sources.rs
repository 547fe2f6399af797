//! What a trigger hears of other than moments, as a workflow declares it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::actor::is_among;
use crate::name::{EventName, Ident, WorkflowRef};
use crate::run::RunStatus;
use crate::template::Expr;

/// A path of the daemon's HTTP server at which something is delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Below `/hooks/NAMESPACE/`: parts of letters, digits, `-`, `_` and `.`, with `/`
    /// between them.
    pub path: String,
    pub scheme: SignatureScheme,
    /// Names of secrets, of which any may have signed: a new one and the one that it
    /// replaces. None with [`SignatureScheme::None`] alone.
    pub secrets: Vec<Ident>,
    /// A signed moment may be so far away, before or after now.
    pub tolerance_ms: u64,
    /// Bytes of a body.
    pub max_body: u64,
    pub rate: Option<Rate>,
    /// Who sends waits for the end of the run so long, and is given its outputs.
    pub respond_ms: Option<u64>,
}

/// How a sender proves that it knows a secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignatureScheme {
    /// `webhook-id`, `webhook-timestamp` and `webhook-signature` of Standard Webhooks.
    #[default]
    Standard,
    /// `X-Hub-Signature-256`.
    Github,
    /// `X-Gitlab-Token`, which is the secret itself.
    Gitlab,
    /// `Stripe-Signature`.
    Stripe,
    /// Whoever reaches the path is believed.
    None,
}

/// At most so many within so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    pub limit: u32,
    pub per_ms: u64,
}

/// Files that appear, change or go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileWatch {
    /// An absolute path of a directory.
    pub directory: String,
    /// Of paths below the directory; without one all files are meant.
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub recursive: bool,
    pub changes: BTreeSet<FileChange>,
    /// It is told of when it has not changed for so long.
    pub stable_ms: u64,
    /// Files of the same content are the same, whatever their time says.
    pub by_content: bool,
    /// Files that are there when it is armed for the first time are told of as created.
    pub existing: bool,
    /// It looks each so often, and does not ask the kernel to tell.
    pub poll_ms: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FileChange {
    Created,
    Modified,
    Deleted,
}

/// Events of a name that are published in the namespace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    pub event: EventName,
    /// Events for which it gives false are none of its; reads `trigger`.
    pub fits: Option<Expr>,
}

/// Runs of another workflow that have ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    pub workflow: WorkflowRef,
    /// Those that ended so: completed, failed or cancelled.
    pub statuses: Vec<RunStatus>,
    /// Runs for which it gives false are none of its; reads `trigger`.
    pub fits: Option<Expr>,
}

/// A person. Where a workflow declares this, nobody else starts it by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manual {
    /// Users, and groups as `@name`; without one everybody who may use the daemon.
    pub who: Vec<String>,
    /// Variables that the person may give; without a list all.
    pub variables: Option<BTreeSet<Ident>>,
}

impl SignatureScheme {
    pub const ALL: [SignatureScheme; 5] = [
        SignatureScheme::Standard,
        SignatureScheme::Github,
        SignatureScheme::Gitlab,
        SignatureScheme::Stripe,
        SignatureScheme::None,
    ];

    pub fn word(self) -> &'static str {
        match self {
            SignatureScheme::Standard => "standard",
            SignatureScheme::Github => "github",
            SignatureScheme::Gitlab => "gitlab",
            SignatureScheme::Stripe => "stripe",
            SignatureScheme::None => "none",
        }
    }
}

impl FileChange {
    pub const ALL: [FileChange; 3] =
        [FileChange::Created, FileChange::Modified, FileChange::Deleted];

    pub fn word(self) -> &'static str {
        match self {
            FileChange::Created => "created",
            FileChange::Modified => "modified",
            FileChange::Deleted => "deleted",
        }
    }
}

impl Chain {
    /// Whether a run that has ended so may be one of its, before `fits` is asked.
    pub fn is_about(&self, workflow: &WorkflowRef, status: RunStatus) -> bool {
        self.workflow == *workflow && self.statuses.contains(&status)
    }
}

impl Manual {
    /// Whether somebody of these groups is meant.
    pub fn admits(&self, who: &str, groups: &BTreeSet<String>) -> bool {
        is_among(&self.who, who, groups)
    }
}
