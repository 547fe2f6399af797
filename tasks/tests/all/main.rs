//! The tasks as the daemon's runner uses them: through the registry, with real
//! processes, real files and a real HTTP server.
#![expect(clippy::unwrap_used, reason = "clippy knows test functions, not their helpers")]

mod event;
mod files;
mod http;
mod http_trouble;
mod process;
mod server;
mod shell;
mod shell_output;
mod shell_stop;
mod simple;
mod support;
