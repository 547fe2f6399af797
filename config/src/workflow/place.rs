//! Where an expression stands, and what may be named there.

use super::sees::Sees;

/// The places of a workflow file that take expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Condition,
    Env,
    /// An input of a task that acts outside.
    Input,
    /// An input of a pure task: it runs in the daemon, and its output is kept.
    PureInput,
    /// An input that is stored and shown: what an event carries.
    KeptInput,
    /// A pure input that is evaluated for each item.
    PerItem,
    Set,
    /// The `vars` of a step, which do not see each other. Where they are read decides what
    /// may be secret in them.
    Local,
    Wait,
    /// The `match` of a wait: asked of each event.
    Match,
    /// The variables of a workflow that is called.
    CallWith,
    /// What an approval shows: its message and `show`.
    Approval,
    Approvers,
    /// The name of a lock.
    Lock,
    /// The `key` of `concurrency`: evaluated before anything of the run has begun.
    ConcurrencyKey,
    /// An expression of a trigger: evaluated before there is a run.
    Trigger(Sees),
    /// What `for_each` goes over.
    Items,
    Switch,
    While,
    /// Of `repeat`: asked after a turn, so that it sees the turn's steps.
    Until,
    StepOutput,
    /// The `outputs` of a step with steps in it, which it is computed from.
    BodyOutput,
    RunOutput,
}

impl Place {
    /// Whether `secrets` and variables that hold one may be named: only where
    /// the value goes to a runner, or to a variable that stays sealed.
    pub(crate) fn takes_secrets(self) -> bool {
        match self {
            Place::Env | Place::Input | Place::Set | Place::Local | Place::CallWith => true,
            Place::Condition
            | Place::PureInput
            | Place::KeptInput
            | Place::PerItem
            | Place::Wait
            | Place::Match
            | Place::Approval
            | Place::Approvers
            | Place::Lock
            | Place::ConcurrencyKey
            | Place::Trigger(_)
            | Place::Items
            | Place::Switch
            | Place::While
            | Place::Until
            | Place::StepOutput
            | Place::BodyOutput
            | Place::RunOutput => false,
        }
    }

    /// What to do with a secret that cannot be used there.
    pub(crate) fn instead_of_a_secret(self) -> &'static str {
        match self {
            Place::Match
            | Place::KeptInput
            | Place::Approval
            | Place::Approvers
            | Place::Lock
            | Place::ConcurrencyKey
            | Place::Trigger(_) => "it would be stored and shown to people: write what may be seen",
            Place::Condition
            | Place::Env
            | Place::Input
            | Place::PureInput
            | Place::PerItem
            | Place::Set
            | Place::Local
            | Place::CallWith
            | Place::Wait
            | Place::Items
            | Place::Switch
            | Place::While
            | Place::Until
            | Place::StepOutput
            | Place::BodyOutput
            | Place::RunOutput => {
                "a secret goes to `env`, to the `with` of a task that acts outside, or to `set`"
            }
        }
    }

    /// Whether it is evaluated over the steps inside of its own step.
    pub(crate) fn sees_body(self) -> bool {
        matches!(self, Place::Until | Place::BodyOutput)
    }

    /// Whether it is evaluated for each turn of its own step, when that is a loop.
    pub(crate) fn in_own_loop(self) -> bool {
        self.sees_body() || self == Place::While
    }

    /// For messages.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Place::Condition => "`if`",
            Place::Env => "`env`",
            Place::Input | Place::CallWith => "`with`",
            Place::PureInput | Place::PerItem => "the input of a pure task",
            Place::KeptInput => "what an event carries",
            Place::Set => "`set`",
            Place::Local => "the `vars` of a step",
            Place::Wait => "`wait`",
            Place::Match => "`match`",
            Place::Approval => "what an approval shows",
            Place::Approvers => "`approvers`",
            Place::Lock => "the name of a lock",
            Place::ConcurrencyKey => "the `key` of `concurrency`",
            Place::Trigger(sees) => sees.key.words(),
            Place::Items => "`for_each`",
            Place::Switch => "`switch`",
            Place::While => "`while`",
            Place::Until => "`until`",
            Place::StepOutput | Place::BodyOutput => "a step's `outputs`",
            Place::RunOutput => "the run's `outputs`",
        }
    }
}
