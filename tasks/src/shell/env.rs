//! The environment of a step's command: nothing but what is named here.

use crate::context::{Context, Ended};
use crate::fail;
use crate::process::{DEFAULT_PATH, Environment};

/// The variables inherited from the daemon, then the step's `env:`
/// over them, then the `RPA_*` variables over both. `PATH` is always set.
pub(super) fn environment(ctx: &Context) -> Result<Environment, Ended> {
    let mut env = Environment::new();
    env.insert("PATH".into(), DEFAULT_PATH.into());
    for (name, value) in ctx.inherited.iter() {
        env.insert(name.into(), value.clone());
    }
    for (name, value) in &ctx.env {
        check(name, value)?;
        env.insert(name.into(), value.into());
    }
    for (name, value) in ctx.tag().variables() {
        env.insert(name.into(), value.into());
    }
    env.insert("RPA_WORKFLOW".into(), ctx.workflow.to_string().into());
    Ok(env)
}

/// Shells drop variables whose names they cannot write: better refused than
/// missing. The value may be a secret and is never named.
fn check(name: &str, value: &str) -> Result<(), Ended> {
    let mut bytes = name.bytes();
    let head = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    let why = if !head || !bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        "is not a variable name ([A-Za-z_][A-Za-z0-9_]*)"
    } else if value.contains('\0') {
        "holds a NUL character, which no environment can"
    } else {
        return Ok(());
    };
    Err(Ended::NeverStarted(fail::input(format!("env.{}: {why}", name.escape_debug()))))
}
