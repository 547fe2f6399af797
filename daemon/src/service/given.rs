//! Sockets that whoever starts the daemon has opened for it: systemd's `.socket` units,
//! or any other launcher that speaks the same (`sd_listen_fds(3)`).
//!
//! They stay open while the daemon restarts, so that who connects meanwhile waits. They
//! come as descriptors from 3 on, with names in `LISTEN_FDNAMES`; each is looked at before
//! it is used, because a mistake there would answer the wrong people.
//!
//! | name | what is served there | family |
//! |---|---|---|
//! | `rpad` | calls of `rpa` and `rpa-tui` | Unix |
//! | `http` | webhooks | Unix, or addresses |

use std::io;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;

use listenfd::ListenFd;
use rpa_ipc::fault::{count, quoted};
use rpa_ipc::{Fault, FaultCode, fault};
use rustix::net::sockopt::socket_acceptconn;

const CALLS: &str = "rpad";
const HTTP: &str = "http";
/// More than anybody has a use for.
const MOST: usize = 64;

/// What was handed over; nothing, most often.
#[derive(Debug, Default)]
pub struct Given {
    pub calls: Option<UnixListener>,
    pub http: Option<UnixListener>,
    pub http_network: Vec<TcpListener>,
}

impl Given {
    /// Takes them out of the environment. To be called once, while there is one thread:
    /// the variables are removed.
    pub fn take() -> Result<Given, Fault> {
        let number = |name| std::env::var(name).ok().and_then(|n| n.parse::<usize>().ok());
        // those of a process that has started this one are none of ours; the library would
        // take them where nobody is named
        if number("LISTEN_PID") != Some(std::process::id() as usize) {
            return Ok(Given::default());
        }
        if number("LISTEN_FDS").is_some_and(|count| count > MOST) {
            return Err(fault!(FaultCode::Activation, "given-many", most = count(MOST)));
        }
        let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
        Given::sort(ListenFd::from_env(), &names)
    }

    fn sort(mut descriptors: ListenFd, names: &str) -> Result<Given, Fault> {
        let mut given = Given::default();
        let mut names = names.split(':');
        for index in 0..descriptors.len() {
            let name = names.next().unwrap_or_default();
            match name {
                CALLS => {
                    let listener = unix(&mut descriptors, index, name)?;
                    if given.calls.replace(listener).is_some() {
                        return Err(fault!(FaultCode::Activation, "given-twice", name = name));
                    }
                }
                HTTP => match descriptors.take_tcp_listener(index) {
                    Ok(Some(listener)) => {
                        must_listen(socket_acceptconn(&listener), name)?;
                        given.http_network.push(listener);
                    }
                    Ok(None) | Err(_) => {
                        let listener = unix(&mut descriptors, index, name)?;
                        if given.http.replace(listener).is_some() {
                            return Err(fault!(FaultCode::Activation, "given-twice", name = name));
                        }
                    }
                },
                "" => return Err(fault!(FaultCode::Activation, "given-nameless")),
                other => {
                    let name = quoted(other);
                    return Err(fault!(FaultCode::Activation, "given-name", name = name));
                }
            }
        }
        Ok(given)
    }
}

fn unix(descriptors: &mut ListenFd, index: usize, name: &str) -> Result<UnixListener, Fault> {
    let taken = descriptors.take_unix_listener(index);
    let missing = || io::Error::from(io::ErrorKind::NotFound);
    let listener = taken.and_then(|listener| listener.ok_or_else(missing));
    let listener = listener
        .map_err(|e| fault!(FaultCode::Activation, "given-unusable", name = name, error = e))?;
    must_listen(socket_acceptconn(&listener), name)?;
    Ok(listener)
}

fn must_listen(listens: rustix::io::Result<bool>, name: &str) -> Result<(), Fault> {
    match listens {
        Ok(true) => Ok(()),
        Ok(false) => Err(fault!(FaultCode::Activation, "given-deaf", name = name)),
        Err(error) => {
            Err(fault!(FaultCode::Activation, "given-unusable", name = name, error = error))
        }
    }
}
