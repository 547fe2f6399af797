//! The console over there, on the terminal here.

use std::env;
use std::os::unix::process::CommandExt;

use rpa_ipc::Fault;

use super::Host;
use super::ssh::{self, Terminal};

/// Becomes `ssh -t HOST rpa-tui OPTIONS`; comes back only with a fault. `NO_COLOR` goes
/// along; ssh itself takes `TERM` and the size.
pub fn console(host: &Host, options: Vec<String>) -> Fault {
    let line = ssh::line(environment().into_iter().chain(["rpa-tui".to_owned()]).chain(options));
    match ssh::command(host, Terminal::With, &line) {
        Ok(mut command) => {
            let error = command.exec();
            ssh::not_started(&command, &error)
        }
        Err(fault) => fault,
    }
}

/// `env` and what a command over there is to have of the environment here. A host that
/// is named over there would send it on.
pub(super) fn environment() -> Vec<String> {
    let mut words = vec!["env".to_owned(), "RPA_HOST=".to_owned()];
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    words.extend(set("NO_COLOR").then(|| "NO_COLOR=1".to_owned()));
    words
}
