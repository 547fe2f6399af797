//! Where an expression stands, and what may be named there.

/// The places of a workflow file that take expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Condition,
    Env,
    /// An input of a task that acts outside.
    Input,
    /// An input of a pure task: it runs in the daemon, and its output is kept.
    PureInput,
    /// A pure input that is evaluated for each item.
    PerItem,
    Set,
    StepOutput,
    RunOutput,
}

impl Place {
    /// Whether `secrets` and variables that hold one may be named: only where
    /// the value goes to a runner, or to a variable that stays sealed.
    pub(crate) fn takes_secrets(self) -> bool {
        match self {
            Place::Env | Place::Input | Place::Set => true,
            Place::Condition
            | Place::PureInput
            | Place::PerItem
            | Place::StepOutput
            | Place::RunOutput => false,
        }
    }

    /// For messages.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Place::Condition => "`if`",
            Place::Env => "`env`",
            Place::Input => "`with`",
            Place::PureInput | Place::PerItem => "the input of a pure task",
            Place::Set => "`set`",
            Place::StepOutput => "a step's `outputs`",
            Place::RunOutput => "the run's `outputs`",
        }
    }
}
