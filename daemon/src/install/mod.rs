//! `rpad install`: puts the units for systemd in place, and takes them away.
//!
//! They are the files that packages have (`packaging/`), with the path of this program.
//! Nothing is started or enabled: what to do next is printed. What a person has changed
//! is kept, see [`place`].

mod files;
mod place;

use std::path::{Path, PathBuf};

use rpa_config::paths::UserDirs;
use rpa_ipc::fault::{Said, say};
use rpa_ipc::{Fault, FaultCode, Language, fault, said};

use self::files::{Scope, UNITS};
use self::place::{Changed, Placed, place, remove};

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub scope: Scope,
    /// Everything is below this directory rather than below `/`.
    pub root: Option<PathBuf>,
    pub changed: Changed,
    pub is_dry: bool,
}

impl Wanted {
    pub fn new(args: &crate::args::Install) -> Wanted {
        Wanted {
            scope: if args.user { Scope::User } else { Scope::System },
            root: args.root.clone(),
            changed: if args.force { Changed::Replace } else { Changed::Keep },
            is_dry: args.dry_run,
        }
    }

    /// Where files of the scope lie.
    fn base(&self) -> Result<PathBuf, Fault> {
        let base = match self.scope {
            Scope::System => PathBuf::from("/etc"),
            Scope::User => UserDirs::detect()
                .config
                .ok_or_else(|| fault!(FaultCode::Usage, "no-home", what = "settings"))?,
        };
        Ok(match &self.root {
            Some(root) => root.join(base.strip_prefix("/").unwrap_or(&base)),
            None => base,
        })
    }

    fn advice(&self) -> Said {
        match self.scope {
            Scope::System => said!("hint-install-root"),
            Scope::User => said!("hint-install-own"),
        }
    }
}

/// Writes the units and the settings, a line for each file, and says what comes next.
pub fn install(wanted: &Wanted) -> Result<(), Fault> {
    let program = program(wanted)?;
    let base = wanted.base()?;
    let mut any_new = false;
    let mut any = false;
    for file in files::of(wanted.scope) {
        let path = base.join(file.path);
        let text = file.text(&program);
        let placed = place(&path, &text, file.once, wanted.changed, wanted.is_dry)
            .map_err(|fault| fault.hint(wanted.advice()))?;
        print(&placed.said(&path));
        any_new |= matches!(placed, Placed::New);
        any |= !matches!(placed, Placed::Same | Placed::Kept(_));
    }
    if wanted.is_dry {
        print(&said!("install-dry"));
        return Ok(());
    }
    let packaged = Path::new("/usr/lib/systemd/system/rpad.service");
    if wanted.scope == Scope::System && wanted.root.is_none() && packaged.exists() {
        print(&said!("install-shadows", path = "/usr/lib/systemd/system"));
    }
    let units = UNITS.join(" ");
    let next = match (wanted.scope, any_new, any) {
        _ if wanted.root.is_some() => Vec::new(),
        (_, _, false) => Vec::new(),
        (Scope::System, true, _) => vec![
            "systemd-sysusers rpad.conf && systemd-tmpfiles --create rpad.conf".to_owned(),
            "systemctl daemon-reload".to_owned(),
            format!("systemctl enable --now {units}"),
            "usermod -aG rpad YOU      # you may use rpa, after a new login".to_owned(),
        ],
        (Scope::System, false, _) => {
            vec!["systemctl daemon-reload && systemctl restart rpad.service".to_owned()]
        }
        (Scope::User, true, _) => vec![
            "systemctl --user daemon-reload".to_owned(),
            format!("systemctl --user enable --now {units}"),
            "loginctl enable-linger    # it goes on when you have logged out".to_owned(),
        ],
        (Scope::User, false, _) => vec![
            "systemctl --user daemon-reload && systemctl --user restart rpad.service".to_owned(),
        ],
    };
    print_next(&next);
    Ok(())
}

/// Removes what [`install`] has written, but for settings.
pub fn uninstall(wanted: &Wanted) -> Result<(), Fault> {
    let base = wanted.base()?;
    let mut any = false;
    for file in files::of(wanted.scope).filter(|file| !file.once) {
        let path = base.join(file.path);
        let gone = remove(&path, wanted.changed, wanted.is_dry)
            .map_err(|fault| fault.hint(wanted.advice()))?;
        if let Some(gone) = gone {
            print(&gone.said(&path));
            any = true;
        }
    }
    for (link, unit) in files::links(wanted.scope) {
        let (path, unit) = (base.join(link), base.join(unit));
        // a link to a unit that is gone is what `systemctl enable` has left
        if path.is_symlink() && !unit.exists() && !wanted.is_dry {
            let removed = std::fs::remove_file(&path);
            let shown = path.display();
            removed.map_err(|e| {
                fault!(FaultCode::Io, "install-unremoved", path = shown, error = e)
                    .hint(wanted.advice())
            })?;
            print(&said!("install-gone", path = shown));
        }
    }
    if wanted.is_dry {
        print(&said!("install-dry"));
        return Ok(());
    }
    print(&match wanted.scope {
        Scope::System => said!("install-what-stays"),
        Scope::User => said!("install-what-stays-user"),
    });
    let manager = match wanted.scope {
        Scope::System => "systemctl",
        Scope::User => "systemctl --user",
    };
    if any && wanted.root.is_none() {
        let units = UNITS.join(" ");
        print_next(&[format!("{manager} stop {units}"), format!("{manager} daemon-reload")]);
    }
    Ok(())
}

/// The program that the units start.
fn program(wanted: &Wanted) -> Result<PathBuf, Fault> {
    let own = std::env::current_exe();
    let own = own
        .map_err(|e| fault!(FaultCode::Io, "install-unread", path = "/proc/self/exe", error = e))?;
    let program = match &wanted.root {
        // of an image: where it will be there
        Some(root) => match own.strip_prefix(root) {
            Ok(inside) => Path::new("/").join(inside),
            Err(_) => PathBuf::from(files::PROGRAM),
        },
        None => own,
    };
    let shown = program.display();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if !program.to_str().is_some_and(|path| path.chars().all(plain)) {
        return Err(fault!(FaultCode::Usage, "install-unnameable", path = shown)
            .hint(said!("hint-install-unnameable")));
    }
    let hidden = ["/home", "/root", "/run/user", "/tmp", "/var/tmp"];
    if wanted.scope == Scope::System && hidden.iter().any(|dir| program.starts_with(dir)) {
        return Err(fault!(FaultCode::Usage, "install-private", path = shown)
            .hint(said!("hint-install-private")));
    }
    Ok(program)
}

fn print_next(commands: &[String]) {
    if !commands.is_empty() {
        print(&said!("install-next"));
    }
    for command in commands {
        println!("  {command}");
    }
}

fn print(said: &Said) {
    let language = Language::of_environment(|name| std::env::var(name).ok());
    println!("{}", say(language, said).unwrap_or_default());
}
