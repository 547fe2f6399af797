//! The one place where what happened becomes a message and an exit code.

use std::ffi::OsString;
use std::io;

use rpa_ipc::fault::plain;
use rpa_ipc::{Fault, FaultCode, Language, fault, said};

use super::exit::{Exit, Failure};
use super::json;
use super::output;
use super::screen::Screen;
use super::session::Session;
use super::text::{Line, Look, Style};

/// The end of the program, after a command was run.
pub fn end(ended: Result<Exit, Failure>, session: &mut Session) -> Exit {
    let ended = ended.and_then(|exit| session.out.flush().map(|()| exit));
    let failure = match ended {
        Ok(exit) => return exit,
        Err(failure) => failure,
    };
    if matches!(failure, Failure::Fault(_)) {
        // what was said before comes before the error; the error is the news
        let _ = session.out.flush();
    }
    match failure {
        Failure::Fault(fault) if session.json => document(&fault, &mut session.out),
        Failure::Fault(fault) => text(&fault, &mut session.err),
        Failure::Output(error) => output(&error, &mut session.err),
    }
}

/// A command line that clap refused, or help and version, which it calls errors.
pub fn usage(error: &clap::Error, words: impl Iterator<Item = OsString>) -> Exit {
    if error.use_stderr() && asks_for_json(words) {
        return document(&usage_fault(error), &mut Screen::stdout());
    }
    match error.print() {
        Ok(()) => Exit(u8::try_from(error.exit_code()).unwrap_or(2)),
        Err(e) => output(&e, &mut Screen::stderr()),
    }
}

/// A fault that ended the console before there was anything to show; in the language
/// of the environment unless another one was asked for.
pub fn fault(fault: &Fault, language: Option<Language>) -> Exit {
    let mut err = Screen::stderr();
    err.look.language = language.unwrap_or(err.look.language);
    text(fault, &mut err)
}

/// Characters of a panic's text that are shown.
const PANIC: usize = 300;

/// A panic is a bug: named as such, with its exit code, and without a backtrace
/// in the face of somebody who only wanted to see a run.
pub fn panics_are_faults() {
    std::panic::set_hook(Box::new(|info| {
        // where it was, and the beginning of what it said: values stay out of it
        let said: String = info.to_string().chars().take(PANIC).collect();
        let fault = fault!(FaultCode::Internal, "bug-in-rpa", panic = said)
            .hint(said!("hint-report-command"));
        let exit = text(&fault, &mut Screen::stderr());
        std::process::exit(i32::from(exit.0));
    }));
}

/// `error[RPA0101]: message`, the facts, the hint, and where to read on.
pub fn lines(fault: &Fault, look: &Look) -> Vec<Line> {
    let language = look.language;
    let said = fault.message_in(language);
    let mut message = said.lines();
    let first = message.next().unwrap_or_default();
    let mut lines = vec![headline(language, &fault.code.to_string(), first)];
    lines.extend(message.map(|more| Line::of("  ").plain(more)));
    for (name, value) in fault.context_in(language) {
        lines.push(Line::new().push(Style::Dim, format!("  {name}: ")).plain(value));
    }
    lines.push(remark(language, "label-hint", look.calls.prose(&fault.hint_in(language))));
    lines.push(remark(language, "label-see", format!("rpa explain {}", fault.code)));
    lines
}

/// `error[CODE]: message`
pub fn headline(language: Language, code: &str, message: impl AsRef<str>) -> Line {
    let label = plain(language, "label-error").unwrap_or_default();
    Line::new().push(Style::Bad, format!("{label}[{code}]")).plain(": ").plain(message)
}

/// `  hint: text`, with the label by its id.
pub fn remark(language: Language, label: &str, text: impl AsRef<str>) -> Line {
    let label = plain(language, label).unwrap_or_default();
    Line::new().push(Style::Dim, format!("  {label}: ")).plain(text)
}

fn text(fault: &Fault, err: &mut Screen) -> Exit {
    // if standard error is closed as well, the exit code still says it
    let _ = err.lines(lines(fault, &err.look)).and_then(|()| err.flush());
    Exit(fault.code.exit())
}

fn document(fault: &Fault, out: &mut Screen) -> Exit {
    let written = out.document(&json::ErrorDocument::of(fault)).and_then(|()| out.flush());
    match written {
        Err(Failure::Output(e)) => output(&e, &mut Screen::stderr()),
        Ok(()) | Err(Failure::Fault(_)) => Exit(fault.code.exit()),
    }
}

fn output(error: &io::Error, err: &mut Screen) -> Exit {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Exit::PIPE;
    }
    text(&fault!(FaultCode::Io, "output-failed", error = error), err)
}

fn asks_for_json(words: impl Iterator<Item = OsString>) -> bool {
    let words: Vec<OsString> = words.take_while(|word| word != "--").collect();
    let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    words.contains(&"--json") || output::asks_for_json(&words)
}

fn usage_fault(error: &clap::Error) -> Fault {
    use clap::error::ErrorKind;
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return fault!(FaultCode::Usage, "command-missing");
    }
    let rendered = error.render().to_string();
    let said = rendered.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = said.split_whitespace().skip_while(|word| *word == "error:").collect();
    fault!(FaultCode::Usage, "usage-refused", said = words.join(" "))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::Cli;
    use crate::cli::text::Look;

    fn shown(fault: &Fault, language: Language) -> Vec<String> {
        lines(fault, &Look { language, ..Look::PLAIN })
            .iter()
            .map(|line| line.render(&Look::PLAIN))
            .collect()
    }

    #[test]
    fn an_error_says_what_is_wrong_what_to_do_and_where_to_read_on() {
        let fault = fault!(FaultCode::NoRun, "no-run", id = "\u{1b}[31mffff", namespace = "ops")
            .with("run", "ffff");
        let shown = shown(&fault, Language::English);
        assert_eq!(
            shown,
            [
                "error[RPA0502]: there is no run \"ffff\" in namespace ops",
                "  run: ffff",
                "  hint: see `rpa runs`",
                "  see: rpa explain RPA0502",
            ]
        );
    }

    #[test]
    fn an_error_is_told_in_the_language_of_the_reader() {
        let fault =
            fault!(FaultCode::NoRun, "no-run", id = "ffff", namespace = "ops").with("run", "ffff");
        assert_eq!(
            shown(&fault, Language::Bulgarian),
            [
                "грешка[RPA0502]: няма изпълнение „ffff“ в пространство ops",
                "  изпълнение: ffff",
                "  съвет: вижте `rpa runs`",
                "  вижте: rpa explain RPA0502",
            ]
        );
    }

    #[test]
    fn json_is_seen_before_a_double_dash_only() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert!(asks_for_json(words("rpa runs --nope --json").into_iter()));
        assert!(!asks_for_json(words("rpa check -- --json").into_iter()));
    }

    #[test]
    fn a_usage_error_is_one_sentence() {
        let refused = |line: &str| Cli::try_parse_from(line.split(' ')).expect_err(line);
        let fault = usage_fault(&refused("rpa runs --limit x"));
        assert_eq!(fault.code, FaultCode::Usage);
        assert!(fault.message.starts_with("invalid value 'x' for '--limit <N>'"), "{fault:?}");
        assert!(!fault.message.contains('\n'));
        assert_eq!(usage_fault(&refused("rpa")).message, "a command is missing");
        let missing = usage_fault(&refused("rpa show"));
        assert!(missing.message.contains("<RUN>"), "{missing:?}");
    }
}
