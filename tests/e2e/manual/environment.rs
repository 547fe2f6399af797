//! Every variable of the environment that a program reads is on its page, and no other.

use super::{section, tags};
use crate::tidy::{Names, names, product_files};

/// Whatever the sources read, and the pages that have it. No page has what only tests set,
/// what a build gives, and what a program tells itself.
const VARIABLES: &[(&str, &[&str])] = &[
    ("RPA_SOCKET", &["rpa.1", "rpa-tui.1", "rpad.8"]),
    ("RPA_HOST", &["rpa.1", "rpa-tui.1"]),
    ("RPA_SSH", &["rpa.1", "rpa-tui.1"]),
    ("RPA_NAMESPACE", &["rpa.1", "rpa-tui.1"]),
    ("RPA_LANG", &["rpa.1", "rpa-tui.1", "rpad.8"]),
    ("RPA_TUI_CONFIG", &["rpa-tui.1"]),
    ("RPAD_CONFIG", &["rpa.1", "rpad.8"]),
    ("RPAD_STATE_DIR", &["rpa.1", "rpad.8"]),
    ("LC_ALL", &["rpa.1", "rpa-tui.1", "rpad.8"]),
    ("LC_MESSAGES", &["rpa.1", "rpa-tui.1", "rpad.8"]),
    ("LC_CTYPE", &["rpa.1", "rpa-tui.1"]),
    ("LANG", &["rpa.1", "rpa-tui.1", "rpad.8"]),
    ("NO_COLOR", &["rpa.1", "rpa-tui.1"]),
    ("TERM", &["rpa.1", "rpa-tui.1"]),
    ("VISUAL", &["rpa-tui.1"]),
    ("EDITOR", &["rpa-tui.1"]),
    ("PAGER", &["rpa-tui.1"]),
    ("TMPDIR", &["rpa-tui.1"]),
    ("SSH_CONNECTION", &["rpa-tui.1"]),
    ("STATE_DIRECTORY", &["rpad.8"]),
    ("RUNTIME_DIRECTORY", &["rpad.8"]),
    ("CREDENTIALS_DIRECTORY", &["rpad.8"]),
    ("LISTEN_FDS", &["rpad.8"]),
    ("LISTEN_PID", &["rpad.8"]),
    ("LISTEN_FDNAMES", &["rpad.8"]),
    ("NOTIFY_SOCKET", &["rpad.8"]),
    ("WATCHDOG_USEC", &["rpad.8"]),
    // those of steps are in rpa-workflow.5, below
    ("RPA_WORKFLOW", &[]),
    ("RPA_RUN_ID", &[]),
    ("RPA_STEP", &[]),
    ("RPA_ATTEMPT", &[]),
    ("RPA_IDEMPOTENCY_KEY", &[]),
    // what the console says to the ssh that it starts
    ("SSH_ASKPASS_REQUIRE", &[]),
    // what a completion script asks with
    ("RPA_COMPLETE", &[]),
    // of builds and tests
    ("CARGO_PKG_VERSION", &[]),
    ("RPA_SEED", &[]),
    ("RPA_SEEDS", &[]),
    ("RPA_MINUTES", &[]),
    ("FAILPOINT_CLOCK", &[]),
    // of the runtime of the daemon: it decides itself unless it is set
    ("TOKIO_WORKER_THREADS", &[]),
    // what the runner and steps are given of the daemon's own
    ("SSL_CERT_FILE", &[]),
    ("SSL_CERT_DIR", &[]),
];

/// Words in capitals with an underline, and those with our prefix, in quotes.
fn in_source() -> Names {
    let mut found = Names::new();
    for (_, text) in product_files() {
        for word in text.split('"') {
            let capitals = |c: char| c.is_ascii_uppercase() || c == '_';
            let ours = word.chars().all(capitals) && word.contains('_');
            if ours && word.len() > 3 && !word.ends_with('_') && !word.starts_with('_') {
                found.insert(word.to_owned());
            }
        }
    }
    found
}

#[test]
fn every_variable_that_is_read_has_its_page() {
    let known = names(VARIABLES.iter().map(|(name, _)| *name));
    let unknown: Vec<String> = in_source().difference(&known).cloned().collect();
    assert!(unknown.is_empty(), "not in the table of this test: {unknown:?}");
    let source: String = product_files().into_iter().map(|(_, text)| text).collect();
    // this one by the library of the protocol
    for (name, _) in VARIABLES.iter().filter(|(name, _)| *name != "WATCHDOG_USEC") {
        assert!(source.contains(name), "nothing reads {name}");
    }
    for page in ["rpa.1", "rpa-tui.1", "rpad.8"] {
        let documented = tags(&section(page, "ENVIRONMENT"));
        // any setting
        let documented = names(documented.iter().filter(|name| !matches!(&***name, "RPAD_" | "_")));
        let wanted = VARIABLES.iter().filter(|(_, pages)| pages.contains(&page));
        assert_eq!(documented, names(wanted.map(|(name, _)| *name)), "{page}");
    }
}

/// What a step finds in its environment.
#[test]
fn every_variable_of_a_step_is_in_the_manual() {
    let text = crate::tidy::read("man/rpa-workflow.5");
    for name in ["RPA_WORKFLOW", "RPA_RUN_ID", "RPA_STEP", "RPA_ATTEMPT", "RPA_IDEMPOTENCY_KEY"] {
        assert!(text.contains(&format!("\\fB{name}\\fR")), "{name}");
    }
}
