//! What a command's exit means.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rpa_engine::{ErrorClass, Value};

use super::pump::Captured;
use crate::context::Ended;
use crate::fail::{self, code};
use crate::text;

/// Most bytes of the last line of standard error in the message.
const QUOTE: usize = 200;

/// Exit code 0 is success; everything else fails, with the output kept.
pub(super) fn result(status: ExitStatus, out: Captured, err: Captured) -> Result<Value, Ended> {
    // as shells count: 128 + signal
    let exit_code = status.code().or(status.signal().map(|s| 128 + s)).unwrap_or(-1);
    let message = message(status, &err.last_line);
    let output = Value::from([
        ("stdout", Value::Text(out.text)),
        ("stderr", Value::Text(err.text)),
        ("exit_code", Value::Int(exit_code.into())),
        ("truncated", Value::Bool(out.truncated || err.truncated)),
    ]);
    if exit_code == 0 {
        return Ok(output);
    }
    let error = fail::error(ErrorClass::Exit(exit_code), code::EXIT, message);
    Err(Ended::Failed { error, output })
}

fn message(status: ExitStatus, last_line: &str) -> String {
    let mut message = match (status.code(), status.signal()) {
        (Some(code), _) => format!("exited with {code}"),
        (None, Some(signal)) => match signal_name(signal) {
            Some(name) => format!("ended by signal {signal} ({name})"),
            None => format!("ended by signal {signal}"),
        },
        (None, None) => "ended in an unknown way".to_owned(),
    };
    let mut quote = last_line.trim().to_owned();
    if text::cut(&mut quote, QUOTE) {
        quote.push('…');
    }
    if !quote.is_empty() {
        message.push_str(": ");
        message.push_str(&quote);
    }
    message
}

/// The signals that end commands in practice; others go by number.
fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        1 => "HUP",
        2 => "INT",
        3 => "QUIT",
        4 => "ILL",
        6 => "ABRT",
        7 => "BUS",
        8 => "FPE",
        9 => "KILL",
        11 => "SEGV",
        13 => "PIPE",
        14 => "ALRM",
        15 => "TERM",
        24 => "XCPU",
        25 => "XFSZ",
        31 => "SYS",
        _ => return None,
    })
}
